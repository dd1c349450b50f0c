// blackbox server-log: what happened to the server, and what was decided about who may come in.

import Archive
import ArgumentParser
import CPlatform
import Mission
import Segments
import Values
import WAL

struct ServerLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server-log",
        abstract: "Shows the server's own events and the join gate's decisions.",
        discussion: """
            One line for each event: time, user, what happened. Bursts (hacked, unsigned and different \
            files) are summed up after the first 20 of a user in a minute; the log has them all \
            (--all, or blackbox dump --command sev:hacked).

            With --json each line is an object: t (time), n (number of the event in these logs), e \
            (event, or gate for a decision), id, idExact (false: the game sent a rounded number, and id \
            is the user it was matched with), candidates (when several could be meant), uid, name, \
            mission, args (as the game passed them), file; for decisions the object that the log holds. \
            With --jsonl the same lines are files of a day each, DIR/2026-02-01.jsonl (UTC), written \
            anew as a whole from the logs that are given: so without --user, --from and --to, which would \
            leave a part of the day. Days that the logs do not tell of stay as they are, and so does the \
            beginning of a day whose log has been removed: run once a day, it keeps what happened for good.

            EXAMPLES
              blackbox server-log
              blackbox server-log --user 76561198000000001 --from 2026-02-01
              blackbox server-log ./blackbox-logs --jsonl ./events

            EXIT CODES
              0 done   1 a file could not be read or written   2 wrong usage
            """)

    @OptionGroup var logs: LogArguments
    @Flag(help: "One JSON object a line.") var json = false
    @Option(help: ArgumentHelp("Write a file for each day into this folder.", valueName: "dir"))
    var jsonl: String?
    @Option(help: "Only this user: his id, Steam id or name.") var user: String?
    @Option(help: "From this time on (UTC).") var from: Position?
    @Option(help: "Up to this time (UTC).") var to: Position?
    @Flag(help: "Every event of a burst.") var all = false
    @Flag(help: "Also the regular checks of files.") var checks = false
    @Flag(name: [.short, .long], help: "Without progress.") var quiet = false

    func validate() throws {
        for case .sequence? in [from, to] {
            throw ValidationError("--from and --to are times here, e.g. 2026-02-01T18:00.")
        }
        if jsonl != nil, user != nil || from != nil || to != nil {
            throw ValidationError(
                "--jsonl writes whole days: leave out --user, --from and --to, or use --json.")
        }
    }

    func run() throws {
        let filter = RecordFilter(from: from, to: to, commands: [])
        var log = ServerLog(
            times: filter.times, user: user.map { Array($0.utf8) }, summarises: !all,
            showsChecks: checks)
        var days = DayFiles()
        func put(_ entries: [ServerLog.Entry]) {
            for entry in entries {
                if jsonl != nil {
                    days.add(entry)
                } else {
                    Console.write(json ? entry.json : entry.text)
                }
            }
        }
        var hasFailed = false
        for entry in try logs.findSome() {
            do throws(ToolFailure) {
                let health = try read(entry, &log, put)
                for line in health.complaints(withLosses: false) { Console.complain(line) }
                if !health.unread.isEmpty { hasFailed = true }
            } catch {
                Console.complain(error.message)
                hasFailed = true
            }
        }
        if let jsonl { try days.write(to: jsonl) }
        Console.flush()
        if hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    /// Hands one log's events over.
    ///
    /// - Returns: what must be said of the log beside them.
    private func read(
        _ entry: LogEntry, _ log: inout ServerLog, _ put: ([ServerLog.Entry]) -> Void
    ) throws(ToolFailure) -> LogHealth {
        var source = try openLog(entry.path)
        // Among lines on the same terminal a meter would only be in the way.
        let meter = ProgressMeter(
            entry.path, unit: "records",
            isQuiet: quiet || jsonl == nil && Console.isOutputWatched)
        let last = source.identity.flatMap { RecoveryCursor.sequence(entry.path, logID: $0.logID) }
        var done: UInt64 = 0
        func step() {
            done += 1
            // The clock costs more than a record.
            if done & 0xFF == 0 { meter.update(done, of: last ?? 0) }
        }
        log.begin()
        source.forEachRecord { (call: borrowing Call) throws(Never) in
            step()
            put(log.read(call))
        } other: { (record: borrowing OtherRecord) throws(Never) in
            step()
            put(log.read(record))
        }
        put(log.end())
        Console.flush()
        meter.finish()
        source.complainOfArchives()
        return source.health()
    }
}

/// A file for each day.
struct DayFiles {
    private var days: [String: [UInt8]] = [:]

    mutating func add(_ entry: ServerLog.Entry) {
        days[String(Words.instant(entry.time).prefix(10)), default: []] += entry.json
    }

    func write(to folder: String) throws(ToolFailure) {
        do {
            try Paths.makeFolders(folder)
            for (day, bytes) in days {
                let path = Paths.join(folder, day + ".jsonl")
                try Paths.replace(path, with: Self.older(in: path, than: bytes) + bytes)
            }
        } catch {
            throw ToolFailure(message: error.text)
        }
    }

    /// The lines at the front of a file that are older than the first of `lines`: their log has been
    /// removed since, and nothing else tells of them.
    private static func older(in path: String, than lines: [UInt8]) throws(LogError) -> [UInt8] {
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else { return [] }
        let file = try File(path, UInt32(BB_OPEN_READ))
        let known = try file.read(limit: file.size())
        // Each line begins with the time, which is always as long.
        let length = #"{"t":"1970-01-01T00:00:00.000000000Z""#.utf8.count
        let first = lines.prefix(length)
        var end = 0
        while known[end...].prefix(length).lexicographicallyPrecedes(first),
            let next = known[end...].firstIndex(of: UInt8(ascii: "\n"))
        {
            end = next + 1
        }
        return Array(known[..<end])
    }
}
