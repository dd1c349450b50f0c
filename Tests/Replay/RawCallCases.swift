// Raw calls in, exact JSON out: the rows of docs/ocap-compatibility.md, and the forms that the commands really
// come in.

extension RawCase {
    static let usual: [RawCase] = [
        // MARK: Texts
        RawCase(
            "doubled quotes are one", create.replacing(#""A""#, with: #""Mira ""Fox"" K.""#),
            "entities", strict: "[" + unit(0, name: #"Mira \"Fox\" K."#) + "]"),
        RawCase(
            "a name may be in quotes", create.replacing(#""A""#, with: #""""Q""""#), "entities",
            strict: "[" + unit(0, name: "Q") + "]", standard: "[" + unit(0, name: #"\"Q\""#) + "]"),
        RawCase(
            "texts without quotes are texts", create.replacing(#""A""#, with: "A"), "entities",
            strict: "[" + unit(0) + "]"),

        // MARK: Soldiers
        RawCase(
            "numbers come with and without decimals",
            create.replacing("|1|0|", with: "|1.00|0.00|") + "\n" + state("2.9", id: "0.00"),
            "entities", strict: "[" + unit(0, positions: at("1,2,3")) + "]",
            standard: "[" + unit(0, positions: at("1,2,3") + "," + at("1,2,3")) + "]"),
        RawCase(
            "a bearing with decimals is a bearing", create + "\n" + state("1", bearing: "90.00"),
            "entities", strict: "[" + unit(0, positions: at("1,2,3", bearing: 0)) + "]",
            standard: "[" + unit(0, positions: at("1,2,3")) + "]"),
        RawCase(
            "a vehicle's id with decimals is that vehicle",
            create + "\n" + state("1", vehicle: "30.00"),
            "entities", strict: "[" + unit(0, positions: at("1,2,3", in: 0)) + "]",
            standard: "[" + unit(0, positions: at("1,2,3", in: 30)) + "]"),
        RawCase(
            "positions come as array or text, with two or three numbers",
            [
                create, state("1", at: "[1.67772e+07,-0,0.5]"), state("2", at: #""4,5.25""#),
                state("3", at: "6,7,8,9"),
            ].joined(separator: "\n"), "entities",
            strict: "["
                + unit(
                    0,
                    positions: [at("16777200,-0,0.5"), at("4,5.25,0"), at("6,7,8")]
                        .joined(separator: ",")) + "]"),
        RawCase(
            "without group and side those of the CREATE count",
            create + "\n" + state("1", tail: ""),
            "entities", strict: "[" + unit(0, positions: at("1,2,3")) + "]"),
        RawCase(
            "a coordinate that is no number is the one before",
            [
                create, state("1", at: "[nan,2,3]"), state("2", at: "[7,8,9]"),
                state("3", at: "[inf,5,-1.#IND]"),
            ].joined(separator: "\n"), "entities",
            strict: "["
                + unit(
                    0, positions: [at("0,2,3"), at("7,8,9"), at("7,5,9")].joined(separator: ","))
                + "]"),
        RawCase(
            "a state may come before the CREATE", state("1") + "\n" + create + "\n" + state("3"),
            "entities", strict: "[" + unit(0, positions: at("1,2,3")) + "]",
            standard: "["
                + unit(
                    0, positions: [at("1,2,3"), at("1,2,3"), at("1,2,3")].joined(separator: ","))
                + "]",
            rejects: (1, 0)),
        RawCase(
            "a state of nobody is dropped", create + "\n" + state("2", id: "9"), "entities",
            strict: "[" + unit(0) + "]", rejects: (1, 1)),
        RawCase(
            "a player takes a unit over",
            create + "\n" + state("1", name: #""Mira""#, isPlayer: "1"),
            "entities",
            strict: "["
                + unit(
                    0, name: "Mira", positions: at("1,2,3", name: "Mira", isPlayer: 1), isPlayer: 1)
                + "]"),
        RawCase(
            "a unit that is deleted and comes back",
            [
                create, state("1"), ":SOLDIER:DELETE:|0|2", state("3", at: "[9,9,9]"),
            ].joined(separator: "\n"), "entities",
            strict: "[" + unit(0, positions: at("1,2,3") + "," + at("1,2,3")) + "]",
            standard: "["
                + unit(
                    0, positions: [at("1,2,3"), at("1,2,3"), at("9,9,9")].joined(separator: ","))
                + "]"),

        // MARK: Numbers out of all bounds
        RawCase(
            "a frame far ahead of all others is no frame",
            [create, state("2"), state("2000000"), state("1e20"), state("3")].joined(
                separator: "\n"),
            "endFrame", strict: "2", rejects: (2, 2)),
        RawCase(
            "a frame below 0 is no frame", create + "\n" + state("2") + "\n" + state("-5"),
            "endFrame", strict: "1", rejects: (1, 1)),
        RawCase(
            "an id beyond 65535 is nobody's", create + "\n" + state("2", id: "65536"), "entities",
            strict: "[" + unit(0, positions: at("1,2,3")) + "]",
            standard: "[" + unit(0) + "]", rejects: (0, 1)),

        // MARK: Vehicles
        RawCase(
            "a vehicle without side is of no side",
            createVehicle.replacing(#"|"WEST""#, with: "").replacing("|1|1|", with: "|1|0|"),
            "entities", strict: "[]", standard: "[" + vehicle(0, side: "UNKNOWN") + "]",
            rejects: (1, 0)),
        RawCase(
            "a crew is a list of ids, or empty",
            [
                createVehicle.replacing("|1|1|", with: "|1|0|"),
                vehicleState("1", crew: "[20,21]"), vehicleState("2", crew: "[]"),
                vehicleState("3", crew: "driver"), vehicleState("4", crew: #""[5]""#),
            ].joined(separator: "\n").replacing(":VEHICLE:STATE:|1|", with: ":VEHICLE:STATE:|0|"),
            "entities",
            strict: "["
                + vehicle(
                    0,
                    positions: "[[1,2,3],0,1,[20,21],[0,0]],[[1,2,3],0,1,[],[1,1]],"
                        + "[[1,2,3],0,1,[],[2,2]],[[1,2,3],0,1,[5],[3,3]]") + "]"),

        // MARK: Times
        RawCase(
            "the first time is of frame 0",
            #":TIME:STATE:|0|"2026-03-08T19:20:05.123"|"2035-06-24T03:15:00"|1|12.5"#, "times",
            strict: #"[{"date":"2035-06-24T03:15:00","frameNum":-1,"#
                + #""systemTimeUTC":"2026-03-08T19:20:05.123","time":12.5,"timeMultiplier":1}]"#,
            standard: #"[{"date":"2035-06-24T03:15:00","frameNum":0,"#
                + #""systemTimeUTC":"2026-03-08T19:20:05.123","time":12.5,"timeMultiplier":1}]"#),

        // MARK: Shots
        RawCase(
            "a bullet that hits", create + "\n" + shot(hits: #"[[0,"spine3","6,8,11",4]]"#),
            "events",
            strict: #"[[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#),
        RawCase(
            "an empty component loses no hit", create + "\n" + shot(hits: #"[[0,"","6,8,11",4]]"#),
            "events", strict: "[]", standard: #"[[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#),
        RawCase(
            "a hit of nobody is no hit", create + "\n" + shot(hits: #"[[7,["a","b"],"6,8,11",4]]"#),
            "events", strict: "[]"),
        RawCase(
            "a bullet's end is the firer's", create + "\n" + shot(), "entities",
            strict: "[" + unit(0, fired: "[3,[6,8,11]]") + "]"),
        RawCase(
            "a shell from a vehicle is a marker",
            [create, createVehicle, shot(simulation: "shotShell", vehicle: "1")]
                .joined(separator: "\n"), "Markers",
            strict: #"[["mil_triangle","Hunter MX 6.5 - 30Rnd",3,3,0,"ColorRed",-1,"#
                + #"[[3,[3,4,14],0,1],[3,[6,8,11],0,1]],[1,1],"ICON","Solid"]]"#),
        RawCase(
            "a shot without a way is dropped", create + "\n" + shot(path: "any"), "entities",
            strict: "[" + unit(0) + "]", rejects: (1, 1)),

        // MARK: Events
        RawCase(
            "a kill names weapon and magazine",
            [
                create, createVehicle,
                #":EVENT:KILL:|5|0|1|["Hunter HMG","Mk30 HMG .50",".50 BMG 200Rnd"]|108"#,
                #":EVENT:KILL:|5|1|99|["","M6 SLAM Mine",""]|0"#,
                #":EVENT:KILL:|5|0|0|"MX 6.5 mm"|3"#,
            ].joined(separator: "\n"), "events",
            strict: #"[[4,"killed",0,[1,"Hunter HMG: Mk30 HMG .50 [.50 BMG 200Rnd]"],108],"#
                + #"[4,"killed",1,[0,"M6 SLAM Mine"],0],[4,"killed",0,[0,"MX 6.5 mm"],3]]"#),
        RawCase(
            "a kill may name whom only a later CREATE explains",
            [":EVENT:KILL:|5|0|0|\"x\"|3", create].joined(separator: "\n"), "events",
            strict: #"[[4,"killed",0,[0,"x"],3]]"#),
        RawCase(
            "a player may be called [1]",
            #":EVENT:GENERAL:|57|"connected"|"[1]"|"{""playerUid"": ""7""}""#, "events",
            strict: #"[[56,"connected",[1]]]"#, standard: #"[[56,"connected","[1]"]]"#),
        RawCase(
            "tickets and counters",
            [
                #":EVENT:GENERAL:|330|"respawnTickets"|[-1,0,150,0]|"{}""#,
                #":EVENT:GENERAL:|330|"counterInit"|[WEST,EAST]|"{}""#,
                #":EVENT:GENERAL:|331|"counterSet"|[12]"#,
            ].joined(separator: "\n"), "events",
            strict: #"[[329,"respawnTickets",[-1,0,150,0]],[329,"counterInit","[WEST,EAST]"],"#
                + #"[330,"counterSet",[12]]]"#),
        RawCase(
            "extra data that is an array loses no event",
            #":EVENT:GENERAL:|3|"capturedFlag"|"x"|"[1,2]""#, "events", strict: "[]",
            standard: #"[[2,"capturedFlag","x"]]"#, rejects: (1, 0)),
        RawCase(
            "sectors come in several lengths",
            [
                #":EVENT:SECTOR:|3|"captured"|"sector"|"Alpha, north"|"WEST"|2050.5|3040|11.25"#,
                #":EVENT:SECTOR:|4|"contested"|"sector"|"B""#,
                #":EVENT:SECTOR:|5|"contested"|"sector"|"B"|"EAST"|1|2"#,
            ].joined(separator: "\n"), "events",
            strict: #"[[2,"captured",["sector","Alpha, north","WEST",[2050.5,3040,11.25]]],"#
                + #"[3,"contested",["sector","B","",[0,0,0]]],[4,"contested",["sector","B","EAST",[0,0,0]]]]"#,
            standard: #"[[2,"captured",["sector","Alpha, north","WEST","",[2050.5,3040,11.25]]],"#
                + #"[3,"contested",["sector","B","",[0,0,0]]],[4,"contested",["sector","B","EAST",[0,0,0]]]]"#
        ),
        RawCase(
            "the end", #":EVENT:ENDMISSION:|1043|""|"empty <server>""#, "events",
            strict: #"[[1042,"endMission",["","empty \u003cserver\u003e"]]]"#),
        RawCase(
            "what a replay doesn't show",
            [
                create, #":EVENT:CHAT:|9|0|1|"A"|"A"|"hi"|"7""#,
                #":EVENT:RADIO:|9|0|"AN/PRC-152"|"SW"|"Start"|1|false|"152.000"|"_bluefor""#,
                #":TELEMETRY:FRAME:|9|[50,40]|[]|[]|[]|[]|[["7","a ""b""",31,1.67772e+07,0]]"#,
                #":ACE3:UNCONSCIOUS:|9|0|true"#, ":MISSION:FOCUS_START:|3",
                ":MISSION:FOCUS_END:|9",
            ].joined(separator: "\n"), "events", strict: "[]", rejects: (1, 0)),

        // MARK: Markers
        RawCase(
            "a marker with states, deleted and still moved",
            [
                marker,
                #":MARKER:STATE:|"m"|3|[4,5,6]|45|0.5|"u"|"#
                    + ##""#00FF00"|"[1.5,1.5]"|"mil_flag"|"Cross"|"ICON""##,
                #":MARKER:DELETE:|"m"|5"#,
                ##":MARKER:STATE:|"m"|6|[7,8,9]|0|1|"t"|"#1"|"##
                    + #""[1,1]"|"mil_dot"|"Solid"|"ICON""#,
            ].joined(separator: "\n"), "Markers",
            strict: "["
                + dot(
                    "[0,[1,2,3]," + look
                        + #",[2,[4,5,6],45,0.5,"u","00FF00",[1.5,1.5],"mil_flag","Cross","ICON"]"#
                        + #",[5,[7,8,9],0,1,"t","1",[1,1],"mil_dot","Solid","ICON"]"#, end: 4) + "]"
        ),
        RawCase(
            "an old addon's state keeps the look",
            marker + "\n" + #":MARKER:STATE:|"m"|3|[4,5,6]|0|1"#,
            "Markers", strict: "[" + dot("[0,[1,2,3]," + look) + "]",
            standard: "[" + dot("[0,[1,2,3]," + look + ",[2,[4,5,6]," + look) + "]", rejects: (1, 0)
        ),
        RawCase(
            "a name that is used again is another marker",
            [
                marker, #":MARKER:DELETE:|"m"|4"#,
                marker.replacing(#"|1|-1|-1|"#, with: #"|6|-1|-1|"#),
            ]
            .joined(separator: "\n"), "Markers",
            strict: "[" + dot("[5,[1,2,3]," + look, start: 5) + "]",
            standard: "[" + dot("[0,[1,2,3]," + look, end: 3) + ","
                + dot("[5,[1,2,3]," + look, start: 5) + "]"),
        RawCase(
            "a line has its points",
            marker.replacing("[1,2,3]", with: line).replacing(#""ICON""#, with: #""POLYLINE""#),
            "Markers",
            strict: "["
                + dot("[0,\(line)," + look).replacing(#""ICON""#, with: #""POLYLINE""#) + "]"),

        // MARK: Mines
        RawCase(
            "a mine, its end and whom it hit",
            [
                create,
                #":PLACED:CREATE:|2|3|"Mine_Ammo"|"Mine"|"3,4,11"|0|"WEST"|"put"|"\a\mine.paa""#,
                #":PLACED:EVENT:|5|3|"hit"|"6,8,11"|0"#,
                #":PLACED:EVENT:|6|3|"detonated"|"3,4,11""#,
                #":PLACED:EVENT:|6|-1|"detonated"|"3,4,11""#,
            ].joined(separator: "\n"), "events", strict: #"[[4,"hit",0,[0,"Mine"],5]]"#,
            rejects: (1, 1)),
        RawCase(
            "a mine is a marker",
            #":PLACED:CREATE:|2|3|"Mine_Ammo"|"Mine"|"3,4,11"|0|"WEST"|"put"|"\a\mine.paa""#
                + "\n" + #":PLACED:EVENT:|6|3|"deleted"|"3,4,11""#, "Markers",
            strict:
                #"[["magIcons/mine.paa","Mine",1,5,0,"D96600",-1,[[1,[3,4,11],0,1]],[1,1],"ICON","Solid"]]"#
        ),
    ]
}
