// The two JSON objects of `:MISSION:START:`. The plug-in checks them before it answers
// `:MISSION:OK:`, the decoder reads them again later: one reading, in `MissionObjects+Parsing`.

/// The terrain, first argument of `:MISSION:START:`. Missing keys are empty or 0.
public struct WorldInfo: Equatable, Sendable {
    /// The terrain's author.
    public var author = ""
    /// Steam workshop id of the terrain's mod, empty when there is none.
    public var workshopID = ""
    /// The name that players see.
    public var displayName = ""
    /// Class name in lower case.
    public var worldName = ""
    /// Class name as the game has it.
    public var worldNameOriginal = ""
    /// Edge length, metres.
    public var worldSize: Float = 0
    /// Degrees, as sent.
    public var latitude: Float = 0
    /// Degrees, as sent.
    public var longitude: Float = 0

    /// A world of which nothing is known.
    public init() {}
}

/// A mod the server runs.
public struct AddonInfo: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Steam workshop id as decimal text, or empty.
    public var workshopID: String

    /// A mod.
    public init(name: String, workshopID: String) {
        self.name = name
        self.workshopID = workshopID
    }
}

/// The mission, second argument of `:MISSION:START:`.
public struct MissionInfo: Equatable, Sendable {
    /// The mission's file name.
    public var missionName = ""
    /// The name in the mission list.
    public var briefingName = ""
    /// The name of the mission's source.
    public var missionNameSource = ""
    /// The name shown while loading, may be empty.
    public var onLoadName = ""
    /// May be empty.
    public var author = ""
    /// The server's name.
    public var serverName = ""
    /// The server's profile.
    public var serverProfile = ""
    /// The kind of mission, e.g. `COOP`.
    public var tag = ""
    /// Seconds a frame.
    public var captureDelay: Float = 0
    /// The server's mods.
    public var addons: [AddonInfo] = []
    /// East, west, independent, civilian, logic.
    public var playableSlots: [UInt8] = [0, 0, 0, 0, 0]
    /// East–west, east–independent, west–independent.
    public var sideFriendly: [Bool] = [false, false, false]

    /// A mission of which nothing is known.
    public init() {}
}
