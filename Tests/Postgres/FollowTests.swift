// blackbox-pg follow: rows during the mission, and the compaction's rows after it; and the figures that
// both programs show.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

@Suite(.needsPrograms) struct FollowTests {
    /// A program that runs beside the test, ended with the value.
    private final class Running {
        let process = Process()
        let input = Pipe()

        init(_ program: URL, _ arguments: [String], in folder: URL) throws {
            process.executableURL = program
            process.arguments = arguments
            process.currentDirectoryURL = folder
            process.environment = ownEnvironment
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        deinit {
            try? input.fileHandleForWriting.close()
            if process.isRunning { process.terminate() }
            process.waitUntilExit()
        }
    }

    /// A game that gets its calls from the test, half of them at first.
    private final class Game {
        let process: Running
        let wanted: GeneratedSummary.Recording
        private let rest: ArraySlice<Data>

        init(_ server: Server) throws {
            let (stream, summary) = try server.mission([
                "--minutes", "1", "--units", "20", "--recordings", "1",
            ])
            wanted = try #require(summary.recordings.first)
            let lines = try Data(contentsOf: stream).split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = lines[(lines.count / 2)...]
            let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
            process = try Running(Built.armahost, [plugin, "-", "--quiet"], in: server.folder)
            try feed(lines[..<(lines.count / 2)])
            // The host reads its input in large pieces.
            let comment = Data(("#" + String(repeating: " ", count: 1000)).utf8)
            try feed(ArraySlice(repeating: comment, count: 4000))
        }

        private func feed(_ lines: ArraySlice<Data>) throws {
            try process.input.fileHandleForWriting.write(
                contentsOf: Data(lines.joined(separator: [UInt8(ascii: "\n")])) + [0x0A])
        }

        func playOn() throws {
            try feed(rest)
            try process.input.fileHandleForWriting.close()
        }
    }

    private func follow(
        _ server: Server, _ place: URL, _ database: TestDatabase
    ) throws -> Running {
        try Running(
            try #require(Built.blackboxPG),
            ["follow", place.path, "--postgres", database.conninfo, "--interval", "1"],
            in: server.folder)
    }

    /// The mission that came so many places after the first one; numbers in between may be left out.
    private func id(_ mission: Int) -> String {
        "(SELECT id FROM missions ORDER BY id LIMIT 1 OFFSET \(mission - 1))"
    }

    /// A game whose first rows are there.
    private func followGame(
        _ server: Server, _ database: TestDatabase
    ) throws -> (game: Game, log: URL, follower: Running) {
        let game = try Game(server)
        try waitUntil("the log is there") { try !server.logFolders().isEmpty }
        let log = try #require(try server.logFolders().first)
        let follower = try follow(server, log, database)
        try waitForRows(database, mission: 1)
        return (game, log, follower)
    }

    private func waitForRows(_ database: TestDatabase, mission: Int) throws {
        let during = "SELECT COUNT(*) FROM soldier_states WHERE mission_id = \(id(mission))"
        try waitUntil("rows come during the mission", limitSeconds: 120) {
            guard let count = (try? database.rows(during))?.first.flatMap({ Int($0) }) else {
                return false
            }
            return count > 0
        }
    }

    private func expect(
        _ database: TestDatabase, mission: Int, _ wanted: GeneratedSummary.Recording,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let found = try database.rows(
            """
            SELECT (SELECT COUNT(*) FROM soldier_states WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM vehicle_states WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM projectile_events WHERE mission_id = m.id), end_reason
            FROM missions m WHERE id = \(id(mission))
            """)
        #expect(
            found == ["\(wanted.unitStates)|\(wanted.vehicleStates)|\(wanted.projectiles)|saved"],
            sourceLocation: location)
    }

    @Test func rowsComeDuringTheMissionAndAreThoseOfTheCompactionAfterIt() throws {
        let server = try Server()
        let database = try TestDatabase()
        let (game, log, follower) = try followGame(server, database)
        #expect(try database.rows("SELECT end_reason FROM missions") == ["∅"])

        try game.playOn()
        try waitUntil("the log is complete", limitSeconds: 120) { !follower.process.isRunning }
        #expect(follower.process.terminationStatus == 0)
        try expect(database, mission: 1, game.wanted)
        let followed = try database.everything()
        // The cursor says that nothing is left to do, and a compaction changes nothing.
        #expect(
            FileManager.default.fileExists(atPath: log.appending(path: "postgres.cursor").path))
        let ran = try server.blackboxPG(["compact", log.path, "--postgres", database.conninfo])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try database.everything() == followed)
    }

    @Test func aConnectionCutInTheMiddleLosesNoRow() throws {
        let server = try Server()
        let database = try TestDatabase()
        let (game, _, follower) = try followGame(server, database)
        let connections = """
            FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'blackbox'
                AND pid <> pg_backend_pid()
            """
        let cut = try database.rows("SELECT pid, pg_terminate_backend(pid) \(connections)")
        try #require(!cut.isEmpty)
        let pids = cut.map { $0.split(separator: "|")[0] }.joined(separator: ", ")
        try waitUntil("it has connected again", limitSeconds: 120) {
            try database.rows("SELECT 1 \(connections) AND pid NOT IN (\(pids))") != []
        }
        try game.playOn()
        try waitUntil("the log is complete", limitSeconds: 120) { !follower.process.isRunning }
        #expect(follower.process.terminationStatus == 0)
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["1"])
        try expect(database, mission: 1, game.wanted)
    }

    @Test func inAFolderOfLogsItTakesOneServerAfterTheOther() throws {
        let server = try Server()
        try FileManager.default.createDirectory(
            at: server.logs, withIntermediateDirectories: true)
        let database = try TestDatabase()
        let follower = try follow(server, server.logs, database)
        for mission in 1...2 {
            let game = try Game(server)
            try waitForRows(database, mission: mission)
            try game.playOn()
            try waitUntil("the recording is complete", limitSeconds: 120) {
                try database.rows("SELECT end_reason FROM missions WHERE id = \(id(mission))")
                    == ["saved"]
            }
            try expect(database, mission: mission, game.wanted)
            #expect(follower.process.isRunning)
        }
    }

    @Test func aRecordingThatCanNotBeWrittenIsSaidInTheExitCode() throws {
        let server = try Server()
        let (log, _) = try server.record(["--minutes", "1", "--units", "8", "--recordings", "1"])
        let database = try TestDatabase()
        _ = try database.open()
        _ = try database.rows("CREATE ROLE \(database.name) LOGIN")
        defer { _ = try? database.rows("DROP ROLE \(database.name)") }
        let ran = try server.blackboxPG([
            "follow", log.path, "--postgres",
            database.server.conninfo(database.name, "user=\(database.name)"),
        ])
        #expect(ran.code == 1)
        #expect(ran.errors.contains("does not allow this user"), "\(ran.errors)")
    }

    @Test func bothProgramsShowTheSameFigures() throws {
        let folder = try TemporaryFolder()
        let database = try TestDatabase()
        try Fixture().write(to: folder.database)
        try database.write(Fixture())
        let server = try Server()
        for arguments in [[], ["--json"], ["--mission", "1", "--json"]] {
            let sqlite = try server.blackbox(["stats", folder.database] + arguments)
            let postgres = try server.blackboxPG(
                ["stats", "--postgres", database.conninfo] + arguments)
            #expect(sqlite.code == 0, "\(sqlite.errors)")
            #expect(postgres.code == 0, "\(postgres.errors)")
            #expect(sqlite.text == postgres.text)
            #expect(sqlite.text.contains("co08_night_raid"))
            #expect(sqlite.text.contains("Mira"))
        }
        #expect(
            try server.blackboxPG(["stats", "--postgres", database.conninfo, "--mission", "9"]).code
                == 1)
    }

    @Test func figuresOfAnEmptyDatabaseAreRefusedAndNothingIsMadeThere() throws {
        let database = try TestDatabase()
        let ran = try Server().blackboxPG(["stats", "--postgres", database.conninfo])
        #expect(ran.code == 1)
        #expect(ran.errors.contains("holds no recordings yet"), "\(ran.errors)")
        #expect(
            try database.rows(
                "SELECT COUNT(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
                == ["0"])
    }
}
