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
            var sink = PostgresSink(database)
            let report = try compaction.job.compact(
                span, from: &source, mode: compaction.outputs.mode, into: &sink,
                progress: { meter.update($0, of: $1) })
            return WrittenElsewhere(
                report: report, place: database.connection.server + ", mission \(sink.missionID)")
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
