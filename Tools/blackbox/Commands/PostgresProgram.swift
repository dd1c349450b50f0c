// blackbox-pg, our sibling: PostgreSQL's client library can't be linked into this program, which starts
// wherever the plug-in loads.

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
    ///   - outcomes: what became of the same recordings so far.
    /// - Returns: those, with what became of them in PostgreSQL.
    static func compact(
        _ logs: [String], _ options: OutputOptions, _ joining: JoinArguments, recording: Int? = nil,
        salvage: Bool, onlyNew: Bool = false, adding outcomes: [RecordingOutcome]
    ) throws(ToolFailure) -> [RecordingOutcome] {
        guard let server = options.postgresArguments, !logs.isEmpty else { return outcomes }
        guard let beside = HelperProgram.path(name) else {
            return merge(
                outcomes, [kept(logs, recording, "\(name) is not beside \(Program.name)", server)])
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
        if salvage { arguments.append("--salvage") }
        if onlyNew { arguments.append("--only-new") }
        if options.strict { arguments.append("--strict") }
        if options.background { arguments.append("--background") }
        if options.quiet { arguments.append("--quiet") }
        let code = HelperProgram.run(arguments)
        let found = outcomesIn(report)
        guard let found else {
            // The loader ends with 127 when the machine lacks a library, or has too old a one.
            let reason =
                code == 127
                ? "\(name) can't start on this machine (it says above what is missing)"
                : "\(name) ended with code \(code)"
            return merge(outcomes, [kept(logs, recording, reason, server)])
        }
        return merge(outcomes, found)
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
        _ own: [RecordingOutcome], _ others: [RecordingOutcome]
    ) -> [RecordingOutcome] {
        guard own.count == 1, others.count == 1, var outcome = own.first, let other = others.first
        else { return own + others }
        if outcome.status != other.status { outcome.status = .partial }
        outcome.paths += other.paths
        if outcome.path.isEmpty { outcome.path = other.path }
        outcome.error = [outcome.error, other.error].filter { !$0.isEmpty }
            .joined(separator: "; ")
        return [outcome]
    }

    /// What the report says; nil when there is none.
    private static func outcomesIn(_ path: String) -> [RecordingOutcome]? {
        guard let file = try? File(path, 1), let bytes = try? file.read(limit: 1 << 24),
            let report = try? JSONValue.parse(bytes.span)
        else { return nil }
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
        outcome.path = value.member("path")?.string ?? ""
        outcome.paths = outcome.path.isEmpty ? [] : [outcome.path]
        outcome.error = value.member("error")?.string ?? ""
        return outcome
    }
}
