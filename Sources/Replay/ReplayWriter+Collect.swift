// Events on their way into tracks, streams and the sorter.

import Mission
import Values

/// Groups of events in the document, in their order within a frame.
enum EventGroup: UInt8 {
    case general
    case sector
    case endMission
    case kill
    case placedHit
    case projectileHit
}

extension ReplayWriter {
    // MARK: Entities

    mutating func collect(_ created: SoldierCreated) {
        guard let slot = soldierSlots[created.id] else {
            soldierSlots[created.id] = soldiers.count
            soldiers.append(
                SoldierTrack(
                    created: created,
                    states: StateTrack(joinFrame: created.frame, stream: store.makeStream()),
                    isEverPlayer: created.isPlayer))
            return
        }
        soldiers[slot].created = created
        soldiers[slot].states.recreate(frame: created.frame, mode: mode)
        if mode == .strict {
            store.empty(soldiers[slot].states.stream)
            soldiers[slot].isEverPlayer = created.isPlayer
            soldiers[slot].playerName = nil
            soldiers[slot].lastLabels = SoldierRecord.Labels()
        } else if created.isPlayer {
            soldiers[slot].isEverPlayer = true
        }
    }

    mutating func collect(_ created: VehicleCreated) {
        guard let slot = vehicleSlots[created.id] else {
            vehicleSlots[created.id] = vehicles.count
            vehicles.append(
                VehicleTrack(
                    created: created,
                    states: StateTrack(joinFrame: created.frame, stream: store.makeStream())))
            return
        }
        vehicles[slot].created = created
        vehicles[slot].states.recreate(frame: created.frame, mode: mode)
        if mode == .strict { store.empty(vehicles[slot].states.stream) }
    }

    mutating func collect(_ state: SoldierState) throws(ReplayError) {
        guard let slot = soldierSlots[state.id] else { return }
        let entry = SoldierRecord(state)
        record.clear()
        entry.encode(into: &record, previous: soldiers[slot].lastLabels)
        soldiers[slot].lastLabels = entry.labels
        soldiers[slot].states.note(stateFrame: state.frame, mode: mode)
        if state.isPlayer {
            soldiers[slot].isEverPlayer = true
            // The dead have no name. The reference then shows none.
            if mode == .strict || !state.name.isEmpty { soldiers[slot].playerName = state.name }
        }
        try store.append(record, to: soldiers[slot].states.stream)
    }

    mutating func collect(_ state: VehicleState) throws(ReplayError) {
        guard let slot = vehicleSlots[state.id] else { return }
        record.clear()
        VehicleRecord(state).encode(into: &record)
        vehicles[slot].states.note(stateFrame: state.frame, mode: mode)
        try store.append(record, to: vehicles[slot].states.stream)
    }

    mutating func collect(_ deleted: EntityDeleted) {
        switch deleted.entity {
        case .soldier(let id):
            if let slot = soldierSlots[id] { soldiers[slot].states.deleteFrame = deleted.frame }
        case .vehicle(let id):
            if let slot = vehicleSlots[id] { vehicles[slot].states.deleteFrame = deleted.frame }
        case .none, .unknown: break
        }
    }

    // MARK: Events

    /// Gives `record` to the sorter. `before` orders within the group ahead of the arrival.
    private mutating func sort(
        _ group: EventGroup, frame: UInt32, before: UInt16 = 0
    ) throws(ReplayError) {
        let order = UInt64(before) << 48 | (arrivals & 0xFFFF_FFFF_FFFF)
        arrivals += 1
        try sorter.add(
            EventKey(frame: frame, group: group.rawValue, order: order), record, store: &store)
    }

    mutating func collect(_ general: GeneralEvent) throws(ReplayError) {
        record.clear()
        record.put(general.name)
        record.put(general.message)
        try sort(.general, frame: general.frame)
    }

    mutating func collect(_ sector: SectorEvent) throws(ReplayError) {
        record.clear()
        record.put(sector.name)
        record.put(sector.objectType)
        record.put(sector.unitName)
        record.put(sector.side)
        record.put(sector.position)
        try sort(.sector, frame: sector.frame)
    }

    mutating func collect(_ end: EndMission) throws(ReplayError) {
        record.clear()
        record.put(end.side)
        record.put(end.message)
        try sort(.endMission, frame: end.frame)
    }

    mutating func collect(_ killed: Killed) throws(ReplayError) {
        record.clear()
        record.put(varint: UInt64(classifiedID(killed.victim) ?? 0))
        record.put(varint: UInt64(classifiedID(killed.killer) ?? 0))
        record.put(killed.weaponText)
        record.put(Text.empty)
        record.put(number: killed.distance.bitPattern)
        try sort(.kill, frame: killed.frame)
    }

    private mutating func collectHit(
        _ group: EventGroup, frame: UInt32, victim: UInt16, shooter: UInt16, weapon: Text,
        magazine: Text, distance: Double, before: UInt16 = 0
    ) throws(ReplayError) {
        record.clear()
        record.put(varint: UInt64(victim))
        record.put(varint: UInt64(shooter))
        record.put(weapon)
        record.put(magazine)
        record.put(number: Float(distance).bitPattern)
        try sort(group, frame: frame, before: before)
    }

    private func classifiedID(_ reference: EntityReference) -> UInt16? {
        switch reference {
        case .soldier(let id), .vehicle(let id): id
        case .none, .unknown: nil
        }
    }

    /// Metres between two points on the map.
    private func distance(_ from: Position, _ to: Position) -> Double {
        let (x, y) = (to.x - from.x, to.y - from.y)
        return (x * x + y * y).squareRoot()
    }

    mutating func collect(
        _ projectile: ProjectileFired, texts: borrowing TextTable
    ) throws(ReplayError) {
        let origin = projectile.trajectory.first?.position ?? Position(x: 0, y: 0, z: 0)
        let weapon =
            projectile.muzzleDisplay.isEmpty ? projectile.weaponDisplay : projectile.muzzleDisplay
        for hit in projectile.hits {
            guard let victim = classifiedID(hit.entity) else { continue }
            try collectHit(
                .projectileHit, frame: hit.frame, victim: victim, shooter: projectile.firerID,
                weapon: weapon, magazine: projectile.magazineDisplay,
                distance: distance(origin, hit.position))
        }
        if projectile.isBullet {
            guard projectile.trajectory.count >= 2, let end = projectile.trajectory.last else {
                return
            }
            let stream: Int
            if let known = shotSlots[projectile.firerID] {
                stream = known
            } else {
                stream = store.makeStream()
                shotSlots[projectile.firerID] = stream
            }
            record.clear()
            record.put(varint: UInt64(projectile.frame))
            record.put(end.position)
            try store.append(record, to: stream)
            return
        }
        record.clear()
        record.put(varint: UInt64(projectile.frame))
        record.put(varint: UInt64(projectile.firerID))
        record.put(varint: projectile.vehicleID.map { UInt64($0) + 1 } ?? 0)
        record.put(texts.bytes(of: projectile.simulation).elementsEqual("shotGrenade") ? 1 : 0)
        record.put(projectile.muzzleDisplay)
        record.put(projectile.magazineDisplay)
        record.put(projectile.magazineIcon)
        record.put(varint: UInt64(projectile.trajectory.count))
        for point in projectile.trajectory {
            record.put(varint: UInt64(point.frame))
            record.put(point.position)
        }
        try store.append(record, to: projectileStream)
    }

    // MARK: Markers and placed objects

    mutating func collect(_ created: MarkerCreated) {
        markers.append(MarkerTrack(created: created, lastFrame: created.frame))
    }

    /// Index of a marker: ids count from 1 in the order of creation.
    private func markerIndex(_ id: UInt32) -> Int? {
        let index = Int(id) - 1
        return index >= 0 && index < markers.count ? index : nil
    }

    mutating func collect(_ state: MarkerState) throws(ReplayError) {
        guard let index = markerIndex(state.markerID), markers[index].created.polyline.isEmpty
        else { return }
        let stream = markers[index].stream ?? store.makeStream()
        markers[index].stream = stream
        if state.frame < markers[index].lastFrame { markers[index].isAscending = false }
        markers[index].lastFrame = state.frame
        record.clear()
        MarkerLook(state).encode(into: &record)
        try store.append(record, to: stream)
    }

    mutating func collect(_ deleted: MarkerDeleted) {
        if let index = markerIndex(deleted.markerID) { markers[index].deleteFrame = deleted.frame }
    }

    mutating func collect(_ created: PlacedCreated) {
        placedSlots[created.id] = placed.count
        placed.append(PlacedTrack(created: created))
    }

    mutating func collect(
        _ event: PlacedEvent, texts: borrowing TextTable
    ) throws(ReplayError) {
        guard let slot = placedSlots[event.id] else { return }
        let type = texts.bytes(of: event.type)
        if type.elementsEqual("detonated") || type.elementsEqual("deleted") {
            if placed[slot].endFrame == nil { placed[slot].endFrame = event.frame }
            return
        }
        guard type.elementsEqual("hit") else { return }
        let victim: UInt16
        switch event.hitEntity {
        case .soldier(let id), .vehicle(let id), .unknown(let id): victim = id
        case .none: return
        }
        let object = placed[slot].created
        try collectHit(
            .placedHit, frame: event.frame, victim: victim, shooter: object.ownerID,
            weapon: object.displayName, magazine: .empty,
            distance: distance(object.position, event.position), before: event.id)
    }
}
