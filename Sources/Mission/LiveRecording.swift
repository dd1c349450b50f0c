// A recording that the game is writing right now, for consumers that follow it.

import WAL

/// A recording that is still being written, decoded as its calls come. What the rest of it will create is
/// not known yet, so a call about something unknown waits until that is created, or for good. The finished
/// recording is read anew (`RecordingIndex.read`).
public struct LiveRecording: ~Copyable {
    /// The recording, as far as it was known when this was made.
    public let span: RecordingSpan
    private let origin: RecordingOrigin
    private let mode: Mode
    private var reader: RecordingReader
    /// They are listed when the recording is finished.
    private var rejects = Rejects(listLimit: 0)

    /// Calls so far that could not be used.
    public var rejectedCount: UInt64 { reader.rejectedCount }

    /// A reader of the recording from its start on.
    public init(_ span: RecordingSpan, origin: RecordingOrigin, mode: Mode) {
        self.span = span
        self.origin = origin
        self.mode = mode
        reader = RecordingReader(mode: mode, created: nil)
    }

    /// Begins the recording in `sink`, with the calls of the mission's setting up, which came before it.
    public mutating func begin<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        from source: inout Source, into sink: inout Sink
    ) throws(Sink.Failure) {
        try sink.begin(
            RecordingHeader(
                logID: origin.logID, number: span.number, start: span.start, world: span.world,
                mission: span.mission, addonVersion: span.addonVersion,
                extensionVersion: origin.extensionVersion, mode: mode))
        try reader.takePrelude(of: span, from: &source, into: &sink, rejects: &rejects)
    }

    /// The next call.
    public mutating func take<Sink: RecordingSink & ~Copyable>(
        _ call: borrowing Call, into sink: inout Sink
    ) throws(Sink.Failure) {
        try reader.take(call, into: &sink, rejects: &rejects)
    }
}
