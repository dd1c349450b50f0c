// The text of one group → its records, one after another, in the order of the log.
//
// The inner loop of every reader of archives: 5 million calls a second are wanted, which leaves some
// ten nanoseconds for a value. So it works on raw memory, with these invariants:
//   * `content` holds `contentBytes` bytes and `slack` readable ones behind them;
//   * every column's `cursor...end` lies within the content, cursors only move forward up to `end`;
//   * a `Piece` lies within the content, or (offset ≥ contentBytes) within `side`, a buffer for values
//     that don't stand in the text as they are (unescaped ones, lists), which has slack, too;
//   * `output` is grown before a value is copied into it, with slack behind.
// Whatever the text says is checked against these before it is used; a text that breaks the format
// gives a `GroupError`, never a trap.

import CLZ4
import Values
import WAL

/// A value: where it stands and how long it is.
struct Piece {
    var offset: UInt32
    var count: UInt32
    static let none = Piece(offset: .max, count: .max)
}

/// Readable bytes behind every buffer, so that short values can be copied 16 bytes at a time.
private let slack = 32

/// Plain memory that grows and is freed with its owner.
@safe private struct Buffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity + slack)
        unsafe base.initialize(repeating: 0, count: capacity + slack)
    }

    deinit { unsafe base.deallocate() }

    /// Makes room for `extra` bytes behind `count`.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if count + extra > capacity { grow(extra) }
    }

    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + slack)
        unsafe moved.update(from: base, count: count)
        unsafe (moved + count).initialize(repeating: 0, count: larger + slack - count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }
}

/// One column while it is read.
private struct Column {
    var cursor: Int
    var end: Int
    /// No backslash and no star in it: every line is a value as it stands.
    var isPlain: Bool
}

private enum Subject {
    case command(Command, CallForm)
    case anyName(CallForm)
    case record(UInt16)
    case list
}

/// One table while it is read. A class, so that the tables can be kept in an array and each changed
/// in place.
@safe private final class TableReader {
    let subject: Subject
    let rowCount: Int
    let key: Int
    let width: Int
    var rowsRead = 0
    var keys = KeyTable()
    var lastKeySlot = -1
    /// `width` of them.
    let columns: UnsafeMutablePointer<Column>
    /// The last values, `width` for each of `slotCapacity` slots.
    private(set) var last: UnsafeMutablePointer<Piece>
    private(set) var slotCapacity = 0

    init(subject: Subject, rowCount: Int, key: Int, columns source: [Column]) {
        self.subject = subject
        self.rowCount = rowCount
        self.key = key
        width = source.count
        unsafe columns = .allocate(capacity: max(1, width))
        for index in source.indices { unsafe (columns + index).initialize(to: source[index]) }
        unsafe last = .allocate(capacity: 1)
        makeRoom(slot: 0)
    }

    deinit {
        unsafe columns.deallocate()
        unsafe last.deallocate()
    }

    func makeRoom(slot: Int) {
        guard slot >= slotCapacity else { return }
        let larger = max(slot + 1, slotCapacity * 2)
        let moved = UnsafeMutablePointer<Piece>.allocate(capacity: larger * width + 1)
        unsafe moved.update(from: last, count: slotCapacity * width)
        unsafe (moved + slotCapacity * width).initialize(
            repeating: .none, count: (larger - slotCapacity) * width)
        unsafe last.deallocate()
        unsafe last = moved
        slotCapacity = larger
    }
}

/// What a group's own line says.
struct GroupFacts: Equatable {
    var number: Int
    var firstSequence: UInt64
    var firstTime: Int64
    var recordCount: Int
    var byteCount: Int
}

/// Reads one group after another; keeps its memory between them.
struct GroupDecoder: ~Copyable {
    private var content = Buffer(capacity: 4096)
    private var contentBytes = 0
    private var side = Buffer(capacity: 4096)
    private var output = Buffer(capacity: 4096)
    private var tables: [TableReader] = []
    private var order: [Column] = []
    private(set) var facts = GroupFacts(
        number: 0, firstSequence: 0, firstTime: 0, recordCount: 0, byteCount: 0)

    // The record that `next` stands on.
    private var recordsRead = 0
    private var currentTable = -1
    private(set) var sequence: UInt64 = 0
    private(set) var time: Int64 = 0
    private var nameBytes = 0
    private var argumentCount = 0
    private var bytesLeft = 0

    init() {}

    /// Decompresses the frame at `range` of `bytes` and reads the lines that describe the group.
    mutating func open(
        _ bytes: [UInt8], _ range: Range<Int>, contentBytes count: Int
    ) throws(GroupError) {
        close()
        content.count = 0
        content.reserve(count)
        let problem = unsafe bytes.withUnsafeBytes { buffer in
            unsafe LZ4Frame.decompress(
                UnsafeRawBufferPointer(rebasing: buffer[range]), into: content.base, count: count)
        }
        if let problem { throw GroupError(problem) }
        contentBytes = count
        try readLines()
    }

    /// Takes text that is not compressed (tests).
    mutating func open(text: [UInt8]) throws(GroupError) {
        close()
        content.count = 0
        content.reserve(text.count)
        for index in text.indices { unsafe content.base[index] = text[index] }
        contentBytes = text.count
        try readLines()
    }

    /// Forgets the group.
    mutating func close() {
        tables.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        contentBytes = 0
        recordsRead = 0
        facts.recordCount = 0
        side.count = 0
    }

    // MARK: the describing lines

    private mutating func readLines() throws(GroupError) {
        // No argument can hold a NUL, and values are told apart by it from here on.
        guard unsafe bb_holds_byte(content.base, Int64(contentBytes), 0) == 0 else {
            throw GroupError("a NUL in the text")
        }
        var at = 0
        let line = try readLine(&at)
        guard line.count == 13, line[0] == GroupText.groupWord, let number = Int(line[2]),
            let first = UInt64(line[4]), let firstTime = Int64(line[6]), let records = Int(line[8]),
            let tableCount = Int(line[10]), let bytes = Int(line[12]), records >= 0, bytes >= 0,
            // A table has a line of at least 12 bytes.
            tableCount >= 0, tableCount <= contentBytes / 12
        else { throw GroupError("the group's first line is not of the format") }
        facts = GroupFacts(
            number: number, firstSequence: first, firstTime: firstTime, recordCount: records,
            byteCount: bytes)
        let orderLine = try readLine(&at)
        guard orderLine.first == GroupText.orderWord,
            orderLine.count == 1 + GroupText.orderColumnCount
        else { throw GroupError("the order's line is not of the format") }
        order = try readColumns(orderLine[1...], &at)
        for _ in 0..<tableCount { tables.append(try readTable(&at)) }
        guard at == contentBytes else { throw GroupError("bytes behind the last table") }
        sequence = first &- 1
        time = firstTime
        currentTable = -1
        bytesLeft = bytes
    }

    private mutating func readTable(_ at: inout Int) throws(GroupError) -> TableReader {
        let line = try readLine(&at)
        guard line.count >= 5, line[0] == GroupText.tableWord, let rows = Int(line[3]), rows >= 0,
            let key = Int(line[4]), key >= 0, key <= line.count - 5,
            line.count - 5 <= GroupText.columnLimit
        else { throw GroupError("a table's line is not of the format") }
        let subject: Subject
        switch line[2] {
        case GroupText.arrayWord, GroupText.stringWord:
            let form: CallForm = line[2] == GroupText.arrayWord ? .array : .string
            if line[1] == GroupText.anyName {
                guard line.count > 5 else { throw GroupError("a table without a name column") }
                subject = .anyName(form)
            } else {
                guard let command = commandNamed(line[1]) else {
                    throw GroupError("a table of a command that has no name here: \(line[1])")
                }
                subject = .command(command, form)
            }
        case GroupText.recordWord:
            guard let kind = UInt16(line[1]), line.count == 7 else {
                throw GroupError("a table of records is not of the format")
            }
            subject = .record(kind)
        case GroupText.listWord:
            guard line.count > 5 else { throw GroupError("a list without columns") }
            subject = .list
        default: throw GroupError("a table of an unknown form: \(line[2])")
        }
        let columns = try readColumns(line[5...], &at)
        return TableReader(subject: subject, rowCount: rows, key: key - 1, columns: columns)
    }

    /// The words of the line at `at`, which moves behind it.
    private func readLine(_ at: inout Int) throws(GroupError) -> [String] {
        let length = unsafe bb_line_length(content.base + at, Int64(contentBytes - at))
        guard length >= 0 else { throw GroupError("a line is missing") }
        var words: [String] = []
        var word: [UInt8] = []
        for index in at..<at + Int(length) {
            let byte = unsafe content.base[index]
            if byte == GroupText.space {
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            } else {
                word.append(byte)
            }
        }
        words.append(String(decoding: word, as: UTF8.self))
        at += Int(length) + 1
        return words
    }

    private func readColumns(
        _ lengths: ArraySlice<String>, _ at: inout Int
    ) throws(GroupError) -> [Column] {
        var columns: [Column] = []
        columns.reserveCapacity(lengths.count)
        for text in lengths {
            guard let length = Int(text), length >= 0, length <= contentBytes - at else {
                throw GroupError("a column is longer than the text")
            }
            let start = unsafe content.base + at
            let isPlain =
                unsafe bb_holds_byte(start, Int64(length), GroupText.escape) == 0
                && bb_holds_byte(start, Int64(length), GroupText.listMark) == 0
            columns.append(Column(cursor: at, end: at + length, isPlain: isPlain))
            at += length
        }
        return columns
    }

    // MARK: records

    /// Moves to the next record; false behind the last one.
    mutating func next() throws(GroupError) -> Bool {
        guard recordsRead < facts.recordCount else {
            try checkEnd()
            return false
        }
        try readOrder()
        let table = tables[currentTable]
        recordsRead += 1
        output.count = 0
        nameBytes = 0
        argumentCount = table.width
        try readRow(of: table)
        switch table.subject {
        case .anyName:
            argumentCount -= 1
            var end = 0
            while end < output.count, unsafe output.base[end] != 0 { end += 1 }
            nameBytes = end
            try spend(output.count)
        case .command(let command, _): try spend(command.name.utf8CodeUnitCount + 1 + output.count)
        case .record: try unpackPayload()
        case .list: throw GroupError("a record in a list's table")
        }
        return true
    }

    /// Whether the record is a call; if not, it is an `OtherRecord`.
    var isCall: Bool {
        if case .record = tables[currentTable].subject { return false }
        return true
    }

    /// The call that `next` moved to.
    func withCall<Result, Failure: Error>(
        _ body: (borrowing Call) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let command: Command?
        let form: CallForm
        let name: Span<UInt8>
        let base = unsafe output.base
        switch tables[currentTable].subject {
        case .command(let known, let usedForm):
            command = known
            form = usedForm
            let text = known.name
            name = unsafe Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
        case .anyName(let usedForm):
            command = nil
            form = usedForm
            name = unsafe Span(_unsafeStart: base, count: nameBytes)
        case .record, .list: preconditionFailure("asked for a call at a record that is none")
        }
        let start = command == nil ? nameBytes + 1 : 0
        let arguments = unsafe Span(
            _unsafeStart: UnsafePointer(base + start), count: output.count - start)
        return try body(
            Call(
                sequence: sequence, time: time, command: command, form: form, name: name,
                argumentCount: argumentCount, arguments: arguments))
    }

    /// The record that `next` moved to, when it is no call.
    func withOther<Result, Failure: Error>(
        _ body: (borrowing OtherRecord) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard case .record(let kind) = tables[currentTable].subject else {
            preconditionFailure("asked for another record at a call")
        }
        let payload = unsafe Span(
            _unsafeStart: UnsafePointer(output.base), count: output.count)
        return try body(
            OtherRecord(
                sequence: sequence, time: time, kind: kind, flags: UInt16(nameBytes),
                payload: payload))
    }

    /// The three columns of the order.
    private mutating func readOrder() throws(GroupError) {
        let table = try unsafe orderLine(0)
        if table.count > 0 {
            guard let number = unsafe decimal(table), number >= 0, number < Int64(tables.count)
            else {
                throw GroupError("a record in a table that is not there")
            }
            currentTable = Int(number)
        }
        guard currentTable >= 0 else { throw GroupError("the first record names no table") }
        let step = try unsafe orderLine(1)
        if step.count > 0 {
            guard let number = unsafe decimal(step), number > 0 else {
                throw GroupError("a sequence number that does not rise")
            }
            let (sum, overflow) = sequence.addingReportingOverflow(UInt64(number))
            guard !overflow else { throw GroupError("a sequence number that does not rise") }
            sequence = sum
        } else {
            guard sequence &+ 1 != 0 || recordsRead == 0 else {
                throw GroupError("a sequence number that does not rise")
            }
            sequence = sequence &+ 1
        }
        let delta = try unsafe orderLine(2)
        if delta.count > 0 {
            guard let number = unsafe decimal(delta) else {
                throw GroupError("a time is no number")
            }
            time = time &+ number
        }
    }

    @inline(__always)
    private mutating func orderLine(
        _ column: Int
    ) throws(GroupError) -> UnsafeBufferPointer<UInt8> {
        let start = order[column].cursor
        let length = unsafe bb_line_length(
            content.base + start, Int64(order[column].end - start))
        guard length >= 0 else { throw GroupError("the order ends too early") }
        order[column].cursor = start + Int(length) + 1
        return unsafe UnsafeBufferPointer(start: content.base + start, count: Int(length))
    }

    /// A whole number of at most 19 digits, with a sign; nil for anything else.
    private func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var number: Int64 = 0
        let isNegative = unsafe text.count > 0 && text[0] == UInt8(ascii: "-")
        guard text.count > (isNegative ? 1 : 0), text.count <= 20 else { return nil }
        for index in (isNegative ? 1 : 0)..<text.count {
            let digit = Int64(unsafe text[index]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            let (tens, tooLarge) = number.multipliedReportingOverflow(by: 10)
            // Counted downwards, because the lowest number has no positive counterpart.
            let (next, tooLow) = tens.subtractingReportingOverflow(digit)
            guard !tooLarge, !tooLow else { return nil }
            number = next
        }
        if isNegative { return number }
        return number == .min ? nil : -number
    }

    /// Counts a record's bytes against what the group announced, so that a short text can't unfold
    /// without end.
    @inline(__always)
    private mutating func spend(_ count: Int) throws(GroupError) {
        bytesLeft -= count
        guard bytesLeft >= 0 else { throw GroupError("more bytes than the group announces") }
    }

    private func checkEnd() throws(GroupError) {
        for column in order where column.cursor != column.end {
            throw GroupError("the order goes on behind the last record")
        }
        for table in tables {
            guard table.rowsRead == table.rowCount else {
                throw GroupError("rows that belong to no record")
            }
            for index in 0..<table.width {
                guard unsafe table.columns[index].cursor == table.columns[index].end else {
                    throw GroupError("a column goes on behind the last row")
                }
            }
        }
        guard bytesLeft == 0 else { throw GroupError("fewer bytes than the group announces") }
    }

    /// Hexadecimal digits in `output`, behind the flags → the payload's bytes.
    private mutating func unpackPayload() throws(GroupError) {
        var at = 0
        var flags = 0
        while at < output.count, case let byte = unsafe output.base[at], byte != 0 {
            guard byte >= 48, byte <= 57, flags < 6_554 else {
                throw GroupError("flags are no number")
            }
            flags = flags * 10 + Int(byte) - 48
            at += 1
        }
        guard flags <= Int(UInt16.max) else { throw GroupError("flags are no number") }
        at += 1
        let digits = output.count - at - 1
        guard digits >= 0, digits % 2 == 0 else { throw GroupError("a payload is cut short") }
        for index in 0..<digits / 2 {
            guard let high = unsafe hexValue(output.base[at + index * 2]),
                let low = unsafe hexValue(output.base[at + index * 2 + 1])
            else { throw GroupError("a payload is not hexadecimal") }
            unsafe output.base[index] = high << 4 | low
        }
        output.count = digits / 2
        nameBytes = flags
        try spend(output.count)
    }

    // MARK: rows

    /// Appends the row's values to `output`, each with a NUL behind it.
    private mutating func readRow(of table: TableReader) throws(GroupError) {
        table.rowsRead += 1
        guard table.rowsRead <= table.rowCount else { throw GroupError("a table has too few rows") }
        let width = table.width
        let key = table.key
        var slot = 0
        var keyPiece = Piece.none
        if key >= 0 {
            keyPiece = try readKey(of: table)
            slot = table.lastKeySlot
        }
        let last = unsafe table.last + slot * width
        let columns = unsafe table.columns
        let text = unsafe content.base
        for index in 0..<width {
            var piece: Piece
            if index == key {
                piece = keyPiece
            } else {
                let cursor = unsafe columns[index].cursor
                let end = unsafe columns[index].end
                guard cursor < end else { throw GroupError("a column ends too early") }
                if unsafe text[cursor] == GroupText.newline {
                    unsafe columns[index].cursor = cursor + 1
                    piece = unsafe last[index]
                    guard piece.offset != .max else {
                        throw GroupError("a value as before, with none before")
                    }
                } else {
                    piece = try unsafe readCell(&columns[index], mayBeList: true)
                    unsafe last[index] = piece
                }
            }
            append(piece)
        }
    }

    /// Reads the key column of the next row and makes its slot the table's `lastKeySlot`.
    private mutating func readKey(of table: TableReader) throws(GroupError) -> Piece {
        let key = table.key
        let cursor = unsafe table.columns[key].cursor
        guard unsafe cursor < table.columns[key].end else {
            throw GroupError("a key column ends too early")
        }
        if unsafe content.base[cursor] == GroupText.newline {
            guard table.lastKeySlot >= 0 else {
                throw GroupError("a value as before, with none before")
            }
            unsafe table.columns[key].cursor = cursor + 1
            return unsafe table.last[table.lastKeySlot * table.width + key]
        }
        let piece = try unsafe readCell(&table.columns[key], mayBeList: false)
        let slot = unsafe table.keys.slot(address(of: piece), Int(piece.count))
        table.makeRoom(slot: slot)
        unsafe table.last[slot * table.width + key] = piece
        table.lastKeySlot = slot
        return piece
    }

    /// The value on the column's next line, which is not empty.
    @inline(__always)
    private mutating func readCell(
        _ column: inout Column, mayBeList: Bool
    ) throws(GroupError) -> Piece {
        let start = column.cursor
        let length = unsafe bb_line_length(content.base + start, Int64(column.end - start))
        guard length >= 0 else { throw GroupError("a line is cut short") }
        column.cursor = start + Int(length) + 1
        if column.isPlain { return Piece(offset: UInt32(start), count: UInt32(length)) }
        return try readSpecialCell(start, Int(length), mayBeList: mayBeList)
    }

    private mutating func readSpecialCell(
        _ start: Int, _ length: Int, mayBeList: Bool
    ) throws(GroupError) -> Piece {
        let cell = unsafe content.base + start
        if length > 0, unsafe cell[0] == GroupText.listMark {
            guard mayBeList else { throw GroupError("a list where none may be") }
            return try readList(start, length)
        }
        guard unsafe bb_holds_byte(cell, Int64(length), GroupText.escape) != 0 else {
            return Piece(offset: UInt32(start), count: UInt32(length))
        }
        let before = side.count
        side.reserve(length)
        var at = 0
        while at < length {
            var byte = unsafe content.base[start + at]
            at += 1
            if byte == GroupText.escape {
                guard at < length else { throw GroupError("a value ends within an escape") }
                byte = unsafe content.base[start + at]
                at += 1
                if byte == GroupText.escapedEmpty && length == 2 { break }
                switch byte {
                case GroupText.escapedNewline: byte = GroupText.newline
                case GroupText.escape, GroupText.listMark: break
                default: throw GroupError("an unknown escape")
                }
            }
            unsafe side.base[side.count] = byte
            side.count += 1
        }
        return try sidePiece(from: before)
    }

    /// `*3/7`: three rows of table 7 as an array of arrays.
    private mutating func readList(_ start: Int, _ length: Int) throws(GroupError) -> Piece {
        var separator = 1
        while separator < length, unsafe content.base[start + separator] != GroupText.listSeparator
        {
            separator += 1
        }
        guard separator < length,
            let rows = unsafe decimal(
                UnsafeBufferPointer(start: content.base + start + 1, count: separator - 1)),
            let number = unsafe decimal(
                UnsafeBufferPointer(
                    start: content.base + start + separator + 1, count: length - separator - 1)),
            rows > 0, number >= 0, number < Int64(tables.count)
        else { throw GroupError("a list's line is not of the format") }
        let table = tables[Int(number)]
        guard case .list = table.subject else { throw GroupError("a list in a table of records") }
        guard rows <= Int64(table.rowCount - table.rowsRead) else {
            throw GroupError("a list has too few rows")
        }
        // The items are put together in `output`, behind what the row has so far, and moved.
        let mark = output.count
        appendByte(UInt8(ascii: "["))
        for row in 0..<Int(rows) {
            if row > 0 { appendByte(UInt8(ascii: ",")) }
            appendByte(UInt8(ascii: "["))
            let from = output.count
            try readListRow(of: table)
            // A NUL stands behind each item: commas between them, a bracket behind the last.
            var left = table.width
            for index in from..<output.count where unsafe output.base[index] == 0 {
                left -= 1
                unsafe output.base[index] = UInt8(ascii: left == 0 ? "]" : ",")
            }
            guard output.count - mark <= bytesLeft else {
                throw GroupError("more bytes than the group announces")
            }
        }
        appendByte(UInt8(ascii: "]"))
        let before = side.count
        side.reserve(output.count - mark)
        unsafe (side.base + before).update(from: output.base + mark, count: output.count - mark)
        side.count += output.count - mark
        output.count = mark
        return try sidePiece(from: before)
    }

    /// A list's rows hold no lists.
    private mutating func readListRow(of table: TableReader) throws(GroupError) {
        table.rowsRead += 1
        let keyPiece = table.key >= 0 ? try readKey(of: table) : .none
        let slot = table.key >= 0 ? table.lastKeySlot : 0
        for index in 0..<table.width {
            var piece = keyPiece
            if index != table.key {
                let cursor = unsafe table.columns[index].cursor
                guard unsafe cursor < table.columns[index].end else {
                    throw GroupError("a column ends too early")
                }
                if unsafe content.base[cursor] == GroupText.newline {
                    unsafe table.columns[index].cursor = cursor + 1
                    piece = unsafe table.last[slot * table.width + index]
                    guard piece.offset != .max else {
                        throw GroupError("a value as before, with none before")
                    }
                } else {
                    piece = try unsafe readCell(&table.columns[index], mayBeList: false)
                    unsafe table.last[slot * table.width + index] = piece
                }
            }
            append(piece)
        }
    }

    private func sidePiece(from before: Int) throws(GroupError) -> Piece {
        let offset = contentBytes + before
        guard offset + side.count - before < Int(UInt32.max) else {
            throw GroupError("the group is too large")
        }
        return Piece(offset: UInt32(offset), count: UInt32(side.count - before))
    }

    @inline(__always)
    private func address(of piece: Piece) -> UnsafePointer<UInt8> {
        let offset = Int(piece.offset)
        return offset < contentBytes
            ? unsafe UnsafePointer(content.base + offset)
            : unsafe UnsafePointer(side.base + (offset - contentBytes))
    }

    @inline(__always)
    private mutating func append(_ piece: Piece) {
        let count = Int(piece.count)
        output.reserve(count + 1)
        unsafe bb_copy_cell(output.base + output.count, address(of: piece), Int64(count), 0)
        output.count += count + 1
    }

    private mutating func appendByte(_ byte: UInt8) {
        output.reserve(1)
        unsafe output.base[output.count] = byte
        output.count += 1
    }
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    default: nil
    }
}

private func commandNamed(_ name: String) -> Command? {
    let bytes = Array(name.utf8)
    for command in Command.allCases {
        let text = command.name
        let isSame =
            text.utf8CodeUnitCount == bytes.count
            && text.withUTF8Buffer { unsafe $0.elementsEqual(bytes) }
        if isSame { return command }
    }
    return nil
}
