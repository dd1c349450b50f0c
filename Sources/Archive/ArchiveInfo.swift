// An archive as its ends tell of it: what a look at a folder needs, without reading a group.

import Segments
import WAL

/// What the ends of an archive tell without reading its groups.
public struct ArchiveInfo: Sendable {
    /// The file.
    public let path: String
    /// From the copy of the segment's first page; nil when that is damaged.
    public let identity: LogIdentity?
    /// Number of the segment; nil when the page is damaged.
    public let segment: UInt32?
    /// Last sequence number of the segment before, 0 for the first; nil when the page is damaged.
    public let previousSequence: UInt64?
    /// The segment was not its log's last. (False also when the file does not tell.)
    public let isContinued: Bool
    /// Nil when no group is there.
    public let sequences: ClosedRange<UInt64>?
    /// The groups.
    public let groups: [ArchiveGroup]
    /// How often each command occurs.
    public let figures: [ArchiveFigures]
    /// What is broken around the groups.
    public let damages: [ArchiveDamage]
    /// Bytes of the file.
    public let fileBytes: Int
}

/// What a look through an archive found.
public struct ArchiveFindings: Sendable {
    /// What is broken, as far as it was read.
    public let damages: [ArchiveDamage]
    /// Losses that it tells of; empty when only its index was read.
    public let losses: [Loss]
    /// Records, as its index tells.
    public let recordCount: UInt64
}

extension ArchiveReader {
    /// Goes through an archive.
    ///
    /// - Parameter readsGroups: look at every record; else only at the index.
    public static func check(
        _ path: String, readsGroups: Bool
    ) throws(ArchiveError) -> ArchiveFindings {
        var reader = try open(path)
        let losses = readsGroups ? reader.check() : []
        return ArchiveFindings(
            damages: reader.damages, losses: losses,
            recordCount: reader.groups.reduce(0) { $0 + UInt64($1.recordCount) })
    }

    /// Opens an archive for a look at its index.
    public static func info(_ path: String) throws(ArchiveError) -> ArchiveInfo {
        let reader = try open(path)
        var identity: LogIdentity?
        var segment: UInt32?
        var previous: UInt64?
        if let header = SegmentHeader.decode(page: reader.header) {
            segment = header.number
            previous = header.previousSequence
            identity = LogIdentity(
                logID: header.logID, startWall: header.wall, process: header.process,
                bootID: header.bootID, writer: String(decoding: header.writer, as: UTF8.self),
                utcOffset: header.utcOffset)
        }
        return ArchiveInfo(
            path: path, identity: identity, segment: segment, previousSequence: previous,
            isContinued: reader.isContinued, sequences: reader.sequences,
            groups: reader.groups, figures: reader.figures, damages: reader.damages,
            fileBytes: reader.fileBytes)
    }
}

extension SegmentHeader {
    /// Reads a page that an archive kept.
    fileprivate static func decode(page: [UInt8]) -> SegmentHeader? {
        unsafe page.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                case .header(let header) = unsafe SegmentHeader.decode(
                    RawBytes(base: base, count: buffer.count))
            else { return nil }
            return header
        }
    }
}
