// Texts by their bytes: comparing Strings the usual way would need Unicode tables in the plug-in.

import Values

/// Comparisons of texts.
enum Bytes {
    static func equal(_ text: String, _ other: StaticString) -> Bool {
        text.bytes.span.elementsEqual(other)
    }

    static func equal(_ text: String, _ other: String) -> Bool {
        text.bytes.span.elementsEqual(other.bytes.span)
    }
}
