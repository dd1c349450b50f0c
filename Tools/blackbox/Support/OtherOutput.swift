// A further output that a program brings along: blackbox-pg writes into PostgreSQL through this.

import Archive
import Mission
import Replay

/// Writes recordings to somewhere.
protocol OtherOutput {
    /// Writes a recording of one log.
    /// - Throws: `ToolFailure` with the reason.
    func write(
        _ span: RecordingSpan, of compaction: LogCompaction, from source: inout LogSource,
        _ meter: ProgressMeter
    ) throws(ToolFailure) -> WrittenElsewhere

    /// Writes a recording whose parts lie in several logs.
    func write(
        joined parts: JoinedParts, _ meter: ProgressMeter
    ) throws(ToolFailure)
        -> WrittenElsewhere

    /// Writes the server's side of a log.
    func writeServerHistory(
        of compaction: LogCompaction, from source: inout LogSource
    ) throws(ToolFailure)
}

/// What was written, and where to.
struct WrittenElsewhere {
    var report: RecordingReport?
    var place: String
}
