// The array `entities`, rule by rule: events in, exact JSON out, in both modes.

import Testing

@testable import Mission
@testable import Replay

/// `[[1,2,3],90,1,0,"A",0,"Man","Alpha 1-1","WEST"]` with the first coordinate as given.
private func element(_ x: Int, name: String = "A", isPlayer: Int = 0) -> String {
    "[[\(x),2,3],90,1,0,\"\(name)\",\(isPlayer),\"Man\",\"Alpha 1-1\",\"WEST\"]"
}

private func soldier(
    _ id: Int, start: Int = 0, name: String = "A", isPlayer: Int = 0, _ positions: [String],
    fired: String = "[]"
) -> String {
    "{\"id\":\(id),\"name\":\"\(name)\",\"group\":\"Alpha 1-1\",\"side\":\"WEST\","
        + "\"isPlayer\":\(isPlayer),\"type\":\"unit\",\"startFrameNum\":\(start),"
        + "\"positions\":[\(positions.joined(separator: ","))],\"framesFired\":\(fired)}"
}

private func vehicle(
    _ id: Int, start: Int = 0, _ positions: [String], fired: String = "[]"
) -> String {
    "{\"id\":\(id),\"name\":\"Hunter\",\"side\":\"WEST\",\"isPlayer\":0,\"type\":\"vehicle\","
        + "\"class\":\"car\",\"startFrameNum\":\(start),"
        + "\"positions\":[\(positions.joined(separator: ","))],\"framesFired\":\(fired)}"
}

private let strictPlaceholder = """
    {"id":0,"name":"","side":"","isPlayer":0,"type":"","startFrameNum":0,\
    "positions":null,"framesFired":null}
    """

private func placeholder(_ id: Int) -> String {
    "{\"id\":\(id),\"name\":\"\",\"side\":\"\",\"isPlayer\":0,\"type\":\"\","
        + "\"startFrameNum\":0,\"positions\":[],\"framesFired\":[]}"
}

/// Both modes at once.
private func expectEntities(
    _ script: Script, strict: [String], standard: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let strictly = try script.part("entities", .strict)
    #expect(strictly == "[" + strict.joined(separator: ",") + "]", sourceLocation: sourceLocation)
    let usually = try script.part("entities", .standard)
    #expect(usually == "[" + standard.joined(separator: ",") + "]", sourceLocation: sourceLocation)
}

@Suite struct EntityTests {
    @Test func aStateCoversTheFramesUpToTheNextOne() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(2, 0, 20)
        script.state(4, 0, 40)
        script.state(5, 0, 50)
        let states = [element(20), element(20), element(40), element(50)]
        try expectEntities(
            script, strict: [soldier(0, states)], standard: [soldier(0, [element(20)] + states)])
    }

    @Test func ofTwoStatesInOneFrameTheLaterCounts() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(1, 0, 10)
        script.state(2, 0, 20)
        script.state(2, 0, 21)
        let expected = [soldier(0, [element(10), element(21)])]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func theLeadingGapIsFilledWithTheFirstState() throws {
        let script = Script()
        script.soldier(3, 0, "A")
        script.state(6, 0, 60)
        try expectEntities(
            script, strict: [soldier(0, start: 2, [element(60)])],
            standard: [soldier(0, start: 2, [element(60), element(60), element(60), element(60)])])
    }

    @Test func framesBeforeTheJoinFrameAreDropped() throws {
        let script = Script()
        script.soldier(4, 0, "A")
        script.state(2, 0, 20)
        script.state(5, 0, 50)
        // The reference writes frames 2 … 4 as if they began at frame 4.
        try expectEntities(
            script,
            strict: [soldier(0, start: 3, [element(20), element(20), element(20), element(50)])],
            standard: [soldier(0, start: 3, [element(20), element(50)])])
    }

    @Test func aDeletedUnitEndsWithItsDeleteFrame() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.soldier(1, 1, "A")
        script.state(1, 0, 10)
        script.state(1, 1, 10)
        script.deleteSoldier(3, 0)
        script.state(5, 1, 50)
        let whole = [element(10), element(10), element(10), element(10), element(50)]
        let expected = [soldier(0, Array(whole.prefix(3))), soldier(1, whole)]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func aStateAfterTheDeleteBringsTheUnitBack() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(1, 0, 10)
        script.deleteSoldier(2, 0)
        script.state(4, 0, 40)
        script.soldier(1, 1, "A")
        script.state(5, 1, 10)
        // In the reference the last state ends before it begins, so nothing of it is written.
        let before = [element(10), element(10), element(10)]
        try expectEntities(
            script,
            strict: [soldier(0, before), soldier(1, [element(10)])],
            standard: [
                soldier(0, before + [element(40), element(40)]),
                soldier(1, Array(repeating: element(10), count: 5)),
            ])
    }

    @Test func aLaterDeleteOverwritesTheFrame() throws {
        let script = Script()
        script.vehicle(1, 0)
        script.vehicleState(1, 0)
        script.deleteVehicle(2, 0)
        script.deleteVehicle(3, 0)
        script.vehicle(1, 1)
        script.vehicleState(5, 1)
        try expectEntities(
            script,
            strict: [
                vehicle(0, ["[[1,2,3],90,1,[],[0,2]]"]), vehicle(1, ["[[1,2,3],90,1,[],[4,4]]"]),
            ],
            standard: [
                vehicle(0, ["[[1,2,3],90,1,[],[0,2]]"]), vehicle(1, ["[[1,2,3],90,1,[],[0,4]]"]),
            ])
    }

    @Test func aStateThatGoesBackInTimeDoesNotShiftTheOnesBehindIt() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(1, 0, 10)
        script.state(4, 0, 40)
        script.state(2, 0, 20)
        script.state(5, 0, 50)
        // Strict: 1…3, then 4 ends before it begins, then 2…4 once more.
        try expectEntities(
            script,
            strict: [
                soldier(
                    0,
                    [
                        element(10), element(10), element(10), element(20), element(20),
                        element(20), element(50),
                    ])
            ],
            standard: [
                soldier(0, [element(10), element(10), element(10), element(20), element(50)])
            ])
    }

    @Test func everyStateOfAVehicleIsOneElement() throws {
        let script = Script()
        script.vehicle(2, 0)
        script.vehicleState(3, 0, 30, crew: "[7]")
        script.vehicleState(5, 0, 50, bearing: 0, isAlive: false, crew: "[ 7, 8 ]")
        script.vehicleState(5, 0, 51)
        script.vehicleState(9, 0, 90)
        let rest = [
            "[[50,2,3],0,0,[7,8],[4,3]]", "[[51,2,3],90,1,[],[4,7]]", "[[90,2,3],90,1,[],[8,8]]",
        ]
        try expectEntities(
            script,
            strict: [vehicle(0, start: 1, ["[[30,2,3],90,1,[7],[2,3]]"] + rest)],
            standard: [vehicle(0, start: 1, ["[[30,2,3],90,1,[7],[1,3]]"] + rest)])
    }

    @Test func aCrewThatIsNoArrayIsEmpty() throws {
        let script = Script()
        script.vehicle(1, 0)
        script.vehicleState(1, 0, crew: "driver")
        script.vehicleState(2, 0, crew: "")
        let expected = [vehicle(0, ["[[1,2,3],90,1,[],[0,0]]", "[[1,2,3],90,1,[],[1,1]]"])]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func idsOfOthersArePlaceholders() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(1, 0)
        script.placed(1, 1)
        script.soldier(1, 3, "A")
        script.state(1, 3)
        let unit = [element(1)]
        try expectEntities(
            script,
            strict: [soldier(0, unit), strictPlaceholder, strictPlaceholder, soldier(3, unit)],
            standard: [soldier(0, unit), placeholder(1), placeholder(2), soldier(3, unit)])
    }

    @Test func withoutSoldiersAndVehiclesThereAreNoPlaceholders() throws {
        let script = Script()
        script.placed(1, 4)
        try expectEntities(script, strict: [], standard: [])
    }

    @Test func anIdThatIsBothIsTheVehicle() throws {
        let script = Script()
        script.vehicle(1, 0)
        script.soldier(1, 0, "A")
        script.state(1, 0)
        script.vehicleState(1, 0)
        let expected = [vehicle(0, ["[[1,2,3],90,1,[],[0,0]]"])]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func emptyGroupRoleClassAndSideAreLeftOutOrUnknown() throws {
        let script = Script()
        script.soldier(1, 0, "", group: "", side: "UNKNOWN", role: "")
        script.vehicle(1, 1, "", kind: "", side: "")
        let expected = [
            """
            {"id":0,"name":"","side":"UNKNOWN","isPlayer":0,"type":"unit","startFrameNum":0,\
            "positions":[],"framesFired":[]}
            """,
            """
            {"id":1,"name":"","side":"UNKNOWN","isPlayer":0,"type":"vehicle","startFrameNum":0,\
            "positions":[],"framesFired":[]}
            """,
        ]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func thePlayerWhoTookOverGivesTheName() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(1, 0, name: "Mira", isPlayer: true)
        script.state(2, 0, name: "A")
        let expected = [
            soldier(
                0, name: "Mira", isPlayer: 1,
                [element(1, name: "Mira", isPlayer: 1), element(1, name: "A")])
        ]
        try expectEntities(script, strict: expected, standard: expected)
    }

    @Test func aDeadPlayerKeepsHisName() throws {
        let script = Script()
        script.soldier(1, 0, "Mira", isPlayer: true)
        script.state(1, 0, name: "Mira", isPlayer: true)
        script.state(2, 0, life: 0, name: "", isPlayer: true)
        let positions = [
            element(1, name: "Mira", isPlayer: 1),
            "[[1,2,3],90,0,0,\"\",1,\"Man\",\"Alpha 1-1\",\"WEST\"]",
        ]
        try expectEntities(
            script, strict: [soldier(0, name: "", isPlayer: 1, positions)],
            standard: [soldier(0, name: "Mira", isPlayer: 1, positions)])
    }

    @Test func aSecondCreateKeepsTheStatesBeforeIt() throws {
        let script = Script()
        script.soldier(1, 0, "Old")
        script.state(1, 0, 10)
        script.state(2, 0, 20)
        script.soldier(3, 0, "A")
        script.state(3, 0, 30)
        try expectEntities(
            script, strict: [soldier(0, start: 2, [element(30)])],
            standard: [soldier(0, [element(10), element(20), element(30)])])
    }

    @Test func anEntityOfFrameZeroBeginsWithTheRecording() throws {
        let script = Script()
        script.soldier(0, 0, "A")
        script.state(0, 0, 0)
        script.state(2, 0, 20)
        try expectEntities(
            script, strict: [soldier(0, start: -1, [element(0), element(0), element(20)])],
            standard: [soldier(0, [element(0), element(20)])])
    }

    @Test func bulletsEndAtTheirLastPoint() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.vehicle(1, 1)
        script.soldier(1, 3, "A")
        script.shot(5, by: 0, path: [(5, 1, 1, 1), (6, 2.5, 2, 2), (6, 3, 3, 3)])
        script.shot(4, by: 0, path: [(4, 1, 1, 1), (4, 4, 4, 4)])
        script.shot(4, by: 0, path: [(4, 1, 1, 1)])
        script.shot(4, by: 0, path: [])
        script.shot(4, by: 1, path: [(4, 1, 1, 1), (4, 5, 5, 5)])
        script.shot(4, by: 2, path: [(4, 1, 1, 1), (4, 6, 6, 6)])
        script.shot(4, by: 9, path: [(4, 1, 1, 1), (4, 7, 7, 7)])
        let shots = "[[4,[3,3,3]],[3,[4,4,4]]]"
        try expectEntities(
            script,
            strict: [
                soldier(0, [], fired: shots), vehicle(1, [], fired: "[[3,[5,5,5]]]"),
                strictPlaceholder.replacingNull("framesFired", with: "[[3,[6,6,6]]]"),
                soldier(3, []),
            ],
            standard: [
                soldier(0, [], fired: shots), vehicle(1, []), placeholder(2), soldier(3, []),
            ])
    }

    @Test func theEndIsTheLastStatesFrame() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.state(7, 0)
        script.general(30, "generalEvent", "late")
        script.marker(31, "late")
        for mode in [Mode.strict, .standard] {
            #expect(try script.document(mode).contains("\"endFrame\":6,"))
        }
    }
}

extension String {
    fileprivate func replacingNull(_ key: String, with value: String) -> String {
        let parts = self.split(separator: "\"\(key)\":null", omittingEmptySubsequences: false)
        return parts.joined(separator: "\"\(key)\":\(value)")
    }
}
