// The missions of ../shared/data, where that folder exists, from their calls to the tables' counts.

import Foundation
import Mission
import Testing
import Values
import WAL

@testable import Compactor

/// The folder with the real missions; nil when it isn't there.
private let sharedData: URL? = {
    let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
        ProcessInfo.processInfo.environment["BLACKBOX_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? package.deletingLastPathComponent().appendingPathComponent("shared")
    let data = shared.appendingPathComponent("data")
    return FileManager.default.fileExists(atPath: data.path) ? data : nil
}()

/// The figures that the exported replay shows.
private struct Summary: Decodable {
    var calls: Int
    var callsByCommand: [String: Int]
    var worldName: String
    var missionName: String
    var captureDelay: Double
    var endFrame: Int
    var units: Int
    var players: Int
    var vehicles: Int
    var vehicleStates: Int
    var framesFired: Int
    var unitSides: [String: Int]
    var events: [String: Int]
    var markers: Int
    var markerPositions: Int
    var times: Int
}

private let missions = [
    "malden-random-tiny", "celle-nefertiti", "lythium-zerkalo", "takistan-lalezar",
]

@Suite(.enabled(if: sharedData != nil, "there is no folder ../shared/data"))
struct RealMissionTests {
    // The largest one only once: without optimisation its decoding takes a while.
    @Test(
        arguments: missions.map { ($0, Mode.strict) } + missions.prefix(3).map { ($0, .standard) })
    func aRealMissionGivesTheCountsOfItsSummary(name: String, mode: Mode) throws {
        let data = try #require(sharedData)
        let summary = try JSONDecoder().decode(
            Summary.self,
            from: Data(contentsOf: data.appendingPathComponent(name + ".summary.json")))
        let folder = try TemporaryFolder()
        try compact(name, data, mode, folder.database)
        func number(_ sql: String) throws -> Int {
            Int(try rows(folder.database, sql).first ?? "") ?? -1
        }
        #expect(
            try rows(
                folder.database,
                """
                SELECT m.mission_name, w.world_name, m.capture_delay, m.last_frame - 1, m.end_reason,
                    m.rejected_count, m.orphan_count, m.is_strict
                FROM missions m JOIN worlds w ON w.id = m.world_id
                """) == [
                    "\(summary.missionName)|\(summary.worldName)|\(summary.captureDelay)|"
                        + "\(summary.endFrame)|saved|0|0|\(mode == .strict ? 1 : 0)"
                ])
        #expect(try number("SELECT COUNT(*) FROM soldiers") == summary.units)
        #expect(
            try number("SELECT COUNT(*) FROM soldier_states")
                == summary.callsByCommand[":SOLDIER:STATE:"])
        #expect(try number("SELECT COUNT(*) FROM soldiers WHERE was_player") == summary.players)
        let sides = summary.unitSides.map { "\($0.key)|\($0.value)" }.sorted()
        #expect(
            try rows(
                folder.database, "SELECT side, COUNT(*) FROM soldiers GROUP BY side ORDER BY 1")
                == sides)
        #expect(try number("SELECT COUNT(*) FROM vehicles") == summary.vehicles)
        #expect(try number("SELECT COUNT(*) FROM vehicle_states") == summary.vehicleStates)
        #expect(
            try number(
                """
                SELECT COUNT(*) FROM projectile_events
                WHERE simulation_type = 'shotBullet' AND length(positions) > 9
                """) == summary.framesFired)
        #expect(
            try number(
                "SELECT (SELECT COUNT(*) FROM markers) + (SELECT COUNT(*) FROM placed_objects)")
                == summary.markers)
        #expect(
            try number(
                """
                SELECT (SELECT COUNT(*) FROM markers) + (SELECT COUNT(*) FROM placed_objects)
                    + (SELECT COUNT(*) FROM marker_states WHERE NOT is_deleted)
                """) == summary.markerPositions)
        #expect(
            try rows(
                folder.database,
                """
                SELECT name, COUNT(*) FROM (
                    SELECT name FROM general_events
                    UNION ALL SELECT 'killed' FROM kill_events
                    UNION ALL SELECT 'hit' FROM projectile_hits_soldiers
                    UNION ALL SELECT 'hit' FROM projectile_hits_vehicles
                    UNION ALL SELECT 'hit' FROM placed_object_events WHERE event_type = 'hit'
                ) GROUP BY name ORDER BY name
                """) == summary.events.map { "\($0.key)|\($0.value)" }.sorted())
        #expect(try number("SELECT COUNT(*) FROM time_states") == summary.times)
        #expect(
            try number("SELECT COUNT(*) FROM telemetry_frames")
                == summary.callsByCommand[":TELEMETRY:FRAME:"] ?? 0)
        #expect(try rows(folder.database, "PRAGMA foreign_key_check") == [])
        try checkViews(folder.database)
    }

    /// Views answer for a real mission, and agree with the tables.
    private func checkViews(_ path: String) throws {
        for view in View.all {
            _ = try rows(path, "SELECT * FROM \"\(view.name)\" LIMIT 3")
        }
        #expect(
            try rows(path, "SELECT SUM(shots) FROM weapon_stats")
                == rows(path, "SELECT COUNT(*) FROM projectile_events"))
        #expect(
            try rows(path, "SELECT COUNT(*) FROM kill_feed")
                == rows(path, "SELECT COUNT(*) FROM kill_events"))
        #expect(
            try rows(path, "SELECT COUNT(*) FROM position_at WHERE from_frame > until_frame") == [
                "0"
            ])
        #expect(
            try rows(path, "SELECT COUNT(*) FROM player_sessions WHERE end_frame < start_frame")
                == ["0"])
        #expect(try rows(path, "SELECT COUNT(*) FROM vehicle_use WHERE seconds < 0") == ["0"])
    }
}

/// Writes a stream file's calls into a database.
private func compact(_ name: String, _ data: URL, _ mode: Mode, _ path: String) throws {
    var source = try CallList(data.appendingPathComponent(name + ".tsv.gz"))
    let index = RecordingIndex.build(from: &source)
    #expect(index.recordings.count == 1)
    var rejects = Rejects()
    var sink = try SQLiteSink(path: path)
    for span in index.recordings {
        try index.read(
            span, from: &source,
            origin: RecordingOrigin(
                logID: Array(repeating: 7, count: 16), extensionVersion: "v9", utcOffsetSeconds: 0),
            mode: mode, into: &sink, rejects: &rejects)
    }
}

/// The calls of a stream file (../shared/data/README.md).
private struct CallList: CallSource {
    private struct Line {
        var name: [UInt8]
        var form: CallForm
        var arguments: [UInt8]
        var argumentCount: Int
    }
    private var lines: [Line] = []

    init(_ file: URL) throws {
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file.path]
        let output = Pipe()
        gzip.standardOutput = output
        try gzip.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        gzip.waitUntilExit()
        for line in bytes.split(separator: 0x0A) where line.first != 0x40 && line.first != 0x23 {
            let isPlain = line.first == 0x21
            let fields = (isPlain ? line.dropFirst() : line)
                .split(separator: 0x09, omittingEmptySubsequences: false).map(Self.unescaped)
            lines.append(
                Line(
                    name: fields[0], form: isPlain ? .string : .array,
                    arguments: fields.dropFirst().flatMap { $0 + [0] },
                    argumentCount: fields.count - 1))
        }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        guard field.contains(0x5C) else { return Array(field) }
        var result: [UInt8] = []
        var isEscaped = false
        for byte in field {
            if isEscaped {
                result.append([0x74: 0x09, 0x6E: 0x0A, 0x72: 0x0D][byte] ?? byte)
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
            } else {
                result.append(byte)
            }
        }
        return result
    }

    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        for (place, line) in lines.enumerated() where range.contains(UInt64(place + 1)) {
            try body(
                Call(
                    sequence: UInt64(place + 1), time: Int64(place) * 100_000_000,
                    command: Command.named(line.name.span), form: line.form, name: line.name.span,
                    argumentCount: line.argumentCount, arguments: line.arguments.span))
        }
    }
}
