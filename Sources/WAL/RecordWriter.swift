// Appends records to one mapped segment: the innermost part of the call path. No allocation, no lock,
// no system call; the caller (Segments' LogWriter) holds the producer lock and moves on to the next
// segment when a record does not fit.
//
// Order of the stores, which a reader in another thread or process relies on:
//   1. length word, claimed: from here on a crash shows as "a record of N bytes was under way";
//   2. header fields, payload, CRC;
//   3. length word, committed, with release ordering: whoever loads it with acquire sees 2.
// x86-64 keeps stores in order; the release store keeps the compiler from moving them.

import CPlatform

/// The fields of one call as the game passed them: C texts, valid during the call only.
@unsafe
public struct CallFields {
    /// A first field in front of the arguments (the name of a named call, a string call's text).
    let first: UnsafePointer<CChar>?
    let arguments: UnsafePointer<UnsafePointer<CChar>?>?
    let argumentCount: Int

    /// `arguments` holds `argumentCount` pointers; nil ones count as empty texts.
    @inline(__always)
    public init(
        first: UnsafePointer<CChar>?, arguments: UnsafePointer<UnsafePointer<CChar>?>?,
        argumentCount: Int
    ) {
        unsafe self.first = first
        unsafe self.arguments = arguments
        unsafe self.argumentCount = argumentCount
    }

    @inline(__always)
    var count: Int { unsafe argumentCount &+ (first == nil ? 0 : 1) }
}

/// Room for the lengths of one call's arguments between measuring and copying, so that no text is
/// measured twice. The engine's own limit is 2,048 arguments; what is beyond is measured again.
@safe
public struct LengthScratch: ~Copyable {
    static let capacity = 2_048
    let lengths: UnsafeMutablePointer<UInt32>

    /// Allocates; done once, at load.
    public init() {
        unsafe lengths = .allocate(capacity: Self.capacity)
        unsafe lengths.initialize(repeating: 0, count: Self.capacity)
    }

    deinit { unsafe lengths.deallocate() }
}

/// Writes records into `[offset, limit)` of a mapped segment.
///
/// Invariants: `base` is mapped writable for at least `limit` bytes while this value is used;
/// `offset` is a multiple of 8 and `headerSize <= offset <= limit`; all bytes from `offset` on are
/// zero; one thread at a time calls.
@safe
public struct RecordWriter {
    private let base: UnsafeMutableRawPointer
    /// Where the next record goes.
    public private(set) var offset: Int
    /// End of the room for records.
    public let limit: Int
    private let salt: UInt32
    /// CRC of the last record written here, for the next segment's header.
    public private(set) var lastCRC: UInt32 = 0

    /// A writer at the start of a fresh segment of `capacity` bytes, behind its header page.
    public init(base: UnsafeMutableRawPointer, capacity: Int, salt: UInt32) {
        unsafe self.base = base
        offset = SegmentLayout.headerSize
        limit = capacity &- SegmentLayout.footerSize
        self.salt = salt
    }

    /// The largest payload that a segment of `capacity` bytes can hold beside `reserved` bytes of
    /// other records.
    public static func largestPayload(capacity: Int, reserved: Int) -> Int {
        capacity - SegmentLayout.headerSize - SegmentLayout.footerSize - reserved
            - RecordLayout.headerSize - RecordLayout.alignment
    }

    /// Payload bytes of a call: each field and its NUL. Fills the scratch.
    @inline(__always)
    public static func measure(_ fields: CallFields, _ scratch: borrowing LengthScratch) -> Int {
        // A text has at most 2^47 bytes and there are at most 2^31 of them: no overflow.
        var total = unsafe bb_measure_texts(
            fields.arguments, UInt64(truncatingIfNeeded: fields.argumentCount), scratch.lengths,
            UInt64(LengthScratch.capacity))
        if let first = unsafe fields.first { total &+= unsafe bb_text_length(first) &+ 1 }
        return Int(truncatingIfNeeded: total)
    }

    /// Whether a record with that payload fits here.
    @inline(__always)
    public func fits(_ payload: Int) -> Bool {
        // `limit - offset` is never negative; padding adds at most 7.
        payload <= limit &- offset &- RecordLayout.headerSize &- RecordLayout.alignment
    }

    /// Appends a call. The caller has measured it (`payload`) and knows that it `fits`.
    @inline(__always)
    public mutating func append(
        _ fields: CallFields, payload: Int, scratch: borrowing LengthScratch, kind: UInt16,
        flags: UInt16, sequence: UInt64, time: UInt64
    ) {
        let length = RecordLayout.headerSize &+ payload
        let count = unsafe fields.count
        claim(length, kind, flags, sequence, time, count)
        var place = unsafe base + offset + RecordLayout.headerSize
        if let first = unsafe fields.first {
            let size = unsafe Int(bb_text_length(first))
            // The NUL is the zero that is there already.
            unsafe place.copyMemory(from: first, byteCount: size)
            unsafe place += size + 1
        }
        // The zeros that it may write behind the record: the footer's room is behind the last one.
        unsafe bb_copy_texts(
            place, fields.arguments, UInt64(truncatingIfNeeded: fields.argumentCount),
            scratch.lengths, UInt64(LengthScratch.capacity))
        commit(length)
    }

    /// Appends a record of our own, of `payloadCount` bytes at `payload`. The caller knows that it
    /// `fits`.
    public mutating func append(
        payload: UnsafeRawPointer, payloadCount: Int, kind: UInt16, count: Int, sequence: UInt64,
        time: UInt64
    ) {
        precondition(fits(payloadCount), "the caller checks for room")
        let length = RecordLayout.headerSize + payloadCount
        claim(length, kind, 0, sequence, time, count)
        unsafe (base + offset + RecordLayout.headerSize).copyMemory(
            from: payload, byteCount: payloadCount)
        commit(length)
    }

    @inline(__always)
    private func claim(
        _ length: Int, _ kind: UInt16, _ flags: UInt16, _ sequence: UInt64, _ time: UInt64,
        _ count: Int
    ) {
        let record = unsafe base + offset
        unsafe bb_store_release_32(
            record,
            (UInt32(truncatingIfNeeded: length) | RecordLayout.claimedBit).littleEndian)
        unsafe record.storeBytes(
            of: sequence.littleEndian, toByteOffset: RecordLayout.sequenceOffset, as: UInt64.self)
        unsafe record.storeBytes(
            of: time.littleEndian, toByteOffset: RecordLayout.timeOffset, as: UInt64.self)
        unsafe record.storeBytes(
            of: kind.littleEndian, toByteOffset: RecordLayout.kindOffset, as: UInt16.self)
        unsafe record.storeBytes(
            of: flags.littleEndian, toByteOffset: RecordLayout.flagsOffset, as: UInt16.self)
        unsafe record.storeBytes(
            of: UInt32(truncatingIfNeeded: count).littleEndian,
            toByteOffset: RecordLayout.countOffset, as: UInt32.self)
    }

    @inline(__always)
    private mutating func commit(_ length: Int) {
        let record = unsafe base + offset
        let padded = RecordLayout.padded(length)
        // The CRC covers the length as it will stand, and all behind the CRC itself, padding included.
        var word = UInt32(truncatingIfNeeded: length).littleEndian
        var crc = unsafe bb_crc32c(salt, &word, 4)
        crc = unsafe bb_crc32c(
            crc, record + RecordLayout.sequenceOffset,
            UInt64(truncatingIfNeeded: padded &- RecordLayout.sequenceOffset))
        unsafe record.storeBytes(
            of: crc.littleEndian, toByteOffset: RecordLayout.crcOffset, as: UInt32.self)
        unsafe bb_store_release_32(record, word)
        offset &+= padded
        lastCRC = crc
    }
}
