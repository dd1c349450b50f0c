// The `icom:` commands on the game thread: check, keep, answer. What follows from them is the ICOM
// thread's work, which reads the accepted events from the log. docs/icom.md.

import CPlatform
import Segments
import Synchronization
import Values
import WAL

extension CallPath {
    /// Longest data of an event, bytes: with names and keys it stays below a hub's usual limit.
    static let icomDataLimit = 1_000_000

    mutating func answerIcom(
        _ command: Command, _ arguments: Arguments, _ outcome: Outcome, _ reply: inout ReplyBuffer
    ) {
        let wanted =
            switch command {
            case .icomSendEvent: 3
            case .icomConnect, .icomBroadcast: 2
            default: 0
            }
        guard areTexts(arguments, wanted, &reply) else { return }
        switch command {
        case .icomConnect: connect(arguments, &reply)
        case .icomSendEvent, .icomBroadcast: send(arguments, wanted, outcome, &reply)
        case .icomDisconnect:
            guard isIcomConnected else { return reply.put(CallPath.notConnected) }
            obey(.icomDisconnect, &reply)
        case .icomStatus:
            if !icom.put(.status, into: &reply) {
                reply.put("{\"state\":\"")
                reply.put(icom.state.word)
                reply.put("\"}")
            }
        case .icomServers:
            icom.isListWanted.store(true, ordering: .relaxed)
            if icom.state != .online {
                reply.put(CallPath.notConnected)
            } else if !icom.put(.servers, into: &reply) {
                reply.put("ERROR: The hub has not told its servers")
            }
        case .icomReconnect:
            guard icom.state != .idle else { return reply.put(CallPath.notConnected) }
            if offer(.icomReconnect, Arguments.none) {
                reply.put("Connection initiated")
            } else {
                reply.put(CallPath.tooMany)
            }
        case .icomReady: obey(.icomReady, &reply)
        default: obey(.icomUnready, &reply)
        }
    }

    private static let notConnected: StaticString = "ERROR: Not connected to ICOM server"
    private static let tooMany: StaticString = "ERROR: Too many commands wait"

    private var isIcomConnected: Bool { icom.state != .idle }

    /// The count and kind of the arguments, as the framework of the original answers for them: empty
    /// text, code `2n` (n were given) or `3n` (the n-th is no text).
    private func areTexts(
        _ arguments: Arguments, _ wanted: Int, _ reply: inout ReplyBuffer
    ) -> Bool {
        guard arguments.count == wanted else {
            reply.code = CallPath.code(2, arguments.count)
            return false
        }
        var index = 0
        while index < wanted {
            let length = unsafe arguments[index].map { unsafe Int(bb_text_length($0)) } ?? 0
            guard length >= 2, let text = unsafe arguments[index],
                unsafe text[0] == 0x22, unsafe text[length &- 1] == 0x22
            else {
                reply.code = CallPath.code(3, index)
                return false
            }
            index &+= 1
        }
        return true
    }

    /// The digit and then the number, written one behind the other.
    private static func code(_ digit: Int32, _ number: Int) -> Int32 {
        let bounded = Int32(truncatingIfNeeded: min(number, 99_999))
        var scale: Int32 = 10
        while scale <= bounded { scale &*= 10 }
        return digit &* scale &+ bounded
    }

    private mutating func connect(_ arguments: Arguments, _ reply: inout ReplyBuffer) {
        switch icom.state {
        case .connecting, .registering, .online: return reply.put("ERROR: Already connected")
        case .idle, .backoff, .stopped: break
        }
        guard offer(.icomConnect, arguments) else { return reply.put(CallPath.tooMany) }
        // From now on a second one is answered so, whether the other thread has begun or not.
        icom.state = .connecting
        icom.isWanted.store(true, ordering: .releasing)
        reply.put("Connection initiated")
    }

    private func obey(_ order: Order, _ reply: inout ReplyBuffer) {
        if offer(order, Arguments.none) {
            icom.isWanted.store(true, ordering: .releasing)
            if order == .icomDisconnect { icom.state = .idle }
            reply.put("OK")
        } else {
            reply.put(CallPath.tooMany)
        }
    }

    private func offer(_ order: Order, _ arguments: Arguments) -> Bool {
        unsafe handover.offer(
            order, sequence: 0, name: nil, texts: arguments.texts, count: arguments.count,
            limit: arguments.count == 0 ? 0 : 4_096, mayUseReserve: true)
    }

    /// An event: accepted when it is in the log and marked there.
    private func send(
        _ arguments: Arguments, _ wanted: Int, _ outcome: Outcome, _ reply: inout ReplyBuffer
    ) {
        let owner = icom.owner.load(ordering: .acquiring)
        guard owner != IcomBoard.unkept || icom.state == .online else {
            return reply.put(CallPath.notConnected)
        }
        guard unsafe isJSON(arguments[wanted &- 1], &reply) else { return }
        guard case .kept(let sequence) = outcome, let writer = unsafe shared.pointee.writer,
            unsafe writer._withUnsafeGuaranteedRef({
                $0.mark(kind: RecordKind.icomEvent, number: owner, call: sequence)
            })
        else { return reply.put("ERROR: The event could not be kept in the log") }
        reply.put("OK")
    }

    /// Is the argument JSON that every reader takes, and not too much of it?
    private func isJSON(_ argument: UnsafePointer<CChar>?, _ reply: inout ReplyBuffer) -> Bool {
        guard let argument = unsafe argument else { return false }
        let length = unsafe Int(bb_text_length(argument))
        let bytes = unsafe Span<UInt8>(
            _unsafeStart: UnsafeRawPointer(argument).assumingMemoryBound(to: UInt8.self),
            count: length)
        let data = ArgumentText.value(bytes)
        guard data.count <= CallPath.icomDataLimit else {
            reply.put("ERROR: Event too large - 1000000 bytes at most")
            return false
        }
        do throws(JSONError) {
            try JSONValue.check(data.span)
            return true
        } catch {
            reply.put("ERROR: Invalid JSON - ")
            let sentence = Array(error.sentence.utf8)
            unsafe sentence.withUnsafeBufferPointer { buffer in
                if let start = buffer.baseAddress { unsafe reply.put(start, buffer.count) }
            }
            return false
        }
    }
}
