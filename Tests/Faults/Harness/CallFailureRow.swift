// Row 9: each system call failing in turn, with each of seven errors: of the plug-in in a game, and of
// the tools. The calls are failed from outside (ptrace), so that nothing in the product knows of it.

import CPlatform
import Glibc
import Segments
import WAL

extension Rows {
    /// EIO, EINTR, ENOSPC, EDQUOT, EROFS, EMFILE, EACCES.
    static let errors: [(name: String, number: Int32)] = [
        ("EIO", EIO), ("EINTR", EINTR), ("ENOSPC", ENOSPC), ("EDQUOT", EDQUOT), ("EROFS", EROFS),
        ("EMFILE", EMFILE), ("EACCES", EACCES),
    ]

    static let failingCalls = Row(9, "each system call failing in turn with seven errors") {
        trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        try failPlugin(trial, scratch.path + "/game")
        try failTailSyncs(trial, scratch.path + "/tails")
        try failSeals(trial, scratch.path + "/seals")
        try refuseStart(trial, scratch.path + "/refused")
        for command in ToolCommand.allCases {
            let root = scratch.path + "/\(command)"
            try Paths.makeFolders(root)
            guard let job = try ToolJob(trial, root, command) else { return }
            let count = try job.countCalls(reads: true)
            trial.note("\(command): \(count) calls")
            try forEachFailure(trial, count, fast: 12) { number, error, place in
                try job.prepare()
                let ended = try job.run(["--reads", "--fail", String(number), String(error)])
                trial.check(
                    try judgeTool(ended) ?? job.judge(ended), "\(command), " + place)
            }
        }
    }

    /// A tool says what is wrong and ends with a code, never with a signal or without a word.
    private static func judgeTool(_ ended: Ended) -> String? {
        if ended.code < 0 || ended.code >= 99 { return "ended with \(ended.code): \(ended.tail)" }
        return ended.code != 0 && ended.output.isEmpty ? "ended with \(ended.code) in silence" : nil
    }

    /// Each of `count` calls with each error in turn; so many of them at small counts.
    static func forEachFailure(
        _ trial: Trial, _ count: Int, fast: Int, _ body: (Int, Int32, String) throws -> Void
    ) throws {
        let total = count * errors.count
        let step = trial.step(total, fast: fast)
        // Steps that share no factor with the errors, so that each of them has its turn.
        let stride = step % errors.count == 0 ? step + 1 : step
        let first = trial.scale == .full ? 0 : trial.random.below(stride)
        for index in Swift.stride(from: first, to: total, by: stride) {
            let error = errors[index % errors.count]
            trial.guardAgainstHang()
            try body(
                index / errors.count + 1, error.number,
                "call \(index / errors.count + 1), \(error.name)")
        }
    }

    /// The built plug-in in its host: start, calls, ticks, a segment switch with its seal, the end.
    private static func failPlugin(_ trial: Trial, _ root: String) throws {
        let configuration =
            #"{"blackbox": {"autorun": false, "segmentMiB": 1, "keeperIntervalMs": 10}}"#
        guard let tracer = trial.settings.tracer,
            let server = try Server(trial, root, calls: 1, configuration: configuration)
        else {
            trial.skip("fault-trace, the plug-in or its tools are not built")
            return
        }
        let big = String(repeating: "x", count: 120_000)
        var stream = ""
        for number in 0..<14 {
            stream += ":EVENT:CHAT:\t\(number)\t\(big)\n@sleep 0.012\n"
        }
        try Disk.write(root + "/big.tsv", Array(stream.utf8))
        func run(_ options: [String]) throws -> Ended {
            server.clear()
            let words =
                [
                    tracer, "--reads", "--under", server.folder, "--under",
                    root + "/mod/ocap_recorder.cfg",
                ]
                + options + ["--"]
                + server.hostWords(["--fps", "1000", "--echo"], stream: root + "/big.tsv")
            // What the host prints goes elsewhere: else its own output would be among the calls that fail.
            return try Program(words, in: server.folder, output: root + "/output").wait()
        }
        let list = root + "/list"
        let free = try run(["--list", list])
        if let problem = try judgeGame(free, server, 14) {
            return trial.fail("without a failure: \(problem)")
        }
        let count = try Disk.read(list).split(separator: 0x0A).count
        trial.note("plug-in: \(count) calls")
        try forEachFailure(trial, count, fast: 20) { number, error, place in
            let ended = try run(["--fail", String(number), String(error)])
            trial.check(try judgeGame(ended, server, 14), "plug-in, " + place)
        }
    }

    /// A disk on which no log can be begun: the addon hears why, every call is answered with an error, and the
    /// game goes on.
    private static func refuseStart(_ trial: Trial, _ root: String) throws {
        guard let tracer = trial.settings.tracer,
            let server = try Server(trial, root, calls: 1)
        else { return }
        try Disk.write(
            root + "/start.tsv",
            Array(
                ":SYS:INIT:\n@wait :SYS:VERSION:\n:STORAGE:INIT:\n@wait :STORAGE:ERROR:\n:EVENT:CHAT:\t1\n"
                    .utf8))
        for (call, error, reason) in [
            ("fallocate", ENOSPC, "no space left on the disk"),
            ("fallocate", EIO, "input/output error"), ("mmap", ENOMEM, "out of memory"),
            ("mkdir", EROFS, "the filesystem is read-only"),
            // A filesystem that can't map files, or can't lock them.
            ("mmap", ENODEV, "put the folder on a local disk"),
            ("flock", ENOSYS, "put the folder on a local disk"),
            ("flock", ENOLCK, "put the folder on a local disk"),
            ("flock", EOPNOTSUPP, "put the folder on a local disk"),
        ] {
            trial.guardAgainstHang()
            server.clear()
            let words =
                [
                    tracer, "--under", server.folder, "--only", call, "--fail-from", "1",
                    String(error), "--",
                ]
                + server.hostWords(
                    ["--echo"], stream: root + "/start.tsv", quiet: false)
            let ended = try Program(words, in: server.folder, output: root + "/output").wait()
            let lines = ended.text.split(separator: "\n")
            let told = lines.contains { $0.contains(":STORAGE:ERROR:") && $0.contains(reason) }
            let last = lines.last { $0.hasPrefix("< ") }
            trial.check(
                ended.code != 0
                    ? "the game ended with \(ended.code): \(ended.tail)"
                    : !told
                        ? "the addon was not told \"\(reason)\": \(ended.tail)"
                        : last?.hasPrefix("< [\"error\", \"not recorded") != true
                            ? "the last reply is \(last ?? "none")" : nil,
                "no log: \(call) fails with \(error)")
        }
    }

    /// The game ends as always; what was answered with ok is in the log, and nothing else is.
    static func judgeGame(_ ended: Ended, _ server: Server, _ count: Int) throws -> String? {
        guard ended.code == 0 else { return "the game ended with \(ended.code): \(ended.tail)" }
        var answered: [Int] = []
        var number = 0
        for line in ended.output.split(separator: 0x0A) where line.starts(with: "< ".utf8) {
            if line.starts(with: #"< ["ok""#.utf8) {
                answered.append(number)
            } else if !line.starts(with: #"< ["error""#.utf8) {
                return "the reply \(String(decoding: line, as: UTF8.self))"
            }
            number += 1
        }
        guard number == count else { return "\(number) replies" }
        var kept: [Int] = []
        for log in server.logs {
            guard let (calls, report) = try? Server.read(log) else { continue }
            switch report.verdict {
            case .clean, .callUnderWay: break
            default: return "\(report.verdict)"
            }
            kept += calls.compactMap { call in
                call.arguments.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            }
        }
        return kept == answered ? nil : "answered with ok: \(answered), in the log: \(kept)"
    }
}
