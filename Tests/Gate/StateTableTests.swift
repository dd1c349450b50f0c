// The gate's table of states and events (docs/server-events.md) as a table: each event in each state,
// what it is answered, where the player stands afterwards, and what is to be told or recorded.

import Testing

@testable import Gate

/// How a player comes into a state: he asks at 0 s, having waited for 5 s.
private let states: [(name: String, arrange: @Sendable (inout Gate) -> Void)] = [
    ("none", { _ in }),
    ("new", { ask(&$0, isQueued: false) }),
    ("asked", { ask(&$0) }),
    (
        "held",
        {
            ask(&$0); _ = $0.tell("1", .hold(20_000), 1)
        }
    ),
    (
        "accept",
        {
            ask(&$0); _ = $0.tell("1", .go, 1)
        }
    ),
    (
        "refuse",
        {
            ask(&$0); _ = $0.tell("1", .kick(reason: no), 1)
        }
    ),
    (
        "accepted",
        {
            ask(&$0); _ = $0.tell("1", .go, 1); _ = $0.poll("1", 1.5, wait: 6.5)
        }
    ),
    (
        "refused",
        {
            ask(&$0); _ = $0.tell("1", .kick(reason: no), 1); _ = $0.poll("1", 1.5, wait: 6.5)
        }
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

private func text(_ answer: GateAnswer) -> String {
    answer.word.description + String(decoding: answer.reason, as: UTF8.self)
}

/// What happens at 2 s, or later, and what is answered.
private let events: [(name: String, act: @Sendable (inout Gate) -> String)] = [
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
    (
        "request-after-30s",
        { text($0.poll("1", 29, wait: 34)) + " " + text($0.poll("1", 32, wait: 37)) }
    ),
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
    (
        "5s-without-answer",
        {
            $0.tick(at(5)); return "-"
        }
    ),
    (
        "20s-without-answer",
        {
            $0.tick(at(20)); return "-"
        }
    ),
    (
        "hold-is-over",
        {
            $0.tick(at(22)); return "-"
        }
    ),
    (
        "30s-without-request",
        {
            $0.sweep(at(31.5)); return "-"
        }
    ),
    (
        "connected",
        {
            $0.userConnected([0x31], at: at(2)); $0.sweep(at(11.9)); return "-"
        }
    ),
    (
        "connected-10s-ago",
        {
            $0.userConnected([0x31], at: at(2)); $0.sweep(at(12)); return "-"
        }
    ),
    (
        "disconnected",
        {
            $0.userDisconnected([0x31]); return "-"
        }
    ),
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
                .replacing("accept" + "d", with: "accepted").replacing(
                    "refuse" + "d", with: "refused")
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
        func plain(_ line: some StringProtocol) -> String {
            line.split(separator: " ").joined(separator: " ")
        }
        let expected = Self.table.split(separator: "\n").map { plain($0) }
        #expect(expected.count == events.count * states.count)
        var place = 0
        for event in events.indices {
            for state in states.indices where place < expected.count {
                #expect(plain(line(event, state)) == expected[place])
                place += 1
            }
        }
    }

    /// Event, state, answers (a text; a text and its code; `-`: none), state after and number of the
    /// attempt, what follows. `accept` and `refuse` are decided and not yet told, `accepted` and
    /// `refused` told.
    private static let table = """
        request             none      DELAY                 new#1       ask
        request             new       DELAY                 new#1       ask
        request             asked     DELAY                 asked#1
        request             held      DELAY                 held#1
        request             accept    ACCEPT                accepted#1  record
        request             refuse    REFUSE_no             refused#1   record
        request             accepted  ACCEPT                accepted#1
        request             refused   REFUSE_no             refused#1
        reconnect           none      DELAY                 new#1       ask
        reconnect           new       DELAY                 new#2       ask
        reconnect           asked     DELAY                 new#2       ask
        reconnect           held      DELAY                 new#2       ask
        reconnect           accept    DELAY                 new#2       ask
        reconnect           refuse    DELAY                 new#2       ask
        reconnect           accepted  DELAY                 new#2       ask
        reconnect           refused   REFUSE_no             refused#1
        reconnect-sticky    none      DELAY                 new#1       ask
        reconnect-sticky    new       DELAY                 new#2       ask
        reconnect-sticky    asked     DELAY                 new#2       ask
        reconnect-sticky    held      DELAY                 new#2       ask
        reconnect-sticky    accept    ACCEPT                accepted#2  record
        reconnect-sticky    refuse    REFUSE_no             refused#2   record
        reconnect-sticky    accepted  DELAY                 new#2       ask
        reconnect-sticky    refused   REFUSE_no             refused#1
        request-after-10s   none      DELAY                 new#1       ask
        request-after-10s   new       DELAY                 new#1       ask
        request-after-10s   asked     DELAY                 asked#1     ask
        request-after-10s   held      DELAY                 held#1
        request-after-10s   accept    ACCEPT                accepted#1  record
        request-after-10s   refuse    REFUSE_no             refused#1   record
        request-after-10s   accepted  DELAY                 new#2       ask
        request-after-10s   refused   REFUSE_no             refused#1
        request-after-30s   none      DELAY DELAY           new#1       ask
        request-after-30s   new       DELAY DELAY           new#1       ask
        request-after-30s   asked     ACCEPT ACCEPT         accepted#1  record+expired
        request-after-30s   held      DELAY DELAY           new#1       ask
        request-after-30s   accept    ACCEPT ACCEPT         accepted#1  record
        request-after-30s   refuse    REFUSE_no REFUSE_no   refused#1   record
        request-after-30s   accepted  DELAY DELAY           new#2       ask
        request-after-30s   refused   REFUSE_no DELAY       new#2       ask
        request-after-60s   none      ACCEPT                accepted#1  record
        request-after-60s   new       ACCEPT                accepted#1  record
        request-after-60s   asked     ACCEPT                accepted#1  record
        request-after-60s   held      ACCEPT                accepted#1  record
        request-after-60s   accept    ACCEPT                accepted#1  record
        request-after-60s   refuse    REFUSE_no             refused#1   record
        request-after-60s   accepted  ACCEPT                accepted#2  record
        request-after-60s   refused   REFUSE_no             refused#1
        go                  none      unknown,2             none
        go                  new       ok,0                  accept#1
        go                  asked     ok,0                  accept#1
        go                  held      ok,0                  accept#1
        go                  accept    changed,0             accept#1
        go                  refuse    changed,0             accept#1
        go                  accepted  late,3                accepted#1
        go                  refused   late,3                refused#1
        kick                none      unknown,2             none
        kick                new       ok,0                  refuse#1
        kick                asked     ok,0                  refuse#1
        kick                held      ok,0                  refuse#1
        kick                accept    changed,0             refuse#1
        kick                refuse    changed,0             refuse#1
        kick                accepted  late,3                accepted#1
        kick                refused   late,3                refused#1
        hold                none      unknown,2             none
        hold                new       ok,0                  held#1
        hold                asked     ok,0                  held#1
        hold                held      ok,0                  held#1
        hold                accept    changed,0             held#1
        hold                refuse    changed,0             held#1
        hold                accepted  late,3                accepted#1
        hold                refused   late,3                refused#1
        go-for-attempt-9    none      unknown,2             none
        go-for-attempt-9    new       stale,4               new#1
        go-for-attempt-9    asked     stale,4               asked#1
        go-for-attempt-9    held      stale,4               held#1
        go-for-attempt-9    accept    stale,4               accept#1
        go-for-attempt-9    refuse    stale,4               refuse#1
        go-for-attempt-9    accepted  stale,4               accepted#1
        go-for-attempt-9    refused   stale,4               refused#1
        go-before-request   none      ok,0 ACCEPT           accepted#1  record
        go-before-request   new       ok,0 ACCEPT           accepted#1  record
        go-before-request   asked     ok,0 ACCEPT           accepted#1  record
        go-before-request   held      ok,0 ACCEPT           accepted#1  record
        go-before-request   accept    changed,0 ACCEPT      accepted#1  record
        go-before-request   refuse    changed,0 ACCEPT      accepted#1  record
        go-before-request   accepted  late,3 ACCEPT         accepted#1
        go-before-request   refused   late,3 REFUSE_no      refused#1
        go-without-id       none      which,1               none
        go-without-id       new       ok,0                  accept#1
        go-without-id       asked     ok,0                  accept#1
        go-without-id       held      ok,0                  accept#1
        go-without-id       accept    which,1               accept#1
        go-without-id       refuse    which,1               refuse#1
        go-without-id       accepted  which,1               accepted#1
        go-without-id       refused   which,1               refused#1
        5s-without-answer   none      -                     none
        5s-without-answer   new       -                     new#1       ask
        5s-without-answer   asked     -                     asked#1     ask
        5s-without-answer   held      -                     held#1
        5s-without-answer   accept    -                     accept#1
        5s-without-answer   refuse    -                     refuse#1
        5s-without-answer   accepted  -                     accepted#1
        5s-without-answer   refused   -                     refused#1
        20s-without-answer  none      -                     none
        20s-without-answer  new       -                     new#1       ask
        20s-without-answer  asked     -                     accept#1    expired
        20s-without-answer  held      -                     held#1
        20s-without-answer  accept    -                     accept#1
        20s-without-answer  refuse    -                     refuse#1
        20s-without-answer  accepted  -                     accepted#1
        20s-without-answer  refused   -                     refused#1
        hold-is-over        none      -                     none
        hold-is-over        new       -                     new#1       ask
        hold-is-over        asked     -                     accept#1    expired
        hold-is-over        held      -                     new#1       ask
        hold-is-over        accept    -                     accept#1
        hold-is-over        refuse    -                     refuse#1
        hold-is-over        accepted  -                     accepted#1
        hold-is-over        refused   -                     refused#1
        30s-without-request none      -                     none
        30s-without-request new       -                     none        left
        30s-without-request asked     -                     none        left
        30s-without-request held      -                     none        left
        30s-without-request accept    -                     none
        30s-without-request refuse    -                     none
        30s-without-request accepted  -                     none
        30s-without-request refused   -                     none
        connected           none      -                     none
        connected           new       -                     new#1
        connected           asked     -                     asked#1
        connected           held      -                     held#1
        connected           accept    -                     accept#1
        connected           refuse    -                     refuse#1
        connected           accepted  -                     accepted#1
        connected           refused   -                     refused#1
        connected-10s-ago   none      -                     none
        connected-10s-ago   new       -                     none
        connected-10s-ago   asked     -                     none
        connected-10s-ago   held      -                     none
        connected-10s-ago   accept    -                     none
        connected-10s-ago   refuse    -                     none
        connected-10s-ago   accepted  -                     none
        connected-10s-ago   refused   -                     none
        disconnected        none      -                     none
        disconnected        new       -                     none
        disconnected        asked     -                     none
        disconnected        held      -                     none
        disconnected        accept    -                     none
        disconnected        refuse    -                     none
        disconnected        accepted  -                     none
        disconnected        refused   -                     none
        ready               none      ok 0,0                none
        ready               new       ok 1,0                new#1       ask
        ready               asked     ok 1,0                new#1       ask
        ready               held      ok 1,0                held#1
        ready               accept    ok 0,0                accept#1
        ready               refuse    ok 0,0                refuse#1
        ready               accepted  ok 0,0                accepted#1
        ready               refused   ok 0,0                refused#1
        unready             none      ok,0 ACCEPT           accepted#1  record
        unready             new       ok,0 ACCEPT           accepted#1  record
        unready             asked     ok,0 ACCEPT           accepted#1  record
        unready             held      ok,0 ACCEPT           accepted#1  record
        unready             accept    ok,0 ACCEPT           accepted#1  record
        unready             refuse    ok,0 REFUSE_no        refused#1   record
        unready             accepted  ok,0 ACCEPT           accepted#1
        unready             refused   ok,0 REFUSE_no        refused#1
        forget              none      unknown,2             none
        forget              new       ok,0                  none
        forget              asked     ok,0                  none
        forget              held      ok,0                  none
        forget              accept    ok,0                  none
        forget              refuse    ok,0                  none
        forget              accepted  ok,0                  none
        forget              refused   ok,0                  none
        """
}
