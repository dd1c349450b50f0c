// The second pass: one recording's calls, decoded and handed to a sink.

import Values
import WAL

extension RecordingIndex {
    /// Decodes the recording `span` (one of this index's `recordings`) and hands its events to
    /// `sink`, from `begin` to `end`. Calls that can't be used are added to `rejects`. Memory does
    /// not grow with the recording, but for its texts and entities. Blocks as long as `source` and
    /// `sink` do; throws what `sink` throws, and hands nothing on after that.
    public func read<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        _ span: RecordingSpan, from source: inout Source, origin: RecordingOrigin, mode: Mode,
        into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        try sink.begin(
            RecordingHeader(
                logID: origin.logID, number: span.number, start: span.start, world: span.world,
                mission: span.mission, addonVersion: span.addonVersion,
                extensionVersion: origin.extensionVersion, mode: mode))
        var reader = RecordingReader(mode: mode, created: span.created)
        try reader.takeAll(of: span, from: &source, into: &sink, rejects: &rejects)
        try sink.end(
            RecordingFooter(
                end: span.end, last: span.last, utcOffsetSeconds: origin.utcOffsetSeconds,
                callCount: span.callCount, rejectedCount: reader.rejectedCount),
            texts: reader.decoder.texts)
    }
}

/// Feeds one recording's calls through the decoder.
struct RecordingReader: ~Copyable {
    var decoder: RecordingDecoder
    /// Calls that could not be used.
    private(set) var rejectedCount: UInt64 = 0
    /// Where the recording stands in a joined one; nil when it stands alone.
    var placement: PartPlacement?
    private var waiting = WaitingCalls()
    private let isStrict: Bool

    init(mode: Mode, created: CreatedThings?) {
        decoder = RecordingDecoder(mode: mode, created: created)
        isStrict = mode == .strict
    }

    /// All calls of the recording, to its last one.
    mutating func takeAll<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        of span: RecordingSpan, from source: inout Source, into sink: inout Sink,
        rejects: inout Rejects
    ) throws(Sink.Failure) {
        try takePrelude(of: span, from: &source, into: &sink, rejects: &rejects)
        try source.forEachCall(in: span.calls) { (call) throws(Sink.Failure) in
            try take(call, into: &sink, rejects: &rejects)
        }
        try finish(span, into: &sink, rejects: &rejects)
    }

    /// The calls from before the recording that belong to it.
    mutating func takePrelude<Source: CallSource & ~Copyable, Sink: RecordingSink & ~Copyable>(
        of span: RecordingSpan, from source: inout Source, into sink: inout Sink,
        rejects: inout Rejects
    ) throws(Sink.Failure) {
        guard let prelude = span.prelude else { return }
        try source.forEachCall(in: prelude.calls) { (call) throws(Sink.Failure) in
            try takePrelude(call, prelude, into: &sink, rejects: &rejects)
        }
    }

    /// A call of the recording itself.
    mutating func take<Sink: RecordingSink & ~Copyable>(
        _ call: borrowing Call, into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        guard let command = call.command else {
            if call.name.isRecorderCommand { reject(.unknownCommand, call, &rejects) }
            return
        }
        if command.isData {
            try decode(command, call, into: &sink, rejects: &rejects)
        } else if command == .missionStart {
            checkStart(call, &rejects)
        }
    }

    /// A call from before the recording: what is not the recording's own was listed by the index.
    private mutating func takePrelude<Sink: RecordingSink & ~Copyable>(
        _ call: borrowing Call, _ prelude: Prelude, into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        guard let command = call.command, command.isData else { return }
        if prelude.frameZeroOnly, !call.hasFrameZero(command) { return }
        if isStrict { return reject(.beforeStart, call, &rejects) }
        try decode(command, call, into: &sink, rejects: &rejects)
    }

    private mutating func finish<Sink: RecordingSink & ~Copyable>(
        _ span: RecordingSpan, into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        let name: [UInt8] = []
        for entry in waiting.takeAll() {
            rejectedCount += 1
            rejects.add(
                .createNeverUsable, sequence: entry.stamp.sequence, command: entry.command,
                name: name.span)
        }
        if let range = decoder.focus.close(at: decoder.lastFrame) {
            try deliver(
                .focus(range), .missionFocusEnd, at: span.last, into: &sink, rejects: &rejects)
        }
    }

    /// Hands an event on, as it stands or at its place in a joined recording.
    private mutating func deliver<Sink: RecordingSink & ~Copyable>(
        _ event: MissionEvent, _ command: Command, at stamp: Stamp, into sink: inout Sink,
        rejects: inout Rejects
    ) throws(Sink.Failure) {
        if placement == nil {
            return try sink.receive(event, at: stamp, texts: decoder.texts)
        }
        let placed: MissionEvent?
        do throws(RejectReason) {
            placed = try placement?.place(event, texts: &decoder.texts)
        } catch {
            let name: [UInt8] = []
            rejectedCount += 1
            rejects.add(error, sequence: stamp.sequence, command: command, name: name.span)
            return
        }
        if let placed { try sink.receive(placed, at: stamp, texts: decoder.texts) }
    }

    private mutating func decode<Sink: RecordingSink & ~Copyable>(
        _ command: Command, _ call: borrowing Call, into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        let event: MissionEvent?
        do throws(RejectReason) {
            decoder.frames.time = call.time
            event = try decoder.decode(command, call.arguments, count: call.argumentCount)
        } catch {
            return refuse(error, command, call, &rejects)
        }
        if !decoder.notes.isEmpty {
            takeNotes(command, call.sequence, &rejects)
        }
        guard let event else { return }
        try deliver(
            event, command, at: Stamp(sequence: call.sequence, time: call.time), into: &sink,
            rejects: &rejects)
        if !waiting.isEmpty, let key = decoder.justCreated {
            try release(key, into: &sink, rejects: &rejects)
        }
    }

    /// The calls that waited for what was created just now.
    private mutating func release<Sink: RecordingSink & ~Copyable>(
        _ key: CreateKey, into sink: inout Sink, rejects: inout Rejects
    ) throws(Sink.Failure) {
        for entry in waiting.take(key) {
            let event: MissionEvent?
            do throws(RejectReason) {
                decoder.frames.time = entry.stamp.time
                event = try decoder.decode(
                    entry.command, entry.arguments.span, count: entry.argumentCount)
            } catch {
                let name: [UInt8] = []
                rejectedCount += 1
                rejects.add(
                    error, sequence: entry.stamp.sequence, command: entry.command, name: name.span)
                continue
            }
            takeNotes(entry.command, entry.stamp.sequence, &rejects)
            if let event {
                try deliver(
                    event, entry.command, at: entry.stamp, into: &sink, rejects: &rejects)
            }
        }
    }

    /// Lets the call wait if its CREATE comes later, else lists it.
    private mutating func refuse(
        _ reason: RejectReason, _ command: Command, _ call: borrowing Call,
        _ rejects: inout Rejects
    ) {
        // What was noticed before the call turned out useless is of no interest.
        decoder.notes.removeAll(keepingCapacity: true)
        guard let key = decoder.missing, decoder.willBeCreated(reason) else {
            return reject(reason, call, &rejects)
        }
        if isStrict {
            if case .unknownEntity(let kind, let id) = reason {
                return reject(.early(kind, id: id), call, &rejects)
            }
            return reject(reason, call, &rejects)
        }
        if !waiting.add(call, command, for: key) { reject(.tooManyWaiting, call, &rejects) }
    }

    /// A start within a recording: a good one would have begun another, so this is one of those that
    /// can't be read, or the recording's own.
    private mutating func checkStart(_ call: borrowing Call, _ rejects: inout Rejects) {
        let arguments = Arguments(call.arguments, count: call.argumentCount, isStrict: false)
        do throws(MissionObjectError) {
            if arguments.count < 2 { throw .missingArgument(count: arguments.count) }
            _ = try MissionObject(world: arguments.raw(0))
            _ = try MissionObject(mission: arguments.raw(1))
        } catch {
            reject(.missionObject(error), call, &rejects)
        }
    }

    private mutating func takeNotes(
        _ command: Command, _ sequence: UInt64, _ rejects: inout Rejects
    ) {
        if decoder.notes.isEmpty { return }
        let name: [UInt8] = []
        for note in decoder.notes {
            rejects.add(note, sequence: sequence, command: command, name: name.span)
        }
        decoder.notes.removeAll(keepingCapacity: true)
    }

    private mutating func reject(
        _ reason: RejectReason, _ call: borrowing Call, _ rejects: inout Rejects
    ) {
        rejectedCount += 1
        rejects.add(reason, sequence: call.sequence, command: call.command, name: call.name)
    }
}
