// Connections over TLS to a real server with a certificate of its own making: who asks for a check gets
// one, and hears why it failed.

import Foundation
import Testing

@testable import PostgresSink

/// A self-signed certificate for a name, and an address for a server that has it.
struct TestCertificate {
    static let name = "db.blackbox.test"
    /// A loopback address of its own: no two servers want the same port.
    let address = (0..<3).reduce("127") { text, _ in "\(text).\(Int.random(in: 2...250))" }
    let folder: URL

    var certificate: String { folder.appending(path: "server.crt").path }

    init(in folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try runTool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=\(Self.name)", "-addext",
                "subjectAltName=DNS:\(Self.name)", "-keyout", "server.key", "-out", "server.crt",
            ], in: folder)
        guard made.code == 0 else { throw TestFailure("openssl: \(made.errors)") }
    }

    /// The server takes a key only when nobody else may read it.
    func copy(to place: String, owner: uid_t?) throws {
        for name in ["server.crt", "server.key"] {
            let path = place + "/" + name
            try Data(contentsOf: folder.appending(path: name)).write(to: URL(filePath: path))
            chmod(path, 0o600)
            if let owner { chown(path, owner, gid_t.max) }
        }
    }
}

@Suite(.needsPrograms) struct TLSTests {
    @Test func aServersCertificateIsCheckedAsTheOwnerAsks() throws {
        let server = try Server()
        let certificate = try TestCertificate(in: server.root.appending(path: "own"))
        let other = try TestCertificate(in: server.root.appending(path: "other"))
        let postgres = try PostgresServer(certificate: certificate)
        let database = try postgres.makeDatabase()

        func connect(_ more: String, host: String = TestCertificate.name) throws(PostgresError) {
            let connection = try PostgresConnection(
                PostgresSettings(
                    connectionString: "host=\(host) hostaddr=\(certificate.address) "
                        + "user=postgres dbname=\(database) \(more)"))
            let found = try connection.execute(
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", operation: "test")
            #expect(found.single == "t", "\(more)")
        }
        func refusal(_ more: String, host: String = TestCertificate.name) -> String {
            do throws(PostgresError) {
                try connect(more, host: host)
                return "let in"
            } catch {
                guard case .refused(_, let detail) = error else { return "\(error)" }
                #expect(!error.isTransient)
                return detail
            }
        }
        try connect("sslmode=require")
        try connect("sslmode=verify-full sslrootcert='\(certificate.certificate)'")
        #expect(refusal("sslmode=disable").contains("no encryption"))
        #expect(
            refusal("sslmode=verify-full sslrootcert='\(other.certificate)'")
                .contains("certificate verify failed"))
        #expect(
            refusal("sslmode=verify-full sslrootcert=/nowhere/root.crt").contains("root.crt"))
        #expect(
            refusal(
                "sslmode=verify-full sslrootcert='\(certificate.certificate)'", host: "other.test"
            ).contains("does not match host name"))
    }

    @Test func theConfigurationsKeysAskForTheSame() throws {
        let server = try Server()
        let certificate = try TestCertificate(in: server.root.appending(path: "own"))
        let other = try TestCertificate(in: server.root.appending(path: "other"))
        let postgres = try PostgresServer(certificate: certificate)
        let database = try TestDatabase(postgres)
        let (log, _) = try server.record(["--minutes", "1", "--units", "8", "--recordings", "1"])
        func compact(_ root: String) throws -> Ran {
            let file = server.root.appending(path: "db.json")
            let settings: [String: [String: String]] = [
                "db": [
                    "host": TestCertificate.name, "username": "postgres",
                    "database": database.name, "sslMode": "verify-full", "sslRootCert": root,
                ]
            ]
            try JSONEncoder().encode(settings).write(to: file)
            // The name is nobody's: libpq is told where it leads, and checks it all the same.
            return try server.blackboxPG(
                ["compact", log.path, "--config", file.path, "--retry", "0"],
                environment: ["PGHOSTADDR": certificate.address])
        }
        let refused = try compact(other.certificate)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("certificate verify failed"), "\(refused.errors)")
        let ran = try compact(certificate.certificate)
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["1"])
    }
}
