// A program of ours that stands beside this one and does a part of a command's work: started, waited for.

import CPlatform
import Glibc
import Segments

enum HelperProgram {
    /// The path of a program beside this one; nil when it can't be run.
    static func path(_ name: String) -> String? {
        let beside = Paths.join(OwnerConfiguration.programFolder(), name)
        return unsafe access(beside, X_OK) == 0 ? beside : nil
    }

    /// An empty file of its own name, so that a report is only ever this run's.
    static func makeFile(_ template: String) throws(ToolFailure) -> String {
        var bytes = template.utf8CString
        let file = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe mkstemp($0) } ?? -1
        }
        guard file >= 0 else {
            throw ToolFailure(message: "\(template): no temporary file can be made")
        }
        close(file)
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe String(cString: $0) } ?? template
        }
    }

    /// Runs a program to its end, with our standard streams.
    ///
    /// - Parameter arguments: its path and what it gets.
    /// - Returns: its exit code; 127 when it could not be started, 128 + the signal that ended it.
    static func run(_ arguments: [String]) -> Int32 {
        Console.flush()
        var texts = unsafe arguments.map { unsafe strdup($0) }
        defer { unsafe texts.forEach { unsafe free($0) } }
        unsafe texts.append(nil)
        var process: pid_t = 0
        guard let program = arguments.first,
            unsafe posix_spawn(&process, program, nil, nil, texts, environ) == 0
        else { return 127 }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Starts a program that lives on without us, as the plug-in starts its programs: in a session of its
    /// own, at low priority. It prints where we print.
    ///
    /// - Returns: whether it could be started.
    static func leaveBehind(_ arguments: [String]) -> Bool {
        Console.flush()
        let texts = unsafe arguments.compactMap { unsafe strdup($0) }
        defer { unsafe texts.forEach { unsafe free($0) } }
        let pointers = unsafe texts.map { unsafe UnsafePointer<CChar>?($0) }
        return unsafe pointers.withUnsafeBufferPointer { pointers in
            unsafe bb_process_start(
                pointers.baseAddress, UInt32(pointers.count), Int64(STDOUT_FILENO)) > 0
        }
    }
}
