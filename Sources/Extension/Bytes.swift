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

    /// A static text as a String.
    static func text(_ text: StaticString) -> String {
        unsafe String(
            decoding: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
            as: UTF8.self)
    }

    /// Bytes of the game as a String; what is not UTF-8 becomes U+FFFD.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
