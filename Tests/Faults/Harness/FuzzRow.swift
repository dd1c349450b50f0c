// Row 17: every decoder under a fuzzer with sanitizers, from a kept corpus. The fuzzer is a program of its
// own (Tools/build fuzz); each decoder that is added there is a line here.

import CPlatform
import Glibc
import Segments

extension Rows {
    /// Decoders, and how many thousand of the table's 100 million executions each gets: fewer where
    /// one takes longer.
    static let fuzzed: [(name: String, thousands: Int)] = [
        ("segment", 3000), ("repair", 300), ("records", 100), ("tail", 16_000), ("log", 100),
        ("cursor", 1000), ("sqf", 25_000), ("json", 17_000), ("mission", 4000), ("game", 5500),
        ("configuration", 17_000), ("replay", 500), ("group", 5000), ("frame", 5500),
    ]

    static let fuzzing = Row(17, "every decoder under a fuzzer with sanitizers") { trial in
        guard let fuzzer = trial.settings.fuzz else {
            return trial.skip("the fuzzer is not built (Tools/build fuzz)")
        }
        let scratch = try Scratch()
        // Two at a time: more would measure the machine.
        var waiting = fuzzed[...]
        var running: [(name: String, program: Program)] = []
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < 2, let next = waiting.popFirst() {
                running.append((next.name, try start(trial, fuzzer, scratch.path, next)))
            }
            let (name, program) = running.removeFirst()
            let ended = program.wait(seconds: trial.scale == .full ? 40_000 : 120)
            count(trial, name, ended)
        }
        clean()
    }

    private static func start(
        _ trial: Trial, _ fuzzer: String, _ scratch: String,
        _ decoder: (name: String, thousands: Int)
    ) throws -> Program {
        let folder = scratch + "/" + decoder.name
        try Paths.makeFolders(folder + "/found")
        let amount =
            trial.scale == .full
            ? "-runs=\(decoder.thousands * 1000)" : "-max_total_time=10"
        var words = [
            fuzzer, decoder.name, amount, "-seed=\(1 + trial.random.below(1 << 30))",
            "-print_final_stats=1", "-verbosity=0", "-timeout=20", "-rss_limit_mb=4096",
            "-max_len=16384", "-artifact_prefix=\(folder)/", folder + "/found",
        ]
        // A replay is made of a mission's calls.
        let corpus = decoder.name == "replay" ? "mission" : decoder.name
        if let kept = trial.settings.corpus.map({ $0 + "/" + corpus }),
            unsafe access(kept, R_OK) == 0
        {
            words.append(kept)
        }
        return try Program(
            words, in: folder,
            environment: ["ASAN_OPTIONS=detect_leaks=0", "SWIFT_BACKTRACE=enable=no"])
    }

    private static func count(_ trial: Trial, _ name: String, _ ended: Ended) {
        let lines = ended.text.split(separator: "\n")
        let runs = lines.first { $0.hasPrefix("stat::number_of_executed_units:") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
        guard ended.code == 0, let runs else {
            let what = lines.filter {
                $0.contains("ERROR") || $0.contains("broken") || $0.contains("Fatal")
                    || $0.hasPrefix("Base64")
            }
            return trial.fail(
                "\(name): ended with \(ended.code): \(what.joined(separator: " | ")) \(ended.tail)")
        }
        trial.held += runs
        trial.note("\(name): \(runs) executions")
    }

    /// What the decoders of files and the plug-in worked in.
    private static func clean() {
        for name in (try? Paths.names(in: "/dev/shm")) ?? [] where name.hasPrefix("blackbox-fuzz-")
        {
            let process = name.split(separator: "-").last.flatMap { pid_t($0) } ?? 0
            if process > 0, Glibc.kill(process, 0) != 0 { Disk.remove("/dev/shm/" + name) }
        }
    }
}
