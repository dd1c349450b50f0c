// An archive is a standard file: any lz4 proves it, and the tools read it like the segment.

import Foundation
import Testing

@Suite(.needsBuild) struct ArchiveTests {
    @Test func lz4ProvesAnArchiveAndTheToolsReadItLikeItsSegment() throws {
        let server = try Server()
        let mission = try server.mission(["--minutes", "1", "--recordings", "1"])
        let played = try server.play(mission.stream, ["--wait-saved", "--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let wanted = try server.loggedCalls()
        let log = try #require(try server.logFolders().first)

        let archived = try server.blackbox(["archive", log.path, "--remove"])
        try #require(archived.code == 0, "\(archived.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: log.path)
        let archives = names.filter { $0.hasSuffix(".seg.lz4") }
        #expect(!archives.isEmpty)
        #expect(!names.contains { $0.hasSuffix(".seg") })
        for name in archives {
            let proven = try runTool("lz4", ["-tq", name], in: log)
            #expect(proven.code == 0, "\(proven.errors)")
        }
        #expect(try server.loggedCalls() == wanted)

        let repeated = try server.blackbox(["archive", log.path])
        #expect(repeated.code == 0 && repeated.text == "\(log.path): archived already\n")

        // The replay can still be made, and is the same.
        let replay = try #require(try server.replays().first)
        let before = try unpacked(replay)
        let again = server.root.appending(path: "again")
        let compacted = try server.blackbox(["compact", log.path, "--json", again.path])
        try #require(compacted.code == 0, "\(compacted.errors)")
        #expect(try unpacked(again.appending(path: replay.lastPathComponent)) == before)
    }

    @Test func ofALogThatTheServerStillWritesTheSealedSegmentsArePacked() throws {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 1, "autorun": false}}"#, compactor: false)
        let mission = try server.mission([
            "--minutes", "2", "--units", "60", "--recordings", "1", "--seed", "8",
        ])
        let calls = LoggedCall.of(stream: try Data(contentsOf: mission.stream)).count
        // It stays until the test has seen enough.
        let stream = try server.stream(
            try Data(contentsOf: mission.stream) + Data("@sleep 600000\n".utf8))
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let acked = server.root.appending(path: "acked")
        let game = try Running(
            Built.armahost,
            [plugin, stream.path, "--quiet", "--fps", "5000", "--acked", acked.path],
            in: server.folder)
        try waitUntil("all calls have returned", limitSeconds: 300) {
            (try? ackedCalls(acked))?.returned == UInt64(calls)
        }
        #expect(try server.loggedCalls().count == calls)
        let log = try #require(try server.logFolders().first)
        let first = log.appending(path: "000001.seg.lz4")
        var said = ""
        try waitUntil("the first segment is sealed and packed", limitSeconds: 300) {
            let ran = try server.blackbox(["archive", log.path])
            #expect(ran.code == 0, "\(ran.errors)")
            said = ran.text
            return FileManager.default.fileExists(atPath: first.path)
        }
        #expect(
            said.contains("\(log.path): the server still runs; left what it has not sealed, "),
            "\(said)")
        #expect(try server.loggedCalls().count == calls)
        // Not even then is a segment taken from a running server.
        let removing = try server.blackbox(["archive", log.path, "--remove"])
        #expect(removing.errors.contains("kept, the server still runs"), "\(removing.errors)")
        #expect(FileManager.default.fileExists(atPath: log.appending(path: "000001.seg").path))
        game.send(SIGKILL)
        game.process.waitUntilExit()
        #expect([0, 10].contains(try server.blackbox(["recover", log.path]).code))
        #expect(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        #expect(try server.loggedCalls().count == calls)
    }

    /// Cut to nothing, or missing: named each time, and the others are read.
    @Test(arguments: [nil, 0, 40, 3_000] as [Int?])
    func aBrokenArchiveIsNamedAndTheOthersAreRead(bytes: Int?) throws {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 1, "autorun": false}}"#, compactor: false)
        let mission = try server.mission([
            "--minutes", "2", "--units", "60", "--recordings", "1", "--seed", "8",
        ])
        try server.play(mission.stream, ["--quiet"])
        let log = try #require(try server.logFolders().first)
        let calls = try server.loggedCalls().count
        try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        let archive = log.appending(path: "000001.seg.lz4")
        try #require(FileManager.default.fileExists(atPath: log.path + "/000002.seg.lz4"))
        if let bytes {
            try Data(try Data(contentsOf: archive).prefix(bytes)).write(to: archive)
        } else {
            try FileManager.default.removeItem(at: archive)
        }
        let verified = try server.blackbox(["verify", log.path])
        #expect(verified.code == 11, "\(verified.text)\(verified.errors)")
        #expect(verified.text.contains("000001.seg.lz4"), "\(verified.text)")
        let dumped = try server.blackbox(["dump", log.path, "--json"])
        let left = dumped.lines.count { $0.contains("\"kind\":\"call\"") }
        #expect(left > 0 && left < calls, "\(left) of \(calls): \(dumped.errors)")
    }
}
