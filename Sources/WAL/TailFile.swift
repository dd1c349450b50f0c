// The tail file's bytes: what the keeper writes and syncs each tick, and what recovery reads back. One
// file a segment (`000001.tail`; after a failed sync `000001-2.tail` and so on), so that the mapped
// segment itself is never synced while it is live.

import CPlatform

/// Whose tail file it is.
public struct TailHeader: Equatable, Sendable {
    /// 16 bytes, the log's id.
    public var logID: [UInt8]
    /// Seed of the entries' CRCs.
    public var salt: UInt32
    /// Number of the segment.
    public var segment: UInt32
    /// 1, 2, 3 …: a new part is begun when a sync of the one before failed.
    public var part: UInt32

    /// All fields.
    public init(logID: [UInt8], salt: UInt32, segment: UInt32, part: UInt32) {
        self.logID = logID
        self.salt = salt
        self.segment = segment
        self.part = part
    }

    /// The first 64 bytes of the file; an empty heartbeat of 64 zeros follows.
    public func encoded() -> [UInt8] {
        var block = ByteBlock(count: TailLayout.headerSize)
        block.put(TailLayout.magic, at: 0, limit: 8)
        block.put(UInt16(1), at: TailLayout.versionOffset)
        block.put(segment, at: TailLayout.segmentOffset)
        block.put(salt, at: TailLayout.saltOffset)
        block.put(part, at: TailLayout.partOffset)
        block.put(logID, at: TailLayout.logIDOffset, limit: 16)
        block.put(
            block.crc(SegmentLayout.headerCRCSeed, 0..<TailLayout.headerCRCOffset),
            at: TailLayout.headerCRCOffset)
        return block.bytes
    }

    /// Reads the header, or nil when it is not a whole one of this version.
    public static func decode(_ bytes: RawBytes) -> TailHeader? {
        guard unsafe bytes.count >= TailLayout.headerSize,
            unsafe bytes.copy(0, 8) == TailLayout.magic,
            unsafe bytes.load(TailLayout.versionOffset, as: UInt16.self) == 1,
            unsafe bytes.crc(SegmentLayout.headerCRCSeed, 0, TailLayout.headerCRCOffset)
                == bytes.load(TailLayout.headerCRCOffset, as: UInt32.self)
        else { return nil }
        return unsafe TailHeader(
            logID: bytes.copy(TailLayout.logIDOffset, 16),
            salt: bytes.load(TailLayout.saltOffset, as: UInt32.self),
            segment: bytes.load(TailLayout.segmentOffset, as: UInt32.self),
            part: bytes.load(TailLayout.partOffset, as: UInt32.self))
    }
}

/// The server's last sign of life, as the keeper saw it.
public struct Heartbeat: Equatable, Sendable {
    /// UTC nanoseconds since 1970.
    public var wall: Int64
    /// Nanoseconds of the clock that records carry.
    public var monotonic: UInt64
    /// Sequence number of the last record that the keeper saw committed.
    public var sequence: UInt64
    /// Calls lost so far.
    public var lost: UInt64
    /// State bits of the keeper (`KeeperState`).
    public var state: UInt32

    /// All fields.
    public init(wall: Int64, monotonic: UInt64, sequence: UInt64, lost: UInt64, state: UInt32) {
        self.wall = wall
        self.monotonic = monotonic
        self.sequence = sequence
        self.lost = lost
        self.state = state
    }

    /// Where the block stands in the tail file.
    public static var offset: Int { TailLayout.heartbeatOffset }

    /// The 64 bytes of the block.
    public func encoded(salt: UInt32) -> [UInt8] {
        var block = ByteBlock(count: TailLayout.heartbeatSize)
        block.put(wall, at: TailLayout.heartbeatWallOffset)
        block.put(monotonic, at: TailLayout.heartbeatMonotonicOffset)
        block.put(sequence, at: TailLayout.heartbeatSequenceOffset)
        block.put(lost, at: TailLayout.heartbeatLostOffset)
        block.put(state, at: TailLayout.heartbeatStateOffset)
        block.put(
            block.crc(salt, 0..<TailLayout.heartbeatCRCOffset), at: TailLayout.heartbeatCRCOffset)
        return block.bytes
    }

    /// The block of a tail file, or nil when none was written yet or it is torn.
    public static func decode(_ bytes: RawBytes, salt: UInt32) -> Heartbeat? {
        let at = TailLayout.heartbeatOffset
        guard unsafe bytes.count >= TailLayout.headerSize,
            unsafe bytes.crc(salt, at, TailLayout.heartbeatCRCOffset)
                == bytes.load(at + TailLayout.heartbeatCRCOffset, as: UInt32.self)
        else { return nil }
        return unsafe Heartbeat(
            wall: bytes.load(at + TailLayout.heartbeatWallOffset, as: Int64.self),
            monotonic: bytes.load(at + TailLayout.heartbeatMonotonicOffset, as: UInt64.self),
            sequence: bytes.load(at + TailLayout.heartbeatSequenceOffset, as: UInt64.self),
            lost: bytes.load(at + TailLayout.heartbeatLostOffset, as: UInt64.self),
            state: bytes.load(at + TailLayout.heartbeatStateOffset, as: UInt32.self))
    }
}

/// What stands in front of the bytes of one tick.
public struct TailEntry: Equatable, Sendable {
    /// Where in the segment the bytes belong.
    public var offset: Int
    /// How many.
    public var byteCount: Int
    /// Sequence number of the last record in them: the watermark once the entry is synced.
    public var lastSequence: UInt64
    /// When the tick was.
    public var monotonic: UInt64
    /// UTC nanoseconds since 1970.
    public var wall: Int64

    /// All fields.
    public init(
        offset: Int, byteCount: Int, lastSequence: UInt64, monotonic: UInt64, wall: Int64
    ) {
        self.offset = offset
        self.byteCount = byteCount
        self.lastSequence = lastSequence
        self.monotonic = monotonic
        self.wall = wall
    }

    /// Bytes of the header in front of the payload; the payload is padded to a multiple of 8.
    public static var headerSize: Int { TailLayout.entryHeaderSize }

    /// The header's bytes, with the CRC of header and payload.
    public func encoded(salt: UInt32, payload: RawBytes) -> [UInt8] {
        var block = ByteBlock(count: TailLayout.entryHeaderSize)
        block.put(TailLayout.entryMagic, at: 0)
        block.put(UInt64(offset), at: TailLayout.entryOffsetOffset)
        block.put(UInt64(byteCount), at: TailLayout.entryCountOffset)
        block.put(lastSequence, at: TailLayout.entrySequenceOffset)
        block.put(monotonic, at: TailLayout.entryMonotonicOffset)
        block.put(wall, at: TailLayout.entryWallOffset)
        var crc = block.crc(salt, TailLayout.entryOffsetOffset..<TailLayout.entryHeaderSize)
        crc = unsafe payload.crc(crc, 0, byteCount)
        block.put(crc, at: TailLayout.entryCRCOffset)
        return block.bytes
    }

    /// The whole entry at `at`, or nil where none stands.
    public static func decode(_ bytes: RawBytes, at: Int, salt: UInt32) -> TailEntry? {
        guard at >= 0, unsafe at <= bytes.count - TailLayout.entryHeaderSize,
            unsafe bytes.load(at, as: UInt32.self) == TailLayout.entryMagic
        else { return nil }
        let offset = unsafe bytes.load(at + TailLayout.entryOffsetOffset, as: UInt64.self)
        let count = unsafe bytes.load(at + TailLayout.entryCountOffset, as: UInt64.self)
        let left = unsafe bytes.count - at - TailLayout.entryHeaderSize
        let largest = UInt64(SegmentLayout.largestSegment)
        guard count <= UInt64(left), offset <= largest, count <= largest else { return nil }
        var crc = unsafe bytes.crc(
            salt, at + TailLayout.entryOffsetOffset,
            TailLayout.entryHeaderSize - TailLayout.entryOffsetOffset)
        crc = unsafe bytes.crc(crc, at + TailLayout.entryHeaderSize, Int(count))
        guard unsafe crc == bytes.load(at + TailLayout.entryCRCOffset, as: UInt32.self) else {
            return nil
        }
        return unsafe TailEntry(
            offset: Int(offset), byteCount: Int(count),
            lastSequence: bytes.load(at + TailLayout.entrySequenceOffset, as: UInt64.self),
            monotonic: bytes.load(at + TailLayout.entryMonotonicOffset, as: UInt64.self),
            wall: bytes.load(at + TailLayout.entryWallOffset, as: Int64.self))
    }

    /// Bytes of the entry at `at`, header and payload, as its header says it before it is checked; nil where
    /// none can stand.
    public static func announced(_ bytes: RawBytes, at: Int) -> Int? {
        guard at >= 0, unsafe at <= bytes.count - TailLayout.entryHeaderSize,
            unsafe bytes.load(at, as: UInt32.self) == TailLayout.entryMagic
        else { return nil }
        let count = unsafe bytes.load(at + TailLayout.entryCountOffset, as: UInt64.self)
        guard count <= UInt64(SegmentLayout.largestSegment) else { return nil }
        return TailLayout.entryHeaderSize + Int(count)
    }

    /// Where the next entry begins behind one that begins at `at`.
    public func next(after at: Int) -> Int {
        at + TailLayout.entryHeaderSize + RecordLayout.padded(byteCount)
    }
}
