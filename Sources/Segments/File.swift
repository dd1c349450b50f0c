// Owners of what the system hands out, and the few path operations that this module needs.

import CPlatform
import Values

/// An open file, closed when its owner goes.
///
/// Invariant: `handle` is open and nobody else closes it.
public struct File: ~Copyable {
    /// The system's handle.
    public let handle: Int64
    /// The path it was opened under.
    public let path: String

    /// Opens a file.
    ///
    /// - Parameter flags: `BB_OPEN_…` bits.
    /// - Throws: `LogError` of operation `.open`, `.write` with `BB_OPEN_WRITE`, or `.create` with
    ///   `BB_OPEN_CREATE`.
    public init(_ path: String, _ flags: UInt32) throws(LogError) {
        let opened = unsafe bb_file_open(path, flags)
        guard opened >= 0 else {
            throw LogError(flags & 4 != 0 ? .create : flags & 2 != 0 ? .write : .open, path, opened)
        }
        handle = opened
        self.path = path
    }

    deinit {
        // Nothing was buffered: a close can't lose anything that a sync has not told before.
        _ = bb_file_close(handle)
    }

    /// Bytes in the file.
    public func size() throws(LogError) -> Int {
        let size = bb_file_size(handle)
        guard size >= 0 else { throw LogError(.read, path, size) }
        return Int(size)
    }

    /// Writes all bytes at `offset`.
    public func write(_ bytes: [UInt8], at offset: Int) throws(LogError) {
        let done = unsafe bytes.withUnsafeBytes { buffer in
            unsafe bb_file_write(handle, buffer.baseAddress, UInt64(buffer.count), UInt64(offset))
        }
        guard done >= 0 else { throw LogError(.write, path, done) }
    }

    /// Reads up to `limit` bytes from `offset` on.
    public func read(limit: Int, at offset: Int = 0) throws(LogError) -> [UInt8] {
        var failure: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let got = unsafe bb_file_read(
                handle, buffer.baseAddress, UInt64(limit), UInt64(offset))
            count = got > 0 ? Int(got) : 0
            failure = got
        }
        guard failure >= 0 else { throw LogError(.read, path, failure) }
        return bytes
    }

    /// Makes the content durable.
    public func sync() throws(LogError) {
        let result = bb_file_sync(handle)
        guard result == 0 else { throw LogError(.sync, path, Int64(result)) }
    }
}

/// Paths and folders.
public enum Paths {
    /// `folder` + `/` + `name`.
    public static func join(_ folder: String, _ name: String) -> String {
        var bytes = folder.bytes
        while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
        if bytes.last != 0x2F { bytes.append(0x2F) }
        bytes.append(contentsOf: name.utf8)
        return String(utf8: bytes)
    }

    /// The part behind the last separator.
    public static func lastComponent(_ path: String) -> String {
        var bytes = path.bytes
        while bytes.count > 1, bytes.last == 0x2F || bytes.last == 0x5C { bytes.removeLast() }
        if let slash = bytes.lastIndex(where: { $0 == 0x2F || $0 == 0x5C }) {
            bytes.removeFirst(slash + 1)
        }
        return String(utf8: bytes)
    }

    /// The part before the last separator, `.` when there is none.
    public static func parent(_ path: String) -> String {
        var bytes = path.bytes
        while bytes.count > 1, bytes.last == 0x2F || bytes.last == 0x5C { bytes.removeLast() }
        guard let slash = bytes.lastIndex(where: { $0 == 0x2F || $0 == 0x5C }) else { return "." }
        return slash == 0 ? "/" : String(utf8: bytes[..<slash])
    }

    /// Makes a folder and those above it.
    public static func makeFolders(_ path: String) throws(LogError) {
        if unsafe bb_path_kind(path) == 2 { return }
        let result = unsafe bb_path_make_folder(path)
        if result == 0 || result == -17 { return }
        let above = parent(path)
        guard result == -2, above.utf8.count < path.utf8.count else {
            throw LogError(.makeFolder, path, Int64(result))
        }
        try makeFolders(above)
        let again = unsafe bb_path_make_folder(path)
        guard again == 0 || again == -17 else { throw LogError(.makeFolder, path, Int64(again)) }
    }

    /// Names in a folder, sorted by their bytes.
    public static func names(in folder: String) throws(LogError) -> [String] {
        var names = try unsortedNames(in: folder)
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names.map { String(utf8: $0) }
    }

    /// Names in a folder, in any order.
    public static func unsortedNames(in folder: String) throws(LogError) -> [[UInt8]] {
        var error: Int32 = 0
        guard let handle = unsafe bb_folder_open(folder, &error) else {
            throw LogError(.openFolder, folder, Int64(error))
        }
        defer { unsafe bb_folder_close(handle) }
        var names: [[UInt8]] = []
        var failure: Int64 = 0
        while true {
            let name = unsafe [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
                failure = unsafe buffer.withMemoryRebound(to: CChar.self) {
                    unsafe bb_folder_next(handle, $0.baseAddress, 1024)
                }
                count = failure > 0 ? Int(failure) : 0
            }
            if failure == -36 { continue }
            if failure <= 0 { break }
            names.append(name)
        }
        guard failure == 0 else { throw LogError(.openFolder, folder, failure) }
        return names
    }

    /// Whether `text` ends with `suffix`, byte by byte.
    public static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
        let bytes = text.bytes
        let end = suffix.bytes
        return bytes.count >= end.count && Array(bytes[(bytes.count - end.count)...]) == end
    }
}
