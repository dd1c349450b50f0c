// The array `events`, rule by rule: events in, exact JSON out, in both modes.

import Testing

@testable import Mission
@testable import Replay

/// Both modes at once.
private func expectEvents(
    _ script: Script, strict: [String], standard: [String]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let strictly = try script.part("events", .strict)
    #expect(strictly == "[" + strict.joined(separator: ",") + "]", sourceLocation: sourceLocation)
    let usually = try script.part("events", .standard)
    #expect(
        usually == "[" + (standard ?? strict).joined(separator: ",") + "]",
        sourceLocation: sourceLocation)
}

/// A message of a `respawnTickets` event, and what stands in the document.
private let messages: [(String, String)] = [
    ("[-1,0,10,0]", "[-1,0,10,0]"),
    ("[WEST,EAST]", #""[WEST,EAST]""#),
    ("[1, 2.50 , 1e3]", "[1,2.5,1000]"),
    (#"{"b": 1, "a": {"y":[], "x":null}}"#, #"{"a":{"x":null,"y":[]},"b":1}"#),
    (#"{"a":1,"a":2}"#, #"{"a":2}"#),
    (#"["<b>", "é", "\u00e9"]"#, #"["\u003cb\u003e","é","é"]"#),
    ("[true,false,null]", "[true,false,null]"),
    ("[1e-7,1e21,123456789012345678]", "[1e-7,1e+21,123456789012345680]"),
    ("[-0.0]", "[-0]"),
    ("[1e400]", #""[1e400]""#),
    ("12", #""12""#),
    (#""text""#, #""\"text\"""#),
    ("[1", #""[1""#),
    ("", #""""#),
    ("a\u{2028}b\u{1}\u{8}\u{c}\t\n\r\\", #""a\u2028b\u0001\b\f\t\n\r\\""#),
]

@Suite struct EventTests {
    @Test(arguments: messages) func aMessageThatIsJSONStandsAsJSON(
        _ message: String, _ expected: String
    ) throws {
        let script = Script()
        script.general(4, "respawnTickets", message)
        try expectEvents(script, strict: ["[3,\"respawnTickets\",\(expected)]"])
    }

    @Test(arguments: ["connected", "disconnected", "generalEvent"])
    func aPlayerMayBeCalledLikeAnArray(_ kind: String) throws {
        let script = Script()
        script.general(1, kind, "[1]")
        script.general(2, kind, "{}")
        try expectEvents(
            script, strict: ["[0,\"\(kind)\",[1]]", "[1,\"\(kind)\",{}]"],
            standard: ["[0,\"\(kind)\",\"[1]\"]", "[1,\"\(kind)\",\"{}\"]"])
    }

    @Test func anEventBeforeTheRecordingHasTheFirstFrame() throws {
        let script = Script()
        script.general(0, "generalEvent", "Recording started.")
        try expectEvents(
            script, strict: [#"[-1,"generalEvent","Recording started."]"#],
            standard: [#"[0,"generalEvent","Recording started."]"#])
    }

    @Test func aCapturedSectorHasAnElementMoreForOldViewers() throws {
        let script = Script()
        script.sector(
            2, "captured", "sector", "Alpha", "EAST", Position(x: 1, y: 2.5, z: -0.0))
        script.sector(3, "contested", "sector", "Alpha", "")
        script.general(4, "captured", #"["sector","Bravo","WEST",[1,2,3]]"#)
        script.general(5, "captured", ##"["flag","Mira","#000000","#111111",[1,2,3]]"##)
        let contested = #"[2,"contested",["sector","Alpha","",[0,0,0]]]"#
        let old = ##"[4,"captured",["flag","Mira","#000000","#111111",[1,2,3]]]"##
        let reference = [
            #"[1,"captured",["sector","Alpha","EAST",[1,2.5,-0]]]"#, contested,
            #"[3,"captured",["sector","Bravo","WEST",[1,2,3]]]"#, old,
        ]
        let compatible = [
            #"[1,"captured",["sector","Alpha","EAST","",[1,2.5,-0]]]"#, contested,
            #"[3,"captured",["sector","Bravo","WEST","",[1,2,3]]]"#, old,
        ]
        try expectEvents(script, strict: reference, standard: compatible)
        var options = ReplayOptions.plain
        options.isOldViewerCaptured = false
        let chosen = try script.document(.standard, options: options)
        #expect(chosen.contains(reference[0]))
        options.isOldViewerCaptured = true
        #expect(try script.document(.strict, options: options).contains(compatible[0]))
    }

    /// Whatever a script calls its event: what old viewers would refuse the file for is shown as a text.
    @Test(arguments: [
        ("killed", "boom"), ("killed", "[0,[1,\"x\"],2]"), ("hit", "[]"),
        ("captured", "Alpha is ours"),
        ("captured", #"["sector","A","WEST"]"#), ("captured", #"["a","b","c",7]"#),
        ("captured", #"["a","b","c",[1,2,3],"d"]"#),
    ])
    func aScriptsEventOfAViewersNameIsAText(name: String, message: String) throws {
        let script = Script()
        script.general(2, name, message)
        let quoted = "\"" + message.replacing("\"", with: "\\\"") + "\""
        let asSent = message.hasPrefix("[") ? message : quoted
        try expectEvents(
            script, strict: ["[1,\"\(name)\",\(asSent)]"],
            standard: ["[1,\"generalEvent\",\(quoted)]"])
        script.soldier(1, 0, "A")
        script.state(3, 0)
        _ = try OldViewer(script.document(.standard))
        _ = try NewWeb(script.document(.standard))
    }

    @Test func theEndHasSideAndMessage() throws {
        let script = Script()
        script.end(3, "", "Recording ended due to server being empty")
        script.general(4, "endMission", "Victory")
        script.general(5, "endMission", #"["EAST","won"]"#)
        try expectEvents(
            script,
            strict: [
                #"[2,"endMission",["","Recording ended due to server being empty"]]"#,
                #"[3,"endMission","Victory"]"#, #"[4,"endMission",["EAST","won"]]"#,
            ],
            standard: [
                #"[2,"endMission",["","Recording ended due to server being empty"]]"#,
                #"[3,"endMission",["","Victory"]]"#, #"[4,"endMission",["EAST","won"]]"#,
            ])
    }

    @Test func theUnknownOfAKillIsZero() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.vehicle(1, 1)
        script.kill(2, .vehicle(1), by: .soldier(0), "Titan [AT]", 250)
        script.kill(3, .unknown(77), by: .vehicle(1), "", 16_777_216)
        script.kill(4, .soldier(0), by: .none, "x \"y\"", 0.1)
        try expectEvents(
            script,
            strict: [
                #"[1,"killed",1,[0,"Titan [AT]"],250]"#, #"[2,"killed",0,[1,""],16777216]"#,
                #"[3,"killed",0,[0,"x \"y\""],0.1]"#,
            ])
    }

    @Test func aHitOfAProjectileTellsWeaponMagazineAndDistance() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.vehicle(1, 1)
        script.shot(
            2, by: 0, path: [(2, 3, 4, 100)],
            hits: [(.vehicle(1), 5, 3, 4, 0), (.soldier(0), 4, 0, 0, 0), (.unknown(9), 4, 0, 0, 0)])
        script.shot(
            2, by: 0, muzzle: "", weapon: "MX", magazine: "", simulation: "shotShell", path: [],
            hits: [(.vehicle(1), 6, 3, 4, 12)])
        try expectEvents(
            script,
            strict: [
                #"[3,"hit",0,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],5]"#,
                #"[4,"hit",1,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],0]"#, #"[5,"hit",1,[0,"MX"],5]"#,
            ])
    }

    @Test func anIdBeyondTheEntitiesIsNotWritten() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.placed(1, 5, owner: 40)
        script.shot(2, by: 30, path: [(2, 0, 0, 0)], hits: [(.soldier(0), 2, 3, 4, 0)])
        script.placedEvent(3, 5, "hit", hit: .soldier(0))
        script.placedEvent(4, 5, "hit", hit: .unknown(50))
        try expectEvents(
            script,
            strict: [
                #"[1,"hit",0,[30,"MX 6.5 mm [6.5 mm 30Rnd]"],5]"#,
                #"[2,"hit",0,[40,"APERS Mine"],0]"#, #"[3,"hit",50,[40,"APERS Mine"],0]"#,
            ],
            standard: [
                #"[1,"hit",0,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],5]"#,
                #"[2,"hit",0,[0,"APERS Mine"],0]"#,
            ])
    }

    @Test func withoutEntitiesThereAreNoKills() throws {
        let script = Script()
        script.kill(2, .unknown(1), by: .unknown(2), "x", 1)
        try expectEvents(script, strict: [#"[1,"killed",0,[0,"x"],1]"#], standard: [])
    }

    @Test func eventsOfAFrameStandByGroupAndThenByArrival() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.placed(1, 8, "Late id")
        script.placed(1, 7, "Early id")
        script.shot(2, by: 0, magazine: "", path: [(2, 0, 0, 0)], hits: [(.soldier(0), 9, 0, 1, 0)])
        script.shot(2, by: 0, magazine: "", path: [(2, 0, 0, 0)], hits: [(.soldier(0), 9, 0, 2, 0)])
        script.placedEvent(9, 8, "hit", hit: .soldier(0))
        script.placedEvent(9, 7, "hit", hit: .soldier(0))
        script.kill(9, .soldier(0), by: .soldier(0), "k1", 1)
        script.kill(9, .soldier(0), by: .soldier(0), "k2", 1)
        script.end(9, "WEST", "m")
        script.sector(9, "contested", "sector", "s", "")
        script.general(9, "x", "g1")
        script.general(8, "x", "g0")
        script.general(9, "x", "g2")
        try expectEvents(
            script,
            strict: [
                #"[7,"x","g0"]"#, #"[8,"x","g1"]"#, #"[8,"x","g2"]"#,
                #"[8,"contested",["sector","s","",[0,0,0]]]"#, #"[8,"endMission",["WEST","m"]]"#,
                #"[8,"killed",0,[0,"k1"],1]"#, #"[8,"killed",0,[0,"k2"],1]"#,
                #"[8,"hit",0,[0,"Early id"],0]"#, #"[8,"hit",0,[0,"Late id"],0]"#,
                #"[8,"hit",0,[0,"MX 6.5 mm"],1]"#, #"[8,"hit",0,[0,"MX 6.5 mm"],2]"#,
            ])
    }

    @Test func timesBeginWithFrameZeroForTheViewersClock() throws {
        let script = Script()
        script.time(0, "2026-03-08T19:20:05.12", "2035-06-24T03:15:00", seconds: 22.517)
        script.time(10, "", "<&>", multiplier: 0.1, seconds: 16_777_216)
        let rest = """
            "systemTimeUTC":"2026-03-08T19:20:05.12","time":22.517,"timeMultiplier":1},\
            {"date":"\\u003c\\u0026\\u003e","frameNum":9,"systemTimeUTC":"","time":16777216,\
            "timeMultiplier":0.1}]
            """
        let date = #"[{"date":"2035-06-24T03:15:00","frameNum":"#
        #expect(try script.part("times", .strict) == date + "-1," + rest)
        #expect(try script.part("times", .standard) == date + "0," + rest)
    }
}
