// What an earlier compaction of the same recording left in the database.

import GRDB

extension SQLiteSink {
    /// Calls that the recording in the database was made from; nil when it is not there.
    ///
    /// - Parameter logID: as `missions.log_id` has it, 32 hexadecimal digits.
    public func callCount(logID: String, number: Int) throws(SQLiteError) -> UInt64? {
        do {
            return try database.queue.inDatabase { database in
                try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT call_count FROM missions
                        WHERE log_id = ? AND recording_number = ? AND call_count IS NOT NULL
                        """, arguments: [logID, number]
                ).map { UInt64(clamping: $0) }
            }
        } catch {
            throw database.error("looking for an earlier recording", error)
        }
    }
}
