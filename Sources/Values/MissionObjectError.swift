// Why a `:MISSION:START:` is not recorded. The sentences reach server owners, so they name the key and what
// was expected of it.

/// Why an argument of `:MISSION:START:` can't be used.
public enum MissionObjectError: Error, Equatable, Sendable {
    /// Fewer than two arguments were passed.
    case missingArgument(count: Int)
    /// The argument is no JSON.
    case notJSON(object: StaticName, JSONError)
    /// The argument is longer than any description of a mission.
    case tooLarge(object: StaticName, count: Int)
    /// It is JSON, but no object.
    case notAnObject(object: StaticName, found: String)
    /// A key that must be there is missing.
    case missingKey(object: StaticName, key: StaticName)
    /// A key's value is of the wrong kind.
    case wrongKind(object: StaticName, key: StaticName, wanted: StaticName, found: String)
    /// One element of a list is wrong.
    case wrongElement(object: StaticName, key: StaticName, index: Int, wanted: StaticName)
    /// A list is too short.
    case tooShort(object: StaticName, key: StaticName, count: Int, needed: Int)

    /// A sentence for the server's owner.
    public var sentence: String {
        switch self {
        case .missingArgument(let count):
            String(
                filling:
                    ":MISSION:START: needs a world and a mission object, it came with % argument(s)",
                [String(count)])
        case .notJSON(let object, let error):
            String(
                filling: "the % object of :MISSION:START: is no JSON: %",
                [object.string, error.sentence])
        case .tooLarge(let object, let count):
            String(
                filling: "the % object of :MISSION:START: is too large: % bytes",
                [object.string, String(count)])
        case .notAnObject(let object, let found):
            String(
                filling: "the % argument of :MISSION:START: must be a JSON object, it is %",
                [object.string, found])
        case .missingKey(let object, let key):
            String(filling: "the % object has no \"%\"", [object.string, key.string])
        case .wrongKind(let object, let key, let wanted, let found):
            String(
                filling: "\"%\" of the % object must be %, it is %",
                [key.string, object.string, wanted.string, found])
        case .wrongElement(let object, let key, let index, let wanted):
            String(
                filling: "element % of \"%\" of the % object must be %",
                [String(index), key.string, object.string, wanted.string])
        case .tooShort(let object, let key, let count, let needed):
            String(
                filling: "\"%\" of the % object has % elements, % are needed",
                [key.string, object.string, String(count), String(needed)])
        }
    }
}

/// A name from the source code, comparable.
public struct StaticName: Equatable, Sendable, ExpressibleByStringLiteral {
    private let text: StaticString

    /// A name.
    public init(stringLiteral text: StaticString) { self.text = text }

    /// Same bytes?
    public static func == (left: StaticName, right: StaticName) -> Bool {
        left.bytes == right.bytes
    }

    /// The name as a `String`.
    public var string: String { String(text) }

    /// The name as it is needed to find a JSON member.
    var literal: StaticString { text }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: text)
        return bytes
    }
}
