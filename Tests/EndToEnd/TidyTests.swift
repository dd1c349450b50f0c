// What keeps the disk in order, from the plug-in's configuration to the files: logs are packed when every
// output has them, and the oldest go at the owner's limits.

import Foundation
import Testing

@Suite(.needsBuild) struct TidyTests {
    private let mission = [
        "--minutes", "0.3", "--units", "10", "--recordings", "1",
    ]

    private func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    /// What stands in the log files for people.
    private func ownersLog(_ server: Server) throws -> String {
        let folder = server.folder.appending(path: "ocaplogs")
        return try names(folder).filter { $0.hasSuffix(".log") }.map {
            try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }.joined()
    }

    /// Sets the clock of a log back.
    private func age(_ log: URL, days: Double) throws {
        for name in try names(log) {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -days * 86_400)],
                ofItemAtPath: log.appending(path: name).path)
        }
    }

    /// A server that played `count` missions in as many processes, all looked after, none packed.
    private func server(missions count: Int) throws -> Server {
        let server = try Server(
            configuration: #"{"blackbox": {"autorun": false, "archive": false}}"#)
        for seed in 1...count {
            let mission = try server.mission(mission + ["--seed", String(seed)])
            let ran = try server.play(mission.stream, ["--wait-saved", "--quiet"])
            guard ran.code == 0 else { throw TestFailure(ran.errors) }
        }
        let recovered = try server.blackbox(["recover", "--json", server.recordings.path])
        guard recovered.code == 0 else { throw TestFailure(recovered.errors) }
        // By age, whatever the machine's clock resolved.
        for (index, log) in try server.logFolders().enumerated() {
            try age(log, days: Double(count - index))
        }
        return server
    }

    @Test func theNextStartPacksWhatEveryOutputHas() throws {
        let server = try Server()
        let mission = try server.mission(mission)
        try server.play(mission.stream, ["--wait-saved", "--quiet"])
        let first = try #require(try server.logFolders().first)
        let wanted = try server.loggedCalls()
        let replay = try unpacked(try #require(try server.replays().first))
        // A server that starts and stays until the old log is packed.
        let stream = try server.stream([":SYS:INIT:", "@sleep 2000"])
        try waitUntil("the first log is packed", limitSeconds: 240) {
            try server.play(stream, ["--fps", "50", "--quiet"])
            return try names(first).contains { $0.hasSuffix(".seg.lz4") }
                && !names(first).contains { $0.hasSuffix(".seg") }
        }
        try waitUntil("it is said") { try ownersLog(server).contains("msg=\"a log was packed\"") }
        let dumped = try server.blackbox(["dump", first.path, "--json"])
        #expect(dumped.lines.count { $0.contains("\"kind\":\"call\"") } == wanted.count)
        let again = try server.blackbox(["compact", first.path, "--json", server.recordings.path])
        #expect(again.code == 0, "\(again.errors)")
        #expect(try unpacked(try #require(try server.replays().first)) == replay)
    }

    @Test func logsGoByAgeAndBySizeOldestFirst() throws {
        let server = try server(missions: 4)
        let logs = try server.logFolders()
        try age(logs[0], days: 31)
        try age(logs[1], days: 29)
        let owners = server.root.appending(path: "owner.log")
        let dry = try server.blackbox(["tidy", "--dry-run"])
        #expect(dry.code == 0 && dry.text.contains("would be removed"), "\(dry.text)\(dry.errors)")
        #expect(try server.logFolders() == logs)

        let byAge = try server.blackbox(["tidy", "--log", owners.path, "--quiet"])
        #expect(byAge.code == 0 && byAge.text.isEmpty, "\(byAge.text)\(byAge.errors)")
        #expect(try server.logFolders() == Array(logs[1...]))
        let line = try String(contentsOf: owners, encoding: .utf8)
        #expect(line.contains("level=INFO msg=\"an old log was removed\" log="), "\(line)")
        #expect(line.contains("why=\"older than 30 days\""), "\(line)")

        let sizes = try server.blackbox(["tidy", "--no-archive", "--keep-size", "1KB", "--json"])
        #expect(sizes.code == 0, "\(sizes.errors)")
        #expect(try server.logFolders().isEmpty)
        let order = logs[1...].compactMap { log in
            sizes.text.range(of: log.lastPathComponent)?.lowerBound
        }
        #expect(order.count == 3 && order == order.sorted())
    }

    @Test func aFullDiskTakesExportedLogsOnly() throws {
        let server = try server(missions: 2)
        let logs = try server.logFolders()
        // As an upload that has come half way would leave it.
        try Data("blackbox cursor 1 0 0 0\n".utf8).write(
            to: logs[0].appending(path: "upload.cursor"))
        let ran = try server.blackbox(["tidy", "--keep-days", "0", "--min-free", "1000TB"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try server.logFolders() == [logs[0]])
        #expect(ran.errors.contains("an old log stays"), "\(ran.errors)")
        #expect(ran.errors.contains("missing: upload"), "\(ran.errors)")
    }

    @Test func aLogThatAnOutputHasNotGotIsNeitherPackedNorRemoved() throws {
        let server = try server(missions: 2)
        let logs = try server.logFolders()
        let before = try logs.map(names)
        let arguments = ["tidy", "--need", "sqlite", "--keep-days", "1", "--keep-size", "1KB"]
        let kept = try server.blackbox(arguments)
        #expect(kept.code == 0, "\(kept.errors)")
        #expect(try logs.map(names) == before)
        #expect(kept.errors.contains("missing: sqlite"), "\(kept.errors)")
        // The database gets it, and the way is free.
        let exported = try server.blackbox(["compact", "--sqlite", server.root.path + "/b.db"])
        #expect(exported.code == 0, "\(exported.errors)")
        try server.blackbox(arguments)
        #expect(try server.logFolders().isEmpty)
    }

    @Test func aLogThatNobodyLookedAfterStays() throws {
        let server = try Server(configuration: #"{"blackbox": {"autorun": false}}"#)
        let mission = try server.mission(mission)
        let played = try server.play(mission.stream, ["--kill-after", "50", "--quiet"])
        #expect(played.code == 137)
        let log = try #require(try server.logFolders().first)
        try age(log, days: 400)
        let ran = try server.blackbox(["tidy", "--min-free", "0"])
        #expect(ran.code == 0 && ran.errors.contains("run: blackbox recover"), "\(ran.errors)")
        #expect(try server.logFolders() == [log])
    }

    @Test func theLogOfARunningServerStays() throws {
        let server = try Server(
            configuration: #"{"blackbox": {"retentionGB": 0.00001, "minFreeGB": 0}}"#)
        let mission = try server.mission(mission)
        try server.play(mission.stream, ["--wait-saved", "--quiet"])
        let first = try #require(try server.logFolders().first)
        let stream = try server.stream([":SYS:INIT:", "@sleep 2000"])
        try waitUntil("the first log is removed", limitSeconds: 240) {
            try server.play(stream, ["--fps", "50", "--quiet"])
            return try !server.logFolders().contains(first)
        }
        #expect(try !server.logFolders().isEmpty)
        #expect(try ownersLog(server).contains("why=\"the logs take more than"))
    }

    /// What is packed late does not stay longer than what was packed at once.
    @Test func aPackedLogIsAsOldAsBefore() throws {
        let server = try server(missions: 2)
        let logs = try server.logFolders()
        try age(logs[0], days: 20)
        try age(logs[1], days: 29)
        try #require(try server.blackbox(["archive", logs[1].path, "--remove"]).code == 0)
        try #require(try server.blackbox(["archive", logs[0].path, "--remove"]).code == 0)
        let ran = try server.blackbox(["tidy", "--keep-days", "25"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try server.logFolders() == [logs[0]])
    }

    @Test func aDryRunWritesNothing() throws {
        let server = try server(missions: 1)
        let before = try names(server.logs)
        #expect(try server.blackbox(["tidy", "--dry-run", "--keep-size", "1KB"]).code == 0)
        #expect(try names(server.logs) == before)
    }

    @Test func aLinkToALogElsewhereIsLeftAloneAndToldAndDoesNotStopTheRest() throws {
        let server = try server(missions: 2)
        let logs = try server.logFolders()
        let elsewhere = server.root.appending(path: logs[0].lastPathComponent)
        try FileManager.default.moveItem(at: logs[0], to: elsewhere)
        let before = try names(elsewhere)
        let link = URL(filePath: server.logs.path + "/" + logs[0].lastPathComponent)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: elsewhere)
        // And one that an earlier version left half way.
        let leaving = URL(filePath: server.logs.path + "/.removing-20250101T000000Z-1")
        try FileManager.default.createSymbolicLink(at: leaving, withDestinationURL: elsewhere)
        let ran = try server.blackbox(["tidy", "--keep-size", "1KB"])
        #expect(ran.code == 0, "\(ran.text)\(ran.errors)")
        #expect(try names(elsewhere) == before)
        #expect(try names(server.logs) == [".tidy.lock", link.lastPathComponent])
        let told = ran.errors.split(separator: "\n").filter { $0.contains("a link is left alone") }
        #expect(told.count == 1, "\(ran.errors)")
    }

    @Test func whatTheOwnerPutIntoALogsFolderStays() throws {
        let server = try server(missions: 2)
        let log = try server.logFolders()[0]
        let other = server.root.appending(path: "other", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: other.appending(path: "precious"))
        try Data("who won".utf8).write(to: log.appending(path: "notes.txt"))
        try FileManager.default.createSymbolicLink(
            at: log.appending(path: "link"), withDestinationURL: other)
        let ran = try server.blackbox(["tidy", "--keep-size", "1KB"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(ran.errors.contains("stay in its folder"), "\(ran.errors)")
        #expect(try names(server.logs) == [".tidy.lock", log.lastPathComponent])
        #expect(try names(log) == ["link", "notes.txt"])
        #expect(try names(other) == ["precious"])
        // And it is nobody's business from then on.
        let again = try server.blackbox(["tidy", "--keep-size", "1KB"])
        #expect(again.code == 0 && again.errors.isEmpty, "\(again.errors)")
    }

    @Test func wrongUsageIsNamed() throws {
        let server = try Server(compactor: false)
        for arguments in [["tidy", "nowhere"], ["tidy", "--keep-size", "20"], ["tidy"]] {
            let ran = try server.blackbox(arguments)
            #expect(ran.code == 2, "\(arguments): \(ran.errors)")
            #expect(!ran.errors.isEmpty)
        }
    }
}
