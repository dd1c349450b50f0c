// blackbox tidy: what keeps the disk in order. The plug-in starts it after each save.

import Archive
import ArgumentParser
import CPlatform
import Segments

struct TidyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tidy",
        abstract: "Packs logs that every output has got, and removes the oldest of them.",
        discussion: """
            The plug-in starts this after each save, with the limits of its configuration; by hand it \
            takes those of the configuration beside the program. A log is left alone while its server \
            runs, until recover has looked after it, and until every output has got it: each that \
            is named with --need, and each that has begun (it has a .cursor file in the log's folder).

            EXAMPLES
              blackbox tidy --dry-run
              blackbox tidy ./blackbox-logs --keep-days 14 --keep-size 5GB
              blackbox tidy --no-archive --keep-days 0 --keep-size 0 --min-free 10GB

            EXIT CODES
              0 done, or nothing to do   1 something could not be done, the message says what
              2 wrong usage
            """)

    @Argument(
        help: ArgumentHelp(
            "The folder of all logs.",
            discussion: "Without it: ./blackbox-logs, else the logDir of the configuration.",
            valueName: "folder"))
    var root: String?
    @Option(
        help: ArgumentHelp(
            "An output that must have a log before it is packed or removed (json, sqlite, …); may be "
                + "given several times.", valueName: "output"))
    var need: [String] = []
    @Option(help: ArgumentHelp("Remove older logs; 0: never.", valueName: "days"))
    var keepDays: UInt64?
    @Option(
        help: ArgumentHelp(
            "Remove the oldest logs above this size of all together; 0: no limit.",
            valueName: "size"))
    var keepSize: ByteSize?
    @Option(
        help: ArgumentHelp(
            "Remove the oldest logs while less is free on their disk; 0: don't.", valueName: "size")
    )
    var minFree: ByteSize?
    @Flag(name: .customLong("no-archive"), help: "Do not pack logs.") var noArchive = false
    @Flag(help: "Only say what would be done.") var dryRun = false
    @Option(help: ArgumentHelp("Also write what is done into this log file.", valueName: "file"))
    var log: String?
    @Flag(help: "At low priority.") var background = false
    @Flag(help: "One JSON object a line for each thing done.") var json = false
    @Flag(name: [.short, .long], help: "Say nothing but warnings and errors.") var quiet = false

    func run() throws {
        if background { bb_lower_priority(0) }
        let settings = OwnerConfiguration.own().settings
        let options = TidyOptions(
            needed: need, keepDays: keepDays, keepSize: keepSize, minFree: minFree)
        let folder = try root ?? DefaultLogs.path()
        guard unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER) else {
            throw ToolFailure(
                message: "\(folder): there is no such folder", code: ExitStatus.usage)
        }
        let packs = noArchive ? false : settings.archive
        let tidy = TidyRun(
            root: folder, needed: options.needed(settings), limits: options.limits(settings),
            isDry: dryRun, log: OwnerLog(path: log, isQuiet: quiet, isJSON: json),
            pack: packs ? { LogPacker.pack($0, isQuiet: quiet || background) } : nil)
        do {
            if try !tidy.run() { throw ExitCode(ExitStatus.failed) }
        } catch let error as LogError {
            throw ToolFailure(message: error.text)
        }
    }
}

extension ByteSize: ExpressibleByArgument {}
