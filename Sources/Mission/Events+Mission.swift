// What happens to the mission as a whole: time, messages, sectors, talk, the server's health.

/// The clocks at a frame.
public struct TimeState: Equatable, Sendable {
    /// The frame; 0 for the first one of a recording.
    public var frame: UInt32
    /// Real time, `YYYY-MM-DDThh:mm:ss.f`, unchecked.
    public var systemTimeUTC: Text
    /// The mission's date, `YYYY-MM-DDThh:mm:00`, unchecked.
    public var missionDate: Text
    /// How much faster the mission's time runs.
    public var timeMultiplier: Float
    /// Seconds since the mission began.
    public var missionTime: Float
}

/// A named event with a message: connects, tickets, scripted ones.
public struct GeneralEvent: Equatable, Sendable {
    /// When; 0 before the recording.
    public var frame: UInt32
    /// E.g. `connected`.
    public var name: Text
    /// A text, or an array's text.
    public var message: Text
    /// JSON as sent, `{}` when there was none. A transient text.
    public var extraData: Text
}

/// A sector changed hands.
public struct SectorEvent: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// `captured` or `contested`, unchecked.
    public var name: Text
    /// `sector`, or what a script gave.
    public var objectType: Text
    /// The sector's name.
    public var unitName: Text
    /// Who took it; empty when contested.
    public var side: Text
    /// (0, 0, 0) when not sent.
    public var position: Position
    /// A position was sent.
    public var hasPosition: Bool
}

/// The mission ended (for one side, possibly several times).
public struct EndMission: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// The winner, empty if none.
    public var side: Text
    /// Free text.
    public var message: Text
}

/// A chat message.
public struct ChatMessage: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// `.soldier`, `.none` when the game named nobody, `.unknown` (never in strict mode) for an id
    /// that is no soldier of the recording.
    public var sender: EntityReference
    /// The channel's number.
    public var channel: Int32
    /// The channel's name, e.g. `Side`.
    public var channelName: Text
    /// The sender as shown in the game.
    public var fromName: Text
    /// The sender's name.
    public var senderName: Text
    /// What was written.
    public var message: Text
    /// The sender's Steam id, may be empty.
    public var playerUID: Text
}

/// Somebody began or ended to talk on a radio.
public struct RadioTransmission: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// As for chat.
    public var sender: EntityReference
    /// The radio's shown name.
    public var radio: Text
    /// `SW`, `LR` or `SR`.
    public var radioType: Text
    /// `Start` or `Stop`.
    public var startEnd: Text
    /// The radio's channel.
    public var channel: Int32
    /// The additional channel is in use.
    public var isAdditional: Bool
    /// MHz.
    public var frequency: Float
    /// The encryption code, as text.
    public var code: Text
}

/// Counts of one locality of one side.
public struct SideCounts: Equatable, Sendable {
    /// Units, dead or alive.
    public var unitsTotal: Int32
    /// Living units.
    public var unitsAlive: Int32
    /// Dead units.
    public var unitsDead: Int32
    /// Groups.
    public var groups: Int32
    /// Vehicles.
    public var vehicles: Int32
    /// Things that lie on the ground.
    public var weaponHolders: Int32
}

/// A player's connection.
public struct PlayerNetwork: Equatable, Sendable {
    /// Steam id.
    public var uid: Text
    /// Name.
    public var name: Text
    /// Milliseconds.
    public var ping: Double
    /// As the engine says it.
    public var bandwidth: Double
    /// As the engine says it.
    public var desync: Double
}

/// The server's health, every ten seconds.
public struct Telemetry: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// Frames a second, average.
    public var fpsAverage: Float
    /// Frames a second, lowest.
    public var fpsMinimum: Float
    /// East, west, independent, civilian; each server-local, then remote: 8 elements.
    public var sides: [SideCounts]
    /// Units alive, dead, groups, vehicles, weapon holders, players alive, dead, connected: 8.
    public var global: [Int32]
    /// spawn, execVM, exec, execFSM, per-frame handlers: 5.
    public var scripts: [Int32]
    /// Fog, overcast, rain, humidity, waves, windDir, windStr, gusts, lightnings, moonIntensity,
    /// moonPhase, sunOrMoon: 12.
    public var weather: [Float]
    /// The players connected.
    public var players: [PlayerNetwork]
}

/// Frames from start to end, both 1-based and inclusive.
public struct FocusRange: Equatable, Sendable {
    /// The first frame.
    public var start: UInt32
    /// The last frame.
    public var end: UInt32

    /// Both ends.
    public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = end
    }
}
