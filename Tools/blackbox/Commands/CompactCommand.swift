// blackbox compact: the recordings of logs → replays and databases.

import ArgumentParser
import CPlatform

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
              blackbox compact --json ./recordings --sqlite ./recordings/blackbox.db
              blackbox compact LOG --recording 2 --json . --no-gzip
              blackbox compact ./blackbox-logs --json ./recordings --join
              blackbox compact LOG --json . --upload @ocap/ocap_recorder.cfg.json
              blackbox compact --postgres "host=db dbname=arma user=recorder"

            EXIT CODES
              0 all recordings were written   2 wrong usage
              1 one was not, or not uploaded, or a file of a log could not be read; the message says why
            """)

    @OptionGroup var compaction: CompactionArguments
    @OptionGroup var options: OutputOptions
    @Option(
        help: ArgumentHelp(
            "Wait until the web server of this configuration has what is streamed to it "
                + "(blackbox follow --websocket does that).", valueName: "file"))
    var websocket: String?

    func validate() throws {
        guard !options.outputs.isEmpty || options.postgresArguments != nil || websocket != nil
        else {
            throw ValidationError(
                "Name an output: --json DIR, --sqlite FILE, --postgres CONNINFO, or several.")
        }
        try compaction.check(isStrict: options.strict)
    }

    func run() throws {
        if options.background { bb_lower_priority(0) }
        let recording = compaction.recording
        var export = LogExport(
            options.outputs, isQuiet: options.quiet, isBackground: options.background,
            salvage: compaction.salvage)
        do {
            let entries = try compaction.logs.findSome()
            try compaction.check(entries)
            if !options.outputs.isEmpty {
                export.join(compaction.chains(entries))
                try export.compact(entries, recording: recording)
            }
            try PostgresProgram.compact(
                entries.map(\.path), options, compaction.joining, recording: recording,
                isTold: !options.outputs.isEmpty, into: &export)
            export.outcomes = UploadProgram.send(export.outcomes, options)
            if let websocket {
                export.outcomes += StreamWait.outcomes(
                    of: entries.map(\.path), recording, websocket)
            }
        } catch let failure as ToolFailure {
            // The plug-in waits for the report, whatever happened.
            export.note(failure, recording: recording)
            try ReportFile.write(export.outcomes, export.healths, to: options.report)
            throw failure
        }
        try ReportFile.write(export.outcomes, export.healths, to: options.report)
        if export.hasFailed { throw ExitCode(ExitStatus.failed) }
    }
}
