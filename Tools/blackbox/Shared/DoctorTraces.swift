// What a doctor makes in a folder while it looks at it: a file that shows whether it can be written to, and a short
// log that shows how long a call takes. A doctor that is killed can't remove them; the next one does, or tidy.

import CPlatform
import Segments

enum DoctorTraces {
    private static let mark = ".blackbox-doctor-"
    private static let logMark = "-log"

    /// Path of this process's file in a folder.
    static func file(in folder: String) -> String {
        Paths.join(folder, mark + String(bb_process_id()))
    }

    /// Path of the folder of this process's log in a folder.
    static func log(in folder: String) -> String { file(in: folder) + logMark }

    /// Removes what doctors that live no more have left in a folder. What resists is left to the next run.
    ///
    /// - Returns: paths of what was removed.
    static func removeLeft(in folder: String) -> [String] {
        var removed: [String] = []
        // Nothing is left in a folder that is not there.
        for name in (try? Paths.names(in: folder)) ?? [] {
            guard let maker = maker(of: name), bb_process_lives(maker) == 0 else { continue }
            let path = Paths.join(folder, name)
            let kind = unsafe LogFolder.isLink(path) ? Int32(BB_KIND_NONE) : bb_path_kind(path)
            let isGone =
                switch kind {
                case Int32(BB_KIND_FILE): unsafe bb_path_remove(path) == 0
                case Int32(BB_KIND_FOLDER): removeLog(path)
                default: false
                }
            if isGone { removed.append(path) }
        }
        return removed
    }

    /// Removes a log that was measured and the folder around it; not while somebody writes it, whose number of
    /// a process may mean nothing here (another container's).
    ///
    /// - Returns: whether all of it is gone.
    static func removeLog(_ folder: String) -> Bool {
        for name in (try? Paths.names(in: folder)) ?? [] {
            let path = Paths.join(folder, name)
            let isFolder = unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER)
            // Nothing else is a log's, and whatever stays keeps the folder.
            guard isFolder, !LogFolder.isLink(path) else { continue }
            guard !LogList.isLive(path) else { return false }
            if name.utf8.starts(with: LogNames.leavingMark.utf8) {
                try? LogFolder.finish(path)
            } else {
                _ = try? LogFolder.remove(path)
            }
        }
        return unsafe bb_path_remove_folder(folder) == 0
    }

    /// The process that makes a file or folder of that name; nil of any other name.
    private static func maker(of name: String) -> UInt64? {
        guard name.utf8.starts(with: mark.utf8) else { return nil }
        var digits = Array(name.utf8).dropFirst(mark.utf8.count)
        if Paths.hasSuffix(name, logMark) { digits = digits.dropLast(logMark.utf8.count) }
        guard (1...10).contains(digits.count) else { return nil }
        var process: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            process = process * 10 + UInt64(digit - 0x30)
        }
        return process
    }
}
