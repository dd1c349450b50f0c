// What the program says: results on standard output, line by line, because what comes over a network is
// read as it comes; everything else on standard error. The only place that knows the two handles.

import CPlatform

enum NetConsole {
    private static let output: Int64 = 1
    private static let errors: Int64 = 2

    /// A line of the result. False when nobody reads it any more.
    @discardableResult
    static func print(_ line: String) -> Bool {
        put(line + "\n", output) >= 0
    }

    /// A line on standard error.
    static func complain(_ line: String) {
        // Nobody is left to tell when this fails.
        _ = put("blackbox: " + line + "\n", errors)
    }

    private static func put(_ text: String, _ handle: Int64) -> Int64 {
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { buffer in
            unsafe bb_file_put(handle, buffer.baseAddress, UInt64(buffer.count))
        }
    }
}
