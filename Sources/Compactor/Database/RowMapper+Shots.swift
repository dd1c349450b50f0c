// Projectiles, whom they hit, and kills.

import Mission

extension RowMapper {
    mutating func write<Target: RowTarget & ~Copyable>(
        _ shot: ProjectileFired, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        let row = nextRow(.projectileEvents)
        target.beginRow(.projectileEvents, replacing: false)
        target.integer(row)
        target.time(stamp.time)
        target.integer(missionID)
        // A firer that no soldier's CREATE explains (a vehicle, or nobody we know) stands in
        // actual_firer_object_id alone, which refers to nothing.
        target.integer(soldiers.place(of: shot.firerID) == nil ? nil : shot.firerID)
        target.integer(shot.remoteControllerID ?? shot.firerID)
        target.text(texts.bytes(of: shot.vehicleRole))
        target.integer(shot.vehicleID)
        target.integer(shot.frame)
        wkb.makeTrajectory(shot.trajectory)
        target.bytes(wkb.bytes.span)
        target.text(texts.bytes(of: shot.initialVelocity))
        target.text(texts.bytes(of: shot.weapon))
        target.text(texts.bytes(of: shot.weaponDisplay))
        target.text(texts.bytes(of: shot.magazine))
        target.text(texts.bytes(of: shot.magazineDisplay))
        target.text(texts.bytes(of: shot.muzzle))
        target.text(texts.bytes(of: shot.muzzleDisplay))
        target.text(texts.bytes(of: shot.ammo))
        target.text(texts.bytes(of: shot.fireMode))
        target.text(texts.bytes(of: shot.simulation))
        target.boolean(shot.isSubmunition)
        target.text(texts.bytes(of: shot.magazineIcon))
        if shot.firedTime.isFinite { target.real(shot.firedTime) } else { target.null() }
        target.integer(shot.remoteControllerID)
        writeCoordinates(shot.trajectory.first?.position, &target)
        writeCoordinates(shot.trajectory.last?.position, &target)
        target.integer(shot.trajectory.last?.frame)
        if let first = shot.trajectory.first, let last = shot.trajectory.last {
            target.real(first.position.distance(to: last.position))
        } else {
            target.null()
        }
        try target.endRow()
        for hit in shot.hits { try write(hit, of: row, texts, &target) }
    }

    private mutating func write<Target: RowTarget & ~Copyable>(
        _ hit: ProjectileHit, of row: Int64, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        let table: TableID
        let entity: UInt16
        switch hit.entity {
        case .soldier(let id): (table, entity) = (.projectileHitsSoldiers, id)
        case .vehicle(let id): (table, entity) = (.projectileHitsVehicles, id)
        // The model hands over no other; a hit of nobody has no table.
        case .none, .unknown: return
        }
        target.beginRow(table, replacing: false)
        target.integer(nextRow(table))
        target.integer(row)
        target.integer(missionID)
        target.integer(entity)
        target.integer(hit.frame)
        wkb.makePoint(x: hit.position.x, y: hit.position.y)
        target.bytes(wkb.bytes.span)
        scratch.removeAll(keepingCapacity: true)
        scratch.append(UInt8(ascii: "["))
        for (place, component) in hit.components.enumerated() {
            if place > 0 { scratch.append(UInt8(ascii: ",")) }
            appendJSON(texts.bytes(of: component))
        }
        scratch.append(UInt8(ascii: "]"))
        target.text(scratch.span)
        writeCoordinates(hit.position, &target)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ kill: Killed, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        target.beginRow(.killEvents, replacing: false)
        target.integer(nextRow(.killEvents))
        target.time(stamp.time)
        target.integer(missionID)
        target.integer(kill.frame)
        target.integer(kill.victim.soldierID)
        target.integer(kill.victim.vehicleID)
        target.integer(kill.killer.soldierID)
        target.integer(kill.killer.vehicleID)
        target.text(texts.bytes(of: kill.weaponVehicle))
        target.text(texts.bytes(of: kill.weaponName))
        target.text(texts.bytes(of: kill.weaponMagazine))
        target.text(texts.bytes(of: kill.weaponText))
        target.real(decimal(kill.distance))
        try target.endRow()
    }

    /// Three columns x, y, z.
    func writeCoordinates<Target: RowTarget & ~Copyable>(
        _ position: Position?, _ target: inout Target
    ) {
        guard let position else {
            for _ in 0..<3 { target.null() }
            return
        }
        target.real(position.x)
        target.real(position.y)
        target.real(position.z)
    }

    /// A JSON string into `scratch`.
    private mutating func appendJSON(_ bytes: Span<UInt8>) {
        let hex = Array("0123456789abcdef".utf8)
        scratch.append(UInt8(ascii: "\""))
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                scratch.append(UInt8(ascii: "\\"))
                scratch.append(byte)
            case 0..<0x20:
                scratch.append(contentsOf: Array("\\u00".utf8))
                scratch.append(hex[Int(byte >> 4)])
                scratch.append(hex[Int(byte & 15)])
            default: scratch.append(byte)
            }
        }
        scratch.append(UInt8(ascii: "\""))
    }
}

extension Position {
    /// Metres.
    func distance(to other: Position) -> Double {
        let x = other.x - x
        let y = other.y - y
        let z = other.z - z
        return (x * x + y * y + z * z).squareRoot()
    }
}

extension EntityReference {
    var soldierID: UInt16? { if case .soldier(let id) = self { id } else { nil } }
    var vehicleID: UInt16? { if case .vehicle(let id) = self { id } else { nil } }
    /// Whatever it is; nil when the game named nobody.
    var id: UInt16? {
        switch self {
        case .none: nil
        case .soldier(let id), .vehicle(let id), .unknown(let id): id
        }
    }
}
