// Each text of a recording once: names, groups, sides and roles repeat in every state, so an event
// carries a number and a sink can prepare a text's output form once.
//
// A state looks up six texts, so this is the decoder's busiest place: open addressing with linear
// probing over one array of numbers; a text's hash is kept, so that growing touches no text and a
// probe compares bytes only when the hashes agree.

import Values

/// The texts of a recording. Bytes are valid UTF-8 (repaired on the way in).
public struct TextTable: ~Copyable {
    static let transientBit: UInt32 = 1 << 31

    private var storage: [UInt8] = []
    /// Text n. Text 0 is empty.
    private var entries: [Entry]
    /// Numbers of texts by hash, a power of two of them; `free` where there is none.
    private var slots: [UInt32]
    private var transientStorage: [UInt8] = []
    private var transientEnds: [Int] = []
    private var repaired: [UInt8] = []
    /// A text that is being put together.
    private var built: [UInt8] = []

    private static let free = UInt32.max

    /// A text's bytes are `storage[start ..< start + count]`.
    private struct Entry {
        var start: Int
        var count: Int32
        var hash: UInt32
    }

    /// An empty table; it knows the empty text.
    public init() {
        let none: [UInt8] = []
        let hash = Self.hash(none.span)
        entries = [Entry(start: 0, count: 0, hash: hash)]
        slots = [UInt32](repeating: Self.free, count: 1024)
        slots[Int(hash) & 1023] = 0
    }

    /// How many texts there are (transient ones not counted); their numbers are `0 ..< count`.
    public var count: Int { entries.count }

    /// The number of a text, a new one when it was not there yet.
    public mutating func intern(_ bytes: Span<UInt8>) -> Text {
        let hash = Self.hash(bytes)
        let (number, slot) = find(bytes, hash)
        if let number { return Text(index: number) }
        if UTF8Text.isValid(bytes) { return insert(bytes, hash, at: slot) }
        var mended: [UInt8] = []
        swap(&mended, &repaired)
        mended.removeAll(keepingCapacity: true)
        UTF8Text.appendRepaired(bytes, to: &mended)
        let mendedHash = Self.hash(mended.span)
        let (known, mendedSlot) = find(mended.span, mendedHash)
        let text = known.map { Text(index: $0) } ?? insert(mended.span, mendedHash, at: mendedSlot)
        swap(&mended, &repaired)
        return text
    }

    /// The number of a text in which each doubled quote means one.
    mutating func intern(undoubling text: Span<UInt8>) -> Text {
        built.removeAll(keepingCapacity: true)
        ArgumentText.undouble(text, into: &built)
        return internBuilt()
    }

    /// Empties the text that is being put together.
    mutating func startBuilding() { built.removeAll(keepingCapacity: true) }

    /// Adds to the text that is being put together.
    mutating func build(_ literal: StaticString) { built.append(contentsOf: literal) }

    /// Adds to the text that is being put together.
    mutating func build(_ text: Text) {
        let entry = entries[Int(text.index)]
        for index in entry.start..<entry.start + Int(entry.count) { built.append(storage[index]) }
    }

    /// The number of the text that was put together.
    mutating func internBuilt() -> Text {
        var bytes: [UInt8] = []
        swap(&bytes, &built)
        let text = intern(bytes.span)
        swap(&bytes, &built)
        return text
    }

    /// A transient text in which each doubled quote means one.
    mutating func transient(undoubling text: Span<UInt8>) -> Text {
        var bytes: [UInt8] = []
        swap(&bytes, &built)
        bytes.removeAll(keepingCapacity: true)
        ArgumentText.undouble(text, into: &bytes)
        let result = transient(bytes.span)
        swap(&bytes, &built)
        return result
    }

    /// A text that is forgotten at the next `forgetTransients`.
    mutating func transient(_ bytes: Span<UInt8>) -> Text {
        if bytes.isEmpty { return .empty }
        let number = UInt32(truncatingIfNeeded: transientEnds.count)
        UTF8Text.appendRepaired(bytes, to: &transientStorage)
        transientEnds.append(transientStorage.count)
        return Text(index: number | Self.transientBit)
    }

    /// Called between two events.
    mutating func forgetTransients() {
        if transientEnds.isEmpty { return }
        transientStorage.removeAll(keepingCapacity: true)
        transientEnds.removeAll(keepingCapacity: true)
    }

    /// The bytes of a text of this table.
    @_lifetime(borrow self)
    public borrowing func bytes(of text: Text) -> Span<UInt8> {
        if text.isTransient {
            let number = Int(text.index & ~Self.transientBit)
            let start = number == 0 ? 0 : transientEnds[number - 1]
            return transientStorage.span.extracting(start..<transientEnds[number])
        }
        let entry = entries[Int(text.index)]
        return storage.span.extracting(entry.start..<entry.start + Int(entry.count))
    }

    /// A text of this table as a `String`.
    public borrowing func string(_ text: Text) -> String {
        let bytes = bytes(of: text).array
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The number of a text that is there, or the slot where it belongs.
    private borrowing func find(_ bytes: Span<UInt8>, _ hash: UInt32) -> (UInt32?, Int) {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while true {
            let number = slots[slot]
            if number == Self.free { return (nil, slot) }
            let entry = entries[Int(number)]
            if entry.hash == hash, Int(entry.count) == bytes.count {
                let known = storage.span.extracting(entry.start..<entry.start + bytes.count)
                if known.elementsEqual(bytes) { return (number, slot) }
            }
            slot = (slot + 1) & mask
        }
    }

    private mutating func insert(_ bytes: Span<UInt8>, _ hash: UInt32, at slot: Int) -> Text {
        let number = UInt32(truncatingIfNeeded: entries.count)
        // A text is part of a record, and a record is far smaller than 2 GiB.
        entries.append(
            Entry(
                start: storage.count, count: Int32(truncatingIfNeeded: bytes.count), hash: hash))
        storage.append(contentsOf: bytes)
        slots[slot] = number
        if entries.count * 2 > slots.count { grow() }
        return Text(index: number)
    }

    private mutating func grow() {
        var larger = [UInt32](repeating: Self.free, count: slots.count * 2)
        let mask = larger.count - 1
        for number in entries.indices {
            var slot = Int(entries[number].hash) & mask
            while larger[slot] != Self.free { slot = (slot + 1) & mask }
            larger[slot] = UInt32(truncatingIfNeeded: number)
        }
        slots = larger
    }

    /// A hash of a text that is the same in every table.
    borrowing func longHash(of text: Text) -> UInt64 { Self.longHash(bytes(of: text)) }

    private static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        let long = longHash(bytes)
        return UInt32(truncatingIfNeeded: long ^ long >> 32)
    }

    /// Eight bytes at a time, multiplied and folded.
    static func longHash(_ bytes: Span<UInt8>) -> UInt64 {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: bytes.count)
        let raw = unsafe bytes.bytes
        var index = 0
        while raw.byteCount - index >= 8 {
            // Eight bytes are left of this text, and any eight bytes are a number.
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            state = mix(state ^ word)
            index += 8
        }
        if index < bytes.count {
            var word: UInt64 = 0
            while index < bytes.count {
                word = word << 8 | UInt64(bytes[index])
                index += 1
            }
            state = mix(state ^ word)
        }
        return state
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}
