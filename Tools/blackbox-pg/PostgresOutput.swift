// Recordings into PostgreSQL, for the commands that go through logs.

import Archive
import Mission
import PostgresSink
import Replay

/// The output of this program.
struct PostgresOutput: OtherOutput {
    let server: PostgresServer

    func write(
        _ span: RecordingSpan, of compaction: LogCompaction, from source: inout LogSource,
        _ meter: ProgressMeter
    ) throws(ToolFailure) -> WrittenElsewhere {
        try server.attempt { database throws(PostgresError) in
            if compaction.health.isDoubtful,
                try keeps(span, of: compaction, in: database)
            {
                return WrittenElsewhere(report: nil, place: database.connection.server)
            }
            var sink = PostgresSink(database)
            let report = try compaction.job.compact(
                span, from: &source, mode: compaction.outputs.mode, into: &sink,
                progress: { meter.update($0, of: $1) })
            return WrittenElsewhere(
                report: report, place: database.connection.server + ", mission \(sink.missionID)")
        }
    }

    /// Whether the database has more of the recording than the damaged log still holds.
    private func keeps(
        _ span: RecordingSpan, of compaction: LogCompaction, in database: PostgresDatabase
    ) throws(PostgresError) -> Bool {
        let found = try database.connection.execute(
            "SELECT call_count FROM missions WHERE log_id = $1 AND recording_number = $2::integer",
            [
                String(decoding: hexText(compaction.job.origin.logID.span), as: UTF8.self),
                "\(span.number)",
            ], operation: "looking for an earlier recording")
        guard let before = found.number, UInt64(clamping: before) > span.callCount else {
            return false
        }
        Console.complain(
            "\(database.connection.server): keeps recording \(span.number) with "
                + Words.count(UInt64(clamping: before), "call") + ", made before the log was "
                + "damaged; the " + Words.count(span.callCount)
                + " that are left can go into another database")
        return true
    }

    func writeServerHistory(
        of compaction: LogCompaction, from source: inout LogSource
    ) throws(ToolFailure) {
        try server.attempt { database throws(PostgresError) in
            var sink = PostgresServerSink(database)
            try compaction.feed(&sink, from: &source)
        }
    }

    func write(
        joined parts: JoinedParts, _ meter: ProgressMeter
    ) throws(ToolFailure)
        -> WrittenElsewhere
    {
        // A part that can't be read is no failure of the server's, and trying again does not help.
        var unreadable: ToolFailure?
        let written = try server.attempt { database throws(PostgresError) -> WrittenElsewhere? in
            do {
                let done = try parts.join(into: PostgresSink(database), meter)
                let report = done.report
                let sink = done.release()
                return WrittenElsewhere(
                    report: report,
                    place: database.connection.server + ", mission \(sink.missionID)")
            } catch let error as PostgresError {
                throw error
            } catch {
                unreadable = error as? ToolFailure ?? ToolFailure(message: "\(error)")
                return nil
            }
        }
        if let unreadable { throw unreadable }
        guard let written else { throw ToolFailure(message: "nothing was joined") }
        return written
    }
}
