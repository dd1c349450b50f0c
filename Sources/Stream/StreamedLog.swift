// A log as messages: read from its first record on, decoded recording by recording, while the game still
// writes it. What the server has already is decoded and not sent, because what follows refers to it.

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
        /// The game has ended, and everything is read.
        var isLast = false
        /// What could not be read, in words.
        var troubles: [String] = []
    }

    private struct Full: Error {}

    /// Messages are handed out when there are so many bytes of them.
    private static let batchBytes = 4 << 20
    private var trail: LogTrail
    private var decoding: StreamDecoding

    /// - Parameter sequence: the server has everything up to this record.
    init(_ folder: String, after sequence: UInt64, mode: Mode) {
        trail = LogTrail(path: folder, cursor: nil, start: .newestLog)
        decoding = StreamDecoding(folder, after: sequence, mode: mode)
    }

    mutating func next() -> Batch {
        var batch = Batch()
        do throws(Full) {
            switch try Self.look(&trail, &decoding) {
            case .nothing: batch.isQuiet = true
            case .some: break
            case .ended:
                decoding.finish()
                batch.isLast = true
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
    var sink = MessageSink()
    var reached: UInt64 = 0
    /// The recordings, as far as they were there at the last look for them.
    private var index: RecordingIndex?
    private var origin = RecordingOrigin(logID: [], extensionVersion: "", utcOffsetSeconds: 0)
    private var live: LiveRecording?
    private var troubles: [String] = []

    init(_ folder: String, after sequence: UInt64, mode: Mode) {
        self.folder = folder
        known = sequence
        self.mode = mode
    }

    mutating func takeTroubles() -> [String] {
        defer { troubles = [] }
        return troubles
    }

    mutating func take(_ call: borrowing Call) {
        sink.sequence = call.sequence
        sink.isMuted = call.sequence <= known
        switch call.command {
        case .missionStart:
            if var source = openLog(), let span = span(call.sequence, &source) {
                endRecording()
                begin(span, &source)
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
        sink.isMuted = sink.sequence <= known
        endRecording()
    }

    // MARK: recordings

    private mutating func openLog() -> LogSource? {
        do {
            return try LogSource.open(folder)
        } catch {
            troubles.append(error.text)
            return nil
        }
    }

    /// The recording that begins with this call; nil when the call is no start that counts.
    private mutating func span(_ sequence: UInt64, _ source: inout LogSource) -> RecordingSpan? {
        if sequence > index?.last?.sequence ?? 0 {
            let identity = source.identity
            origin = RecordingOrigin(
                logID: identity?.logID ?? [], extensionVersion: identity?.writer ?? "",
                utcOffsetSeconds: identity?.utcOffset ?? 0)
            index = RecordingIndex.build(from: &source)
        }
        return index?.recordings.first { $0.startSequence == sequence }
    }

    private mutating func begin(_ span: RecordingSpan, _ source: inout LogSource) {
        // The server has all of it.
        if span.end != .logEnded, span.last.sequence <= known { return }
        var recording = LiveRecording(span, origin: origin, mode: mode)
        recording.begin(from: &source, into: &sink)
        live = consume recording
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
        guard live != nil else { return }
        decode(call)
        guard call.argumentCount > 0 else { return }
        let bytes = call.arguments
        let argument = bytes.extracting(0..<(bytes.indices.first { bytes[$0] == 0 } ?? bytes.count))
        guard let frame = NumberParser.parse(ArgumentText.inner(argument)), frame >= 0,
            frame <= Double(UInt32.max)
        else { return }
        sink.focus(isStart: call.command == .missionFocusStart, frame: UInt32(frame))
    }
}
