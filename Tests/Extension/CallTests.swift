// Calls through a whole plug-in: reply, record in the log, callback.

import Foundation
import Testing
import Values

@testable import Extension

@Test func everyCallIsInTheLogAsItWasPassed() throws {
    let game = try Game()
    game.call(":SYS:LOG:", #""a ""b"" c""#, "[1,2]", "")
    game.call(":SOLDIER:STATE:", "0", "[1,2,3]")
    game.call(":NO:SUCH:", "x")
    game.callString(":SYS:LOG:|hello")
    game.callString("gibberish")
    game.call("", list: [])
    #expect(
        try game.logged() == [
            #":SYS:LOG:|"a ""b"" c"|[1,2]|"#, ":SOLDIER:STATE:|0|[1,2,3]", ":NO:SUCH:|x",
            ":SYS:LOG:|hello", "gibberish", "",
        ])
}

@Test func theAddonsSequenceGetsItsReplies() throws {
    let game = try Game(storage: #"{"type": "sqlite"}"#)
    #expect(game.call(":SYS:VERSION:") == #"["ok", ["dev","unknown","unknown"]]"#)
    #expect(game.call(":SYS:LOG:", "\"m\"") == #"["ok"]"#)
    #expect(game.call(":SYS:INIT:") == #"["ok"]"#)
    #expect(game.round() == [":SYS:READY:[]", #":SYS:VERSION:["dev"]"#])
    #expect(game.call(":SYS:ADDON_VERSION:", "\"2.1.0\"") == #"["ok"]"#)
    #expect(game.call(":SYS:ADDON_VERSION:") == #"["ok"]"#)
    #expect(game.call(":SYS:DIR:ARMA:") == #"["ok", "\#(game.folder.path)"]"#)
    #expect(
        game.call(":SYS:DIR:MODULE:")
            == #"["ok", "\#(game.folder.path)/mod/ocap_recorder_x64.so"]"#)
    #expect(
        game.call(":SYS:DIR:LOG:").hasPrefix(#"["ok", "\#(game.folder.path)/ocaplogs/ocap_rec"#))
    #expect(game.call(":STORAGE:INIT:") == #"["ok"]"#)
    #expect(game.round() == [#":STORAGE:OK:["sqlite"]"#])
    #expect(game.call(":MISSION:START:", goodWorld, goodMission) == #"["ok", "queued"]"#)
    #expect(game.round() == [#":MISSION:OK:["OK"]"#])
    let timestamp = game.call(":SYS:TIMESTAMP:")
    #expect(timestamp.hasPrefix(#"["ok", "1"#) && timestamp.utf8.count == 29)
    #expect(game.callString(":SYS:TIMESTAMP:").utf8.count == 29)
}

@Test func unknownCommandsAreAnsweredWithTheirFullText() throws {
    let game = try Game()
    #expect(game.call(":NOPE:", "1") == #"["error", "no handler registered for :NOPE:"]"#)
    #expect(game.call("") == #"["error", "no handler registered for "]"#)
    #expect(game.callString("a|b") == #"["error", "no handler registered for a|b"]"#)
    #expect(game.call(#"a"b"#) == #"["error", "no handler registered for a""b"]"#)
    #expect(game.call(":NOPE:", size: 20) == #"["error", "no handl"#)
}

@Test func theStringFormTakesWhatStandsBeforeTheBar() throws {
    let game = try Game()
    #expect(game.callString(":EVENT:GENERAL:|x") == #"["ok", "queued"]"#)
    #expect(game.callString(":EVENT:GENERAL:") == #"["ok", "queued"]"#)
    #expect(
        game.callString(":SOLDIER:CREATE:|x")
            == #"["error", ":SOLDIER:CREATE: needs 11 arguments, got 1"]"#)
}

@Test func aQueuedCommandIsAnsweredBeforeItIsRead() throws {
    let game = try Game()
    for command in [
        ":SOLDIER:STATE:", ":SOLDIER:DELETE:", ":VEHICLE:STATE:", ":TIME:STATE:",
        ":EVENT:PROJECTILE:", ":EVENT:KILL:", ":TELEMETRY:FRAME:", ":MARKER:STATE:",
        ":PLACED:EVENT:", ":ACE3:DEATH:",
    ] {
        #expect(game.call(command) == #"["ok", "queued"]"#)
        #expect(game.call(command, "rubbish") == #"["ok", "queued"]"#)
    }
}

@Test func aCommandThatIsCheckedSaysWhatIsWrong() throws {
    let game = try Game()
    let soldier = [
        "1", "0", "\"n\"", "\"g\"", "\"WEST\"", "1", "\"r\"", "\"c\"", "\"d\"", "\"\"", "\"[]\"",
    ]
    #expect(game.call(":SOLDIER:CREATE:", list: soldier) == #"["ok"]"#)
    #expect(game.call(":SOLDIER:CREATE:", list: soldier + ["more"]) == #"["ok"]"#)
    func with(_ index: Int, _ text: String) -> String {
        var changed = soldier
        changed[index] = text
        return game.call(":SOLDIER:CREATE:", list: changed)
    }
    #expect(with(0, "415.00") == #"["ok"]"#)
    #expect(with(5, "true") == #"["ok"]"#)
    #expect(with(0, "-1") == #"["error", ":SOLDIER:CREATE: argument 0 is no frame number"]"#)
    #expect(with(0, "nan") == #"["error", ":SOLDIER:CREATE: argument 0 is no frame number"]"#)
    #expect(
        with(1, "10.99")
            == #"["error", ":SOLDIER:CREATE: argument 1 is no whole number from 0 on"]"#)
    #expect(
        with(5, "yes") == #"["error", ":SOLDIER:CREATE: argument 5 is neither true nor false"]"#)
    #expect(
        game.call(":PLACED:CREATE:", "1")
            == #"["error", ":PLACED:CREATE: needs 9 arguments, got 1"]"#)
    #expect(game.call(":VEHICLE:CREATE:", "1", "2", "c", "d", "e", "f") == #"["ok"]"#)
    #expect(try game.logged().count == 10)
}

@Test func focusRangesFollowTheirRules() throws {
    let game = try Game()
    let ok = #"["ok"]"#
    #expect(game.call(":MISSION:FOCUS_END:", "5") == ok)
    #expect(game.call(":MISSION:FOCUS_START:", "0").hasPrefix(#"["error", "focus start"#))
    #expect(game.call(":MISSION:FOCUS_START:", "120") == ok)
    #expect(game.call(":MISSION:FOCUS_START:", "1") == ok)
    #expect(game.call(":MISSION:FOCUS_END:", "120").hasPrefix(#"["error", "focus end"#))
    #expect(game.call(":MISSION:FOCUS_END:", "850.00") == ok)
    #expect(game.call(":MISSION:FOCUS_START:", "849").hasPrefix(#"["error", "focus start"#))
    #expect(game.call(":MISSION:FOCUS_START:", "850") == ok)
    #expect(
        game.call(":MISSION:FOCUS_END:")
            == #"["error", ":MISSION:FOCUS_END: needs 1 argument, got 0"]"#)
    #expect(game.call(":MISSION:FOCUS_END:", "1.5").hasSuffix(#"is no whole number from 0 on"]"#))
    game.call(":MISSION:START:", goodWorld, goodMission)
    #expect(game.call(":MISSION:FOCUS_START:", "1") == ok)
}

@Test func aMissionThatCantBeReadIsNotAcceptedAndTheOwnerIsTold() throws {
    let game = try Game()
    game.call(":STORAGE:INIT:")
    game.round()
    for bad in [
        [], [goodWorld], [goodWorld, "\"{}\""], ["nonsense", goodMission],
        [goodWorld, String(repeating: "x", count: 300_000)],
        [String(repeating: "x", count: 500_000), goodMission],
    ] {
        #expect(game.call(":MISSION:START:", list: bad) == #"["ok", "queued"]"#)
        #expect(game.round() == [])
    }
    #expect(game.plugin.courier.recordingCount == 0)
    #expect(game.logText.components(separatedBy: "level=ERROR").count == 7)
    game.call(":MISSION:START:", goodWorld, goodMission)
    #expect(game.round() == [#":MISSION:OK:["OK"]"#])
}

@Test func aLargeDescriptionOfAMissionIsTaken() throws {
    let game = try Game()
    let padded =
        goodMission.dropLast(2) + #", ""x"": ""\#(String(repeating: "y", count: 100_000))""}""#
    for _ in 0..<5 {
        game.call(":MISSION:START:", goodWorld, String(padded))
        #expect(game.round() == [#":MISSION:OK:["OK"]"#])
    }
}

@Test func manyAndLargeArgumentsAreKept() throws {
    let game = try Game(own: #""segmentMiB": 4"#)
    let many = (0..<2_048).map(String.init)
    #expect(game.call(":EVENT:GENERAL:", list: many) == #"["ok", "queued"]"#)
    let large = String(repeating: "é", count: 500_000)
    #expect(game.call(":MARKER:STATE:", large) == #"["ok", "queued"]"#)
    #expect(game.call(large).hasPrefix(#"["error", "no handler registered for éé"#))
    #expect(
        try game.logged() == [
            ":EVENT:GENERAL:|" + many.joined(separator: "|"), ":MARKER:STATE:|" + large, large,
        ])
}

@Test func anArgumentThatNoSegmentHoldsIsAnsweredExactly() throws {
    let game = try Game()
    let reply = game.call(":EVENT:GENERAL:", String(repeating: "x", count: 3_000_000))
    #expect(reply.hasPrefix(#"["error", "not recorded: a call can hold 1"#))
    #expect(game.call(":EVENT:GENERAL:", "1") == #"["ok", "queued"]"#)
    game.round()
    #expect(game.logText.contains("a call was not recorded"))
    #expect(try game.logged() == [":EVENT:GENERAL:|1"])
}

@Test func withoutALogTheGameGoesOnAndHearsWhy() throws {
    let folder = try TemporaryFolder()
    try folder.write("file", "")
    try folder.write(
        "c.json",
        #"{"logsDir": "\#(folder.path)/l", "blackbox": {"logDir": "\#(folder.path)/file/logs"}}"#)
    let plugin = Plugin(
        places: Places(
            gameFolder: folder.path, modulePath: folder.path + "/x.so",
            configuration: folder.path + "/c.json"))
    defer { plugin.close() }
    func call(_ name: String) -> String {
        name.withCString { name in
            reply(1_000) { buffer in
                plugin.path.pointee.answerArray(
                    name, CallPath.Arguments(texts: nil, count: 0), &buffer)
            }
        }
    }
    #expect(call(":SYS:INIT:") == #"["ok"]"#)
    #expect(call(":STORAGE:INIT:") == #"["ok"]"#)
    #expect(call(":EVENT:KILL:").hasPrefix(#"["error", "not recorded: can't make the folder"#))
    plugin.courier.round()
    #expect(plugin.courier.callbacks.waiting.last?.function.description == ":STORAGE:ERROR:")
    // The trouble goes away: the next mission is recorded.
    try FileManager.default.removeItem(atPath: folder.path("file"))
    #expect(call(":STORAGE:INIT:") == #"["ok"]"#)
    plugin.courier.round()
    #expect(plugin.courier.callbacks.waiting.last?.function.description == ":STORAGE:OK:")
    #expect(call(":EVENT:KILL:") == #"["ok", "queued"]"#)
}

@Test func statisticsCountTheCalls() throws {
    let game = try Game()
    for _ in 0..<9 { game.call(":EVENT:KILL:", "1") }
    let text = game.call(":SYS:STATS:")
    #expect(text.hasPrefix(#"["ok", [["calls",9],["p50ns","#))
    #expect(text.hasSuffix(#"],["drops",0]]]"#))
}

@Test func linesOfTheAddonGoToTheLogFile() throws {
    let game = try Game(more: #""nonsense": 1,"#)
    game.call(":SYS:LOG:", #""KILLED ""EVENT""""#, "412", "\"x\"")
    game.call(":SYS:LOG:")
    game.round()
    let text = game.logText
    #expect(text.contains(#"level=INFO msg="KILLED \"EVENT\"" arg1=412 arg2="\"x\"""#))
    #expect(text.contains("level=WARN msg=\"unknown key nonsense is ignored\""))
    #expect(game.folder.text("init.log").contains("unknown key nonsense"))
}

@Test func atDebugEveryCallGoesToTheLogFile() throws {
    let game = try Game(more: #""logLevel": "debug","#)
    game.call(":EVENT:KILL:", "1", "[2]")
    game.round()
    #expect(game.logText.contains("level=DEBUG msg=\":EVENT:KILL:\" arg1=1 arg2=[2]"))
}

@Test func afterTheEndNoCallIsTaken() throws {
    let game = try Game()
    #expect(game.call(":EVENT:KILL:") == #"["ok", "queued"]"#)
    game.plugin.close()
    #expect(game.call(":EVENT:KILL:") == #"["error", "not recorded: the recorder is closed"]"#)
}

@Test func theContextOfACallIsKept() {
    let context = CallContext()
    withTexts(["76561198000000001", "a\\b.sqf", "mission", "", "17"]) {
        context.store($0, count: 5)
    }
    #expect(context.read().steamID == 76_561_198_000_000_001)
    #expect(context.read().remoteOwner == 17)
    #expect(context.text(0) == "a\\b.sqf")
    withTexts([String(repeating: "9", count: 50), String(repeating: "é", count: 500)]) {
        context.store($0, count: 2)
    }
    #expect(context.read().remoteOwner == nil)
    #expect(context.text(0).utf8.count == 254)
    #expect(context.text(1) == "")
    context.store(nil, count: 3)
    #expect(context.read().steamID == 0)
}
