// A million steps of players, scripts, missions and a full callback buffer: what must hold always.

import Testing

@testable import Gate

@Suite struct GateSimulationTests {
    struct Random {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    /// What the outside knows of one player.
    struct Player {
        var id: String
        var since: Int64?
        /// When the script was last asked about this attempt.
        var lastAsked: Int64 = -1_000_000
        /// It has answered since.
        var isAnswered = false
        /// The number of the attempt that a script was asked about last.
        var attempt: UInt32 = 0
        /// The mission's script has been asked about him, so that it can answer.
        var isKnown = false
    }

    @Test(arguments: [1, 2, 3]) func nobodyWaitsTooLongAndEachGetsHisOwnAnswer(_ number: Int) {
        let seed = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        print("seed \(seed)")
        var random = Random(state: seed)
        var gate = Gate()
        gate.policy.maxPending = number == 2 ? 100 : 300
        gate.policy.noListener = number == 2 ? .delay : .accept
        gate.policy.onTimeout = number == 3 ? .delay : .accept
        var now: Int64 = 1_000_000
        var players = (0..<256).map { Player(id: String(1_000_000 + $0), since: nil) }
        var isMission = false
        var heldAnew = 0
        var stale = 0
        for _ in 0..<350_000 {
            now += Int64(random.next(20))
            let moment = GateMoment(milliseconds: now)
            let index = random.next(players.count)
            switch random.next(100) {
            case 0..<70:
                poll(&players[index], &gate, moment)
            // A script answers what it was asked, about that attempt; a crashed one never does.
            case 70..<85 where isMission && players[index].isKnown:
                let isGo = random.next(2) == 0
                let reply = decide(
                    &players[index], isGo ? .go : .kick(reason: reason(players[index])), &gate,
                    moment)
                if reply.code == 4 { stale += 1 }
            case 85..<88 where isMission && players[index].isKnown:
                let reply = decide(
                    &players[index], .hold(Int64(random.next(30_000))), &gate, moment)
                if reply == GateReply("changed") { heldAnew += 1 }
            case 88 where random.next(200) == 0:
                _ = gate.listen(at: moment)
                isMission = true
                for place in players.indices {
                    players[place].lastAsked = -1_000_000
                    players[place].isKnown = false
                }
            case 89 where random.next(400) == 0 && isMission:
                // Half of the missions end in order, half crash without a word.
                if random.next(2) == 0 { _ = gate.stopListening() }
                isMission = false
                for place in players.indices { players[place].lastAsked = -1_000_000 }
            case 91: gate.tick(moment)
            case 90:
                // He gives up, or got in and left.
                players[index].since = nil
            default:
                break
            }
            take(&gate, &players, isFull: random.next(4) == 0, moment)
            // One who was decided about and is held after all is not sent away for it.
            let most = gate.policy.maxPending + heldAnew
            #expect(gate.pending >= 0 && gate.pending <= most)
        }
        let counters = gate.counters
        #expect(stale > 0)
        #expect(counters.timeouts > 0 && counters.announceFailures > 0, "\(counters)")
        #expect((counters.overload > 0) == (number == 2))
    }

    /// What a refused player reads: whose answer it is, and about which attempt.
    private func reason(_ player: Player) -> [UInt8] {
        Array("\(player.id) \(player.attempt)".utf8)
    }

    private func decide(
        _ player: inout Player, _ decision: GateDecision, _ gate: inout Gate, _ moment: GateMoment
    ) -> GateReply {
        let id = Array(player.id.utf8)
        var current = player.attempt
        if let place = gate.table.find(id.span) { current = gate.table.entries[place].sequence }
        let reply = gate.decide(id: id, decision, sequence: player.attempt, at: moment)
        #expect((reply.code == 4) == (current != player.attempt), "only for its own attempt")
        if reply.code == 0 { player.isAnswered = true }
        return reply
    }

    private func poll(
        _ player: inout Player, _ gate: inout Gate, _ moment: GateMoment
    ) {
        let since = player.since ?? moment.milliseconds
        if player.since == nil {
            player.since = since
            player.lastAsked = -1_000_000
        }
        let waited = moment.milliseconds - since
        let answer = gate.request(
            id: Array(player.id.utf8).span, wait: waited, uid: Span(), name: Span(), at: moment)
        switch answer {
        case .delay:
            #expect(waited < gate.policy.maxWait, "nobody waits beyond the maximum")
        case .refuse(let reason):
            #expect(reason.isEmpty || reason == self.reason(player), "his own answer")
            player.since = nil
        case .accept:
            player.since = nil
        }
    }

    private func take(
        _ gate: inout Gate, _ players: inout [Player], isFull: Bool, _ moment: GateMoment
    ) {
        for player in gate.takeTasks(.ask) {
            gate.announced(player, isQueued: !isFull, at: moment)
            guard !isFull else { continue }
            guard let place = players.firstIndex(where: { Array($0.id.utf8) == player.id }) else {
                Issue.record("a question about nobody")
                continue
            }
            let since = moment.milliseconds - players[place].lastAsked
            #expect(
                since >= gate.policy.repeatAfter || players[place].isAnswered
                    || player.sequence != players[place].attempt,
                "nobody is asked about twice in a row without need")
            players[place].lastAsked = moment.milliseconds
            players[place].isAnswered = false
            players[place].attempt = player.sequence
            players[place].isKnown = true
        }
    }
}
