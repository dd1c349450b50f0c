// icom-load: servers by the hundred for Tools/bench, on one thread beside the hub's one, and a bare line
// echo to compare with.

import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

@main
struct IcomLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "icom-load", abstract: "Measures an ICOM hub.",
        discussion: """
            Each command prints one line of JSON. The hub's limits must be above what is asked for \
            (frames_per_second, burst, max_connections, max_per_address).

            EXIT CODES
              0 measured; 1 the hub could not be reached, or lost something; 2 wrong usage
            """, subcommands: [Latency.self, Flood.self, Hold.self, Echo.self])
}

/// Where the hub is, and for how long it is measured.
struct Target: ParsableArguments {
    @Option(help: "The hub's port on 127.0.0.1.") var port: Int
    @Option(help: "Connections.") var connections = 50

    /// Connects and registers, one after the other; an echo knows no names. Who is deaf never reads, and
    /// the system takes little for it.
    func connect(
        to load: Load, registers: Bool = true, isDeaf: (Int) -> Bool = { _ in false }
    ) async throws -> [LoadPeer] {
        var peers: [LoadPeer] = []
        for number in 0..<connections {
            let peer = LoadPeer(load, number)
            var bootstrap = ClientBootstrap(group: load.loop)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(peer)
                    }
                }
            if isDeaf(number) {
                bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 4_096)
            }
            peer.channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
            if registers { try await peer.register() }
            if isDeaf(number) {
                try await peer.channel?.setOption(.autoRead, value: false).get()
            }
            peers.append(peer)
        }
        return peers
    }
}

struct Latency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "The time from sender to receiver while each server sends so many events a second.")

    @OptionGroup var target: Target
    @Option(help: "Events a second of each server.") var rate = 20
    @Option(help: "Seconds.") var seconds = 20
    @Flag(help: "One of the servers never reads.") var slow = false

    func run() async throws {
        let load = Load()
        let last = target.connections - 1
        let peers = try await target.connect(to: load) { slow && $0 == last }
        // What waits for the slow one fills all that the hub and the system keep for it.
        if slow, let first = peers.first {
            while try await first.broadcast() > last - 1 {}
        }
        let names = peers.count
        let period = Int64(1_000_000_000 / rate)
        for peer in peers {
            // Spread over the period, as servers are that know nothing of each other.
            let first = period * Int64(peer.number) / Int64(names)
            load.loop.scheduleRepeatedTask(
                initialDelay: .nanoseconds(first), delay: .nanoseconds(period)
            ) { _ in
                peer.send(to: Int.random(in: 0..<names))
            }
        }
        try await Task.sleep(for: .seconds(seconds))
        let all = try await load.loop.submit { load.latencies.sorted() }.get()
        guard !all.isEmpty else { throw LoadFailure("nothing came") }
        func at(_ share: Double) -> Double {
            Double(all[min(all.count - 1, Int(Double(all.count) * share))]) / 1_000
        }
        say(
            "{\"events\":\(all.count),\"p50\":\(at(0.5)),\"p99\":\(at(0.99)),\"p999\":\(at(0.999)),\"max\":\(at(1))}"
        )
    }
}

struct Flood: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How many events a second pass, each server sending to the next.")

    @OptionGroup var target: Target
    @Option(help: "Seconds.") var seconds = 10
    @Option(help: "Events of all servers that are under way at a time.") var window = 1_024
    @Flag(help: "The port is a line echo's.") var echo = false

    func run() async throws {
        let load = Load()
        load.isEcho = echo
        let peers = try await target.connect(to: load, registers: !echo)
        try await load.loop.submit {
            for peer in peers {
                peer.flood((peer.number + 1) % peers.count, window: max(1, window / peers.count))
            }
        }.get()
        // A second to get going.
        try await Task.sleep(for: .seconds(1))
        let before = try await load.count()
        let start = NIODeadline.now()
        try await Task.sleep(for: .seconds(seconds))
        let after = try await load.count()
        let nanoseconds = (NIODeadline.now() - start).nanoseconds
        say(
            "{\"events\":\(after - before),\"perSecond\":\(Double(after - before) * 1e9 / Double(nanoseconds))}"
        )
    }
}

struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keeps registered connections until standard input ends.",
        discussion: """
            With --deaf all but the first never read: the first sends broadcasts of 1000 bytes until no \
            queue takes one, and, at a line of standard input, ten times as many again. Both are told.
            """)

    @OptionGroup var target: Target
    @Flag(help: "All but the first never read.") var deaf = false

    func run() async throws {
        let load = Load()
        let peers = try await target.connect(to: load) { deaf && $0 > 0 }
        say("{\"connections\":\(peers.count)}")
        if deaf, let sender = peers.first {
            var sent = 1
            while try await sender.broadcast() > 0 { sent += 1 }
            say("{\"filledBy\":\(sent)}")
            while readLine() != nil {
                for _ in 0..<(10 * sent) { _ = try await sender.broadcast() }
                say("{\"more\":\(10 * sent)}")
            }
        }
        while readLine() != nil {}
        withExtendedLifetime(peers) {}
    }
}

struct Echo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A bare line echo on one thread: what SwiftNIO alone can do.")

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        say("{\"port\":\(server.localAddress?.port ?? 0)}")
        try await server.closeFuture.get()
    }
}

struct LoadFailure: Error, CustomStringConvertible {
    let description: String
    init(_ text: String) { description = text }
}

/// A line of output that a script sees at once, also through a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
