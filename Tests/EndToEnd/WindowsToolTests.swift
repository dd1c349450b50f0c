// blackbox.exe under Wine: what it makes of a log, and says of it, is what the program for Linux does.

import Foundation
import Testing

/// The program beside the DLL, and that its results are those of the program for Linux.
@Suite(.needsBuild, .needsWindowsTool) struct WindowsToolTests {
    private func mission(_ server: WindowsServer, minutes: Int) throws -> URL {
        let file = server.root.appending(path: "mission.tsv")
        let ran = try run(
            Built.generator,
            [
                "--seed", "21", "--minutes", String(minutes), "--units", "40", "--recordings", "1",
                "--output", file.path,
            ], in: server.root)
        guard ran.code == 0 else { throw TestFailure("generate-mission: \(ran.errors)") }
        return file
    }

    /// What Linux makes of the only recording in the server's logs, unpacked. All logs are given:
    /// two that begin in the same second are in no order that their names could tell.
    private func replayByLinux(_ server: WindowsServer) throws -> Data {
        let folder = server.root.appending(path: "linux")
        let ran = try run(
            Built.blackbox, ["compact", server.logs.path, "--json", folder.path, "--quiet"],
            in: server.folder)
        guard ran.code == 0 else { throw TestFailure("compact: \(ran.code) \(ran.errors)") }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "gz" }
        try #require(files.count == 1)
        return try unpacked(files[0])
    }

    @Test func theAddonsOwnSequenceRunsToItsEnd() throws {
        let server = try WindowsServer(compactor: true)
        let ran = try server.play(nil, ["--addon"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.text.contains(#":MISSION:SAVED: ["ok","./recordings/"#))
        #expect(try server.replays().count == 1)
    }

    @Test func aSaveEndsWithTheReplayThatLinuxMakesOfTheSameLog() throws {
        let server = try WindowsServer(compactor: true)
        let ran = try server.play(try mission(server, minutes: 2), ["--wait-saved"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.text.contains(#":MISSION:SAVED: ["ok","./recordings/"#))
        let replays = try server.replays()
        try #require(replays.count == 1)
        #expect(try unpacked(replays[0]) == replayByLinux(server))
    }

    @Test func aMissionThatAKillCutShortAppearsAfterTheRestart() throws {
        let server = try WindowsServer(compactor: true)
        let killed = try server.play(
            try mission(server, minutes: 2), ["--kill-after", "3000", "--quiet"])
        #expect(killed.code == 137, "\(killed.errors)")
        #expect(try server.replays().isEmpty)
        let hello = server.root.appending(path: "hello.tsv")
        try ":SYS:INIT:\n@wait :SYS:VERSION:\n".write(to: hello, atomically: true, encoding: .utf8)
        #expect(try server.play(hello, ["--quiet"]).code == 0)
        // The program outlives the server that started it.
        try waitUntil("a replay of the mission") { try server.replays().count == 1 }
        let replay = try #require(try server.replays().first)
        #expect(try unpacked(replay) == replayByLinux(server))
    }

    /// Without an argument the program finds the logs through the configuration beside it; and old ones go
    /// when their output has them, not before.
    @Test func logsAreFoundThroughTheConfigurationAndRemovedAtTheirAge() throws {
        let server = try WindowsServer(
            configuration: #"{"blackbox": {"logDir": "./logs ü", "autorun": false}}"#)
        _ = try server.play(try mission(server, minutes: 1), ["--quiet"])
        let program = server.mod.appending(path: Wine.blackbox.lastPathComponent)
        try FileManager.default.copyItem(at: Wine.blackbox, to: program)
        func blackbox(_ arguments: [String]) throws -> Ran {
            try Wine.run(program, arguments, in: server.folder)
        }
        let logs = server.folder.appending(path: "logs ü")
        let log = logs.appending(
            path: try #require(try FileManager.default.contentsOfDirectory(atPath: logs.path).first)
        )
        func age() throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: log.path) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -40 * 86_400)],
                    ofItemAtPath: log.appending(path: name).path)
            }
        }
        try age()
        let kept = try blackbox(["tidy"])
        #expect(kept.code == 0 && kept.errors.contains("an old log stays"), "\(kept.errors)")
        #expect(FileManager.default.fileExists(atPath: log.path))
        let recovered = try blackbox(["recover", "--json", "recordings"])
        #expect(recovered.code == 0, "\(recovered.text)\(recovered.errors)")
        // What recover sealed is new again.
        try age()
        let removed = try blackbox(["tidy"])
        #expect(removed.text.contains("older than 30 days"), "\(removed.text)\(removed.errors)")
        #expect(!FileManager.default.fileExists(atPath: log.path))
        #expect(try server.replays().count == 1)
    }

    /// Wine shows a symbolic link to a folder as Windows shows a junction.
    @Test func aLinkToALogElsewhereIsLeftAloneAndTold() throws {
        let server = try WindowsServer(configuration: #"{"blackbox": {"autorun": false}}"#)
        for _ in 0..<2 { _ = try server.play(try mission(server, minutes: 1), ["--quiet"]) }
        func blackbox(_ arguments: [String]) throws -> Ran {
            try Wine.run(Wine.blackbox, arguments, in: server.folder)
        }
        #expect(try blackbox(["recover", "--json", "recordings"]).code == 0)
        func names(_ folder: URL) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }
        let logs = try server.logFolders()
        try #require(logs.count == 2)
        let elsewhere = server.root.appending(path: "elsewhere", directoryHint: .isDirectory)
        try FileManager.default.moveItem(at: logs[0], to: elsewhere)
        let link = URL(filePath: server.logs.path + "/" + logs[0].lastPathComponent)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: elsewhere)
        // And one within a log.
        let precious = server.root.appending(path: "precious", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: precious, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: precious.appending(path: "000001.seg"))
        try FileManager.default.createSymbolicLink(
            at: logs[1].appending(path: "mended"), withDestinationURL: precious)
        let before = try names(elsewhere)
        let ran = try blackbox(["tidy", "--keep-size", "1KB"])
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(ran.errors.contains("a link is left alone"), "\(ran.errors)")
        #expect(try names(elsewhere) == before)
        #expect(try names(precious) == ["000001.seg"])
        #expect(
            try names(server.logs)
                == [".tidy.lock", link.lastPathComponent, logs[1].lastPathComponent])
        #expect(try names(logs[1]) == ["mended"])
    }

    /// Once compacted by hand, the next start has nothing to do with it.
    @Test func whatCompactHasWrittenRecoverDoesNotWriteAgain() throws {
        let server = try WindowsServer(configuration: #"{"blackbox": {"autorun": false}}"#)
        _ = try server.play(try mission(server, minutes: 1), ["--kill-after", "900", "--quiet"])
        func blackbox(_ arguments: [String]) throws -> Ran {
            try Wine.run(Wine.blackbox, arguments, in: server.folder)
        }
        let background = ["recover", "--json", "recordings", "--background"]
        let looked = try blackbox(["recover"])
        #expect([0, 10].contains(looked.code), "\(looked.text)\(looked.errors)")
        #expect(try blackbox(["compact", "--json", "recordings"]).code == 0)
        let replay = try #require(try server.replays().first)
        try FileManager.default.removeItem(at: replay)
        #expect(try blackbox(background).code == 0)
        #expect(try server.replays().isEmpty)
        // Asked for by name, it is written all the same.
        #expect(try [0, 10].contains(blackbox(["recover", "--json", "recordings"]).code))
        #expect(try server.replays().count == 1)
    }

    @Test(arguments: [Illness.foreign, .empty], [["compact", "--json", "out"], ["dump"]])
    func aFileThatCantBeReadIsNamedAndTheCommandFails(
        illness: Illness, command: [String]
    ) throws {
        let server = try WindowsServer(configuration: #"{"blackbox": {"autorun": false}}"#)
        _ = try server.play(try mission(server, minutes: 1), ["--quiet"])
        let log = "blackbox-logs/" + (try #require(try server.logFolders().first)).lastPathComponent
        // Without this the tail file still has what the segment has.
        #expect(try Wine.run(Wine.blackbox, ["recover"], in: server.folder).code == 0)
        try illness.strike(server.folder.appending(path: log + "/000001.seg"))
        for path in [log, log + "/000001.seg"] {
            let ran = try Wine.run(Wine.blackbox, command + [path], in: server.folder)
            #expect(ran.code == 1, "\(path): \(ran.text)\(ran.errors)")
            #expect(ran.errors.contains(illness.words), "\(ran.errors)")
            #expect(ran.errors.contains("000001.seg"), "\(ran.errors)")
        }
    }

    private func both(
        _ arguments: [String], _ server: WindowsServer
    ) throws -> (windows: Ran, linux: Ran) {
        (
            try Wine.run(Wine.blackbox, arguments, in: server.folder),
            try run(Built.blackbox, arguments, in: server.folder)
        )
    }

    /// Packed on Linux, whole and damaged: read here as there.
    @Test func aPackedLogIsReadAsLinuxReadsIt() throws {
        let server = try WindowsServer(
            configuration: #"{"blackbox": {"autorun": false, "segmentMiB": 1}}"#)
        _ = try server.play(try mission(server, minutes: 4), ["--quiet"])
        let log = "blackbox-logs/" + (try #require(try server.logFolders().first)).lastPathComponent
        let replay = try replayByLinux(server)
        // Windows' end of a process leaves the last segment open.
        try #require(try Wine.run(Wine.blackbox, ["recover", log], in: server.folder).code == 0)
        let packed = try run(Built.blackbox, ["archive", log, "--remove"], in: server.folder)
        try #require(packed.code == 0, "\(packed.errors)")
        for arguments in [
            ["verify", log], ["verify", log, "--json"], ["dump", log, "--json"],
            ["dump", log + "/000001.seg.lz4", "--from", "10", "--to=20"], ["recover", log],
            ["recover", log, "--background"],
        ] {
            let (windows, linux) = try both(arguments, server)
            #expect(windows.code == linux.code, "\(arguments)")
            #expect(windows.output == linux.output, "\(arguments)")
        }
        let compacted = try Wine.run(
            Wine.blackbox, ["compact", log, "--json", "recordings"], in: server.folder)
        #expect(compacted.code == 0, "\(compacted.errors)")
        #expect(try unpacked(try #require(try server.replays().first)) == replay)

        let archive = server.folder.appending(path: log + "/000001.seg.lz4")
        var bytes = try Data(contentsOf: archive)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: archive)
        for arguments in [["verify", log, "--quiet"], ["dump", log, "--json"]] {
            let (windows, linux) = try both(arguments, server)
            #expect(windows.code == linux.code, "\(arguments)")
            #expect(windows.output == linux.output, "\(arguments)")
        }
        try FileManager.default.removeItem(at: archive)
        for arguments in [["verify", log], ["verify", log, "--json"], ["recover", log]] {
            let (windows, linux) = try both(arguments, server)
            #expect(windows.code == 11 && linux.code == 11, "\(arguments)")
            #expect(windows.output == linux.output, "\(arguments)")
        }
    }

    @Test func verifyAndDumpSayWhatLinuxSays() throws {
        let server = try WindowsServer()
        _ = try server.play(try mission(server, minutes: 1), ["--kill-after", "900", "--quiet"])
        let log = "blackbox-logs/" + (try #require(try server.logFolders().first)).lastPathComponent
        func both(_ arguments: [String]) throws -> (windows: Ran, linux: Ran) {
            try self.both(arguments, server)
        }
        for arguments in [
            ["verify", log], ["verify", log, "--json"], ["verify", log, "--decode"],
            ["dump", log, "--json"], ["dump", log], ["dump", log, "--from", "10", "--to=20"],
            ["dump", log, "--json", "--command", ":EVENT:CHAT:"], ["verify", "absent"],
            ["compact", log], ["dump", log, "--frobnicate"],
        ] {
            let (windows, linux) = try both(arguments)
            #expect(windows.code == linux.code, "\(arguments)")
            #expect(windows.output == linux.output, "\(arguments)")
        }
        // A flipped bit in the middle of the records.
        let segment = server.folder.appending(path: log + "/000001.seg")
        let file = try FileHandle(forUpdating: segment)
        try file.seek(toOffset: 40_000)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 40_000)
        try file.write(contentsOf: Data([byte ^ 4]))
        try file.close()
        let (windows, linux) = try both(["verify", log, "--json"])
        #expect(windows.code == linux.code)
        #expect(windows.output == linux.output)
        let recovered = try Wine.run(
            Wine.blackbox, ["recover", "--json", "replays"], in: server.folder)
        #expect(recovered.code == linux.code, "\(recovered.text)\(recovered.errors)")
    }
}
