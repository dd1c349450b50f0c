// The plug-in's own `+` for Strings: the standard library's is ready for Strings of other encodings and
// for parts of other Strings, and brings 8 KB of code for them into a file that has neither.

#if hasFeature(Embedded)
    extension String {
        /// Both texts, one behind the other.
        @inline(never)
        public static func + (left: String, right: String) -> String {
            var bytes = [UInt8](left.utf8)
            bytes += [UInt8](right.utf8)
            return String(decoding: bytes, as: UTF8.self)
        }

        /// Appends a text.
        @inline(never)
        public static func += (left: inout String, right: String) { left = left + right }
    }
#endif
