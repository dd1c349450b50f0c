// The one way that this module reads and writes multi-byte fields: little-endian, at any alignment,
// inside a range that the caller has checked.

import CPlatform

/// A borrowed range of memory: a mapping, a buffer. Invariant: `base` is readable for `count` bytes as
/// long as the owner (segment map, buffer) lives; whoever makes one keeps the owner alive around its
/// use. Offsets are checked by `precondition` (our own arithmetic; offsets from disk are checked
/// against `count` by the scan before they come here).
@unsafe
public struct RawBytes {
    let base: UnsafeRawPointer
    /// How many bytes are readable.
    public let count: Int

    /// A view of `count` bytes at `base`.
    public init(base: UnsafeRawPointer, count: Int) {
        unsafe self.base = base
        unsafe self.count = count
    }

    @inline(__always)
    func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as: Value.Type) -> Value {
        unsafe precondition(offset >= 0 && offset <= count - MemoryLayout<Value>.size)
        return unsafe Value(
            littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The length word at `offset`, as another thread or process may be writing it.
    @inline(__always)
    func lengthWord(_ offset: Int) -> UInt32 {
        unsafe precondition(offset >= 0 && offset <= count - 4)
        return unsafe UInt32(littleEndian: bb_load_acquire_32(base + offset))
    }

    @inline(__always)
    func crc(_ seed: UInt32, _ offset: Int, _ byteCount: Int) -> UInt32 {
        unsafe precondition(offset >= 0 && byteCount >= 0 && offset <= count - byteCount)
        return unsafe bb_crc32c(seed, base + offset, UInt64(byteCount))
    }

    func copy(_ offset: Int, _ byteCount: Int) -> [UInt8] {
        unsafe precondition(offset >= 0 && byteCount >= 0 && offset <= count - byteCount)
        return unsafe Array(UnsafeRawBufferPointer(start: base + offset, count: byteCount))
    }

    /// Whether all of `[offset, end)` is zero.
    func isZero(_ offset: Int, _ end: Int) -> Bool {
        unsafe precondition(offset >= 0 && end <= count)
        return unsafe firstNonZero(offset, end) == nil
    }

    /// Offset of the first byte of `[offset, end)` that is not zero, rounded down to 8.
    func firstNonZero(_ offset: Int, _ end: Int) -> Int? {
        var at = offset
        while at & 7 != 0, at < end {
            if unsafe load(at, as: UInt8.self) != 0 { return at & ~7 }
            at += 1
        }
        // 64 bytes a step: a segment's empty rest is megabytes.
        while at <= end - 64 {
            var seen: UInt64 = 0
            for step in 0..<8 {
                seen |= unsafe base.loadUnaligned(
                    fromByteOffset: at + step * 8, as: UInt64.self)
            }
            if seen != 0 { break }
            at += 64
        }
        while at < end {
            if unsafe load(at, as: UInt8.self) != 0 { return at & ~7 }
            at += 1
        }
        return nil
    }
}

/// Bytes being made for the disk: a header page, a footer, a tail-file entry.
struct ByteBlock {
    private(set) var bytes: [UInt8]

    init(count: Int) { bytes = [UInt8](repeating: 0, count: count) }

    mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        for index in 0..<(Value.bitWidth / 8) {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> Value(index * 8))
        }
    }

    mutating func put(_ content: [UInt8], at offset: Int, limit: Int) {
        for index in 0..<min(content.count, limit) { bytes[offset + index] = content[index] }
    }

    func crc(_ seed: UInt32, _ range: Range<Int>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return seed }
            return unsafe RawBytes(base: base, count: buffer.count)
                .crc(seed, range.lowerBound, range.count)
        }
    }
}

extension RawBytes {
    /// Size in the segment and sequence number of the committed record at `offset`, without checking
    /// its CRC: for the process that wrote it. Nil when none is committed there.
    public func record(_ offset: Int) -> (byteCount: Int, sequence: UInt64)? {
        guard unsafe offset <= count - RecordLayout.headerSize else { return nil }
        let word = unsafe lengthWord(offset)
        guard word >= UInt32(RecordLayout.headerSize), word <= RecordLayout.lengthMask else {
            return nil
        }
        let padded = RecordLayout.padded(Int(word))
        guard unsafe padded <= count - offset else { return nil }
        return unsafe (padded, load(offset + RecordLayout.sequenceOffset, as: UInt64.self))
    }

    /// CRC of all records, for the footer.
    public func contentCRC(_ salt: UInt32, end: Int) -> UInt32 {
        unsafe crc(salt, SegmentLayout.headerSize, end - SegmentLayout.headerSize)
    }
}

extension RawBytes {
    /// A copy of the first `end` bytes.
    public func prefix(_ end: Int) -> [UInt8] { unsafe copy(0, min(end, count)) }
}
