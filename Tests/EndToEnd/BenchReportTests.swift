// The benchmark's report, on small runs of the real programs: what it prints it also keeps.

import Foundation
import Testing

@Suite(.needsBuild) struct BenchReportTests {
    private static let program = URL(filePath: CommandLine.arguments[0])
        .deletingLastPathComponent().appending(path: "bench-report")
    private static let other = Built.package.appending(path: ".build/debug/bench-report")
    private static let found = [program, other].first {
        FileManager.default.isExecutableFile(atPath: $0.path)
    }

    private struct Result: Decodable {
        struct Figure: Decodable {
            let name: String
            let value: Double
            let goal: String
            let ratio: Double?
            let reached: Bool?
        }
        let figures: [String: [Figure]]
    }

    @Test(.enabled(if: found != nil, "bench-report is not built"))
    func goalsAndWhetherTheyWereReachedAreKept() throws {
        let report = try #require(Self.found)
        let server = try Server(compactor: false)
        let results = server.root.appending(path: "results")
        let output = server.root.appending(path: "bench")
        for folder in [results, output] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let stream = try server.mission(["--minutes", "1", "--recordings", "1"]).stream
        for scenario in ["fast", "ready"] {
            for target in ["plugin", "memory", "write"] {
                let json = results.appending(path: "\(scenario).\(target).json").path
                let options = ["--slices", "200", "--quiet", "--json", json]
                let written = server.root.appending(path: "written").path
                let ran =
                    switch target {
                    case "plugin": try server.play(stream, options)
                    case "memory":
                        try run(
                            Built.armahost, ["-", stream.path, "--target", "memory"] + options,
                            in: server.folder)
                    default:
                        try run(
                            Built.armahost,
                            ["-", stream.path, "--target", "write:" + written] + options,
                            in: server.folder)
                    }
                try #require(ran.code == 0, "\(ran.errors)")
            }
        }
        try "one of the shell's\t3\tMiB\t<=2\t\t\n".write(
            to: results.appending(path: "calls.figures"), atomically: true, encoding: .utf8)

        let ran = try run(report, ["tables", results.path, output.path], in: server.root)
        try #require(ran.code == 0, "\(ran.errors)")
        let latest = output.appending(path: "latest.json")
        let kept = try JSONDecoder().decode(Result.self, from: Data(contentsOf: latest))
        let calls = try #require(kept.figures["calls"])
        func figure(_ name: String) throws -> Result.Figure {
            try #require(calls.first { $0.name.hasPrefix(name) }, "\(calls.map(\.name))")
        }
        #expect(try figure("one of the shell's").reached == false)
        for scenario in ["fast", "ready"] {
            let drops = try figure("\(scenario): drops of")
            #expect(drops.reached == (drops.value == 0))
            let floor = try figure("\(scenario): p50 against floor")
            #expect(floor.reached == (try #require(floor.ratio) <= 1.5))
            let write = try figure("\(scenario): p50 against write(2)")
            #expect(write.reached == (try #require(write.ratio) <= 0.2))
            #expect(try figure("\(scenario): calls until ready space was left").value > 0)
        }
        let limit = try figure("ready: p99.99")
        #expect(limit.goal == "<=10000" && limit.reached == (limit.value <= 10_000))
        // Everything that is kept was printed.
        for name in calls.map(\.name) { #expect(ran.text.contains(name), "\(name)") }

        // A run without scenarios keeps what an earlier one measured.
        try FileManager.default.removeItem(at: results)
        try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
        let again = try run(report, ["tables", results.path, output.path], in: server.root)
        try #require(again.code == 0, "\(again.errors)")
        let later = try JSONDecoder().decode(Result.self, from: Data(contentsOf: latest))
        #expect(later.figures["calls"]?.count == calls.count)
    }
}
