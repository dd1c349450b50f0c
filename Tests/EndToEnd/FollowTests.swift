// Reading a log while the game writes it: every record, once, in order, whatever ends on either side.

import Foundation
import Testing

/// A program that runs beside the test; ended with the value.
final class Running {
    let process = Process()
    private let output: URL
    private let errors: URL
    private var taken: UInt64 = 0

    init(_ program: URL, _ arguments: [String], in folder: URL) throws {
        let mark = UUID().uuidString
        output = FileManager.default.temporaryDirectory.appending(path: "blackbox-\(mark).out")
        errors = FileManager.default.temporaryDirectory.appending(path: "blackbox-\(mark).err")
        for file in [output, errors] { try Data().write(to: file) }
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ownEnvironment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: output)
        try? FileManager.default.removeItem(at: errors)
    }

    private var data: Data { get throws { try Data(contentsOf: output) } }
    var complaints: String {
        (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    }

    /// Whole lines so far.
    var lines: [Data] {
        get throws {
            let data = try data
            guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
            return data[..<end].split(separator: UInt8(ascii: "\n")).map { Data($0) }
        }
    }

    /// Whole lines since the last call.
    func takeLines() throws -> [String] {
        let file = try FileHandle(forReadingFrom: output)
        try file.seek(toOffset: taken)
        let data = try file.readToEnd() ?? Data()
        guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        taken += UInt64(end + 1)
        return data[..<end].split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Bytes so far.
    var byteCount: Int {
        let values = try? output.resourceValues(forKeys: [.fileSizeKey])
        return values?.fileSize ?? 0
    }

    func ends(with line: Data) -> Bool {
        guard let file = try? FileHandle(forReadingFrom: output),
            let end = try? file.seekToEnd(), end > UInt64(line.count)
        else { return false }
        try? file.seek(toOffset: end - UInt64(line.count) - 1)
        return (try? file.readToEnd()) == line + [UInt8(ascii: "\n")]
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Exit code, 128 + the signal's number when one ended it.
    func waitForEnd(limitSeconds: Double = 60) throws -> Int32 {
        // Asked of the system: `Process` hears of an end through a socket that children which other tests
        // start keep open.
        var code: Int32?
        try waitUntil("the program ends: \(complaints)", limitSeconds: limitSeconds) {
            var info = siginfo_t()
            let found = waitid(
                P_PID, id_t(process.processIdentifier), &info, WEXITED | WNOHANG | WNOWAIT)
            guard found == 0 else {
                // `Process` has taken its end already, and is about to say so.
                guard !process.isRunning else { return false }
                let isSignal = process.terminationReason == .uncaughtSignal
                code = process.terminationStatus + (isSignal ? 128 : 0)
                return true
            }
            guard info._sifields._sigchld.si_pid != 0 else { return false }
            let status = info._sifields._sigchld.si_status
            code = info.si_code == Int32(CLD_EXITED) ? status : 128 + status
            return true
        }
        return code ?? -1
    }
}

@Suite(.needsBuild) struct FollowTests {
    private func follow(_ server: Server, _ arguments: [String]) throws -> Running {
        try Running(Built.blackbox, ["follow"] + arguments, in: server.folder)
    }

    private func host(_ server: Server, _ stream: URL, _ options: [String] = []) throws -> Running {
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        return try Running(
            Built.armahost, [plugin, stream.path, "--quiet"] + options, in: server.folder)
    }

    private func dump(_ server: Server) throws -> [Data] {
        let ran = try server.blackbox(
            ["dump"] + (try server.logFolders()).map(\.path) + ["--json"])
        guard ran.code == 0 else { throw TestFailure(ran.errors) }
        return ran.output.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    private func server(_ configuration: String = "{}") throws -> Server {
        let server = try Server(configuration: configuration, compactor: false)
        try FileManager.default.createDirectory(
            at: server.logs, withIntermediateDirectories: true)
        return server
    }

    @Test func linesComeWhileTheGameStillRuns() throws {
        let server = try server()
        let follower = try follow(server, ["--from-start"])
        let stream = try server.stream([
            ":SYS:INIT:", #":EVENT:GENERAL:\#t1\#t"early"\#t"one""#, "@sleep 600000",
        ])
        let game = try host(server, stream, ["--fps", "50"])
        try waitUntil("the call is on its way") {
            try follower.lines.contains {
                String(decoding: $0, as: UTF8.self).contains(#"\"early\""#)
            }
        }
        #expect(game.process.isRunning, "\(game.complaints)")
        // The writer is gone without a word; the follower goes on and waits for the next one.
        game.send(SIGKILL)
        _ = try game.waitForEnd()
        let second = try server.stream([":SYS:INIT:", #":EVENT:GENERAL:\#t1\#t"late"\#t"two""#])
        try server.play(second, ["--quiet"])
        try waitUntil("the next server's call") {
            try follower.lines.contains {
                String(decoding: $0, as: UTF8.self).contains(#"\"late\""#)
            }
        }
        follower.send(SIGTERM)
        #expect(try follower.waitForEnd() == 0)
        #expect(follower.complaints == "")
        #expect(try follower.lines == dump(server))
    }

    /// The smallest segments, so that the writer switches many times under the reader.
    @Test func everyRecordComesOnceInOrderAcrossSegmentsAndRestarts() throws {
        let server = try server(#"{"blackbox": {"segmentMiB": 1, "archive": false}}"#)
        let follower = try follow(server, ["--from-start"])
        // It has found the first log before the others come.
        try server.play(try server.stream([":SYS:INIT:"]), ["--quiet"])
        try waitUntil("the first log's lines") { follower.byteCount > 0 }
        let mission = try server.mission([
            "--seed", "5", "--minutes", "1", "--units", "60", "--recordings", "1",
        ])
        for copies in [9, 1] {
            let game = try host(server, mission.stream, ["--copies", String(copies)])
            #expect(try game.waitForEnd() == 0, "\(game.complaints)")
        }
        let logs = try server.logFolders()
        try #require(logs.count == 3)
        let segments = try FileManager.default.contentsOfDirectory(atPath: logs[1].path)
        #expect(segments.count { $0.hasSuffix(".seg") } > 2)
        let wanted = try dump(server)
        let bytes = wanted.reduce(0) { $0 + $1.count + 1 }
        try waitUntil("everything has come") { follower.byteCount >= bytes }
        follower.send(SIGINT)
        #expect(try follower.waitForEnd() == 0)
        #expect(try follower.lines == wanted)
    }

    @Test func aCursorGoesOnWhereAKilledReaderStopped() throws {
        let server = try server(#"{"blackbox": {"segmentMiB": 1, "archive": false}}"#)
        let mission = try server.mission([
            "--seed", "6", "--minutes", "1", "--units", "60", "--recordings", "1",
        ])
        let options = ["--cursor", "bot", "--from-start"]
        var got: [Data] = []
        let game = try host(server, mission.stream, ["--copies", "9"])
        let first = try follow(server, options)
        try waitUntil("some lines") { first.byteCount > 50_000 }
        first.send(SIGKILL)
        _ = try first.waitForEnd()
        got += try first.lines
        // Nobody reads while the first server ends and the second one lives.
        #expect(try game.waitForEnd() == 0, "\(game.complaints)")
        #expect(try host(server, mission.stream).waitForEnd() == 0)
        let wanted = try dump(server)
        let second = try follow(server, options)
        let last = try #require(wanted.last)
        // More than nothing, and no end in the middle.
        try waitUntil("the rest") { second.byteCount > 0 && second.ends(with: last) }
        second.send(SIGTERM)
        #expect(try second.waitForEnd() == 0)
        let rest = try second.lines
        // A kill repeats at most what was read since the cursor was written; nothing is left out.
        let begin = try #require(rest.first)
        let overlap = try #require(wanted.firstIndex(of: begin))
        #expect(overlap <= got.count)
        #expect(Array(wanted[..<min(got.count, wanted.count)]) == got)
        #expect(Array(wanted[overlap...]) == rest)
        // A third run has nothing left to say: of one log that has ended it says so at once.
        for log in try server.logFolders() {
            let third = try server.blackbox(["follow", log.path, "--cursor", "bot"])
            #expect(third.code == 0, "\(third.errors)")
            #expect(third.lines.isEmpty)
        }
    }

    @Test func untilSaveEndsBehindTheSaveAndCommandsAreChosen() throws {
        let server = try server()
        let stream = try server.stream([
            ":SYS:INIT:", #":EVENT:GENERAL:\#t1\#t"a"\#t"b""#, ":MISSION:SAVE:",
            #":EVENT:GENERAL:\#t2\#t"c"\#t"d""#,
        ])
        try server.play(stream, ["--quiet"])
        let log = try #require(try server.logFolders().first)
        let all = try server.blackbox(["follow", log.path, "--from-start"])
        #expect(all.code == 0, "\(all.errors)")
        #expect(all.lines.count == (try dump(server)).count)
        let some = try server.blackbox([
            "follow", log.path, "--from-start", "--until-save", "--command", ":EVENT:GENERAL:",
            "--command", ":MISSION:SAVE:",
        ])
        #expect(some.code == 0, "\(some.errors)")
        #expect(some.lines.count == 2)
        #expect(some.lines.last?.contains(":MISSION:SAVE:") ?? false)
    }

    @Test func aReaderThatHasSeenEnoughEndsIt() throws {
        let server = try server()
        let stream = try server.stream([":SYS:INIT:", "@sleep 600000"])
        let game = try host(server, stream, ["--fps", "50"])
        try waitUntil("the log begins") { try !server.logFolders().isEmpty }
        // Nothing more is written, and still the program notices that nobody reads.
        let pipe = try Running(
            URL(filePath: "/bin/bash"),
            [
                "-c", "\"$0\" follow --from-start | head -n 1; exit ${PIPESTATUS[0]}",
                Built.blackbox.path,
            ],
            in: server.folder)
        #expect(try pipe.waitForEnd() <= 1)
        #expect(try pipe.lines.count == 1)
        game.send(SIGKILL)
        _ = try game.waitForEnd()
    }

    @Test(arguments: ["json", "../x", "", ".hidden"])
    func namesThatAreNoCursorAreRefused(name: String) throws {
        let server = try server()
        let ran = try server.blackbox(["follow", "--cursor", name])
        #expect(ran.code == 2)
        #expect(ran.errors.contains("cursor"), "\(ran.errors)")
    }
}
