// What the hub does with a frame: the reply table of docs/formats/icom.md, row by row.

import ICOMWire
import Logging
import NIOCore
import Values

/// The hub's state: its peers and their names.
///
/// `@unchecked Sendable`: everything but `loop` and `log` is used on `loop` only.
final class Hub: @unchecked Sendable {
    let loop: any EventLoop
    let log: Logger
    var rules: HubRules
    let router: any Router
    var counters = HubCounters()
    private(set) var peers: [Int: Peer] = [:]
    private var perAddress: [String: Int] = [:]
    /// Peers with something to send that no socket has yet.
    private var dirty: [Peer] = []
    /// Where the event under way is written, kept for its room.
    private var tail: [UInt8] = []
    /// Whether the log tells of each event. Asked once: the level stays.
    private let logsEvents: Bool
    private let plainSuccess = FrameText.ack(messageID: nil, error: nil)
    private var lastNumber = 0
    private var isDraining = false
    private var whenEmpty: EventLoopPromise<Void>?

    init(loop: any EventLoop, rules: HubRules, log: Logger, router: any Router = LocalRouter()) {
        self.loop = loop
        self.rules = rules
        self.log = log
        logsEvents = log.logLevel <= .debug
        self.router = router
    }

    // MARK: connections

    /// A connection was accepted; nil when there are too many.
    func admit(_ channel: any Channel) -> Peer? {
        let address = channel.remoteAddress
        let key = address?.ipAddress ?? "local"
        guard !isDraining, peers.count < rules.maxConnections,
            perAddress[key, default: 0] < rules.maxPerAddress
        else {
            counters.connectionsRefused += 1
            log.warning("too many connections", metadata: ["peer": "\(key)"])
            return nil
        }
        lastNumber += 1
        counters.connectionsAccepted += 1
        let text = HubAddress.text(key, address?.port ?? 0)
        let peer = Peer(self, channel, number: lastNumber, address: text, addressKey: key)
        peers[lastNumber] = peer
        perAddress[key, default: 0] += 1
        log.info("accepted", metadata: ["peer": "\(text)", "connection": "\(lastNumber)"])
        return peer
    }

    /// A connection is about to go: its name is free, unless somebody else has it already.
    func leave(_ peer: Peer) {
        guard !peer.name.isEmpty else { return }
        router.release(peer.name, from: peer)
    }

    /// A connection is gone.
    func forget(_ peer: Peer) {
        leave(peer)
        guard peers.removeValue(forKey: peer.number) != nil else { return }
        let left = perAddress[peer.addressKey, default: 1] - 1
        perAddress[peer.addressKey] = left > 0 ? left : nil
        log.info("closed", metadata: peer.facts)
        if isDraining, peers.isEmpty { whenEmpty?.succeed() }
    }

    /// The peer's queue is handed to its socket at the end of the loop's turn, when all sockets that were
    /// ready have been read: what they have for one receiver, events and answers, is one write.
    func markDirty(_ peer: Peer) {
        if dirty.isEmpty { loop.execute { self.flushDirty() } }
        dirty.append(peer)
    }

    private func flushDirty() {
        // A flush can't make anybody dirty: it only writes.
        for peer in dirty { peer.flushDirty() }
        dirty.removeAll(keepingCapacity: true)
    }

    func tick() {
        let now = NIODeadline.now()
        for peer in Array(peers.values) { peer.tick(now) }
    }

    /// No more connections; what waits is sent, then all are closed. Done when all are gone.
    func drain() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        isDraining = true
        whenEmpty = promise
        for peer in Array(peers.values) { peer.close(reason: "the hub ends") }
        if peers.isEmpty { promise.succeed() }
        return promise.futureResult
    }

    /// The metrics page as it stands.
    var metricsPage: String {
        var frames = 0
        var bytes = 0
        for peer in peers.values {
            frames += peer.queue.frames
            bytes += peer.queue.bytes
        }
        return counters.page(
            connections: peers.count, registered: router.count, queuedFrames: frames,
            queuedBytes: bytes)
    }

    // MARK: frames

    /// Handles one line of a peer. `mayPass` is false when it sends too many.
    func handle(_ line: Span<UInt8>, from peer: Peer, mayPass: Bool) {
        let frame: Frame
        do throws(FrameError) {
            frame = try Frame.parse(line)
        } catch {
            counters.count(.invalid)
            if !mayPass { return refuse(peer, .rate, HubText.rateLimit) }
            peer.noteBadFrame(error.sentence)
            return peer.reply(FrameText.error(Array(error.sentence.utf8)), .error)
        }
        counters.count(in: frame.type)
        // Events are refused in the form of their answers, and a pong has none.
        let isRefusedHere =
            switch frame.type {
            case .event, .broadcast: false
            case .pong: !peer.answersPing
            default: true
            }
        if isRefusedHere, !mayPass { return refuse(peer, .rate, HubText.rateLimit) }
        switch frame.type {
        case .event, .broadcast: route(frame, line, from: peer, mayPass: mayPass)
        case .register: register(frame, line, peer)
        // The original sends them back.
        case .registered, .ack, .error: peer.reply(line.array + [0x0A], frame.type)
        case .pong where peer.answersPing: break
        case .ping where peer.answersPing: peer.reply(FrameText.bare(.pong), .pong)
        case .list where peer.hasCaps: peer.reply(servers(), .servers)
        case .pong, .ping, .list, .servers:
            let error = FrameError.unknownType(Array(frame.type.word.description.utf8))
            counters.count(.invalid)
            peer.reply(FrameText.error(Array(error.sentence.utf8)), .error)
        }
    }

    private func refuse(_ peer: Peer, _ refusal: Refusal, _ text: StaticString) {
        counters.count(refusal)
        peer.reply(FrameText.error(Array(text.description.utf8)), .error)
    }

    private func servers() -> [UInt8] {
        var frame = FrameText(.servers)
        frame.add(.servers, texts: router.names)
        return frame.line()
    }

    // MARK: register

    private func register(_ frame: Frame, _ line: Span<UInt8>, _ peer: Peer) {
        guard peer.stage == .anonymous else {
            return refuse(peer, .name, HubText.registerTwice)
        }
        let name = frame.text(.serverID, in: line) ?? []
        if name.span.elementsEqual(ServerName.health) {
            peer.stage = .health
            return welcome(peer, frame, line)
        }
        guard rules.lenientIDs ? !name.isEmpty : ServerName.isValid(name) else {
            refuse(peer, .name, HubText.invalidID)
            return peer.close(reason: "invalid name")
        }
        guard rules.admits(name, frame.text(.token, in: line)) else {
            log.warning(
                "authentication failed",
                metadata: [
                    "peer": "\(peer.address)",
                    "server": "\(String(decoding: name, as: UTF8.self))",
                ])
            refuse(peer, .authentication, HubText.authenticationFailed)
            return peer.close(reason: "authentication failed", after: .seconds(1))
        }
        let older = router.holder(of: name)
        if older != nil, rules.onDuplicate == .reject {
            return refuse(peer, .name, HubText.idInUse)
        }
        peer.adopt(name: name)
        peer.stage = .registered
        router.claim(name, for: peer)
        if let older = older as? Peer {
            log.info(
                "replaced by a new session",
                metadata: older.facts.merging(["by": "\(peer.address)"]) { $1 })
            older.reply(FrameText.error(Array(HubText.replaced.description.utf8)), .error)
            older.close(reason: "replaced by new session")
        }
        welcome(peer, frame, line)
    }

    private func welcome(_ peer: Peer, _ frame: Frame, _ line: Span<UInt8>) {
        let session = SessionID.make()
        var answer = FrameText(.registered)
        answer.add(.sessionID, text: session)
        if let caps = frame.texts(.caps, in: line) {
            peer.hasCaps = true
            peer.answersPing = caps.contains { $0.span.elementsEqual(Capability.ping) }
            peer.confirmsEvents = caps.contains { $0.span.elementsEqual(Capability.outbox) }
            answer.add(.proto, literal: "1")
            answer.add(
                .caps,
                texts: [Capability.ping, Capability.outbox].map { Array($0.description.utf8) })
        }
        peer.reply(answer.line(), .registered)
        log.info(
            "registered",
            metadata: peer.facts.merging(
                ["session": "\(String(decoding: session, as: UTF8.self))"]
            ) { $1 })
    }

    // MARK: events

    private func route(_ frame: Frame, _ line: Span<UInt8>, from peer: Peer, mayPass: Bool) {
        let given = frame.text(.messageID, in: line)
        let messageID = (given?.count ?? 0) <= messageIDLimitBytes ? given : nil
        func refuse(_ refusal: Refusal, _ text: [UInt8]) {
            counters.count(refusal)
            peer.reply(FrameText.ack(messageID: messageID, error: text), .ack)
        }
        func text(_ text: StaticString) -> [UInt8] { Array(text.description.utf8) }
        guard mayPass else { return refuse(.rate, text(HubText.rateLimit)) }
        guard peer.stage == .registered || (peer.stage == .anonymous && !rules.requireRegister)
        else { return refuse(.notRegistered, text(HubText.notRegistered)) }
        guard frame.withText(.eventName, in: line, EventName.isValid) == true else {
            return refuse(.invalid, text(HubText.invalidEventName))
        }
        var tail: [UInt8] = []
        swap(&tail, &self.tail)
        defer { swap(&tail, &self.tail) }
        write(frame, line, from: peer, to: &tail)
        let event = OutgoingEvent(tail: tail.span)
        if frame.type == .broadcast {
            let delivered = router.broadcast(event, from: peer)
            if logsEvents {
                log.debug("broadcast", metadata: facts(peer, frame, line, "\(delivered)"))
            }
            return peer.reply(
                FrameText.ack(messageID: messageID, error: nil, delivered: delivered), .ack)
        }
        let delivery = frame.withText(.targetServer, in: line) { router.deliver(event, to: $0) }
        switch delivery ?? .unknown {
        case .queued(let confirms):
            if logsEvents {
                log.debug(
                    "event", metadata: facts(peer, frame, line, frame.string(.targetServer, line)))
            }
            let isAsked = confirms && frame.range(.outbox) != nil
            if messageID == nil, !isAsked { return peer.reply(plainSuccess, .ack) }
            peer.reply(
                FrameText.ack(messageID: messageID, error: nil, confirms: isAsked), .ack)
        case .unknown:
            refuse(.notFound, HubText.notFound(frame.text(.targetServer, in: line) ?? []))
        case .busy: refuse(.busy, HubText.busy(frame.text(.targetServer, in: line) ?? []))
        case .closed: self.refuse(peer, .closed, "channel closed")
        }
    }

    /// The event as its receivers get it: `event_name` and `data` with their own bytes, the sender's
    /// name, and what plug-ins tell each other about their outboxes.
    private func write(
        _ frame: Frame, _ line: Span<UInt8>, from peer: Peer, to tail: inout [UInt8]
    ) {
        tail.removeAll(keepingCapacity: true)
        tail.reserveCapacity(line.count + peer.sourceField.count + 64)
        func add(_ field: FrameField) {
            guard let range = frame.range(field) else { return }
            tail.append(contentsOf: ",\"")
            tail.append(contentsOf: field.key)
            tail.append(contentsOf: "\":")
            tail.append(contentsOf: line.extracting(range))
        }
        add(.eventName)
        add(.data)
        tail.append(contentsOf: peer.sourceField)
        add(.outbox)
        add(.confirm)
        tail.append(contentsOf: "}\n")
    }

    /// What the log says of an event: never its data.
    private func facts(
        _ peer: Peer, _ frame: Frame, _ line: Span<UInt8>, _ receivers: String
    ) -> Logger.Metadata {
        peer.facts.merging([
            "event": "\(frame.string(.eventName, line))", "to": "\(receivers)",
            "bytes": "\(line.count)",
        ]) { $1 }
    }
}

extension Frame {
    fileprivate func string(_ field: FrameField, _ line: Span<UInt8>) -> String {
        String(decoding: text(field, in: line) ?? [], as: UTF8.self)
    }
}

/// Session ids: UUID version 4, lower case.
enum SessionID {
    static func make() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return text
    }
}
