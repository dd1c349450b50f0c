// The `icom:` commands as the game calls them, against replies that scripts test for. What needs a hub is
// tested end to end.

import Foundation
import Testing

@testable import Extension

@Suite struct IcomTests {
    @Test func withoutAHubEverythingSaysSo() throws {
        let game = try Game()
        let not = "ERROR: Not connected to ICOM server"
        #expect(game.call("icom:send_event", #""b""#, #""x""#, #""1""#) == not)
        #expect(game.call("icom:broadcast", #""x""#, #""1""#) == not)
        #expect(game.call("icom:disconnect") == not)
        #expect(game.call("icom:reconnect") == not)
        #expect(game.call("icom:servers") == not)
        #expect(game.call("icom:status").contains(#""state":"idle""#))
        #expect(game.callString("icom:status").contains(#""state":"idle""#))
        #expect(game.call("icom:ready") == "OK")
        #expect(game.call("icom:unready") == "OK")
    }

    @Test func wrongArgumentsGiveTheFrameworksCodes() throws {
        let game = try Game()
        func code(_ name: String, _ arguments: String...) -> Int32 {
            var code: Int32 = -1
            let text = withTexts(arguments) { texts in
                name.withCString { name in
                    reply(1_024) { buffer in
                        code = game.plugin.path.pointee.answerArray(
                            name, CallPath.Arguments(texts: texts, count: arguments.count), &buffer)
                    }
                }
            }
            #expect(text == "")
            return code
        }
        #expect(code("icom:connect") == 20)
        #expect(code("icom:connect", #""a""#) == 21)
        #expect(code("icom:send_event", #""a""#, #""b""#) == 22)
        #expect(code("icom:status", "1") == 21)
        #expect(code("icom:connect", "5", #""a""#) == 30)
        #expect(code("icom:broadcast", #""a""#, "[1]") == 31)
        #expect(code("icom:send_event", #""a""#, #""b""#, "true") == 32)
    }

    @Test func aSecondConnectIsRefusedAtOnce() throws {
        let game = try Game()
        // Nobody listens there; the address is never looked at: the courier has not moved.
        #expect(game.call("icom:connect", #""127.0.0.1:1""#, #""a""#) == "Connection initiated")
        #expect(game.call("icom:connect", #""127.0.0.1:1""#, #""a""#) == "ERROR: Already connected")
        #expect(game.call("icom:disconnect") == "OK")
    }

    @Test func aHubThatIsNotThereIsTriedAgain() throws {
        let game = try Game()
        #expect(game.call("icom:connect", #""127.0.0.1:1""#, #""a""#) == "Connection initiated")
        var status = ""
        for _ in 0..<1_000 {
            game.round()
            status = game.call("icom:status")
            if status.contains(#""state":"backoff""#) { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        #expect(status.contains(#""state":"backoff""#), "\(status)")
        #expect(status.contains(#""server_id":"a","hub":"127.0.0.1:1""#))
        #expect(status.contains("can't connect: "))
        #expect(game.call("icom:reconnect") == "Connection initiated")
        #expect(game.call("icom:disconnect") == "OK")
    }

    @Test func withAnOutboxDataIsCheckedBeforeItIsAccepted() throws {
        let game = try Game(
            own: #""icom": {"address": "127.0.0.1:1", "serverId": "a", "outbox": true}"#)
        var reply = ""
        for _ in 0..<1_000 {
            game.round()
            reply = game.call("icom:send_event", #""b""#, #""x""#, #""{""""a"""":1}""#)
            if reply == "OK" { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        #expect(reply == "OK")
        for bad in [#""""#, #""{""#, #""nil""#, #""1 2""#, "\"\u{1}\""] {
            let reply = game.call("icom:broadcast", #""x""#, bad)
            #expect(reply.hasPrefix("ERROR: Invalid JSON - "), "\(bad): \(reply)")
        }
        let long = "\"\"\"" + String(repeating: "x", count: 1_000_001) + "\"\"\""
        #expect(game.call("icom:broadcast", #""x""#, long).hasPrefix("ERROR: "))
        #expect(try game.logged().contains { $0.hasPrefix("icom:send_event|") })
    }
}
