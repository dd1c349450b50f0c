// A client of the hub for programs: one reader that sorts frames by type, so that an answer is never
// taken for an event nor the other way round, whoever sends and listens at the same time.

import Foundation
import ICOMWire
import NIOCore
import NIOPosix
import Synchronization
import Values

/// A connection to a hub, registered under a name.
///
/// Any task may send while another listens. Answers are told apart by a `message_id` where the hub
/// repeats it, by their order where it does not. It does not come back by itself: when `events` ends,
/// connect anew.
public final class IcomClient: Sendable {
    /// How long each step may take.
    public struct Timeouts: Sendable {
        /// Until the connection stands, and again until it is registered.
        public var connect = Duration.seconds(5)
        /// Until an event is acknowledged.
        public var answer = Duration.seconds(10)
        /// Most events that wait for whoever listens; beyond it the oldest go.
        public var inboxEvents = 1_000

        /// The defaults.
        public init() {}
    }

    /// The name that is registered.
    public let serverID: String
    /// The session's id, as the hub gave it.
    public var sessionID: String { core.shared.withLock { $0.sessionID } }
    /// What comes, in order. Ends with the connection.
    public let events: AsyncStream<IcomEvent>
    /// Events that nobody took in time (`Timeouts.inboxEvents`).
    public var droppedEvents: Int { core.shared.withLock { $0.droppedEvents } }
    private let core: ClientCore
    private let channel: any Channel
    private let timeouts: Timeouts

    private init(
        _ serverID: String, _ events: AsyncStream<IcomEvent>, _ core: ClientCore,
        _ channel: any Channel, _ timeouts: Timeouts
    ) {
        self.serverID = serverID
        self.events = events
        self.core = core
        self.channel = channel
        self.timeouts = timeouts
    }

    /// Connects to `host:port` (IPv6 in brackets) and registers.
    ///
    /// - Throws: `IcomError`.
    public static func connect(
        _ address: String, serverID: String, token: String? = nil, timeouts: Timeouts = Timeouts()
    ) async throws(IcomError) -> IcomClient {
        guard let (host, port) = HubAddress.parse(address) else { throw .address(address) }
        let (events, sink) = AsyncStream.makeStream(
            of: IcomEvent.self, bufferingPolicy: .bufferingNewest(timeouts.inboxEvents))
        let core = ClientCore(sink)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(
                group: MultiThreadedEventLoopGroup.singleton
            )
            .connectTimeout(.nanoseconds(timeouts.connect.wholeNanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientHandler(core))
                }
            }
            .connect(host: host, port: port).get()
        } catch {
            throw .connect("\(error)")
        }
        let client = IcomClient(serverID, events, core, channel, timeouts)
        let line = FrameText.register(
            serverID: Array(serverID.utf8), token: token.map { Array($0.utf8) },
            caps: [Array(Capability.ping.description.utf8)])
        do throws(IcomError) {
            _ = try await client.ask(line, .registration, timeouts.connect, "register")
        } catch {
            await client.close()
            if case .refused(let reason) = error { throw .register(reason) }
            throw error
        }
        return client
    }

    /// How it stands with the connection.
    public var state: IcomState { core.shared.withLock { $0.state } }

    /// Sends an event to one server and waits until the hub has it in the server's queue. `data` is JSON
    /// text of any kind.
    ///
    /// - Throws: `IcomError`; `.refused` with the hub's own words.
    public func send(
        _ name: String, data: String, to target: String
    ) async throws(IcomError) {
        let bytes = try Self.checked(data)
        let id = core.nextID()
        let line = FrameText.event(
            target: Array(target.utf8), name: Array(name.utf8), data: bytes.span, messageID: id)
        _ = try await ask(line, .answer(id), timeouts.answer, "event")
    }

    /// Sends an event to all other servers.
    ///
    /// - Throws: `IcomError`; `.refused` with the hub's own words.
    public func broadcast(_ name: String, data: String) async throws(IcomError) {
        let bytes = try Self.checked(data)
        let id = core.nextID()
        let line = FrameText.broadcast(
            name: Array(name.utf8), data: bytes.span, messageID: id)
        _ = try await ask(line, .answer(id), timeouts.answer, "broadcast")
    }

    /// The names of the servers that are connected, this one among them.
    ///
    /// - Throws: `IcomError`; `.refused` from a hub that can't tell.
    public func servers() async throws(IcomError) -> [String] {
        try await ask(FrameText.bare(.list), .servers, timeouts.answer, "list")
    }

    /// Closes the connection; `events` ends.
    public func close() async {
        // Only one that is closed already refuses.
        try? await channel.close()
    }

    private static func checked(_ data: String) throws(IcomError) -> [UInt8] {
        // A line feed would end the frame; outside texts it is only space.
        let bytes = data.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        do throws(JSONError) {
            try JSONValue.check(bytes.span)
        } catch {
            throw .data(error.sentence)
        }
        return bytes
    }

    /// Writes a frame and waits for what answers it.
    private func ask(
        _ line: [UInt8], _ kind: ClientCore.Kind, _ limit: Duration, _ what: String
    ) async throws(IcomError) -> [String] {
        let channel = self.channel
        let core = self.core
        let result: Result<[String], IcomError> = await withCheckedContinuation { continuation in
            // On the loop, so that the order of waiting is the order of writing.
            channel.eventLoop.execute {
                guard let number = core.wait(kind, continuation) else { return }
                channel.writeAndFlush(ByteBuffer(bytes: line), promise: nil)
                let limit = channel.eventLoop.scheduleTask(
                    in: .nanoseconds(limit.wholeNanoseconds)
                ) {
                    core.expire(number, what)
                }
                core.limit(number, limit)
            }
        }
        return try result.get()
    }
}

/// The one reader.
private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let core: ClientCore
    private var assembler = LineAssembler(limitBytes: Frame.longestLine)
    private var lastError = "the hub closed the connection"

    init(_ core: ClientCore) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        assembler.feed(buffer.readableBytesUInt8Span) { line in
            if let line { sort(line, context) }
            return true
        }
    }

    private func sort(_ line: Span<UInt8>, _ context: ChannelHandlerContext) {
        // A frame of a type that is not known yet is no reason to hang up.
        guard let frame = try? Frame.parse(line) else { return }
        func text(_ field: FrameField) -> String? {
            frame.text(field, in: line).map { String(decoding: $0, as: UTF8.self) }
        }
        switch frame.type {
        case .registered: core.registered(text(.sessionID) ?? "")
        case .event:
            guard let range = frame.range(.data) else { return }
            core.arrived(
                IcomEvent(
                    name: text(.eventName) ?? "", data: line.extracting(range).array,
                    source: text(.sourceServer), target: text(.targetServer) ?? ""))
        case .ack:
            let result: Result<[String], IcomError> =
                frame.isTrue(.success, in: line)
                ? .success([]) : .failure(.refused(text(.error) ?? "no reason given"))
            let id = frame.text(.messageID, in: line)
            core.answer(result) { kind in
                guard case .answer(let own) = kind else { return false }
                return id == nil || id == own
            }
        case .error:
            lastError = text(.message) ?? lastError
            core.answer(.failure(.refused(lastError))) { _ in true }
        case .servers:
            let names = frame.texts(.servers, in: line) ?? []
            core.answer(.success(names.map { String(decoding: $0, as: UTF8.self) })) {
                $0 == .servers
            }
        case .ping:
            context.writeAndFlush(
                wrapOutboundOut(ByteBuffer(bytes: FrameText.bare(.pong))), promise: nil)
        case .register, .broadcast, .list, .pong: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lastError = "\(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { core.stop(lastError) }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
