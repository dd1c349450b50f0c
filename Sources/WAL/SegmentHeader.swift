// The first page of a segment: whose it is, where it stands in the chain, which clock its records
// use. Made by the writer when it switches to the segment, read by everybody else.

import CPlatform

/// A segment's header page, decoded.
public struct SegmentHeader: Equatable, Sendable {
    /// Flag bits that an older reader may ignore.
    public var compatible: UInt32 = 0
    /// Flag bits that a reader must know, or else leave the segment alone.
    public var incompatible: UInt32 = 0
    /// Seed of every record's CRC in this log.
    public var salt: UInt32
    /// 16 random bytes that name the log.
    public var logID: [UInt8]
    /// 1 for a log's first segment.
    public var number: UInt32
    /// CRC of the last record of the segment before, 0 for the first.
    public var previousCRC: UInt32
    /// Sequence number of the first record here.
    public var firstSequence: UInt64
    /// Last sequence number of the segment before, 0 for the first.
    public var previousSequence: UInt64
    /// UTC nanoseconds since 1970, taken together with `monotonic`.
    public var wall: Int64
    /// Nanoseconds of the clock that records carry.
    public var monotonic: UInt64
    /// Size of the file as it was allocated, bytes.
    public var capacity: UInt64
    /// Process that writes it.
    public var process: UInt64
    /// 16 bytes: which boot of the machine `monotonic` belongs to.
    public var bootID: [UInt8]
    /// Local time minus UTC, seconds.
    public var utcOffset: Int32
    /// Version of the writer, UTF-8, at most 56 bytes.
    public var writer: [UInt8]

    /// Flag bits that this version knows.
    public static let knownIncompatible: UInt32 = 0

    /// All fields.
    public init(
        salt: UInt32, logID: [UInt8], number: UInt32, previousCRC: UInt32, firstSequence: UInt64,
        previousSequence: UInt64, wall: Int64, monotonic: UInt64, capacity: UInt64, process: UInt64,
        bootID: [UInt8], utcOffset: Int32, writer: [UInt8]
    ) {
        self.salt = salt
        self.logID = logID
        self.number = number
        self.previousCRC = previousCRC
        self.firstSequence = firstSequence
        self.previousSequence = previousSequence
        self.wall = wall
        self.monotonic = monotonic
        self.capacity = capacity
        self.process = process
        self.bootID = bootID
        self.utcOffset = utcOffset
        self.writer = writer
    }

    /// The page as it stands on disk, 4,096 bytes.
    public func encoded() -> [UInt8] {
        var page = ByteBlock(count: SegmentLayout.headerSize)
        page.put(SegmentLayout.magic, at: 0, limit: 8)
        page.put(SegmentLayout.version, at: SegmentLayout.versionOffset)
        page.put(UInt16(SegmentLayout.headerSize), at: SegmentLayout.headerSizeOffset)
        page.put(compatible, at: SegmentLayout.compatibleOffset)
        page.put(incompatible, at: SegmentLayout.incompatibleOffset)
        page.put(salt, at: SegmentLayout.saltOffset)
        page.put(logID, at: SegmentLayout.logIDOffset, limit: 16)
        page.put(number, at: SegmentLayout.numberOffset)
        page.put(previousCRC, at: SegmentLayout.previousCRCOffset)
        page.put(firstSequence, at: SegmentLayout.firstSequenceOffset)
        page.put(previousSequence, at: SegmentLayout.previousSequenceOffset)
        page.put(wall, at: SegmentLayout.wallOffset)
        page.put(monotonic, at: SegmentLayout.monotonicOffset)
        page.put(capacity, at: SegmentLayout.capacityOffset)
        page.put(process, at: SegmentLayout.processOffset)
        page.put(bootID, at: SegmentLayout.bootIDOffset, limit: 16)
        page.put(utcOffset, at: SegmentLayout.utcOffsetOffset)
        page.put(writer, at: SegmentLayout.writerOffset, limit: SegmentLayout.writerSize)
        let crc = page.crc(SegmentLayout.headerCRCSeed, 0..<SegmentLayout.headerCRCOffset)
        page.put(crc, at: SegmentLayout.headerCRCOffset)
        return page.bytes
    }
}

extension SegmentHeader {
    /// Puts the page of a segment that is only being prepared at `page`: all but what is known when
    /// it is switched to, and without the magic.
    ///
    /// - Parameter page: writable for a page; zeros.
    public func prepare(at page: UnsafeMutableRawPointer) {
        let bytes = encoded()
        for index in SegmentLayout.magic.count..<SegmentLayout.headerCRCOffset {
            unsafe page.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self)
        }
    }

    /// Completes a prepared page when the segment is switched to: on the game thread, no allocation.
    /// The magic is stored last, with release ordering: a page without it was never used.
    ///
    /// - Parameter page: a page that `prepare` has filled.
    @inline(__always)
    public static func complete(
        at page: UnsafeMutableRawPointer, firstSequence: UInt64, previousSequence: UInt64,
        previousCRC: UInt32, wall: Int64, monotonic: UInt64
    ) {
        unsafe page.storeBytes(
            of: previousCRC.littleEndian, toByteOffset: SegmentLayout.previousCRCOffset,
            as: UInt32.self)
        unsafe page.storeBytes(
            of: firstSequence.littleEndian, toByteOffset: SegmentLayout.firstSequenceOffset,
            as: UInt64.self)
        unsafe page.storeBytes(
            of: previousSequence.littleEndian, toByteOffset: SegmentLayout.previousSequenceOffset,
            as: UInt64.self)
        unsafe page.storeBytes(
            of: wall.littleEndian, toByteOffset: SegmentLayout.wallOffset, as: Int64.self)
        unsafe page.storeBytes(
            of: monotonic.littleEndian, toByteOffset: SegmentLayout.monotonicOffset,
            as: UInt64.self)
        var magic = SegmentLayout.magicWord.littleEndian
        var crc = unsafe bb_crc32c(SegmentLayout.headerCRCSeed, &magic, 8)
        crc = unsafe bb_crc32c(crc, page + 8, UInt64(SegmentLayout.headerCRCOffset - 8))
        unsafe page.storeBytes(
            of: crc.littleEndian, toByteOffset: SegmentLayout.headerCRCOffset, as: UInt32.self)
        unsafe bb_store_release_64(page, magic)
    }
}

/// What the first page of a file turned out to be.
public enum HeaderVerdict: Equatable, Sendable {
    case header(SegmentHeader)
    /// No magic yet: a segment that was prepared and never switched to.
    case unused
    /// No magic, but bytes behind the page: it never reached the disk, or was wiped.
    case blank
    /// Not one of ours: the magic is missing.
    case foreign
    /// The magic as a copy in text mode leaves it.
    case textModeCopy
    /// The magic is right, the CRC is not.
    case damaged
    /// Made by a version that this one can't read: its format version, its unknown flags.
    case unknownFormat(version: UInt16, flags: UInt32)
    /// The file is shorter than a header, and what there is of it could be ours.
    case short
}

extension SegmentHeader {
    /// Reads the first page of a file. `bytes` may be shorter than a page; of a page without the magic only
    /// the whole file tells whether it was ever used.
    public static func decode(_ bytes: RawBytes) -> HeaderVerdict {
        guard unsafe bytes.count >= SegmentLayout.headerSize else {
            let start = unsafe bytes.copy(0, min(8, bytes.count))
            let isOurs = start.elementsEqual(SegmentLayout.magic.prefix(start.count))
            return isOurs || start.allSatisfy { $0 == 0 } ? .short : .foreign
        }
        let magic = unsafe bytes.copy(0, 8)
        if magic != SegmentLayout.magic {
            // The writer stores the magic last.
            if magic.allSatisfy({ $0 == 0 }) {
                // After a power cut any page can be missing, the first record's as well: look at all.
                return unsafe bytes.isZero(SegmentLayout.headerSize, bytes.count) ? .unused : .blank
            }
            return looksLikeTextCopy(magic) ? .textModeCopy : .foreign
        }
        let crc = unsafe bytes.crc(
            SegmentLayout.headerCRCSeed, 0, SegmentLayout.headerCRCOffset)
        guard unsafe crc == bytes.load(SegmentLayout.headerCRCOffset, as: UInt32.self) else {
            return .damaged
        }
        let version = unsafe bytes.load(SegmentLayout.versionOffset, as: UInt16.self)
        let incompatible = unsafe bytes.load(SegmentLayout.incompatibleOffset, as: UInt32.self)
        let headerSize = unsafe bytes.load(SegmentLayout.headerSizeOffset, as: UInt16.self)
        guard version == SegmentLayout.version, incompatible & ~knownIncompatible == 0,
            Int(headerSize) == SegmentLayout.headerSize
        else { return .unknownFormat(version: version, flags: incompatible) }
        var writer = unsafe bytes.copy(SegmentLayout.writerOffset, SegmentLayout.writerSize)
        while writer.last == 0 { writer.removeLast() }
        var header = unsafe SegmentHeader(
            salt: bytes.load(SegmentLayout.saltOffset, as: UInt32.self),
            logID: bytes.copy(SegmentLayout.logIDOffset, 16),
            number: bytes.load(SegmentLayout.numberOffset, as: UInt32.self),
            previousCRC: bytes.load(SegmentLayout.previousCRCOffset, as: UInt32.self),
            firstSequence: bytes.load(SegmentLayout.firstSequenceOffset, as: UInt64.self),
            previousSequence: bytes.load(SegmentLayout.previousSequenceOffset, as: UInt64.self),
            wall: bytes.load(SegmentLayout.wallOffset, as: Int64.self),
            monotonic: bytes.load(SegmentLayout.monotonicOffset, as: UInt64.self),
            capacity: bytes.load(SegmentLayout.capacityOffset, as: UInt64.self),
            process: bytes.load(SegmentLayout.processOffset, as: UInt64.self),
            bootID: bytes.copy(SegmentLayout.bootIDOffset, 16),
            utcOffset: bytes.load(SegmentLayout.utcOffsetOffset, as: Int32.self),
            writer: writer)
        header.compatible = unsafe bytes.load(SegmentLayout.compatibleOffset, as: UInt32.self)
        header.incompatible = incompatible
        return .header(header)
    }

    /// CR LF turned to LF, LF to CR LF, or the high bit lost.
    private static func looksLikeTextCopy(_ magic: [UInt8]) -> Bool {
        let unix: [UInt8] = [0x89, 0x42, 0x42, 0x58, 0x0A, 0x1A, 0x0A]
        let dos: [UInt8] = [0x89, 0x42, 0x42, 0x58, 0x0D, 0x0D, 0x0A, 0x1A]
        let seven: [UInt8] = [0x09, 0x42, 0x42, 0x58, 0x0D, 0x0A, 0x1A, 0x0A]
        return magic.starts(with: unix) || magic == dos || magic == seven
    }
}

/// What stands behind the last record of a sealed segment.
public struct SegmentFooter: Equatable, Sendable {
    /// Number of the segment.
    public var number: UInt32
    /// Records of all kinds.
    public var recordCount: UInt64
    /// Of the last record; `firstSequence − 1` of the header when there is none.
    public var lastSequence: UInt64
    /// Where the footer itself stands: the end of the records.
    public var end: UInt64
    /// CRC, seeded with the salt, of everything between header page and footer.
    public var contentCRC: UInt32
    /// The log ends with this segment: one that is missing behind it would be noticed.
    public var isFinal: Bool

    /// All fields.
    public init(
        number: UInt32, recordCount: UInt64, lastSequence: UInt64, end: UInt64, contentCRC: UInt32,
        isFinal: Bool
    ) {
        self.number = number
        self.recordCount = recordCount
        self.lastSequence = lastSequence
        self.end = end
        self.contentCRC = contentCRC
        self.isFinal = isFinal
    }

    /// The footer as it stands on disk, 64 bytes.
    public func encoded(salt: UInt32) -> [UInt8] {
        var block = ByteBlock(count: SegmentLayout.footerSize)
        block.put(SegmentLayout.footerMagic, at: 0)
        block.put(UInt32(1), at: SegmentLayout.footerVersionOffset)
        block.put(recordCount, at: SegmentLayout.footerCountOffset)
        block.put(lastSequence, at: SegmentLayout.footerLastSequenceOffset)
        block.put(end, at: SegmentLayout.footerEndOffset)
        block.put(contentCRC, at: SegmentLayout.footerContentCRCOffset)
        block.put(number, at: SegmentLayout.footerNumberOffset)
        block.put(
            isFinal ? SegmentLayout.footerFinalFlag : 0, at: SegmentLayout.footerFlagsOffset)
        block.put(
            block.crc(salt, 0..<SegmentLayout.footerCRCOffset), at: SegmentLayout.footerCRCOffset)
        return block.bytes
    }

    /// The footer at `offset`, or nil when none stands there (whole and belonging to this place).
    public static func decode(_ bytes: RawBytes, at offset: Int, salt: UInt32) -> SegmentFooter? {
        guard offset >= 0, unsafe offset <= bytes.count - SegmentLayout.footerSize,
            unsafe bytes.load(offset, as: UInt32.self) == SegmentLayout.footerMagic
        else { return nil }
        let crc = unsafe bytes.crc(salt, offset, SegmentLayout.footerCRCOffset)
        guard
            unsafe crc
                == bytes.load(offset + SegmentLayout.footerCRCOffset, as: UInt32.self)
        else { return nil }
        let footer = unsafe SegmentFooter(
            number: bytes.load(offset + SegmentLayout.footerNumberOffset, as: UInt32.self),
            recordCount: bytes.load(offset + SegmentLayout.footerCountOffset, as: UInt64.self),
            lastSequence: bytes.load(
                offset + SegmentLayout.footerLastSequenceOffset, as: UInt64.self),
            end: bytes.load(offset + SegmentLayout.footerEndOffset, as: UInt64.self),
            contentCRC: bytes.load(
                offset + SegmentLayout.footerContentCRCOffset, as: UInt32.self),
            isFinal: bytes.load(offset + SegmentLayout.footerFlagsOffset, as: UInt32.self)
                & SegmentLayout.footerFinalFlag != 0)
        return footer.end == UInt64(offset) ? footer : nil
    }
}
