// web-load: OCAP's web server as far as a stream needs it, for Tools/bench: it acknowledges, answers pings, and
// counts. And a bare client that sends texts of the same size to it, to compare with.

import ArgumentParser
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

@main
struct WebLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "web-load", abstract: "Measures the stream to a web server.",
        discussion: """
            Each command prints lines of JSON.

            EXIT CODES
              0 measured; 1 the server could not be reached; 2 wrong usage
            """, subcommands: [Serve.self, Send.self])
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes streams until it is killed; a line for the port, and one for each mission."
    )

    func run() async throws {
        let server = try await ServerBootstrap(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1)
        )
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
            let upgrader = NIOWebSocketServerUpgrader(
                maxFrameSize: 1 << 24,
                shouldUpgrade: { channel, _ in
                    channel.eventLoop.makeSucceededFuture(HTTPHeaders())
                },
                upgradePipelineHandler: { channel, _ in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Counter())
                    }
                })
            return channel.pipeline.configureHTTPServerPipeline(
                withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
        }
        .bind(host: "127.0.0.1", port: 0).get()
        say("{\"port\":\(server.localAddress?.port ?? 0)}")
        try await server.closeFuture.get()
    }
}

struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends texts as fast as they are taken, as a mission; nothing is read or made.")

    @Option(help: "The server's port on 127.0.0.1.") var port: Int
    @Option(help: "How many texts.") var messages = 1_000_000
    @Option(help: "Bytes of each.") var bytes = 500

    func run() async throws {
        let upgrader = NIOTypedWebSocketClientUpgrader<Channel>(maxFrameSize: 1 << 20) {
            channel, _ in channel.eventLoop.makeSucceededFuture(channel)
        }
        let count = messages
        let size = bytes
        let port = port
        let upgraded = try await ClientBootstrap(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1)
        )
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/api/v1/stream")
                head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
                let configuration = NIOUpgradableHTTPClientPipelineConfiguration(
                    upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                        upgradeRequestHead: head, upgraders: [upgrader]
                    ) { channel in channel.eventLoop.makeFailedFuture(Refused()) })
                return try channel.pipeline.syncOperations
                    .configureUpgradableHTTPClientPipeline(configuration: configuration)
            }
        }
        let channel = try await upgraded.get()
        try await write(channel, #"{"type":"start_mission","payload":{}}"#)
        let text = String(repeating: "x", count: size)
        var left = count
        while left > 0 {
            // As many at a time as the stream sends.
            let some = min(left, max(1, (64 << 10) / size))
            for _ in 1..<some { channel.write(Self.frame(text), promise: nil) }
            try await write(channel, text)
            left -= some
        }
        try await write(channel, #"{"type":"end_mission","payload":null}"#)
        try await channel.closeFuture.get()
    }

    private func write(_ channel: any Channel, _ text: String) async throws {
        try await channel.writeAndFlush(Self.frame(text)).get()
    }

    private static func frame(_ text: String) -> WebSocketFrame {
        WebSocketFrame(
            fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(string: text))
    }
}

private struct Refused: Error {}

/// One connection: what came in its mission.
private final class Counter: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private static let start = Array(#"{"type":"start_mission""#.utf8)
    private static let end = Array(#"{"type":"end_mission""#.utf8)
    private var messages = 0
    private var bytes = 0
    private var startedAt = NIODeadline.now()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            messages += 1
            bytes += frame.data.readableBytes
            let text = frame.unmaskedData.readableBytesView
            if text.starts(with: Self.start) {
                (messages, bytes, startedAt) = (1, text.count, .now())
                acknowledge("start_mission", context)
            } else if text.starts(with: Self.end) {
                acknowledge("end_mission", context)
                let seconds = Double((NIODeadline.now() - startedAt).nanoseconds) / 1e9
                say("{\"messages\":\(messages),\"bytes\":\(bytes),\"seconds\":\(seconds)}")
                context.close(promise: nil)
            }
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    private func acknowledge(_ type: String, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(
            fin: true, opcode: .text,
            data: ByteBuffer(string: "{\"type\":\"ack\",\"for\":\"\(type)\"}"))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

/// A line of output that a script sees at once, also through a pipe.
private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
