// compact and recover: recordings to replays, and what a crash left.

import Archive
import CPlatform
import Mission
import Replay
import Segments
import Values
import WAL

/// Compacts one log into the outputs.
struct LogCompaction {
    let path: String
    let job: CompactionJob
    let outputs: Outputs
    let isQuiet: Bool
    /// What must be said of the log; a damaged one spares what was made from it when it was whole.
    let health: LogHealth

    /// Finds the log's recordings (the first pass).
    init(path: String, source: inout LogSource, outputs: Outputs, isQuiet: Bool = true) {
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

    /// Writes a recording.
    func write(_ span: RecordingSpan, from source: inout LogSource) -> RecordingOutcome {
        var outcome = RecordingOutcome(number: span.number)
        var options = ReplayOptions()
        options.isCompressed = outputs.isCompressed
        options.keepsLonger = health.isDoubtful
        if let folder = outputs.jsonFolder {
            let meter = ProgressMeter(
                "recording " + String(span.number), unit: "calls", isQuiet: isQuiet)
            defer { meter.finish() }
            do throws(ReplayError) {
                let (report, file) = try job.writeReplay(
                    of: span, from: &source, mode: outputs.mode, folder: folder, options: options,
                    progress: { meter.update($0, of: $1) })
                outcome.report = report
                outcome.fileBytes = file.fileBytes
                outcome.longerKept = file.longerKept
                outcome.path = file.path
                outcome.paths = [file.path]
            } catch {
                outcome.error = error.explanation
                outcome.status = .error
            }
        }
        for error in source.unreadable {
            if !outcome.error.isEmpty { outcome.error += "; " }
            outcome.error += RecordingOutcome.lacking(error)
            outcome.status = outcome.path.isEmpty ? .error : .partial
        }
        if outputs.sqliteFile != nil {
            // Said, and not passed over: the plug-in's configuration may ask for it.
            if !outcome.error.isEmpty { outcome.error += "; " }
            outcome.error +=
                "SQLite is not written on Windows; run blackbox compact --sqlite on Linux or in WSL"
            outcome.status = outcome.path.isEmpty ? .error : .partial
        }
        return outcome
    }

    /// Decodes a recording for its figures and rejects alone.
    func decode(_ span: RecordingSpan, from source: inout LogSource) -> RecordingReport {
        var sink = Discard()
        return job.compact(
            span, from: &source, mode: outputs.mode, into: &sink, rejectLimit: .max)
    }
}

/// Takes events and keeps nothing.
private struct Discard: ~Copyable, RecordingSink {
    typealias Failure = Never
    mutating func begin(_ header: RecordingHeader) {}
    mutating func receive(_ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable) {}
    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) {}
}

/// `compact`
struct Compact {
    private static let rejectsShown = 50
    private let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws(ToolFailure) -> Int32 {
        if arguments.isStreamed, arguments.outputs.isEmpty { return try notStreamed() }
        guard !arguments.outputs.isEmpty else {
            throw ToolFailure(message: "name an output: --json DIR", code: ExitStatus.usage)
        }
        if arguments.isBackground { bb_lower_priority(0) }
        var outcomes: [RecordingOutcome] = []
        var healths: [LogHealth] = []
        do throws(ToolFailure) {
            let entries = try arguments.findSome()
            if arguments.recording != nil, entries.count > 1 {
                throw ToolFailure(
                    message: "--recording needs one log; here are " + String(entries.count),
                    code: ExitStatus.usage)
            }
            let speaker = CompactionSpeaker(isQuiet: arguments.isQuiet)
            for entry in entries { outcomes += try compact(entry, speaker, &healths) }
            if arguments.outputs.isForUpload { outcomes = outcomes.map(Self.notUploaded) }
        } catch {
            // The plug-in waits for the report, whatever happened.
            outcomes.append(
                RecordingOutcome(
                    number: arguments.recording ?? 0, status: .error, error: error.message))
            try ReportFile.write(outcomes, healths, to: arguments.report)
            throw error
        }
        try ReportFile.write(outcomes, healths, to: arguments.report)
        let isWhole =
            outcomes.allSatisfy { $0.status == .ok } && healths.allSatisfy { $0.unread.isEmpty }
        return isWhole ? ExitStatus.done : ExitStatus.failed
    }

    /// Said, and not passed over: the configuration wants a stream.
    private func notStreamed() throws(ToolFailure) -> Int32 {
        var outcome = RecordingOutcome(number: arguments.recording ?? 0, status: .partial)
        outcome.path = arguments.logs.first ?? ""
        outcome.error =
            "there is no stream from Windows; the recording is kept in the log, run: blackbox compact "
            + outcome.path + " --json DIR"
        Console.complain(outcome.error)
        try ReportFile.write([outcome], [], to: arguments.report)
        return ExitStatus.failed
    }

    /// Said, and not passed over: the configuration names a web server.
    private static func notUploaded(_ outcome: RecordingOutcome) -> RecordingOutcome {
        var outcome = outcome
        guard outcome.status == .ok else { return outcome }
        outcome.status = .partial
        outcome.error =
            "not uploaded: there is no upload from Windows; send the replay by hand, or run "
            + "blackbox upload in WSL"
        return outcome
    }

    private func compact(
        _ entry: LogEntry, _ speaker: CompactionSpeaker, _ healths: inout [LogHealth]
    ) throws(ToolFailure) -> [RecordingOutcome] {
        var source = try openLog(entry.path, salvage: arguments.salvages)
        let compaction = LogCompaction(
            path: entry.path, source: &source, outputs: arguments.outputs,
            isQuiet: arguments.isQuiet || arguments.isBackground)
        let health = compaction.health
        healths.append(health)
        for line in health.complaints() { Console.complain(line) }
        var spans = compaction.job.recordings
        if let recording = arguments.recording {
            guard let span = compaction.job.recording(recording) else {
                throw ToolFailure(
                    message: entry.path + ": no recording " + String(recording)
                        + " in this log; it holds "
                        + Words.count(UInt64(spans.count), "recording"))
            }
            spans = [span]
        }
        speaker.begin(entry.path, compaction.job)
        var outcomes = export(spans, compaction, &source, speaker)
        if spans.isEmpty, health.lacksPart {
            var outcome = RecordingOutcome(number: 0)
            outcome.note(health)
            outcome.status = .error
            outcomes.append(outcome)
        }
        if arguments.recording == nil, !entry.isLive, !health.lacksPart,
            outcomes.allSatisfy({ $0.status == .ok })
        {
            // Of a log that was looked after nothing is left behind its last call: it may go.
            RecoveryCursor.complete(
                entry.path, arguments.outputs, logID: compaction.job.origin.logID)
        }
        guard !arguments.isQuiet else { return outcomes }
        if arguments.recording == nil {
            RejectListing.write(
                compaction.job.index.rejects, json: false, limit: Self.rejectsShown)
        }
        for outcome in outcomes {
            guard let report = outcome.report else { continue }
            RejectListing.write(report.rejects, json: false, limit: Self.rejectsShown)
        }
        return outcomes
    }
}

/// Writes recordings, and says what became of each.
private func export(
    _ spans: [RecordingSpan], _ compaction: LogCompaction, _ source: inout LogSource,
    _ speaker: CompactionSpeaker
) -> [RecordingOutcome] {
    var outcomes: [RecordingOutcome] = []
    for span in spans {
        var outcome = compaction.write(span, from: &source)
        speaker.tell(outcome, span, identity: source.identity)
        outcome.note(compaction.health)
        outcomes.append(outcome)
    }
    source.complainOfArchives()
    if !compaction.health.lacksPart {
        ExportCursors.advance(compaction, outcomes, folder: compaction.path)
    }
    return outcomes
}

/// `recover`
struct Recover {
    private let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws(ToolFailure) -> Int32 {
        if arguments.isBackground { bb_lower_priority(0) }
        var worst: Int32 = 0
        var outcomes: [RecordingOutcome] = []
        var healths: [LogHealth] = []
        let entries = try arguments.find()
        if entries.isEmpty { say(arguments.place + ": no log there, nothing to recover") }
        let speaker = CompactionSpeaker(isQuiet: arguments.isQuiet)
        for entry in entries {
            do throws(ToolFailure) {
                worst = max(worst, try recover(entry, speaker, &outcomes, &healths))
            } catch {
                Console.complain(error.message)
                worst = max(worst, error.code)
            }
        }
        try ReportFile.write(outcomes, healths, to: arguments.report)
        if outcomes.contains(where: { $0.status != .ok }) { worst = max(worst, ExitStatus.failed) }
        return worst
    }

    /// - Returns: the exit code that this log asks for.
    private func recover(
        _ entry: LogEntry, _ speaker: CompactionSpeaker, _ outcomes: inout [RecordingOutcome],
        _ healths: inout [LogHealth]
    ) throws(ToolFailure) -> Int32 {
        guard unsafe bb_path_kind(entry.path) == Int32(BB_KIND_FOLDER) else {
            throw ToolFailure(
                message: entry.path + ": recover works on a log's folder; for one file, use verify",
                code: ExitStatus.usage)
        }
        if entry.isLive {
            say(entry.path + ": the server still runs; left alone")
            return 0
        }
        // What an earlier start has looked after need not be read again.
        if arguments.isBackground, RecoveryCursor.isDone(entry.path, arguments.outputs) { return 0 }
        let recovered = try RecoveredLog.look(
            after: entry.path, readsArchives: !arguments.isBackground,
            isQuiet: arguments.isQuiet || arguments.isBackground)
        guard let recovered else {
            say(entry.path + ": another program is looking after it")
            return 0
        }
        for line in recovered.lines { say(line) }
        if recovered.isArchived, recovered.code == 0, arguments.outputs.isEmpty {
            say(entry.path + ": archived, nothing to recover")
        }
        for error in recovered.errors { Console.complain(error) }
        healths.append(recovered.health)
        for line in recovered.health.unread { Console.complain(line) }
        var isExported = false
        if !arguments.outputs.isEmpty, recovered.identity != nil {
            var source = try openLog(entry.path, salvage: arguments.salvages)
            let compaction = LogCompaction(
                path: entry.path, source: &source, outputs: arguments.outputs,
                isQuiet: arguments.isQuiet || arguments.isBackground)
            let exported = export(compaction.job.recordings, compaction, &source, speaker)
            isExported = exported.allSatisfy { $0.status == .ok }
            outcomes += exported
        }
        recovered.remember(arguments.outputs, isExported: isExported)
        return recovered.code
    }

    private func say(_ line: String) {
        if !arguments.isQuiet { Console.print(line) }
    }
}
