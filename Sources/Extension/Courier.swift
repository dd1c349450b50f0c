// The plug-in's own thread: takes the game thread's orders, tells the game what came of them, starts
// the programs that make the outputs, and writes the log file for people.
//
// It never holds a lock that a call may want (there is none: orders come through a ring, what goes
// back are atomic words), so it may wait for disks and sleep as long as it likes.

import CPlatform
import Segments
import Synchronization
import Values

/// The courier's state. Everything in it belongs to the courier's thread, but for `stop`.
@safe
final class Courier {
    /// How often it looks: a frame of the game.
    static let roundNanoseconds: UInt64 = 20_000_000
    /// How often while the game's callback buffer is full.
    static let retryNanoseconds: UInt64 = 5_000_000
    /// How often the server side looks at the clock while somebody waits.
    static let serverNanoseconds: UInt64 = 250_000_000

    let configuration: Configuration
    let places: Places
    let shared: UnsafePointer<Shared>
    let handover: Handover
    let slot: CallbackSlot
    let version: String

    var callbacks = CallbackQueue()
    var saves: SaveQueue
    /// Lines for the log file, written at the end of each round.
    var lines: [LogLine] = []
    /// The recording that runs, and how many the log has had.
    var recording: OpenRecording?
    var recordingCount = 0
    /// A save failed: another `:MISSION:SAVE:` tries this one again.
    var unsaved: OpenRecording?
    /// `blackbox recover`, which looks after what crashed processes left.
    var recovery: ToolRun?
    /// `blackbox tidy`, which packs and removes old logs; and whether it is due.
    var tidying: ToolRun?
    var isTidyDue = false
    /// `blackbox follow`, which streams the log to a web server.
    var stream: ToolRun?
    var watch = DiskWatch()
    var icom = IcomEnd()

    private var log: LogFile
    let logPath: String
    private let stopFlag = Atomic<Bool>(false)
    private var droppedLines: UInt32 = 0
    private var droppedCallbacks = 0
    private var nextServerLook: UInt64 = 0

    init(
        configuration: Configuration, places: Places, shared: UnsafePointer<Shared>,
        handover: Handover, slot: CallbackSlot, version: String, logPath: String
    ) {
        self.configuration = configuration
        self.places = places
        unsafe self.shared = shared
        self.handover = handover
        self.slot = slot
        self.version = version
        self.logPath = logPath
        saves = SaveQueue(logPath: logPath)
        log = LogFile(path: logPath, limitBytes: Int64(configuration.logFileMiB) << 20)
    }

    /// The thread's body: rounds until `stop`, then whatever is left to do before the library goes.
    func run() {
        begin()
        while !stopFlag.load(ordering: .acquiring) {
            round()
            bb_thread_sleep_ns(callbacks.isEmpty ? Self.roundNanoseconds : Self.retryNanoseconds)
        }
        end()
    }

    /// From any thread.
    func stop() { stopFlag.store(true, ordering: .releasing) }

    /// What comes once, at the start.
    func begin() {
        pollServer()
        writeInitLog()
        startRecovery()
        startStream()
        connectAsConfigured()
        // The last process may have ended before its own was done.
        isTidyDue = configuration.autorun
    }

    /// One look at everything.
    func round() {
        while let message = handover.take() { obey(message) }
        pollSaves()
        pollRecovery()
        pollTidying()
        pollDisk()
        pollServer()
        pollIcom()
        callbacks.deliver(to: slot)
        tellDrops()
        writeLines()
    }

    /// The library goes, perhaps because the game exits right after a save: orders that wait are
    /// still obeyed, and what has to be compacted is started without waiting for its end.
    func end() {
        while let message = handover.take() { obey(message) }
        startWaitingSaves()
        endIcom()
        tellDrops()
        say(.info, "the recorder ends")
        writeLines()
    }

    // MARK: orders

    private func obey(_ message: Message) {
        switch message.order {
        case .padding: break
        case .initialise:
            callbacks.add(":SYS:READY:", [])
            callbacks.add(":SYS:VERSION:", [version])
        case .openStorage: openStorage()
        case .startMission: startMission(message.texts)
        case .saveMission: saveMission()
        case .logLine: logLine(message)
        case .logCall: logCall(message)
        case .notKept: tellNotKept()
        case .icom: obeyIcom(message)
        case .askGate: announce("gate", message)
        case .askJoin: announce(ServerRecord.joinFunction, message)
        case .askAdmin: announce("admin", message)
        case .problem:
            if let text = message.texts.first { say(.error, String(utf8: text)) }
        }
    }

    private func announce(_ function: StaticString, _ message: Message) {
        guard let data = message.texts.first else { return }
        callbacks.announce(function, data, key: Int(truncatingIfNeeded: message.sequence))
    }

    /// While somebody waits for an answer the next call is to look at the clock, a few times a second.
    private func pollServer() {
        let now = bb_clock_coarse()
        guard now >= nextServerLook else { return }
        nextServerLook = now + Self.serverNanoseconds
        let offset = bb_clock_utc_offset(bb_clock_wall() / 1_000_000_000)
        unsafe shared.pointee.utcOffset.store(offset, ordering: .relaxed)
        if unsafe shared.pointee.serverWaits.load(ordering: .relaxed) != 0 {
            unsafe shared.pointee.serverDue.store(true, ordering: .relaxed)
        }
    }

    private func logLine(_ message: Message) {
        guard let first = message.texts.first else { return }
        say(
            .info, String(utf8: ArgumentText.value(first.span)),
            fields(message.texts.dropFirst(), message.isCut))
    }

    private func logCall(_ message: Message) {
        guard let name = message.texts.first else { return }
        say(.debug, String(utf8: name), fields(message.texts.dropFirst(), message.isCut))
    }

    private func fields(_ texts: ArraySlice<[UInt8]>, _ isCut: Bool) -> [LogField] {
        var fields: [LogField] = []
        var number = 1
        for text in texts {
            fields.append(LogField("arg" + String(number), String(utf8: text)))
            number += 1
        }
        if isCut { fields.append(LogField("cut", "true")) }
        return fields
    }

    private func tellNotKept() {
        if let reason = unsafe shared.pointee.reason, unsafe shared.pointee.writer == nil {
            say(
                .error, "calls are not recorded",
                "reason", unsafe String(cString: reason))
        } else {
            say(
                .error,
                "a call was not recorded: it is larger than a segment, or the log has no room left")
        }
    }

    // MARK: the log file

    /// Adds a line to the log file.
    func say(_ level: LogLevel, _ message: String, _ fields: [LogField] = []) {
        guard level.rawValue >= configuration.logLevel.rawValue else { return }
        lines.append(
            LogLine(
                level: level, message: message, fields: fields,
                seconds: bb_clock_wall() / 1_000_000_000))
    }

    /// A line with one field.
    @inline(never)
    func say(_ level: LogLevel, _ message: String, _ key: String, _ value: String) {
        say(level, message, [LogField(key, value)])
    }

    private func writeLines() {
        guard !lines.isEmpty else { return }
        log.write(lines)
        lines.removeAll(keepingCapacity: true)
    }

    /// `init.log` in the addon folder: what was said before the real log file is open, for an owner who
    /// looks for it in vain.
    private func writeInitLog() {
        var text: [UInt8] = []
        say(.info, "the log file for people begins", "path", log.path)
        for line in lines { line.append(to: &text) }
        do {
            try Paths.makeFolders(places.addonFolder)
            try Files.write(Paths.join(places.addonFolder, "init.log"), text)
        } catch {
            say(.warn, "init.log can't be written", "reason", error.text)
        }
        writeLines()
    }

    private func tellDrops() {
        let dropped = unsafe shared.pointee.linesDropped.load(ordering: .relaxed)
        if dropped != droppedLines {
            say(
                .warn, "lines were dropped: more came than could be taken over",
                "lines", String(dropped &- droppedLines))
            droppedLines = dropped
        }
        if callbacks.dropped != droppedCallbacks {
            say(
                .warn, "callbacks were dropped: the game takes none",
                "callbacks", String(callbacks.dropped - droppedCallbacks))
            droppedCallbacks = callbacks.dropped
        }
    }
}
