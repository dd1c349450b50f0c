// Far more in one frame than a server's day brings: nothing may be dropped, everything must be read
// back, and the log's files are switched in the middle of it.

import Foundation
import Testing

@Suite(.needsBuild, .serialized) struct BurstTests {
    /// 100,000 ordinary calls in one frame, then three frames of 50 calls of 500 KB each. The first
    /// frame leaves the first segment (4 MiB) behind, the last one the second (64 MiB).
    @Test func hugeBurstsAreKeptWholeAcrossSegmentSwitches() throws {
        let server = try Server(compactor: false)
        var lines = ["@frame"]
        for number in 0..<100_000 { lines.append(Self.state(number)) }
        for burst in 0..<3 {
            lines += Array(repeating: "@frame", count: 10)
            for number in 0..<50 { lines.append(Self.flight(burst * 50 + number, bytes: 500_000)) }
        }
        let stream = try server.stream(lines + ["@frame"])
        let report = server.root.appending(path: "report.json")
        let played = try server.play(
            stream, ["--fps", "50", "--count-faults", "--quiet", "--json", report.path])
        try #require(played.code == 0, "\(played.errors)")
        let figures = try HostReport(report)
        print("bursts of 100,000 calls and of 50 calls of 500 KB in a frame: \(figures.summary)")

        #expect(figures.calls == 100_150)
        let segments = try FileManager.default.contentsOfDirectory(
            atPath: try #require(try server.logFolders().first).path
        ).filter { $0.hasSuffix(".seg") }
        #expect(segments.count >= 3)
        let kept = try server.loggedCalls()
        let made = LoggedCall.of(stream: try Data(contentsOf: stream))
        try #require(kept.count == made.count)
        let differing = zip(kept, made).enumerated().first { $1.0 != $1.1 }
        #expect(differing == nil, "call \(differing?.offset ?? 0) is another one")
        let verified = try server.blackbox(["verify"])
        #expect(verified.code == 0, "\(verified.text)")
    }

    private static func state(_ number: Int) -> String {
        let place = "[\(number % 8_192).\(number % 97),\(number % 4_096).5,12.\(number % 10)]"
        return [
            ":SOLDIER:STATE:", "\(number % 200)", place, "\(number % 360)", "1", "0",
            "\"O'Neil \(number)\"", "0", "\"Rifleman\"", "\(number)", "true", "false", "\"\"",
            "\"\"", "-1", "\"STAND\"", "\"Alpha 1-1\"", "\"WEST\"",
        ].joined(separator: "\t")
    }

    /// A projectile that was followed for a long time: one argument of about `bytes`.
    private static func flight(_ number: Int, bytes: Int) -> String {
        let point = "[\(number),[\(number).25,7.5,0.125],\"\"],"
        let points = String(repeating: point, count: bytes / point.utf8.count)
        return ":EVENT:PROJECTILE:\t\(number)\t0\t1\t[\(points)[0,[0,0,0],\"\"]]"
    }
}
