// What can go wrong around archives: an error when the world failed (the disk, a file that is no
// archive), a damage value when the file is an archive and broken.

/// The world failed: nothing was written, or nothing could be read.
public enum ArchiveError: Error, Equatable {
    /// A system call failed; `code` is an error number as in CPlatform.
    case file(path: String, operation: String, code: Int32)
    /// The file does not begin like an archive of ours.
    case notAnArchive(path: String)
    /// A newer version wrote it, with a feature that this one would misread.
    case newerFormat(path: String, version: UInt16, incompatible: UInt16)
    /// liblz4 refused; never seen but for memory.
    case compression(path: String, reason: String)
    /// The archive just written does not give back what the segment holds; it was removed.
    case differs(path: String, sequence: UInt64)
    /// The segment has damage: it stays as it is.
    case segmentNotClean(path: String, reason: String)

    /// A sentence that names the file and the next step.
    public var message: String {
        switch self {
        case .file(let path, let operation, let code):
            return "\(path): \(operation) failed (error \(code))"
        case .notAnArchive(let path):
            return
                "\(path): not an archive of this program (expected a .seg.lz4 made by blackbox archive)"
        case .newerFormat(let path, let version, let incompatible):
            return
                "\(path): written by a newer version (format \(version), flags \(incompatible)); "
                + "update this program to read it"
        case .compression(let path, let reason):
            return "\(path): the LZ4 library refused: \(reason)"
        case .differs(let path, let sequence):
            return
                "\(path): the archive did not give back record \(sequence) as the segment holds it; "
                + "the archive was removed, the segment kept"
        case .segmentNotClean(let path, let reason):
            return "\(path): not archived, because it is damaged (\(reason)); "
                + "run: blackbox verify \(path)"
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
    public var reason: String

    public init(fileOffset: UInt64, group: Int, missing: ClosedRange<UInt64>?, reason: String) {
        self.fileOffset = fileOffset
        self.group = group
        self.missing = missing
        self.reason = reason
    }
}

/// What a look at an archive found.
public enum ArchiveVerdict: Equatable, Sendable {
    case clean
    case damaged([ArchiveDamage])
}

/// A group's text that does not keep to the format.
struct GroupError: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
