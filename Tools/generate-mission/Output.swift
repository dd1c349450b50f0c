// Standard output or a file, whole or not at all.

import Glibc

/// Where the stream goes. A failure ends the program: half a mission serves nobody.
struct Output {
    private let file: Int32
    private let name: String

    static let standard = Output(file: 1, name: "standard output")

    private init(file: Int32, name: String) {
        self.file = file
        self.name = name
    }

    /// A new file, replaced when it is there.
    init(path: String) {
        file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        name = path
        guard file >= 0 else { fail("cannot write \(path): \(lastError)") }
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { fail("cannot write \(name): \(lastError)") }
            rest = rest.dropFirst(count)
        }
    }
}

private var lastError: String { unsafe String(cString: strerror(errno)) }

/// Ends the program with a message on standard error.
func fail(_ message: String, code: Int32 = 1) -> Never {
    let text = Array("generate-mission: \(message)\n".utf8)
    // Nothing is left to do when even this can't be written.
    _ = unsafe text.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    exit(code)
}
