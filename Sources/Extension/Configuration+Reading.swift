// The configuration file: JSON, any case of the keys, every value optional. What can't be used is named
// in the log file and leaves its default in force. docs/configuration.md.

import Values

extension Configuration {
    /// The settings that the file's text asks for, and a sentence for each thing in it that was not
    /// used. A text that is no JSON object gives the defaults and says so.
    static func read(_ text: [UInt8]) -> (configuration: Configuration, notes: [String]) {
        var reading = ConfigurationReading()
        // Editors on Windows like to put a byte order mark in front.
        let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
        let json = hasMark ? [UInt8](text.dropFirst(3)) : text
        do throws(JSONError) {
            let value = try JSONValue.parse(json.span)
            if case .object(let members) = value {
                reading.readTop(members)
            } else {
                reading.notes.append(
                    "the configuration is \(value.kindName), not an object; using the defaults")
            }
        } catch {
            reading.notes.append(
                "the configuration can't be read, using the defaults: " + error.sentence)
        }
        return (reading.configuration, reading.notes)
    }
}

/// One pass over the file.
private struct ConfigurationReading {
    var configuration = Configuration()
    var notes: [String] = []

    mutating func readTop(_ members: [JSONValue.Member]) {
        for member in members {
            let key = member.key.span
            let value = member.value
            if key.equalsIgnoringCase("logLevel") {
                readLevel(value)
            } else if key.equalsIgnoringCase("logsDir") {
                text("logsDir", value, mayBeEmpty: false) { $0.logsDir = $1 }
            } else if key.equalsIgnoringCase("api") {
                group("api", value) { $0.readAPI($1, $2) }
            } else if key.equalsIgnoringCase("storage") {
                group("storage", value) { $0.readStorage($1, $2) }
            } else if key.equalsIgnoringCase("blackbox") {
                group("blackbox", value) { $0.readOwn($1, $2) }
            } else if key.equalsIgnoringCase("db") {
                group("db", value) { $0.readDatabase($1, $2) }
            } else if key.equalsIgnoringCase("otel") {
                notes.append("otel: telemetry is not exported by this recorder")
            } else if key.equalsIgnoringCase("defaultTag") || key.equalsIgnoringCase("graylog")
                || key.equalsIgnoringCase("logio")
            {
                // Keys of the reference without any effect there, found in every copied example.
            } else {
                unknown("", member)
            }
        }
    }

    private mutating func readLevel(_ value: JSONValue) {
        guard case .string(let bytes) = value else {
            mistyped("logLevel", value, wanted: "a text")
            return
        }
        let word = bytes.span
        if word.equalsIgnoringCase("debug") {
            configuration.logLevel = .debug
        } else if word.equalsIgnoringCase("warn") {
            configuration.logLevel = .warn
        } else if word.equalsIgnoringCase("error") {
            configuration.logLevel = .error
        } else if !word.equalsIgnoringCase("info") {
            notes.append(
                "logLevel: \"\(String(decoding: bytes, as: UTF8.self))\" is none of debug, info, warn, "
                    + "error; using info")
        }
    }

    private mutating func readAPI(_ member: JSONValue.Member, _ path: String) {
        let key = member.key.span
        if key.equalsIgnoringCase("serverUrl") {
            text("api.serverUrl", member.value) { $0.serverURL = $1 }
        } else if key.equalsIgnoringCase("apiKey") {
            // Read by the program that uploads; here only its type is checked.
            text("api.apiKey", member.value) { _, _ in }
        } else {
            unknown(path, member)
        }
    }

    private mutating func readStorage(_ member: JSONValue.Member, _ path: String) {
        let key = member.key.span
        if key.equalsIgnoringCase("type") {
            text("storage.type", member.value) { $0.storageType = $1 }
        } else if key.equalsIgnoringCase("memory") {
            group("storage.memory", member.value) { reading, member, path in
                let key = member.key.span
                if key.equalsIgnoringCase("outputDir") {
                    reading.text("storage.memory.outputDir", member.value, mayBeEmpty: false) {
                        $0.outputDir = $1
                    }
                } else if key.equalsIgnoringCase("compressOutput") {
                    reading.flag("storage.memory.compressOutput", member.value) {
                        $0.compressOutput = $1
                    }
                } else {
                    reading.unknown(path, member)
                }
            }
        } else if key.equalsIgnoringCase("sqlite") {
            group("storage.sqlite", member.value) { reading, member, path in
                let key = member.key.span
                if key.equalsIgnoringCase("path") {
                    reading.text("storage.sqlite.path", member.value, mayBeEmpty: false) {
                        $0.sqlitePath = $1
                    }
                } else if key.equalsIgnoringCase("dumpInterval") {
                    // Nothing is dumped here (the log is always on disk), but a bad value is still told.
                    _ = reading.duration(
                        "storage.sqlite.dumpInterval", member.value, bareUnitNanoseconds: 1)
                } else {
                    reading.unknown(path, member)
                }
            }
        } else {
            unknown(path, member)
        }
    }

    private mutating func readDatabase(_ member: JSONValue.Member, _ path: String) {
        // Read by the program that writes to PostgreSQL; here only names and types are checked.
        for known in ["host", "port", "username", "password", "database"] as [StaticString]
        where member.key.span.equalsIgnoringCase(known) {
            text(path + "." + Bytes.text(known), member.value) { _, _ in }
            return
        }
        unknown(path, member)
    }

    private mutating func readOwn(_ member: JSONValue.Member, _ path: String) {
        let key = member.key.span
        let value = member.value
        if key.equalsIgnoringCase("logDir") {
            text("blackbox.logDir", value, mayBeEmpty: false) { $0.logDir = $1 }
        } else if key.equalsIgnoringCase("keeperIntervalMs") {
            let interval = duration(
                "blackbox.keeperIntervalMs", value, bareUnitNanoseconds: 1_000_000)
            if let interval {
                whole(
                    "blackbox.keeperIntervalMs", interval / 1_000_000, 10...10_000,
                    "milliseconds"
                ) { $0.keeperIntervalMilliseconds = $1 }
            }
        } else if key.equalsIgnoringCase("segmentMiB") {
            number("blackbox.segmentMiB", value, 1...1_024, "MiB") { $0.segmentMiB = $1 }
        } else if key.equalsIgnoringCase("compactor") {
            text("blackbox.compactor", value) { $0.compactor = $1 }
        } else if key.equalsIgnoringCase("autorun") {
            flag("blackbox.autorun", value) { $0.autorun = $1 }
        } else if key.equalsIgnoringCase("strict") {
            flag("blackbox.strict", value) { $0.strict = $1 }
        } else if key.equalsIgnoringCase("joinMinutes") {
            let minute = 60_000_000_000.0
            if let time = duration("blackbox.joinMinutes", value, bareUnitNanoseconds: minute) {
                whole("blackbox.joinMinutes", time / minute, 0...1_440, "minutes") {
                    $0.joinMinutes = $1
                }
            }
        } else if key.equalsIgnoringCase("logFileMiB") {
            number("blackbox.logFileMiB", value, 1...4_096, "MiB") { $0.logFileMiB = $1 }
        } else {
            unknown(path, member)
        }
    }

    // MARK: kinds of values

    private mutating func group(
        _ name: String, _ value: JSONValue,
        _ read: (inout ConfigurationReading, JSONValue.Member, String) -> Void
    ) {
        guard case .object(let members) = value else {
            mistyped(name, value, wanted: "an object")
            return
        }
        for member in members { read(&self, member, name) }
    }

    /// A text; a number is taken as it is written (`"port": 5432`).
    private mutating func text(
        _ name: String, _ value: JSONValue, mayBeEmpty: Bool = true,
        _ set: (inout Configuration, String) -> Void
    ) {
        switch value {
        case .string(let bytes) where bytes.isEmpty && !mayBeEmpty:
            notes.append("\(name): must not be empty; using the default")
        case .string(let bytes) where bytes.contains(0):
            notes.append("\(name): contains a NUL; using the default")
        case .string(let bytes): set(&configuration, String(decoding: bytes, as: UTF8.self))
        case .number(_, let raw): set(&configuration, String(decoding: raw, as: UTF8.self))
        default: mistyped(name, value, wanted: "a text")
        }
    }

    /// True or false, also as a text.
    private mutating func flag(
        _ name: String, _ value: JSONValue, _ set: (inout Configuration, Bool) -> Void
    ) {
        switch value {
        case .bool(let isOn): set(&configuration, isOn)
        case .string(let bytes) where bytes.span.equalsIgnoringCase("true"):
            set(&configuration, true)
        case .string(let bytes) where bytes.span.equalsIgnoringCase("false"):
            set(&configuration, false)
        default: mistyped(name, value, wanted: "true or false")
        }
    }

    private mutating func number(
        _ name: String, _ value: JSONValue, _ range: ClosedRange<Int>, _ unit: String,
        _ set: (inout Configuration, Int) -> Void
    ) {
        switch value {
        case .number(let number, _): whole(name, number, range, unit, set)
        case .string(let bytes):
            guard let number = NumberParser.parse(bytes.span) else {
                mistyped(name, value, wanted: "a number")
                return
            }
            whole(name, number, range, unit, set)
        default: mistyped(name, value, wanted: "a number")
        }
    }

    /// A whole number within a range.
    private mutating func whole(
        _ name: String, _ number: Double, _ range: ClosedRange<Int>, _ unit: String,
        _ set: (inout Configuration, Int) -> Void
    ) {
        guard number >= Double(range.lowerBound), number <= Double(range.upperBound) else {
            notes.append(
                "\(name): must lie between \(range.lowerBound) and \(range.upperBound) \(unit); "
                    + "using the default")
            return
        }
        set(&configuration, Int(number))
    }

    /// A duration in nanoseconds: a text with units (`90s`, `3m`, `1h30m`, `100ms`), or a bare number
    /// in the key's own unit.
    private mutating func duration(
        _ name: String, _ value: JSONValue, bareUnitNanoseconds: Double
    ) -> Double? {
        switch value {
        case .number(let number, _): return number * bareUnitNanoseconds
        case .string(let bytes):
            if let number = NumberParser.parse(bytes.span) { return number * bareUnitNanoseconds }
            if let nanoseconds = DurationText.nanoseconds(bytes.span) { return nanoseconds }
            notes.append(
                "\(name): \"\(String(decoding: bytes, as: UTF8.self))\" is no duration (90s, 3m, "
                    + "1h30m); using the default")
            return nil
        default:
            mistyped(name, value, wanted: "a duration")
            return nil
        }
    }

    // MARK: notes

    private mutating func mistyped(_ name: String, _ value: JSONValue, wanted: String) {
        notes.append("\(name): must be \(wanted), is \(value.kindName); using the default")
    }

    private mutating func unknown(_ path: String, _ member: JSONValue.Member) {
        let key = String(decoding: member.key, as: UTF8.self)
        notes.append("unknown key \"" + (path.utf8.isEmpty ? key : path + "." + key) + "\" ignored")
    }
}

/// Durations with units.
enum DurationText {
    /// Nanoseconds that a text such as `90s`, `1.5h`, `1h30m` or `100ms` stands for; nil when it is
    /// none. Negative ones are fine (the reference takes them as "off").
    static func nanoseconds(_ text: Span<UInt8>) -> Double? {
        var index = 0
        var sign = 1.0
        if text.count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            if text[0] == UInt8(ascii: "-") { sign = -1 }
            index = 1
        }
        guard index < text.count else { return nil }
        var total = 0.0
        while index < text.count {
            guard text[index] != UInt8(ascii: "-"), text[index] != UInt8(ascii: "+"),
                let scanned = NumberParser.scan(text, from: index)
            else { return nil }
            index = scanned.end
            let start = index
            while index < text.count, text[index] > UInt8(ascii: "9") { index += 1 }
            guard let unit = unit(text.extracting(start..<index)) else { return nil }
            total += scanned.value * unit
        }
        return total.isFinite ? sign * total : nil
    }

    private static func unit(_ text: Span<UInt8>) -> Double? {
        if text.elementsEqual("ns") { return 1 }
        if text.elementsEqual("us") || text.elementsEqual("µs") { return 1_000 }
        if text.elementsEqual("ms") { return 1_000_000 }
        if text.elementsEqual("s") { return 1_000_000_000 }
        if text.elementsEqual("m") { return 60_000_000_000 }
        if text.elementsEqual("h") { return 3_600_000_000_000 }
        return nil
    }
}
