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
            be mended is written beside it. With --json, --sqlite or --postgres the recordings are \
            written, too, up to the last call that returned. With --upload each new replay is noted for \
            the web server: blackbox upload sends it; with --background it is sent behind this command.

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

    func validate() throws { try joining.check(isStrict: options.strict) }

    func run() throws {
        if options.background { bb_lower_priority(0) }
        var worst: Int32 = 0
        let entries = try logs.find()
        if entries.isEmpty { say("\(logs.place): no log there, nothing to recover") }
        var export = LogExport(
            options.outputs, isQuiet: options.quiet, isBackground: options.background,
            salvage: salvage)
        join(entries, &export)
        for entry in entries {
            do {
                worst = max(worst, try recover(entry, &export))
            } catch {
                Console.complain(error.message)
                worst = max(worst, error.code)
            }
        }
        do {
            // In the background nobody has looked into archives for their own sake.
            try PostgresProgram.compact(
                entries.map(\.path), options, joining, onlyNew: true,
                isTold: !options.outputs.isEmpty || !options.background, into: &export)
        } catch {
            Console.complain(error.message)
            worst = max(worst, error.code)
        }
        UploadProgram.sendAllLater(options)
        try ReportFile.write(export.outcomes, export.healths, to: options.report)
        if export.outcomes.contains(where: { $0.status != .ok }) {
            worst = max(worst, ExitStatus.failed)
        }
        if worst != 0 { throw ExitCode(worst) }
    }

    /// - Returns: the exit code that this log asks for.
    private func recover(
        _ entry: LogEntry, _ export: inout LogExport
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
            return try exportArchived(entry, &export)
        }
        let recovery: RecoveryReport
        do {
            recovery = try Recovery.run(entry.path)
        } catch {
            if error.isHeldByAnother {
                say("\(entry.path): another program is looking after it")
                return 0
            }
            throw ToolFailure(message: error.text)
        }
        if !options.quiet {
            for line in RecoveryText.lines(recovery) { Console.print(line) }
        }
        for error in recovery.errors { Console.complain(error.text) }
        let (health, code) = try judge(recovery, entry)
        export.healths.append(health)
        for line in health.unread { Console.complain(line) }
        var isExported = false
        if !options.outputs.isEmpty, recovery.report.identity != nil {
            isExported = try export.write(entry)
        }
        // What could not be read is looked at again.
        if !health.lacksPart {
            RecoveryCursor.remember(
                entry.path, recovery.report, options.outputs, isExported: isExported)
        }
        return recovery.errors.isEmpty ? code : max(code, ExitStatus.failed)
    }

    /// What is to be said of a log that was looked after, and the exit code; of one that is partly packed,
    /// with its archives.
    private func judge(
        _ recovery: RecoveryReport, _ entry: LogEntry
    ) throws(ToolFailure) -> (LogHealth, Int32) {
        let report = recovery.report
        guard LogFiles.hasArchives(entry.path) else {
            return (LogHealth(report, losses: report.losses), report.verdict.exitCode)
        }
        var source = try openLog(entry.path)
        let checkup = LogCheckup(&source, readsArchives: !options.background)
        if checkup.exitCode != 0 { for line in checkup.lines { say(line) } }
        return (source.health(), checkup.exitCode)
    }

    /// A log that is packed is not sealed any more; but an output that was chosen later has not got it, and
    /// its archives may have been damaged since.
    private func exportArchived(
        _ entry: LogEntry, _ export: inout LogExport
    ) throws(ToolFailure) -> Int32 {
        var source = try openLog(entry.path)
        let logID = source.identity?.logID
        let last = logID.flatMap { RecoveryCursor.sequence(entry.path, logID: $0) }
        if options.background {
            // A start of the server need not read all archives again.
            guard !options.outputs.isEmpty, let logID, let last,
                !ExportCursors.areDone(
                    options.outputs, logID: logID, through: last, folder: entry.path)
            else { return 0 }
        }
        let meter = ProgressMeter(
            entry.path, unit: "bytes", isQuiet: options.quiet || options.background)
        let checkup = LogCheckup(&source, readsArchives: !options.background, meter: meter)
        meter.finish()
        if checkup.exitCode != 0 {
            for line in checkup.lines { say(line) }
        } else if options.outputs.isEmpty {
            say("\(entry.path): archived, nothing to recover")
        }
        var health = source.health()
        for (_, damage) in checkup.archiveDamages { health.note(archiveMissing: damage.missing) }
        export.healths.append(health)
        for line in health.unread { Console.complain(line) }
        guard !options.outputs.isEmpty, let logID else { return checkup.exitCode }
        let isExported = try export.write(entry)
        if isExported, !health.lacksPart, let last {
            do {
                try ExportCursors.complete(
                    options.outputs, logID: logID, through: last, folder: entry.path)
            } catch {
                throw ToolFailure(message: error.text)
            }
        }
        return checkup.exitCode
    }

    /// Joins what belongs together. In the background only when there is something new to decide:
    /// a start of the server need not read all logs again.
    private func join(_ entries: [LogEntry], _ export: inout LogExport) {
        guard let window = joining.windowNanoseconds, !options.outputs.isEmpty else { return }
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
        export.join(chains)
        history.remember(
            logs, chains, export.joined, live: entries.filter { $0.isLive },
            windowNanoseconds: window)
    }

    private func say(_ line: String) {
        if !options.quiet { Console.print(line) }
    }
}
