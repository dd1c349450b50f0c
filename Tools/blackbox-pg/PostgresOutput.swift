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
            let server = database.connection.server
            if compaction.health.isDoubtful,
                EarlierRecording.stays(
                    try callCount(span, of: compaction.job.origin, in: database),
                    number: span.number, callsNow: span.callCount, in: server)
            {
                return WrittenElsewhere(report: nil, place: server)
            }
            var sink = PostgresSink(database)
            let report = try compaction.job.compact(
                span, from: &source, mode: compaction.outputs.mode, into: &sink,
                progress: { meter.update($0, of: $1) })
            return WrittenElsewhere(
                report: report, place: server + ", mission \(sink.missionID)")
        }
    }

    /// Calls that the recording on the server was made from; nil when it is not there.
    private func callCount(
        _ span: RecordingSpan, of origin: RecordingOrigin, in database: PostgresDatabase
    ) throws(PostgresError) -> UInt64? {
        try database.connection.execute(
            "SELECT call_count FROM missions WHERE log_id = $1 AND recording_number = $2::integer",
            [origin.logIDText, "\(span.number)"], operation: "looking for an earlier recording"
        ).number.map { UInt64(clamping: $0) }
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
        let isDoubtful = try parts.isDoubtful()
        // A part that can't be read is no failure of the server's, and trying again does not help.
        var unreadable: ToolFailure?
        let written = try server.attempt { database throws(PostgresError) -> WrittenElsewhere? in
            let server = database.connection.server
            do {
                if isDoubtful, let first = parts.parts.first,
                    try parts.stay(
                        try callCount(first.span, of: first.origin, in: database), in: server,
                        Outputs(isPostgres: true))
                {
                    return WrittenElsewhere(report: nil, place: server)
                }
                let done = try parts.join(into: PostgresSink(database), meter)
                let report = done.report
                let sink = done.release()
                return WrittenElsewhere(
                    report: report,
                    place: server + ", mission \(sink.missionID)")
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
