// The `icom:` commands as the game calls them, against replies that scripts test for. What needs a hub is
// tested end to end.

import CPlatform
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

    @Test func dataIsCheckedBeforeAnEventIsAccepted() throws {
        let game = try Game()
        // As the client's library says it: an outbox is open.
        bb_icom_set(game.plugin.shared.pointee.icom, UInt32(BB_ICOM_OWNER), 7)
        #expect(game.call("icom:send_event", #""b""#, #""x""#, #""{""a"":1}""#) == "OK")
        for bad in [#""""#, #""{""#, #""nil""#, #""1 2""#, "\"\u{1}\""] {
            let reply = game.call("icom:broadcast", #""x""#, bad)
            #expect(reply.hasPrefix("ERROR: Invalid JSON - "), "\(bad): \(reply)")
        }
        let long = "\"\"\"" + String(repeating: "x", count: 1_000_001) + "\"\"\""
        #expect(game.call("icom:broadcast", #""x""#, long).hasPrefix("ERROR: "))
        #expect(try game.logged().contains { $0.hasPrefix("icom:send_event|") })
    }

    @Test func withoutALogNoEventIsAccepted() throws {
        let game = try Game(own: #""logDir": "/dev/null/x""#)
        bb_icom_set(game.plugin.shared.pointee.icom, UInt32(BB_ICOM_OWNER), 7)
        #expect(
            game.call("icom:broadcast", #""x""#, #""1""#)
                == "ERROR: The event could not be kept in the log")
    }

    @Test func whatTheClientSaysIsHandedOutAndNeverWaitedFor() throws {
        let game = try Game()
        let icom = game.plugin.shared.pointee.icom
        let text = Array("[\"a\",\"b\"]".utf8)
        text.withUnsafeBufferPointer { bytes in
            icom.pointee.servers = bb_icom_text(
                bytes: bytes.baseAddress, count: UInt64(bytes.count))
            bb_icom_set(icom, UInt32(BB_ICOM_STATE), UInt32(BB_ICOM_ONLINE))
            #expect(game.call("icom:servers") == #"["a","b"]"#)
            // Its thread was descheduled while it held the lock.
            bb_icom_set(icom, UInt32(BB_ICOM_TEXT_LOCK), 1)
            #expect(game.call("icom:servers") == "ERROR: The hub has not told its servers")
            #expect(game.call("icom:status") == #"{"state":"online"}"#)
            bb_icom_set(icom, UInt32(BB_ICOM_TEXT_LOCK), 0)
            icom.pointee.servers = bb_icom_text()
        }
    }
}
