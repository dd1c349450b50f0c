// Where rows go: SQLite's prepared statements, PostgreSQL's copy buffers, a test's list. `RowMapper`
// makes the rows, so that both engines hold the same ones.

/// Takes rows, value by value, in the order of the table's columns.
public protocol RowTarget: ~Copyable {
    associatedtype Failure: Error
    /// Begins a row. `replacing`: a row with this key may be there already, and gets these values
    /// (rows that refer to it stay).
    mutating func beginRow(_ table: TableID, replacing: Bool)
    mutating func null()
    mutating func integer(_ value: Int64)
    /// Always finite.
    mutating func real(_ value: Double)
    mutating func boolean(_ value: Bool)
    /// UTC nanoseconds since 1970.
    mutating func time(_ nanoseconds: Int64)
    /// Valid UTF-8, for columns of type text and json.
    mutating func text(_ bytes: Span<UInt8>)
    /// For columns of type wkb.
    mutating func bytes(_ bytes: Span<UInt8>)
    mutating func endRow() throws(Failure)
}

// Always inlined: the mapper of another module's target is not specialised for it, and would otherwise
// convert each number through the protocol's tables, a microsecond a row.
extension RowTarget where Self: ~Copyable {
    mutating func text(_ string: String) {
        text(Array(string.utf8).span)
    }

    /// NULL for the empty text.
    mutating func textOrNull(_ bytes: Span<UInt8>) {
        if bytes.isEmpty { null() } else { text(bytes) }
    }

    @inline(__always)
    mutating func integer<Value: BinaryInteger>(_ value: Value?) {
        if let value { integer(Int64(clamping: value)) } else { null() }
    }

    @inline(__always)
    mutating func integer<Value: BinaryInteger>(_ value: Value) {
        integer(Int64(clamping: value))
    }

    @inline(__always)
    mutating func real(_ value: Float) { real(Double(value)) }
}
