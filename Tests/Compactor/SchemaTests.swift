// The description of the tables: that it is what the page says, and what files hold.

import Foundation
import GRDB
import Testing

@testable import Compactor

@Suite struct SchemaTests {
    @Test func theDescriptionNamesEachTableOfItsEnumerationInOrder() {
        let names = TableID.allCases.map { table in
            String(describing: table).reduce(into: "") { name, letter in
                name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
            }
        }
        #expect(Schema.current.tables.map(\.name) == names)
    }

    @Test func aTableStandsBehindThoseItRefersTo() {
        var known: Set<String> = []
        for table in Schema.current.tables {
            for reference in table.references {
                #expect(
                    known.contains(reference.table), "\(table.name) refers to \(reference.table)")
                let target = Schema.current.tables.first { $0.name == reference.table }
                #expect(target?.key == reference.keyColumns, "\(table.name) → \(reference.table)")
            }
            for name in table.key + table.unique.joined() + table.indexes.flatMap(\.columns)
                + table.references.flatMap(\.columns)
            {
                #expect(table.column(name) != nil, "\(table.name) has no column \(name)")
            }
            known.insert(table.name)
        }
    }

    @Test func everyTableAndColumnIsOnThePage() throws {
        let text = try page("formats/database.md")
        for table in Schema.current.tables {
            let section = try #require(
                text.components(separatedBy: "### `\(table.name)`\n").dropFirst().first?
                    .components(separatedBy: "\n#").first, "no section for \(table.name)")
            let lines = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
                .map { $0.split(separator: "|", omittingEmptySubsequences: false) }
            let documented = lines.map { cells in
                cells[1...3].map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "|")
            }
            let described = table.columns.map { column in
                let target = table.references.first { $0.columns == [column.name] }?.table
                return
                    "`\(column.name)`|\(column.type.rawValue)\(column.isRequired ? " not null" : "")"
                    + (target.map { " → `\($0)`" } ?? "") + "|\(column.note)"
            }
            #expect(documented == described)
            let indexes = section.split(separator: "\n").filter { $0.hasPrefix("Index: ") }
            #expect(indexes.count == table.indexes.count, "\(table.name)")
        }
    }

    /// Names, types and keys of everything in a file, without the text of the statements.
    private func shape(_ path: String) throws -> [String] {
        try rows(
            path,
            """
            SELECT m.name, c.name, c.type, c."notnull", c.pk
            FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view')
            UNION ALL
            SELECT m.tbl_name, m.name, i.name, i.seqno, 0
            FROM sqlite_master m, pragma_index_info(m.name) i WHERE m.type = 'index'
            UNION ALL
            SELECT m.name, f."table", f."from", f."to", f.on_delete
            FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
            ORDER BY 1, 2, 3, 4, 5
            """)
    }

    /// What a version wrote, as SQL: kept as it was, to be opened by each version after it.
    private func old(_ version: String, _ folder: TemporaryFolder) throws {
        let old = try DatabaseQueue(path: folder.database)
        try old.writeWithoutTransaction { database in
            try database.execute(
                sql: String(contentsOf: golden("version\(version).sql"), encoding: .utf8))
        }
        try old.close()
    }

    /// It has been written to by this version, and differs in nothing from a file of this version.
    private func isBroughtUp(_ folder: TemporaryFolder) throws {
        let fresh = folder.file("fresh.db")
        try Fixture().write(to: fresh)
        #expect(try shape(folder.database) == shape(fresh))
        #expect(
            try rows(folder.database, "PRAGMA user_version") == ["\(Schema.current.version)"])
    }

    @Test func aFileOfVersionOneOpensAndTakesAnotherRecording() throws {
        let folder = try TemporaryFolder()
        try old("1", folder)
        let before = try rows(folder.database, "SELECT id, mission_name FROM missions")
        let states = try rows(folder.database, "SELECT * FROM soldier_states")

        try Fixture(number: 2, missionName: "later").write(to: folder.database)
        #expect(
            try rows(folder.database, "SELECT id, mission_name FROM missions")
                == before + ["2|later"])
        #expect(
            try rows(folder.database, "SELECT * FROM soldier_states WHERE mission_id = 1") == states
        )
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM scoreboard") == ["4"])
        try isBroughtUp(folder)
    }

    @Test func aFileOfVersionTwoKeepsItsDecisionsAndTakesTheRulesOfLaterOnes() throws {
        let folder = try TemporaryFolder()
        try old("2", folder)
        let decisions =
            "SELECT user_id, result, reason, decided_by, wait_seconds FROM gate_decisions"
        let before = try rows(folder.database, decisions)
        #expect(
            before == ["151|accept|∅|no_listener|0.0", "152|refuse|closed|rule|0.5"])

        try ServerFixture().write(to: folder.database)
        #expect(try rows(folder.database, decisions).prefix(2) == before[...])
        #expect(
            try rows(
                folder.database,
                "SELECT user_id, rule FROM gate_decisions ORDER BY time DESC, sequence")
                == ["151|∅", "152|∅", "77|night", "1513430065|∅"])
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM admin_commands") == ["4"])
        #expect(
            try rows(
                folder.database, "SELECT user_id, rule FROM player_visits WHERE result = 'refuse'"
            )
            .sorted() == ["152|∅", "77|night"])
        try isBroughtUp(folder)
    }
}
