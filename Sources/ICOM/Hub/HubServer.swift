// The running hub: its listening sockets, its one event loop, its end.

import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A hub that listens.
public final class HubServer: Sendable {
    private static let tickMilliseconds: Int64 = 100
    private let hub: Hub
    private let group: MultiThreadedEventLoopGroup
    private let log: Logger
    private let listeners: Listeners
    /// Address that is listened on, with the port that the system chose for 0.
    public let address: SocketAddress
    /// The TLS port, where there is one.
    public let tlsPort: Int?
    /// The metrics page's port, where there is one.
    public let metricsPort: Int?

    /// Binds everything that the configuration names.
    ///
    /// - Throws: when an address can't be bound, or certificate or key can't be read.
    public static func start(
        _ configuration: HubConfiguration, log: Logger
    ) async throws -> HubServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            return try await HubServer(configuration, group, log)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        _ configuration: HubConfiguration, _ group: MultiThreadedEventLoopGroup, _ log: Logger
    ) async throws {
        self.group = group
        self.log = log
        let hub = Hub(loop: group.next(), rules: configuration.rules, log: log)
        self.hub = hub
        let listeners = Listeners(hub: hub, log: log)
        self.listeners = listeners
        if configuration.rules.isOpen, !configuration.isLoopback {
            log.warning(
                "ANYBODY WHO REACHES THIS PORT CAN SPEAK FOR ANY SERVER: set [auth] token, or listen on 127.0.0.1",
                metadata: ["host": "\(configuration.host)"])
        }
        let context = try configuration.tls.map(Self.context)
        do {
            address = try await listeners.listen(configuration.host, configuration.port, nil)
            if let tls = configuration.tls, let context {
                tlsPort = try await listeners.listen(configuration.host, tls.port, context).port
            } else {
                tlsPort = nil
            }
            if let metrics = configuration.metrics {
                metricsPort = try await MetricsListener.listen(
                    metrics.host, metrics.port, hub: hub)
            } else {
                metricsPort = nil
            }
        } catch {
            // Else those that listen already would be bound again when the loop ends.
            _ = await listeners.close()
            throw error
        }
        hub.loop.scheduleRepeatedTask(
            initialDelay: .milliseconds(Self.tickMilliseconds),
            delay: .milliseconds(Self.tickMilliseconds)
        ) { _ in hub.tick() }
        log.info(
            "ready",
            metadata: [
                "address":
                    "\(HubAddress.text(address.ipAddress ?? configuration.host, address.port ?? 0))",
                "tls": "\(tlsPort.map(String.init) ?? "")",
                "metrics": "\(metricsPort.map(String.init) ?? "")",
            ])
    }

    private static func context(_ tls: HubConfiguration.TLS) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(tls.certificate)
        let key = try NIOSSLPrivateKey(file: tls.key, format: .pem)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        settings.minimumTLSVersion = .tlsv12
        if !tls.clientCA.isEmpty {
            settings.trustRoots = .file(tls.clientCA)
            settings.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: settings)
    }

    /// Puts other limits, time-outs and tokens in force. Who is connected stays.
    public func apply(_ rules: HubRules) async {
        let hub = self.hub
        // Fails only when the loop is gone, and with it whoever the rules are for.
        try? await hub.loop.submit { hub.rules = rules }.get()
        log.info("limits, time-outs and tokens are read again")
    }

    /// Ends: no more connections, what waits is sent (at most that long), all are closed. A second time
    /// does nothing.
    public func stop(within limit: TimeAmount = .seconds(3)) async {
        let hub = self.hub
        guard await listeners.close() else { return }
        let deadline = hub.loop.makePromise(of: Void.self)
        let late = hub.loop.scheduleTask(in: limit) { deadline.succeed() }
        hub.loop.execute {
            hub.drain().whenComplete { _ in
                late.cancel()
                deadline.succeed()
            }
        }
        try? await deadline.futureResult.get()
        log.info("the hub ends")
        try? await group.shutdownGracefully()
    }

    /// The metrics page as it stands.
    public func metricsPage() async -> String {
        let hub = self.hub
        return (try? await hub.loop.submit { hub.metricsPage }.get()) ?? ""
    }
}

/// The sockets that accept. One that fails for good is bound again.
private actor Listeners {
    private let hub: Hub
    private let log: Logger
    private var channels: [any Channel] = []
    private var isClosing = false

    init(hub: Hub, log: Logger) {
        self.hub = hub
        self.log = log
    }

    func listen(
        _ host: String, _ port: Int, _ context: NIOSSLContext?
    ) async throws -> SocketAddress {
        let channel = try await bootstrap(context).bind(host: host, port: port).get()
        guard let address = channel.localAddress else {
            throw ChannelError.inappropriateOperationForState
        }
        channels.append(channel)
        channel.closeFuture.whenComplete { _ in
            Task { await self.again(host, address.port ?? port, context) }
        }
        return address
    }

    private func again(_ host: String, _ port: Int, _ context: NIOSSLContext?) async {
        guard !isClosing else { return }
        log.error("the listening socket is gone; listening again", metadata: ["port": "\(port)"])
        while !isClosing {
            do {
                _ = try await listen(host, port, context)
                return
            } catch {
                log.error(
                    "can't listen", metadata: ["port": "\(port)", "reason": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// False when it was done before.
    func close() async -> Bool {
        guard !isClosing else { return false }
        isClosing = true
        // Only one that is closed already refuses.
        for channel in channels { try? await channel.close() }
        return true
    }

    private func bootstrap(_ context: NIOSSLContext?) -> ServerBootstrap {
        let hub = self.hub
        return ServerBootstrap(group: hub.loop)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: true),
                        AcceptErrors(hub),
                    ])
                }
            }
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A busy peer gets its turn, and then the others.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // Half an end is not the end: acks of the last frames are still owed.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    guard let peer = hub.admit(channel) else {
                        return try pipeline.addHandler(Refusing())
                    }
                    Self.setKeepAlive(channel)
                    if let context {
                        try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try pipeline.addHandler(peer)
                }
            }
    }

    /// A dead peer is noticed after 90 s: 60 s of silence, then three probes 10 s apart.
    private static func setKeepAlive(_ channel: any Channel) {
        // A system that does not know one of these has its own pace.
        for (option, value) in [
            (
                ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE)),
                60
            ),
            (
                ChannelOptions.Types.SocketOption(
                    level: .tcp, name: .init(rawValue: TCP_KEEPINTVL)), 10
            ),
            (ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_KEEPCNT)), 3),
        ] {
            channel.setOption(option, value: value).whenFailure { _ in }
        }
    }
}

/// Errors of accept: told, and gone on after. (`AcceptBackoffHandler` makes the pause.)
private final class AcceptErrors: ChannelInboundHandler {
    typealias InboundIn = any Channel
    private let hub: Hub

    init(_ hub: Hub) { self.hub = hub }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hub.counters.acceptErrors += 1
        hub.log.error("can't accept a connection", metadata: ["reason": "\(error)"])
    }
}

/// Closes a connection that is beyond the limits.
private final class Refusing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
}

/// The metrics page: `GET /metrics`, for Prometheus.
private enum MetricsListener {
    static func listen(_ host: String, _ port: Int, hub: Hub) async throws -> Int {
        let channel = try await ServerBootstrap(group: hub.loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(MetricsPageHandler(hub))
                }
            }
            .bind(host: host, port: port).get()
        return channel.localAddress?.port ?? port
    }
}

private final class MetricsPageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let hub: Hub
    private var isKnown = false

    init(_ hub: Hub) { self.hub = hub }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isKnown = head.method == .GET && (head.uri == "/metrics" || head.uri == "/")
        case .body: break
        case .end:
            let body = ByteBuffer(string: isKnown ? hub.metricsPage : "GET /metrics\n")
            let head = HTTPResponseHead(
                version: .http1_1, status: isKnown ? .ok : .notFound,
                headers: [
                    "Content-Type": "text/plain; version=0.0.4",
                    "Content-Length": String(body.readableBytes), "Connection": "close",
                ])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            let ended = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            ended.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: ended)
        }
    }
}
