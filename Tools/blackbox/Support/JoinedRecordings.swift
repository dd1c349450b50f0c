// The recordings that --join makes, written before the logs are gone through one by one: what is part
// of one is not written again by itself.

import Archive
import Compactor
import Mission
import Replay

/// What was joined.
struct JoinedRecordings {
    /// Of the joined recordings, each under the number of its first part.
    private(set) var outcomes: [RecordingOutcome] = []
    private var parts: [(path: String, number: Int, outcome: RecordingOutcome)] = []

    /// Nothing was.
    init() {}

    /// Writes the chains.
    init(
        _ chains: [[RecordingPart]], outputs: Outputs, other: (any OtherOutput)?,
        speaker: CompactionSpeaker, isQuiet: Bool, isBackground: Bool, salvage: Bool
    ) {
        for chain in chains {
            let writer = JoinedWriter(
                parts: JoinedParts(parts: chain, salvage: salvage), outputs: outputs, other: other,
                isQuiet: isQuiet || isBackground)
            let outcome = writer.write()
            writer.tell(outcome, speaker)
            outcomes.append(outcome)
            for part in chain { parts.append((part.path, part.span.number, outcome)) }
        }
    }

    /// What became of the joined recording that this one is a part of; nil when it stands alone.
    func outcome(_ path: String, _ number: Int) -> RecordingOutcome? {
        guard let found = parts.first(where: { $0.path == path && $0.number == number }) else {
            return nil
        }
        var outcome = RecordingOutcome(number: number, status: found.outcome.status)
        outcome.paths = found.outcome.paths
        return outcome
    }

    /// Whether the log has a part of a joined recording that could not be written.
    func hasFailed(_ path: String) -> Bool {
        parts.contains { $0.path == path && $0.outcome.status != .ok }
    }
}

/// The parts of one joined recording.
struct JoinedParts {
    let parts: [RecordingPart]
    let salvage: Bool

    /// Whether what is made of them now may be short of what was made earlier.
    func isDoubtful() throws(ToolFailure) -> Bool {
        for part in parts {
            var source = try openLog(part.path, salvage: salvage)
            if source.health().isDoubtful { return true }
        }
        return false
    }

    /// Whether a database keeps the recording that it has; says so.
    ///
    /// - Parameters:
    ///   - before: calls of that one; nil when it is not there.
    ///   - output: the database alone.
    /// - Throws: `ToolFailure`, when it is of the first part alone: then the others are nowhere.
    func stay(
        _ before: UInt64?, in place: String, _ output: Outputs
    ) throws(ToolFailure) -> Bool {
        let calls = parts.reduce(0) { $0 &+ $1.span.callCount }
        guard let first = parts.first,
            EarlierRecording.stays(before, number: first.span.number, callsNow: calls, in: place)
        else { return false }
        for part in parts.dropFirst()
        where !ExportCursors.areDone(
            output, logID: part.origin.logID, through: part.span.last.sequence, folder: part.path)
        {
            throw ToolFailure(
                message: "\(place): recording \(part.span.number) of \(part.path) is not in it; "
                    + "compact that log without --join")
        }
        return true
    }

    /// Decodes them, one after the other, into a sink.
    func join<Sink: RecordingSink & ~Copyable>(
        into sink: consuming Sink, _ meter: ProgressMeter
    ) throws -> JoinedCompaction<Sink> {
        guard let first = parts.first else { throw ToolFailure(message: "nothing to join") }
        var compaction = JoinedCompaction(
            sink, first: first.span, callCount: parts.reduce(0) { $0 + $1.span.callCount },
            progress: { meter.update($0, of: $1) })
        for (place, part) in parts.enumerated() {
            var source = try openLog(part.path, salvage: salvage)
            try compaction.add(
                part.span, from: &source, origin: part.origin, isLast: place == parts.count - 1)
            source.complainOfArchives()
            if let error = source.unreadable.first {
                throw ToolFailure(message: RecordingOutcome.lacking(error))
            }
        }
        return compaction
    }
}

/// Writes one joined recording to every output.
private struct JoinedWriter {
    let parts: JoinedParts
    let outputs: Outputs
    let other: (any OtherOutput)?
    let isQuiet: Bool

    /// One output that fails does not keep the others from theirs.
    func write() -> RecordingOutcome {
        var outcome = RecordingOutcome(number: parts.parts.first?.span.number ?? 0)
        var errors: [String] = []
        let meter = ProgressMeter("joined recording", unit: "calls", isQuiet: isQuiet)
        let isDoubtful: Bool
        do {
            isDoubtful = try parts.isDoubtful()
        } catch {
            outcome.error = error.message
            outcome.status = .error
            return outcome
        }
        if let folder = outputs.jsonFolder {
            do {
                var options = ReplayOptions()
                options.isCompressed = outputs.isCompressed
                options.keepsLonger = isDoubtful
                let writer = ReplayWriter(folder: folder, options: options)
                let done = try parts.join(into: writer, meter)
                outcome.report = done.report
                if let file = done.release().result {
                    outcome.fileBytes = file.fileBytes
                    outcome.longerKept = file.longerKept
                    outcome.paths.append(file.path)
                    if let report = outcome.report { outputs.issueTicket(report, file, &errors) }
                }
            } catch {
                errors.append(Self.sentence(error))
            }
        }
        if let file = outputs.sqliteFile {
            do {
                outcome.report = try writeRows(to: file, isDoubtful, meter) ?? outcome.report
                outcome.paths.append(file)
            } catch {
                errors.append(Self.sentence(error))
            }
        }
        if let other {
            do {
                let written = try other.write(joined: parts, meter)
                outcome.report = outcome.report ?? written.report
                outcome.paths.append(written.place)
            } catch {
                errors.append(error.message)
            }
        }
        meter.finish()
        outcome.path = outcome.paths.first ?? ""
        outcome.error = errors.joined(separator: "; ")
        if !errors.isEmpty { outcome.status = outcome.paths.isEmpty ? .error : .partial }
        return outcome
    }

    /// - Returns: nil when the database keeps what it has.
    private func writeRows(
        to file: String, _ isDoubtful: Bool, _ meter: ProgressMeter
    ) throws -> RecordingReport? {
        let sink = try SQLiteSink(path: file)
        if isDoubtful, let first = parts.parts.first {
            let before = try sink.callCount(
                logID: first.origin.logIDText, number: first.span.number)
            if try parts.stay(before, in: file, Outputs(sqliteFile: file)) { return nil }
        }
        return try parts.join(into: sink, meter).report
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as ReplayError: error.explanation
        case let error as SQLiteError: error.description
        case let error as ToolFailure: error.message
        default: "\(error)"
        }
    }

    /// Says what was joined, and over which gap.
    func tell(_ outcome: RecordingOutcome, _ speaker: CompactionSpeaker) {
        let parts = parts.parts
        guard let first = parts.first else { return }
        if speaker.tellsAll {
            Console.print(
                "joined: " + Words.count(UInt64(parts.count), "part")
                    + " of one mission that went on after a crash")
            Console.print("    recording \(first.span.number) of \(first.path)")
            let gaps = outcome.report?.joined.map { $0.gap.nanoseconds } ?? []
            for (part, gap) in zip(parts.dropFirst(), gaps) {
                Console.print(
                    "    recording \(part.span.number) of \(part.path), after a gap of "
                        + Words.duration(seconds: Double(gap) / 1e9))
            }
        }
        speaker.tell(
            outcome, first.span, utcOffset: first.origin.utcOffsetSeconds)
        guard speaker.tellsAll, let report = outcome.report else { return }
        let limit = CompactionSpeaker.rejectsShown
        RejectListing.write(report.rejects, json: false, limit: limit)
        for (part, joined) in zip(parts.dropFirst(), report.joined)
        where joined.rejects.count + joined.rejects.partialCount > 0 {
            Console.print("  of \(part.path):")
            RejectListing.write(joined.rejects, json: false, limit: limit)
        }
    }
}
