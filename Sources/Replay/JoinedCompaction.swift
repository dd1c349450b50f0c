// The job of CompactionJob for a recording whose parts lie in several logs: the same counting, one
// part after the other, into one sink.

import CPlatform
import Mission
import Values
import WAL

/// Compacts the parts of a joined recording into one sink. Use: `add` for each part in the order of
/// time, the last one marked as such; then read `report` and take the sink back with `release`.
public struct JoinedCompaction<Sink: RecordingSink & ~Copyable>: ~Copyable {
    /// What the recording was; nil before the last part is there.
    public private(set) var report: RecordingReport?

    private var counting: CountingSink<Sink>
    private var joiner = RecordingJoiner()
    private let first: RecordingSpan
    /// Of each part.
    private var parts: [(logID: [UInt8], number: Int, rejects: Rejects)] = []
    private let rejectLimit: Int
    private let callCount: UInt64
    private let begin = bb_clock_exact()
    private let progress: (UInt64, UInt64) -> Void

    /// - Parameters:
    ///   - first: the first part, which gives the whole its name and number.
    ///   - callCount: calls of all parts.
    ///   - rejectLimit: how many rejected calls are listed of each part; the rest is counted.
    ///   - progress: told now and then how many of how many calls are done.
    public init(
        _ sink: consuming Sink, first: RecordingSpan, callCount: UInt64,
        rejectLimit: Int = 10_000, progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }
    ) {
        counting = CountingSink(
            sink, span: first, callCount: callCount, mode: .standard, progress: progress)
        self.first = first
        self.callCount = callCount
        self.rejectLimit = rejectLimit
        self.progress = progress
    }

    /// Decodes the next part. After an error only `release` makes sense.
    public mutating func add<Source: CallSource & ~Copyable>(
        _ span: RecordingSpan, from source: inout Source, origin: RecordingOrigin, isLast: Bool
    ) throws(Sink.Failure) {
        var rejects = Rejects(listLimit: rejectLimit)
        counting.span = span
        try joiner.read(
            span, from: &source, origin: origin, isLast: isLast, into: &counting, rejects: &rejects)
        counting.doneBefore += span.callCount
        parts.append((origin.logID, span.number, rejects))
        guard isLast, let head = parts.first else { return }
        progress(callCount, callCount)
        var report = RecordingReport(
            number: head.number, logID: head.logID, mission: first.mission, world: first.world,
            start: first.start, last: span.last, end: span.end, callCount: counting.doneBefore,
            tally: counting.tally, rejects: head.rejects,
            elapsedNanoseconds: bb_clock_exact() - begin)
        for (gap, part) in zip(joiner.gaps, parts.dropFirst()) {
            report.joined.append(
                JoinedPart(
                    logID: part.logID, number: part.number, gap: gap, rejects: part.rejects))
        }
        self.report = report
    }

    /// Gives the sink back.
    public consuming func release() -> Sink { counting.release() }
}
