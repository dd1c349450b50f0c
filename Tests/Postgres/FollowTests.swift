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

    @Test func rowsComeDuringTheMissionAndAreThoseOfTheCompactionAfterIt() throws {
        let server = try Server()
        let (stream, summary) = try server.mission([
            "--minutes", "1", "--units", "20", "--recordings", "1",
        ])
        let wanted = try #require(summary.recordings.first)
        let lines = try Data(contentsOf: stream).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let database = try TestDatabase()
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let game = try Running(Built.armahost, [plugin, "-", "--quiet"], in: server.folder)
        let half = lines.count / 2
        func feed(_ lines: ArraySlice<Data>) throws {
            try game.input.fileHandleForWriting.write(
                contentsOf: Data(lines.joined(separator: [UInt8(ascii: "\n")])) + [0x0A])
        }
        try feed(lines[..<half])
        // The host reads its input in large pieces.
        let comment = Data(("#" + String(repeating: " ", count: 1000)).utf8)
        try feed(ArraySlice(repeating: comment, count: 4000))
        try waitUntil("the log is there") { try !server.logFolders().isEmpty }
        let log = try #require(try server.logFolders().first)

        let program = try #require(Built.blackboxPG)
        let follower = try Running(
            program, ["follow", log.path, "--postgres", database.conninfo, "--interval", "1"],
            in: server.folder)
        let during = "SELECT COUNT(*) FROM soldier_states WHERE mission_id = 1"
        try waitUntil("rows come during the mission", limitSeconds: 120) {
            guard let count = (try? database.rows(during))?.first.flatMap({ Int($0) }) else {
                return false
            }
            return count > 0
        }
        #expect(try database.rows("SELECT end_reason FROM missions") == ["∅"])

        try feed(lines[half...])
        try game.input.fileHandleForWriting.close()
        try waitUntil("the log is complete", limitSeconds: 120) { !follower.process.isRunning }
        #expect(follower.process.terminationStatus == 0)
        #expect(
            try database.rows(
                """
                SELECT (SELECT COUNT(*) FROM soldier_states), (SELECT COUNT(*) FROM vehicle_states),
                    (SELECT COUNT(*) FROM projectile_events), end_reason FROM missions
                """)
                == ["\(wanted.unitStates)|\(wanted.vehicleStates)|\(wanted.projectiles)|saved"])
        let followed = try database.everything()
        // The cursor says that nothing is left to do, and a compaction changes nothing.
        #expect(
            FileManager.default.fileExists(atPath: log.appending(path: "postgres.cursor").path))
        let ran = try server.blackboxPG(["compact", log.path, "--postgres", database.conninfo])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try database.everything() == followed)
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
}
