// The text of one group → its records, one after another, in the order of the log.
//
// The inner loop of every reader of archives: 5 million calls a second are wanted, which leaves some
// ten nanoseconds for a value. So it works on raw memory, with these invariants:
//   * `content` holds `contentBytes` bytes and slack behind them;
//   * every column's `cursor...end` lies within the content, cursors only move forward up to `end`;
//   * a `Piece` lies within the content, or (offset ≥ contentBytes) within `side`, a buffer for values
//     that don't stand in the text as they are (unescaped ones, lists), which has slack, too;
//   * `output` is grown before a value is copied into it, with slack behind.
// Whatever the text says is checked against these before it is used; a text that breaks the format
// gives a `GroupError`, never a trap.
//
// Here: the group as a whole and the record it stands on. `+Lines` reads the lines that describe it,
// `+Order` which record comes next, `+Rows` and `+Cells` a row's values.

import Values
import WAL

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
    // The group's memory, as the invariants above say. Only this file's extensions change any of this.
    var content = GroupBuffer(capacity: 4096)
    var contentBytes = 0
    var side = GroupBuffer(capacity: 4096)
    var output = GroupBuffer(capacity: 4096)
    var tables: [TableReader] = []
    var order: [ColumnReader] = []
    var facts = GroupFacts(
        number: 0, firstSequence: 0, firstTime: 0, recordCount: 0, byteCount: 0)

    // The record that `next` stands on.
    var recordsRead = 0
    var currentTable = -1
    var sequence: UInt64 = 0
    var time: Int64 = 0
    var nameBytes = 0
    var argumentCount = 0
    var bytesLeft = 0

    init() {}

    /// Decompresses the frame at `range` of `bytes` and reads the lines that describe the group.
    mutating func open(
        _ bytes: [UInt8], _ range: Range<Int>, contentBytes count: Int
    ) throws(GroupError) {
        close()
        content.count = 0
        content.reserve(count + LZ4Frame.roomBytes)
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

    /// Counts a record's bytes against what the group announced, so that a short text can't unfold
    /// without end.
    @inline(__always)
    mutating func spend(_ count: Int) throws(GroupError) {
        bytesLeft -= count
        guard bytesLeft >= 0 else { throw GroupError("more bytes than the group announces") }
    }
}
