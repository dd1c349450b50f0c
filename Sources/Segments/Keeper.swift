// Every tick, if anything is new: append the bytes committed since the last one to the tail file and
// sync it. The mapped segment itself is never synced while it is live. After a power cut recovery lays
// the tail file over the segment; so what a power cut can take is one tick.

import CPlatform
import WAL

/// The keeper's own state: which segment it is at, how far it has come.
struct Keeper {
    /// Segment that the tail file belongs to, 0 before the first tick.
    var segment: UInt32 = 0
    /// How far the segment's bytes are in tail files and synced.
    var saved = 0
    /// The open tail file's handle, −1 when there is none.
    var file: Int64 = -1
    var part: UInt32 = 1
    /// Where the next entry goes in the file; what is in front of it was synced.
    var fileEnd = 0
    /// Last sequence number below `saved`.
    var lastSequence: UInt64 = 0
    /// When a new tail file may be tried after a failure (monotonic nanoseconds).
    var retryAt: UInt64 = 0
    var nextHeartbeat: UInt64 = 0
    var nextAnchor: UInt64 = 0
}

extension LogWriter {
    /// Bytes of one entry at most, so that a burst is durable piece by piece.
    private static var largestEntry: Int { 4 << 20 }

    /// The keeper thread.
    func runKeeper() {
        let interval = UInt64(settings.keeperIntervalMilliseconds) * 1_000_000
        while !isStopping {
            tick()
            _ = unsafe bb_bell_wait(keeperBell, interval)
        }
    }

    /// One tick: saves what is new, moves on to the next segment behind a full one.
    func tick() {
        let now = bb_clock_exact()
        if keeper.segment == 0 { keeper.segment = 1 }
        offerAnchor(now)
        while true {
            let index = SegmentSlots.index(of: keeper.segment)
            // The state first: once it is full, the end can't move any more.
            let state = unsafe slots.pointee.state(index)
            let end = unsafe slots.pointee.end(index)
            // A full segment with much left to save, or whose tail file can't be written, is synced itself:
            // it is not live any more. Here and not by the sealer, because the next one's tail file
            // vouches for all in front of it.
            let isFull = state == SlotState.full
            let isMuch = end - keeper.saved > Self.largestEntry
            guard
                isFull && isMuch && syncFull(index) || save(upTo: end, now)
                    || isFull && syncFull(index)
            else { break }
            guard isFull else { break }
            leaveSegment(index)
        }
        beat(now)
    }

    /// Syncs a segment that the game has left. False when its bytes must go into the tail file.
    private func syncFull(_ index: Int) -> Bool {
        let file = unsafe slots.pointee[index].file
        // What stands in for a lost page is no part of the file, and a file without a name is nobody's.
        guard unsafe !slots.pointee.hasFailed(index), bb_file_has_name(file) == 1 else {
            return false
        }
        if bb_file_sync_data(file) == 0 { return true }
        // Final for the file: a later sync that succeeds proves nothing, so it is never sealed.
        unsafe bb_store_release_32(slots.pointee.failedWord(index), 1)
        return false
    }

    /// Appends the bytes up to `end` to the tail file, entry by entry, each synced before the next one:
    /// an entry vouches for all in front of it. False when that failed: it will be tried again.
    private func save(upTo end: Int, _ now: UInt64) -> Bool {
        if keeper.saved == 0 { keeper.saved = SegmentLayout.headerSize }
        guard end > keeper.saved || keeper.file < 0 else { return true }
        // A tail file that was deleted under us protects nothing.
        if keeper.file >= 0, bb_file_has_name(keeper.file) == 0 {
            _ = tailFailed(now &- 1_000_000_000)
        }
        guard now >= keeper.retryAt, keeper.file >= 0 || openTail(now) else { return false }
        let slot = unsafe slots.pointee[SegmentSlots.index(of: keeper.segment)]
        guard let base = unsafe slot.base else { return false }
        let bytes = unsafe RawBytes(base: base, count: slot.size)
        // The header page comes along once, so that a tail file can mend that, too.
        var from = keeper.saved == SegmentLayout.headerSize ? 0 : keeper.saved
        while from < end {
            let step = unsafe TailSteps.next(
                bytes, from: from, end: end, limit: Self.largestEntry)
            let entry = TailEntry(
                offset: from, byteCount: step.byteCount,
                lastSequence: max(step.lastSequence, keeper.lastSequence), monotonic: now,
                wall: bb_clock_wall())
            let payload = unsafe RawBytes(base: base + from, count: step.byteCount)
            let header = unsafe entry.encoded(salt: salt, payload: payload)
            guard write(header, at: keeper.fileEnd),
                unsafe bb_file_write(
                    keeper.file, base + from, UInt64(step.byteCount),
                    UInt64(keeper.fileEnd + TailEntry.headerSize)) >= 0
            else { return giveBack(now) }
            guard bb_file_sync_data(keeper.file) == 0 else { return tailFailed(now) }
            keeper.fileEnd = entry.next(after: keeper.fileEnd)
            keeper.lastSequence = entry.lastSequence
            from += step.byteCount
            keeper.saved = max(from, SegmentLayout.headerSize)
        }
        // What was saved is told by the heartbeat as well, not only once a second.
        keeper.nextHeartbeat = 0
        setState(KeeperState.tailFailing, false)
        return true
    }

    private func write(_ bytes: [UInt8], at offset: Int) -> Bool {
        unsafe bytes.withUnsafeBytes {
            unsafe bb_file_write(keeper.file, $0.baseAddress, UInt64($0.count), UInt64(offset)) >= 0
        }
    }

    private var tailPath: String {
        Paths.join(folder, LogNames.tail(keeper.segment, part: keeper.part))
    }

    private func openTail(_ now: UInt64) -> Bool {
        keeper.file = unsafe bb_file_open(
            tailPath, UInt32(BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_TRUNCATE))
        keeper.fileEnd = 0
        keeper.saved = SegmentLayout.headerSize
        let header = TailHeader(
            logID: logID, salt: salt, segment: keeper.segment, part: keeper.part
        ).encoded()
        guard keeper.file >= 0, write(header, at: 0), unsafe bb_path_sync_folder(folder) == 0
        else { return tailFailed(now) }
        keeper.fileEnd = header.count
        return true
    }

    /// There was no room for an entry: what was written of it is given back to the disk, and the file
    /// goes on with it in a second.
    private func giveBack(_ now: UInt64) -> Bool {
        guard bb_file_set_size(keeper.file, UInt64(keeper.fileEnd)) == 0 else {
            return tailFailed(now)
        }
        keeper.retryAt = now + 1_000_000_000
        setState(KeeperState.tailFailing, true)
        return false
    }

    /// A failed sync is final for its file: what was written since the last good one may be gone from the
    /// page cache as well. All bytes of the segment go into a new file, from the map. The old one keeps
    /// what was synced, so that trying again and again does not fill the disk.
    private func tailFailed(_ now: UInt64) -> Bool {
        if keeper.file >= 0 {
            let hasEntries = keeper.fileEnd > TailLayout.headerSize
            if hasEntries { _ = bb_file_set_size(keeper.file, UInt64(keeper.fileEnd)) }
            // Without an entry it goes, unless the name has been another file's since.
            let isGone =
                unsafe !hasEntries && bb_file_has_name(keeper.file) == 1
                && bb_path_remove(tailPath) == 0
            if !isGone { keeper.part += 1 }
            _ = bb_file_close(keeper.file)
        }
        keeper.file = -1
        keeper.saved = SegmentLayout.headerSize
        keeper.retryAt = now + 1_000_000_000
        setState(KeeperState.tailFailing, true)
        return false
    }

    /// Hands a full segment to the sealer and begins the next one's tail file with the next bytes.
    private func leaveSegment(_ index: Int) {
        if keeper.file >= 0 { _ = bb_file_close(keeper.file) }
        unsafe slots.pointee.pass(index, to: SlotState.saved)
        unsafe bb_bell_ring(sealerBell)
        keeper.file = -1
        keeper.part = 1
        keeper.saved = SegmentLayout.headerSize
        keeper.retryAt = 0
        keeper.segment += 1
    }

    /// Once a second, in place and without a sync: the server's last sign of life.
    private func beat(_ now: UInt64) {
        guard keeper.file >= 0, now >= keeper.nextHeartbeat else { return }
        keeper.nextHeartbeat = now + 1_000_000_000
        let beat = unsafe Heartbeat(
            wall: bb_clock_wall(), monotonic: now, sequence: keeper.lastSequence,
            lost: UInt64(words.pointee[.lost]), state: words.pointee[.keeperState])
        let bytes = beat.encoded(salt: salt)
        // A failure shows at the next save, which is what counts.
        _ = unsafe bytes.withUnsafeBytes {
            unsafe bb_file_write(
                keeper.file, $0.baseAddress, UInt64($0.count), UInt64(Heartbeat.offset))
        }
    }

    /// Once a minute: a clock anchor for the next game call to append, so that a server whose clock
    /// is set while it runs still has right times.
    private func offerAnchor(_ now: UInt64) {
        guard now >= keeper.nextAnchor, unsafe words.pointee[.anchor] == 0 else { return }
        if keeper.nextAnchor != 0 {
            let wall = bb_clock_wall()
            unsafe anchor.pointee = ClockAnchor(
                wall: wall, monotonic: bb_clock_exact(),
                utcOffset: bb_clock_utc_offset(wall / 1_000_000_000))
            unsafe words.pointee[.anchor] = 1
        }
        keeper.nextAnchor = now + 60_000_000_000
    }
}

/// Walks committed records of the keeper's own process.
enum TailSteps {
    /// The longest run of whole records from `from` on that ends at or before `end` and has at most
    /// `limit` bytes (one record at least), and the sequence number of its last record.
    static func next(
        _ bytes: RawBytes, from: Int, end: Int, limit: Int
    ) -> (byteCount: Int, lastSequence: UInt64) {
        var at = max(from, SegmentLayout.headerSize)
        var last: UInt64 = 0
        while at < end {
            guard let record = unsafe bytes.record(at) else { break }
            let next = at + record.byteCount
            if next - from > limit, at > max(from, SegmentLayout.headerSize) { break }
            last = record.sequence
            at = next
        }
        // The producer's published end is always behind a whole record.
        return (at > from ? at - from : end - from, last)
    }
}
