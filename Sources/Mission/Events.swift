// What a recording is made of, decoded: the events that the mission model hands to every sink (replay
// JSON, SQLite, PostgreSQL, a stream to the web). Spellings, defaults and drop rules have been
// applied; nothing here knows of any output format.
//
// The frequent events are plain bits: texts are numbers of the recording's `TextTable`, so that an
// event costs no allocation. Frames are the game's own (1-based, 0 = before the recording).

/// A text of the recording, as a number in its `TextTable`. Number 0 is the empty text.
public struct Text: Hashable, Sendable {
    public let index: UInt32
    public init(index: UInt32) { self.index = index }
    public static let empty = Text(index: 0)
    public var isEmpty: Bool { index == 0 }
}

/// Metres: x east, y north, z above sea level. Always finite.
public struct Position: Equatable, Sendable {
    public var x: Double
    public var y: Double
    public var z: Double
    public init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }
}

/// Where an event stands in the log.
public struct Stamp: Equatable, Sendable {
    /// Sequence number of the call.
    public var sequence: UInt64
    /// UTC nanoseconds since 1970.
    public var time: Int64
    public init(sequence: UInt64, time: Int64) {
        self.sequence = sequence
        self.time = time
    }
}

/// What an id in an event refers to.
public enum EntityReference: Equatable, Sendable {
    /// The game named nobody (an id below 0).
    case none
    case soldier(UInt16)
    case vehicle(UInt16)
    /// An id that no CREATE of the recording explains.
    case unknown(UInt16)
}

public struct SoldierCreated: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    public var name: Text
    public var group: Text
    public var side: Text
    public var isPlayer: Bool
    public var roleDescription: Text
    public var className: Text
    public var displayName: Text
    public var playerUID: Text
    /// A JSON array (or `null`) as sent.
    public var squadParams: Text
    /// A CREATE of this id came before in this recording.
    public var isRecreation: Bool
}

public struct Scores: Equatable, Sendable {
    public var infantryKills: Int32
    public var vehicleKills: Int32
    public var armorKills: Int32
    public var airKills: Int32
    public var deaths: Int32
    public var total: Int32
}

public struct SoldierState: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    public var position: Position
    public var bearing: UInt16
    /// 0 dead, 1 alive, 2 unconscious.
    public var lifeState: UInt8
    public var inVehicle: Bool
    public var isPlayer: Bool
    public var hasStableVitals: Bool
    public var isDraggedCarried: Bool
    public var name: Text
    public var role: Text
    public var vehicleRole: Text
    public var stance: Text
    /// Filled in from the CREATE where the call left it empty.
    public var group: Text
    public var side: Text
    public var vehicleID: UInt16?
    /// Players only.
    public var scores: Scores?
}

public struct VehicleCreated: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    /// Icon class: `car`, `heli`, …
    public var vehicleClass: Text
    public var displayName: Text
    public var className: Text
    public var customization: Text
    public var side: Text
    public var isRecreation: Bool
}

public struct VehicleState: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    public var position: Position
    public var bearing: UInt16
    public var isAlive: Bool
    public var engineOn: Bool
    public var isLocked: Bool
    /// Ids of the crew as text with brackets, `[20,21]`; always a JSON array of whole numbers, or
    /// empty.
    public var crew: Text
    public var fuel: Float
    public var damage: Float
    public var side: Text
    public var vectorDir: Text
    public var vectorUp: Text
    public var turretAzimuth: Float
    public var turretElevation: Float
}

/// `:SOLDIER:DELETE:` or `:VEHICLE:DELETE:`.
public struct EntityDeleted: Equatable, Sendable {
    public var frame: UInt32
    public var entity: EntityReference
}

public struct TimeState: Equatable, Sendable {
    public var frame: UInt32
    public var systemTimeUTC: Text
    public var missionDate: Text
    public var timeMultiplier: Float
    public var missionTime: Float
}

public struct TrajectoryPoint: Equatable, Sendable {
    /// The engine's tick time, seconds.
    public var tick: Double
    public var frame: UInt32
    public var position: Position
}

public struct ProjectileHit: Equatable, Sendable {
    /// `.soldier` or `.vehicle`.
    public var entity: EntityReference
    public var frame: UInt32
    public var position: Position
    public var components: [Text]
}

public struct ProjectileFired: Equatable, Sendable {
    public var frame: UInt32
    public var firedTime: Double
    public var firerID: UInt16
    /// As sent: the firer's own id when on foot; nil when negative.
    public var vehicleID: UInt16?
    public var vehicleRole: Text
    public var remoteControllerID: UInt16?
    public var weapon: Text
    public var weaponDisplay: Text
    public var muzzle: Text
    public var muzzleDisplay: Text
    public var magazine: Text
    public var magazineDisplay: Text
    public var ammo: Text
    public var fireMode: Text
    public var trajectory: [TrajectoryPoint]
    public var initialVelocity: Text
    public var hits: [ProjectileHit]
    public var simulation: Text
    /// `simulation` is exactly `shotBullet`.
    public var isBullet: Bool
    public var isSubmunition: Bool
    public var magazineIcon: Text
}

public struct Killed: Equatable, Sendable {
    public var frame: UInt32
    public var victim: EntityReference
    public var killer: EntityReference
    public var weaponVehicle: Text
    public var weaponName: Text
    public var weaponMagazine: Text
    /// `vehicle: weapon [magazine]`
    public var weaponText: Text
    public var distance: Float
}

public struct GeneralEvent: Equatable, Sendable {
    public var frame: UInt32
    public var name: Text
    public var message: Text
    /// JSON as sent, `{}` when there was none.
    public var extraData: Text
}

public struct SectorEvent: Equatable, Sendable {
    public var frame: UInt32
    public var name: Text
    public var objectType: Text
    public var unitName: Text
    public var side: Text
    /// (0, 0, 0) when not sent.
    public var position: Position
    public var hasPosition: Bool
}

public struct EndMission: Equatable, Sendable {
    public var frame: UInt32
    public var side: Text
    public var message: Text
}

public struct ChatMessage: Equatable, Sendable {
    public var frame: UInt32
    /// `.soldier` or `.none`.
    public var sender: EntityReference
    public var channel: Int32
    /// The channel's name, e.g. `Side`.
    public var channelName: Text
    public var fromName: Text
    public var senderName: Text
    public var message: Text
    public var playerUID: Text
}

public struct RadioTransmission: Equatable, Sendable {
    public var frame: UInt32
    public var sender: EntityReference
    public var radio: Text
    public var radioType: Text
    public var startEnd: Text
    public var channel: Int32
    public var isAdditional: Bool
    public var frequency: Float
    public var code: Text
}

/// Counts of one locality of one side.
public struct SideCounts: Equatable, Sendable {
    public var unitsTotal: Int32
    public var unitsAlive: Int32
    public var unitsDead: Int32
    public var groups: Int32
    public var vehicles: Int32
    public var weaponHolders: Int32
}

public struct PlayerNetwork: Equatable, Sendable {
    public var uid: Text
    public var name: Text
    public var ping: Double
    public var bandwidth: Double
    public var desync: Double
}

public struct Telemetry: Equatable, Sendable {
    public var frame: UInt32
    public var fpsAverage: Float
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
    public var players: [PlayerNetwork]
}

public struct MarkerCreated: Equatable, Sendable {
    public var frame: UInt32
    /// 1, 2, 3 … in the order of creation within the recording: tells apart re-created names.
    public var markerID: UInt32
    public var name: Text
    public var direction: Float
    public var type: Text
    public var text: Text
    /// −1 = none.
    public var ownerID: Int32
    /// As sent, with `#`.
    public var color: Text
    /// As sent, `[1,1]`.
    public var size: Text
    public var side: Text
    public var position: Position
    /// Two or more points (z = 0) for shape `POLYLINE`, else empty.
    public var polyline: [Position]
    public var shape: Text
    public var alpha: Float
    public var brush: Text
}

public struct MarkerState: Equatable, Sendable {
    public var frame: UInt32
    public var markerID: UInt32
    public var position: Position
    public var direction: Float
    public var alpha: Float
    public var text: Text
    public var color: Text
    public var size: Text
    public var type: Text
    public var brush: Text
    public var shape: Text
}

public struct MarkerDeleted: Equatable, Sendable {
    public var frame: UInt32
    public var markerID: UInt32
}

public struct PlacedCreated: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    public var className: Text
    public var displayName: Text
    public var position: Position
    public var ownerID: UInt16
    public var side: Text
    public var weapon: Text
    public var magazineIcon: Text
}

public struct PlacedEvent: Equatable, Sendable {
    public var frame: UInt32
    public var id: UInt16
    /// `detonated`, `deleted`, `hit`.
    public var type: Text
    public var position: Position
    public var hitEntity: EntityReference
}

public struct ACE3Death: Equatable, Sendable {
    public var frame: UInt32
    public var soldierID: UInt16
    public var reason: Text
    public var lastDamageSource: EntityReference
}

public struct ACE3Unconscious: Equatable, Sendable {
    public var frame: UInt32
    public var soldierID: UInt16
    public var isUnconscious: Bool
}

/// Frames from start to end, both 1-based and inclusive.
public struct FocusRange: Equatable, Sendable {
    public var start: UInt32
    public var end: UInt32
}

/// One decoded event of a recording. The model guarantees: an entity's CREATE is handed over before
/// its states, a marker's before its states; an id inside is classified with the whole recording
/// known (strict mode: with what came before it).
public enum MissionEvent: Equatable, Sendable {
    case soldierCreated(SoldierCreated)
    case soldierState(SoldierState)
    case soldierDeleted(EntityDeleted)
    case vehicleCreated(VehicleCreated)
    case vehicleState(VehicleState)
    case vehicleDeleted(EntityDeleted)
    case timeState(TimeState)
    case projectile(ProjectileFired)
    case killed(Killed)
    case general(GeneralEvent)
    case sector(SectorEvent)
    case endMission(EndMission)
    case chat(ChatMessage)
    case radio(RadioTransmission)
    case telemetry(Telemetry)
    case markerCreated(MarkerCreated)
    case markerState(MarkerState)
    case markerDeleted(MarkerDeleted)
    case placedCreated(PlacedCreated)
    case placedEvent(PlacedEvent)
    case ace3Death(ACE3Death)
    case ace3Unconscious(ACE3Unconscious)
    case focus(FocusRange)
}
