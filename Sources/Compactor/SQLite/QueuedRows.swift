// A recording's rows into SQLite, written on the database's own queue while the caller decodes what comes
// next. SQLite's part is three quarters of the work; with both in turn a recording takes as long as their sum.

import Dispatch
import GRDB
import Synchronization

/// Takes rows on one thread and writes them on another, in order.
///
/// Invariant: a parcel is written on the database's queue, in turn with everything else that uses the
/// connection; so whoever asks the database for anything finds all parcels written that were handed over.
struct QueuedRows: ~Copyable, RowTarget {
    typealias Failure = SQLiteError

    private let database: SQLiteDatabase
    private let writer: RowWriter
    private var parcel = RowParcel()
    /// Parcels that may wait: a decoder that is faster than the disk must not fill the memory.
    private let places = DispatchSemaphore(value: 2)

    init(_ database: SQLiteDatabase, schema: Schema) {
        self.database = database
        writer = RowWriter(SQLiteRows(database, schema: schema))
    }

    deinit { wait() }

    mutating func beginRow(_ table: TableID, replacing: Bool) {
        parcel.beginRow(table, replacing: replacing)
    }

    mutating func null() { parcel.null() }
    mutating func integer(_ value: Int64) { parcel.integer(value) }
    mutating func real(_ value: Double) { parcel.real(value) }
    mutating func boolean(_ value: Bool) { parcel.integer(value ? 1 : 0) }
    mutating func time(_ nanoseconds: Int64) { parcel.time(nanoseconds) }
    mutating func text(_ bytes: Span<UInt8>) { parcel.text(bytes) }
    mutating func bytes(_ bytes: Span<UInt8>) { parcel.bytes(bytes) }

    /// Throws what went wrong with this row or one before it.
    mutating func endRow() throws(SQLiteError) {
        parcel.endRow()
        if parcel.isFull { try handOver() }
    }

    /// Waits until every row is written.
    mutating func finish() throws(SQLiteError) {
        try handOver()
        wait()
        try writer.check()
    }

    /// Forgets the rows that are not written yet, and what went wrong.
    mutating func startOver() {
        writer.giveUp()
        wait()
        parcel.removeAll()
        writer.begin()
    }

    private mutating func handOver() throws(SQLiteError) {
        try writer.check()
        guard !parcel.isEmpty else { return }
        places.wait()
        let full = parcel
        parcel = RowParcel()
        database.queue.asyncWriteWithoutTransaction { [writer, places] _ in
            writer.write(full)
            places.signal()
        }
    }

    private func wait() { database.queue.inDatabase { _ in } }
}

/// The statements, and the first thing that went wrong with them.
///
/// Invariant: `rows` is used on the database's queue alone, which runs one thing at a time.
private final class RowWriter: @unchecked Sendable {
    private var rows: SQLiteRows
    private enum State {
        case writing, givenUp
        case failed(SQLiteError)
    }
    private let state = Mutex(State.writing)

    init(_ rows: consuming SQLiteRows) { self.rows = rows }

    func begin() { state.withLock { $0 = .writing } }
    func giveUp() { state.withLock { $0 = .givenUp } }

    func check() throws(SQLiteError) {
        if case .failed(let error) = state.withLock({ $0 }) { throw error }
    }

    /// Rows behind one that failed are not written: its recording will be taken back.
    func write(_ parcel: RowParcel) {
        guard case .writing = state.withLock({ $0 }) else { return }
        do throws(SQLiteError) {
            try parcel.write(into: &rows)
        } catch {
            state.withLock { $0 = .failed(error) }
        }
    }
}
