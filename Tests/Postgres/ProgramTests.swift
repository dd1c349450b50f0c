// blackbox-pg from outside: recordings of logs into a real server, and everything that can go wrong.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

@Suite(.needsPrograms) struct ProgramTests {
    private static let small = ["--minutes", "1", "--units", "20", "--recordings", "1"]

    /// What a recording's tables must hold.
    private func expect(
        _ database: TestDatabase, mission: Int, _ wanted: GeneratedSummary.Recording,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let counts = try database.rows(
            """
            SELECT (SELECT COUNT(*) FROM soldier_states WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM vehicle_states WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM projectile_events WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM kill_events WHERE mission_id = m.id),
                (SELECT COUNT(*) FROM markers WHERE mission_id = m.id), end_reason
            FROM missions m WHERE id = \(mission)
            """)
        #expect(
            counts == [
                "\(wanted.unitStates)|\(wanted.vehicleStates)|\(wanted.projectiles)|"
                    + "\(wanted.kills)|\(wanted.markers)|saved"
            ], sourceLocation: location)
    }

    @Test(.needsRealMissions, arguments: ["malden-random-tiny", "takistan-lalezar"])
    func aRealMissionsRowsAreThoseOfItsSummary(name: String) throws {
        let wanted = try RealMissions.summary(name)
        let server = try Server()
        let played = try server.play(RealMissions.stream(name), ["--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let database = try TestDatabase()
        let arguments = [
            "compact", server.logs.path, "--strict", "--postgres", database.conninfo, "--report",
            "-",
        ]
        let ran = try server.blackboxPG(arguments + ["--quiet"])
        try #require(ran.code == 0, "\(ran.errors)")
        #expect(ran.text.contains(#""status":"ok""#))
        func number(_ sql: String) throws -> Int {
            Int(try database.rows(sql).first ?? "") ?? -1
        }
        func check() throws {
            #expect(try number("SELECT COUNT(*) FROM missions") == 1)
            #expect(try number("SELECT last_frame - 1 FROM missions") == wanted.endFrame)
            #expect(
                try database.rows("SELECT mission_name FROM missions") == [wanted.missionName])
            #expect(try database.rows("SELECT world_name FROM worlds") == [wanted.worldName])
            #expect(try number("SELECT COUNT(*) FROM soldiers") == wanted.units)
            #expect(
                try number("SELECT COUNT(*) FROM soldiers WHERE was_player") == wanted.players)
            #expect(try number("SELECT COUNT(*) FROM vehicles") == wanted.vehicles)
            #expect(try number("SELECT COUNT(*) FROM vehicle_states") == wanted.vehicleStates)
            #expect(
                try number(
                    """
                    SELECT COUNT(*) FROM projectile_events
                    WHERE simulation_type = 'shotBullet' AND length(positions) > 9
                    """) == wanted.framesFired)
            #expect(
                try number(
                    "SELECT (SELECT COUNT(*) FROM markers) + (SELECT COUNT(*) FROM placed_objects)")
                    == wanted.markers)
            #expect(try number("SELECT COUNT(*) FROM time_states") == wanted.times)
            #expect(
                try database.rows(
                    """
                    SELECT name, COUNT(*) FROM (
                        SELECT name FROM general_events
                        UNION ALL SELECT 'killed' FROM kill_events
                        UNION ALL SELECT 'hit' FROM projectile_hits_soldiers
                        UNION ALL SELECT 'hit' FROM projectile_hits_vehicles
                        UNION ALL SELECT 'hit' FROM placed_object_events WHERE event_type = 'hit'
                    ) e GROUP BY name ORDER BY name COLLATE "C"
                    """) == wanted.events.map { "\($0.key)|\($0.value)" }.sorted())
        }
        try check()
        // Again: the same rows, no others.
        try #require(try server.blackboxPG(arguments + ["--quiet"]).code == 0)
        try check()
    }

    @Test func aServersOwnEventsComeWithAndWithoutAMission() throws {
        let server = try Server()
        try server.play(
            server.stream([
                "gate:request\t\"151\"\t0", "sev:connected\t\"151\"",
                "sev:hacked\t151343e4\t\"a.pbo\"",
            ]), ["--quiet"])
        let database = try TestDatabase()
        for _ in 0..<2 {
            let ran = try server.blackboxPG(
                ["compact", server.logs.path, "--postgres", database.conninfo, "--quiet"])
            try #require(ran.code == 0, "\(ran.errors)")
            #expect(
                try database.rows(
                    "SELECT sequence > 0, event, user_id, is_exact_id FROM server_events ORDER BY sequence"
                )
                    == ["t|connected|151|t", "t|hacked|151343e4|f"])
            #expect(
                try database.rows("SELECT user_id, result, decided_by FROM gate_decisions")
                    == ["151|accept|no_listener"])
        }
    }

    @Test func aServerThatDiesInTheMiddleGetsTheWholeRecordingLaterOrNothing() throws {
        let server = try Server()
        let (log, summary) = try server.record(Self.small)
        let postgres = try PostgresServer()
        let database = try TestDatabase(postgres)
        _ = try database.open()
        // Every compaction waits for the test when all its rows but the scoreboard's are written.
        _ = try database.rows(
            """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_advisory_xact_lock(5); RETURN NULL; END $$;
            CREATE TRIGGER wait BEFORE INSERT ON player_scores EXECUTE FUNCTION wait()
            """)
        for patience in ["0", "120"] {
            let holder = try PostgresConnection(database.settings)
            try holder.execute("SELECT pg_advisory_lock(5)", operation: "test")
            let result = Outcome<Ran>()
            let thread = Thread {
                result.set(
                    Swift.Result {
                        try server.blackboxPG([
                            "compact", log.path, "--postgres", database.conninfo, "--retry",
                            patience,
                        ])
                    })
            }
            thread.start()
            try waitUntil("the compaction is about to complete") {
                try holder.execute(
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'advisory'",
                    operation: "test"
                ).number == 1
            }
            postgres.crash()
            if patience == "0" {
                let ran = try result.wait()
                #expect(ran.code == 1)
                #expect(ran.errors.contains("broke"), "\(ran.errors)")
                try postgres.start()
                #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["0"])
                #expect(try database.rows("SELECT COUNT(*) FROM soldier_states") == ["0"])
            } else {
                try postgres.start()
                let ran = try result.wait()
                #expect(ran.code == 0, "\(ran.errors)")
                #expect(ran.errors.contains("Again in"), "\(ran.errors)")
            }
        }
        let wanted = try #require(summary.recordings.first)
        let mission = try #require(Int(try database.rows("SELECT id FROM missions")[0]))
        try expect(database, mission: mission, wanted)
        #expect(try server.blackbox(["verify", log.path]).code == 0)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "no file system can be mounted here"))
    func aFullDiskLeavesNothingAndIsNamed() throws {
        let server = try Server()
        let (log, summary) = try server.record(Self.small)
        let disk = try SmallDisk(megabytes: 120)
        let postgres = try PostgresServer(data: disk.folder)
        let database = try TestDatabase(postgres)
        _ = try database.open()
        try disk.fill(leavingKilobytes: 200)
        let arguments = ["compact", log.path, "--postgres", database.conninfo, "--retry", "0"]
        let ran = try server.blackboxPG(arguments)
        #expect(ran.code == 1)
        #expect(ran.errors.contains("run out of room"), "\(ran.errors)")
        try disk.free()
        // The server itself may have gone down with the disk and be on its way back.
        try waitUntil("the server is there") { (try? database.rows("SELECT 1")) == ["1"] }
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["0"])
        let again = try server.blackboxPG(arguments)
        #expect(again.code == 0, "\(again.errors)")
        let mission = try #require(Int(try database.rows("SELECT id FROM missions")[0]))
        try expect(database, mission: mission, try #require(summary.recordings.first))
    }

    @Test func eightCompactionsAtOnceWithReadersLoseNothing() throws {
        let server = try Server()
        let (stream, summary) = try server.mission(Self.small)
        for _ in 0..<8 {
            let played = try server.play(stream, ["--quiet"])
            try #require(played.code == 0, "\(played.errors)")
        }
        let logs = try server.logFolders()
        try #require(logs.count == 8)
        let database = try TestDatabase()
        let failures = OpeningTests.Failures()
        let isOver = Flag()
        let readers = DispatchGroup()
        for view in ["scoreboard", "kill_feed", "weapon_stats"] {
            DispatchQueue.global().async(group: readers) {
                while !isOver.isSet {
                    // Before the tables are made there is nothing to read.
                    guard (try? database.rows("SELECT to_regclass('scoreboard')")) == ["scoreboard"]
                    else { continue }
                    do { _ = try database.rows("SELECT COUNT(*) FROM \(view)") } catch {
                        failures.add("\(error)")
                    }
                }
            }
        }
        // Two of the logs twice: the same recording at the same time.
        DispatchQueue.concurrentPerform(iterations: 10) { worker in
            do {
                let ran = try server.blackboxPG([
                    "compact", logs[worker % 8].path, "--postgres", database.conninfo, "--quiet",
                ])
                if ran.code != 0 || !ran.errors.isEmpty { failures.add(ran.errors) }
            } catch { failures.add("\(error)") }
        }
        isOver.set()
        readers.wait()
        #expect(failures.all == [])
        let missions = try database.rows("SELECT id FROM missions").compactMap { Int($0) }
        #expect(missions.count == 8)
        let wanted = try #require(summary.recordings.first)
        for mission in missions { try expect(database, mission: mission, wanted) }
        #expect(
            try database.rows(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                == ["0"])
    }

    @Test func aMachineWithoutLibpqIsToldWhatToInstall() throws {
        let server = try Server()
        // As the loader finds it: a file that is no library hides the machine's own.
        let folder = server.root.appending(path: "libraries")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: folder.appending(path: "libpq.so.5"))
        let ran = try server.blackboxPG(
            ["stats", "--postgres", ""], environment: ["LD_LIBRARY_PATH": folder.path])
        #expect(ran.code == 1)
        #expect(ran.errors.contains("libpq") && ran.errors.contains("apt install libpq5"))
        #expect(try server.blackboxPG(["--help"]).code == 0)
    }

    // MARK: Through the plug-in

    private func configuration(_ database: TestDatabase, name: String? = nil) -> String {
        """
        {"storage": {"type": "postgres"},
         "db": {"host": "\(database.server.folder)", "username": "postgres",
                "database": "\(name ?? database.name)"}}
        """
    }

    /// To the letter: with the program and the database there, without the one, without the other.
    @Test(arguments: ["ok", "partial", "error"])
    func theAddonIsToldWhatBecameOfASave(status: String) throws {
        let database = try TestDatabase()
        let server = try Server(
            configuration: configuration(database, name: status == "error" ? "nowhere" : nil))
        try server.installPrograms(postgres: status != "partial")
        let (stream, summary) = try server.mission(Self.small)
        let played = try server.play(stream, ["--wait-saved"])
        try #require(played.code == 0, "\(played.errors)")
        let folder = try #require(try server.logFolders().first)
        let log = "./blackbox-logs/" + folder.lastPathComponent
        let postgres = database.server.folder
        let told =
            switch status {
            case "ok": #"["ok",""]"#
            case "partial":
                #"["partial","\#(log)","blackbox-pg is not beside blackbox; the recording is kept in the log, "#
                    + "run: blackbox-pg compact \(log) --recording 1 "
                    + #"--config \#(server.mod.path)/ocap_recorder.cfg.json"]"#
            default:
                #"["error","PostgreSQL at \#(postgres) (port 5432), database nowhere refuses the "#
                    + "connection (connection to server on socket "
                    + #"""\#(postgres)/.s.PGSQL.5432"" failed: FATAL: "#
                    + #"database ""nowhere"" does not exist). Check user, password and database "#
                    + "(--postgres, db.username, db.password, db.database) and the server''s "
                    + #"pg_hba.conf."]"#
            }
        let mark = "callback ocap_recorder :MISSION:SAVED: "
        let saved = played.lines.filter { $0.hasPrefix(mark) }.map(String.init)
        #expect(saved == [mark + told])
        guard status == "ok" else { return }
        try expect(database, mission: 1, try #require(summary.recordings.first))
    }

    @Test func whatACrashLeftReachesPostgresAtTheNextStart() throws {
        let database = try TestDatabase()
        let server = try Server(configuration: configuration(database))
        try server.installPrograms()
        let (stream, _) = try server.mission(Self.small)
        _ = try server.play(stream, ["--quiet", "--kill-after", "1000"])
        _ = try server.play(try server.stream(["@sleep 100"]), ["--quiet"])
        try waitUntil("the recording is in the database") {
            (try? database.rows("SELECT end_reason FROM missions")) == ["log_ended"]
        }
    }
}

/// The result of another thread's work.
final class Outcome<Value>: @unchecked Sendable {  // guarded by the semaphore
    private var result: Swift.Result<Value, any Error>?
    private let ready = DispatchSemaphore(value: 0)
    func set(_ result: Swift.Result<Value, any Error>) {
        self.result = result
        ready.signal()
    }
    func wait() throws -> Value {
        guard ready.wait(timeout: .now() + 240) == .success, let result else {
            throw TestFailure("no result")
        }
        return try result.get()
    }
}

/// Set once, by any thread.
final class Flag: @unchecked Sendable {  // guarded by `lock`
    private let lock = NSLock()
    private var value = false
    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
}

/// A file system of a few megabytes.
final class SmallDisk {
    let folder: String
    private var junk: String { folder + "/junk" }

    static let isPossible: Bool = {
        guard getuid() == 0, PostgresServer.programs != nil else { return false }
        return (try? SmallDisk(megabytes: 1)) != nil
    }()

    init(megabytes: Int) throws {
        folder = "/tmp/blackbox-disk-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        guard mount("tmpfs", folder, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
            try FileManager.default.removeItem(atPath: folder)
            throw TestFailure("mount: error \(errno)")
        }
    }

    deinit {
        umount2(folder, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: folder)
    }

    func fill(leavingKilobytes left: Int) throws {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else { throw TestFailure("statvfs") }
        let bytes = Int(information.f_bavail) * Int(information.f_frsize) - left * 1024
        try Data(count: max(0, bytes)).write(to: URL(filePath: junk))
    }

    func free() throws { try FileManager.default.removeItem(atPath: junk) }
}
