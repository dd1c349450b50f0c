// What time does: questions that nobody answered, repeats, players who gave up. Done at a poll, and
// between polls when the owner of the gate calls `tick`.

import Values

extension Gate {
    /// What is due without a poll: questions are repeated or count as unanswered, held players are
    /// asked about again, questions that found no room are put once more. Cheap enough for a few
    /// times a second.
    public mutating func tick(_ moment: GateMoment) {
        sweep(moment)
        guard pending > 0, hasListener else { return }
        let now = moment.milliseconds
        for entry in table.entries {
            if entry.state == .held, now >= entry.holdUntil { askAnew(entry) }
            if entry.state == .asked, now - entry.askedAt >= policy.decideTimeout {
                expire(entry, now)
            } else if entry.state == .new
                || entry.state == .asked && now - entry.announcedAt >= policy.repeatAfter
            {
                add(.ask, entry)
            }
        }
    }

    /// The question is to be put as if for the first time.
    func askAnew(_ entry: GateEntry) {
        entry.state = .new
        entry.askedAt = 0
        entry.announcedAt = 0
    }

    /// The listener did not answer in time: the policy decides, or he goes on being asked (`maxWait` is
    /// the way out then).
    mutating func expire(_ entry: GateEntry, _ now: Int64) {
        counters.timeouts &+= 1
        expiredInRow += 1
        if expiredInRow == Self.deadListener { problem = .deadListener }
        fall(entry, policy.onTimeout, .timeout)
        add(.tellExpired, entry)
        if entry.isWaiting {
            entry.askedAt = now
            if now - entry.announcedAt >= policy.repeatAfter { add(.ask, entry) }
        }
    }

    /// Lets go of players who do not ask any more, and of answers that are old. Cheap: looks at the
    /// table once a second.
    public mutating func sweep(_ moment: GateMoment) {
        let now = moment.milliseconds
        guard now >= nextSweep else { return }
        nextSweep = now + 1000
        var index = table.entries.count - 1
        while index >= 0 {
            if isOver(table.entries[index], now) { remove(index) }
            index -= 1
        }
        while let first = early.first, first.holdUntil <= now { early.removeFirst() }
    }

    private mutating func isOver(_ entry: GateEntry, _ now: Int64) -> Bool {
        if entry.forgetAt != 0, now >= entry.forgetAt { return true }
        if entry.isWaiting {
            guard now - entry.lastPoll >= policy.staleAfter else { return false }
            add(.tellLeft, entry)
            return true
        }
        // What was decided and never fetched, or answered: kept as long as it may matter.
        let memory = max(policy.acceptLinger, policy.refuseMemory, policy.staleAfter)
        return now - max(entry.doneAt, entry.lastPoll) >= memory
    }

    /// Takes a row out; the last one stands in its place afterwards.
    mutating func remove(_ index: Int) {
        if table.entries[index].isWaiting { pending -= 1 }
        table.remove(index)
    }

    /// The table is bounded: at its limit the oldest answered entry goes, else the oldest of all.
    mutating func makeRoom() {
        guard table.entries.count >= GateTable.limit else { return }
        counters.dropped &+= 1
        var oldest = 0
        for index in 1..<table.entries.count {
            let one = table.entries[index]
            let other = table.entries[oldest]
            if one.isWaiting == other.isWaiting ? one.lastPoll < other.lastPoll : other.isWaiting {
                oldest = index
            }
        }
        remove(oldest)
    }
}
