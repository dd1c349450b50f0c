// The first pass over a log: finds its recordings and what each of them creates. The rules of a
// server process's life are here (docs/formats/commands.md, "Recordings in a log"): several
// missions, several recordings each, starts that are none, calls that belong to none.

import Values
import WAL

/// The recordings of a log.
public struct RecordingIndex: Sendable {
    /// In the order of the log.
    public private(set) var recordings: [RecordingSpan] = []
    /// Calls outside of all recordings that can't be used: bad starts, saves of nothing, data that no
    /// recording was open for, unknown commands.
    public private(set) var rejects: Rejects
    /// How many calls the log holds.
    public private(set) var callCount: UInt64 = 0
    /// Of the last call.
    public private(set) var last: Stamp?

    /// An index without anything.
    private init(listLimit: Int) { rejects = Rejects(listLimit: listLimit) }

    /// Reads the calls of `source` from the first to the sequence number `through`, and lists their
    /// recordings. Decodes only what begins and ends recordings and creates things: cheap beside
    /// `read`.
    public static func build<Source: CallSource & ~Copyable>(
        from source: inout Source, through: UInt64 = .max, listLimit: Int = 10_000
    ) -> RecordingIndex {
        var scan = IndexScan(listLimit: listLimit)
        source.forEachCall(in: 0...through) { scan.take($0) }
        scan.finish()
        var index = RecordingIndex(listLimit: listLimit)
        index.recordings = scan.recordings
        index.rejects = scan.rejects
        index.callCount = scan.callCount
        index.last = scan.last
        return index
    }
}

/// The state of the first pass.
struct IndexScan: ~Copyable {
    /// Where we are when no recording is open.
    private enum Between {
        /// A mission is being set up (or the log has just begun): what comes belongs to it.
        case settingUp
        /// A recording was saved: what comes belongs to it no more, and perhaps to the next.
        case windingDown
    }

    var recordings: [RecordingSpan] = []
    var rejects: Rejects
    var callCount: UInt64 = 0
    var last: Stamp?

    private var isOpen = false
    private var between = Between.settingUp
    private var addonVersion = "unknown"
    private let listLimit: Int
    /// First and last call since the last recording ended that may belong to the next one.
    private var waitingFirst: UInt64?
    private var waitingLast: UInt64 = 0
    /// Those calls as rejects, if no recording takes them; apart those with a frame that is not 0.
    private var waiting: Rejects
    private var waitingNonZero: Rejects
    private var names = TextTable()

    init(listLimit: Int) {
        self.listLimit = listLimit
        rejects = Rejects(listLimit: listLimit)
        waiting = Rejects(listLimit: listLimit)
        waitingNonZero = Rejects(listLimit: listLimit)
    }

    mutating func take(_ call: borrowing Call) {
        callCount += 1
        let stamp = Stamp(sequence: call.sequence, time: call.time)
        let before = last
        last = stamp
        if isOpen, call.command != .storageInit, call.command != .missionStart { extend(to: stamp) }
        guard let command = call.command else {
            if !isOpen, call.name.isRecorderCommand { reject(.unknownCommand, call) }
            return
        }
        switch command {
        case .sysAddonVersion: noteAddonVersion(call)
        case .sysVersion:
            // The addon's very first call: whatever waited was for a mission that never came.
            if !isOpen { dropWaiting(.settingUp) }
        case .sysInit: if !isOpen, between == .windingDown { dropWaiting(.settingUp) }
        case .storageInit:
            if isOpen {
                close(.replaced, at: before ?? stamp)
                between = .settingUp
            } else if between == .windingDown {
                dropWaiting(.settingUp)
            }
        case .missionStart: start(call, stamp, before: before)
        case .missionSave:
            if isOpen {
                close(.saved, at: stamp)
                between = .windingDown
            } else {
                reject(.nothingToSave, call)
            }
        default:
            if isOpen {
                noteCreation(command, call)
            } else if command.isData {
                wait(command, call)
            }
        }
    }

    mutating func finish() {
        if isOpen {
            if let last { close(.logEnded, at: last) }
        } else {
            dropWaiting(.settingUp)
        }
    }

    // MARK: Begin and end

    /// A start whose mission objects can't be read is none: what was open stays open, as the game was
    /// not told that a mission began.
    private mutating func start(_ call: borrowing Call, _ stamp: Stamp, before: Stamp?) {
        let arguments = Arguments(call.arguments, count: call.argumentCount, isStrict: false)
        let world: WorldInfo
        let mission: MissionInfo
        do throws(MissionObjectError) {
            if arguments.count < 2 { throw .missingArgument(count: arguments.count) }
            world = try WorldInfo.parse(arguments.raw(0))
            mission = try MissionInfo.parse(arguments.raw(1))
        } catch {
            if isOpen {
                // Listed when the recording that it lies in is read.
                extend(to: stamp)
            } else {
                reject(.missionObject(error), call)
                dropWaiting(.windingDown)
            }
            return
        }
        if isOpen {
            close(.replaced, at: before ?? stamp)
            between = .settingUp
        }
        var span = RecordingSpan(
            number: recordings.count + 1, start: stamp, world: world, mission: mission,
            addonVersion: addonVersion, last: stamp, end: .logEnded, callCount: 1)
        if let waitingFirst {
            let frameZeroOnly = between == .windingDown
            span.prelude = Prelude(
                calls: waitingFirst...max(waitingFirst, waitingLast), frameZeroOnly: frameZeroOnly)
            if frameZeroOnly { rejects.add(waitingNonZero) }
        }
        forgetWaiting()
        recordings.append(span)
        isOpen = true
    }

    private mutating func extend(to stamp: Stamp) {
        recordings[recordings.count - 1].last = stamp
        recordings[recordings.count - 1].callCount += 1
    }

    private mutating func close(_ end: RecordingEnd, at stamp: Stamp) {
        recordings[recordings.count - 1].end = end
        recordings[recordings.count - 1].last = stamp
        isOpen = false
    }

    // MARK: Between recordings

    private mutating func wait(_ command: Command, _ call: borrowing Call) {
        if waitingFirst == nil { waitingFirst = call.sequence }
        waitingLast = call.sequence
        let reason = between == .windingDown ? RejectReason.afterSave : .noRecording
        waiting.add(reason, sequence: call.sequence, command: command, name: call.name)
        if !call.hasFrameZero(command) {
            waitingNonZero.add(reason, sequence: call.sequence, command: command, name: call.name)
        }
    }

    /// No recording takes the calls that wait.
    private mutating func dropWaiting(_ next: Between) {
        rejects.add(waiting)
        forgetWaiting()
        between = next
    }

    private mutating func forgetWaiting() {
        waiting = Rejects(listLimit: listLimit)
        waitingNonZero = Rejects(listLimit: listLimit)
        waitingFirst = nil
    }

    private mutating func reject(_ reason: RejectReason, _ call: borrowing Call) {
        rejects.add(
            reason, sequence: call.sequence, command: call.command, name: call.name)
    }

    // MARK: What recordings are made of

    private mutating func noteAddonVersion(_ call: borrowing Call) {
        let arguments = Arguments(call.arguments, count: call.argumentCount, isStrict: false)
        guard arguments.count > 0 else { return }
        addonVersion = String(
            decoding: ArgumentText.value(arguments.raw(0)), as: UTF8.self)
    }

    private mutating func noteCreation(_ command: Command, _ call: borrowing Call) {
        let place = recordings.count - 1
        switch command {
        case .soldierCreate, .vehicleCreate, .placedCreate:
            let arguments = Arguments(call.arguments, count: call.argumentCount, isStrict: false)
            guard arguments.count > 1, let id = try? arguments.id(1) else { return }
            switch command {
            case .soldierCreate: recordings[place].created.soldiers.insert(id)
            case .vehicleCreate: recordings[place].created.vehicles.insert(id)
            default: recordings[place].created.placed.insert(id)
            }
        case .markerCreate:
            let arguments = Arguments(call.arguments, count: call.argumentCount, isStrict: false)
            guard arguments.count > 0 else { return }
            let raw = ArgumentText.value(arguments.raw(0))
            // The table mends it as the decoder's own does.
            let name = names.transient(raw.span)
            recordings[place].created.insertMarker(nameHash: names.longHash(of: name))
            names.forgetTransients()
        default: break
        }
    }
}

extension Call {
    /// Is its frame number 0?
    func hasFrameZero(_ command: Command) -> Bool {
        guard let index = command.frameArgument else { return false }
        let arguments = Arguments(self.arguments, count: argumentCount, isStrict: false)
        guard index < arguments.count, let frame = try? arguments.frame(index) else { return false }
        return frame == 0
    }
}

extension Span where Element == UInt8 {
    /// Is it meant for the recorder? Other parts of the plug-in have prefixes of their own.
    var isRecorderCommand: Bool {
        func hasPrefix(_ prefix: StaticString) -> Bool {
            let length = prefix.utf8CodeUnitCount
            return count >= length && extracting(0..<length).elementsEqual(prefix)
        }
        return !hasPrefix("icom:") && !hasPrefix("gate:") && !hasPrefix("sev:")
            && !hasPrefix("admin:") && serverCommand == nil
    }
}
