// Which record comes next: the three columns of the order (table, sequence number, time), and whether
// everything was used up behind the last one.

import CLZ4

extension GroupDecoder {
    /// The three columns of the order.
    mutating func readOrder() throws(GroupError) {
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
    func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
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

    func checkEnd() throws(GroupError) {
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
}
