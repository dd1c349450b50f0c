// What can go wrong while a replay is written: the file system, or the memory for a compressor.

import Segments

/// Why no replay was written. Nothing under the final name has been touched then.
public enum ReplayError: Error, Sendable {
    /// What was being done to the file.
    public enum Operation: Sendable {
        case makeFolder
        case open
        case read
        case write
        case sync
        case rename
        case lock
        case list

        /// As a verb for a sentence, e.g. `write`.
        public var verb: StaticString {
            switch self {
            case .makeFolder: "make the folder"
            case .open: "open"
            case .read: "read"
            case .write: "write"
            case .sync: "flush to the disk"
            case .rename: "rename"
            case .lock: "lock"
            case .list: "list the folder"
            }
        }
    }

    /// The system refused; `errorNumber` is in the numbering of Linux's errno.
    case file(Operation, path: String, errorNumber: Int32)
    /// zlib could not be started or went wrong (no memory).
    case compression(path: String)
    /// The temporary file of the job does not read back as it was written.
    case spillDamaged(path: String)
    /// `end` was called without `begin`, or events came after `end`.
    case notRecording
}

extension ReplayError {
    /// One sentence for a person: what failed, on which file, and what to do.
    public var explanation: String {
        switch self {
        case .file(let operation, let path, let errorNumber):
            "can't \(operation.verb) \(path): "
                + LogError.reason(errorNumber, to: operation.isReading ? .read : .write)
        case .compression(let path):
            "can't compress \(path): zlib failed, probably for want of memory; try without gzip"
        case .spillDamaged(let path):
            "the temporary file \(path) did not read back as written; check the disk, then try again"
        case .notRecording:
            "the writer was not given a recording's beginning"
        }
    }
}

extension ReplayError.Operation {
    fileprivate var isReading: Bool {
        switch self {
        case .read, .list: true
        default: false
        }
    }
}
