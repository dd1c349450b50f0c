// From record to record in bytes that were read from a segment: for consumers that follow a log while it
// is written and need no verdict on it (`SegmentScan` gives that).

import CPlatform

/// Why a walk ended.
public enum WalkEnd: Equatable, Sendable {
    /// No whole record stands here: nothing is written yet, the segment ends, or there is damage.
    case noRecord
    /// A record begins here that takes so many bytes: more than there are.
    case cut(byteCount: Int)
    /// `body` had enough.
    case stopped
}

extension RawBytes {
    /// Hands out the whole records from `offset` on and moves it behind them. `body` gets sequence
    /// number, kind and payload; when it answers false the walk ends in front of that record.
    public func walk(
        _ offset: inout Int, salt: UInt32,
        _ body: (_ sequence: UInt64, _ kind: UInt16, _ payload: Span<UInt8>) -> Bool
    ) -> WalkEnd {
        while unsafe count - offset >= RecordLayout.headerSize {
            let word = unsafe lengthWord(offset)
            guard word >= UInt32(RecordLayout.headerSize), word <= RecordLayout.lengthMask else {
                return .noRecord
            }
            let padded = RecordLayout.padded(Int(word))
            guard unsafe padded <= count - offset else { return .cut(byteCount: padded) }
            guard unsafe isWhole(offset, word, padded, salt: salt) else { return .noRecord }
            let payload = unsafe Span<UInt8>(
                _unsafeStart: (base + offset + RecordLayout.headerSize).assumingMemoryBound(
                    to: UInt8.self), count: Int(word) - RecordLayout.headerSize)
            let sequence = unsafe load(offset + RecordLayout.sequenceOffset, as: UInt64.self)
            let kind = unsafe load(offset + RecordLayout.kindOffset, as: UInt16.self)
            guard body(sequence, kind, payload) else { return .stopped }
            offset += padded
        }
        return .cut(byteCount: RecordLayout.headerSize)
    }

    /// Whether the record with that length word, `padded` bytes long, has its right checksum.
    @inline(__always)
    func isWhole(_ offset: Int, _ word: UInt32, _ padded: Int, salt: UInt32) -> Bool {
        var stored = word.littleEndian
        let seed = unsafe bb_crc32c(salt, &stored, 4)
        let found = unsafe crc(
            seed, offset + RecordLayout.sequenceOffset, padded - RecordLayout.sequenceOffset)
        return unsafe found == load(offset + RecordLayout.crcOffset, as: UInt32.self)
    }
}
