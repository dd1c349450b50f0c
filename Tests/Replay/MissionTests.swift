// Whole missions through the decoder: raw calls in, a replay and its figures out. The real missions are
// in ../shared/data (or BLACKBOX_SHARED), which is no part of the product.

import Foundation
import Testing
import Values
import WAL

@testable import Mission
@testable import Replay

/// Calls in memory.
struct CallList: CallSource {
    var calls: [(name: String, arguments: [UInt8], count: Int)] = []

    mutating func add(_ name: String, _ arguments: [[UInt8]]) {
        calls.append((name, Array(arguments.map { $0 + [0] }.joined()), arguments.count))
    }

    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        for (index, call) in calls.enumerated() where range.contains(UInt64(index + 1)) {
            let name = Array(call.name.utf8)
            try body(
                Call(
                    sequence: UInt64(index + 1), time: 1_773_000_000_000_000_000,
                    command: Command.named(name.span), form: .array, name: name.span,
                    argumentCount: call.count, arguments: call.arguments.span))
        }
    }
}

private let origin = RecordingOrigin(
    logID: Array(repeating: 7, count: 16), extensionVersion: "v5.0.0", utcOffsetSeconds: 0)

private let sharedData: URL? = {
    let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
        ProcessInfo.processInfo.environment["BLACKBOX_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? package.deletingLastPathComponent().appendingPathComponent("shared")
    let data = shared.appendingPathComponent("data")
    return FileManager.default.fileExists(atPath: data.path) ? data : nil
}()

private let missions = [
    "malden-random-tiny", "celle-nefertiti", "lythium-zerkalo", "takistan-lalezar",
]

/// The figures of a `.summary.json` that a replay shows.
private struct Summary: Decodable {
    var missionName: String
    var worldName: String
    var captureDelay: Double
    var endFrame: Int
    var units: Int
    var players: Int
    var vehicles: Int
    var placeholders: Int
    var vehicleStates: Int
    var framesFired: Int
    var events: [String: Int]
    var markers: Int
    var markerPositions: Int
    var markersByType: [String: Int]
    var times: Int
}

/// The calls of a stream file.
private func calls(of name: String, in folder: URL) throws -> CallList {
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", folder.appendingPathComponent(name + ".tsv.gz").path]
    let output = Pipe()
    gzip.standardOutput = output
    try gzip.run()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    gzip.waitUntilExit()
    var list = CallList()
    for line in bytes.split(separator: 0x0A) {
        guard let first = line.first, ![0x40, 0x23, 0x21].contains(first) else { continue }
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
        list.add(
            String(decoding: fields[0], as: UTF8.self),
            fields.dropFirst().map { field in
                var plain: [UInt8] = []
                var isEscape = false
                for byte in field {
                    if isEscape {
                        isEscape = false
                        plain.append([0x74: 0x09, 0x6E: 0x0A, 0x72: 0x0D][byte] ?? byte)
                    } else if byte == 0x5C {
                        isEscape = true
                    } else {
                        plain.append(byte)
                    }
                }
                return plain
            })
    }
    return list
}

@Suite(.enabled(if: sharedData != nil, "there is no folder ../shared/data"))
struct MissionTests {
    @Test(arguments: missions) func aRealMissionHasTheFiguresOfItsSummary(_ name: String) throws {
        let data = try #require(sharedData)
        let summaryFile = data.appendingPathComponent(name + ".summary.json")
        let summaryData = try Data(contentsOf: summaryFile)
        let summary = try JSONDecoder().decode(Summary.self, from: summaryData)
        let folder = try TestFolder()
        var source = try calls(of: name, in: data)
        let job = CompactionJob(source: &source, origin: origin)
        let span = try #require(job.recording(1))
        #expect(job.recordings.count == 1)
        for mode in [Mode.strict, .standard] {
            var lastProgress: (UInt64, UInt64) = (0, 0)
            let (report, file) = try job.writeReplay(
                of: span, from: &source, mode: mode, folder: folder.path, options: .plain
            ) { done, total in
                #expect(done >= lastProgress.0 && done <= total)
                lastProgress = (done, total)
            }
            #expect(lastProgress == (span.callCount, span.callCount))
            #expect(report.rejects.count == 0)
            check(report, summary, mode)
            let text = String(decoding: try folder.bytes(file.path), as: UTF8.self)
            let document = try ReplayDocument(text)
            try check(document, summary, mode)
            try checkSamples(document, summaryData)
            if mode == .standard {
                _ = try OldViewer(document)
                _ = try NewWeb(document)
            }
        }
        #expect(folder.replays.count == 1)
    }

    private func check(_ report: RecordingReport, _ summary: Summary, _ mode: Mode) {
        let tally = report.tally
        #expect(report.mission.missionName == summary.missionName)
        #expect(report.world.worldName == summary.worldName)
        #expect(tally.endFrame == summary.endFrame)
        #expect(tally.units == summary.units)
        #expect(tally.players == summary.players)
        #expect(tally.vehicles == summary.vehicles)
        #expect(tally.vehicleStates == summary.vehicleStates)
        #expect(tally.framesFired == summary.framesFired)
        #expect(tally.times == summary.times)
        var events: [String: Int] = [:]
        for event in tally.events {
            events[String(decoding: event.kind, as: UTF8.self)] = event.count
        }
        #expect(events == summary.events)
        #expect(report.durationSeconds == Double(summary.endFrame + 1) * summary.captureDelay)
        if mode == .strict {
            #expect(tally.markers == summary.markers)
            #expect(tally.markerPositions == summary.markerPositions)
        }
    }

    private func check(_ document: ReplayDocument, _ summary: Summary, _ mode: Mode) throws {
        func entities(_ type: String) -> [[String: Any]] {
            document.entities.filter { $0["type"] as? String == type }
        }
        func sum(_ key: String, _ list: [[String: Any]]) -> Int {
            list.reduce(0) { $0 + (($1[key] as? [Any])?.count ?? 0) }
        }
        #expect(document.endFrame == summary.endFrame)
        #expect(document.top["captureDelay"] as? Double == summary.captureDelay)
        #expect(document.times.count == summary.times)
        #expect(entities("unit").count == summary.units)
        #expect(entities("unit").filter { $0["isPlayer"] as? Int == 1 }.count == summary.players)
        #expect(entities("vehicle").count == summary.vehicles)
        #expect(entities("").count == summary.placeholders)
        #expect(sum("positions", entities("vehicle")) == summary.vehicleStates)
        #expect(sum("framesFired", document.entities) == summary.framesFired)
        var events: [String: Int] = [:]
        for event in document.events { events[event[1] as? String ?? "?", default: 0] += 1 }
        #expect(events == summary.events)
        guard mode == .strict else { return }
        #expect(document.markers.count == summary.markers)
        #expect(
            document.markers.reduce(0) { $0 + (($1[7] as? [Any])?.count ?? 0) }
                == summary.markerPositions)
        var types: [String: Int] = [:]
        for marker in document.markers { types[marker[0] as? String ?? "?", default: 0] += 1 }
        for (type, count) in summary.markersByType { #expect(types[type] == count) }
    }

    /// The last elements of `positions` that the summary samples.
    private func checkSamples(_ document: ReplayDocument, _ summary: Data) throws {
        let top = try JSONSerialization.jsonObject(with: summary) as? [String: Any]
        let samples = top?["unitsSampled"] as? [[String: Any]] ?? []
        #expect(!samples.isEmpty)
        for sample in samples {
            let entity = document.entity(try #require(sample["id"] as? Int))
            let last = try #require((entity["positions"] as? [[Any]])?.last)
            let wanted = try #require(sample["last"] as? [Any])
            #expect(entity["startFrameNum"] as? Int == sample["startFrameNum"] as? Int)
            #expect(last[0] as? [Double] == wanted[0] as? [Double])
            for (index, place) in [(1, 1), (2, 2), (3, 3), (5, 4)] {
                #expect(last[index] as? Int == wanted[place] as? Int)
            }
        }
    }
}
