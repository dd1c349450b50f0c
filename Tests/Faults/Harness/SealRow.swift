// Row 9, the seal: each call with which the writer gives a full segment its footer fails. What was answered
// with ok is in the log all the same, and recovery closes what was left open.

import Glibc
import Segments
import WAL

extension Rows {
    /// Syncs, footer, cut and mark as read-only fail in turn, of a segment that the game has left and of the
    /// last one.
    static func failSeals(_ trial: Trial, _ root: String) throws {
        guard let tracer = trial.settings.tracer,
            let server = try Server(
                trial, root, calls: 1,
                configuration:
                    #"{"blackbox": {"autorun": false, "segmentMiB": 1, "keeperIntervalMs": 10}}"#)
        else { return }
        let calls = 14
        let big = String(repeating: "x", count: 120_000)
        let stream = (0..<calls).map { ":EVENT:CHAT:\t\($0)\t\(big)\n@sleep 12\n" }.joined()
        try Disk.write(root + "/big.tsv", Array(stream.utf8))
        func run(_ options: [String]) throws -> Ended {
            server.clear()
            let words =
                [tracer, "--under", server.folder, "--ending", ".seg"]
                + ["--only", "pwrite,fdatasync,flock,ftruncate,fchmod"] + options + ["--"]
                + server.hostWords(["--fps", "1000", "--echo"], stream: root + "/big.tsv")
            return try Program(words, in: server.folder, output: root + "/output").wait()
        }
        let list = root + "/list"
        let free = try run(["--list", list])
        if let problem = try judgeSeals(free, server, calls) {
            return trial.fail("seals without a failure: \(problem)")
        }
        let lines = String(decoding: try Disk.read(list), as: UTF8.self).split(separator: "\n")
        let footers = lines.filter { $0.contains(" pwrite ") }.count
        trial.note("seals: \(lines.count) calls, \(footers) of them write a footer")
        guard footers >= 2 else { return trial.fail("only \(footers) footers were written") }
        try forEachFailure(trial, lines.count, fast: 6) { number, error, place in
            let ended = try run(["--fail", String(number), String(error)])
            trial.check(try judgeSeals(ended, server, calls), "seals, " + place)
        }
        // A disk that takes no footer any more. (A call that is interrupted for ever is made for ever.)
        let lasting = errors.filter { $0.number != EINTR }
        for error in lasting.prefix(trial.count(lasting.count, fast: 2)) {
            trial.guardAgainstHang()
            let ended = try run(["--only", "pwrite", "--fail-from", "1", String(error.number)])
            trial.check(try judgeSeals(ended, server, calls), "no footer, \(error.name)")
        }
    }

    private static func judgeSeals(
        _ ended: Ended, _ server: Server, _ count: Int
    ) throws -> String? {
        if let problem = try judgeGame(ended, server, count) { return problem }
        let closed = try server.blackbox(["recover"])
        guard closed.code == 0, let log = server.logs.first else {
            return "recover ended with \(closed.code): \(closed.tail)"
        }
        // Every call is still there, and nothing else.
        if let problem = try judgeGame(ended, server, count) { return "recovered: " + problem }
        let report = try Server.read(log).report
        let open = report.segments.filter { $0.pass.findings?.footer == nil }
        guard report.verdict == .clean, open.isEmpty else {
            return "recovered: \(report.verdict), \(open.count) segments are open"
        }
        let tails = try Paths.names(in: log).filter { LogNames.tailNumber($0) != nil }
        return tails.isEmpty ? nil : "recovered, but left behind: \(tails)"
    }
}
