// Names, gzip, and what stays in the folder: never half a file under a final name.

import CPlatform
import Foundation
import Testing

@testable import Mission
@testable import Replay

private let names: [(String, String)] = [
    ("co08_night_raid", "co08_night_raid"),
    ("CO 08: Night", "CO_08__Night"),
    ("a/b\\c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"),
    ("../../etc/passwd", "______etc_passwd"),
    ("..", "__"),
    ("...", "___"),
    (".hidden", "_hidden"),
    ("v1.2", "v1.2"),
    ("a..b", "a__b"),
    ("tab\there\u{7F}", "tab_here_"),
    ("", "mission"),
    ("«Зеркало» \"2\"", "«Зеркало»__2_"),
    (String(repeating: "x", count: 300), String(repeating: "x", count: 200)),
    (String(repeating: "ж", count: 150), String(repeating: "ж", count: 100)),
    ("a" + String(repeating: "😀", count: 60), "a" + String(repeating: "😀", count: 49)),
]

private let moments: [(Int64, Int32, String)] = [
    (0, 0, "19700101_000000"),
    (1_772_998_205_123_456_789, 0, "20260308_193005"),
    (1_772_998_205_123_456_789, 3600, "20260308_203005"),
    (1_772_998_205_123_456_789, -72_000, "20260307_233005"),
    (951_782_399_999_999_999, 0, "20000228_235959"),
    (951_782_400_000_000_000, 0, "20000229_000000"),
    (4_107_542_399_000_000_000, 1, "21000301_000000"),
    (-1, 0, "19691231_235959"),
]

@Suite struct FileTests {
    @Test(arguments: names) func aMissionsNameIsAFileName(_ mission: String, _ expected: String) {
        #expect(String(decoding: ReplayName.safeName(mission), as: UTF8.self) == expected)
    }

    @Test(arguments: moments) func theStampIsLocalTime(
        _ time: Int64, _ offset: Int32, _ expected: String
    ) {
        #expect(ReplayName.stamp(time: time, utcOffsetSeconds: offset) == expected)
    }

    @Test func theNameIsMissionAndTimeOfTheSave() throws {
        let folder = try TestFolder()
        let script = exampleScript()
        let plain = try script.write(.standard, to: folder)
        #expect(plain.path == folder.path + "/co08_night_raid_20260308_220000.json")
        let packed = try script.write(.standard, to: folder, options: ReplayOptions())
        #expect(packed.path == folder.path + "/co08_night_raid_20260308_220000.json.gz")
        #expect(UInt64(try folder.bytes(plain.path).count) == plain.fileBytes)
        #expect(UInt64(try folder.bytes(packed.path).count) == packed.fileBytes)
        #expect(plain.documentBytes == packed.documentBytes)
    }

    @Test func foldersAreMadeWithTheirParents() throws {
        let folder = try TestFolder()
        var writer = ReplayWriter(folder: folder.path + "/a/b//c/", options: .plain)
        try exampleScript().play(.standard, into: &writer)
        let result = writer.result
        #expect(FileManager.default.fileExists(atPath: try #require(result).path))
    }

    @Test func anotherRecordingOfTheSameSecondGetsANumber() throws {
        let folder = try TestFolder()
        let first = exampleScript()
        let second = exampleScript()
        second.number = 2
        let third = exampleScript()
        third.logID[3] = 99
        let stem = "co08_night_raid_20260308_220000"
        for _ in 0..<2 {
            // The second round replaces what the first one wrote.
            #expect(try first.write(.standard, to: folder).path.hasSuffix("/\(stem).json"))
            #expect(try second.write(.standard, to: folder).path.hasSuffix("/\(stem)_2.json"))
            #expect(try third.write(.standard, to: folder).path.hasSuffix("/\(stem)_3.json"))
        }
        #expect(folder.replays == [stem + ".json", stem + "_2.json", stem + "_3.json"])
        // The number belongs to the recording, whatever the extension.
        let packed = try second.write(.standard, to: folder, options: ReplayOptions())
        #expect(packed.path.hasSuffix("/\(stem)_2.json.gz"))
    }

    @Test func aFileOfUnknownOriginIsNotReplaced() throws {
        let folder = try TestFolder()
        let stem = "co08_night_raid_20260308_220000"
        for name in [stem + ".json.gz", stem + "_2.json"] {
            try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        let result = try exampleScript().write(.standard, to: folder)
        #expect(result.path.hasSuffix("/\(stem)_3.json"))
        #expect(try folder.bytes(folder.path + "/" + stem + ".json.gz") == Array("mine".utf8))
    }

    @Test func aNameIsFreeAgainWhenItsFileIsGone() throws {
        let folder = try TestFolder()
        let first = exampleScript()
        let path = try first.write(.standard, to: folder).path
        try FileManager.default.removeItem(atPath: path)
        let second = exampleScript()
        second.number = 2
        #expect(try second.write(.standard, to: folder).path == path)
        #expect(try first.write(.standard, to: folder).path.hasSuffix("_2.json"))
    }

    @Test func aLogThatHasGrownReplacesItsEarlierFile() throws {
        let folder = try TestFolder()
        let script = exampleScript()
        _ = try script.write(.standard, to: folder)
        script.saveTime += 61_000_000_000
        let later = try script.write(.standard, to: folder)
        #expect(folder.replays == [URL(fileURLWithPath: later.path).lastPathComponent])
        #expect(later.path.hasSuffix("_220101.json"))
    }

    @Test func tornLinesOfTheListAreSkipped() throws {
        let folder = try TestFolder()
        let list = folder.path + "/.blackbox-replays"
        try Data("garbage\n\u{0}\tx\nco08_night_raid_20260308_22".utf8)
            .write(to: URL(fileURLWithPath: list))
        let script = exampleScript()
        let path = try script.write(.standard, to: folder).path
        #expect(try script.write(.standard, to: folder).path == path)
        #expect(folder.replays.count == 1)
    }

    // MARK: Nothing half

    @Test func aWriterThatGoesAwayLeavesNothing() throws {
        let folder = try TestFolder()
        do {
            var options = ReplayOptions.plain
            options.memoryBytes = 4096
            var writer = ReplayWriter(folder: folder.path, options: options)
            let script = bigScript(soldiers: 5, frames: 200)
            try writer.begin(script.header(.standard))
            for event in script.events {
                try writer.receive(event, at: Stamp(sequence: 1, time: 0), texts: script.texts)
            }
            #expect(folder.replays.isEmpty)
        }
        #expect(folder.names.filter { $0.hasSuffix(".tmp") }.isEmpty)
        #expect(folder.replays.isEmpty)
    }

    @Test func aKilledJobLeavesNoFinalFileAndTheNextOneCleansUp() throws {
        let folder = try TestFolder()
        // What SIGKILL leaves: a temporary file that nobody holds a lock on.
        let leftover = folder.path + "/.blackbox-0123456789abcdef.tmp"
        try Data(repeating: 7, count: 1000).write(to: URL(fileURLWithPath: leftover))
        // And what it must not take for one: files of others, and of a job that is alive.
        let others = ["/.blackbox-short.tmp", "/blackbox-0123456789abcdef.tmp", "/x.tmp"]
        for name in others { try Data().write(to: URL(fileURLWithPath: folder.path + name)) }
        let alive = try TemporaryFile(folder: folder.path)
        _ = try exampleScript().write(.standard, to: folder)
        #expect(!FileManager.default.fileExists(atPath: leftover))
        #expect(FileManager.default.fileExists(atPath: alive.path))
        for name in others { #expect(FileManager.default.fileExists(atPath: folder.path + name)) }
    }

    @Test func anUnwritableFolderIsAnErrorWithItsPath() throws {
        let folder = try TestFolder()
        let file = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        var writer = ReplayWriter(folder: file + "/sub", options: .plain)
        do {
            try exampleScript().play(.standard, into: &writer)
            Issue.record("no error")
        } catch {
            guard case .file(.makeFolder, let path, _) = error else {
                Issue.record("another error: \(error)")
                return
            }
            #expect(path == file || path == file + "/sub")
            #expect(error.explanation.contains(path))
        }
    }

    // MARK: gzip

    @Test func gzipIsOneMemberWithoutNameAndTime() throws {
        let folder = try TestFolder()
        let script = bigScript(soldiers: 20, frames: 400)
        let packed = try script.write(.standard, to: folder, options: ReplayOptions())
        let bytes = try folder.bytes(packed.path)
        #expect(Array(bytes.prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
        // Several blocks, so that joining is tested.
        #expect(packed.documentBytes > 2 * UInt64(DocumentFile.blockBytes))
        let document = try script.document(.standard)
        #expect(try unpacked(packed.path) == Array(document.utf8))
    }

    @Test func theBytesDependNeitherOnThreadsNorOnMemory() throws {
        let folder = try TestFolder()
        let script = bigScript(soldiers: 20, frames: 400)
        var results: [[UInt8]] = []
        for memoryBytes in [64 << 20, 1 << 16, 1024] {
            for hasHelper in [true, false] {
                var options = ReplayOptions()
                options.memoryBytes = memoryBytes
                options.hasHelperThread = hasHelper
                let result = try script.write(.standard, to: folder, options: options)
                #expect((result.spilledBytes > 0) == (memoryBytes < 1 << 20))
                results.append(try folder.bytes(result.path))
            }
        }
        for result in results { #expect(result == results[0]) }
    }

    @Test(arguments: [0, 1, DocumentFile.blockBytes, 3 * DocumentFile.blockBytes + 17])
    func documentsOfAnySizeUnpack(_ size: Int) throws {
        let folder = try TestFolder()
        var bytes: [UInt8] = []
        var seed: UInt64 = 42
        while bytes.count < size {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes.append(UInt8(truncatingIfNeeded: seed >> 60))
        }
        for hasHelper in [true, false] {
            let file = try DocumentFile(folder: folder.path, compress: true, hasHelper: hasHelper)
            var window = bytes
            try file.write(&window, last: true)
            try file.finish()
            let path = folder.path + "/x.gz"
            try file.file.publish(as: path)
            #expect(try unpacked(path) == bytes)
        }
    }

    /// What the system's own gzip makes of it.
    private func unpacked(_ path: String) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return [UInt8](data)
    }
}

/// Many soldiers who move every frame, with shots, hits and markers.
func bigScript(soldiers: UInt16, frames: UInt32) -> Script {
    let script = Script()
    let ids = Array(0..<soldiers)
    for id in ids { script.soldier(1, id, "Unit \(id)", isPlayer: id % 2 == 0) }
    script.vehicle(1, soldiers)
    let marker = script.marker(1, "moving")
    var seed: UInt64 = 7
    for frame in 2...frames {
        for id in ids {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            script.state(
                frame, id, Double(seed >> 44) / 100, Double(frame), 3,
                bearing: UInt16(seed >> 40 & 255), name: "Unit \(id)", isPlayer: id % 2 == 0,
                group: seed >> 60 == 0 ? "Bravo" : "Alpha")
        }
        script.vehicleState(frame, soldiers, Double(frame) / 4, crew: "[\(frame % 3)]")
        script.markerState(frame, marker, at: Position(x: Double(frame), y: 1, z: 2))
        // Told late, so that events have to be sorted.
        script.shot(
            max(frame, 40) - 39, by: 0, path: [(frame, 1, 2, 3), (frame, 4, 5, 6)],
            hits: [(.soldier(1), max(frame, 40) - 39, 4, 5, 6)])
        script.general(frame, "generalEvent", "frame \(frame)")
    }
    return script
}
