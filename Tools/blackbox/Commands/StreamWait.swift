// A save with storage of type websocket: the log is streamed by a program of its own (blackbox follow
// --websocket). Here it is waited for until the server has acknowledged the recording.

import Archive
import CPlatform
import Extension
import Mission
import Segments

enum StreamWait {
    private static let cursor = "websocket"
    private static let limitNanoseconds: UInt64 = 30_000_000_000
    private static let lookNanoseconds: UInt64 = 50_000_000

    /// One outcome a log: whether the server has the recording, or all that the log holds.
    ///
    /// - Parameter configuration: for the command that an owner may run.
    static func outcomes(
        of logs: [String], _ recording: Int?, _ configuration: String
    ) -> [RecordingOutcome] {
        let end = bb_clock_coarse() + limitNanoseconds
        return logs.map { log in
            var outcome = RecordingOutcome(number: recording ?? 0)
            if let reason = missing(log, recording, until: end) {
                outcome.status = .partial
                outcome.path = log
                outcome.error =
                    reason + "; the recording is kept in the log, run: blackbox follow " + log
                    + " --websocket " + configuration
                Console.complain(outcome.error)
            }
            return outcome
        }
    }

    /// Why the server has not got it; nil when it has.
    private static func missing(_ log: String, _ recording: Int?, until end: UInt64) -> String? {
        guard HelperProgram.path("blackbox-net") != nil else {
            return "not streamed: blackbox-net is not beside \(Program.name)"
        }
        var last: UInt64 = 0
        var logID: [UInt8] = []
        do throws(ToolFailure) {
            var source = try openLog(log)
            logID = source.identity?.logID ?? []
            let recordings = RecordingIndex.build(from: &source).recordings
            let wanted =
                recording.flatMap { number in recordings.first { $0.number == number } }
                ?? recordings.last
            guard let wanted else { return "there is no recording in this log" }
            last = wanted.last.sequence
        } catch {
            return error.message
        }
        while (Cursor.read(log, cursor, logID: logID)?.sequence ?? 0) < last {
            guard bb_clock_coarse() < end else {
                return "the web server has not acknowledged it yet"
            }
            bb_thread_sleep_ns(lookNanoseconds)
        }
        return nil
    }
}
