// Limits: long lines, slow readers, rates, time-outs, tokens, crowds.

import Foundation
import Glibc
import Testing

@testable import ICOM

@Suite struct LimitTests {
    /// As an event's data.
    private static let largeData = "\"" + String(repeating: "x", count: 60_000) + "\""

    private static func allowFlood(_ configuration: inout HubConfiguration) {
        configuration.rules.framesPerSecond = 1e9
        configuration.rules.burst = 1e9
    }

    /// Registered; the system takes little for it before its reader does.
    private static func deafPeer(_ hub: TestHub, _ name: String) throws -> RawPeer {
        let peer = try RawPeer(hub.port, receiveBuffer: 4_096)
        try peer.register(name)
        return peer
    }

    @Test func aLineOfTwoMegabytesIsSkippedAndTheThirdOneCloses() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            let long = [UInt8](repeating: 0x78, count: 2_000_000) + [0x0A]
            for round in 0..<3 {
                try client.send(long)
                #expect(try client.line() == errorFrame("Line too long"))
                if round < 2 {
                    try client.event("nobody")
                    #expect(try client.line() == failure("Target server 'nobody' not found"))
                }
            }
            #expect(try client.rest() == [])
        }
    }

    @Test func aLineOfExactlyTheLimitPasses() async throws {
        try await TestHub.run({ $0.rules.maxLine = 4_096 }) { hub in
            let client = try hub.peer("a")
            let frame = #"{"type":"event","target_server":"a","event_name":"x","data":""}"#
            let fill = String(repeating: "y", count: 4_096 - frame.utf8.count)
            try client.event("a", "x", "\"\(fill)\"")
            #expect(try client.lines(2).last == success)
            try client.event("a", "x", "\"\(fill)y\"")
            #expect(try client.line() == errorFrame("Line too long"))
        }
    }

    @Test func aPeerThatNeverReadsHarmsNobodyElse() async throws {
        try await TestHub.run({
            Self.allowFlood(&$0)
            $0.rules.queueFrames = 100
        }) { hub in
            let slow = try Self.deafPeer(hub, "slow")
            let other = try hub.peer("other")
            let sender = try hub.peer("sender")
            var refused = 0
            for _ in 0..<400 {
                try sender.event("slow", "x", Self.largeData)
                let reply = try #require(try sender.line())
                if reply == failure("Target server 'slow' is busy") {
                    refused += 1
                } else {
                    #expect(reply == success)
                }
            }
            #expect(refused > 0)
            #expect(await hub.metric("icom_queued_frames") <= 100)
            #expect(await hub.metric("icom_queued_bytes") <= 8 << 20)
            try sender.event("other")
            #expect(try sender.line() == success)
            #expect(try other.line() != nil)
            withExtendedLifetime(slow) {}
        }
    }

    @Test func aPeerThatTakesNothingForLongIsClosed() async throws {
        try await TestHub.run({
            Self.allowFlood(&$0)
            $0.rules.writeTimeout = 0.5
        }) { hub in
            let slow = try Self.deafPeer(hub, "slow")
            let sender = try hub.peer("sender")
            for _ in 0..<200 {
                try sender.event("slow", "x", Self.largeData)
                _ = try sender.line()
            }
            try await hub.waitFor("icom_registered", 1)
            withExtendedLifetime(slow) {}
        }
    }

    /// Its answers must not fill the hub's memory: it is not read from until it takes them.
    @Test func aPeerThatSendsButNeverReadsIsHeldBack() async throws {
        try await TestHub.run({
            Self.allowFlood(&$0)
            $0.rules.queueFrames = 64
        }) { hub in
            let flood = try Self.deafPeer(hub, "flood")
            let sending = Task.detached {
                let line = #"{"type":"error","message":"\#(String(repeating: "e", count: 900))"}"#
                for _ in 0..<20_000 { try flood.send(line + "\n") }
            }
            var most = 0
            for _ in 0..<50 {
                most = max(most, await hub.metric("icom_queued_frames"))
                try await Task.sleep(for: .milliseconds(10))
            }
            // What one read brings (64 KiB) may come on top.
            #expect(most <= 64 + 80)
            _ = try flood.lines(20_000)
            try await sending.value
        }
    }

    @Test func aPeerThatSendsTooMuchIsRefused() async throws {
        try await TestHub.run({
            $0.rules.framesPerSecond = 0.1
            $0.rules.burst = 5
        }) { hub in
            let client = try hub.peer("a")
            for _ in 0..<4 { try client.event("nobody") }
            for _ in 0..<4 {
                #expect(try client.line() == failure("Target server 'nobody' not found"))
            }
            try client.event("nobody", more: #","message_id":"9""#)
            #expect(
                try client.line()
                    == #"{"type":"ack","message_id":"9","success":false,"error":"Rate limit"}"#)
            try client.send("nonsense\n")
            #expect(try client.line() == errorFrame("Rate limit"))
        }
    }

    @Test(arguments: [
        (#"{"type":"list"}"#, #"{"type":"servers","servers":["flood","other"]}"#),
        (#"{"type":"ping"}"#, #"{"type":"pong"}"#),
        (
            #"{"type":"register","server_id":"flood"}"#,
            errorFrame("Cannot register twice or kill handle missing")
        ),
        (#"{"type":"error","message":"m"}"#, #"{"type":"error","message":"m"}"#),
    ])
    func aFloodOfOtherFramesIsRefusedAndCostsNobodyElse(frame: String, answer: String) async throws
    {
        try await TestHub.run({
            $0.rules.framesPerSecond = 0
            $0.rules.burst = 5
        }) { hub in
            let other = try hub.peer("other")
            // Takes the first of its five.
            let flood = try hub.peer("flood", more: #","caps":["ping"]"#)
            // Beyond what is read of such a peer in one go.
            let count = 3_000
            try flood.send(String(repeating: frame + "\n", count: count))
            try other.event("other")
            #expect(try other.lines(2).last == success)
            let replies = try flood.lines(count)
            #expect(replies.prefix(4).allSatisfy { $0 == answer })
            #expect(replies.dropFirst(4).allSatisfy { $0 == errorFrame("Rate limit") })
            #expect(await hub.metric(#"icom_refused_total{reason="rate"}"#) == count - 4)
            // Events count with them, and are refused in their own form.
            try flood.event("other")
            #expect(try flood.line() == failure("Rate limit"))
        }
    }

    @Test func onTheWayToANameTheRateHoldsToo() async throws {
        try await TestHub.run({
            $0.rules.framesPerSecond = 0
            $0.rules.burst = 3
            $0.rules.onDuplicate = .reject
        }) { hub in
            let owner = try hub.peer("taken")
            let other = try RawPeer(hub.port)
            let line = #"{"type":"register","server_id":"taken"}"# + "\n"
            try other.send(String(repeating: line, count: 5))
            let inUse = errorFrame("Server id in use")
            let limit = errorFrame("Rate limit")
            #expect(try other.lines(5) == [inUse, inUse, inUse, limit, limit])
            withExtendedLifetime(owner) {}
        }
    }

    /// The hub asks for them, and answers to none.
    @Test func pongsAreNeverRefusedButCounted() async throws {
        try await TestHub.run({
            $0.rules.framesPerSecond = 0
            $0.rules.burst = 5
        }) { hub in
            let client = try hub.peer("a", more: #","caps":["ping"]"#)
            try client.send(String(repeating: #"{"type":"pong"}"# + "\n", count: 100))
            try client.send(#"{"type":"ping"}"# + "\n")
            #expect(try client.line() == errorFrame("Rate limit"))
        }
    }

    @Test func whoDoesNotRegisterInTimeIsClosed() async throws {
        try await TestHub.run({ $0.rules.registerTimeout = 1 }) { hub in
            let registered = try hub.peer("a")
            let silent = try RawPeer(hub.port)
            // A health check needs no token: it must not be a way to stay.
            let check = try hub.peer("__health")
            #expect(try silent.rest() == [])
            #expect(try check.rest() == [])
            try registered.event("a")
            #expect(try registered.lines(2).last == success)
        }
    }

    @Test func onlyPeersThatAnnouncedItArePingedAndClosedWhenSilent() async throws {
        try await TestHub.run({ $0.rules.idleTimeout = 0.6 }) { hub in
            let old = try hub.peer("old")
            let dead = try hub.peer("dead", more: #","caps":["ping"]"#)
            let alive = try hub.peer("alive", more: #","caps":["ping"]"#)
            // A thread of its own: a task could wait for one while other tests hold them all.
            let ended = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                while let line = try? alive.line(), line == #"{"type":"ping"}"# {
                    try? alive.send(#"{"type":"pong"}"# + "\n")
                }
                ended.signal()
            }
            #expect(try dead.rest().allSatisfy { $0 == #"{"type":"ping"}"# })
            #expect(try old.isSilent(seconds: 1))
            try await hub.waitFor("icom_registered", 2)
            withExtendedLifetime(old) {}
            await hub.server.stop()
            ended.wait()
        }
    }

    @Test func aWrongTokenIsRefusedAndClosed() async throws {
        try await TestHub.run({
            $0.rules.token = "secret"
            $0.rules.tokens = ["special": "other"]
        }) { hub in
            for more in ["", #","token":"wrong!""#, #","token":"secretx""#, #","token":"""#] {
                let client = try RawPeer(hub.port)
                try client.send(#"{"type":"register","server_id":"a"\#(more)}"# + "\n")
                #expect(try client.rest() == [errorFrame("Authentication failed")])
            }
            let kept = [
                try hub.peer("a", more: #","token":"secret""#),
                try hub.peer("special", more: #","token":"other""#),
            ]
            let thief = try RawPeer(hub.port)
            try thief.send(#"{"type":"register","server_id":"special","token":"secret"}"# + "\n")
            #expect(try thief.line() == errorFrame("Authentication failed"))
            #expect(await hub.metric("icom_registered") == kept.count)
            withExtendedLifetime(kept) {}
        }
    }

    @Test func connectionsBeyondTheLimitsAreClosedAtOnce() async throws {
        try await TestHub.run({ $0.rules.maxPerAddress = 2 }) { hub in
            let kept = [try hub.peer("a"), try hub.peer("b")]
            let refused = try RawPeer(hub.port)
            #expect(try refused.rest() == [])
            try kept[0].event("b")
            #expect(try kept[0].line() == success)
        }
    }

    @Test func newRulesHoldForThoseWhoAreConnected() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            var rules = HubRules()
            rules.maxLine = 4_096
            rules.token = "new"
            rules.maxPerAddress = 100
            await hub.server.apply(rules)
            try client.event("a", "x", "\"\(String(repeating: "x", count: 5_000))\"")
            #expect(try client.line() == errorFrame("Line too long"))
            let other = try RawPeer(hub.port)
            try other.send(#"{"type":"register","server_id":"b"}"# + "\n")
            #expect(try other.line() == errorFrame("Authentication failed"))
        }
    }

    /// Half of the descriptors are the test's own ends.
    @Test func aCrowdOfAnonymousConnectionsHarmsNobody() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 20_000)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let count = min(5_000, (Int(limit.rlim_cur) - 500) / 2)
        try await TestHub.run({ $0.rules.registerTimeout = 120 }) { hub in
            let crowd = try (0..<count).map { _ in try RawPeer(hub.port) }
            try await hub.waitFor("icom_connections", count)
            let client = try hub.peer("a")
            try client.event("a")
            #expect(try client.lines(2).last == success)
            #expect(crowd.count == count)
        }
    }
}
