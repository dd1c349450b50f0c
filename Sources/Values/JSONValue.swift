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
        return String(decoding: bytes, as: UTF8.self)
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
        let place = " at byte " + String(offset)
        switch problem {
        case .empty: return "there is no JSON value, the text is empty"
        case .endsEarly: return "the JSON text ends early," + place
        case .unexpected(let byte):
            if byte > 0x20, byte < 0x7F {
                return "unexpected character " + String(decoding: [byte], as: UTF8.self) + place
            }
            return "unexpected byte " + String(byte) + place
        case .unknownWord: return "a word that is neither true nor false nor null" + place
        case .badNumber: return "a number that is not written as JSON wants it" + place
        case .badEscape: return "an unknown escape behind a backslash" + place
        case .tooDeep(let limit):
            return "more than " + String(limit) + " levels of lists and objects" + place
        case .trailing: return "something follows behind the JSON value" + place
        }
    }
}
