// A recording that is followed while it is played: its rows are committed in batches, under the same
// numbers that the compaction gives them, which then replaces them all.

import Compactor
import Mission

extension PostgresSink {
    /// Begins the next batch of the recording that was begun last. Nobody holds a lock between batches.
    ///
    /// - Returns: false when a compaction has completed the recording meanwhile (or somebody has removed
    ///   it): there is nothing left to follow.
    public mutating func beginBatch() throws(PostgresError) -> Bool {
        let connection = database.connection
        try connection.execute("BEGIN", operation: "beginning a batch")
        rows.reset()
        do throws(PostgresError) {
            let found = try connection.execute(
                "SELECT end_reason FROM missions WHERE id = \(missionID) FOR UPDATE",
                operation: "beginning a batch")
            if let row = found.rows.first, row == [nil] { return true }
        } catch {
            giveUp()
            throw error
        }
        giveUp()
        return false
    }

    /// Commits what has come since the batch (or the recording) was begun.
    public mutating func commitBatch() throws(PostgresError) {
        do throws(PostgresError) {
            try rows.flush()
            let known = mapper?.lastFrame
            let lastFrame = known.map { "\($0)" } ?? "last_frame"
            try database.connection.execute(
                """
                UPDATE missions SET last_frame = \(lastFrame), updated_at = now()
                WHERE id = \(missionID); COMMIT
                """, operation: "completing a batch")
        } catch {
            giveUp()
            throw error
        }
    }
}
