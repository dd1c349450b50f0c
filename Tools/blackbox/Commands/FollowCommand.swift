// blackbox follow: the records of a log as lines, while the game writes it.

import Archive
import ArgumentParser
import CPlatform
import Values
import WAL

struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Writes the records of a log as lines, while the game writes it.",
        discussion: """
            Each line is an object as dump --json writes it; it comes within a tenth of a second of the \
            call. The game never waits for this program, whatever reads it.

            Given a folder of logs, the newest log is followed, and after a restart of the server the \
            next one. Given one log, the program ends when its server has ended. It begins with what \
            comes now, --from-start with the log's first record; with --cursor it goes on where the last \
            run with that name ended, through all logs since. A cursor lies beside the log, and a log \
            is not removed (blackbox tidy) before the cursor has passed its end.

            EXAMPLES
              blackbox follow
              blackbox follow --command :EVENT:KILL: | my-discord-bot
              blackbox follow --cursor statistics ./blackbox-logs >> statistics.jsonl
              blackbox follow --from-start --until-save > mission.jsonl
              blackbox follow --websocket @ocap/ocap_recorder.cfg.json

            EXIT CODES
              0 ended by a signal, by --until-save, because the log ended, or because nobody reads \
            its output any more; 1 standard output can't be written; 2 wrong usage
            """)

    @Argument(
        help: ArgumentHelp(
            "A folder of logs, or a log's folder.",
            discussion: "Without it: ./blackbox-logs, else the logDir of the configuration beside "
                + "the program.", valueName: "log"))
    var log: String?
    @Flag(help: "Begin with the newest log's first record.") var fromStart = false
    @Option(
        help: ArgumentHelp(
            "Keep the place under this name: letters, digits, -, _ and .", valueName: "name"))
    var cursor: String?
    @Flag(help: "End behind the next :MISSION:SAVE:.") var untilSave = false
    @Option(
        help: ArgumentHelp(
            "Only calls of this command; may be given several times.", valueName: "name"))
    var command: [String] = []
    @Flag(help: "Fields with tabs between, for people.") var text = false
    @Option(
        help: ArgumentHelp(
            "Stream to the web server that this configuration names, by the program blackbox-net.",
            valueName: "file"))
    var websocket: String?
    @Flag(help: "With --websocket: at low priority, with lines as a log file has them.")
    var background = false
    @Flag(name: [.short, .long], help: "Say nothing but records and errors.") var quiet = false

    /// Another consumer's, with another meaning.
    private static let taken = [
        "json", "sqlite", "postgres", "websocket", "recover", "join", "joined", "archive",
    ]

    func validate() throws {
        if websocket == nil, background {
            throw ValidationError("--background belongs to --websocket.")
        }
        if websocket != nil, fromStart || untilSave || text || cursor != nil || !command.isEmpty {
            throw ValidationError(
                "--websocket streams everything; it takes no option but --background and --quiet.")
        }
        guard let cursor else { return }
        let isName =
            !cursor.utf8.isEmpty && cursor.utf8.count <= 64
            && cursor.utf8.first != UInt8(ascii: ".")
            && cursor.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
            }
        guard isName else {
            throw ValidationError("--cursor takes letters, digits, -, _ and . (not at the begin).")
        }
        guard !Self.taken.contains(cursor) else {
            throw ValidationError(
                "The cursor \(cursor) belongs to Blackbox itself; take another name.")
        }
    }

    func run() throws {
        if let websocket {
            var arguments = ["follow", "--config", websocket]
            if background { arguments.append("--background") }
            if quiet { arguments.append("--quiet") }
            try Sibling.become("blackbox-net", arguments + ["--"] + (log.map { [$0] } ?? []))
        }
        let path = try log ?? DefaultLogs.path()
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER) else {
            throw ToolFailure(
                message:
                    "\(path): there is no such folder; name a log's folder, or the folder of logs",
                code: ExitStatus.usage)
        }
        Interruption.watch()
        var following = Following(
            path: path, cursor: cursor, fromStart: fromStart, isText: text, untilSave: untilSave,
            filter: RecordFilter(from: nil, to: nil, commands: command.map { Array($0.utf8) }))
        following.run()
    }
}

/// One run of `follow`.
private struct Following: ~Copyable {
    private struct Stop: Error {}

    private var trail: LogTrail
    private let isText: Bool
    private let untilSave: Bool
    private let filter: RecordFilter
    /// Last record of the log that is done with.
    private var done: UInt64 = 0
    private var kept: UInt64 = 0
    private var isSaved = false

    init(
        path: String, cursor: String?, fromStart: Bool, isText: Bool, untilSave: Bool,
        filter: RecordFilter
    ) {
        trail = LogTrail(path: path, cursor: cursor, start: fromStart ? .newestLog : .now)
        self.isText = isText
        self.untilSave = untilSave
        self.filter = filter
    }

    mutating func run() {
        var isRead = true
        while isRead && !isSaved && !Interruption.isWanted {
            let log = trail.log
            let look = try? takeLook()
            if look != nil { done = trail.sequence }
            // First the lines, then the cursor: a kill in between repeats lines and leaves none out.
            Console.flush()
            if done != kept {
                trail.acknowledge(done)
                kept = done
            }
            for trouble in trail.takeTroubles() { Console.complain(trouble) }
            if !isSame(log ?? "", trail.log ?? "") {
                done = 0
                kept = 0
            }
            if case .ended = look { return }
            var isQuiet = false
            if case .nothing = look { isQuiet = true }
            isRead = Interruption.pause(milliseconds: isQuiet ? 100 : 0)
        }
    }

    private mutating func takeLook() throws(Stop) -> LogTrail.Look {
        var done = done
        var isSaved = false
        let (filter, isText, untilSave) = (filter, isText, untilSave)
        // The log that the lines name is known once the look has begun.
        var lines: RecordLine?
        defer {
            self.done = done
            self.isSaved = isSaved
        }
        return try trail.look { (call: borrowing Call, log: [UInt8]) throws(Stop) in
            if lines == nil { lines = Self.lines(log, isText) }
            if filter.accepts(call), let lines { Console.write(lines.line(of: call)) }
            done = call.sequence
            if untilSave, call.command == .missionSave { isSaved = true }
            if isSaved || Interruption.isWanted { throw Stop() }
        } other: { (record: borrowing OtherRecord, log: [UInt8]) throws(Stop) in
            if lines == nil { lines = Self.lines(log, isText) }
            if filter.acceptsOthers, let lines { Console.write(lines.line(of: record)) }
            done = record.sequence
        }
    }

    private static func lines(_ log: [UInt8], _ isText: Bool) -> RecordLine {
        RecordLine(log: String(decoding: hexText(log.span), as: UTF8.self), isJSON: !isText)
    }
}
