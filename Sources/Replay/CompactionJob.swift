// The job that every output shares: find the recordings of a log, decode one, hand it to a sink,
// count what it holds. The sink decides what comes of it (a replay, tables, a stream).

import CPlatform
import Mission
import Values
import WAL

/// A later part of a joined recording.
public struct JoinedPart: Sendable {
    /// Of the log it lies in.
    public var logID: [UInt8]
    /// Its number there.
    public var number: Int
    /// The time before it that no log tells of.
    public var gap: RecordingGap
    /// Of its calls; sequence numbers are its own log's.
    public var rejects: Rejects
}

/// What one recording was and what became of its calls.
public struct RecordingReport: Sendable {
    /// 1, 2, 3 … in the log.
    public var number: Int
    /// 16 bytes.
    public var logID: [UInt8]
    /// The mission and its world, as `:MISSION:START:` told.
    public var mission: MissionInfo
    /// The terrain.
    public var world: WorldInfo
    /// Of the `:MISSION:START:` call.
    public var start: Stamp
    /// Of the save, else of the last call.
    public var last: Stamp
    /// How it ended.
    public var end: RecordingEnd
    /// Calls that belong to it.
    public var callCount: UInt64
    /// What it holds.
    public var tally: RecordingTally
    /// Calls, and parts of calls, that could not be used.
    public var rejects: Rejects
    /// Time the job took.
    public var elapsedNanoseconds: UInt64
    /// What was joined to it; then `rejects` are the first part's, and `number` and `logID`, too.
    public var joined: [JoinedPart] = []

    /// Seconds of mission time that the replay shows: frames × capture delay.
    public var durationSeconds: Double {
        Double(tally.endFrame + 1) * Double(mission.captureDelay)
    }
}

/// Compacts the recordings of one log. Made once per log (the first pass over it); then each recording
/// can go to any number of sinks, one after the other.
public struct CompactionJob: Sendable {
    /// The log's recordings, and the calls that belong to none.
    public let index: RecordingIndex
    /// The log.
    public let origin: RecordingOrigin

    /// Reads `source` once and finds its recordings.
    /// - Parameter through: sequence number of the last call to look at.
    public init<Source: CallSource & ~Copyable>(
        source: inout Source, origin: RecordingOrigin, through: UInt64 = .max
    ) {
        self.origin = origin
        index = RecordingIndex.build(from: &source, through: through)
    }

    /// The recordings, in the order of the log.
    public var recordings: [RecordingSpan] { index.recordings }

    /// The recording of that number; nil when there is none.
    public func recording(_ number: Int) -> RecordingSpan? {
        number >= 1 && number <= recordings.count ? recordings[number - 1] : nil
    }

    /// Decodes one recording into `sink`, from `begin` to `end`.
    /// - Parameters:
    ///   - rejectLimit: how many rejected calls are listed; the rest is counted.
    ///   - progress: told now and then how many of how many calls are done.
    public func compact<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        _ span: RecordingSpan, from source: inout Source, mode: Mode, into sink: inout Sink,
        rejectLimit: Int = 10_000, progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(Sink.Failure) -> RecordingReport {
        let begin = bb_clock_exact()
        var rejects = Rejects(listLimit: rejectLimit)
        // The counting sink takes the caller's and gives it back on every way out.
        var counting = CountingSink(sink, span: span, mode: mode, progress: progress)
        do throws(Sink.Failure) {
            try index.read(
                span, from: &source, origin: origin, mode: mode, into: &counting, rejects: &rejects)
        } catch {
            sink = counting.release()
            throw error
        }
        let tally = counting.tally
        sink = counting.release()
        progress(span.callCount, span.callCount)
        return RecordingReport(
            number: span.number, logID: origin.logID, mission: span.mission, world: span.world,
            start: span.start, last: span.last, end: span.end, callCount: span.callCount,
            tally: tally, rejects: rejects, elapsedNanoseconds: bb_clock_exact() - begin)
    }

    /// Decodes one recording and writes it as replay JSON into `folder`.
    public func writeReplay<Source: CallSource & ~Copyable>(
        of span: RecordingSpan, from source: inout Source, mode: Mode, folder: String,
        options: ReplayOptions = ReplayOptions(), rejectLimit: Int = 10_000,
        progress: @escaping (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(ReplayError) -> (report: RecordingReport, file: ReplayResult) {
        var writer = ReplayWriter(folder: folder, options: options)
        let report = try compact(
            span, from: &source, mode: mode, into: &writer, rejectLimit: rejectLimit,
            progress: progress)
        guard let file = writer.result else { throw .notRecording }
        return (report, file)
    }
}

/// Passes a recording on and counts it.
struct CountingSink<Inner: RecordingSink & ~Copyable>: ~Copyable, RecordingSink {
    typealias Failure = Inner.Failure

    var tally = RecordingTally()
    private var inner: Inner
    private var events: UInt64 = 0
    /// The recording, or the part of it, that comes now.
    var span: RecordingSpan
    /// Calls of the parts before it.
    var doneBefore: UInt64 = 0
    private let callCount: UInt64
    private let mode: Mode
    private let progress: (UInt64, UInt64) -> Void

    init(
        _ inner: consuming Inner, span: RecordingSpan, callCount: UInt64? = nil, mode: Mode,
        progress: @escaping (UInt64, UInt64) -> Void
    ) {
        self.inner = inner
        self.span = span
        self.callCount = callCount ?? span.callCount
        self.mode = mode
        self.progress = progress
    }

    consuming func release() -> Inner { inner }

    mutating func begin(_ header: RecordingHeader) throws(Failure) { try inner.begin(header) }

    mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(Failure) {
        tally.count(event, texts: texts)
        events += 1
        if events & 0x3FFF == 0 {
            // Sequence numbers count the log's calls and a few records between them.
            let done = stamp.sequence > span.startSequence ? stamp.sequence - span.startSequence : 0
            progress(doneBefore + min(done, span.callCount), callCount)
        }
        try inner.receive(event, at: stamp, texts: texts)
    }

    mutating func end(
        _ footer: RecordingFooter, texts: borrowing TextTable
    ) throws(Failure) {
        tally.finish(mode, texts: texts)
        try inner.end(footer, texts: texts)
    }
}
