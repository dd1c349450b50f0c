// A WebSocket to the web server: text frames out, acknowledgements and answers to pings in. A ping carries
// the sequence number of the last call sent before it; servers answer in order, so its answer says that the
// server has read all of that.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization
import Upload
import Values

/// How long is waited for what.
public struct StreamLimits: Sendable {
    /// Until connected.
    public var connect = Duration.seconds(10)
    /// For a write, and for an acknowledgement.
    public var answer = Duration.seconds(10)
    /// For the answer to a ping.
    public var silence = Duration.seconds(60)
    /// For a server that takes nothing, once the game has ended.
    public var patience = Duration.seconds(3600)
    /// The first pause before another attempt, and the longest.
    public var pauses = (first: Duration.seconds(1), longest: Duration.seconds(30))

    /// The usual ones.
    public init() {}
}

/// An open connection. Any thread.
final class StreamConnection: Sendable {
    private static let writeBytes = 64 << 10
    private let channel: any Channel
    private let handler: NIOLoopBound<FrameHandler>
    private let state: ConnectionState
    private let limits: StreamLimits

    private init(
        _ channel: any Channel, _ handler: NIOLoopBound<FrameHandler>, _ state: ConnectionState,
        _ limits: StreamLimits
    ) {
        self.channel = channel
        self.handler = handler
        self.state = state
        self.limits = limits
    }

    /// The highest number of a ping that the server has answered.
    var answered: UInt64 { state.answered.load(ordering: .acquiring) }
    /// Why it is closed; nil while it is open.
    var end: StreamError? { state.end.withLock { $0 } }

    // MARK: open and close

    static func open(
        _ address: StreamAddress, _ limits: StreamLimits, tls: TLSConfiguration
    ) async throws(StreamError) -> StreamConnection {
        do {
            let state = ConnectionState()
            let context = address.isSecure ? try NIOSSLContext(configuration: tls) : nil
            let answer = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(TimeAmount(limits.connect))
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let context {
                            try channel.pipeline.syncOperations.addHandler(
                                tlsHandler(context, address.host))
                        }
                        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(limits.connect)) {
                            channel.close(promise: nil)
                        }
                        let upgraded = try upgrade(channel, address, state)
                        upgraded.whenComplete { _ in limit.cancel() }
                        return upgraded
                    }
                }
                .get()
            switch answer {
            case .open(let channel, let handler):
                return StreamConnection(channel, handler, state, limits)
            case .refused(let status): throw StreamError.refused(try await status.get())
            }
        } catch let error as StreamError {
            throw error
        } catch {
            throw .unreachable(words(error))
        }
    }

    /// Says nothing more to the server.
    func close() async { try? await channel.close() }

    private enum Answer: Sendable {
        case open(any Channel, NIOLoopBound<FrameHandler>)
        case refused(EventLoopFuture<Int>)
    }

    private static func upgrade(
        _ channel: any Channel, _ address: StreamAddress, _ state: ConnectionState
    ) throws -> EventLoopFuture<Answer> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Answer>(maxFrameSize: 1 << 20) {
            channel, _ in
            channel.eventLoop.makeCompletedFuture {
                let handler = FrameHandler(state)
                try channel.pipeline.syncOperations.addHandler(handler)
                return .open(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
            }
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.uri)
        head.headers.add(name: "Host", value: address.hostHeader)
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
            upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                upgradeRequestHead: head, upgraders: [upgrader]
            ) { channel in
                // The head comes once this is done.
                let status = channel.eventLoop.makePromise(of: Int.self)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RefusalHandler(status))
                    return .refused(status.futureResult)
                }
            })
        // A server may talk at once.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: configuration)
    }

    private static func tlsHandler(
        _ context: NIOSSLContext, _ host: String
    ) throws -> NIOSSLClientHandler {
        // A certificate is not asked for by an address in numbers.
        let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isNumber ? nil : host)
    }

    private static func words(_ error: any Error) -> String {
        if let words = WebTrust.words(error) { return words }
        return switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { "\($0.error)" } ?? "no such host"
        case is ChannelError: "no answer"
        default: "\(error)"
        }
    }

    // MARK: out

    /// Hands texts to the server; returns when the system has taken them.
    func send(_ texts: [[UInt8]]) async throws(StreamError) {
        var rest = texts[...]
        while !rest.isEmpty {
            var byteCount = 0
            var last: EventLoopFuture<Void>?
            while let text = rest.first, byteCount == 0 || byteCount + text.count < Self.writeBytes
            {
                rest.removeFirst()
                byteCount += text.count
                last = channel.write(Self.frame(.text, text))
            }
            channel.flush()
            if let last { try await wait(for: last) }
        }
    }

    /// Sends a text and waits for its acknowledgement.
    func send(_ text: [UInt8], acknowledgedAs type: String) async throws(StreamError) {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { [handler] in handler.value.await(type, promise) }
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(limits.answer)) {
            promise.fail(StreamError.unacknowledged(type))
        }
        defer { limit.cancel() }
        do throws(StreamError) {
            try await send([text])
        } catch {
            promise.fail(error)
            throw error
        }
        do {
            try await promise.futureResult.get()
        } catch {
            throw error as? StreamError ?? .closed("\(error)")
        }
    }

    /// Asks for an answer with this number.
    func ping(_ number: UInt64) async throws(StreamError) {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        try await wait(for: channel.writeAndFlush(Self.frame(.ping, bytes)))
    }

    private func wait(for write: EventLoopFuture<Void>) async throws(StreamError) {
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(limits.answer)) {
            [state, channel] in
            state.finish(.stalled)
            channel.close(promise: nil)
        }
        defer { limit.cancel() }
        do {
            try await write.get()
        } catch {
            throw end ?? .closed("\(error)")
        }
    }

    private static func frame(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) -> WebSocketFrame {
        WebSocketFrame(
            fin: true, opcode: opcode, maskKey: .random(), data: ByteBuffer(bytes: bytes))
    }
}

/// What both sides of a connection's handler know.
private final class ConnectionState: Sendable {
    /// Written on the event loop, read by whoever sends.
    let answered = Atomic<UInt64>(0)
    /// The first reason counts.
    let end = Mutex<StreamError?>(nil)

    func finish(_ error: StreamError) { end.withLock { $0 = $0 ?? error } }
}

/// What comes from the server. Lives on the connection's event loop.
private final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private static let mostTextBytes = 1 << 20
    private let state: ConnectionState
    private var awaited: (type: String, promise: EventLoopPromise<Void>)?
    private var text: [UInt8] = []

    init(_ state: ConnectionState) { self.state = state }

    /// Fulfils the promise when the server acknowledges a message of this type.
    func await(_ type: String, _ promise: EventLoopPromise<Void>) {
        if let end = state.end.withLock({ $0 }) { return promise.fail(end) }
        awaited = (type, promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        let bytes = Array(frame.unmaskedData.readableBytesView)
        switch frame.opcode {
        case .text, .continuation:
            text += bytes
            guard frame.fin || text.count > Self.mostTextBytes else { return }
            read(text)
            text = []
        case .ping:
            let pong = WebSocketFrame(
                fin: true, opcode: .pong, maskKey: .random(), data: ByteBuffer(bytes: bytes))
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .pong:
            guard bytes.count == 8 else { return }
            let number = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            state.answered.store(number, ordering: .releasing)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    /// `{"type":"ack","for":"start_mission"}`; everything else is nobody's business here.
    private func read(_ text: [UInt8]) {
        guard let value = try? JSONValue.parse(text.span), value.member("type")?.string == "ack",
            let awaited, value.member("for")?.string == awaited.type
        else { return }
        self.awaited = nil
        awaited.promise.succeed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.finish(.closed(""))
        awaited?.promise.fail(state.end.withLock { $0 } ?? .closed(""))
        awaited = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        state.finish(.closed("\(error)"))
        context.close(promise: nil)
    }
}

/// Reads the status of a server that takes no stream.
private final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let status: EventLoopPromise<Int>

    init(_ status: EventLoopPromise<Int>) { self.status = status }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        status.succeed(Int(head.status.code))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        status.fail(StreamError.closed(""))
        context.fireChannelInactive()
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let parts = duration.components
        self = .milliseconds(parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
