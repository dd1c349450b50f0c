// Row 11: the clocks jump under the plug-in. Times may be wrong then; calls, order and verdict are not.

import CPlatform
import Glibc
import Segments
import WAL

/// How a clock jumps: what the preloaded library is told.
private struct Jump {
    let name: String
    /// Milliseconds from the start of the game.
    let after: Int
    let wall: String
    let monotonic: String

    var environment: [String] { ["FAULT_CLOCK=\(after) \(wall) \(monotonic)"] }
}

extension Rows {
    static let clocks = Row(11, "clock −1 day, +10 years, 0; monotonic restart") { trial in
        guard let library = trial.settings.clock else {
            return trial.skip("libfault-clock.so is not built")
        }
        let scratch = try Scratch(in: trial.settings.scratch)
        guard let server = try Server(trial, scratch.path, calls: 1) else { return }
        let mission = scratch.path + "/mission.tsv"
        let made = try Program.run(
            [
                trial.settings.build.map { $0 + "/generate-mission" } ?? "", "--seed",
                String(trial.seed % 1000), "--minutes", "1", "--units", "12", "--recordings", "1",
                "--output", mission,
            ], in: scratch.path)
        guard made.code == 0 else { return trial.fail("generate-mission: \(made.tail)") }
        let jumps = [
            Jump(name: "no jump", after: 0, wall: "+0", monotonic: "+0"),
            Jump(name: "wall clock −1 day", after: 80, wall: "-86400", monotonic: "+0"),
            Jump(name: "wall clock +10 years", after: 80, wall: "+315576000", monotonic: "+0"),
            Jump(name: "wall clock 0 from the start", after: 0, wall: "=0", monotonic: "+0"),
            Jump(name: "wall clock to 0", after: 80, wall: "=0", monotonic: "+0"),
            Jump(name: "monotonic clock restarts", after: 80, wall: "+0", monotonic: "=0"),
            Jump(name: "both restart", after: 80, wall: "=0", monotonic: "=0"),
        ]
        var wanted: [StreamCall] = []
        for jump in jumps {
            for isKilled in [false, true] {
                server.clear()
                trial.guardAgainstHang()
                let ending = isKilled ? ["--kill-after", String(max(1, wanted.count * 3 / 4))] : []
                let ended = try server.play(
                    stream: mission, ["--fps", "1000", "--burst", "6"] + ending,
                    environment: ["LD_PRELOAD=" + library] + jump.environment)
                if wanted.isEmpty, let log = server.logs.first {
                    wanted = try Server.read(log).calls
                }
                trial.check(
                    try judgeClock(ended, server, wanted, isKilled: isKilled),
                    jump.name + (isKilled ? ", then a kill" : ""))
            }
        }
    }

    private static func judgeClock(
        _ ended: Ended, _ server: Server, _ wanted: [StreamCall], isKilled: Bool
    ) throws -> String? {
        guard ended.code == (isKilled ? 137 : 0) else {
            return "the game ended with \(ended.code): \(ended.tail)"
        }
        guard server.logs.count == 1, let log = server.logs.first else {
            return "\(server.logs.count) logs"
        }
        let (calls, report) = try Server.read(log)
        guard report.verdict == .clean else { return "\(report.verdict)" }
        let count = isKilled ? server.acked.returned : wanted.count
        guard count > 0, calls == Array(wanted.prefix(count)) else {
            return "\(calls.count) of \(count) calls"
        }
        let recovered = try server.blackbox(["recover", "--json", "recordings"])
        guard recovered.code == 0 else { return "recover: \(recovered.code) \(recovered.tail)" }
        let replays = try Paths.names(in: server.folder + "/recordings")
            .filter { $0.hasSuffix(".json.gz") }
        return replays.count == 1 ? nil : "\(replays.count) replays"
    }
}
