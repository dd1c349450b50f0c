// Arrays as the game prints them: `[1,"say ""hi""",[true,WEST,<NULL-object>]]`. Read as a row of
// pieces, without a tree and without a copy, because an explosion's hits can be hundreds of
// kilobytes. docs/formats/values.md has the grammar.

/// The next piece of an array's text.
public enum LiteralToken: Equatable, Sendable {
    /// `[`
    case arrayStart
    /// `]`
    case arrayEnd
    /// A text; the range covers what stands between its quotes. `isPlain`: nothing in it is doubled
    /// or escaped.
    case string(Range<Int>, isPlain: Bool)
    /// A number. Words like `nan` count as numbers that are not finite.
    case number(Double)
    /// `true` or `false`, in any case.
    case bool(Bool)
    /// One of the words for nothing: `nil`, `null`, `any`, `<null>`, in any case.
    case none
    /// Anything else without quotes: a side, an object's name. The range covers it.
    case word(Range<Int>)
    /// Nothing is left.
    case end
    /// This is no array text; nothing more will be read.
    case malformed
}

/// Reads an array's text piece by piece. Never traps, whatever the bytes.
public struct LiteralReader: ~Escapable {
    /// How texts are written inside.
    public enum Dialect: Sendable {
        /// As the game prints: in double quotes, a quote in the text doubled.
        case sqf
        /// As JSON: escapes with a backslash; bare words other than true, false and null are
        /// malformed.
        case json
    }

    /// How deep arrays may stand in each other.
    public static let depthLimit = 32

    private let bytes: Span<UInt8>
    private let dialect: Dialect
    private var index = 0
    /// How many arrays are open here.
    public private(set) var depth = 0
    private var expectsValue = true
    /// Just behind a `[`: a `]` may follow without a value.
    private var isFresh = false
    private var isBroken = false

    /// Reads `bytes` from their beginning.
    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>, dialect: Dialect = .sqf) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The next piece; commas are taken care of.
    @_lifetime(self: copy self)
    public mutating func next() -> LiteralToken {
        if isBroken { return .malformed }
        skipSpace()
        guard index < bytes.count else {
            return depth == 0 && !expectsValue ? .end : malformed()
        }
        if !expectsValue {
            switch bytes[index] {
            case .closeBracket where depth > 0:
                index += 1
                depth -= 1
                return .arrayEnd
            case .comma where depth > 0:
                index += 1
                expectsValue = true
                skipSpace()
                guard index < bytes.count else { return malformed() }
            default: return malformed()
            }
        }
        return value()
    }

    /// Passes over the rest of the array that is open at `depth` now, up to and with its end. False
    /// when the text is malformed.
    @_lifetime(self: copy self)
    public mutating func skipRest() -> Bool {
        let outside = depth - 1
        while depth > outside {
            switch next() {
            case .malformed, .end: return false
            default: break
            }
        }
        return true
    }

    @_lifetime(self: copy self)
    private mutating func value() -> LiteralToken {
        let wasFresh = isFresh
        isFresh = false
        switch bytes[index] {
        case .openBracket:
            guard depth < Self.depthLimit else { return malformed() }
            index += 1
            depth += 1
            isFresh = true
            return .arrayStart
        case .closeBracket where wasFresh:
            index += 1
            depth -= 1
            expectsValue = false
            return .arrayEnd
        case .quote:
            expectsValue = false
            return dialect == .sqf ? doubledString() : escapedString()
        case 0x30...0x39, 0x2D, 0x2B, 0x2E:
            expectsValue = false
            return number()
        default:
            expectsValue = false
            return word()
        }
    }

    /// The game's text: ends at the first quote that is not doubled.
    @_lifetime(self: copy self)
    private mutating func doubledString() -> LiteralToken {
        let start = index + 1
        var isPlain = true
        index = start
        while index < bytes.count {
            guard bytes[index] == .quote else {
                index += 1
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == .quote {
                isPlain = false
                index += 2
                continue
            }
            index += 1
            return .string(start..<index - 1, isPlain: isPlain)
        }
        return malformed()
    }

    @_lifetime(self: copy self)
    private mutating func escapedString() -> LiteralToken {
        let start = index + 1
        var isPlain = true
        index = start
        while index < bytes.count {
            switch bytes[index] {
            case .quote:
                index += 1
                return .string(start..<index - 1, isPlain: isPlain)
            case .backslash:
                isPlain = false
                index += 2
            default: index += 1
            }
        }
        return malformed()
    }

    @_lifetime(self: copy self)
    private mutating func number() -> LiteralToken {
        guard let scanned = NumberParser.scan(bytes, from: index), isBoundary(scanned.end) else {
            return word()
        }
        index = scanned.end
        return .number(scanned.value)
    }

    /// What stands without quotes, up to the comma or bracket that ends it. Brackets of its own and
    /// spaces (`B Alpha 1-1:1 (Name)`) belong to it.
    @_lifetime(self: copy self)
    private mutating func word() -> LiteralToken {
        let start = index
        scan: while index < bytes.count {
            switch bytes[index] {
            case .comma, .closeBracket, .openBracket, .quote: break scan
            default: index += 1
            }
        }
        var end = index
        while end > start, bytes[end - 1] == .space { end -= 1 }
        let word = bytes.extracting(start..<end)
        guard word.count > 0 else { return malformed() }
        if word.equalsIgnoringCase("true") { return .bool(true) }
        if word.equalsIgnoringCase("false") { return .bool(false) }
        if word.elementsEqual("null") { return .none }
        if dialect == .json { return malformed() }
        if word.equalsIgnoringCase("nil") || word.equalsIgnoringCase("any")
            || word.equalsIgnoringCase("null") || word.equalsIgnoringCase("<null>")
        {
            return .none
        }
        if let value = NumberParser.nonFinite(word) { return .number(value) }
        return .word(start..<end)
    }

    private func isBoundary(_ position: Int) -> Bool {
        guard position < bytes.count else { return true }
        switch bytes[position] {
        case .comma, .closeBracket, .space, 0x09, 0x0A, 0x0D: return true
        default: return false
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func malformed() -> LiteralToken {
        isBroken = true
        return .malformed
    }
}
