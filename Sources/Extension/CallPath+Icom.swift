// The `icom:` commands on the game thread: check, keep, answer. What follows from them is the work of the
// hub's client, which gets orders through the courier and reads accepted events from the log.
// docs/icom.md.

import CPlatform
import Segments
import Values
import WAL

extension CallPath {
    /// Longest data of an event, bytes: with names and keys it stays below a hub's usual limit.
    static let icomDataLimit = 1_000_000

    /// Answers a call; the code that the game hands to the script.
    @inline(never)
    mutating func answerIcom(
        _ command: Command, _ arguments: Arguments, _ outcome: Outcome, _ reply: inout ReplyBuffer
    ) -> Int32 {
        let wanted =
            switch command {
            case .icomSendEvent: 3
            case .icomConnect, .icomBroadcast: 2
            default: 0
            }
        let code = Self.code(of: arguments, wanted)
        guard code == 0 else { return code }
        let state = icom(BB_ICOM_STATE)
        switch command {
        case .icomConnect:
            if state == BB_ICOM_CONNECTING || state == BB_ICOM_REGISTERING
                || state == BB_ICOM_ONLINE
            {
                reply.put("ERROR: Already connected")
            } else {
                // From now on a second one is answered so, whether the courier has looked or not.
                offer(BB_ICOM_CONNECT, BB_ICOM_CONNECTING, arguments, &reply)
            }
        case .icomSendEvent, .icomBroadcast:
            unsafe send(arguments[wanted &- 1], outcome, isOnline: state == BB_ICOM_ONLINE, &reply)
        case .icomStatus: put(state, &reply)
        case .icomReady, .icomUnready:
            setIcom(BB_ICOM_READY, command == .icomReady ? 1 : 0)
            reply.put("OK")
        default:
            guard state != BB_ICOM_IDLE else {
                reply.put(Self.notConnected)
                break
            }
            if command == .icomDisconnect {
                offer(BB_ICOM_DISCONNECT, BB_ICOM_IDLE, arguments, &reply)
            } else if command == .icomReconnect {
                offer(BB_ICOM_RECONNECT, state, arguments, &reply)
            } else {
                setIcom(BB_ICOM_LIST_WANTED, 1)
                if state != BB_ICOM_ONLINE {
                    reply.put(Self.notConnected)
                } else if unsafe !put({ unsafe $0.pointee.servers }, &reply) {
                    reply.put("ERROR: The hub has not told its servers")
                }
            }
        }
        return 0
    }

    private static let notConnected: StaticString = "ERROR: Not connected to ICOM server"

    private func icom(_ word: Int) -> Int {
        unsafe Int(bb_icom_get(shared.pointee.icom, UInt32(truncatingIfNeeded: word)))
    }

    private func setIcom(_ word: Int, _ value: Int) {
        unsafe bb_icom_set(
            shared.pointee.icom, UInt32(truncatingIfNeeded: word),
            UInt32(truncatingIfNeeded: value))
    }

    /// What the framework of the original answers to arguments that are not `wanted` texts: no text, and
    /// `2n` (n were given) or `3n` (number n, from 0 on, is no text). 0 when all is well.
    private static func code(of arguments: Arguments, _ wanted: Int) -> Int32 {
        guard arguments.count == wanted else { return code(2, arguments.count) }
        var index = 0
        while index < wanted {
            guard let text = unsafe arguments[index] else { return code(3, index) }
            let length = unsafe Int(bb_text_length(text))
            // Behind a first byte there is at least the NUL.
            guard length >= 2, unsafe text[0] == 0x22, unsafe text[length &- 1] == 0x22 else {
                return code(3, index)
            }
            index &+= 1
        }
        return 0
    }

    /// The digit and then the number, written one behind the other.
    private static func code(_ digit: Int32, _ number: Int) -> Int32 {
        let bounded = Int32(truncatingIfNeeded: min(number, 99_999))
        var scale: Int32 = 10
        while scale <= bounded { scale &*= 10 }
        return digit &* scale &+ bounded
    }

    /// Hands the courier an order; from now on the state is `state`.
    @inline(never)
    private func offer(
        _ order: Int, _ state: Int, _ arguments: Arguments, _ reply: inout ReplyBuffer
    ) {
        // Before the order: what the client says of the state comes later, and counts.
        let before = icom(BB_ICOM_STATE)
        setIcom(BB_ICOM_STATE, state)
        let isTaken = unsafe handover.offer(
            .icom, sequence: UInt64(order), name: nil, texts: arguments.texts,
            count: arguments.count, limit: arguments.count == 0 ? 0 : 4_096, mayUseReserve: true)
        if !isTaken {
            setIcom(BB_ICOM_STATE, before)
            reply.put("ERROR: Too many commands wait")
        } else if order == BB_ICOM_DISCONNECT {
            reply.put("OK")
        } else {
            reply.put("Connection initiated")
        }
    }

    // MARK: what the client tells

    private func put(_ state: Int, _ reply: inout ReplyBuffer) {
        if unsafe put({ unsafe $0.pointee.status }, &reply) { return }
        reply.put("{\"state\":\"")
        unsafe reply.put(text: bb_icom_state_name(UInt32(truncatingIfNeeded: state)))
        reply.put("\"}")
    }

    /// Puts a text of the client; false when there is none, or the client is at it. It holds the lock for
    /// a few instructions; when it was descheduled just there, the game does not wait.
    private func put(
        _ text: (UnsafeMutablePointer<bb_icom>) -> bb_icom_text, _ reply: inout ReplyBuffer
    ) -> Bool {
        let icom = unsafe shared.pointee.icom
        var tries = 0
        while unsafe bb_icom_swap(icom, UInt32(BB_ICOM_TEXT_LOCK), 1) != 0 {
            tries &+= 1
            if tries > 1_000 { return false }
        }
        let text = unsafe text(icom)
        if let bytes = unsafe text.bytes { unsafe reply.put(bytes, Int(text.count)) }
        unsafe bb_icom_set(icom, UInt32(BB_ICOM_TEXT_LOCK), 0)
        return unsafe text.bytes != nil
    }

    // MARK: events

    /// An event: accepted when it is in the log and marked there.
    private func send(
        _ data: UnsafePointer<CChar>?, _ outcome: Outcome, isOnline: Bool,
        _ reply: inout ReplyBuffer
    ) {
        let owner = UInt32(truncatingIfNeeded: icom(BB_ICOM_OWNER))
        guard owner != 0 || isOnline else { return reply.put(Self.notConnected) }
        guard unsafe isJSON(data, &reply) else { return }
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
        let bytes = unsafe Span<UInt8>(
            _unsafeStart: UnsafeRawPointer(argument).assumingMemoryBound(to: UInt8.self),
            count: Int(bb_text_length(argument)))
        // Each byte but the quotes around it may be a doubled quote. Looked at before anything is copied.
        let isHopeless = bytes.count > 2 * Self.icomDataLimit + 2
        let data = isHopeless ? [] : ArgumentText.value(bytes)
        guard !isHopeless, data.count <= Self.icomDataLimit else {
            reply.put("ERROR: Event too large - 1000000 bytes at most")
            return false
        }
        do throws(JSONError) {
            try JSONValue.check(data.span)
            return true
        } catch {
            reply.put("ERROR: Invalid JSON - ")
            let sentence = error.sentence.bytes
            unsafe sentence.withUnsafeBufferPointer { buffer in
                if let start = buffer.baseAddress { unsafe reply.put(start, buffer.count) }
            }
            return false
        }
    }
}
