// Texts by their bytes: comparing Strings the usual way would need Unicode tables in the plug-in.

/// Comparisons and conversions of texts.
enum Bytes {
    static func equal(_ text: String, _ other: StaticString) -> Bool {
        unsafe text.utf8.elementsEqual(
            UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
    }

    static func equal(_ text: String, _ other: String) -> Bool {
        text.utf8.elementsEqual(other.utf8)
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
