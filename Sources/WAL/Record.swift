// A record as the scan hands it out.

/// One record of a log, borrowed from its segment: valid only during the body it is handed to.
public struct Record: ~Escapable {
    /// Unique and rising by one within a log, from 1.
    public let sequence: UInt64
    /// Nanoseconds of the writer's monotonic clock.
    public let monotonic: UInt64
    /// A `RecordKind`, or a command's number.
    public let kind: UInt16
    /// `RecordFlags`.
    public let flags: UInt16
    /// Number of fields of a call, of entries in a dictionary.
    public let count: Int
    /// Where it stands in its segment.
    public let offset: Int
    /// CRC as stored (and checked).
    public let crc: UInt32
    /// Whether it stands behind a hole of its segment, above what was durable.
    public let isBehindHole: Bool
    /// Everything behind the header, without the padding.
    public let payload: Span<UInt8>

    @_lifetime(copy payload)
    init(
        sequence: UInt64, monotonic: UInt64, kind: UInt16, flags: UInt16, count: Int, offset: Int,
        crc: UInt32, isBehindHole: Bool, payload: Span<UInt8>
    ) {
        self.sequence = sequence
        self.monotonic = monotonic
        self.kind = kind
        self.flags = flags
        self.count = count
        self.offset = offset
        self.crc = crc
        self.isBehindHole = isBehindHole
        self.payload = payload
    }

    /// Whether this is a call of the game.
    public var isCall: Bool { kind == RecordKind.namedCall || kind >= RecordKind.firstCommand }
}
