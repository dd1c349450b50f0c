// The course of a mission: what the addon calls, in the order in which it does.

/// A call that is due at a later capture frame.
struct LaterCall {
    let name: String
    let arguments: [Argument]
}

struct MissionScript {
    let settings: Settings
    var random: Random
    var writer: StreamWriter
    var world = World()
    /// Number of the recording, from 0, and the capture frame within it (0: not yet recording).
    var recording = 0
    var frame = 0
    /// Calls by the capture frame at which they are sent.
    var later: [Int: [LaterCall]] = [:]
    var markers: [Marker] = []
    var deletedMarkers: [Marker] = []
    var markerCount = 0
    var killCount = 0
    var shotsOwed = 0.0
    private var totals: [RecordingTotals] = []
    private var countsBefore: [String: Int] = [:]

    init(settings: Settings, output: Output) {
        self.settings = settings
        random = Random(seed: settings.seed)
        writer = StreamWriter(output: output)
    }

    /// Seconds since the mission began.
    var missionTime: Double { Double(frame) * settings.delay + 0.25 }

    mutating func play() {
        writer.line(
            "# a generated mission: seed \(settings.seed), \(settings.recordings) recording(s) of "
                + "\(settings.minutes) minutes, \(settings.units) units, \(settings.vehicles) vehicles"
        )
        startSession()
        for index in 0..<settings.recordings {
            recording = index
            record()
        }
        writer.flush()
    }

    /// The calls before the first recording (once a process).
    private mutating func startSession() {
        writer.call(":SYS:VERSION:")
        writer.text(":SYS:TIMESTAMP:")
        for text in ["Initialized EntityKilled EH", "Initialized MPEnded EH", "it's \"up\" [ok]"] {
            writer.call(":SYS:LOG:", [.string(text)])
        }
        writer.call(":SYS:INIT:")
        writer.line("@wait :SYS:READY:")
        writer.line("@wait :SYS:VERSION:")
        writer.call(":SYS:ADDON_VERSION:", [.string("2.1.0")])
        writer.call(":SYS:DIR:ARMA:")
        writer.call(":SYS:DIR:MODULE:")
        writer.call(":SYS:DIR:LOG:")
        writer.call(":STORAGE:INIT:")
        writer.line("@wait :STORAGE:OK:")
    }

    private mutating func record() {
        world = World()
        later = [:]
        markers = []
        deletedMarkers = []
        frame = 0
        shotsOwed = 0
        killCount = 0
        countsBefore = writer.counts
        writer.call(":MISSION:START:", [.string(worldText), .string(missionText)])
        writer.line("@wait :MISSION:OK: 30")
        writer.line("@rss mission-started")
        writer.call(
            ":SYS:LOG:",
            [
                .string("recorder\\fnc_captureLoop.sqf"), .string("recording started, time:"),
                .number(missionTime),
            ])
        general("generalEvent", .string("Recording started."), "{}")
        timeState()
        populate()
        while frame < settings.frames { captureFrame() }
        finish()
        totals.append(
            RecordingTotals(
                number: recording, frames: frame, before: countsBefore, after: writer.counts))
    }

    /// One capture: the states in its first server frame, what happens spread over the others.
    private mutating func captureFrame() {
        frame += 1
        writer.line("@frame")
        capture()
        for call in later.removeValue(forKey: frame) ?? [] {
            writer.call(call.name, call.arguments)
        }
        periodicCalls()
        incidents()
        let serverFrames = max(1, Int(settings.delay * Double(settings.framesPerSecond)))
        shotsOwed += Double(settings.shotsPerMinute) / 60 * settings.delay
        let perFrame = shotsOwed / Double(serverFrames)
        var owed = 0.0
        for _ in 1..<max(2, serverFrames) {
            writer.line("@frame")
            owed += perFrame * random.between(0, 2)
            while owed >= 1, shotsOwed >= 1 {
                shoot()
                owed -= 1
                shotsOwed -= 1
            }
        }
        if frame % 600 == 0 { writer.line("@rss frame-\(frame)") }
    }

    /// The end: back to back, in one server frame.
    private mutating func finish() {
        for due in later.keys.sorted() {
            for call in later[due] ?? [] { writer.call(call.name, call.arguments) }
        }
        writer.line("@frame")
        general("generalEvent", .string("Recording paused."), "{}")
        timeState()
        writer.call(
            ":EVENT:ENDMISSION:",
            [
                .integer(frame), .string(random.one(of: ["WEST", "EAST", ""])),
                .string("Конец: \"victory\" for us"),
            ])
        writer.line("@sleep 1000")
        writer.line("@rss before-save")
        writer.call(":MISSION:SAVE:")
        writer.line("@rss after-save")
        writer.call(
            ":SYS:LOG:",
            [
                .string("Queued recording of mission"), .string(missionName), .string("with tag"),
                .string("TvT"),
            ])
    }

    /// Telemetry, time and counters at their intervals.
    private mutating func periodicCalls() {
        let tenSeconds = max(1, Int(10 / settings.delay))
        if frame == 10 || frame % (tenSeconds * 30) == 0 { timeState() }
        if frame % tenSeconds == 1 % tenSeconds { telemetry() }
        if frame % (tenSeconds * 12) == 5 {
            general("respawnTickets", .raw("[-1,\(random.below(200)),150,0]"), "{}")
        }
        if frame == 3 { general("counterInit", .raw("[WEST,EAST]"), "{}") }
        if frame % (tenSeconds * 20) == 7 { general("counterSet", .raw("[\(frame / 10)]"), "{}") }
        if frame == settings.frames / 3 { writer.call(":MISSION:FOCUS_START:", [.integer(frame)]) }
        if frame == settings.frames / 2 { writer.call(":MISSION:FOCUS_END:", [.integer(frame)]) }
    }

    mutating func general(_ name: String, _ message: Argument, _ extra: String) {
        writer.call(":EVENT:GENERAL:", [.integer(frame), .string(name), message, .string(extra)])
    }

    private mutating func timeState() {
        let second = 5 + Int(missionTime)
        let minute = second / 60
        writer.call(
            ":TIME:STATE:",
            [
                .integer(frame),
                .string(
                    "2026-03-08T\(two(18 + minute / 60 % 6)):\(two(minute % 60)):\(two(second % 60)).\(100 + frame % 900)"
                ),
                .string("2035-06-24T\(two(3 + minute / 60 % 20)):\(two(minute % 60)):00"),
                .number(1),
                .number(missionTime),
            ])
    }

    private func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }

    /// What the stream holds, as JSON.
    var summary: String {
        let counts = writer.counts
        var text = "{\n \"calls\": \(counts.values.reduce(0, +)),\n \"callsByCommand\": {"
        text += counts.keys.sorted().map { "\n  \"\($0)\": \(counts[$0] ?? 0)" }.joined(
            separator: ",")
        text +=
            "\n },\n \"recordings\": [" + totals.map(\.json).joined(separator: ",") + "\n ]\n}\n"
        return text
    }
}

/// The calls of one recording, counted.
struct RecordingTotals {
    let number: Int
    let frames: Int
    let before: [String: Int]
    let after: [String: Int]

    private func count(_ name: String) -> Int { (after[name] ?? 0) - (before[name] ?? 0) }

    var json: String {
        """

          {"number": \(number + 1), "frames": \(frames), "units": \(count(":SOLDIER:CREATE:")),
           "vehicles": \(count(":VEHICLE:CREATE:")), "unitStates": \(count(":SOLDIER:STATE:")),
           "vehicleStates": \(count(":VEHICLE:STATE:")), "projectiles": \(count(":EVENT:PROJECTILE:")),
           "kills": \(count(":EVENT:KILL:")), "markers": \(count(":MARKER:CREATE:")),
           "markerStates": \(count(":MARKER:STATE:")), "placed": \(count(":PLACED:CREATE:"))}
        """
    }
}
