// Which logs go and which stay: the plan alone, on logs that are nothing but their figures.

import Foundation
import Segments
import Testing

@testable import blackbox

@Suite struct RetentionTests {
    private static let now: Int64 = 1_800_000_000

    private func log(
        _ name: String, days: Int64, bytes: UInt64 = 100, isLive: Bool = false,
        isRecovered: Bool = true, awaited: [String] = []
    ) -> LogStanding {
        LogStanding(
            entry: LogEntry(path: name, isLive: isLive), byteCount: bytes,
            changed: Self.now - days * 86_400, isRecovered: isRecovered, awaited: awaited,
            segmentCount: 1, isPacked: false)
    }

    private func plan(
        _ logs: [LogStanding], days: UInt64 = 0, bytes: UInt64 = 0, minFree: UInt64 = 0,
        free: UInt64? = nil
    ) -> (removed: [String], kept: [String]) {
        let plan = RetentionPlan(
            logs, RetentionLimits(days: days, byteCount: bytes, freeBytes: minFree), now: Self.now,
            freeBytes: free)
        return (
            plan.removals.map { logs[$0.index].entry.path },
            plan.kept.map { logs[$0.index].entry.path }
        )
    }

    @Test func logsGoAtTheirAgeAndNotBefore() {
        let logs = [log("a", days: 31), log("b", days: 30), log("c", days: 29), log("d", days: -1)]
        #expect(plan(logs, days: 30).removed == ["a", "b"])
        #expect(plan(logs).removed.isEmpty)
    }

    @Test func aboveTheSizeTheOldestGoUntilTheRestFits() {
        let logs = [log("new", days: 1), log("old", days: 9), log("middle", days: 5)]
        #expect(plan(logs, bytes: 300).removed.isEmpty)
        #expect(plan(logs, bytes: 299).removed == ["old"])
        #expect(plan(logs, bytes: 150).removed == ["old", "middle"])
    }

    @Test func aFullDiskTakesTheOldestUntilEnoughIsFree() {
        let logs = [log("new", days: 1), log("old", days: 9), log("middle", days: 5)]
        #expect(plan(logs, minFree: 200, free: 200).removed.isEmpty)
        #expect(plan(logs, minFree: 200, free: 50).removed == ["old", "middle"])
        #expect(plan(logs, minFree: 200, free: nil).removed.isEmpty)
    }

    @Test func whatAnOutputHasNotGotStaysWhateverTheLimits() {
        let logs = [
            log("awaited", days: 90, awaited: ["sqlite"]), log("live", days: 80, isLive: true),
            log("not looked after", days: 70, isRecovered: false), log("done", days: 60),
        ]
        for (days, bytes, minFree) in [(1, 0, 0), (0, 1, 0), (0, 0, 1_000)]
            as [(
                UInt64, UInt64, UInt64
            )]
        {
            let (removed, kept) = plan(
                logs, days: days, bytes: bytes, minFree: minFree, free: 0)
            #expect(removed == ["done"])
            #expect(kept == ["awaited", "not looked after"])
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("20GB", 20 << 30), ("20GiB", 20 << 30), ("1.5MB", 3 << 19),
            ("512kb", 512 << 10),
            ("20480MiB", 20 << 30), ("1TB", 1 << 40),
        ] as [(String, UInt64)])
    func aSizeIsReadAsWritten(text: String, bytes: UInt64) {
        #expect(ByteSize(argument: text)?.byteCount == bytes)
    }

    @Test(arguments: [
        "", "20", "GB", "-1GB", "20XB", "1..5GB", "1.GB", "20 GB", "99999999999TB", "9e9GB",
        "99999999999999999999", "B", "5B",
    ])
    func whatIsNoSizeIsRefused(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test func aLogsFolderGoesWithAllThatIsItsAndLinksAreNotFollowed() throws {
        let manager = FileManager.default
        let root = manager.temporaryDirectory.appending(
            path: "blackbox-removal-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? manager.removeItem(at: root) }
        let log = root.appending(path: "logs/20260101T000000Z-1", directoryHint: .isDirectory)
        try manager.createDirectory(
            at: log.appending(path: "mended"), withIntermediateDirectories: true)
        let other = root.appending(path: "other", directoryHint: .isDirectory)
        try manager.createDirectory(at: other, withIntermediateDirectories: true)
        for file in [
            log.appending(path: "000001.seg"), log.appending(path: "mended/000001.seg"),
            other.appending(path: "precious"),
        ] {
            try Data("x".utf8).write(to: file)
        }
        try manager.createSymbolicLink(
            at: log.appending(path: "link"), withDestinationURL: other)
        // A removal that was killed half way is finished, and is nobody's log meanwhile.
        let leaving = root.appending(path: "logs/.removing-20250101T000000Z-1")
        try manager.createDirectory(at: leaving, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: leaving.appending(path: "000001.seg"))
        let logs = root.appending(path: "logs").path
        #expect(
            try LogList.find(logs).map { Paths.lastComponent($0.path) } == [log.lastPathComponent])
        for path in try LogFolder.leaving(in: logs) { try LogFolder.finish(path) }
        // What is none of the log's keeps its folder.
        #expect(try LogFolder.remove(log.path) == ["link"])
        #expect(try manager.contentsOfDirectory(atPath: log.path) == ["link"])
        try manager.removeItem(at: log.appending(path: "link"))
        #expect(try LogFolder.remove(log.path).isEmpty)
        #expect(try manager.contentsOfDirectory(atPath: logs).isEmpty)
        #expect(manager.fileExists(atPath: other.appending(path: "precious").path))
    }
}
