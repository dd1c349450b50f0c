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

    /// Files, locks, long paths, links, mappings, an in-page error, threads, clocks, processes.
    @Test func thePlatformKeepsItsPromises() throws {
        try scratch { folder in
            let other = folder.appending(path: "other", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: other.appending(path: "precious"))
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "link"), withDestinationURL: other)
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
