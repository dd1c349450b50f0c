// Commands that an owner is told to run, as he can paste them into a shell.

import Values

/// Words of a command line.
enum ShellWords {
    /// The words with blanks between, quoted where that is needed.
    static func line(_ words: [String]) -> String {
        var line: [UInt8] = []
        for word in words {
            if !line.isEmpty { line.append(UInt8(ascii: " ")) }
            line += quoted(word.bytes)
        }
        return String(utf8: line)
    }

    /// Double quotes where they do, because every shell of both systems knows them; single quotes
    /// around what means something within double ones.
    private static func quoted(_ word: [UInt8]) -> [UInt8] {
        if !word.isEmpty, word.allSatisfy({ isPlain($0) }) { return word }
        let double = UInt8(ascii: "\"")
        if word.allSatisfy({ !meansSomethingInDoubleQuotes($0) }), word.last != UInt8(ascii: "\\") {
            return [double] + word + [double]
        }
        let single = UInt8(ascii: "'")
        var text = [single]
        for byte in word {
            text.append(byte)
            // Out of the quotes, a quote, and in again.
            if byte == single { text += [UInt8(ascii: "\\"), single, single] }
        }
        return text + [single]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "_"),
            UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: ","):
            true
        default: byte >= 0x80
        }
    }

    private static func meansSomethingInDoubleQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "!"),
            UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
