// Reads a log while its game writes it, from one look to the next: what was committed since the last look
// is handed over, in order. Nothing here asks anything of the writer: a segment is mapped for the length of
// a look that finds something new, and read as every other reader reads it.

import CPlatform
import WAL

/// A place in a log whose writer lives. For one thread.
public struct LogFollower: ~Copyable {
    /// The log's folder.
    public let folder: String
    /// 16 bytes; nil until a segment of the log could be read.
    public private(set) var logID: [UInt8]?
    /// Sequence number of the last record that was handed over (or passed over, at the start).
    public private(set) var sequence: UInt64

    /// The segment under the eye, 0 before there is one.
    private var number: UInt32 = 0
    private var header: SegmentHeader?
    private var findings: SegmentFindings?
    private var anchor = ClockAnchor(wall: 0, monotonic: 0, utcOffset: 0)

    /// Begins behind the record `sequence` (0: at the log's start). Touches no file yet.
    public init(folder: String, after sequence: UInt64) {
        self.folder = folder
        self.sequence = sequence
    }

    /// Local time minus UTC, seconds, as the newest clock anchor has it.
    public var utcOffset: Int32 { anchor.utcOffset }

    /// Hands over every record committed since the last look; also the dictionary at the start of each
    /// segment, which a decoder needs, and which may lie before the place where the follower began.
    ///
    /// - Returns: whether anything was handed over.
    /// - Throws: what `body` throws. The record is handed over again at the next look, which begins with it.
    public mutating func look<Failure: Error>(
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        var isNew = false
        while number > 0 || findStart() {
            // Asked first: once the next segment has its header, nothing more comes into this one.
            let next = Self.header(folder, number + 1, logID)
            if hasMore() { isNew = try read(body) || isNew }
            guard let next else { break }
            enter(next)
        }
        return isNew
    }

    /// Passes over everything that is there now.
    public mutating func skipToEnd() {
        // Only the newest segment has to be gone through.
        sequence = UInt64.max
        guard findStart() else {
            sequence = 0
            return
        }
        sequence = max(1, header?.firstSequence ?? 1) - 1
        var last = sequence
        _ = look { (record: borrowing Record, _: ClockAnchor) throws(Never) in
            last = record.sequence
        }
        sequence = last
    }

    // MARK: segments

    /// The segment that holds the record behind `sequence`: the last one that begins at or before it.
    private mutating func findStart() -> Bool {
        // The folder may still be in the making.
        let names = (try? Paths.names(in: folder)) ?? []
        let wanted = sequence == UInt64.max ? sequence : sequence + 1
        var found: SegmentHeader?
        for name in names {
            guard let number = LogNames.segmentNumber(name),
                let header = Self.header(folder, number, logID)
            else { continue }
            if found != nil, header.firstSequence > wanted { break }
            found = header
        }
        guard let found else { return false }
        enter(found)
        return true
    }

    private mutating func enter(_ header: SegmentHeader) {
        number = header.number
        logID = header.logID
        self.header = header
        findings = nil
        anchor = ClockAnchor(
            wall: header.wall, monotonic: header.monotonic, utcOffset: header.utcOffset)
    }

    /// The header of a segment that has been switched to.
    private static func header(
        _ folder: String, _ number: UInt32, _ logID: [UInt8]?
    ) -> SegmentHeader? {
        let path = Paths.join(folder, LogNames.segment(number))
        guard let file = try? File(path, UInt32(BB_OPEN_READ)),
            let page = try? file.read(limit: SegmentLayout.headerSize)
        else { return nil }
        let verdict = unsafe page.withUnsafeBytes { buffer -> HeaderVerdict in
            guard let base = buffer.baseAddress else { return .short }
            return unsafe SegmentHeader.decode(RawBytes(base: base, count: buffer.count))
        }
        guard case .header(let header) = verdict, header.number == number,
            logID == nil || header.logID == logID
        else { return nil }
        return header
    }

    /// Whether something stands where the next record would: a look into the file, which costs less
    /// than mapping it.
    private func hasMore() -> Bool {
        guard let findings else { return true }
        guard let file = try? File(path, UInt32(BB_OPEN_READ)),
            let word = try? file.read(limit: 4, at: findings.resumeOffset)
        else { return false }
        return word.contains { $0 != 0 }
    }

    private var path: String { Paths.join(folder, LogNames.segment(number)) }

    private mutating func read<Failure: Error>(
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        // A file that can't be opened now is tried again at the next look.
        guard let header,
            let map = try? SegmentMap(path: path, tails: [], number: number, logID: logID)
        else { return false }
        var scan =
            if let findings {
                unsafe SegmentScan(map.bytes, header: header, resuming: findings)
            } else {
                unsafe SegmentScan(map.bytes, header: header)
            }
        let before = sequence
        var last = sequence
        var anchor = anchor
        var isNew = false
        // Also when `body` refuses a record: the next look begins with that one.
        defer {
            sequence = max(sequence, last)
            findings = scan.findings
            self.anchor = anchor
        }
        try scan.run { (record: borrowing Record) throws(Failure) in
            if record.kind == RecordKind.clockAnchor,
                let newer = ClockAnchor.decode(record.payload)
            {
                anchor = newer
            }
            let isOld = record.sequence <= before
            guard !isOld || record.kind == RecordKind.dictionary else { return }
            try body(record, anchor)
            if !isOld {
                last = record.sequence
                isNew = true
            }
        }
        return isNew
    }
}
