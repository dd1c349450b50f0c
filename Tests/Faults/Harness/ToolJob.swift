// A command line tool at work on a log, to be disturbed: what it reads, what it must leave alone, and
// what its outputs are when nobody disturbs it.

import CSQLite
import Glibc
import Segments

/// Which command.
enum ToolCommand: CaseIterable {
    case compact
    case recover
    /// As the plug-in starts it after a crash.
    case recoverInBackground

    /// Its words in front of the log, and behind the outputs.
    var words: (before: [String], behind: [String]) {
        switch self {
        case .compact: (["compact"], [])
        case .recover: (["recover"], [])
        case .recoverInBackground: (["recover"], ["--background"])
        }
    }
}

/// The log of a mission that a kill cut short, in several segments, and a command over it.
final class ToolJob {
    let command: ToolCommand
    private let build: String
    private let root: String
    private let tracer: String
    /// The log as the kill left it.
    private let source: String
    /// Of these the first is sealed.
    private static let segments = 4
    /// Every call of it.
    private let calls: [StreamCall]
    /// What undisturbed runs make: the replays, and the database's rows.
    private var wanted = Outputs()
    /// Names and sizes of the log's files behind an undisturbed run.
    private var wantedFiles: [String] = []

    /// The log that the command works on; a copy, since `recover` seals it.
    var log: String { root + "/job/logs/log" }
    var out: String { root + "/job/out" }

    /// Nil when what it needs was not built.
    init?(_ trial: Trial, _ root: String, _ command: ToolCommand) throws {
        guard let tracer = trial.settings.tracer, let build = trial.settings.build,
            let server = try Server(trial, root, calls: 1)
        else {
            trial.skip("the built plug-in and tools or fault-trace are missing")
            return nil
        }
        self.command = command
        self.tracer = tracer
        self.build = build
        self.root = root
        let mission = root + "/mission.tsv"
        let made = try Program.run(
            [
                build + "/generate-mission", "--seed", String(trial.seed % 1000), "--minutes",
                "0.2",
                "--units", "8", "--vehicles", "1", "--recordings", "1", "--output", mission,
            ], in: root)
        guard made.code == 0 else { throw ToolFailed(text: "generate-mission: \(made.tail)") }
        let total = try Self.callCount(mission)
        let played = try server.play(
            stream: mission, ["--kill-after", String(total * 3 / 4)])
        guard played.code == 137, let log = server.logs.first else {
            throw ToolFailed(text: "the mission was not played: \(played.code) \(played.tail)")
        }
        source = root + "/killed"
        try Specimens.killed(log, segments: Self.segments, seed: trial.seed).write(to: source)
        calls = try Server.read(log).calls
        let kept = try Server.read(source)
        guard kept.calls == calls, kept.report.verdict == .clean else {
            throw ToolFailed(
                text: "the killed log: \(kept.calls.count) calls, \(kept.report.verdict)")
        }
        server.clear()
        try prepare()
        let ended = try Program.run(words(command), in: root)
        guard ended.code == 0 else {
            throw ToolFailed(text: "\(command) ended with \(ended.code): \(ended.tail)")
        }
        wanted = try Outputs(out)
        guard wanted.replays.count == 1, !wanted.rows.isEmpty else {
            throw ToolFailed(text: "\(command) made \(wanted.replays.count) replays")
        }
        wantedFiles = try files()
    }

    private static func callCount(_ stream: String) throws -> Int {
        try Disk.read(stream).split(separator: 0x0A).reduce(0) {
            $0 + ($1.first == UInt8(ascii: ":") ? 1 : 0)
        }
    }

    /// The command's words.
    func words(_ command: ToolCommand) -> [String] {
        [
            build + "/blackbox"
        ] + command.words.before + [log, "--json", out, "--sqlite", out + "/blackbox.db"]
            + command.words.behind
    }

    /// Segments, tail files and reserve of the log, each with its size.
    private func files() throws -> [String] {
        try Disk.contents(log).filter { name, _ in
            LogNames.segmentNumber(name) != nil || LogNames.tailNumber(name) != nil
                || name == LogNames.reserve
        }.map { "\($0.name) (\($0.bytes.count))" }
    }

    /// A fresh copy of the log, and no output.
    func prepare() throws {
        Disk.remove(root + "/job")
        try Paths.makeFolders(out)
        try Disk.copy(source, to: log)
    }

    /// Runs the command under the tracer with these options.
    func run(_ options: [String]) throws -> Ended {
        try Program.run(
            [tracer] + options + ["--under", root + "/job", "--"] + words(command), in: root)
    }

    /// How many calls of the system the command makes on its files.
    func countCalls(reads: Bool) throws -> Int {
        try prepare()
        let list = root + "/list"
        let ended = try run((reads ? ["--reads"] : []) + ["--list", list])
        guard ended.code == 0 else {
            throw ToolFailed(text: "traced, \(command) ended with \(ended.code): \(ended.tail)")
        }
        return try Disk.read(list).split(separator: 0x0A).count
    }

    /// After a disturbed run: nothing half done shows under a final name, every call is still there, and
    /// the command run again makes what it always makes.
    func judge(_ ended: Ended) throws -> String? {
        let found = try Outputs(out, withRows: false)
        // With what could be read, when that is said.
        let isLacking = ended.code != 0 && ended.text.contains("calls from there are missing")
        for (name, bytes) in found.replays where wanted.replays[name] != bytes && !isLacking {
            return "\(name) is there and not whole"
        }
        if ended.code == 0, let difference = try Outputs(out).difference(wanted) {
            return "ended well, but " + difference
        }
        let kept = try Server.read(log)
        guard kept.calls == calls else { return "\(kept.calls.count) of \(calls.count) calls left" }
        switch kept.report.verdict {
        case .clean, .callUnderWay: break
        default: return "the log is now \(kept.report.verdict)"
        }
        let again = try Program.run(words(command), in: root)
        guard again.code == 0 else { return "run again: \(again.code) \(again.tail)" }
        if let difference = try Outputs(out).difference(wanted) {
            return "run again, " + difference
        }
        let leftover = try Paths.names(in: out).first {
            $0.hasSuffix(".tmp") || $0.contains(".new-") || $0.hasSuffix("-journal")
        }
        return leftover.map { "left behind: \($0)" }
    }

    /// After a kill and a run behind it (`judge`): the log's files are those that an undisturbed run leaves.
    func judgeFiles() throws -> String? {
        let found = try files()
        return found == wantedFiles ? nil : "the log has \(found), not \(wantedFiles)"
    }
}

/// A tool could not be made ready.
struct ToolFailed: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

/// What lies in an output folder.
struct Outputs {
    var replays: [String: [UInt8]] = [:]
    var rows: [String] = []

    init() {}

    init(_ folder: String, withRows: Bool = true) throws {
        for name in try Paths.names(in: folder) where name.hasSuffix(".json.gz") {
            replays[name] = try Disk.read(Paths.join(folder, name))
        }
        if withRows { rows = try Self.rows(of: folder + "/blackbox.db") }
    }

    func difference(_ wanted: Outputs) -> String? {
        if replays.keys.sorted() != wanted.replays.keys.sorted() {
            return "the replays are \(replays.keys.sorted())"
        }
        for (name, bytes) in wanted.replays where replays[name] != bytes {
            return "\(name) differs"
        }
        if rows != wanted.rows {
            let first = zip(rows, wanted.rows).first { $0 != $1 }
            return
                "the rows differ: \(rows.count), \(wanted.rows.count), \(first.map { "\($0)" } ?? "")"
        }
        return nil
    }

    /// Every row of every table as text, without the times at which the rows were written.
    private static func rows(of path: String) throws -> [String] {
        // None yet: no rows.
        if unsafe access(path, F_OK) != 0 { return [] }
        var database: OpaquePointer?
        guard unsafe sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK
        else {
            throw ToolFailed(text: "\(path) can't be opened")
        }
        defer { _ = unsafe sqlite3_close_v2(database) }
        func query(_ text: String) throws -> [String] {
            var statement: OpaquePointer?
            guard unsafe sqlite3_prepare_v2(database, text, -1, &statement, nil) == SQLITE_OK else {
                throw ToolFailed(text: text)
            }
            defer { _ = unsafe sqlite3_finalize(statement) }
            var lines: [String] = []
            while unsafe sqlite3_step(statement) == SQLITE_ROW {
                var line = ""
                for column in 0..<(unsafe sqlite3_column_count(statement)) {
                    if column > 0 { line += "|" }
                    if let text = unsafe sqlite3_column_text(statement, column) {
                        line += unsafe String(cString: text)
                    }
                }
                lines.append(line)
            }
            return lines
        }
        let tables = try query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        )
        return try tables.flatMap { table in
            let columns = try query("SELECT name FROM pragma_table_info('\(table)')")
                .filter { $0 != "created_at" && $0 != "updated_at" }
            let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
            return try query("SELECT \(list) FROM \"\(table)\"").sorted().map { table + ": " + $0 }
        }
    }
}
