// Where a log's server side goes: both engines take it in one transaction a log.

import Mission

/// Takes what happened to a server, record by record, in the order of one log. Rows that an earlier
/// compaction made of the same records are replaced, and no others: what a damaged log no longer holds
/// stays.
public protocol ServerEventSink: ~Copyable {
    associatedtype Failure: Error
    /// Begins a transaction. - Parameter logID: 16 bytes.
    mutating func begin(logID: [UInt8]) throws(Failure)
    /// Writes one event's row. After an error the log is given up: nothing of it is kept.
    mutating func receive(_ event: ServerEvent) throws(Failure)
    /// Commits.
    mutating func end() throws(Failure)
}
