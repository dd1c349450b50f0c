// What the tests of the framing share: a small segment as the plug-in writes it, and a scan of bytes.

import FaultHarness
import Testing

@testable import WAL

/// A record as a scan handed it out.
struct ScannedRecord: Equatable {
    var sequence: UInt64
    var kind: UInt16
    var flags: UInt16
    var count: Int
    var offset: Int
    var payload: [UInt8]
}

extension [UInt8] {
    /// The bytes as the readers take them; valid during `body`.
    func withRaw<Result>(_ body: (RawBytes) -> Result) -> Result {
        // An empty array may have no address.
        let bytes = isEmpty ? [0] : self
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("it has a byte") }
            return unsafe body(RawBytes(base: base, count: count))
        }
    }

    /// These bytes with others put over them.
    func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        Wound.patch(offset, bytes).applied(to: self)
    }
}

/// Goes through the records behind the header page of `bytes`.
func scan(
    _ bytes: [UInt8], _ header: SegmentHeader
) -> (records: [ScannedRecord], findings: SegmentFindings) {
    bytes.withRaw { raw in
        var records: [ScannedRecord] = []
        var scan = unsafe SegmentScan(raw, header: header)
        scan.run { (record: borrowing Record) throws(Never) in
            let payload = record.payload
            records.append(
                ScannedRecord(
                    sequence: record.sequence, kind: record.kind, flags: record.flags,
                    count: record.count, offset: record.offset,
                    payload: payload.indices.map { payload[$0] }))
        }
        return (records, scan.findings)
    }
}

/// The header page of `bytes`.
func header(_ bytes: [UInt8]) throws -> SegmentHeader {
    let verdict = bytes.withRaw { unsafe SegmentHeader.decode($0) }
    guard case .header(let header) = verdict else {
        Issue.record("no header: \(verdict)")
        throw CancellationError()
    }
    return header
}

/// A segment of a few short calls.
struct SmallSegment {
    let bytes: [UInt8]
    let truth: [TrueRecord]
    let header: SegmentHeader
    /// Where the records end.
    var end: Int { truth.last?.end ?? SegmentLayout.headerSize }

    init(calls: Int = 6, closed: Bool) throws {
        var forge = Forge(seed: 7)
        for number in 0..<calls {
            forge.call(65, [Array("argument".utf8), Array("\(number)".utf8), []])
        }
        let specimen = forge.specimen(closed: closed)
        bytes = specimen.segments[0]
        truth = specimen.truth
        header = try WALTests.header(bytes)
    }

    /// Sequence numbers of all records but one.
    func sequences(without lost: TrueRecord?) -> [UInt64] {
        truth.map(\.sequence).filter { $0 != lost?.sequence }
    }
}
