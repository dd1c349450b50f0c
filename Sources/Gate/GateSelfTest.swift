// `gate:selftest`: 500 made-up players poll a gate of their own, with decisions, missions that come and
// crash, and a callback buffer that is full now and then. For an owner who wants to see that his copy
// does what the table of states says; the project's tests have the long form.

import Values

/// A short simulation: a few milliseconds of the game's time.
public enum GateSelfTest {
    private static var steps: Int { 4_000 }
    private static var players: Int { 500 }

    /// `ok …`, or what went wrong first.
    public static func run(seed: UInt64) -> GateReply {
        var random = seed
        var gate = Gate()
        gate.policy.onTimeout = .delay
        gate.policy.noListener = .delay
        gate.policy.maxPending = players
        var now: Int64 = 0
        for step in 0..<steps {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let dice = Int(truncatingIfNeeded: random >> 33)
            // 500 players in turn, a minute and a half in all.
            now += 22
            let moment = GateMoment(milliseconds: now)
            var id: [UInt8] = []
            id.put(number: Int64(dice % players))
            if step % 200 == 0 {
                _ = dice & 1 == 0 ? gate.stopListening() : gate.listen(at: moment)
                gate.tick(moment)
            }
            let decision: GateDecision =
                dice & 3 == 0 ? .go : dice & 3 == 1 ? .hold(9000) : .kick(reason: id)
            if step % 4 == 0 {
                _ = gate.decide(id: id, decision, sequence: nil, at: moment)
            }
            let answer = poll(&gate, id, nil, moment)
            if case .refuse(let reason) = answer, !reason.isSame(as: id) {
                return GateReply("failed: a player got another's answer", 5)
            }
            for entry in gate.toDo {
                if entry.tasks.contains(.ask) {
                    gate.announced(entry, isQueued: dice & 12 != 0, at: moment)
                }
                entry.tasks = []
            }
            gate.toDo = []
        }
        // Nobody decides any more: all that wait are let in when their time is over.
        let over = GateMoment(milliseconds: now + gate.policy.maxWait)
        for player in 0..<players {
            var id: [UInt8] = []
            id.put(number: Int64(player))
            if case .delay = poll(&gate, id, gate.policy.maxWait, over) {
                return GateReply("failed: a player waits beyond max_wait", 5)
            }
        }
        return GateReply("ok 4000 steps, 500 players")
    }

    @inline(never)
    private static func poll(
        _ gate: inout Gate, _ id: [UInt8], _ wait: Int64?, _ moment: GateMoment
    ) -> GateAnswer {
        let none: [UInt8] = []
        return gate.request(id: id.span, wait: wait, uid: none.span, name: none.span, at: moment)
    }
}
