// Connections from accept to close: framing, replacement, half-closing, the hub's own end.

import Foundation
import Logging
import Synchronization
import Testing

@testable import ICOM

@Suite struct LifeTests {
    @Test(arguments: [1, 7, 1 << 20])
    func framesArriveInAnyPieces(piece: Int) async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            var text = "\r\n  \n"
            for number in 0..<100 {
                text +=
                    #" {"type":"event","target_server":"a","event_name":"x","data":\#(number)} "#
                    + (number % 2 == 0 ? "\r\n" : "\n\n")
            }
            try client.send(text, piece: piece)
            let lines = try client.lines(200)
            #expect(lines.filter { $0 == success }.count == 100)
            let data = lines.compactMap { line in
                line.firstRange(of: #/"data":(\d+)/#).map { Int(line[$0].dropFirst(7))! }
            }
            #expect(data == Array(0..<100))
        }
    }

    @Test func aLastLineWithoutItsEndIsStillAnsweredAfterTheSendingSideEnded() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            try client.send(
                #"{"type":"event","target_server":"b","event_name":"x","data":1}"# + "\n"
                    + #"{"type":"event","target_server":"b","event_name":"x","data":2}"#)
            client.endSending()
            #expect(
                try client.rest()
                    == Array(repeating: failure("Target server 'b' not found"), count: 2))
            try await hub.waitFor("icom_registered", 0)
        }
    }

    @Test func bytesThatAreNoUTF8CloseOnlyTheirConnection() async throws {
        try await TestHub.run { hub in
            let bad = try hub.peer("bad")
            let good = try hub.peer("good")
            try bad.send([0x7B, 0xFF, 0xFE, 0x7D, 0x0A])
            #expect(try bad.rest() == [])
            try good.event("good")
            #expect(try good.lines(2).last == success)
        }
    }

    @Test func aNewcomerReplacesAndStays() async throws {
        try await TestHub.run { hub in
            var holder = try hub.peer("a")
            let sender = try hub.peer("sender")
            for round in 0..<5 {
                let newcomer = try hub.peer("a")
                #expect(try holder.rest() == [errorFrame("Replaced by new session")])
                try await hub.waitFor("icom_registered", 2)
                try await hub.waitFor("icom_connections", 2)
                try sender.event("a", "round", "\(round)")
                #expect(try sender.line() == success)
                #expect(try newcomer.line()?.contains(#""data":\#(round)"#) == true)
                holder = newcomer
            }
        }
    }

    /// The defect of the original: the one who was replaced took the entry of its successor along.
    @Test func aReleaseNeverTakesASuccessorsNameInAnyOrder() {
        final class Holder: Destination {
            let confirmsEvents = false
            var events = 0
            func put(_ event: OutgoingEvent) -> Delivery {
                events += 1
                return .queued(confirms: false)
            }
        }
        let (tail, name): ([UInt8], [UInt8]) = ([], [97])
        let seed = UInt64.random(in: 0 ... .max)
        var random = Seeded(state: seed)
        for _ in 0..<10_000 {
            let router = LocalRouter()
            var waiting: [Holder] = []
            var newest: Holder?
            for _ in 0..<8 {
                if waiting.isEmpty || random.next() % 2 == 0 {
                    let holder = Holder()
                    router.claim(name, for: holder)
                    if let newest { waiting.append(newest) }
                    newest = holder
                } else {
                    let index = Int(random.next() % UInt64(waiting.count))
                    router.release(name, from: waiting.remove(at: index))
                }
                #expect(router.holder(of: name) === newest, "seed \(seed)")
                #expect(router.count == 1, "seed \(seed)")
                let before = newest?.events ?? 0
                _ = router.deliver(OutgoingEvent(tail: tail.span), to: name.span)
                #expect(newest?.events == before + 1, "seed \(seed)")
            }
            if let newest { router.release(name, from: newest) }
            let delivery = router.deliver(OutgoingEvent(tail: tail.span), to: name.span)
            #expect(delivery == .unknown, "seed \(seed)")
        }
    }

    @Test func withRejectTheFirstKeepsItsName() async throws {
        try await TestHub.run({ $0.rules.onDuplicate = .reject }) { hub in
            let first = try hub.peer("a")
            let second = try RawPeer(hub.port)
            try second.send(#"{"type":"register","server_id":"a"}"# + "\n")
            #expect(try second.line() == errorFrame("Server id in use"))
            try second.send(#"{"type":"register","server_id":"b"}"# + "\n")
            #expect(try second.line()?.contains("registered") == true)
            try second.event("a")
            #expect(try first.line() != nil)
        }
    }

    @Test func aPeerThatVanishesFreesItsName() async throws {
        try await TestHub.run { hub in
            do {
                let peer = try hub.peer("a")
                peer.abort()
            }
            try await hub.waitFor("icom_registered", 0)
            _ = try hub.peer("a")
        }
    }

    @Test func theHubsEndSendsWhatWaits() async throws {
        var configuration = HubConfiguration()
        configuration.port = 0
        let server = try await HubServer.start(
            configuration, log: .init(label: "test") { _ in Quiet() })
        let peer = try RawPeer(server.address.port ?? 0)
        try peer.register("a")
        for _ in 0..<100 {
            try peer.event("a", "x", #""\#(String(repeating: "x", count: 1_000))""#)
        }
        let hub = TestHub(server: server)
        for _ in 0..<1_000 {
            let page = await server.metricsPage()
            if page.contains("icom_frames_in_total{type=\"event\"} 100\n") { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = hub
        await server.stop()
        #expect(try peer.rest().count == 200)
    }

    @Test func aStartThatFailsHalfwayDoesNotGoOnListening() async throws {
        try await TestHub.run { other in
            var configuration = HubConfiguration()
            configuration.port = 0
            configuration.metrics = ("127.0.0.1", other.port)
            let lines = LogLines()
            await #expect(throws: (any Error).self) {
                try await HubServer.start(
                    configuration, log: .init(label: "test") { _ in Kept(lines: lines) })
            }
            #expect(lines.all.withLock { $0 }.isEmpty)
        }
    }

    @Test(arguments: ["127.0.0.1", "::1", "::", "0.0.0.0"])
    func itListensOnBothKindsOfAddresses(host: String) async throws {
        try await TestHub.run({ $0.host = host }) { hub in
            let address = host.contains(":") ? "::1" : "127.0.0.1"
            let peer = try RawPeer(hub.port, host: address)
            try peer.register("a")
            let client = try await IcomClient.connect(
                HubAddress.text(address, hub.port), serverID: "b")
            #expect(try await client.servers() == ["a", "b"])
            await client.close()
        }
    }
}

/// Lines of a log.
private final class LogLines: Sendable {
    let all = Mutex<[String]>([])
}

private struct Kept: LogHandler {
    let lines: LogLines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.all.withLock { $0.append("\(event.message)") } }
}

/// splitmix64
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
