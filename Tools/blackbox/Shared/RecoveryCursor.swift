// What `recover` has looked after already: a cursor of its own beside the log.

import Segments

enum RecoveryCursor {
    private static let name = "recover"

    /// Up to where it has looked after a log; nil when it has not.
    static func sequence(_ path: String, logID: [UInt8]) -> UInt64? {
        Cursor.read(path, name, logID: logID)?.sequence
    }

    /// Whether nothing is left to do for these outputs.
    static func isDone(_ path: String, _ outputs: Outputs) -> Bool {
        guard let logID = logID(of: path), let last = sequence(path, logID: logID) else {
            return false
        }
        return ExportCursors.areDone(outputs, logID: logID, through: last, folder: path)
    }

    /// Whether the outputs have everything of a log that was looked after.
    static func hasExported(_ path: String, _ outputs: Outputs, logID: [UInt8]) -> Bool {
        guard let last = sequence(path, logID: logID) else { return false }
        return ExportCursors.areDone(outputs, logID: logID, through: last, folder: path)
    }

    /// Notes that they have.
    static func complete(_ path: String, _ outputs: Outputs, logID: [UInt8]) {
        guard let last = sequence(path, logID: logID) else { return }
        // Should it fail, the outputs are made again some day.
        try? ExportCursors.complete(outputs, logID: logID, through: last, folder: path)
    }

    /// Notes what has been looked after.
    static func remember(
        _ path: String, logID: [UInt8], through last: UInt64, _ outputs: Outputs, isExported: Bool
    ) {
        do throws(LogError) {
            if isExported {
                try ExportCursors.complete(outputs, logID: logID, through: last, folder: path)
            }
            try Cursor(name: name, logID: logID, sequence: last).write(path)
        } catch {
            // Then the next start looks at this log again.
        }
    }
}
