// Where the settings of a connection come from, and which of them wins.

import Foundation
import Testing
import Values

@testable import PostgresSink

@Suite struct SettingsTests {
    /// What libpq is told; it takes the rest from PG* variables itself.
    private func told(
        _ configuration: String?, _ variables: [String: String] = [:]
    ) throws -> [String: String] {
        let document = try configuration.map { try JSONValue.parse(Array($0.utf8).span) }
        let settings = PostgresSettings(configuration: document, environment: { variables[$0] })
        return Dictionary(settings.values.map { ($0.name, $0.value) }) { $1 }
    }

    @Test func withoutAnythingItIsWhatOCAPsOwnExtensionTakes() throws {
        for configuration in [nil, "{}", #"{"db": {"host": "", "port": null}}"#] {
            let told = try told(configuration)
            #expect(told["host"] == "localhost")
            #expect(told["port"] == "5432")
            #expect(told["user"] == "postgres")
            #expect(told["password"] == "postgres")
            #expect(told["dbname"] == "ocap")
            #expect(told["client_encoding"] == "UTF8")
            #expect(told["sslmode"] == nil)
        }
    }

    @Test func theConfigurationWinsOverVariablesAndTheyOverDefaults() throws {
        let told = try told(
            #"{"DB": {"Host": "db.example", "port": 6543, "password": "a b'c\\", "sslMode": "verify-full"}}"#,
            [
                "PGHOST": "elsewhere", "PGPORT": "1", "PGUSER": "recorder", "PGDATABASE": "arma",
                "PGCONNECT_TIMEOUT": "3",
            ])
        #expect(told["host"] == "db.example")
        #expect(told["port"] == "6543")
        #expect(told["password"] == "a b'c\\")
        #expect(told["sslmode"] == "verify-full")
        // Left to libpq, which reads the variables.
        #expect(told["user"] == nil)
        #expect(told["dbname"] == nil)
        #expect(told["connect_timeout"] == nil)
    }

    @Test(arguments: [["PGPASSFILE": "/x"], ["PGPASSWORD": "secret"]])
    func aPasswordOfOnesOwnDoesNotLoseAgainstTheDefault(variables: [String: String]) throws {
        let told = try told("{}", variables)
        #expect(told["password"] == nil)
        #expect(told["user"] == "postgres")
    }

    @Test func aPasswordFileAtHomeDoesNotLoseAgainstTheDefault() throws {
        let home = FileManager.default.temporaryDirectory.appending(
            path: "home \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        #expect(try told("{}", ["HOME": home.path])["password"] == "postgres")
        try Data().write(to: home.appending(path: ".pgpass"))
        #expect(try told("{}", ["HOME": home.path])["password"] == nil)
    }

    @Test func aServiceStandsForAllOfIt() throws {
        let told = try told("{}", ["PGSERVICE": "arma"])
        for name in ["host", "port", "user", "password", "dbname"] { #expect(told[name] == nil) }
    }
}
