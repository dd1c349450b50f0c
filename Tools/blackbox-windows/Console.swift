// What the program says: results on standard output, in large pieces, everything else on standard error.
// The counterpart of Tools/blackbox/Support/Console.swift.

import CPlatform

enum Console {
    private static let output: Int64 = 1
    private static let errors: Int64 = 2
    private static let pieceBytes = 1 << 16
    /// Used by the one thread of the program.
    private nonisolated(unsafe) static var waiting: [UInt8] = []
    /// Nobody reads standard output any more, or it can't be written.
    nonisolated(unsafe) private(set) static var isBroken = false

    /// Whether a person looks at standard error.
    static var isWatched: Bool { bb_file_is_terminal(errors) == 1 }

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

    /// Hands over what waits.
    static func flush() {
        guard unsafe !waiting.isEmpty, unsafe !isBroken else { return }
        let result = unsafe waiting.withUnsafeBytes { bytes in
            unsafe bb_file_put(output, bytes.baseAddress, UInt64(bytes.count))
        }
        unsafe waiting.removeAll(keepingCapacity: true)
        guard result < 0 else { return }
        unsafe isBroken = true
        if result != -Int64(BB_EPIPE) {
            complain("standard output: writing failed (error " + String(-result) + ")")
        }
    }

    /// A line on standard error, behind the results so far.
    static func complain(_ line: String) {
        put("blackbox: " + line + "\n")
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

/// What scripts can rely on.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
}

/// A command could not do what it was asked for: a sentence and an exit code.
struct ToolFailure: Error {
    let message: String
    var code = ExitStatus.failed
}
