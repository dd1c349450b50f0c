// `gate:selftest`: 500 made-up players poll a gate of their own, with decisions, time-outs, missions
// that come and crash; a few milliseconds. For an owner who wants to see that his copy does what the
// table of states says; Tests/Gate has the long form.

import Values

/// A short simulation.
public enum GateSelfTest {
    private static var steps: Int { 20_000 }
    private static var players: Int { 500 }

    /// `ok …`, or what went wrong first.
    public static func run(seed: UInt64) -> GateReply {
        var random = seed | 1
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
        }
        var gate = Gate()
        gate.policy.onTimeout = .delay
        gate.policy.maxPending = players
        gate.policy.noListener = .delay
        var since = [Int64](repeating: -1, count: players)
        var now: Int64 = 0
        for _ in 0..<steps {
            now += Int64(next(8))
            let moment = GateMoment(milliseconds: now)
            let player = next(players)
            var id: [UInt8] = []
            id.put(number: Int64(player))
            switch next(20) {
            case 0..<14:
                if since[player] < 0 { since[player] = now }
                let waited = now - since[player]
                let answer = gate.request(id: id, wait: waited, at: moment)
                switch answer {
                case .delay where waited >= gate.policy.maxWait:
                    return GateReply("failed: a player waited too long", 5)
                case .refuse(let reason) where !reason.isSame(as: id):
                    return GateReply("failed: a player got another's answer", 5)
                case .delay: break
                case .accept, .refuse: since[player] = -1
                }
            case 14, 15: _ = gate.decide(id: id, .go, sequence: nil, at: moment)
            case 16: _ = gate.decide(id: id, .kick(reason: id), sequence: nil, at: moment)
            case 17: _ = gate.decide(id: id, .hold(Int64(next(9000))), sequence: nil, at: moment)
            case 18: gate.tick(moment)
            default:
                if next(40) == 0 {
                    _ = next(2) == 0 ? gate.listen(at: moment) : gate.stopListening()
                }
            }
            for entry in gate.toDo {
                if entry.tasks.contains(.ask) {
                    gate.announced(entry, isQueued: next(4) != 0, at: moment)
                }
                entry.tasks = []
            }
            gate.toDo = []
        }
        return GateReply("ok 20000 steps, 500 players")
    }
}
