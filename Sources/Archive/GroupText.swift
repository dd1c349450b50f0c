// How a group of records is written as text (docs/formats/archive.md): the words that the encoder
// and the decoder share, and the cutting of an array of arrays into rows.
//
// A group is a line about itself, three columns that tell the order of the records, and a table for
// each kind of record. A table is a line about itself and its columns, one after another, a value a
// line. An empty line means: as in the row before that speaks of the same entity.

import Values

enum GroupText {
    static let newline = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let escape = UInt8(ascii: "\\")
    /// Begins a value that stands as rows in a list table: `*3/7`, three rows of table 7.
    static let listMark = UInt8(ascii: "*")
    static let listSeparator = UInt8(ascii: "/")
    /// `\0` is an empty value, `\n` a newline, `\*` a star at the start, `\\` a backslash.
    static let escapedEmpty = UInt8(ascii: "0")
    static let escapedNewline = UInt8(ascii: "n")

    static let groupWord = "blackbox"
    static let orderWord = "order"
    static let tableWord = "table"
    static let arrayWord = "array"
    static let stringWord = "string"
    static let recordWord = "record"
    static let listWord = "list"
    /// Stands for the name of a table whose rows carry the command's name as first column.
    static let anyName = "?"
    static let noName = "-"

    static let orderColumnCount = 3

    /// A call with more arguments is kept as one row of unknown width all the same: there is no
    /// limit here, the number only guards the reader against a hostile table line.
    static let columnLimit = 1 << 20

    /// The column whose value says which entity a row speaks of, from 0. Nearly every command has
    /// it first; a shot's first argument is the frame, the firer comes third.
    static func keyColumn(of command: Command?, argumentCount: Int) -> Int? {
        let column =
            switch command {
            case .eventProjectile: 2
            case .telemetryFrame, nil: -1
            default: 0
            }
        return column >= 0 && column < argumentCount ? column : nil
    }

    /// Whether arrays of arrays in this command's arguments go into list tables: the players' network
    /// figures of telemetry do (a twelfth of their size); trajectories gain nothing.
    static func hasLists(_ command: Command?) -> Bool { command == .telemetryFrame }

    /// Cuts `[[a,b],[c,d]]` into its items, all rows alike in width, such that putting them together
    /// again gives the same bytes. Returns false when the value is not of that form.
    ///
    /// `ends` gets the ranges of the items within `value`, row by row.
    static func cutList(
        _ value: UnsafeBufferPointer<UInt8>, items: inout [Range<Int>], width: inout Int
    ) -> Bool {
        items.removeAll(keepingCapacity: true)
        width = 0
        let count = value.count
        guard count >= 5, unsafe value[0] == UInt8(ascii: "["),
            unsafe value[1] == UInt8(ascii: "["),
            unsafe value[count - 1] == UInt8(ascii: "]"),
            unsafe value[count - 2] == UInt8(ascii: "]")
        else { return false }
        var at = 1
        while true {
            // One row: `[item,item]`.
            guard at < count - 1, unsafe value[at] == UInt8(ascii: "[") else { return false }
            at += 1
            let before = items.count
            guard let end = unsafe cutRow(value, from: at, limit: count - 1, items: &items) else {
                return false
            }
            at = end + 1
            if before == 0 { width = items.count }
            guard items.count - before == width else { return false }
            if at == count - 1 { return true }
            guard unsafe value[at] == UInt8(ascii: ",") else { return false }
            at += 1
        }
    }

    /// Cuts `item,item]` and returns the offset of the closing bracket.
    private static func cutRow(
        _ value: UnsafeBufferPointer<UInt8>, from: Int, limit: Int, items: inout [Range<Int>]
    ) -> Int? {
        var start = from
        var at = from
        var depth = 0
        var isQuoted = false
        while at < limit {
            let byte = unsafe value[at]
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted {
                switch byte {
                case UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ","):
                    if depth == 0 {
                        items.append(start..<at)
                        start = at + 1
                    }
                case UInt8(ascii: "]"):
                    if depth == 0 {
                        items.append(start..<at)
                        return at
                    }
                    depth -= 1
                default: break
                }
            }
            at += 1
        }
        return nil
    }
}
