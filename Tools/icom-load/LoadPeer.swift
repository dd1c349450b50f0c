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
    /// To whom the flood goes on; nobody when it is this one.
    var next: Int
    var channel: (any Channel)?
    private let load: Load
    private var lines = Lines()
    private var registered: EventLoopPromise<Void>?
    private var acknowledged: EventLoopPromise<Void>?
    private var hasUnsent = false

    init(_ load: Load, _ number: Int) {
        self.load = load
        self.number = number
        next = number
    }

    // MARK: out

    func register() async throws {
        try await load.loop.flatSubmit {
            let promise = self.load.loop.makePromise(of: Void.self)
            self.registered = promise
            self.write("{\"type\":\"register\",\"server_id\":\"s\(self.number)\"}\n")
            self.channel?.flush()
            return promise.futureResult
        }.get()
    }

    /// Sends the current time to a server. On the loop.
    func send(to target: Int) {
        write(
            "{\"type\":\"event\",\"target_server\":\"s\(target)\",\"event_name\":\"bench\",\"data\":\(NIODeadline.now().uptimeNanoseconds)}\n"
        )
        if hasUnsent { return }
        hasUnsent = true
        load.loop.execute {
            self.hasUnsent = false
            self.channel?.flush()
        }
    }

    /// A broadcast of 1,000 bytes; returns with its answer.
    func broadcast() async throws {
        try await load.loop.flatSubmit {
            let promise = self.load.loop.makePromise(of: Void.self)
            self.acknowledged = promise
            let text = String(repeating: "x", count: 900)
            self.write("{\"type\":\"broadcast\",\"event_name\":\"bench\",\"data\":\"\(text)\"}\n")
            self.channel?.flush()
            return promise.futureResult
        }.get()
    }

    private func write(_ line: String) {
        channel?.write(ByteBuffer(string: line), promise: nil)
    }

    // MARK: in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lines.feed(unwrapInboundIn(data)) { take($0) }
    }

    private static let prefix = "{\"type\":\"".utf8.count

    private func take(_ line: ByteBuffer) {
        // `ack`, `event`, `registered`, `error`.
        switch line.getInteger(at: line.readerIndex + Self.prefix, as: UInt8.self) {
        case UInt8(ascii: "e") where line.readableBytes > 24: takeEvent(line)
        case UInt8(ascii: "a"):
            if let acknowledged {
                self.acknowledged = nil
                acknowledged.succeed()
            } else if next != number {
                // The flood goes on with each answer.
                send(to: next)
            }
        case UInt8(ascii: "r"):
            registered?.succeed()
            registered = nil
        default: break
        }
    }

    private func takeEvent(_ line: ByteBuffer) {
        load.received += 1
        guard !load.isEcho else { return send(to: next) }
        // `…,"data":123…`: the sender's clock is ours.
        let view = line.readableBytesView
        let key = Array("\"data\":".utf8)
        guard var index = view.firstRange(of: key)?.upperBound else { return }
        var sent: Int64 = 0
        while index < view.endIndex, view[index] >= 0x30, view[index] <= 0x39 {
            sent = sent &* 10 &+ Int64(view[index] &- 0x30)
            index += 1
        }
        load.latencies.append(Int64(NIODeadline.now().uptimeNanoseconds) - sent)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        registered?.fail(error)
        registered = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        registered?.fail(LoadFailure("the hub closed the connection"))
        registered = nil
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
