// A program of ours that the plug-in started beside the game (design.md, "Starting other programs
// from inside a game": that is what `bb_process_start` does).

import CPlatform
import Segments
import Values

/// A program could not be started.
struct ToolError: Error {
    let program: String
    /// In Linux's numbering, positive.
    let number: Int32

    /// A sentence for the owner.
    var sentence: String {
        String(filling: "can't start %: %", [program, LogError.reason(number, to: .run)])
    }
}

/// A started program. Owned by the courier.
struct ToolRun {
    private let handle: Int64
    private let outputPath: String

    /// Starts `arguments[0]` with the rest. What it prints is appended to the file at `output`.
    static func start(_ arguments: [String], output: String) -> Result<ToolRun, ToolError> {
        guard let program = arguments.first else {
            return .failure(ToolError(program: "", number: Int32(BB_EINVAL)))
        }
        // Without a file for its output the program still runs.
        try? Paths.makeFolders(Paths.parent(output))
        let file = unsafe bb_file_open(
            output, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_APPEND))
        defer { if file >= 0 { bb_file_close(file) } }
        var texts = unsafe [UnsafeMutablePointer<CChar>]()
        for argument in arguments {
            let bytes = argument.bytes
            let text = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for index in 0..<bytes.count { unsafe text[index] = CChar(bitPattern: bytes[index]) }
            unsafe text[bytes.count] = 0
            unsafe texts.append(text)
        }
        defer { unsafe texts.forEach { unsafe $0.deallocate() } }
        let pointers = unsafe texts.map { unsafe UnsafePointer<CChar>?($0) }
        let handle = unsafe pointers.withUnsafeBufferPointer { pointers in
            unsafe bb_process_start(pointers.baseAddress, UInt32(pointers.count), file)
        }
        guard handle > 0 else {
            return .failure(ToolError(program: program, number: Int32(-handle)))
        }
        return .success(ToolRun(handle: handle, outputPath: output))
    }

    /// Its exit code, nil while it runs. Must not be asked again after a code was given.
    func poll() -> Int32? {
        let code = bb_process_poll(handle)
        if code == -Int32(BB_EAGAIN) { return nil }
        // An empty output file only confuses.
        if let bytes = try? Files.read(outputPath, limitBytes: 1), bytes.isEmpty {
            _ = unsafe bb_path_remove(outputPath)
        }
        return code
    }
}
