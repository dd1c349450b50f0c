// The gate, case by case; StateTableTests has every event in every state.

import Testing
import Values

@testable import Gate

/// Time in seconds, as the cases read best.
func at(_ seconds: Double) -> GateMoment {
    GateMoment(milliseconds: Int64(seconds * 1000) + 1_000_000)
}

extension Gate {
    /// A poll by player `id` at `seconds`, told to wait since `wait` seconds.
    mutating func poll(
        _ id: String, _ seconds: Double, wait: Double? = nil, name: String = "", uid: String = "",
        isClient: Bool = false
    ) -> GateAnswer {
        let (id, uid, name) = (Array(id.utf8), Array(uid.utf8), Array(name.utf8))
        let wait = Int64((wait ?? seconds) * 1000)
        // As the plug-in does it.
        if isClient,
            !isRoutine(
                id: id.span, wait: wait, uid: uid.span, name: name.span, at: at(seconds))
        {
            return turnAway()
        }
        return request(
            id: id.span, wait: wait, uid: uid.span, name: name.span, at: at(seconds))
    }

    /// Plays the callback queue: takes every question.
    @discardableResult
    mutating func takeAsked(_ seconds: Double, isQueued: Bool = true) -> [String] {
        var asked: [String] = []
        for player in takeTasks(.ask) {
            asked.append(String(decoding: player.id, as: UTF8.self) + "#" + String(player.sequence))
            announced(player, isQueued: isQueued, at: at(seconds))
        }
        return asked
    }

    /// Everything that is to be done is done; the players for whom it was `task`.
    mutating func takeTasks(_ task: GateTasks) -> [GateEntry] {
        let players = toDo
        toDo = []
        let wanted = players.filter { $0.tasks.contains(task) }
        for player in players { player.tasks = [] }
        return wanted
    }

    mutating func tell(
        _ id: String?, _ decision: GateDecision, _ seconds: Double, sequence: UInt32? = nil
    ) -> GateReply {
        decide(id: Array((id ?? "").utf8), decision, sequence: sequence, at: at(seconds))
    }
}

@Suite struct GateTests {
    func listening() -> Gate {
        var gate = Gate()
        _ = gate.listen(at: at(0))
        return gate
    }

    @Test func aClientOnlyAsksAgainAboutWhatIsUnderWay() {
        var gate = listening()
        #expect(
            gate.poll("1", 0, isClient: true) == .accept, "told to the client, and to nobody else")
        #expect(gate.problem == .client && gate.waitingCount == 0 && gate.toDo.isEmpty)
        #expect(gate.poll("1", 0, wait: 5, name: "Mira", uid: "76") == .delay)
        gate.takeAsked(0)
        #expect(gate.poll("1", 1, wait: 4, isClient: true) == .accept, "another attempt")
        #expect(
            gate.poll("1", 1, wait: 90, isClient: true) == .accept, "longer than he can have waited"
        )
        #expect(gate.poll("1", 1, wait: 6, uid: "77", isClient: true) == .accept, "somebody else")
        #expect(gate.poll("1", 1, wait: 6, name: "Olga", isClient: true) == .accept)
        #expect(gate.poll("1", 1, wait: 6, name: "Mira", uid: "76", isClient: true) == .delay)
        #expect(gate.poll("1", 1, wait: 6, isClient: true) == .delay)
        #expect(gate.tell("1", .kick(reason: []), 2, sequence: 1).code == 0)
        #expect(gate.poll("1", 2, wait: 7, isClient: true) == .accept, "it is not told to him")
        #expect(gate.counters.refused == 0)
        #expect(gate.poll("1", 2, wait: 7) == .refuse([]))
        #expect(gate.poll("1", 3, wait: 8, isClient: true) == .refuse([]), "he has heard it")
        gate.policy.onOverload = .refuse
        #expect(gate.poll("1", 100, wait: 0, isClient: true) == .refuse([]))
        #expect(gate.counters.refused == 1 && gate.takeTasks(.record).count == 1)
    }

    @Test func withoutAListenerThePolicyAnswers() {
        for (fallback, answer): (GateFallback, GateAnswer) in [
            (.accept, .accept), (.refuse, .refuse([])), (.delay, .delay), (.rules, .accept),
        ] {
            var gate = Gate()
            gate.policy.noListener = fallback
            #expect(gate.poll("1", 0) == answer)
        }
    }

    @Test func aWaitingPlayerIsAskedAboutAndGetsTheDecision() {
        var gate = listening()
        #expect(gate.poll("1", 0) == .delay)
        #expect(gate.takeAsked(0) == ["1#1"])
        #expect(gate.poll("1", 1) == .delay)
        #expect(gate.takeAsked(1) == [])
        #expect(gate.tell("1", .go, 2) == GateReply("ok", 0))
        #expect(gate.poll("1", 3) == .accept)
        #expect(gate.counters.accepted == 1)
    }

    @Test func eachPlayerGetsHisOwnAnswer() {
        var gate = listening()
        for id in ["1", "2", "3"] { #expect(gate.poll(id, 0) == .delay) }
        gate.takeAsked(0)
        _ = gate.tell("2", .kick(reason: Array("no".utf8)), 1)
        _ = gate.tell("3", .go, 1)
        #expect(gate.poll("1", 2) == .delay)
        #expect(gate.poll("2", 2) == .refuse(Array("no".utf8)))
        #expect(gate.poll("3", 2) == .accept)
    }

    @Test func aQuestionThatTheQueueDidNotTakeIsAskedAgainAtTheNextPoll() {
        var gate = listening()
        _ = gate.poll("1", 0)
        #expect(gate.takeAsked(0, isQueued: false) == ["1#1"])
        _ = gate.poll("1", 1)
        #expect(gate.takeAsked(1) == ["1#1"])
        #expect(gate.counters.announceFailures == 1)
    }

    @Test func anUnansweredQuestionIsRepeatedEveryFiveSeconds() {
        var gate = listening()
        var times: [Double] = []
        for second in stride(from: 0.0, to: 18, by: 1) {
            _ = gate.poll("1", second)
            if !gate.takeAsked(second).isEmpty { times.append(second) }
        }
        #expect(times == [0, 5, 10, 15])
    }

    @Test func aListenerThatDoesNotAnswerIsReplacedByThePolicy() {
        for (fallback, answer): (GateFallback, GateAnswer) in [
            (.accept, .accept), (.refuse, .refuse([])), (.delay, .delay),
        ] {
            var gate = listening()
            gate.policy.onTimeout = fallback
            for second in stride(from: 0.0, to: 20, by: 1) {
                #expect(gate.poll("1", second) == .delay)
                gate.takeAsked(second)
            }
            #expect(gate.poll("1", 20) == answer)
            #expect(gate.takeTasks(.tellExpired).map(\.id) == [[0x31]])
        }
    }

    @Test func nobodyWaitsBeyondTheMaximum() {
        var gate = listening()
        gate.policy.onTimeout = .delay
        gate.policy.onMaxWait = .refuse
        gate.policy.refuseText = Array("try later".utf8)
        var answer = GateAnswer.delay
        var second = 0.0
        while answer == .delay, second < 100 {
            answer = gate.poll("1", second)
            gate.takeAsked(second)
            second += 1
        }
        #expect(answer == .refuse(Array("try later".utf8)))
        #expect(second == 61)
    }

    @Test func threeUnansweredQuestionsMeanThatNobodyListens() {
        var gate = listening()
        gate.policy.noListener = .refuse
        for player in 1...3 {
            let start = Double(player) * 100
            for second in 0...20 {
                _ = gate.poll(String(player), start + Double(second), wait: Double(second))
                gate.takeAsked(start + Double(second))
            }
        }
        let hears = gate.hasListener
        #expect(!hears)
        #expect(gate.poll("9", 500, wait: 0) == .refuse([]))
        _ = gate.listen(at: at(501))
        #expect(gate.poll("10", 502, wait: 0) == .delay)
    }

    @Test func anAcceptedPlayerIsLetInAgainForAMoment() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        _ = gate.tell("1", .go, 1)
        #expect(gate.poll("1", 2) == .accept)
        #expect(gate.poll("1", 11) == .accept)
        #expect(gate.poll("1", 12.5) == .delay, "later it is a new attempt")
        #expect(gate.takeAsked(12.5) == ["1#2"])
    }

    @Test func aRefusedPlayerHearsTheSameWithoutANewQuestion() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        _ = gate.tell("1", .kick(reason: []), 1)
        #expect(gate.poll("1", 2) == .refuse([]))
        #expect(gate.poll("1", 20, wait: 0) == .refuse([]))
        #expect(gate.takeAsked(20) == [])
        #expect(gate.poll("1", 33, wait: 0) == .delay)
    }

    @Test func aReconnectIsANewAttemptUnderTheNextNumber() {
        var gate = listening()
        _ = gate.poll("1", 10, wait: 10)
        gate.takeAsked(10)
        _ = gate.tell("1", .go, 11)
        #expect(gate.poll("1", 12, wait: 0) == .delay, "the undelivered decision is dropped")
        #expect(gate.takeAsked(12) == ["1#2"])
        #expect(gate.tell("1", .go, 13, sequence: 1) == GateReply("stale", 4))
        #expect(gate.tell("1", .go, 13, sequence: 2) == GateReply("ok", 0))
    }

    @Test func aPlayerWhoWasForgottenDoesNotBeginAtTheSameNumberAgain() {
        var gate = listening()
        _ = gate.poll("1", 0)
        #expect(gate.takeAsked(0) == ["1#1"])
        gate.userDisconnected([0x31])
        #expect(gate.poll("1", 1, wait: 0) == .delay)
        #expect(gate.takeAsked(1) == ["1#2"])
        #expect(gate.tell("1", .go, 2, sequence: 1) == GateReply("stale", 4))
        // A script prints it with six digits: there are no more.
        for number in 0..<1_000_000 {
            gate.userDisconnected([0x31])
            _ = gate.poll("1", 3, wait: 0)
            gate.toDo = []
            if number % 100_000 == 0 { #expect(gate.table.entries[0].sequence <= 999_999) }
        }
        #expect(gate.table.entries[0].sequence == 3)
    }

    @Test func aStickyDecisionOutlivesAReconnect() {
        var gate = listening()
        gate.policy.stickyDecision = true
        _ = gate.poll("1", 10, wait: 10)
        gate.takeAsked(10)
        _ = gate.tell("1", .go, 11)
        #expect(gate.poll("1", 12, wait: 0) == .accept)
    }

    @Test func theLastDecisionBeforeTheAnswerWins() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        _ = gate.tell("1", .go, 1)
        #expect(gate.tell("1", .kick(reason: []), 1) == GateReply("changed", 0))
        #expect(gate.poll("1", 2) == .refuse([]))
        #expect(gate.tell("1", .go, 3) == GateReply("late", 3))
    }

    @Test func aHeldPlayerIsAskedAboutAgainWhenTheTimeIsOver() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        #expect(gate.tell("1", .hold(10_000), 1) == GateReply("ok", 0))
        #expect(gate.poll("1", 5) == .delay)
        #expect(gate.takeAsked(5) == [])
        #expect(gate.poll("1", 11) == .delay)
        #expect(gate.takeAsked(11) == ["1#1"])
    }

    @Test func aDecisionForNobodyIsUnknownOrRemembered() {
        var gate = listening()
        #expect(gate.tell("1", .go, 0) == GateReply("unknown", 2))
        gate.policy.preDecide = true
        #expect(gate.tell("1", .kick(reason: []), 0) == GateReply("ok", 0))
        #expect(gate.poll("1", 59) == .refuse([]))
        #expect(gate.tell("2", .go, 100) == GateReply("ok", 0))
        #expect(gate.poll("2", 161, wait: 0) == .delay, "after a minute it is forgotten")
    }

    @Test func withoutAnIdOnlyTheSingleWaitingPlayerIsMeant() {
        var gate = listening()
        #expect(gate.tell(nil, .go, 0) == GateReply("which", 1))
        _ = gate.poll("1", 0)
        _ = gate.poll("2", 0)
        #expect(gate.tell(nil, .go, 0) == GateReply("which", 1))
        _ = gate.tell("1", .go, 0)
        #expect(gate.tell(nil, .go, 0) == GateReply("ok", 0))
        #expect(gate.poll("2", 1) == .accept)
    }

    @Test func aPlayerWhoStopsAskingHasLeft() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        gate.sweep(at(31))
        #expect(gate.takeTasks(.tellLeft).map(\.id) == [[0x31]])
        #expect(gate.pending == 0)
    }

    @Test func connectedAndDisconnectedPlayersAreForgotten() {
        var gate = listening()
        _ = gate.poll("1", 0)
        _ = gate.poll("2", 0)
        gate.userConnected([0x31], at: at(0))
        gate.userDisconnected([0x32])
        gate.sweep(at(11))
        #expect(gate.table.entries.isEmpty)
        #expect(gate.pending == 0)
    }

    @Test func beyondTheMostUndecidedPlayersTheOverloadRuleDecides() {
        var gate = listening()
        gate.policy.maxPending = 3
        gate.policy.onOverload = .refuse
        for id in 1...3 { #expect(gate.poll(String(id), 0) == .delay) }
        #expect(gate.poll("4", 0) == .refuse([]))
        #expect(gate.poll("1", 1) == .delay, "those who wait are not touched")
        #expect(gate.counters.overload == 1)
    }

    @Test func theOverloadRuleDecidesAboutAKnownPlayersNewAttemptToo() {
        var gate = listening()
        gate.policy.maxPending = 1
        gate.policy.onOverload = .refuse
        #expect(gate.poll("1", 0) == .delay)
        _ = gate.tell("1", .go, 1)
        #expect(gate.poll("1", 2) == .accept)
        #expect(gate.poll("2", 3) == .delay)
        #expect(gate.poll("1", 4, wait: 0) == .refuse([]))
        #expect(gate.pending == 1)
        #expect(gate.takeTasks(.record).map(\.decidedBy) == [.overload])
        #expect(gate.poll("2", 5) == .delay)
    }

    @Test func aCallWithoutAnIdIsAnsweredAllTheSame() {
        var gate = listening()
        #expect(gate.poll("", 0) == .accept)
    }

    @Test func anEndedMissionLeavesWaitingPlayersToThePolicy() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        _ = gate.stopListening()
        #expect(gate.poll("1", 1) == .accept)
    }

    @Test func aNewListenerHearsOfEverybodyWhoWaits() {
        var gate = Gate()
        gate.policy.noListener = .delay
        for id in 1...4 { #expect(gate.poll(String(id), 0) == .delay) }
        #expect(gate.listen(at: at(1)) == GateReply(bytes: Array("ok 4".utf8)))
        #expect(gate.takeAsked(1) == ["1#1", "2#2", "3#3", "4#4"])
    }

    @Test func rulesDecideBeforeTheScriptIsAsked() throws {
        var gate = listening()
        let rules = [
            #"{"id":"vip","uids":["76561198000000001"],"result":"accept","text":"a friend"}"#,
            #"{"id":"clan","name":"[abc]*","result":"ask"}"#,
            #"{"id":"night","time":"22:00-06:00","result":"refuse","text":"closed"}"#,
        ]
        for rule in rules {
            let json = try JSONValue.parse(Array(rule.utf8).span)
            #expect(gate.setRule(Array("add".utf8), json) == GateReply("ok", 0))
        }
        #expect(gate.poll("1", 0, uid: "76561198000000001") == .accept)
        #expect(gate.poll("2", 0, name: "[ABC] Mira") == .delay)
        #expect(gate.poll("3", 0, name: "Mira") == .refuse(Array("closed".utf8)), "00:00")
        #expect(gate.toDo.map(\.rule) == ["vip", "", "night"].map { Array($0.utf8) })
        #expect(gate.toDo[0].reason == Array("a friend".utf8))
        let del = try JSONValue.parse(Array(#""night""#.utf8).span)
        #expect(gate.setRule(Array("del".utf8), del) == GateReply("ok", 0))
        #expect(gate.setRule(Array("del".utf8), del) == GateReply("unknown", 2))
        #expect(gate.poll("4", 1, wait: 0, name: "Mira") == .delay)
    }

    @Test func theTableFindsWhoIsThereAndNobodyElseHoweverManyLeave() {
        var state: UInt64 = 9
        var table = GateTable()
        var known: Set<Int> = []
        for _ in 0..<60_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Few enough ids for a full table, and rows that stand in each other's way.
            let number = Int(state >> 33) % 5_000
            let id = Array(String(number).utf8)
            let place = table.find(id.span)
            #expect((place != nil) == known.contains(number))
            if let place {
                #expect(table.entries[place].id == id)
                table.remove(place)
                known.remove(number)
            } else if known.count < GateTable.limit {
                table.insert(GateEntry(id: id, wait: 0, uid: [], name: [], at: 0))
                known.insert(number)
            }
        }
        #expect(table.entries.count == known.count)
        for number in 0..<5_000 {
            let found = table.find(Array(String(number).utf8).span)
            #expect((found != nil) == known.contains(number))
        }
        while !table.entries.isEmpty { table.remove(0) }
        for number in known { #expect(table.find(Array(String(number).utf8).span) == nil) }
    }

    @Test func timePassesBetweenPollsToo() {
        var gate = listening()
        _ = gate.poll("1", 0)
        #expect(gate.takeAsked(0) == ["1#1"])
        gate.tick(at(4))
        #expect(gate.takeAsked(4) == [])
        gate.tick(at(5))
        #expect(gate.takeAsked(5) == ["1#1"], "repeated without a poll")
        gate.tick(at(20))
        #expect(gate.toDo.first?.answer == .accept)
        #expect(gate.takeTasks(.tellExpired).count == 1)
        #expect(gate.poll("1", 21) == .accept)
        #expect(gate.takeTasks(.record).map(\.decidedBy) == [.timeout])
    }

    @Test func aQuestionThatFoundNoRoomIsAskedBetweenPollsToo() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0, isQueued: false)
        gate.tick(at(0.25))
        #expect(gate.takeAsked(0.25) == ["1#1"])
        _ = gate.tell("1", .hold(2_000), 1)
        gate.tick(at(2))
        #expect(gate.takeAsked(2) == [])
        gate.tick(at(3))
        #expect(gate.takeAsked(3) == ["1#1"], "the hold is over")
    }

    @Test func aDecisionCanStillBeChangedAfterATimeOutThatNobodyHeardOf() {
        var gate = listening()
        _ = gate.poll("1", 0)
        gate.takeAsked(0)
        gate.tick(at(20))
        #expect(gate.tell("1", .kick(reason: []), 21) == GateReply("changed"))
        #expect(gate.poll("1", 22) == .refuse([]))
    }

    @Test func theSelfTestFindsNothing() {
        for seed: UInt64 in 1...5 {
            #expect(GateSelfTest.run(seed: seed) == GateReply("ok 4000 steps, 500 players"))
        }
    }

    @Test func theListComesInPartsThatFit() {
        var gate = listening()
        for id in 1...50 { _ = gate.poll(String(id), 0, name: "a\"b") }
        var first = 0
        while true {
            let text = gate.list(from: first, limitBytes: 200, at: at(1))
            #expect(text.count <= 201)
            guard case .array(let part)? = try? JSONValue.parse(text.span), !part.isEmpty else {
                break
            }
            first += part.count
        }
        #expect(first == 50)
    }

    @Test func aWrongPolicyChangesNothingAndSaysWhichKey() throws {
        var gate = Gate()
        let before = gate.policy
        let json = try JSONValue.parse(Array(#"{"max_wait":30,"on_timeout":"maybe"}"#.utf8).span)
        let reply = gate.setPolicy(json)
        #expect(reply.code == 5)
        #expect(String(decoding: reply.text, as: UTF8.self).contains("on_timeout"))
        #expect(gate.policy == before)
        let again = try JSONValue.parse(before.json().span)
        #expect(gate.setPolicy(again) == GateReply("ok", 0), "what it writes it reads")
        #expect(gate.policy == before)
    }

    @Test func aReasonIsCleanedBeforeAPlayerSeesIt() {
        func clean(_ text: String) -> String {
            String(decoding: ReasonText.clean(Array(text.utf8)), as: UTF8.self)
        }
        #expect(clean("  a\"b\nc  ") == "a b c")
        #expect(clean(String(repeating: "ж", count: 300)) == String(repeating: "ж", count: 200))
        #expect(clean("\u{7}\n") == "")
    }
}
