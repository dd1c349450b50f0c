// What scripts tell the gate: decisions, the listener's coming and going, rules; and what happened to
// players elsewhere.

import Values

/// The answer to a script: a text and the call's return code.
public struct GateReply: Equatable, Sendable {
    /// What the script reads.
    public var text: [UInt8]
    /// 0 done, 1 which player is not clear, 2 unknown, 3 too late, 4 meant for an older attempt,
    /// 5 the text can't be used.
    public var code: Int32

    init(_ text: String, _ code: Int32) {
        self.text = Array(text.utf8)
        self.code = code
    }

    init(bytes: [UInt8], _ code: Int32) {
        text = bytes
        self.code = code
    }
}

/// What a script decides.
public enum GateDecision: Equatable, Sendable {
    case go
    case kick(reason: [UInt8])
    /// Ask again after this many milliseconds.
    case hold(Int64)
}

extension Gate {
    /// A script's decision.
    ///
    /// - Parameters:
    ///   - id: the player; nil: the only one who waits.
    ///   - sequence: the attempt it was made for; nil: whichever.
    public mutating func decide(
        id: [UInt8]?, _ decision: GateDecision, sequence: UInt32?, at moment: GateMoment
    ) -> GateReply {
        sweep(moment)
        expiredInRow = 0
        guard let id = id ?? onlyWaiting else { return GateReply("which", 1) }
        guard let index = table.find(id.span) else { return decideEarly(id, decision, moment) }
        if let sequence, sequence != table[index].sequence { return GateReply("stale", 4) }
        switch table[index].state {
        case .done:
            counters.late &+= 1
            return GateReply("late", 3)
        case .decided:
            apply(index, decision, moment)
            return GateReply("changed", 0)
        case .new, .asked, .held:
            apply(index, decision, moment)
            return GateReply("ok", 0)
        }
    }

    private mutating func apply(_ index: Int, _ decision: GateDecision, _ moment: GateMoment) {
        switch decision {
        case .go: decide(index, .accept, .script)
        case .kick(let reason): decide(index, .refuse(reason), .script)
        case .hold(let milliseconds):
            if !table[index].isWaiting { pending += 1 }
            table[index].state = .held
            let (end, over) = moment.milliseconds.addingReportingOverflow(max(0, milliseconds))
            table[index].holdUntil = over ? Int64.max : end
        }
    }

    private var onlyWaiting: [UInt8]? {
        guard pending == 1 else { return nil }
        for entry in table.entries where entry.isWaiting { return entry.id }
        return nil
    }

    /// Whether this text is the id of somebody who waits (the alias `kick` with one argument).
    public func isWaiting(_ id: Span<UInt8>) -> Bool {
        guard let index = table.find(id) else { return false }
        return table[index].isWaiting
    }

    private mutating func decideEarly(
        _ id: [UInt8], _ decision: GateDecision, _ moment: GateMoment
    ) -> GateReply {
        guard policy.preDecide else { return GateReply("unknown", 2) }
        early.removeAll { $0.id == id || $0.until <= moment.milliseconds }
        let verdict: GateVerdict
        switch decision {
        case .go: verdict = .accept
        case .kick(let reason): verdict = .refuse(reason)
        case .hold: return GateReply("unknown", 2)
        }
        if early.count >= policy.maxPending { early.removeFirst() }
        early.append(
            EarlyDecision(
                id: id, verdict: verdict, until: moment.milliseconds + policy.preDecideMemory))
        return GateReply("ok", 0)
    }

    mutating func applyEarly(_ index: Int, _ moment: GateMoment) {
        guard !early.isEmpty, let place = early.firstIndex(where: { $0.id == table[index].id })
        else { return }
        let decision = early.remove(at: place)
        if decision.until > moment.milliseconds { decide(index, decision.verdict, .script) }
    }

    // MARK: the listener

    /// A mission listens from now on: every waiting player is announced. How many there are.
    public mutating func listen(at moment: GateMoment) -> GateReply {
        isListening = true
        expiredInRow = 0
        sweep(moment)
        var asked = effects
        effects = []
        for index in 0..<table.count where table[index].isWaiting && table[index].state != .held {
            table[index].state = .new
            ask(index, &asked)
        }
        effects = asked
        return GateReply("ok " + String(pending), 0)
    }

    /// The mission listens no more: waiting players fall under `no_listener` at their next poll.
    public mutating func stopListening() -> GateReply {
        isListening = false
        for index in 0..<table.count where table[index].state == .asked {
            table[index].state = .new
            table[index].askedAt = 0
        }
        return GateReply("ok", 0)
    }

    // MARK: what happened elsewhere

    /// The player is in: his entry goes after ten seconds.
    public mutating func userConnected(_ id: Span<UInt8>, at moment: GateMoment) {
        guard let index = table.find(id) else { return }
        table[index].forgetAt = moment.milliseconds + 10_000
    }

    /// The player is gone: his entry goes at once.
    public mutating func userDisconnected(_ id: Span<UInt8>) {
        guard let index = table.find(id) else { return }
        let hash = table[index].hash
        let gone = table[index].id
        if table[index].isWaiting { pending -= 1 }
        table.removeAll { $0.hash == hash && $0.id == gone }
    }

    /// Forgets one player, or all (`*`).
    public mutating func forget(_ id: Span<UInt8>) -> GateReply {
        if id.elementsEqual("*") {
            table.removeAll { _ in true }
            early = []
            pending = 0
        } else {
            guard table.find(id) != nil else { return GateReply("unknown", 2) }
            userDisconnected(id)
        }
        return GateReply("ok", 0)
    }

    // MARK: time

    /// Lets go of players who do not ask any more, and of answers that are old. Cheap: looks at the
    /// table once a second.
    public mutating func sweep(_ moment: GateMoment) {
        let now = moment.milliseconds
        guard now >= nextSweep else { return }
        nextSweep = now + 1000
        var left: [GateEffect] = []
        var gone = 0
        let policy = self.policy
        table.removeAll { entry in
            if entry.forgetAt != 0, now >= entry.forgetAt {
                if entry.isWaiting { gone += 1 }
                return true
            }
            if entry.isWaiting, now - entry.lastPoll >= policy.staleAfter {
                gone += 1
                left.append(
                    .left(id: entry.id, wait: entry.wait, sequence: entry.sequence))
                return true
            }
            // What was decided and never fetched, or answered: kept as long as it may matter.
            let memory = max(policy.acceptLinger, policy.refuseMemory, policy.staleAfter)
            return !entry.isWaiting && now - max(entry.doneAt, entry.lastPoll) >= memory
        }
        pending -= gone
        effects += left
        early.removeAll { $0.until <= now }
    }

    /// The table is bounded: at its limit the oldest answered entry goes, else the oldest of all.
    mutating func makeRoom() {
        guard table.count >= GateTable.limit else { return }
        counters.dropped &+= 1
        var oldest = 0
        for index in 1..<table.count {
            let a = table[oldest]
            let b = table[index]
            if a.isWaiting != b.isWaiting ? a.isWaiting : b.lastPoll < a.lastPoll { oldest = index }
        }
        let id = table[oldest].id
        userDisconnected(id.span)
    }

    // MARK: rules and listings

    /// `add` or `del`.
    public mutating func setRule(_ action: Span<UInt8>, _ json: JSONValue) -> GateReply {
        if action.elementsEqual("add") {
            do throws(GateTextError) {
                let rule = try GateRule.parse(json)
                rules.removeAll { $0.name == rule.name }
                guard rules.count < 1000 else { return GateReply("Error: too many rules", 5) }
                rules.append(rule)
                return GateReply("ok", 0)
            } catch {
                return GateReply(bytes: Array("Error: ".utf8) + error.sentence, 5)
            }
        }
        if action.elementsEqual("del") {
            var name: [UInt8] = []
            if case .string(let text) = json { name = text }
            if case .string(let text)? = json.member("id") { name = text }
            let before = rules.count
            rules.removeAll { $0.name == name }
            return rules.count < before ? GateReply("ok", 0) : GateReply("unknown", 2)
        }
        return GateReply("Error: the first argument is add or del", 5)
    }

    /// Replaces parts of the policy.
    public mutating func setPolicy(_ json: JSONValue) -> GateReply {
        do throws(GateTextError) {
            try policy.apply(json)
            return GateReply("ok", 0)
        } catch {
            return GateReply(bytes: Array("Error: ".utf8) + error.sentence, 5)
        }
    }

    /// `[["<id>","<state>",<seconds waited>,"<name>"],…]` as JSON.
    public func list(at moment: GateMoment) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "[")]
        for entry in table.entries {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "["))
            text.appendJSONString(entry.id.span)
            text.append(contentsOf: ",\"")
            text.append(contentsOf: entry.state.word)
            text.append(contentsOf: "\",")
            text.appendNumber(
                Double(max(entry.wait, moment.milliseconds - entry.firstSeen) / 100) / 10)
            text.append(UInt8(ascii: ","))
            text.appendJSONString(entry.user.name.span)
            text.append(UInt8(ascii: "]"))
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// The counters as a JSON object.
    public func stats() -> [UInt8] {
        var text: [UInt8] = []
        let pairs: [(StaticString, UInt64)] = [
            ("requests", counters.requests), ("accepted", counters.accepted),
            ("delayed", counters.delayed), ("refused", counters.refused),
            ("timeouts", counters.timeouts), ("overload", counters.overload),
            ("late", counters.late), ("announce_failures", counters.announceFailures),
            ("dropped", counters.dropped), ("waiting", UInt64(pending)),
            ("rules", UInt64(rules.count)),
        ]
        for (name, value) in pairs {
            text.append(text.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
            text.append(UInt8(ascii: "\""))
            text.append(contentsOf: name)
            text.append(contentsOf: "\":")
            text.appendDecimal(value)
        }
        text.append(contentsOf: ",\"longest_wait\":")
        text.appendNumber(Double(counters.longestWait) / 1000)
        text.append(contentsOf: ",\"listener\":")
        text.append(contentsOf: hasListener ? "true}" : "false}")
        return text
    }
}
