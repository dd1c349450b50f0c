// The commands that have a reply or an effect of their own. Whatever takes time is an order to the
// courier; here only a few words of state are looked at.

import CPlatform
import Segments
import Synchronization
import Values
import WAL

/// What the call path knows of the mission.
struct MissionState {
    /// `:STORAGE:INIT:` has come.
    var isStorageAsked = false
    /// `:MISSION:START:` calls so far, and how many there were at the last save.
    var starts: UInt32 = 0
    var startsAtSave: UInt32 = 0
    /// Saves that the courier was asked for.
    var savesAsked: UInt32 = 0
    /// First frame of the focus range that is open.
    var focusStart: Double?
    /// Last frame of the last closed range.
    var focusEnd = 0.0

    mutating func clearFocus() {
        focusStart = nil
        focusEnd = 0
    }
}

/// Replies that are known when the plug-in is loaded.
///
/// Invariant: each text is bytes that live as long as the process.
struct PreparedReplies {
    /// One text, ready to be copied.
    @safe
    struct Text {
        let bytes: UnsafePointer<UInt8>
        let count: Int

        init(_ text: String) {
            let source = text.bytes
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, source.count))
            for index in 0..<source.count { unsafe copy[index] = source[index] }
            unsafe bytes = UnsafePointer(copy)
            count = source.count
        }
    }

    let version: Text
    let gameFolder: Text
    let modulePath: Text
    let logPath: Text

    init(
        version: String, commit: String, date: String, gameFolder: String, modulePath: String,
        logPath: String
    ) {
        self.version = Self.ok("[\"ok\", [\"%\",\"%\",\"%\"]]", [version, commit, date])
        self.gameFolder = Self.ok("[\"ok\", \"%\"]", [gameFolder])
        self.modulePath = Self.ok("[\"ok\", \"%\"]", [modulePath])
        self.logPath = Self.ok("[\"ok\", \"%\"]", [logPath])
    }

    private static func ok(_ template: StaticString, _ texts: [String]) -> Text {
        Text(String(filling: template, texts.map(doubled)))
    }

    /// Quotes doubled, as every string in an SQF array needs it; backslashes stay as they are.
    private static func doubled(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.bytes {
            bytes.append(byte)
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        }
        return String(utf8: bytes)
    }
}

extension CallPath {
    mutating func answerOwn(
        _ command: Command, _ arguments: Arguments, _ sequence: UInt64, _ reply: inout ReplyBuffer
    ) {
        switch command {
        case .sysInit: put(order(.initialise, sequence), command, &reply)
        case .sysVersion: put(replies.version, &reply)
        case .sysTimestamp:
            reply.put("[\"ok\", \"")
            reply.put(number: UInt64(max(0, bb_clock_wall())))
            reply.put("\"]")
        case .sysDirArma: put(replies.gameFolder, &reply)
        case .sysDirModule: put(replies.modulePath, &reply)
        case .sysDirLog: put(replies.logPath, &reply)
        case .sysLog:
            logLine(arguments)
            reply.put("[\"ok\"]")
        case .sysStats: putStatistics(&reply)
        case .storageInit:
            mission.isStorageAsked = true
            put(order(.openStorage, sequence), command, &reply)
        case .missionStart: startMission(arguments, sequence, &reply)
        case .missionSave: saveMission(sequence, &reply)
        case .missionFocusStart:
            unsafe startFocus(NumberCheck.value(arguments[0]) ?? 0, &reply)
        case .missionFocusEnd: unsafe endFocus(NumberCheck.value(arguments[0]) ?? 0, &reply)
        default: reply.put("[\"ok\"]")
        }
    }

    private func put(_ text: PreparedReplies.Text, _ reply: inout ReplyBuffer) {
        unsafe reply.put(text.bytes, text.count)
    }

    private func put(_ isTaken: Bool, _ command: Command, _ reply: inout ReplyBuffer) {
        if isTaken {
            reply.put("[\"ok\"]")
        } else {
            putQueueFull(command, &reply)
        }
    }

    private func putQueueFull(_ command: Command, _ reply: inout ReplyBuffer) {
        reply.put("[\"error\", \"queue full: ")
        reply.put(command.name)
        reply.put("\"]")
    }

    private func logLine(_ arguments: Arguments) {
        guard arguments.count > 0 else { return }
        let isTaken = unsafe handover.offer(
            .logLine, sequence: 0, name: nil, texts: arguments.texts, count: arguments.count,
            limit: CallPath.lineLimit, mayUseReserve: false)
        if !isTaken { countDroppedLine() }
    }

    private func putStatistics(_ reply: inout ReplyBuffer) {
        let nanoseconds = latency.nanosecondsPerTick()
        reply.put("[\"ok\", [[\"calls\",")
        reply.put(number: latency.calls)
        reply.put("],[\"p50ns\",")
        put(latency.percentile(500), nanoseconds, &reply)
        reply.put("],[\"p99ns\",")
        put(latency.percentile(990), nanoseconds, &reply)
        reply.put("],[\"maxns\",")
        put(latency.maximum, nanoseconds, &reply)
        reply.put("],[\"drops\",")
        reply.put(number: drops)
        reply.put("]]]")
    }

    private func put(_ ticks: UInt64, _ nanosecondsPerTick: Double, _ reply: inout ReplyBuffer) {
        let nanoseconds = Double(ticks) * nanosecondsPerTick
        reply.put(number: nanoseconds < 9e18 ? UInt64(nanoseconds) : 9_000_000_000_000_000_000)
    }

    // MARK: the mission

    private mutating func startMission(
        _ arguments: Arguments, _ sequence: UInt64, _ reply: inout ReplyBuffer
    ) {
        mission.starts &+= 1
        mission.clearFocus()
        var need = 0
        var index = 0
        while index < min(2, arguments.count) {
            // A text that is longer than a mission object may be is cut here, and refused there.
            let length = unsafe arguments[index].map { unsafe Int(bb_text_length($0)) } ?? 0
            need &+= min(length, MissionObject.argumentLimit &+ 1) &+ 1
            index &+= 1
        }
        let isTaken = unsafe handover.offer(
            .startMission, sequence: sequence, name: nil, texts: arguments.texts, count: index,
            limit: need, mayUseReserve: true)
        if isTaken {
            mark(RecordKind.missionStart, sequence)
            reply.put("[\"ok\", \"queued\"]")
        } else {
            putQueueFull(.missionStart, &reply)
        }
    }

    private mutating func saveMission(_ sequence: UInt64, _ reply: inout ReplyBuffer) {
        guard mission.isStorageAsked else {
            reply.put("[\"error\", \"no storage backend configured\"]")
            return
        }
        // Acquire: pairs with the courier's release after the save's callback was queued.
        let done = unsafe shared.pointee.savesDone.load(ordering: .acquiring)
        // A recording that began during the save of the one before may be saved, too: it waits its turn.
        if mission.savesAsked != done, mission.starts == mission.startsAtSave {
            reply.put("[\"error\", \"save already in progress\"]")
            return
        }
        guard order(.saveMission, sequence) else {
            putQueueFull(.missionSave, &reply)
            return
        }
        mark(RecordKind.missionSave, sequence)
        mission.savesAsked &+= 1
        mission.startsAtSave = mission.starts
        mission.clearFocus()
        reply.put("[\"ok\", \"queued\"]")
    }

    /// Says in the log that this start or save was taken up, for readers who do not decode calls.
    private func mark(_ kind: UInt16, _ sequence: UInt64) {
        guard let writer = unsafe shared.pointee.writer else { return }
        unsafe writer._withUnsafeGuaranteedRef { writer in
            // A mark only adds knowledge: without room for it the call is still there.
            _ = writer.mark(kind: kind, number: mission.starts, call: sequence)
        }
    }

    private mutating func startFocus(_ frame: Double, _ reply: inout ReplyBuffer) {
        if frame < 1 {
            reply.put("[\"error\", \"focus start: frames count from 1\"]")
        } else if mission.focusStart != nil {
            // A range is open already: ignored, as the reference does.
            reply.put("[\"ok\"]")
        } else if frame < mission.focusEnd {
            reply.put("[\"error\", \"focus start: lies before the end of the last range\"]")
        } else {
            mission.focusStart = frame
            reply.put("[\"ok\"]")
        }
    }

    private mutating func endFocus(_ frame: Double, _ reply: inout ReplyBuffer) {
        guard let start = mission.focusStart else {
            // No range is open: ignored, as the reference does.
            reply.put("[\"ok\"]")
            return
        }
        if frame <= start {
            reply.put("[\"error\", \"focus end: must lie behind the start\"]")
            return
        }
        mission.focusEnd = frame
        mission.focusStart = nil
        reply.put("[\"ok\"]")
    }
}
