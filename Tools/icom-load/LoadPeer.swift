// One server of the load, and the echo that it is compared with. All peers live on one event loop.

import NIOCore
import NIOPosix

/// What all peers share.
///
/// `@unchecked Sendable`: used on `loop` only, but for `isEcho`, which is set before the first connection.
final class Load: @unchecked Sendable {
    let loop: any EventLoop
    /// Nanoseconds from sender to receiver.
    var latencies: [Int64] = []
    /// Events that came.
    var received = 0
    var isEcho = false

    init() {
        loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        latencies.reserveCapacity(1 << 20)
    }

    func count() async throws -> Int { try await loop.submit { self.received }.get() }
}

/// A connection that registers, sends events and measures those that come.
///
/// `@unchecked Sendable`: used on the load's loop only.
final class LoadPeer: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    let number: Int
    var channel: (any Channel)?
    private let load: Load
    private var lines = Lines()
    private var registered: EventLoopPromise<Void>?
    private var delivered: EventLoopPromise<Int>?
    /// What the flood sends, and how many answers came since it last did.
    private var flood: ByteBuffer?
    private var answers = 0

    init(_ load: Load, _ number: Int) {
        self.load = load
        self.number = number
    }

    // MARK: out

    func register() async throws {
        try await load.loop.flatSubmit {
            let promise = self.load.loop.makePromise(of: Void.self)
            self.registered = promise
            self.write("{\"type\":\"register\",\"server_id\":\"s\(self.number)\"}\n")
            return promise.futureResult
        }.get()
    }

    /// Sends the current time to a server. On the loop.
    func send(to target: Int) {
        write(Self.event(target, NIODeadline.now().uptimeNanoseconds))
    }

    /// From now on each answer is followed by an event to that server; begins with `window` of them. The
    /// lines are all the same: whoever measures must be faster than what is measured. On the loop.
    func flood(_ target: Int, window: Int) {
        flood = ByteBuffer(string: Self.event(target, NIODeadline.now().uptimeNanoseconds))
        sendFlood(window)
    }

    private func sendFlood(_ count: Int) {
        guard let flood, let channel, count > 0 else { return }
        var bytes = channel.allocator.buffer(capacity: count * flood.readableBytes)
        for _ in 0..<count { bytes.writeImmutableBuffer(flood) }
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// A broadcast of 1,000 bytes; returns how many queues took it.
    func broadcast() async throws -> Int {
        try await load.loop.flatSubmit {
            let promise = self.load.loop.makePromise(of: Int.self)
            self.delivered = promise
            let text = String(repeating: "x", count: 900)
            self.write("{\"type\":\"broadcast\",\"event_name\":\"bench\",\"data\":\"\(text)\"}\n")
            return promise.futureResult
        }.get()
    }

    private static func event(_ target: Int, _ data: UInt64) -> String {
        "{\"type\":\"event\",\"target_server\":\"s\(target)\",\"event_name\":\"bench\",\"data\":\(data)}\n"
    }

    private func write(_ line: String) {
        channel?.writeAndFlush(ByteBuffer(string: line), promise: nil)
    }

    // MARK: in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.feed(unwrapInboundIn(data)) { take($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        let count = answers
        answers = 0
        sendFlood(count)
    }

    private static let prefix = "{\"type\":\"".utf8.count

    private func take(_ line: ByteBuffer) {
        // `ack`, `event`, `registered`, `error`.
        switch line.getInteger(at: line.readerIndex + Self.prefix, as: UInt8.self) {
        case UInt8(ascii: "e") where line.readableBytes > 24:
            load.received += 1
            if load.isEcho {
                answers += 1
            } else if flood == nil {
                measure(line)
            }
        case UInt8(ascii: "a"):
            answers += 1
            guard let delivered else { return }
            self.delivered = nil
            delivered.succeed(Self.number("\"delivered\":", in: line) ?? 0)
        case UInt8(ascii: "r"):
            registered?.succeed()
            registered = nil
        default: break
        }
    }

    /// `…,"data":123…`: the sender's clock is ours.
    private func measure(_ line: ByteBuffer) {
        guard let sent = Self.number("\"data\":", in: line) else { return }
        load.latencies.append(Int64(NIODeadline.now().uptimeNanoseconds) - Int64(sent))
    }

    /// The whole number behind a key.
    private static func number(_ key: String, in line: ByteBuffer) -> Int? {
        let view = line.readableBytesView
        guard let start = view.firstRange(of: Array(key.utf8))?.upperBound else { return nil }
        return Int(
            String(decoding: view[start...].prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        registered?.fail(error)
        registered = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let failure = LoadFailure("the hub closed the connection")
        registered?.fail(failure)
        registered = nil
        delivered?.fail(failure)
        delivered = nil
    }
}

/// Cuts what comes into lines.
struct Lines {
    private var rest = ByteBuffer()

    /// `body` gets each whole line with its LF.
    mutating func feed(_ arrived: ByteBuffer, _ body: (ByteBuffer) -> Void) {
        var bytes = arrived
        if rest.readableBytes > 0 {
            rest.writeBuffer(&bytes)
            bytes = rest
            rest = ByteBuffer()
        }
        while let end = bytes.readableBytesView.firstIndex(of: 0x0A) {
            if let line = bytes.readSlice(length: end + 1 - bytes.readerIndex) { body(line) }
        }
        if bytes.readableBytes > 0 { rest = bytes.slice() }
    }
}

/// Sends each line back.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private var lines = Lines()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.feed(unwrapInboundIn(data)) { context.write(wrapOutboundOut($0), promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
