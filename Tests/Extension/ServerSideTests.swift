// The server side through a whole plug-in: join gate, the server's own events, admin commands.

import CPlatform
import Foundation
import Gate
import Segments
import Testing
import Values
import WAL

@testable import Extension

extension Game {
    /// One call of the array form, with its code.
    func ask(_ name: String, _ arguments: String...) -> (text: String, code: Int32) {
        var code: Int32 = 0
        let text = withTexts(arguments) { texts in
            name.withCString { name in
                reply(10_240) { buffer in
                    code = plugin.path.pointee.answerArray(
                        name, CallPath.Arguments(texts: texts, count: arguments.count), &buffer)
                }
            }
        }
        return (text, code)
    }

    /// What the plug-in itself decided, as the log keeps it.
    func decisions() throws -> [String] {
        var reader = try LogReader(path: plugin.courier.logFolder)
        var texts: [String] = []
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            guard record.kind == RecordKind.decision else { return }
            texts.append(String(decoding: record.payload.array.dropLast(), as: UTF8.self))
        }
        return texts
    }

    /// Time goes by: what the courier asks for is done by the next call.
    func tick() {
        plugin.shared.pointee.serverDue.store(true, ordering: .relaxed)
        call(":SYS:VERSION:")
    }
}

private let info = #"["2",3,"76561198000000001","Mira ""M""",""Mira"",<NULL-object>]"#

@Test func aPlayerIsAskedAboutAndGetsTheScriptsAnswer() throws {
    let game = try Game()
    #expect(game.ask("gate:ready", "\"co08\"") == ("ok 0", 0))
    #expect(game.ask("gate:request", "\"151\"", "0.5", info) == ("DELAY", 0))
    #expect(game.round() == [#"gate["ask","151",0.5,1,"76561198000000001","Mira ""M"""]"#])
    #expect(game.ask("gate:kick", "\"151\"", "\"Not \"\"here\"\"\"", "\"1\"") == ("ok", 0))
    #expect(game.ask("gate:request", "\"151\"", "1") == ("REFUSE_Not  here", 0))
    #expect(game.ask("gate:go", "\"151\"") == ("late", 3))
    #expect(game.ask("gate:go", "\"999\"") == ("unknown", 2))
    #expect(
        try game.decisions() == [
            #"{"of":"gate","id":"151","uid":"76561198000000001","name":"Mira \"M\"","#
                + #""result":"refuse","reason":"Not  here","by":"script","wait":1,"polls":2}"#
        ])
    #expect(try game.logged().contains(#"gate:request|"151"|0.5|\#(info)"#), "verbatim")
}

@Test func theGateAnswersWithoutMissionListenerOrSense() throws {
    let game = try Game()
    for arguments in [
        ["\"1\"", "0"], [], [""], ["\"\"", "\"\""], ["[]"], ["\"1\"", "nan", "<null>"],
    ] {
        let answer = game.call("gate:request", list: arguments)
        #expect(answer == "ACCEPT", "\(arguments)")
    }
    #expect(game.callString("gate:request") == "ACCEPT")
    #expect(game.callString("gate:request|7") == "ACCEPT")
    game.round()
    #expect(game.logText.contains("gate:request without a player's id"))
}

@Test func theWikisNamesAndArgumentsWork() throws {
    let game = try Game()
    _ = game.ask("gate:ready")
    #expect(game.ask("joinRequest", "\"5\"", "2") == ("DELAY", 0))
    #expect(game.round() == [#"gate["ask","5",2,1,"",""]"#, #"joinRequest["5",2]"#])
    #expect(game.ask("kick", "\"5\"", "\"no\"", "\"x\"").code == 5, "as gate:kick does")
    #expect(game.ask("kick", "\"too late\"") == ("ok", 0))
    #expect(game.ask("joinRequest", "[\"5\",3]") == ("REFUSE_too late", 0), "one array")
    _ = game.ask("joinRequest", "\"6\"", "0")
    #expect(game.ask("go") == ("ok", 0))
    #expect(game.ask("joinRequest", "\"6\"", "1") == ("ACCEPT", 0))
    _ = game.ask("joinRequest", "\"7\"", "0")
    _ = game.ask("joinRequest", "\"8\"", "0")
    #expect(game.ask("go") == ("which", 1))
    #expect(game.ask("kick", "\"nobody\"") == ("which", 1))
    #expect(game.ask("kick", "\"7\"") == ("ok", 0), "one who waits")
    #expect(game.ask("joinRequest", "\"7\"", "1") == ("REFUSE", 0))
}

@Test func policyAndRulesComeFromTheConfiguration() throws {
    let game = try Game(
        own: #"""
            "gate": {"policy": {"no_listener": "refuse", "refuse_text": "closed"},
                     "rules": [{"id": "vip", "uids": ["76561198000000001"], "result": "accept"},
                               {"id": "bad"}]},
            "admin": {"allow": ["kick", "fly", 7], "on": {"hacked": "kick", "rain": "kick", "kicked": "lock"}}
            """#)
    #expect(game.ask("gate:request", "\"1\"", "0", info) == ("ACCEPT", 0))
    #expect(game.ask("gate:request", "\"2\"", "0") == ("REFUSE_closed", 0))
    #expect(game.ask("gate:policy", "\"{\"\"max_wait\"\":5}\"") == ("ok", 0))
    #expect(game.ask("gate:policy").text.contains(#""max_wait":5,"#))
    #expect(game.ask("gate:policy", "\"{\"\"max_wait\"\":\"\"x\"\"}\"").code == 5)
    #expect(game.ask("gate:rule", "\"del\"", "\"vip\"") == ("ok", 0))
    #expect(game.ask("gate:stats").text.hasPrefix(#"{"requests":2,"accepted":1,"delayed":0"#))
    #expect(game.ask("gate:list").text.hasPrefix(#"[["1","DONE","#))
    #expect(game.ask("gate:selftest") == ("ok 4000 steps, 500 players", 0))
    game.round()
    for sentence in [
        "a rule's result is accept, refuse or ask", "fly in admin.allow is no admin command",
        "lock in admin.on: it takes an event and what takes only an id",
        "Error:  in admin.on: it takes",
    ] { #expect(game.logText.contains(sentence)) }
}

@Test func anAttemptThatCanNotBeReadIsAnErrorAndDecidesNothing() throws {
    let game = try Game()
    _ = game.ask("gate:ready")
    _ = game.ask("gate:request", "\"1\"", "0")
    for attempt in ["\"nonsense\"", "99999999999", "1.5", "-1", "nan", "\"\"", "1e+06"] {
        for (name, arguments) in [
            ("gate:go", ["\"1\""]), ("go", ["\"1\""]), ("gate:kick", ["\"1\"", "\"no\""]),
            ("kick", ["\"1\"", "\"no\""]), ("gate:hold", ["\"1\"", "5"]),
        ] {
            let answer = game.call(name, list: arguments + [attempt])
            #expect(
                answer == (attempt == "1e+06" ? "stale" : "Error: an attempt is a whole number"))
        }
    }
    #expect(game.ask("gate:list").text.hasPrefix(#"[["1","ASKED","#))
    #expect(game.ask("gate:go", "\"1\"", "1") == ("ok", 0))
}

@Test func aLongArrayCountsUpToTheEighthElement() throws {
    let game = try Game()
    _ = game.ask("gate:ready")
    let long = "[" + [String](repeating: "1", count: 8_000).joined(separator: ",") + "]"
    #expect(game.ask("gate:request", long) == ("DELAY", 0))
    #expect(game.ask("gate:request", "\"2\"", "0", long) == ("DELAY", 0))
    #expect(game.ask("gate:list").text.contains(#"["2","ASKED",0,"1"]"#), "the name is the fourth")
    // `[_this, getUserInfo …]`, where a handler's `_this` could be a single value.
    #expect(game.ask("gate:request", "[\"3\",0]", info) == ("DELAY", 0))
    #expect(game.ask("gate:list").text.contains(#"["3","ASKED",0,"Mira \"M\""]"#))
    for text in ["[", "[[[\"", "[,", "[\"1\",0", "[]]", "[1]]"] {
        #expect(game.ask("gate:request", text).code == 0, "\(text)")
    }
}

@Test func aRuleGoesByItsIdWhateverItReadsLike() throws {
    let game = try Game()
    for id in ["123", "null", "true", "vip", "[1]"] {
        let rule = #""{""id"":""\#(id)"",""result"":""accept""}""#
        #expect(game.ask("gate:rule", "\"add\"", rule) == ("ok", 0))
        #expect(game.ask("gate:rule", "\"del\"", "\"\(id)\"") == ("ok", 0), "\(id)")
        #expect(game.ask("gate:rule", "\"del\"", "\"\(id)\"") == ("unknown", 2))
        _ = game.ask("gate:rule", "\"add\"", rule)
        #expect(game.ask("gate:rule", "\"del\"", "\"\"\"\(id)\"\"\"") == ("ok", 0), "as JSON")
    }
    #expect(game.ask("gate:rule", "\"add\"", "\"123\"").text == "Error: a rule is a JSON object")
}

@Test func theRecordOfADecisionSaysWhichRuleItWasAndWhy() throws {
    let game = try Game(
        own: #"""
            "gate": {"rules": [{"id": "v\"ip", "uids": ["76561198000000001"], "result": "accept",
                                "text": "a friend"},
                               {"id": "night", "result": "refuse"}]}
            """#)
    _ = game.ask("gate:request", "\"1\"", "0", info)
    _ = game.ask("gate:request", "\"2\"", "0")
    let decisions = try game.decisions()
    #expect(
        decisions[0].contains(
            #""result":"accept","reason":"a friend","by":"rule","rule":"v\"ip","wait":0"#))
    #expect(decisions[1].contains(#""result":"refuse","by":"rule","rule":"night","wait":0"#))
}

@Test func decisionsDoNotSurviveARestartOfTheServerAndTheConfigurationDoes() throws {
    let game = try Game(
        own: #"""
            "gate": {"policy": {"no_listener": "delay", "pre_decide": true, "sticky_decision": true},
                     "rules": [{"id": "banned", "uids": ["76561198000000001"], "result": "refuse"}]}
            """#)
    func before(_ player: String, _ command: String) {
        _ = game.ask("gate:request", "\"\(player)\"", "1")
        _ = game.ask(command, "\"\(player)\"")
    }
    // Told, decided and not told, decided early; and what a script has set.
    for (player, command) in [("1", "gate:go"), ("2", "gate:kick")] {
        before(player, command)
        #expect(game.ask("gate:request", "\"\(player)\"", "1").text != "DELAY")
        before(player + "0", command)
        #expect(game.ask(command, "\"\(player)00\"") == ("ok", 0))
    }
    _ = game.ask("gate:ready")
    _ = game.ask("gate:policy", "\"{\"\"max_wait\"\":5}\"")
    _ = game.ask("gate:rule", "\"add\"", #""{""id"":""all"",""result"":""refuse""}""#)
    #expect(try game.decisions().count == 2)
    game.restart()
    for player in ["1", "2", "10", "20", "100", "200"] {
        #expect(game.ask("gate:request", "\"\(player)\"", "6") == ("DELAY", 0), "\(player)")
    }
    #expect(game.ask("gate:request", "\"3\"", "0", info) == ("REFUSE", 0))
    #expect(
        game.round().filter { $0.hasPrefix("gate[") } == [], "no mission has said that it listens")
    #expect(game.ask("gate:stats").text.contains(#""rules":1,"#))
    #expect(try game.decisions().count == 1, "a log of its own for each run of the server")
}

@Test func everyServerEventIsKeptAndAnsweredWithNothing() throws {
    let game = try Game()
    for command in ServerCommand.allCases where command.isEvent {
        #expect(game.ask(command.name.description, "1.51343e+09", "\"a3\\data.pbo\"") == ("", 0))
    }
    #expect(
        try game.logged().filter { $0.hasPrefix("sev:") }.count
            == ServerCommand.allCases.filter(\.isEvent).count)
    let mute = try Game(own: #""logDir": "/proc/none""#)
    #expect(mute.ask("sev:connected", "\"1\"").code == 5, "not recorded")
    #expect(mute.ask("gate:request", "\"1\"", "0") == ("ACCEPT", 0), "answered all the same")
}

@Test func aQuestionIsNeverLostWhenTheCallbackBufferIsFull() throws {
    let game = try Game()
    _ = game.ask("gate:ready")
    // Nobody takes callbacks: more questions than places, and many others between them.
    for player in 0..<200 {
        _ = game.ask("gate:request", "\"\(player)\"", "0")
        _ = game.ask("gate:request", "\"\(player)\"", "1")
        for _ in 0..<10 {
            game.call(":SYS:INIT:")
        }
        game.plugin.courier.round()
    }
    let asked = game.round().filter { $0.hasPrefix("gate[") }
    #expect(asked.count == 200, "one for each player, however often it was repeated")
}

@Test func timeOutsBetweenCallsAreInTheLogWithTheNextCall() throws {
    let game = try Game(own: #""gate": {"policy": {"decide_timeout": 0, "on_timeout": "refuse"}}"#)
    _ = game.ask("gate:ready")
    #expect(game.ask("gate:request", "\"1\"", "0") == ("DELAY", 0))
    game.tick()
    #expect(game.round().contains(#"gate["expired","1","REFUSE"]"#))
    #expect(game.ask("gate:request", "\"1\"", "1") == ("REFUSE", 0))
    #expect(try game.decisions().first?.contains(#""by":"timeout""#) == true)
}
