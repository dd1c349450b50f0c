// Soldiers and vehicles: what is known of each, and their states, which are nearly all of a database.

import Mission

/// A soldier's row in the making.
struct SoldierEntry {
    var created: SoldierCreated
    /// Of the first CREATE of this id.
    var joined: Stamp
    var joinFrame: UInt32
    var updated: Int64
    var deleteFrame: UInt32?
    var playerName: Text?
    var way = Way()
    var metresOnFoot = 0.0
    var metresInVehicle = 0.0
}

/// A vehicle's row in the making.
struct VehicleEntry {
    var created: VehicleCreated
    var joined: Stamp
    var joinFrame: UInt32
    var updated: Int64
    var deleteFrame: UInt32?
    var way = Way()
    var metres = 0.0
}

extension RowMapper {
    mutating func write<Target: RowTarget & ~Copyable>(
        _ created: SoldierCreated, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        var entry = SoldierEntry(
            created: created, joined: stamp, joinFrame: created.frame, updated: stamp.time)
        let place = soldiers.place(of: created.id)
        if let place {
            // The same id again: its newest description, its first joining, its states.
            entry = soldiers.values[place]
            entry.created = created
            entry.updated = stamp.time
            entry.deleteFrame = nil
        }
        if created.isPlayer { entry.playerName = created.name }
        soldiers.insert(entry, for: created.id)
        try write(entry, replacing: place != nil, texts, &target)
    }

    func write<Target: RowTarget & ~Copyable>(
        _ entry: SoldierEntry, replacing: Bool, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        let created = entry.created
        target.beginRow(.soldiers, replacing: replacing)
        target.integer(missionID)
        target.integer(created.id)
        target.time(entry.joined.time)
        target.time(entry.updated)
        target.null()
        target.time(entry.joined.time)
        target.integer(entry.joinFrame)
        target.text("man")
        target.text(texts.bytes(of: created.name))
        target.text(texts.bytes(of: created.group))
        target.text(texts.bytes(of: created.side))
        target.boolean(created.isPlayer)
        target.text(texts.bytes(of: created.roleDescription))
        if created.squadParams.isEmpty {
            target.text("[]")
        } else {
            target.text(texts.bytes(of: created.squadParams))
        }
        target.textOrNull(texts.bytes(of: created.playerUID))
        target.textOrNull(texts.bytes(of: created.className))
        target.textOrNull(texts.bytes(of: created.displayName))
        target.integer(entry.deleteFrame)
        target.boolean(entry.playerName != nil)
        if let name = entry.playerName { target.text(texts.bytes(of: name)) } else { target.null() }
        target.real(entry.metresOnFoot)
        target.real(entry.metresInVehicle)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ state: SoldierState, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        guard let place = soldiers.place(of: state.id) else {
            orphanCount += 1
            return
        }
        follow(state, stamp, place)
        target.beginRow(.soldierStates, replacing: false)
        target.integer(nextRow(.soldierStates))
        target.time(stamp.time)
        target.integer(missionID)
        target.integer(state.frame)
        target.integer(state.id)
        wkb.makePoint(x: state.position.x, y: state.position.y)
        target.bytes(wkb.bytes.span)
        target.real(state.position.z)
        target.integer(state.bearing)
        target.integer(state.lifeState)
        target.boolean(state.inVehicle)
        target.integer(state.vehicleID)
        target.text(texts.bytes(of: state.vehicleRole))
        target.text(texts.bytes(of: state.name))
        target.boolean(state.isPlayer)
        target.text(texts.bytes(of: state.role))
        target.boolean(state.hasStableVitals)
        target.boolean(state.isDraggedCarried)
        target.text(texts.bytes(of: state.stance))
        target.text(texts.bytes(of: state.group))
        target.text(texts.bytes(of: state.side))
        target.integer(state.scores?.infantryKills ?? 0)
        target.integer(state.scores?.vehicleKills ?? 0)
        target.integer(state.scores?.armorKills ?? 0)
        target.integer(state.scores?.airKills ?? 0)
        target.integer(state.scores?.deaths ?? 0)
        target.integer(state.scores?.total ?? 0)
        target.real(state.position.x)
        target.real(state.position.y)
        target.real(state.position.z)
        try target.endRow()
    }

    /// Carries a soldier's entry along with a state.
    private mutating func follow(_ state: SoldierState, _ stamp: Stamp, _ place: Int) {
        lastFrame = max(lastFrame, state.frame)
        let seconds = secondsPerFrame
        soldiers.update(place) { entry in
            let limit = state.inVehicle ? Way.limitInVehicle : Way.limitOnFoot
            let step = entry.way.step(
                to: state.position, frame: state.frame, secondsPerFrame: seconds, limit: limit)
            if state.lifeState != 0 {
                if state.inVehicle {
                    entry.metresInVehicle += step
                } else {
                    entry.metresOnFoot += step
                }
            }
            if state.isPlayer && !state.name.isEmpty { entry.playerName = state.name }
            // Back after the game had removed it: it lives on.
            if let frame = entry.deleteFrame, state.frame > frame {
                entry.deleteFrame = nil
                entry.updated = stamp.time
            }
        }
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ created: VehicleCreated, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        var entry = VehicleEntry(
            created: created, joined: stamp, joinFrame: created.frame, updated: stamp.time)
        let place = vehicles.place(of: created.id)
        if let place {
            entry = vehicles.values[place]
            entry.created = created
            entry.updated = stamp.time
            entry.deleteFrame = nil
        }
        vehicles.insert(entry, for: created.id)
        try write(entry, replacing: place != nil, texts, &target)
    }

    func write<Target: RowTarget & ~Copyable>(
        _ entry: VehicleEntry, replacing: Bool, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        let created = entry.created
        target.beginRow(.vehicles, replacing: replacing)
        target.integer(missionID)
        target.integer(created.id)
        target.time(entry.joined.time)
        target.time(entry.updated)
        target.null()
        target.time(entry.joined.time)
        target.integer(entry.joinFrame)
        target.text(texts.bytes(of: created.vehicleClass))
        target.text(texts.bytes(of: created.className))
        target.text(texts.bytes(of: created.displayName))
        target.text(texts.bytes(of: created.customization))
        if created.side.isEmpty {
            target.text("UNKNOWN")
        } else {
            target.text(texts.bytes(of: created.side))
        }
        target.integer(entry.deleteFrame)
        target.real(entry.metres)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ state: VehicleState, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        guard let place = vehicles.place(of: state.id) else {
            orphanCount += 1
            return
        }
        lastFrame = max(lastFrame, state.frame)
        let seconds = secondsPerFrame
        vehicles.update(place) { entry in
            entry.metres += entry.way.step(
                to: state.position, frame: state.frame, secondsPerFrame: seconds,
                limit: Way.limitInVehicle)
            if let frame = entry.deleteFrame, state.frame > frame {
                entry.deleteFrame = nil
                entry.updated = stamp.time
            }
        }
        target.beginRow(.vehicleStates, replacing: false)
        target.integer(nextRow(.vehicleStates))
        target.time(stamp.time)
        target.integer(missionID)
        target.integer(state.frame)
        target.integer(state.id)
        wkb.makePoint(x: state.position.x, y: state.position.y)
        target.bytes(wkb.bytes.span)
        target.real(state.position.z)
        target.integer(state.bearing)
        target.boolean(state.isAlive)
        target.text(texts.bytes(of: state.crew))
        target.real(decimal(state.fuel))
        target.real(decimal(state.damage))
        target.boolean(state.isLocked)
        target.boolean(state.engineOn)
        target.text(texts.bytes(of: state.side))
        target.text(texts.bytes(of: state.vectorDir))
        target.text(texts.bytes(of: state.vectorUp))
        target.real(decimal(state.turretAzimuth))
        target.real(decimal(state.turretElevation))
        target.real(state.position.x)
        target.real(state.position.y)
        target.real(state.position.z)
        try target.endRow()
    }

    /// A later DELETE overwrites an earlier one; an unknown id has no row to note it in.
    mutating func note(_ deleted: EntityDeleted, _ stamp: Stamp) {
        switch deleted.entity {
        case .soldier(let id):
            guard let place = soldiers.place(of: id) else { return }
            soldiers.update(place) { entry in
                entry.deleteFrame = deleted.frame
                entry.updated = stamp.time
            }
        case .vehicle(let id):
            guard let place = vehicles.place(of: id) else { return }
            vehicles.update(place) { entry in
                entry.deleteFrame = deleted.frame
                entry.updated = stamp.time
            }
        case .none, .unknown: return
        }
    }
}
