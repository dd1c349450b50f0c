// blackbox hub: the hub as a program. Its life is three signals long: HUP reads limits and tokens again,
// TERM and INT end it in order.

import ArgumentParser
import Foundation
import ICOM
import ICOMWire
import Logging
import UnixSignals

struct HubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub",
        abstract: "Lets game servers talk to each other: the ICOM hub.",
        usage: "blackbox hub [--config FILE] [--allow-default-config] [--check]",
        discussion: """
            Reads config.toml from the working directory, else from the folder of the program; without \
            one the defaults hold (127.0.0.1:9090). A file that is wrong stops the start.

            SIGHUP reads limits, time-outs and tokens again; SIGTERM and SIGINT end it: what waits is \
            sent first, for at most 3 seconds.

            EXAMPLES
              blackbox hub
              blackbox hub --config /etc/blackbox/config.toml
              blackbox hub --check        (is it there? For health checks)

            EXIT CODES
              0 ended by a signal, or checked and well; 1 could not start, or not well; 2 wrong usage
            """)

    @Option(help: ArgumentHelp("The configuration.", valueName: "FILE"))
    var config: String?

    @Flag(
        help: "Start with the defaults when the configuration is wrong, as the original hub does.")
    var allowDefaultConfig = false

    @Flag(help: "Don't start a hub: ask the one of this configuration whether it is well.")
    var check = false

    @Flag(help: "Log each event (its name and size), too.")
    var verbose = false

    func run() async throws {
        let writer = LineWriter()
        let log = Logger(label: "hub") { _ in
            KeyValueLogHandler(writer, level: verbose ? .debug : .info)
        }
        defer { writer.flush() }
        let path = config ?? Self.findConfiguration()
        let settings = try read(path, log)
        if check { return try await askHealth(settings) }
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
        let server: HubServer
        do {
            server = try await HubServer.start(settings, log: log)
        } catch {
            throw NetFailure(
                message: "the hub can't listen on "
                    + HubAddress.text(settings.host, settings.port) + ": \(error)")
        }
        for await signal in signals {
            guard signal == .sighup else { break }
            await reload(path, server, log)
        }
        await server.stop()
    }

    // MARK: the configuration

    private static func findConfiguration() -> String? {
        for folder in [".", ProgramFolder.path] {
            let path = folder + "/config.toml"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        return nil
    }

    private func read(_ path: String?, _ log: Logger) throws -> HubConfiguration {
        guard let path else {
            if !check { log.info("no config.toml: the defaults hold") }
            return HubConfiguration()
        }
        do {
            let found = try Self.read(path)
            if !check { log.info("configuration read", metadata: ["file": "\(path)"]) }
            return found
        } catch {
            guard allowDefaultConfig else { throw NetFailure(message: "\(error)") }
            log.error(
                "the configuration is wrong: THE DEFAULTS HOLD", metadata: ["reason": "\(error)"])
            return HubConfiguration()
        }
    }

    private static func read(_ path: String) throws -> HubConfiguration {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw NetFailure(message: "\(path) can't be read: \(error.localizedDescription)")
        }
        return try HubConfiguration.read(text, file: path)
    }

    private func reload(_ path: String?, _ server: HubServer, _ log: Logger) async {
        guard let path else { return log.warning("there is no configuration to read again") }
        do {
            await server.apply(try Self.read(path).rules)
        } catch let failure as NetFailure {
            log.error("nothing is changed", metadata: ["reason": "\(failure.message)"])
        } catch {
            log.error("nothing is changed", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: is it well?

    private func askHealth(_ settings: HubConfiguration) async throws {
        // An address that is listened on is not always one that can be connected to.
        let host =
            settings.host == "0.0.0.0" ? "127.0.0.1" : settings.host == "::" ? "::1" : settings.host
        let address = HubAddress.text(host, settings.port)
        do {
            let client = try await IcomClient.connect(
                address, serverID: ServerName.health.description)
            await client.close()
        } catch {
            throw NetFailure(message: "the hub at \(address) is not well: \(error)")
        }
        NetConsole.print("the hub at \(address) is well")
    }
}
