// The join gate: who may come in, decided by a mission's script, by rules, or by the policy when
// nobody decides in time. A pure state machine: it is told the time, it returns what to answer, and
// collects what else is to be done as effects. docs/gate.md has the table of states.
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
    /// What is to be done, in order; the caller takes and empties it.
    public var effects: [GateEffect] = []

    var table = GateTable()
    /// Undecided players in the table.
    var pending = 0
    /// A mission listens.
    var isListening = false
    /// Questions in a row that nobody answered: after three the listener counts as gone.
    var expiredInRow = 0
    /// Decisions for players who have not asked yet.
    var early: [EarlyDecision] = []
    var nextSweep: Int64 = 0

    struct EarlyDecision {
        var id: [UInt8]
        var verdict: GateVerdict
        var until: Int64
    }

    static let deadListener = 3

    /// An empty gate.
    public init(policy: GatePolicy = GatePolicy()) { self.policy = policy }

    /// Whether questions are put to somebody.
    public var hasListener: Bool { isListening && expiredInRow < Self.deadListener }

    /// Answers one poll of a joining player. Never empty, never waits.
    ///
    /// - Parameters:
    ///   - id: the player's id text as the game gives it.
    ///   - wait: since when he waits, as the game tells it, milliseconds.
    ///   - user: what the call says about him; empty texts when it says nothing.
    ///   - usesAlias: asked as `joinRequest`.
    public mutating func request(
        id: Span<UInt8>, wait: Int64, user: GateUser, usesAlias: Bool, at moment: GateMoment
    ) -> GateAnswer {
        counters.requests &+= 1
        sweep(moment)
        guard !id.isEmpty else {
            effects.append(.problem(Array("gate:request without a player's id".utf8)))
            return overload(GateEntry.unnamed(user, wait, moment))
        }
        if let index = table.find(id) {
            meet(index, wait, user, usesAlias, moment)
            return answer(index, moment)
        }
        let entry = GateEntry(
            id: id.array, hash: GateTable.hash(id), firstSeen: moment.milliseconds,
            lastPoll: moment.milliseconds, wait: wait, sequence: 1, user: user,
            usesAlias: usesAlias)
        guard pending < policy.maxPending else { return overload(entry) }
        makeRoom()
        let index = table.insert(entry)
        pending += 1
        applyEarly(index, moment)
        return answer(index, moment)
    }

    /// A poll of a player who is known: the same attempt, or a new one.
    private mutating func meet(
        _ index: Int, _ wait: Int64, _ user: GateUser, _ usesAlias: Bool, _ moment: GateMoment
    ) {
        let now = moment.milliseconds
        let entry = table[index]
        let isFresh: Bool
        if entry.state == .done {
            let age = now - entry.doneAt
            switch entry.verdict {
            case .accept: isFresh = age >= policy.acceptLinger || wait < entry.wait
            case .refuse: isFresh = age >= policy.refuseMemory
            }
        } else {
            isFresh = wait < entry.wait
        }
        if isFresh { begin(index, now) }
        table[index].wait = wait
        table[index].lastPoll = now
        table[index].polls &+= 1
        table[index].usesAlias = usesAlias
        table[index].forgetAt = 0
        if !user.uid.isEmpty { table[index].user.uid = user.uid }
        if !user.name.isEmpty { table[index].user.name = user.name }
    }

    /// A new attempt of the same player: asked anew, under the next number.
    private mutating func begin(_ index: Int, _ now: Int64) {
        let keepsDecision = table[index].state == .decided && policy.stickyDecision
        table[index].firstSeen = now
        table[index].sequence &+= 1
        table[index].polls = 0
        guard !keepsDecision else { return }
        if !table[index].isWaiting { pending += 1 }
        table[index].state = .new
        table[index].askedAt = 0
        table[index].announcedAt = 0
        table[index].holdUntil = 0
    }

    // MARK: the answer

    private mutating func answer(_ index: Int, _ moment: GateMoment) -> GateAnswer {
        switch table[index].state {
        case .decided: return deliver(index, moment)
        case .done: return Self.spoken(table[index].verdict)
        case .new, .asked, .held: return undecided(index, moment)
        }
    }

    private mutating func undecided(_ index: Int, _ moment: GateMoment) -> GateAnswer {
        let now = moment.milliseconds
        let waited = max(now - table[index].firstSeen, table[index].wait)
        if waited >= policy.maxWait {
            return fall(index, policy.onMaxWait, .maxWait, moment)
        }
        let ruled = rule(for: table[index], waited, moment)
        if let ruled, let verdict = ruled.verdict {
            decide(index, verdict, .rule)
            return deliver(index, moment)
        }
        let mustAsk = ruled != nil
        guard hasListener else {
            if mustAsk, policy.noListener == .rules {
                return fall(index, .accept, .noListener, moment)
            }
            return fall(index, policy.noListener, .noListener, moment)
        }
        if table[index].state == .held {
            guard now >= table[index].holdUntil else { return delay() }
            table[index].state = .new
            table[index].askedAt = 0
        }
        if table[index].state == .asked, now - table[index].askedAt >= policy.decideTimeout {
            return expire(index, moment)
        }
        if table[index].state == .new || now - table[index].announcedAt >= policy.repeatAfter {
            ask(index)
        }
        return delay()
    }

    /// The listener did not answer in time.
    private mutating func expire(_ index: Int, _ moment: GateMoment) -> GateAnswer {
        counters.timeouts &+= 1
        expiredInRow += 1
        if expiredInRow == Self.deadListener {
            effects.append(
                .problem(
                    Array(
                        "the mission does not answer the gate's questions any more; the policy for no_listener applies"
                            .utf8)))
        }
        if policy.onTimeout == .delay {
            // Asked again; `maxWait` is the way out.
            table[index].askedAt = moment.milliseconds
            effects.append(.expired(id: table[index].id, result: GateAnswer.delay.text))
            ask(index)
            return delay()
        }
        let given = fall(index, policy.onTimeout, .timeout, moment)
        effects.append(.expired(id: table[index].id, result: given.text))
        return given
    }

    /// What the policy says when nobody has decided.
    private mutating func fall(
        _ index: Int, _ fallback: GateFallback, _ by: GateDecider, _ moment: GateMoment
    ) -> GateAnswer {
        switch fallback {
        case .delay: return delay()
        case .accept, .rules: decide(index, .accept, by)
        case .refuse: decide(index, .refuse(policy.refuseText), by)
        }
        return deliver(index, moment)
    }

    private mutating func overload(_ entry: GateEntry) -> GateAnswer {
        counters.overload &+= 1
        let verdict: GateVerdict =
            policy.onOverload == .refuse ? .refuse(policy.refuseText) : .accept
        record(entry, verdict, .overload)
        return Self.spoken(verdict)
    }

    private mutating func delay() -> GateAnswer {
        counters.delayed &+= 1
        return .delay
    }

    // MARK: deciding

    mutating func decide(_ index: Int, _ verdict: GateVerdict, _ by: GateDecider) {
        if table[index].isWaiting { pending -= 1 }
        table[index].verdict = verdict
        table[index].decidedBy = by
        table[index].state = .decided
    }

    private mutating func deliver(_ index: Int, _ moment: GateMoment) -> GateAnswer {
        table[index].state = .done
        table[index].doneAt = moment.milliseconds
        let entry = table[index]
        counters.longestWait = max(
            counters.longestWait, moment.milliseconds - entry.firstSeen, entry.wait)
        record(entry, entry.verdict, entry.decidedBy)
        return Self.spoken(entry.verdict)
    }

    private mutating func record(
        _ entry: GateEntry, _ verdict: GateVerdict, _ by: GateDecider
    ) {
        if case .accept = verdict { counters.accepted &+= 1 } else { counters.refused &+= 1 }
        effects.append(
            .decided(
                id: entry.id, user: entry.user, verdict: verdict, by: by, wait: entry.wait,
                polls: entry.polls))
    }

    private static func spoken(_ verdict: GateVerdict) -> GateAnswer {
        switch verdict {
        case .accept: .accept
        case .refuse(let reason): .refuse(reason)
        }
    }

    private func rule(
        for entry: GateEntry, _ waited: Int64, _ moment: GateMoment
    ) -> GateRuleResult? {
        for rule in rules
        where rule.matches(entry.user, waited: waited, pending: pending, at: moment) {
            return rule.result
        }
        return nil
    }

    // MARK: asking

    /// Wants the question put to the listener.
    func ask(_ index: Int, _ effects: inout [GateEffect]) {
        let entry = table[index]
        effects.append(
            .ask(
                id: entry.id, wait: entry.wait, sequence: entry.sequence, user: entry.user,
                usesAlias: entry.usesAlias))
    }

    private mutating func ask(_ index: Int) {
        var asked = effects
        effects = []
        ask(index, &asked)
        effects = asked
    }

    /// Whether the callback queue took a question: told by the caller for each `.ask`. What was not
    /// taken is asked again at the next poll.
    public mutating func announced(id: Span<UInt8>, isQueued: Bool, at moment: GateMoment) {
        guard let index = table.find(id) else { return }
        guard isQueued else {
            counters.announceFailures &+= 1
            return
        }
        table[index].announcedAt = moment.milliseconds
        if table[index].state == .new {
            table[index].state = .asked
            table[index].askedAt = moment.milliseconds
        }
    }
}

extension GateEntry {
    /// Stands for a call that names nobody.
    static func unnamed(_ user: GateUser, _ wait: Int64, _ moment: GateMoment) -> GateEntry {
        GateEntry(
            id: [], hash: 0, firstSeen: moment.milliseconds, lastPoll: moment.milliseconds,
            wait: wait, sequence: 0, user: user, usesAlias: false)
    }
}

extension GateRuleResult {
    /// The verdict, nil for `ask`.
    var verdict: GateVerdict? {
        switch self {
        case .accept: .accept
        case .refuse(let reason): .refuse(reason)
        case .ask: nil
        }
    }
}
