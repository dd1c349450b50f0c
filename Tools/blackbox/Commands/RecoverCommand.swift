// blackbox recover: what a crash left. Seals the logs of processes that died, says what was kept and
// what was torn, and compacts them when outputs are named.

import ArgumentParser
import CPlatform
import Segments
import WAL

struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Finds the logs of servers that died, says what was kept, and closes them.",
        discussion: """
            A log that is sound is sealed. One with a torn end or damage is never changed: what could \
            be mended is written beside it. With --json or --sqlite the recordings are written, too, \
            up to the last call that returned. With --upload it is noted beside each new replay that it is \
            to be sent; blackbox upload, which the plug-in starts afterwards, sends it.

            EXAMPLES
              blackbox recover
              blackbox recover --json ./recordings --sqlite ./recordings/blackbox.db
              blackbox recover --json ./recordings --join 20

            EXIT CODES
              0 clean, or a call was under way   10 torn tail   11 damage   12 foreign bytes
              2 wrong usage                      1 something could not be done; the worst wins
            """)

    @OptionGroup var logs: LogArguments
    @OptionGroup var options: OutputOptions
    @OptionGroup var joining: JoinArguments
    @Flag(help: "Also export whole records behind a hole at the log's end.") var salvage = false

    func validate() throws {
        try joining.check(options)
        try options.checkUpload()
    }

    func run() throws {
        if options.background { bb_lower_priority(0) }
        var worst: Int32 = 0
        var outcomes: [RecordingOutcome] = []
        var healths: [LogHealth] = []
        let entries = try logs.find()
        if entries.isEmpty { say("\(logs.place): no log there, nothing to recover") }
        let speaker = CompactionSpeaker(isQuiet: options.quiet)
        let joined = join(entries)
        outcomes += joined.outcomes
        for entry in entries {
            do {
                worst = max(worst, try recover(entry, joined, speaker, &outcomes, &healths))
            } catch {
                Console.complain(error.message)
                worst = max(worst, error.code)
            }
        }
        try ReportFile.write(outcomes, healths, to: options.report)
        if outcomes.contains(where: { $0.status != .ok }) { worst = max(worst, ExitStatus.failed) }
        if worst != 0 { throw ExitCode(worst) }
    }

    /// - Returns: the exit code that this log asks for.
    private func recover(
        _ entry: LogEntry, _ joined: JoinedRecordings, _ speaker: CompactionSpeaker,
        _ outcomes: inout [RecordingOutcome], _ healths: inout [LogHealth]
    ) throws(ToolFailure) -> Int32 {
        guard unsafe bb_path_kind(entry.path) == Int32(BB_KIND_FOLDER) else {
            throw ToolFailure(
                message: "\(entry.path): recover works on a log's folder; for one file, use verify",
                code: ExitStatus.usage)
        }
        if entry.isLive {
            say("\(entry.path): the server still runs; left alone")
            return 0
        }
        // What an earlier start has looked after need not be read again.
        if options.background, RecoveryCursor.isDone(entry.path, options.outputs) { return 0 }
        if LogFiles.isArchived(entry.path) {
            return try exportArchived(entry, joined, speaker, &outcomes)
        }
        let recovery: RecoveryReport
        do {
            recovery = try Recovery.run(entry.path)
        } catch {
            if error.operation == .lock {
                say("\(entry.path): another program is looking after it")
                return 0
            }
            throw ToolFailure(message: error.text)
        }
        if !options.quiet {
            for line in RecoveryText.lines(recovery) { Console.print(line) }
        }
        for error in recovery.errors { Console.complain(error.text) }
        let health = LogHealth(recovery.report, losses: recovery.report.losses)
        healths.append(health)
        for line in health.unread { Console.complain(line) }
        var isExported = false
        if !options.outputs.isEmpty, recovery.report.identity != nil {
            let made = try export(entry, joined, speaker)
            isExported =
                made.allSatisfy { $0.status == .ok } && !joined.hasFailed(entry.path)
            outcomes += made
        }
        // What could not be read is looked at again.
        if !health.lacksPart {
            RecoveryCursor.remember(
                entry.path, recovery.report, options.outputs, isExported: isExported)
        }
        let code = recovery.report.verdict.exitCode
        return recovery.errors.isEmpty ? code : max(code, ExitStatus.failed)
    }

    /// A log that is packed needs no care, but an output that was chosen later has not got it.
    private func exportArchived(
        _ entry: LogEntry, _ joined: JoinedRecordings, _ speaker: CompactionSpeaker,
        _ outcomes: inout [RecordingOutcome]
    ) throws(ToolFailure) -> Int32 {
        guard let logID = logID(of: entry.path), !options.outputs.isEmpty,
            let last = RecoveryCursor.sequence(entry.path, logID: logID),
            !ExportCursors.areDone(
                options.outputs, logID: logID, through: last, folder: entry.path)
        else {
            say("\(entry.path): archived, nothing to recover")
            return 0
        }
        let made = try export(entry, joined, speaker)
        outcomes += made
        guard made.allSatisfy({ $0.status == .ok }), !joined.hasFailed(entry.path) else {
            return ExitStatus.failed
        }
        do {
            try ExportCursors.complete(
                options.outputs, logID: logID, through: last, folder: entry.path)
        } catch {
            throw ToolFailure(message: error.text)
        }
        return 0
    }

    /// - Returns: what became of the recordings that are no part of a joined one.
    private func export(
        _ entry: LogEntry, _ joined: JoinedRecordings, _ speaker: CompactionSpeaker
    ) throws(ToolFailure) -> [RecordingOutcome] {
        var source = try openLog(entry.path, salvage: salvage)
        let compaction = LogCompaction(
            path: entry.path, source: &source, outputs: options.outputs,
            isQuiet: options.quiet || options.background)
        var outcomes: [RecordingOutcome] = []
        var partOutcomes: [RecordingOutcome] = []
        for span in compaction.job.recordings {
            if let outcome = joined.outcome(entry.path, span.number) {
                speaker.tellPart(outcome)
                partOutcomes.append(outcome)
                continue
            }
            var outcome = compaction.write(span, from: &source)
            speaker.tell(outcome, span, identity: source.identity)
            outcome.note(compaction.health)
            outcomes.append(outcome)
        }
        source.complainOfArchives()
        if outcomes.isEmpty, partOutcomes.isEmpty, let error = source.unreadable.first {
            throw ToolFailure(message: RecordingOutcome.lacking(error))
        }
        if !compaction.health.lacksPart {
            ExportCursors.advance(compaction, outcomes + partOutcomes, folder: entry.path)
        }
        return outcomes
    }

    /// Joins what belongs together. In the background only when there is something new to decide:
    /// a start of the server need not read all logs again.
    private func join(_ entries: [LogEntry]) -> JoinedRecordings {
        guard let window = joining.windowNanoseconds, !options.outputs.isEmpty else {
            return JoinedRecordings()
        }
        // A log whose server still runs is left alone; it is joined when it has ended.
        let dead = entries.filter {
            unsafe !$0.isLive && bb_path_kind($0.path) == Int32(BB_KIND_FOLDER)
        }
        let history = JoinHistory(dead)
        let logs = (options.background ? history.undecided : dead).compactMap {
            JoinLog($0, salvage: salvage)
        }
        var chains = JoinPlan.chains(logs, windowNanoseconds: window)
        if options.background {
            chains = chains.filter { chain in
                chain.dropLast().contains { !history.isJoined($0.path) }
                    || chain.contains { !RecoveryCursor.isDone($0.path, options.outputs) }
            }
        }
        let joined = JoinedRecordings(
            chains, outputs: options.outputs, isQuiet: options.quiet,
            isBackground: options.background, salvage: salvage)
        history.remember(
            logs, chains, joined, live: entries.filter { $0.isLive }, windowNanoseconds: window)
        return joined
    }

    private func say(_ line: String) {
        if !options.quiet { Console.print(line) }
    }
}
