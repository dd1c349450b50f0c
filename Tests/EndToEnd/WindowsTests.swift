// The plug-in for Windows under Wine: what it leaves is a log like any other, read here with Linux'
// reader. (Wine's files lie on a Linux filesystem: docs/windows.md says what that leaves untried.)

import Foundation
import Segments
import Testing
import WAL

/// A log as Linux' reader sees it.
private struct ReadLog {
    var report: LogReport
    var calls: [LoggedCall] = []

    init(_ folder: URL) throws {
        var reader = try LogReader(path: folder.path)
        report = reader.check()
        reader.forEachCall(in: 0...UInt64.max) { (call: borrowing Call) throws(Never) in
            var arguments = call.arguments.bytes.split(
                separator: 0, omittingEmptySubsequences: false
            ).map(Array.init)
            if call.argumentCount < arguments.count { arguments.removeLast() }
            calls.append(
                LoggedCall(
                    isText: call.form == .string,
                    name: String(decoding: call.name.bytes, as: UTF8.self),
                    arguments: call.argumentCount == 0 ? [] : arguments))
        }
    }

    var isWhole: Bool {
        switch report.verdict {
        case .clean, .callUnderWay: true
        default: false
        }
    }
}

extension Span<UInt8> {
    fileprivate var bytes: [UInt8] { indices.map { self[$0] } }
}

/// The platform half alone, without the plug-in.
@Suite(.needsWine) struct WindowsPlatformTests {
    private func scratch<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "blackbox probe ü \(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// Files, locks, long paths, mappings, an in-page error, threads, clocks, processes.
    @Test func thePlatformKeepsItsPromises() throws {
        try scratch { folder in
            let ran = try Wine.run(
                Wine.probe, ["platform", Wine.path(folder)], in: folder,
                environment: ["PROBE_VARIABLE": "wert ü"])
            #expect(ran.code == 0, "\(ran.errors)")
        }
    }

    @Test(arguments: ["kill", "exit", "close"])
    func aLogIsCompleteHoweverItsProcessEnds(ending: String) throws {
        try scratch { folder in
            let ran = try Wine.run(
                Wine.probe, ["write", Wine.path(folder), "30000", "1048576", ending], in: folder)
            #expect(ran.text.hasPrefix("30000"), "\(ran.text)\(ran.errors)")
            let logs = try LogList.find(folder.path)
            try #require(logs.count == 1)
            let log = try ReadLog(URL(filePath: logs[0].path))
            #expect(log.isWhole, "\(log.report.verdict)")
            #expect(log.report.isSealed == (ending == "close"))
            #expect(log.calls.count == 30_000)
            #expect(
                log.calls.enumerated().allSatisfy { index, call in
                    call.arguments.count == 2 && call.arguments[0] == Array(String(index).utf8)
                        && call.arguments[1].count == index % 200
                })
            #expect(log.report.segments.count > 3)
        }
    }

    @Test func recoveryOnWindowsSealsWhatAKillLeft() throws {
        try scratch { folder in
            try Wine.run(
                Wine.probe, ["write", Wine.path(folder), "9000", "1048576", "kill"], in: folder)
            let log = try #require(try LogList.find(folder.path).first).path
            let ran = try Wine.run(
                Wine.probe, ["recover", Wine.path(URL(filePath: log))], in: folder)
            #expect(Int(ran.text.prefix { $0.isNumber }) ?? 0 >= 1, "\(ran.text)")
            let read = try ReadLog(URL(filePath: log))
            #expect(read.report.verdict == .clean)
            #expect(read.report.isSealed)
            #expect(read.calls.count == 9_000)
            let again = try Wine.run(
                Wine.probe, ["read", Wine.path(URL(filePath: log))], in: folder)
            #expect(again.text.hasPrefix("9000"))
        }
    }
}

@Suite(.needsBuild, .needsWine) struct WindowsPluginTests {
    /// A generated mission as a stream file in the server's folder.
    private func mission(_ server: WindowsServer, _ options: [String]) throws -> URL {
        let file = server.root.appending(path: "mission ñ.tsv")
        let ran = try run(Built.generator, options + ["--output", file.path], in: server.root)
        guard ran.code == 0 else { throw TestFailure("generate-mission: \(ran.errors)") }
        return file
    }

    /// Windows tells none of the three: a zero would be a figure that nobody counted.
    @Test(arguments: ["--count-faults", "--count-allocations", "--count-syscalls"])
    func theHostRefusesToCountWhatItCant(option: String) throws {
        let server = try WindowsServer()
        let stream = server.root.appending(path: "hello.tsv")
        try ":SYS:VERSION:\n".write(to: stream, atomically: true, encoding: .utf8)
        let ran = try server.play(stream, [option, "--json", "-"])
        #expect(ran.code == 2, "\(ran.text)")
        #expect(ran.errors.contains("armahost: this system"), "\(ran.errors)")
        #expect(!ran.text.contains("{"))
    }

    @Test func exportsWhatTheGameLooksFor() throws {
        let ran = try runTool(
            "x86_64-w64-mingw32-objdump", ["-p", Wine.plugin.path], in: Built.folder)
        let names = ran.lines.compactMap { $0.split(separator: " ").last.map(String.init) }
            .filter { $0.hasPrefix("RVE") }
        #expect(
            Set(names) == [
                "RVExtension", "RVExtensionArgs", "RVExtensionContext", "RVExtensionFeatureFlags",
                "RVExtensionRegisterCallback", "RVExtensionVersion",
            ])
        let libraries = ran.lines.filter { $0.contains("DLL Name:") }
            .compactMap { $0.split(separator: " ").last.map { $0.lowercased() } }
        #expect(Set(libraries) == ["kernel32.dll", "msvcrt.dll", "advapi32.dll", "ws2_32.dll"])
    }

    @Test func theAddonsOwnSequenceIsAnswered() throws {
        let server = try WindowsServer()
        let ran = try server.play(
            try { () -> URL in
                let file = server.root.appending(path: "hello.tsv")
                try ":SYS:INIT:\n@wait :SYS:READY:\n@wait :SYS:VERSION:\n".write(
                    to: file, atomically: true, encoding: .utf8)
                return file
            }(), ["--probe-nil"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.text.contains("callback ocap_recorder :SYS:READY: []"))
    }

    /// Long enough for three segments of 4 MiB.
    @Test func everyCallThatReturnedIsInTheLogAfterAKill() throws {
        let server = try WindowsServer(configuration: #"{"blackbox": {"segmentMiB": 4}}"#)
        let stream = try mission(
            server, ["--seed", "11", "--minutes", "10", "--units", "100", "--recordings", "1"])
        let acked = server.root.appending(path: "acked")
        let count = 60_000
        let ran = try server.play(
            stream, ["--kill-after", String(count), "--quiet", "--acked", Wine.path(acked)])
        #expect(ran.code == 137, "\(ran.errors)")
        #expect(try ackedCalls(acked).returned == UInt64(count))
        let folders = try server.logFolders()
        try #require(folders.count == 1)
        let log = try ReadLog(folders[0])
        #expect(log.isWhole, "\(log.report.verdict)")
        #expect(log.report.losses.isEmpty)
        #expect(log.report.segments.count >= 3)
        let wanted = LoggedCall.of(stream: try Data(contentsOf: stream)).prefix(count)
        #expect(log.calls.count == count)
        #expect(log.calls.elementsEqual(wanted))
    }

    @Test(arguments: [201, 202] as [UInt64])
    func everyCallThatReturnedIsInTheLogAfterAKillAnywhere(seed: UInt64) throws {
        let server = try WindowsServer()
        let stream = try mission(
            server, ["--seed", "11", "--minutes", "3", "--units", "60", "--recordings", "1"])
        let acked = server.root.appending(path: "acked")
        try server.play(
            stream,
            [
                "--fps", "1000", "--kill-random", String(seed), "--kill-within", "1500", "--quiet",
                "--acked", Wine.path(acked),
            ])
        let log = try ReadLog(try #require(try server.logFolders().first))
        #expect(log.isWhole, "seed \(seed): \(log.report.verdict)")
        let problem = try problem(of: log.calls, after: try ackedCalls(acked), of: stream)
        #expect(problem == nil, "seed \(seed)")
    }

    @Test func aRestartAfterAKillBeginsANewLogAndLeavesTheOldOne() throws {
        let server = try WindowsServer()
        let stream = try mission(
            server, ["--seed", "12", "--minutes", "1", "--units", "20", "--recordings", "1"])
        try server.play(stream, ["--kill-after", "700", "--quiet"])
        let ran = try server.play(stream, ["--quiet"])
        #expect(ran.code == 0, "\(ran.errors)")
        let folders = try server.logFolders()
        try #require(folders.count == 2)
        let counts = try folders.map { try ReadLog($0).calls.count }
        let all = LoggedCall.of(stream: try Data(contentsOf: stream)).count
        #expect(counts.sorted() == [700, all].sorted())
        #expect(try folders.allSatisfy { try ReadLog($0).isWhole })
        // The whole of it again through recovery on Linux.
        for folder in folders {
            let recovered = try Recovery.run(folder.path)
            #expect(recovered.errors.isEmpty)
            #expect(try ReadLog(folder).report.isSealed)
        }
    }
}

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

    @Test func verifyAndDumpSayWhatLinuxSays() throws {
        let server = try WindowsServer()
        _ = try server.play(try mission(server, minutes: 1), ["--kill-after", "900", "--quiet"])
        let log = "blackbox-logs/" + (try #require(try server.logFolders().first)).lastPathComponent
        func both(_ arguments: [String]) throws -> (windows: Ran, linux: Ran) {
            (
                try Wine.run(Wine.blackbox, arguments, in: server.folder),
                try run(Built.blackbox, arguments, in: server.folder)
            )
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
