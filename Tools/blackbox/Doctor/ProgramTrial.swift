// Starts a program for a moment to see whether it starts at all, and what it says.

import CPlatform
import Glibc
import Segments

enum ProgramTrial {
    /// Exit code and output of a program that ends soon; nil in `code` when it had to be ended.
    struct Outcome {
        let code: Int32?
        let output: String
    }

    /// Runs `arguments[0]`, at most `limitSeconds` long. Its output goes through a file without a name.
    ///
    /// - Throws: `LogError` when it can't be started.
    static func run(_ arguments: [String], limitSeconds: UInt64 = 20) throws(LogError) -> Outcome {
        let path =
            "/tmp/blackbox-doctor-" + String(bb_process_id()) + "-" + String(bb_clock_exact())
        let file = try File(
            path,
            UInt32(
                BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_EXCLUSIVE))
        // Open it needs no name, and without one nothing is left of it when we are killed.
        _ = unsafe bb_path_remove(path)
        var texts = unsafe arguments.map { unsafe UnsafePointer<CChar>?(strdup($0)) }
        defer { unsafe texts.forEach { text in unsafe free(UnsafeMutablePointer(mutating: text)) } }
        let handle = unsafe texts.withUnsafeMutableBufferPointer { buffer in
            unsafe bb_process_start(buffer.baseAddress, UInt32(arguments.count), file.handle)
        }
        guard handle > 0 else { throw LogError(.open, arguments.first ?? "", handle) }
        let end = bb_clock_exact() + limitSeconds * 1_000_000_000
        var code = bb_process_poll(handle)
        while code == -Int32(BB_EAGAIN), bb_clock_exact() < end {
            bb_thread_sleep_ns(5_000_000)
            code = bb_process_poll(handle)
        }
        let hangs = code == -Int32(BB_EAGAIN)
        if hangs {
            _ = kill(pid_t(handle), SIGKILL)
            while bb_process_poll(handle) == -Int32(BB_EAGAIN) { bb_thread_sleep_ns(1_000_000) }
        }
        let bytes = try file.read(limit: 1 << 16)
        return Outcome(code: hangs ? nil : code, output: String(decoding: bytes, as: UTF8.self))
    }
}
