// Small questions about bytes, asked everywhere that text from the game is read. Text is never
// compared as `String` on the game's side: that would need Unicode tables.

extension Span where Element == UInt8 {
    /// Are these the bytes of `text`?
    @inlinable
    public func elementsEqual(_ text: StaticString) -> Bool {
        let wanted = text.utf8CodeUnitCount
        guard count == wanted, text.hasPointerRepresentation else { return false }
        // A static text lives as long as the program, and `index` stays below its length.
        let start = unsafe text.utf8Start
        for index in 0..<wanted where unsafe self[index] != start[index] { return false }
        return true
    }

    /// Are these the same bytes?
    @inlinable
    public func elementsEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let left = unsafe bytes
        let right = unsafe other.bytes
        var index = 0
        while count - index >= 8 {
            // Both have eight more bytes, and any eight bytes are a number.
            let mine = unsafe left.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let theirs = unsafe right.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if mine != theirs { return false }
            index += 8
        }
        while index < count {
            if self[index] != other[index] { return false }
            index += 1
        }
        return true
    }

    /// Are these the bytes of `text`, whatever the case of the letters A to Z?
    @inlinable
    public func equalsIgnoringCase(_ text: StaticString) -> Bool {
        let wanted = text.utf8CodeUnitCount
        guard count == wanted, text.hasPointerRepresentation else { return false }
        let start = unsafe text.utf8Start
        for index in 0..<wanted {
            let theirs = unsafe start[index]
            if self[index].lowercasedASCII != theirs.lowercasedASCII { return false }
        }
        return true
    }

    /// Is there a double quote in it?
    @inlinable
    public var containsQuote: Bool { firstIndex(of: .quote, from: 0) != nil }

    /// Where such a byte stands first, at `start` (0 to `count`) or behind it; nil when there is none.
    @inlinable
    public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        let raw = unsafe bytes
        let wanted = UInt64(byte) &* 0x0101_0101_0101_0101
        var index = start
        while count - index >= 8 {
            // Eight bytes are left, and any eight bytes are a number.
            let loaded = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let word = UInt64(littleEndian: loaded) ^ wanted
            // A byte that became 0 was one of them: only its high bit is set here.
            let marks =
                ~(((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | word)
                & 0x8080_8080_8080_8080
            if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// A copy.
    @inlinable
    public var array: [UInt8] {
        var copy: [UInt8] = []
        copy.append(contentsOf: self)
        return copy
    }
}

extension Array where Element == UInt8 {
    /// Appends every byte of `bytes`.
    @inlinable
    public mutating func append(contentsOf bytes: Span<UInt8>) {
        // The buffer lives as long as the closure, and is only copied from.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of a static text.
    @inlinable
    public mutating func append(contentsOf text: StaticString) {
        guard text.hasPointerRepresentation else { return }
        // A static text lives as long as the program.
        unsafe append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension UInt8 {
    /// The small letter of an ASCII capital, anything else as it is.
    @inlinable
    public var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of an ASCII digit.
    @inlinable
    var digitValue: UInt8? {
        let value = self &- 0x30
        return value < 10 ? value : nil
    }

    /// The value of a hexadecimal digit.
    @inlinable
    var hexValue: UInt8? {
        if let digitValue { return digitValue }
        let letter = lowercasedASCII
        return letter >= 0x61 && letter <= 0x66 ? letter &- 0x57 : nil
    }

    @usableFromInline static let quote: UInt8 = 0x22
    @usableFromInline static let backslash: UInt8 = 0x5C
    @usableFromInline static let comma: UInt8 = 0x2C
    @usableFromInline static let space: UInt8 = 0x20
    @usableFromInline static let openBracket: UInt8 = 0x5B
    @usableFromInline static let closeBracket: UInt8 = 0x5D
}
