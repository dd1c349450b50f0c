// A log as messages: read once, from its first record on, decoded recording by recording, while the game still
// writes it. What the server has from an earlier run is not sent; of the mission that run broke off in it is
// decoded all the same, because what follows refers to it.

import Archive
import Mission
import Segments
import Values
import WAL

/// One log on its way to the server. For one thread.
struct StreamedLog: ~Copyable {
    /// What came of a look.
    struct Batch: Sendable {
        var messages: [StreamMessage] = []
        /// Everything up to this record is in the messages so far.
        var reached: UInt64 = 0
        /// Nothing was new.
        var isQuiet = false
        /// What could not be read, in words.
        var troubles: [String] = []
    }

    private struct Full: Error {}

    /// Messages are handed out when there are so many bytes of them.
    private static let batchBytes = 4 << 20
    /// The game has ended, and everything is read.
    private(set) var isRead = false
    private var trail: LogTrail
    private var decoding: StreamDecoding

    /// - Parameters:
    ///   - sequence: the server has everything up to this record.
    ///   - isResumed: it may lack the end of a mission that was not saved.
    init(_ folder: String, after sequence: UInt64, isResumed: Bool, mode: Mode) {
        trail = LogTrail(path: folder, cursor: nil, start: .newestLog)
        decoding = StreamDecoding(folder, after: sequence, isResumed: isResumed, mode: mode)
    }

    mutating func next() -> Batch {
        var batch = Batch()
        do throws(Full) {
            switch try Self.look(&trail, &decoding) {
            case .nothing: batch.isQuiet = true
            case .some: break
            case .ended:
                decoding.finish()
                isRead = true
            }
            decoding.reached = max(decoding.reached, trail.sequence)
        } catch {
            // The rest comes with the next look.
        }
        batch.messages = decoding.sink.takeMessages()
        batch.reached = decoding.reached
        batch.troubles = trail.takeTroubles() + decoding.takeTroubles()
        return batch
    }

    private static func look(
        _ trail: inout LogTrail, _ decoding: inout StreamDecoding
    ) throws(Full) -> LogTrail.Look {
        try trail.look { (call: borrowing Call, _: [UInt8]) throws(Full) in
            guard decoding.sink.byteCount < batchBytes else { throw Full() }
            decoding.take(call)
        } other: { (record: borrowing OtherRecord, _: [UInt8]) throws(Full) in
            decoding.reached = record.sequence
        }
    }
}

/// The state of the decoding.
private struct StreamDecoding: ~Copyable {
    private let folder: String
    private let mode: Mode
    /// The server has everything up to this record.
    private let known: UInt64
    private let isResumed: Bool
    var sink = MessageSink()
    var reached: UInt64 = 0
    private var watch = RecordingWatch()
    /// First calls of the recordings that the server has from an earlier run; nil: not looked for yet.
    private var finished: Set<UInt64>?
    private var live: LiveRecording?
    private var troubles: [String] = []

    init(_ folder: String, after sequence: UInt64, isResumed: Bool, mode: Mode) {
        self.folder = folder
        known = sequence
        self.isResumed = isResumed
        self.mode = mode
    }

    mutating func takeTroubles() -> [String] {
        defer { troubles = [] }
        return troubles
    }

    mutating func take(_ call: borrowing Call) {
        sink.sequence = call.sequence
        sink.isMuted = call.sequence <= known
        let begun = watch.take(call)
        switch call.command {
        case .missionStart:
            // None begins with one that can't be read.
            if let begun {
                endRecording()
                begin(begun)
            }
        case .storageInit, .missionSave: endRecording()
        case .missionFocusStart, .missionFocusEnd: takeFocus(call)
        default: decode(call)
        }
        reached = call.sequence
    }

    /// The log has ended without a save.
    mutating func finish() {
        sink.sequence = max(reached, sink.sequence)
        // That the server has the last record does not say that it has heard of the end.
        sink.isMuted = sink.sequence <= known && !isResumed
        endRecording()
    }

    // MARK: recordings

    private mutating func begin(_ span: RecordingSpan) {
        do {
            var source = try LogSource.open(folder)
            if sink.isMuted, isFinished(span, &source) { return }
            let identity = source.identity
            var recording = LiveRecording(
                span,
                origin: RecordingOrigin(
                    logID: identity?.logID ?? [], extensionVersion: identity?.writer ?? "",
                    utcOffsetSeconds: identity?.utcOffset ?? 0), mode: mode)
            recording.begin(from: &source, into: &sink)
            live = consume recording
        } catch {
            troubles.append(error.text + "; the mission is not streamed")
        }
    }

    /// The server has all of it.
    private mutating func isFinished(_ span: RecordingSpan, _ source: inout LogSource) -> Bool {
        if finished == nil {
            let recordings = RecordingIndex.build(from: &source, through: known).recordings
            finished = Set(recordings.filter { $0.end != .logEnded }.map(\.startSequence))
        }
        return finished?.contains(span.startSequence) ?? false
    }

    private mutating func endRecording() {
        guard live != nil else { return }
        live = nil
        sink.end()
    }

    private mutating func decode(_ call: borrowing Call) {
        guard var recording = live.take() else { return }
        recording.take(call, into: &sink)
        live = consume recording
    }

    private mutating func takeFocus(_ call: borrowing Call) {
        guard var recording = live.take() else { return }
        let rejectedBefore = recording.rejectedCount
        recording.take(call, into: &sink)
        let isUsed = recording.rejectedCount == rejectedBefore
        live = consume recording
        guard isUsed, call.argumentCount > 0 else { return }
        let bytes = call.arguments
        let argument = bytes.extracting(0..<(bytes.indices.first { bytes[$0] == 0 } ?? bytes.count))
        guard let frame = NumberParser.parse(ArgumentText.inner(argument)), frame >= 0,
            frame <= Double(UInt32.max)
        else { return }
        sink.focus(isStart: call.command == .missionFocusStart, frame: UInt32(frame))
    }
}
