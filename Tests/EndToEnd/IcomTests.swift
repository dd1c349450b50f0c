// What scripts of two game servers are promised by `icom:`, with the built files and a hub between them,
// while the hub and a game are killed. docs/icom.md.

import Foundation
import Testing

@Suite(.needsNet, .serialized) struct IcomTests {
    /// BLACKBOX_ICOM_EVENTS: how many events go each way (Tools/torture sends 100,000).
    private var count: Int {
        ProcessInfo.processInfo.environment["BLACKBOX_ICOM_EVENTS"].flatMap { Int($0) } ?? 1_000
    }

    @Test func withTheOutboxNothingIsMissingWhileHubAndGameAreKilled() throws {
        let count = count
        let perFrame = max(5, count / 2_000)
        let limit = 60 + Double(count) / 200
        let hub = try HubProcess()
        let alpha = try IcomServer("alpha", port: hub.port)
        let beta = try IcomServer("beta", port: hub.port)
        let betaGame = try beta.game(0..<count, to: "alpha", perFrame: perFrame)
        let first = try alpha.game(0..<count, to: "beta", perFrame: perFrame)
        func came(_ least: Int) throws {
            try betaGame.wait("\(least) events came", limitSeconds: limit) {
                betaGame.received.count >= least
            }
        }
        try came(count / 10)
        try hub.kill()
        try hub.start()
        try came(count / 4)
        try first.running.die()
        try first.look()
        let sent = first.accepted
        let next = (sent.last ?? -1) + 1
        try #require(next > 0)
        let second = try alpha.game(next..<count, to: "beta", perFrame: perFrame)
        try came(count / 2)
        try hub.kill()
        try hub.start()
        var atAlpha = Set(first.received)
        try betaGame.wait("everything came", limitSeconds: limit) {
            try? second.look()
            atAlpha.formUnion(second.received)
            return betaGame.received.count >= count && atAlpha.count >= count
                && second.accepted.count == count - next
        }
        // Beta never died: all, in order, none twice.
        #expect(betaGame.received == Array(0..<count))
        // Alpha died: order within each life; what it had before may come once more.
        for life in [first.received, second.received] {
            #expect(zip(life, life.dropFirst()).allSatisfy { $0 + 1 == $1 })
        }
        #expect(atAlpha == Set(0..<count))
        #expect(betaGame.accepted == Array(0..<count))
        #expect(sent == Array(0..<next))
        // What the game felt of it, beside a server that makes as many calls and has no hub.
        let alone = try IcomServer("alone", port: nil)
        let aloneGame = try alone.gameWithoutIcom(0..<count, perFrame: perFrame)
        #expect(try aloneGame.running.waitForEnd(limitSeconds: limit) == 0)
        try second.end()
        try betaGame.end()
        print(
            "the calls of a frame (\(perFrame) of them), with events both ways, and without a hub:")
        for (name, game) in [("alpha", second), ("beta", betaGame), ("alone", aloneGame)] {
            let times = try game.frameTimes()
            #expect(times.count > 0)
            print("  \(name): \(times)")
        }
    }

    @Test func withoutTheOutboxEventsFlowAndRefusalsAreTold() throws {
        let hub = try HubProcess()
        let alpha = try IcomServer("alpha", port: hub.port, outbox: false)
        let beta = try IcomServer("beta", port: hub.port, outbox: false)
        let betaGame = try beta.game(0..<1, to: "nobody")
        try betaGame.wait("the refusal was told") {
            betaGame.callbacks.contains(
                #"icom icom_failed ["nobody","n","Target server 'nobody' not found"]"#)
        }
        let alphaGame = try alpha.game(0..<100, to: "beta")
        try betaGame.wait("all came") { betaGame.received.count == 100 }
        try alphaGame.look()
        #expect(betaGame.received == Array(0..<100))
        #expect(alphaGame.accepted == Array(0..<100))
    }

    @Test func aLostHubIsFoundAgainAndTheStatusSaysSo() throws {
        let hub = try HubProcess()
        let server = try IcomServer("alpha", port: hub.port, outbox: false)
        let ask = (0..<600).flatMap { _ in ["icom:status", "@sleep 100"] }
        let game = try server.game(ask)
        func comes(_ state: String) throws {
            let before = game.replies.count
            try game.wait("the state is \(state)") {
                game.replies.dropFirst(before).contains { $0.hasPrefix(#"{"state":"\#(state)","#) }
            }
        }
        try comes("online")
        #expect(game.replies.last?.contains(#""server_id":"alpha","hub":"127.0.0.1:"#) == true)
        try hub.kill()
        try comes("backoff")
        #expect(game.replies.last?.contains(#""last_error":null"#) == false)
        try hub.start()
        try comes("online")
        #expect(game.replies.last?.contains(#""last_error":null"#) == true)
    }

    @Test func aHubThatIsGoneForTenSecondsLosesNothingAndTheStatusTellsTheTruth() throws {
        let count = 200
        let hub = try HubProcess()
        let beta = try IcomServer("beta", port: hub.port)
        let betaGame = try beta.game(["icom:ready"], seconds: 600)
        let alpha = try IcomServer("alpha", port: hub.port)
        let calls = (0..<count).flatMap { number in
            ["icom:send_event\t\"beta\"\t\"n\"\t\"\(number)\"", "icom:status", "@sleep 100"]
        }
        let asking = (0..<1_200).flatMap { _ in ["icom:status", "@sleep 100"] }
        // Before the client has opened the outbox nothing is accepted.
        let game = try alpha.game(["@sleep 500"] + calls + asking)
        func statuses(from start: Int) -> [IcomStatus] {
            game.replies.dropFirst(start).compactMap { IcomStatus($0) }
        }
        try betaGame.wait("the first events came") { betaGame.received.count >= 20 }
        try hub.kill()
        try game.wait("the loss is noticed") { statuses(from: 0).last?.state == "backoff" }
        let begin = game.replies.count
        let clock = ContinuousClock()
        let lost = clock.now
        try game.wait("ten seconds passed") { clock.now - lost >= .seconds(10) }
        let meanwhile = statuses(from: begin)
        #expect(meanwhile.allSatisfy { ["backoff", "connecting"].contains($0.state) })
        #expect(meanwhile.allSatisfy { $0.lastError != nil && $0.sessionID == nil })
        // Events are accepted all the while, and counted.
        let queued = meanwhile.map(\.queued)
        #expect(queued == queued.sorted())
        #expect((queued.last ?? 0) > (queued.first ?? 0) + 20)
        try hub.start()
        try betaGame.wait("everything came") { betaGame.received.count >= count }
        #expect(betaGame.received == Array(0..<count))
        try game.wait("nothing is left") {
            guard let last = statuses(from: begin).last else { return false }
            return last.state == "online" && last.queued == 0 && last.lastError == nil
        }
        #expect(game.accepted == Array(0..<count))
    }

    /// What a mission sends as JSON text comes out as it went in.
    @Test func everyKindOfDataComesAsItWasSent() throws {
        let hub = try HubProcess()
        let server = try IcomServer("alpha", port: hub.port, outbox: false)
        let payloads = [
            #"{"a":{"b":[1,2]}}"#, "[]", #""q\"uote\n \u00e9 🚁""#, "9007199254740992", "-0.5",
            "null", "true",
            "[" + String(repeating: "\"0123456789\",", count: 900) + "1]",
        ]
        var lines = ["icom:ready", "@sleep 1000"]
        for payload in payloads {
            let text = payload.replacing("\\", with: "\\\\").replacing("\"", with: "\"\"")
            lines.append("icom:send_event\t\"alpha\"\t\"k\"\t\"\(text)\"")
        }
        let game = try server.game(lines + ["icom:broadcast\t\"nobody hears it\"\t\"1\""])
        try game.wait("all came") {
            game.callbacks.filter { $0.hasPrefix("icom forge_icom_") }.count >= payloads.count + 1
        }
        let whole = game.callbacks.filter { $0.hasPrefix("icom forge_icom_event ") }
        #expect(whole == payloads.dropLast().map { "icom forge_icom_event [\"k\",\($0)]" })
        // Longer data comes in pieces, which make the same text.
        var joined = ""
        for piece in game.callbacks where piece.hasPrefix("icom forge_icom_chunk ") {
            let list = try JSONSerialization.jsonObject(with: Data(piece.dropFirst(22).utf8))
            joined += try #require((list as? [Any])?.last as? String)
        }
        #expect(joined == "[\"k\",\(payloads[payloads.count - 1])]")
    }

    @Test func withoutAListenerEventsWaitAndKeepTheirOrder() throws {
        let hub = try HubProcess()
        let alpha = try IcomServer("alpha", port: hub.port)
        let beta = try IcomServer("beta", port: hub.port)
        let sender = try alpha.game(0..<200, to: "beta", perFrame: 50)
        try sender.wait("all are accepted") { sender.accepted.count == 200 }
        let wait = Array(repeating: "@frame", count: 50)
        let game = try beta.game(
            wait + ["icom:ready", "@frame", "icom:unready"] + wait + ["icom:ready"])
        try game.wait("all came") { game.received.count >= 200 }
        #expect(game.received == Array(0..<200))
    }

    /// A refusal does not name its event: answers to other frames must not be counted among those to events.
    @Test func refusalsAreToldOfTheirOwnEventsAlsoWhenTheListOfServersIsRefused() throws {
        let hub = try HubProcess(framesPerSecond: 1, burst: 5)
        let server = try IcomServer("alpha", port: hub.port, outbox: false)
        let rounds = 250
        let game = try server.game(
            ["icom:ready"]
                + (0..<rounds).flatMap { number in
                    [
                        "icom:send_event\t\"alpha\"\t\"e\(number)\"\t\"\(number)\"", "icom:servers",
                        "icom:status", "@sleep 20",
                    ]
                })
        func numbers(_ start: String, _ end: Character) -> [Int] {
            game.callbacks.filter { $0.hasPrefix(start) }.compactMap {
                Int($0.dropFirst(start.count).prefix { $0 != end })
            }
        }
        var came: [Int] = []
        var refused: [Int] = []
        try game.wait("every accepted event came or was refused") {
            came = numbers(#"icom forge_icom_event ["e"#, "\"")
            refused = numbers(#"icom icom_failed ["alpha","e"#, "\"")
            return game.replies.count > 3 * rounds
                && came.count + refused.count >= game.accepted.count
        }
        #expect(!came.isEmpty && !refused.isEmpty)
        #expect((came + refused).sorted() == game.accepted)
        #expect(came == came.sorted() && refused == refused.sorted())
        // Only what refuses a list says so there: events are refused by their acknowledgements.
        #expect(game.replies.contains { IcomStatus($0)?.lastError == "Rate limit" })
    }
}
