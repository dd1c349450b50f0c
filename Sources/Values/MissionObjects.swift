// The two JSON objects of `:MISSION:START:`. The plug-in checks them before it answers
// `:MISSION:OK:`, the decoder reads them again later: one reading, here.

/// The terrain, first argument of `:MISSION:START:`. Missing keys are empty or 0.
public struct WorldInfo: Equatable, Sendable {
    public var author = ""
    public var workshopID = ""
    public var displayName = ""
    /// Class name in lower case.
    public var worldName = ""
    public var worldNameOriginal = ""
    /// Edge length, metres.
    public var worldSize: Float = 0
    public var latitude: Float = 0
    public var longitude: Float = 0
    public init() {}
}

/// A mod the server runs.
public struct AddonInfo: Equatable, Sendable {
    public var name: String
    /// Steam workshop id as decimal text, or empty.
    public var workshopID: String
    public init(name: String, workshopID: String) {
        self.name = name
        self.workshopID = workshopID
    }
}

/// The mission, second argument of `:MISSION:START:`.
public struct MissionInfo: Equatable, Sendable {
    public var missionName = ""
    public var briefingName = ""
    public var missionNameSource = ""
    public var onLoadName = ""
    public var author = ""
    public var serverName = ""
    public var serverProfile = ""
    public var tag = ""
    /// Seconds a frame.
    public var captureDelay: Float = 0
    public var addons: [AddonInfo] = []
    /// East, west, independent, civilian, logic.
    public var playableSlots: [UInt8] = [0, 0, 0, 0, 0]
    /// East–west, east–independent, west–independent.
    public var sideFriendly: [Bool] = [false, false, false]
    public init() {}
}
