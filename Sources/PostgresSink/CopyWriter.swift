// Rows on their way to the server, on a thread of their own: while some are sent, and the server checks
// and stores them, the next are decoded. Those that replace others go through a temporary table
// (docs/postgresql.md).
//
// A COPY's foreign keys are checked when it ends, so tables are sent in the order of the schema, where a
// table stands behind those it refers to.

import Compactor
import Dispatch
import Synchronization

/// Sends the rows of one transaction, in the order in which they come. Whoever calls this may use the
/// connection only after `finish` or `discard`.
final class CopyWriter: @unchecked Sendable {
    // Sendable because `connection` and `hasStage` are used by the queue's blocks, of which one runs at
    // a time, and by the caller only while there are none.
    private let connection: PostgresConnection
    private let schema: Schema
    private var hasStage: [Bool]
    private let queue = DispatchQueue(label: "blackbox.copy")
    /// Memory does not grow with the mission: who decodes faster than the server takes waits here.
    private let room = DispatchSemaphore(value: 2)
    private let state = Mutex(State())

    /// What both sides look at.
    private struct State {
        var failure: PostgresError?
        /// What is still waiting is not wanted any more.
        var isDiscarding = false
        /// Emptied ones, which keep their memory.
        var spares: [Parcel] = []
    }

    /// Rows in COPY's binary format; for each table those that are new, then those that may be there.
    /// Sendable because one side has it at a time: it is handed over through the queue and the lock.
    private final class Parcel: @unchecked Sendable {
        var buffers: [[UInt8]]

        init(count: Int) { buffers = [[UInt8]](repeating: [], count: count) }

        func empty() {
            for place in buffers.indices { buffers[place].removeAll(keepingCapacity: true) }
        }
    }

    init(_ connection: PostgresConnection, schema: Schema) {
        self.connection = connection
        self.schema = schema
        hasStage = [Bool](repeating: false, count: schema.tables.count)
    }

    /// Takes the rows of some tables, and leaves empty buffers for the next ones.
    /// - Throws: what went wrong with earlier rows.
    func send(_ buffers: inout [[UInt8]], of tables: [Int]) throws(PostgresError) {
        room.wait()
        let (spare, failure) = state.withLock { ($0.spares.popLast(), $0.failure) }
        let parcel = spare ?? Parcel(count: buffers.count)
        for table in tables {
            for place in [2 * table, 2 * table + 1] {
                swap(&parcel.buffers[place], &buffers[place])
            }
        }
        queue.async { [self] in
            deliver(parcel)
            room.signal()
        }
        if let failure { throw failure }
    }

    /// Waits until everything is sent.
    /// - Throws: what went wrong.
    func finish() throws(PostgresError) {
        queue.sync {}
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// Forgets what was not sent, and an error: a new transaction can begin.
    func discard() {
        state.withLock { $0.isDiscarding = true }
        queue.sync {}
        state.withLock {
            $0.isDiscarding = false
            $0.failure = nil
        }
        for place in hasStage.indices { hasStage[place] = false }
    }

    // MARK: On the queue

    private func deliver(_ parcel: Parcel) {
        let isWanted = state.withLock { $0.failure == nil && !$0.isDiscarding }
        if isWanted {
            do throws(PostgresError) {
                try write(parcel.buffers)
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        parcel.empty()
        state.withLock { $0.spares.append(parcel) }
    }

    private func write(_ buffers: [[UInt8]]) throws(PostgresError) {
        for (place, table) in schema.tables.enumerated() {
            let added = buffers[2 * place]
            if !added.isEmpty {
                try connection.copy(
                    table.postgresCopy, added, operation: "writing to \(table.name)")
            }
            let replacing = buffers[2 * place + 1]
            if !replacing.isEmpty { try replace(table, place, replacing) }
        }
    }

    private func replace(_ table: Table, _ place: Int, _ rows: [UInt8]) throws(PostgresError) {
        let operation = "writing to \(table.name)"
        if !hasStage[place] {
            try connection.execute(table.postgresStage, operation: operation)
            hasStage[place] = true
        }
        try connection.copy(table.postgresStageCopy, rows, operation: operation)
        try connection.execute(table.postgresUnstage, operation: operation)
    }
}
