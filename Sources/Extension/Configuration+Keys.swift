// The keys of the configuration file, one line each: what is asked of the value, and where it goes.

import Values

/// Where a value goes.
enum Setting: UInt8 {
    case none
    case logLevel, logsDir, serverURL, apiKey, storageType, outputDir, compressOutput, sqlitePath
    case logDir, keeperInterval, segmentMiB, compactor, autorun, strict, joinMinutes, logFileMiB
    case archive, retentionDays, retentionGB, minFreeGB
}

/// What a value must be.
enum SettingKind: UInt8 {
    /// An object with keys of its own.
    case group
    /// Anything: a leftover of the reference without effect, found in every copied example.
    case leftover
    case text
    /// A text; a number is taken as it is written.
    case textOrNumber
    /// A type of storage.
    case storage
    /// A text that must not be empty.
    case path
    /// One of the words for how much is logged.
    case level
    case flag
    /// A whole number within `range`.
    case whole
    /// Gigabytes (1024 MiB), with a fraction if need be; kept in MiB. Within `range`, in gigabytes.
    case gigabytes
    /// A duration; a bare number counts in `unitNanoseconds`. Within `range`, in that unit.
    case duration
}

/// One key.
struct SettingKey {
    /// The keys from the outermost object inwards, with points between them.
    let path: StaticString
    let kind: SettingKind
    let setting: Setting
    var range: ClosedRange<Int> = 0...0
    var unit: StaticString = ""
    var unitNanoseconds = 1.0

    init(
        _ path: StaticString, _ kind: SettingKind, _ setting: Setting = .none,
        _ range: ClosedRange<Int> = 0...0, _ unit: StaticString = "", unitNanoseconds: Double = 1
    ) {
        self.path = path
        self.kind = kind
        self.setting = setting
        self.range = range
        self.unit = unit
        self.unitNanoseconds = unitNanoseconds
    }

    /// All keys. Those without a setting are read by other programs (upload, PostgreSQL), or have no
    /// effect; here only their names and types are checked.
    static let all: [SettingKey] = [
        SettingKey("logLevel", .level, .logLevel),
        SettingKey("logsDir", .path, .logsDir),
        SettingKey("defaultTag", .leftover),
        SettingKey("api", .group),
        SettingKey("api.serverUrl", .text, .serverURL),
        SettingKey("api.apiKey", .text, .apiKey),
        SettingKey("db", .group),
        SettingKey("db.host", .text),
        SettingKey("db.port", .textOrNumber),
        SettingKey("db.username", .text),
        SettingKey("db.password", .text),
        SettingKey("db.database", .text),
        SettingKey("storage", .group),
        SettingKey("storage.type", .storage, .storageType),
        SettingKey("storage.memory", .group),
        SettingKey("storage.memory.outputDir", .path, .outputDir),
        SettingKey("storage.memory.compressOutput", .flag, .compressOutput),
        SettingKey("storage.sqlite", .group),
        SettingKey("storage.sqlite.path", .path, .sqlitePath),
        // Nothing is dumped here, the log is always on disk; a bad value is still told.
        SettingKey("storage.sqlite.dumpInterval", .duration, .none, Int.min...Int.max),
        SettingKey("otel", .leftover),
        SettingKey("graylog", .leftover),
        SettingKey("logio", .leftover),
        SettingKey("blackbox", .group),
        SettingKey("blackbox.logDir", .path, .logDir),
        SettingKey(
            "blackbox.keeperIntervalMs", .duration, .keeperInterval, 10...10_000, " milliseconds",
            unitNanoseconds: 1_000_000),
        SettingKey("blackbox.segmentMiB", .whole, .segmentMiB, 1...1_024, " MiB"),
        SettingKey("blackbox.compactor", .text, .compactor),
        SettingKey("blackbox.autorun", .flag, .autorun),
        SettingKey("blackbox.strict", .flag, .strict),
        SettingKey(
            "blackbox.joinMinutes", .duration, .joinMinutes, 0...1_440, " minutes",
            unitNanoseconds: 60_000_000_000),
        SettingKey("blackbox.logFileMiB", .whole, .logFileMiB, 1...4_096, " MiB"),
        SettingKey("blackbox.archive", .flag, .archive),
        SettingKey("blackbox.retentionDays", .whole, .retentionDays, 0...36_500, " days"),
        SettingKey("blackbox.retentionGB", .gigabytes, .retentionGB, 0...1_000_000, " GB"),
        SettingKey("blackbox.minFreeGB", .gigabytes, .minFreeGB, 0...1_000_000, " GB"),
    ]
}

extension Configuration {
    /// Puts a text in its place.
    mutating func set(_ setting: Setting, _ text: String) {
        switch setting {
        case .logsDir: logsDir = text
        case .serverURL: serverURL = text
        case .apiKey: apiKey = text
        case .storageType: storageType = text
        case .outputDir: outputDir = text
        case .sqlitePath: sqlitePath = text
        case .logDir: logDir = text
        case .compactor: compactor = text
        default: break
        }
    }

    /// Puts a number in its place; true and false are 1 and 0.
    mutating func set(_ setting: Setting, _ number: Int) {
        switch setting {
        case .compressOutput: compressOutput = number != 0
        case .autorun: autorun = number != 0
        case .strict: strict = number != 0
        case .keeperInterval: keeperIntervalMilliseconds = number
        case .segmentMiB: segmentMiB = number
        case .joinMinutes: joinMinutes = number
        case .logFileMiB: logFileMiB = number
        case .archive: archive = number != 0
        case .retentionDays: retentionDays = number
        case .retentionGB: retentionMiB = number
        case .minFreeGB: minFreeMiB = number
        default: break
        }
    }
}
