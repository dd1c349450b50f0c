// Opening logs for the commands, and what their folders hold.

import Archive
import CPlatform
import Segments
import WAL

/// Opens a log, archived or not; what fails becomes a sentence.
func openLog(_ path: String, salvage: Bool = false) throws(ToolFailure) -> LogSource {
    do {
        return try LogSource.open(path, salvage: salvage)
    } catch {
        throw ToolFailure(message: error.text)
    }
}

/// Which log a folder holds; nil when nothing in it tells.
func logID(of path: String) -> [UInt8]? { (try? LogSource.open(path))?.identity?.logID }

extension LogSource {
    /// Whether the log's health tells of that archive.
    private func isUnread(_ path: String) -> Bool {
        unreadArchives.contains { $0.path == path }
    }

    /// Tells of what was broken in archives that can be read; which records are missing is said with the
    /// log's health.
    func complainOfArchives() {
        for (path, damage) in archiveDamages where !isUnread(path) {
            Console.complain("\(path): \(damage.sentence)")
        }
    }

    /// What must be said of the log beside what was read of it. Goes through its segments once more;
    /// of archives it knows what the passes so far have met.
    mutating func health() -> LogHealth {
        let report = LogCheckup(&self, readsArchives: false).report
        var health =
            report.map { LogHealth($0, losses: $0.losses + archivedLosses) }
            ?? LogHealth(path: path, losses: archivedLosses)
        for (path, reason, isPart) in unreadArchives {
            health.note(unread: path + ": " + reason, isPart: isPart)
        }
        let strangers = unreadArchives.filter { !$0.isPart }.map { $0.path }
        for (path, damage) in archiveDamages where !strangers.contains(path) {
            health.note(archiveMissing: damage.missing)
        }
        return health
    }
}

enum LogFiles {
    static let archiveSuffix = ".seg.lz4"

    /// Whether some of the log in a folder is archived.
    static func hasArchives(_ folder: String) -> Bool {
        ((try? Paths.names(in: folder)) ?? []).contains { Paths.hasSuffix($0, archiveSuffix) }
    }

    /// Whether nothing but archives is left of the log in a folder.
    static func isArchived(_ folder: String) -> Bool {
        guard let names = try? Paths.names(in: folder) else { return false }
        let hasSegments = names.contains {
            LogNames.segmentNumber($0) != nil || LogNames.tailNumber($0) != nil
        }
        return !hasSegments && names.contains { Paths.hasSuffix($0, archiveSuffix) }
    }
}
