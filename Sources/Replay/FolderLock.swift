// One job at a time chooses names in an output folder: the lock, and the list that it guards.
//
// The file `.blackbox-replays` in the folder says which recording each replay was made from: lines of
// `name without extension <TAB> log id in hexadecimal <TAB> recording number`, later lines win. So a
// recording's second compaction finds its own file, and another recording of the same second finds
// that the name is taken. A line that was torn by a power cut is skipped. Without the list nothing is
// lost: names of unknown files count as taken.

import CPlatform

/// The exclusive lock of an output folder, held until `release`.
final class FolderLock {
    private static let listName = ".blackbox-replays"
    /// Names are chosen within milliseconds; one that holds the lock for longer hangs.
    private static let patienceNanoseconds: UInt64 = 60_000_000_000

    private let path: String
    private var handle: Int64

    init(folder: String) throws(ReplayError) {
        let path = folder + "/" + Self.listName
        self.path = path
        handle = unsafe path.withCString { name in
            unsafe bb_file_open(
                name,
                UInt32(
                    BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE))
        }
        guard handle >= 0 else {
            throw .file(.open, path: path, errorNumber: Int32(truncatingIfNeeded: -handle))
        }
        let start = bb_clock_exact()
        while true {
            let result = bb_file_lock(handle, UInt32(BB_LOCK_EXCLUSIVE))
            // Where the filesystem has no locks, two jobs at once in one folder are at their own risk.
            if result == 0 || result == -Int32(BB_EOPNOTSUPP)
                || result == -Int32(BB_ENOSYS)
            {
                return
            }
            if result != -Int32(BB_EAGAIN)
                || bb_clock_exact() - start > Self.patienceNanoseconds
            {
                _ = bb_file_close(handle)
                handle = -1
                throw .file(.lock, path: path, errorNumber: -result)
            }
            bb_thread_sleep_ns(5_000_000)
        }
    }

    deinit { release() }

    func release() {
        guard handle >= 0 else { return }
        _ = bb_file_close(handle)
        handle = -1
    }

    // MARK: The list

    /// A line of the list.
    struct Entry {
        var name: [UInt8]
        var recording: [UInt8]
    }

    func entries() throws(ReplayError) -> [Entry] {
        let size = bb_file_size(handle)
        guard size >= 0 else {
            throw .file(.read, path: path, errorNumber: Int32(truncatingIfNeeded: -size))
        }
        // A list of millions of replays is none of ours.
        let byteCount = Int(min(size, 256 << 20))
        var buffer = ByteBuffer(capacity: byteCount)
        let handle = self.handle
        unsafe buffer.fill(byteCount) { base in
            var filled = 0
            while filled < byteCount {
                let result = unsafe bb_file_read(
                    handle, base + filled, UInt64(byteCount - filled), UInt64(filled))
                if result <= 0 { break }
                filled += Int(result)
            }
            return filled
        }
        var text: [UInt8] = []
        buffer.append(to: &text)
        var entries: [Entry] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1].count == 32 else { continue }
            entries.append(
                Entry(name: Array(fields[0]), recording: Array(fields[1] + [9] + fields[2])))
        }
        return entries
    }

    /// Adds a line and makes it durable.
    func add(_ entry: Entry) throws(ReplayError) {
        var line = ByteBuffer()
        // The line feed in front closes a line that a power cut may have torn.
        line.put("\n")
        line.put(entry.name.span)
        line.put("\t")
        line.put(entry.recording.span)
        line.put("\n")
        let size = bb_file_size(handle)
        let offset = UInt64(max(size, 0))
        let written = unsafe line.withPointer { base, count in
            unsafe bb_file_write(handle, base, UInt64(count), offset)
        }
        let result = written < 0 ? Int32(truncatingIfNeeded: written) : bb_file_sync(handle)
        if result < 0 { throw .file(.write, path: path, errorNumber: -result) }
    }
}
