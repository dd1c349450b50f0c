// The compaction of one log into the outputs.

import Archive
import Compactor
import Mission
import Replay
import Segments
import Values
import WAL

/// Takes everything and keeps nothing.
private struct Discard: ~Copyable, RecordingSink {
    typealias Failure = Never
    mutating func begin(_ header: RecordingHeader) {}
    mutating func receive(_ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable) {}
    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) {}
}

/// Compacts one log into the outputs.
struct LogCompaction {
    let path: String
    let job: CompactionJob
    let outputs: Outputs
    let isQuiet: Bool
    /// What must be said of the log; a damaged one spares what was made from it when it was whole.
    let health: LogHealth
    /// Whether the server's own events or the gate's decisions are in the log.
    let hasServerSide: Bool
    /// Beside the outputs that this file knows.
    var other: (any OtherOutput)?

    /// Finds the log's recordings (the first pass).
    init(
        path: String, source: inout LogSource, outputs: Outputs, isQuiet: Bool,
        other: (any OtherOutput)? = nil
    ) {
        self.path = path
        self.outputs = outputs
        self.isQuiet = isQuiet
        self.other = other
        let identity = source.identity
        var probe = ServerSideProbe(source)
        job = CompactionJob(
            source: &probe,
            origin: RecordingOrigin(
                logID: identity?.logID ?? [], extensionVersion: identity?.writer ?? "",
                utcOffsetSeconds: identity?.utcOffset ?? 0))
        hasServerSide = probe.found
        let report = probe.report
        source = probe.release()
        health = source.health(report)
    }

    /// Decodes a recording for its figures and rejects alone.
    func decode(_ span: RecordingSpan, from source: inout LogSource) throws -> RecordingReport {
        var sink = Discard()
        return job.compact(
            span, from: &source, mode: outputs.mode, into: &sink, rejectLimit: .max)
    }

    /// Writes a recording to every output. One that fails does not keep the others from theirs.
    func write(_ span: RecordingSpan, from source: inout LogSource) -> RecordingOutcome {
        var outcome = RecordingOutcome(number: span.number)
        var errors: [String] = []
        var done: [String] = []
        let meter = ProgressMeter("recording \(span.number)", unit: "calls", isQuiet: isQuiet)
        if let folder = outputs.jsonFolder {
            var options = ReplayOptions()
            options.isCompressed = outputs.isCompressed
            options.keepsLonger = health.isDoubtful
            do {
                let (report, file) = try job.writeReplay(
                    of: span, from: &source, mode: outputs.mode, folder: folder, options: options,
                    progress: { meter.update($0, of: $1) })
                outcome.report = report
                outcome.fileBytes = file.fileBytes
                outcome.longerKept = file.longerKept
                done.append(file.path)
                outputs.issueTicket(report, file, &errors)
            } catch {
                errors.append(error.explanation)
            }
        }
        if let file = outputs.sqliteFile {
            do {
                let report = try writeRows(span, from: &source, to: file, meter)
                outcome.report = outcome.report ?? report
                done.append(file)
            } catch {
                errors.append(error.description)
            }
        }
        if let other {
            do {
                let written = try other.write(span, of: self, from: &source, meter)
                outcome.report = outcome.report ?? written.report
                done.append(written.place)
            } catch {
                errors.append(error.message)
            }
        }
        meter.finish()
        // Written with what could be read, told, and not counted as done: run again, it is whole.
        errors += source.unreadable.map { RecordingOutcome.lacking($0) }
        outcome.path = done.first ?? ""
        outcome.paths = done
        outcome.error = errors.joined(separator: "; ")
        if !errors.isEmpty { outcome.status = done.isEmpty ? .error : .partial }
        return outcome
    }

    /// - Returns: nil when the database has more of the recording than the damaged log still holds;
    ///   it keeps that.
    private func writeRows(
        _ span: RecordingSpan, from source: inout LogSource, to file: String, _ meter: ProgressMeter
    ) throws(SQLiteError) -> RecordingReport? {
        var sink = try SQLiteSink(path: file)
        if health.isDoubtful {
            let before = try sink.callCount(logID: job.origin.logIDText, number: span.number)
            if EarlierRecording.stays(
                before, number: span.number, callsNow: span.callCount, in: file)
            {
                return nil
            }
        }
        return try job.compact(
            span, from: &source, mode: outputs.mode, into: &sink,
            progress: { meter.update($0, of: $1) })
    }
}
