// Text → JSON tree. Strict about structure (an administrator's comma too many is named with its
// place), lenient about bytes: invalid UTF-8 is mended, raw control characters inside texts are
// taken as they are, because the game's own encoder writes some of them so.

extension JSONValue {
    /// How deep lists and objects may stand in each other.
    public static let depthLimit = 64

    /// Reads one JSON value, with nothing but white space (and a byte-order mark) around it.
    public static func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        return try parser.document()
    }

    /// Is this one JSON value, as `parse` takes it? Keeps no texts.
    public static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var parser = JSONParser(bytes)
        parser.buildsValues = false
        return (try? parser.document()) != nil
    }

    /// Is this one JSON value exactly as RFC 8259 has it, fit for any other program's reader? Stricter
    /// than `parse`: no control character stands raw in a text, no half of a surrogate pair alone.
    ///
    /// - Throws: `JSONError` when it is not.
    public static func check(_ bytes: Span<UInt8>) throws(JSONError) {
        var parser = JSONParser(bytes)
        parser.buildsValues = false
        parser.isStrict = true
        _ = try parser.document()
    }

    /// Hands out the members of the one object that `bytes` holds, as `check` reads it: where each key
    /// (with its quotes) and each value stands. Each value may be `depthLimit` deep. Members in front of
    /// an error have been handed out when it is thrown.
    ///
    /// - Throws: `JSONError` when it is no object, or none as RFC 8259 has it.
    public static func forEachMember(
        of bytes: Span<UInt8>, _ body: (_ key: Range<Int>, _ value: Range<Int>) -> Void
    ) throws(JSONError) {
        var parser = JSONParser(bytes)
        parser.buildsValues = false
        parser.isStrict = true
        try parser.members(body)
    }

    /// What a JSON text says, given with its quotes; nil when it is none.
    public static func text(_ literal: Span<UInt8>) -> [UInt8]? {
        guard literal.count >= 2, literal[0] == .quote else { return nil }
        var parser = JSONParser(literal)
        guard case .string(let text) = try? parser.document() else { return nil }
        return text
    }
}

/// The reading position in a JSON text.
private struct JSONParser: ~Escapable {
    private let bytes: Span<UInt8>
    private var index = 0
    /// Off when only the grammar matters.
    var buildsValues = true
    /// On for texts that other programs' readers get to see.
    var isStrict = false

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    @_lifetime(self: copy self)
    mutating func document() throws(JSONError) -> JSONValue {
        if !isStrict, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            index = 3
        }
        skipSpace()
        if index == bytes.count { throw JSONError(problem: .empty, offset: index) }
        let value = try self.value(depth: 0)
        skipSpace()
        if index < bytes.count { throw JSONError(problem: .trailing, offset: index) }
        return value
    }

    @_lifetime(self: copy self)
    mutating func members(_ body: (Range<Int>, Range<Int>) -> Void) throws(JSONError) {
        skipSpace()
        guard try peek() == 0x7B else { throw unexpected() }
        // Depth 0: the object itself does not count.
        _ = try object(depth: 0, visit: body)
        skipSpace()
        if index < bytes.count { throw JSONError(problem: .trailing, offset: index) }
    }

    @_lifetime(self: copy self)
    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch try peek() {
        case 0x7B: return try object(depth: depth + 1)
        case .openBracket: return try array(depth: depth + 1)
        case .quote: return .string(try text())
        case 0x2D, 0x30...0x39: return try number()
        case 0x61...0x7A, 0x41...0x5A: return try word()
        case let other: throw JSONError(problem: .unexpected(other), offset: index)
        }
    }

    @_lifetime(self: copy self)
    private mutating func object(
        depth: Int, visit: (Range<Int>, Range<Int>) -> Void = { _, _ in }
    ) throws(JSONError) -> JSONValue {
        try check(depth: depth)
        index += 1
        var members: [Member] = []
        skipSpace()
        if try peek() == 0x7D {
            index += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard try peek() == .quote else { throw unexpected() }
            let keyStart = index
            let key = try text()
            let keyEnd = index
            skipSpace()
            guard try peek() == 0x3A else { throw unexpected() }
            index += 1
            skipSpace()
            let start = index
            let value = try value(depth: depth)
            if buildsValues { members.append(Member(key: key, value: value)) }
            visit(keyStart..<keyEnd, start..<index)
            skipSpace()
            switch try peek() {
            case .comma: index += 1
            case 0x7D:
                index += 1
                return .object(members)
            default: throw unexpected()
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try check(depth: depth)
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if try peek() == .closeBracket {
            index += 1
            return .array(elements)
        }
        while true {
            skipSpace()
            let element = try value(depth: depth)
            if buildsValues { elements.append(element) }
            skipSpace()
            switch try peek() {
            case .comma: index += 1
            case .closeBracket:
                index += 1
                return .array(elements)
            default: throw unexpected()
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func word() throws(JSONError) -> JSONValue {
        let start = index
        while index < bytes.count, bytes[index].lowercasedASCII >= 0x61,
            bytes[index].lowercasedASCII <= 0x7A
        {
            index += 1
        }
        let word = bytes.extracting(start..<index)
        if word.elementsEqual("true") { return .bool(true) }
        if word.elementsEqual("false") { return .bool(false) }
        if word.elementsEqual("null") { return .null }
        throw JSONError(problem: .unknownWord, offset: start)
    }

    @_lifetime(self: copy self)
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        if bytes[index] == 0x2D { index += 1 }
        let firstDigit = index
        guard skipDigits() > 0 else { throw JSONError(problem: .badNumber, offset: start) }
        if index - firstDigit > 1, bytes[firstDigit] == 0x30 {
            throw JSONError(problem: .badNumber, offset: start)
        }
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            guard skipDigits() > 0 else { throw JSONError(problem: .badNumber, offset: start) }
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard skipDigits() > 0 else { throw JSONError(problem: .badNumber, offset: start) }
        }
        let raw = bytes.extracting(start..<index)
        // Any number of this grammar is one to the parser.
        guard buildsValues else { return .number(0, raw: []) }
        guard let value = NumberParser.parse(raw) else {
            throw JSONError(problem: .badNumber, offset: start)
        }
        return .number(value, raw: raw.array)
    }

    @_lifetime(self: copy self)
    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, bytes[index].digitValue != nil { index += 1 }
        return index - start
    }

    /// A text; `index` stands on its opening quote.
    @_lifetime(self: copy self)
    private mutating func text() throws(JSONError) -> [UInt8] {
        index += 1
        var text: [UInt8] = []
        while true {
            let start = index
            #if !hasFeature(Embedded)
                skipPlain()
            #endif
            while index < bytes.count, bytes[index] != .quote, bytes[index] != .backslash {
                if isStrict, bytes[index] < 0x20 { throw unexpected() }
                index += 1
            }
            if buildsValues {
                UTF8Text.appendRepaired(bytes.extracting(start..<index), to: &text)
            }
            let byte = try peek()
            index += 1
            if byte == .quote { return text }
            try escape(into: &text)
        }
    }

    #if !hasFeature(Embedded)
        /// Goes to the first byte of a text that is its end, a backslash or a control character, or near
        /// the end of all. (For a hub, which reads thousands of lines a second; the plug-in reads few
        /// texts, and every byte of it counts.)
        @_lifetime(self: copy self)
        private mutating func skipPlain() {
            let raw = unsafe bytes.bytes
            while bytes.count - index >= 8 {
                // Eight bytes are left, and any eight bytes are a number.
                let loaded = unsafe raw.unsafeLoadUnaligned(
                    fromByteOffset: index, as: UInt64.self)
                let word = UInt64(littleEndian: loaded)
                let marks =
                    Self.below(0x01, word ^ 0x2222_2222_2222_2222)
                    | Self.below(0x01, word ^ 0x5C5C_5C5C_5C5C_5C5C) | Self.below(0x20, word)
                if marks != 0 {
                    index += marks.trailingZeroBitCount / 8
                    return
                }
                index += 8
            }
        }

        /// Marks in their high bits the bytes that are below `limit` (128 at most), the lowest of them
        /// for sure: what stands above one may be marked by mistake.
        private static func below(_ limit: UInt64, _ word: UInt64) -> UInt64 {
            (word &- limit &* 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        }
    #endif

    /// What follows a backslash.
    @_lifetime(self: copy self)
    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = index - 1
        let letter = try peek()
        index += 1
        switch letter {
        case .quote, .backslash, 0x2F: text.append(letter)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            guard let first = fourHexDigits() else {
                throw JSONError(problem: .badEscape, offset: start)
            }
            guard first >= 0xD800, first < 0xDC00 else {
                // A lone second half becomes U+FFFD in `append`.
                if isStrict, first >= 0xDC00, first < 0xE000 {
                    throw JSONError(problem: .badEscape, offset: start)
                }
                return UTF8Text.append(scalar: first, to: &text)
            }
            let behind = index
            if index + 1 < bytes.count, bytes[index] == .backslash, bytes[index + 1] == 0x75 {
                index += 2
                if let second = fourHexDigits(), second >= 0xDC00, second < 0xE000 {
                    let scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
                    return UTF8Text.append(scalar: scalar, to: &text)
                }
                index = behind
            }
            if isStrict { throw JSONError(problem: .badEscape, offset: start) }
            UTF8Text.append(scalar: 0xFFFD, to: &text)
        default: throw JSONError(problem: .badEscape, offset: start)
        }
    }

    @_lifetime(self: copy self)
    private mutating func fourHexDigits() -> UInt32? {
        guard bytes.count - index >= 4 else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = bytes[index + offset].hexValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
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

    private func peek() throws(JSONError) -> UInt8 {
        guard index < bytes.count else {
            throw JSONError(problem: .endsEarly, offset: bytes.count)
        }
        return bytes[index]
    }

    private func check(depth: Int) throws(JSONError) {
        if depth > JSONValue.depthLimit {
            throw JSONError(
                problem: .tooDeep(limit: JSONValue.depthLimit), offset: index)
        }
    }

    private func unexpected() -> JSONError {
        JSONError(
            problem: index < bytes.count ? .unexpected(bytes[index]) : .endsEarly, offset: index)
    }
}

private typealias Member = JSONValue.Member
