// blackbox recover: what a crash left. Seals the logs of processes that died, says what was kept and
// what was torn, and compacts them when outputs are named.

import ArgumentParser
import CPlatform
import Segments

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
        let recovered = try RecoveredLog.look(
            after: entry.path, readsArchives: !options.background,
            isQuiet: options.quiet || options.background)
        guard let recovered else {
            say("\(entry.path): another program is looking after it")
            return 0
        }
        for line in recovered.lines { say(line) }
        if recovered.isArchived, recovered.code == 0, options.outputs.isEmpty {
            say("\(entry.path): archived, nothing to recover")
        }
        for error in recovered.errors { Console.complain(error) }
        export.healths.append(recovered.health)
        for line in recovered.health.unread { Console.complain(line) }
        let isExported =
            options.outputs.isEmpty || recovered.identity == nil ? false : try export.write(entry)
        recovered.remember(options.outputs, isExported: isExported)
        return recovered.code
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
