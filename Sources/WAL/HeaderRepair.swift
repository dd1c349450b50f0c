// When a segment's header page is damaged, the records behind it are still whole: what is needed to
// read them (the salt, where they begin) can be had from the page itself, from another segment of the
// log, or from the records' own checksums.

import CPlatform

/// Where the header that a segment is read with comes from.
public enum HeaderOrigin: Equatable, Sendable {
    /// The page is sound (as it stands, or with the tail file laid over it).
    case page
    /// One bit of the page was wrong and has been put right: every field is as it was written.
    case corrected
    /// The page is lost; salt and sequence were found elsewhere, times may be wrong.
    case rebuilt
}

extension SegmentHeader {
    /// A header for the records behind a damaged page, nil when none can be had.
    ///
    /// - Parameters:
    ///   - bytes: the segment.
    ///   - number: as the file's name says, 0 when unknown.
    ///   - sibling: the header of another segment of the same log.
    public static func repaired(
        _ bytes: RawBytes, number: UInt32, sibling: SegmentHeader?
    ) -> (header: SegmentHeader, origin: HeaderOrigin)? {
        guard unsafe bytes.count > SegmentLayout.headerSize else { return nil }
        if let header = unsafe corrected(bytes),
            sibling == nil || sibling?.logID == header.logID
        {
            return (header, .corrected)
        }
        let stored = unsafe bytes.load(SegmentLayout.saltOffset, as: UInt32.self)
        guard let salt = unsafe findSalt(bytes, stored: stored, sibling: sibling) else {
            return nil
        }
        // Without a single record there is nothing to read.
        let page = unsafe bytes.load(SegmentLayout.firstSequenceOffset, as: UInt64.self)
        guard let first = unsafe bytes.firstSequence(salt, stored: page) else { return nil }
        return unsafe (rebuilt(bytes, salt, number, first, sibling), .rebuilt)
    }

    // MARK: One bit

    /// The page with the one wrong bit put right. A CRC is linear: the difference between what is
    /// stored and what is computed is the same for a bit at a given place, whatever the page holds.
    private static func corrected(_ bytes: RawBytes) -> SegmentHeader? {
        let end = SegmentLayout.headerCRCOffset
        let computed = unsafe bytes.crc(SegmentLayout.headerCRCSeed, 0, end)
        let difference =
            unsafe computed ^ bytes.load(SegmentLayout.headerCRCOffset, as: UInt32.self)
        var page = unsafe bytes.copy(0, SegmentLayout.headerSize)
        if difference.nonzeroBitCount == 1 {
            // The CRC itself.
            let bit = difference.trailingZeroBitCount
            page[end + bit / 8] ^= 1 << UInt8(bit % 8)
        } else {
            guard let bit = place(of: difference, byteCount: end) else { return nil }
            page[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        let verdict = unsafe page.withUnsafeBytes { buffer -> HeaderVerdict in
            guard let base = buffer.baseAddress else { return .short }
            return unsafe decode(RawBytes(base: base, count: buffer.count))
        }
        if case .header(let header) = verdict { return header }
        return nil
    }

    /// Which bit of `byteCount` bytes makes that difference to their CRC.
    private static func place(of difference: UInt32, byteCount: Int) -> Int? {
        // What each bit of the last byte does; one byte further to the front is one zero byte more
        // behind it.
        var effects: [UInt32] = []
        for bit in 0..<8 {
            var byte: UInt8 = 1 << UInt8(bit)
            effects.append(unsafe bb_crc32c(0, &byte, 1))
        }
        var zero: UInt8 = 0
        for at in stride(from: byteCount - 1, through: 0, by: -1) {
            for bit in 0..<8 {
                if effects[bit] == difference { return at * 8 + bit }
                effects[bit] = unsafe bb_crc32c(effects[bit], &zero, 1)
            }
        }
        return nil
    }

    // MARK: The salt

    /// How far behind the page records are looked for, and how many bytes of checksums that may cost.
    private static var searchLimit: Int { 1 << 18 }
    private static var effortLimit: Int { 1 << 26 }

    /// The seed under which the records are valid.
    private static func findSalt(
        _ bytes: RawBytes, stored: UInt32, sibling: SegmentHeader?
    ) -> UInt32? {
        let end = unsafe min(bytes.count, SegmentLayout.headerSize + searchLimit)
        let inverse = InverseCRC()
        var effort = 0
        for at in stride(from: SegmentLayout.headerSize, to: end, by: RecordLayout.alignment) {
            guard let length = unsafe bytes.plausibleRecord(at), effort < effortLimit else {
                continue
            }
            effort += length
            let salt = unsafe bytes.seed(ofRecordAt: at, length, inverse)
            if salt == stored || salt == sibling?.salt { return salt }
            // Any bytes have a seed under which they are valid: the next ones must be, too, and not be
            // the same bytes once more.
            let sequence = unsafe bytes.load(at + RecordLayout.sequenceOffset, as: UInt64.self)
            if unsafe bytes.isValid(
                at + RecordLayout.padded(length), after: sequence, salt, inverse)
            {
                return salt
            }
        }
        return sibling?.salt
    }

    // MARK: The other fields

    private static func rebuilt(
        _ bytes: RawBytes, _ salt: UInt32, _ number: UInt32, _ firstSequence: UInt64,
        _ sibling: SegmentHeader?
    ) -> SegmentHeader {
        var header = unsafe SegmentHeader(
            salt: salt, logID: sibling?.logID ?? bytes.copy(SegmentLayout.logIDOffset, 16),
            number: number == 0
                ? bytes.load(SegmentLayout.numberOffset, as: UInt32.self) : number,
            previousCRC: 0, firstSequence: firstSequence,
            previousSequence: firstSequence &- 1,
            wall: sibling?.wall ?? bytes.load(SegmentLayout.wallOffset, as: Int64.self),
            monotonic: sibling?.monotonic
                ?? bytes.load(SegmentLayout.monotonicOffset, as: UInt64.self),
            capacity: UInt64(bytes.count), process: sibling?.process ?? 0,
            bootID: sibling?.bootID ?? bytes.copy(SegmentLayout.bootIDOffset, 16),
            utcOffset: sibling?.utcOffset
                ?? bytes.load(SegmentLayout.utcOffsetOffset, as: Int32.self),
            writer: sibling?.writer ?? [])
        if !(-86_400...86_400).contains(header.utcOffset) { header.utcOffset = 0 }
        return header
    }
}

extension RawBytes {
    /// Length of what may be a record at `at`, by its length word alone, at most a megabyte.
    fileprivate func plausibleRecord(_ at: Int) -> Int? {
        guard unsafe at <= count - RecordLayout.headerSize else { return nil }
        let word = unsafe load(at, as: UInt32.self)
        guard word >= UInt32(RecordLayout.headerSize), word <= 1 << 20,
            unsafe RecordLayout.padded(Int(word)) <= count - at
        else { return nil }
        return Int(word)
    }

    /// Whether a record with a higher number than `sequence`, or the footer, stands at `at` under that
    /// salt.
    fileprivate func isValid(
        _ at: Int, after sequence: UInt64, _ salt: UInt32, _ inverse: InverseCRC
    ) -> Bool {
        if unsafe SegmentFooter.decode(self, at: at, salt: salt) != nil { return true }
        guard let length = unsafe plausibleRecord(at),
            unsafe load(at + RecordLayout.sequenceOffset, as: UInt64.self) > sequence
        else { return false }
        return unsafe seed(ofRecordAt: at, length, inverse) == salt
    }

    /// The seed under which the record at `at` has the CRC that it carries: the checksum run backwards.
    fileprivate func seed(ofRecordAt at: Int, _ length: Int, _ inverse: InverseCRC) -> UInt32 {
        var state = unsafe load(at + RecordLayout.crcOffset, as: UInt32.self)
        var step = at + RecordLayout.padded(length) - 1
        while step >= at + RecordLayout.sequenceOffset {
            state = unsafe inverse.before(state, load(step, as: UInt8.self))
            step -= 1
        }
        for byte in stride(from: 3, through: 0, by: -1) {
            state = unsafe inverse.before(state, load(at + byte, as: UInt8.self))
        }
        return state
    }

    /// Sequence number of the first record: what the page says, if the records that are there agree,
    /// else that of the first of them.
    fileprivate func firstSequence(_ salt: UInt32, stored: UInt64) -> UInt64? {
        let inverse = InverseCRC()
        var at = SegmentLayout.headerSize
        let end = unsafe min(count, at + (1 << 18))
        while at < end {
            if let length = unsafe plausibleRecord(at),
                unsafe seed(ofRecordAt: at, length, inverse) == salt
            {
                let sequence = unsafe load(at + RecordLayout.sequenceOffset, as: UInt64.self)
                let before = UInt64((at - SegmentLayout.headerSize) / RecordLayout.headerSize)
                let agrees = stored > 0 && stored <= sequence && sequence - stored <= before
                return agrees ? stored : max(1, sequence)
            }
            at += RecordLayout.alignment
        }
        return nil
    }
}

/// CRC-32C, one byte back.
private struct InverseCRC {
    private var forward: [UInt32] = []
    /// The entries of the forward step's table, found again by their top bytes.
    private var byTop = [UInt8](repeating: 0, count: 256)

    init() {
        for value in 0..<256 {
            var byte = UInt8(truncatingIfNeeded: value)
            let entry = unsafe bb_crc32c(0, &byte, 1)
            forward.append(entry)
            byTop[Int(entry >> 24)] = byte
        }
    }

    func before(_ state: UInt32, _ byte: UInt8) -> UInt32 {
        let index = byTop[Int(state >> 24)]
        return (state ^ forward[Int(index)]) << 8 | UInt32(index ^ byte)
    }
}
