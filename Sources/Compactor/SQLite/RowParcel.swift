// Rows on their way from the thread that decodes to the one that writes, as the steps that make them.

/// Some rows, to be written later.
struct RowParcel: Sendable {
    private enum Step: UInt8 {
        case row, replacingRow, null, integer, real, time, text, bytes, end
    }

    /// One after another; a step's value is the next of `numbers`, a text's bytes are the next of
    /// `contents`, as many as its number says.
    private var steps: [UInt8] = []
    private var numbers: [UInt64] = []
    private var contents: [UInt8] = []

    private static let mostNumbers = 32_768
    private static let mostBytes = 1 << 18

    var isEmpty: Bool { steps.isEmpty }

    /// Some two thousand rows: enough that handing it over costs nothing beside writing it.
    var isFull: Bool { numbers.count >= Self.mostNumbers || contents.count >= Self.mostBytes }

    /// Keeps its memory.
    mutating func removeAll() {
        steps.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        contents.removeAll(keepingCapacity: true)
    }

    // MARK: making

    mutating func beginRow(_ table: TableID, replacing: Bool) {
        add(replacing ? .replacingRow : .row, UInt64(table.rawValue))
    }

    mutating func null() { steps.append(Step.null.rawValue) }
    mutating func integer(_ value: Int64) { add(.integer, UInt64(bitPattern: value)) }
    mutating func real(_ value: Double) { add(.real, value.bitPattern) }
    mutating func time(_ nanoseconds: Int64) { add(.time, UInt64(bitPattern: nanoseconds)) }
    mutating func text(_ bytes: Span<UInt8>) { add(.text, bytes) }
    mutating func bytes(_ bytes: Span<UInt8>) { add(.bytes, bytes) }
    mutating func endRow() { steps.append(Step.end.rawValue) }

    private mutating func add(_ step: Step, _ number: UInt64) {
        steps.append(step.rawValue)
        numbers.append(number)
    }

    private mutating func add(_ step: Step, _ bytes: Span<UInt8>) {
        add(step, UInt64(bytes.count))
        contents.append(contentsOf: bytes)
    }

    // MARK: writing

    /// Writes the rows, up to the first that fails.
    func write(into rows: inout SQLiteRows) throws(SQLiteError) {
        var number = 0
        var start = 0
        for index in steps.indices {
            guard let step = Step(rawValue: steps[index]) else { continue }
            switch step {
            case .null: rows.null()
            case .end: try rows.endRow()
            case .row, .replacingRow:
                if let table = TableID(rawValue: Int(numbers[number])) {
                    rows.beginRow(table, replacing: step == .replacingRow)
                }
                number += 1
            case .integer:
                rows.integer(Int64(bitPattern: numbers[number]))
                number += 1
            case .real:
                rows.real(Double(bitPattern: numbers[number]))
                number += 1
            case .time:
                rows.time(Int64(bitPattern: numbers[number]))
                number += 1
            case .text, .bytes:
                let end = start + Int(numbers[number])
                let value = contents.span.extracting(start..<end)
                if step == .text { rows.text(value) } else { rows.bytes(value) }
                start = end
                number += 1
            }
        }
    }
}
