// blackbox-pg, our sibling: PostgreSQL's client library can't be linked into this program, which starts
// wherever the plug-in loads.

import CPlatform
import Glibc
import Segments
import Values

enum PostgresProgram {
    private static let name = "blackbox-pg"

    /// Has blackbox-pg write the recordings, when PostgreSQL is wanted.
    ///
    /// - Parameters:
    ///   - logs: the logs' folders.
    ///   - onlyNew: logs that it has are left out.
    ///   - isTold: what there is to tell of the logs was told.
    ///   - export: what became of the same recordings so far; gets what became of them in PostgreSQL.
    static func compact(
        _ logs: [String], _ options: OutputOptions, _ joining: JoinArguments, recording: Int? = nil,
        onlyNew: Bool = false, isTold: Bool, into export: inout LogExport
    ) throws(ToolFailure) {
        guard let server = options.postgresArguments, !logs.isEmpty else { return }
        guard let beside = HelperProgram.path(name) else {
            let reason = "\(name) is not beside \(Program.name)"
            merge([kept(logs, recording, reason, server)], into: &export.outcomes)
            return
        }
        var report = "/tmp/blackbox-report-XXXXXX"
        if let folder = unsafe getenv("TMPDIR") {
            report = Paths.join(unsafe String(cString: folder), "blackbox-report-XXXXXX")
        }
        report = try HelperProgram.makeFile(report)
        defer { _ = unsafe unlink(report) }
        var arguments = [beside, "compact"] + logs + server + ["--report", report]
        if let recording { arguments += ["--recording", "\(recording)"] }
        if let minutes = joining.join { arguments += ["--join", "\(minutes)"] }
        if export.salvage { arguments.append("--salvage") }
        if isTold { arguments.append("--told") }
        if onlyNew { arguments.append("--only-new") }
        if options.strict { arguments.append("--strict") }
        if options.background { arguments.append("--background") }
        if options.quiet { arguments.append("--quiet") }
        let code = HelperProgram.run(arguments)
        export.hasHelperFailed = code != 0
        guard let found = contents(report) else {
            // The loader ends with 127 when the machine lacks a library, or has too old a one.
            let reason =
                code == 127
                ? "\(name) can't start on this machine (it says above what is missing)"
                : "\(name) ended with code \(code)"
            merge([kept(logs, recording, reason, server)], into: &export.outcomes)
            return
        }
        merge(outcomes(in: found), into: &export.outcomes)
        // Nobody else has looked at the logs.
        if export.healths.isEmpty { export.healths = healths(in: found) }
    }

    /// The recording is in the log, and nowhere else.
    private static func kept(
        _ logs: [String], _ recording: Int?, _ reason: String, _ server: [String]
    ) -> RecordingOutcome {
        var command = name + " compact " + logs.joined(separator: " ")
        if let recording { command += " --recording \(recording)" }
        if server.first == "--config" { command += " " + server.joined(separator: " ") }
        let words = reason + "; the recording is kept in the log, run: " + command
        Console.complain(words)
        return RecordingOutcome(
            number: recording ?? 0, status: .partial, path: logs.first ?? "", error: words)
    }

    /// One outcome a recording, where the numbers tell them apart.
    private static func merge(
        _ others: [RecordingOutcome], into own: inout [RecordingOutcome]
    ) {
        guard own.count == 1, others.count == 1, var outcome = own.first, let other = others.first
        else {
            own += others
            return
        }
        if outcome.status != other.status { outcome.status = .partial }
        outcome.paths += other.paths
        if outcome.path.isEmpty { outcome.path = other.path }
        outcome.error = [outcome.error, other.error].filter { !$0.isEmpty }
            .joined(separator: "; ")
        own = [outcome]
    }

    /// The report; nil when there is none.
    private static func contents(_ path: String) -> JSONValue? {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)),
            let bytes = try? file.read(limit: 1 << 24)
        else { return nil }
        return try? JSONValue.parse(bytes.span)
    }

    /// What it says of the logs, which it counts together: the first of them stands for what is no stretch.
    private static func healths(in report: JSONValue) -> [LogHealth] {
        var stretches: [(log: String, missing: [ClosedRange<UInt64>])] = []
        if case .array(let all)? = report.member("missing") {
            for stretch in all {
                guard let log = stretch.member("log")?.string,
                    let first = number(stretch.member("first")),
                    let last = number(stretch.member("last")), first <= last
                else { continue }
                if let place = stretches.firstIndex(where: { isSame($0.log, log) }) {
                    stretches[place].missing.append(first...last)
                } else {
                    stretches.append((log, [first...last]))
                }
            }
        }
        if stretches.isEmpty { stretches = [("", [])] }
        return stretches.enumerated().map { place, stretch in
            LogHealth(
                path: stretch.log, isDamaged: report.member("damaged") == .bool(true),
                missing: stretch.missing,
                lostCount: place == 0 ? number(report.member("lostCalls")) ?? 0 : 0)
        }
    }

    private static func number(_ value: JSONValue?) -> UInt64? {
        guard case .number(_, let raw)? = value else { return nil }
        return UInt64(String(decoding: raw, as: UTF8.self))
    }

    private static func outcomes(in report: JSONValue) -> [RecordingOutcome] {
        if case .array(let all)? = report.member("recordings") { return all.map(outcome) }
        return [outcome(report)]
    }

    private static func outcome(_ value: JSONValue) -> RecordingOutcome {
        var number = 0
        if case .number(let found, _)? = value.member("recording"), found >= 0, found < 1e9 {
            number = Int(found)
        }
        let status = value.member("status")?.string.flatMap(RecordingOutcome.Status.init) ?? .error
        var outcome = RecordingOutcome(number: number, status: status)
        let place = value.member("path")?.string ?? ""
        outcome.paths = place.isEmpty ? [] : [place]
        // A database on a server is no file that the addon could name to the players.
        outcome.path = status == .ok ? "" : place
        outcome.error = value.member("error")?.string ?? ""
        return outcome
    }
}
