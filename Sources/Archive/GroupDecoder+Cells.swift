// One cell of a column: the value as it stands in the text or, unescaped, in `side`; its way into
// `output`; and a payload's digits there, which become bytes.

import CLZ4

extension GroupDecoder {
    /// The value on the column's next line, which is not empty.
    @inline(__always)
    mutating func readCell(
        _ column: inout ColumnReader, mayBeList: Bool
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

    /// What was put together in `side` from `before` on.
    func sidePiece(from before: Int) throws(GroupError) -> Piece {
        let offset = contentBytes + before
        guard offset + side.count - before < Int(UInt32.max) else {
            throw GroupError("the group is too large")
        }
        return Piece(offset: UInt32(offset), count: UInt32(side.count - before))
    }

    /// Where the piece stands; valid until `side` grows.
    @inline(__always)
    func address(of piece: Piece) -> UnsafePointer<UInt8> {
        let offset = Int(piece.offset)
        return offset < contentBytes
            ? unsafe UnsafePointer(content.base + offset)
            : unsafe UnsafePointer(side.base + (offset - contentBytes))
    }

    /// Copies the value behind what `output` holds, with a NUL behind it.
    @inline(__always)
    mutating func append(_ piece: Piece) {
        let count = Int(piece.count)
        output.reserve(count + 1)
        unsafe bb_copy_cell(output.base + output.count, address(of: piece), Int64(count), 0)
        output.count += count + 1
    }

    mutating func appendByte(_ byte: UInt8) {
        output.reserve(1)
        unsafe output.base[output.count] = byte
        output.count += 1
    }

    /// Hexadecimal digits in `output`, behind the flags → the payload's bytes.
    mutating func unpackPayload() throws(GroupError) {
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
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    default: nil
    }
}
