// Events of a recording → messages of the stream. Ids and names that later messages refer to are kept also
// while nothing is sent, so that a stream that goes on in the middle says the same as one from the start.

import Mission
import Values

/// A message, ready to be sent.
struct StreamMessage: Sendable {
    enum Kind: Sendable {
        /// The server has to acknowledge it.
        case start
        case event
        /// The server has to acknowledge it.
        case end
    }
    let kind: Kind
    /// JSON.
    let text: [UInt8]
    /// Sequence number of the call in the log that it comes from.
    let sequence: UInt64
}

/// The messages of one recording.
struct MessageSink: RecordingSink {
    typealias Failure = Never

    /// What was made since somebody took it.
    private(set) var messages: [StreamMessage] = []
    /// Bytes of them.
    private(set) var byteCount = 0
    /// The server has what comes now.
    var isMuted = false
    /// Of the call that is being decoded.
    var sequence: UInt64 = 0

    /// `start_mission`, which has to come first on every connection; nil when it was made already.
    private var start: [UInt8]?
    private var counts = MessageCounts()
    /// Of the markers, by their numbers.
    var markerNames: [UInt32: [UInt8]] = [:]

    mutating func takeMessages() -> [StreamMessage] {
        defer {
            messages = []
            byteCount = 0
        }
        return messages
    }

    // MARK: begin and end

    mutating func begin(_ header: RecordingHeader) {
        counts = MessageCounts()
        markerNames = [:]
        start = MissionMessage.start(header)
        // On its own, so that the server knows of the mission before anything happens in it.
        if !isMuted { putStart() }
    }

    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) { end() }

    /// `end_mission`
    mutating func end() {
        if !isMuted {
            putStart()
            put(.end, Array(#"{"type":"end_mission","payload":null}"#.utf8))
        }
        start = nil
    }

    // MARK: events

    mutating func receive(_ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable) {
        let number = counts.next(event)
        note(event, texts)
        guard !isMuted else { return }
        switch event {
        case .soldierCreated(let created): send(created, stamp, texts)
        case .soldierState(let state): send(state, stamp, texts)
        case .soldierDeleted(let deleted): send(deleted, "delete_soldier")
        case .vehicleCreated(let created): send(created, stamp, texts)
        case .vehicleState(let state): send(state, stamp, texts)
        case .vehicleDeleted(let deleted): send(deleted, "delete_vehicle")
        case .markerCreated(let created): send(created, stamp, texts)
        case .markerState(let state): send(state, number, stamp, texts)
        case .markerDeleted(let deleted): send(deleted)
        case .projectile(let shot): send(shot, texts)
        case .killed(let kill): send(kill, number, stamp, texts)
        case .placedCreated(let created): send(created, stamp, texts)
        case .placedEvent(let event): send(event, texts)
        case .ace3Death(let death): send(death, number, stamp, texts)
        case .ace3Unconscious(let change): send(change, number, stamp)
        case .timeState(let state): send(state, number, stamp, texts)
        case .general(let event): send(event, number, stamp, texts)
        case .sector(let event): send(event, number, stamp, texts)
        case .endMission(let event): send(event, number, stamp, texts)
        case .chat(let message): send(message, number, stamp, texts)
        case .radio(let transmission): send(transmission, number, stamp, texts)
        case .telemetry(let telemetry): send(telemetry, stamp, texts)
        // Both ends were sent when they came.
        case .focus: break
        }
    }

    /// `:MISSION:FOCUS_START:` or `:MISSION:FOCUS_END:`, which a recording knows as a range only.
    mutating func focus(isStart: Bool, frame: UInt32) {
        guard !isMuted else { return }
        var writer = MessageWriter(isStart ? "mission_focus_start" : "mission_focus_end")
        writer.add("frame", frame)
        send(writer)
    }

    private mutating func note(_ event: MissionEvent, _ texts: borrowing TextTable) {
        guard case .markerCreated(let created) = event else { return }
        markerNames[created.markerID] = texts.bytes(of: created.name).array
    }

    mutating func send(_ writer: consuming MessageWriter) {
        putStart()
        put(.event, writer.finish())
    }

    private mutating func putStart() {
        guard let start else { return }
        self.start = nil
        put(.start, start)
    }

    private mutating func put(_ kind: StreamMessage.Kind, _ text: [UInt8]) {
        byteCount += text.count
        messages.append(StreamMessage(kind: kind, text: text, sequence: sequence))
    }
}

/// Ids for events that have none of their own: 1, 2, 3 … of each kind in a recording.
private struct MessageCounts {
    private var counts = [UInt32](repeating: 0, count: 10)

    mutating func next(_ event: MissionEvent) -> UInt32 {
        let kind: Int
        switch event {
        case .markerState: kind = 0
        case .killed: kind = 1
        case .ace3Death: kind = 2
        case .ace3Unconscious: kind = 3
        case .timeState: kind = 4
        case .general: kind = 5
        case .sector: kind = 6
        case .endMission: kind = 7
        case .chat: kind = 8
        case .radio: kind = 9
        default: return 0
        }
        counts[kind] &+= 1
        return counts[kind]
    }
}

extension EntityReference {
    var soldierID: UInt16? {
        if case .soldier(let id) = self { return id }
        return nil
    }

    var vehicleID: UInt16? {
        if case .vehicle(let id) = self { return id }
        return nil
    }

    /// Whatever it is.
    var id: UInt16? {
        switch self {
        case .none: nil
        case .soldier(let id), .vehicle(let id), .unknown(let id): id
        }
    }
}
