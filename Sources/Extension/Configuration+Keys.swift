// The keys of the configuration file, one line each: what is asked of the value, and where it goes.

import Values

/// Where a value goes.
enum Setting: UInt8 {
    case none
    case logLevel, logsDir, serverURL, apiKey, storageType, outputDir, compressOutput, sqlitePath
    case logDir, keeperInterval, segmentMiB, compactor, autorun, strict, joinMinutes, logFileMiB
    case icomAddress, icomServerID, icomToken, icomOutbox, icomInbox
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
    /// An object or a list of the server side, which checks its content itself.
    case object, list
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
    /// The range of a number.
    var least = 0
    var most = 0
    var unit: StaticString = ""
    var unitNanoseconds = 1.0

    /// All keys. Those without a setting are read by other programs (upload, PostgreSQL), or have no
    /// effect; here only their names and types are checked.
    static let all: [SettingKey] = {
        var keys = SettingKeys()
        keys.add("logLevel", .level, .logLevel)
        keys.add("logsDir", .path, .logsDir)
        keys.add("defaultTag", .leftover)
        keys.add("api", .group)
        keys.add("api.serverUrl", .text, .serverURL)
        keys.add("api.apiKey", .text, .apiKey)
        keys.add("api.sslRootCert", .path)
        keys.add("db", .group)
        keys.add("db.host", .text)
        keys.add("db.port", .textOrNumber)
        keys.add("db.username", .text)
        keys.add("db.password", .text)
        keys.add("db.database", .text)
        keys.add("db.sslMode", .text)
        keys.add("db.sslRootCert", .path)
        keys.add("storage", .group)
        keys.add("storage.type", .storage, .storageType)
        keys.add("storage.memory", .group)
        keys.add("storage.memory.outputDir", .path, .outputDir)
        keys.add("storage.memory.compressOutput", .flag, .compressOutput)
        keys.add("storage.sqlite", .group)
        keys.add("storage.sqlite.path", .path, .sqlitePath)
        // Nothing is dumped here, the log is always on disk; a bad value is still told.
        keys.add("storage.sqlite.dumpInterval", .duration, .none, Int.min, Int.max)
        keys.add("otel", .leftover)
        keys.add("graylog", .leftover)
        keys.add("logio", .leftover)
        keys.add("blackbox", .group)
        keys.add("blackbox.logDir", .path, .logDir)
        keys.add(
            "blackbox.keeperIntervalMs", .duration, .keeperInterval, 10, 10_000, " milliseconds",
            unitNanoseconds: 1_000_000)
        keys.add("blackbox.segmentMiB", .whole, .segmentMiB, 1, 1_024, " MiB")
        keys.add("blackbox.compactor", .text, .compactor)
        keys.add("blackbox.autorun", .flag, .autorun)
        keys.add("blackbox.strict", .flag, .strict)
        keys.add(
            "blackbox.joinMinutes", .duration, .joinMinutes, 0, 1_440, " minutes",
            unitNanoseconds: 60_000_000_000)
        keys.add("blackbox.logFileMiB", .whole, .logFileMiB, 1, 4_096, " MiB")
        keys.add("blackbox.icom", .group)
        keys.add("blackbox.icom.address", .text, .icomAddress)
        keys.add("blackbox.icom.serverId", .text, .icomServerID)
        keys.add("blackbox.icom.token", .text, .icomToken)
        keys.add("blackbox.icom.outbox", .flag, .icomOutbox)
        keys.add("blackbox.icom.inboxEvents", .whole, .icomInbox, 1, 100_000, " events")
        keys.add("blackbox.archive", .flag, .archive)
        keys.add("blackbox.retentionDays", .whole, .retentionDays, 0, 36_500, " days")
        keys.add("blackbox.retentionGB", .gigabytes, .retentionGB, 0, 1_000_000, " GB")
        keys.add("blackbox.minFreeGB", .gigabytes, .minFreeGB, 0, 1_000_000, " GB")
        keys.add("blackbox.gate", .group)
        keys.add("blackbox.gate.policy", .object)
        keys.add("blackbox.gate.rules", .list)
        keys.add("blackbox.admin", .group)
        keys.add("blackbox.admin.allow", .list)
        keys.add("blackbox.admin.on", .object)
        return keys.list
    }()
}

/// A list of keys that grows. Its functions are not inlined: a list written down as a literal is filled in
/// by three times the code.
private struct SettingKeys {
    var list: [SettingKey] = []

    @inline(never)
    mutating func add(_ path: StaticString, _ kind: SettingKind, _ setting: Setting = .none) {
        list.append(SettingKey(path: path, kind: kind, setting: setting))
    }

    @inline(never)
    mutating func add(
        _ path: StaticString, _ kind: SettingKind, _ setting: Setting, _ least: Int, _ most: Int,
        _ unit: StaticString = "", unitNanoseconds: Double = 1
    ) {
        list.append(
            SettingKey(
                path: path, kind: kind, setting: setting, least: least, most: most, unit: unit,
                unitNanoseconds: unitNanoseconds))
    }
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
        case .icomAddress: icomAddress = text
        case .icomServerID: icomServerID = text
        case .icomToken: icomToken = text
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
        case .icomOutbox: icomOutbox = number != 0
        case .icomInbox: icomInbox = number
        case .archive: archive = number != 0
        case .retentionDays: retentionDays = number
        case .retentionGB: retentionMiB = number
        case .minFreeGB: minFreeMiB = number
        default: break
        }
    }
}
