// Raw calls in, exact JSON out: what the reference did in its own way, entity by entity, event by event.

extension RawCase {
    private static let secondSoldier = create.replacing("|1|0|", with: "|1|2|")

    static let quirks: [RawCase] = [
        // MARK: Entities
        RawCase(
            "a vehicle that is deleted ends with its delete frame",
            lines(firstVehicle, vehicleState("1", id: "0"), ":VEHICLE:DELETE:|0|3"), "entities",
            strict: list(vehicle(0, positions: stay("1,2,3", 0, 2)))),
        RawCase(
            "a vehicle stands where its first state puts it from its CREATE on",
            lines(firstVehicle, vehicleState("3", id: "0")), "entities",
            strict: list(vehicle(0, positions: stay("1,2,3", 2, 2))),
            standard: list(vehicle(0, positions: stay("1,2,3", 0, 2)))),
        RawCase(
            "of two states of a vehicle in the first frame the later counts",
            lines(
                firstVehicle, vehicleState("1", at: "[1,1,1]", id: "0"),
                vehicleState("1", at: "[2,2,2]", id: "0")), "entities",
            strict: list(
                vehicle(0, positions: stay("1,1,1", 0, -1) + "," + stay("2,2,2", 0, 0))),
            standard: list(vehicle(0, positions: stay("2,2,2", 0, 0)))),
        RawCase(
            "a mine's id is nobody's place", lines(create, mine(1), secondSoldier), "entities",
            strict: list(
                unit(0),
                #"{"id":0,"name":"","side":"","isPlayer":0,"type":"","startFrameNum":0,"#
                    + #""positions":null,"framesFired":null}"#, unit(2)),
            standard: list(
                unit(0),
                #"{"id":1,"name":"","side":"","isPlayer":0,"type":"","startFrameNum":0,"#
                    + #""positions":[],"framesFired":[]}"#, unit(2))),
        RawCase(
            "a bullet of a mine's id is shown at soldiers only",
            lines(create, mine(1), secondSoldier, shot(firer: "1")), "entities",
            strict: list(
                unit(0),
                #"{"id":0,"name":"","side":"","isPlayer":0,"type":"","startFrameNum":0,"#
                    + #""positions":null,"framesFired":[[3,[6,8,11]]]}"#, unit(2)),
            standard: list(
                unit(0),
                #"{"id":1,"name":"","side":"","isPlayer":0,"type":"","startFrameNum":0,"#
                    + #""positions":[],"framesFired":[]}"#, unit(2))),
        RawCase(
            "a soldier created twice keeps his states",
            lines(create, state("1"), create.replacing(#""A""#, with: #""B""#), state("3")),
            "entities", strict: list(unit(0, name: "B", positions: at("1,2,3"))),
            standard: list(
                unit(
                    0, name: "B",
                    positions: [at("1,2,3"), at("1,2,3"), at("1,2,3")].joined(separator: ",")))),
        RawCase(
            "of two states in a frame the later counts",
            lines(create, state("1"), state("2", at: "[1,1,1]"), state("2", at: "[2,2,2]")),
            "entities", strict: list(unit(0, positions: at("1,2,3") + "," + at("2,2,2")))),
        RawCase(
            "states that go back in time cost no frame",
            lines(create, state("5", at: "[5,5,5]"), state("3", at: "[3,3,3]")), "entities",
            strict: list(
                unit(
                    0, positions: [at("3,3,3"), at("3,3,3"), at("3,3,3")].joined(separator: ","))),
            standard: list(
                unit(
                    0,
                    positions: [
                        at("5,5,5"), at("5,5,5"), at("3,3,3"), at("3,3,3"), at("3,3,3"),
                    ].joined(separator: ",")))),
        RawCase(
            "a dead player keeps his name",
            lines(
                create, state("1", name: #""Mira""#, isPlayer: "1"),
                state("2", life: "0", name: #""""#, isPlayer: "1")), "entities",
            strict: list(
                unit(
                    0, name: "",
                    positions: at("1,2,3", name: "Mira", isPlayer: 1) + ","
                        + at("1,2,3", life: 0, name: "", isPlayer: 1), isPlayer: 1)),
            standard: list(
                unit(
                    0, name: "Mira",
                    positions: at("1,2,3", name: "Mira", isPlayer: 1) + ","
                        + at("1,2,3", life: 0, name: "", isPlayer: 1), isPlayer: 1))),
        RawCase(
            "a state may be written with other words and decimals",
            lines(
                create,
                #":SOLDIER:STATE:|0.00|"1,2"|9e+01|1.00|TRUE|A|0.00|Man|1.00|yes||||-1.00|STAND|G|WEST"#
            ), "entities", strict: list(unit(0)),
            standard: list(unit(0, positions: at("1,2,0"))), rejects: (1, 0)),
        RawCase(
            "a bearing stays on the circle, a life state is one of three",
            lines(create, state("1", bearing: "725", life: "7"), state("2", bearing: "-90")),
            "entities",
            strict: list(
                unit(
                    0,
                    positions: at("1,2,3", bearing: 725, life: 7) + ","
                        + at("1,2,3", bearing: 65446))),
            standard: list(
                unit(
                    0, positions: at("1,2,3", bearing: 5) + "," + at("1,2,3", bearing: 270)))),
        RawCase(
            "squad parameters cost no soldier",
            create.replacing(#""[]""#, with: #""{}""#), "entities", strict: "[]",
            standard: list(unit(0)), rejects: (1, 0)),

        // MARK: Events
        RawCase(
            "a sector with a colour before its place",
            ##":EVENT:SECTOR:|3|"captured"|"sector"|"A"|"WEST"|"#004C99"|1|2|3"##, "events",
            strict: "[]", standard: #"[[2,"captured",["sector","A","WEST","",[1,2,3]]]]"#,
            rejects: (1, 0)),
        RawCase(
            "the end and a sector as old addons send them",
            lines(
                #":EVENT:GENERAL:|5|"endMission"|"won"|"{}""#,
                #":EVENT:GENERAL:|6|"captured"|["sector","A","WEST",[1,2,3]]|"{}""#), "events",
            strict: #"[[4,"endMission","won"],[5,"captured",["sector","A","WEST",[1,2,3]]]]"#,
            standard:
                #"[[4,"endMission",["","won"]],[5,"captured",["sector","A","WEST","",[1,2,3]]]]"#),
        RawCase(
            "what happens before the first frame is shown in it",
            #":EVENT:GENERAL:|0|"generalEvent"|"Recording started."|"{}""#, "events",
            strict: #"[[-1,"generalEvent","Recording started."]]"#,
            standard: #"[[0,"generalEvent","Recording started."]]"#),
        RawCase(
            "a shooter nobody knows is 0, a victim nobody knows is not hit",
            lines(
                create, shot(hits: #"[[0,"x","6,8,11",4]]"#, firer: "40"), mine(3),
                #":PLACED:EVENT:|5|3|"hit"|"6,8,11"|9"#), "events",
            strict: #"[[3,"hit",0,[40,"MX 6.5 [30Rnd]"],5],[4,"hit",9,[0,"Mine"],5]]"#,
            standard: #"[[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#),
        RawCase(
            "a kill in a recording of nobody", #":EVENT:KILL:|5|3|4|"x"|1"#, "events",
            strict: #"[[4,"killed",0,[0,"x"],1]]"#, standard: "[]"),
        RawCase(
            "a vehicle's name stands in front of the weapon's",
            lines(
                create, #":EVENT:KILL:|5|0|0|["Hunter HMG","",""]|7"#,
                #":EVENT:KILL:|5|0|0|["","",""]|7"#, #":EVENT:KILL:|5|0|0|["a","b"]|7"#), "events",
            strict: #"[[4,"killed",0,[0,"Hunter HMG"],7],[4,"killed",0,[0,""],7],"#
                + #"[4,"killed",0,[0,"[\"a\",\"b\"]"],7]]"#),
        RawCase(
            "medicine and talk are not shown",
            lines(
                create, #":ACE3:DEATH:|9|0|"CardiacArrest:Timeout"|-1"#,
                #":ACE3:DEATH:|9|0|"x"|77"#, #":EVENT:CHAT:|9|44|1|"A"|"A"|"hi"|"""#), "events",
            strict: "[]", rejects: (2, 0)),
        RawCase(
            "events of a frame stand by their kind",
            lines(
                create, #":EVENT:KILL:|4|0|0|"x"|1"#, shot(hits: #"[[0,"x","6,8,11",4]]"#),
                mine(3), #":PLACED:EVENT:|4|3|"hit"|"6,8,11"|0"#,
                #":EVENT:ENDMISSION:|4|"WEST"|"won""#,
                #":EVENT:SECTOR:|4|"contested"|"sector"|"B""#,
                #":EVENT:GENERAL:|4|"connected"|"Mira"|"{}""#), "events",
            strict: #"[[3,"connected","Mira"],[3,"contested",["sector","B","",[0,0,0]]],"#
                + #"[3,"endMission",["WEST","won"]],[3,"killed",0,[0,"x"],1],"#
                + #"[3,"hit",0,[0,"Mine"],5],[3,"hit",0,[0,"MX 6.5 [30Rnd]"],5]]"#),

        // MARK: Markers
        RawCase(
            "a marker belongs to a side",
            marker.replacing("|-1|[1,2,3]|", with: #"|"East"|[1,2,3]|"#),
            "Markers",
            strict: list(
                dot("[0,[1,2,3]," + look)
                    .replacing(#""800000",-1,[["#, with: #""800000",0,[["#))),
        RawCase(
            "a marker from before the recording is there from its first frame",
            marker.replacing("|1|-1|-1|", with: "|0|-1|-1|"), "Markers",
            strict: list(dot("[-1,[1,2,3]," + look, start: -1)),
            standard: list(dot("[0,[1,2,3]," + look))),
        RawCase(
            "a marker's places rise",
            lines(
                marker, markerState("6", at: "[6,6,6]"), markerState("4", at: "[4,4,4]"),
                #":MARKER:DELETE:|"m"|7"#), "Markers",
            strict: list(
                dot("[0,[1,2,3],\(look),[5,[6,6,6],\(look),[3,[4,4,4],\(look)", end: 6)),
            standard: list(
                dot("[0,[1,2,3],\(look),[3,[4,4,4],\(look),[5,[6,6,6],\(look)", end: 6))),
        RawCase(
            "a size is two numbers, an alpha a number",
            lines(
                marker.replacing("[1,1]", with: "[2]").replacing(#""ICON"|1|"#, with: #""ICON"|x|"#)
            ),
            "Markers", strict: list(dot("[0,[1,2,3]," + look))),
        RawCase(
            "a mine's id used again is another mine", lines(mine(3, name: "A"), mine(3, name: "B")),
            "Markers", strict: list(mineMarker("B")),
            standard: list(mineMarker("A"), mineMarker("B"))),
        RawCase(
            "a hand grenade is shown by its magazine and icon",
            lines(create, shot(simulation: "shotGrenade", icon: #"\a3\ui/gear_M67_CA.paa"#)),
            "Markers",
            strict: #"[["magIcons/gear_M67_CA.paa","30Rnd",3,3,0,"ColorWhite",-1,"#
                + #"[[3,[3,4,14],0,1],[3,[6,8,11],0,1]],[1,1],"ICON","Solid"]]"#),
        RawCase(
            "a rocket fired on foot has no vehicle, one from an unknown vehicle no name",
            lines(
                create, shot(simulation: "shotRocket"),
                shot(path: "[]", simulation: "shotRocket", vehicle: "9")), "Markers",
            strict: #"[["mil_triangle","MX 6.5 - 30Rnd",3,3,0,"ColorRed",-1,"#
                + #"[[3,[3,4,14],0,1],[3,[6,8,11],0,1]],[1,1],"ICON","Solid"],"#
                + #"["mil_triangle"," MX 6.5 - 30Rnd",3,-1,0,"ColorRed",-1,[],[1,1],"ICON","Solid"]]"#
        ),
    ]
}
