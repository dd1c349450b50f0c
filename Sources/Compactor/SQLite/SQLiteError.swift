// What can go wrong with a database file, each with the file and what to do about it. SQLite's result
// codes are turned into these in one place.

import GRDB
import GRDBSQLite

/// A failure of the SQLite sink. The recording's transaction has been rolled back: the file holds
/// what it held before.
public enum SQLiteError: Error, Equatable, Sendable {
    /// The file holds something else than a database.
    case notADatabase(path: String)
    /// A database, but not one of ours; `hint` names its likely maker.
    case foreign(path: String, hint: String)
    /// A database without any table, to be read.
    case empty(path: String)
    /// Written by a later version of this program.
    case newer(path: String, found: Int, known: Int)
    case damaged(path: String, detail: String)
    case diskFull(path: String)
    case readOnly(path: String)
    /// Another program has been writing for longer than we wait.
    case busy(path: String, seconds: Int)
    case cannotOpen(path: String, detail: String)
    /// Rows that contradict the schema: a mistake of ours.
    case inconsistent(path: String, operation: String, detail: String)
    /// Anything else, with SQLite's extended result code.
    case failed(path: String, operation: String, code: Int32, detail: String)
}

extension SQLiteError: CustomStringConvertible {
    /// One sentence on what happened, one on what to do.
    public var description: String {
        switch self {
        case .notADatabase(let path):
            """
            \(path) is not an SQLite database. Name another file (--sqlite, storage.sqlite.path), \
            or move this one away.
            """
        case .foreign(let path, let hint):
            """
            \(path) is an SQLite database of another program (\(hint)). It was left as it is; name \
            another file (--sqlite, storage.sqlite.path).
            """
        case .empty(let path):
            """
            \(path) is an SQLite database without tables: no recording was written into it. Name \
            another file, or write some: blackbox compact --sqlite \(path)
            """
        case .newer(let path, let found, let known):
            """
            \(path) has schema version \(found), and this program knows versions up to \(known). \
            Update blackbox, or name another file.
            """
        case .damaged(let path, let detail):
            """
            \(path) is damaged (\(detail)). The recordings are still in the logs: move the file \
            away and compact them again, or restore it from a backup.
            """
        case .diskFull(let path):
            """
            The disk is full: \(path) could not be written, and holds what it held before. Free \
            some space and compact again; the log keeps the recording.
            """
        case .readOnly(let path):
            """
            \(path) can't be written (its file system or its permissions forbid it). Allow this \
            user to write to the file and its folder, or name another file.
            """
        case .busy(let path, let seconds):
            """
            Another program has been writing to \(path) for more than \(seconds) s. Compact again \
            when it is done; the log keeps the recording.
            """
        case .cannotOpen(let path, let detail):
            """
            \(path) can't be opened (\(detail)). Check that its folder exists, that it is not a \
            folder itself, and that this user may write there.
            """
        case .inconsistent(let path, let operation, let detail):
            """
            A recording could not be stored in \(path): its rows contradict each other (\(detail), \
            while \(operation)). This is a mistake in blackbox; please report it with the log.
            """
        case .failed(let path, let operation, let code, let detail):
            """
            \(path): \(operation) failed (\(detail), SQLite code \(code)). Compact again; the log \
            keeps the recording.
            """
        }
    }

    /// The error of a result code.
    init(path: String, operation: String, code: Int32, detail: String, busySeconds: Int) {
        switch code & 0xff {
        case SQLITE_NOTADB: self = .notADatabase(path: path)
        case SQLITE_CORRUPT: self = .damaged(path: path, detail: detail)
        case SQLITE_FULL: self = .diskFull(path: path)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: self = .readOnly(path: path)
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy(path: path, seconds: busySeconds)
        case SQLITE_CANTOPEN: self = .cannotOpen(path: path, detail: detail)
        case SQLITE_CONSTRAINT:
            self = .inconsistent(path: path, operation: operation, detail: detail)
        default:
            self = .failed(path: path, operation: operation, code: code, detail: detail)
        }
    }

    /// The error of what GRDB threw.
    init(path: String, operation: String, thrown: any Error, busySeconds: Int) {
        switch thrown {
        case let error as SQLiteError: self = error
        case let error as DatabaseError:
            self.init(
                path: path, operation: operation, code: error.extendedResultCode.rawValue,
                detail: error.message ?? "no message", busySeconds: busySeconds)
        default:
            self = .failed(
                path: path, operation: operation, code: SQLITE_ERROR, detail: "\(thrown)")
        }
    }
}
