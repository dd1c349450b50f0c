// The arguments of one call, found once and then read by the rules of docs/formats/commands.md.
// Borrowed from the log: nothing here allocates or copies.

import Values

/// The arguments of one call, each readable as the kind of value that the command wants there.
struct Arguments: ~Copyable, ~Escapable {
    /// No command reads more; further arguments are counted but not looked for.
    private static let limit = 20

    private let bytes: Span<UInt8>
    /// Argument n ends before this byte (a NUL); it begins behind the end of argument n − 1.
    /// Invariant: the first min(count, 20) of them rise and lie within `bytes`.
    private var ends = InlineArray<20, Int32>(repeating: 0)
    /// How many there are.
    let count: Int
    /// By the reference's rules.
    let isStrict: Bool

    /// `bytes` holds `count` arguments with a NUL behind each. (A record that says otherwise has
    /// only as many as there are NULs.)
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, count: Int, isStrict: Bool) {
        self.bytes = bytes
        self.isStrict = isStrict
        let wanted = min(count, Self.limit)
        var found = 0
        var index = 0
        let raw = unsafe bytes.bytes
        // Eight bytes at a time: a state's arguments are some 120 bytes.
        while found < wanted, raw.byteCount - index >= 8 {
            // Eight bytes are left, and any eight bytes are a number.
            let loaded = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let word = UInt64(littleEndian: loaded)
            // Exact for every byte: the high bit is set where the byte is 0.
            var marks =
                ~(((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | word)
                & 0x8080_8080_8080_8080
            while marks != 0, found < wanted {
                ends[found] = Int32(truncatingIfNeeded: index + marks.trailingZeroBitCount >> 3)
                found += 1
                marks &= marks - 1
            }
            index += 8
        }
        while found < wanted, index < bytes.count {
            if bytes[index] == 0 {
                ends[found] = Int32(truncatingIfNeeded: index)
                found += 1
            }
            index += 1
        }
        self.count = found < wanted ? found : count
    }

    /// Fails when there are fewer than `needed` (at most 20).
    func require(_ needed: Int) throws(RejectReason) {
        if count < needed { throw .tooFewArguments(count: count, needed: needed) }
    }

    /// The argument exactly as passed; empty when there is none.
    @inline(__always)
    @_lifetime(copy self)
    func raw(_ index: Int) -> Span<UInt8> {
        guard index < count, index < Self.limit else { return bytes.extracting(0..<0) }
        let start = index == 0 ? 0 : Int(ends[index - 1]) + 1
        // The invariant above holds for both bounds.
        return unsafe bytes.extracting(
            unchecked: Range(uncheckedBounds: (start, Int(ends[index]))))
    }

    /// The argument without the quotes around it, if there are any.
    @_lifetime(copy self)
    func bare(_ index: Int) -> Span<UInt8> { ArgumentText.inner(raw(index)) }

    // MARK: Numbers

    /// A decimal number, or NaN or infinity.
    func number(_ index: Int) throws(RejectReason) -> Double {
        let text = bare(index)
        if let value = NumberParser.parseOrNonFinite(text) { return value }
        if !isStrict, let value = NumberParser.parseOrNonFinite(text.trimmingSpaces()) {
            return value
        }
        throw .argument(index: index, .notANumber)
    }

    /// A decimal number in 32 bits; what is not finite there becomes `fallback`.
    func float(_ index: Int, ifNotFinite fallback: Float = 0) throws(RejectReason) -> Float {
        let value = Float(try number(index))
        return value.isFinite ? value : fallback
    }

    /// A frame number: cut to a whole one. Whether it is plausible is asked elsewhere.
    func frame(_ index: Int) throws(RejectReason) -> UInt32 {
        let value = try number(index)
        guard value.isFinite else { throw .argument(index: index, .notFinite) }
        guard value > -1 else { throw .argument(index: index, .negative) }
        guard value < 4_294_967_296 else { throw .argument(index: index, .tooLarge) }
        return UInt32(value)
    }

    /// A whole number from 0 on, written in any way.
    func wholeNumber(_ index: Int) throws(RejectReason) -> Double {
        let value = try number(index)
        guard value.isFinite else { throw .argument(index: index, .notFinite) }
        guard value.isWhole else { throw .argument(index: index, .notWhole) }
        return value
    }

    /// An entity's id. The reference takes a larger one modulo 65,536, and so mixes entities: only
    /// strict mode does that.
    func id(_ index: Int) throws(RejectReason) -> UInt16 {
        let value = try wholeNumber(index)
        guard value >= 0 else { throw .argument(index: index, .negative) }
        if value <= 65_535 { return UInt16(value) }
        guard isStrict, value < 1e18 else { throw .argument(index: index, .tooLarge) }
        return UInt16(truncatingIfNeeded: Int64(value))
    }

    /// An id that may name nobody (below 0).
    func optionalID(_ index: Int) throws(RejectReason) -> UInt16? {
        let value = try wholeNumber(index)
        return value < 0 ? nil : try id(index)
    }

    /// A whole number with a sign.
    func signed(_ index: Int) throws(RejectReason) -> Int32 {
        let value = try wholeNumber(index)
        return Int32(max(-2_147_483_648, min(2_147_483_647, value)))
    }

    /// A whole number that is never wrong: nil when unreadable. Strict: digits with a sign only.
    /// Otherwise any finite number, its fraction cut off.
    func plainInteger(_ index: Int) -> Int? {
        let text = bare(index)
        if let value = NumberParser.parseInteger(text) { return Int(value) }
        guard !isStrict, let value = NumberParser.parse(text), abs(value) < 1e15 else {
            return nil
        }
        return Int(value)
    }

    // MARK: Booleans

    /// true or false, nil for anything else. Not strict: any number, 0 is false.
    func optionalBoolean(_ index: Int) -> Bool? {
        let text = bare(index)
        if text.count == 1 {
            switch text[0] {
            case 0x31, 0x74, 0x54: return true
            case 0x30, 0x66, 0x46: return false
            default: break
            }
        }
        if text.elementsEqual("true") { return true }
        if text.elementsEqual("false") { return false }
        if isStrict {
            if text.elementsEqual("TRUE") || text.elementsEqual("True") { return true }
            return text.elementsEqual("FALSE") || text.elementsEqual("False") ? false : nil
        }
        if text.equalsIgnoringCase("true") { return true }
        if text.equalsIgnoringCase("false") { return false }
        return NumberParser.parse(text).map { $0 != 0 }
    }

    /// true or false, anything else is an error.
    func boolean(_ index: Int) throws(RejectReason) -> Bool {
        if let value = optionalBoolean(index) { return value }
        throw .argument(index: index, .notABoolean)
    }

    // MARK: Positions

    /// x, y and perhaps z, with commas between, with or without brackets. Components that are not
    /// finite are taken from `fallback`.
    func position(
        _ index: Int, ifNotFinite fallback: Position = .zero
    ) throws(RejectReason) -> Position {
        guard let position = Position.parse(bare(index), ifNotFinite: fallback) else {
            throw .argument(index: index, .notAPosition)
        }
        return position
    }
}

extension Position {
    /// Reads `x,y` or `x,y,z` (further parts are ignored) within an optional pair of brackets.
    /// Components that are not finite are taken from `fallback`.
    static func parse(_ text: Span<UInt8>, ifNotFinite fallback: Position) -> Position? {
        var index = 0
        var end = text.count
        if end > 0, text[0] == 0x5B { index = 1 }
        if end > index, text[end - 1] == 0x5D { end -= 1 }
        var position = Position.zero
        for component in 0..<3 {
            guard let (value, next) = scanComponent(text, from: index, to: end) else { return nil }
            switch component {
            case 0: position.x = value.isFinite ? value : fallback.x
            case 1: position.y = value.isFinite ? value : fallback.y
            default: position.z = value.isFinite ? value : fallback.z
            }
            if next == end { return component == 0 ? nil : position }
            index = next + 1
        }
        return position
    }

    /// The number at `start` and where it ends: at a comma or at `end`.
    private static func scanComponent(
        _ text: Span<UInt8>, from start: Int, to end: Int
    ) -> (Double, Int)? {
        if let scanned = NumberParser.scan(text, from: start),
            scanned.end == end || (scanned.end < end && text[scanned.end] == 0x2C)
        {
            return (scanned.value, scanned.end)
        }
        var comma = start
        while comma < end, text[comma] != 0x2C { comma += 1 }
        guard start <= comma else { return nil }
        let word = text.extracting(start..<comma).trimmingSpaces()
        guard let value = NumberParser.parseOrNonFinite(word) else { return nil }
        return (value, comma)
    }
}

extension Span where Element == UInt8 {
    /// Without the spaces at either end.
    @_lifetime(copy self)
    func trimmingSpaces() -> Span<UInt8> {
        var start = 0
        var end = count
        while start < end, self[start] == 0x20 { start += 1 }
        while end > start, self[end - 1] == 0x20 { end -= 1 }
        return extracting(start..<end)
    }
}
