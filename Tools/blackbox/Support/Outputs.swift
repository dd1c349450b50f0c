// Where a compaction writes to, and the compaction of one log.

import Archive
import ArgumentParser
import Compactor
import Mission
import Replay
import Segments
import Values
import WAL

/// The outputs named on the command line.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write replays (JSON v1) into this folder.", valueName: "dir"))
    var json: String?
    @Option(help: ArgumentHelp("Write into this SQLite database.", valueName: "file"))
    var sqlite: String?
    @Flag(help: "Write as the reference extension does, quirks included (for comparison).")
    var strict = false
    @Flag(name: .customLong("no-gzip"), help: "Replays as .json instead of .json.gz.")
    var noGzip = false
    @Option(
        help: ArgumentHelp(
            "When done, write what was made into this file, a JSON object (- for standard output).",
            valueName: "file"))
    var report: String?
    @Option(
        help: ArgumentHelp(
            "Send the replays to the web server that this configuration names; needs --json.",
            valueName: "configuration"))
    var upload: String?
    @Option(
        help: ArgumentHelp(
            "With --upload: write what became of it into this log file, too.", valueName: "file"))
    var log: String?
    @Flag(help: "At low priority, and without progress.")
    var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("--json", json), ("--sqlite", sqlite), ("--report", report)]
        where value?.isEmpty == true {
            throw ValidationError("\(name) needs a name; it is empty.")
        }
    }

    var outputs: Outputs {
        Outputs(
            jsonFolder: json, sqliteFile: sqlite, mode: strict ? .strict : .standard,
            isCompressed: !noGzip, isForUpload: upload != nil)
    }
}

/// A database sink that knows what it wrote to.
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

    /// Finds the log's recordings (the first pass).
    init(path: String, source: inout LogSource, outputs: Outputs, isQuiet: Bool) {
        self.path = path
        self.outputs = outputs
        self.isQuiet = isQuiet
        let identity = source.identity
        job = CompactionJob(
            source: &source,
            origin: RecordingOrigin(
                logID: identity?.logID ?? [], extensionVersion: identity?.writer ?? "",
                utcOffsetSeconds: identity?.utcOffset ?? 0))
        health = source.health()
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
            let logID = String(decoding: hexText(job.origin.logID.span), as: UTF8.self)
            let before = try sink.callCount(logID: logID, number: span.number) ?? 0
            if before > span.callCount {
                Console.complain(
                    "\(file): keeps recording \(span.number) with "
                        + Words.count(before, "call") + ", made before the log was damaged; the "
                        + Words.count(span.callCount) + " that are left can go into another file")
                return nil
            }
        }
        return try job.compact(
            span, from: &source, mode: outputs.mode, into: &sink,
            progress: { meter.update($0, of: $1) })
    }
}
