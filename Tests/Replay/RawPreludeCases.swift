// Raw calls in, exact JSON out: whole logs. What comes in front of a recording, where one ends and the next one
// begins, and what the commands say that are no part of the document.

extension RawCase {
    private static func whole(
        _ promise: String, _ calls: [String], _ key: String, strict: String,
        standard: String? = nil, rejects: (UInt64, UInt64) = (0, 0), recording: Int = 1
    ) -> RawCase {
        RawCase(
            promise, calls.joined(separator: "\n"), key, strict: strict, standard: standard,
            rejects: rejects, isWholeLog: true, recording: recording)
    }

    /// Calls while a mission is set up, and calls of it.
    private static func setUp(
        _ promise: String, _ calls: [String], then: [String] = [], _ key: String,
        strict: String = "[]", standard: String, rejects: (UInt64, UInt64)
    ) -> RawCase {
        whole(
            "set up: " + promise,
            [":SYS:INIT:"] + calls + [":STORAGE:INIT:", start()] + then + [save], key,
            strict: strict, standard: standard, rejects: rejects)
    }

    private static let save = ":MISSION:SAVE:"
    private static let storage = ":STORAGE:INIT:"
    private static func start(
        _ name: String = "m", world: String = Self.world,
        mission change: (String, String) = ("", "")
    ) -> String {
        let mission =
            change.0.isEmpty ? mission(name) : mission(name).replacing(change.0, with: change.1)
        return ":MISSION:START:|\(world)|\(mission)"
    }
    private static func general(_ frame: Int, _ text: String) -> String {
        #":EVENT:GENERAL:|\#(frame)|"e"|"\#(text)"|"{}""#
    }

    /// The document up to its times.
    private static func head(
        addon: String = "unknown", name: String = "m", world: String = "stratis",
        endFrame: Int = -1, delay: String = "0.3", tag: String = "COOP"
    ) -> String {
        #"{"addonVersion":"\#(addon)","extensionVersion":"v1","extensionBuild":"","#
            + #""missionName":"\#(name)","missionAuthor":"Mira \"M\"","worldName":"\#(world)","#
            + #""endFrame":\#(endFrame),"captureDelay":\#(delay),"tags":"\#(tag)""#
    }

    /// Questions and lines for the log file.
    private static let asked = [
        ":SYS:INIT:", ":SYS:VERSION:", ":SYS:TIMESTAMP:", ":SYS:DIR:ARMA:", ":SYS:DIR:MODULE:",
        ":SYS:DIR:LOG:", #":SYS:LOG:|"KILLED EVENT"|412|17|3"#, ":SYS:LOG:", ":SYS:STATS:",
    ]

    // Of frame 0, before the recording.
    private static let early = create.replacing("|1|0|", with: "|0|0|")
    private static let earlyVehicle = createVehicle.replacing("|1|1|", with: "|0|1|")
    private static let earlyMarker = marker.replacing("|1|-1|-1|", with: "|0|-1|-1|")
    private static let earlyMine = mine(3).replacing("|2|3|", with: "|0|3|")

    static let preludes: [RawCase] = [
        // MARK: The head
        whole(
            "the addon's version is the last one in front of the start",
            [
                #":SYS:ADDON_VERSION:|"2.0.0""#, ":SYS:ADDON_VERSION:|2.1.0", start(),
                #":SYS:ADDON_VERSION:|"9""#, save,
            ], "head", strict: head(addon: "2.1.0")),
        whole(
            "an addon without a version is unknown", [":SYS:ADDON_VERSION:", start(), save], "head",
            strict: head()),
        whole(
            "a version may hold anything",
            [#":SYS:ADDON_VERSION:|"2.1 ""beta"" <x>""#, start(), save], "head",
            strict: head(addon: #"2.1 \"beta\" \u003cx\u003e"#)),
        whole(
            "the next mission has the version that was told since",
            [
                #":SYS:ADDON_VERSION:|"1""#, start(), save, #":SYS:ADDON_VERSION:|"2""#, storage,
                start("n"), save,
            ], "head", strict: head(addon: "2", name: "n"), recording: 2),
        whole(
            "the terrain's keys may be in any case",
            [start(world: #""{""WORLDNAME"": ""malden"", ""Unknown"": [1]}""#), save], "head",
            strict: head(world: "malden")),
        whole(
            "a terrain may be unknown", [start(world: #""{}""#), save], "head",
            strict: head(world: "")),
        whole(
            "a mission's texts are texts, whatever is in them",
            [start(#"a \""b\"" <é> [1]"#, mission: ("COOP", #"T\u0026V\n"#)), save], "head",
            strict: head(name: #"a \"b\" \u003cé\u003e [1]"#, tag: #"T\u0026V\n"#)),
        whole(
            "the seconds of a frame are written as short as they are",
            [start(mission: (" 0.3,", " 1.0e+00,")), save], "head", strict: head(delay: "1")),
        whole(
            "more arguments than two are passed over", [start() + #"|"x"|[]"#, save], "head",
            strict: head()),
        whole(
            "the last frame is that of a state",
            [start(), create, state("5"), general(9, "a"), save], "head",
            strict: head(endFrame: 4)),

        // MARK: Begin and end
        whole(
            "what the recorder is asked is in no replay",
            asked + [storage, start(), create] + asked + [state("1"), save], "entities",
            strict: list(unit(0, positions: at("1,2,3")))),
        whole(
            "a start that can't be read begins nothing and ends nothing",
            [
                start(), general(3, "a"), ":MISSION:START:|\(world)|\"{}\"",
                ":MISSION:START:|\(world)", general(4, "b"), save,
            ], "events", strict: #"[[2,"e","a"],[3,"e","b"]]"#, rejects: (2, 2)),
        whole(
            "a save of nothing saves nothing", [save, start(), general(3, "a"), save, save],
            "events", strict: #"[[2,"e","a"]]"#),
        whole(
            "a recording that is never saved says so at its end",
            [start(), create, state("3")], "events", strict: "[]",
            standard: #"[[2,"generalEvent","Recording ends here: the mission was not saved"]]"#),
        whole(
            "another start ends the recording in front of it",
            [start(), general(3, "a"), start("n"), general(4, "b"), save], "events",
            strict: #"[[2,"e","a"]]"#),
        whole(
            "another start begins afresh",
            [start(), create, general(3, "a"), start("n"), state("2"), general(4, "b"), save],
            "events", strict: #"[[3,"e","b"]]"#, rejects: (1, 1), recording: 2),
        whole(
            "a storage that is opened anew ends the recording",
            [start(), general(3, "a"), storage, general(0, "b"), start("n"), save], "events",
            strict: #"[[2,"e","a"]]"#),
        whole(
            "what comes behind it is the next one's",
            [
                start(), general(3, "a"), storage, general(0, "b"), start("n"), general(2, "c"),
                save,
            ], "events", strict: #"[[1,"e","c"]]"#, standard: #"[[0,"e","b"],[1,"e","c"]]"#,
            rejects: (1, 0), recording: 2),
        whole(
            "between two recordings only frame 0 belongs to the next",
            [start(), save, general(40, "late"), general(0, "joined"), start("n"), save], "events",
            strict: "[]", standard: #"[[0,"e","joined"]]"#, rejects: (1, 0), recording: 2),
        whole(
            "and nothing to the one before",
            [start(), save, general(40, "late"), general(0, "joined"), start("n"), save], "events",
            strict: "[]"),
        whole(
            "what waited for a mission that never came is nobody's",
            [general(0, "old"), ":SYS:VERSION:", start(), save, general(0, "last")], "events",
            strict: "[]"),

        // MARK: While a mission is set up: only the reference loses what comes then
        setUp(
            "soldiers and vehicles that are there already", [early, earlyVehicle],
            then: [state("1"), vehicleState("1")], "entities",
            standard: list(
                unit(0, positions: at("1,2,3")), vehicle(1, positions: stay("1,2,3", 0, 0))),
            rejects: (4, 0)),
        setUp(
            "who is gone before the first frame is shown in none",
            [
                early, state("0"), ":SOLDIER:DELETE:|0|0", earlyVehicle, vehicleState("0"),
                ":VEHICLE:DELETE:|1|0",
            ], "entities", standard: list(unit(0), vehicle(1)), rejects: (6, 0)),
        setUp(
            "markers, and what becomes of them", [earlyMarker],
            then: [markerState("3", at: "[4,5,6]")], "Markers",
            standard: list(dot("[0,[1,2,3],\(look),[2,[4,5,6],\(look)")), rejects: (2, 0)),
        setUp(
            "a marker that has moved and is gone",
            [earlyMarker, markerState("0", at: "[9,9,9]"), #":MARKER:DELETE:|"m"|0"#], "Markers",
            standard: list(dot("[0,[1,2,3],\(look),[0,[9,9,9],\(look)", end: 0)),
            rejects: (3, 0)),
        setUp(
            "mines", [earlyMine], "Markers",
            standard: #"[["Minefield","Mine",0,-1,0,"D96600",-1,[[0,[3,4,11],0,1]],"#
                + #"[1,1],"ICON","Solid"]]"#, rejects: (1, 0)),
        setUp(
            "whom a mine hit", [early, earlyMine, #":PLACED:EVENT:|0|3|"hit"|"6,8,11"|0"#],
            "events", standard: #"[[0,"hit",0,[0,"Mine"],5]]"#, rejects: (3, 0)),
        setUp(
            "the clock", [#":TIME:STATE:|0|"2026-03-08T19:20:05.12"|"2035-06-24T03:15:00"|1|0"#],
            "times",
            standard: #"[{"date":"2035-06-24T03:15:00","frameNum":0,"#
                + #""systemTimeUTC":"2026-03-08T19:20:05.12","time":0,"timeMultiplier":1}]"#,
            rejects: (1, 0)),
        setUp(
            "events",
            [
                early, #":EVENT:KILL:|0|0|0|"x"|1"#, #":EVENT:ENDMISSION:|0|"WEST"|"won""#,
                #":EVENT:SECTOR:|0|"contested"|"sector"|"B""#,
                #":EVENT:GENERAL:|0|"connected"|"Mira"|"{}""#,
            ], "events",
            standard: #"[[0,"connected","Mira"],[0,"contested",["sector","B","",[0,0,0]]],"#
                + #"[0,"endMission",["WEST","won"]],[0,"killed",0,[0,"x"],1]]"#, rejects: (5, 0)),
        setUp(
            "an event with a frame of its own", [general(7, "a")], "events",
            standard: #"[[6,"e","a"]]"#, rejects: (1, 0)),
        setUp(
            "a shot", [early, shot().replacing("|4|812.331|", with: "|0|812.331|")], "entities",
            standard: list(unit(0, fired: "[0,[6,8,11]]")), rejects: (2, 0)),
        setUp(
            "what a replay doesn't show, and a range of no frames",
            [
                early, #":EVENT:CHAT:|0|0|1|"A"|"A"|"hi"|"7""#,
                #":EVENT:RADIO:|0|0|"AN/PRC-152"|"SW"|"Start"|1|false|"152.000"|"_bluefor""#,
                ":TELEMETRY:FRAME:|0|[50,40]|[]|[]|[]|[]|[]", #":ACE3:DEATH:|0|0|"x"|-1"#,
                ":ACE3:UNCONSCIOUS:|0|0|true", ":MISSION:FOCUS_START:|0", ":MISSION:FOCUS_END:|0",
            ], "events", standard: "[]", rejects: (8, 2)),
    ]
}
