// JSON as jsonb takes it. The game's own encoder writes control characters raw, and scripts write what
// they like; jsonb refuses a row for either, and with it the whole recording.

import Values

/// Makes a text that jsonb takes.
struct JSONBText {
    /// What `make` left.
    private(set) var bytes: [UInt8] = []

    /// JSON is kept, with what jsonb can't hold replaced: U+0000 and half surrogates by U+FFFD, numbers of
    /// thousands of digits by strings. A text that is no JSON becomes a JSON string of it, which has no
    /// members.
    mutating func make(_ text: Span<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        if JSONValue.isValid(text) {
            copy(text)
        } else {
            var string: [UInt8] = []
            string.appendJSONString(text)
            copy(string.span)
        }
    }

    private mutating func copy(_ text: Span<UInt8>) {
        var index = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
        var isInText = false
        while index < text.count {
            let byte = text[index]
            if isInText, byte == UInt8(ascii: "\\"), index + 1 < text.count {
                index = copyEscape(text, at: index)
                continue
            }
            if byte == UInt8(ascii: "\"") { isInText.toggle() }
            if isInText, byte < 0x20 {
                bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, 0x30 + byte >> 4])
                bytes.append(Self.hex[Int(byte & 15)])
            } else if !isInText, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) {
                index = copyNumber(text, at: index)
                continue
            } else {
                bytes.append(byte)
            }
            index += 1
        }
    }

    private static let hex = Array("0123456789abcdef".utf8)
    private static let replacement = Array("\\ufffd".utf8)

    /// - Returns: where the text goes on.
    private mutating func copyEscape(_ text: Span<UInt8>, at index: Int) -> Int {
        guard text[index + 1] == UInt8(ascii: "u"), index + 6 <= text.count else {
            bytes.append(text[index])
            bytes.append(text[index + 1])
            return index + 2
        }
        let unit = Self.unit(text, at: index)
        let isHighHalf = (0xD800..<0xDC00).contains(unit)
        if isHighHalf, (0xDC00..<0xE000).contains(Self.unit(text, at: index + 6)) {
            bytes.append(contentsOf: text.extracting(index..<index + 12))
            return index + 12
        }
        if unit == 0 || (0xD800..<0xE000).contains(unit) {
            bytes.append(contentsOf: Self.replacement)
        } else {
            bytes.append(contentsOf: text.extracting(index..<index + 6))
        }
        return index + 6
    }

    /// The number of `\uXXXX`; 0 when there is none (the text was checked, so at `index` there is one).
    private static func unit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
        guard index + 6 <= text.count, text[index] == 0x5C, text[index + 1] == UInt8(ascii: "u")
        else { return 0 }
        var value: UInt32 = 0
        for place in index + 2..<index + 6 {
            let byte = text[place] | 0x20
            switch text[place] {
            case 0x30...0x39: value = value << 4 | UInt32(text[place] - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return 0
            }
        }
        return value
    }

    /// Copies a number as it stands. One that jsonb's numeric can't hold (16,383 digits behind the point,
    /// 131,072 before it) becomes a string.
    ///
    /// - Returns: where the text goes on.
    private mutating func copyNumber(_ text: Span<UInt8>, at index: Int) -> Int {
        var end = index
        var exponent = 0
        var isInExponent = false
        while end < text.count, Self.isPart(text[end]) {
            let byte = text[end] | 0x20
            if byte == UInt8(ascii: "e") {
                isInExponent = true
            } else if isInExponent, text[end] >= 0x30 {
                exponent = min(exponent * 10 + Int(text[end] - 0x30), 100_000)
            }
            end += 1
        }
        let isHeld = end - index <= Self.digitsAtMost && exponent <= Self.exponentAtMost
        if !isHeld { bytes.append(UInt8(ascii: "\"")) }
        bytes.append(contentsOf: text.extracting(index..<end))
        if !isHeld { bytes.append(UInt8(ascii: "\"")) }
        return end
    }

    // Together they stay below numeric's limits.
    private static let digitsAtMost = 4000
    private static let exponentAtMost = 9999

    /// Of a number: digits, signs, the point, the mark of the exponent.
    private static func isPart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
    }
}
