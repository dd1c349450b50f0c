// Reads and checks the two JSON objects of `:MISSION:START:` (docs/formats/commands.md). The
// messages reach server owners, so they name the key and what was expected.

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
        // Put together from parts: interpolation would cost the plug-in a few KB of code.
        let parts: [String]
        switch self {
        case .missingArgument(let count):
            parts = [
                ":MISSION:START: needs a world and a mission object, it came with ", String(count),
                " argument(s)",
            ]
        case .notJSON(let object, let error):
            parts = [
                "the ", object.string, " object of :MISSION:START: is no JSON: ", error.sentence,
            ]
        case .tooLarge(let object, let count):
            parts = [
                "the ", object.string, " object of :MISSION:START: is too large: ", String(count),
                " bytes",
            ]
        case .notAnObject(let object, let found):
            parts = [
                "the ", object.string, " argument of :MISSION:START: must be a JSON object, it is ",
                found,
            ]
        case .missingKey(let object, let key):
            parts = ["the ", object.string, " object has no \"", key.string, "\""]
        case .wrongKind(let object, let key, let wanted, let found):
            parts = [
                "\"", key.string, "\" of the ", object.string, " object must be ", wanted.string,
                ", it is ", found,
            ]
        case .wrongElement(let object, let key, let index, let wanted):
            parts = [
                "element ", String(index), " of \"", key.string, "\" of the ", object.string,
                " object must be ", wanted.string,
            ]
        case .tooShort(let object, let key, let count, let needed):
            parts = [
                "\"", key.string, "\" of the ", object.string, " object has ", String(count),
                " elements, ", String(needed), " are needed",
            ]
        }
        var sentence = ""
        for part in parts { sentence += part }
        return sentence
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
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The name as it is needed to find a JSON member.
    var literal: StaticString { text }

    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: text)
        return bytes
    }
}

extension WorldInfo {
    /// Reads the world object from the argument as the game passed it. Every key is optional, the
    /// case of keys does not matter, `null` counts as not there.
    public static func parse(_ argument: Span<UInt8>) throws(MissionObjectError) -> WorldInfo {
        let object = try MissionObject(argument, name: "world", ignoringCase: true)
        var world = WorldInfo()
        world.author = try object.optionalText("author")
        world.workshopID = try object.optionalText("workshopID")
        world.displayName = try object.optionalText("displayName")
        world.worldName = try object.optionalText("worldName")
        world.worldNameOriginal = try object.optionalText("worldNameOriginal")
        world.worldSize = try object.optionalNumber("worldSize")
        world.latitude = try object.optionalNumber("latitude")
        world.longitude = try object.optionalNumber("longitude")
        return world
    }
}

extension MissionInfo {
    /// Bytes of an argument beyond which a mission or world object is refused: the plug-in hands both
    /// to its own thread through a ring of fixed size. (Real ones have 1 to 20 KB.)
    public static let argumentLimit = 128 * 1024

    /// Reads the mission object from the argument as the game passed it. Every key but the few that
    /// are ignored must be there with its type.
    public static func parse(_ argument: Span<UInt8>) throws(MissionObjectError) -> MissionInfo {
        let object = try MissionObject(argument, name: "mission", ignoringCase: false)
        var mission = MissionInfo()
        mission.missionName = try object.text("missionName")
        mission.briefingName = try object.text("briefingName")
        mission.missionNameSource = try object.text("missionNameSource")
        mission.onLoadName = try object.text("onLoadName")
        mission.author = try object.text("author")
        mission.serverName = try object.text("serverName")
        mission.serverProfile = try object.text("serverProfile")
        mission.tag = try object.text("tag")
        mission.captureDelay = try object.number("captureDelay")
        mission.addons = try addons(of: object)
        mission.playableSlots = try slots(of: object)
        mission.sideFriendly = try relations(of: object)
        return mission
    }

    private static func addons(
        of object: MissionObject
    ) throws(MissionObjectError) -> [AddonInfo] {
        let key: StaticName = "addons"
        let wanted: StaticName = "a list of a name (text) and an id (text or whole number)"
        var addons: [AddonInfo] = []
        for (index, element) in try object.list(key, atLeast: 0).enumerated() {
            guard case .array(let pair) = element, pair.count >= 2, let name = pair[0].string,
                let id = workshopID(pair[1])
            else {
                throw .wrongElement(object: object.name, key: key, index: index, wanted: wanted)
            }
            addons.append(AddonInfo(name: name, workshopID: id))
        }
        return addons
    }

    private static func workshopID(_ value: JSONValue) -> String? {
        switch value {
        case .string(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .number(let number, _):
            // Steam's ids have 64 bits; the text of any number stays out of the plug-in.
            guard number.isWhole, abs(number) < 9e18 else { return nil }
            return String(Int64(number))
        default: return nil
        }
    }

    /// A count beyond what a byte holds is kept as the nearest that fits.
    private static func slots(of object: MissionObject) throws(MissionObjectError) -> [UInt8] {
        let key: StaticName = "playableSlots"
        var slots: [UInt8] = []
        for (index, element) in try object.list(key, atLeast: 5).prefix(5).enumerated() {
            guard case .number(let number, _) = element else {
                throw .wrongElement(
                    object: object.name, key: key, index: index, wanted: "a number")
            }
            slots.append(UInt8(max(0, min(255, number))))
        }
        return slots
    }

    private static func relations(of object: MissionObject) throws(MissionObjectError) -> [Bool] {
        let key: StaticName = "sideFriendly"
        var relations: [Bool] = []
        for (index, element) in try object.list(key, atLeast: 3).prefix(3).enumerated() {
            guard case .bool(let isFriendly) = element else {
                throw .wrongElement(
                    object: object.name, key: key, index: index, wanted: "true or false")
            }
            relations.append(isFriendly)
        }
        return relations
    }
}

/// One of the two objects, with the questions that are asked of it.
private struct MissionObject {
    let name: StaticName
    private let value: JSONValue
    private let ignoringCase: Bool

    init(
        _ argument: Span<UInt8>, name: StaticName, ignoringCase: Bool
    ) throws(MissionObjectError) {
        self.name = name
        self.ignoringCase = ignoringCase
        guard argument.count <= MissionInfo.argumentLimit else {
            throw .tooLarge(object: name, count: argument.count)
        }
        let text = ArgumentText.value(argument)
        do throws(JSONError) {
            value = try JSONValue.parse(text.span)
        } catch {
            throw .notJSON(object: name, error)
        }
        guard case .object = value else {
            throw .notAnObject(object: name, found: value.kindName)
        }
    }

    func text(_ key: StaticName) throws(MissionObjectError) -> String {
        let found = try required(key)
        guard let text = found.string else { throw wrong(key, "a text", found) }
        return text
    }

    func optionalText(_ key: StaticName) throws(MissionObjectError) -> String {
        guard let found = optional(key) else { return "" }
        guard let text = found.string else { throw wrong(key, "a text", found) }
        return text
    }

    func number(_ key: StaticName) throws(MissionObjectError) -> Float {
        try single(try required(key), key)
    }

    func optionalNumber(_ key: StaticName) throws(MissionObjectError) -> Float {
        guard let found = optional(key) else { return 0 }
        return try single(found, key)
    }

    func list(
        _ key: StaticName, atLeast needed: Int
    ) throws(MissionObjectError) -> [JSONValue] {
        let found = try required(key)
        guard case .array(let elements) = found else { throw wrong(key, "a list", found) }
        guard elements.count >= needed else {
            throw .tooShort(object: name, key: key, count: elements.count, needed: needed)
        }
        return elements
    }

    private func single(_ found: JSONValue, _ key: StaticName) throws(MissionObjectError) -> Float {
        guard case .number(let number, _) = found, Float(number).isFinite else {
            throw wrong(key, "a number that 32 bits can hold", found)
        }
        return Float(number)
    }

    private func required(_ key: StaticName) throws(MissionObjectError) -> JSONValue {
        guard let found = value.member(key.literal, ignoringCase: ignoringCase) else {
            throw .missingKey(object: name, key: key)
        }
        return found
    }

    private func optional(_ key: StaticName) -> JSONValue? {
        let found = value.member(key.literal, ignoringCase: ignoringCase)
        return found == .null ? nil : found
    }

    private func wrong(
        _ key: StaticName, _ wanted: StaticName, _ found: JSONValue
    ) -> MissionObjectError {
        .wrongKind(object: name, key: key, wanted: wanted, found: found.kindName)
    }
}
