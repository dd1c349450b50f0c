// A database file for reading: for figures in the terminal. Nothing in it is changed.

import GRDB

/// A database of recordings, opened for reading.
public struct SQLiteReader {
    private let path: String
    private let queue: DatabaseQueue

    /// Opens the file.
    /// - Throws: `SQLiteError` when it is empty, none of ours, or of a later version.
    public init(path: String) throws(SQLiteError) {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "blackbox"
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let found = try queue.read { database in
                try SQLiteDatabase.recognise(database, path, .current)
            }
            guard found > 0 else { throw SQLiteError.empty(path: path) }
        } catch {
            throw SQLiteError(path: path, operation: "opening", thrown: error, busySeconds: 0)
        }
    }

    /// Whether the file is an SQLite database, whoever made it.
    public static func isDatabase(beginning bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("SQLite format 3\0".utf8))
    }

    /// The rows of a query, as texts; nil is NULL.
    public func rows(_ sql: String) throws(SQLiteError) -> [[String?]] {
        do {
            return try queue.read { database in
                try Row.fetchAll(database, sql: sql).map { row in
                    row.databaseValues.map { value in
                        switch value.storage {
                        case .null: nil
                        case .int64(let number): "\(number)"
                        case .double(let number): "\(number)"
                        case .string(let text): text
                        case .blob: nil
                        }
                    }
                }
            }
        } catch {
            throw SQLiteError(path: path, operation: "reading", thrown: error, busySeconds: 0)
        }
    }
}
