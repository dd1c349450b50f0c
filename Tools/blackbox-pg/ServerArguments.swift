// Which PostgreSQL server is meant, and how patient we are with it.

import ArgumentParser
import CPlatform
import PostgresSink
import Segments
import Values

/// The options that every command of this program has.
struct ServerArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server: host=… dbname=… user=…, or postgresql://…; empty: as PG* variables say.",
            valueName: "conninfo"))
    var postgres: String?
    @Option(
        help: ArgumentHelp(
            "The server is in the group db of this configuration.", valueName: "file"))
    var config: String?
    @Option(
        help: ArgumentHelp(
            "When the server can't be reached or has run out of room, try again for so long.",
            valueName: "seconds"))
    var retry = 60

    func validate() throws {
        if postgres != nil, config != nil {
            throw ValidationError("--postgres and --config both name the server; give one of them.")
        }
        if !(0...86_400).contains(retry) {
            throw ValidationError("--retry takes 0 to 86400 seconds.")
        }
    }

    /// The connection's settings.
    func settings() throws(ToolFailure) -> PostgresSettings {
        if let postgres { return PostgresSettings(connectionString: postgres) }
        if let config {
            return PostgresSettings(configuration: try Self.document(config))
        }
        let own = OwnerConfiguration.own()
        return PostgresSettings(configuration: own.isThere ? try Self.document(own.path) : nil)
    }

    private static func document(_ path: String) throws(ToolFailure) -> JSONValue {
        let bytes: [UInt8]
        do {
            bytes = try File(path, UInt32(BB_OPEN_READ)).read(limit: 1 << 20)
        } catch {
            throw ToolFailure(message: error.text, code: ExitStatus.usage)
        }
        do {
            return try JSONValue.parse(bytes.span)
        } catch {
            throw ToolFailure(
                message: "\(path): no JSON (at byte \(error.offset))", code: ExitStatus.usage)
        }
    }

    /// The server, as the commands use it.
    /// - Parameters:
    ///   - isPatient: try again for ever.
    ///   - isReading: nothing is made or changed there.
    func server(
        isQuiet: Bool, isPatient: Bool = false, isReading: Bool = false
    ) throws(ToolFailure) -> PostgresServer {
        PostgresServer(
            settings: try settings(), patienceSeconds: isPatient ? .max : retry, isQuiet: isQuiet,
            isReading: isReading)
    }
}

/// A server that is connected to when it is needed, and again after a failure. For one thread.
final class PostgresServer {
    private let settings: PostgresSettings
    private let patienceSeconds: Int
    private let isQuiet: Bool
    private let isReading: Bool
    private var database: PostgresDatabase?

    private static let longestPauseSeconds = 30

    init(settings: PostgresSettings, patienceSeconds: Int, isQuiet: Bool, isReading: Bool) {
        self.settings = settings
        self.patienceSeconds = patienceSeconds
        self.isQuiet = isQuiet
        self.isReading = isReading
    }

    /// The open database.
    func open() throws(PostgresError) -> PostgresDatabase {
        if let database, database.connection.isConnected { return database }
        database = nil
        let opened =
            isReading
            ? try PostgresDatabase(reading: settings) : try PostgresDatabase(settings)
        database = opened
        return opened
    }

    /// Works with the database. What may succeed a little later is done again, from the start, after
    /// pauses of 1, 2, 4 … 30 seconds, as long as the owner's patience lasts.
    func attempt<Result>(
        _ body: (PostgresDatabase) throws(PostgresError) -> Result
    ) throws(ToolFailure) -> Result {
        let begin = ContinuousClock.now
        var pause = 1
        while true {
            do throws(PostgresError) {
                return try body(open())
            } catch {
                let waited = begin.duration(to: .now).components.seconds
                guard error.isTransient, waited <= Int64(patienceSeconds) - Int64(pause) else {
                    throw ToolFailure(message: error.description)
                }
                if !isQuiet { Console.complain(error.description + " Again in \(pause) s.") }
                bb_thread_sleep_ns(UInt64(pause) * 1_000_000_000)
                pause = min(2 * pause, Self.longestPauseSeconds)
            }
        }
    }
}
