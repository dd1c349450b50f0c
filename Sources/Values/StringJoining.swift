// Texts from bytes and bytes from texts, in one place: what the standard library inlines wherever a String
// is made or read is a hundred bytes each time, in a file that must stay small.

extension String {
    /// The text of bytes; what is not UTF-8 in them becomes U+FFFD.
    @inline(never)
    public init(utf8 bytes: [UInt8]) { self.init(decoding: bytes, as: UTF8.self) }

    /// The text of bytes, as above.
    @inline(never)
    public init(utf8 bytes: ArraySlice<UInt8>) { self.init(decoding: bytes, as: UTF8.self) }

    /// A text of the source code.
    @inline(never)
    public init(_ text: StaticString) {
        unsafe self.init(
            decoding: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
            as: UTF8.self)
    }

    /// A sentence: `template` with each `%` in it replaced by the next of `parts`.
    @inline(never)
    public init(filling template: StaticString, _ parts: [String]) {
        var bytes: [UInt8] = []
        var next = 0
        for byte in [UInt8](bytesOf: template) {
            if byte == UInt8(ascii: "%"), next < parts.count {
                bytes += parts[next].bytes
                next += 1
            } else {
                bytes.append(byte)
            }
        }
        self.init(utf8: bytes)
    }

    /// The text's bytes.
    public var bytes: [UInt8] {
        @inline(never) get { [UInt8](utf8) }
    }
}

// The plug-in's own `+` for Strings: the standard library's is ready for Strings of other encodings and
// for parts of other Strings, and brings 8 KB of code for them into a file that has neither.

#if hasFeature(Embedded)
    extension String {
        /// Both texts, one behind the other.
        @inline(never)
        public static func + (left: String, right: String) -> String {
            var bytes = left.bytes
            bytes += right.bytes
            return String(utf8: bytes)
        }

        /// Appends a text.
        @inline(never)
        public static func += (left: inout String, right: String) { left = left + right }
    }
#endif
