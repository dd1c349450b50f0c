// The writing side of a log: what a game call runs through. Called by threads that the game calls us
// on, behind one lock that they alone take; no allocation, no system call, no wait.

import CPlatform
import WAL

/// State of the appending side.
///
/// Invariants: lives at a fixed address from `LogWriter.init` to its deinit; touched only while
/// `lock` is held; `writer` writes into the slot `current`, whose state is `.current`.
@unsafe
struct Producer: ~Copyable {
    var lock: UInt32 = 0
    var writer: RecordWriter
    var current: Int
    var number: UInt32
    /// Of the next record.
    var sequence: UInt64
    var scratch = LengthScratch()
    let slots: UnsafePointer<SegmentSlots>
    let words: UnsafePointer<SharedWords>
    let anchor: UnsafePointer<ClockAnchor>
    let dictionary: UnsafeRawBufferPointer
    let dictionaryCount: Int
    let forked: UnsafePointer<UInt32>
    let salt: UInt32
    let largestPayload: Int
    var loss = PendingLoss()
    /// The segment behind which waiting was in vain.
    private var shortOf: UInt32 = 0

    init(
        writer: RecordWriter, current: Int, slots: UnsafePointer<SegmentSlots>,
        words: UnsafePointer<SharedWords>, anchor: UnsafePointer<ClockAnchor>,
        dictionary: UnsafeRawBufferPointer, dictionaryCount: Int, salt: UInt32, largestPayload: Int
    ) {
        unsafe self.writer = writer
        unsafe self.current = current
        unsafe number = 1
        unsafe sequence = 1
        unsafe self.slots = slots
        unsafe self.words = words
        unsafe self.anchor = anchor
        unsafe self.dictionary = dictionary
        unsafe self.dictionaryCount = dictionaryCount
        unsafe forked = bb_fork_flag()
        unsafe self.salt = salt
        unsafe self.largestPayload = largestPayload
    }

    /// Appends one call. `lock` is held.
    @inline(__always)
    mutating func append(
        _ fields: CallFields, kind: UInt16, flags: UInt16, priority: Priority
    ) -> AppendOutcome {
        let payload = unsafe RecordWriter.measure(fields, scratch)
        // One line of words that rarely change: a failed mapping, an anchor to append, pressure.
        if unsafe loss.count != 0 || words.pointee[.anchor] != 0 || words.pointee[.pressure] != 0
            || slots.pointee.hasFailed(current) || !writer.fits(payload)
        {
            if let outcome = unsafe makeWay(payload, priority) { return outcome }
        }
        let sequence = unsafe self.sequence
        unsafe writer.append(
            fields, payload: payload, scratch: scratch, kind: kind, flags: flags,
            sequence: sequence, time: bb_clock_coarse())
        unsafe self.sequence = sequence &+ 1
        unsafe slots.pointee.publish(current, end: writer.offset)
        return .kept(sequence)
    }

    /// The rare part: switches segments, appends what is pending. Nil when the call can be appended.
    @inline(never)
    private mutating func makeWay(_ payload: Int, _ priority: Priority) -> AppendOutcome? {
        if unsafe payload > largestPayload {
            unsafe lose(priority, .tooLarge)
            return unsafe .tooLarge(limit: largestPayload)
        }
        if unsafe slots.pointee.hasFailed(current), unsafe !advance() {
            unsafe lose(priority, .mapping)
            return .lost
        }
        if unsafe words.pointee[.pressure] != 0, unsafe !hasNext, unsafe mustYield(priority) {
            unsafe lose(priority, .noSpace)
            return .lost
        }
        // Room for the call and for what goes in front of it: a loss (56 bytes) and an anchor (24).
        let wanted = payload &+ 3 * RecordLayout.headerSize &+ 96
        if unsafe !writer.fits(wanted), unsafe !advance(wanted) {
            if unsafe !writer.fits(payload) || loss.count != 0 {
                unsafe lose(priority, words.pointee[.pressure] != 0 ? .noSpace : .outrun)
                return .lost
            }
            return nil
        }
        unsafe appendPending()
        return nil
    }

    /// With no further segment in sight, the room that is left is for what matters more.
    private func mustYield(_ priority: Priority) -> Bool {
        let left = unsafe writer.limit - writer.offset
        switch priority {
        case .unitState: return unsafe left < writer.limit / 2
        case .otherState: return unsafe left < writer.limit / 4
        case .event: return false
        }
    }

    private var hasNext: Bool {
        let next = unsafe SegmentSlots.index(of: number &+ 1)
        return unsafe slots.pointee.state(next) == SlotState.ready
            && slots.pointee[next].number == number &+ 1
    }

    /// Switches to the next segment until one has room for `payload` bytes.
    private mutating func advance(_ payload: Int = 0) -> Bool {
        repeat {
            if unsafe !hasNext { guard unsafe waitForNext() else { return false } }
            unsafe switchToNext()
        } while unsafe !writer.fits(payload)
        return true
    }

    /// The game has outrun the preparer: more than all ready segments within some tens of
    /// milliseconds. Not the disk's fault (that is `pressure`), so the preparer needs only a moment of
    /// a processor: it gets it here, at most `outrunLimit` long, before a call is given up.
    private mutating func waitForNext() -> Bool {
        // Once for each shortage: the calls behind the first do not wait again.
        guard unsafe number != shortOf else { return false }
        let limit = unsafe bb_clock_exact() &+ Self.outrunLimit
        while true {
            // Looked at before the segment: the preparer tells of a refusal when the reserve is ready.
            let isOver = unsafe words.pointee[.pressure] != 0 || bb_clock_exact() >= limit
            if unsafe hasNext { return true }
            if isOver { break }
            bb_thread_yield()
        }
        unsafe shortOf = number
        return false
    }

    /// 20 ms, one frame.
    private static var outrunLimit: UInt64 { 20_000_000 }

    private mutating func switchToNext() {
        let next = unsafe SegmentSlots.index(of: number &+ 1)
        let slot = unsafe slots.pointee[next]
        // A ready slot is mapped: the preparer set its base before it passed it on.
        guard let base = unsafe slot.base else { return }
        unsafe SegmentHeader.complete(
            at: base, firstSequence: sequence,
            previousSequence: loss.count == 0 ? sequence &- 1 : loss.first &- 1,
            previousCRC: writer.lastCRC, wall: bb_clock_wall(), monotonic: bb_clock_exact())
        let previous = unsafe current
        unsafe writer = RecordWriter(base: base, capacity: slot.size, salt: salt)
        unsafe current = next
        unsafe number &+= 1
        unsafe slots.pointee.setFirstSequence(next, sequence)
        // A loss explains the gap in front of it, so it comes first of all.
        unsafe appendLoss()
        unsafe appendDictionary()
        unsafe slots.pointee.publish(next, end: writer.offset)
        unsafe slots.pointee.pass(next, to: SlotState.current)
        unsafe words.pointee[.current] = number
        // Only now: whoever sees the old one full finds the new one current.
        unsafe slots.pointee.pass(previous, to: SlotState.full)
    }

    /// The first record of each segment, so that a lone file explains itself.
    mutating func appendDictionary() {
        guard let bytes = unsafe dictionary.baseAddress else { return }
        unsafe writer.append(
            payload: bytes, payloadCount: dictionary.count, kind: RecordKind.dictionary,
            count: dictionaryCount, sequence: sequence, time: bb_clock_coarse())
        unsafe sequence &+= 1
    }

    private mutating func appendPending() {
        unsafe appendLoss()
        if unsafe words.pointee[.anchor] != 0 {
            var payload = unsafe AnchorPayload(anchor.pointee)
            unsafe writer.append(
                payload: &payload, payloadCount: 24, kind: RecordKind.clockAnchor, count: 1,
                sequence: sequence, time: bb_clock_coarse())
            unsafe sequence &+= 1
            unsafe words.pointee[.anchor] = 0
        }
        unsafe slots.pointee.publish(current, end: writer.offset)
    }

    private mutating func appendLoss() {
        guard unsafe loss.count != 0 else { return }
        var payload = unsafe loss.payload
        unsafe writer.append(
            payload: &payload, payloadCount: 56, kind: RecordKind.loss, count: 1,
            sequence: sequence, time: bb_clock_coarse())
        unsafe sequence &+= 1
        unsafe loss = PendingLoss()
    }

    /// Appends a mission mark. It only adds knowledge (the call itself is there), so where there is no
    /// room for it, it is left out.
    mutating func mark(_ kind: UInt16, _ number: UInt32, _ call: UInt64) -> Bool {
        if unsafe !writer.fits(MissionMark.byteCount), unsafe !advance(MissionMark.byteCount) {
            return false
        }
        // The layout of `MissionMark.encoded`, in place.
        var payload = (call.littleEndian, UInt64(number).littleEndian)
        unsafe writer.append(
            payload: &payload, payloadCount: MissionMark.byteCount, kind: kind, count: 1,
            sequence: sequence, time: bb_clock_coarse())
        unsafe sequence &+= 1
        unsafe slots.pointee.publish(current, end: writer.offset)
        return true
    }

    /// What a clean end leaves: a loss that is still pending.
    mutating func finish() {
        if unsafe loss.count != 0, unsafe writer.fits(56) || advance(56) { unsafe appendLoss() }
        unsafe slots.pointee.publish(current, end: writer.offset)
    }

    private mutating func lose(_ priority: Priority, _ reason: LossReason) {
        unsafe loss.add(sequence, priority, reason)
        unsafe sequence &+= 1
        unsafe words.pointee[.lost] = words.pointee[.lost] &+ 1
    }
}

/// A clock anchor's payload as bytes in place (the same layout as `ClockAnchor.encoded`).
private struct AnchorPayload {
    var wall: Int64
    var monotonic: UInt64
    var utcOffset: Int32
    var reserved: UInt32 = 0

    init(_ anchor: ClockAnchor) {
        wall = anchor.wall.littleEndian
        monotonic = anchor.monotonic.littleEndian
        utcOffset = anchor.utcOffset.littleEndian
    }
}

/// Calls that were not kept since the last loss record.
struct PendingLoss {
    var count: UInt64 = 0
    var first: UInt64 = 0
    var last: UInt64 = 0
    var reason: UInt32 = 0
    var units: UInt64 = 0
    var states: UInt64 = 0
    var events: UInt64 = 0

    mutating func add(_ sequence: UInt64, _ priority: Priority, _ reason: LossReason) {
        if count == 0 {
            first = sequence
            self.reason = reason.rawValue
        }
        last = sequence
        count &+= 1
        switch priority {
        case .unitState: units &+= 1
        case .otherState: states &+= 1
        case .event: events &+= 1
        }
    }

    /// The layout of `Loss.encoded`, in place.
    var payload: (UInt64, UInt64, UInt64, UInt32, UInt32, UInt64, UInt64, UInt64) {
        (
            count.littleEndian, first.littleEndian, last.littleEndian, reason.littleEndian, 0,
            units.littleEndian, states.littleEndian, events.littleEndian
        )
    }
}
