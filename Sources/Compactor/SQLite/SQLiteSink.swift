// Recordings into one SQLite database (docs/formats/database.md): each in one transaction, replacing
// what an earlier compaction of the same recording left, and nothing else.

import Foundation
import GRDB
import Mission
import Values

/// Writes recordings, one after another, into a database file. After an error the file holds what it
/// held before that recording began, and the sink can take the next one; dropped in the middle of a
/// recording, it closes the file, which takes back what was not committed. For one thread at a time; rows
/// are written on a second one. `begin` waits for another writer, for a minute at most.
public struct SQLiteSink: ~Copyable, RecordingSink {
    /// What `begin`, `receive` and `end` throw.
    public typealias Failure = SQLiteError

    let database: SQLiteDatabase
    private var rows: QueuedRows
    /// While a recording is under way.
    private var mapper: RowMapper?
    private var worldID: Int64 = 0
    /// The `missions.id` of the recording that was begun last.
    public private(set) var missionID: Int64 = 0

    /// Opens the file, or creates it and the folders above it.
    public init(path: String) throws(SQLiteError) {
        self.init(try SQLiteDatabase(path: path))
    }

    init(_ database: SQLiteDatabase) {
        self.database = database
        rows = QueuedRows(database, schema: .current)
    }

    /// Begins the recording's transaction and removes the rows that it has in the file.
    public mutating func begin(_ header: RecordingHeader) throws(SQLiteError) {
        giveUp()
        let now = Self.now
        do {
            (worldID, missionID) = try database.queue.inDatabase { database in
                try database.beginTransaction(.immediate)
                let world = try Self.world(header.world, now, database)
                let mission = try Self.mission(header, now, database)
                try Self.insertAddons(header.mission.addons, of: mission, now, database)
                return (world, mission)
            }
            let mapper = RowMapper(header, missionID: missionID)
            try mapper.writeMission(
                worldID: worldID, createdAt: now, updatedAt: now, footer: nil, into: &rows)
            self.mapper = consume mapper
        } catch {
            giveUp()
            throw database.error("beginning a recording", error)
        }
    }

    /// Writes an event's rows. After an error the recording is given up: nothing of it is kept.
    public mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(SQLiteError) {
        do {
            try mapper?.receive(event, at: stamp, texts: texts, into: &rows)
        } catch {
            giveUp()
            throw error
        }
    }

    /// Completes the recording's rows and commits them.
    public mutating func end(
        _ footer: RecordingFooter, texts: borrowing TextTable
    ) throws(SQLiteError) {
        precondition(mapper != nil, "a recording ends that was not begun, or was given up")
        let now = Self.now
        do {
            try mapper?.finish(texts: texts, into: &rows)
            try mapper?.writeMission(
                worldID: worldID, createdAt: now, updatedAt: now, footer: footer, into: &rows)
            try rows.finish()
            let mission = missionID
            try database.queue.inDatabase { database in
                try database.execute(
                    sql: playerScoresStatement(mission: ":mission"), arguments: ["mission": mission]
                )
                try database.commit()
            }
        } catch {
            giveUp()
            throw database.error("completing a recording", error)
        }
        mapper = nil
    }

    /// UTC nanoseconds since 1970, to the microsecond.
    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) * 1000 }

    /// Takes back a recording that is under way.
    private mutating func giveUp() {
        mapper = nil
        rows.startOver()
        database.rollBack()
    }

    private static func world(
        _ world: WorldInfo, _ now: Int64, _ database: Database
    ) throws -> Int64 {
        let known = try Int64.fetchOne(
            database, sql: "SELECT id FROM worlds WHERE world_name = ?",
            arguments: [world.worldName])
        if let known { return known }
        let longitude = shortestDecimal(world.longitude)
        let latitude = shortestDecimal(world.latitude)
        var location = WellKnownBinary()
        location.makePoint(x: longitude, y: latitude)
        try database.execute(
            sql: """
                INSERT INTO worlds (created_at, updated_at, author, workshop_id, display_name,
                    world_name, world_name_original, world_size, location, longitude, latitude)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                TimeText.string(now), TimeText.string(now), world.author, world.workshopID,
                world.displayName, world.worldName, world.worldNameOriginal,
                shortestDecimal(world.worldSize), Data(location.bytes), longitude, latitude,
            ])
        return database.lastInsertedRowID
    }

    /// The recording's row: the one it had, without the rows that refer to it, or a new one.
    private static func mission(
        _ header: RecordingHeader, _ now: Int64, _ database: Database
    ) throws -> Int64 {
        let logID = RowMapper.logID(header)
        let known = try Int64.fetchOne(
            database, sql: "SELECT id FROM missions WHERE log_id = ? AND recording_number = ?",
            arguments: [logID, header.number])
        guard let known else {
            try database.execute(
                sql: "INSERT INTO missions (created_at, log_id, recording_number) VALUES (?, ?, ?)",
                arguments: [TimeText.string(now), logID, header.number])
            return database.lastInsertedRowID
        }
        // Those that refer first: their parents' deletion then finds nothing to cascade to.
        for table in Schema.current.tables.reversed() where table.missionColumn != nil {
            let first = table.hasRowNumbers ? RowMapper.rowID(mission: known, number: 0) : known
            let last =
                table.hasRowNumbers
                ? RowMapper.rowID(mission: known, number: Int64(UInt32.max)) : known
            try database.execute(sql: table.sqliteDelete, arguments: [first, last])
        }
        return known
    }

    private static func insertAddons(
        _ addons: [AddonInfo], of mission: Int64, _ now: Int64, _ database: Database
    ) throws {
        for addon in addons {
            try database.execute(
                sql: """
                    INSERT INTO addons (created_at, updated_at, name, workshop_id)
                    VALUES (?, ?, ?, ?) ON CONFLICT (name, workshop_id) DO NOTHING
                    """,
                arguments: [
                    TimeText.string(now), TimeText.string(now), addon.name, addon.workshopID,
                ])
            try database.execute(
                sql: """
                    INSERT INTO mission_addons (mission_id, addon_id)
                    SELECT ?, id FROM addons WHERE name = ? AND workshop_id = ?
                    ON CONFLICT (mission_id, addon_id) DO NOTHING
                    """,
                arguments: [mission, addon.name, addon.workshopID])
        }
    }
}
