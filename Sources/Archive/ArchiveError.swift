// What can go wrong around archives: an error when the world failed (the disk, a file that is no
// archive), a damage value when the file is an archive and broken.

import Segments

/// The world failed: nothing was written, or nothing could be read.
public enum ArchiveError: Error, Equatable {
    /// The system refused an operation on a file.
    case file(LogError)
    /// The file does not begin, nor end, like an archive of ours.
    case notAnArchive(path: String)
    /// A newer version wrote it, with a feature that this one would misread.
    case newerFormat(path: String, version: UInt16, incompatible: UInt16)
    /// liblz4 refused; it does so only for want of memory.
    case compression(path: String)
    /// The archive just written does not give back what the segment holds; it was removed.
    case differs(path: String, sequence: UInt64)
    /// The segment is not one that may be archived: it stays as it is.
    case segmentNotReady(path: String, reason: String)

    /// The file is empty.
    case empty(path: String)
    /// Where the segment's archive would go stands that of another.
    case occupied(path: String, target: String, by: String)

    /// A sentence that names the file and the next step.
    public var text: String {
        switch self {
        case .file(let error): error.text
        case .notAnArchive(let path), .newerFormat(let path, _, _), .compression(let path),
            .differs(let path, _), .segmentNotReady(let path, _), .empty(let path),
            .occupied(let path, _, _):
            path + ": " + reason
        }
    }

    /// The same without the file's name in front.
    public var reason: String {
        switch self {
        case .file(let error):
            "can't be read: " + LogError.reason(error.number, to: .read)
        case .notAnArchive:
            "not an archive (a .seg.lz4 that blackbox archive made)"
        case .newerFormat(_, let version, let incompatible):
            "written by a newer version (format \(version), flags \(incompatible)); "
                + "update blackbox to read it"
        case .compression:
            "not written, the memory for compressing it is missing"
        case .differs(_, let sequence):
            "the archive did not give back record \(sequence) as the segment holds "
                + "it; the archive was removed, the segment kept"
        case .segmentNotReady(_, let reason):
            "not archived, " + reason
        case .empty:
            "nothing can be read, the file is empty; if there is a copy, put it in this file's place"
        case .occupied(_, let target, let owner):
            "not archived, \(target) is the archive of \(owner); nothing was replaced, "
                + "choose another folder"
        }
    }
}

extension ArchiveError {
    /// Runs an operation on files and makes its failure one of ours.
    static func wrapping<Result: ~Copyable>(
        _ body: () throws(LogError) -> Result
    ) throws(ArchiveError) -> Result {
        do {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}

/// The file is an archive and broken in one place. Every group that is whole is read all the same.
public struct ArchiveDamage: Error, Equatable, Sendable {
    /// Where: bytes from the start of the file.
    public var fileOffset: UInt64
    /// Number of the group, from 1; 0 for the parts around the groups.
    public var group: Int
    /// Sequence numbers that can't be read, when the index tells them.
    public var missing: ClosedRange<UInt64>?
    /// What was found.
    public var reason: String

    /// All fields.
    public init(fileOffset: UInt64, group: Int, missing: ClosedRange<UInt64>?, reason: String) {
        self.fileOffset = fileOffset
        self.group = group
        self.missing = missing
        self.reason = reason
    }

    /// Byte by byte, as far as texts are concerned.
    public static func == (a: Self, b: Self) -> Bool {
        a.fileOffset == b.fileOffset && a.group == b.group && a.missing == b.missing
            && a.reason.utf8.elementsEqual(b.reason.utf8)
    }

    /// What was found where.
    public var sentence: String {
        if group > 0 { return "group \(group) at offset \(fileOffset): " + reason }
        return fileOffset > 0 ? "frame at offset \(fileOffset): " + reason : reason
    }

    /// The same with the records that are missing.
    public var text: String {
        let text = sentence
        guard let missing else { return text }
        return text + "; missing: records \(missing.lowerBound) to \(missing.upperBound)"
    }
}

/// A group's text that does not keep to the format.
struct GroupError: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
