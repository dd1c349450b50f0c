// The client library against a real hub, and against one that does what no hub should.

import Foundation
import Testing

@testable import ICOM

@Suite struct ClientTests {
    @Test func sendingAndListeningAtOnceLosesNothing() async throws {
        try await TestHub.run({
            $0.rules.framesPerSecond = 1e9
            $0.rules.burst = 1e9
        }) { hub in
            let address = "127.0.0.1:\(hub.port)"
            var timeouts = IcomClient.Timeouts()
            timeouts.inboxEvents = 100_000
            let left = try await IcomClient.connect(
                address, serverID: "left", timeouts: timeouts)
            let right = try await IcomClient.connect(
                address, serverID: "right", timeouts: timeouts)
            let count = 2_000
            func play(_ own: IcomClient, _ other: String) async throws -> [Int] {
                async let sending: Void = {
                    for number in 0..<count {
                        try await own.send("n", data: "\(number)", to: other)
                    }
                }()
                var got: [Int] = []
                for await event in own.events {
                    #expect(event.source == other)
                    got.append(Int(String(decoding: event.data, as: UTF8.self)) ?? -1)
                    if got.count == count { break }
                }
                try await sending
                return got
            }
            async let first = play(left, "right")
            async let second = play(right, "left")
            #expect(try await first == Array(0..<count))
            #expect(try await second == Array(0..<count))
            await left.close()
            await right.close()
        }
    }

    @Test func refusalsAreErrorsWithTheHubsWords() async throws {
        try await TestHub.run { hub in
            let client = try await IcomClient.connect("127.0.0.1:\(hub.port)", serverID: "a")
            await #expect(throws: IcomError.refused("Target server 'b' not found")) {
                try await client.send("x", data: "1", to: "b")
            }
            await #expect(throws: IcomError.self) {
                try await client.send("x", data: "nonsense", to: "a")
            }
            try await client.broadcast("x", data: "{\n\"a\": 1}")
            #expect(client.state == .online)
            await client.close()
            await #expect(throws: IcomError.self) { try await client.servers() }
        }
    }

    @Test func aRegistrationThatIsRefusedSaysWhy() async throws {
        try await TestHub.run({ $0.rules.token = "t" }) { hub in
            await #expect(throws: IcomError.register("Authentication failed")) {
                try await IcomClient.connect("127.0.0.1:\(hub.port)", serverID: "a")
            }
        }
        await #expect(throws: IcomError.address("nonsense")) {
            try await IcomClient.connect("nonsense", serverID: "a")
        }
    }

    @Test func aHubThatGoesEndsTheEvents() async throws {
        var client: IcomClient?
        try await TestHub.run { hub in
            client = try await IcomClient.connect("127.0.0.1:\(hub.port)", serverID: "a")
        }
        let gone = try #require(client)
        for await _ in gone.events {}
        guard case .stopped = gone.state else {
            Issue.record("\(gone.state)")
            return
        }
    }
}
