// A whole log → nothing, and nothing else with it: its folder gets a name that no reader takes for a log's,
// then its own files go one by one. What somebody else put there stays, in the folder under its old name.
// Links are removed, or left, never followed. A kill in between leaves a folder that `finish` takes up.

import CPlatform
import Segments

enum LogFolder {
    /// Where recovery puts copies of what it could mend.
    static let mended = "mended"

    /// Removes a log.
    ///
    /// - Returns: names of the files that are none of the log's; the folder stays for them.
    /// - Throws: `LogError`; before the first step the log is whole then, after it, it is gone, and
    ///   `finish` takes what is left.
    static func remove(_ folder: String) throws(LogError) -> [String] {
        let parent = Paths.parent(folder)
        let leaving = Paths.join(parent, LogNames.leavingMark + Paths.lastComponent(folder))
        try rename(folder, leaving)
        _ = unsafe bb_path_sync_folder(parent)
        return try clear(leaving, backTo: folder)
    }

    /// Folders that killed removals left below `root`.
    static func leaving(in root: String) throws(LogError) -> [String] {
        try Paths.names(in: root).filter { $0.utf8.starts(with: LogNames.leavingMark.utf8) }
            .map { Paths.join(root, $0) }
    }

    /// Goes on with one of them.
    static func finish(_ leaving: String) throws(LogError) {
        if isLink(leaving) {
            let removed = unsafe bb_path_remove(leaving)
            guard removed == 0 else { throw LogError(.remove, leaving, Int64(removed)) }
            return
        }
        let name = String(
            decoding: Array(Paths.lastComponent(leaving).utf8).dropFirst(
                LogNames.leavingMark.utf8.count),
            as: UTF8.self)
        _ = try clear(leaving, backTo: Paths.join(Paths.parent(leaving), name))
    }

    /// Whether what stands at `path` lies elsewhere: a symbolic link, or a junction.
    static func isLink(_ path: String) -> Bool { unsafe bb_path_is_link(path) == 1 }

    /// A path with all links and dots resolved; nil when it leads to nothing.
    static func absolute(_ path: String) -> String? {
        var length: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_path_absolute(path, $0.baseAddress, 4096)
            }
            count = Int(min(max(0, length), 4096))
        }
        return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func clear(
        _ leaving: String, backTo folder: String
    ) throws(LogError) -> [String] {
        let others = try removeOwn(leaving)
        guard others.isEmpty else {
            try rename(leaving, folder)
            return others
        }
        try removeFolder(leaving)
        return []
    }

    /// - Returns: what is left.
    private static func removeOwn(_ folder: String) throws(LogError) -> [String] {
        var others: [String] = []
        for name in try Paths.names(in: folder) {
            let path = Paths.join(folder, name)
            if isSame(name, mended), !isLink(path),
                unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER)
            {
                if try removeOwn(path).isEmpty {
                    try removeFolder(path)
                } else {
                    others.append(name)
                }
                continue
            }
            guard isOwn(name) else {
                others.append(name)
                continue
            }
            let removed = unsafe bb_path_remove(path)
            guard removed == 0 || removed == -Int32(BB_ENOENT) else {
                throw LogError(.remove, path, Int64(removed))
            }
        }
        return others
    }

    /// Whether the recorder or one of its programs makes files of that name in a log's folder.
    private static func isOwn(_ name: String) -> Bool {
        let whole = beforeTemporaryMark(name)
        return LogNames.segmentNumber(whole) != nil || LogNames.tailNumber(whole) != nil
            || Paths.hasSuffix(whole, ".seg.lz4") || Paths.hasSuffix(whole, ".cursor")
            || isSame(whole, LogNames.lock) || isSame(whole, LogNames.reserve)
            || isSame(whole, LogNames.streamMark)
    }

    /// `000001.seg.lz4.new-4711` → `000001.seg.lz4`: files that were being written at a kill.
    private static func beforeTemporaryMark(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let mark = Array(".new-".utf8)
        var at = bytes.count
        while at > 0, bytes[at - 1] >= 0x30, bytes[at - 1] <= 0x39 { at -= 1 }
        guard at < bytes.count, at > mark.count, bytes[..<at].suffix(mark.count).elementsEqual(mark)
        else { return name }
        return String(decoding: bytes[..<(at - mark.count)], as: UTF8.self)
    }

    private static func rename(_ from: String, _ to: String) throws(LogError) {
        let renamed = unsafe bb_path_rename(from, to)
        guard renamed == 0 else { throw LogError(.rename, from, Int64(renamed)) }
    }

    private static func removeFolder(_ folder: String) throws(LogError) {
        let removed = unsafe bb_path_remove_folder(folder)
        guard removed == 0 || removed == -Int32(BB_ENOENT) else {
            throw LogError(.remove, folder, Int64(removed))
        }
    }
}
