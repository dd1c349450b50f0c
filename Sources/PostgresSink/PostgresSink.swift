// Recordings into PostgreSQL (docs/postgresql.md): each in one transaction, replacing what an earlier
// compaction of the same recording left, and nothing else.

import CPlatform
import Compactor
import Mission
import Values

/// Writes recordings, one after another. After an error the server holds what it held before that
/// recording began, and when the sink is dropped in the middle of one: the connection can be used again.
/// For one thread at a time.
///
/// Compactions at once get in each other's way only when they write the same recording: then the later
/// one waits. What missions share (terrains, mods) is made before, in transactions of its own and in the
/// order of the names, so that no two of them wait for each other.
public struct PostgresSink: ~Copyable, RecordingSink {
    /// What `begin`, `receive` and `end` throw.
    public typealias Failure = PostgresError

    let database: PostgresDatabase
    var rows: CopyRows
    /// While a recording is under way.
    var mapper: RowMapper?
    private var worldID: Int64 = 0
    /// The `missions.id` of the recording that was begun last.
    public private(set) var missionID: Int64 = 0

    /// A sink into an open database.
    public init(_ database: PostgresDatabase) {
        self.database = database
        rows = CopyRows(database.connection, schema: .current)
    }

    /// What was not completed is taken back: the next one on this connection must not complete it.
    deinit {
        guard mapper != nil else { return }
        rows.discard()
        database.rollBack()
    }

    private var connection: PostgresConnection { database.connection }

    /// Begins the recording's transaction and removes the rows that it has on the server; its soldiers and
    /// vehicles stay until new rows take their places, or until the end.
    public mutating func begin(_ header: RecordingHeader) throws(PostgresError) {
        if mapper != nil { giveUp() }
        rows.reset()
        worldID = try world(header.world)
        try insertAddons(header.mission.addons)
        try analyzeHits(header)
        try connection.execute("BEGIN", operation: "beginning a recording")
        do throws(PostgresError) {
            missionID = try mission(header)
            try removeOldRows()
            try linkAddons(header.mission.addons)
            let mapper = RowMapper(header, missionID: missionID)
            let now = Self.now
            try mapper.writeMission(
                worldID: worldID, createdAt: now, updatedAt: now, footer: nil, into: &rows)
            self.mapper = consume mapper
        } catch {
            giveUp()
            throw error
        }
    }

    /// Writes an event's rows. After an error the recording is given up: nothing of it is kept.
    public mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(PostgresError) {
        do throws(PostgresError) {
            try mapper?.receive(event, at: stamp, texts: texts, into: &rows)
        } catch {
            giveUp()
            throw error
        }
    }

    /// Completes the recording's rows and commits them.
    public mutating func end(
        _ footer: RecordingFooter, texts: borrowing TextTable
    ) throws(PostgresError) {
        precondition(mapper != nil, "a recording ends that was not begun, or was given up")
        let now = Self.now
        do throws(PostgresError) {
            try mapper?.finish(texts: texts, into: &rows)
            try mapper?.writeMission(
                worldID: worldID, createdAt: now, updatedAt: now, footer: footer, into: &rows)
            try rows.flush()
            try removeOldEntities()
            try connection.execute(
                playerScoresStatement(mission: "\(missionID)"), operation: "making the scoreboard")
            try connection.execute("COMMIT", operation: "completing a recording")
        } catch {
            giveUp()
            throw error
        }
        mapper = nil
    }

    mutating func giveUp() {
        mapper = nil
        rows.reset()
        database.rollBack()
    }

    /// UTC nanoseconds since 1970.
    private static var now: Int64 { bb_clock_wall() }

    // MARK: What missions share

    private func world(_ world: WorldInfo) throws(PostgresError) -> Int64 {
        let operation = "writing to worlds"
        let name = world.worldName.withoutZeros
        let longitude = Self.decimal(world.longitude)
        let latitude = Self.decimal(world.latitude)
        var location = WellKnownBinary()
        location.makePoint(x: Double(longitude) ?? 0, y: Double(latitude) ?? 0)
        try connection.execute(
            """
            INSERT INTO worlds (created_at, updated_at, author, workshop_id, display_name, world_name,
                world_name_original, world_size, location, longitude, latitude)
            SELECT now(), now(), $1, $2, $3, $4, $5, $6::numeric, $7::bytea, $8::double precision,
                $9::double precision
            WHERE NOT EXISTS (SELECT 1 FROM worlds WHERE world_name = $4)
            ON CONFLICT (world_name) DO NOTHING
            """,
            [
                world.author.withoutZeros, world.workshopID.withoutZeros,
                world.displayName.withoutZeros, name, world.worldNameOriginal.withoutZeros,
                Self.decimal(world.worldSize), "\\x" + Self.hex(location.bytes), longitude,
                latitude,
            ], operation: operation)
        let found = try connection.execute(
            "SELECT id FROM worlds WHERE world_name = $1", [name], operation: operation)
        guard let id = found.number else {
            throw .inconsistent(
                server: connection.server, operation: operation, detail: "no row for \(name)")
        }
        return id
    }

    /// Names and workshop ids, each pair once, in one order for everybody.
    private static func pairs(_ addons: [AddonInfo]) -> [(name: String, id: String)] {
        var pairs = addons.map { (name: $0.name.withoutZeros, id: $0.workshopID.withoutZeros) }
        pairs.sort { ($0.name, $0.id) < ($1.name, $1.id) }
        var kept: [(name: String, id: String)] = []
        for pair in pairs where kept.last.map({ $0 != pair }) ?? true { kept.append(pair) }
        return kept
    }

    /// The most pairs in one statement, which takes 65,535 parameters.
    private static let pairsAtOnce = 10_000

    private static func values(
        _ pairs: ArraySlice<(name: String, id: String)>
    ) -> (
        sql: String, parameters: [String?]
    ) {
        let places = (0..<pairs.count).map { "($\(2 * $0 + 1)::text, $\(2 * $0 + 2)::text)" }
        return (places.joined(separator: ", "), pairs.flatMap { [$0.name, $0.id] })
    }

    private func insertAddons(_ addons: [AddonInfo]) throws(PostgresError) {
        let pairs = Self.pairs(addons)
        for start in stride(from: 0, to: pairs.count, by: Self.pairsAtOnce) {
            let (sql, parameters) = Self.values(
                pairs[start..<min(start + Self.pairsAtOnce, pairs.count)])
            try connection.execute(
                """
                INSERT INTO addons (created_at, updated_at, name, workshop_id)
                SELECT now(), now(), v.name, v.id FROM (VALUES \(sql)) AS v (name, id)
                WHERE NOT EXISTS (
                    SELECT 1 FROM addons a WHERE a.name = v.name AND a.workshop_id = v.id)
                ORDER BY v.name, v.id
                ON CONFLICT (name, workshop_id) DO NOTHING
                """, parameters, operation: "writing to addons")
        }
    }

    private func linkAddons(_ addons: [AddonInfo]) throws(PostgresError) {
        let pairs = Self.pairs(addons)
        for start in stride(from: 0, to: pairs.count, by: Self.pairsAtOnce) {
            let (sql, parameters) = Self.values(
                pairs[start..<min(start + Self.pairsAtOnce, pairs.count)])
            try connection.execute(
                """
                INSERT INTO mission_addons (mission_id, addon_id)
                SELECT \(missionID), a.id FROM addons a
                JOIN (VALUES \(sql)) AS v (name, id) ON v.name = a.name AND v.id = a.workshop_id
                """, parameters, operation: "writing to mission_addons")
        }
    }

    /// The recording's row: the one it had, or a new one. Locked: who writes the same recording waits here.
    private func mission(_ header: RecordingHeader) throws(PostgresError) -> Int64 {
        let operation = "writing to missions"
        let row = try connection.execute(
            """
            INSERT INTO missions (created_at, log_id, recording_number) VALUES (now(), $1, $2::integer)
            ON CONFLICT (log_id, recording_number) DO UPDATE SET log_id = excluded.log_id
            RETURNING id
            """, [RowMapper.logID(header), "\(header.number)"], operation: operation)
        guard let id = row.number else {
            throw .inconsistent(
                server: connection.server, operation: operation, detail: "no row was returned")
        }
        return id
    }

    private static let removing = "removing the recording's old rows"

    /// Each shot that is deleted makes the server look for its hits. Without statistics it takes the index of
    /// their mission for as good as that of their shot, and goes through all of them: 26 s for 72,000 shots, with
    /// statistics 1 s. So a mission that is written again just after the first one waits for nobody to make
    /// them. In no transaction of ours, whose locks it would lengthen.
    private func analyzeHits(_ header: RecordingHeader) throws(PostgresError) {
        let isWanted = try connection.execute(
            """
            SELECT EXISTS (
                    SELECT 1 FROM missions WHERE log_id = $1 AND recording_number = $2::integer)
                AND EXISTS (
                    SELECT 1 FROM pg_class WHERE reltuples <= 0 AND oid IN (
                        'projectile_hits_soldiers'::regclass, 'projectile_hits_vehicles'::regclass))
            """, [RowMapper.logID(header), "\(header.number)"], operation: Self.removing)
        guard isWanted.single == "t" else { return }
        try connection.execute(
            "ANALYZE projectile_hits_soldiers, projectile_hits_vehicles", operation: Self.removing)
    }

    private mutating func removeOldRows() throws(PostgresError) {
        let left = try connection.execute(
            Schema.current.postgresClear(mission: missionID), operation: Self.removing)
        rows.overwrites = left.single == "t"
    }

    /// Soldiers and vehicles that another way of reading the recording had made, and this one did not.
    private func removeOldEntities() throws(PostgresError) {
        guard rows.overwrites else { return }
        for table in TableID.allCases where Schema.current[table].isOverwritten {
            let ids = (mapper?.entityIDs(table) ?? []).map { "\($0)" }.joined(separator: ",")
            try connection.execute(
                Schema.current[table].postgresDeleteOthers(mission: missionID), ["{\(ids)}"],
                operation: Self.removing)
        }
    }

    /// The shortest decimal that a 32-bit float stands for.
    private static func decimal(_ value: Float) -> String {
        value.isFinite ? value.description : "0"
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension String {
    /// Texts of PostgreSQL's can't hold U+0000.
    fileprivate var withoutZeros: String {
        utf8.contains(0)
            ? String(unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : Character($0) }) : self
    }
}
