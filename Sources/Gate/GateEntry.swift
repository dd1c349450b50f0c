// One joining player, as the gate knows him.

import Values

/// When something happens: the gate has no clock of its own.
public struct GateMoment: Equatable, Sendable {
    /// Milliseconds of a monotonic clock.
    public var milliseconds: Int64
    /// Minute of the server's local day, 0–1439, for rules with a time window.
    public var localMinute: Int

    /// Both readings.
    public init(milliseconds: Int64, localMinute: Int = 0) {
        self.milliseconds = milliseconds
        self.localMinute = localMinute
    }
}

/// What was decided about a player.
public enum GateVerdict: Equatable, Sendable {
    case accept
    /// With the text that he sees, cleaned; empty for none.
    case refuse([UInt8])
}

/// Who decided.
public enum GateDecider: UInt8, Sendable {
    case script
    case rule
    case noListener
    case timeout
    case maxWait
    case overload
    case expiredHold

    /// The word in records and listings.
    public var word: StaticString {
        switch self {
        case .script: "script"
        case .rule: "rule"
        case .noListener: "no_listener"
        case .timeout: "timeout"
        case .maxWait: "max_wait"
        case .overload: "overload"
        case .expiredHold: "hold"
        }
    }
}

/// The answer to one `onPlayerJoinAttempt`.
public enum GateAnswer: Equatable, Sendable {
    case accept
    case delay
    case refuse([UInt8])

    /// `ACCEPT`, `DELAY`, `REFUSE` or `REFUSE_<text>`: never empty.
    public var text: [UInt8] {
        switch self {
        case .accept: return Array("ACCEPT".utf8)
        case .delay: return Array("DELAY".utf8)
        case .refuse(let reason):
            return Array((reason.isEmpty ? "REFUSE" : "REFUSE_").utf8) + reason
        }
    }
}

/// What is known of the person behind an id.
public struct GateUser: Equatable, Sendable {
    /// Steam id, empty when unknown.
    public var uid: [UInt8]
    /// Profile name, empty when unknown.
    public var name: [UInt8]

    /// Both texts.
    public init(uid: [UInt8] = [], name: [UInt8] = []) {
        self.uid = uid
        self.name = name
    }
}

/// Where a player stands.
enum GateState: UInt8 {
    /// Known, but the question has not reached the callback queue.
    case new
    /// The question is with the listener.
    case asked
    /// The listener wants to be asked again later.
    case held
    /// Decided, not answered yet.
    case decided
    /// Answered.
    case done

    var word: StaticString {
        switch self {
        case .new: "NEW"
        case .asked: "ASKED"
        case .held: "HELD"
        case .decided: "DECIDED"
        case .done: "DONE"
        }
    }
}

/// A row of the gate's table.
struct GateEntry {
    let id: [UInt8]
    let hash: UInt64
    var state = GateState.new
    var firstSeen: Int64
    var lastPoll: Int64
    /// As the game told it, milliseconds.
    var wait: Int64
    var polls: UInt32 = 1
    /// Counts the attempts: a script's answer to an older one is told apart by it.
    var sequence: UInt32
    /// Of the first and the newest announcement of this question.
    var askedAt: Int64 = 0
    var announcedAt: Int64 = 0
    var verdict = GateVerdict.accept
    var decidedBy = GateDecider.script
    var doneAt: Int64 = 0
    var holdUntil: Int64 = 0
    var user: GateUser
    /// He asked through the wiki's alias, so the wiki's callback goes out as well.
    var usesAlias: Bool
    /// Forget him from then on (0: no).
    var forgetAt: Int64 = 0

    /// Nobody has decided about him.
    var isWaiting: Bool { state == .new || state == .asked || state == .held }
}

/// What the gate wants done: collected during a call, taken by the caller.
public enum GateEffect: Equatable, Sendable {
    /// Put a question to the listener. Whether the queue took it is told by `Gate.announced`.
    case ask(id: [UInt8], wait: Int64, sequence: UInt32, user: GateUser, usesAlias: Bool)
    /// A player has given up.
    case left(id: [UInt8], wait: Int64, sequence: UInt32)
    /// The listener did not answer; this was done instead.
    case expired(id: [UInt8], result: [UInt8])
    /// To be recorded: who was told what, who decided, why.
    case decided(
        id: [UInt8], user: GateUser, verdict: GateVerdict, by: GateDecider, wait: Int64,
        polls: UInt32)
    /// A line for the log file.
    case problem([UInt8])
}

/// What the gate has seen since it was made.
public struct GateCounters: Equatable, Sendable {
    /// Calls of `gate:request`.
    public var requests: UInt64 = 0
    /// Players told to come in.
    public var accepted: UInt64 = 0
    /// Answers `DELAY`.
    public var delayed: UInt64 = 0
    /// Players told to go.
    public var refused: UInt64 = 0
    /// Questions nobody answered in time.
    public var timeouts: UInt64 = 0
    /// Players decided by the overload rule.
    public var overload: UInt64 = 0
    /// Decisions that came when the answer had been given.
    public var late: UInt64 = 0
    /// Questions that the callback queue did not take at first.
    public var announceFailures: UInt64 = 0
    /// Rows dropped because the table was full.
    public var dropped: UInt64 = 0
    /// The longest that anybody waited, milliseconds.
    public var longestWait: Int64 = 0
}
