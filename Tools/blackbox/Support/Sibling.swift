// A program of ours that stands beside this one, started in its place, as git does with its commands:
// what needs a network is linked into a program of its own.

import CPlatform
import Glibc
import Segments

enum Sibling {
    /// Goes on as `program` (e.g. `blackbox-net`) with the given arguments. Returns only by throwing.
    static func become(_ program: String, _ arguments: [String]) throws -> Never {
        let path = Paths.join(Paths.parent(ownPath()), program)
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else {
            throw ToolFailure(
                message: "\(path) is not there: this command needs it; put it beside blackbox")
        }
        Console.flush()
        var texts = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe texts.append(nil)
        // Returns only when the program could not be started.
        _ = unsafe execv(path, texts)
        let reason = unsafe String(cString: strerror(errno))
        throw ToolFailure(message: "can't start \(path): \(reason)")
    }

    private static func ownPath() -> String {
        let capacity = 4_096
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_path_of_module($0.baseAddress, UInt64(capacity))
            }
            count = length > 0 && length <= Int64(capacity) ? Int(length) : 0
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
