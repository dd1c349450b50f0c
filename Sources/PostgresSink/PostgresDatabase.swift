// A database of recordings on a server: recognised, created or brought up to date. Rows are written past
// this, through `CopyRows`.

import Compactor

/// A step from one schema version to the next, as `Migration` in SQLite. Views are made anew after it.
struct PostgresMigration {
    /// The version that it leads to.
    var version: Int
    var statements: [String]
}

/// An open database of recordings. Its tables lie in the first schema of the connection's search path.
public struct PostgresDatabase {
    /// The connection.
    public let connection: PostgresConnection

    /// Holds one row, the schema's version.
    static let versionTable = "blackbox_schema"
    /// Of the advisory lock under which tables are made: "BBox".
    private static let lockNumber = 0x4242_6F78

    /// A reader that keeps a view locked must not keep us for ever.
    ///
    /// The server's statistics know nothing of the recording that is being written: it takes its rows for none
    /// or for a handful, compares each shot with each hit (minutes where seconds would do), and looks for
    /// the soldier of each state by reading all soldiers. Every table has an index for what we ask.
    private static let writerSettings = """
        SET lock_timeout = '60s'; SET timezone = 'UTC'; SET standard_conforming_strings = on;
        SET enable_nestloop = off; SET enable_seqscan = off; SET jit = off
        """

    /// Connects; creates the tables where they are missing, migrates those of an older version.
    public init(_ settings: PostgresSettings) throws(PostgresError) {
        try self.init(PostgresConnection(settings))
    }

    /// Connects for reading: nothing is made or changed there.
    /// - Throws: `PostgresError.empty` where there are no tables.
    public init(reading settings: PostgresSettings) throws(PostgresError) {
        connection = try PostgresConnection(settings)
        try connection.execute(
            "SET timezone = 'UTC'; SET default_transaction_read_only = on", operation: "connecting")
        guard try recognise(.current) > 0 else { throw .empty(server: connection.server) }
    }

    init(
        _ connection: PostgresConnection, schema: Schema = .current, views: [View] = View.all,
        migrations: [PostgresMigration] = PostgresMigration.all
    ) throws(PostgresError) {
        self.connection = connection
        try connection.execute(Self.writerSettings, operation: "connecting")
        if try recognise(schema) != schema.version {
            try transaction { () throws(PostgresError) in
                try waitForOthers()
                try bringUp(from: try recognise(schema), schema, views, migrations)
            }
        }
        try makeGeometryViews()
    }

    /// Until this transaction ends no other compactor makes tables or views.
    func waitForOthers() throws(PostgresError) {
        try connection.execute(
            "SELECT pg_advisory_xact_lock(\(Self.lockNumber))",
            operation: "waiting for another compactor")
    }

    /// Begins a transaction, and ends it: with a rollback when the body throws.
    func transaction(
        _ body: () throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try connection.execute("BEGIN", operation: "beginning a transaction")
        do throws(PostgresError) {
            try body()
            try connection.execute("COMMIT", operation: "completing a transaction")
        } catch {
            rollBack()
            throw error
        }
    }

    /// A failure here (the server is gone) leaves the transaction uncommitted as well; what led here is
    /// what gets reported.
    func rollBack() {
        _ = try? connection.execute("ROLLBACK", operation: "rolling back")
    }

    /// The schema version on the server, 0 when nothing is there; throws for what is not ours.
    private func recognise(_ schema: Schema) throws(PostgresError) -> Int {
        let operation = "reading the schema's version"
        let known = try connection.execute(
            "SELECT to_regclass('\(Self.versionTable)')", operation: operation)
        if known.single != nil {
            let version = try connection.execute(
                "SELECT version FROM \(Self.versionTable)", operation: operation)
            let found = Int(version.number ?? 0)
            guard found <= schema.version else {
                throw .newer(server: connection.server, found: found, known: schema.version)
            }
            return found
        }
        let names = schema.tables.map { "('\($0.name)')" }.joined(separator: ", ")
        let taken = try connection.execute(
            """
            SELECT name, to_regclass('ocap_infos') FROM (VALUES \(names)) AS t (name)
            WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name LIMIT 1
            """, operation: operation)
        guard let first = taken.rows.first, let name = first.first ?? nil else { return 0 }
        let isOCAP = first.count > 1 && first[1] != nil
        throw .foreign(
            server: connection.server,
            hint: isOCAP ? "the OCAP extension" : "a table \"\(name)\"")
    }

    /// Tables are only made where every text can be kept.
    private func checkEncoding() throws(PostgresError) {
        let encoding = try connection.execute(
            "SHOW server_encoding", operation: "reading the database's encoding"
        ).single
        // SQL_ASCII keeps bytes as they come.
        guard encoding == "UTF8" || encoding == "SQL_ASCII" else {
            throw .encoding(
                server: connection.server, detail: "its encoding is \(encoding ?? "unknown")")
        }
    }

    private func bringUp(
        from found: Int, _ schema: Schema, _ views: [View], _ migrations: [PostgresMigration]
    ) throws(PostgresError) {
        // Another compactor may have been here while we waited.
        guard found < schema.version else { return }
        var statements: [String] = []
        if found == 0 {
            try checkEncoding()
            statements += schema.postgresStatements
            statements.append("CREATE TABLE \(Self.versionTable) (version integer NOT NULL)")
        } else {
            statements += GeometryView.all.map { "DROP VIEW IF EXISTS \"\($0.name)\"" }
            statements += views.reversed().map { "DROP VIEW IF EXISTS \"\($0.name)\"" }
            for migration in migrations where migration.version > found {
                statements += migration.statements
            }
        }
        statements += views.map { $0.statement(.postgres) }
        statements.append(
            """
            DELETE FROM \(Self.versionTable);
            INSERT INTO \(Self.versionTable) VALUES (\(schema.version))
            """)
        for statement in statements {
            try connection.execute(
                statement, operation: found == 0 ? "creating the tables" : "migrating the tables")
        }
    }
}
