// Records → the text of one group. Rows are sorted into tables as they come; a value that has not
// changed since the entity's last row becomes an empty line.

import CLZ4
import Values
import WAL

/// A value as the group holds it: bytes in the encoder's store.
private struct Stored {
    var offset: Int
    var count: Int
    static let none = Stored(offset: -1, count: 0)
}

/// One table of the group under construction.
private final class TableWriter {
    /// `NAME FORM`, the start of the table's line.
    let title: [UInt8]
    let key: Int?
    var columns: [[UInt8]]
    var rowCount = 0
    private var keys = KeyTable()
    /// Last value of each column for each slot, row-major.
    private var last: [Stored] = []
    private var lastKeySlot = 0

    init(title: [UInt8], columnCount: Int, key: Int?) {
        self.title = title
        self.key = key
        columns = Array(repeating: [], count: columnCount)
    }

    /// Begins a row and returns the slot of the entity it speaks of. The key column is written.
    func beginRow(_ values: Span<Stored>, in store: [UInt8]) -> Int {
        rowCount += 1
        var slot = 0
        if let key {
            let value = values[key]
            slot = unsafe store.withUnsafeBufferPointer { buffer in
                // An empty store has no address; then the key is empty, and none is read.
                let base = unsafe buffer.baseAddress ?? UnsafePointer(emptyByte)
                return unsafe keys.slot(base + value.offset, value.count)
            }
            // The key itself is "as before" when the row before, of any entity, has it.
            if rowCount > 1 && slot == lastKeySlot {
                columns[key].append(GroupText.newline)
            } else {
                CellText.append(value, in: store, to: &columns[key])
            }
            lastKeySlot = slot
        }
        while last.count < (slot + 1) * columns.count { last.append(.none) }
        return slot
    }

    /// Writes an empty line and returns true when the entity's last row had the same value in this
    /// column; else remembers the value.
    func addUnchanged(_ value: Stored, column: Int, slot: Int, in store: [UInt8]) -> Bool {
        let place = slot * columns.count + column
        let before = last[place]
        if before.offset >= 0 && before.count == value.count {
            let isSame = unsafe store.withUnsafeBufferPointer { buffer in
                let base = unsafe buffer.baseAddress ?? UnsafePointer(emptyByte)
                return unsafe bb_equal_bytes(
                    base + before.offset, base + value.offset, Int64(value.count)) != 0
            }
            if isSame {
                columns[column].append(GroupText.newline)
                return true
            }
        }
        last[place] = value
        return false
    }

    /// Adds a row of plain values.
    func addRow(_ values: Span<Stored>, in store: [UInt8]) {
        let slot = beginRow(values, in: store)
        for column in values.indices where column != key {
            if !addUnchanged(values[column], column: column, slot: slot, in: store) {
                CellText.append(values[column], in: store, to: &columns[column])
            }
        }
    }

    func write(to text: inout [UInt8]) {
        text.append(contentsOf: GroupText.tableWord.utf8)
        text.append(GroupText.space)
        text.append(contentsOf: title)
        text.append(contentsOf: " \(rowCount) \(key.map { $0 + 1 } ?? 0)".utf8)
        for column in columns { text.append(contentsOf: " \(column.count)".utf8) }
        text.append(GroupText.newline)
        for column in columns { text.append(contentsOf: column) }
    }
}

/// A byte to point at where there is none to read.
private nonisolated(unsafe) let emptyByte = {  // immutable and never read through
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)
    unsafe byte.initialize(repeating: 0, count: 32)
    return unsafe byte
}()

/// What a table is for: two records with the same signature share one.
private struct TableSignature: Hashable {
    /// Command number + 1, 0 for any name, −1 for records that are no calls, −2 for lists.
    var subject: Int
    /// Form of the call, kind of the record, or column and table that the list belongs to.
    var detail: Int
    var columnCount: Int
}

/// Collects the records of one group.
struct GroupEncoder: ~Copyable {
    /// Sequence number and time of the group's first and last record, and the range of times.
    private(set) var first: UInt64 = 0
    private(set) var last: UInt64 = 0
    private(set) var earliest: Int64 = .max
    private(set) var latest: Int64 = .min
    private(set) var recordCount = 0
    private(set) var callCount = 0
    /// Bytes of names and arguments, each with the NUL behind it, and of other records' payloads.
    private(set) var byteCount = 0

    private var store: [UInt8] = []
    private var tables: [TableWriter] = []
    private var numbers: [TableSignature: Int] = [:]
    private var order: [[UInt8]] = Array(repeating: [], count: GroupText.orderColumnCount)
    private var previousTable = -1
    private var previousTime: Int64 = 0
    private var firstTime: Int64 = 0
    private var row: [Stored] = []
    private var items: [Range<Int>] = []

    init() {}

    var isEmpty: Bool { recordCount == 0 }
    var isFull: Bool { byteCount >= ArchiveLayout.groupTargetBytes }

    /// Adds a call. Its sequence number must be above the last one.
    mutating func append(_ call: borrowing Call) {
        row.removeAll(keepingCapacity: true)
        let start = store.count
        let isKnown = call.command != nil
        if !isKnown {
            keep(call.name)
            row.append(Stored(offset: start, count: call.name.count))
        }
        let argumentsStart = store.count
        keep(call.arguments)
        byteCount += call.name.count + 1 + call.arguments.count
        var from = argumentsStart
        unsafe store.withUnsafeBufferPointer { buffer in
            for _ in 0..<call.argumentCount {
                var end = from
                while end < buffer.count, unsafe buffer[end] != 0 { end += 1 }
                row.append(Stored(offset: from, count: end - from))
                from = min(end + 1, buffer.count)
            }
        }
        let form = call.form
        let command = call.command
        let signature = TableSignature(
            subject: command.map { Int($0.rawValue) + 1 } ?? 0, detail: form == .array ? 0 : 1,
            columnCount: row.count)
        let table = tableNumber(signature) {
            let name = command.map { "\($0.name)" } ?? GroupText.anyName
            let word = form == .array ? GroupText.arrayWord : GroupText.stringWord
            let key = GroupText.keyColumn(of: command, argumentCount: signature.columnCount)
            return TableWriter(
                title: Array("\(name) \(word)".utf8), columnCount: signature.columnCount, key: key)
        }
        addOrder(table: table, sequence: call.sequence, time: call.time)
        callCount += 1
        addRow(to: table, hasLists: GroupText.hasLists(command))
    }

    /// Adds a record that is no call: marks, losses, clock anchors.
    mutating func append(_ record: borrowing OtherRecord) {
        row.removeAll(keepingCapacity: true)
        let kind = Int(record.kind)
        let flags = Array(String(record.flags).utf8)
        row.append(Stored(offset: store.count, count: flags.count))
        store.append(contentsOf: flags)
        row.append(Stored(offset: store.count, count: record.payload.count * 2))
        for index in record.payload.indices {
            store.append(hexDigit(record.payload[index] >> 4))
            store.append(hexDigit(record.payload[index] & 15))
        }
        byteCount += record.payload.count
        let table = tableNumber(TableSignature(subject: -1, detail: kind, columnCount: 2)) {
            TableWriter(
                title: Array("\(kind) \(GroupText.recordWord)".utf8), columnCount: 2, key: nil)
        }
        addOrder(table: table, sequence: record.sequence, time: record.time)
        addRow(to: table, hasLists: false)
    }

    /// The group's text.
    func text(number: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(byteCount + 4096)
        text.append(contentsOf: GroupText.groupWord.utf8)
        let facts = [
            ("group", String(number)), ("sequence", String(first)), ("time", String(firstTime)),
            ("records", String(recordCount)), ("tables", String(tables.count)),
            ("bytes", String(byteCount)),
        ]
        for (word, value) in facts { text.append(contentsOf: " \(word) \(value)".utf8) }
        text.append(GroupText.newline)
        text.append(contentsOf: GroupText.orderWord.utf8)
        for column in order { text.append(contentsOf: " \(column.count)".utf8) }
        text.append(GroupText.newline)
        for column in order { text.append(contentsOf: column) }
        for table in tables { table.write(to: &text) }
        return text
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe store.append(contentsOf: $0) }
    }

    private mutating func tableNumber(
        _ signature: TableSignature, _ make: () -> TableWriter
    ) -> Int {
        if let number = numbers[signature] { return number }
        let number = tables.count
        tables.append(make())
        numbers[signature] = number
        return number
    }

    private mutating func addOrder(table: Int, sequence: UInt64, time: Int64) {
        precondition(isEmpty || sequence > last, "sequence numbers rise within a log")
        if isEmpty {
            first = sequence
            firstTime = time
            previousTime = time
        }
        if table != previousTable { order[0].append(contentsOf: String(table).utf8) }
        order[0].append(GroupText.newline)
        let step = isEmpty ? 1 : sequence - last
        if step != 1 { order[1].append(contentsOf: String(step).utf8) }
        order[1].append(GroupText.newline)
        // Two times can be further apart than an Int64 holds; the reader wraps around alike.
        if time != previousTime { order[2].append(contentsOf: String(time &- previousTime).utf8) }
        order[2].append(GroupText.newline)
        previousTable = table
        previousTime = time
        last = sequence
        earliest = min(earliest, time)
        latest = max(latest, time)
        recordCount += 1
    }

    private mutating func addRow(to table: Int, hasLists: Bool) {
        let writer = tables[table]
        guard hasLists else { return writer.addRow(row.span, in: store) }
        let slot = writer.beginRow(row.span, in: store)
        for column in row.indices where column != writer.key {
            let value = row[column]
            if writer.addUnchanged(value, column: column, slot: slot, in: store) { continue }
            if let cell = listCell(value, table: table, column: column) {
                writer.columns[column].append(contentsOf: cell)
            } else {
                CellText.append(value, in: store, to: &writer.columns[column])
            }
        }
    }

    /// Writes the value as rows of a list table and returns the cell that says so; nil when the
    /// value is no array of arrays.
    private mutating func listCell(
        _ value: Stored, table: Int, column: Int
    ) -> [UInt8]? {
        var width = 0
        let isList = unsafe store.withUnsafeBufferPointer { buffer in
            unsafe GroupText.cutList(
                UnsafeBufferPointer(rebasing: buffer[value.offset..<value.offset + value.count]),
                items: &items, width: &width)
        }
        guard isList, width > 0, width < GroupText.columnLimit else { return nil }
        let rowCount = items.count / width
        let number = tableNumber(
            TableSignature(subject: -2, detail: table << 24 | column, columnCount: width)
        ) {
            TableWriter(
                title: Array("\(GroupText.noName) \(GroupText.listWord)".utf8), columnCount: width,
                key: 0)
        }
        let writer = tables[number]
        var cells: [Stored] = []
        for index in 0..<rowCount {
            cells.removeAll(keepingCapacity: true)
            for item in items[index * width..<(index + 1) * width] {
                cells.append(Stored(offset: value.offset + item.lowerBound, count: item.count))
            }
            writer.addRow(cells.span, in: store)
        }
        return Array("*\(rowCount)/\(number)\n".utf8)
    }
}

/// Values as lines.
private enum CellText {
    /// A value as a line of its own.
    static func append(_ value: Stored, in store: [UInt8], to text: inout [UInt8]) {
        if value.count == 0 {
            text.append(GroupText.escape)
            text.append(GroupText.escapedEmpty)
            text.append(GroupText.newline)
            return
        }
        unsafe store.withUnsafeBufferPointer { buffer in
            let bytes = unsafe UnsafeBufferPointer(
                rebasing: buffer[value.offset..<value.offset + value.count])
            guard let base = bytes.baseAddress else { return }
            let count = Int64(bytes.count)
            let isPlain =
                unsafe bytes[0] != GroupText.listMark
                && bb_holds_byte(base, count, GroupText.newline) == 0
                && bb_holds_byte(base, count, GroupText.escape) == 0
            if isPlain {
                unsafe text.append(contentsOf: bytes)
            } else {
                unsafe appendEscaped(bytes, to: &text)
            }
        }
        text.append(GroupText.newline)
    }

    private static func appendEscaped(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            switch byte {
            case GroupText.newline:
                text.append(GroupText.escape)
                text.append(GroupText.escapedNewline)
            case GroupText.escape:
                text.append(GroupText.escape)
                text.append(byte)
            case GroupText.listMark where index == 0:
                text.append(GroupText.escape)
                text.append(byte)
            default:
                text.append(byte)
            }
        }
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
