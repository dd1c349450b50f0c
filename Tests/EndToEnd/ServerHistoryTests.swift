// A server that never ran a mission: what its log tells, packed or not, and what its database holds.

import Foundation
import Testing

@Suite(.needsBuild) struct ServerHistoryTests {
    private static let lines = [
        "gate:request\t\"151\"\t0\t[\"2\",3,\"76561198000000001\",\"Mira\",\"Mira\",<NULL-object>]",
        "sev:connected\t\"151\"\t[\"2\",3,\"76561198000000001\",\"Mira\",\"Mira\",<NULL-object>]",
        "sev:hacked\t\"151\"\t\"a3\\\\x.pbo\"", "sev:hacked\t\"151\"\t\"a3\\\\y.pbo\"",
        "sev:check\t\"151\"\t1", "sev:kicked\t\"1513430065\"\t12\t\"script\"",
        "sev:disconnected\t\"151\"",
    ]

    private func count(_ file: URL, _ table: String) throws -> Int {
        let rows = try MissionRows(file)
        return try rows.count(table)
    }

    @Test func archivesAndDatabasesTellWhatTheLogTold() throws {
        let server = try Server()
        let played = try server.play(server.stream(Self.lines), ["--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let log = try #require(try server.logFolders().first)
        func told() throws -> [Substring] {
            let ran = try server.blackbox(["server-log", log.path, "--json", "--checks"])
            #expect(ran.code == 0, "\(ran.errors)")
            return ran.lines
        }
        let file = server.root.appending(path: "server.db")
        func compact() throws {
            let ran = try server.blackbox(["compact", log.path, "--sqlite", file.path, "--quiet"])
            #expect(ran.code == 0 && ran.errors.isEmpty, "\(ran.errors)")
        }
        let before = try told()
        #expect(before.count == Self.lines.count, "\(before)")
        try compact()
        #expect(try count(file, "server_events") == Self.lines.count - 1)
        #expect(try count(file, "gate_decisions") == 1)
        #expect(try count(file, "player_visits") == 1)
        #expect(try count(file, "missions") == 0)

        let packed = try server.blackbox(["archive", log.path, "--remove", "--quiet"])
        try #require(packed.code == 0, "\(packed.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: log.path)
                .contains { $0.hasSuffix(".seg.lz4") })
        #expect(try told() == before)
        try compact()
        #expect(try count(file, "server_events") == Self.lines.count - 1)
    }

    @Test func recoverBringsTheServersSideIntoTheDatabaseAndSaysWhenItCanNot() throws {
        let server = try Server(configuration: #"{"blackbox": {"autorun": false}}"#)
        try server.play(server.stream(Self.lines), ["--quiet"])
        let file = server.root.appending(path: "server.db")
        try Data("no database".utf8).write(to: file)
        let failed = try server.blackbox(["recover", "--sqlite", file.path])
        #expect(failed.code == 1 && failed.errors.contains("is not an SQLite database"))
        try FileManager.default.removeItem(at: file)
        // It was not counted as done.
        let ran = try server.blackbox(["recover", "--sqlite", file.path, "--background"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try count(file, "server_events") == Self.lines.count - 1)
    }
}
