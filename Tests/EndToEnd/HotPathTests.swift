// What a call must not do, counted from outside: armahost counts the page faults, the heap requests
// and the system calls of the game thread inside the calls.

import Foundation
import Testing

@Suite(.needsBuild, .serialized) struct HotPathTests {
    static let memory = URL(filePath: "/dev/shm", directoryHint: .isDirectory)
    static let hasMemory = FileManager.default.isWritableFile(atPath: memory.path)

    /// In memory nobody protects a page behind our back, so even faults can be demanded to be none.
    @Test(.enabled(if: hasMemory, "no /dev/shm"))
    func aMillionCallsFaultAllocateAndAskTheSystemForNothing() throws {
        let server = try Server(compactor: false, parent: Self.memory)
        let mission = try server.mission([
            "--seed", "4", "--minutes", "20", "--units", "200", "--vehicles", "40",
            "--shots-per-minute", "1200", "--recordings", "1",
        ])
        let report = server.root.appending(path: "report.json")
        // 50 frames a second of 2,000 calls each, in one go: twice the pace of a burst of 1,000 in
        // each of a server's frames, and hundreds of times what 200 units bring.
        let played = try server.play(
            mission.stream,
            [
                "--copies", "0", "--calls", "1000000", "--fps", "50", "--calls-per-frame", "2000",
                "--count-faults", "--count-allocations", "--count-syscalls", "--quiet", "--json",
                report.path,
            ])
        try #require(played.code == 0, "\(played.errors)")
        let counts = try HostReport(report)
        print("in memory, 50 frames/s of 2,000 calls: \(counts.summary)")
        #expect(counts.calls == 1_000_000)
        #expect(counts.minorFaults == 0)
        #expect(counts.majorFaults == 0)
        #expect(counts.heapRequests == 0)
        #expect(counts.callsWithSystemCall == 0)
        // A refused call takes a shorter path: it would prove nothing.
        #expect(counts.notRecorded == 0)
        // It went across segment switches.
        let segments = try FileManager.default.contentsOfDirectory(
            atPath: try #require(try server.logFolders().first).path)
        #expect(segments.filter { $0.hasSuffix(".seg") }.count >= 3)
    }

    /// On a disk somebody's `sync` may protect a page; the rest holds there, too.
    @Test func onADiskNoCallAllocatesOrAsksTheSystem() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "4", "--minutes", "5", "--units", "200", "--vehicles", "40", "--recordings",
            "1",
        ])
        let report = server.root.appending(path: "report.json")
        let played = try server.play(
            mission.stream,
            [
                "--fast", "--count-faults", "--count-allocations", "--count-syscalls", "--quiet",
                "--json", report.path,
            ])
        try #require(played.code == 0, "\(played.errors)")
        let counts = try HostReport(report)
        print("on the disk, as fast as possible: \(counts.summary)")
        #expect(counts.heapRequests == 0)
        #expect(counts.callsWithSystemCall == 0)
        // A refused call takes a shorter path: it would prove nothing.
        #expect(counts.notRecorded == 0)
    }
}
