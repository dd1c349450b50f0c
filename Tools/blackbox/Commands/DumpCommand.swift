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
              blackbox dump LOG --command :EVENT:CHAT: --from 2025-06-01T18:00 --to 2025-06-01T19:00
              blackbox dump LOG/000001.seg --from 1000 --to 1020

            EXIT CODES
              0 done (also when the log is damaged: a line on standard error says so)
              1 a file could not be read
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

    func run() throws {
        for entry in try logs.findSome() {
            do {
                try dump(entry)
            } catch let error as LogError {
                throw ToolFailure(message: error.text)
            }
        }
    }

    private func dump(_ entry: LogEntry) throws {
        var reader = try LogReader(path: entry.path, salvage: salvage)
        let lines = RecordLine(log: reader.identity?.logIDText ?? "", isJSON: json)
        let filter = RecordFilter(from: from, to: to, commands: command.map { Array($0.utf8) })
        var decoder = CallDecoder()
        let report = reader.check { (record: borrowing Record, anchor) throws(Never) in
            if record.isCall || record.kind == RecordKind.dictionary {
                decoder.read(record, anchor, from: 0) { (call: borrowing Call) throws(Never) in
                    if filter.accepts(call) { Console.write(lines.line(of: call)) }
                }
            }
            guard !record.isCall else { return }
            let other = OtherRecord(
                sequence: record.sequence, time: anchor.wallTime(of: record.monotonic),
                kind: record.kind, flags: record.flags, payload: record.payload)
            if filter.accepts(other) { Console.write(lines.line(of: other)) }
        }
        Console.flush()
        if report.verdict.exitCode != 0 {
            Console.complain("\(entry.path): \(VerdictText.sentence(report.verdict))")
        }
    }
}

/// Which records are wanted.
struct RecordFilter {
    private var sequences: ClosedRange<UInt64> = 0...UInt64.max
    private var times: ClosedRange<Int64> = Int64.min...Int64.max
    private let commands: [[UInt8]]

    init(from: Position?, to: Position?, commands: [[UInt8]]) {
        self.commands = commands
        var firstSequence = sequences.lowerBound
        var lastSequence = sequences.upperBound
        var firstTime = times.lowerBound
        var lastTime = times.upperBound
        switch from {
        case .sequence(let number): firstSequence = number
        case .time(let time): firstTime = time
        case nil: break
        }
        switch to {
        case .sequence(let number): lastSequence = number
        case .time(let time): lastTime = time
        case nil: break
        }
        // An empty range accepts nothing: a range of one number that no record has, and one of time.
        sequences = firstSequence <= lastSequence ? firstSequence...lastSequence : 0...0
        times = firstTime <= lastTime ? firstTime...lastTime : Int64.min...Int64.min
    }

    func accepts(_ call: borrowing Call) -> Bool {
        guard sequences.contains(call.sequence), times.contains(call.time) else { return false }
        if commands.isEmpty { return true }
        for command in commands where command.span.elementsEqual(call.name) { return true }
        return false
    }

    func accepts(_ record: borrowing OtherRecord) -> Bool {
        commands.isEmpty && sequences.contains(record.sequence) && times.contains(record.time)
    }
}
