// Rows 4 and 15: the game dies at any moment, again and again.

import CPlatform
import Segments
import WAL

extension Rows {
    static let kill = Row(4, "SIGKILL at random moments; stop after each instruction of a call") {
        trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        guard let server = try Server(trial, scratch.path, calls: 3000) else { return }
        for round in 0..<trial.count(1000, fast: 12) {
            server.clear()
            trial.guardAgainstHang()
            let seed = String(trial.random.below(1 << 30))
            let within = String(1 + trial.random.below(80))
            let ended = try server.play(
                ["--fast", "--copies", "0", "--kill-random", seed, "--kill-within", within])
            guard ended.code == 137 else {
                trial.fail("round \(round): the host ended with \(ended.code): \(ended.tail)")
                continue
            }
            trial.check(try server.judgeKill(), "round \(round), seed \(trial.seed)")
        }
        let wanted = trial.scale == .full ? [2, 3, 10, 11, 12, 13, 50, 500] : [12]
        for call in wanted { try steps(trial, scratch, call) }
    }

    /// Goes through one call instruction by instruction; each state of the segment is what a kill at
    /// that point leaves.
    private static func steps(_ trial: Trial, _ scratch: Scratch, _ call: Int) throws {
        guard let tracer = trial.settings.tracer else {
            return trial.skip("fault-trace is not built")
        }
        guard let server = try Server(trial, scratch.path + "/steps-\(call)", calls: call + 5)
        else {
            return
        }
        let states = scratch.path + "/states"
        let words =
            [
                tracer, "--step", "RVExtensionArgs", String(call), "--library",
                server.root + "/mod/ocap_recorder_x64.so", "--watch",
                server.folder + "/blackbox-logs/*/000001.seg", "--states", states, "--",
            ] + server.hostWords([])
        let ended = try Program.run(words, in: server.folder, seconds: 120)
        guard ended.code == 0 else {
            return trial.fail("stepping through call \(call): \(ended.code) \(ended.tail)")
        }
        trial.note("call \(call): " + ended.tail.split(separator: "\n").joined(separator: " "))
        let folder = scratch.path + "/state"
        try Paths.makeFolders(folder)
        let file = try File(folder + "/000001.seg", 1 | 2 | 4)
        let source = try File(states, 1)
        let size = try source.size()
        var at = 0
        var number = 0
        var counts: Set<Int> = []
        while at < size {
            let length = Int(
                try source.read(limit: 8, at: at).enumerated().reduce(0) {
                    $0 | UInt64($1.element) << (8 * UInt64($1.offset))
                })
            try file.write(try source.read(limit: length, at: at + 8), at: 0)
            _ = bb_file_set_size(file.handle, 4 << 20)
            at += 8 + length
            trial.guardAgainstHang()
            let (kept, report) = try Server.read(folder)
            counts.insert(kept.count)
            trial.check(
                judgeState(kept, report, call, server), "call \(call), state \(number)")
            number += 1
        }
        trial.check(
            counts == [call - 1, call] ? nil : "kept \(counts.sorted())",
            "call \(call): once not there, then there")
        Disk.remove(states)
    }

    private static func judgeState(
        _ kept: [StreamCall], _ report: LogReport, _ call: Int, _ server: Server
    ) -> String? {
        guard kept.count == call || kept.count == call - 1 else { return "\(kept.count) calls" }
        for (index, one) in kept.enumerated() where one != server.calls[index] {
            return "call \(index) is another one"
        }
        switch report.verdict {
        case .clean, .callUnderWay: return nil
        default: return "\(report.verdict)"
        }
    }

    static let restarts = Row(15, "kill, restart, kill … in one folder") { trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        // Each start looks after the logs of those before.
        guard let server = try Server(trial, scratch.path, calls: 1, autorun: true) else { return }
        let rounds = trial.count(50, fast: 4)
        let build = trial.settings.build ?? ""
        let mission = scratch.path + "/mission.tsv"
        let made = try Program.run(
            [
                build + "/generate-mission", "--seed", String(trial.seed % 1000), "--minutes", "2",
                "--units", "20", "--recordings", "1", "--output", mission,
            ], in: scratch.path)
        guard made.code == 0 else { return trial.fail("generate-mission: \(made.tail)") }
        let calls = try Server.calls(ofStream: mission)
        var returned: [Int] = []
        for round in 0..<rounds {
            trial.guardAgainstHang()
            let after = 200 + trial.random.below(1500)
            let ended = try server.play(stream: mission, ["--kill-after", String(after)])
            trial.check(
                ended.code == 137 ? nil : "the host ended with \(ended.code): \(ended.tail)",
                "round \(round)")
            trial.check(
                server.acked.refused == 0 ? nil : "\(server.acked.refused) calls were refused",
                "round \(round), no call is refused")
            returned.append(server.acked.returned)
        }
        var kept: [Int] = []
        for log in server.logs {
            let found = try Server.read(log).calls
            kept.append(found.count)
            trial.check(
                found.elementsEqual(calls.prefix(found.count)) ? nil : "other calls",
                "calls of \(log)")
        }
        trial.check(
            kept.sorted() == returned.sorted() ? nil : "returned \(returned), kept \(kept)",
            "every round's calls")
        trial.guardAgainstHang(seconds: 400)
        trial.check(
            try judgeExports(server, mission, rounds), "what the plug-in's own start exports")
    }

    /// A start without a mission makes what is still missing: for each round the replay that
    /// `blackbox compact` makes of its log.
    private static func judgeExports(
        _ server: Server, _ mission: String, _ rounds: Int
    ) throws -> String? {
        let logs = server.logs
        try Disk.write(server.root + "/start.tsv", Array(":SYS:INIT:\n@wait :SYS:VERSION:\n".utf8))
        let recordings = server.folder + "/recordings"
        func replays(_ folder: String) throws -> [[UInt8]] {
            try Outputs(folder, withRows: false).replays.values.sorted {
                $0.lexicographicallyPrecedes($1)
            }
        }
        let limit = Trial.now() + 300
        // A start while an earlier one's program still works leaves the log to that.
        repeat {
            let ended = try server.play(stream: server.root + "/start.tsv", [])
            guard ended.code == 0 else { return "a start ended with \(ended.code): \(ended.tail)" }
            let pause = Trial.now() + 3
            while Trial.now() < pause, (try? replays(recordings).count) ?? 0 < rounds {
                bb_thread_sleep_ns(50_000_000)
            }
        } while Trial.now() < limit && (try? replays(recordings).count) ?? 0 < rounds
        let found = try replays(recordings)
        guard found.count == rounds else { return "\(found.count) of \(rounds) replays" }
        let again = server.root + "/again"
        let compacted = try server.blackbox(["compact"] + logs + ["--json", again], seconds: 300)
        guard compacted.code == 0 else { return "compact: \(compacted.code) \(compacted.tail)" }
        return try replays(again) == found ? nil : "compact makes other replays"
    }
}
