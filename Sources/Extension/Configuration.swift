// What the server's owner can set, with its defaults. docs/configuration.md has it as a table;
// `Configuration+Reading` fills it from the file.

import Values

/// How much goes into the log file.
package enum LogLevel: Int, Sendable {
    case debug
    case info
    case warn
    case error

    /// The word in a log line.
    package var word: StaticString {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warn: "WARN"
        case .error: "ERROR"
        }
    }
}

/// Where a recording goes after its save.
package enum StorageKind: Sendable {
    /// Replay JSON (`memory`, and any unknown type).
    case json
    /// `sqlite`
    case sqlite
    /// `postgres`
    case postgres
    /// `websocket`
    case websocket
}

/// The settings in force: the file's values over the defaults, key by key. `blackbox doctor` reads the
/// file through the same eyes.
package struct Configuration: Sendable {
    package var logLevel = LogLevel.info
    /// Folder of the log files for people (not of the recorded logs).
    package var logsDir = "./ocaplogs"
    /// Base address of the web server; empty: nothing is uploaded.
    package var serverURL = ""
    /// The web server's secret; only the uploader uses it.
    package var apiKey = ""
    /// As written in the file: `:STORAGE:OK:` tells it to the addon.
    package var storageType = "memory"
    package var outputDir = "./recordings"
    package var compressOutput = true
    package var sqlitePath = "./recordings/blackbox.db"

    /// Folder of the recorded logs.
    package var logDir = "./blackbox-logs"
    package var keeperIntervalMilliseconds = 100
    package var segmentMiB = 64
    /// Path of the `blackbox` program; empty: beside the plug-in.
    package var compactor = ""
    /// Recover and export at start what a crashed process left behind.
    package var autorun = true
    /// Write the replay as the reference does, for comparison.
    package var strict = false
    /// A mission that goes on within so many minutes after a crash becomes one recording with a gap;
    /// 0: never.
    package var joinMinutes = 0
    /// The hub, `host:port`, or several with commas; empty: only `icom:connect` connects.
    package var icomAddress = ""
    package var icomServerID = ""
    var icomToken = ""
    /// Events are kept until their receiver has them.
    var icomOutbox = false
    /// Events that wait for a mission.
    var icomInbox = 1_000
    /// A log file for people is renamed to `….old` at this size.
    package var logFileMiB = 64
    /// Pack the logs that every output has got.
    package var archive = true
    /// Days after which a log that every output has got is removed; 0: never.
    package var retentionDays = 30
    /// Size of all logs together above which the oldest such log is removed; 0: no limit.
    package var retentionMiB = 20 << 10
    /// The oldest such logs also go while less than this is free on their disk; 0: they don't.
    package var minFreeMiB = 1 << 10

    /// The defaults.
    package init() {}

    /// The cursor of what `storage.type` asks for: a log is not removed before that has it.
    package var neededOutput: String {
        switch storage {
        case .json: "json"
        case .sqlite: "sqlite"
        case .postgres: "postgres"
        case .websocket: "websocket"
        }
    }

    /// Whether the type of storage is one of those that have a meaning.
    var knowsStorage: Bool { storage != .json || Bytes.equal(storageType, "memory") }

    /// Whether replays go to a web server.
    package var uploads: Bool { storage == .json && !serverURL.utf8.isEmpty }

    /// The server side's own objects and lists by the last part of their keys, read by `ServerSide`.
    var serverSide: [JSONValue.Member] = []

    /// What the type of storage means. Exact lower case, as the reference reads it.
    package var storage: StorageKind {
        if Bytes.equal(storageType, "sqlite") { return .sqlite }
        if Bytes.equal(storageType, "postgres") { return .postgres }
        if Bytes.equal(storageType, "websocket") { return .websocket }
        return .json
    }
}
