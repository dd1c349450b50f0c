// blackbox-pg compact: the recordings of logs → PostgreSQL.

import ArgumentParser
import CPlatform
import Segments

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

    @OptionGroup var compaction: CompactionArguments
    @OptionGroup var server: ServerArguments
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
    @Flag(
        help: ArgumentHelp(
            "What there is to tell of the logs was told by the program that started this one.",
            visibility: .hidden))
    var told = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    private var outputs: Outputs {
        Outputs(isPostgres: true, mode: strict ? .strict : .standard)
    }

    func validate() throws { try compaction.check(isStrict: strict) }

    func run() throws {
        if background { bb_lower_priority(0) }
        let recording = compaction.recording
        var export = LogExport(
            outputs, isQuiet: quiet, isBackground: background, salvage: compaction.salvage,
            isTold: told)
        do {
            export.other = PostgresOutput(server: try server.server(isQuiet: quiet))
            let logs = compaction.logs
            let entries = onlyNew ? try logs.find().filter(isClosed) : try logs.findSome()
            try compaction.check(entries)
            let wanted = onlyNew ? entries.filter { !isDone($0) } : entries
            export.join(
                compaction.chains(entries).filter { chain in
                    chain.contains { part in wanted.contains { $0.path == part.path } }
                })
            try export.compact(wanted, recording: recording)
        } catch let failure as ToolFailure {
            // The program that started this one waits for the report, whatever happened.
            export.note(failure, recording: recording)
            try ReportFile.write(export.outcomes, export.healths, to: report)
            throw failure
        }
        try ReportFile.write(export.outcomes, export.healths, to: report)
        if export.hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    private func isClosed(_ entry: LogEntry) -> Bool {
        unsafe !entry.isLive && bb_path_kind(entry.path) == Int32(BB_KIND_FOLDER)
    }

    private func isDone(_ entry: LogEntry) -> Bool {
        // Archived or not.
        guard let logID = logID(of: entry.path) else { return false }
        return RecoveryCursor.hasExported(entry.path, outputs, logID: logID)
    }
}
