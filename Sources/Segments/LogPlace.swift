// Follows a log as it is written: a place in it that can be kept, compared and gone on from. Reads with
// plain file reads, so that nothing is mapped or locked that the writer wants to cut.

import CPlatform
import WAL

/// A place between two records of a log.
public struct LogPlace: Equatable, Sendable {
    /// The segment's number.
    public private(set) var segment: UInt32
    /// Offset of the next record in it.
    public private(set) var offset = SegmentLayout.headerSize
    /// Sequence number of the last record in front, 0 at the start.
    public private(set) var sequence: UInt64 = 0
    private var salt: UInt32 = 0
    /// Read at a time.
    private static let pieceBytes = 65_536

    /// The start of a segment.
    public init(segment: UInt32 = 1) {
        self.segment = segment
    }

    /// The start of the segment that holds the record behind `sequence`.
    public init(folder: String, behind sequence: UInt64) {
        segment = 1
        while let next = Self.header(folder, segment &+ 1), next.firstSequence <= sequence &+ 1 {
            segment &+= 1
        }
    }

    /// The same place, whether its segment was looked at or not.
    public static func == (a: Self, b: Self) -> Bool {
        a.segment == b.segment && a.offset == b.offset
    }

    /// The id of the log in a folder, nil when its first segment is gone.
    public static func logID(_ folder: String) -> [UInt8]? { header(folder, 1)?.logID }

    /// Hands out the records behind this place, at most a piece of the file at a time, and moves on.
    /// When `body` answers false the place is in front of that record. False when nothing was there.
    public mutating func read(
        _ folder: String,
        _ body: (_ sequence: UInt64, _ kind: UInt16, _ payload: Span<UInt8>) -> Bool
    ) -> Bool {
        if salt == 0 {
            guard let header = Self.header(folder, segment) else { return false }
            salt = header.salt
        }
        guard let file = try? File(Self.path(folder, segment), 1) else { return false }
        var limit = Self.pieceBytes
        while true {
            guard let bytes = try? file.read(limit: limit, at: offset), !bytes.isEmpty else {
                return enterNext(folder)
            }
            var walked = 0
            var last = sequence
            let end = unsafe bytes.withUnsafeBytes { buffer -> WalkEnd in
                guard let base = buffer.baseAddress else { return .noRecord }
                return unsafe RawBytes(base: base, count: buffer.count).walk(
                    &walked, salt: salt
                ) { sequence, kind, payload in
                    guard body(sequence, kind, payload) else { return false }
                    last = sequence
                    return true
                }
            }
            offset += walked
            sequence = last
            if walked > 0 || end == .stopped { return true }
            if case .cut(let wanted) = end, wanted > bytes.count, bytes.count == limit {
                // A record longer than a piece.
                limit = wanted
                continue
            }
            return enterNext(folder)
        }
    }

    /// On to the next segment, when the writer has.
    private mutating func enterNext(_ folder: String) -> Bool {
        guard let next = Self.header(folder, segment &+ 1) else { return false }
        let last = max(sequence, next.firstSequence &- 1)
        self = LogPlace(segment: segment &+ 1)
        sequence = last
        return true
    }

    /// The header of a segment that has been switched to.
    private static func header(_ folder: String, _ number: UInt32) -> SegmentHeader? {
        guard let file = try? File(path(folder, number), 1),
            let page = try? file.read(limit: SegmentLayout.headerSize)
        else { return nil }
        return unsafe page.withUnsafeBytes { buffer -> SegmentHeader? in
            guard let base = buffer.baseAddress,
                case .header(let header) = unsafe SegmentHeader.decode(
                    RawBytes(base: base, count: buffer.count))
            else { return nil }
            return header
        }
    }

    private static func path(_ folder: String, _ number: UInt32) -> String {
        Paths.join(folder, LogNames.segment(number))
    }
}

extension LogWriter {
    /// The number of the segment that calls go to now. From any thread.
    public var currentSegment: UInt32 { unsafe words.pointee[.current] }
}
