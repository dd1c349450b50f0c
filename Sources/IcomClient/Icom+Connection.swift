// The connection to the hub: through a list of addresses, again and again with growing pauses, and what
// comes in over it.

import CPlatform
import ICOMWire
import Segments
import Synchronization
import Values

extension Icom {
    /// Until an address has answered, and again until a hub has answered to `register`.
    private static let connectLimit = 5 * second
    /// Until it has answered to an event.
    private static let answerLimit = 10 * second

    /// One look at the connection.
    func step(_ now: UInt64) {
        switch phase {
        case .idle, .stopped: return
        case .backoff:
            if now >= retryAt { enter(.connecting) }
        case .connecting: dial()
        case .registering:
            receive()
            if phase == .registering, now &- phaseSince > Self.connectLimit {
                fail("the hub did not answer to register")
            }
        case .online:
            receive()
            guard phase == .online else { return }
            // What was just received has later times than the round's beginning.
            let now = bb_clock_exact()
            if let oldest = questions.first, now &- oldest.askedAt > Self.answerLimit {
                return fail("the hub did not answer in time")
            }
            askForList(now)
            pump(now)
        }
    }

    /// The host and the port of the address whose turn it is (`host:port`, brackets around IPv6), each
    /// with its NUL; nil when it is none.
    private func address() -> (host: [UInt8], port: [UInt8])? {
        var number = 0
        var host: [UInt8] = []
        var port: [UInt8] = []
        var isPort = false
        for byte in addresses {
            if byte == UInt8(ascii: ",") {
                number += 1
            } else if number == nextAddress, byte > 0x20 {
                if byte == UInt8(ascii: ":") {
                    // The last colon counts.
                    if isPort { host += [UInt8(ascii: ":")] + port }
                    isPort = true
                    port = []
                } else if isPort {
                    port.append(byte)
                } else {
                    host.append(byte)
                }
            }
        }
        addressCount = number + 1
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host.removeFirst()
            host.removeLast()
        }
        for byte in port where byte < 0x30 || byte > 0x39 { return nil }
        return host.isEmpty || port.isEmpty ? nil : (host + [0], port + [0])
    }

    private func dial() {
        let found = address()
        nextAddress = (nextAddress + 1) % addressCount
        guard let (host, port) = found else { return fail("an address is not host:port") }
        say(.info, "icom: connecting", addresses)
        let made = unsafe host.withUnsafeBytes { host in
            unsafe port.withUnsafeBytes { port in
                unsafe bb_socket_connect(
                    host.baseAddress?.assumingMemoryBound(to: CChar.self),
                    port.baseAddress?.assumingMemoryBound(to: CChar.self), Self.connectLimit,
                    stopWord)
            }
        }
        guard made >= 0 else { return fail("can't connect: ", error: made) }
        socket = made
        assembler = LineAssembler(limitBytes: Frame.longestLine)
        let token = board.token
        put(
            FrameText.register(
                serverID: serverID, token: token.isEmpty ? nil : token,
                caps: [
                    [UInt8](bytesOf: Capability.ping), [UInt8](bytesOf: Capability.outbox),
                ]))
        enter(.registering)
    }

    func fail(_ reason: StaticString, error: Int64 = 0, least: UInt64 = 0) {
        var text = [UInt8](bytesOf: reason)
        if error == -Int64(BB_ENOENT) {
            text.put("no such host")
        } else if error < 0 {
            text += LogError.reason(Int32(truncatingIfNeeded: -error), to: .read).utf8
        }
        fail(text, least: least)
    }

    /// The connection is of no use any more: again after a pause, at least so many seconds long.
    private func fail(_ reason: [UInt8], least: UInt64) {
        lastError = reason
        hangUp()
        // 1, 2, 4 … 60 s, and up to 30 % more, so that a hub that comes back is not run over. The other
        // addresses of a list get their turn at once.
        var pause = Self.second / 10
        if nextAddress == 0 {
            backoffSeconds = max(least, min(60, max(1, backoffSeconds * 2)))
            var random: UInt64 = 0
            unsafe bb_random(&random, 8)
            pause = backoffSeconds * Self.second
            pause += random % (pause / 10 * 3)
        }
        retryAt = bb_clock_exact() &+ pause
        say(.warn, "icom: the hub can't be used; trying again", reason)
        enter(.backoff)
    }

    /// Closes the connection; what was under way is sent again later, or reported.
    func hangUp() {
        if socket >= 0 { bb_socket_close(socket) }
        socket = -1
        output = []
        outputStart = 0
        sessionID = []
        servers = []
        questions = []
        goBack()
    }

    // MARK: in

    private func receive() {
        for _ in 0..<16 {
            let count = unsafe room.withUnsafeMutableBytes {
                unsafe bb_socket_receive(socket, $0.baseAddress, UInt64($0.count))
            }
            if count == -Int64(BB_EAGAIN) { return }
            if count == 0 { return fail("the hub closed the connection") }
            if count < 0 { return fail("", error: count) }
            let room = self.room
            assembler.feed(room.span.extracting(0..<Int(count))) { line in
                if let line { sort(line) }
                return socket >= 0
            }
            guard socket >= 0 else { return }
        }
    }

    private func sort(_ line: Span<UInt8>) {
        // A frame of a type that is not known yet is no reason to hang up.
        guard let frame = try? Frame.parse(line) else { return }
        switch frame.type {
        case .registered:
            guard phase == .registering else { return }
            sessionID = frame.text(.sessionID, in: line) ?? []
            hubKnowsMore = frame.range(.caps) != nil
            backoffSeconds = 0
            nextAddress = 0
            lastError = []
            listAt = 0
            openLive()
            enter(.online)
            say(.info, "icom: connected", sessionID)
        case .event: take(frame, line)
        case .ack:
            answered(
                isTaken: frame.isTrue(.success, in: line),
                confirms: frame.isTrue(.confirms, in: line), frame.text(.error, in: line) ?? [])
        case .error: refused(frame.text(.message, in: line) ?? [])
        case .servers:
            if let range = frame.range(.servers) { servers = line.extracting(range).array }
            answered(isTaken: false, confirms: false, [])
        case .ping: put(FrameText.bare(.pong))
        case .register, .broadcast, .list, .pong: return
        }
    }

    private func refused(_ text: [UInt8]) {
        // Two servers of one name must not drive each other out for ever.
        let isReplaced = text.span.elementsEqual(HubText.replaced)
        let isFinal =
            isReplaced || text.span.elementsEqual(HubText.authenticationFailed)
            || text.span.elementsEqual(HubText.idInUse)
        if isReplaced || phase == .registering { return fail(text, least: isFinal ? 60 : 0) }
        lastError = text
        say(.warn, "icom: the hub complains", text)
        // It is the answer to a frame of ours.
        answered(isTaken: false, confirms: false, text)
    }

    private func askForList(_ now: UInt64) {
        guard hubKnowsMore,
            listAt == 0
                || (board.isListWanted && now &- listAt > Self.second)
        else { return }
        board.listIsAsked()
        listAt = now
        put(FrameText.bare(.list))
        // A hub may refuse it, and a refusal does not say what it is about.
        questions.append(IcomQuestion(nil, nil, now))
    }

    // MARK: out

    @inline(never)
    func put(_ line: [UInt8]) { output.append(contentsOf: line.span) }

    /// Hands the socket what it takes.
    func flush() {
        while socket >= 0, outputStart < output.count {
            let sent = unsafe output.withUnsafeBytes { bytes in
                unsafe bb_socket_send(
                    socket, bytes.baseAddress.map { unsafe $0 + outputStart },
                    UInt64(bytes.count - outputStart))
            }
            if sent == -Int64(BB_EAGAIN) || sent == 0 { return }
            if sent < 0 { return fail("", error: sent) }
            outputStart += Int(sent)
        }
        output.removeAll(keepingCapacity: true)
        outputStart = 0
    }
}
