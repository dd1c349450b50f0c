// How far each output has a log: cursors beside the log, so that a start after a crash exports only
// what nobody has exported, and that nothing is removed which an output has not got.

import CPlatform
import Mission
import Replay
import Segments

enum ExportCursors {
    static let json = "json"
    static let sqlite = "sqlite"
    static let postgres = "postgres"

    /// Cursors of the outputs that are named.
    static func names(_ outputs: Outputs) -> [String] {
        (outputs.jsonFolder == nil ? [] : [json]) + (outputs.sqliteFile == nil ? [] : [sqlite])
            + (outputs.isPostgres ? [postgres] : [])
    }

    /// After recordings were written. The cursor of a log moves over a recording only when it stands
    /// at the recording before: what was left out stays to be done.
    static func advance(
        _ compaction: LogCompaction, _ outcomes: [RecordingOutcome], folder: String
    ) {
        // A single file has no folder of its own to keep cursors in.
        guard unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER) else { return }
        let logID = compaction.job.origin.logID
        let written = outcomes.filter { $0.status == .ok }.map { $0.number }
        for name in names(compaction.outputs) {
            let before = Cursor.read(folder, name, logID: logID)?.sequence ?? 0
            var sequence = before
            var isUnbroken = true
            for span in compaction.job.recordings where isUnbroken {
                if written.contains(span.number) {
                    sequence = max(sequence, span.last.sequence)
                } else {
                    isUnbroken = before >= span.last.sequence
                }
            }
            // Behind the last recording there is nothing to export.
            if isUnbroken, let last = compaction.job.index.last {
                sequence = max(sequence, last.sequence)
            }
            guard sequence > before else { continue }
            let cursor = Cursor(name: name, logID: logID, sequence: sequence)
            do {
                try cursor.write(folder)
            } catch {
                // The outputs are there; without the cursor they are made again some day.
                Console.complain(error.text + "; the outputs are complete all the same")
            }
        }
    }

    /// After all recordings of a dead log were written: behind its last call only records follow that
    /// no output asks for.
    static func complete(
        _ outputs: Outputs, logID: [UInt8], through sequence: UInt64, folder: String
    )
        throws(LogError)
    {
        for name in names(outputs) {
            try Cursor(name: name, logID: logID, sequence: sequence).write(folder)
        }
    }

    /// Whether every named output has the log up to `sequence`.
    static func areDone(
        _ outputs: Outputs, logID: [UInt8], through sequence: UInt64, folder: String
    )
        -> Bool
    {
        for name in names(outputs) {
            guard let cursor = Cursor.read(folder, name, logID: logID),
                cursor.sequence >= sequence
            else { return false }
        }
        return true
    }
}
