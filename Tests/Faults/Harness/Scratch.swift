// Folders and files of the tests: made, filled, compared, removed.

import CPlatform
import Glibc
import Segments

/// A folder that goes with its owner, with all that is in it.
public final class Scratch {
    /// Where it is.
    public let path: String

    /// Made in memory (`/dev/shm`) unless a place is named.
    public init(in place: String? = nil) throws {
        var root = place ?? "/dev/shm"
        if place == nil, unsafe access(root, W_OK) != 0 { root = "/tmp" }
        var name = Array((root + "/blackbox-faults-XXXXXX").utf8CString)
        let made = unsafe name.withUnsafeMutableBufferPointer { buffer in
            guard let template = buffer.baseAddress else { return false }
            return unsafe mkdtemp(template) != nil
        }
        guard made else { throw LogError(.makeFolder, root, Int64(-errno)) }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Disk.remove(path) }
}

/// Whole files and trees.
public enum Disk {
    /// A file's bytes.
    public static func read(_ path: String) throws -> [UInt8] {
        let file = try File(path, 1)
        return try file.read(limit: try file.size())
    }

    /// The last bytes of a file.
    public static func end(of path: String, byteCount: Int) throws -> [UInt8] {
        let file = try File(path, 1)
        return try file.read(limit: byteCount, at: max(0, file.size() - byteCount))
    }

    /// Makes or replaces a file.
    public static func write(_ path: String, _ bytes: [UInt8]) throws {
        let file = try File(path, 2 | 4 | 16)
        if !bytes.isEmpty { try file.write(bytes, at: 0) }
    }

    /// Removes a file or a tree.
    public static func remove(_ path: String) {
        if unsafe bb_path_kind(path) == 2 {
            for name in (try? Paths.names(in: path)) ?? [] { remove(Paths.join(path, name)) }
            _ = unsafe bb_path_remove_folder(path)
        } else {
            _ = unsafe bb_path_remove(path)
        }
    }

    /// Copies a tree of files.
    public static func copy(_ from: String, to: String) throws {
        guard unsafe bb_path_kind(from) == 2 else { return try write(to, try read(from)) }
        try Paths.makeFolders(to)
        for name in try Paths.names(in: from) {
            try copy(Paths.join(from, name), to: Paths.join(to, name))
        }
    }

    /// Every file of a folder with its bytes, by name.
    public static func contents(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for name in try Paths.names(in: folder) {
            let path = Paths.join(folder, name)
            if unsafe bb_path_kind(path) == 1 { files.append((name, try read(path))) }
        }
        return files
    }
}
