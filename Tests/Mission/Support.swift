// Calls from a list instead of a log, and a sink that keeps what it is given.

import Mission
import Values
import WAL

/// A call as a test writes it.
struct TestCall {
    var sequence: UInt64
    var time: Int64
    var name: String
    var form = CallForm.array
    var arguments: [UInt8]
    var argumentCount: Int
}

/// Calls in memory.
struct CallList: CallSource {
    var calls: [TestCall] = []

    init() {}

    /// Calls with sequence numbers from 1 on, a tenth of a second apart.
    init(_ lines: [(String, [String])]) {
        for (name, arguments) in lines { add(name, arguments) }
    }

    mutating func add(_ name: String, _ arguments: [String] = []) {
        add(name, bytes: arguments.map { Array($0.utf8) })
    }

    mutating func add(_ name: String, bytes: [[UInt8]], form: CallForm = .array) {
        let sequence = UInt64(calls.count + 1)
        var joined: [UInt8] = []
        for argument in bytes { joined += argument + [0] }
        calls.append(
            TestCall(
                sequence: sequence, time: Int64(sequence) * 100_000_000, name: name, form: form,
                arguments: joined, argumentCount: bytes.count))
    }

    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        for call in calls where range.contains(call.sequence) {
            let name = Array(call.name.utf8)
            let borrowed = Call(
                sequence: call.sequence, time: call.time, command: Command.named(name.span),
                form: call.form, name: name.span, argumentCount: call.argumentCount,
                arguments: call.arguments.span)
            try body(borrowed)
        }
    }
}

/// Keeps every event, with its texts made Strings where a test asks for them.
struct EventList: RecordingSink {
    var header: RecordingHeader?
    var footer: RecordingFooter?
    var events: [MissionEvent] = []
    var stamps: [Stamp] = []
    /// Each event as text, texts resolved: see `describe`.
    var lines: [String] = []
    /// Off for large missions.
    var keepsLines = true

    mutating func begin(_ header: RecordingHeader) { self.header = header }

    mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) {
        events.append(event)
        stamps.append(stamp)
        if keepsLines { lines.append(describe(event, texts)) }
    }

    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) {
        self.footer = footer
    }
}

/// What a test gets back from a list of calls.
struct Decoded {
    var index: RecordingIndex
    var recordings: [EventList]
    var rejects: Rejects

    /// The lines of the only recording.
    var lines: [String] { recordings.first?.lines ?? [] }

    /// `sequence command sentence` of each reject, outside and inside of recordings.
    var rejectLines: [String] {
        (index.rejects.list + rejects.list).map {
            "\($0.sequence) \(String(decoding: $0.name, as: UTF8.self)) \($0.sentence)"
        }
    }
}

let origin = RecordingOrigin(
    logID: Array(repeating: 7, count: 16), extensionVersion: "v9", utcOffsetSeconds: 3600)

func decode(_ calls: CallList, mode: Mode = .standard, keepsLines: Bool = true) -> Decoded {
    var source = calls
    let index = RecordingIndex.build(from: &source)
    var rejects = Rejects()
    var recordings: [EventList] = []
    for span in index.recordings {
        var sink = EventList()
        sink.keepsLines = keepsLines
        index.read(
            span, from: &source, origin: origin, mode: mode, into: &sink, rejects: &rejects)
        recordings.append(sink)
    }
    return Decoded(index: index, recordings: recordings, rejects: rejects)
}

let goodWorld = #""{""worldName"": ""stratis"", ""worldSize"": 8192}""#
let goodMission =
    #""{""missionName"": ""m"", ""briefingName"": ""b"", ""missionNameSource"": ""m"", ""onLoadName"": """","#
    + #" ""author"": ""Mira"", ""serverName"": ""s"", ""serverProfile"": ""p"", ""tag"": ""COOP"","#
    + #" ""captureDelay"": 1, ""addons"": [], ""playableSlots"": [0, 8, 0, 0, 1],"#
    + #" ""sideFriendly"": [false, false, true]}""#

/// The start of every mission in these tests.
let start = (":MISSION:START:", [goodWorld, goodMission])
