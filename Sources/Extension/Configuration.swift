// What the server's owner can set, with its defaults. docs/configuration.md has it as a table;
// `Configuration+Reading` fills it from the file.

/// How much goes into the log file.
enum LogLevel: Int, Sendable {
    case debug
    case info
    case warn
    case error

    /// The word in a log line.
    var word: StaticString {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warn: "WARN"
        case .error: "ERROR"
        }
    }
}

/// Where a recording goes after its save.
enum StorageKind: Sendable {
    /// Replay JSON (`memory`, and any unknown type).
    case json
    /// `sqlite`
    case sqlite
    /// `postgres`
    case postgres
    /// `websocket`
    case websocket
}

/// The settings in force: the file's values over the defaults, key by key.
struct Configuration: Sendable {
    var logLevel = LogLevel.info
    /// Folder of the log files for people (not of the recorded logs).
    var logsDir = "./ocaplogs"
    /// Base address of the web server; empty: nothing is uploaded.
    var serverURL = ""
    /// As written in the file: `:STORAGE:OK:` tells it to the addon.
    var storageType = "memory"
    var outputDir = "./recordings"
    var compressOutput = true
    var sqlitePath = "./recordings/blackbox.db"

    /// Folder of the recorded logs.
    var logDir = "./blackbox-logs"
    var keeperIntervalMilliseconds = 100
    var segmentMiB = 64
    /// Path of the `blackbox` program; empty: beside the plug-in.
    var compactor = ""
    /// Recover and export at start what a crashed process left behind.
    var autorun = true
    /// Write the replay as the reference does, for comparison.
    var strict = false
    /// A mission that goes on within so many minutes after a crash becomes one recording with a gap;
    /// 0: never.
    var joinMinutes = 0
    /// A log file for people is renamed to `….old` at this size.
    var logFileMiB = 64

    /// What the type of storage means. Exact lower case, as the reference reads it.
    var storage: StorageKind {
        if Bytes.equal(storageType, "sqlite") { return .sqlite }
        if Bytes.equal(storageType, "postgres") { return .postgres }
        if Bytes.equal(storageType, "websocket") { return .websocket }
        return .json
    }
}
