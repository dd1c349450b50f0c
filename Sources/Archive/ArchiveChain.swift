// The files of a log's folder as one chain: which archives are this log's, and what is missing between them
// and behind the last. Told from what headers and indexes say, without reading a group.

import Segments
import WAL

/// Archives and segments in the order of the log.
struct ArchiveChain {
    /// One segment of the log, archived or not.
    private struct Link {
        let path: String
        let number: UInt32
        /// Last sequence number of the segment before, by its header.
        var previous: UInt64?
        /// Its own last one; nil when only reading it would tell.
        var last: UInt64?
        var isArchive = true
        /// Its log goes on in another segment.
        var isContinued = false
    }

    /// Archives of another log, or of a segment that another archive stands for already.
    private var strangers: [String] = []
    /// What is missing, or not in its place.
    private(set) var damages: [(path: String, damage: ArchiveDamage)] = []
    /// Numbers of segments of which neither file nor archive is there.
    private(set) var missing: [UInt32] = []
    /// The archives of this log, also those in which nothing can be read.
    var packed: [SegmentElsewhere] {
        links.filter { $0.isArchive }.map {
            SegmentElsewhere(
                number: $0.number, previousSequence: $0.previous, lastSequence: $0.last)
        }
    }
    private var links: [Link] = []
    /// Missing segments that are told one by one.
    private static let missingLimit: UInt32 = 1000
    private static let cutShort = "records are missing behind the last that can be read"

    /// - Parameters:
    ///   - archives: those that could be opened.
    ///   - unread: paths of those that could not.
    ///   - segments: all segment files of the folder.
    ///   - identity: which log the folder is.
    ///   - promised: sequence number up to which the log is known to have had records.
    init(
        folder: String, archives: [ArchiveInfo], unread: [String], segments: [SegmentInfo],
        identity: LogIdentity?, promised: UInt64
    ) {
        var rivals: [Link] = []
        for info in archives {
            if let own = info.identity?.logID, let logID = identity?.logID, own != logID {
                let reason =
                    "an archive of another log (\(info.identity?.logIDText ?? "")); move it to the "
                    + "folder that it belongs to"
                refuse(info.path, reason)
                continue
            }
            guard let number = info.segment ?? Self.number(info.path) else { continue }
            rivals.append(
                Link(
                    path: info.path, number: number, previous: info.previousSequence,
                    last: info.sequences?.upperBound ?? info.previousSequence,
                    isContinued: info.isContinued))
        }
        // The one with the right name first.
        rivals.sort {
            let own = (Self.number($0.path) == $0.number, Self.number($1.path) == $1.number)
            return own.0 != own.1 ? own.0 : $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
        }
        for link in rivals {
            if links.contains(where: { $0.number == link.number }) {
                refuse(link.path, "another archive holds segment \(link.number) already")
            } else {
                links.append(link)
            }
        }
        add(segments, of: identity)
        for path in unread {
            guard let number = Self.number(path), !links.contains(where: { $0.number == number })
            else { continue }
            links.append(Link(path: path, number: number))
        }
        links.sort { $0.number < $1.number }
        follow(folder, promised)
    }

    /// Number in an archive's name.
    static func number(_ path: String) -> UInt32? {
        let name = Paths.lastComponent(path)
        guard Paths.hasSuffix(name, ArchiveLayout.suffix) else { return nil }
        return LogNames.segmentNumber(String(decoding: name.utf8.dropLast(4), as: UTF8.self))
    }

    /// Whether an archive is none of this log's.
    func isStranger(_ path: String) -> Bool {
        strangers.contains { $0.utf8.elementsEqual(path.utf8) }
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        strangers.append(path)
        note(path, nil, reason)
    }

    private mutating func note(_ path: String, _ range: ClosedRange<UInt64>?, _ reason: String) {
        damages.append(
            (path, ArchiveDamage(fileOffset: 0, group: 0, missing: range, reason: reason)))
    }

    /// Segments that have no archive, or stand beside it.
    private mutating func add(_ segments: [SegmentInfo], of identity: LogIdentity?) {
        for info in segments where !info.isDuplicate {
            let header = info.usable
            if header == nil, info.error == nil { continue }
            if let header, let logID = identity?.logID, header.logID != logID { continue }
            guard !links.contains(where: { $0.number == info.number }) else { continue }
            links.append(
                Link(
                    path: info.path, number: info.number, previous: header?.previousSequence,
                    isArchive: false))
        }
    }

    private mutating func follow(_ folder: String, _ promised: UInt64) {
        var expected: UInt32 = 1
        // Nil behind a segment, whose own check tells of it.
        var last: UInt64? = 0
        // Whose records those are that turn out to be missing.
        var suspect: String?
        for link in links {
            var range: ClosedRange<UInt64>?
            if let last, let previous = link.previous, previous > last {
                range = (last + 1)...previous
            }
            if link.number > expected {
                let end = min(link.number, expected &+ Self.missingLimit)
                for number in expected..<end {
                    lack(number, in: folder, number == expected ? range : nil)
                }
            } else if let range {
                note(suspect ?? link.path, range, Self.cutShort)
            } else if let last, let previous = link.previous, previous < last {
                note(link.path, nil, "it does not follow the archive before it")
            }
            expected = link.number &+ 1
            if link.isArchive, link.last == nil {
                suspect = link.path
            } else {
                last = link.last
                suspect = link.isArchive ? link.path : nil
            }
        }
        guard let end = links.last, end.isArchive else { return }
        let range = last.flatMap { $0 < promised ? ($0 + 1)...promised : nil }
        if end.last == nil {
            if let range { note(end.path, range, Self.cutShort) }
        } else if range != nil || end.isContinued {
            lack(expected, in: folder, range)
        }
    }

    private mutating func lack(
        _ number: UInt32, in folder: String, _ range: ClosedRange<UInt64>?
    ) {
        missing.append(number)
        let name = LogNames.segment(number) + ".lz4"
        note(Paths.join(folder, name), range, "segment \(number) is missing")
    }
}

extension LogSource {
    /// Cursors that stand at a record which was there: of what looked after the log, and of the outputs.
    /// (A follower that came late may stand behind the end.)
    private static let witnesses = ["recover", "archive", "json", "sqlite", "postgres"]

    /// The last record that one of them tells of, 0 without any.
    static func promised(_ folder: String, _ logID: [UInt8]) -> UInt64 {
        witnesses.reduce(0) { max($0, Cursor.read(folder, $1, logID: logID)?.sequence ?? 0) }
    }

    /// Whose log a folder of archives is: that of most of them, the first one's when as many are of another.
    static func majority(_ archives: [ArchiveInfo]) -> LogIdentity? {
        var best: LogIdentity?
        var most = 0
        for archive in archives {
            guard let identity = archive.identity, identity.logID != best?.logID else { continue }
            let count = archives.count { $0.identity?.logID == identity.logID }
            if count > most {
                best = identity
                most = count
            }
        }
        return best
    }
}
