// The recordings of logs, log by log, to every output: what compact and recover do alike, in blackbox
// and in blackbox-pg.

import Archive
import Mission
import Replay
import Segments

/// Writes the recordings of logs, and collects what became of them.
struct LogExport {
    let outputs: Outputs
    let isQuiet: Bool
    let isBackground: Bool
    let salvage: Bool
    /// The program that started this one has told what there is to tell of the logs.
    let isTold: Bool
    /// What the program brings along beside the outputs that all know.
    var other: (any OtherOutput)?
    /// Of all recordings so far.
    var outcomes: [RecordingOutcome] = []
    /// Of all logs so far.
    var healths: [LogHealth] = []
    /// A program that was started for one of the outputs says so.
    var hasHelperFailed = false
    /// What is part of one of these is not written again by itself.
    private(set) var joined = JoinedRecordings()
    private let speaker: CompactionSpeaker

    init(
        _ outputs: Outputs, isQuiet: Bool, isBackground: Bool, salvage: Bool, isTold: Bool = false
    ) {
        self.outputs = outputs
        self.isTold = isTold
        self.isQuiet = isQuiet
        self.isBackground = isBackground
        self.salvage = salvage
        speaker = CompactionSpeaker(isQuiet: isQuiet, isTold: isTold)
    }

    /// Whether something could not be written, or not be read.
    var hasFailed: Bool {
        hasHelperFailed || outcomes.contains { $0.status != .ok }
            || healths.contains { !$0.unread.isEmpty }
    }

    /// Writes the recordings whose parts lie in several logs. Before the logs themselves.
    mutating func join(_ chains: [[RecordingPart]]) {
        joined = JoinedRecordings(
            chains, outputs: outputs, other: other, speaker: speaker, isQuiet: isQuiet,
            isBackground: isBackground, salvage: salvage)
        outcomes += joined.outcomes
    }

    /// Compacts logs and says what is to be said of them. One that can't be read does not keep the
    /// others from theirs.
    ///
    /// - Parameter recording: only this one, of one log.
    /// - Throws: `ToolFailure`, when there is no other log, or no such recording.
    mutating func compact(_ entries: [LogEntry], recording: Int?) throws(ToolFailure) {
        for entry in entries {
            do throws(ToolFailure) {
                try compact(entry, recording)
            } catch {
                guard entries.count > 1 else { throw error }
                Console.complain(error.message)
                note(error, recording: nil)
            }
        }
    }

    /// Writes the recordings of a log whose state was told before.
    ///
    /// - Returns: whether every output has all of them now.
    /// - Throws: `ToolFailure`, when nothing of the log can be read.
    mutating func write(_ entry: LogEntry) throws(ToolFailure) -> Bool {
        var source = try openLog(entry.path, salvage: salvage)
        let compaction = compaction(of: entry, &source)
        let made = try write(compaction.job.recordings, of: compaction, from: &source)
        return isDone(made, entry)
    }

    /// Counts a failure among the outcomes.
    mutating func note(_ failure: ToolFailure, recording: Int?) {
        outcomes.append(
            RecordingOutcome(number: recording ?? 0, status: .error, error: failure.message))
    }

    private mutating func compact(_ entry: LogEntry, _ recording: Int?) throws(ToolFailure) {
        var source = try openLog(entry.path, salvage: salvage)
        let compaction = compaction(of: entry, &source)
        let job = compaction.job
        healths.append(compaction.health)
        if !isTold { for line in compaction.health.complaints() { Console.complain(line) } }
        var spans = job.recordings
        if let recording {
            guard let span = job.recording(recording) else {
                throw ToolFailure(
                    message: "\(entry.path): no recording \(recording) in this log; it holds "
                        + Words.count(UInt64(spans.count), "recording"))
            }
            spans = [span]
        }
        speaker.begin(entry.path, job)
        let made = try write(spans, of: compaction, from: &source)
        // Of a log that was looked after nothing is left behind its last call: it may be packed.
        if recording == nil, !entry.isLive, !compaction.health.lacksPart, isDone(made, entry) {
            RecoveryCursor.complete(entry.path, outputs, logID: job.origin.logID)
        }
        guard !isQuiet, !isTold else { return }
        let outside = recording == nil ? [job.index.rejects] : []
        for rejects in outside + made.compactMap(\.report?.rejects) {
            RejectListing.write(rejects, json: false, limit: CompactionSpeaker.rejectsShown)
        }
    }

    private func compaction(of entry: LogEntry, _ source: inout LogSource) -> LogCompaction {
        LogCompaction(
            path: entry.path, source: &source, outputs: outputs, isQuiet: isQuiet || isBackground,
            other: other)
    }

    /// - Returns: what became of the recordings that are no part of a joined one.
    private mutating func write(
        _ spans: [RecordingSpan], of compaction: LogCompaction, from source: inout LogSource
    ) throws(ToolFailure) -> [RecordingOutcome] {
        let health = compaction.health
        var made: [RecordingOutcome] = []
        var parts: [RecordingOutcome] = []
        for span in spans {
            if let outcome = joined.outcome(compaction.path, span.number) {
                speaker.tellPart(outcome)
                parts.append(outcome)
                continue
            }
            var outcome = compaction.write(span, from: &source)
            speaker.tell(outcome, span, identity: source.identity)
            outcome.note(health)
            made.append(outcome)
        }
        if spans.isEmpty, health.lacksPart {
            var outcome = RecordingOutcome(number: 0)
            outcome.note(health)
            outcome.status = .error
            made.append(outcome)
        }
        let problem = compaction.writeServerHistory(from: &source)
        if !isTold { source.complainOfArchives() }
        if made.isEmpty, parts.isEmpty, let error = source.unreadable.first {
            throw ToolFailure(message: RecordingOutcome.lacking(error))
        }
        // What can't be read now may be back later.
        if !health.lacksPart, problem == nil {
            ExportCursors.advance(compaction, made + parts, folder: compaction.path)
        }
        if let problem { made.append(problem) }
        outcomes += made
        return made
    }

    private func isDone(_ made: [RecordingOutcome], _ entry: LogEntry) -> Bool {
        made.allSatisfy { $0.status == .ok } && !joined.hasFailed(entry.path)
    }
}
