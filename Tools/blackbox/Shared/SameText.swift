// Texts compared by their bytes: the program for Windows has no tables of Unicode.

/// Byte by byte.
func isSame(_ a: String, _ b: StaticString) -> Bool { isSame(a, b.description) }

/// Byte by byte.
func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
