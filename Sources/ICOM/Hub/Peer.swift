// One connection of the hub, from accept to close: bytes → lines → frames on the way in, a bounded
// queue on the way out. Everything here runs on the hub's one event loop.

import ICOMWire
import Logging
import NIOCore
import Values

/// A connection.
final class Peer: ChannelInboundHandler, Destination {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How it stands with the connection.
    enum Stage: Equatable {
        /// Not registered yet.
        case anonymous
        case registered
        /// For health checks: has no name, gets nothing.
        case health
        /// What waits is still sent, then it is closed.
        case closing
        case closed
    }

    let hub: Hub
    /// Tells connections apart in the log.
    let number: Int
    let address: String
    let addressKey: String
    private(set) var channel: (any Channel)?
    var stage = Stage.anonymous
    /// The name it registered.
    private(set) var name: [UInt8] = []
    /// What events to it begin with, and what those from it carry of it; empty without a name.
    private(set) var eventStart: [UInt8] = []
    private(set) var sourceField: [UInt8] = []
    /// What it announced.
    var answersPing = false
    var confirmsEvents = false
    var hasCaps = false

    private var assembler: LineAssembler
    private(set) var queue: OutgoingQueue
    private var bucket: TokenBucket
    private var isDirty = false
    private var isReadingPaused = false
    /// Frames beyond its rate since the last tick. To refuse them must not be all that the hub does: at so
    /// many the peer is not read from until the next tick.
    private var refusedInTick = 0
    private static let refusalsPerTick = 1_000
    /// Lines that were too long, within the last minute.
    private var longLines: [NIODeadline] = []
    private var badFrames = 0

    let since: NIODeadline
    /// The last byte that came.
    private(set) var heard: NIODeadline
    private var pinged: NIODeadline
    private var writingSince: NIODeadline?
    /// Since when its queue has refused what came.
    private var fullSince: NIODeadline?
    private var closeAt: NIODeadline?

    init(_ hub: Hub, _ channel: any Channel, number: Int, address: String, addressKey: String) {
        self.hub = hub
        self.number = number
        self.address = address
        self.addressKey = addressKey
        self.channel = channel
        let now = NIODeadline.now()
        assembler = LineAssembler(limitBytes: hub.rules.maxLine)
        queue = OutgoingQueue(channel.allocator)
        bucket = TokenBucket(hub.rules, now: now)
        since = now
        heard = now
        pinged = now
    }

    /// The name is its own from now on.
    func adopt(name: [UInt8]) {
        self.name = name
        eventStart = OutgoingEvent.head
        eventStart.appendJSONString(name.span)
        sourceField = OutgoingEvent.source
        sourceField.appendJSONString(name.span)
    }

    /// What a log line says about it.
    var logName: String { name.isEmpty ? "" : String(decoding: name, as: UTF8.self) }

    // MARK: in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        heard = .now()
        hub.counters.bytesIn += buffer.readableBytes
        guard isListening else { return }
        assembler.limitBytes = hub.rules.maxLine
        assembler.feed(buffer.readableBytesUInt8Span) { line in
            take(line)
            return isListening
        }
    }

    private var isListening: Bool { stage != .closing && stage != .closed }

    private func take(_ line: Span<UInt8>?) {
        guard let line else { return refuseLongLine() }
        guard UTF8Text.isValid(line) else {
            hub.log.warning("bytes that are not UTF-8", metadata: facts)
            return close(reason: "not UTF-8")
        }
        let mayPass = bucket.take(
            perSecond: hub.rules.framesPerSecond, burst: hub.rules.burst, now: heard)
        if !mayPass {
            refusedInTick += 1
            if refusedInTick == Self.refusalsPerTick { setReading(false) }
        }
        hub.handle(line, from: self, mayPass: mayPass)
    }

    private func refuseLongLine() {
        hub.counters.count(.tooLong)
        reply(FrameText.error(bytes(HubText.lineTooLong)), .error)
        longLines = longLines.filter { heard - $0 < .seconds(60) } + [heard]
        hub.log.warning("a line is too long", metadata: facts)
        if longLines.count >= 3 { close(reason: "lines too long") }
    }

    /// Notes a frame that could not be read: the log gets the 1st, 2nd, 4th, 8th …
    func noteBadFrame(_ reason: String) {
        badFrames += 1
        guard badFrames & (badFrames - 1) == 0 else { return }
        hub.log.warning(
            "a bad frame",
            metadata: facts.merging(["reason": "\(reason)", "count": "\(badFrames)"]) { $1 })
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        // The last line may have no end; its reply is still owed.
        if isListening {
            assembler.finish { line in
                take(line)
                return isListening
            }
        }
        close(reason: "the peer ended")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hub.log.info("a connection failed", metadata: facts.merging(["reason": "\(error)"]) { $1 })
        hub.leave(self)
        stage = .closed
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hub.forget(self)
        stage = .closed
        // The cycle of peer and channel ends here.
        channel = nil
    }

    // MARK: out

    func put(_ event: OutgoingEvent) -> Delivery {
        guard isListening, let channel, channel.isActive else { return .closed }
        let tail = event.tail
        let size = eventStart.count + tail.count
        guard
            queue.hasRoom(
                size, limitFrames: hub.rules.queueFrames, limitBytes: hub.rules.queueBytes)
        else {
            if fullSince == nil { fullSince = .now() }
            return .busy
        }
        fullSince = nil
        queue.append(size) { piece in
            piece.writeBytes(eventStart)
            // Plain bytes: nothing of them can be misread.
            unsafe piece.writeBytes(tail.bytes)
        }
        hub.counters.count(out: .event)
        markDirty()
        return .queued(confirms: confirmsEvents)
    }

    /// Puts an answer to its own frames into its queue. There is always room: a peer whose queue fills
    /// with answers is not read from until it has taken some.
    func reply(_ frame: [UInt8], _ type: FrameType) {
        guard stage != .closed else { return }
        queue.append(frame.count) { $0.writeBytes(frame) }
        hub.counters.count(out: type)
        markDirty()
        if queue.frames >= hub.rules.queueFrames || queue.bytes >= hub.rules.queueBytes {
            setReading(false)
        }
    }

    private func setReading(_ isOn: Bool) {
        guard isReadingPaused == isOn else { return }
        isReadingPaused = !isOn
        // Only a closed channel refuses.
        channel?.setOption(.autoRead, value: isOn).whenFailure { _ in }
    }

    /// Takes up reading where nothing speaks against it any more.
    private func readOn() {
        guard queue.frames < hub.rules.queueFrames / 2, queue.bytes < hub.rules.queueBytes / 2
        else { return }
        fullSince = nil
        if refusedInTick < Self.refusalsPerTick { setReading(true) }
    }

    private func markDirty() {
        // What fills a write need not wait for the end of the turn; else a turn that reads much would find
        // the queue full that its socket could have taken.
        if queue.isWorthWriting { return flush() }
        guard !isDirty else { return }
        isDirty = true
        hub.markDirty(self)
    }

    /// The end of the turn.
    func flushDirty() {
        isDirty = false
        flush()
    }

    /// Hands the socket what waits.
    private func flush() {
        guard let channel, let piece = queue.startWriting() else { return }
        writingSince = .now()
        hub.counters.bytesOut += piece.readableBytes
        channel.writeAndFlush(piece).assumeIsolated().whenComplete { result in
            self.wrote(result)
        }
    }

    private func wrote(_ result: Result<Void, any Error>) {
        queue.finishWriting()
        writingSince = nil
        if case .failure = result {
            stage = .closed
            channel?.close(promise: nil)
            return
        }
        readOn()
        if queue.isEmpty {
            if stage == .closing, closeAt == nil { shut() }
        } else {
            flush()
        }
    }

    // MARK: the end

    /// Gives up the name, sends what waits, closes. `after` seconds are waited in between.
    func close(reason: String, after: TimeAmount? = nil) {
        guard isListening else { return }
        hub.leave(self)
        stage = .closing
        hub.log.info("closing", metadata: facts.merging(["reason": "\(reason)"]) { $1 })
        closeAt = after.map { .now() + $0 }
        if closeAt == nil, queue.isEmpty { shut() }
    }

    private func shut() {
        stage = .closed
        channel?.close(promise: nil)
    }

    /// Looks at the clock: called a few times a second.
    func tick(_ now: NIODeadline) {
        let rules = hub.rules
        if refusedInTick > 0 {
            refusedInTick = 0
            readOn()
        }
        if let closeAt, now >= closeAt {
            self.closeAt = nil
            if queue.isEmpty { shut() }
        }
        if let writingSince, now - writingSince > .parts(ofSeconds: rules.writeTimeout) {
            hub.log.warning("a write took too long", metadata: facts)
            hub.leave(self)
            return shut()
        }
        if let fullSince, now - fullSince > .parts(ofSeconds: rules.fullTimeout) {
            hub.log.warning("the peer is too slow", metadata: facts)
            hub.leave(self)
            return shut()
        }
        // Whoever only asks for the hub's health has no token to show, and no reason to stay.
        let isStranger = stage == .anonymous || stage == .health
        if isStranger, now - since > .parts(ofSeconds: rules.registerTimeout) {
            return close(reason: "did not register in time")
        }
        guard answersPing, stage == .registered else { return }
        if now - heard > .parts(ofSeconds: rules.idleTimeout) {
            return close(reason: "no sign of life")
        }
        let interval = TimeAmount.parts(ofSeconds: rules.idleTimeout / 3)
        if now - heard > interval, now - pinged > interval {
            pinged = now
            reply(FrameText.bare(.ping), .ping)
        }
    }

    var facts: Logger.Metadata {
        ["peer": "\(address)", "connection": "\(number)", "server": "\(logName)"]
    }

    private func bytes(_ text: StaticString) -> [UInt8] { text.description.utf8.map { $0 } }
}

extension TimeAmount {
    /// Parts of a second, too.
    static func parts(ofSeconds seconds: Double) -> TimeAmount {
        .nanoseconds(Int64(seconds * 1e9))
    }
}
