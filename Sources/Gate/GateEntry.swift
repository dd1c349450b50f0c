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

/// Who decided.
public enum GateDecider: UInt8, Sendable {
    case script
    case rule
    case noListener
    case timeout
    case maxWait
    case overload

    /// The word in records and listings.
    public var word: StaticString {
        switch self {
        case .script: "script"
        case .rule: "rule"
        case .noListener: "no_listener"
        case .timeout: "timeout"
        case .maxWait: "max_wait"
        case .overload: "overload"
        }
    }
}

/// The answer to one `onPlayerJoinAttempt`.
public enum GateAnswer: Equatable, Sendable {
    case accept
    case delay
    case refuse([UInt8])

    /// `ACCEPT`, `DELAY`, `REFUSE`, or `REFUSE_` with `reason` behind it: never empty.
    public var word: StaticString {
        switch self {
        case .accept: "ACCEPT"
        case .delay: "DELAY"
        case .refuse(let reason): reason.isEmpty ? "REFUSE" : "REFUSE_"
        }
    }

    /// What a refused player sees; may be empty.
    public var reason: [UInt8] {
        if case .refuse(let reason) = self { reason } else { [] }
    }
}

/// Where a player stands.
public enum GateState: UInt8, Sendable {
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

/// A row of the gate's table. A class, so that a row is never copied with all its texts.
public final class GateEntry {
    /// His id as the game gives it.
    public let id: [UInt8]
    let hash: UInt64
    /// Where he stands.
    public internal(set) var state = GateState.new
    /// Of the attempt's first poll: when it came, and since when he waited by then.
    var firstSeen: Int64
    var firstWait: Int64
    var lastPoll: Int64
    /// Since when he waits, as the game told it, milliseconds.
    public internal(set) var wait: Int64
    /// How often he has asked.
    public internal(set) var polls: UInt32 = 1
    /// Number of the attempt, 1 to 999,999: a script's answer to an older one is told apart by it.
    public internal(set) var sequence: UInt32 = 0
    /// Of the first and the newest announcement of this question.
    var askedAt: Int64 = 0
    var announcedAt: Int64 = 0
    /// The decision, when there is one.
    public internal(set) var isAccepted = true
    /// Why, cleaned; may be empty. A refused player sees it.
    public internal(set) var reason: [UInt8] = []
    /// Name of the rule that decided; empty when none did.
    public internal(set) var rule: [UInt8] = []
    /// Whose decision it is.
    public internal(set) var decidedBy = GateDecider.script
    var doneAt: Int64 = 0
    /// Held until then; in the list of early decisions: good until then.
    var holdUntil: Int64 = 0
    /// Steam id, empty when unknown.
    public internal(set) var uid: [UInt8]
    /// Profile name, empty when unknown.
    public internal(set) var name: [UInt8]
    /// He asked through the wiki's alias, so the wiki's callback goes out as well.
    public internal(set) var usesAlias = false
    /// Forget him from then on (0: no).
    var forgetAt: Int64 = 0
    /// What is to be done about him: set by the gate, done and cleared by its owner.
    public var tasks: GateTasks = []

    init(id: [UInt8], wait: Int64, uid: [UInt8], name: [UInt8], at now: Int64) {
        self.id = id
        hash = GateTable.hash(id.span)
        firstSeen = now
        firstWait = wait
        lastPoll = now
        self.wait = wait
        self.uid = uid
        self.name = name
    }

    /// He has asked again, `wait` milliseconds after he began.
    func meet(_ wait: Int64, _ uid: Span<UInt8>, _ name: Span<UInt8>, at now: Int64) {
        self.wait = wait
        lastPoll = now
        polls &+= 1
        forgetAt = 0
        if Self.isNews(uid, self.uid) { self.uid = uid.array }
        if Self.isNews(name, self.name) { self.name = name.array }
    }

    /// Whether a poll tells nothing of him that is not known: who he is, and that he waits longer by the
    /// time that has gone by (give or take two seconds).
    func tellsNothing(
        _ wait: Int64, _ uid: Span<UInt8>, _ name: Span<UInt8>, at now: Int64
    ) -> Bool {
        wait - firstWait <= now - firstSeen + 2000 && !Self.isNews(uid, self.uid)
            && !Self.isNews(name, self.name)
    }

    @inline(never)
    private static func isNews(_ told: Span<UInt8>, _ known: [UInt8]) -> Bool {
        !told.isEmpty && !known.span.elementsEqual(told)
    }

    /// Nobody has decided about him.
    var isWaiting: Bool { state.rawValue <= GateState.held.rawValue }

    /// What he is told.
    public var answer: GateAnswer {
        switch state {
        case .new, .asked, .held: .delay
        case .decided, .done: isAccepted ? .accept : .refuse(reason)
        }
    }
}

/// What is to be done about a player, several at once as the case may be.
public struct GateTasks: OptionSet, Sendable {
    /// A bit for each task.
    public let rawValue: UInt8

    /// Any bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// To be recorded: what he was told, who decided, why.
    public static let record = GateTasks(rawValue: 1)
    /// Tell the listener that his time was over, and the row's answer was given instead.
    public static let tellExpired = GateTasks(rawValue: 2)
    /// Tell the listener that he has given up.
    public static let tellLeft = GateTasks(rawValue: 4)
    /// Put the question to the listener. Whether the queue took it is told by `Gate.announced`.
    public static let ask = GateTasks(rawValue: 8)
}

/// What the owner of the server should hear of.
public enum GateProblem: UInt8, Sendable {
    case none
    /// A request that names nobody.
    case noID
    /// A request by a script that a client runs, and one that has a say in who is let in.
    case client
    /// The mission's script has stopped answering.
    case deadListener

    /// The line.
    public var text: StaticString {
        switch self {
        case .none: ""
        case .noID: "gate:request without a player's id: answered after on_overload"
        case .client: "gate:request by a client's script: answered after on_overload"
        case .deadListener:
            "the mission does not answer the gate's questions any more: no_listener applies"
        }
    }
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
