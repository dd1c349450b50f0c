// The indexes as PostgreSQL's planner sees them: each serves a view or a documented query, and a
// mission's rows are found without reading another mission's.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

@Suite(.needsPostgres) struct PlanTests {
    /// What a plan's lines read: relations that are gone through whole, and indexes.
    private struct Reading {
        var scanned: Set<String> = []
        var indexes: Set<String> = []

        init(_ plan: [String]) {
            for line in plan {
                let words = line.split { " ()".contains($0) }.map(String.init)
                func word(after mark: [String]) -> String? {
                    guard words.count > mark.count else { return nil }
                    return (0..<(words.count - mark.count)).first {
                        Array(words[$0..<($0 + mark.count)]) == mark
                    }.map { words[$0 + mark.count].filter { $0 != "\"" } }
                }
                if let name = word(after: ["Seq", "Scan", "on"]) { scanned.insert(name) }
                // Index Scan (Backward) using X, Index Only Scan using X, Bitmap Index Scan on X.
                if let name = word(after: ["using"]) { indexes.insert(name) }
                if let name = word(after: ["Bitmap", "Index", "Scan", "on"]) {
                    indexes.insert(name)
                }
            }
        }
    }

    /// Small tables are read whole whatever there is; a planner that may not shows what it would take.
    private func plan(_ connection: PostgresConnection, _ query: String) throws -> Reading {
        let found = try connection.execute("EXPLAIN " + query, operation: "planning")
        return Reading(found.rows.compactMap { $0.first ?? nil })
    }

    private func database() throws -> PostgresConnection {
        let database = try TestDatabase()
        for number in 1...30 { try database.write(Fixture(number: number)) }
        let connection = try PostgresConnection(database.settings)
        try connection.execute("ANALYZE; SET enable_seqscan = off", operation: "test")
        return connection
    }

    private static func filled(_ query: String) -> String {
        query.replacingOccurrences(of: ":mission", with: "7")
            .replacingOccurrences(of: ":frame", with: "4")
            .replacingOccurrences(of: ":soldier", with: "0")
            .replacingOccurrences(of: ":player", with: "'76561198000000001'")
    }

    /// What is asked of a view: a mission, or where it has none a player.
    private static func usual(_ view: View) -> String {
        let wanted =
            switch view.name {
            case "all_missions": "id = 7"
            case "player_visits": "player_uid = '76561198000000001'"
            default: "mission_id = 7"
            }
        return "SELECT * FROM \"\(view.name)\" WHERE \(wanted)"
    }

    @Test func everyIndexServesAViewOrADocumentedQuery() throws {
        let connection = try database()
        var used: Set<String> = []
        let documented = try documentedQueries().filter { !$0.contains("json_extract") }
        for query in documented.map(Self.filled) + View.all.map(Self.usual) {
            let found = try plan(connection, query).indexes
            used.formUnion(found)
        }
        let made = Schema.current.tables.flatMap { table in
            table.postgresIndexes.map { "idx_\(table.name)_\($0.columns.joined(separator: "_"))" }
        }
        #expect(!made.isEmpty)
        for index in made {
            // PostgreSQL cuts names to 63 bytes.
            #expect(used.contains(String(index.prefix(63))), "\(index) serves nothing")
        }
    }

    /// A recording's scoreboard is made before the server has statistics of it: it takes each table for one of
    /// a single row, and with loops in loops the hour's 72,000 shots take it minutes.
    @Test(arguments: [0, 30])
    func theScoreboardIsMadeWithoutLoopsWhateverTheStatisticsSay(missions: Int) throws {
        let database = try TestDatabase()
        let writing = try database.open().connection
        for number in 0..<missions { try database.write(Fixture(number: number + 1)) }
        try writing.execute("ANALYZE", operation: "test")
        let lines = try writing.execute(
            "EXPLAIN " + playerScoresStatement(mission: "99"), operation: "planning"
        ).rows.compactMap { $0.first ?? nil }
        #expect(!lines.isEmpty)
        #expect(!lines.contains { $0.contains("Nested Loop") }, "\(lines)")
        #expect(Reading(lines).scanned.isEmpty, "\(lines)")
    }

    @Test func aMissionsViewReadsNoOtherMissionsRows() throws {
        let connection = try database()
        // Shared by all missions, and as small as their number.
        let shared: Set = ["worlds", "addons"]
        for view in View.all where view.name != "player_visits" {
            let reading = try plan(connection, Self.usual(view))
            #expect(
                reading.scanned.subtracting(shared).isEmpty, "\(view.name): \(reading.scanned)")
        }
    }
}
