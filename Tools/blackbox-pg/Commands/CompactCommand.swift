// blackbox-pg compact: the recordings of logs → PostgreSQL.

import Archive
import ArgumentParser
import CPlatform
import Mission
import Replay
import Segments
import WAL

struct CompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Writes the recordings of logs into PostgreSQL.",
        discussion: """
            May be run again at any time, and while the game runs: a recording replaces its own earlier \
            rows, in one transaction. Several may run at once, on several machines.

            EXAMPLES
              blackbox-pg compact --postgres "host=db dbname=arma user=recorder"
              blackbox-pg compact ./blackbox-logs --config ocap_recorder.cfg.json
              blackbox-pg compact LOG --recording 2 --postgres ""

            EXIT CODES
              0 all recordings were written   1 one was not, the message says why   2 wrong usage
            """)

    @OptionGroup var logs: LogArguments
    @OptionGroup var server: ServerArguments
    @OptionGroup var joining: JoinArguments
    @Option(help: ArgumentHelp("Only this recording of the log: 1, 2, …", valueName: "n"))
    var recording: Int?
    @Flag(help: "Also whole records behind a hole at the log's end.") var salvage = false
    @Flag(help: "Decode as the reference extension does, quirks included (for comparison).")
    var strict = false
    @Flag(
        name: .customLong("only-new"),
        help: "Only logs that `blackbox recover` has closed and that the database has not got.")
    var onlyNew = false
    @Option(
        help: ArgumentHelp(
            "When done, write what was made into this file, a JSON object (- for standard output).",
            valueName: "file"))
    var report: String?
    @Flag(help: "At low priority, and without progress.") var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    private var outputs: Outputs {
        Outputs(isPostgres: true, mode: strict ? .strict : .standard)
    }

    func validate() throws {
        if let recording, recording < 1 {
            throw ValidationError("--recording counts from 1.")
        }
        if recording != nil, joining.windowNanoseconds != nil {
            throw ValidationError("--recording means one recording; --join needs several.")
        }
        try joining.check(isStrict: strict)
    }

    func run() throws {
        if background { bb_lower_priority(0) }
        var outcomes: [RecordingOutcome] = []
        var healths: [LogHealth] = []
        do {
            let output = PostgresOutput(server: try server.server(isQuiet: quiet))
            let entries = onlyNew ? try logs.find().filter(isClosed) : try logs.findSome()
            if recording != nil, entries.count > 1 {
                throw ToolFailure(
                    message: "--recording needs one log; here are \(entries.count)",
                    code: ExitStatus.usage)
            }
            let joined = join(entries, output)
            outcomes += joined.outcomes
            for entry in entries where !(onlyNew && isDone(entry)) {
                outcomes += try compact(entry, joined, output, &healths)
            }
        } catch let failure as ToolFailure {
            // The program that started this one waits for the report, whatever happened.
            outcomes.append(
                RecordingOutcome(number: recording ?? 0, status: .error, error: failure.message))
            try ReportFile.write(outcomes, healths, to: report)
            throw failure
        }
        try ReportFile.write(outcomes, healths, to: report)
        let isFailed =
            outcomes.contains { $0.status != .ok } || healths.contains { !$0.unread.isEmpty }
        if isFailed { throw ExitCode(ExitStatus.failed) }
    }

    private func isClosed(_ entry: LogEntry) -> Bool {
        unsafe !entry.isLive && bb_path_kind(entry.path) == Int32(BB_KIND_FOLDER)
    }

    private func isDone(_ entry: LogEntry) -> Bool {
        // Archived or not.
        guard let logID = (try? openLog(entry.path))?.identity?.logID else { return false }
        return RecoveryCursor.hasExported(entry.path, outputs, logID: logID)
    }

    private func join(_ entries: [LogEntry], _ output: PostgresOutput) -> JoinedRecordings {
        guard let window = joining.windowNanoseconds else { return JoinedRecordings() }
        var chains = JoinPlan.chains(
            entries.compactMap { JoinLog($0, salvage: salvage) }, windowNanoseconds: window)
        if onlyNew {
            let new = entries.filter { !isDone($0) }.map(\.path)
            chains = chains.filter { $0.contains { new.contains($0.path) } }
        }
        return JoinedRecordings(
            chains, outputs: outputs, other: output, isQuiet: quiet, isBackground: background,
            salvage: salvage)
    }

    /// - Returns: what became of the recordings that are no part of a joined one.
    private func compact(
        _ entry: LogEntry, _ joined: JoinedRecordings, _ output: PostgresOutput,
        _ healths: inout [LogHealth]
    ) throws -> [RecordingOutcome] {
        var source = try openLog(entry.path, salvage: salvage)
        let compaction = LogCompaction(
            path: entry.path, source: &source, outputs: outputs, isQuiet: quiet || background,
            other: output)
        let health = compaction.health
        healths.append(health)
        for line in health.complaints() { Console.complain(line) }
        var spans = compaction.job.recordings
        if let recording {
            guard let span = compaction.job.recording(recording) else {
                throw ToolFailure(
                    message: "\(entry.path): no recording \(recording) in this log; it holds "
                        + Words.count(UInt64(spans.count), "recording"))
            }
            spans = [span]
        }
        let speaker = CompactionSpeaker(isQuiet: quiet)
        speaker.begin(entry.path, compaction.job)
        var outcomes: [RecordingOutcome] = []
        var partOutcomes: [RecordingOutcome] = []
        for span in spans {
            if let outcome = joined.outcome(entry.path, span.number) {
                speaker.tellPart(outcome)
                partOutcomes.append(outcome)
                continue
            }
            var outcome = compaction.write(span, from: &source)
            speaker.tell(outcome, span, identity: source.identity)
            outcome.note(health)
            outcomes.append(outcome)
        }
        if spans.isEmpty, health.lacksPart {
            var outcome = RecordingOutcome(number: 0, status: .error)
            outcome.note(health)
            outcomes.append(outcome)
        }
        source.complainOfArchives()
        let all = outcomes + partOutcomes
        // What can't be read now may be back later.
        if !health.lacksPart { ExportCursors.advance(compaction, all, folder: entry.path) }
        if !health.lacksPart, recording == nil, !entry.isLive, all.allSatisfy({ $0.status == .ok })
        {
            RecoveryCursor.complete(entry.path, outputs, logID: compaction.job.origin.logID)
        }
        if !quiet {
            for outcome in outcomes {
                guard let report = outcome.report else { continue }
                RejectListing.write(
                    report.rejects, json: false, limit: CompactionSpeaker.rejectsShown)
            }
        }
        return outcomes
    }
}
