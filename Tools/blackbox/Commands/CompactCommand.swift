// blackbox compact: the recordings of logs → replays and databases.

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
        abstract: "Writes the recordings of logs as replays for the web viewer and into databases.",
        discussion: """
            May be run again at any time, and while the game runs: a recording replaces its own earlier \
            output, and outputs appear only when they are complete. Calls that can't be used are listed \
            at the end with the reason. What is damaged, missing or lost in a log is said on standard \
            error; a longer replay, made before the log was damaged, is set aside and not replaced.

            EXAMPLES
              blackbox compact --json ./recordings
              blackbox compact ./blackbox-logs --json ./recordings --sqlite ./recordings/blackbox.db
              blackbox compact LOG --recording 2 --json . --no-gzip
              blackbox compact ./blackbox-logs --json ./recordings --join
              blackbox compact LOG --json ./recordings --upload @ocap/ocap_recorder.cfg.json

            EXIT CODES
              0 all recordings were written   2 wrong usage
              1 one was not, or a file of a log could not be read; the message says why
            """)

    @OptionGroup var logs: LogArguments
    @OptionGroup var options: OutputOptions
    @OptionGroup var joining: JoinArguments
    @Option(help: ArgumentHelp("Only this recording of the log: 1, 2, …", valueName: "n"))
    var recording: Int?
    @Flag(help: "Also whole records behind a hole at the log's end.") var salvage = false

    func validate() throws {
        guard !options.outputs.isEmpty else {
            throw ValidationError("Name an output: --json DIR, --sqlite FILE, or both.")
        }
        if let recording, recording < 1 {
            throw ValidationError("--recording counts from 1.")
        }
        if recording != nil, joining.windowNanoseconds != nil {
            throw ValidationError("--recording means one recording; --join needs several.")
        }
        try joining.check(options)
        try options.checkUpload()
    }

    func run() throws {
        if options.background { bb_lower_priority(0) }
        var outcomes: [RecordingOutcome] = []
        var healths: [LogHealth] = []
        var code = ExitStatus.done
        do {
            let entries = try logs.findSome()
            if recording != nil, entries.count > 1 {
                throw ToolFailure(
                    message: "--recording needs one log; here are \(entries.count)",
                    code: ExitStatus.usage)
            }
            let joined = join(entries)
            outcomes += joined.outcomes
            let speaker = CompactionSpeaker(isQuiet: options.quiet)
            for entry in entries {
                do throws(ToolFailure) {
                    outcomes += try compact(entry, joined, speaker, &healths)
                } catch {
                    // The other logs are not worse for it.
                    guard entries.count > 1 else { throw error }
                    Console.complain(error.message)
                    outcomes.append(
                        RecordingOutcome(number: 0, status: .error, error: error.message))
                }
            }
        } catch let failure as ToolFailure {
            // The plug-in waits for the report, whatever happened.
            outcomes.append(
                RecordingOutcome(number: recording ?? 0, status: .error, error: failure.message))
            try ReportFile.write(outcomes, healths, to: options.report)
            throw failure
        }
        if let configuration = options.upload, healths.allSatisfy({ $0.unread.isEmpty }) {
            UploadHandover.begin(&outcomes, configuration, options)
        }
        try ReportFile.write(outcomes, healths, to: options.report)
        if outcomes.contains(where: { $0.status != .ok }) { code = ExitStatus.failed }
        if healths.contains(where: { !$0.unread.isEmpty }) { code = ExitStatus.failed }
        if code != ExitStatus.done { throw ExitCode(code) }
    }

    private func join(_ entries: [LogEntry]) -> JoinedRecordings {
        guard let window = joining.windowNanoseconds else { return JoinedRecordings() }
        return JoinedRecordings(
            JoinPlan.chains(
                entries.compactMap { JoinLog($0, salvage: salvage) }, windowNanoseconds: window),
            outputs: options.outputs, isQuiet: options.quiet, isBackground: options.background,
            salvage: salvage)
    }

    /// - Returns: what became of the recordings that are no part of a joined one.
    private func compact(
        _ entry: LogEntry, _ joined: JoinedRecordings, _ speaker: CompactionSpeaker,
        _ healths: inout [LogHealth]
    ) throws(ToolFailure) -> [RecordingOutcome] {
        var reader = try openLog(entry.path, salvage: salvage)
        let compaction = LogCompaction(
            path: entry.path, source: &reader, outputs: options.outputs,
            isQuiet: options.quiet || options.background)
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
        speaker.begin(entry.path, compaction.job)
        var outcomes: [RecordingOutcome] = []
        var partOutcomes: [RecordingOutcome] = []
        for span in spans {
            if let outcome = joined.outcome(entry.path, span.number) {
                speaker.tellPart(outcome)
                partOutcomes.append(outcome)
                continue
            }
            var outcome = compaction.write(span, from: &reader)
            speaker.tell(outcome, span, identity: reader.identity)
            outcome.note(health)
            outcomes.append(outcome)
        }
        if spans.isEmpty, health.lacksPart {
            var outcome = RecordingOutcome(number: 0)
            outcome.note(health)
            outcome.status = .error
            outcomes.append(outcome)
        }
        reader.complainOfArchives()
        if outcomes.isEmpty, partOutcomes.isEmpty, let error = reader.unreadable.first {
            throw ToolFailure(message: RecordingOutcome.lacking(error))
        }
        if !health.lacksPart {
            ExportCursors.advance(compaction, outcomes + partOutcomes, folder: entry.path)
        }
        if !options.quiet {
            if recording == nil {
                RejectListing.write(
                    compaction.job.index.rejects, json: false, limit: CompactionSpeaker.rejectsShown
                )
            }
            for outcome in outcomes {
                guard let report = outcome.report else { continue }
                RejectListing.write(
                    report.rejects, json: false, limit: CompactionSpeaker.rejectsShown)
            }
        }
        return outcomes
    }
}
