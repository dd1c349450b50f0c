// PostGIS is used where the database has it, and nothing is missing where it hasn't.

import Foundation
import Testing

@testable import PostgresSink

extension Trait where Self == ConditionTrait {
    static var needsPostGIS: ConditionTrait {
        .enabled("no PostGIS here (Debian: postgresql-15-postgis-3)") {
            guard PostgresServer.programs != nil else { return false }
            let server = try PostgresServer.shared.get()
            let found = try PostgresConnection(server.settings("postgres")).execute(
                "SELECT COUNT(*) FROM pg_available_extensions WHERE name = 'postgis'",
                operation: "test")
            return found.number == 1
        }
    }
}

@Suite(.needsPostgres) struct GeometryTests {
    private static let views = [
        "soldier_geometry", "vehicle_geometry", "shot_geometry", "marker_geometry",
    ]

    private func views(_ database: TestDatabase) throws -> [String] {
        let list = Self.views.map { "'\($0)'" }.joined(separator: ", ")
        return try database.rows("SELECT viewname FROM pg_views WHERE viewname IN (\(list))")
    }

    @Test func withoutPostGISThereAreNoViewsOfIt() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        #expect(try views(database) == [])
    }

    @Test(.needsPostGIS) func openingsAtOnceMakeTheViewsOnce() throws {
        let database = try TestDatabase()
        _ = try database.open()
        _ = try database.rows("CREATE EXTENSION postgis")
        let failures = OpeningTests.Failures()
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            do { _ = try database.open() } catch { failures.add("\(error)") }
        }
        #expect(failures.all == [])
        #expect(try views(database).sorted() == Self.views.sorted())
    }

    @Test(.needsPostGIS) func whoMayNotMakeThemWritesRowsAllTheSame() throws {
        let database = try TestDatabase()
        _ = try database.open()
        _ = try database.rows("CREATE EXTENSION postgis")
        let role = "writer_\(UInt64.random(in: .min ... .max))"
        _ = try database.rows(
            """
            CREATE ROLE \(role) LOGIN;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \(role)
            """)
        defer { _ = try? database.rows("DROP OWNED BY \(role); DROP ROLE \(role)") }
        let settings = database.server.settings(database.name, "user=\(role)")
        var sink = PostgresSink(try PostgresDatabase(settings))
        try Fixture().feed(&sink)
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["1"])
        #expect(try views(database) == [])
    }

    @Test(.needsPostGIS, arguments: ["public", "gis"])
    func theViewsComeWithTheExtensionAndHoldThePositions(schema: String) throws {
        let database = try TestDatabase()
        // Rows first: the extension may come to a database that is in use.
        try database.write(Fixture())
        _ = try database.rows("CREATE SCHEMA IF NOT EXISTS \(schema)")
        _ = try database.rows("CREATE EXTENSION postgis SCHEMA \(schema)")
        try database.write(Fixture())
        #expect(try views(database).sorted() == Self.views.sorted())
        for (view, table) in [
            ("soldier_geometry", "soldier_states"), ("vehicle_geometry", "vehicle_states"),
        ] {
            let found = try database.rows(
                """
                SELECT COUNT(*), COUNT(*) FILTER (WHERE \(schema).ST_X(g.geom) = t.x
                    AND \(schema).ST_Y(g.geom) = t.y AND \(schema).ST_Z(g.geom) = t.z)
                FROM \(view) g JOIN \(table) t USING (mission_id, id)
                """)
            let count = try database.rows("SELECT COUNT(*) FROM \(table)")[0]
            #expect(found == ["\(count)|\(count)"], "\(view)")
            #expect(count != "0")
        }
        let shots = try database.rows("SELECT \(schema).GeometryType(geom) FROM shot_geometry")
        // A line has two ends: a shot that was seen at one place only is an empty collection.
        #expect(Set(shots) == ["LINESTRING", "GEOMETRYCOLLECTION"])
        #expect(
            try database.rows("SELECT COUNT(*) FROM marker_geometry WHERE geom IS NULL") == ["0"])
        // What is asked of geometry: who was within 50 m of a place.
        #expect(
            try database.rows(
                """
                SELECT COUNT(*) > 0 FROM soldier_geometry WHERE
                    \(schema).ST_DWithin(geom, \(schema).ST_MakePoint(2003, 3000), 50)
                """) == ["t"])
    }
}
