// Goes through the records of one segment: every reader, recovery, verify and the tests use this one
// loop. It never trusts a byte: a length is checked against what is left before it is used, a record
// is handed out only when its CRC (seeded with the log's salt) and its sequence number are right.
//
// Where no valid record stands, it looks for the next one (records begin at multiples of 8) and goes
// on behind the hole.

import CPlatform

/// What the scan of one segment found, beside the records themselves.
public struct SegmentFindings: Equatable, Sendable {
    /// Valid records handed out.
    public var recordCount: UInt64 = 0
    /// Sequence number of the last valid record; the header's `firstSequence − 1` before the first.
    public var lastSequence: UInt64
    /// CRC of the last valid record, 0 before the first.
    public var lastCRC: UInt32 = 0
    /// End of the last valid record.
    public var end: Int
    /// End of the last record before the first hole above what was durable. (One below is damage, and ends
    /// nothing.)
    public var soundEnd: Int
    /// Last sequence number before that hole.
    public var soundSequence: UInt64
    /// Valid records behind that hole.
    public var salvageable: UInt64 = 0
    /// Holes and sequence gaps, in order.
    public var holes: [Damage] = []
    /// A claimed length word with nothing valid behind it.
    public var claimed: (offset: Int, byteCount: Int)? = nil
    /// Bytes behind the last record that are not zero, not a claimed record, not a footer.
    public var residue: (offset: Int, byteCount: Int)? = nil
    /// The footer, when the segment is sealed.
    public var footer: SegmentFooter? = nil
    /// Loss records, in order.
    public var losses: [Loss] = []
    /// First byte behind the footer that is not zero: somebody else's.
    public var foreignOffset: Int? = nil

    /// Where a scan that resumes goes on: behind the last record that was taken, and behind the hole in front
    /// of the next one.
    public var resumeOffset: Int { max(end, holes.last.map { $0.offset + $0.byteCount } ?? end) }

    init(header: SegmentHeader) {
        lastSequence = header.firstSequence &- 1
        soundSequence = lastSequence
        end = SegmentLayout.headerSize
        soundEnd = end
    }

    /// Field by field (tuples are not Equatable).
    public static func == (a: Self, b: Self) -> Bool {
        a.recordCount == b.recordCount && a.lastSequence == b.lastSequence && a.lastCRC == b.lastCRC
            && a.end == b.end && a.soundEnd == b.soundEnd && a.soundSequence == b.soundSequence
            && a.salvageable == b.salvageable && a.holes == b.holes
            && a.claimed?.offset == b.claimed?.offset && a.residue?.offset == b.residue?.offset
            && a.footer == b.footer && a.foreignOffset == b.foreignOffset
    }
}

/// A scan of the records of one segment.
///
/// Invariant: `bytes` stays mapped while the scan runs. A live segment may grow meanwhile: the scan
/// ends at the first word that is not committed yet.
@safe
public struct SegmentScan {
    private static let furthest: UInt64 = 1 << 32
    private let bytes: RawBytes
    private let header: SegmentHeader
    private let settledTo: Int
    private var offset: Int
    /// What was found so far.
    public private(set) var findings: SegmentFindings

    /// A scan of the records behind the header page of `bytes`.
    ///
    /// - Parameter settledTo: offset below which everything was durable.
    public init(_ bytes: RawBytes, header: SegmentHeader, settledTo: Int = 0) {
        unsafe self.bytes = bytes
        self.header = header
        self.settledTo = settledTo
        offset = SegmentLayout.headerSize
        findings = SegmentFindings(header: header)
    }

    /// A scan that goes on where an earlier one of the same segment stopped (a live reader): with the record
    /// that was refused, else with what was written since.
    public init(_ bytes: RawBytes, header: SegmentHeader, resuming findings: SegmentFindings) {
        unsafe self.bytes = bytes
        self.header = header
        settledTo = 0
        offset = findings.resumeOffset
        self.findings = findings
        self.findings.claimed = nil
        self.findings.residue = nil
    }

    /// Hands out every record up to the end, then fills in how it ended. An error thrown by `body` refuses its
    /// record and ends the scan; one that resumes these findings begins with that record.
    public mutating func run<Failure: Error>(
        _ body: (borrowing Record) throws(Failure) -> Void
    ) throws(Failure) {
        while true {
            let length = valid(at: offset)
            if length > 0 {
                try hand(length, to: body)
                continue
            }
            if let footer = unsafe SegmentFooter.decode(bytes, at: offset, salt: header.salt) {
                findings.footer = footer
                let behind = offset + SegmentLayout.footerSize
                findings.foreignOffset = unsafe bytes.firstNonZero(behind, bytes.count)
                return
            }
            guard let next = nextValid(after: offset) else {
                let word = left >= 4 ? unsafe bytes.lengthWord(offset) : 0
                noteEnd()
                // A live writer went on while we looked: each record changes its word twice.
                if left >= 4,
                    unsafe bytes.lengthWord(offset) != word || valid(at: offset) > 0
                        || isBecomingFooter()
                {
                    findings.claimed = nil
                    findings.residue = nil
                    continue
                }
                return
            }
            // A live writer commits in order: when a later record is there, this one may be by now.
            if valid(at: offset) > 0 { continue }
            noteHole(from: offset, to: next)
            offset = next
        }
    }

    /// Only the findings.
    public mutating func run() {
        run { (_: borrowing Record) throws(Never) in }
    }

    /// Whether one of the holes so far, which are in order, is above what was durable.
    private var isBehindHole: Bool { (findings.holes.last?.offset ?? -1) >= settledTo }

    private var left: Int { unsafe bytes.count - offset }

    /// Whether a footer stands here now, or does in a moment: it is copied in while we look.
    private func isBecomingFooter() -> Bool {
        guard unsafe bytes.lengthWord(offset) == SegmentLayout.footerMagic else { return false }
        for _ in 0..<1000 {
            if unsafe SegmentFooter.decode(bytes, at: offset, salt: header.salt) != nil {
                return true
            }
        }
        return false
    }

    private mutating func hand<Failure: Error>(
        _ length: Int, to body: (borrowing Record) throws(Failure) -> Void
    ) throws(Failure) {
        let at = offset
        let sequence = unsafe bytes.load(at + RecordLayout.sequenceOffset, as: UInt64.self)
        let crc = unsafe bytes.load(at + RecordLayout.crcOffset, as: UInt32.self)
        let payload = unsafe Span<UInt8>(
            _unsafeStart: (bytes.base + at + RecordLayout.headerSize).assumingMemoryBound(
                to: UInt8.self), count: length - RecordLayout.headerSize)
        let kind = unsafe bytes.load(at + RecordLayout.kindOffset, as: UInt16.self)
        let loss = kind == RecordKind.loss ? Loss.decode(payload) : nil
        if sequence != findings.lastSequence &+ 1 {
            let missing = Self.range(findings.lastSequence &+ 1, before: sequence)
            // A loss record explains the gap in front of it.
            let told = loss.map { $0.first...max($0.first, $0.last) }
            if told != missing {
                findings.holes.append(
                    Damage(
                        kind: .sequenceGap, segment: header.number, offset: at, byteCount: 0,
                        missing: missing))
            }
            // The gap has been told: it must not be again when this record is refused.
            findings.lastSequence = sequence &- 1
        }
        let record = unsafe Record(
            sequence: sequence,
            monotonic: bytes.load(at + RecordLayout.timeOffset, as: UInt64.self),
            kind: kind,
            flags: bytes.load(at + RecordLayout.flagsOffset, as: UInt16.self),
            count: Int(bytes.load(at + RecordLayout.countOffset, as: UInt32.self)), offset: at,
            crc: crc, isBehindHole: isBehindHole, payload: payload)
        try body(record)
        if let loss { findings.losses.append(loss) }
        offset = at + RecordLayout.padded(length)
        findings.recordCount += 1
        findings.lastSequence = sequence
        findings.lastCRC = crc
        findings.end = offset
        if !isBehindHole {
            findings.soundEnd = offset
            findings.soundSequence = sequence
        } else {
            findings.salvageable += 1
        }
    }

    /// Length of the valid record at `at`, 0 when none stands there.
    @inline(__always)
    private func valid(at: Int) -> Int {
        let left = unsafe bytes.count - at
        guard left >= RecordLayout.headerSize else { return 0 }
        let word = unsafe bytes.lengthWord(at)
        guard word >= UInt32(RecordLayout.headerSize), word <= RecordLayout.lengthMask else {
            return 0
        }
        let length = Int(word)
        let padded = RecordLayout.padded(length)
        guard padded <= left else { return 0 }
        let sequence = unsafe bytes.load(at + RecordLayout.sequenceOffset, as: UInt64.self)
        // The distance is bounded by what a log can lose: it keeps a stretch of random bytes from
        // costing a checksum of megabytes at each of its places.
        guard sequence > findings.lastSequence, sequence - findings.lastSequence <= Self.furthest
        else { return 0 }
        return unsafe bytes.isWhole(at, word, padded, salt: header.salt) ? length : 0
    }

    /// Where the next valid record (or the footer) behind a place that holds none begins.
    private func nextValid(after start: Int) -> Int? {
        var at = start
        while true {
            at += RecordLayout.alignment
            guard unsafe at <= bytes.count - RecordLayout.headerSize else { return nil }
            // Empty stretches are skipped quickly: nothing valid begins with a zero word.
            if unsafe bytes.load(at, as: UInt64.self) == 0 {
                guard let next = unsafe bytes.firstNonZero(at, bytes.count) else { return nil }
                at = max(at, next)
                guard unsafe at <= bytes.count - RecordLayout.headerSize else { return nil }
            }
            if valid(at: at) > 0 { return at }
            if unsafe SegmentFooter.decode(bytes, at: at, salt: header.salt) != nil { return at }
        }
    }

    private mutating func noteHole(from: Int, to: Int) {
        let next = unsafe bytes.load(to + RecordLayout.sequenceOffset, as: UInt64.self)
        let isFooter = unsafe bytes.load(to, as: UInt32.self) == SegmentLayout.footerMagic
        // A loss record tells of the sequence numbers in front of it itself.
        let beyond = isFooter ? findings.lastSequence : told(at: to, next)
        findings.holes.append(
            Damage(
                kind: .hole, segment: header.number, offset: from, byteCount: to - from,
                missing: Self.range(findings.lastSequence &+ 1, before: beyond)))
        // The gap has been told: what follows continues from there.
        if !isFooter { findings.lastSequence = beyond &- 1 }
    }

    /// First sequence number that the valid record `sequence` at `at` accounts for: its own, or of the
    /// losses that it tells of.
    private func told(at: Int, _ sequence: UInt64) -> UInt64 {
        guard unsafe bytes.load(at + RecordLayout.kindOffset, as: UInt16.self) == RecordKind.loss
        else { return sequence }
        let length = unsafe Int(bytes.lengthWord(at) & RecordLayout.lengthMask)
        let payload = unsafe Span<UInt8>(
            _unsafeStart: (bytes.base + at + RecordLayout.headerSize).assumingMemoryBound(
                to: UInt8.self), count: length - RecordLayout.headerSize)
        guard let loss = Loss.decode(payload), loss.last &+ 1 == sequence,
            loss.first > findings.lastSequence, loss.first <= loss.last
        else { return sequence }
        return loss.first
    }

    /// No valid record from `offset` on: which kind of end is it?
    private mutating func noteEnd() {
        guard left >= 4 else {
            // Fewer bytes than a length word: a file that was cut.
            if left > 0, let stray = unsafe bytes.firstNonZero(offset, bytes.count) {
                findings.residue = unsafe (stray, bytes.count - stray)
            }
            return
        }
        let word = unsafe bytes.lengthWord(offset)
        let length = Int(word & RecordLayout.lengthMask)
        let isClaim =
            word & RecordLayout.claimedBit != 0 && word & RecordLayout.footerBit == 0
            && length >= RecordLayout.headerSize && length <= left
        let rest = isClaim ? offset + RecordLayout.padded(length) : offset
        if isClaim { findings.claimed = (offset, length) }
        guard unsafe rest < bytes.count else { return }
        if let stray = unsafe bytes.firstNonZero(rest, bytes.count) {
            let from = isClaim ? stray : offset
            findings.residue = (from, lastNonZero() - from)
        }
    }

    /// End of the last byte that is not zero.
    private func lastNonZero() -> Int {
        var at = unsafe bytes.count
        while at > offset, unsafe bytes.load(at - 1, as: UInt8.self) == 0 { at -= 1 }
        return at
    }

    private static func range(_ first: UInt64, before next: UInt64) -> ClosedRange<UInt64>? {
        next > first ? first...(next - 1) : nil
    }
}

extension RawBytes {
    /// Whether a footer stands anywhere behind the header page.
    public func hasFooter(header: SegmentHeader) -> Bool {
        var scan = unsafe SegmentScan(self, header: header)
        scan.run()
        return scan.findings.footer != nil
    }
}
