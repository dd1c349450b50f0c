// A web server that takes streams, over real WebSockets: keeps every message of every connection, and
// misbehaves on demand.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import Testing

/// What the server does on a connection.
struct Manners: Sendable {
    /// Answers start_mission and end_mission.
    var acknowledges = true
    /// Answers pings.
    var answersPings = true
    /// Closes the connection when so many messages have come.
    var cutsAfter: Int?
    /// Closes it behind the acknowledgement of end_mission, as the newer web server does.
    var closesAfterEnd = true
    /// Takes no stream: the status it answers with.
    var refuses: Int?
    /// Says something strange, and pings, before anything else.
    var babbles = false
}

/// One connection.
struct Visit: Sendable {
    var uri: String
    var messages: [String] = []
    var pongs = 0

    /// Types of its messages, in order.
    var types: [String] { messages.map { StreamServer.type($0) } }
}

final class StreamServer: Sendable {
    struct State {
        var manners: [Manners] = []
        var usual = Manners()
        var visits: [Visit] = []
        var open: [any Channel] = []
    }
    let state = Mutex(State())
    private let channel: any Channel
    let port: Int
    private let isSecure: Bool

    /// - Parameters:
    ///   - port: of an earlier one that comes back; 0 for any.
    ///   - manners: for the first connections; all others are served well.
    ///   - tls: speaks TLS.
    init(
        _ port: Int = 0, _ manners: [Manners] = [], tls: NIOSSLContext? = nil
    ) async throws {
        isSecure = tls != nil
        let box = ServerBox()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    return try Self.prepare(channel, box)
                }
                .flatMap { $0 }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = channel.localAddress?.port ?? 0
        state.withLock { $0.manners = manners }
        box.server.withLock { $0 = self }
    }

    private static func prepare(
        _ channel: any Channel, _ box: ServerBox
    ) throws -> EventLoopFuture<Void> {
        let mine = NIOLoopBoxedValue()
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: 1 << 24,
            shouldUpgrade: { channel, head in
                guard let server = box.server.withLock({ $0 }) else {
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
                let (manners, number) = server.state.withLock { state in
                    let manners =
                        state.manners.isEmpty ? state.usual : state.manners.removeFirst()
                    state.visits.append(Visit(uri: head.uri))
                    state.open.append(channel)
                    return (manners, state.visits.count - 1)
                }
                mine.set(manners, number)
                return channel.eventLoop.makeSucceededFuture(
                    manners.refuses == nil ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let (manners, number) = mine.value
                    try channel.pipeline.syncOperations.addHandler(
                        MessageHandler(box, manners, number))
                }
            })
        return channel.pipeline.configureHTTPServerPipeline(
            withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in })
        ).flatMap {
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(RefusingHandler(mine))
            }
        }
    }

    var url: String { isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)" }
    var visits: [Visit] { state.withLock { $0.visits } }
    /// All messages of all connections.
    var messages: [String] { visits.flatMap(\.messages) }

    /// How every connection is served from now on.
    func always(_ manners: Manners) { state.withLock { $0.usual = manners } }

    /// Cuts every connection and is gone.
    func stop() async throws {
        try await channel.close()
        for open in state.withLock({ $0.open }) { try? await open.close() }
    }

    static func type(_ message: String) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(message.utf8)),
            let type = (object as? [String: Any])?["type"] as? String
        else { return "no message" }
        return type
    }

    /// Waits until something is so.
    func wait(_ condition: @Sendable ([Visit]) -> Bool) async throws {
        for _ in 0..<6000 {
            if condition(visits) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it never came to that: \(visits.map(\.types))")
    }
}

/// The handlers know the server without keeping it alive.
private final class ServerBox: Sendable {
    let server = Mutex<StreamServer?>(nil)
}

/// What is decided at the upgrade, for what comes behind it.
private final class NIOLoopBoxedValue: Sendable {
    private let state = Mutex<(Manners, Int)>((Manners(), 0))
    var value: (Manners, Int) { state.withLock { $0 } }
    func set(_ manners: Manners, _ number: Int) { state.withLock { $0 = (manners, number) } }
}

private final class MessageHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let box: ServerBox
    private let manners: Manners
    private let number: Int
    private var count = 0
    private var isCut = false

    init(_ box: ServerBox, _ manners: Manners, _ number: Int) {
        self.box = box
        self.manners = manners
        self.number = number
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard manners.babbles else { return }
        send(context, .text, "what?")
        send(context, .text, #"{"type":"ack","for":"something"}"#)
        send(context, .ping, "are you there")
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What lies in the buffers of a connection that was cut has never come.
        guard !isCut else { return }
        let frame = unwrapInboundIn(data)
        let text = String(buffer: frame.unmaskedData)
        switch frame.opcode {
        case .text:
            note { $0.messages.append(text) }
            count += 1
            let type = StreamServer.type(text)
            if manners.acknowledges, type == "start_mission" || type == "end_mission" {
                send(context, .text, #"{"type":"ack","for":"\#(type)"}"#)
                if type == "end_mission", manners.closesAfterEnd { context.close(promise: nil) }
            }
            if count == manners.cutsAfter {
                isCut = true
                context.close(promise: nil)
            }
        case .ping where manners.answersPings: send(context, .pong, text, frame.unmaskedData)
        case .pong: note { $0.pongs += text == "are you there" ? 1 : 0 }
        default: break
        }
    }

    private func note(_ change: (inout Visit) -> Void) {
        box.server.withLock { $0 }?.state.withLock { change(&$0.visits[number]) }
    }

    private func send(
        _ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ text: String,
        _ data: ByteBuffer? = nil
    ) {
        let frame = WebSocketFrame(
            fin: true, opcode: opcode, data: data ?? ByteBuffer(string: text))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

/// Answers a request that was not upgraded.
private final class RefusingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let mine: NIOLoopBoxedValue

    init(_ mine: NIOLoopBoxedValue) { self.mine = mine }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A WebSocket's frames go by.
        guard let status = mine.value.0.refuses else { return context.fireChannelRead(data) }
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status),
            headers: ["Content-Length": "0"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
