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
    /// Whether nothing can be read in that archive: the log's health tells of it.
    func isUnread(_ path: String) -> Bool { unreadArchives.contains { isSame($0.path, path) } }

    /// Tells of what was broken in archives that can be read; which records are missing is said with the
    /// log's health.
    func complainOfArchives() {
        for (path, damage) in archiveDamages where !isUnread(path) {
            Console.complain("\(path): \(damage.sentence)")
        }
    }

    /// What must be said of the log beside what was read of it. Goes through its segments once more;
    /// of archives it knows what the passes so far have met.
    mutating func health() -> LogHealth { health(checkSegments()) }

    /// The same where the verdict on the segments is known.
    func health(_ report: LogReport?) -> LogHealth { health(report, archivedLosses) }

    /// The same from a checkup of this log, with what that has met.
    func health(_ checkup: LogCheckup) -> LogHealth {
        var health = health(checkup.report, checkup.archivedLosses)
        for (_, damage) in checkup.archiveDamages { health.note(archiveMissing: damage.missing) }
        return health
    }

    private func health(_ report: LogReport?, _ archivedLosses: [Loss]) -> LogHealth {
        var health =
            report.map { LogHealth($0, losses: $0.losses + archivedLosses) }
            ?? LogHealth(path: path, losses: archivedLosses)
        for (path, reason, isPart) in unreadArchives {
            health.note(unread: path + ": " + reason, isPart: isPart)
        }
        for (path, damage) in archiveDamages {
            let isStranger = unreadArchives.contains { !$0.isPart && isSame($0.path, path) }
            if !isStranger { health.note(archiveMissing: damage.missing) }
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
