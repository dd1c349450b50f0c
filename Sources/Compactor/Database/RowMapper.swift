// From typed events to rows, the same for SQLite and PostgreSQL (docs/formats/database.md). Soldiers,
// vehicles and markers are written when they appear, because their states refer to them, and once
// more at the end with what became of them.

import Mission

/// Makes the rows of one recording.
public struct RowMapper: ~Copyable {
    let missionID: Int64
    let header: RecordingHeader
    let secondsPerFrame: Double
    /// How many rows each table has got so far.
    private var rowCounts = [Int64](repeating: 0, count: TableID.allCases.count)
    var soldiers = EntityTable<SoldierEntry>()
    var vehicles = EntityTable<VehicleEntry>()
    var markers: [MarkerEntry] = []
    /// Where a marker stands in `markers`, by its number.
    var markerPlaces: [UInt32: Int] = [:]
    /// The highest frame of a state so far.
    public internal(set) var lastFrame: UInt32 = 0
    var orphanCount: UInt64 = 0
    var wkb = WellKnownBinary()
    var scratch: [UInt8] = []

    /// - Parameter missionID: the row of `missions` that all rows of the recording refer to.
    public init(_ header: borrowing RecordingHeader, missionID: Int64) {
        self.header = copy header
        self.missionID = missionID
        let delay = Double(header.mission.captureDelay)
        secondsPerFrame = delay > 0 ? delay : 1
    }

    /// The id of the n-th row of a mission, in every table whose key is of type row.
    public static func rowID(mission: Int64, number: Int64) -> Int64 { mission << 32 | number }

    /// The id of the table's next row.
    mutating func nextRow(_ table: TableID) -> Int64 {
        rowCounts[table.rawValue] += 1
        return Self.rowID(mission: missionID, number: rowCounts[table.rawValue])
    }

    /// The id of a marker's row.
    func markerRow(_ number: UInt32) -> Int64 {
        Self.rowID(mission: missionID, number: Int64(number))
    }

    /// The ids of the soldiers or vehicles that have got a row.
    public func entityIDs(_ table: TableID) -> [UInt16] {
        switch table {
        case .soldiers: soldiers.values.map(\.created.id)
        case .vehicles: vehicles.values.map(\.created.id)
        default: []
        }
    }

    /// Writes an event's rows.
    public mutating func receive<Target: RowTarget & ~Copyable>(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable,
        into target: inout Target
    ) throws(Target.Failure) {
        switch event {
        case .soldierState(let state): try write(state, stamp, texts, &target)
        case .vehicleState(let state): try write(state, stamp, texts, &target)
        case .projectile(let shot): try write(shot, stamp, texts, &target)
        case .soldierCreated(let created): try write(created, stamp, texts, &target)
        case .soldierDeleted(let deleted), .vehicleDeleted(let deleted): note(deleted, stamp)
        case .vehicleCreated(let created): try write(created, stamp, texts, &target)
        case .timeState(let state): try write(state, stamp, texts, &target)
        case .killed(let kill): try write(kill, stamp, texts, &target)
        case .general(let event): try write(event, stamp, texts, &target)
        case .sector(let event): try write(event, stamp, texts, &target)
        case .endMission(let event): try write(event, stamp, texts, &target)
        case .chat(let message): try write(message, stamp, texts, &target)
        case .radio(let transmission): try write(transmission, stamp, texts, &target)
        case .telemetry(let telemetry): try write(telemetry, stamp, texts, &target)
        case .markerCreated(let created): try write(created, stamp, texts, &target)
        case .markerState(let state): try write(state, stamp, texts, &target)
        case .markerDeleted(let deleted): try write(deleted, stamp, texts, &target)
        case .placedCreated(let created): try write(created, stamp, texts, &target)
        case .placedEvent(let event): try write(event, stamp, texts, &target)
        case .ace3Death(let death): try write(death, stamp, texts, &target)
        case .ace3Unconscious(let change): try write(change, stamp, texts, &target)
        case .focus(let range): try write(range, stamp, texts, &target)
        }
    }

    /// Writes what is known only now: entities as they ended. The mission's row comes after
    /// (`writeMission` with the footer).
    public mutating func finish<Target: RowTarget & ~Copyable>(
        texts: borrowing TextTable, into target: inout Target
    ) throws(Target.Failure) {
        for entry in soldiers.values {
            try write(entry, replacing: true, texts, &target)
        }
        for entry in vehicles.values {
            try write(entry, replacing: true, texts, &target)
        }
        for place in markers.indices where markers[place].deleteFrame != nil {
            try writeMarker(place, replacing: true, texts, &target)
        }
    }

    /// The row of `missions`: at the beginning without a footer (other rows refer to it), at the end
    /// with one.
    /// - Parameters:
    ///   - createdAt: when the recording first came into this database.
    ///   - updatedAt: now.
    public func writeMission<Target: RowTarget & ~Copyable>(
        worldID: Int64, createdAt: Int64, updatedAt: Int64, footer: RecordingFooter?,
        into target: inout Target
    ) throws(Target.Failure) {
        let mission = header.mission
        target.beginRow(.missions, replacing: true)
        target.integer(missionID)
        target.time(createdAt)
        target.time(updatedAt)
        target.null()
        target.text(mission.missionName)
        target.text(mission.briefingName)
        target.text(mission.missionNameSource)
        target.text(mission.onLoadName)
        target.text(mission.author)
        target.text(mission.serverName)
        target.text(mission.serverProfile)
        target.time(header.start.time)
        target.integer(worldID)
        target.real(decimal(mission.captureDelay))
        target.text(header.addonVersion)
        target.text(header.extensionVersion)
        target.text("")
        target.text("")
        target.text(mission.tag)
        // The game sends east first, the table has west first.
        for slot in [1, 0, 2, 3, 4] {
            target.integer(
                mission.playableSlots.indices.contains(slot) ? mission.playableSlots[slot] : 0)
        }
        for pair in 0..<3 {
            target.boolean(
                mission.sideFriendly.indices.contains(pair) && mission.sideFriendly[pair])
        }
        target.text(Self.logID(header))
        target.integer(header.number)
        target.boolean(header.mode == .strict)
        if let footer {
            target.time(footer.last.time)
            target.text(Self.reason(footer.end))
            target.integer(footer.utcOffsetSeconds)
            target.integer(lastFrame)
            target.integer(footer.callCount)
            target.integer(footer.rejectedCount)
            target.integer(orphanCount)
        } else {
            for _ in 0..<7 { target.null() }
        }
        try target.endRow()
    }

    /// The log's id as `missions.log_id` holds it.
    public static func logID(_ header: borrowing RecordingHeader) -> String {
        logID(header.logID)
    }

    /// The same, of a log's 16 bytes.
    static func logID(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func reason(_ end: RecordingEnd) -> String {
        switch end {
        case .saved: "saved"
        case .replaced: "replaced"
        case .logEnded: "log_ended"
        }
    }

    func decimal(_ value: Float) -> Double { shortestDecimal(value) }
}

/// The number that a 32-bit float stands for in decimal notation: 0.987654 is not to become
/// 0.98765403032302856, and 123.4 not 123.400002.
func shortestDecimal(_ value: Float) -> Double {
    guard value.isFinite else { return 0 }
    let wide = Double(value)
    // The game sends six digits at most, seldom all of them behind the point.
    var scale = 1.0
    while abs(wide) < 1_000_000_000 && scale <= 1_000_000 {
        let rounded = (wide * scale).rounded() / scale
        if Float(rounded) == value { return rounded }
        scale *= 10
    }
    return Double(value.description) ?? wide
}
