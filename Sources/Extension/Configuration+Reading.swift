// The configuration file: JSON, any case of the keys, every value optional. What can't be used is named
// in the log file and leaves its default in force. docs/configuration.md.

import Values

extension Configuration {
    /// The settings that the file's text asks for, and a sentence for each thing in it that was not
    /// used. A text that is no JSON object gives the defaults and says so.
    package static func read(_ text: [UInt8]) -> (configuration: Configuration, notes: [String]) {
        var reading = ConfigurationReading()
        // Editors on Windows like to put a byte order mark in front.
        let hasMark = text.starts(with: [0xEF, 0xBB, 0xBF])
        let json = hasMark ? [UInt8](text.dropFirst(3)) : text
        do throws(JSONError) {
            let value = try JSONValue.parse(json.span)
            if case .object(let members) = value {
                reading.read(members, path: [])
            } else {
                reading.note("the configuration is %", [value.kindName])
            }
        } catch {
            reading.note("the configuration can't be read: %", [error.sentence])
        }
        return (reading.configuration, reading.notes)
    }
}

/// One pass over the file.
private struct ConfigurationReading {
    var configuration = Configuration()
    var notes: [String] = []

    /// Reads an object's members; `path` is its own path with a point behind it.
    mutating func read(_ members: [JSONValue.Member], path: [UInt8]) {
        // JSON has no comments; a key that begins with _ is one.
        for member in members where member.key.first != UInt8(ascii: "_") {
            let place = path + member.key
            guard let key = Self.key(place) else {
                notes.append(String(filling: "unknown key % is ignored", [String(utf8: place)]))
                continue
            }
            if case .group = key.kind, case .object(let inner) = member.value {
                read(inner, path: place + [UInt8(ascii: ".")])
            } else {
                read(member.value, key)
            }
        }
    }

    private static func key(_ path: [UInt8]) -> SettingKey? {
        for key in SettingKey.all where path.span.equalsIgnoringCase(key.path) { return key }
        return nil
    }

    private mutating func read(_ value: JSONValue, _ key: SettingKey) {
        switch key.kind {
        case .leftover: break
        case .group: mistyped(key, value, "an object")
        case .text, .textOrNumber, .storage, .path: readText(value, key)
        case .object:
            guard case .object = value else { return mistyped(key, value, "an object") }
            configuration.serverSide.append(
                JSONValue.Member(key: [UInt8](bytesOf: key.path), value: value))
        case .list:
            guard case .array = value else { return mistyped(key, value, "a list") }
            configuration.serverSide.append(
                JSONValue.Member(key: [UInt8](bytesOf: key.path), value: value))
        case .level: readLevel(value, key)
        case .flag: readFlag(value, key)
        case .whole, .gigabytes, .duration: readNumber(value, key)
        }
    }

    /// A text. A type of storage that is not known is named, and told to the addon as it is written.
    private mutating func readText(_ value: JSONValue, _ key: SettingKey) {
        switch value {
        case .string(let bytes) where bytes.contains(0): mistyped(key, value, "a text without NUL")
        case .string(let bytes) where bytes.isEmpty && key.kind == .path:
            note("% must not be empty", [String(key.path)])
        case .string(let bytes):
            configuration.set(key.setting, String(utf8: bytes))
            if key.kind == .storage, !configuration.knowsStorage {
                notes.append(
                    String(
                        filling:
                            "% is '%', which is none of memory, sqlite, postgres and websocket (in lower case); replays are written as with memory",
                        [String(key.path), String(utf8: bytes)]))
            }
        case .number(_, let raw) where key.kind == .textOrNumber:
            configuration.set(key.setting, String(utf8: raw))
        default: mistyped(key, value, "a text")
        }
    }

    private mutating func readLevel(_ value: JSONValue, _ key: SettingKey) {
        guard case .string(let bytes) = value, let level = LogLevel(word: bytes.span) else {
            mistyped(key, value, "debug, info, warn or error")
            return
        }
        configuration.logLevel = level
    }

    /// True or false, also as a text.
    private mutating func readFlag(_ value: JSONValue, _ key: SettingKey) {
        switch value {
        case .bool(let isOn): configuration.set(key.setting, isOn ? 1 : 0)
        case .string(let bytes) where bytes.span.equalsIgnoringCase("true"):
            configuration.set(key.setting, 1)
        case .string(let bytes) where bytes.span.equalsIgnoringCase("false"):
            configuration.set(key.setting, 0)
        default: mistyped(key, value, "true or false")
        }
    }

    /// A number, also as a text; a duration also with units (`90s`, `3m`, `1h30m`, `100ms`).
    private mutating func readNumber(_ value: JSONValue, _ key: SettingKey) {
        var found: Double?
        switch value {
        case .number(let number, _): found = number
        case .string(let bytes):
            found = NumberParser.parse(bytes.span)
            if found == nil, key.kind == .duration,
                let nanoseconds = DurationText.nanoseconds(bytes.span)
            {
                found = nanoseconds / key.unitNanoseconds
            }
        default: break
        }
        guard let number = found else {
            mistyped(key, value, key.kind == .duration ? "a duration (90s, 3m, 1h30m)" : "a number")
            return
        }
        guard number >= Double(key.least), number <= Double(key.most) else {
            note(
                "% must lie between % and %%",
                [
                    String(key.path), String(key.least),
                    String(key.most), String(key.unit),
                ])
            return
        }
        // Within a range of whole numbers; only a key without a setting has one beyond Int's.
        guard key.setting != .none else { return }
        if key.kind == .gigabytes, number > 0 {
            // 0 has a meaning of its own.
            configuration.set(key.setting, max(1, Int(number * 1024)))
        } else {
            configuration.set(key.setting, Int(number))
        }
    }

    // MARK: notes

    /// Says why a value is not used.
    mutating func note(_ problem: StaticString, _ parts: [String]) {
        notes.append(String(filling: problem, parts) + "; the default is used")
    }

    private mutating func mistyped(_ key: SettingKey, _ value: JSONValue, _ wanted: StaticString) {
        note("% must be %, it is %", [String(key.path), String(wanted), value.kindName])
    }
}

extension LogLevel {
    /// The level of a word, in any case.
    init?(word: Span<UInt8>) {
        if word.equalsIgnoringCase("debug") {
            self = .debug
        } else if word.equalsIgnoringCase("info") {
            self = .info
        } else if word.equalsIgnoringCase("warn") {
            self = .warn
        } else if word.equalsIgnoringCase("error") {
            self = .error
        } else {
            return nil
        }
    }
}

/// Durations with units.
enum DurationText {
    /// Nanoseconds that a text such as `90s`, `1.5h`, `1h30m` or `100ms` stands for; nil when it is
    /// none. Negative ones are fine (the reference takes them as "off").
    static func nanoseconds(_ text: Span<UInt8>) -> Double? {
        guard text.count > 0 else { return nil }
        let isNegative = text[0] == UInt8(ascii: "-")
        var index = isNegative || text[0] == UInt8(ascii: "+") ? 1 : 0
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
        guard total.isFinite else { return nil }
        return isNegative ? -total : total
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
