// Admin commands through a whole plug-in: who may ask, what is asked, what is kept.

import Foundation
import Testing
import Values

@testable import Extension

/// What a game says of a call that was asked who makes it.
private nonisolated(unsafe) var contextOwner = "0"
private nonisolated(unsafe) var contextPlugin: Plugin?

/// From now on the game says that this owner makes the calls: 0 and 2 are the server, others clients.
func withContext(_ game: Game, _ owner: String) {
    contextOwner = owner
    contextPlugin = game.plugin
    game.plugin.server.pointee.callerCheck.requestContext = {
        withTexts(["0", "file.sqf", "m", "s", contextOwner]) { texts in
            contextPlugin?.context.store(texts, count: 5)
        }
    }
}

/// One after the other: the game's function has no argument that could say which game it is.
@Suite(.serialized) struct CallerTests {}

extension CallerTests {
    @Suite struct AdminTests {
        private func game(_ more: String = "") throws -> Game {
            try Game(own: #""admin": {"allow": ["kick", "lock"]\#(more)}"#)
        }

        @Test(arguments: ["0", "2"]) func aServerScriptAsksAndAnotherReports(owner: String) throws {
            let game = try game()
            withContext(game, owner)
            #expect(game.ask("admin:request", "\"kick\"", "\"151\"", "\"Bye.\"") == ("1", 0))
            #expect(game.round() == [#"admin["1","kick","151","Bye."]"#])
            #expect(game.ask("admin:done", "\"1\"", "\"ok\"", "\"gone\"") == ("ok", 0))
            #expect(
                try game.decisions() == [
                    #"{"of":"admin","ticket":1,"request":["kick","151","Bye."],"by":"script","status":"asked"}"#,
                    #"{"of":"admin","ticket":1,"request":["kick","151","Bye."],"by":"script","status":"ok","text":"gone"}"#,
                ])
        }

        @Test func aClientsScriptIsRefusedAndSoIsAGameThatCanNotTell() throws {
            let game = try game()
            withContext(game, "7")
            #expect(game.ask("admin:request", "\"lock\"").code == 3)
            #expect(game.ask("admin:done", "\"1\"", "\"ok\"").code == 3)
            #expect(game.ask("admin:next", "\"0\"").code == 3)
            game.plugin.server.pointee.callerCheck.requestContext = nil
            #expect(game.ask("admin:request", "\"lock\"").code == 3)
            game.plugin.server.pointee.callerCheck.requestContext = {}
            #expect(game.ask("admin:request", "\"lock\"").code == 3, "it gave no context")
            withContext(game, "nobody")
            #expect(game.ask("admin:request", "\"lock\"").code == 3, "nor a number")
            #expect(game.round() == [])
            let decisions = try game.decisions()
            #expect(decisions.count == 6, "each try is recorded")
            #expect(decisions.filter { $0.contains(#""by":"client""#) }.count == 3)
        }

        @Test func nothingIsAskedWithoutAnAllowList() throws {
            let game = try Game()
            withContext(game, "0")
            #expect(
                game.ask("admin:request", "\"kick\"", "\"151\"")
                    == ("Error: not allowed by blackbox.admin.allow", 3))
            #expect(game.ask("admin:request") == ("Error: unknown", 2))
            #expect(game.round() == [])
            #expect(
                try game.decisions().first
                    == #"{"of":"admin","ticket":0,"request":["kick","151"],"by":"script","status":"refused","text":"not allowed by blackbox.admin.allow"}"#
            )
        }

        @Test func aServerEventAsksForWhatTheOwnerWantsOnceAndNeverByAGuessedID() throws {
            let game = try game(#", "on": {"hacked": "kick", "unsigned": "ban"}"#)
            for file in 0..<30 { _ = game.ask("sev:hacked", "\"151\"", "\"a\(file).pbo\"") }
            _ = game.ask("sev:hacked", "1.51343e+09", "\"a.pbo\"")
            _ = game.ask("sev:hacked", "152", "\"a.pbo\"")
            #expect(game.round() == [#"admin["1","kick","151"]"#])
            // A game that can't tell who calls: the report is heard all the same.
            game.plugin.server.pointee.callerCheck.requestContext = nil
            #expect(game.ask("admin:done", "\"1\"", "\"ok\"") == ("ok", 0))
            _ = game.ask("sev:unsigned", "\"151\"", "\"a.pbo\"")
            #expect(game.round() == [], "ban is not allowed")
            #expect(try game.decisions().last?.contains(#""status":"refused""#) == true)
        }

        @Test(arguments: ["7", "3"])
        func aClientsCallOfAnEventAsksForNothing(owner: String) throws {
            let game = try game(#", "on": {"hacked": "kick"}"#)
            withContext(game, owner)
            #expect(game.ask("sev:hacked", "\"151\"", "\"a.pbo\"") == ("", 0))
            #expect(game.round() == [])
            #expect(
                try game.decisions() == [
                    #"{"of":"admin","ticket":0,"request":["sev:hacked","151","a.pbo"],"by":"client","status":"refused","text":"a script asks that a client runs"}"#
                ])
            withContext(game, "0")
            _ = game.ask("sev:hacked", "\"151\"", "\"a.pbo\"")
            #expect(game.round() == [#"admin["1","kick","151"]"#], "it was not taken for asked")
            game.plugin.server.pointee.callerCheck.requestContext = nil
            _ = game.ask("sev:hacked", "\"152\"", "\"a.pbo\"")
            #expect(game.round() == [#"admin["2","kick","152"]"#], "an old game can't tell")
        }

        @Test func burstsOfTwoUsersAreOneRequestEach() throws {
            let game = try game(#", "on": {"hacked": "kick"}"#)
            for file in 0..<30 {
                for user in ["151", "152"] {
                    _ = game.ask("sev:hacked", "\"\(user)\"", "\"a\(file).pbo\"")
                }
            }
            #expect(game.round() == [#"admin["1","kick","151"]"#, #"admin["2","kick","152"]"#])
            for ticket in ["1", "2"] { _ = game.ask("admin:done", "\"\(ticket)\"", "\"ok\"") }
            for user in ["152", "151"] { _ = game.ask("sev:hacked", "\"\(user)\"", "\"b.pbo\"") }
            #expect(game.round() == [])
            #expect(try game.decisions().count == 4)
        }

        @Test func aWishThatWasComplainedAboutIsNotInForce() throws {
            let game = try game(#", "on": {"hacked": "lock", "kicked": "fly", "check": "kick"}"#)
            for event in ["hacked", "kicked"] { _ = game.ask("sev:" + event, "\"151\"") }
            #expect(try game.decisions() == [])
            _ = game.ask("sev:check", "\"151\"")
            #expect(try game.decisions().count == 1)
        }

        @Test func whatAScriptReportsIsKeptWhole() throws {
            let game = try game()
            withContext(game, "0")
            _ = game.ask("admin:request", "\"lock\"")
            let users = String(repeating: #"["2","Mira ""M"""],"#, count: 450)
            let quoted = users.replacingOccurrences(of: "\"", with: "\"\"")
            #expect(users.utf8.count > 8_000)
            #expect(game.ask("admin:done", "\"1\"", "\"ok\"", "\"\(quoted)\"") == ("ok", 0))
            let record = try #require(try game.decisions().last)
            let json = try JSONValue.parse(Array(record.utf8).span)
            guard case .string(let text)? = json.member("text") else {
                Issue.record("no text")
                return
            }
            #expect(String(decoding: text, as: UTF8.self) == users)
        }

        @Test func hostileTextsOfARequestNeverReachAScriptAndAreKeptInTheLog() throws {
            let game = try game()
            withContext(game, "0")
            for text in [
                "a\"\";lock", "x\ny", "\u{1}", "[]", "ж", String(repeating: "a", count: 9_000),
            ] {
                #expect(game.ask("admin:request", "\"kick\"", "\"1\"", "\"\(text)\"").code == 5)
                #expect(game.ask("admin:request", "\"\(text)\"").code == 2)
            }
            #expect(game.round() == [])
            for decision in try game.decisions() {
                #expect(
                    (try? JSONValue.parse(Array(decision.utf8).span)) != nil,
                    "\(decision.prefix(80))")
            }
        }
    }
}
