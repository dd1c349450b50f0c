// blackbox icom: a hub's client for admins and scripts.

import ArgumentParser
import Foundation
import ICOM
import ICOMWire
import UnixSignals
import Values

struct IcomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "icom",
        abstract: "Talks to an ICOM hub.",
        discussion: """
            EXAMPLES
              blackbox icom servers
              blackbox icom send altis_main convoy_left '{"trucks":3}'
              blackbox icom broadcast restart_soon 10
              blackbox icom listen --id watcher

            EXIT CODES
              0 done; 1 refused, or the hub can't be reached; 2 wrong usage
            """,
        subcommands: [
            ListenCommand.self, SendCommand.self, BroadcastCommand.self, ServersCommand.self,
        ])
}

/// How the hub is reached.
struct HubOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The hub.", valueName: "HOST:PORT"))
    var hub = "127.0.0.1:9090"

    @Option(help: "The name to register as.")
    var id: String?

    @Option(help: "The hub's token. BLACKBOX_ICOM_TOKEN in the environment does it, too.")
    var token: String?

    /// Another name for each run, so that no running server is replaced by accident.
    var name: String { id ?? "blackbox-\(ProcessInfo.processInfo.processIdentifier)" }

    func connect() async throws -> IcomClient {
        let token = token ?? ProcessInfo.processInfo.environment["BLACKBOX_ICOM_TOKEN"]
        do {
            return try await IcomClient.connect(hub, serverID: name, token: token)
        } catch {
            throw NetFailure(message: "\(hub): \(error)")
        }
    }
}

/// Says what a hub or the command line refused.
private func saying<Result: Sendable>(
    _ body: () async throws(IcomError) -> Result
) async throws -> Result {
    do {
        return try await body()
    } catch {
        throw NetFailure(message: "\(error)")
    }
}

struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Sends an event to one server.")

    @OptionGroup var hub: HubOptions
    @Argument(help: "The server.") var target: String
    @Argument(help: "The event's name.") var event: String
    @Argument(help: "Its data, as JSON.") var data = "null"

    func run() async throws {
        let client = try await hub.connect()
        try await saying { () async throws(IcomError) in
            try await client.send(event, data: data, to: target)
        }
        await client.close()
    }
}

struct BroadcastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast", abstract: "Sends an event to all other servers.")

    @OptionGroup var hub: HubOptions
    @Argument(help: "The event's name.") var event: String
    @Argument(help: "Its data, as JSON.") var data = "null"

    func run() async throws {
        let client = try await hub.connect()
        try await saying { () async throws(IcomError) in
            try await client.broadcast(event, data: data)
        }
        await client.close()
    }
}

struct ServersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "servers", abstract: "Lists the servers that are connected.")

    @OptionGroup var hub: HubOptions
    @Flag(help: "One JSON array.") var json = false

    func run() async throws {
        let client = try await hub.connect()
        let own = hub.name
        let all = try await saying { () async throws(IcomError) in try await client.servers() }
        // This program itself is none.
        let names = all.filter { hub.id != nil || $0 != own }
        if json {
            var line: [UInt8] = Array("[".utf8)
            for (index, name) in names.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                line.appendJSONString(name)
            }
            NetConsole.print(String(decoding: line, as: UTF8.self) + "]")
        } else {
            for name in names { NetConsole.print(name) }
        }
        await client.close()
    }
}

struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Prints the events that come, one JSON object a line, until it is interrupted.",
        discussion: "Comes back by itself when the hub is gone for a while.")

    @OptionGroup var hub: HubOptions
    @Option(help: "End after so many events.") var count: Int?

    func run() async throws {
        var left = count ?? Int.max
        var pause = 1.0
        // The first connection must work: a wrong address is told at once.
        var client: IcomClient? = try await hub.connect()
        while left > 0 {
            if let online = client {
                pause = 1
                var dropped = 0
                for await event in online.events {
                    if online.droppedEvents > dropped {
                        dropped = online.droppedEvents
                        NetConsole.complain("\(dropped) events came faster than they were taken")
                    }
                    guard print(event) else { return }
                    left -= 1
                    if left == 0 { break }
                }
                await online.close()
                if left == 0 { return }
                NetConsole.complain("the connection is lost; trying again")
            }
            try await Task.sleep(for: .seconds(pause * Double.random(in: 1...1.3)))
            pause = min(60, pause * 2)
            client = try? await hub.connect()
        }
    }

    private func print(_ event: IcomEvent) -> Bool {
        var line: [UInt8] = Array(#"{"event":"#.utf8)
        line.appendJSONString(event.name)
        if let source = event.source {
            line += Array(#","from":"#.utf8)
            line.appendJSONString(source)
        }
        line += Array(#","data":"#.utf8)
        line += event.data
        line.append(UInt8(ascii: "}"))
        return NetConsole.print(String(decoding: line, as: UTF8.self))
    }
}
