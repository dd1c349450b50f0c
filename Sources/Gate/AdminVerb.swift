// What the scripts of a server can be asked to do, and what may be said with it. docs/server-events.md.

import Values

/// One thing that a script can be asked to do.
struct AdminVerb {
    /// A row each: the word of the configuration, of requests and of the callback; behind the colon a
    /// letter for each argument: `i` an id, `n` a number, `t` a text; a capital may be left out. `!`
    /// can't be undone, so it is asked for twice.
    private static var table: StaticString {
        """
        kick:iT;ban:iT;unban:i;unkick:i;clearBans:!;clearKicks:!;lock:;unlock:;checkFile:inN;\
        checkExe:iN;users:;numberOfFiles:i;chat:it;shutdown:;restart:;
        """
    }

    /// The row.
    let number: UInt32
    private var arguments: [UInt8] = []

    /// The verb of this word.
    init?(_ word: [UInt8]) {
        let table = [UInt8](bytesOf: Self.table)
        var (row, start, index) = (UInt32(0), 0, 0)
        while index < table.count {
            if table[index] == UInt8(ascii: ":"),
                table.span.extracting(start..<index).elementsEqual(word.span)
            {
                number = row
                while table[index + 1] != UInt8(ascii: ";") {
                    index += 1
                    arguments.append(table[index])
                }
                return
            }
            if table[index] == UInt8(ascii: ";") {
                row += 1
                start = index + 1
            }
            index += 1
        }
        return nil
    }

    /// What can't be undone is asked for twice: the second time with the first one's ticket.
    var needsConfirmation: Bool { arguments.first == UInt8(ascii: "!") }

    /// What is wrong with what goes with the word at the front of `parts`; nil when nothing is.
    func complaint(about parts: [[UInt8]]) -> StaticString? {
        let most = needsConfirmation ? 0 : arguments.count
        guard parts.count <= most + 1 else { return "too many arguments" }
        for index in 0..<most {
            let value = index + 1 < parts.count ? parts[index + 1] : []
            let kind = arguments[index]
            if value.isEmpty {
                if kind & 0x20 == 0 { continue }
                return "an argument is missing"
            }
            switch kind | 0x20 {
            case UInt8(ascii: "i"):
                if !Self.isDigits(value, most: 20) { return "an id is 1 to 20 digits" }
            case UInt8(ascii: "n"):
                if !Self.isDigits(value, most: 6) { return "a number is 1 to 6 digits" }
            default:
                if !Self.isHarmless(value) {
                    return "a text is at most 100 of A-Z a-z 0-9 space . , : ! ? _ -"
                }
            }
        }
        return nil
    }

    /// Decimal digits and nothing else.
    static func isDigits(_ text: [UInt8], most: Int) -> Bool {
        guard !text.isEmpty, text.count <= most else { return false }
        for byte in text where byte < 0x30 || byte > 0x39 { return false }
        return true
    }

    /// What can't end a text or begin a command in any script that it is put into.
    private static func isHarmless(_ text: [UInt8]) -> Bool {
        guard text.count <= 100 else { return false }
        for byte in text {
            let letter = byte | 0x20
            if letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x3A { continue }
            switch byte {
            case 0x20, 0x21, 0x2C, 0x2D, 0x2E, 0x3F, 0x5F: continue
            default: return false
            }
        }
        return true
    }
}
