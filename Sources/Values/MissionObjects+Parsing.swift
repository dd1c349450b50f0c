// Reads the two JSON objects of `:MISSION:START:` (docs/formats/commands.md). First every key is checked,
// which is all that the plug-in needs; then nothing is left that could fail.

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
        try self.init(argument, "world", ignoringCase: true)
        try check("author", .optionalText)
        try check("workshopID", .optionalText)
        try check("displayName", .optionalText)
        try check("worldName", .optionalText)
        try check("worldNameOriginal", .optionalText)
        try check("worldSize", .optionalNumber)
        try check("latitude", .optionalNumber)
        try check("longitude", .optionalNumber)
    }

    /// Reads the mission object from the argument as the game passed it. Every key but the few that
    /// are ignored must be there.
    public init(mission argument: Span<UInt8>) throws(MissionObjectError) {
        try self.init(argument, "mission", ignoringCase: false)
        try check("missionName", .text)
        try check("briefingName", .text)
        try check("missionNameSource", .text)
        try check("onLoadName", .text)
        try check("author", .text)
        try check("serverName", .text)
        try check("serverProfile", .text)
        try check("tag", .text)
        try check("captureDelay", .number)
        try check("addons", .addons)
        try check("playableSlots", .counts, least: 5)
        try check("sideFriendly", .flags, least: 3)
    }

    private init(
        _ argument: Span<UInt8>, _ name: StaticName, ignoringCase: Bool
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
    }

    /// Asks something of a key's value, or of the first `least` elements of a list (0: of all).
    @inline(never)
    private func check(
        _ key: StaticName, _ kind: MissionKind, least: Int = 0
    ) throws(MissionObjectError) {
        guard let found = self[key.literal] else {
            if kind.isOptional { return }
            throw .missingKey(object: name, key: key)
        }
        guard kind.isList else {
            if kind.holds(found) || (kind.isOptional && found == .null) { return }
            throw .wrongKind(object: name, key: key, wanted: kind.wanted, found: found.kindName)
        }
        guard case .array(let elements) = found else {
            throw .wrongKind(object: name, key: key, wanted: "a list", found: found.kindName)
        }
        guard elements.count >= least else {
            throw .tooShort(object: name, key: key, count: elements.count, needed: least)
        }
        for index in 0..<(least == 0 ? elements.count : least)
        where !kind.holds(elements[index]) {
            throw .wrongElement(object: name, key: key, index: index, wanted: kind.wanted)
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
