// What armahost measured, read back, and what goes into bench/latest.json.

import Foundation

/// Latency of the calls of one run, in nanoseconds.
struct Latency: Codable {
    let count: Int
    let mean: Double
    let percentiles: [String: Int]
    let max: Int
    /// Upper end of each bucket, and how many calls fell into it.
    let buckets: [[Int]]

    static let names = ["p50", "p90", "p99", "p99.9", "p99.99", "p99.999"]

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        count = try values.decode(Int.self, forKey: Key("count"))
        mean = try values.decode(Double.self, forKey: Key("mean"))
        max = try values.decode(Int.self, forKey: Key("max"))
        buckets = try values.decodeIfPresent([[Int]].self, forKey: Key("buckets")) ?? []
        percentiles = try Self.names.reduce(into: [:]) {
            $0[$1] = try values.decode(Int.self, forKey: Key($1))
        }
    }

    /// Without the buckets: those are drawn, not listed.
    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(count, forKey: Key("count"))
        try values.encode(mean, forKey: Key("mean"))
        try values.encode(max, forKey: Key("max"))
        for (name, value) in percentiles { try values.encode(value, forKey: Key(name)) }
    }
}

/// One run of armahost.
struct Run: Codable {
    let calls: Int
    let seconds: Double
    let argumentBytes: Int
    let frames: Int
    let lateFrames: Int
    let gameThreadCPU: Double
    let otherThreadsCPU: Double
    let nanoseconds: Latency
    /// Most memory that the process had.
    let peakResidentBytes: Int?
    // Of the plug-in only:
    /// Calls whose reply said that they were not recorded.
    let notRecorded: Int?
    /// Where the run was sliced: the calls until the log's ready space was left behind, and from then on.
    let withinReadySpace: Latency?
    let beyondReadySpace: Latency?
    let loadNanoseconds: Int?
}

/// One way of calling, for the plug-in and its counterparts.
struct Scenario: Codable {
    let name: String
    let runs: [String: Run]

    static let targets = ["plugin", "memory", "write"]
    private static let order = [
        "fast", "ready", "states", "burst-240", "burst-1000", "burst-3000", "pause", "large",
    ]

    static func all(in folder: URL) throws -> [Scenario] {
        var runs: [String: [String: Run]] = [:]
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        for file in files {
            let parts = file.lastPathComponent.split(separator: ".")
            guard parts.count == 3, parts[2] == "json" else { continue }
            let run = try JSONDecoder().decode(Run.self, from: Data(contentsOf: file))
            runs[String(parts[0]), default: [:]][String(parts[1])] = run
        }
        return runs.map { Scenario(name: $0.key, runs: $0.value) }.sorted {
            (order.firstIndex(of: $0.name) ?? .max, $0.name)
                < (order.firstIndex(of: $1.name) ?? .max, $1.name)
        }
    }
}

/// What a figure depends on besides the code. No names, no paths.
struct MachineFacts: Codable {
    let date: String
    let processor: String
    let processors: Int
    let memoryMiB: Int
    let system: String
    let kernel: String
    let fileSystem: String

    static func current() -> MachineFacts {
        func firstLine(_ path: String, after key: String, separator: Character) -> String? {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
            let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
            guard let line, let at = line.firstIndex(of: separator) else { return nil }
            return line[line.index(after: at)...].trimmingCharacters(
                in: CharacterSet(charactersIn: " \t\""))
        }
        let kernel =
            (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return MachineFacts(
            date: Date().formatted(.iso8601),
            processor: firstLine("/proc/cpuinfo", after: "model name", separator: ":") ?? "unknown",
            processors: ProcessInfo.processInfo.activeProcessorCount,
            memoryMiB: Int(ProcessInfo.processInfo.physicalMemory >> 20),
            system: firstLine("/etc/os-release", after: "PRETTY_NAME", separator: "=") ?? "unknown",
            kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines),
            fileSystem: ProcessInfo.processInfo.environment["BENCH_FILESYSTEM"] ?? "unknown")
    }
}

struct BenchResult: Codable {
    let machine: MachineFacts
    let scenarios: [Scenario]
    /// By part.
    let figures: [String: [Figure]]
}
