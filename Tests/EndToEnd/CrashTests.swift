// What the server's owner sees of a crash: the next start makes the replay, joins what belongs together,
// and `blackbox recover` tells the rest. And what the owner sees of a folder that can't be written to.

import Foundation
import Testing
import WAL

@Suite(.needsBuild) struct CrashTests {
    private static let small = [
        "--seed", "11", "--minutes", "1", "--units", "20", "--recordings", "1",
    ]

    /// Plays a mission until the host kills itself in the middle of it.
    private func crash(_ server: Server) throws -> URL {
        let mission = try server.mission(Self.small)
        let killed = try server.play(mission.stream, ["--quiet", "--kill-after", "1500"])
        #expect(killed.code == 137, "\(killed.errors)")
        return mission.stream
    }

    /// A start of the server without a mission.
    private func start(_ server: Server) throws {
        let ran = try server.play(
            try server.stream([":SYS:INIT:", "@wait :SYS:VERSION:"]), ["--quiet"])
        #expect(ran.code == 0, "\(ran.errors)")
    }

    /// The texts of all replays.
    private func texts(_ server: Server) throws -> [String] {
        try server.replays().map { String(decoding: try unpacked($0), as: UTF8.self) }
    }

    @Test func theNextStartMakesTheReplayOfACrashedMission() throws {
        let server = try Server()
        _ = try crash(server)
        #expect(try server.replays().isEmpty)
        try start(server)
        try waitUntil("the replay is there") { try server.replays().count == 1 }
        let replay = try #require(try texts(server).first)
        #expect(
            replay.contains("\"generalEvent\",\"Recording ends here: the mission was not saved"))
        let logs = try server.logFolders()
        try waitUntil("the dead server's log is closed") {
            try server.blackbox(["verify", logs[0].path]).text.contains("clean")
        }
    }

    @Test func aMissionThatGoesOnIsJoinedByTheConfigurationAlone() throws {
        let server = try Server(configuration: #"{"blackbox": {"joinMinutes": 15}}"#)
        let stream = try crash(server)
        let again = try server.play(stream, ["--quiet", "--wait-saved"])
        #expect(again.code == 0, "\(again.errors)")
        // The log of the second server is joined once that has ended, too.
        try start(server)
        try waitUntil("the joined replay is there") {
            try texts(server).contains {
                $0.contains("Recording interrupted: the server was down for ")
            }
        }
    }

    @Test func recoverWithoutArgumentsTellsTheLastSecondsInTenLines() throws {
        let server = try Server(compactor: false)
        let (game, _) = try server.stayingGame(minutes: 1)
        let log = try #require(try server.logFolders().first)
        // It gives a sign of life when its keeper has been there.
        let tail = log.appending(path: "000001.tail")
        try waitUntil("the log has a sign of life", limitSeconds: 300) {
            let bytes = (try? Data(contentsOf: tail)) ?? Data()
            return bytes.dropFirst(Heartbeat.offset).prefix(16).contains { $0 != 0 }
        }
        game.send(SIGKILL)
        game.process.waitUntilExit()
        let told = try server.blackbox(["recover"])
        #expect(told.code == 0, "\(told.errors)")
        #expect(told.lines.count <= 10, "\(told.text)")
        for part in [
            "server process ", "log begun ", "kept:", "the last one at ", "end:",
            "last sign of life: ",
            "sealed ",
        ] {
            #expect(told.text.contains(part), "\(part) is missing in:\n\(told.text)")
        }
    }

    /// Puts bytes of no record where the next one would stand: a log's torn end.
    private func tear(_ log: URL) throws {
        let segment = log.appending(path: "000001.seg")
        var bytes = try Data(contentsOf: segment)
        let end = try #require(bytes.lastIndex { $0 != 0 })
        let place = (end + 64) & ~7
        bytes.replaceSubrange(place..<(place + 24), with: Data(repeating: 0x5A, count: 24))
        try bytes.write(to: segment)
    }

    @Test func theOwnerHearsThatATornLogCanLackCallsAndWhatToRun() throws {
        let server = try Server()
        _ = try crash(server)
        let log = try #require(try server.logFolders().first)
        try tear(log)
        // The server runs on until it has looked after the log.
        let stream = try server.stream([":SYS:INIT:", "@wait :SYS:VERSION:", "@wait :NEVER: 120"])
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let host = try Running(
            Built.armahost, [plugin, stream.path, "--quiet"], in: server.folder)
        let lines = server.folder.appending(path: "ocaplogs")
        var told = ""
        try waitUntil("the log file tells of the torn log") {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: lines.path)) ?? []
            told = names.compactMap {
                try? String(contentsOf: lines.appending(path: $0), encoding: .utf8)
            }.joined()
            return told.contains("has a torn end")
        }
        host.send(SIGKILL)
        #expect(told.contains("calls of its last moments can be missing; run: blackbox recover"))
        let recovered = try server.blackbox(["recover", log.path])
        #expect(recovered.code == 10, "\(recovered.text)")
        #expect(recovered.text.contains("torn tail"), "\(recovered.text)")
        #expect(try server.blackbox(["verify", log.path]).code == 10)
    }

    @Test func whatCouldNotBeClosedIsClosedByALaterStart() throws {
        let server = try Server(compactor: false)
        _ = try crash(server)
        let log = try #require(try server.logFolders().first)
        let segment = log.appending(path: "000001.seg")
        chmod(log.path, 0o777)
        for name in try FileManager.default.contentsOfDirectory(atPath: log.path) {
            chmod(log.appending(path: name).path, 0o666)
        }
        chmod(segment.path, 0o444)
        let arguments = ["recover", log.path, "--json", "out", "--background"]
        let refused = try server.blackboxAsNobody(arguments)
        #expect(refused.code == 1, "\(refused.text)\(refused.errors)")
        #expect(refused.errors.contains("000001.seg"), "\(refused.errors)")
        chmod(segment.path, 0o666)
        let again = try server.blackboxAsNobody(arguments)
        #expect(again.code == 0, "\(again.errors)")
        let told = try server.blackbox(["recover", log.path])
        #expect(told.text.contains("the log was closed already"), "\(told.text)")
    }

    /// A tail file that the system refuses is no reason to leave out what it holds without a word.
    @Test func whatCantBeReadIsToldAndNotCountedAsDone() throws {
        let server = try Server(compactor: false)
        _ = try crash(server)
        let log = try #require(try server.logFolders().first)
        let tail = log.appending(path: "000001.tail")
        let aside = server.root.appending(path: "aside")
        let files = FileManager.default
        try files.moveItem(at: tail, to: aside)
        // A folder of that name can be opened and not read.
        try files.createDirectory(at: tail, withIntermediateDirectories: false)
        let arguments = ["compact", log.path, "--json", server.recordings.path]
        let refused = try server.blackbox(arguments)
        #expect(refused.code == 1, "\(refused.text)")
        #expect(refused.errors.contains("calls from there are missing"), "\(refused.errors)")
        try files.removeItem(at: tail)
        try files.moveItem(at: aside, to: tail)
        let again = try server.blackbox(arguments)
        #expect(again.code == 0, "\(again.errors)")
        #expect(try server.replays().count == 1)
    }

    /// As an ordinary user, also when the tests run as root, for whom every folder is writable.
    @Test func aFolderWithoutPermissionIsToldAndTheGameGoesOn() throws {
        let server = try Server(compactor: false, parent: URL(filePath: "/tmp"))
        let stream = try server.stream([
            ":SYS:INIT:", "@wait :SYS:VERSION:", ":STORAGE:INIT:", "@wait :STORAGE:ERROR:",
            ":EVENT:CHAT:\t1",
        ])
        let host = server.root.appending(path: "armahost")
        try FileManager.default.copyItem(at: Built.armahost, to: host)
        for path in [server.root, server.mod, server.folder] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o555], ofItemAtPath: path.path)
        }
        defer {
            for path in [server.root, server.mod, server.folder] {
                try? FileManager.default.setAttributes(
                    [.posixPermissions: 0o755], ofItemAtPath: path.path)
            }
        }
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let words = [host.path, plugin, stream.path, "--echo"]
        let ran =
            geteuid() == 0
            ? try runTool(
                "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups"] + words,
                in: server.folder)
            : try run(host, Array(words.dropFirst()), in: server.folder)
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(ran.text.contains("permission denied"), "\(ran.text)")
        #expect(
            ran.lines.last { $0.hasPrefix("< ") }?.contains("not recorded") == true, "\(ran.text)")
    }

    /// Where the logs should lie nothing can be made: the game's own folder was removed, or a file stands there.
    @Test(arguments: [true, false])
    func aFolderThatIsMissingIsToldAndTheGameGoesOn(_ isRemoved: Bool) throws {
        let server = try Server(
            configuration: isRemoved ? nil : #"{"blackbox": {"logDir": "../file/logs"}}"#,
            compactor: false)
        try Data("a file".utf8).write(to: server.root.appending(path: "file"))
        let stream = try server.stream([
            ":SYS:INIT:", "@wait :SYS:VERSION:", ":STORAGE:INIT:", "@wait :STORAGE:ERROR:",
            ":EVENT:CHAT:\t1",
        ])
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let words = [Built.armahost.path, plugin, stream.path, "--echo"]
        let leave = isRemoved ? #"rmdir "$0" && "# : ""
        let shell = ["-c", leave + #"exec "$@""#, server.folder.path]
        let ran = try runTool("sh", shell + words, in: server.folder)
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(FileManager.default.fileExists(atPath: server.folder.path) != isRemoved)
        let reason =
            isRemoved
            ? "make the folder ./blackbox-logs: no such file or folder"
            : "make the folder ../file/logs: a part of the path is not a folder"
        let told = ran.lines.filter { $0.contains(":STORAGE:ERROR:") && $0.contains(reason) }
        #expect(!told.isEmpty, "\(ran.text)")
        #expect(
            ran.lines.last { $0.hasPrefix("< ") }?.contains("not recorded") == true, "\(ran.text)")
    }
}
