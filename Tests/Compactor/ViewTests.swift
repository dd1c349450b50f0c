// The views, and the queries of docs/sql.md: each runs, and every index is there for one of them.

import Foundation
import GRDB
import Testing

@testable import Compactor

@Suite struct ViewTests {
    /// The parameters that a query names.
    static func arguments(_ query: String, frame: Int64 = 4) -> StatementArguments {
        var values: [String: (any DatabaseValueConvertible)?] = [:]
        let parameters = ["mission": 1, "frame": frame, "soldier": 0]
        for (name, value) in parameters where query.contains(":\(name)") { values[name] = value }
        if query.contains(":player") { values["player"] = "76561198000000001" }
        return StatementArguments(values)
    }

    @Test func everyDocumentedQueryAnswers() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        try ServerFixture().write(to: folder.database)
        let queries = try documentedQueries()
        #expect(queries.count > 30)
        for query in queries {
            // Frames at which there are states, hits, markers.
            let found = try [4, 5, 600].flatMap { frame in
                try rows(folder.database, query, Self.arguments(query, frame: frame))
            }
            #expect(!found.isEmpty, "no row for \(query)")
        }
    }

    @Test func everyViewIsDocumentedAndLeavesTheRowsOfTheGoldenFile() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        try ServerFixture().write(to: folder.database)
        let text = try page("sql.md")
        var found: [String] = []
        for view in View.all {
            #expect(text.contains("`\(view.name)`"), "\(view.name) is not in docs/sql.md")
            found += try rows(folder.database, "SELECT * FROM \"\(view.name)\"")
                .map { "\(view.name): \($0)" }
        }
        let expected = try String(contentsOf: golden("views.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
        #expect(found.count == expected.count)
    }

    @Test func everyIndexServesAViewOrADocumentedQuery() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let queries =
            try documentedQueries()
            + View.all.filter { $0.name != "addons_to_missions" }
            .map { view in
                "SELECT * FROM \(view.name) WHERE "
                    + (view.name == "player_visits"
                        ? "player_uid = :player"
                        : "\(view.name == "all_missions" ? "id" : "mission_id") = :mission")
            }
        var used: Set<String> = []
        for query in queries {
            let plan = try rows(
                folder.database, "EXPLAIN QUERY PLAN " + query, Self.arguments(query))
            for line in plan {
                let words = line.split(separator: " ").map(String.init)
                if let place = words.firstIndex(of: "INDEX"), words.count > place + 1 {
                    used.insert(words[place + 1])
                }
            }
        }
        let indexes = try rows(
            folder.database, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        for index in indexes { #expect(used.contains(index), "\(index) serves nothing") }
        #expect(indexes.count == Schema.current.tables.flatMap(\.indexes).count)
    }

    @Test func aMissionsViewReadsNoOtherMissionsRows() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let others = ["all_missions", "player_sessions", "player_visits"]
        for view in View.all where !others.contains(view.name) {
            let plan = try rows(
                folder.database,
                "EXPLAIN QUERY PLAN SELECT * FROM \(view.name) WHERE mission_id = 1")
            let steps = plan.compactMap { line in
                line.split(separator: "|").last?.split(separator: " ").map(String.init)
            }
            // What a step has made before holds this mission's rows only.
            let made = Set(
                steps.filter { ["CO-ROUTINE", "MATERIALIZE"].contains($0[0]) }.map { $0[1] })
            for step in steps where step[0] == "SCAN" && !made.contains(step[1]) {
                #expect(step[1] == "CONSTANT", "\(view.name): \(step.joined(separator: " "))")
            }
        }
    }
}
