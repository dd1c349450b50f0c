// What the scripts of a server can be asked to do, and what may be said with it. docs/server-events.md.

import Values

/// One thing that a script can be asked to do.
public enum AdminVerb: UInt8, CaseIterable, Sendable {
    case kick
    case ban
    case unban
    case unkick
    case clearBans
    case clearKicks
    case lock
    case unlock
    case checkFile
    case checkExe
    case users
    case numberOfFiles
    case chat
    case shutdown
    case restart

    /// Its word, in the configuration, in requests and in the callback.
    public var word: StaticString {
        switch self {
        case .kick: "kick"
        case .ban: "ban"
        case .unban: "unban"
        case .unkick: "unkick"
        case .clearBans: "clearBans"
        case .clearKicks: "clearKicks"
        case .lock: "lock"
        case .unlock: "unlock"
        case .checkFile: "checkFile"
        case .checkExe: "checkExe"
        case .users: "users"
        case .numberOfFiles: "numberOfFiles"
        case .chat: "chat"
        case .shutdown: "shutdown"
        case .restart: "restart"
        }
    }

    /// The verb of this word.
    public init?(_ word: [UInt8]) {
        for verb in Self.allCases where word.isWord(verb.word) {
            self = verb
            return
        }
        return nil
    }

    /// What an argument must be.
    enum Argument: UInt8 {
        case none
        /// 1 to 20 digits.
        case id
        /// 1 to 6 digits.
        case number
        case optionalNumber
        /// A text of harmless characters.
        case text
        case optionalText
    }

    var arguments: (Argument, Argument, Argument) {
        switch self {
        case .kick, .ban: (.id, .optionalText, .none)
        case .unban, .unkick, .numberOfFiles: (.id, .none, .none)
        case .checkFile: (.id, .number, .optionalNumber)
        case .checkExe: (.id, .optionalNumber, .none)
        case .chat: (.id, .text, .none)
        case .clearBans, .clearKicks, .lock, .unlock, .users, .shutdown, .restart:
            (.none, .none, .none)
        }
    }

    /// An id is all that it needs, so a server event can ask for it.
    public var takesOnlyID: Bool { self == .kick || self == .ban || self == .checkExe }

    /// What can't be undone is asked for twice: the second time with the first one's ticket.
    var needsConfirmation: Bool { self == .clearBans || self == .clearKicks }

    /// What is wrong with these arguments; nil when nothing is.
    func complaint(about values: [[UInt8]]) -> StaticString? {
        let wanted = arguments
        if let sentence = Self.complaint(wanted.0, values, 0) { return sentence }
        if let sentence = Self.complaint(wanted.1, values, 1) { return sentence }
        if let sentence = Self.complaint(wanted.2, values, 2) { return sentence }
        return values.count > 3 ? "too many arguments" : nil
    }

    private static func complaint(
        _ wanted: Argument, _ values: [[UInt8]], _ index: Int
    ) -> StaticString? {
        guard index < values.count, !values[index].isEmpty else {
            switch wanted {
            case .id: return "an id is missing"
            case .number: return "a number is missing"
            case .text: return "a text is missing"
            case .none, .optionalNumber, .optionalText: return nil
            }
        }
        switch wanted {
        case .none: return "too many arguments"
        case .id: return isDigits(values[index], most: 20) ? nil : "an id is 1 to 20 digits"
        case .number, .optionalNumber:
            return isDigits(values[index], most: 6) ? nil : "a number is 1 to 6 digits"
        case .text, .optionalText:
            return isHarmless(values[index])
                ? nil : "a text is at most 100 of A-Z a-z 0-9 space . , : ! ? _ -"
        }
    }

    /// Decimal digits and nothing else.
    public static func isDigits(_ text: [UInt8], most: Int) -> Bool {
        guard !text.isEmpty, text.count <= most else { return false }
        for byte in text where byte < 0x30 || byte > 0x39 { return false }
        return true
    }

    private static func isHarmless(_ text: [UInt8]) -> Bool {
        guard text.count <= 100 else { return false }
        for byte in text {
            let letter = byte | 0x20
            if letter >= 0x61 && letter <= 0x7A || byte >= 0x30 && byte <= 0x39 { continue }
            switch byte {
            case 0x20, 0x21, 0x2C, 0x2D, 0x2E, 0x3A, 0x3F, 0x5F: continue
            default: return false
            }
        }
        return true
    }
}
