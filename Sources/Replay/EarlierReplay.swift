// What an earlier compaction of the same recording left in the output folder. When the log has been
// damaged since, that file may be the better one: it is set aside then, not written over.

import CPlatform
import Segments

/// A replay at a path.
struct EarlierReplay {
    private static let asideExtension = ".longer"

    let path: String

    /// Bytes of its document, without unpacking it; 0 when there is none, or it can't be read.
    var documentBytes: UInt64 {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size(),
            let front = try? file.read(limit: 2)
        else { return 0 }
        // A gzip file ends with its content's length, modulo 2³².
        guard front.elementsEqual([0x1F, 0x8B]), size > 18 else { return UInt64(size) }
        guard let length = try? file.read(limit: 4, at: size - 4), length.count == 4 else {
            return 0
        }
        return length.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Gives it a name that no viewer lists, and returns that. What was set aside before stays when it
    /// is longer still.
    func setAside() throws(ReplayError) -> String {
        let aside = EarlierReplay(path: path + Self.asideExtension)
        guard aside.documentBytes < documentBytes else { return aside.path }
        let result = unsafe bb_path_rename(path, aside.path)
        guard result == 0 else { throw .file(.rename, path: path, errorNumber: -result) }
        return aside.path
    }
}
