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

    /// Maps a segment file. `tails` are the paths of its tail files, in order of their parts.
    init(path: String, tails: [String], logID: [UInt8]?) throws(LogError) {
        var views: [TailFile] = []
        for tail in tails {
            // A tail file may go while we look: its segment is durable then.
            if let view = try? TailFile(path: tail) { views.append(view) }
        }
        let reach = views.reduce(0) { max($0, $1.end) }
        let memory: Memory
        if reach > 0, unsafe bb_path_kind(path) == 0 {
            // The segment itself was deleted: its tail files have what was durable.
            memory = Self.empty(reach)
            file = nil
        } else {
            let opened = try File(path, 1)
            // Shared against the sealer's cut; when a sealer has it for a moment, the cut takes only
            // the zeros behind the footer, so reading on is safe either way.
            _ = bb_file_lock(opened.handle, 0)
            memory = try Self.memory(opened, reach: reach, !views.isEmpty)
            file = consume opened
        }
        unsafe base = memory.base
        size = memory.size
        isMapped = memory.isMapped
        var view = TailView()
        for file in views { unsafe Self.lay(file, over: memory.base, memory.size, logID, &view) }
        tail = view
        header = unsafe SegmentHeader.decode(RawBytes(base: memory.base, count: memory.size))
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
        _ view: TailFile, over base: UnsafeMutableRawPointer, _ size: Int, _ logID: [UInt8]?,
        _ tail: inout TailView
    ) {
        guard logID == nil || logID == view.header.logID else { return }
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
    let header: TailHeader
    let heartbeat: Heartbeat?
    private(set) var entries: [TailEntry] = []
    private var places: [Int] = []
    private(set) var damages: [Damage] = []
    private let bytes: [UInt8]

    /// Furthest byte of the segment that it holds.
    var end: Int { entries.reduce(0) { max($0, $1.offset + $1.byteCount) } }

    /// Reads the file; nil-like failure (`LogError` with number 5) when its header is not ours.
    init(path: String) throws(LogError) {
        let file = try File(path, 1)
        bytes = try file.read(limit: try file.size())
        let decoded = unsafe bytes.withUnsafeBytes { buffer -> (TailHeader, Heartbeat?)? in
            guard let base = buffer.baseAddress else { return nil }
            let view = unsafe RawBytes(base: base, count: buffer.count)
            guard let header = unsafe TailHeader.decode(view) else { return nil }
            return unsafe (header, Heartbeat.decode(view, salt: header.salt))
        }
        guard let (header, heartbeat) = decoded else { throw LogError(.read, path, -5) }
        self.header = header
        self.heartbeat = heartbeat
        readEntries()
    }

    /// Whole entries, in order; behind a broken one the next whole one is looked for.
    private mutating func readEntries() {
        let salt = header.salt
        let segment = header.segment
        let found = unsafe bytes.withUnsafeBytes { buffer -> ([TailEntry], [Int], [Damage]) in
            var entries: [TailEntry] = []
            var places: [Int] = []
            var damages: [Damage] = []
            guard let base = buffer.baseAddress else { return (entries, places, damages) }
            let view = unsafe RawBytes(base: base, count: buffer.count)
            var at = TailLayout.headerSize
            var broken: Int?
            while unsafe at <= view.count - TailEntry.headerSize {
                guard let entry = unsafe TailEntry.decode(view, at: at, salt: salt) else {
                    if broken == nil { broken = at }
                    at += RecordLayout.alignment
                    continue
                }
                if let from = broken {
                    damages.append(
                        Damage(
                            kind: .tailFile, segment: segment, offset: from, byteCount: at - from,
                            missing: nil))
                    broken = nil
                }
                entries.append(entry)
                places.append(at + TailEntry.headerSize)
                at = entry.next(after: at)
            }
            return (entries, places, damages)
        }
        (entries, places, damages) = found
    }

    /// Puts the bytes of entry `index` where they belong; how many differed there. The caller has
    /// checked that they fit.
    func copy(_ index: Int, to base: UnsafeMutableRawPointer) -> Int {
        let entry = entries[index]
        let place = places[index]
        let target = unsafe base + entry.offset
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            // Nearly always the same: only a power cut makes them differ, and pages of a private
            // mapping that nobody writes to cost nothing.
            if unsafe bb_same_bytes(target, start + place, UInt64(entry.byteCount)) != 0 {
                return 0
            }
            var changed = 0
            for step in 0..<entry.byteCount
            where unsafe target.load(fromByteOffset: step, as: UInt8.self) != buffer[place + step] {
                unsafe target.storeBytes(
                    of: buffer[place + step], toByteOffset: step, as: UInt8.self)
                changed += 1
            }
            return changed
        }
    }
}
