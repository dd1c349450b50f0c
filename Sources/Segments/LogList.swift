// Finding logs, and whether their writers live.

import CPlatform
import WAL

/// A log's folder below a root.
public struct LogEntry: Equatable, Sendable {
    /// The folder.
    public var path: String
    /// Its writer lives.
    public var isLive: Bool

    /// All fields.
    public init(path: String, isLive: Bool) {
        self.path = path
        self.isLive = isLive
    }
}

/// Logs in folders.
public enum LogList {
    /// The logs at `path`: itself when it holds segments, else its subfolders that do, by name (and
    /// so by time). A path that is a file stands for itself.
    ///
    /// - Throws: `LogError` when `path` can't be read.
    public static func find(_ path: String) throws(LogError) -> [LogEntry] {
        if unsafe bb_path_kind(path) == 1 {
            return [LogEntry(path: path, isLive: isLive(Paths.parent(path)))]
        }
        let names = try Paths.names(in: path)
        if names.contains(where: { isPart($0) }) {
            return [LogEntry(path: path, isLive: isLive(path))]
        }
        var logs: [LogEntry] = []
        for name in names where !name.utf8.starts(with: LogNames.leavingMark.utf8) {
            let folder = Paths.join(path, name)
            guard unsafe bb_path_kind(folder) == 2 else { continue }
            // A log's folder that can't be read is told when it is opened; others are none of ours.
            let inside = try? Paths.names(in: folder)
            guard inside?.contains(where: { isPart($0) }) ?? LogNames.isFolder(name) else {
                continue
            }
            logs.append(LogEntry(path: folder, isLive: isLive(folder)))
        }
        return logs
    }

    private static func isPart(_ name: String) -> Bool {
        LogNames.segmentNumber(name) != nil || LogNames.tailNumber(name) != nil
            || Paths.hasSuffix(name, ".seg.lz4")
    }

    /// Whether a living process holds the log's lock.
    public static func isLive(_ folder: String) -> Bool {
        guard let file = try? File(Paths.join(folder, LogNames.lock), 1) else { return false }
        // Shared: two that ask at the same time must not take each other for the writer.
        let result = bb_file_lock(file.handle, 0)
        if result == 0 { _ = bb_file_unlock(file.handle) }
        return result == -11
    }
}
