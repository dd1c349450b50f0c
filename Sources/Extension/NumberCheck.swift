// Is an argument the number it should be? Read on the game thread, from the game's own bytes, for the
// few commands whose reply depends on it.

import Values

/// Reads numbers and flags out of argument texts.
enum NumberCheck {
    /// Longest text that can be a number of the game (20 decimals and an exponent leave room).
    private static let longest = 64

    /// The value of a number as the game prints it (`12`, `-1`, `2003.25`, `1e+06`), with or without
    /// quotes around it; nil when it is none, or is not finite.
    static func value(_ text: UnsafePointer<CChar>?) -> Double? {
        guard let text = unsafe text else { return nil }
        let bytes = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        var end = 0
        while unsafe end < longest && bytes[end] != 0 { end &+= 1 }
        guard end < longest else { return nil }
        var offset = 0
        while unsafe offset < end && bytes[offset] == UInt8(ascii: "\"") { offset &+= 1 }
        while unsafe end > offset && bytes[end &- 1] == UInt8(ascii: "\"") { end &-= 1 }
        // The bytes from `offset` to `end` stand in front of the text's NUL.
        let field = unsafe UnsafeBufferPointer(start: bytes + offset, count: end &- offset)
        guard let value = unsafe NumberParser.parse(field.span), value.isFinite else { return nil }
        return value
    }

    /// Whether a text is one of the words for yes and no, or a number.
    static func isFlag(_ text: UnsafePointer<CChar>?) -> Bool {
        if unsafe value(text) != nil { return true }
        guard let text = unsafe text else { return false }
        let bytes = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        let start = unsafe bytes[0] == UInt8(ascii: "\"") ? bytes + 1 : bytes
        return unsafe matches(start, "true") || matches(start, "false") || matches(start, "t")
            || matches(start, "f")
    }

    /// Whether `bytes` hold `word` (lower case) in any case, ended by the terminator or a quote.
    private static func matches(_ bytes: UnsafePointer<UInt8>, _ word: StaticString) -> Bool {
        var index = 0
        while index < word.utf8CodeUnitCount {
            guard unsafe bytes[index] | 0x20 == word.utf8Start[index] else { return false }
            index &+= 1
        }
        return unsafe bytes[index] == 0 || bytes[index] == UInt8(ascii: "\"")
    }
}
