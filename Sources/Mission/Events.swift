// What a recording is made of, decoded: the events that the mission model hands to every sink (replay
// JSON, SQLite, PostgreSQL, a stream to the web). Spellings, defaults and drop rules have been
// applied (docs/formats/commands.md); nothing here knows of any output format.
//
// The frequent events are plain bits: texts are numbers of the recording's `TextTable`, so that an
// event costs no allocation. Frames are the game's own (1-based, 0 = before the recording). The
// structures stand in `Events+Entities`, `Events+Combat`, `Events+Mission` and `Events+Markers`.

/// A text of the recording, as a number in its `TextTable`. Number 0 is the empty text.
public struct Text: Hashable, Sendable {
    /// The number: from 0 on, in the order of first use. A transient text has the highest bit set.
    public let index: UInt32

    /// The text of a number.
    public init(index: UInt32) { self.index = index }

    /// The empty text.
    public static let empty = Text(index: 0)

    /// Is it the empty text?
    public var isEmpty: Bool { index == 0 }

    /// A text that is valid only while the event it came with is being received: fields that hold
    /// such texts say so. (They differ from event to event, and the table would grow with the log.)
    public var isTransient: Bool { index & TextTable.transientBit != 0 }
}

/// Metres: x east, y north, z above sea level. Always finite.
public struct Position: Equatable, Sendable {
    /// East.
    public var x: Double
    /// North.
    public var y: Double
    /// Above sea level.
    public var z: Double

    /// A place.
    public init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// (0, 0, 0)
    public static let zero = Position(x: 0, y: 0, z: 0)
}

/// Where an event stands in the log.
public struct Stamp: Equatable, Sendable {
    /// Sequence number of the call.
    public var sequence: UInt64
    /// UTC nanoseconds since 1970.
    public var time: Int64

    /// A place in the log.
    public init(sequence: UInt64, time: Int64) {
        self.sequence = sequence
        self.time = time
    }
}

/// What an id in an event refers to.
public enum EntityReference: Equatable, Sendable {
    /// The game named nobody (an id below 0).
    case none
    /// A soldier of the recording.
    case soldier(UInt16)
    /// A vehicle of the recording.
    case vehicle(UInt16)
    /// An id that no CREATE of the recording explains.
    case unknown(UInt16)
}

/// One decoded event of a recording. The model guarantees: an entity's CREATE is handed over before
/// its states, a marker's before its states; an id inside is classified with the whole recording
/// known (strict mode: with what came before it).
public enum MissionEvent: Equatable, Sendable {
    /// `:SOLDIER:CREATE:`
    case soldierCreated(SoldierCreated)
    /// `:SOLDIER:STATE:`
    case soldierState(SoldierState)
    /// `:SOLDIER:DELETE:`
    case soldierDeleted(EntityDeleted)
    /// `:VEHICLE:CREATE:`
    case vehicleCreated(VehicleCreated)
    /// `:VEHICLE:STATE:`
    case vehicleState(VehicleState)
    /// `:VEHICLE:DELETE:`
    case vehicleDeleted(EntityDeleted)
    /// `:TIME:STATE:`
    case timeState(TimeState)
    /// `:EVENT:PROJECTILE:`
    case projectile(ProjectileFired)
    /// `:EVENT:KILL:`
    case killed(Killed)
    /// `:EVENT:GENERAL:`
    case general(GeneralEvent)
    /// `:EVENT:SECTOR:`
    case sector(SectorEvent)
    /// `:EVENT:ENDMISSION:`
    case endMission(EndMission)
    /// `:EVENT:CHAT:`
    case chat(ChatMessage)
    /// `:EVENT:RADIO:`
    case radio(RadioTransmission)
    /// `:TELEMETRY:FRAME:`
    case telemetry(Telemetry)
    /// `:MARKER:CREATE:`
    case markerCreated(MarkerCreated)
    /// `:MARKER:STATE:`
    case markerState(MarkerState)
    /// `:MARKER:DELETE:`
    case markerDeleted(MarkerDeleted)
    /// `:PLACED:CREATE:`
    case placedCreated(PlacedCreated)
    /// `:PLACED:EVENT:`
    case placedEvent(PlacedEvent)
    /// `:ACE3:DEATH:`
    case ace3Death(ACE3Death)
    /// `:ACE3:UNCONSCIOUS:`
    case ace3Unconscious(ACE3Unconscious)
    /// A range that `:MISSION:FOCUS_START:` and `:MISSION:FOCUS_END:` (or the recording's end) made.
    case focus(FocusRange)
}
