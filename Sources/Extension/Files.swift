// What the courier and the moment of loading need beside `Segments.File` and `Paths`.

import CPlatform
import Segments
import Values

/// Small whole files, by path. All of it may wait for the disk.
enum Files {
    /// Whether a file stands there.
    static func isFile(_ path: String) -> Bool {
        unsafe bb_path_kind(path) == Int32(BB_KIND_FILE)
    }

    /// The file's bytes, at most `limitBytes` of them.
    static func read(_ path: String, limitBytes: Int) throws(LogError) -> [UInt8] {
        let file = try File(path, UInt32(BB_OPEN_READ))
        return try file.read(limit: min(file.size(), limitBytes))
    }

    /// Writes a file anew.
    static func write(_ path: String, _ bytes: [UInt8]) throws(LogError) {
        let file = try File(
            path, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_TRUNCATE))
        try file.write(bytes, at: 0)
    }
}

/// Texts that the system fills in; empty when it can't.
enum SystemText {
    static func workingFolder() -> String {
        unsafe text { unsafe bb_path_current($0, $1) }
    }

    static func modulePath() -> String {
        unsafe text { unsafe bb_path_of_module($0, $1) }
    }

    static func environment(_ name: String) -> String {
        unsafe text { unsafe bb_environment(name, $0, $1) }
    }

    /// A text of the build, which lives as long as the program.
    static func fixed(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }

    private static func text(
        _ fill: (UnsafeMutablePointer<CChar>?, UInt64) -> Int64
    ) -> String {
        let capacity = 4_096
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe fill($0.baseAddress, UInt64(capacity))
            }
            count = length > 0 && length <= Int64(capacity) ? Int(length) : 0
        }
        return String(utf8: bytes)
    }
}
