// blackbox for Windows: the commands that the plug-in there starts, and those for a look at a log. Archives are
// read, and made on Linux; databases and everything with a network are Linux' (docs/windows.md). What is said about a log is in
// files that both programs share (Tools/blackbox/Shared).

import CPlatform
import Segments
import Values

/// The commands.
enum Command {
    case compact
    case recover
    case verify
    case dump
    case tidy

    init?(_ name: String) {
        if isSame(name, "compact") {
            self = .compact
        } else if isSame(name, "recover") {
            self = .recover
        } else if isSame(name, "verify") {
            self = .verify
        } else if isSame(name, "dump") {
            self = .dump
        } else if isSame(name, "tidy") {
            self = .tidy
        } else {
            return nil
        }
    }
}

private let help: StaticString = """
    Looks after the logs that the flight recorder of an Arma 3 server leaves.

    blackbox compact [LOG…] --json DIR [--recording N] [--strict] [--no-gzip] [--report FILE]
                            [--salvage] [--background] [--quiet]
        writes the recordings as replays for the web viewer
    blackbox recover [LOG…] [--json DIR] [… as compact]
        finds the logs of servers that died, says what was kept, and closes them
    blackbox verify [LOG…] [--decode] [--json] [--quiet]
        is every byte of a log accounted for?
    blackbox dump [LOG…] [--json] [--from X] [--to X] [--command NAME] [--salvage]
        every record as a line
    blackbox tidy [FOLDER] [--need OUTPUT] [--keep-days N] [--keep-size SIZE] [--min-free SIZE]
                  [--dry-run] [--log FILE] [--background] [--json] [--quiet]
        removes the oldest logs above the limits, never one that an output has not got

    LOG: a log's folder, a folder of logs, one segment or archive; without it: ./blackbox-logs, else the logDir
    of ocap_recorder.cfg.json beside the program.   SIZE: 20GB, 512MB
    X: a sequence number, or a time in UTC, 2025-06-01T18:00

    EXAMPLES
      blackbox recover --json .\\recordings
      blackbox dump blackbox-logs --json --command :EVENT:KILL:

    EXIT CODES
      0 done   1 something could not be done, the message says what   2 wrong usage
      verify and recover: 10 torn tail, 11 damage, 12 foreign bytes; the worst wins

    SQLite, making archives, upload: with the program for Linux, on Linux or in WSL, from the same logs.
    """

/// The whole program; its exit code.
@c(blackbox_main)
public func blackboxMain(
    _ arguments: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int32
) -> Int32 {
    var words: [String] = []
    if let arguments = unsafe arguments, count > 1 {
        for index in 1..<Int(count) {
            if let text = unsafe arguments[index] { unsafe words.append(String(cString: text)) }
        }
    }
    let code = run(words)
    Console.flush()
    let isBroken = unsafe Console.isBroken
    return code == ExitStatus.done && isBroken ? ExitStatus.failed : code
}

private func run(_ words: [String]) -> Int32 {
    let asksForHelp = words.contains { isSame($0, "--help") || isSame($0, "-h") }
    guard let name = words.first, !asksForHelp else {
        Console.print(help.description)
        return words.isEmpty ? ExitStatus.usage : ExitStatus.done
    }
    if isSame(name, "--version") {
        Console.print(unsafe String(cString: bb_build_version()))
        return ExitStatus.done
    }
    guard let command = Command(name) else {
        Console.complain("there is no command " + name + " (blackbox --help)")
        return ExitStatus.usage
    }
    do throws(ToolFailure) {
        let arguments = try Arguments(Array(words.dropFirst()), for: command)
        switch command {
        case .compact: return try Compact(arguments).run()
        case .recover: return try Recover(arguments).run()
        case .verify: return try Inspection(arguments).verify()
        case .dump: return try Inspection(arguments).dump()
        case .tidy: return try Tidy(arguments).run()
        }
    } catch {
        Console.complain(error.message)
        return error.code
    }
}
