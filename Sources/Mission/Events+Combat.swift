// Shots, hits, deaths, and what was placed to explode.

/// A point of a projectile's way.
public struct TrajectoryPoint: Equatable, Sendable {
    /// The engine's tick time, seconds.
    public var tick: Double
    /// The frame it was there.
    public var frame: UInt32
    /// Where it was.
    public var position: Position
}

/// What a projectile hit.
public struct ProjectileHit: Equatable, Sendable {
    /// `.soldier` or `.vehicle`.
    public var entity: EntityReference
    /// The frame of the hit.
    public var frame: UInt32
    /// Where.
    public var position: Position
    /// The hit parts of the body or vehicle.
    public var components: [Text]
}

/// A shot with its way and its hits; sent when the projectile is gone.
public struct ProjectileFired: Equatable, Sendable {
    /// The frame it was fired in.
    public var frame: UInt32
    /// Tick time of the shooter's machine, seconds.
    public var firedTime: Double
    /// The soldier that fired. Not checked against the recording's soldiers.
    public var firerID: UInt16
    /// As sent: the firer's own id when on foot; nil when negative.
    public var vehicleID: UInt16?
    /// The firer's role in the vehicle.
    public var vehicleRole: Text
    /// Who controlled the firing unit remotely; nil when negative or unreadable.
    public var remoteControllerID: UInt16?
    /// Class.
    public var weapon: Text
    /// Shown name.
    public var weaponDisplay: Text
    /// Class.
    public var muzzle: Text
    /// Shown name.
    public var muzzleDisplay: Text
    /// Class.
    public var magazine: Text
    /// Shown name.
    public var magazineDisplay: Text
    /// Class.
    public var ammo: Text
    /// Class.
    public var fireMode: Text
    /// Its way, in the order sent.
    public var trajectory: [TrajectoryPoint]
    /// `vx,vy,vz` as sent. A transient text.
    public var initialVelocity: Text
    /// What it hit, as far as the recording knows it.
    public var hits: [ProjectileHit]
    /// The ammunition's simulation, e.g. `shotBullet`.
    public var simulation: Text
    /// `simulation` is exactly `shotBullet`.
    public var isBullet: Bool
    /// Part of another projectile.
    public var isSubmunition: Bool
    /// Texture path, may be empty.
    public var magazineIcon: Text
}

/// Somebody or something was killed.
public struct Killed: Equatable, Sendable {
    /// The frame of the death.
    public var frame: UInt32
    /// Who died.
    public var victim: EntityReference
    /// Who killed; the victim itself for suicides.
    public var killer: EntityReference
    /// The vehicle's shown name, may be empty.
    public var weaponVehicle: Text
    /// The weapon's shown name, may be empty.
    public var weaponName: Text
    /// The magazine's shown name, may be empty.
    public var weaponMagazine: Text
    /// `vehicle: weapon [magazine]`
    public var weaponText: Text
    /// Metres.
    public var distance: Float
}

/// A mine or charge was placed.
public struct PlacedCreated: Equatable, Sendable {
    /// The frame it was placed in.
    public var frame: UInt32
    /// Its id, from the same counter as soldiers' and vehicles'.
    public var id: UInt16
    /// Ammunition class.
    public var className: Text
    /// The magazine's shown name.
    public var displayName: Text
    /// Where.
    public var position: Position
    /// Who placed it. Not checked against the recording's soldiers.
    public var ownerID: UInt16
    /// The owner's side.
    public var side: Text
    /// `put`
    public var weapon: Text
    /// Texture path, may be empty.
    public var magazineIcon: Text
}

/// Something happened to a placed object.
public struct PlacedEvent: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// The placed object.
    public var id: UInt16
    /// `detonated`, `deleted`, `hit`.
    public var type: Text
    /// Of the object, or of the victim for `hit`.
    public var position: Position
    /// Who was hit; `.none` when not sent.
    public var hitEntity: EntityReference
}

/// ACE3 says why a soldier died.
public struct ACE3Death: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// Who.
    public var soldierID: UInt16
    /// E.g. `CardiacArrest:Timeout`.
    public var reason: Text
    /// `.none` when not known.
    public var lastDamageSource: EntityReference
}

/// ACE3: a soldier went down or woke up.
public struct ACE3Unconscious: Equatable, Sendable {
    /// When.
    public var frame: UInt32
    /// Who.
    public var soldierID: UInt16
    /// Went down (true) or woke up.
    public var isUnconscious: Bool
}
