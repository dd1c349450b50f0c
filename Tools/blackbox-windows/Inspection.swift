// verify and dump: what is in a log.

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
                var reader = try openLog(entry, salvage: false)
                let report = reader.check()
                worst = max(worst, report.verdict.exitCode)
                guard !arguments.isQuiet else { continue }
                if arguments.isJSON {
                    var object = LogReportText.json(report)
                    // Archives are Linux'; programs find the same members here.
                    object.add("archives", 0)
                    object.add("archivedRecords", 0)
                    object.add("archiveDamages", objects: [])
                    Console.write(object.line)
                } else {
                    for line in LogReportText.lines(report) { Console.print(line) }
                }
                if arguments.decodes { listRejects(&reader, entry) }
            } catch {
                Console.complain(error.message)
                worst = max(worst, ExitStatus.failed)
            }
        }
        return worst
    }

    private func listRejects(_ reader: inout LogReader, _ entry: LogEntry) {
        let compaction = LogCompaction(path: entry.path, source: &reader, outputs: Outputs())
        RejectListing.write(compaction.job.index.rejects, json: arguments.isJSON, limit: .max)
        for span in compaction.job.recordings {
            let report = compaction.decode(span, from: &reader)
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
        var reader = try openLog(entry, salvage: arguments.salvages)
        let lines = RecordLine(log: reader.identity?.logIDText ?? "", isJSON: arguments.isJSON)
        let filter = RecordFilter(
            from: arguments.from, to: arguments.to,
            commands: arguments.commands.map { Array($0.utf8) })
        var decoder = CallDecoder()
        let report = reader.check { (record: borrowing Record, anchor) throws(Never) in
            if record.isCall || record.kind == RecordKind.dictionary {
                decoder.read(record, anchor, from: 0) { (call: borrowing Call) throws(Never) in
                    guard filter.sequences.contains(call.sequence),
                        filter.times.contains(call.time), filter.accepts(call)
                    else { return }
                    Console.write(lines.line(of: call))
                }
            }
            guard !record.isCall else { return }
            let other = OtherRecord(
                sequence: record.sequence, time: anchor.wallTime(of: record.monotonic),
                kind: record.kind, flags: record.flags, payload: record.payload)
            guard filter.acceptsOthers, filter.sequences.contains(other.sequence),
                filter.times.contains(other.time)
            else { return }
            Console.write(lines.line(of: other))
        }
        Console.flush()
        return LogHealth(report, losses: report.losses)
    }
}
