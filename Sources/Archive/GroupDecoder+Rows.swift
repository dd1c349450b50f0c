// One row of a table: its values, each with a NUL behind it, in `output`; and a list, which is rows of
// another table within one value.

extension GroupDecoder {
    /// Appends the next row of a table of records to `output`, each value with a NUL behind it.
    mutating func readRow(of table: TableReader) throws(GroupError) {
        guard table.rowsRead < table.rowCount else { throw GroupError("a table has too few rows") }
        try readValues(of: table, mayBeLists: true)
    }

    /// The same for a list's table: its rows hold no lists, and `readList` has counted them.
    private mutating func readListRow(of table: TableReader) throws(GroupError) {
        try readValues(of: table, mayBeLists: false)
    }

    @inline(__always)
    private mutating func readValues(
        of table: TableReader, mayBeLists: Bool
    ) throws(GroupError) {
        table.rowsRead += 1
        let width = table.width
        let key = table.key
        var slot = 0
        var keyPiece = Piece.none
        if key >= 0 {
            keyPiece = try readKey(of: table)
            slot = table.lastKeySlot
        }
        // Both stay where they are: only `readKey` makes room, and a list is of another table.
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
                    piece = try unsafe readCell(&columns[index], mayBeList: mayBeLists)
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

    /// `*3/7`: three rows of table 7 as an array of arrays.
    mutating func readList(_ start: Int, _ length: Int) throws(GroupError) -> Piece {
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
}
