// PostgreSQL beside other outputs, through `blackbox`: what is said of a log is said once, a report tells
// what blackbox-pg found, and what is missed is made up for later.

import Foundation
import Testing

@testable import PostgresSink

@Suite(.needsPrograms) struct SeveralOutputsTests {
    private static let small = [
        "--seed", "5", "--minutes", "1", "--units", "20", "--recordings", "1",
    ]

    /// `blackbox`, with blackbox-pg beside it.
    private func blackbox(_ server: Server, _ arguments: [String]) throws -> Ran {
        try run(server.mod.appending(path: "blackbox"), arguments, in: server.folder)
    }

    private func report(_ server: Server) throws -> [String: Any] {
        let data = try Data(contentsOf: server.folder.appending(path: "report"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func times(_ words: String, in text: String) -> Int {
        text.components(separatedBy: words).count - 1
    }

    @Test func whatIsSaidOfALogIsSaidOnce() throws {
        let server = try Server()
        try server.installPrograms()
        let (log, _) = try server.record(Self.small)
        try cutInHalf(log)
        let database = try TestDatabase()
        let postgres = ["--postgres", database.conninfo]
        for outputs in [["--json", "out"] + postgres, postgres] {
            let ran = try blackbox(server, ["compact", log.path, "--report", "report"] + outputs)
            #expect(ran.code == 0, "\(ran.errors)")
            #expect(times("blackbox verify tells more", in: ran.errors) == 1, "\(ran.errors)")
            #expect(times(" calls\n", in: ran.text) == 1, "\(ran.text)")
            #expect(times(", mission 1", in: ran.text) == 1, "\(ran.text)")
            #expect(times(" units (", in: ran.text) == 1, "\(ran.text)")
            // Whoever of the two programs looked at the log.
            #expect(try report(server)["damaged"] as? Bool == true)
        }
        let recovered = try blackbox(server, ["recover", log.path, "--json", "out"] + postgres)
        #expect(times("blackbox verify tells more", in: recovered.errors) == 0)
    }

    @Test func aReportForPostgresAloneNamesWhatIsMissing() throws {
        let server = try Server()
        try server.installPrograms()
        let (log, _) = try server.record(Self.small)
        let file = log.appending(path: "000001.seg")
        chmod(file.path, 0o644)
        var bytes = try written(file)
        for index in bytes.count / 2..<bytes.count / 2 + 2000 { bytes[index] ^= 0x55 }
        try bytes.write(to: file)
        var found: [[String: Any]] = []
        let database = try TestDatabase()
        for output in [["--json", "out"], ["--postgres", database.conninfo]] {
            _ = try blackbox(
                server, ["compact", log.path, "--report", "report", "--quiet"] + output)
            found.append(try report(server))
        }
        for key in ["damaged", "missingRecords", "lostCalls", "missing"] {
            let values = try found.map { try #require($0[key] as? NSObject) }
            #expect(values[0] == values[1], "\(key)")
        }
        #expect((found[0]["missingRecords"] as? Int ?? 0) > 0)
    }

    @Test func whatTwoWholeLogsGaveTogetherIsNotLostToADamagedOne() throws {
        let server = try Server()
        let (stream, _) = try server.mission(Self.small)
        try server.play(stream, ["--quiet", "--kill-after", "1500"])
        try server.play(stream, ["--quiet"])
        let database = try TestDatabase()
        let arguments = [
            "compact", server.logs.path, "--join", "--postgres", database.conninfo,
        ]
        let figures = "SELECT id, call_count, end_reason, last_frame FROM missions"
        let first = try server.blackboxPG(arguments)
        try #require(first.code == 0, "\(first.errors)")
        #expect(first.text.contains("joined: 2 parts"), "\(first.text)")
        let whole = try database.everything()
        #expect(try database.rows(figures).count == 1)
        // The same once more changes nothing.
        #expect(try server.blackboxPG(arguments).code == 0)
        #expect(try database.everything() == whole)
        try cutInHalf(try #require(try server.logFolders().last))
        let second = try server.blackboxPG(arguments)
        #expect(second.code == 0, "both parts are in the longer one: \(second.errors)")
        #expect(second.errors.contains("keeps recording 1 with "), "\(second.errors)")
        #expect(try database.everything() == whole)
    }

    @Test func aJoinWhoseLaterPartIsNowhereElseIsRefused() throws {
        let server = try Server()
        let (stream, _) = try server.mission(Self.small)
        // The first part alone was longer than what is left of both.
        try server.play(stream, ["--quiet", "--kill-after", "1500"])
        try server.blackbox(["recover", server.logs.path])
        let database = try TestDatabase()
        let postgres = ["--postgres", database.conninfo]
        let first = try server.blackboxPG(["compact", server.logs.path] + postgres)
        try #require(first.code == 0, "\(first.errors)")
        let before = try database.everything()
        try cutInHalf(try #require(try server.logFolders().first))
        try server.play(stream, ["--quiet", "--kill-after", "200"])
        let joined = try server.blackboxPG(["compact", server.logs.path, "--join"] + postgres)
        #expect(joined.code == 1)
        #expect(joined.errors.contains("compact that log without --join"), "\(joined.errors)")
        #expect(try database.everything() == before)
    }

    @Test func whatAServerMissedItGetsWhenItIsBack() throws {
        let server = try Server()
        try server.installPrograms()
        let (log, summary) = try server.record(Self.small)
        let postgres = try PostgresServer()
        let database = try TestDatabase(postgres)
        let output = ["--postgres", database.conninfo]
        postgres.crash()
        let before = try server.loggedCalls()
        let missed = try server.blackboxPG(["compact", log.path, "--retry", "0"] + output)
        #expect(missed.code == 1)
        #expect(missed.errors.contains("can't be reached"), "\(missed.errors)")
        #expect(try server.loggedCalls() == before)
        try postgres.start()
        // As the next start of the game server does; a second one has nothing left to do.
        for _ in 1...2 {
            let ran = try blackbox(server, ["recover", server.logs.path, "--background"] + output)
            #expect(ran.code == 0, "\(ran.errors)")
            #expect(
                try database.rows("SELECT COUNT(*) FROM soldier_states")
                    == ["\(try #require(summary.recordings.first).unitStates)"])
        }
    }

    @Test func theUsualVariablesNameTheServer() throws {
        let server = try Server()
        let (log, _) = try server.record(Self.small)
        let database = try TestDatabase()
        let variables = [
            "PGHOST": database.server.folder, "PGDATABASE": database.name, "PGUSER": "postgres",
        ]
        let ran = try server.blackboxPG(
            ["compact", log.path, "--postgres", ""], environment: variables)
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["1"])
        let stats = try server.blackboxPG(["stats", "--postgres", ""], environment: variables)
        #expect(stats.code == 0, "\(stats.errors)")
    }
}
