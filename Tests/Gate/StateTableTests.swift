// The gate's table of states and events (docs/server-events.md) as a table: each event in each state,
// what it is answered, where the player stands afterwards, and what is to be told or recorded.

import Testing

@testable import Gate

/// How a player comes into a state: he asks at 0 s, having waited for 5 s.
private let states: [(name: String, arrange: (inout Gate) -> Void)] = [
    ("none", { _ in }),
    ("new", { ask(&$0, isQueued: false) }),
    ("asked", { ask(&$0) }),
    ("held", { ask(&$0); _ = $0.tell("1", .hold(50_000), 1) }),
    ("accept", { ask(&$0); _ = $0.tell("1", .go, 1) }),
    ("refuse", { ask(&$0); _ = $0.tell("1", .kick(reason: no), 1) }),
    ("accepted", { ask(&$0); _ = $0.tell("1", .go, 1); _ = $0.poll("1", 1.5, wait: 6.5) }),
    (
        "refused",
        { ask(&$0); _ = $0.tell("1", .kick(reason: no), 1); _ = $0.poll("1", 1.5, wait: 6.5) }
    ),
]

private let no = Array("no".utf8)

private func ask(_ gate: inout Gate, isQueued: Bool = true) {
    _ = gate.poll("1", 0, wait: 5)
    gate.takeAsked(0, isQueued: isQueued)
}

private func text(_ reply: GateReply) -> String {
    String(decoding: reply.text, as: UTF8.self) + ",\(reply.code)"
}

private func text(_ answer: GateAnswer) -> String { String(decoding: answer.text, as: UTF8.self) }

/// What happens at 2 s, or later, and what is answered.
private let events: [(name: String, act: (inout Gate) -> String)] = [
    ("request", { text($0.poll("1", 2, wait: 7)) }),
    ("reconnect", { text($0.poll("1", 2, wait: 0)) }),
    (
        "reconnect-sticky",
        {
            $0.policy.stickyDecision = true
            return text($0.poll("1", 2, wait: 0))
        }
    ),
    ("request-after-10s", { text($0.poll("1", 12, wait: 17)) }),
    ("request-after-30s", { text($0.poll("1", 29, wait: 34)) + " " + text($0.poll("1", 32, wait: 37)) }),
    ("request-after-60s", { text($0.poll("1", 20, wait: 60)) }),
    ("go", { text($0.tell("1", .go, 2)) }),
    ("kick", { text($0.tell("1", .kick(reason: no), 2)) }),
    ("hold", { text($0.tell("1", .hold(9_000), 2)) }),
    ("go-for-attempt-9", { text($0.tell("1", .go, 2, sequence: 9)) }),
    (
        "go-before-request",
        {
            $0.policy.preDecide = true
            return text($0.tell("1", .go, 2)) + " " + text($0.poll("1", 3, wait: 8))
        }
    ),
    ("go-without-id", { text($0.tell(nil, .go, 2)) }),
    ("5s-without-answer", { $0.tick(at(5)); return "-" }),
    ("20s-without-answer", { $0.tick(at(20)); return "-" }),
    ("hold-is-over", { $0.tick(at(51)); return "-" }),
    ("30s-without-request", { $0.sweep(at(31.5)); return "-" }),
    ("connected", { $0.userConnected([0x31], at: at(2)); $0.sweep(at(11.9)); return "-" }),
    ("connected-10s-ago", { $0.userConnected([0x31], at: at(2)); $0.sweep(at(12)); return "-" }),
    ("disconnected", { $0.userDisconnected([0x31]); return "-" }),
    ("ready", { text($0.listen(at: at(2))) }),
    ("unready", { text($0.stopListening()) + " " + text($0.poll("1", 2, wait: 7)) }),
    ("forget", { text($0.forget([0x31])) }),
]

@Suite struct StateTableTests {
    /// One case as a line: event, state, answer, state after and attempt, what follows.
    private func line(_ event: Int, _ state: Int) -> String {
        var gate = Gate()
        _ = gate.listen(at: at(0))
        states[state].arrange(&gate)
        _ = gate.takeTasks([])
        let answer = events[event].act(&gate)
        var after = "none"
        if let index = gate.table.find([0x31].span) {
            let entry = gate.table.entries[index]
            let isOver = entry.state == .decided || entry.state == .done
            let word = isOver && !entry.isAccepted ? "refuse" : "accept"
            after =
                (isOver ? entry.state == .done ? word + "d" : word : "\(entry.state)")
                .replacing("accept" + "d", with: "accepted").replacing("refuse" + "d", with: "refused")
            after += "#\(entry.sequence)"
        }
        var news: [String] = []
        for player in gate.toDo {
            for (task, name) in [
                (GateTasks.record, "record"), (.tellExpired, "expired"), (.tellLeft, "left"),
                (.ask, "ask"),
            ] where player.tasks.contains(task) { news.append(name) }
        }
        return [events[event].name, states[state].name, answer, after, news.joined(separator: "+")]
            .filter { !$0.isEmpty }.joined(separator: "  ")
    }

    @Test func eachEventInEachStateDoesWhatTheTableSays() {
        var found: [String] = []
        for event in events.indices { for state in states.indices { found.append(line(event, state)) } }
        let expected = Self.table.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        for line in found { print("T " + line) }
        #expect(found.count == expected.count)
    }

    static let table = ""
}
