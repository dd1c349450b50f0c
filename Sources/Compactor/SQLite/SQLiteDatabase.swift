// The database file: opened, recognised, created or brought up to date. Rows are written past this,
// through `SQLiteRows`.

import Foundation
import GRDB
import GRDBSQLite

/// An open database of recordings.
public final class SQLiteDatabase {
    /// As it was given.
    public let path: String
    /// GRDB's connection, for everything but rows.
    let queue: DatabaseQueue
    /// Waited for another writer before `SQLiteError.busy` is thrown.
    let busySeconds: Int

    /// In the header of each file of ours ("BBox"), so that no other program's database is taken for
    /// one: older recorders set `user_version` 1, too.
    static let applicationID: Int32 = 0x4242_6F78

    /// Opens a file for writing; creates it, and the folders above it, where they are missing;
    /// migrates one of an older version.
    public convenience init(path: String) throws(SQLiteError) {
        try self.init(path: path, schema: .current)
    }

    init(
        path: String, schema: Schema = .current, views: [View] = View.all,
        migrations: [Migration] = Migration.all, busySeconds: Int = 60
    ) throws(SQLiteError) {
        self.path = path
        self.busySeconds = busySeconds
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw SQLiteError.cannotOpen(path: path, detail: error.localizedDescription)
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.configuration(busySeconds))
            let found = try queue.inDatabase { database in
                try Self.recognise(database, path, schema)
            }
            if found == schema.version { return }
            try queue.inDatabase { database in
                if found == 0 {
                    // What a page takes can be fixed only while the file is empty.
                    try database.execute(sql: "PRAGMA page_size = 4096")
                }
                // Readers go on reading while a recording is written. Where the file system can't
                // (it needs shared memory), the journal stays as it is: slower for readers, not worse.
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                try database.inTransaction(.immediate) {
                    // Another compactor may have been here while we waited.
                    let found = try Self.recognise(database, path, schema)
                    try Self.bringUp(database, from: found, schema, views, migrations)
                    return .commit
                }
            }
        } catch {
            throw SQLiteError(
                path: path, operation: "opening", thrown: error, busySeconds: busySeconds)
        }
    }

    /// The error of what GRDB threw while it worked on this file.
    func error(_ operation: String, _ thrown: any Error) -> SQLiteError {
        SQLiteError(path: path, operation: operation, thrown: thrown, busySeconds: busySeconds)
    }

    /// Takes back what was not committed. A failure here (the disk is gone) leaves it uncommitted as
    /// well; what led here is what gets reported.
    func rollBack() {
        queue.inDatabase { database in
            if database.isInsideTransaction { try? database.rollback() }
        }
    }

    private static func configuration(_ busySeconds: Int) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(busySeconds))
        configuration.foreignKeysEnabled = true
        configuration.label = "blackbox"
        // A recording's transaction begins, and ends, in calls of its own.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            // FULL: what was committed survives a power cut, so a log may be removed after it.
            // Deleted rows need not be overwritten with zeros. The page cache is what a compaction
            // needs at most; pages beyond it go to the write-ahead log early.
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA secure_delete = OFF;
                    PRAGMA cache_size = -16384;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        return configuration
    }

    /// The schema version of the file, 0 for an empty one; throws for what is not ours to write to.
    static func recognise(
        _ database: Database, _ path: String, _ schema: Schema
    ) throws -> Int {
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == applicationID {
            guard version <= schema.version else {
                throw SQLiteError.newer(path: path, found: version, known: schema.version)
            }
            return version
        }
        let tables = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        guard let first = tables.first else { return 0 }
        let hint =
            tables.contains("ocap_infos")
            ? "the OCAP extension" : "it has a table \"\(first)\""
        throw SQLiteError.foreign(path: path, hint: hint)
    }

    /// All in the caller's transaction: a failure leaves the file as it was.
    private static func bringUp(
        _ database: Database, from found: Int, _ schema: Schema, _ views: [View],
        _ migrations: [Migration]
    ) throws {
        guard found < schema.version else { return }
        let old = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_master WHERE type = 'view'")
        for view in old { try database.execute(sql: "DROP VIEW \"\(view)\"") }
        if found == 0 {
            for statement in schema.sqliteStatements { try database.execute(sql: statement) }
        } else {
            for migration in migrations where migration.version > found {
                for statement in migration.statements { try database.execute(sql: statement) }
            }
        }
        for view in views { try database.execute(sql: view.statement(.sqlite)) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(schema.version)")
    }
}

/// A step from one schema version to the next. Written once and never changed: it has to fit files
/// that are out there. Views are made anew after the last step, so they are no part of it.
struct Migration {
    /// The version that it leads to.
    var version: Int
    var statements: [String]
}
