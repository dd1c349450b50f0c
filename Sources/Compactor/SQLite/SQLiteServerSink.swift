// A log's server side into one SQLite database.

import GRDB
import Mission

/// Writes the server's events of logs, one log after another. After an error the file holds what it held
/// before that log; dropped in the middle of one, it closes the file, which takes back what was not
/// committed. For one thread at a time; `begin` waits for another writer, for a minute at most.
public struct SQLiteServerSink: ~Copyable, ServerEventSink {
    private let database: SQLiteDatabase
    private var rows: SQLiteRows
    /// While a log is under way.
    private var mapper: ServerRowMapper?

    /// Opens the file, or creates it and the folders above it.
    public init(path: String) throws(SQLiteError) {
        database = try SQLiteDatabase(path: path)
        rows = SQLiteRows(database, schema: .current)
    }

    /// Begins the transaction of a log; takes back one that was not ended.
    public mutating func begin(logID: [UInt8]) throws(SQLiteError) {
        giveUp()
        do {
            try database.queue.inDatabase { try $0.beginTransaction(.immediate) }
        } catch {
            throw database.error("beginning a log's server events", error)
        }
        mapper = ServerRowMapper(logID: logID)
    }

    /// Writes one event's row. After an error the log is given up.
    public mutating func receive(_ event: ServerEvent) throws(SQLiteError) {
        do throws(SQLiteError) {
            try mapper?.receive(event, into: &rows)
        } catch {
            giveUp()
            throw error
        }
    }

    /// Commits.
    public mutating func end() throws(SQLiteError) {
        precondition(mapper != nil, "a log ends that was not begun, or was given up")
        do {
            try mapper?.finish(into: &rows)
            try database.queue.inDatabase { try $0.commit() }
        } catch {
            giveUp()
            throw database.error("completing a log's server events", error)
        }
        mapper = nil
    }

    private mutating func giveUp() {
        mapper = nil
        database.rollBack()
    }
}
