// Soldiers and vehicles: that they exist, what they do, that they are gone.

/// A soldier joins the recording.
public struct SoldierCreated: Equatable, Sendable {
    /// The frame it joined in.
    public var frame: UInt32
    /// Its id within the recording.
    public var id: UInt16
    /// The unit's name, may be empty.
    public var name: Text
    /// Its group, e.g. `Alpha 1-1`.
    public var group: Text
    /// Its side, e.g. `WEST`.
    public var side: Text
    /// A player controls it.
    public var isPlayer: Bool
    /// The lobby role, often `Role@Group`; empty for AI.
    public var roleDescription: Text
    /// Config class.
    public var className: Text
    /// The class's shown name.
    public var displayName: Text
    /// Steam id of a player, else empty.
    public var playerUID: Text
    /// A JSON array (or `null`) as sent.
    public var squadParams: Text
    /// A CREATE of this id came before in this recording.
    public var isRecreation: Bool
}

/// A player's scores.
public struct Scores: Equatable, Sendable {
    /// Soldiers killed.
    public var infantryKills: Int32
    /// Soft vehicles destroyed.
    public var vehicleKills: Int32
    /// Armour destroyed.
    public var armorKills: Int32
    /// Aircraft destroyed.
    public var airKills: Int32
    /// Own deaths.
    public var deaths: Int32
    /// The game's total.
    public var total: Int32
}

/// What a soldier is and does at a frame. Sent only when something changed.
public struct SoldierState: Equatable, Sendable {
    /// The frame it was taken in.
    public var frame: UInt32
    /// The soldier.
    public var id: UInt16
    /// Where it is.
    public var position: Position
    /// Degrees, 0 to 360.
    public var bearing: UInt16
    /// 0 dead, 1 alive, 2 unconscious.
    public var lifeState: UInt8
    /// It sits in a vehicle.
    public var inVehicle: Bool
    /// A player controls it.
    public var isPlayer: Bool
    /// ACE3: its vitals are stable (true without ACE3).
    public var hasStableVitals: Bool
    /// ACE3: it is being dragged or carried.
    public var isDraggedCarried: Bool
    /// The unit's name, empty when dead.
    public var name: Text
    /// Icon role, e.g. `Medic`.
    public var role: Text
    /// `driver`, `commander`, `gunner`, `turret`, `cargo` or empty.
    public var vehicleRole: Text
    /// `STAND`, `CROUCH`, `PRONE`, `UNDEFINED` or empty.
    public var stance: Text
    /// Filled in from the CREATE where the call left it empty.
    public var group: Text
    /// Filled in from the CREATE where the call left it empty.
    public var side: Text
    /// The vehicle it sits in.
    public var vehicleID: UInt16?
    /// Players only.
    public var scores: Scores?
    /// With this state a player took over a unit that was none's, or another player's.
    public var isTakeover: Bool = false
}

/// A vehicle joins the recording.
public struct VehicleCreated: Equatable, Sendable {
    /// The frame it joined in.
    public var frame: UInt32
    /// Its id within the recording.
    public var id: UInt16
    /// Icon class: `car`, `heli`, …
    public var vehicleClass: Text
    /// The class's shown name.
    public var displayName: Text
    /// Config class.
    public var className: Text
    /// Printed array of textures and animations, as sent.
    public var customization: Text
    /// Its side at creation; empty from old addons.
    public var side: Text
    /// A CREATE of this id came before in this recording.
    public var isRecreation: Bool
}

/// What a vehicle is and does at a frame. Sent only when something changed.
public struct VehicleState: Equatable, Sendable {
    /// The frame it was taken in.
    public var frame: UInt32
    /// The vehicle.
    public var id: UInt16
    /// Where it is.
    public var position: Position
    /// Degrees, 0 to 360.
    public var bearing: UInt16
    /// It is not destroyed.
    public var isAlive: Bool
    /// Its engine runs.
    public var engineOn: Bool
    /// It is locked.
    public var isLocked: Bool
    /// Ids of the crew as text with brackets, `[20,21]`; always a JSON array of whole numbers, or
    /// empty.
    public var crew: Text
    /// 0 to 1.
    public var fuel: Float
    /// 0 to 1.
    public var damage: Float
    /// Its side now.
    public var side: Text
    /// Three numbers as sent, `[0.999,0.02,-0.01]`. A transient text.
    public var vectorDir: Text
    /// Three numbers as sent. A transient text.
    public var vectorUp: Text
    /// Degrees.
    public var turretAzimuth: Float
    /// Degrees.
    public var turretElevation: Float
}

/// `:SOLDIER:DELETE:` or `:VEHICLE:DELETE:`.
public struct EntityDeleted: Equatable, Sendable {
    /// The frame in which it was gone.
    public var frame: UInt32
    /// What is gone: `.soldier` or `.vehicle`.
    public var entity: EntityReference
}
