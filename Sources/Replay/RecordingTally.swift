// What a recording holds, counted from its events while a sink gets them: the figures that the
// command line prints and that tests compare, the same for every sink.

import Mission
import Values

/// How often an event of one kind occurs.
public struct EventCount: Equatable, Sendable {
    /// `connected`, `killed`, `hit` …, as UTF-8.
    public var kind: [UInt8]
    /// How often.
    public var count: Int
}

/// Figures of a recording, as its replay shows them.
public struct RecordingTally: Sendable {
    /// Ids created as soldiers.
    public internal(set) var units = 0
    /// Of those, the ones that were a player's at any time.
    public internal(set) var players = 0
    /// Ids created as vehicles.
    public internal(set) var vehicles = 0
    /// `:SOLDIER:STATE:` calls that were used.
    public internal(set) var soldierStates = 0
    /// `:VEHICLE:STATE:` calls that were used.
    public internal(set) var vehicleStates = 0
    /// Bullets with a way of two or more points.
    public internal(set) var framesFired = 0
    /// All shots.
    public internal(set) var projectiles = 0
    /// Map markers, placed objects and projectiles that are shown as markers.
    public internal(set) var markers = 0
    /// Places that those have.
    public internal(set) var markerPositions = 0
    /// Mines and charges.
    public internal(set) var placedObjects = 0
    /// `:TIME:STATE:` calls that were used.
    public internal(set) var times = 0
    /// The highest frame of any state, from 0; −1 without one.
    public internal(set) var endFrame = -1
    /// The highest frame of any state and of any event of a placed object, as the game counts, from 1;
    /// 0 without one.
    public internal(set) var lastFrame: UInt32 = 0
    /// Events by kind, by name; chat, radio and telemetry are not among them.
    public internal(set) var events: [EventCount] = []
    /// The first range that an administrator marked as worth watching.
    public internal(set) var firstFocus: FocusRange?
    /// Chat messages, radio transmissions, telemetry frames, ACE3 events: what a replay doesn't show.
    public internal(set) var hiddenEvents = 0

    /// How many elements an array of entities with an index for each id has.
    public var entities: Int { highestID + 1 }

    /// Events of all kinds.
    public var eventCount: Int {
        var sum = 0
        for event in events { sum += event.count }
        return sum
    }

    /// How often events of this kind occur.
    public func count(of kind: StaticString) -> Int {
        for event in events {
            let bytes = event.kind
            if bytes.span.elementsEqual(kind) { return event.count }
        }
        return 0
    }

    private var highestID = -1
    private var seenSoldiers = SlotTable()
    private var seenVehicles = SlotTable()
    /// Map markers by the number of their name, with their positions: the reference shows the newest.
    private var newestMarker: [UInt32: UInt32] = [:]
    private var positionsOfMarker: [Int] = []
    private var isPolyline: [Bool] = []
    private var placedIDs = SlotTable()
    /// By the number of the name's text.
    private var named: [UInt32: Int] = [:]
    private var kills = 0
    private var hits = 0
    private var ends = 0

    init() {}

    // MARK: Counting

    mutating func count(_ event: MissionEvent, texts: borrowing TextTable) {
        switch event {
        case .soldierState(let state):
            soldierStates += 1
            if state.isPlayer { notePlayer(state.id) }
            noteState(state.frame)
        case .vehicleState(let state):
            vehicleStates += 1
            noteState(state.frame)
        case .soldierCreated(let created):
            if seenSoldiers[created.id] == nil {
                seenSoldiers[created.id] = 0
                units += 1
            }
            highestID = max(highestID, Int(created.id))
            if created.isPlayer { notePlayer(created.id) }
        case .vehicleCreated(let created):
            if seenVehicles[created.id] == nil {
                seenVehicles[created.id] = 0
                vehicles += 1
            }
            highestID = max(highestID, Int(created.id))
        case .projectile(let projectile): count(projectile)
        case .killed: kills += 1
        case .general(let general): named[general.name.index, default: 0] += 1
        case .sector(let sector): named[sector.name.index, default: 0] += 1
        case .endMission: ends += 1
        case .timeState: times += 1
        case .markerCreated(let created):
            newestMarker[created.name.index] = created.markerID
            positionsOfMarker.append(1)
            isPolyline.append(!created.polyline.isEmpty)
        case .markerState(let state):
            let index = Int(state.markerID) - 1
            if index >= 0 && index < positionsOfMarker.count && !isPolyline[index] {
                positionsOfMarker[index] += 1
            }
        case .placedCreated(let created):
            placedObjects += 1
            placedIDs[created.id] = 0
        case .placedEvent(let event):
            lastFrame = max(lastFrame, event.frame)
            if texts.bytes(of: event.type).elementsEqual("hit"), event.hitEntity != .none {
                hits += 1
            }
        case .chat, .radio, .telemetry, .ace3Death, .ace3Unconscious: hiddenEvents += 1
        case .focus(let range): if firstFocus == nil { firstFocus = range }
        case .soldierDeleted, .vehicleDeleted, .markerDeleted: break
        }
    }

    private mutating func noteState(_ frame: UInt32) {
        endFrame = max(endFrame, Int(frame) - 1)
        lastFrame = max(lastFrame, frame)
    }

    private mutating func notePlayer(_ id: UInt16) {
        if seenSoldiers[id] == 0 {
            seenSoldiers[id] = 1
            players += 1
        }
    }

    private mutating func count(_ projectile: ProjectileFired) {
        projectiles += 1
        for hit in projectile.hits {
            switch hit.entity {
            case .soldier, .vehicle: hits += 1
            case .none, .unknown: break
            }
        }
        if projectile.isBullet {
            if projectile.trajectory.count >= 2 { framesFired += 1 }
        } else {
            markers += 1
            markerPositions += projectile.trajectory.count
        }
    }

    /// Sums up what could not be known before the end.
    mutating func finish(_ mode: Mode, texts: borrowing TextTable) {
        if mode == .strict {
            placedObjects = placedIDs.trackCount
            markers += newestMarker.count
            for marker in newestMarker.values {
                markerPositions += positionsOfMarker[Int(marker) - 1]
            }
        } else {
            markers += positionsOfMarker.count
            for positions in positionsOfMarker { markerPositions += positions }
        }
        markers += placedObjects
        markerPositions += placedObjects
        for (name, count) in named {
            events.append(
                EventCount(kind: texts.bytes(of: Text(index: name)).array, count: count))
        }
        add("endMission", ends)
        add("hit", hits)
        add("killed", kills)
        events.sort { $0.kind.lexicographicallyPrecedes($1.kind) }
    }

    private mutating func add(_ kind: StaticString, _ count: Int) {
        guard count > 0 else { return }
        var bytes: [UInt8] = []
        bytes.append(contentsOf: kind)
        for index in events.indices where events[index].kind == bytes {
            events[index].count += count
            return
        }
        events.append(EventCount(kind: bytes, count: count))
    }
}
