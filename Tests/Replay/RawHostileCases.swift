// Raw calls in, exact JSON out: values that make no sense (docs/ocap-compatibility.md, the last table).

extension RawCase {
    /// One call of each command that carries a frame, with this one.
    private static func everyCommand(_ frame: String) -> String {
        lines(
            create.replacing("|1|0|", with: "|\(frame)|5|"),
            createVehicle.replacing("|1|1|", with: "|\(frame)|6|"), state(frame),
            vehicleState(frame), ":SOLDIER:DELETE:|0|\(frame)", ":VEHICLE:DELETE:|1|\(frame)",
            #":TIME:STATE:|\#(frame)|"a"|"b"|1|1"#, #":EVENT:KILL:|\#(frame)|0|0|"x"|1"#,
            #":EVENT:GENERAL:|\#(frame)|"a"|"b""#, #":EVENT:SECTOR:|\#(frame)|"contested"|"s"|"B""#,
            #":EVENT:ENDMISSION:|\#(frame)|""|"won""#,
            shot().replacing("|4|812.331|", with: "|\(frame)|812.331|"),
            #":EVENT:CHAT:|\#(frame)|0|1|"A"|"A"|"hi"|"7""#,
            #":EVENT:RADIO:|\#(frame)|0|"r"|"SW"|"Start"|1|false|"152.000"|"c""#,
            ":TELEMETRY:FRAME:|\(frame)|[50,40]|[]|[]|[]|[]|[]",
            marker.replacing(#""m"|0|"#, with: #""n"|0|"#)
                .replacing("|1|-1|-1|", with: "|\(frame)|-1|-1|"),
            markerState(frame, at: "[9,9,9]"), #":MARKER:DELETE:|"m"|\#(frame)"#,
            mine(7).replacing("|2|7|", with: "|\(frame)|7|"),
            #":PLACED:EVENT:|\#(frame)|3|"deleted"|"1,2,3""#, #":ACE3:DEATH:|\#(frame)|0|"x"|-1"#,
            ":ACE3:UNCONSCIOUS:|\(frame)|0|true")
    }
    private static let commandsWithFrames: UInt64 = 22

    /// Someone of each kind, and a state of the second frame; then a command of each kind with that frame.
    private static func wild(
        _ promise: String, _ frame: String, _ key: String, _ value: String
    )
        -> RawCase
    {
        RawCase(
            promise + ", " + key,
            lines(create, createVehicle, marker, mine(3), state("2"), everyCommand(frame)), key,
            strict: value, rejects: (commandsWithFrames, commandsWithFrames))
    }

    static let hostile: [RawCase] = [
        // MARK: Not a number, not finite
        RawCase(
            "a vehicle is where it was",
            lines(
                firstVehicle, vehicleState("1", at: "[nan,2,3]", id: "0"),
                vehicleState("2", at: "[7,8,9]", id: "0"),
                vehicleState("3", at: "[inf,5,-1.#IND]", id: "0")), "entities",
            strict: list(
                vehicle(
                    0,
                    positions: stay("0,2,3", 0, 0) + "," + stay("7,8,9", 1, 1) + ","
                        + stay("7,5,9", 2, 2)))),
        RawCase(
            "a marker is where it was, and stands upright",
            lines(
                marker.replacing("[1,2,3]", with: "[1,-nan(ind),3]")
                    .replacing(#""m"|0|"#, with: #""m"|nan|"#)
                    .replacing(#""ICON"|1|"#, with: #""ICON"|inf|"#),
                markerState("3", at: "[inf,5,6]")), "Markers",
            strict: list(dot("[0,[1,0,3],\(look),[2,[1,5,6],\(look)"))),
        RawCase(
            "a line's point is the one before",
            marker.replacing("[1,2,3]", with: "[[1,2],[nan,4],[5,inf]]")
                .replacing(#""ICON""#, with: #""POLYLINE""#), "Markers", strict: "[]",
            standard: list(
                dot("[0,[[1,2],[1,4],[5,4]]," + look).replacing(#""ICON""#, with: #""POLYLINE""#)),
            rejects: (1, 0)),
        RawCase(
            "a shot's point is the one before",
            lines(create, shot(path: #"[[1,4,"3,4,14"],[nan,4,"nan,8,inf"]]"#)), "entities",
            strict: list(unit(0)), standard: list(unit(0, fired: "[3,[3,8,14]]")),
            rejects: (1, 0)),
        RawCase(
            "a shot's text coordinates are those before, in both modes",
            lines(create, shot(path: #"[[1,4,"3,4,14"],[1,4,"nan,8,inf"]]"#)), "entities",
            strict: list(unit(0, fired: "[3,[3,8,14]]"))),
        RawCase(
            "a hit is where the shot ended",
            lines(create, shot(hits: #"[[0,"x","nan,inf,1",4]]"#)), "events",
            strict: #"[[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#),
        RawCase(
            "a mine is somewhere, and hits from there",
            lines(create, mine(3, at: "nan,4,11"), #":PLACED:EVENT:|5|3|"hit"|"inf,8,11"|0"#),
            "events", strict: #"[[4,"hit",0,[0,"Mine"],4]]"#),
        RawCase(
            "a mine that is nowhere is shown", mine(3, at: "nan,4,inf"), "Markers",
            strict: list(mineMarker(at: "0,4,0"))),
        RawCase(
            "a sector that is nowhere, a kill from nowhere",
            lines(
                create, #":EVENT:SECTOR:|3|"contested"|"sector"|"B"|""|nan|2|-inf"#,
                #":EVENT:KILL:|5|0|0|"x"|nan"#, #":EVENT:KILL:|6|0|0|"x"|1e99"#), "events",
            strict: #"[[2,"contested",["sector","B","",[0,2,0]]],[4,"killed",0,[0,"x"],0],"#
                + #"[5,"killed",0,[0,"x"],0]]"#),
        RawCase(
            "a clock that stands still", #":TIME:STATE:|10|"a"|"b"|nan|inf"#, "times",
            strict: #"[{"date":"b","frameNum":9,"systemTimeUTC":"a","time":0,"timeMultiplier":1}]"#),
        RawCase(
            "a bearing and a life that are no numbers",
            lines(create, state("1", bearing: "nan", life: "x")), "entities",
            strict: list(unit(0, positions: at("1,2,3", bearing: 0, life: 0)))),

        // MARK: Frames
        wild("no command leaps to frame 2,000,000", "2000000", "endFrame", "1"),
        wild("no command leaps to frame 1e20", "1e20", "events", "[]"),
        wild("no command leaps to infinity", "inf", "endFrame", "1"),
        wild(
            "no command goes back behind frame 0", "-1", "Markers",
            list(dot("[0,[1,2,3]," + look), mineMarker())),
        wild("no command has no frame", "nan", "endFrame", "1"),
        RawCase(
            "a shot's points and hits beyond all frames are left out",
            lines(
                create,
                shot(
                    path: #"[[1,4,"3,4,14"],[1,2000000,"6,8,11"],[1,-7,"1,1,1"],[1,1e20,"1,1,1"]]"#,
                    hits: #"[[0,"x","6,8,11",2000000],[0,"x","6,8,11",-3]]"#,
                    simulation: "shotShell")), "Markers",
            strict: #"[["mil_triangle","MX 6.5 - 30Rnd",3,3,0,"ColorRed",-1,"#
                + #"[[3,[3,4,14],0,1]],[1,1],"ICON","Solid"]]"#),

        // MARK: Ids beyond 65,535
        RawCase(
            "a soldier beyond all ids", create.replacing("|1|0|", with: "|1|65536|"), "entities",
            strict: list(unit(0)), standard: "[]", rejects: (0, 1)),
        RawCase(
            "a vehicle's state beyond all ids", lines(firstVehicle, vehicleState("1", id: "65536")),
            "entities", strict: list(vehicle(0, positions: stay("1,2,3", 0, 0))),
            standard: list(vehicle(0)), rejects: (0, 1)),
        RawCase(
            "a killer beyond all ids", lines(create, #":EVENT:KILL:|5|0|65536|"x"|1"#), "events",
            strict: #"[[4,"killed",0,[0,"x"],1]]"#, standard: "[]", rejects: (0, 1)),
        RawCase(
            "a victim of a shot beyond all ids",
            lines(create, shot(hits: #"[[65536,"x","6,8,11",4]]"#)),
            "events", strict: #"[[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#, standard: "[]"),
        RawCase(
            "a shooter beyond all ids", lines(create, shot(firer: "65536")), "entities",
            strict: list(unit(0, fired: "[3,[6,8,11]]")), standard: list(unit(0)),
            rejects: (0, 1)),
        RawCase(
            "a vehicle to sit in beyond all ids", lines(create, state("1", vehicle: "65541")),
            "entities", strict: list(unit(0, positions: at("1,2,3", in: 5))),
            standard: list(unit(0, positions: at("1,2,3")))),
        RawCase(
            "a crew beyond all ids",
            lines(firstVehicle, vehicleState("1", crew: "[0,65541]", id: "0")),
            "entities",
            strict: list(vehicle(0, positions: stay("1,2,3", 0, 0, crew: "[0,65541]"))),
            standard: list(vehicle(0, positions: stay("1,2,3", 0, 0, crew: "[0]")))),
        RawCase(
            "a mine beyond all ids", mine(65539), "Markers", strict: list(mineMarker()),
            standard: "[]", rejects: (0, 1)),
        RawCase(
            "a marker's owner beyond all ids", marker.replacing("|1|-1|-1|", with: "|1|-1|70000|"),
            "Markers",
            strict: list(
                dot("[0,[1,2,3]," + look).replacing(
                    #",0,-1,-1,"800000""#, with: #",0,-1,70000,"800000""#)),
            standard: list(dot("[0,[1,2,3]," + look))),

        // MARK: Crews that are none
        RawCase(
            "a crew that is no list is nobody, one that is in part keeps that part",
            lines(
                firstVehicle, vehicleState("1", crew: "any", id: "0"),
                vehicleState("2", crew: "[1,2", id: "0"), vehicleState("3", crew: "", id: "0"),
                vehicleState("4", crew: #"[1,"x",nan,2.5,-1,[7],20]"#, id: "0")), "entities",
            strict: list(
                vehicle(
                    0,
                    positions: [
                        stay("1,2,3", 0, 0), stay("1,2,3", 1, 1), stay("1,2,3", 2, 2),
                        stay("1,2,3", 3, 3),
                    ].joined(separator: ","))),
            standard: list(
                vehicle(
                    0,
                    positions: [
                        stay("1,2,3", 0, 0), stay("1,2,3", 1, 1), stay("1,2,3", 2, 2),
                        stay("1,2,3", 3, 3, crew: "[1,20]"),
                    ].joined(separator: ",")))),

        // MARK: Names
        RawCase(
            "a player called [1] joins, speaks, leaves and dies",
            lines(
                create.replacing(#""A""#, with: #""[1]""#),
                #":EVENT:GENERAL:|3|"connected"|"[1]"|"{}""#,
                #":EVENT:GENERAL:|4|"generalEvent"|"[1]"|"{}""#,
                #":EVENT:GENERAL:|5|"disconnected"|"[1]"|"{}""#, #":EVENT:KILL:|6|0|0|"[1]"|2"#),
            "events",
            strict: #"[[2,"connected",[1]],[3,"generalEvent",[1]],[4,"disconnected",[1]],"#
                + #"[5,"killed",0,[0,"[1]"],2]]"#,
            standard: #"[[2,"connected","[1]"],[3,"generalEvent","[1]"],[4,"disconnected","[1]"],"#
                + #"[5,"killed",0,[0,"[1]"],2]]"#),
        RawCase(
            "a player's name in his states is a text",
            lines(create, state("1", name: #""[1]""#, isPlayer: "1")), "entities",
            strict: list(
                unit(
                    0, name: "[1]", positions: at("1,2,3", name: "[1]", isPlayer: 1), isPlayer: 1))),
    ]
}
