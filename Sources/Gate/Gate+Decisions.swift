// What scripts tell the gate: decisions, the listener's coming and going; and what happened to players
// elsewhere.

import Values

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
    ///   - id: the player; empty: the only one who waits.
    ///   - sequence: the attempt it was made for; nil: whichever.
    public mutating func decide(
        id: [UInt8], _ decision: GateDecision, sequence: UInt32?, at moment: GateMoment
    ) -> GateReply {
        sweep(moment)
        expiredInRow = 0
        guard let entry = id.isEmpty ? onlyWaiting : entry(of: id) else {
            return id.isEmpty
                ? GateReply("which", 1) : decideEarly(id, decision, moment.milliseconds)
        }
        if let sequence, sequence != entry.sequence { return GateReply("stale", 4) }
        if entry.state == .done {
            counters.late &+= 1
            return GateReply("late", 3)
        }
        let wasDecided = entry.state == .decided
        switch decision {
        case .go: decide(entry, true, [], .script)
        case .kick(let reason): decide(entry, false, reason, .script)
        case .hold(let milliseconds):
            if !entry.isWaiting { pending += 1 }
            entry.state = .held
            let (end, over) = moment.milliseconds.addingReportingOverflow(max(0, milliseconds))
            entry.holdUntil = over ? Int64.max : end
        }
        return wasDecided ? GateReply("changed") : GateReply("ok")
    }

    private func entry(of id: [UInt8]) -> GateEntry? {
        guard let index = table.find(id.span) else { return nil }
        return table.entries[index]
    }

    private var onlyWaiting: GateEntry? {
        guard pending == 1 else { return nil }
        for entry in table.entries where entry.isWaiting { return entry }
        return nil
    }

    /// Whether this text is the id of somebody who waits (the alias `kick` with one argument).
    public func isWaiting(_ id: [UInt8]) -> Bool { entry(of: id)?.isWaiting ?? false }

    private mutating func decideEarly(
        _ id: [UInt8], _ decision: GateDecision, _ now: Int64
    ) -> GateReply {
        guard policy.preDecide else { return GateReply("unknown", 2) }
        let entry = GateEntry(id: id, wait: 0, uid: [], name: [], at: now)
        entry.holdUntil = now + policy.preDecideMemory
        switch decision {
        case .go: entry.isAccepted = true
        case .kick(let reason):
            entry.isAccepted = false
            entry.reason = reason
        case .hold: return GateReply("unknown", 2)
        }
        if let known = place(ofEarly: id) { early.remove(at: known) }
        if early.count >= policy.maxPending { early.removeFirst() }
        early.append(entry)
        return GateReply("ok")
    }

    mutating func applyEarly(_ entry: GateEntry, _ moment: GateMoment) {
        guard let place = place(ofEarly: entry.id) else { return }
        let decision = early.remove(at: place)
        guard decision.holdUntil > moment.milliseconds else { return }
        decide(entry, decision.isAccepted, decision.reason, .script)
    }

    private func place(ofEarly id: [UInt8]) -> Int? {
        for index in early.indices where early[index].id.isSame(as: id) { return index }
        return nil
    }

    // MARK: the listener

    /// A mission listens from now on: every waiting player is announced. How many there are.
    public mutating func listen(at moment: GateMoment) -> GateReply {
        isListening = true
        expiredInRow = 0
        sweep(moment)
        for entry in table.entries where entry.isWaiting && entry.state != .held {
            askAnew(entry)
            add(.ask, entry)
        }
        var text = [UInt8](bytesOf: "ok ")
        text.put(number: Int64(pending))
        return GateReply(bytes: text)
    }

    /// The mission listens no more: waiting players fall under `no_listener` at their next poll.
    public mutating func stopListening() -> GateReply {
        isListening = false
        for entry in table.entries where entry.state == .asked { askAnew(entry) }
        return GateReply("ok")
    }

    // MARK: what happened elsewhere

    /// The player is in: his entry goes after ten seconds.
    public mutating func userConnected(_ id: [UInt8], at moment: GateMoment) {
        entry(of: id)?.forgetAt = moment.milliseconds + 10_000
    }

    /// The player is gone: his entry goes at once.
    public mutating func userDisconnected(_ id: [UInt8]) {
        if let index = table.find(id.span) { remove(index) }
    }

    /// Forgets one player, or all (`*`).
    public mutating func forget(_ id: [UInt8]) -> GateReply {
        if id.isWord("*") {
            table.removeAll()
            early = []
            pending = 0
        } else {
            guard let index = table.find(id.span) else { return GateReply("unknown", 2) }
            remove(index)
        }
        return GateReply("ok")
    }
}
