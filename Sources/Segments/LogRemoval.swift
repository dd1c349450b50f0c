// A whole log → nothing, in one step for everybody who looks: the folder gets a name that no reader takes
// for a log's, then its files go one by one. A kill in between leaves such a folder, which the next
// removal finishes.

import CPlatform

/// Removes logs.
public enum LogRemoval {
    /// In front of the name of a folder that is on its way out.
    static let mark = ".removing-"

    /// Removes a log's folder and everything in it. Links in it are removed, never followed.
    ///
    /// - Throws: `LogError`; before the first step the log is whole then, after it, it is gone, and
    ///   `finish` takes what is left.
    public static func remove(_ folder: String) throws(LogError) {
        let parent = Paths.parent(folder)
        let leaving = Paths.join(parent, mark + Paths.lastComponent(folder))
        let renamed = unsafe bb_path_rename(folder, leaving)
        guard renamed == 0 else { throw LogError(.rename, folder, Int64(renamed)) }
        _ = unsafe bb_path_sync_folder(parent)
        try removeTree(leaving, depth: 0)
    }

    /// Removes what killed removals left below `root`.
    public static func finish(in root: String) throws(LogError) {
        for name in try Paths.names(in: root) where isLeaving(name) {
            try removeTree(Paths.join(root, name), depth: 0)
        }
    }

    /// Whether a folder of that name is on its way out.
    static func isLeaving(_ name: String) -> Bool { name.utf8.starts(with: mark.utf8) }

    private static func removeTree(_ folder: String, depth: Int) throws(LogError) {
        for name in try Paths.names(in: folder) {
            let path = Paths.join(folder, name)
            // A file or a link goes at once; only what refuses is looked into.
            let removed = unsafe bb_path_remove(path)
            if removed == 0 || removed == -Int32(BB_ENOENT) { continue }
            guard depth < 8, unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER) else {
                throw LogError(.remove, path, Int64(removed))
            }
            try removeTree(path, depth: depth + 1)
        }
        let removed = unsafe bb_path_remove_folder(folder)
        guard removed == 0 || removed == -Int32(BB_ENOENT) else {
            throw LogError(.remove, folder, Int64(removed))
        }
    }
}
