// Servers that can't be written to, and databases of other versions.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

@Suite(.needsPostgres) struct OpeningTests {
    private func failure(_ settings: PostgresSettings) -> PostgresError? {
        do throws(PostgresError) {
            _ = try PostgresDatabase(settings)
            return nil
        } catch {
            return error
        }
    }

    @Test func aServerThatIsNotThereIsNamedAndTriedAgain() throws {
        let error = try #require(
            failure(PostgresSettings(connectionString: "host=/nowhere dbname=x user=y")))
        guard case .unreachable(let server, _) = error else { return #expect("\(error)" == "") }
        #expect(server.contains("/nowhere"))
        #expect(error.isTransient)
    }

    @Test func aWrongPasswordIsNamedAndNotTriedAgain() throws {
        let server = try PostgresServer.shared.get()
        let admin = try PostgresConnection(server.settings("postgres"))
        try admin.execute("CREATE ROLE mira LOGIN PASSWORD 'right'", operation: "test")
        try admin.execute("CREATE DATABASE secret OWNER mira", operation: "test")
        for (password, state) in [("wrong", "password authentication"), ("", "no password")] {
            let more = "user=mira" + (password.isEmpty ? "" : " password=\(password)")
            let error = try #require(failure(server.settings("secret", more)))
            guard case .refused(_, let detail) = error else { return #expect("\(error)" == "") }
            #expect(detail.contains(state))
            #expect(!error.isTransient)
        }
        #expect(failure(server.settings("secret", "user=mira password=right")) == nil)
    }

    @Test func aMissingDatabaseAndRefusedTLSAreNamed() throws {
        let server = try PostgresServer.shared.get()
        for settings in [
            server.settings("no_such_database"), server.settings("postgres", "user=nobody_knows"),
            PostgresSettings(connectionString: "host=localhost port=x"),
            PostgresSettings(connectionString: "host=localhost what is this"),
        ] {
            let error = try #require(failure(settings))
            guard case .refused(_, let detail) = error else { return #expect("\(error)" == "") }
            #expect(!detail.isEmpty)
        }
    }

    @Test func aUserWithoutRightsHearsWhatIsMissing() throws {
        let database = try TestDatabase()
        _ = try database.rows("CREATE ROLE \(database.name) LOGIN")
        let error = try #require(
            failure(database.server.settings(database.name, "user=\(database.name)")))
        guard case .notAllowed(_, let operation, _) = error else {
            return #expect("\(error)" == "")
        }
        #expect(operation == "creating the tables")
        _ = try database.rows("DROP ROLE \(database.name)")
    }

    @Test(arguments: [("ocap_infos", "the OCAP extension"), ("worlds", #"a table "missions""#)])
    func anotherProgramsTablesAreRefusedAndLeftAlone(table: String, hint: String) throws {
        let database = try TestDatabase()
        _ = try database.rows(
            "CREATE TABLE missions (id integer); CREATE TABLE \(table) (id integer)")
        guard case .foreign(_, let found)? = failure(database.settings) else {
            return #expect(Bool(false))
        }
        #expect(found == hint)
        #expect(
            try database.rows("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'") == ["2"]
        )
        // Another schema of the same database will do.
        _ = try database.rows("CREATE SCHEMA blackbox")
        let beside = database.server.settings(
            database.name, "user=postgres options=-csearch_path=blackbox")
        _ = try PostgresDatabase(beside)
        #expect(try database.rows("SELECT version FROM blackbox.blackbox_schema").count == 1)
    }

    @Test func aDatabaseThatLacksLettersIsRefusedAndLeftAlone() throws {
        let server = try PostgresServer.shared.get()
        let name = "latin_\(UInt64.random(in: .min ... .max))"
        try PostgresConnection(server.settings("postgres")).execute(
            "CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
            operation: "test")
        let error = try #require(failure(server.settings(name)))
        guard case .encoding(_, let detail) = error else { return #expect("\(error)" == "") }
        #expect(detail.contains("LATIN1"))
        #expect(error.description.contains("ENCODING 'UTF8'"))
        #expect(
            try PostgresConnection(server.settings(name)).execute(
                "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", operation: "test"
            ).number == 0)
    }

    @Test func aLaterVersionIsRefusedAndLeftAlone() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        _ = try database.rows("UPDATE blackbox_schema SET version = 99")
        guard case .newer(_, 99, Schema.current.version)? = failure(database.settings) else {
            return #expect(Bool(false))
        }
    }

    @Test func openingsAtOnceMakeTheTablesOnce() throws {
        let database = try TestDatabase()
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            do { try database.write(Fixture(number: worker + 1)) } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.all == [])
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["4"])
        #expect(try database.rows("SELECT COUNT(*) FROM blackbox_schema") == ["1"])
    }

    // MARK: Migration

    private static let second = Schema(
        version: Schema.current.version + 1,
        description: tableDescription.replacingOccurrences(
            of: "    call_count ", with: "    weather text : new\n    call_count "))

    private func bringUp(_ database: TestDatabase, _ statements: [String]) throws {
        _ = try PostgresDatabase(
            PostgresConnection(database.settings), schema: Self.second,
            views: [View("names") { _ in "SELECT mission_name, weather FROM missions" }],
            migrations: [PostgresMigration(version: Self.second.version, statements: statements)])
    }

    @Test func anOlderDatabaseIsBroughtUpAndKeepsItsRows() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        let before = try database.rows("SELECT id, mission_name, call_count FROM missions")
        try bringUp(database, ["ALTER TABLE missions ADD COLUMN weather text"])
        #expect(
            try database.rows("SELECT id, mission_name, call_count FROM missions") == before)
        #expect(try database.rows("SELECT weather FROM names") == ["∅"])
        #expect(
            try database.rows("SELECT version FROM blackbox_schema") == ["\(Self.second.version)"])
    }

    /// Tables, columns and their types, keys and indexes.
    private func shape(_ database: TestDatabase) throws -> [String] {
        try database.rows(
            """
            SELECT table_name, column_name, data_type, is_nullable, ordinal_position::text
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
            ORDER BY 1, 2, 3
            """)
    }

    /// The tables as earlier versions described them.
    private static let earlier = [
        Schema(
            version: 1,
            description: tableDescription.replacingOccurrences(of: serverTables, with: "")),
        Schema(
            version: 2,
            description: tableDescription.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.drop { $0 == " " }.hasPrefix("rule ") }.joined(separator: "\n")),
    ]

    @Test(arguments: [1, 2]) func aDatabaseOfAnEarlierVersionBecomesWhatANewOneIs(
        version: Int
    ) throws {
        let old = try TestDatabase()
        let earlier = Self.earlier[version - 1]
        _ = try PostgresDatabase(
            PostgresConnection(old.settings), schema: earlier,
            views: View.all.filter { $0.name != "player_visits" }, migrations: [])
        let columns = """
            SELECT COUNT(*) FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = 'gate_decisions'
            """
        #expect(try old.rows(columns) == [version == 1 ? "0" : "12"])
        try old.write(Fixture())
        try old.write(ServerFixture())
        let new = try TestDatabase()
        try new.write(Fixture())
        #expect(try old.rows(columns) == ["13"])
        #expect(try shape(old) == shape(new))
        #expect(try old.rows("SELECT COUNT(*) FROM player_visits") == ["4"])
        #expect(
            try old.rows("SELECT rule FROM gate_decisions WHERE decided_by = 'rule'") == ["night"])
    }

    @Test func aMigrationThatFailsLeavesEverythingAsItWas() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        let before = try database.everything()
        #expect(throws: PostgresError.self) {
            try bringUp(
                database,
                ["ALTER TABLE missions ADD COLUMN weather text", "ALTER TABLE nothing ADD x text"])
        }
        #expect(try database.everything() == before)
        #expect(
            try database.rows("SELECT version FROM blackbox_schema")
                == ["\(Schema.current.version)"])
        #expect(try database.rows("SELECT COUNT(*) FROM scoreboard") == ["2"])
    }

    @Test func everyErrorNamesTheServerAndSaysWhatToDo() {
        let server = "PostgreSQL at db:5432, database ocap"
        for state in [
            "08006", "23503", "40P01", "42501", "53100", "55P03", "57P01", "22P05", "XX000",
        ] {
            let text = PostgresError(server: server, operation: "x", state: state, detail: "d")
                .description
            #expect(text.contains(server))
            #expect(text.contains(". "), "\(text)")
        }
    }

    /// What went wrong in other threads.
    final class Failures: @unchecked Sendable {  // guarded by `lock`
        private let lock = NSLock()
        private var texts: [String] = []
        var all: [String] { lock.withLock { texts } }
        func add(_ text: String) { lock.withLock { texts.append(text) } }
    }
}
