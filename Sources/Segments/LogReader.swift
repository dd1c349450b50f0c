// Reads a log: its segments in the order of the chain, each with its tail file laid over it, record by
// record or call by call. Works on finished logs, on those of dead processes, and on one that a game is
// writing right now.

import CPlatform
import Values
import WAL

/// Which log this is.
public struct LogIdentity: Equatable, Sendable {
    /// 16 bytes.
    public var logID: [UInt8]
    /// UTC nanoseconds since 1970 of the first segment's header.
    public var startWall: Int64
    /// Process that wrote it.
    public var process: UInt64
    /// Which boot of the machine.
    public var bootID: [UInt8]
    /// Version of the plug-in that wrote it.
    public var writer: String
    /// Local time minus UTC at the start, seconds.
    public var utcOffset: Int32

    /// All fields.
    public init(
        logID: [UInt8], startWall: Int64, process: UInt64, bootID: [UInt8], writer: String,
        utcOffset: Int32
    ) {
        self.logID = logID
        self.startWall = startWall
        self.process = process
        self.bootID = bootID
        self.writer = writer
        self.utcOffset = utcOffset
    }

    /// The log id in hexadecimal.
    public var logIDText: String {
        var text: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in logID {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(utf8: text)
    }
}

/// A log, opened for reading.
public struct LogReader: ~Copyable, CallSource {
    /// The folder, or the one file.
    public let path: String
    /// Segments by number; files that are none of this log's are last.
    public let segments: [SegmentInfo]
    /// Nil when no file has a readable header.
    public let identity: LogIdentity?
    /// The writer lived when the log was opened: it may have written, sealed and removed files since.
    let wasLive: Bool
    /// Hand out whole records behind a hole above the watermark, too.
    public var salvage: Bool
    /// Segments that are not missing, though their files are not here.
    public var elsewhere: [SegmentElsewhere] = []
    /// What the system refused to read so far: the records there are missing from what was handed out,
    /// and may be there the next time.
    public private(set) var unreadable: [LogError]
    /// Clock anchors met so far, in order: filled by the passes.
    private(set) var anchors: [(sequence: UInt64, anchor: ClockAnchor)] = []

    /// Opens a log's folder, or one segment file.
    ///
    /// - Parameters:
    ///   - salvage: hand out whole records behind a hole above the watermark, too.
    ///   - holdsLock: the caller holds the log's lock itself, so that no writer can be alive.
    /// - Throws: `LogError` when the folder can't be read or holds no segment file (number 2).
    public init(
        path: String, salvage: Bool = false, holdsLock: Bool = false
    ) throws(LogError) {
        self.path = path
        self.salvage = salvage
        wasLive = !holdsLock && LogList.isLive(path)
        var found: [SegmentInfo] = []
        if unsafe bb_path_kind(path) == 1 {
            let number = LogNames.segmentNumber(Paths.lastComponent(path)) ?? 0
            let names = (try? Paths.names(in: Paths.parent(path))) ?? []
            found.append(SegmentInfo(path: path, number, names))
        } else {
            let names = try Paths.names(in: path)
            var numbers: [UInt32] = []
            // The last first: of a log that is being written a segment may be switched to meanwhile,
            // and those in front of it must not look older.
            for name in names.reversed() {
                guard let number = LogNames.segmentNumber(name) else { continue }
                found.append(SegmentInfo(path: Paths.join(path, name), number, names))
                numbers.append(number)
            }
            // A segment that was deleted may still have its tail files.
            for name in names {
                guard let (number, _) = LogNames.tailNumber(name), !numbers.contains(number) else {
                    continue
                }
                let file = Paths.join(path, LogNames.segment(number))
                found.append(SegmentInfo(path: file, number, names))
                numbers.append(number)
            }
        }
        let (ordered, identity) = SegmentInfo.chain(found, isLive: wasLive)
        guard !ordered.isEmpty else {
            throw LogError(.open, Paths.join(path, "000001.seg"), -2)
        }
        segments = ordered
        unreadable = ordered.compactMap { $0.error }
        self.identity = identity
    }

    /// Hands out every record whose sequence number lies in `range`, in order: above the watermark up
    /// to the first hole (all with `salvage`). Can be called again.
    ///
    /// - Returns: what was found in the segments that were gone through.
    /// - Throws: what `body` throws.
    @discardableResult
    public mutating func forEachRecord<Failure: Error>(
        in range: ClosedRange<UInt64> = 0...UInt64.max,
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> [SegmentPass] {
        var passes: [SegmentPass] = []
        anchors = []
        var end = OpenEnd(lastSettled: lastSettled())
        for index in segments.indices where !isBelow(index, range.lowerBound) {
            if let header = segments[index].usable, belongs(header),
                header.firstSequence > range.upperBound
            {
                break
            }
            let pass = try pass(index, range, &end, body)
            for error in [pass.error, pass.tailError] {
                if let error, !unreadable.contains(error) { unreadable.append(error) }
            }
            passes.append(pass)
        }
        return passes
    }

    /// Goes through one segment.
    private mutating func pass<Failure: Error>(
        _ index: Int, _ range: ClosedRange<UInt64>, _ end: inout OpenEnd,
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> SegmentPass {
        var pass = SegmentPass(info: segments[index], isLastUsed: isLastUsed(index))
        pass.settledTo = index < end.lastSettled ? Int.max : 0
        guard !pass.info.isDuplicate, pass.info.usable != nil,
            let map = Self.open(segments[index], identity, &pass), let header = pass.usable,
            belongs(header)
        else { return pass }
        if index == end.lastSettled { pass.settledTo = map.tail.end > 0 ? map.tail.end : Int.max }
        pass.isBehindHole = end.isBroken(before: header, index, pass.origin, elsewhere)
        var anchor = ClockAnchor(
            wall: header.wall, monotonic: header.monotonic, utcOffset: header.utcOffset)
        anchors.append((header.firstSequence, anchor))
        var scan = unsafe SegmentScan(map.bytes, header: header, settledTo: pass.settledTo)
        let isSkipped = pass.isBehindHole && !salvage
        let endsAtHole = !salvage
        var met: [(sequence: UInt64, anchor: ClockAnchor)] = []
        try scan.run { (record: borrowing Record) throws(Failure) in
            if record.kind == RecordKind.clockAnchor,
                let newer = ClockAnchor.decode(record.payload)
            {
                anchor = newer
                met.append((record.sequence, newer))
            }
            guard record.sequence >= range.lowerBound, record.sequence <= range.upperBound
            else { return }
            // Above the watermark an export ends at the first hole.
            if isSkipped || record.isBehindHole && endsAtHole { return }
            try body(record, anchor)
        }
        end.follow(header, scan.findings, pass)
        anchors += met
        pass.findings = scan.findings
        pass.byteCount = map.size
        if let footer = scan.findings.footer {
            let crc = unsafe map.bytes.contentCRC(header.salt, end: Int(footer.end))
            pass.footerAgrees =
                footer.recordCount == scan.findings.recordCount
                && footer.lastSequence == scan.findings.lastSequence
                && footer.number == header.number && footer.contentCRC == crc
        }
        return pass
    }

    /// Hands out the calls among the records.
    public mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        var decoder = CallDecoder()
        // Sequence numbers below the range are read as well where their segment is: its dictionary
        // comes first.
        try forEachRecord(in: 0...range.upperBound, from: range.lowerBound) {
            (record: borrowing Record, anchor) throws(Failure) in
            try decoder.read(record, anchor, from: range.lowerBound, body)
        }
    }

    /// Hands out every record up to `last` of the segments that hold records from `first` on: also the
    /// dictionary at a segment's start, which a decoder needs.
    @discardableResult
    public mutating func forEachRecord<Failure: Error>(
        startingAt first: UInt64, through last: UInt64,
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> [SegmentPass] {
        try forEachRecord(in: 0...last, from: first, body)
    }

    @discardableResult
    private mutating func forEachRecord<Failure: Error>(
        in range: ClosedRange<UInt64>, from first: UInt64,
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> [SegmentPass] {
        let all = skipBelow
        skipBelow = first
        defer { skipBelow = all }
        return try forEachRecord(in: range, body)
    }

    /// Segments that end below this are not read.
    private var skipBelow: UInt64 = 0

    /// Local time minus UTC at a record, from the anchors that the last pass met.
    public func utcOffset(at sequence: UInt64) -> Int32 {
        var offset = identity?.utcOffset ?? 0
        for (at, anchor) in anchors where at <= sequence { offset = anchor.utcOffset }
        return offset
    }

    /// Whether the next segment begins at or below `first`, so that this one can be left out.
    private func isBelow(_ index: Int, _ first: UInt64) -> Bool {
        let bound = max(first, skipBelow)
        guard index + 1 < segments.count, bound > 0,
            let next = segments[index + 1].usable, belongs(next),
            next.number > segments[index].number
        else { return false }
        return next.firstSequence <= bound
    }

    func belongs(_ header: SegmentHeader) -> Bool {
        guard let identity else { return true }
        return header.logID == identity.logID
    }

    /// Whether no later segment of this log has been switched to.
    func isLastUsed(_ index: Int) -> Bool {
        for later in segments[(index + 1)...] {
            if !later.isDuplicate, let header = later.usable, belongs(header) { return false }
        }
        return true
    }
}
