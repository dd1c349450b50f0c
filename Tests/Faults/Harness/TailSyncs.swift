// Row 9, the tail file's syncs: one of them fails, and the power goes later. What the system had not written
// by then may be gone from its memory as well, so that file counts for nothing any more: what it held must be
// in the next one.

import CPlatform
import Glibc
import Segments
import WAL

extension Rows {
    private static let tailCalls = 40

    /// Each sync of a tail file fails in turn.
    static func failTailSyncs(_ trial: Trial, _ root: String) throws {
        guard let tracer = trial.settings.tracer,
            let server = try Server(
                trial, root, calls: 1,
                configuration: #"{"blackbox": {"autorun": false, "keeperIntervalMs": 10}}"#)
        else { return }
        var stream = ""
        for number in 0..<tailCalls { stream += ":EVENT:CHAT:\t\(number)\n@sleep 12\n" }
        try Disk.write(root + "/short.tsv", Array(stream.utf8))
        // Killed long before.
        try Disk.write(root + "/long.tsv", Array((stream + "@sleep 300000\n").utf8))
        let traced = [tracer, "--under", server.folder, "--only", "fdatasync"]
        let list = root + "/syncs"
        let free = try Program.run(
            traced + ["--list", list, "--"]
                + server.hostWords(["--fps", "1000"], stream: root + "/short.tsv"),
            in: server.folder)
        guard free.code == 0 else { return trial.fail("the host ended with \(free.code)") }
        let count = String(decoding: try Disk.read(list), as: UTF8.self).split(separator: "\n")
            .filter { $0.hasSuffix(".tail") }.count
        trial.note("tail file: \(count) syncs")
        guard count > 4 else { return trial.fail("only \(count) syncs of the tail file") }
        // Another run has a few more or less of them: the last ones are left out.
        for number in stride(from: 1, through: count / 2, by: trial.step(count / 2, fast: 3)) {
            trial.guardAgainstHang(seconds: 120)
            server.clear()
            let words =
                traced + ["--fail", String(number), String(EIO), "--"]
                + server.hostWords(["--fps", "1000"], stream: root + "/long.tsv")
            let host = try Program(words, in: server.folder)
            let problem = waitForTail(server, files: number == 1 ? 1 : 2)
            host.kill()
            _ = host.wait()
            trial.check(try problem ?? judgeTail(server), "sync \(number) of the tail file")
        }
    }

    /// Until all calls were made, and the last of so many tail files has them. (One without an entry goes.)
    private static func waitForTail(_ server: Server, files: Int) -> String? {
        let limit = Trial.now() + 60
        while Trial.now() < limit {
            bb_thread_sleep_ns(20_000_000)
            guard server.acked.returned == tailCalls, let log = server.logs.first,
                tails(log).count >= files, var reader = try? LogReader(path: log)
            else { continue }
            let report = reader.check()
            if report.watermark >= report.lastSequence { return nil }
        }
        return "no new tail file has everything"
    }

    private static func tails(_ log: String) -> [String] {
        let names = (try? Paths.names(in: log)) ?? []
        return names.filter { LogNames.tailNumber($0) != nil }
            .sorted { (LogNames.tailNumber($0)?.1 ?? 0) < (LogNames.tailNumber($1)?.1 ?? 0) }
    }

    /// Without the file whose sync failed, and without any page of the segment, every call is there.
    private static func judgeTail(_ server: Server) throws -> String? {
        guard let log = server.logs.first else { return "no log" }
        // The host goes a moment after its tracer.
        let limit = Trial.now() + 30
        while LogList.isLive(log) {
            guard Trial.now() < limit else { return "the host still runs" }
            bb_thread_sleep_ns(1_000_000)
        }
        for name in tails(log).dropLast() { Disk.remove(Paths.join(log, name)) }
        let segment = Paths.join(log, LogNames.segment(1))
        try Disk.write(segment, [UInt8](repeating: 0, count: try Disk.read(segment).count))
        let (calls, report) = try Server.read(log)
        let wanted = (0..<tailCalls).map { Array(String($0).utf8) }
        guard calls.map({ $0.arguments.first ?? [] }) == wanted else {
            return "\(calls.count) of \(tailCalls) calls, \(report.verdict)"
        }
        return report.verdict == .clean ? nil : "\(report.verdict)"
    }
}
