// Reads the two JSON objects of `:MISSION:START:` (docs/formats/commands.md). First every key is checked
// against a table, which is all that the plug-in needs; then nothing is left that could fail.

/// One of the two objects, checked: each key that is asked for is there and of its kind.
public struct MissionObject {
    private let name: StaticName
    private let value: JSONValue
    private let ignoringCase: Bool

    /// Bytes of an argument beyond which an object is refused: the plug-in hands both to its own thread
    /// through a ring of fixed size. (Real ones have 1 to 20 KB.)
    public static let argumentLimit = 128 * 1024

    /// Reads the world object from the argument as the game passed it. Every key is optional, the case
    /// of keys does not matter, `null` counts as not there.
    public init(world argument: Span<UInt8>) throws(MissionObjectError) {
        try self.init(argument, "world", WorldInfo.keys, ignoringCase: true)
    }

    /// Reads the mission object from the argument as the game passed it. Every key but the few that
    /// are ignored must be there.
    public init(mission argument: Span<UInt8>) throws(MissionObjectError) {
        try self.init(argument, "mission", MissionInfo.keys, ignoringCase: false)
    }

    private init(
        _ argument: Span<UInt8>, _ name: StaticName, _ keys: [MissionKey], ignoringCase: Bool
    ) throws(MissionObjectError) {
        self.name = name
        self.ignoringCase = ignoringCase
        guard argument.count <= Self.argumentLimit else {
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
        for key in keys { try check(key) }
    }

    private func check(_ key: MissionKey) throws(MissionObjectError) {
        guard let found = self[key.name.literal] else {
            if key.kind.isOptional { return }
            throw .missingKey(object: name, key: key.name)
        }
        guard key.kind.isList else {
            if key.kind.holds(found) || (key.kind.isOptional && found == .null) { return }
            throw .wrongKind(
                object: name, key: key.name, wanted: key.kind.wanted, found: found.kindName)
        }
        guard case .array(let elements) = found else {
            throw .wrongKind(object: name, key: key.name, wanted: "a list", found: found.kindName)
        }
        guard elements.count >= key.count else {
            throw .tooShort(
                object: name, key: key.name, count: elements.count, needed: key.count)
        }
        for index in 0..<(key.count == 0 ? elements.count : key.count)
        where !key.kind.holds(elements[index]) {
            throw .wrongElement(
                object: name, key: key.name, index: index, wanted: key.kind.wanted)
        }
    }

    subscript(key: StaticString) -> JSONValue? { value.member(key, ignoringCase: ignoringCase) }

    /// The text of a key; empty when it is not there.
    public func text(_ key: StaticString) -> String { self[key]?.string ?? "" }

    func number(_ key: StaticString) -> Float { Float(self[key]?.number ?? 0) }

    /// The elements of a list that was asked for.
    func list(_ key: StaticString) -> [JSONValue] {
        guard case .array(let elements) = self[key] else { return [] }
        return elements
    }
}

/// A key of an object, and what is asked of it.
struct MissionKey {
    let name: StaticName
    let kind: MissionKind
    /// How many elements of a list are read; 0: all.
    let count: Int

    init(_ name: StaticName, _ kind: MissionKind, count: Int = 0) {
        self.name = name
        self.kind = kind
        self.count = count
    }
}

/// What a value, or each element of a list, must be.
enum MissionKind: UInt8 {
    case text, number, optionalText, optionalNumber
    /// Lists.
    case addons, counts, flags

    var isOptional: Bool { self == .optionalText || self == .optionalNumber }
    var isList: Bool { rawValue >= MissionKind.addons.rawValue }

    var wanted: StaticName {
        switch self {
        case .text, .optionalText: "a text"
        case .number, .optionalNumber: "a number that 32 bits can hold"
        case .addons: "a list of a name (text) and an id (text or whole number)"
        case .counts: "a number"
        case .flags: "true or false"
        }
    }

    func holds(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.text, .string), (.optionalText, .string), (.flags, .bool), (.counts, .number): true
        case (.number, .number(let number, _)), (.optionalNumber, .number(let number, _)):
            Float(number).isFinite
        case (.addons, .array(let pair)):
            pair.count >= 2 && MissionKind.text.holds(pair[0]) && Self.isWorkshopID(pair[1])
        default: false
        }
    }

    private static func isWorkshopID(_ value: JSONValue) -> Bool {
        guard case .number(let number, _) = value else { return MissionKind.text.holds(value) }
        // Steam's ids have 64 bits; the text of any number stays out of the plug-in.
        return number.isWhole && abs(number) < 9e18
    }
}

extension WorldInfo {
    static let keys = [
        MissionKey("author", .optionalText), MissionKey("workshopID", .optionalText),
        MissionKey("displayName", .optionalText), MissionKey("worldName", .optionalText),
        MissionKey("worldNameOriginal", .optionalText), MissionKey("worldSize", .optionalNumber),
        MissionKey("latitude", .optionalNumber), MissionKey("longitude", .optionalNumber),
    ]

    /// Reads the world object, as `MissionObject` says.
    public static func parse(_ argument: Span<UInt8>) throws(MissionObjectError) -> WorldInfo {
        let object = try MissionObject(world: argument)
        var world = WorldInfo()
        world.author = object.text("author")
        world.workshopID = object.text("workshopID")
        world.displayName = object.text("displayName")
        world.worldName = object.text("worldName")
        world.worldNameOriginal = object.text("worldNameOriginal")
        world.worldSize = object.number("worldSize")
        world.latitude = object.number("latitude")
        world.longitude = object.number("longitude")
        return world
    }
}

extension MissionInfo {
    static let keys = [
        MissionKey("missionName", .text), MissionKey("briefingName", .text),
        MissionKey("missionNameSource", .text), MissionKey("onLoadName", .text),
        MissionKey("author", .text), MissionKey("serverName", .text),
        MissionKey("serverProfile", .text), MissionKey("tag", .text),
        MissionKey("captureDelay", .number), MissionKey("addons", .addons),
        MissionKey("playableSlots", .counts, count: 5),
        MissionKey("sideFriendly", .flags, count: 3),
    ]

    /// Reads the mission object, as `MissionObject` says.
    public static func parse(_ argument: Span<UInt8>) throws(MissionObjectError) -> MissionInfo {
        let object = try MissionObject(mission: argument)
        var mission = MissionInfo()
        mission.missionName = object.text("missionName")
        mission.briefingName = object.text("briefingName")
        mission.missionNameSource = object.text("missionNameSource")
        mission.onLoadName = object.text("onLoadName")
        mission.author = object.text("author")
        mission.serverName = object.text("serverName")
        mission.serverProfile = object.text("serverProfile")
        mission.tag = object.text("tag")
        mission.captureDelay = object.number("captureDelay")
        for case .array(let pair) in object.list("addons") where pair.count >= 2 {
            mission.addons.append(
                AddonInfo(name: pair[0].string ?? "", workshopID: workshopID(pair[1])))
        }
        // A count beyond what a byte holds is kept as the nearest that fits.
        mission.playableSlots = object.list("playableSlots").prefix(5).map {
            UInt8(max(0, min(255, $0.number ?? 0)))
        }
        mission.sideFriendly = object.list("sideFriendly").prefix(3).map { $0 == .bool(true) }
        return mission
    }

    private static func workshopID(_ value: JSONValue) -> String {
        guard let number = value.number else { return value.string ?? "" }
        return String(Int64(number))
    }
}
