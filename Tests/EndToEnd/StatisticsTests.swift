// `:SYS:STATS:`: what the plug-in tells of its calls' cost, beside what the host measured from outside.

import Foundation
import Testing

/// The reply to `:SYS:STATS:` (docs/formats/plugin.md, "Statistics").
struct Statistics {
    let calls: Int
    let p50: Int
    let p99: Int
    let max: Int
    let drops: Int

    /// Of a line that `armahost --echo` prints; nil when it is another reply.
    init?(_ line: Substring) {
        let start = #"< ["ok", [["calls","#
        guard line.hasPrefix(start) else { return nil }
        let names = line.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        func value(_ name: String) -> Int? {
            names.firstIndex(of: name).flatMap { $0 + 1 < names.count ? Int(names[$0 + 1]) : nil }
        }
        guard let calls = value("calls"), let p50 = value("p50ns"), let p99 = value("p99ns"),
            let max = value("maxns"), let drops = value("drops")
        else { return nil }
        self.calls = calls
        self.p50 = p50
        self.p99 = p99
        self.max = max
        self.drops = drops
    }
}

@Suite(.needsBuild) struct StatisticsTests {
    /// A call's own time lies within what the host measures around it, so no percentile can be above the
    /// host's but for the width of the plug-in's buckets (an eighth) and the calibration of its counter.
    @Test func theTimesAreNanosecondsOfTheCalls() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission(["--seed", "9", "--minutes", "1", "--recordings", "1"])
        let stream = try server.stream(
            Data(contentsOf: mission.stream) + Data(":SYS:STATS:\n".utf8))
        let report = server.root.appending(path: "report.json")
        // In half a second or more, so that the counter can be held against the clock.
        let ran = try server.play(
            stream, ["--fps", "50", "--calls-per-frame", "100", "--echo", "--json", report.path])
        try #require(ran.code == 0, "\(ran.errors)")
        let outside = try HostReport(report)
        let statistics = try #require(ran.lines.compactMap(Statistics.init).last)
        print("\(statistics), from outside \(outside.summary)")
        #expect(statistics.calls == outside.calls - 1)
        #expect(statistics.drops == outside.notRecorded)
        #expect(statistics.p50 > 0)
        #expect(statistics.p50 <= statistics.p99)
        #expect(statistics.p99 <= statistics.max)
        #expect(Double(statistics.max) <= outside.seconds * 1e9)
        #expect(Double(statistics.p50) <= 1.5 * Double(outside.nanoseconds.p50))
        #expect(Double(statistics.p99) <= 1.5 * Double(outside.nanoseconds.p99))
        #expect(Double(statistics.max) <= 1.5 * Double(outside.nanoseconds.max))
    }
}
