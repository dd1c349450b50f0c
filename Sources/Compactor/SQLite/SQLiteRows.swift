// Rows into SQLite, through prepared statements of the C interface: GRDB's own statements box each
// value and took 2.7 times the processor time for the same rows (docs/formats/database.md has the figures).
//
// Invariants of the unsafe parts: `connection` is `database`'s and lives as long as that, which is
// held here; one thread at a time uses either (QueuedRows sees to it). A text is copied into `arena` when
// it comes and bound when the row is complete, because the arena may move while it grows; SQLite reads it
// during `sqlite3_step` only, since the statement is reset before the arena is used again.

import GRDB
import GRDBSQLite

/// The statements of one connection and the row under way.
@safe struct SQLiteRows: ~Copyable, RowTarget {
    private let database: SQLiteDatabase
    private let connection: OpaquePointer
    private let schema: Schema
    /// For each table one that inserts and one that replaces; prepared when first used.
    private var statements: [OpaquePointer?]
    private var table = TableID.worlds
    private var statement: OpaquePointer?
    private var column: Int32 = 0
    /// The first result code of this row that was not SQLITE_OK.
    private var code = SQLITE_OK
    private var arena: UnsafeMutableRawPointer
    private var arenaCapacity = 4096
    private var arenaUsed = 0
    private var pending: [Pending] = []
    private var clock = TimeText()

    /// A text or blob in the arena that waits to be bound.
    private struct Pending {
        var column: Int32
        var offset: Int
        var count: Int
        var isText: Bool
    }

    init(_ database: SQLiteDatabase, schema: Schema) {
        self.database = database
        self.schema = schema
        guard
            let connection = unsafe database.queue.inDatabase({ unsafe $0.sqliteConnection })
        else {
            preconditionFailure("an open GRDB connection has an SQLite connection")
        }
        unsafe self.connection = unsafe connection
        unsafe statements = unsafe [OpaquePointer?](repeating: nil, count: 2 * schema.tables.count)
        unsafe arena = UnsafeMutableRawPointer.allocate(byteCount: arenaCapacity, alignment: 8)
        pending.reserveCapacity(32)
    }

    deinit {
        unsafe statements.forEach { unsafe sqlite3_finalize($0) }
        unsafe arena.deallocate()
    }

    mutating func beginRow(_ table: TableID, replacing: Bool) {
        self.table = table
        column = 0
        code = SQLITE_OK
        arenaUsed = 0
        pending.removeAll(keepingCapacity: true)
        let place = 2 * table.rawValue + (replacing ? 1 : 0)
        if let prepared = unsafe statements[place] {
            unsafe statement = unsafe prepared
            return
        }
        var prepared: OpaquePointer?
        code = unsafe sqlite3_prepare_v3(
            connection, schema[table].sqliteInsert(replacing: replacing), -1,
            UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        unsafe statements[place] = unsafe prepared
        unsafe statement = unsafe prepared
    }

    mutating func null() {
        // A value that is not bound is NULL; the statement was cleared or rebound completely.
        column += 1
        keep(unsafe sqlite3_bind_null(statement, column))
    }

    mutating func integer(_ value: Int64) {
        column += 1
        keep(unsafe sqlite3_bind_int64(statement, column, value))
    }

    mutating func real(_ value: Double) {
        column += 1
        keep(unsafe sqlite3_bind_double(statement, column, value))
    }

    mutating func boolean(_ value: Bool) {
        integer(value ? 1 : 0)
    }

    mutating func time(_ nanoseconds: Int64) {
        clock.format(nanoseconds)
        let text = clock.bytes
        append(text.span, isText: true)
    }

    mutating func text(_ bytes: Span<UInt8>) {
        append(bytes, isText: true)
    }

    mutating func bytes(_ bytes: Span<UInt8>) {
        append(bytes, isText: false)
    }

    private mutating func append(_ bytes: Span<UInt8>, isText: Bool) {
        column += 1
        let count = bytes.count
        if arenaCapacity - arenaUsed < count { growArena(by: count) }
        let place = unsafe arena.advanced(by: arenaUsed)
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                unsafe place.copyMemory(from: start, byteCount: count)
            }
        }
        pending.append(Pending(column: column, offset: arenaUsed, count: count, isText: isText))
        arenaUsed += count
    }

    private mutating func growArena(by count: Int) {
        let capacity = 2 * (arenaCapacity + count)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        unsafe larger.copyMemory(from: arena, byteCount: arenaUsed)
        unsafe arena.deallocate()
        unsafe arena = unsafe larger
        arenaCapacity = capacity
    }

    mutating func endRow() throws(SQLiteError) {
        precondition(
            Int(column) == schema[table].columns.count,
            "a row of \(schema[table].name) has \(column) values")
        for value in pending {
            let start = unsafe arena.advanced(by: value.offset)
            if value.isText {
                keep(
                    unsafe sqlite3_bind_text64(
                        statement, value.column, start.assumingMemoryBound(to: CChar.self),
                        UInt64(value.count), nil, UInt8(SQLITE_UTF8)))
            } else {
                keep(
                    unsafe sqlite3_bind_blob64(
                        statement, value.column, start, UInt64(value.count), nil))
            }
        }
        if code == SQLITE_OK {
            let result = unsafe sqlite3_step(statement)
            if result == SQLITE_DONE {
                unsafe sqlite3_reset(statement)
                return
            }
            code = result
        }
        let error = failure("writing to \(schema[table].name)", code)
        unsafe sqlite3_reset(statement)
        throw error
    }

    private mutating func keep(_ result: Int32) {
        if result != SQLITE_OK && code == SQLITE_OK { code = result }
    }

    private func failure(_ operation: String, _ code: Int32) -> SQLiteError {
        let detail = unsafe String(cString: sqlite3_errmsg(connection))
        let extended = unsafe sqlite3_extended_errcode(connection)
        return SQLiteError(
            path: database.path, operation: operation,
            code: extended == SQLITE_OK ? code : extended,
            detail: detail, busySeconds: database.busySeconds)
    }
}
