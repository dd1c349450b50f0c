// Logs that a crash, a kill or their owner left half packed: looked after like all others.

import Foundation
import Testing

@Suite(.needsBuild) struct PackedCrashTests {
    /// A log whose server was killed after `packed` of its segments were packed, which are gone.
    private func crashed(packed: Int) throws -> (server: Server, log: URL, calls: Int) {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 1, "autorun": false}}"#, compactor: false)
        let (game, calls) = try server.stayingGame(minutes: 5)
        let log = try #require(try server.logFolders().first)
        try waitUntil("\(packed) segments are packed", limitSeconds: 300) {
            try server.blackbox(["archive", log.path])
            return try archives(log).count >= packed
        }
        game.send(SIGKILL)
        game.process.waitUntilExit()
        for archive in try archives(log) {
            try FileManager.default.removeItem(atPath: String(archive.path.dropLast(4)))
        }
        return (server, log, calls)
    }

    @Test func aCrashedLogWhoseFirstSegmentsArePackedIsSealedLikeAnother() throws {
        let (server, log, calls) = try crashed(packed: 2)
        let records = try server.blackbox(["dump", log.path, "--json"]).lines.count
        let ran = try server.blackbox(["recover", log.path])
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(!ran.text.contains("missing"), "\(ran.text)")
        #expect(ran.text.contains("of them packed)"), "\(ran.text)")
        #expect(ran.text.contains("  sealed "), "\(ran.text)")
        let kept = try #require(ran.lines.first { $0.hasPrefix("  kept: ") })
        #expect(kept.filter(\.isNumber).hasPrefix(String(records)), "\(kept): \(records)")
        let verified = try server.blackbox(["verify", log.path, "--json"])
        #expect(verified.code == 0, "\(verified.text)")
        #expect(verified.text.contains("\"sealed\":true"), "\(verified.text)")
        #expect(verified.text.contains("\"lastSequence\":\(records),"), "\(verified.text)")
        #expect(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        #expect(try server.blackbox(["verify", log.path]).code == 0)
        #expect(try server.loggedCalls().count == calls)
    }

    @Test func aCrashedLogWhoseArchiveIsReallyMissingStaysAsItIs() throws {
        let (server, log, _) = try crashed(packed: 2)
        let lost = try #require(try archives(log).first)
        let aside = server.root.appending(path: "aside")
        try FileManager.default.moveItem(at: lost, to: aside)
        let before = try FileManager.default.contentsOfDirectory(atPath: log.path).sorted()
        let ran = try server.blackbox(["recover", log.path])
        #expect(ran.code == 11, "\(ran.text)")
        #expect(ran.text.contains("  end:   damaged in 1 place\n"), "\(ran.text)")
        #expect(ran.text.contains("segment 1 is missing; missing: records 1 to"), "\(ran.text)")
        #expect(!ran.text.contains("sealed"), "\(ran.text)")
        let after = try FileManager.default.contentsOfDirectory(atPath: log.path).sorted()
        #expect(after.filter { $0 != "recover.cursor" } == before)
        let verified = try server.blackbox(["verify", log.path])
        #expect(verified.code == 11)
        #expect(
            verified.lines.count { $0.contains("missing") } == 1, "said once: \(verified.text)")
        // Found again, it is a whole log.
        try FileManager.default.moveItem(at: aside, to: lost)
        #expect(try server.blackbox(["recover", log.path]).code == 0)
        #expect(try server.blackbox(["verify", log.path]).code == 0)
    }

    /// A kill between a segment's seal and the removal of its tail files leaves these.
    @Test func nothingOfAPackedSegmentStaysBehind() throws {
        let server = try Server(
            configuration: #"{"blackbox": {"autorun": false}}"#, compactor: false)
        let mission = try server.mission([
            "--minutes", "0.3", "--units", "10", "--seed", "9", "--recordings", "1",
        ])
        try server.play(mission.stream, ["--quiet", "--kill-after", "200"])
        let log = try #require(try server.logFolders().first)
        let tail = log.appending(path: "000001.tail")
        let kept = try Data(contentsOf: tail)
        try #require(try server.blackbox(["recover", log.path]).code == 0)
        for name in ["000001.tail", "000001-2.tail"] {
            try kept.write(to: log.appending(path: name))
        }
        try #require(try server.blackbox(["verify", log.path]).code == 0)
        let records = try server.blackbox(["dump", log.path]).lines.count
        try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: log.path)
        #expect(!names.contains { $0.hasSuffix(".tail") || $0.hasSuffix(".seg") }, "\(names)")
        #expect(try server.blackbox(["verify", log.path]).code == 0)
        #expect(try server.blackbox(["dump", log.path]).lines.count == records)
    }

    /// By hand, before `recover` has ever seen it: it need not stay for ever.
    @Test(arguments: [[], ["--background"]])
    func aLogThatWasPackedBeforeRecoverSawItIsLookedAfterAllTheSame(options: [String]) throws {
        let server = try Server(
            configuration: #"{"blackbox": {"autorun": false}}"#, compactor: false)
        let mission = try server.mission([
            "--minutes", "0.3", "--units", "10", "--seed", "9", "--recordings", "1",
        ])
        try server.play(mission.stream, ["--quiet"])
        let log = try #require(try server.logFolders().first)
        try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        let tidy = ["tidy", server.logs.path, "--keep-size", "1KB"]
        let early = try server.blackbox(tidy)
        #expect(early.errors.contains("run: blackbox recover"), "\(early.errors)")
        let out = server.recordings.path
        let ran = try server.blackbox(["recover", "--json", out] + options)
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(try server.blackbox(tidy).code == 0)
        #expect(try server.logFolders().isEmpty)
        #expect(try server.replays().count == 1)
    }
}
