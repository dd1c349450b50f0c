// Calls → events: one recording's model. What it remembers (entities, markers, texts, frames) is
// here; how each command is read stands in the extensions beside it, a family a file.

import Values

/// Decodes the calls of one recording, in their order.
struct RecordingDecoder: ~Copyable {
    let isStrict: Bool
    /// What the whole recording creates; nil when that is not known (while the game still writes).
    private let created: CreatedThings?
    var texts = TextTable()
    var soldiers = EntityCache<CachedSoldier>()
    /// Vehicles and placed objects: the last good position is all that is remembered.
    var vehicles = EntityCache<Position>()
    var placed = EntityCache<Position>()
    /// Markers by the number of their name's text.
    var markers = MarkerCache()
    var frames = FrameGuard()
    var focus = FocusRanges()
    /// The highest frame of any state and any event of a placed object.
    var lastFrame: UInt32 = 0
    /// What was not usable in a call that was used; whoever calls `decode` takes them.
    var notes: [RejectReason] = []
    /// The thing that a call was refused for, until it is created.
    private(set) var missing: CreateKey?
    /// The thing that the last call created.
    private(set) var justCreated: CreateKey?
    /// For arrays that came inside a text.
    var arrayScratch: [UInt8] = []

    init(mode: Mode, created: CreatedThings?) {
        isStrict = mode == .strict
        self.created = created
    }

    /// The event that a call means; nil for a call that means none. Lets go of the transient texts
    /// of the call before.
    mutating func decode(
        _ command: Command, _ bytes: Span<UInt8>, count: Int
    ) throws(RejectReason) -> MissionEvent? {
        texts.forgetTransients()
        missing = nil
        justCreated = nil
        let arguments = Arguments(bytes, count: count, isStrict: isStrict)
        switch command {
        case .soldierState: return .soldierState(try soldierState(arguments))
        case .vehicleState: return .vehicleState(try vehicleState(arguments))
        case .eventProjectile: return .projectile(try projectile(arguments))
        case .soldierCreate: return .soldierCreated(try soldierCreated(arguments))
        case .soldierDelete: return .soldierDeleted(try deleted(.soldier, arguments))
        case .vehicleCreate: return .vehicleCreated(try vehicleCreated(arguments))
        case .vehicleDelete: return .vehicleDeleted(try deleted(.vehicle, arguments))
        case .timeState: return .timeState(try timeState(arguments))
        case .eventKill: return .killed(try killed(arguments))
        case .eventGeneral: return .general(try general(arguments))
        case .eventSector: return .sector(try sector(arguments))
        case .eventEndMission: return .endMission(try endMission(arguments))
        case .eventChat: return .chat(try chat(arguments))
        case .eventRadio: return .radio(try radio(arguments))
        case .telemetryFrame: return .telemetry(try telemetry(arguments))
        case .markerCreate: return .markerCreated(try markerCreated(arguments))
        case .markerState: return .markerState(try markerState(arguments))
        case .markerDelete: return .markerDeleted(try markerDeleted(arguments))
        case .placedCreate: return .placedCreated(try placedCreated(arguments))
        case .placedEvent: return .placedEvent(try placedEvent(arguments))
        case .ace3Death: return .ace3Death(try ace3Death(arguments))
        case .ace3Unconscious: return .ace3Unconscious(try ace3Unconscious(arguments))
        case .missionFocusStart:
            try focusStart(arguments)
            return nil
        case .missionFocusEnd: return .focus(try focusEnd(arguments))
        case .sysInit, .sysVersion, .sysTimestamp, .sysDirArma, .sysDirModule, .sysDirLog,
            .sysAddonVersion, .sysLog, .sysStats, .storageInit, .missionStart, .missionSave,
            .icomConnect, .icomSendEvent, .icomBroadcast, .icomDisconnect, .icomStatus,
            .icomServers, .icomReconnect, .icomReady, .icomUnready:
            return nil
        }
    }

    /// Will the thing that the last call was refused for be created later on? (Also when nothing is
    /// known of what is to come.)
    func willBeCreated(_ reason: RejectReason) -> Bool {
        guard missing != nil else { return false }
        guard let created else { return true }
        switch reason {
        case .unknownEntity(let kind, let id): return created.contains(kind, id)
        case .unknownMarker: return created.containsMarker(nameHash: missingMarkerHash)
        default: return false
        }
    }

    private var missingMarkerHash: UInt64 = 0

    // MARK: Helpers of all families

    /// The text of an argument.
    mutating func text(_ arguments: borrowing Arguments, _ index: Int) -> Text {
        let raw = arguments.raw(index)
        let inner = isStrict ? ArgumentText.strictInner(raw) : ArgumentText.inner(raw)
        // Only a String doubles its quotes. (The reference does not make that difference.)
        guard inner.containsQuote, isStrict || ArgumentText.isQuoted(raw) else {
            return texts.intern(inner)
        }
        return texts.intern(undoubling: inner)
    }

    /// The text of an argument that differs from call to call.
    mutating func transientText(_ arguments: borrowing Arguments, _ index: Int) -> Text {
        let raw = arguments.raw(index)
        let inner = isStrict ? ArgumentText.strictInner(raw) : ArgumentText.inner(raw)
        guard inner.containsQuote, isStrict || ArgumentText.isQuoted(raw) else {
            return texts.transient(inner)
        }
        return texts.transient(undoubling: inner)
    }

    /// A frame number that continues the recording.
    mutating func frame(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> UInt32 {
        let frame = try arguments.frame(index)
        guard frames.accepts(frame) else {
            throw .implausibleFrame(frame: frame, highest: frames.highest)
        }
        return frame
    }

    /// What an id refers to: what was created before it, else (not in strict mode) what the
    /// recording creates at all. A soldier goes before a vehicle.
    func classify(_ id: UInt16) -> EntityReference {
        if soldiers.contains(id) { return .soldier(id) }
        if vehicles.contains(id) { return .vehicle(id) }
        if !isStrict, let created {
            if created.soldiers.contains(id) { return .soldier(id) }
            if created.vehicles.contains(id) { return .vehicle(id) }
        }
        return .unknown(id)
    }

    /// Is it a soldier of the recording, by the same rule?
    func isSoldier(_ id: UInt16) -> Bool {
        soldiers.contains(id) || (!isStrict && created?.soldiers.contains(id) ?? false)
    }

    /// Remembers what the call lacks, and says so.
    mutating func unknown(_ kind: EntityKind, _ id: UInt16) -> RejectReason {
        missing = .entity(kind, id)
        return .unknownEntity(kind, id: id)
    }

    /// Remembers the marker that the call lacks, and says so.
    mutating func unknownMarker(_ name: Text) -> RejectReason {
        missingMarkerHash = texts.longHash(of: name)
        missing = .marker(nameHash: missingMarkerHash)
        return .unknownMarker
    }

    mutating func noteCreation(_ key: CreateKey) { justCreated = key }
}

/// The markers that exist, by name.
struct MarkerCache {
    private var places: [UInt32] = []
    private var entries: [CachedMarker] = []
    private(set) var createdCount: UInt32 = 0

    /// The newest marker of a name, as a place for the subscript.
    func place(of name: Text) -> Int? {
        let index = Int(name.index)
        guard index < places.count, places[index] != 0 else { return nil }
        return Int(places[index]) - 1
    }

    subscript(place: Int) -> CachedMarker {
        get { entries[place] }
        set { entries[place] = newValue }
    }

    /// The id of the next marker: 1, 2, 3 …
    mutating func nextID() -> UInt32 {
        createdCount += 1
        return createdCount
    }

    /// From now on the name means this marker.
    mutating func set(_ name: Text, _ marker: CachedMarker) {
        if let place = place(of: name) {
            entries[place] = marker
            return
        }
        let index = Int(name.index)
        if places.count <= index {
            places.append(contentsOf: repeatElement(0, count: index + 1 - places.count))
        }
        entries.append(marker)
        places[index] = UInt32(entries.count)
    }
}
