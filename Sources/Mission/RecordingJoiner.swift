// Several recordings → one: the same mission before and after a crash of the server, each from a log
// of its own, handed to a sink as one recording with a marked gap. The parts' frames, ids and markers
// are put behind each other (PartPlacement); all of them share one table of texts.

import Values
import WAL

/// The time between two parts of a joined recording.
public struct RecordingGap: Equatable, Sendable {
    /// From the last call of the one part to the start of the next.
    public var nanoseconds: Int64
    /// The first frame of the gap, where the mark stands.
    public var frame: UInt32
    /// How many frames long it is, 1 at least.
    public var frameCount: UInt32
}

extension RecordingSpan {
    /// Does this recording go on where `earlier` broke off? The one ended without a save because its
    /// log did, the other begins the same mission on the same world at most `windowNanoseconds` later,
    /// with frames of the same length.
    public func continues(_ earlier: RecordingSpan, windowNanoseconds: Int64) -> Bool {
        let (gap, isTooLarge) = start.time.subtractingReportingOverflow(earlier.last.time)
        return earlier.end == .logEnded && !isTooLarge && gap >= 0 && gap <= windowNanoseconds
            && Self.areEqual(earlier.mission.missionName, mission.missionName)
            && Self.areEqual(earlier.world.worldName, world.worldName)
            && earlier.mission.captureDelay == mission.captureDelay
    }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8)
    }
}

/// Reads the parts of a joined recording, one after the other, into one sink. After an error of the
/// sink it is of no more use.
public struct RecordingJoiner: ~Copyable {
    /// Between the parts that were read.
    public private(set) var gaps: [RecordingGap] = []

    private var texts = TextTable()
    /// Of the parts read so far, in the frames of the whole.
    private var lastFrame: UInt32 = 0
    private var takenIDs: UInt32 = 0
    private var markerCount: UInt32 = 0
    private var last: Stamp?
    private var callCount: UInt64 = 0
    private var rejectedCount: UInt64 = 0

    /// A joiner that has read nothing.
    public init() {}

    /// Decodes the next part. The first one names the recording: its header is the whole's. The last
    /// one ends it.
    public mutating func read<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        _ span: RecordingSpan, from source: inout Source, origin: RecordingOrigin, isLast: Bool,
        into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        var frameShift: UInt32 = 0
        if let last {
            let gap = gap(from: last, to: span)
            gaps.append(gap)
            frameShift = lastFrame + gap.frameCount
            try mark(gap, at: span.start, into: &sink)
        } else {
            try sink.begin(
                RecordingHeader(
                    logID: origin.logID, number: span.number, start: span.start, world: span.world,
                    mission: span.mission, addonVersion: span.addonVersion,
                    extensionVersion: origin.extensionVersion, mode: .standard))
        }
        var reader = RecordingReader(mode: .standard, created: span.created)
        swap(&texts, &reader.decoder.texts)
        reader.placement = PartPlacement(
            frameShift: frameShift, idShift: takenIDs, markerShift: markerCount,
            highestID: span.created.highestID)
        try reader.takeAll(of: span, from: &source, into: &sink, rejects: &rejects)
        swap(&texts, &reader.decoder.texts)
        texts.forgetTransients()

        // Without any state, the events alone tell how far the part went.
        let own =
            reader.decoder.lastFrame > 0 ? reader.decoder.lastFrame : reader.decoder.frames.highest
        lastFrame = min(frameShift &+ own, Self.frameLimit)
        last = span.last
        callCount += span.callCount
        rejectedCount += reader.rejectedCount
        markerCount &+= reader.decoder.markers.createdCount
        if let placement = reader.placement {
            takenIDs += UInt32(max(placement.highestID + 1, 0))
            if !isLast {
                try placement.end(at: lastFrame, stamp: span.last, texts: &texts, into: &sink)
            }
        }
        if isLast {
            try sink.end(
                RecordingFooter(
                    end: span.end, last: span.last, utcOffsetSeconds: origin.utcOffsetSeconds,
                    callCount: callCount, rejectedCount: rejectedCount),
                texts: texts)
        }
    }

    /// Far above what parts can have in fact, far below what a frame's number can hold.
    private static let frameLimit: UInt32 = 1 << 30

    private func gap(from last: Stamp, to span: RecordingSpan) -> RecordingGap {
        let (difference, isTooLarge) = span.start.time.subtractingReportingOverflow(last.time)
        let nanoseconds = isTooLarge ? 0 : max(difference, 0)
        let delay = Double(span.mission.captureDelay)
        let frames = Double(nanoseconds) / 1e9 / (delay.isFinite && delay > 0 ? delay : 1)
        return RecordingGap(
            nanoseconds: nanoseconds, frame: lastFrame + 1,
            frameCount: UInt32(min(max(frames.rounded(), 1), Double(FrameGuard.limit))))
    }

    /// Says in the recording itself that something is missing.
    private mutating func mark<Sink: RecordingSink & ~Copyable>(
        _ gap: RecordingGap, at stamp: Stamp, into sink: inout Sink
    ) throws(Sink.Failure) {
        var message: [UInt8] = []
        message.append(contentsOf: "Recording interrupted: the server was down for ")
        let seconds = gap.nanoseconds / 1_000_000_000
        if seconds >= 3600 {
            message.appendDecimal(seconds / 3600)
            message.append(contentsOf: " h ")
        }
        if seconds >= 60 {
            message.appendDecimal(seconds / 60 % 60)
            message.append(contentsOf: " min ")
        }
        message.appendDecimal(seconds % 60)
        message.append(contentsOf: " s")
        let event = GeneralEvent(
            frame: gap.frame, name: intern("generalEvent"), message: texts.intern(message.span),
            extraData: intern("{}"))
        try sink.receive(.general(event), at: stamp, texts: texts)
    }

    private mutating func intern(_ literal: StaticString) -> Text {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: literal)
        return texts.intern(bytes.span)
    }
}
