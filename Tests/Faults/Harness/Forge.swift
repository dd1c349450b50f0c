// Makes logs in memory, through the same record writer, header and tail-file code as the plug-in, but
// with fixed ids, salts and times: so that every byte of a damaged log can be compared with the truth.

import CPlatform
import Segments
import WAL

/// One record as it was written.
public struct TrueRecord: Equatable, Sendable {
    /// Its sequence number.
    public var sequence: UInt64
    /// Index of its segment, from 0.
    public var segment: Int
    /// Where it begins.
    public var offset: Int
    /// Bytes with the header, without padding.
    public var length: Int
    /// Kind.
    public var kind: UInt16

    /// End of the record with its padding.
    public var end: Int { offset + RecordLayout.padded(length) }
}

/// A log as it was written: its files, its records, and what its tail files hold.
public struct Specimen: Sendable {
    /// Name and bytes of each file.
    public var files: [(name: String, bytes: [UInt8])]
    /// Whole bytes of each segment.
    public var segments: [[UInt8]]
    /// By sequence number, from 1.
    public var truth: [TrueRecord]
    /// Bytes of each segment that its tail file holds.
    public var tailEnds: [Int]
    /// Last sequence number in a tail file.
    public var watermark: UInt64
    /// The log's id.
    public var logID: [UInt8]

    /// Puts the files into a folder, made when missing.
    public func write(to folder: String) throws {
        try Paths.makeFolders(folder)
        for file in files { try Disk.write(Paths.join(folder, file.name), file.bytes) }
    }

    /// Index of a file.
    public func index(of name: String) -> Int? { files.firstIndex { $0.name == name } }

    /// Bytes of a file.
    public func bytes(_ name: String) -> [UInt8] { index(of: name).map { files[$0].bytes } ?? [] }
}

/// A segment's memory.
@safe
private final class SegmentMemory {
    let base: UnsafeMutableRawPointer
    let capacity: Int

    init(_ capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 4096)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    deinit { unsafe base.deallocate() }

    func bytes(_ range: Range<Int>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}

/// Writes a log in memory.
public struct Forge {
    /// 16 bytes.
    public let logID: [UInt8]
    /// Seed of the records' CRCs.
    public let salt: UInt32
    private let capacity: Int
    private var memories: [SegmentMemory] = []
    private var writer: RecordWriter
    private var sequence: UInt64 = 1
    private var time: UInt64 = 1_000_000_000_000
    private var truth: [TrueRecord] = []
    private var tails: [[UInt8]] = []
    private var tailEnds: [Int] = []
    private var ends: [Int] = []
    private var watermark: UInt64 = 0
    private let scratch = LengthScratchBox()
    private var random: Random
    /// Flag words of the headers.
    private let flags: (compatible: UInt32, incompatible: UInt32)

    /// A log of segments of `capacity` bytes with its dictionary in place.
    public init(
        seed: UInt64, capacity: Int = 1 << 16, compatible: UInt32 = 0, incompatible: UInt32 = 0
    ) {
        random = Random(seed: seed)
        logID = random.bytes(16)
        salt = UInt32(truncatingIfNeeded: random.next())
        self.capacity = capacity
        flags = (compatible, incompatible)
        let memory = SegmentMemory(capacity)
        writer = unsafe RecordWriter(base: memory.base, capacity: capacity, salt: salt)
        memories = [memory]
        begin(memory, previousCRC: 0)
    }

    private static let wall: Int64 = 1_750_000_000_000_000_000

    private mutating func begin(_ memory: SegmentMemory, previousCRC: UInt32) {
        var header = SegmentHeader(
            salt: salt, logID: logID, number: UInt32(memories.count), previousCRC: 0,
            firstSequence: 0, previousSequence: 0, wall: 0, monotonic: 0,
            capacity: UInt64(capacity), process: 4711, bootID: random.bytes(16), utcOffset: 7200,
            writer: Array("forge".utf8))
        header.compatible = flags.compatible
        header.incompatible = flags.incompatible
        unsafe header.prepare(at: memory.base)
        unsafe SegmentHeader.complete(
            at: memory.base, firstSequence: sequence, previousSequence: sequence - 1,
            previousCRC: previousCRC, wall: Self.wall + Int64(time), monotonic: time)
        tails.append([])
        tailEnds.append(0)
        ends.append(SegmentLayout.headerSize)
        let names = CommandDictionary.payload()
        own(RecordKind.dictionary, names.bytes, count: names.count)
    }

    private mutating func note(_ offset: Int, _ length: Int, _ kind: UInt16) {
        truth.append(
            TrueRecord(
                sequence: sequence, segment: memories.count - 1, offset: offset, length: length,
                kind: kind))
        sequence += 1
        ends[memories.count - 1] = writer.offset
    }

    /// Appends a record of our own kinds.
    public mutating func own(_ kind: UInt16, _ payload: [UInt8], count: Int = 1) {
        let offset = writer.offset
        time += 1_000_000
        unsafe payload.withUnsafeBytes { bytes in
            let empty: [UInt8] = [0]
            unsafe empty.withUnsafeBytes { none in
                guard let start = unsafe bytes.baseAddress ?? none.baseAddress else { return }
                unsafe writer.append(
                    payload: start, payloadCount: payload.count, kind: kind, count: count,
                    sequence: sequence, time: time)
            }
        }
        note(offset, RecordLayout.headerSize + payload.count, kind)
    }

    /// Appends a call; into the next segment when this one is full.
    public mutating func call(_ kind: UInt16, _ arguments: [[UInt8]], flags: UInt16 = 0) {
        let texts = CTexts(arguments)
        let fields = unsafe CallFields(
            first: nil, arguments: texts.pointers, argumentCount: arguments.count)
        let payload = unsafe RecordWriter.measure(fields, scratch.lengths)
        if !writer.fits(payload) { switchSegment() }
        precondition(writer.fits(payload), "a forged call fits into a segment")
        let offset = writer.offset
        time += 1_000_000
        unsafe writer.append(
            fields, payload: payload, scratch: scratch.lengths, kind: kind, flags: flags,
            sequence: sequence, time: time)
        note(offset, RecordLayout.headerSize + payload, kind)
    }

    /// A call of random length and content.
    public mutating func randomCall(largest: Int = 200) {
        let count = random.below(8)
        let arguments = (0..<count).map { _ in
            random.bytes(random.below(largest / 4 + 1)).map { $0 == 0 ? 0xFF : $0 }
        }
        call([65, 64, 68, 81, 86, 97][random.below(6)], arguments)
    }

    /// Passes over sequence numbers, as for calls that could not be kept.
    public mutating func lose(_ count: Int) {
        for _ in 0..<count {
            truth.append(
                TrueRecord(
                    sequence: sequence, segment: memories.count - 1, offset: -1, length: 0, kind: 0)
            )
            sequence += 1
        }
    }

    /// Bytes that are left in the current segment.
    public var room: Int { writer.limit - writer.offset }

    /// Where the next record goes.
    public var offset: Int { writer.offset }

    /// How many records there are.
    public var count: Int { truth.count }

    /// Goes on in a new segment.
    public mutating func switchSegment() {
        let previous = writer.lastCRC
        let memory = SegmentMemory(capacity)
        memories.append(memory)
        unsafe writer = RecordWriter(base: memory.base, capacity: capacity, salt: salt)
        begin(memory, previousCRC: previous)
    }

    /// What the keeper does each tick: a tail-file entry with all that is new.
    public mutating func tick() {
        let index = memories.count - 1
        let memory = memories[index]
        let from = tailEnds[index]
        let end = ends[index]
        guard end > from else { return }
        if tails[index].isEmpty {
            tails[index] =
                TailHeader(logID: logID, salt: salt, segment: UInt32(index + 1), part: 1).encoded()
            let beat = Heartbeat(
                wall: Self.wall, monotonic: time, sequence: sequence - 1, lost: 0, state: 0)
            tails[index] =
                Array(tails[index].prefix(Heartbeat.offset)) + beat.encoded(salt: salt)
        }
        let entry = TailEntry(
            offset: from, byteCount: end - from, lastSequence: sequence - 1, monotonic: time,
            wall: Self.wall)
        unsafe tails[index] += entry.encoded(
            salt: salt, payload: RawBytes(base: memory.base + from, count: end - from))
        tails[index] += memory.bytes(from..<RecordLayout.padded(end))
        tailEnds[index] = end
        watermark = sequence - 1
    }

    /// The log as it stands. All segments but the last `unsealed` ones are sealed and cut; these, too, when
    /// `closed`, else they keep their capacity and their tail files.
    public func specimen(closed: Bool, unsealed: Int = 1) -> Specimen {
        var files: [(name: String, bytes: [UInt8])] = []
        var segments: [[UInt8]] = []
        for (index, memory) in memories.enumerated() {
            let number = UInt32(index + 1)
            let isLast = index == memories.count - 1
            let isOpen = !closed && index >= memories.count - unsealed
            let records = truth.filter { $0.segment == index && $0.length > 0 }
            var bytes = memory.bytes(0..<(isOpen ? capacity : ends[index]))
            if !isOpen, let last = records.last {
                let crc = unsafe RawBytes(base: memory.base, count: capacity)
                    .contentCRC(salt, end: ends[index])
                bytes += SegmentFooter(
                    number: number, recordCount: UInt64(records.count),
                    lastSequence: last.sequence, end: UInt64(ends[index]), contentCRC: crc,
                    isFinal: isLast
                ).encoded(salt: salt)
            } else if !tails[index].isEmpty {
                files.append((LogNames.tail(number, part: 1), tails[index]))
            }
            files.append((LogNames.segment(number), bytes))
            segments.append(bytes)
        }
        return Specimen(
            files: files, segments: segments, truth: truth, tailEnds: closed ? [] : tailEnds,
            watermark: watermark, logID: logID)
    }
}

/// The scratch of a writer at a fixed address.
private final class LengthScratchBox {
    let lengths = LengthScratch()
}

/// C texts of arguments, alive as long as this value.
@safe
public final class CTexts {
    private let memory: UnsafeMutablePointer<CChar>
    private let table: UnsafeMutablePointer<UnsafePointer<CChar>?>

    /// Copies the arguments, each with a NUL behind it.
    public init(_ arguments: [[UInt8]]) {
        let total = arguments.reduce(1) { $0 + $1.count + 1 }
        unsafe memory = .allocate(capacity: total)
        unsafe table = .allocate(capacity: arguments.count + 1)
        var at = 0
        for (index, argument) in arguments.enumerated() {
            unsafe (table + index).initialize(to: UnsafePointer(memory + at))
            for byte in argument {
                unsafe memory[at] = CChar(bitPattern: byte)
                at += 1
            }
            unsafe memory[at] = 0
            at += 1
        }
    }

    deinit {
        unsafe memory.deallocate()
        unsafe table.deallocate()
    }

    /// A pointer for each argument.
    public var pointers: UnsafePointer<UnsafePointer<CChar>?> { unsafe UnsafePointer(table) }
}
