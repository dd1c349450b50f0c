// Bytes of JSON, appended one after the other by whoever writes a document as a stream.

extension [UInt8] {
    /// Appends `text` as a JSON text with its quotes. Quote, backslash and control characters are
    /// escaped; everything else stays as it is. Invalid UTF-8 is mended.
    public mutating func appendJSONString(_ text: Span<UInt8>) {
        append(.quote)
        var clean = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == .quote || byte == .backslash {
                append(contentsOf: text.extracting(clean..<index))
                appendJSONEscape(byte)
                clean = index + 1
            } else if byte >= 0x80 {
                // Rare enough to be looked at once more: the whole rest, mended.
                append(contentsOf: text.extracting(clean..<index))
                appendJSONRest(text.extracting(index..<text.count))
                return append(.quote)
            }
            index += 1
        }
        append(contentsOf: text.extracting(clean..<text.count))
        append(.quote)
    }

    /// Appends `text` as a JSON text with its quotes.
    public mutating func appendJSONString(_ text: String) {
        append(.quote)
        for byte in text.bytes { appendJSONByte(byte) }
        append(.quote)
    }

    /// Appends a list of texts.
    public mutating func appendJSONStrings(_ texts: [[UInt8]]) {
        append(UInt8(ascii: "["))
        for index in texts.indices {
            if index > 0 { append(UInt8(ascii: ",")) }
            put(json: texts[index])
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func appendJSONRest(_ text: Span<UInt8>) {
        if UTF8Text.isValid(text) {
            for index in 0..<text.count { appendJSONByte(text[index]) }
        } else {
            var repaired: [UInt8] = []
            UTF8Text.appendRepaired(text, to: &repaired)
            for byte in repaired { appendJSONByte(byte) }
        }
    }

    private mutating func appendJSONByte(_ byte: UInt8) {
        if byte < 0x20 || byte == .quote || byte == .backslash {
            appendJSONEscape(byte)
        } else {
            append(byte)
        }
    }

    private mutating func appendJSONEscape(_ byte: UInt8) {
        append(.backslash)
        switch byte {
        case .quote, .backslash: append(byte)
        case 0x08: append(0x62)
        case 0x09: append(0x74)
        case 0x0A: append(0x6E)
        case 0x0C: append(0x66)
        case 0x0D: append(0x72)
        default:
            append(contentsOf: "u00")
            appendHexDigit(byte >> 4)
            appendHexDigit(byte & 15)
        }
    }

    private mutating func appendHexDigit(_ value: UInt8) {
        append(value < 10 ? 0x30 &+ value : 0x57 &+ value)
    }
}
