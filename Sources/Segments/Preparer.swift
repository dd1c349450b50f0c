// Makes segments ready before the game needs them, and keeps the pages ahead of the writing position
// present and writable: a page under write-back is write-protected, and a store into it would wait for
// the disk (figures in docs/durability.md).

import CPlatform
import WAL

extension LogWriter {
    /// How many segments stand ready behind the current one.
    static var readyTarget: UInt32 { 2 }

    /// The preparer thread.
    func runPreparer() {
        var lastNumber: UInt32 = 0
        var lastEnd = 0
        var window = settings.populateBytes
        var populatedTo = 0
        var round = 0
        var retryAt: UInt64 = 0
        while !isStopping {
            let now = bb_clock_exact()
            if now >= retryAt { retryAt = keepReady() ? 0 : now + 1_000_000_000 }
            let number = unsafe words.pointee[.current]
            let index = SegmentSlots.index(of: number)
            let end = unsafe slots.pointee.end(index)
            let grown = number == lastNumber ? end - lastEnd : end
            // Eight times what one round brought, so that a burst finds its pages, never less than
            // the setting; it shrinks slowly.
            window = max(settings.populateBytes, max(grown * 8, window - window / 64))
            if number != lastNumber || end + window / 2 > populatedTo || round % 10 == 0 {
                populatedTo = populateAhead(number, end, window)
            }
            lastNumber = number
            lastEnd = end
            round += 1
            // 10 ms while the game writes, 50 ms while it does not.
            _ = unsafe bb_bell_wait(preparerBell, grown > 0 ? 10_000_000 : 50_000_000)
        }
    }

    /// Prepares what is missing. False when the system refused.
    private func keepReady() -> Bool {
        let current = unsafe words.pointee[.current]
        for number in (current + 1)...(current + Self.readyTarget) {
            let index = SegmentSlots.index(of: number)
            guard unsafe slots.pointee.state(index) == SlotState.free else { continue }
            do throws(LogError) {
                try prepare(number)
                unsafe slots.pointee.pass(index, to: SlotState.ready)
            } catch {
                // The game is told only when nothing at all is ready.
                unsafe words.pointee[.pressure] = number == current + 1 ? 1 : 0
                setState(KeeperState.noSpace, true)
                return false
            }
        }
        unsafe words.pointee[.pressure] = 0
        setState(KeeperState.noSpace, false)
        return true
    }

    /// Creates, allocates and maps segment `number` into its slot, which must be free.
    func prepare(_ number: UInt32) throws(LogError) {
        let path = Paths.join(folder, LogNames.segment(number))
        let size = number == 1 ? settings.firstSegmentBytes : settings.segmentBytes
        let file = unsafe bb_file_open(path, 1 | 2 | 4 | 8)
        guard file >= 0 else { throw LogError(.create, path, file) }
        var failure: LogError?
        let allocated = bb_file_allocate(file, UInt64(size))
        if allocated != 0 { failure = LogError(.allocate, path, Int64(allocated)) }
        var error: Int32 = 0
        let base = unsafe failure == nil ? bb_map_file(file, UInt64(size), 1, &error) : nil
        if failure == nil, error != 0 { failure = LogError(.map, path, Int64(error)) }
        guard let base = unsafe base, failure == nil else {
            _ = bb_file_close(file)
            // An empty file would look like a segment that is missing its content.
            _ = unsafe bb_path_remove(path)
            throw failure ?? LogError(.map, path, -12)
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

    /// Touches `[end, end + window)` of segment `number`, and what of it lies beyond, of the next one.
    /// How far the current segment is prepared now.
    private func populateAhead(_ number: UInt32, _ end: Int, _ window: Int) -> Int {
        let index = SegmentSlots.index(of: number)
        let size = unsafe slots.pointee[index].size
        populate(index, end, window)
        var left = window - (size - end)
        var following = number + 1
        while left > 0, following <= number + Self.readyTarget {
            let next = SegmentSlots.index(of: following)
            guard unsafe slots.pointee.state(next) == SlotState.ready,
                unsafe slots.pointee[next].number == following
            else { break }
            populate(next, 0, left)
            left -= unsafe slots.pointee[next].size
            following += 1
        }
        return min(end + window, size)
    }

    /// Touches the pages of `[from, from + count)` of a slot's segment, as far as it reaches.
    func populate(_ index: Int, _ from: Int, _ count: Int) {
        let slot = unsafe slots.pointee[index]
        guard let base = unsafe slot.base else { return }
        let start = from & ~4095
        let end = unsafe min(from + count, slot.size)
        guard end > start else { return }
        // A failure here is seen by the game as a fault, and handled there.
        _ = unsafe bb_map_populate(base + start, UInt64(end - start))
    }
}
