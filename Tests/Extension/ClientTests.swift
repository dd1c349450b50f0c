// What a script that a client runs can do through the server: nothing, and its tries are kept.

import Testing
import Values

@testable import Extension

extension CallerTests {
    @Suite struct ClientTests {
        /// A player waits; the game says that client 7 makes the calls.
        private func game() throws -> Game {
            let game = try Game()
            withContext(game, "0")
            #expect(game.ask("gate:ready") == ("ok 0", 0))
            #expect(game.ask("gate:request", "\"151\"", "0") == ("DELAY", 0))
            game.round()
            withContext(game, "7")
            return game
        }

        private static let tries: [(command: String, arguments: [String])] = [
            ("gate:go", ["\"151\""]), ("go", []), ("gate:kick", ["\"151\"", "\"no\""]),
            ("kick", ["\"no\""]), ("gate:hold", ["\"151\"", "5"]), ("gate:ready", []),
            ("gate:unready", []), ("gate:policy", ["\"{\"\"max_wait\"\":1}\""]),
            ("gate:policy", []),
            ("gate:rule", ["\"add\"", #""{""id"":""x"",""result"":""accept""}""#]),
            ("gate:list", []), ("gate:forget", ["\"*\""]), ("gate:stats", []),
            ("gate:selftest", []),
        ]

        @Test func aClientAdmitsKicksHoldsAndForgetsNobody() throws {
            let game = try game()
            for (command, arguments) in Self.tries {
                let text = game.call(command, list: arguments)
                #expect(text == "Error: a script asks that a client runs", "\(command)")
            }
            // Events are answered as ever, and change nothing.
            #expect(game.ask("sev:disconnected", "\"151\"") == ("", 0))
            #expect(game.ask("sev:connected", "\"151\"") == ("", 0))
            #expect(game.round() == [])
            let decisions = try game.decisions()
            #expect(decisions.count == Self.tries.count + 2)
            #expect(
                decisions.first
                    == #"{"of":"admin","ticket":0,"request":["gate:go","151"],"by":"client","#
                    + #""status":"refused","text":"a script asks that a client runs"}"#)

            withContext(game, "0")
            #expect(game.ask("gate:list").text.hasPrefix(#"[["151","ASKED","#))
            #expect(game.ask("gate:request", "\"151\"", "1") == ("DELAY", 0))
            #expect(game.ask("gate:stats").text.contains(#""rules":0,"#))
            #expect(game.ask("gate:policy").text.contains(#""max_wait":60,"#))
            #expect(game.ask("gate:go", "\"151\"", "1") == ("ok", 0), "the same attempt")
            withContext(game, "2")
            #expect(game.ask("gate:request", "\"151\"", "1") == ("ACCEPT", 0))
        }

        @Test func everyCommandOfTheServerSideButThePollIsRefused() throws {
            let game = try game()
            for command in ServerCommand.allCases
            where command != .gateRequest && command != .joinRequest {
                let code = game.ask(command.name.description).code
                #expect(code == (command.isEvent ? 0 : 3), "\(command)")
            }
            #expect(try game.decisions().count == ServerCommand.allCases.count - 2)
        }

        /// Else it would fill the gate, until everybody is let in as too many.
        @Test func aClientBeginsNoAttemptAndEndsNone() throws {
            let game = try game()
            for player in 0..<300 {
                #expect(game.ask("gate:request", "\"9\(player)\"", "0") == ("ACCEPT", 0))
            }
            #expect(game.ask("gate:request") == ("ACCEPT", 0), "of nobody")
            // Of one who waits: no new attempt, no longer wait, nobody else's name.
            withContext(game, "0")
            #expect(game.ask("gate:request", "\"151\"", "1") == ("DELAY", 0))
            withContext(game, "7")
            let vip = #"["151",3,"76561198000000001","Mira"]"#
            for arguments in [["\"151\"", "0.5"], ["\"151\"", "999"], ["\"151\"", "1", vip]] {
                #expect(game.call("gate:request", list: arguments) == "ACCEPT", "to the client")
            }
            #expect(game.ask("gate:request", "\"151\"", "1") == ("DELAY", 0), "nothing new")
            #expect(try game.decisions() == [])
            game.round()
            #expect(game.logText.contains("gate:request by a client's script"))

            withContext(game, "0")
            #expect(game.ask("gate:list").text == #"[["151","ASKED",1,""]]"#)
            #expect(game.ask("gate:kick", "\"151\"", "\"no\"", "1") == ("ok", 0))
            #expect(game.ask("gate:request", "\"151\"", "6") == ("REFUSE_no", 0))
        }

        @Test func aGateThatFailsClosedLetsNoClientIn() throws {
            let game = try Game(
                own: #""gate": {"policy": {"on_overload": "refuse", "refuse_text": "closed"}}"#)
            withContext(game, "7")
            #expect(game.ask("gate:request", "\"1\"", "0") == ("REFUSE_closed", 0))
        }

        /// The join attempt is the server's own; where the game can't say so, the gate works all the same.
        @Test func aGameThatCanNotTellIsAnswered() throws {
            let game = try Game()
            game.plugin.server.pointee.callerCheck.requestContext = {}
            #expect(game.ask("gate:ready") == ("ok 0", 0))
            #expect(game.ask("gate:request", "\"1\"", "0") == ("DELAY", 0))
            #expect(game.ask("gate:go", "\"1\"") == ("ok", 0))
            #expect(game.ask("gate:request", "\"1\"", "1") == ("ACCEPT", 0))
        }
    }
}
