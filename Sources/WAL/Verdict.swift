// What a scan says about a log's end and its wounds. Damage is a value, not an error: reading damaged
// logs is normal work here.

/// Something that should not be there: a stretch of a segment that holds no valid record although
/// records stood there, or follow.
public struct Damage: Equatable, Sendable {
    /// What was found.
    public enum Kind: Equatable, Sendable {
        /// Bytes that are no valid record, in front of valid ones, or below the watermark.
        case hole
        /// A record that is valid in itself but out of sequence.
        case sequenceGap
        /// The header page is damaged; the records behind it were read with another segment's salt.
        case header
        /// A segment file that the chain needs is not there.
        case missingSegment
        /// Two files say that they are the same segment.
        case duplicateSegment
        /// The file's name and the number in its header differ.
        case renamedSegment
        /// The segment's footer does not agree with its records.
        case footer
        /// The file ends before its header says, below the watermark or before its footer.
        case shortFile
        /// The tail file itself is damaged in this place.
        case tailFile
    }
    /// What was found.
    public var kind: Kind
    /// Number of the segment.
    public var segment: UInt32
    /// Where in the file, bytes from its start.
    public var offset: Int
    /// How many bytes.
    public var byteCount: Int
    /// Sequence numbers that are missing because of it, when known; empty ranges are nil.
    public var missing: ClosedRange<UInt64>?

    /// All fields.
    public init(
        kind: Kind, segment: UInt32, offset: Int, byteCount: Int, missing: ClosedRange<UInt64>?
    ) {
        self.kind = kind
        self.segment = segment
        self.offset = offset
        self.byteCount = byteCount
        self.missing = missing
    }
}

/// How a segment, or a log, ends: one of five.
public enum Verdict: Equatable, Sendable {
    /// Every byte is accounted for.
    case clean
    /// The process ended inside a call: a record of `byteCount` bytes was claimed at `offset`, and
    /// nothing stands behind it. That call had not returned.
    case callUnderWay(offset: Int, byteCount: Int)
    /// Bytes behind the last record, above the watermark, that are no whole record: a power cut
    /// within the last tick. `salvageable` whole records stand behind the first hole.
    case tornTail(offset: Int, byteCount: Int, salvageable: UInt64)
    /// Something is missing that was there.
    case damaged([Damage])
    /// Not a segment of this log.
    case foreign(ForeignReason)

    /// 0 clean or a call under way, 10 torn tail, 11 damage, 12 foreign bytes: the exit code of
    /// `verify` and `recover`.
    public var exitCode: Int32 {
        switch self {
        case .clean, .callUnderWay: 0
        case .tornTail: 10
        case .damaged: 11
        case .foreign: 12
        }
    }
}

/// Why a file is not taken for a segment of this log.
public enum ForeignReason: Equatable, Sendable {
    /// The magic is missing.
    case notASegment
    /// The magic shows a copy in text mode (FTP in ASCII mode, a version control filter).
    case textModeCopy
    /// A valid segment of another log.
    case otherLog
    /// Made by a newer version: its format version and the flags that this one does not know.
    case newerFormat(version: UInt16, flags: UInt32)
    /// Bytes that are not ours stand behind the footer of a sealed segment, from that offset on.
    case behindFooter(offset: Int)
}
