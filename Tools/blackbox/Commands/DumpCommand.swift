// blackbox dump: every record of a log as a line.

import Archive
import ArgumentParser
import Segments
import Values
import WAL

struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Writes the records of logs as lines, one for each record.",
        discussion: """
            With --json each line is an object: log, sequence, time (UTC), kind; for calls command, \
            form (array or string), arguments (exactly as the game passed them, quotes included), \
            and, when one of them is not UTF-8, argumentsHex: all of them in hexadecimal.

            EXAMPLES
              blackbox dump ./blackbox-logs --json | grep '"command":":EVENT:KILL:"'
              blackbox dump LOG --command :EVENT:CHAT: --from 2025-06-01T18:00
              blackbox dump LOG/000001.seg --from 1000 --to 1020

            EXIT CODES
              0 done (also when the log is damaged: a line on standard error says so)
              1 a file could not be read; the message says which
              2 wrong usage
            """)

    @OptionGroup var logs: LogArguments
    @Flag(help: "One JSON object a line.") var json = false
    @Option(help: "First sequence number, or time in UTC.") var from: Position?
    @Option(help: "Last sequence number, or time in UTC.") var to: Position?
    @Option(
        help: ArgumentHelp(
            "Only calls of this command; may be given several times.", valueName: "name"))
    var command: [String] = []
    @Flag(help: "Also whole records behind a hole at the log's end.") var salvage = false
    @Flag(name: [.short, .long], help: "Without progress.") var quiet = false

    func run() throws {
        let filter = RecordFilter(from: from, to: to, commands: command.map { Array($0.utf8) })
        var hasFailed = false
        for entry in try logs.findSome() {
            do throws(ToolFailure) {
                let health = try dump(entry, filter)
                // Losses are among the records.
                for line in health.complaints(withLosses: false) { Console.complain(line) }
                if !health.unread.isEmpty { hasFailed = true }
            } catch {
                Console.complain(error.message)
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    private func dump(_ entry: LogEntry, _ filter: RecordFilter) throws(ToolFailure) -> LogHealth {
        var source = try openLog(entry.path, salvage: salvage)
        let lines = RecordLine(log: source.identity?.logIDText ?? "", isJSON: json)
        // Among lines on the same terminal a meter would only be in the way.
        let meter = ProgressMeter(
            entry.path, unit: "records", isQuiet: quiet || Console.isOutputWatched)
        let last = source.identity.flatMap { RecoveryCursor.sequence(entry.path, logID: $0.logID) }
        let all = filter.recordCount(through: last)
        var done: UInt64 = 0
        func step() {
            done += 1
            // The clock costs more than a record.
            if done & 0xFF == 0 { meter.update(done, of: all) }
        }
        source.forEachRecord(in: filter.sequences, times: filter.times) {
            (call: borrowing Call) throws(Never) in
            step()
            if filter.accepts(call) { Console.write(lines.line(of: call)) }
        } other: { (record: borrowing OtherRecord) throws(Never) in
            step()
            if filter.acceptsOthers { Console.write(lines.line(of: record)) }
        }
        Console.flush()
        meter.finish()
        source.complainOfArchives()
        return source.health()
    }
}

extension Position: ExpressibleByArgument {}
