// A log's server side into PostgreSQL.

import Compactor
import Mission

/// Writes the server's events of logs, one log after another. After an error the server holds what it
/// held before that log, and when the sink is dropped in the middle of one: the connection can be used
/// again. For one thread at a time.
public struct PostgresServerSink: ~Copyable, ServerEventSink {
    private let database: PostgresDatabase
    private var rows: CopyRows
    /// While a log is under way.
    private var mapper: ServerRowMapper?

    /// A sink into an open database.
    public init(_ database: PostgresDatabase) {
        self.database = database
        rows = CopyRows(database.connection, schema: .current)
    }

    /// What was not completed is taken back.
    deinit {
        guard mapper != nil else { return }
        rows.discard()
        database.rollBack()
    }

    /// Begins the transaction of a log; takes back one that was not ended.
    public mutating func begin(logID: [UInt8]) throws(PostgresError) {
        if mapper != nil { giveUp() }
        rows.reset()
        try database.connection.execute("BEGIN", operation: "beginning a log's server events")
        mapper = ServerRowMapper(logID: logID)
    }

    /// Writes one event's row. After an error the log is given up.
    public mutating func receive(_ event: ServerEvent) throws(PostgresError) {
        do throws(PostgresError) {
            try mapper?.receive(event, into: &rows)
        } catch {
            giveUp()
            throw error
        }
    }

    /// Commits.
    public mutating func end() throws(PostgresError) {
        precondition(mapper != nil, "a log ends that was not begun, or was given up")
        do throws(PostgresError) {
            try mapper?.finish(into: &rows)
            try rows.flush()
            try database.connection.execute(
                "COMMIT", operation: "completing a log's server events")
        } catch {
            giveUp()
            throw error
        }
        mapper = nil
    }

    private mutating func giveUp() {
        mapper = nil
        rows.reset()
        database.rollBack()
    }
}
