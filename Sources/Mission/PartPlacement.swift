// Where one part of a joined recording stands in the whole (RecordingJoiner): its frames behind those
// of the parts before it, its ids and markers behind theirs, so that nothing of two parts is mixed.
// And what of it still exists when it breaks off.

import Values

/// Moves the events of one part to their place.
struct PartPlacement {
    /// Stands for every id that its own part does not explain: hardly any entity has it, while the
    /// number that the game sent may be another part's entity.
    static let unknownID = UInt16.max

    /// Added to frames.
    let frameShift: UInt32
    /// Added to ids: how many the parts before have taken.
    let idShift: UInt32
    /// Added to the numbers of markers.
    let markerShift: UInt32
    /// The highest id that the part creates, as the game sent it; −1 without any.
    private(set) var highestID: Int

    private var soldiers = IDSet()
    private var vehicles = IDSet()
    private var placed = IDSet()
    private var placedPositions = EntityCache<Position>()
    /// Markers that exist, by the part's own number − 1.
    private var markers: [Bool] = []
    private var crew: [UInt8] = []

    init(frameShift: UInt32, idShift: UInt32, markerShift: UInt32, highestID: Int) {
        self.frameShift = frameShift
        self.idShift = idShift
        self.markerShift = markerShift
        self.highestID = highestID
    }

    /// The event as it stands in the whole; throws when its ids have no place there.
    mutating func place(
        _ event: MissionEvent, texts: inout TextTable
    ) throws(RejectReason) -> MissionEvent {
        switch event {
        case .soldierState(var state):
            state.id = try own(state.id)
            state.vehicleID = state.vehicleID.flatMap { explained($0) }
            move(&state.frame)
            soldiers.insert(state.id)
            return .soldierState(state)
        case .vehicleState(var state):
            state.id = try own(state.id)
            state.crew = moved(crew: state.crew, &texts)
            move(&state.frame)
            vehicles.insert(state.id)
            return .vehicleState(state)
        case .soldierCreated(var created):
            created.id = try own(created.id)
            move(&created.frame)
            soldiers.insert(created.id)
            return .soldierCreated(created)
        case .vehicleCreated(var created):
            created.id = try own(created.id)
            move(&created.frame)
            vehicles.insert(created.id)
            return .vehicleCreated(created)
        case .soldierDeleted(let deleted): return .soldierDeleted(try place(deleted))
        case .vehicleDeleted(let deleted): return .vehicleDeleted(try place(deleted))
        case .projectile(let shot): return .projectile(try place(shot))
        case .killed(var kill):
            kill.victim = try reference(kill.victim)
            kill.killer = try reference(kill.killer)
            move(&kill.frame)
            return .killed(kill)
        case .placedCreated(var created):
            created.id = try own(created.id)
            created.ownerID = explained(created.ownerID) ?? Self.unknownID
            move(&created.frame)
            placed.insert(created.id)
            _ = placedPositions.set(created.id, created.position)
            return .placedCreated(created)
        case .placedEvent(var event):
            event.id = try own(event.id)
            event.hitEntity = try reference(event.hitEntity)
            move(&event.frame)
            let type = texts.bytes(of: event.type)
            if type.elementsEqual("detonated") || type.elementsEqual("deleted") {
                placed.remove(event.id)
            }
            return .placedEvent(event)
        case .ace3Death(var death):
            death.soldierID = try own(death.soldierID)
            death.lastDamageSource = try reference(death.lastDamageSource)
            move(&death.frame)
            return .ace3Death(death)
        case .ace3Unconscious(var change):
            change.soldierID = try own(change.soldierID)
            move(&change.frame)
            return .ace3Unconscious(change)
        case .markerCreated(var created):
            noteMarker(created.markerID, exists: true)
            created.markerID = moved(marker: created.markerID)
            if created.ownerID >= 0 {
                let owner = UInt16(exactly: created.ownerID).flatMap { explained($0) }
                created.ownerID = owner.map { Int32($0) } ?? -1
            }
            move(&created.frame)
            return .markerCreated(created)
        case .markerState(var state):
            state.markerID = moved(marker: state.markerID)
            move(&state.frame)
            return .markerState(state)
        case .markerDeleted(var deleted):
            noteMarker(deleted.markerID, exists: false)
            deleted.markerID = moved(marker: deleted.markerID)
            move(&deleted.frame)
            return .markerDeleted(deleted)
        case .timeState, .general, .sector, .endMission, .chat, .radio, .telemetry, .focus:
            return try placeOther(event)
        }
    }

    /// Events that belong to no entity, or only name a sender.
    private func placeOther(_ event: MissionEvent) throws(RejectReason) -> MissionEvent {
        switch event {
        case .timeState(var state):
            move(&state.frame)
            return .timeState(state)
        case .general(var general):
            move(&general.frame)
            return .general(general)
        case .sector(var sector):
            move(&sector.frame)
            return .sector(sector)
        case .endMission(var end):
            move(&end.frame)
            return .endMission(end)
        case .chat(var message):
            message.sender = try reference(message.sender)
            move(&message.frame)
            return .chat(message)
        case .radio(var transmission):
            transmission.sender = try reference(transmission.sender)
            move(&transmission.frame)
            return .radio(transmission)
        case .telemetry(var telemetry):
            move(&telemetry.frame)
            return .telemetry(telemetry)
        case .focus(var range):
            move(&range.start)
            move(&range.end)
            return .focus(range)
        default: return event
        }
    }

    private mutating func place(_ deleted: EntityDeleted) throws(RejectReason) -> EntityDeleted {
        var deleted = deleted
        deleted.entity = try reference(deleted.entity)
        move(&deleted.frame)
        switch deleted.entity {
        case .soldier(let id): soldiers.remove(id)
        case .vehicle(let id): vehicles.remove(id)
        case .none, .unknown: break
        }
        return deleted
    }

    private func place(_ shot: ProjectileFired) throws(RejectReason) -> ProjectileFired {
        var shot = shot
        shot.firerID = explained(shot.firerID) ?? Self.unknownID
        shot.vehicleID = shot.vehicleID.flatMap { explained($0) }
        shot.remoteControllerID = shot.remoteControllerID.flatMap { explained($0) }
        move(&shot.frame)
        for index in shot.trajectory.indices { move(&shot.trajectory[index].frame) }
        for index in shot.hits.indices {
            shot.hits[index].entity = try reference(shot.hits[index].entity)
            move(&shot.hits[index].frame)
        }
        return shot
    }

    // MARK: Numbers

    /// Frames that no recording has stay the highest number there is.
    private func move(_ frame: inout UInt32) {
        let (sum, isTooLarge) = frame.addingReportingOverflow(frameShift)
        frame = isTooLarge ? .max : sum
    }

    private func moved(marker: UInt32) -> UInt32 { marker &+ markerShift }

    /// The id of a thing of this part.
    private mutating func own(_ id: UInt16) throws(RejectReason) -> UInt16 {
        highestID = max(highestID, Int(id))
        return try fitting(id)
    }

    private func fitting(_ id: UInt16) throws(RejectReason) -> UInt16 {
        guard let moved = UInt16(exactly: UInt64(id) + UInt64(idShift)) else {
            throw .noPlaceForID(id: id, taken: idShift)
        }
        return moved
    }

    /// An id that nobody has checked: nil when nothing of this part can have it.
    private func explained(_ id: UInt16) -> UInt16? {
        Int(id) <= highestID ? UInt16(exactly: UInt64(id) + UInt64(idShift)) : nil
    }

    private func reference(_ entity: EntityReference) throws(RejectReason) -> EntityReference {
        switch entity {
        case .none: .none
        case .soldier(let id): .soldier(try fitting(id))
        case .vehicle(let id): .vehicle(try fitting(id))
        case .unknown(let id): .unknown(explained(id) ?? Self.unknownID)
        }
    }

    /// A list of ids, `[20,21]`, as the decoder leaves it.
    private mutating func moved(crew text: Text, _ texts: inout TextTable) -> Text {
        if idShift == 0 || text.isEmpty { return text }
        crew.removeAll(keepingCapacity: true)
        crew.append(0x5B)
        var number: UInt32?
        for byte in texts.bytes(of: text).array {
            if byte >= 0x30 && byte <= 0x39 {
                // At most 65,535: the decoder has seen to it.
                number = min((number ?? 0) &* 10 &+ UInt32(byte - 0x30), 0xFFFF)
            } else if let known = number {
                number = nil
                guard let id = UInt16(exactly: known + idShift) else { continue }
                if crew.count > 1 { crew.append(0x2C) }
                crew.appendDecimal(id)
            }
        }
        crew.append(0x5D)
        return texts.intern(crew.span)
    }

    private mutating func noteMarker(_ number: UInt32, exists: Bool) {
        guard number > 0 else { return }
        let place = Int(number) - 1
        if place < markers.count {
            markers[place] = exists
        } else if exists {
            markers.append(contentsOf: repeatElement(false, count: place - markers.count))
            markers.append(true)
        }
    }

    // MARK: The end of a part

    /// Ends what the part has left: it does not exist while the server is down, and the next part
    /// creates all of its own anew.
    func end<Sink: RecordingSink & ~Copyable>(
        at frame: UInt32, stamp: Stamp, texts: inout TextTable, into sink: inout Sink
    ) throws(Sink.Failure) {
        for id in soldiers.ids {
            try sink.receive(
                .soldierDeleted(EntityDeleted(frame: frame, entity: .soldier(id))), at: stamp,
                texts: texts)
        }
        for id in vehicles.ids {
            try sink.receive(
                .vehicleDeleted(EntityDeleted(frame: frame, entity: .vehicle(id))), at: stamp,
                texts: texts)
        }
        texts.startBuilding()
        texts.build("deleted")
        let deleted = texts.internBuilt()
        for id in placed.ids {
            let position = placedPositions.place(of: id).map { placedPositions[$0] } ?? .zero
            try sink.receive(
                .placedEvent(
                    PlacedEvent(
                        frame: frame, id: id, type: deleted, position: position, hitEntity: .none)),
                at: stamp, texts: texts)
        }
        for place in markers.indices where markers[place] {
            let number = UInt32(truncatingIfNeeded: place + 1)
            try sink.receive(
                .markerDeleted(MarkerDeleted(frame: frame, markerID: moved(marker: number))),
                at: stamp, texts: texts)
        }
    }
}
