// The join gate: who may come in, decided by a mission's script, by rules, or by the policy when
// nobody decides in time. A pure state machine: it is told the time, it returns what to answer, and
// collects what else is to be done. docs/server-events.md has the table of states.
//
//     (none) ──request──▶ new ──question queued──▶ asked ──decision──▶ decided ──answered──▶ done
//                          │ rule, policy             │ hold ▲ over          ▲
//                          └──────────────────────────┴──▶ held ─────────────┘

import Values

/// The gate. Used by one thread at a time.
public struct Gate: ~Copyable {
    /// The settings in force.
    public var policy: GatePolicy
    /// What has been counted.
    public internal(set) var counters = GateCounters()
    /// Rules, in the order in which they are asked.
    public internal(set) var rules: [GateRule] = []
    /// Players with `tasks`, in order; the owner takes and empties it.
    public var toDo: [GateEntry] = []
    /// What the owner of the server should hear of; the gate's owner takes it.
    public var problem = GateProblem.none

    var table = GateTable()
    /// Undecided players in the table.
    var pending = 0
    /// A mission listens.
    var isListening = false
    /// Questions in a row that nobody answered: after three the listener counts as gone.
    var expiredInRow = 0
    /// Decisions for players who have not asked yet.
    var early: [GateEntry] = []
    var nextSweep: Int64 = 0
    /// Of the newest attempt of anybody: a player who was forgotten does not begin at 1 again.
    private var lastSequence: UInt32 = 0

    static let deadListener = 3
    static let mostRules = 1000

    /// An empty gate.
    public init(policy: GatePolicy = GatePolicy()) {
        self.policy = policy
        // As many as wait at most, so that no tick has to make room.
        toDo.reserveCapacity(policy.maxPending)
    }

    /// Players about whom nobody has decided.
    public var waitingCount: Int { pending }

    /// Whether questions are put to somebody.
    public var hasListener: Bool { isListening && expiredInRow < Self.deadListener }

    /// Answers one poll of a joining player. Never empty, never waits; takes nothing from the heap when
    /// he is known and has said the same of himself before.
    ///
    /// - Parameters:
    ///   - id: the player's id text as the game gives it.
    ///   - wait: since when he waits, as the game tells it, milliseconds; nil when it does not tell.
    ///   - uid: his Steam id; empty when the call does not say it.
    ///   - name: his name; empty when the call does not say it.
    ///   - usesAlias: asked as `joinRequest`.
    public mutating func request(
        id: Span<UInt8>, wait: Int64?, uid: Span<UInt8>, name: Span<UInt8>, usesAlias: Bool = false,
        at moment: GateMoment
    ) -> GateAnswer {
        counters.requests &+= 1
        sweep(moment)
        let now = moment.milliseconds
        guard let index = table.find(id) else {
            let entry = GateEntry(
                id: id.array, wait: wait ?? 0, uid: uid.array, name: name.array, at: now)
            entry.usesAlias = usesAlias
            return add(entry, moment) ? answer(entry, moment) : overload(entry)
        }
        let entry = table.entries[index]
        let wait = wait ?? entry.wait
        if isAnotherAttempt(entry, wait, now) { begin(entry, wait, now) }
        entry.meet(wait, uid, name, at: now)
        entry.usesAlias = usesAlias
        return answer(entry, moment)
    }

    /// Puts a player into the table who is not there; false when there is no room, or he has no id.
    private mutating func add(_ entry: GateEntry, _ moment: GateMoment) -> Bool {
        if entry.id.isEmpty { problem = .noID }
        guard !entry.id.isEmpty, pending < policy.maxPending else { return false }
        makeRoom()
        number(entry)
        table.insert(entry)
        pending += 1
        applyEarly(entry, moment)
        return true
    }

    /// Whether a player who is known has begun to join once more.
    @inline(never)
    private func isAnotherAttempt(_ entry: GateEntry, _ wait: Int64, _ now: Int64) -> Bool {
        guard entry.state == .done else { return wait < entry.wait }
        let age = now - entry.doneAt
        return entry.isAccepted
            ? wait < entry.wait || age >= policy.acceptLinger : age >= policy.refuseMemory
    }

    /// Whether such a request only asks once more about an attempt that is under way, and says nothing
    /// but that time goes by. Any other has a say in who is let in.
    public mutating func isRoutine(
        id: Span<UInt8>, wait: Int64?, uid: Span<UInt8>, name: Span<UInt8>, at moment: GateMoment
    ) -> Bool {
        sweep(moment)
        guard let index = table.find(id) else { return false }
        let entry = table.entries[index]
        let wait = wait ?? entry.wait
        return entry.state != .decided && !isAnotherAttempt(entry, wait, moment.milliseconds)
            && entry.tellsNothing(wait, uid, name, at: moment.milliseconds)
    }

    /// The answer to a request of a client's script that is no routine: nothing comes of it. Nobody is let
    /// in by it either, the game acts upon the server's own requests alone.
    public mutating func turnAway() -> GateAnswer {
        problem = .client
        return policy.onOverload == .refuse ? .refuse(policy.refuseText) : .accept
    }

    /// A new attempt of the same player: asked anew, under the next number.
    private mutating func begin(_ entry: GateEntry, _ wait: Int64, _ now: Int64) {
        entry.firstSeen = now
        entry.firstWait = wait
        number(entry)
        entry.polls = 0
        if entry.state == .decided, policy.stickyDecision { return }
        let wasWaiting = entry.isWaiting
        entry.holdUntil = 0
        askAnew(entry)
        if wasWaiting { return }
        pending += 1
        if pending > policy.maxPending { fallForOverload(entry) }
    }

    /// Gives the attempt its number. A script has it as a Number, which `str` prints with six digits.
    private mutating func number(_ entry: GateEntry) {
        lastSequence = lastSequence % 999_999 + 1
        entry.sequence = lastSequence
    }

    // MARK: the answer

    private mutating func answer(_ entry: GateEntry, _ moment: GateMoment) -> GateAnswer {
        if entry.isWaiting { consider(entry, moment) }
        switch entry.state {
        case .new, .asked, .held: counters.delayed &+= 1
        case .decided: deliver(entry, moment)
        case .done: break
        }
        return entry.answer
    }

    /// What the longest wait, the rules, the policy and the time say about an undecided player.
    private mutating func consider(_ entry: GateEntry, _ moment: GateMoment) {
        let now = moment.milliseconds
        let waited = max(now - entry.firstSeen, entry.wait)
        if waited >= policy.maxWait { return fall(entry, policy.onMaxWait, .maxWait) }
        if let rule = rule(for: entry, waited, moment), rule.result != .ask {
            decide(entry, rule.result == .accept, rule.text, .rule)
            entry.rule = rule.name
            return
        }
        guard hasListener else { return fall(entry, policy.noListener, .noListener) }
        if entry.state == .held {
            guard now >= entry.holdUntil else { return }
            askAnew(entry)
        }
        if entry.state == .asked, now - entry.askedAt >= policy.decideTimeout {
            return expire(entry, now)
        }
        if entry.state == .new || now - entry.announcedAt >= policy.repeatAfter {
            add(.ask, entry)
        }
    }

    /// What the policy says when nobody has decided.
    mutating func fall(_ entry: GateEntry, _ fallback: GateFallback, _ by: GateDecider) {
        switch fallback {
        case .delay: break
        case .accept, .rules: decide(entry, true, [], by)
        case .refuse: decide(entry, false, policy.refuseText, by)
        }
    }

    private mutating func overload(_ entry: GateEntry) -> GateAnswer {
        pending += 1
        fallForOverload(entry)
        record(entry)
        return entry.answer
    }

    private mutating func fallForOverload(_ entry: GateEntry) {
        counters.overload &+= 1
        fall(entry, policy.onOverload == .refuse ? .refuse : .accept, .overload)
    }

    // MARK: deciding

    @inline(never)
    mutating func decide(
        _ entry: GateEntry, _ isAccepted: Bool, _ reason: [UInt8], _ by: GateDecider
    ) {
        if entry.isWaiting { pending -= 1 }
        entry.isAccepted = isAccepted
        entry.reason = reason
        entry.rule = []
        entry.decidedBy = by
        entry.state = .decided
    }

    private mutating func deliver(_ entry: GateEntry, _ moment: GateMoment) {
        entry.state = .done
        entry.doneAt = moment.milliseconds
        counters.longestWait = max(
            counters.longestWait, moment.milliseconds - entry.firstSeen, entry.wait)
        record(entry)
    }

    private mutating func record(_ entry: GateEntry) {
        if entry.isAccepted { counters.accepted &+= 1 } else { counters.refused &+= 1 }
        add(.record, entry)
    }

    /// Wants something done about a player.
    @inline(never)
    public mutating func add(_ task: GateTasks, _ entry: GateEntry) {
        if entry.tasks.isEmpty { toDo.append(entry) }
        entry.tasks.insert(task)
    }

    private func rule(
        for entry: GateEntry, _ waited: Int64, _ moment: GateMoment
    ) -> GateRule? {
        for rule in rules where rule.matches(entry, waited, pending, moment) { return rule }
        return nil
    }

    /// Whether the callback queue took a question: told by the caller for each `.ask`. What was not
    /// taken is asked again at the next poll or tick.
    public mutating func announced(_ entry: GateEntry, isQueued: Bool, at moment: GateMoment) {
        guard isQueued else {
            counters.announceFailures &+= 1
            return
        }
        entry.announcedAt = moment.milliseconds
        if entry.state == .new {
            entry.state = .asked
            entry.askedAt = moment.milliseconds
        }
    }
}
