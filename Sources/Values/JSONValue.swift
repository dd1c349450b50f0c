// JSON as a tree: for the configuration file and the mission objects, which are small. What is
// written in quantity is written as bytes (`JSONWriting`), never through a tree.

/// A JSON value. Texts are valid UTF-8 (mended on the way in), escapes are resolved.
public enum JSONValue: Equatable, Sendable {
    /// One key of an object with its value.
    public struct Member: Equatable, Sendable {
        /// The key's bytes, escapes resolved.
        public var key: [UInt8]
        /// The value.
        public var value: JSONValue
        /// A key with its value.
        public init(key: [UInt8], value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// The value (±infinity when too large for a double) and the text it was written as.
    case number(Double, raw: [UInt8])
    /// A text.
    case string([UInt8])
    /// A list.
    case array([JSONValue])
    /// Keys and values in the order of the text; a key may occur twice.
    case object([Member])

    /// The value of `key` in an object (the last one, when the key occurs twice); nil when this is no
    /// object or has no such key.
    public func member(_ key: StaticString, ignoringCase: Bool = false) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members.reversed() {
            let span = member.key.span
            if ignoringCase ? span.equalsIgnoringCase(key) : span.elementsEqual(key) {
                return member.value
            }
        }
        return nil
    }

    /// The text, when this is one.
    public var string: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(utf8: bytes)
    }

    /// The number, when this is one.
    public var number: Double? {
        guard case .number(let number, _) = self else { return nil }
        return number
    }

    /// What kind of value this is, for messages: `a number`, `an object` …
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// Why a text is no JSON.
public struct JSONError: Error, Equatable, Sendable {
    /// What was wrong.
    public enum Problem: Equatable, Sendable {
        /// There is nothing but white space.
        case empty
        /// The text ends inside a value.
        case endsEarly
        /// This can't stand here.
        case unexpected(UInt8)
        /// A word other than true, false and null.
        case unknownWord
        /// A number that is not written as JSON wants it.
        case badNumber
        /// A backslash with something unknown behind it.
        case badEscape
        /// Lists and objects in each other more than this many deep.
        case tooDeep(limit: Int)
        /// Something follows behind the value.
        case trailing
    }

    /// What was wrong.
    public var problem: Problem
    /// Index of the byte where it was noticed.
    public var offset: Int

    /// An error at a place.
    public init(problem: Problem, offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// A sentence for a person, e.g. `unexpected "x" at byte 17`.
    public var sentence: String {
        var parts: [String] = []
        let what: StaticString
        switch problem {
        case .empty: return "there is no JSON value, the text is empty"
        case .endsEarly: what = "the JSON text ends early,"
        case .unexpected(let byte):
            let isVisible = byte > 0x20 && byte < 0x7F
            what = isVisible ? "unexpected character %" : "unexpected byte %"
            parts.append(isVisible ? String(utf8: [byte]) : String(byte))
        case .unknownWord: what = "a word that is neither true nor false nor null"
        case .badNumber: what = "a number that is not written as JSON wants it"
        case .badEscape: what = "an unknown escape behind a backslash"
        case .tooDeep(let limit):
            what = "more than % levels of lists and objects"
            parts.append(String(limit))
        case .trailing: what = "something follows behind the JSON value"
        }
        return String(filling: what, parts) + " at byte " + String(offset)
    }
}
