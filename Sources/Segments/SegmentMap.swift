// A segment as a reader has it: mapped, under a shared lock, with its tail files laid over it.

import CPlatform
import WAL

/// What the tail files of one segment say.
struct TailView {
    /// End of the bytes that they hold, 0 without any.
    var end = 0
    /// Records up to here were durable.
    var watermark: UInt64 = 0
    /// The newest sign of life.
    var heartbeat: Heartbeat?
    /// Places in tail files that are no whole entry although entries follow.
    var damages: [Damage] = []
    /// Segment bytes that differed from the tail files and were put right in the view.
    var mendedBytes = 0
    /// A tail file is there and could not be read: what it holds is not laid over the segment.
    var error: LogError?
}

/// A mapped segment file.
///
/// Invariants: `base` is mapped for `size` bytes until deinit; with `isPrivate` it is writable and
/// ours alone, else read-only and shared with the writer; the file's shared lock is held as long.
@safe
struct SegmentMap: ~Copyable {
    private let base: UnsafeMutableRawPointer
    let size: Int
    private let file: File?
    let header: HeaderVerdict
    let tail: TailView

    /// Maps a segment file. `tails` are the paths of its tail files, in order of their parts; `number`
    /// is the segment's, `logID` its log's, nil when that is not known yet.
    init(path: String, tails: [String], number: UInt32, logID: [UInt8]?) throws(LogError) {
        var views: [TailFile] = []
        let salt = tails.isEmpty ? nil : Self.salt(path)
        var refused: LogError?
        for tail in tails {
            var view: TailFile
            do throws(LogError) {
                view = try TailFile(path: tail, segment: number, salt: salt)
            } catch {
                // A tail file may go while we look: its segment is durable then.
                if error.number != 2 { refused = error }
                continue
            }
            let isOurs = logID == nil || view.header.logID.isEmpty || view.header.logID == logID
            // Another segment's, or another log's: it says nothing about this one.
            if !isOurs || view.header.segment != number { view.disown(number) }
            views.append(view)
        }
        let reach = views.reduce(0) { max($0, $1.end) }
        let memory: Memory
        if reach > 0, unsafe bb_path_kind(path) == 0 {
            // The segment itself was deleted: its tail files have what was durable.
            memory = Self.empty(reach)
            file = nil
        } else {
            let opened = try File(path, 1)
            Self.waitForLock(opened)
            memory = try Self.memory(opened, reach: reach, !views.isEmpty)
            file = consume opened
        }
        unsafe base = memory.base
        size = memory.size
        isMapped = memory.isMapped
        var view = TailView()
        view.error = refused
        for file in views { unsafe Self.lay(file, over: memory.base, memory.size, &view) }
        tail = view
        header = unsafe SegmentHeader.decode(RawBytes(base: memory.base, count: memory.size))
    }

    /// The shared lock keeps the sealer from cutting the file while it is mapped. The sealer, or
    /// recovery, has the lock alone only for the cut itself. A filesystem without locks gives none,
    /// and nobody can cut there either.
    private static func waitForLock(_ file: borrowing File) {
        for _ in 0..<1000 {
            guard bb_file_lock(file.handle, 0) == -11 else { return }
            bb_thread_sleep_ns(1_000_000)
        }
    }

    /// The salt in the segment's own page, if that is sound: for a tail file whose header is not.
    private static func salt(_ path: String) -> UInt32? {
        guard let file = try? File(path, 1),
            let page = try? file.read(limit: 2 * SegmentLayout.headerSize)
        else { return nil }
        return unsafe page.withUnsafeBytes { buffer -> UInt32? in
            guard let base = buffer.baseAddress,
                case .header(let header) = unsafe SegmentHeader.decode(
                    RawBytes(base: base, count: buffer.count))
            else { return nil }
            return header.salt
        }
    }

    /// Where the segment's bytes are.
    @safe
    private struct Memory {
        let base: UnsafeMutableRawPointer
        let size: Int
        let isMapped: Bool
    }

    /// The file mapped, privately when tail files will be laid over it; as a copy in zeroed memory
    /// when it is empty or cut short below what they hold.
    private static func memory(
        _ file: borrowing File, reach: Int, _ isPrivate: Bool
    ) throws(LogError) -> Memory {
        let length = try file.size()
        if length > 0, reach <= length {
            var error: Int32 = 0
            let mapped = unsafe bb_map_file(file.handle, UInt64(length), isPrivate ? 2 : 0, &error)
            guard let mapped = unsafe mapped else { throw LogError(.map, file.path, Int64(error)) }
            unsafe bb_map_will_read(mapped, UInt64(length))
            return unsafe Memory(base: mapped, size: length, isMapped: true)
        }
        let copy = empty(reach)
        let got = unsafe bb_file_read(file.handle, copy.base, UInt64(min(length, copy.size)), 0)
        guard got >= 0 else {
            unsafe copy.base.deallocate()
            throw LogError(.read, file.path, got)
        }
        return copy
    }

    /// Zeros, long enough for `reach` bytes.
    private static func empty(_ reach: Int) -> Memory {
        let size = (max(reach, 1) + 4095) & ~4095
        let base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        return unsafe Memory(base: base, size: reach > 0 ? size : 0, isMapped: false)
    }

    private let isMapped: Bool

    deinit {
        if isMapped {
            _ = unsafe bb_map_remove(base, UInt64(size))
        } else {
            unsafe base.deallocate()
        }
    }

    /// The bytes; valid as long as this value.
    var bytes: RawBytes { unsafe RawBytes(base: base, count: size) }

    /// Up to the watermark the tail file's bytes win.
    private static func lay(
        _ view: TailFile, over base: UnsafeMutableRawPointer, _ size: Int, _ tail: inout TailView
    ) {
        for (index, entry) in view.entries.enumerated() {
            guard entry.offset + entry.byteCount <= size else { continue }
            tail.mendedBytes += unsafe view.copy(index, to: base)
            tail.end = max(tail.end, entry.offset + entry.byteCount)
            tail.watermark = max(tail.watermark, entry.lastSequence)
        }
        tail.damages += view.damages
        if let beat = view.heartbeat, beat.monotonic >= tail.heartbeat?.monotonic ?? 0 {
            tail.heartbeat = beat
        }
    }
}

/// A tail file, read whole.
struct TailFile {
    private(set) var header: TailHeader
    private(set) var heartbeat: Heartbeat?
    private(set) var entries: [TailEntry] = []
    private var places: [Int] = []
    private(set) var damages: [Damage] = []
    private let bytes: [UInt8]

    /// Furthest byte of the segment that it holds.
    var end: Int { entries.reduce(0) { max($0, $1.offset + $1.byteCount) } }

    /// Reads the file. With a damaged header the entries are still good under the segment's own salt;
    /// the log's id is empty then.
    ///
    /// - Throws: `LogError` when the file can't be read (it may have gone).
    init(path: String, segment: UInt32, salt: UInt32?) throws(LogError) {
        let file = try File(path, 1)
        bytes = try file.read(limit: try file.size())
        let decoded = unsafe bytes.withUnsafeBytes { buffer -> TailHeader? in
            guard let base = buffer.baseAddress else { return nil }
            return unsafe TailHeader.decode(RawBytes(base: base, count: buffer.count))
        }
        header = decoded ?? TailHeader(logID: [], salt: salt ?? 0, segment: segment, part: 0)
        let isWhole = decoded != nil
        guard isWhole || salt != nil else { return }
        readEntries()
        // A file that was only begun when the power went holds no entry yet.
        if !isWhole, !entries.isEmpty {
            damages.insert(damage(0, TailLayout.headerSize), at: 0)
        }
    }

    /// Whether the file begins with a whole entry of that segment, and so says that some of it was durable.
    /// Reads no more than that entry. (False says nothing: the next one may be whole.)
    static func beginsWhole(_ path: String, segment: UInt32, logID: [UInt8]?) -> Bool {
        let start = TailLayout.headerSize
        guard let file = try? File(path, 1),
            let front = try? file.read(limit: start + TailEntry.headerSize)
        else { return false }
        let announced = unsafe front.withUnsafeBytes { buffer -> (salt: UInt32, bytes: Int)? in
            guard let base = buffer.baseAddress else { return nil }
            let bytes = unsafe RawBytes(base: base, count: buffer.count)
            guard let header = unsafe TailHeader.decode(bytes), header.segment == segment,
                logID == nil || header.logID == logID,
                let count = unsafe TailEntry.announced(bytes, at: start)
            else { return nil }
            return (header.salt, count)
        }
        guard let announced, let size = try? file.size(), announced.bytes <= size - start,
            let entry = try? file.read(limit: announced.bytes, at: start)
        else { return false }
        return unsafe entry.withUnsafeBytes { buffer -> Bool in
            guard let base = buffer.baseAddress else { return false }
            let bytes = unsafe RawBytes(base: base, count: buffer.count)
            guard let found = unsafe TailEntry.decode(bytes, at: 0, salt: announced.salt) else {
                return false
            }
            return found.byteCount > 0
        }
    }

    /// Turns out to belong elsewhere: nothing of it counts.
    mutating func disown(_ number: UInt32) {
        entries = []
        heartbeat = nil
        header.segment = number
        damages = [damage(0, bytes.count)]
    }

    private func damage(_ offset: Int, _ byteCount: Int) -> Damage {
        Damage(
            kind: .tailFile, segment: header.segment, offset: offset, byteCount: byteCount,
            missing: nil)
    }

    /// Whole entries, in order; behind a broken one the next whole one is looked for.
    private mutating func readEntries() {
        let salt = header.salt
        var broken: Int?
        var at = TailLayout.headerSize
        while at <= bytes.count - TailEntry.headerSize {
            guard let entry = entry(at: at, salt) else {
                if broken == nil { broken = at }
                at += RecordLayout.alignment
                continue
            }
            if let from = broken {
                damages.append(damage(from, at - from))
                broken = nil
            }
            entries.append(entry)
            places.append(at + TailEntry.headerSize)
            at = entry.next(after: at)
        }
        heartbeat = unsafe bytes.withUnsafeBytes { buffer -> Heartbeat? in
            guard let base = buffer.baseAddress else { return nil }
            return unsafe Heartbeat.decode(RawBytes(base: base, count: buffer.count), salt: salt)
        }
    }

    private func entry(at offset: Int, _ salt: UInt32) -> TailEntry? {
        unsafe bytes.withUnsafeBytes { buffer -> TailEntry? in
            guard let base = buffer.baseAddress else { return nil }
            return unsafe TailEntry.decode(
                RawBytes(base: base, count: buffer.count), at: offset, salt: salt)
        }
    }

    /// Puts an entry's bytes where they belong; how many differed there. The caller has checked that
    /// they fit. Only what differs is written: each page of a private map that is would be copied.
    func copy(_ index: Int, to base: UnsafeMutableRawPointer) -> Int {
        let entry = entries[index]
        let place = places[index]
        return unsafe bytes.withUnsafeBytes { buffer -> Int in
            guard let start = buffer.baseAddress, place + entry.byteCount <= buffer.count else {
                return 0
            }
            let source = unsafe start + place
            let target = unsafe base + entry.offset
            var changed = 0
            var at = 0
            while at < entry.byteCount {
                // Nearly all is the same: eight bytes a step.
                if at + 8 <= entry.byteCount,
                    unsafe source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                        == target.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                {
                    at += 8
                    continue
                }
                let byte = unsafe source.load(fromByteOffset: at, as: UInt8.self)
                if unsafe target.load(fromByteOffset: at, as: UInt8.self) != byte {
                    unsafe target.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
                    changed += 1
                }
                at += 1
            }
            return changed
        }
    }
}
