// Texts by their bytes: comparing Strings the usual way would need Unicode tables in the plug-in.

import Values

/// Comparisons and conversions of texts.
enum Bytes {
    static func equal(_ text: String, _ other: StaticString) -> Bool {
        [UInt8](text.utf8).span.elementsEqual(other)
    }

    static func equal(_ text: String, _ other: String) -> Bool {
        [UInt8](text.utf8).span.elementsEqual([UInt8](other.utf8).span)
    }

    @inline(never)
    static func equal(_ bytes: [UInt8], _ other: [UInt8]) -> Bool {
        bytes.span.elementsEqual(other.span)
    }

    /// A static text's bytes. Not inlined, as the two below: they are called from many places.
    @inline(never)
    static func array(_ text: StaticString) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: text)
        return bytes
    }

    @inline(never)
    static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text)
    }

    @inline(never)
    static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// A static text as a String.
    static func text(_ text: StaticString) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
            as: UTF8.self)
    }

    /// Bytes of the game as a String; what is not UTF-8 becomes U+FFFD.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
