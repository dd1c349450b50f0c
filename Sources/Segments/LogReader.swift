// Reads a log: its segments in the order of the chain, each with its tail file laid over it, record by
// record or call by call. Works on finished logs, on those of dead processes, and on one that a game is
// writing right now.

import CPlatform
import Values
import WAL

/// One segment file of a log, as its name and first page tell.
public struct SegmentInfo: Sendable {
    /// Where it is.
    public let path: String
    /// Number in its name; 0 when the name is not a segment's (a single file that was named).
    public let nameNumber: UInt32
    /// Its first page.
    public let header: HeaderVerdict
    /// Bytes in the file.
    public let byteCount: Int
    /// Paths of its tail files.
    let tails: [String]

    /// Number in its header, else in its name.
    public var number: UInt32 {
        if case .header(let header) = header { return header.number }
        return nameNumber
    }
}

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
        return String(decoding: text, as: UTF8.self)
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
    /// Hand out whole records behind a hole above the watermark, too.
    public var salvage: Bool
    /// Clock anchors met so far, in order: filled by the passes.
    private(set) var anchors: [(sequence: UInt64, anchor: ClockAnchor)] = []

    /// Opens a log's folder, or one segment file.
    ///
    /// - Throws: `LogError` when the folder can't be read or holds no segment file (number 2).
    public init(path: String, salvage: Bool = false) throws(LogError) {
        self.path = path
        self.salvage = salvage
        var found: [SegmentInfo] = []
        if unsafe bb_path_kind(path) == 1 {
            let number = LogNames.segmentNumber(Paths.lastComponent(path)) ?? 0
            let names = (try? Paths.names(in: Paths.parent(path))) ?? []
            found.append(try Self.inspect(path, number, names))
        } else {
            let names = try Paths.names(in: path)
            var numbers: [UInt32] = []
            for name in names {
                guard let number = LogNames.segmentNumber(name) else { continue }
                found.append(try Self.inspect(Paths.join(path, name), number, names))
                numbers.append(number)
            }
            // A segment that was deleted may still have its tail files.
            for name in names {
                guard let (number, part) = LogNames.tailNumber(name), part == 1,
                    !numbers.contains(number)
                else { continue }
                let file = Paths.join(path, LogNames.segment(number))
                if let info = Self.fromTails(file, number, names) { found.append(info) }
            }
        }
        guard !found.isEmpty else { throw LogError(.open, Paths.join(path, "000001.seg"), -2) }
        found.sort { ($0.number, $0.nameNumber) < ($1.number, $1.nameNumber) }
        segments = found
        identity = Self.identify(found)
    }

    /// A segment of which only the tail files are left; nil when they do not hold its header page.
    private static func fromTails(
        _ path: String, _ number: UInt32, _ names: [String]
    ) -> SegmentInfo? {
        let tails = tails(of: number, path, names)
        guard let map = try? SegmentMap(path: path, tails: tails, logID: nil),
            case .header = map.header
        else { return nil }
        return SegmentInfo(
            path: path, nameNumber: number, header: map.header, byteCount: 0, tails: tails)
    }

    private static func tails(of number: UInt32, _ path: String, _ names: [String]) -> [String] {
        var tails: [(UInt32, String)] = []
        for name in names {
            guard let (segment, part) = LogNames.tailNumber(name), segment == number else {
                continue
            }
            tails.append((part, Paths.join(Paths.parent(path), name)))
        }
        tails.sort { $0.0 < $1.0 }
        return tails.map { $0.1 }
    }

    private static func inspect(
        _ path: String, _ number: UInt32, _ names: [String]
    ) throws(LogError) -> SegmentInfo {
        let file = try File(path, 1)
        let page = try file.read(limit: 2 * SegmentLayout.headerSize)
        let header = unsafe page.withUnsafeBytes { buffer -> HeaderVerdict in
            guard let base = buffer.baseAddress else { return .short }
            return unsafe SegmentHeader.decode(RawBytes(base: base, count: buffer.count))
        }
        return SegmentInfo(
            path: path, nameNumber: number, header: header, byteCount: try file.size(),
            tails: tails(of: number, path, names))
    }

    private static func identify(_ segments: [SegmentInfo]) -> LogIdentity? {
        for segment in segments {
            guard case .header(let header) = segment.header else { continue }
            return LogIdentity(
                logID: header.logID, startWall: header.wall, process: header.process,
                bootID: header.bootID, writer: String(decoding: header.writer, as: UTF8.self),
                utcOffset: header.utcOffset)
        }
        return nil
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
        for index in segments.indices where !isBelow(index, range.lowerBound) {
            if case .header(let header) = segments[index].header, belongs(header),
                header.firstSequence > range.upperBound
            {
                break
            }
            passes.append(try pass(index, range, body))
        }
        return passes
    }

    /// Goes through one segment.
    private mutating func pass<Failure: Error>(
        _ index: Int, _ range: ClosedRange<UInt64>,
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> SegmentPass {
        var pass = SegmentPass(info: segments[index])
        guard let map = Self.open(segments[index], identity, &pass),
            case .header(let header) = map.header, belongs(header)
        else { return pass }
        let isLast = isLastUsed(index)
        var anchor = ClockAnchor(
            wall: header.wall, monotonic: header.monotonic, utcOffset: header.utcOffset)
        anchors.append((header.firstSequence, anchor))
        var scan = unsafe SegmentScan(map.bytes, header: header)
        let salvage = self.salvage
        let tailEnd = map.tail.end
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
            // Above the watermark an export ends at the first hole of the last segment.
            if record.firstHole >= 0, !salvage, isLast, record.firstHole >= tailEnd { return }
            try body(record, anchor)
        }
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

    private static func open(
        _ info: SegmentInfo, _ identity: LogIdentity?, _ pass: inout SegmentPass
    ) -> SegmentMap? {
        do throws(LogError) {
            let map = try SegmentMap(path: info.path, tails: info.tails, logID: identity?.logID)
            pass.header = map.header
            pass.tailEnd = map.tail.end
            pass.watermark = map.tail.watermark
            pass.heartbeat = map.tail.heartbeat
            pass.tailDamages = map.tail.damages
            pass.mendedBytes = map.tail.mendedBytes
            return map
        } catch {
            pass.error = error
            return nil
        }
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
            case .header(let next) = segments[index + 1].header, belongs(next),
            next.number > segments[index].number
        else { return false }
        return next.firstSequence <= bound
    }

    private func belongs(_ header: SegmentHeader) -> Bool {
        guard let identity else { return true }
        return header.logID == identity.logID
    }

    /// Whether no later segment of this log has been switched to.
    func isLastUsed(_ index: Int) -> Bool {
        for later in segments[(index + 1)...] {
            if case .header(let header) = later.header, belongs(header) { return false }
        }
        return true
    }
}

/// What one pass found in one segment.
public struct SegmentPass: Sendable {
    /// The file.
    public let info: SegmentInfo
    /// Its first page with the tail file laid over it.
    public var header: HeaderVerdict
    /// Nil when the records were not gone through.
    public var findings: SegmentFindings?
    /// End of the bytes that tail files hold for it.
    public var tailEnd = 0
    /// Sequence number up to which everything was durable, 0 when unknown.
    public var watermark: UInt64 = 0
    /// Newest sign of life in its tail files.
    public var heartbeat: Heartbeat?
    /// Broken places in its tail files.
    public var tailDamages: [Damage] = []
    /// Bytes that its tail files put right.
    public var mendedBytes = 0
    /// Whether the footer's figures are those of the records.
    public var footerAgrees = true
    /// Bytes that were gone through.
    public var byteCount = 0
    /// The file could not be read.
    public var error: LogError?

    init(info: SegmentInfo) {
        self.info = info
        header = info.header
    }
}

/// Turns records into calls with the help of the log's dictionary.
public struct CallDecoder {
    private var dictionary = CommandDictionary()

    /// A decoder at the start of a log.
    public init() {}

    /// Takes in the next record: hands its call to `body` when it is one with a sequence number from
    /// `first` on, learns names from it when it is a dictionary.
    public mutating func read<Failure: Error>(
        _ record: borrowing Record, _ anchor: ClockAnchor, from first: UInt64,
        _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        if record.kind == RecordKind.dictionary {
            dictionary.clear()
            dictionary.read(record.payload)
            return
        }
        guard record.isCall, record.sequence >= first else { return }
        let payload = record.payload
        let time = anchor.wallTime(of: record.monotonic)
        let isString = record.flags & RecordFlags.stringForm != 0
        if isString || record.kind == RecordKind.namedCall {
            // The first field is the name, or the whole text.
            let end = payload.firstZero(from: 0) ?? payload.count
            let name = payload.extracting(0..<end)
            let rest = payload.extracting(min(end + 1, payload.count)..<payload.count)
            let place = isString ? dictionary.place(of: record.kind) : nil
            try body(
                Call(
                    sequence: record.sequence, time: time,
                    command: place.flatMap { dictionary.command(at: $0) },
                    form: isString ? .string : .array, name: name,
                    argumentCount: isString ? 0 : max(0, record.count - 1), arguments: rest))
            return
        }
        let place = dictionary.place(of: record.kind)
        let command = place.map { dictionary.command(at: $0) } ?? Command(rawValue: record.kind)
        if let place {
            try body(
                Call(
                    sequence: record.sequence, time: time, command: command, form: .array,
                    name: dictionary.name(at: place), argumentCount: record.count,
                    arguments: payload))
        } else {
            // The dictionary is lost to damage: the number alone still tells the command.
            let name = Array((command.map { Self.text($0.name) } ?? "#" + String(record.kind)).utf8)
            try body(
                Call(
                    sequence: record.sequence, time: time, command: command, form: .array,
                    name: name.span, argumentCount: record.count, arguments: payload))
        }
    }

    private static func text(_ name: StaticString) -> String { name.description }
}

extension Span<UInt8> {
    /// Index of the first zero byte.
    func firstZero(from start: Int) -> Int? {
        for index in start..<count where self[index] == 0 { return index }
        return nil
    }
}
