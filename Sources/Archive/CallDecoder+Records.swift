// A record of a segment as an archive has it: a call, or another record.

import Segments
import WAL

extension CallDecoder {
    /// Hands a record over as what it is: a call, or another record.
    public mutating func forEach<Failure: Error>(
        _ record: borrowing Record, _ anchor: ClockAnchor,
        call: (borrowing Call) throws(Failure) -> Void,
        other: (borrowing OtherRecord) throws(Failure) -> Void
    ) throws(Failure) {
        try read(record, anchor, from: 0, call)
        guard !record.isCall else { return }
        try other(
            OtherRecord(
                sequence: record.sequence, time: anchor.wallTime(of: record.monotonic),
                kind: record.kind, flags: record.flags, payload: record.payload))
    }
}
