// The missions of ../shared/data, where that folder exists: every call of them is usable.

import Foundation
import Mission
import Testing
import Values
import WAL

/// The folder with the real missions; nil when it isn't there.
let sharedData: URL? = {
    let environment = ProcessInfo.processInfo.environment
    let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
        environment["BLACKBOX_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? package.deletingLastPathComponent().appendingPathComponent("shared")
    let data = shared.appendingPathComponent("data")
    return FileManager.default.fileExists(atPath: data.path) ? data : nil
}()

/// The calls of a stream file.
func realMission(_ name: String, in folder: URL) throws -> CallList {
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
        guard let first = line.first, first != 0x40, first != 0x23 else { continue }
        let isPlain = first == 0x21
        let fields = (isPlain ? line.dropFirst() : line)
            .split(separator: 0x09, omittingEmptySubsequences: false).map { unescaped($0) }
        list.add(
            String(decoding: fields[0], as: UTF8.self), bytes: Array(fields.dropFirst()),
            form: isPlain ? .string : .array)
    }
    return list
}

private func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var escaping = false
    for byte in field {
        if escaping {
            escaping = false
            switch byte {
            case 0x74: result.append(0x09)
            case 0x6E: result.append(0x0A)
            case 0x72: result.append(0x0D)
            default: result.append(byte)
            }
        } else if byte == 0x5C {
            escaping = true
        } else {
            result.append(byte)
        }
    }
    return result
}

private struct Summary: Decodable {
    var calls: Int
    var callsByCommand: [String: Int]
    var missionName: String
    var units: Int
    var vehicles: Int
    var framesFired: Int
    var times: Int
    var endFrame: Int
    var events: [String: Int]
}

private let missions = [
    "malden-random-tiny", "celle-nefertiti", "lythium-zerkalo", "takistan-lalezar",
]

@Test(.enabled(if: sharedData != nil, "there is no folder ../shared/data"), arguments: missions)
func aRealMissionDecodesWithoutRejects(name: String) throws {
    let folder = try #require(sharedData)
    let summary = try JSONDecoder().decode(
        Summary.self,
        from: Data(contentsOf: folder.appendingPathComponent(name + ".summary.json")))
    let calls = try realMission(name, in: folder)
    var byCommand: [String: Int] = [:]
    for call in calls.calls { byCommand[call.name, default: 0] += 1 }
    #expect(calls.calls.count == summary.calls)
    #expect(byCommand == summary.callsByCommand)
    for mode in [Mode.standard, .strict] {
        let decoded = decode(calls, mode: mode, keepsLines: false)
        #expect(decoded.rejectLines == [])
        #expect(decoded.recordings.count == 1)
        let recording = try #require(decoded.recordings.first)
        #expect(recording.header?.mission.missionName == summary.missionName)
        #expect(recording.footer?.end == .saved)
        check(recording, against: summary)
    }
}

private func check(_ recording: EventList, against summary: Summary) {
    var soldiers: Set<UInt16> = []
    var vehicles: Set<UInt16> = []
    var counts: [String: Int] = [:]
    var lastFrame: UInt32 = 0
    for event in recording.events {
        switch event {
        case .soldierCreated(let soldier): soldiers.insert(soldier.id)
        case .vehicleCreated(let vehicle): vehicles.insert(vehicle.id)
        case .soldierState(let state):
            lastFrame = max(lastFrame, state.frame)
            counts["states", default: 0] += 1
        case .vehicleState(let state):
            lastFrame = max(lastFrame, state.frame)
            counts["vehicleStates", default: 0] += 1
        case .projectile(let shot):
            if shot.isBullet, shot.trajectory.count >= 2 { counts["fired", default: 0] += 1 }
            counts["hit", default: 0] += shot.hits.count
        case .killed: counts["killed", default: 0] += 1
        case .timeState: counts["times", default: 0] += 1
        case .endMission: counts["endMission", default: 0] += 1
        default: break
        }
    }
    #expect(soldiers.count == summary.units)
    #expect(vehicles.count == summary.vehicles)
    #expect(Int(lastFrame) - 1 == summary.endFrame)
    #expect(counts["states"] == summary.callsByCommand[":SOLDIER:STATE:"])
    #expect(counts["vehicleStates"] == summary.callsByCommand[":VEHICLE:STATE:"])
    #expect(counts["times", default: 0] == summary.times)
    #expect(counts["fired", default: 0] == summary.framesFired)
    #expect(counts["killed", default: 0] == summary.events["killed", default: 0])
    #expect(counts["hit", default: 0] == summary.events["hit", default: 0])
    #expect(counts["endMission", default: 0] == summary.events["endMission", default: 0])
}
