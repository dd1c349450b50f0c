// A record of the log that is no call (a mark, a loss, a clock anchor, a dictionary entry), as an
// archive keeps it: kind, flags and payload as they stood in the segment.

/// Borrowed: valid only as long as the bytes it was made of.
public struct OtherRecord: ~Escapable {
    /// Sequence number of the record.
    public let sequence: UInt64
    /// UTC nanoseconds since 1970.
    public let time: Int64
    /// The record's kind (docs/formats/log.md).
    public let kind: UInt16
    /// The record's flags.
    public let flags: UInt16
    /// The payload as it stood in the segment.
    public let payload: Span<UInt8>

    /// All fields.
    @_lifetime(copy payload)
    public init(sequence: UInt64, time: Int64, kind: UInt16, flags: UInt16, payload: Span<UInt8>) {
        self.sequence = sequence
        self.time = time
        self.kind = kind
        self.flags = flags
        self.payload = payload
    }
}
