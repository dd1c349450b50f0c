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
        let filter = RecordFilter(from: from, to: to, commands: command.map { Array($0.utf8) })
        for entry in try logs.findSome() {
            var source = try openLog(entry.path, salvage: salvage)
            let lines = RecordLine(log: source.identity?.logIDText ?? "", isJSON: json)
            source.forEachRecord(in: filter.sequences, times: filter.times) {
                (call: borrowing Call) throws(Never) in
                if filter.accepts(call) { Console.write(lines.line(of: call)) }
            } other: { (record: borrowing OtherRecord) throws(Never) in
                if filter.acceptsOthers { Console.write(lines.line(of: record)) }
            }
            Console.flush()
            source.complainOfArchives()
            if let damage = source.damageInSegments {
                Console.complain("\(entry.path): \(damage); blackbox verify tells more")
            }
        }
    }
}

/// Which records are wanted.
struct RecordFilter {
    private(set) var sequences: ClosedRange<UInt64> = 0...UInt64.max
    private(set) var times: ClosedRange<Int64> = Int64.min...Int64.max
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

    /// Sequence number and time are looked at by the source.
    func accepts(_ call: borrowing Call) -> Bool {
        if commands.isEmpty { return true }
        for command in commands where command.span.elementsEqual(call.name) { return true }
        return false
    }

    /// Whether records that are no calls are wanted.
    var acceptsOthers: Bool { commands.isEmpty }
}
