// blackbox verify: is every byte of a log accounted for?

import Archive
import ArgumentParser
import CPlatform
import Mission
import Segments
import WAL

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the framing of logs: checksums, sequence numbers, the chain of segments.",
        discussion: """
            With --decode the calls are decoded as well, and those that can't be used are listed with \
            the reason. They are kept all the same and do not change the exit code.

            EXAMPLES
              blackbox verify
              blackbox verify ./blackbox-logs/20250601T180000Z-4711 --decode

            EXIT CODES
              0 clean, or a call was under way   10 torn tail   11 damage   12 foreign bytes
              2 wrong usage                      1 a file could not be read; the worst wins
            """)

    @OptionGroup var logs: LogArguments
    @Flag(help: "Decode the calls, and list those that can't be used.") var decode = false
    @Flag(help: "One JSON object a line for each log.") var json = false
    @Flag(name: [.short, .long], help: "Nothing but the exit code.") var quiet = false

    func run() throws {
        var worst: Int32 = 0
        let entries = try logs.findSome()
        for entry in entries {
            do {
                var source = try openLog(entry.path)
                let meter = ProgressMeter(entry.path, unit: "bytes", isQuiet: quiet)
                let checkup = LogCheckup(&source, meter: meter)
                meter.finish()
                worst = max(worst, checkup.exitCode)
                guard !quiet else { continue }
                if json {
                    Console.write(checkup.object.line)
                } else {
                    for line in checkup.lines { Console.print(line) }
                }
                if decode { try listRejects(&source, entry) }
            } catch let failure as ToolFailure {
                Console.complain(failure.message)
                worst = max(worst, failure.code)
            }
        }
        if worst != 0 { throw ExitCode(worst) }
    }

    private func listRejects(_ reader: inout LogSource, _ entry: LogEntry) throws {
        let compaction = LogCompaction(
            path: entry.path, source: &reader, outputs: Outputs(), isQuiet: quiet)
        var lists = [compaction.job.index.rejects]
        for span in compaction.job.recordings {
            lists.append(try compaction.decode(span, from: &reader).rejects)
        }
        for list in lists { RejectListing.write(list, json: json, limit: .max) }
    }
}
