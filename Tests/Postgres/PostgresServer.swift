// A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, stopped and removed
// with the test process, however that ends.

import Foundation
import Testing

@testable import Compactor
@testable import PostgresSink

/// A running server.
final class PostgresServer: @unchecked Sendable {  // its folder never changes; the pipe has a lock
    let folder: String
    private let process: Process
    private let orders = Pipe()
    private let lock = NSLock()

    /// For the tests that need no server to themselves: each makes a database of its own in it.
    static let shared = Result { try PostgresServer() }

    /// Where Debian has the server's programs, else those in PATH.
    static let programs: String? = {
        let manager = FileManager.default
        let debian = "/usr/lib/postgresql"
        let versions = ((try? manager.contentsOfDirectory(atPath: debian)) ?? [])
            .sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(debian)/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return (versions + path.map(String.init)).first {
            manager.isExecutableFile(atPath: $0 + "/initdb")
                && manager.isExecutableFile(atPath: $0 + "/postgres")
        }
    }()

    /// The server refuses to run as root. It ends with its standard input: the test process's death
    /// closes that.
    private static let script = #"""
        set -eu
        programs=$1 folder=$2 data=$3 address=$4
        "$programs/initdb" -D "$data" -A trust -U postgres -E UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1
        echo "local secret postgres trust
        local secret all scram-sha-256
        local all all trust
        hostssl all all 127.0.0.0/8 trust" >"$data/pg_hba.conf"
        tls=off
        if [ -n "$address" ]; then tls=on; fi
        server=
        start() {
            "$programs/postgres" -D "$data" -k "$folder" -c listen_addresses="$address" -c fsync=off \
                -c shared_buffers=32MB -c max_connections=40 -c ssl=$tls \
                -c ssl_cert_file="$folder/server.crt" -c ssl_key_file="$folder/server.key" >>"$folder/server.log" 2>&1 </dev/null &
            server=$!
        }
        crash() {
            kill -QUIT "$server" 2>/dev/null || true
            wait "$server" 2>/dev/null || true
        }
        start
        while read -r order; do
            case $order in
                crash) crash ;;
                start) start ;;
            esac
        done
        crash
        rm -rf "$folder"
        """#

    /// - Parameters:
    ///   - data: where the server's files lie; nil: in the folder.
    ///   - certificate: the server listens at its address, too, for TLS alone.
    init(data: String? = nil, certificate: TestCertificate? = nil) throws {
        guard let programs = Self.programs else { throw TestFailure("no PostgreSQL server here") }
        // Short: a socket's path has 107 bytes at most.
        folder = "/tmp/blackbox-pg-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
        let user = getuid() == 0 ? (getpwnam("postgres") ?? getpwnam("nobody"))?.pointee : nil
        try certificate?.copy(to: folder, owner: user?.pw_uid)
        if let user {
            for path in [folder] + (data.map { [$0] } ?? []) {
                chown(path, user.pw_uid, user.pw_gid)
            }
        }
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        var arguments: [String] = []
        if let user {
            arguments += [
                "setpriv", "--reuid=\(user.pw_uid)", "--regid=\(user.pw_gid)", "--clear-groups",
            ]
        }
        arguments += ["sh", "-c", Self.script, "sh", programs, folder]
        process.arguments =
            arguments + [data.map { $0 + "/data" } ?? folder + "/data"]
            + [certificate?.address ?? ""]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = orders
        try process.run()
        try waitUntilReady()
    }

    deinit {
        try? orders.fileHandleForWriting.close()
        process.waitUntilExit()
        // What was left when the server could not be set up at all.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// As a power cut does to the server's processes.
    func crash() { order("crash") }

    func start() throws {
        order("start")
        try waitUntilReady()
    }

    private func order(_ text: String) {
        lock.withLock { orders.fileHandleForWriting.write(Data((text + "\n").utf8)) }
    }

    private func waitUntilReady() throws {
        try waitUntil("the server of the tests answers") {
            guard process.isRunning else {
                throw TestFailure(
                    "the server did not start: "
                        + ((try? String(contentsOfFile: folder + "/initdb.log", encoding: .utf8))
                            ?? "no log"))
            }
            return (try? PostgresConnection(settings("postgres"))) != nil
        }
    }

    /// How tests connect.
    func conninfo(_ database: String, _ more: String = "user=postgres") -> String {
        "host=\(folder) dbname=\(database) \(more)"
    }

    func settings(_ database: String, _ more: String = "user=postgres") -> PostgresSettings {
        PostgresSettings(connectionString: conninfo(database, more))
    }

    /// A new, empty database.
    func makeDatabase() throws -> String {
        let name = "test_\(UInt64.random(in: .min ... .max))"
        try PostgresConnection(settings("postgres")).execute(
            "CREATE DATABASE \(name)", operation: "making a database")
        return name
    }
}

extension Trait where Self == ConditionTrait {
    static var needsPostgres: ConditionTrait {
        .enabled(
            if: PostgresServer.programs != nil, "no PostgreSQL server here (Debian: postgresql)")
    }
}

/// An empty database on the shared server.
struct TestDatabase {
    let server: PostgresServer
    let name: String
    var settings: PostgresSettings { server.settings(name) }
    var conninfo: String { server.conninfo(name) }

    init(_ server: PostgresServer? = nil) throws {
        self.server = try server ?? PostgresServer.shared.get()
        name = try self.server.makeDatabase()
    }

    func open() throws -> PostgresDatabase { try PostgresDatabase(settings) }

    /// Writes a recording.
    @discardableResult
    func write(_ fixture: Fixture) throws -> Int64 {
        var sink = PostgresSink(try open())
        try fixture.feed(&sink)
        return sink.missionID
    }

    /// Writes a log's server side.
    func write(_ fixture: ServerFixture) throws {
        var sink = PostgresServerSink(try open())
        try fixture.feed(&sink)
    }

    /// The rows of a query, columns joined by `|`; NULL as `∅`.
    func rows(_ sql: String) throws -> [String] {
        try PostgresConnection(settings).execute(sql, operation: "reading").rows.map { row in
            row.map { $0 ?? "∅" }.joined(separator: "|")
        }
    }

    /// Every row of every table but the times at which rows were written.
    func everything() throws -> [String] {
        try Schema.current.tables.flatMap { table in
            let columns = table.columns.map(\.name).filter {
                !(["missions", "worlds", "addons"].contains(table.name)
                    && ["created_at", "updated_at"].contains($0))
            }
            let list = columns.map { "\"\($0)\"" }.joined(separator: ",")
            return try rows("SELECT \(list) FROM \"\(table.name)\" ORDER BY 1, 2")
                .map { "\(table.name): \($0)" }
        }
    }
}
