// verify and dump: what is in a log.

import Archive
import CPlatform
import Mission
import Replay
import Segments
import Values
import WAL

/// `verify` and `dump`
struct Inspection {
    private let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func verify() throws(ToolFailure) -> Int32 {
        var worst: Int32 = 0
        for entry in try arguments.findSome() {
            do throws(ToolFailure) {
                var source = try openLog(entry.path)
                let meter = ProgressMeter(entry.path, unit: "bytes", isQuiet: arguments.isQuiet)
                let checkup = LogCheckup(&source, meter: meter)
                meter.finish()
                worst = max(worst, checkup.exitCode)
                guard !arguments.isQuiet else { continue }
                if arguments.isJSON {
                    Console.write(checkup.object.line)
                } else {
                    for line in checkup.lines { Console.print(line) }
                }
                if arguments.decodes { listRejects(&source, entry) }
            } catch {
                Console.complain(error.message)
                worst = max(worst, ExitStatus.failed)
            }
        }
        return worst
    }

    private func listRejects(_ source: inout LogSource, _ entry: LogEntry) {
        let compaction = LogCompaction(path: entry.path, source: &source, outputs: Outputs())
        RejectListing.write(compaction.job.index.rejects, json: arguments.isJSON, limit: .max)
        for span in compaction.job.recordings {
            let report = compaction.decode(span, from: &source)
            RejectListing.write(report.rejects, json: arguments.isJSON, limit: .max)
        }
    }

    func dump() throws(ToolFailure) -> Int32 {
        var code = ExitStatus.done
        for entry in try arguments.findSome() {
            let health = try dump(entry)
            // Losses are among the records.
            for line in health.complaints(withLosses: false) { Console.complain(line) }
            if !health.unread.isEmpty { code = ExitStatus.failed }
        }
        return code
    }

    private func dump(_ entry: LogEntry) throws(ToolFailure) -> LogHealth {
        var source = try openLog(entry.path, salvage: arguments.salvages)
        let lines = RecordLine(log: source.identity?.logIDText ?? "", isJSON: arguments.isJSON)
        let filter = RecordFilter(
            from: arguments.from, to: arguments.to,
            commands: arguments.commands.map { Array($0.utf8) })
        source.forEachRecord(in: filter.sequences, times: filter.times) {
            (call: borrowing Call) throws(Never) in
            if filter.accepts(call) { Console.write(lines.line(of: call)) }
        } other: { (record: borrowing OtherRecord) throws(Never) in
            if filter.acceptsOthers { Console.write(lines.line(of: record)) }
        }
        Console.flush()
        source.complainOfArchives()
        return source.health()
    }
}
