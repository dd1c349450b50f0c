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
        let (game, calls) = try server.stayingGame(minutes: 2)
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

    // MARK: what is missing, or not in its place

    /// A closed log of several segments, looked after and exported, packed or not.
    private func exported(packed: Bool = true) throws -> (server: Server, log: URL) {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 1, "autorun": false}}"#, compactor: false)
        let mission = try server.mission([
            "--minutes", "5", "--units", "60", "--recordings", "1", "--seed", "8",
        ])
        try server.play(mission.stream, ["--quiet"])
        let log = try #require(try server.logFolders().first)
        let out = server.recordings.path
        try #require(try server.blackbox(["recover", log.path, "--json", out]).code == 0)
        if packed {
            try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
            try #require(try archives(log).count > 2)
        }
        return (server, log)
    }

    private func inside(_ folder: URL, _ server: Server, _ arguments: [String]) throws -> Ran {
        try run(Built.blackbox, arguments, in: folder)
    }

    @Test func archivesOfTwoLogsNamedFromInsideTheirFoldersDoNotMeet() throws {
        let (server, first) = try exported(packed: false)
        let mission = try server.mission(["--minutes", "0.3", "--units", "10", "--seed", "9"])
        try server.play(mission.stream, ["--quiet"])
        let second = try #require(try server.logFolders().last)
        try #require(first != second)
        let calls = try server.loggedCalls().count
        let backup = server.root.appending(path: "backup")
        for log in [first, second] {
            let ran = try inside(log, server, ["archive", ".", "--to", backup.path, "--remove"])
            #expect(ran.code == 0, "\(ran.errors)")
        }
        var found = 0
        for log in [first, second] {
            let folder = backup.appending(path: log.lastPathComponent)
            #expect(try !archives(folder).isEmpty)
            #expect(try server.blackbox(["verify", folder.path]).code == 0)
            found += try server.blackbox(["dump", folder.path, "--json"]).lines.count {
                $0.contains("\"kind\":\"call\"")
            }
        }
        #expect(found == calls)
        #expect(try archives(backup).isEmpty)
    }

    @Test func anArchiveOfAnotherLogIsNeitherReplacedNorTakenForOneOfThisLog() throws {
        let (server, first) = try exported(packed: false)
        let mission = try server.mission(["--minutes", "0.3", "--units", "10", "--seed", "9"])
        try server.play(mission.stream, ["--quiet"])
        let second = try #require(try server.logFolders().last)
        let segment = second.appending(path: "000001.seg")
        try #require(try server.blackbox(["archive", first.path, "--remove"]).code == 0)
        let foreign = try #require(try archives(first).first)
        let target = second.appending(path: "000001.seg.lz4")
        try FileManager.default.copyItem(at: foreign, to: target)
        let ran = try inside(second, server, ["archive", "000001.seg", "--remove"])
        #expect(ran.code == 1)
        #expect(ran.errors.contains("is the archive of another log"), "\(ran.errors)")
        #expect(ran.errors.contains("000001.seg:"), "\(ran.errors)")
        #expect(try Data(contentsOf: target) == Data(contentsOf: foreign))
        #expect(FileManager.default.fileExists(atPath: segment.path))

        // Among archives: not clean, and not mixed into what is read.
        try FileManager.default.removeItem(at: target)
        try #require(try server.blackbox(["archive", second.path, "--remove"]).code == 0)
        let own = try server.blackbox(["dump", first.path]).lines.count
        try FileManager.default.copyItem(at: target, to: first.appending(path: "000009.seg.lz4"))
        let verified = try server.blackbox(["verify", first.path])
        #expect(verified.code == 12, "\(verified.text)")
        #expect(verified.text.contains("an archive of another log"), "\(verified.text)")
        let dumped = try server.blackbox(["dump", first.path])
        #expect(dumped.code == 1)
        #expect(dumped.lines.count == own)
    }

    /// The first, one in the middle, the last.
    @Test(arguments: [0, 1, -1])
    func aMissingArchiveIsSaidByEveryCommandAndSparesTheLongerReplay(place: Int) throws {
        let (server, log) = try exported()
        let replay = try #require(try server.replays().first)
        let whole = try Data(contentsOf: replay)
        let all = try archives(log)
        try FileManager.default.removeItem(at: all[place < 0 ? all.count - 1 : place])
        let verified = try server.blackbox(["verify", log.path])
        #expect(verified.code == 11, "\(verified.text)")
        #expect(verified.text.contains("is missing; missing: record"), "\(verified.text)")
        for command in ["dump", "stats"] {
            let ran = try server.blackbox([command, log.path])
            #expect(ran.code == 0, "\(ran.errors)")
            #expect(ran.errors.contains("missing: record"), "\(command): \(ran.errors)")
        }
        let compacted = try server.blackbox([
            "compact", log.path, "--json", server.recordings.path, "--report", "r",
        ])
        #expect(compacted.code == 0, "\(compacted.errors)")
        #expect(compacted.errors.contains("missing: record"), "\(compacted.errors)")
        let report = try String(
            contentsOf: server.folder.appending(path: "r"), encoding: .utf8)
        #expect(report.contains("\"damaged\":true"), "\(report)")
        #expect(!report.contains("\"missingRecords\":0,"), "\(report)")
        if place != 0 {
            #expect(try Data(contentsOf: URL(filePath: replay.path + ".longer")) == whole)
        }
        #expect(try server.blackbox(["recover", log.path]).code == 11)
    }

    /// In a backup, where no cursor lies, the archive itself knows that its log goes on.
    @Test func aBackupWithoutItsLastArchiveIsNotClean() throws {
        let (server, log) = try exported(packed: false)
        let backup = server.root.appending(path: "backup")
        try #require(try server.blackbox(["archive", log.path, "--to", backup.path]).code == 0)
        let folder = backup.appending(path: log.lastPathComponent)
        #expect(try server.blackbox(["verify", folder.path]).code == 0)
        try FileManager.default.removeItem(at: try #require(try archives(folder).last))
        let verified = try server.blackbox(["verify", folder.path])
        #expect(verified.code == 11, "\(verified.text)")
    }

    @Test func recoverWritesAnOutputThatAPackedLogHasNotGot() throws {
        let (server, log) = try exported()
        let out = server.root.appending(path: "new")
        let ran = try server.blackbox(["recover", log.path, "--json", out.path])
        #expect(ran.code == 0, "\(ran.errors)")
        let made = try FileManager.default.contentsOfDirectory(atPath: out.path)
        #expect(made.contains { $0.hasSuffix(".json.gz") }, "\(made)")
    }

    @Test func verifyOfAPackedLogTellsAllThatItTellsOfAnother() throws {
        let (server, log) = try exported(packed: false)
        func members() throws -> [String: Any] {
            let ran = try server.blackbox(["verify", log.path, "--json"])
            let object = try JSONSerialization.jsonObject(with: ran.output)
            return try #require(object as? [String: Any])
        }
        let before = try members()
        try #require(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        let after = try members()
        #expect(Set(before.keys) == Set(after.keys))
        for name in [
            "path", "log", "verdict", "exitCode", "lastSequence", "watermark", "live", "sealed",
            "lost",
        ] {
            #expect("\(before[name] ?? "")" == "\(after[name] ?? "")", "\(name)")
        }
        #expect("\(before["records"] ?? 0)" == "\(after["archivedRecords"] ?? 1)")
        // And each that is documented is there.
        let page = try String(
            contentsOf: Built.package.appending(path: "docs/commands.md"), encoding: .utf8)
        let start = try #require(page.range(of: "With `--json`, `verify` writes an object"))
        let end = try #require(
            page.range(of: "; and with `--decode`", range: start.upperBound..<page.endIndex))
        let names = page[start.upperBound..<end.lowerBound].split(separator: "`").map(String.init)
            .filter { after[$0] != nil }
        #expect(Set(names) == Set(after.keys))
    }

    @Test(arguments: ["emptied", "foreign", "flipped"])
    func anArchiveThatCantBeReadIsSaidOnceAndTheCommandFails(illness: String) throws {
        let (server, log) = try exported()
        let archive = try archives(log)[1]
        var bytes = try Data(contentsOf: archive)
        switch illness {
        case "emptied": bytes = Data()
        case "foreign": bytes = Data(repeating: 0x2E, count: 9_000)
        default: bytes[bytes.count / 2] ^= 0x10
        }
        try bytes.write(to: archive)
        #expect(try server.blackbox(["verify", log.path]).code == 11)
        #expect(try server.blackbox(["recover", log.path]).code == 11)
        for command in [["dump"], ["stats"], ["compact", "--json", "out"]] {
            let ran = try server.blackbox(command + [log.path])
            #expect(ran.code == (illness == "flipped" ? 0 : 1), "\(command): \(ran.errors)")
            let said = ran.errors.split(separator: "\n").filter { $0.contains(archive.path) }
            #expect(said.count == 1, "\(command): \(ran.errors)")
            #expect(
                said.allSatisfy { $0.components(separatedBy: archive.path).count == 2 },
                "the path is named once: \(said)")
            #expect(ran.errors.contains("missing: record"), "\(command): \(ran.errors)")
        }
    }
}
