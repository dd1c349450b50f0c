// The words of the command line: options by name, everything else a log. The forms are those of the program
// for Linux, `--name value` and `--name=value`.

import CPlatform
import Mission
import Segments

/// What one command takes.
struct Arguments {
    var logs: [String] = []
    var outputs = Outputs()
    var report: String?
    /// The web server should have got the recording by another program, which there is none of.
    var isStreamed = false
    var recording: Int?
    var from: Position?
    var to: Position?
    var commands: [String] = []
    var isJSON = false
    var isQuiet = false
    var isBackground = false
    var decodes = false
    var salvages = false
    var tidy = TidyOptions()

    /// An option that takes a value, or none.
    private enum Option {
        case json, sqlite, report, recording, from, to, command, join
        case strict, noGzip, background, quiet, decode, salvage
        case need, upload, websocket, keepDays, keepSize, minFree, noArchive, dryRun, log
    }

    /// Options that a command knows.
    private static func option(_ name: String, of command: Command) -> Option? {
        let isExport = command == .compact || command == .recover
        let known: [(StaticString, Option, Bool)] = [
            ("--json", .json, true), ("--sqlite", .sqlite, isExport),
            ("--report", .report, isExport), ("--upload", .upload, isExport),
            ("--websocket", .websocket, command == .compact),
            ("--strict", .strict, isExport),
            ("--no-gzip", .noGzip, isExport),
            ("--background", .background, isExport || command == .tidy),
            ("--recording", .recording, command == .compact),
            ("--join", .join, command == .recover),
            ("--from", .from, command == .dump), ("--to", .to, command == .dump),
            ("--command", .command, command == .dump),
            ("--decode", .decode, command == .verify),
            ("--salvage", .salvage, isExport || command == .dump),
            ("--need", .need, command == .tidy), ("--keep-days", .keepDays, command == .tidy),
            ("--keep-size", .keepSize, command == .tidy),
            ("--min-free", .minFree, command == .tidy),
            ("--no-archive", .noArchive, command == .tidy),
            ("--dry-run", .dryRun, command == .tidy),
            ("--log", .log, command == .tidy),
            ("--quiet", .quiet, command != .dump), ("-q", .quiet, command != .dump),
        ]
        for (text, option, isKnown) in known where isKnown && isSame(name, text) { return option }
        return nil
    }

    init(_ words: [String], for command: Command) throws(ToolFailure) {
        var index = 0
        var takesOptions = true
        while index < words.count {
            let word = words[index]
            index += 1
            let bytes = Array(word.utf8)
            if takesOptions, isSame(word, "--") {
                takesOptions = false
                continue
            }
            guard takesOptions, bytes.count > 1, bytes[0] == UInt8(ascii: "-") else {
                logs.append(word)
                continue
            }
            let equals = bytes.firstIndex(of: UInt8(ascii: "="))
            let name = String(decoding: bytes[..<(equals ?? bytes.count)], as: UTF8.self)
            guard let option = Self.option(name, of: command) else {
                throw Self.wrong("unknown option " + name)
            }
            if setFlag(option, for: command) {
                guard equals == nil else { throw Self.wrong(name + " takes no value") }
                continue
            }
            var value = ""
            if let equals {
                value = String(decoding: bytes[(equals + 1)...], as: UTF8.self)
            } else if index < words.count {
                value = words[index]
                index += 1
            } else {
                throw Self.wrong(name + " needs a value")
            }
            // For text options nothing is no value.
            guard !value.utf8.isEmpty else { throw Self.wrong(name + " needs a value") }
            try set(option, name, value)
        }
    }

    /// True when the option was one without a value.
    private mutating func setFlag(_ option: Option, for command: Command) -> Bool {
        switch option {
        case .strict: outputs.mode = .strict
        case .noGzip: outputs.isCompressed = false
        case .background: isBackground = true
        case .quiet: isQuiet = true
        case .decode: decodes = true
        case .salvage: salvages = true
        case .dryRun: tidy.isDry = true
        // Said by the plug-in's configuration; here nothing is packed anyway.
        case .noArchive: break
        // A folder for the commands that export, a form for the others.
        case .json where command != .compact && command != .recover: isJSON = true
        default: return false
        }
        return true
    }

    private mutating func set(
        _ option: Option, _ name: String, _ value: String
    ) throws(ToolFailure) {
        switch option {
        case .json: outputs.jsonFolder = value
        case .sqlite: outputs.sqliteFile = value
        case .report: report = value
        case .upload: outputs.isForUpload = true
        case .websocket: isStreamed = true
        case .recording:
            guard let number = Int(value), number > 0 else {
                throw Self.wrong("--recording counts from 1")
            }
            recording = number
        case .from: from = try Self.position(name, value)
        case .to: to = try Self.position(name, value)
        case .command: commands.append(value)
        case .need: tidy.needed.append(value)
        case .log: tidy.logPath = value
        case .keepDays:
            guard let days = UInt64(value) else { throw Self.wrong("--keep-days takes a number") }
            tidy.keepDays = days
        case .keepSize: tidy.keepSize = try Self.size(name, value)
        case .minFree: tidy.minFree = try Self.size(name, value)
        // The plug-in passes it when its configuration says so.
        case .join: Console.complain("--join: this program does not join recordings")
        default: break
        }
    }

    private static func position(_ name: String, _ value: String) throws(ToolFailure) -> Position {
        guard let position = Position(argument: value) else {
            throw wrong(name + " takes a sequence number, or a time: 2025-06-01T18:00")
        }
        return position
    }

    private static func size(_ name: String, _ value: String) throws(ToolFailure) -> ByteSize {
        guard let size = ByteSize(argument: value) else {
            throw wrong(name + " takes a size: 20GB, 512MB, or 0")
        }
        return size
    }

    private static func wrong(_ message: String) -> ToolFailure {
        ToolFailure(message: message + " (blackbox --help)", code: ExitStatus.usage)
    }

    /// The logs, each once, in the order given; without any, where `DefaultLogs` finds them.
    func find() throws(ToolFailure) -> [LogEntry] {
        var found: [LogEntry] = []
        let paths = logs.isEmpty ? [try DefaultLogs.path()] : logs
        for path in paths {
            guard unsafe bb_path_kind(path) != Int32(BB_KIND_NONE) else {
                throw ToolFailure(
                    message: path + ": there is no such file or folder", code: ExitStatus.usage)
            }
            do {
                for entry in try LogList.find(path)
                where !found.contains(where: { isSame($0.path, entry.path) }) {
                    found.append(entry)
                }
            } catch {
                throw ToolFailure(message: error.text)
            }
        }
        return found
    }

    /// As `find`, but a command that has nothing to work on fails.
    func findSome() throws(ToolFailure) -> [LogEntry] {
        let found = try find()
        guard !found.isEmpty else {
            throw ToolFailure(
                message: place + ": no log there (a log is a folder with 000001.seg in it)",
                code: ExitStatus.usage)
        }
        return found
    }

    /// Where it was looked, for a sentence.
    var place: String { logs.first ?? "./blackbox-logs" }
}
