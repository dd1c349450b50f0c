// Texts by their bytes: comparing Strings the usual way would need Unicode tables in the plug-in.

import Values

/// Comparisons and conversions of texts.
enum Bytes {
    static func equal(_ text: String, _ other: StaticString) -> Bool {
        text.bytes.span.elementsEqual(other)
    }

    static func equal(_ text: String, _ other: String) -> Bool {
        text.bytes.span.elementsEqual([UInt8](other.utf8).span)
    }

    /// A static text as a String.
    static func text(_ text: StaticString) -> String { String(text) }

    /// Bytes of the game as a String; what is not UTF-8 becomes U+FFFD.
    static func text(_ bytes: [UInt8]) -> String { String(utf8: bytes) }
}
