// The lines that describe a group: its first line, the order's, a line and columns for each table.

import CLZ4
import Values
import WAL

extension GroupDecoder {
    /// Reads the lines at the start of `content`: the group's facts, its order and tables.
    mutating func readLines() throws(GroupError) {
        // No argument can hold a NUL, and values are told apart by it from here on.
        guard unsafe bb_holds_byte(content.base, Int64(contentBytes), 0) == 0 else {
            throw GroupError("a NUL in the text")
        }
        var at = 0
        let line = try readLine(&at)
        guard line.count == 13, line[0].isWord(GroupText.groupWord), let number = Int(line[2]),
            let first = UInt64(line[4]), let firstTime = Int64(line[6]), let records = Int(line[8]),
            let tableCount = Int(line[10]), let bytes = Int(line[12]), records >= 0, bytes >= 0,
            // A table has a line of at least 12 bytes.
            tableCount >= 0, tableCount <= contentBytes / 12
        else { throw GroupError("the group's first line is not of the format") }
        facts = GroupFacts(
            number: number, firstSequence: first, firstTime: firstTime, recordCount: records,
            byteCount: bytes)
        let orderLine = try readLine(&at)
        guard orderLine.count == 1 + GroupText.orderColumnCount,
            orderLine[0].isWord(GroupText.orderWord)
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
        guard line.count >= 5, line[0].isWord(GroupText.tableWord), let rows = Int(line[3]),
            rows >= 0, let key = Int(line[4]), key >= 0, key <= line.count - 5,
            line.count - 5 <= GroupText.columnLimit
        else { throw GroupError("a table's line is not of the format") }
        let subject = try subject(line)
        let columns = try readColumns(line[5...], &at)
        return TableReader(subject: subject, rowCount: rows, key: key - 1, columns: columns)
    }

    /// What the rows of a table are, as its line says, which has five words at least.
    private func subject(_ line: [String]) throws(GroupError) -> TableSubject {
        let (name, form) = (line[1], line[2])
        if form.isWord(GroupText.recordWord) {
            guard let kind = UInt16(name), line.count == 7 else {
                throw GroupError("a table of records is not of the format")
            }
            return .record(kind)
        }
        if form.isWord(GroupText.listWord) {
            guard line.count > 5 else { throw GroupError("a list without columns") }
            return .list
        }
        let isArray = form.isWord(GroupText.arrayWord)
        guard isArray || form.isWord(GroupText.stringWord) else {
            throw GroupError("a table of an unknown form: \(form)")
        }
        if name.isWord(GroupText.anyName) {
            guard line.count > 5 else { throw GroupError("a table without a name column") }
            return .anyName(isArray ? .array : .string)
        }
        guard let command = Command.named(Array(name.utf8).span) else {
            throw GroupError("a table of a command that has no name here: \(name)")
        }
        return .command(command, isArray ? .array : .string)
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
    ) throws(GroupError) -> [ColumnReader] {
        var columns: [ColumnReader] = []
        columns.reserveCapacity(lengths.count)
        for text in lengths {
            guard let length = Int(text), length >= 0, length <= contentBytes - at else {
                throw GroupError("a column is longer than the text")
            }
            let start = unsafe content.base + at
            let isPlain =
                unsafe bb_holds_byte(start, Int64(length), GroupText.escape) == 0
                && bb_holds_byte(start, Int64(length), GroupText.listMark) == 0
            columns.append(ColumnReader(cursor: at, end: at + length, isPlain: isPlain))
            at += length
        }
        return columns
    }
}

extension String {
    /// Byte by byte: the program for Windows has no tables of Unicode.
    fileprivate func isWord(_ word: String) -> Bool { utf8.elementsEqual(word.utf8) }
}
