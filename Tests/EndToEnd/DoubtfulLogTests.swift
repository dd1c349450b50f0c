// Logs that can't be read, or are damaged: no command may say "nothing here" and be done, and nothing
// that was made when the log was whole may be lost for it.

import Foundation
import GRDB
import Glibc
import Testing

/// What a report says of the logs.
private struct Report: Decodable {
    let status: String
    let path: String
    let error: String
    let longerKept: String?
    let damaged: Bool
    let missingRecords: Int
    let lostCalls: Int
    let missing: [Stretch]

    struct Stretch: Decodable {
        let log: String
        let first: Int
        let last: Int
    }
}

/// What can be wrong with a file as a whole.
enum Illness: CaseIterable {
    case permission, foreign, empty

    /// What the message must say.
    var words: String {
        switch self {
        case .permission: "permission denied; run this as a user who may read it"
        case .foreign: "not a segment of a log"
        case .empty: "nothing can be read, the file is empty"
        }
    }

    func strike(_ file: URL) throws {
        switch self {
        case .permission: chmod(file.path, 0)
        case .foreign:
            chmod(file.path, 0o644)
            try Data(repeating: 0x2E, count: 9_000).write(to: file)
        case .empty:
            chmod(file.path, 0o644)
            try Data().write(to: file)
        }
    }
}

@Suite(.needsBuild) struct DoubtfulLogTests {
    /// A server that has played a mission and closed its log.
    private func played(recordings: Int = 1) throws -> (server: Server, log: URL) {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "5", "--minutes", "1", "--units", "20", "--recordings", "\(recordings)",
        ])
        let played = try server.play(mission.stream, ["--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        return (server, try #require(try server.logFolders().first))
    }

    private func damage(_ log: URL) throws {
        let file = log.appending(path: "000001.seg")
        chmod(file.path, 0o644)
        var bytes = try Data(contentsOf: file)
        let middle = bytes.count / 2
        for index in middle..<middle + 2_000 { bytes[index] ^= 0x55 }
        try bytes.write(to: file)
    }

    private func report(_ server: Server, _ name: String) throws -> Report {
        let data = try Data(contentsOf: server.folder.appending(path: name))
        return try JSONDecoder().decode(Report.self, from: data)
    }

    @Test(
        arguments: Illness.allCases,
        [["compact", "--json", "out"], ["dump"], ["stats"], ["server-log"]])
    func aFileThatCantBeReadIsNamedAndTheCommandFails(
        illness: Illness, command: [String]
    ) throws {
        let (server, log) = try played()
        let segment = log.appending(path: "000001.seg")
        try illness.strike(segment)
        // In its folder, and by itself.
        for path in [log.path, segment.path] {
            let ran = try server.blackboxAsNobody(command + [path])
            #expect(ran.code == 1, "\(path): \(ran.text)\(ran.errors)")
            #expect(ran.errors.contains(segment.lastPathComponent), "\(ran.errors)")
            #expect(ran.errors.contains(illness.words), "\(ran.errors)")
        }
    }

    @Test(arguments: Illness.allCases)
    func verifyAndRecoverAndArchiveNameItToo(illness: Illness) throws {
        let (server, log) = try played()
        let segment = log.appending(path: "000001.seg")
        try illness.strike(segment)
        let verified = try server.blackboxAsNobody(["verify", log.path])
        #expect(verified.code == (illness == .foreign ? 12 : 11), "\(verified.text)")
        #expect((verified.text + verified.errors).contains("000001.seg") || illness == .empty)
        // Alone it stands for itself.
        let alone = try server.blackboxAsNobody(["verify", segment.path])
        #expect(alone.code == verified.code, "\(alone.text)")
        #expect(!alone.text.contains("clean"))
        // Recovery takes the log's lock, and notes how far it has come.
        chmod(log.path, 0o777)
        chmod(log.appending(path: "lock").path, 0o666)
        let recovered = try server.blackboxAsNobody(["recover", log.path, "--json", "out"])
        #expect(recovered.code == verified.code, "\(recovered.text)\(recovered.errors)")
        #expect(recovered.errors.contains(illness.words), "\(recovered.errors)")
        if illness == .permission {
            let archived = try server.blackboxAsNobody(["archive", log.path])
            #expect(archived.code == 1)
            #expect(archived.errors.contains(illness.words), "\(archived.errors)")
            // Nothing is noted as done: once the file can be read, everything is made.
            chmod(segment.path, 0o644)
            let again = try server.blackboxAsNobody(
                ["recover", log.path, "--json", "out", "--background"])
            #expect(again.code == 0, "\(again.errors)")
            let made = try FileManager.default.contentsOfDirectory(
                atPath: server.folder.appending(path: "out").path)
            #expect(made.contains { $0.hasSuffix(".json.gz") })
        }
    }

    @Test func aLogsFolderThatCantBeReadDoesNotStopTheOthers() throws {
        let (server, log) = try played()
        let hidden = server.logs.appending(path: "20200101T000000Z-1")
        try FileManager.default.copyItem(at: log, to: hidden)
        chmod(hidden.path, 0)
        defer { chmod(hidden.path, 0o755) }
        let ran = try server.blackboxAsNobody(
            ["compact", server.logs.path, "--json", "out", "--report", "r"])
        #expect(ran.code == 1)
        #expect(ran.errors.contains("can't read the folder \(hidden.path): permission denied"))
        #expect(ran.text.contains("recording 1:"), "the other log is written: \(ran.text)")
        #expect(try report(server, "r").status == "error")
    }

    @Test func damageIsSaidWithTheMissingRecordsAndStandsInTheReport() throws {
        let (server, log) = try played()
        try damage(log)
        let out = server.recordings.path
        let ran = try server.blackbox(["compact", log.path, "--json", out, "--report", "r", "-q"])
        #expect(ran.code == 0, "what could be read is written: \(ran.errors)")
        #expect(ran.errors.contains("damaged in "), "\(ran.errors)")
        #expect(ran.errors.contains("missing: record"), "\(ran.errors)")
        let report = try report(server, "r")
        #expect(report.status == "ok")
        #expect(report.damaged)
        #expect(report.missingRecords > 0)
        #expect(
            report.missing.reduce(0) { $0 + $1.last - $1.first + 1 } == report.missingRecords)
        #expect(report.missing.allSatisfy { $0.log == log.path })
        let stats = try server.blackbox(["stats", log.path, "--json"])
        #expect(stats.code == 0)
        #expect(stats.text.contains(#""damaged":true,"missingRecords":\#(report.missingRecords),"#))
        #expect(try server.blackbox(["dump", log.path]).errors.contains("missing: record"))
    }

    @Test func lossesAreSaidAndStandInTheReport() throws {
        let server = try Server(
            configuration: #"{"blackbox": {"segmentMiB": 4}}"#, compactor: false)
        let long = String(repeating: "x", count: 6 << 20)
        try server.play(try server.stream([":SYS:VERSION:", ":X:\t" + long, ":SYS:VERSION:"]))
        let log = try #require(try server.logFolders().first)
        let ran = try server.blackbox(["compact", log.path, "--json", "out", "--report", "r"])
        #expect(ran.code == 0)
        #expect(ran.errors.contains("1 call could not be kept"), "\(ran.errors)")
        let report = try report(server, "r")
        #expect(report.lostCalls == 1)
        #expect(!report.damaged)
        // Also when the log lies in archives alone.
        #expect(try server.blackbox(["archive", log.path, "--remove"]).code == 0)
        let again = try server.blackbox(["compact", log.path, "--json", "out", "--report", "r"])
        #expect(again.errors.contains("1 call could not be kept"), "\(again.errors)")
        let verified = try server.blackbox(["verify", log.path])
        #expect(verified.code == 0 && verified.text.contains("  lost: "), "\(verified.text)")
    }

    @Test func aWholeLogIsSaidToBeNothingElse() throws {
        let (server, log) = try played()
        let ran = try server.blackbox(["compact", log.path, "--json", "out", "--report", "r"])
        #expect(ran.code == 0)
        #expect(ran.errors.isEmpty, "\(ran.errors)")
        let report = try report(server, "r")
        #expect(!report.damaged && report.missingRecords == 0 && report.lostCalls == 0)
    }

    @Test func whatAWholeLogGaveIsNotLostToADamagedOne() throws {
        let (server, log) = try played()
        let database = server.recordings.appending(path: "blackbox.db")
        let outputs = ["--json", server.recordings.path, "--sqlite", database.path]
        let first = try server.blackbox(["compact", log.path] + outputs)
        try #require(first.code == 0, "\(first.errors)")
        let replay = try #require(try server.replays().first)
        let whole = try Data(contentsOf: replay)
        let calls = try sqliteCalls(database)
        try cutInHalf(log)
        let second = try server.blackbox(["compact", log.path, "--report", "r"] + outputs)
        #expect(second.code == 0, "\(second.errors)")
        // The save is gone with the end, so the shorter one has another time in its name.
        let kept = URL(filePath: replay.path + ".longer")
        #expect(try Data(contentsOf: kept) == whole)
        #expect(second.errors.contains("the longer one is kept as \(kept.path)"))
        #expect(try report(server, "r").longerKept == kept.path)
        #expect(second.errors.contains("keeps recording 1 with "), "\(second.errors)")
        #expect(try sqliteCalls(database) == calls)
        // And again: what is kept stays the longest.
        #expect(try server.blackbox(["compact", log.path] + outputs).code == 0)
        #expect(try Data(contentsOf: kept) == whole)
    }

    @Test func whatTwoWholeLogsGaveTogetherIsNotLostToADamagedOne() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "5", "--minutes", "1", "--units", "20", "--recordings", "1",
        ])
        try server.play(mission.stream, ["--quiet", "--kill-after", "1500"])
        try server.play(mission.stream, ["--quiet"])
        let database = server.recordings.appending(path: "blackbox.db")
        let arguments = ["compact", server.logs.path, "--join", "--sqlite", database.path]
        let first = try server.blackbox(arguments)
        try #require(first.code == 0, "\(first.errors)")
        let calls = try sqliteCalls(database)
        try cutInHalf(try #require(try server.logFolders().last))
        let second = try server.blackbox(arguments)
        #expect(second.code == 0, "both parts are in the longer one: \(second.errors)")
        #expect(second.errors.contains("keeps recording 1 with "), "\(second.errors)")
        #expect(try sqliteCalls(database) == calls)
    }

    private func sqliteCalls(_ database: URL) throws -> Int {
        try MissionRows(database).callCount()
    }

    @Test func anOutputThatCantBeWrittenIsSaidOnce() throws {
        let (server, log) = try played(recordings: 3)
        try Data().write(to: server.folder.appending(path: "file"))
        let ran = try server.blackbox(["compact", log.path, "--json", "file/out"])
        #expect(ran.code == 1)
        let said = ran.errors.split(separator: "\n").filter { $0.contains("file") }
        #expect(said.count == 1, "\(ran.errors)")
        #expect(ran.errors.contains("something of that name stands there already"), "\(ran.errors)")
    }

    @Test(arguments: ["--json", "--sqlite", "--report"])
    func anEmptyNameOfAnOutputIsWrongUsage(option: String) throws {
        let server = try Server(compactor: false)
        for command in ["compact", "recover"] {
            let ran = try server.blackbox([command, ".", "--json", "out", option, ""])
            #expect(ran.code == 2, "\(ran.errors)")
            #expect(ran.errors.contains(option), "\(ran.errors)")
        }
    }

    @Test func figuresOfAFileWithoutRecordingsAreRefusedAndNothingIsMadeInIt() throws {
        let server = try Server(compactor: false)
        let folder = server.folder
        try Data().write(to: folder.appending(path: "empty.db"))
        let emptied = try DatabaseQueue(path: folder.appending(path: "emptied.db").path)
        try emptied.write { try $0.execute(sql: "CREATE TABLE x (a); DROP TABLE x") }
        try emptied.close()
        let foreign = try DatabaseQueue(path: folder.appending(path: "foreign.db").path)
        try foreign.write { try $0.execute(sql: "CREATE TABLE x (a)") }
        try foreign.close()
        for (name, words) in [
            ("empty.db", "empty.db is empty: neither a database of recordings"),
            ("emptied.db", "no recording was written into it"),
            ("foreign.db", "of another program (it has a table \"x\")"),
        ] {
            let file = folder.appending(path: name)
            let before = try Data(contentsOf: file)
            let ran = try server.blackbox(["stats", file.path])
            #expect(ran.code == 1)
            #expect(ran.errors.contains(words), "\(ran.errors)")
            #expect(try Data(contentsOf: file) == before)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["emptied.db", "empty.db", "foreign.db"])
    }

    @Test func recoverNamesThePlaceWhereItFoundNoLog() throws {
        let server = try Server(compactor: false)
        let empty = server.folder.appending(path: "empty", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        let ran = try server.blackbox(["recover", empty.path])
        #expect(ran.code == 0)
        #expect(ran.text == "\(empty.path): no log there, nothing to recover\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.path).isEmpty)
    }
}
