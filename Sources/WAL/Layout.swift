// Every number of the log's byte layout, once: the writer, the scan, recovery, salvage and the tests
// read them from here. docs/formats/log.md says the same in prose.

import CPlatform

/// Offsets and sizes of a segment file. All integers are little-endian.
public enum SegmentLayout {
    /// The header is a page of its own, so that completing it never shares a page with records.
    public static let headerSize = 4096
    /// First eight bytes. The high bit, CR LF, the DOS end-of-file and the lone LF show a copy in
    /// text mode (the idea of PNG's signature).
    public static let magic: [UInt8] = [0x89, 0x42, 0x42, 0x58, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The same eight bytes as one little-endian word.
    static let magicWord: UInt64 = 0x0A1A_0A0D_5842_4289
    /// The version of this layout.
    public static let version: UInt16 = 1
    static let versionOffset = 8
    static let headerSizeOffset = 10
    static let compatibleOffset = 12
    static let incompatibleOffset = 16
    static let saltOffset = 20
    static let logIDOffset = 24
    static let numberOffset = 40
    static let previousCRCOffset = 44
    static let firstSequenceOffset = 48
    static let previousSequenceOffset = 56
    static let wallOffset = 64
    static let monotonicOffset = 72
    static let capacityOffset = 80
    static let processOffset = 88
    static let bootIDOffset = 96
    static let utcOffsetOffset = 112
    static let writerOffset = 120
    static let writerSize = 56
    static let headerCRCOffset = 4092
    /// Seed of the header's CRC (a record's is the log's salt, which stands in the header).
    static let headerCRCSeed: UInt32 = 0xFFFF_FFFF

    /// Kept free at a segment's end for the footer.
    public static let footerSize = 64
    /// `BBXS` with bit 30 set where a record's length word would stand: no length has that bit.
    static let footerMagic: UInt32 = 0x5358_4242
    static let footerVersionOffset = 4
    static let footerCountOffset = 8
    static let footerLastSequenceOffset = 16
    static let footerEndOffset = 24
    static let footerContentCRCOffset = 32
    static let footerNumberOffset = 36
    static let footerFlagsOffset = 40
    static let footerCRCOffset = 60
    /// In the footer's flags: this is the log's last segment.
    static let footerFinalFlag: UInt32 = 1

    /// Smallest and largest size of a segment file, bytes.
    public static let smallestSegment = 65_536
    /// 1 GiB, so that a length fits well below the flag bits of its word.
    public static let largestSegment = 1 << 30
}

/// Offsets and sizes of a record.
public enum RecordLayout {
    /// Header bytes in front of the payload.
    public static let headerSize = 32
    /// Records begin at multiples of this.
    public static let alignment = 8
    static let lengthOffset = 0
    static let crcOffset = 4
    static let sequenceOffset = 8
    static let timeOffset = 16
    static let kindOffset = 24
    static let flagsOffset = 26
    static let countOffset = 28
    /// Set in the length word while the record is being written.
    static let claimedBit: UInt32 = 0x8000_0000
    /// Never set in a length word: marks a footer.
    static let footerBit: UInt32 = 0x4000_0000
    static let lengthMask: UInt32 = 0x3FFF_FFFF

    /// Bytes that a record of `length` takes in the segment.
    @inline(__always)
    public static func padded(_ length: Int) -> Int { (length &+ 7) & ~7 }
}

/// Offsets and sizes of a tail file.
public enum TailLayout {
    /// Fixed block in front of the entries: identity, then the heartbeat.
    public static let headerSize = 128
    static let magic: [UInt8] = [0x89, 0x42, 0x42, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
    static let versionOffset = 8
    static let segmentOffset = 12
    static let saltOffset = 16
    static let partOffset = 20
    static let logIDOffset = 24
    static let headerCRCOffset = 60
    /// The heartbeat: 64 bytes, written over in place every second.
    static let heartbeatOffset = 64
    static let heartbeatSize = 64
    static let heartbeatWallOffset = 8
    static let heartbeatMonotonicOffset = 16
    static let heartbeatSequenceOffset = 24
    static let heartbeatLostOffset = 32
    static let heartbeatStateOffset = 40
    static let heartbeatCRCOffset = 60

    static let entryHeaderSize = 48
    static let entryMagic: UInt32 = 0x4E45_4242
    static let entryCRCOffset = 4
    static let entryOffsetOffset = 8
    static let entryCountOffset = 16
    static let entrySequenceOffset = 24
    static let entryMonotonicOffset = 32
    static let entryWallOffset = 40
}

/// The numbers of record kinds that are not calls. A call's kind is its command's raw value.
public enum RecordKind {
    /// Kind → command name, at the start of each segment.
    public static let dictionary: UInt16 = 1
    /// A wall and a monotonic clock reading taken together.
    public static let clockAnchor: UInt16 = 2
    /// What could not be kept.
    public static let loss: UInt16 = 3
    /// A mission's start was accepted for recording.
    public static let missionStart: UInt16 = 4
    /// A save was asked for: an export reads up to here.
    public static let missionSave: UInt16 = 5
    /// What the plug-in itself decided: one field, a JSON object.
    public static let decision: UInt16 = 6
    /// An ICOM event was accepted for sending; the number tells for whom it waits.
    public static let icomEvent: UInt16 = 7
    /// A call whose name has no number: the name is the first field.
    public static let namedCall: UInt16 = 16
    /// The first number that a command may have.
    public static let firstCommand: UInt16 = 32
}

/// Bits of a record's flags.
public enum RecordFlags {
    /// The string form of callExtension: the one field is the whole text.
    public static let stringForm: UInt16 = 1
}
