// The same recording in both engines: every table, every view and every documented query has the same
// rows.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

/// A value of either engine in one form: numbers, truth values, times and JSON are written differently.
struct PlainValue: Equatable, Comparable, CustomStringConvertible {
    let description: String

    init(_ text: String) {
        switch text {
        case "t", "true": description = "1.0"
        case "f", "false": description = "0.0"
        default:
            // Blobs are digits, too, and longer.
            if text.count < 18 || text.contains("."), let number = Double(text) {
                description = Self.rounded(number)
            } else if text.hasPrefix("\\x") {
                description = String(text.dropFirst(2))
            } else if text.hasPrefix("{") || text.hasPrefix("["), let json = Self.json(text) {
                description = json
            } else {
                description = Self.time(Self.point(text))
            }
        }
    }

    static func < (left: PlainValue, right: PlainValue) -> Bool {
        left.description < right.description
    }

    private static func rounded(_ number: Double) -> String {
        "\((number * 1_000_000).rounded() / 1_000_000)"
    }

    /// `2026-03-08 19:20:05.0005+00` as `…+00:00`, and with JSON's T.
    private static func time(_ text: String) -> String {
        guard text.count >= 22, text.first?.isNumber == true, text.contains("+00") else {
            return text
        }
        return text.replacingOccurrences(of: "T", with: " ")
            .replacingOccurrences(of: "+00:00", with: "+00")
    }

    private static func point(_ text: String) -> String {
        guard text.hasPrefix("POINT(") else { return text }
        let numbers = text.dropFirst(6).dropLast().split(separator: " ")
            .map { rounded(Double($0) ?? .nan) }
        return "POINT(" + numbers.joined(separator: " ") + ")"
    }

    private static func json(_ text: String) -> String? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else {
            return nil
        }
        func plain(_ value: Any) -> String {
            switch value {
            case let list as [Any]: "[" + list.map(plain).joined(separator: ",") + "]"
            case let object as [String: Any]:
                "{"
                    + object.sorted { $0.key < $1.key }.map { "\($0.key):\(plain($0.value))" }
                    .joined(separator: ",") + "}"
            case let text as String: PlainValue(text).description
            case is NSNull: "∅"
            case let number as NSNumber: rounded(number.doubleValue)
            default: "\(value)"
            }
        }
        return plain(value)
    }
}

/// Rows in one form and one order.
func plain(_ rows: [[String]]) -> [String] {
    rows.map { $0.map { PlainValue($0).description }.joined(separator: "|") }.sorted()
}

@Suite(.needsPostgres) struct BothEnginesTests {
    private func sqlite(_ path: String, _ sql: String) throws -> [String] {
        plain(try rows(path, sql).map { $0.components(separatedBy: "|") })
    }

    private func postgres(_ database: TestDatabase, _ sql: String) throws -> [String] {
        plain(try database.rows(sql).map { $0.components(separatedBy: "|") })
    }

    /// PostgreSQL makes mods in the order of their names, so that compactions at once don't wait for each
    /// other; here both engines shall give them the same numbers.
    private static func fixture(_ number: Int, _ name: String = "co08_night_raid") -> Fixture {
        var fixture = Fixture(number: number, missionName: name)
        fixture.header.mission.addons.sort { $0.name < $1.name }
        return fixture
    }

    private func expectSame(_ found: [String], _ wanted: [String], _ what: String) {
        #expect(found.count == wanted.count, "\(what)")
        for (found, wanted) in zip(found, wanted) where found != wanted {
            Issue.record("\(what): PostgreSQL \(found), SQLite \(wanted)")
        }
    }

    @Test func everyTableHasTheSameRows() throws {
        let folder = try TemporaryFolder()
        let database = try TestDatabase()
        for fixture in [Self.fixture(1), Self.fixture(2, "second \\x")] {
            try fixture.write(to: folder.database)
            try database.write(fixture)
        }
        try ServerFixture().write(to: folder.database)
        try database.write(ServerFixture())
        for table in Schema.current.tables {
            let list = table.columns.map(\.name)
                .filter {
                    !(["missions", "worlds", "addons"].contains(table.name)
                        && ["created_at", "updated_at"].contains($0))
                }
                .map { "\"\($0)\"" }.joined(separator: ", ")
            let sql = "SELECT \(list) FROM \"\(table.name)\""
            let wanted = try sqlite(folder.database, sql)
            expectSame(try postgres(database, sql), wanted, table.name)
        }
    }

    @Test func everyViewHasTheSameRows() throws {
        let folder = try TemporaryFolder()
        let database = try TestDatabase()
        try Self.fixture(1).write(to: folder.database)
        try database.write(Self.fixture(1))
        try ServerFixture().write(to: folder.database)
        try database.write(ServerFixture())
        for view in View.all {
            let sql = "SELECT * FROM \"\(view.name)\""
            let wanted = try sqlite(folder.database, sql)
            expectSame(try postgres(database, sql), wanted, view.name)
            let columns = try PostgresConnection(database.settings)
                .execute(sql + " LIMIT 0", operation: "reading").columns
            let names = try rows(
                folder.database, "SELECT name FROM pragma_table_info('\(view.name)')")
            #expect(columns == names, "\(view.name)")
        }
    }

    @Test func everyDocumentedQueryGivesTheSame() throws {
        let folder = try TemporaryFolder()
        let database = try TestDatabase()
        try Self.fixture(1).write(to: folder.database)
        try database.write(Self.fixture(1))
        try ServerFixture().write(to: folder.database)
        try database.write(ServerFixture())
        let queries = try documentedQueries()
        #expect(queries.count > 30)
        for query in queries where !query.contains("json_extract") {
            for frame in [4, 5, 600] {
                let sql = query.replacingOccurrences(of: ":mission", with: "1")
                    .replacingOccurrences(of: ":frame", with: "\(frame)")
                    .replacingOccurrences(of: ":soldier", with: "0")
                    .replacingOccurrences(of: ":player", with: "'76561198000000001'")
                let wanted = try sqlite(folder.database, sql)
                expectSame(try postgres(database, sql), wanted, query)
            }
        }
    }
}
