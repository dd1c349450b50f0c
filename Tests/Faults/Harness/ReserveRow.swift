// Row 7, the reserve: from one allocation on there is no space for the built plug-in (the calls are failed
// from outside). Every segment that it got and the reserve are filled before the first call is lost, however
// fast the game calls.

import Glibc
import Segments
import WAL

extension Rows {
    static func useReserve(_ trial: Trial, _ root: String) throws {
        guard let tracer = trial.settings.tracer else {
            return trial.skip("fault-trace is not built")
        }
        let configuration = #"{"blackbox": {"autorun": false, "segmentMiB": 1}}"#
        guard let server = try Server(trial, root, calls: 1, configuration: configuration) else {
            return
        }
        // Eight calls fill a segment of 1 MiB.
        let callsEach = 8
        let calls = 6 * callsEach
        let big = String(repeating: "x", count: 120_000)
        let stream = (0..<calls).map { ":EVENT:CHAT:\t\($0)\t\(big)\n@sleep 20\n" }.joined()
        try Disk.write(root + "/big.tsv", Array(stream.utf8))
        // The first two are the first segment and the reserve.
        for refused in 3...6 {
            trial.guardAgainstHang()
            server.clear()
            let words =
                [tracer, "--under", server.folder, "--only", "fallocate"]
                + ["--fail-from", String(refused), String(ENOSPC), "--"]
                + server.hostWords(["--fps", "1000", "--echo"], stream: root + "/big.tsv")
            let ended = try Program(words, in: server.folder, output: root + "/output").wait()
            trial.check(
                try judgeGame(ended, server, calls)
                    ?? judgeReserve(server, calls, kept: (refused - 1) * callsEach),
                "no space from allocation \(refused) on")
        }
    }

    /// The first calls are there, and all others are told as lost for want of space.
    private static func judgeReserve(_ server: Server, _ calls: Int, kept: Int) throws -> String? {
        guard let log = server.logs.first else { return "no log" }
        let (found, report) = try Server.read(log)
        // A machine that is too busy to prepare a segment in time: that is not the disk's doing.
        if report.losses.contains(where: { $0.reason == LossReason.outrun.rawValue }) { return nil }
        let lost = report.losses.reduce(0) { $0 + Int($1.count) }
        return found.count == kept && lost == calls - kept
            ? nil : "\(found.count) kept, \(lost) lost, room for \(kept)"
    }
}
