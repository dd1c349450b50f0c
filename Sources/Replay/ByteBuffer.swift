// Growable bytes: what records are encoded into on their way to the spill store, and what the
// document is written into on its way to the file.

/// Growable bytes with one owner.
///
/// What the `unsafe` below rests on: `base` points at `capacity` bytes that this value alone owns and
/// frees; the first `count` of them are written; nothing is stored without a `reserve` before it.
@safe
struct ByteBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// How many bytes have been put in.
    private(set) var count = 0

    init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    /// The bytes put in so far.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets the bytes, keeps the room.
    mutating func clear() { count = 0 }

    /// Cuts back to the first `newCount` bytes.
    mutating func truncate(to newCount: Int) { count = min(count, max(newCount, 0)) }

    /// Forgets the first `removed` bytes and moves the rest to the front.
    mutating func removeFirst(_ removed: Int) {
        let kept = max(count - removed, 0)
        unsafe base.update(from: base + (count - kept), count: kept)
        count = kept
    }

    /// Makes room for `extra` more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    @inline(never)
    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe moved.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(_ bytes: Span<UInt8>) {
        let added = bytes.count
        reserve(added)
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + count).update(from: start, count: added)
        }
        count += added
    }

    /// A part of another buffer.
    mutating func put(_ range: Range<Int>, of other: borrowing ByteBuffer) {
        put(other.bytes.extracting(range))
    }

    /// An ASCII literal.
    @inline(__always)
    mutating func put(_ literal: StaticString) {
        let added = literal.utf8CodeUnitCount
        reserve(added)
        unsafe (base + count).update(from: literal.utf8Start, count: added)
        count += added
    }

    /// The UTF-8 of a text.
    mutating func put(text: String) {
        for byte in text.utf8 { put(byte) }
    }

    // MARK: Numbers of a record, little-endian

    @inline(__always)
    mutating func put<Number: FixedWidthInteger>(number: Number) {
        let size = MemoryLayout<Number>.size
        reserve(size)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(
            of: number.littleEndian, as: Number.self)
        count += size
    }

    /// 7 bits a byte, lowest first, the top bit set on all but the last.
    @inline(__always)
    mutating func put(varint value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            unsafe base[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        unsafe base[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    /// A whole number that may be negative, small for small amounts either way.
    mutating func put(signed value: Int64) {
        put(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    // MARK: Filling from a file

    /// Makes the content `count` bytes long and lets `fill` write them, as many as it returns.
    mutating func fill<Failure: Error>(
        _ count: Int, _ fill: (UnsafeMutableRawPointer) throws(Failure) -> Int
    ) throws(Failure) {
        clear()
        reserve(count)
        let filled = unsafe try fill(UnsafeMutableRawPointer(base))
        precondition(filled <= count, "more bytes than there was room for")
        self.count = filled
    }

    /// Hands the bytes to `body` as C wants them.
    borrowing func withPointer<Result, Failure: Error>(
        _ body: (UnsafeRawPointer, Int) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(UnsafeRawPointer(base), count)
    }

    /// Adds the bytes to the end of an array.
    borrowing func append(to array: inout [UInt8]) {
        unsafe array.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
    }
}

/// Reads numbers back out of bytes that a `ByteBuffer` encoded. Past the end everything reads as 0
/// and `isValid` turns false: a damaged spill file is noticed and can't harm.
struct ByteCursor: ~Escapable {
    private let bytes: Span<UInt8>
    private(set) var offset = 0
    private(set) var isValid = true

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var isAtEnd: Bool { offset >= bytes.count }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func byte() -> UInt8 {
        guard offset < bytes.count else {
            isValid = false
            return 0
        }
        defer { offset += 1 }
        return bytes[offset]
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - offset >= size else {
            isValid = false
            offset = bytes.count
            return 0
        }
        let raw = unsafe bytes.bytes
        let value = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self)
        offset += size
        return Number(littleEndian: value)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func varint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = byte()
            value |= UInt64(next & 0x7F) &<< shift
            if next < 0x80 { return value }
            shift += 7
        }
        isValid = false
        return 0
    }

    @_lifetime(self: copy self)
    mutating func signed() -> Int64 {
        let value = varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
