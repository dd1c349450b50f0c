// A log as the commands see it: its segments and its archives as one row of records, wherever each
// part of the log lies. A single segment or archive is a log, too.

import CPlatform
import Segments
import WAL

/// Reads a log, archived or not. For one thread.
public struct LogSource: ~Copyable, CallSource {
    /// Folder, segment, or archive.
    public let path: String
    /// Which log this is, from a segment or an archive; nil when neither tells.
    public private(set) var identity: LogIdentity?
    /// Paths of the archives, by name: also of those in which nothing can be read.
    public let archives: [String]
    /// What is broken in archives that were read so far: path and damage.
    public private(set) var archiveDamages: [(path: String, damage: ArchiveDamage)] = []
    /// Archives of which nothing can be read: path and why. The records are missing, unless it is not
    /// `isPart` of this log.
    public private(set) var unreadArchives: [(path: String, reason: String, isPart: Bool)] = []
    /// Numbers of segments of which neither file nor archive is there. (Without archives, the check of
    /// the segments names them.)
    private var missingSegments: [UInt32] = []
    /// What is missing between archives and behind the last one: path and damage; among `archiveDamages`.
    public private(set) var chainDamages: [(path: String, damage: ArchiveDamage)] = []
    /// Losses that archives which were read so far tell of. (Those in segments: `checkSegments`.)
    public private(set) var archivedLosses: [Loss] = []
    /// What the system refused to read so far; it may be there the next time.
    public var unreadable: [LogError] {
        switch segments {
        case .some(let reader): reader.unreadable
        case .none: []
        }
    }
    /// The packed segments of this log, for who looks after the others.
    public private(set) var packedSegments: [SegmentElsewhere] = []
    /// Bytes of the segment files.
    public let segmentBytes: UInt64
    /// The segments; nil when only archives are left.
    private var segments: LogReader?
    private var parts: [Part] = []

    private struct Part {
        let path: String
        let sequences: ClosedRange<UInt64>
    }

    /// Opens a log.
    ///
    /// - Parameter salvage: also whole records behind a hole at the log's end.
    /// - Throws: `ArchiveError` when there is nothing to read.
    public static func open(
        _ path: String, salvage: Bool = false
    ) throws(ArchiveError) -> LogSource {
        if Paths.hasSuffix(path, ArchiveLayout.suffix) {
            let info = try ArchiveReader.info(path)
            return LogSource(path: path, segments: nil, archives: [info], unread: [])
        }
        var archives: [ArchiveInfo] = []
        var unread: [(path: String, error: ArchiveError)] = []
        var hasSegments = true
        if unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER) {
            let names = try ArchiveError.wrapping { () throws(LogError) in
                try Paths.names(in: path)
            }
            for name in names where Paths.hasSuffix(name, ArchiveLayout.suffix) {
                // One that is broken must not keep the others from being read.
                let archive = Paths.join(path, name)
                do {
                    archives.append(try ArchiveReader.info(archive))
                } catch {
                    unread.append((archive, error))
                }
            }
            hasSegments = names.contains {
                LogNames.segmentNumber($0) != nil || LogNames.tailNumber($0) != nil
            }
        }
        if !hasSegments {
            if !archives.isEmpty || !unread.isEmpty {
                return LogSource(path: path, segments: nil, archives: archives, unread: unread)
            }
        }
        do {
            let reader = try LogReader(path: path, salvage: salvage)
            return LogSource(
                path: path, segments: consume reader, archives: archives, unread: unread)
        } catch {
            throw .file(error)
        }
    }

    private init(
        path: String, segments: consuming LogReader?, archives: [ArchiveInfo],
        unread: [(path: String, error: ArchiveError)]
    ) {
        self.path = path
        self.archives = (archives.map { $0.path } + unread.map { $0.path })
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.segments = segments
        let own = self.segments?.identity
        let identity = own ?? Self.majority(archives)
        // The log began with its first segment, wherever that lies now.
        self.identity = archives.compactMap { $0.identity }.filter { $0.logID == identity?.logID }
            .reduce(identity) { first, other in
                first.map { $0.startWall <= other.startWall } ?? false ? first : other
            }
        var chain: ArchiveChain?
        // A single archive stands for itself.
        if !Paths.hasSuffix(path, ArchiveLayout.suffix) {
            let found = ArchiveChain(
                folder: path, archives: archives, unread: unread.map { $0.path },
                segments: self.segments?.segments ?? [], identity: identity,
                promised: identity.map { Self.promised(path, $0.logID) } ?? 0)
            if !self.archives.isEmpty {
                chainDamages = found.damages
                missingSegments = found.missing
                packedSegments = found.packed
                self.segments?.elsewhere = found.packed
            }
            chain = found
        }
        for archive in archives where !(chain?.isStranger(archive.path) ?? false) {
            archiveDamages += archive.damages.map { (archive.path, $0) }
            if let sequences = archive.sequences {
                parts.append(Part(path: archive.path, sequences: sequences))
            } else if let damage = archive.damages.first {
                unreadArchives.append((archive.path, damage.sentence, true))
            }
        }
        parts.sort { $0.sequences.lowerBound < $1.sequences.lowerBound }
        for (path, error) in unread {
            let damage = ArchiveDamage(fileOffset: 0, group: 0, missing: nil, reason: error.reason)
            archiveDamages.append((path, damage))
            unreadArchives.append((path, error.reason, true))
        }
        for (path, damage) in chainDamages where chain?.isStranger(path) ?? false {
            unreadArchives.append((path, damage.reason, false))
        }
        archiveDamages += chainDamages
        segmentBytes = self.segments?.segments.reduce(0) { $0 + UInt64($1.byteCount) } ?? 0
    }

    /// Local time minus UTC at a record, as far as the segments tell.
    public func utcOffset(at sequence: UInt64) -> Int32 {
        segments?.utcOffset(at: sequence) ?? identity?.utcOffset ?? 0
    }

    /// The last sequence number in an archive; nil when there is none.
    public var lastArchivedSequence: UInt64? { parts.map { $0.sequences.upperBound }.max() }

    /// The verdict on the segments; nil when only archives are left. Archives check themselves when
    /// they are read, and what is missing between them is in `chainDamages`.
    ///
    /// - Parameter progress: told of each record how many bytes were gone through.
    public mutating func checkSegments(
        _ progress: (UInt64) -> Void = { _ in }
    ) -> LogReport? {
        var done: UInt64 = 0
        var report = segments?.check { (record: borrowing Record, _) throws(Never) in
            done += UInt64(record.payload.count + RecordLayout.headerSize)
            progress(done)
        }
        report?.excuse(missingSegments)
        return report
    }

    /// Hands over every record, in order, and gives the verdict on the segments as `checkSegments` does: in one
    /// pass where nothing is archived.
    public mutating func checkRecords<Failure: Error>(
        call: (borrowing Call) throws(Failure) -> Void,
        other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) -> LogReport? {
        guard parts.isEmpty else {
            try forEachRecord(call: call, other: other)
            return checkSegments()
        }
        var decoder = CallDecoder()
        var report = try segments?.check { (record: borrowing Record, anchor) throws(Failure) in
            try decoder.forEach(record, anchor, call: call, other: other)
        }
        report?.excuse(missingSegments)
        return report
    }

    /// Hands over every call whose sequence number lies in `range`, in rising order.
    public mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        try forEachRecord(in: range, call: body) { (_: borrowing OtherRecord) throws(Failure) in }
    }

    /// Hands over every record whose sequence number lies in `range` and whose time lies in `times`,
    /// in order. Of archives only the groups that are needed are read.
    public mutating func forEachRecord<Failure: Error>(
        in range: ClosedRange<UInt64> = 0...UInt64.max,
        times: ClosedRange<Int64> = Int64.min...Int64.max,
        call: (borrowing Call) throws(Failure) -> Void,
        other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) {
        var next = range.lowerBound
        for part in parts where part.sequences.overlaps(range) {
            let first = part.sequences.lowerBound
            if first > next {
                try readSegments(next...min(first - 1, range.upperBound), times, call, other)
            }
            try readArchive(part, range, times, call, other)
            guard part.sequences.upperBound < range.upperBound else { return }
            next = max(next, part.sequences.upperBound + 1)
        }
        try readSegments(next...range.upperBound, times, call, other)
    }

    private mutating func readArchive<Failure: Error>(
        _ part: Part, _ range: ClosedRange<UInt64>, _ times: ClosedRange<Int64>,
        _ call: (borrowing Call) throws(Failure) -> Void,
        _ other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) {
        var reader: ArchiveReader
        do throws(ArchiveError) {
            reader = try ArchiveReader.open(part.path)
        } catch {
            return note(
                part.path,
                ArchiveDamage(
                    fileOffset: 0, group: 0, missing: part.sequences, reason: error.reason))
        }
        let known = reader.damages.count
        var losses: [Loss] = []
        defer {
            for damage in reader.damages.dropFirst(known) { note(part.path, damage) }
            // Each pass over the log meets them again.
            for loss in losses where !archivedLosses.contains(loss) { archivedLosses.append(loss) }
        }
        try reader.forEachRecord(in: range, times: times, call: call) {
            (record: borrowing OtherRecord) throws(Failure) in
            if record.kind == RecordKind.loss, let loss = Loss.decode(record.payload) {
                losses.append(loss)
            }
            try other(record)
        }
    }

    /// Each pass over the log meets it again.
    private mutating func note(_ path: String, _ damage: ArchiveDamage) {
        let isKnown = archiveDamages.contains {
            $0.damage == damage && $0.path.utf8.elementsEqual(path.utf8)
        }
        guard !isKnown else { return }
        archiveDamages.append((path, damage))
    }

    private mutating func readSegments<Failure: Error>(
        _ range: ClosedRange<UInt64>, _ times: ClosedRange<Int64>,
        _ call: (borrowing Call) throws(Failure) -> Void,
        _ other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) {
        guard segments != nil else { return }
        var decoder = CallDecoder()
        // Every record of a segment that is read at all: its dictionary comes first.
        try segments?.forEachRecord(
            startingAt: range.lowerBound, through: range.upperBound
        ) {
            (record: borrowing Record, anchor) throws(Failure) in
            let isWanted =
                record.sequence >= range.lowerBound
                && times.contains(anchor.wallTime(of: record.monotonic))
            guard isWanted || record.kind == RecordKind.dictionary else { return }
            try decoder.forEach(record, anchor) { (found: borrowing Call) throws(Failure) in
                if isWanted { try call(found) }
            } other: { (found: borrowing OtherRecord) throws(Failure) in
                if isWanted { try other(found) }
            }
        }
    }
}

extension LogReport {
    /// Takes back that segments are missing of which the chain of archives tells.
    fileprivate mutating func excuse(_ numbers: [UInt32]) {
        let rest = damages.filter {
            !($0.kind == .missingSegment && numbers.contains($0.segment))
        }
        guard rest.count < damages.count else { return }
        damages = rest
        if case .damaged = verdict { verdict = rest.isEmpty ? .clean : .damaged(rest) }
    }
}
