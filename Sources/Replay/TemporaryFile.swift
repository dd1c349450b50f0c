// Files that never show under a name that anybody looks for: the spill file, and a document until
// it is complete. Named `.blackbox-<16 hex digits>.tmp` and locked as long as their job lives, so
// that the next job can tell a leftover of a killed one from a file in use.

import CPlatform

/// An open file under a temporary name; closed and removed with its owner unless it was published.
final class TemporaryFile {
    let path: String
    private let handle: Int64
    /// There is something to remove under `path`.
    private var hasName = true

    /// Creates one in `folder`, which must exist.
    init(folder: String) throws(ReplayError) {
        // Under the folder's lock: between its creation and its own lock a new file looks like a
        // leftover.
        let lock = try FolderLock(folder: folder)
        defer { lock.release() }
        let path = folder + "/" + Self.makeName()
        self.path = path
        handle = unsafe path.withCString { name in
            unsafe bb_file_open(
                name,
                UInt32(
                    BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE
                        | BB_OPEN_EXCLUSIVE))
        }
        guard handle >= 0 else {
            hasName = false
            throw .file(.open, path: path, errorNumber: Int32(truncatingIfNeeded: -handle))
        }
        // Where locks don't work the file counts as in use for ever, which is the safe side.
        _ = bb_file_lock(handle, UInt32(BB_LOCK_EXCLUSIVE))
    }

    deinit {
        guard handle >= 0 else { return }
        _ = bb_file_close(handle)
        // Nothing can be done about a failure here; the next job tries again.
        if hasName { _ = unsafe path.withCString { name in unsafe bb_path_remove(name) } }
    }

    /// Writes all of it and returns how much that was.
    @discardableResult
    func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(ReplayError) -> UInt64 {
        let written = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe bb_file_write(handle, source.baseAddress, UInt64(source.count), offset)
        }
        if written < 0 { throw failure(.write, written) }
        return UInt64(bytes.count)
    }

    /// Fills `buffer` with exactly `byteCount` bytes.
    func read(
        into buffer: inout ByteBuffer, byteCount: Int, at offset: UInt64
    ) throws(ReplayError) {
        var result: Int64 = 0
        unsafe buffer.fill(byteCount) { base in
            var filled = 0
            while filled < byteCount {
                result = unsafe bb_file_read(
                    handle, base + filled, UInt64(byteCount - filled), offset + UInt64(filled))
                if result <= 0 { break }
                filled += Int(result)
            }
            return filled
        }
        if result < 0 { throw failure(.read, result) }
        if buffer.count < byteCount { throw .spillDamaged(path: path) }
    }

    /// Makes everything written so far durable.
    func sync() throws(ReplayError) {
        let result = bb_file_sync(handle)
        if result < 0 { throw failure(.sync, Int64(result)) }
    }

    /// Takes the name away while the file is open, where the system can; else it goes at the end.
    func dropName() {
        let result = unsafe path.withCString { name in unsafe bb_path_remove(name) }
        if result == 0 { hasName = false }
    }

    /// Gives the file its final name, replacing what stands there.
    func publish(as finalPath: String) throws(ReplayError) {
        let result = unsafe path.withCString { from in
            unsafe finalPath.withCString { to in unsafe bb_path_rename(from, to) }
        }
        guard result == 0 else {
            throw .file(.rename, path: finalPath, errorNumber: -result)
        }
        hasName = false
    }

    private func failure(_ operation: ReplayError.Operation, _ result: Int64) -> ReplayError {
        .file(operation, path: path, errorNumber: Int32(truncatingIfNeeded: -result))
    }

    // MARK: Names

    private static func makeName() -> String {
        var number: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &number) { bytes in
            if let base = bytes.baseAddress { unsafe bb_random(base, UInt64(bytes.count)) }
        }
        let digits = String(number, radix: 16)
        return ".blackbox-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
            + ".tmp"
    }

    static func isTemporaryName(_ name: [UInt8]) -> Bool {
        let front = Array(".blackbox-".utf8)
        let back = Array(".tmp".utf8)
        return name.count == front.count + 16 + back.count
            && name.starts(with: front) && name.reversed().starts(with: back.reversed())
    }

    /// Removes the files in `folder` that a killed job left behind.
    static func removeLeftovers(in folder: String) throws(ReplayError) {
        let lock = try FolderLock(folder: folder)
        defer { lock.release() }
        var names: [String] = []
        var listError: Int32 = 0
        let listing = unsafe folder.withCString { path in unsafe bb_folder_open(path, &listError) }
        guard let listing = unsafe listing else {
            throw .file(.list, path: folder, errorNumber: -listError)
        }
        defer { unsafe bb_folder_close(listing) }
        var name = ByteBuffer(capacity: 1024)
        while true {
            var length: Int64 = 0
            unsafe name.fill(1024) { base in
                length = unsafe bb_folder_next(
                    listing, base.assumingMemoryBound(to: CChar.self), 1024)
                return length > 0 ? Int(min(length, 1024)) : 0
            }
            if length == 0 { break }
            // A name that is too long is skipped by the listing; any other error ends it.
            if length < 0 && length != -Int64(BB_ENAMETOOLONG) { break }
            var bytes: [UInt8] = []
            name.append(to: &bytes)
            if isTemporaryName(bytes) { names.append(String(decoding: bytes, as: UTF8.self)) }
        }
        for name in names { removeIfUnused(folder + "/" + name) }
    }

    /// Removes the file unless its job still holds its lock.
    private static func removeIfUnused(_ path: String) {
        unsafe path.withCString { name in
            let handle = unsafe bb_file_open(
                name, UInt32(BB_OPEN_READ | BB_OPEN_WRITE))
            guard handle >= 0 else { return }
            let isLeftover = bb_file_lock(handle, UInt32(BB_LOCK_EXCLUSIVE)) == 0
            _ = bb_file_close(handle)
            // A leftover that can't be removed does no harm.
            if isLeftover { _ = unsafe bb_path_remove(name) }
        }
    }
}
