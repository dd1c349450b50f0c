// The reply table, row by row, in bytes.

import Foundation
import Testing

@testable import ICOM

@Suite struct ReplyTests {
    @Test func theSessionOfAnOldClientWorksByteForByte() async throws {
        try await TestHub.run { hub in
            let other = try hub.peer("stratis_pvp")
            let client = try RawPeer(hub.port)
            try client.send(#"{"type":"register","server_id":"altis_main"}"# + "\n")
            let registered = try #require(try client.line())
            let pattern =
                #"^\{"type":"registered","session_id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}$"#
            #expect(registered.range(of: pattern, options: .regularExpression) != nil)
            try client.event("stratis_pvp", "convoy_left", #"{"trucks":3}"#)
            #expect(try client.line() == success)
            #expect(
                try other.line()
                    == #"{"type":"event","target_server":"stratis_pvp","event_name":"convoy_left","#
                    + #""data":{"trucks":3},"source_server":"altis_main"}"#)
            try client.event("nowhere")
            #expect(try client.line() == failure("Target server 'nowhere' not found"))
        }
    }

    @Test func registeringTwiceIsRefusedAndTheFirstNameStays() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            try client.send(#"{"type":"register","server_id":"b"}"# + "\n")
            #expect(
                try client.line() == errorFrame("Cannot register twice or kill handle missing"))
            try client.event("a")
            #expect(try client.lines(2).contains(success))
        }
    }

    @Test func anEventToItselfArrivesAndIsAcknowledged() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            try client.event("a", "x", "1")
            let lines = try client.lines(2)
            #expect(lines[0].contains(#""target_server":"a","event_name":"x","data":1"#))
            #expect(lines[1] == success)
        }
    }

    @Test(arguments: [0, 1, 50])
    func aBroadcastReachesAllOthers(count: Int) async throws {
        try await TestHub.run { hub in
            let sender = try hub.peer("sender")
            let others = try (0..<count).map { try hub.peer("s\($0)") }
            try sender.send(#"{"type":"broadcast","event_name":"x","data":[1]}"# + "\n")
            #expect(
                try sender.line()
                    == #"{"type":"ack","message_id":null,"success":true,"error":null,"#
                    + #""delivered":\#(count)}"#)
            for (index, other) in others.enumerated() {
                #expect(
                    try other.line()
                        == #"{"type":"event","target_server":"s\#(index)","event_name":"x","#
                        + #""data":[1],"source_server":"sender"}"#)
            }
            #expect(try sender.isSilent())
        }
    }

    @Test(arguments: [
        "nonsense", "[]", #""x""#, "{}", #"{"type":"nothing"}"#,
        #"{"type":"event","target_server":"a","event_name":"b"}"#,
        #"{"type":"register","server_id":7}"#, #"{"type":"list"}"#, #"{"type":"ping"}"#,
        #"{"type":"broadcast","event_name":"b","data":"# + String(repeating: "[", count: 65)
            + String(repeating: "]", count: 65) + "}",
    ])
    func whatIsNoFrameGetsAnErrorAndTheConnectionStays(line: String) async throws {
        try await TestHub.run { hub in
            let client = try RawPeer(hub.port)
            try client.send(line + "\n")
            let reply = try #require(try client.line())
            #expect(reply.hasPrefix(#"{"type":"error","message":"Invalid JSON: "#))
            try client.register("a")
        }
    }

    @Test func dataOfSixtyFourLevelsAndNullAreForwarded() async throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        let kinds = [
            deep, "null", "true", "-0.5", "9007199254740993", "9223372036854775807", "1e3",
            #""\"quotes\"\n \ud83d\ude00 😀""#, #"{"b":1,"a":{"b":[]},"b":2}"#, "[ 1 , 2 ]",
        ]
        try await TestHub.run { hub in
            let sender = try hub.peer("a")
            let receiver = try hub.peer("b")
            for data in kinds { try sender.event("b", "kind", data) }
            for data in kinds {
                #expect(
                    try receiver.line()
                        == #"{"type":"event","target_server":"b","event_name":"kind","data":"#
                        + data + #","source_server":"a"}"#)
            }
        }
    }

    @Test(arguments: [
        #"{"type":"ack","message_id":null,"success":true,"error":null}"#,
        #"{"type":"registered","session_id":"x"}"#, #"{"type":"error","message":"m"}"#,
    ])
    func otherKnownTypesComeBack(line: String) async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            try client.send(line + "\n")
            #expect(try client.line() == line)
        }
    }

    @Test func anonymousPeersMayNotSendUnlessTheConfigurationSaysSo() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer()
            try client.event("a")
            try client.send(#"{"type":"broadcast","event_name":"x","data":1}"# + "\n")
            #expect(try client.lines(2) == [failure("Not registered"), failure("Not registered")])
        }
        try await TestHub.run({ $0.rules.requireRegister = false }) { hub in
            let receiver = try hub.peer("b")
            let client = try hub.peer()
            try client.event("b", "x", "1")
            #expect(try client.line() == success)
            try client.send(#"{"type":"broadcast","event_name":"y","data":1}"# + "\n")
            #expect(
                try receiver.lines(2) == [
                    #"{"type":"event","target_server":"b","event_name":"x","data":1}"#,
                    #"{"type":"event","target_server":"b","event_name":"y","data":1}"#,
                ])
        }
    }

    @Test func theMessageIDComesBackWhenItIsATextOfReasonableLength() async throws {
        try await TestHub.run { hub in
            let client = try hub.peer("a")
            try client.event("nobody", more: #","message_id":"m-1""#)
            try client.event("nobody", more: #","message_id":7"#)
            try client.event(
                "nobody", more: #","message_id":"\#(String(repeating: "m", count: 65))""#)
            let lines = try client.lines(3)
            #expect(lines[0].contains(#""message_id":"m-1","#))
            #expect(lines[1].contains(#""message_id":null,"#))
            #expect(lines[2].contains(#""message_id":null,"#))
        }
    }

    @Test func namesAreChecked() async throws {
        try await TestHub.run { hub in
            for name in ["", "a b", "a@hub", "ä", String(repeating: "a", count: 65)] {
                let client = try RawPeer(hub.port)
                try client.send(#"{"type":"register","server_id":"\#(name)"}"# + "\n")
                let lines = try client.rest()
                #expect(lines.count == 1 && lines[0].contains("Invalid server_id"))
            }
            let client = try hub.peer("A.b-c_9")
            for name in ["", #"a\u0007"#, String(repeating: "e", count: 129)] {
                try client.event("A.b-c_9", name)
                #expect(try client.line()?.contains("Invalid event_name") == true)
            }
        }
        try await TestHub.run({ $0.rules.lenientIDs = true }) { hub in
            _ = try hub.peer(#"a \"b\" é"#)
        }
    }

    @Test func aDestinationThatCanNotBeWrittenToIsSaidToBeClosed() {
        final class Ended: Destination {
            let confirmsEvents = false
            func put(_ event: OutgoingEvent) -> Delivery { .closed }
        }
        let router = LocalRouter()
        let ended = Ended()
        router.claim([98], for: ended)
        let (tail, name): ([UInt8], [UInt8]) = ([], [98])
        let delivery = router.deliver(OutgoingEvent(tail: tail.span), to: name.span)
        #expect(delivery == .closed)
    }

    @Test func listIsForPeersThatAnnouncedSomething() async throws {
        try await TestHub.run { hub in
            _ = try hub.peer("__health")
            let other = try hub.peer("zulu")
            let client = try RawPeer(hub.port)
            let reply = try client.register("alpha", more: #","proto":1,"caps":["ping"]"#)
            #expect(reply.hasSuffix(#","proto":1,"caps":["ping","outbox"]}"#))
            try client.send(#"{"type":"list"}"# + "\n" + #"{"type":"ping"}"# + "\n")
            #expect(
                try client.lines(2) == [
                    #"{"type":"servers","servers":["alpha","zulu"]}"#, #"{"type":"pong"}"#,
                ])
            #expect(try other.isSilent())
        }
    }

    @Test func aHealthCheckIsNobody() async throws {
        try await TestHub.run({ $0.rules.token = "secret" }) { hub in
            let check = try hub.peer("__health")
            let again = try hub.peer("__health")
            let client = try hub.peer("a", more: #","token":"secret""#)
            try client.event("__health")
            #expect(try client.line() == failure("Target server '__health' not found"))
            try client.send(#"{"type":"broadcast","event_name":"x","data":1}"# + "\n")
            #expect(try client.line()?.contains(#""delivered":0"#) == true)
            try again.event("a")
            #expect(try again.line() == failure("Not registered"))
            #expect(try check.isSilent())
        }
    }
}
