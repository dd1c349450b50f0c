// What the program says: results on standard output (in large pieces, because `dump` writes
// gigabytes), everything else on standard error. The only place that knows the two handles.

import CPlatform
import Glibc

enum Console {
    private static let output: Int64 = 1
    private static let errors: Int64 = 2
    private static let pieceBytes = 1 << 16
    /// Used by the one thread of the program.
    private nonisolated(unsafe) static var waiting: [UInt8] = []

    /// Whether a person looks at standard error.
    static var isWatched: Bool { bb_file_is_terminal(errors) == 1 }

    /// Whether the results appear on a terminal.
    static var isOutputWatched: Bool { bb_file_is_terminal(output) == 1 }

    /// A line of the result.
    static func print(_ line: String) {
        unsafe waiting.append(contentsOf: line.utf8)
        unsafe waiting.append(UInt8(ascii: "\n"))
        if unsafe waiting.count >= pieceBytes { flush() }
    }

    /// Bytes of the result.
    static func write(_ bytes: [UInt8]) {
        unsafe waiting.append(contentsOf: bytes)
        if unsafe waiting.count >= pieceBytes { flush() }
    }

    /// Hands over what waits. A closed pipe ends the program: whoever read has seen enough.
    static func flush() {
        guard unsafe !waiting.isEmpty else { return }
        let result = unsafe waiting.withUnsafeBytes { bytes in
            unsafe bb_file_put(output, bytes.baseAddress, UInt64(bytes.count))
        }
        unsafe waiting.removeAll(keepingCapacity: true)
        guard result < 0 else { return }
        if result != -Int64(BB_EPIPE) {
            complain("standard output: writing failed (error \(-result))")
        }
        exit(ExitStatus.failed)
    }

    /// A line on standard error, behind the results so far.
    static func complain(_ line: String) {
        put(Program.name + ": " + line + "\n")
    }

    /// Text on standard error, as it is (the progress meter).
    static func put(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody is left to tell when this fails.
        _ = unsafe bytes.withUnsafeBytes { buffer in
            unsafe bb_file_put(errors, buffer.baseAddress, UInt64(buffer.count))
        }
    }
}
