// Makes segments ready before the game needs them, and keeps the pages ahead of the writing position
// present and writable: a page under write-back is write-protected, and a store into it would wait for
// the disk (figures in docs/durability.md).

import CPlatform
import WAL

extension LogWriter {
    /// How many segments stand ready behind the current one; twice as many while the game writes
    /// tens of megabytes a round.
    private static func readyTarget(_ grown: Int) -> UInt32 { grown > 16 << 20 ? 6 : 2 }

    /// Pages are touched in steps of this many bytes, with a look at the segments in between.
    private static var populateStep: Int { 4 << 20 }

    /// The preparer thread.
    func runPreparer() {
        var round = PreparerRound()
        keepReserve()
        while !isStopping {
            let now = bb_clock_exact()
            if now >= round.retryAt {
                round.retryAt = keepReady(Self.readyTarget(round.grown)) ? 0 : now + 1_000_000_000
            }
            let number = unsafe words.pointee[.current]
            let index = SegmentSlots.index(of: number)
            let end = unsafe slots.pointee.end(index)
            round.see(number, end, at: now, settings.populateBytes)
            let isBehind = populateAhead(&round)
            checkNames(&round, index, now)
            // At once while there are pages to touch, 10 ms while the game writes, else 50 ms.
            let pause: UInt64 = isBehind ? 0 : round.grown > 0 ? 10_000_000 : 50_000_000
            if pause > 0 { _ = unsafe bb_bell_wait(preparerBell, pause) }
        }
    }

    /// Prepares what is missing. The first segment that the system refuses is made of the reserve, before
    /// the game is told that space is short: so nothing falls while the reserve stands by. False when the
    /// system refused.
    func keepReady(_ target: UInt32) -> Bool {
        let current = unsafe words.pointee[.current]
        for number in (current + 1)...(current + target) {
            let index = SegmentSlots.index(of: number)
            guard unsafe slots.pointee.state(index) == SlotState.free else { continue }
            do throws(LogError) {
                try prepare(number)
                unsafe slots.pointee.pass(index, to: SlotState.ready)
            } catch {
                if prepareFromReserve(number) {
                    unsafe slots.pointee.pass(index, to: SlotState.ready)
                }
                unsafe words.pointee[.pressure] = 1
                setState(KeeperState.noSpace, true)
                return false
            }
        }
        unsafe words.pointee[.pressure] = 0
        setState(KeeperState.noSpace, false)
        keepReserve()
        return true
    }

    private var reservePath: String { Paths.join(folder, LogNames.reserve) }

    /// Sets the reserve aside: space that is ours when the disk is full. Without it the ladder has one
    /// step less; a failure is told by the next segment's.
    private func keepReserve() {
        guard unsafe bb_path_kind(reservePath) == 0, let file = try? File(reservePath, 1 | 2 | 4)
        else { return }
        if bb_file_allocate(file.handle, UInt64(settings.firstSegmentBytes)) != 0 {
            _ = unsafe bb_path_remove(reservePath)
        }
    }

    /// Turns the reserve into segment `number`. False when that can't be had: the refusal that made it
    /// necessary is what the owner hears of.
    private func prepareFromReserve(_ number: UInt32) -> Bool {
        let reserve = reservePath
        let path = Paths.join(folder, LogNames.segment(number))
        guard unsafe bb_path_rename(reserve, path) == 0 else { return false }
        let file = unsafe bb_file_open(path, 1 | 2)
        guard file >= 0 else {
            // Under the segment's name it would stand in the way of every later try.
            _ = unsafe bb_path_rename(path, reserve)
            return false
        }
        return (try? adopt(file, path, number, settings.firstSegmentBytes)) != nil
    }

    /// Creates, allocates and maps segment `number` into its slot, which must be free.
    func prepare(_ number: UInt32) throws(LogError) {
        let path = Paths.join(folder, LogNames.segment(number))
        let size = number == 1 ? settings.firstSegmentBytes : settings.segmentBytes
        var file = unsafe bb_file_open(path, 1 | 2 | 4 | 8)
        if file == -2 {
            // Somebody removed the folder under us.
            try Paths.makeFolders(folder)
            file = unsafe bb_file_open(path, 1 | 2 | 4 | 8)
        }
        guard file >= 0 else { throw LogError(.create, path, file) }
        let allocated = bb_file_allocate(file, UInt64(size))
        guard allocated == 0 else {
            _ = bb_file_close(file)
            // An empty file would look like a segment that is missing its content.
            _ = unsafe bb_path_remove(path)
            throw LogError(.allocate, path, Int64(allocated))
        }
        try adopt(file, path, number, size)
    }

    /// Maps an allocated file of zeros as segment `number` and puts its first page up.
    private func adopt(
        _ file: Int64, _ path: String, _ number: UInt32, _ size: Int
    ) throws(LogError) {
        var error: Int32 = 0
        guard let base = unsafe bb_map_file(file, UInt64(size), 1, &error) else {
            _ = bb_file_close(file)
            _ = unsafe bb_path_remove(path)
            throw LogError(.map, path, Int64(error))
        }
        let index = SegmentSlots.index(of: number)
        unsafe slots.pointee.clearFailed(index)
        var slot = unsafe SegmentSlot()
        unsafe slot.base = base
        unsafe slot.size = size
        unsafe slot.number = number
        unsafe slot.file = file
        unsafe slot.guardSlot = bb_guard_add(base, UInt64(size), slots.pointee.failedWord(index))
        unsafe slots.pointee[index] = slot
        unsafe slots.pointee.publish(index, end: SegmentLayout.headerSize)
        let header = SegmentHeader(
            salt: salt, logID: logID, number: number, previousCRC: 0, firstSequence: 0,
            previousSequence: 0, wall: 0, monotonic: 0, capacity: UInt64(size),
            process: bb_process_id(), bootID: bootID,
            utcOffset: bb_clock_utc_offset(bb_clock_wall() / 1_000_000_000),
            writer: settings.writer)
        unsafe header.prepare(at: base)
    }

    /// Once a second: a segment that was deleted or replaced under us takes no more records.
    private func checkNames(_ round: inout PreparerRound, _ index: Int, _ now: UInt64) {
        guard now >= round.nextCheck else { return }
        round.nextCheck = now + 1_000_000_000
        if unsafe bb_file_has_name(slots.pointee[index].file) == 0 {
            unsafe bb_store_release_32(slots.pointee.failedWord(index), 1)
        }
        for ready in 0..<SegmentSlots.count
        where unsafe slots.pointee.state(ready) == SlotState.ready {
            if unsafe bb_file_has_name(slots.pointee[ready].file) == 0 {
                unsafe bb_store_release_32(slots.pointee.failedWord(ready), 1)
            }
        }
    }

    /// Touches one step of the pages between the writing position and the window's end. True while
    /// there are more.
    private func populateAhead(_ round: inout PreparerRound) -> Bool {
        var number = round.number
        var from = round.touched
        var limit = round.end + round.window
        // Beyond the current segment's end the window goes on in the ready ones.
        while true {
            let index = SegmentSlots.index(of: number)
            let state = unsafe slots.pointee.state(index)
            guard unsafe slots.pointee[index].number == number,
                state == SlotState.current || state == SlotState.ready
            else { return false }
            let size = unsafe slots.pointee[index].size
            if from < min(limit, size) {
                let step = min(Self.populateStep, min(limit, size) - from)
                populate(index, from, step)
                round.touched += step
                return true
            }
            guard limit > size else { return false }
            limit -= size
            from -= size
            number += 1
            if from < 0 { from = 0 }
        }
    }

    /// Touches the pages of `[from, from + count)` of a slot's segment, as far as it reaches.
    func populate(_ index: Int, _ from: Int, _ count: Int) {
        let slot = unsafe slots.pointee[index]
        // Said before the look at the state: the sealer, which passes a slot on to nobody while its pages
        // are touched, either sees this, or has not got the slot yet.
        unsafe words.pointee[.touched] = slot.number
        bb_fence()
        defer { unsafe words.pointee[.touched] = 0 }
        let state = unsafe slots.pointee.state(index)
        guard state == SlotState.current || state == SlotState.ready, let base = unsafe slot.base
        else { return }
        let start = from & ~4095
        let end = unsafe min(from + count, slot.size)
        guard end > start else { return }
        // A failure here is seen by the game as a fault, and handled there.
        _ = unsafe bb_map_populate(base + start, UInt64(end - start))
    }
}

/// Where the preparer stands.
private struct PreparerRound {
    /// Seconds of a stall that are not felt, at the pace of the last ones.
    private static var secondsToBridge: Int { 90 }
    /// Bytes that pages for a stall may take.
    private static var mostForStalls: Int { 32 << 20 }

    var number: UInt32 = 0
    /// The writing position in segment `number`.
    var end = 0
    /// Bytes that the last round brought.
    var grown = 0
    /// How far ahead pages are kept ready.
    var window = 0
    /// Bytes a second; follows a rise within seconds, a fall within half a minute.
    private var pace = 0
    private var paceSum = 0
    private var nextPace: UInt64 = 0
    /// How far, counted from the start of segment `number` on into the ready ones, pages have been
    /// touched in this turn.
    var touched = 0
    var retryAt: UInt64 = 0
    var nextCheck: UInt64 = 0
    private var nextTurn: UInt64 = 0

    mutating func see(_ number: UInt32, _ end: Int, at now: UInt64, _ smallest: Int) {
        grown = number == self.number ? end - self.end : end
        paceSum += grown
        if now >= nextPace {
            pace += paceSum > pace ? (paceSum - pace) / 2 : (paceSum - pace) / 32
            paceSum = 0
            nextPace = now + 1_000_000_000
        }
        if number != self.number || now >= nextTurn {
            // A new turn: the kernel's flusher has cleaned (and write-protected) pages since.
            touched = end
            nextTurn = now + 100_000_000
        }
        touched = max(touched, end)
        self.number = number
        self.end = end
        // Eight times what one round brought, so that a burst finds its pages; it shrinks slowly.
        window = min(max(smallest, max(grown * 8, window - window / 64)), 1 << 28)
        // And what a long stall brings: while its journal stands still, ext4 gives no page, so those that
        // are ready must last. Not more, because the kernel writes them to the disk every half minute.
        window = max(window, min(pace * Self.secondsToBridge, Self.mostForStalls))
    }
}
