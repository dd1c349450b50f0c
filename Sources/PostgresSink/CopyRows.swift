// Rows as COPY's binary format has them, gathered for each table and passed on by the megabyte to
// `CopyWriter`, which sends them meanwhile.
//
// Each COPY is two waits for the server's answer, and on a busy machine a wait is milliseconds. So a table
// with few rows is not sent with the others: its rows wait until there are more of them, or until rows come
// that refer to them.

import Compactor

/// The rows of one transaction.
struct CopyRows: ~Copyable, RowTarget {
    typealias Failure = PostgresError

    private let writer: CopyWriter
    private let schema: Schema
    private let types: [[ColumnType]]
    /// For each table those whose rows must be there before its own.
    private let parents: [[Int]]
    /// For each table rows that are new, then rows that may be there.
    private var buffers: [[UInt8]]
    /// The recording may have rows in the tables that are overwritten: its new ones replace them.
    var overwrites = false
    private let isOverwritten: [Bool]
    private var bufferedBytes = 0
    private var replacingCount: UInt64 = 0
    /// The row under way.
    private var row: [UInt8] = []
    private var table = TableID.worlds
    private var isReplacing = false
    private var column = 0
    private var numeric = BinaryNumeric()
    private var json = JSONBText()

    /// All buffers together.
    static let limitBytes = 8 << 20
    /// A table's rows wait for more below this; so those that wait are less than half of the limit.
    private static let worthwhileBytes = 128 << 10

    init(_ connection: PostgresConnection, schema: Schema) {
        writer = CopyWriter(connection, schema: schema)
        self.schema = schema
        types = schema.tables.map { $0.columns.map(\.type) }
        parents = schema.tables.map { schema.parents(of: $0) }
        isOverwritten = schema.tables.map(\.isOverwritten)
        buffers = [[UInt8]](repeating: [], count: 2 * schema.tables.count)
        row.reserveCapacity(4096)
    }

    /// Nobody sends when the connection is used for something else.
    deinit { discard() }

    /// What was passed on and not sent yet is forgotten.
    func discard() { writer.discard() }

    /// Forgets everything: a new transaction can begin.
    mutating func reset() {
        writer.discard()
        for place in buffers.indices { buffers[place].removeAll(keepingCapacity: true) }
        bufferedBytes = 0
        replacingCount = 0
    }

    // MARK: A row

    mutating func beginRow(_ table: TableID, replacing: Bool) {
        self.table = table
        isReplacing = replacing || overwrites && isOverwritten[table.rawValue]
        column = 0
        row.removeAll(keepingCapacity: true)
        append(UInt16(clamping: types[table.rawValue].count + (isReplacing ? 1 : 0)))
    }

    mutating func null() {
        column += 1
        append(UInt32.max)
    }

    mutating func integer(_ value: Int64) {
        switch nextType() {
        case .smallint:
            append(UInt32(2))
            append(UInt16(bitPattern: Int16(clamping: value)))
        case .integer:
            append(UInt32(4))
            append(UInt32(bitPattern: Int32(clamping: value)))
        default:
            append(UInt32(8))
            append(UInt64(bitPattern: value))
        }
    }

    mutating func real(_ value: Double) {
        if nextType() == .decimal {
            numeric.make(value)
            let bytes = numeric.bytes
            appendField(bytes.span)
        } else {
            append(UInt32(8))
            append(value.bitPattern)
        }
    }

    mutating func boolean(_ value: Bool) {
        column += 1
        append(UInt32(1))
        row.append(value ? 1 : 0)
    }

    mutating func time(_ nanoseconds: Int64) {
        column += 1
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
        let microseconds = remainder < 0 ? quotient - 1 : quotient
        append(UInt32(8))
        append(UInt64(bitPattern: microseconds - Self.epochMicroseconds))
    }

    /// PostgreSQL counts from 2000-01-01.
    private static let epochMicroseconds: Int64 = 946_684_800_000_000

    mutating func text(_ bytes: Span<UInt8>) {
        if nextType() == .json {
            json.make(bytes)
            append(UInt32(clamping: json.bytes.count + 1))
            row.append(1)
            row.append(contentsOf: json.bytes)
        } else if Self.holdsZero(bytes) {
            var mended: [UInt8] = []
            for index in bytes.indices {
                if bytes[index] == 0 {
                    mended += [0xEF, 0xBF, 0xBD]
                } else {
                    mended.append(bytes[index])
                }
            }
            appendField(mended.span)
        } else {
            appendField(bytes)
        }
    }

    /// A text of PostgreSQL's can't hold U+0000; a mission's name, which came as JSON, can.
    private static func holdsZero(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] == 0 { return true }
        return false
    }

    mutating func bytes(_ bytes: Span<UInt8>) {
        column += 1
        appendField(bytes)
    }

    mutating func endRow() throws(PostgresError) {
        precondition(
            column == types[table.rawValue].count,
            "a row of \(schema[table].name) has \(column) values")
        if isReplacing {
            // The order of the rows: the last one of a key wins.
            replacingCount += 1
            append(UInt32(8))
            append(replacingCount)
        }
        buffers[2 * table.rawValue + (isReplacing ? 1 : 0)].append(contentsOf: row)
        bufferedBytes += row.count
        if bufferedBytes >= Self.limitBytes { try passOn(worthwhileTables()) }
    }

    private mutating func nextType() -> ColumnType {
        let types = types[table.rawValue]
        precondition(column < types.count, "a row of \(schema[table].name) has too many values")
        column += 1
        return types[column - 1]
    }

    @inline(__always)
    private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe row.append(contentsOf: $0) }
    }

    private mutating func appendField(_ bytes: Span<UInt8>) {
        append(UInt32(clamping: bytes.count))
        unsafe bytes.withUnsafeBufferPointer { unsafe row.append(contentsOf: $0) }
    }

    // MARK: To the server

    /// Sends everything that is gathered, and waits until the server has it. Until then the connection is
    /// the writer's.
    mutating func flush() throws(PostgresError) {
        try passOn(Array(types.indices))
        try writer.finish()
    }

    /// The tables with many rows, and those that these rows refer to.
    private func worthwhileTables() -> [Int] {
        var isWanted = [Bool](repeating: false, count: types.count)
        for table in types.indices
        where buffers[2 * table].count + buffers[2 * table + 1].count >= Self.worthwhileBytes {
            isWanted[table] = true
            for parent in parents[table] { isWanted[parent] = true }
        }
        return types.indices.filter { isWanted[$0] }
    }

    private mutating func passOn(_ tables: [Int]) throws(PostgresError) {
        try writer.send(&buffers, of: tables)
        bufferedBytes = buffers.reduce(0) { $0 + $1.count }
    }
}

extension Schema {
    /// Places of the tables that this one refers to, and of those that they do. `missions` is none of them:
    /// the recording's row is there before any other.
    fileprivate func parents(of table: Table) -> [Int] {
        var found: Set<Int> = []
        for reference in postgresReferences(of: table) where reference.table != "missions" {
            guard let place = tables.firstIndex(where: { $0.name == reference.table }) else {
                continue
            }
            found.insert(place)
            found.formUnion(parents(of: tables[place]))
        }
        return found.sorted()
    }
}
