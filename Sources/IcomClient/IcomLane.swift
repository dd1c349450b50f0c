// The way of accepted events from the log to the hub. A lane is one receiver's events of one log, in
// order: several are under way at a time, and it goes back to the first that did not arrive. Classes, not
// structs, throughout: copies of values that hold arrays would cost more code than all the rest.

import CPlatform
import ICOMWire
import Segments
import Values
import WAL

/// An accepted event, read from the log.
final class IcomEvent {
    let sequence: UInt64
    /// Empty: for all.
    let target: [UInt8]
    let name: [UInt8]
    /// JSON, one line, UTF-8.
    let data: [UInt8]
    /// Behind it in the log.
    var behind = LogPlace()
    /// The hub has taken it.
    var isTaken = false

    /// Reads a call's arguments; nil when there are not as many as there must be.
    init?(_ sequence: UInt64, _ payload: Span<UInt8>, hasTarget: Bool) {
        var texts: ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var start = 0
        var count = hasTarget ? 0 : 1
        for index in 0..<payload.count where payload[index] == 0 {
            let text = Self.text(payload.extracting(start..<index), isData: count == 2)
            switch count {
            case 0: texts.0 = text
            case 1: texts.1 = text
            default: texts.2 = text
            }
            count += 1
            start = index + 1
        }
        guard count == 3 else { return nil }
        self.sequence = sequence
        (target, name, data) = texts
    }

    /// An argument's text, mended; of data, which is JSON, line ends become what they are: space.
    private static func text(_ argument: Span<UInt8>, isData: Bool) -> [UInt8] {
        var text: [UInt8] = []
        UTF8Text.appendRepaired(ArgumentText.value(argument).span, to: &text)
        if isData {
            for index in 0..<text.count where text[index] == 0x0A || text[index] == 0x0D {
                text[index] = 0x20
            }
        }
        return text
    }
}

/// One receiver's events of one log.
final class IcomLane {
    /// Events under way at a time: what a hub's default burst takes, with room for others.
    static let window = 64
    /// Pieces of the log that are read in one go, so that the connection is not forgotten over it.
    static let piecesAtOnce = 64

    let outbox: IcomOutbox
    let target: [UInt8]
    /// In front of the next event to send, and behind the last that is done.
    private(set) var place: LogPlace
    private var done: LogPlace
    /// A call whose mark has not been read yet, and a place in front of it.
    private var pending: IcomEvent?
    private var pendingPlace: LogPlace?
    /// Sequence number of the last that is done; of the last that was sent.
    private(set) var base: UInt64
    var previous: UInt64
    var sent: [IcomEvent] = []
    /// Counts the times it went back: what is answered to an earlier attempt says nothing any more.
    private(set) var attempt: UInt32 = 0
    /// Nothing is sent before this moment; the pause grows with each vain attempt.
    private(set) var pausedUntil: UInt64 = 0
    private var pause: UInt64 = 0
    /// The last time that something moved.
    var movedAt: UInt64 = 0

    init(_ outbox: IcomOutbox, _ target: [UInt8], from place: LogPlace, base: UInt64) {
        self.outbox = outbox
        self.target = target
        self.place = place
        done = place
        self.base = base
        previous = base
    }

    /// The next accepted event of the log behind what is done, of whatever receiver; nil when none was
    /// found in this go. `isMore` tells whether the log goes on.
    func next(isMore: inout Bool) -> IcomEvent? {
        var found: IcomEvent?
        var pieces = 0
        isMore = true
        while found == nil, isMore, pieces < Self.piecesAtOnce {
            pieces += 1
            let before = place
            let hadPending = pending != nil
            isMore = place.read(outbox.folder) { sequence, kind, payload in
                if kind == RecordKind.icomEvent {
                    if let event = pending, let mark = MissionMark.decode(payload),
                        mark.call == event.sequence, mark.number == outbox.mark
                    {
                        found = event
                    }
                    pending = nil
                } else if kind == Command.icomSendEvent.rawValue
                    || kind == Command.icomBroadcast.rawValue, sequence > base
                {
                    pending = IcomEvent(
                        sequence, payload, hasTarget: kind == Command.icomSendEvent.rawValue)
                }
                return found == nil
            }
            if !hadPending { pendingPlace = before }
        }
        found?.behind = place
        return found
    }

    /// From here a new reader finds everything that this one has not handed out.
    var restart: LogPlace { pending == nil ? place : pendingPlace ?? place }

    /// The first ones sent, up to that number, are done.
    func finish(through sequence: UInt64, _ now: UInt64) {
        while let first = sent.first, first.sequence <= sequence {
            base = first.sequence
            done = first.behind
            outbox.finished += 1
            pause = 0
            movedAt = now
            sent.removeFirst()
        }
    }

    /// Back to the first that is not done, after a pause (none: a new connection is a new chance).
    func goBack(_ now: UInt64, least: UInt64) {
        sent = []
        pending = nil
        place = done
        previous = base
        pause = least == 0 ? 0 : min(30_000_000_000, max(least, pause * 2))
        attempt &+= 1
        pausedUntil = now &+ pause
        movedAt = now
    }
}

/// One log's events that wait.
final class IcomOutbox {
    let folder: String
    let logID: [UInt8]
    /// The log's id in hexadecimal, as receivers know it.
    let logName: [UInt8]
    let mark: UInt32
    /// Of this process: more will come.
    let isOwn: Bool
    /// Events are sent once, to whom it may concern: no lane for each receiver, no way back.
    let isLive: Bool
    var lanes: [IcomLane] = []
    /// As the cursor file says.
    var saved: UInt64
    /// Ahead of all lanes: finds receivers. Nil when live.
    private var scout: IcomLane?
    /// The scout found no more.
    private(set) var isAtEnd = false
    /// How many events it has found, and how many of them are done.
    private var found: UInt64 = 0
    var finished: UInt64 = 0

    init(
        folder: String, logID: [UInt8], mark: UInt32, isOwn: Bool, isLive: Bool,
        from place: LogPlace,
        done sequence: UInt64
    ) {
        self.folder = folder
        self.logID = logID
        self.mark = mark
        self.isOwn = isOwn
        self.isLive = isLive
        var name: [UInt8] = []
        for byte in logID {
            name.append(Self.digit(byte >> 4))
            name.append(Self.digit(byte & 15))
        }
        logName = name
        saved = sequence
        let first = IcomLane(self, [], from: place, base: sequence)
        if isLive { lanes.append(first) } else { scout = first }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }

    /// Finds receivers that are new. Cheap when nothing is.
    func look() {
        guard let scout else { return }
        var isMore = true
        while isMore {
            let before = scout.restart
            guard let event = scout.next(isMore: &isMore) else { break }
            found += 1
            if lane(event.target) == nil {
                // It reads this stretch again, and finds its first event there.
                lanes.append(IcomLane(self, event.target, from: before, base: scout.base))
            }
        }
        isAtEnd = !isMore
    }

    func lane(_ target: [UInt8]) -> IcomLane? {
        for lane in lanes where lane.target.isSame(as: target) { return lane }
        return nil
    }

    /// Whether this lane has nothing left (as far as the log is written).
    func isIdle(_ lane: IcomLane) -> Bool {
        guard let scout else { return false }
        return lane.sent.isEmpty && lane.place == scout.place
    }

    /// Accepted events that are not done yet.
    var waiting: UInt64 {
        // A lane may be a little ahead of the scout.
        guard scout == nil else { return found > finished ? found &- finished : 0 }
        var count: UInt64 = 0
        for lane in lanes { count += UInt64(lane.sent.count) }
        return count
    }

    /// Everything up to here is done.
    var done: UInt64 {
        guard let scout else { return saved }
        var least = scout.place.sequence
        for lane in lanes where !isIdle(lane) { least = min(least, lane.base) }
        return max(least, saved)
    }

    /// Nothing is left, and nothing will come.
    var isFinished: Bool { !isOwn && isAtEnd && done == (scout?.place.sequence ?? 0) }
}
