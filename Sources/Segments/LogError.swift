// The world failed: which operation, on which path, with which error number, and what to do.

import CPlatform
import Values

/// An operation on the log's files that the system refused.
public struct LogError: Error, Equatable, Sendable {
    /// What was being done.
    public enum Operation: Equatable, Sendable {
        case makeFolder
        case openFolder
        case lock
        case create
        case open
        case read
        case write
        case allocate
        case map
        case sync
        case rename
        case remove
        case startThread
    }
    /// What was being done.
    public var operation: Operation
    /// On which file or folder.
    public var path: String
    /// Error number in Linux's numbering, positive.
    public var number: Int32

    /// `result` is the negative return of a CPlatform function.
    public init(_ operation: Operation, _ path: String, _ result: Int64) {
        self.operation = operation
        self.path = path
        number = Int32(truncatingIfNeeded: -result)
    }

    /// One sentence for a server owner.
    public var text: String {
        let doing: StaticString =
            switch operation {
            case .makeFolder: "can't make the folder %: %"
            case .openFolder: "can't read the folder %: %"
            case .lock: "can't lock %: %"
            case .create: "can't create %: %"
            case .open: "can't open %: %"
            case .read: "can't read %: %"
            case .write: "can't write to %: %"
            case .allocate: "can't get space for %: %"
            case .map: "can't map %: %"
            case .sync: "can't sync %: %"
            case .rename: "can't rename %: %"
            case .remove: "can't remove %: %"
            case .startThread: "can't start a thread for %: %"
            }
        return String(filling: doing, [path, Self.reason(number, to: access)])
    }

    /// A lock that another process holds. (Locking may also fail like everything else.)
    public var isHeldByAnother: Bool { operation == .lock && number == Int32(BB_EAGAIN) }

    /// What was wanted of the file.
    public enum Access: Sendable {
        case read
        case write
        case run
    }

    private var access: Access {
        switch operation {
        case .openFolder, .open, .read, .map: .read
        default: .write
        }
    }

    /// What an error number means, and what to do about it.
    public static func reason(_ number: Int32, to access: Access) -> String {
        switch number {
        case 1, 13:
            switch access {
            case .read: "permission denied; run this as a user who may read it"
            case .write: "permission denied; let the server's user write there"
            case .run: "permission denied; let the server's user run it (chmod +x)"
            }
        case 2: "no such file or folder"
        case 5: "input/output error; check the disk"
        case 8: "it is no program for this machine"
        case 11: "another process holds it"
        case 12: "out of memory"
        case 17: "something of that name stands there already"
        case 20: "a part of the path is not a folder"
        case 21: "it is a folder"
        case 24: "too many open files"
        case 27: "the file would be too large for this filesystem"
        case 28: "no space left on the disk; free some"
        case 30: "the filesystem is read-only"
        case 36: "the name is too long"
        // It can't map (19) or lock files (37, 38), or do something else (95): network and FUSE filesystems.
        case 19, 37, 38, 95: "this filesystem can't do that; put the folder on a local disk"
        case 122: "the disk quota is used up"
        default: "error " + String(number)
        }
    }
}
