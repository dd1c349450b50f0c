// The segment files of a log before their records are read: what name and first page say, whose they
// are, and in which order they belong. Names may have been mixed up, pages damaged, files copied.

import CPlatform
import Values
import WAL

/// One segment file of a log, as its name and first page tell.
public struct SegmentInfo: Sendable {
    /// Where it is.
    public let path: String
    /// Number in its name; 0 when the name is not a segment's (a single file that was named).
    public let nameNumber: UInt32
    /// Its first page as it stands.
    public private(set) var header: HeaderVerdict
    /// Bytes in the file.
    public let byteCount: Int
    /// The header to read its records with: of its page, with its tail file laid over it, or made up
    /// for a damaged one.
    public private(set) var usable: SegmentHeader?
    /// Where `usable` comes from.
    public private(set) var origin = HeaderOrigin.page
    /// Another file is this segment, too, and under the right name.
    public private(set) var isDuplicate = false
    /// Only its tail files are there.
    private let isMissing: Bool
    /// The file could not be read.
    public private(set) var error: LogError?
    /// Paths of its tail files.
    let tails: [String]

    /// Number in its header, else in its name.
    public var number: UInt32 {
        if case .header(let header) = header { return header.number }
        return nameNumber
    }

    /// Looks at the file at `path`, `number` by its name; `names` are those in its folder.
    init(path: String, _ number: UInt32, _ names: [String]) {
        self.path = path
        nameNumber = number
        var size = 0
        var verdict = HeaderVerdict.short
        var failure: LogError?
        do throws(LogError) {
            let file = try File(path, 1)
            // The size first: a live writer may be making the file.
            size = try file.size()
            let page = try file.read(limit: 2 * SegmentLayout.headerSize)
            verdict = unsafe page.withUnsafeBytes { buffer -> HeaderVerdict in
                guard let base = buffer.baseAddress else { return .short }
                return unsafe SegmentHeader.decode(RawBytes(base: base, count: buffer.count))
            }
        } catch {
            failure = error
        }
        byteCount = size
        header = verdict
        isMissing = failure?.number == 2
        error = isMissing ? nil : failure
        if case .header(let header) = verdict { usable = header }
        var found: [(UInt32, String)] = []
        let folder = Paths.parent(path)
        for name in names {
            guard let (segment, part) = LogNames.tailNumber(name), segment == number else {
                continue
            }
            found.append((part, Paths.join(folder, name)))
        }
        found.sort { $0.0 < $1.0 }
        tails = found.map { $0.1 }
    }
}

extension SegmentInfo {
    /// Whether a look at the beginning of its tail files tells that some of it was durable.
    func tailSaysDurable(_ logID: [UInt8]?) -> Bool {
        tails.contains { TailFile.beginsWhole($0, segment: number, logID: logID) }
    }

    /// The files in the order of the chain, and whose log they are: that of most of them, so that one
    /// file that was put among them does not make the others strangers.
    ///
    /// - Parameter isLive: a writer may be preparing files, and switching to them, meanwhile.
    static func chain(
        _ found: [SegmentInfo], isLive: Bool
    ) -> ([SegmentInfo], LogIdentity?) {
        var segments = found
        segments.sort { ($0.number, $0.nameNumber) < ($1.number, $1.nameNumber) }
        var sibling = majority(segments)
        for index in segments.indices where segments[index].usable == nil {
            segments[index].find(sibling, isLive)
            if sibling == nil { sibling = segments[index].usable }
        }
        segments.removeAll { $0.isMissing && $0.usable == nil }
        markDuplicates(&segments)
        guard let first = segments.first(where: { $0.usable?.logID == sibling?.logID })?.usable
        else { return (segments, nil) }
        let identity = LogIdentity(
            logID: first.logID, startWall: first.wall, process: first.process,
            bootID: first.bootID, writer: String(utf8: first.writer),
            utcOffset: first.utcOffset)
        return (segments, identity)
    }

    /// A header of the log that most files belong to; the first one's when there are as many of
    /// another.
    private static func majority(_ segments: [SegmentInfo]) -> SegmentHeader? {
        var best: SegmentHeader?
        var most = 0
        for segment in segments {
            guard let header = segment.usable, header.logID != best?.logID else { continue }
            let count = segments.reduce(0) { $0 + ($1.usable?.logID == header.logID ? 1 : 0) }
            if count > most {
                best = header
                most = count
            }
        }
        return best
    }

    /// A header for a file whose page is not sound: from its tail file, else repaired.
    private mutating func find(_ sibling: SegmentHeader?, _ isLive: Bool) {
        switch header {
        case .unknownFormat, .header: return
        case .short where tails.isEmpty: return
        // While a game runs it is one that was prepared. Of a dead one's, the first pages may be lost.
        case .unused where tails.isEmpty && isLive: return
        case .unused, .short, .blank, .foreign, .textModeCopy, .damaged: break
        }
        guard error == nil else { return }
        do throws(LogError) {
            let map = try SegmentMap(
                path: path, tails: tails, number: nameNumber, logID: sibling?.logID)
            // The whole file was looked at now.
            if header == .unused, map.header == .blank { header = .blank }
            find(sibling, in: map)
        } catch {
            // A live writer may have removed it.
            if error.number != 2 { self.error = error }
        }
    }

    private mutating func find(_ sibling: SegmentHeader?, in map: borrowing SegmentMap) {
        if case .header(let header) = map.header {
            usable = header
        } else if case .unused = map.header {
            return
        } else if let repaired = unsafe SegmentHeader.repaired(
            map.bytes, number: nameNumber, sibling: sibling),
            header != .textModeCopy || repaired.origin == .corrected
        {
            usable = repaired.header
            origin = repaired.origin
        }
    }

    /// Of several files that are the same segment only one counts: the one with the right name.
    private static func markDuplicates(_ segments: inout [SegmentInfo]) {
        for index in segments.indices {
            guard let header = segments[index].usable else { continue }
            for other in segments.indices where other != index {
                guard let rival = segments[other].usable, rival.number == header.number,
                    rival.logID == header.logID, !segments[other].isDuplicate
                else { continue }
                let isRight = segments[index].nameNumber == header.number
                let rivalIsRight = segments[other].nameNumber == header.number
                if rivalIsRight && !isRight || rivalIsRight == isRight && other < index {
                    segments[index].isDuplicate = true
                }
            }
        }
    }
}

/// A segment of the log that lies elsewhere, packed: its records follow those of the segment before it, and
/// the next segment's follow its own.
public struct SegmentElsewhere: Equatable, Sendable {
    /// Its number.
    public var number: UInt32
    /// Last sequence number of the segment before it, 0 for the first; nil when only reading it would tell.
    public var previousSequence: UInt64?
    /// Its own last sequence number; nil when only reading it would tell.
    public var lastSequence: UInt64?

    /// All fields.
    public init(number: UInt32, previousSequence: UInt64?, lastSequence: UInt64?) {
        self.number = number
        self.previousSequence = previousSequence
        self.lastSequence = lastSequence
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
    /// One of its tail files could not be read.
    public var tailError: LogError?
    /// No later segment of this log has been switched to.
    public let isLastUsed: Bool
    /// Where the header that its records were read with comes from.
    public var origin: HeaderOrigin
    /// Offset in the segment below which everything was durable: 0 when nothing says so.
    public var settledTo = 0
    /// Its records stand behind a hole above the watermark: they are salvage.
    public var isBehindHole = false

    init(info: SegmentInfo, isLastUsed: Bool) {
        self.info = info
        self.isLastUsed = isLastUsed
        header = info.header
        origin = info.origin
    }

    /// The header to read its records with.
    var usable: SegmentHeader? {
        if case .header(let header) = header { return header }
        return info.usable
    }
}
