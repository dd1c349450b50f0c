// Archives: the program that makes them, and the one that removes logs, killed or refused at each of their
// output calls; the files themselves cut and flipped. What was recorded must always come out whole, or
// the damage must be said.

import CPlatform
import Segments

extension Rows {
    static let archive = Row(19, "SIGKILL, failure at each output call of archive and tidy") {
        trial in
        guard let tracer = trial.settings.tracer else {
            return trial.skip("fault-trace is not built")
        }
        let scratch = try Scratch(in: trial.settings.scratch)
        guard let server = try ArchivedServer(trial, scratch) else { return }
        // What a kill leaves must still hold every call; once more, and it is done.
        for (words, isRemoval) in [
            (["archive", server.log, "--remove", "--quiet"], false),
            (["tidy", server.root, "--no-archive", "--keep-size", "1KB", "--quiet"], true),
        ] {
            try server.reset()
            let list = scratch.path + "/list"
            let traced = [tracer, "--under", server.root]
            let program = ["--", server.program] + words
            let ended = try Program.run(
                traced + ["--list", list] + program, in: scratch.path, seconds: 120)
            guard ended.code == 0 else {
                return trial.fail("\(words[0]) under the tracer: \(ended.code) \(ended.tail)")
            }
            let count = try Disk.read(list).count { $0 == 0x0A }
            trial.note("\(words[0]): \(count) output calls")
            for number in 1...max(1, count) {
                for fault in [["--kill"], ["--kill-behind"], ["--fail", "28"], ["--fail", "5"]] {
                    if trial.scale == .fast, (number + fault.count) % 13 != 0 { continue }
                    trial.guardAgainstHang()
                    try server.reset()
                    let option = [fault[0], String(number)] + fault.dropFirst()
                    _ = try Program.run(traced + option + program, in: scratch.path)
                    let place = "\(words[0]), \(fault.joined(separator: " ")) at call \(number)"
                    trial.check(try server.judge(mayBeGone: isRemoval), place)
                    let again = try Program.run([server.program] + words, in: scratch.path)
                    trial.check(
                        again.code == 0 ? nil : "ended with \(again.code): \(again.tail)",
                        place + ", then once more")
                    trial.check(
                        try isRemoval ? server.judgeRemoved() : server.judgeArchived(),
                        place + ", in the end")
                }
            }
        }
    }

    static let archiveBytes = Row(20, "truncations, flips and losses of archives") { trial in
        let scratch = try Scratch()
        guard let server = try ArchivedServer(trial, scratch) else { return }
        let made = try Program.run(
            [server.program, "archive", server.log, "--remove", "--quiet"], in: scratch.path)
        guard made.code == 0, let archive = try server.archives().last else {
            return trial.fail("archive: \(made.code) \(made.tail)")
        }
        let whole = try Disk.read(archive)
        let cases = trial.count(2000, fast: 12)
        for number in 0..<cases {
            trial.guardAgainstHang()
            let wound: Wound =
                number % 2 == 0
                ? .cut(trial.random.below(whole.count))
                : .flip(whole, bit: trial.random.below(whole.count * 8))
            try Disk.write(archive, wound.applied(to: whole))
            trial.check(try server.judgeDamaged(), "case \(number)")
        }
        try Disk.write(archive, whole)
        trial.check(try server.judge(mayBeGone: false), "put back")
        // Each one away in turn, also the last: what is missing must be said.
        for archive in try server.archives() {
            let whole = try Disk.read(archive)
            Disk.remove(archive)
            let place = "without \(Paths.lastComponent(archive))"
            trial.check(try server.judgeDamaged(), place)
            trial.check(try server.judgeMissing(), place)
            try Disk.write(archive, whole)
        }
        trial.check(try server.judge(mayBeGone: false), "all put back")
    }
}

/// A log of several segments that was recovered and exported, and copies of it to be hurt.
private final class ArchivedServer {
    let root: String
    let log: String
    let program: String
    private let original: String
    private let lines: [UInt8]

    init?(_ trial: Trial, _ scratch: Scratch) throws {
        guard
            let server = try Server(
                trial, scratch.path + "/game", calls: 4000,
                configuration: #"{"blackbox": {"autorun": false, "segmentMiB": 1}}"#),
            let build = trial.settings.build
        else { return nil }
        program = build + "/blackbox"
        let played = try server.play(["--fast", "--copies", "3"])
        guard played.code == 0, let recorded = server.logs.first else {
            trial.fail("the host ended with \(played.code): \(played.tail)")
            return nil
        }
        let recovered = try server.blackbox(["recover", "--json", scratch.path + "/recordings"])
        guard recovered.code == 0 else {
            trial.fail("recover: \(recovered.code) \(recovered.tail)")
            return nil
        }
        original = recorded
        root = scratch.path + "/logs"
        log = root + "/" + Paths.lastComponent(recorded)
        lines = try Program.run([program, "dump", recorded, "--json"], in: scratch.path).output
        guard lines.count > 1000 else {
            trial.fail("dump gave \(lines.count) bytes")
            return nil
        }
        try reset()
    }

    /// The log as it was.
    func reset() throws {
        Disk.remove(root)
        try Disk.copy(original, to: log)
    }

    func archives() throws -> [String] {
        try Paths.names(in: log).filter { $0.hasSuffix(".seg.lz4") }.map { log + "/" + $0 }
    }

    private func run(_ words: [String]) throws -> Ended {
        try Program.run([program] + words, in: Paths.parent(root))
    }

    /// Nil when every record comes out as it was, or when the log is gone and may be.
    func judge(mayBeGone: Bool) throws -> String? {
        if mayBeGone, unsafe bb_path_kind(log) == Int32(BB_KIND_NONE) { return nil }
        let dumped = try run(["dump", log, "--json"])
        guard dumped.code == 0 else { return "dump ended with \(dumped.code): \(dumped.tail)" }
        return dumped.output == lines ? nil : "dump gives other records: \(dumped.tail)"
    }

    /// Nil when only proven archives are left, and nothing else.
    func judgeArchived() throws -> String? {
        let names = try Paths.names(in: log)
        if names.contains(where: { $0.hasSuffix(".seg") || $0.contains(".new-") }) {
            return "left: \(names)"
        }
        let verified = try run(["verify", log])
        guard verified.code == 0 else { return "verify ended with \(verified.code)" }
        return try judge(mayBeGone: false)
    }

    func judgeRemoved() throws -> String? {
        let names = try Paths.names(in: root).filter { $0 != ".tidy.lock" }
        return names.isEmpty ? nil : "left: \(names)"
    }

    /// Nil when the damage is said, and what still comes out is part of what was recorded.
    func judgeDamaged() throws -> String? {
        let verified = try run(["verify", log])
        let dumped = try run(["dump", log, "--json"])
        guard verified.code == 11 || verified.code == 1 || verified.code == 12 else {
            // A bit that nothing depends on would be a bit too many.
            return "verify ended with \(verified.code)"
        }
        var rest = lines[...]
        for line in dumped.output.split(separator: 0x0A) where line.first == UInt8(ascii: "{") {
            // In the order of the log: each line is found behind the one before it.
            guard let end = Self.position(of: line, in: rest) else {
                return "dump invents a record: \(String(decoding: line.prefix(200), as: UTF8.self))"
            }
            rest = rest[end...]
        }
        return nil
    }

    /// Nil when the reading commands tell of missing records.
    func judgeMissing() throws -> String? {
        for command in ["dump", "stats"] {
            let ended = try run([command, log])
            guard ended.code == 0 || ended.code == 1 else {
                return "\(command) ended with \(ended.code)"
            }
            guard ended.text.contains("missing: record") else {
                return "\(command) says nothing of what is missing: \(ended.tail)"
            }
        }
        return nil
    }

    /// Where a line of `text` ends that equals `line`.
    private static func position(of line: ArraySlice<UInt8>, in text: ArraySlice<UInt8>) -> Int? {
        var at = text.startIndex
        while at < text.endIndex {
            let end = text[at...].firstIndex(of: 0x0A) ?? text.endIndex
            if text[at..<end] == line { return min(end + 1, text.endIndex) }
            at = end + 1
        }
        return nil
    }
}
