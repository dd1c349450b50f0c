// The array `Markers`, rule by rule: events in, exact JSON out, in both modes.

import Testing

@testable import Mission
@testable import Replay

/// Both modes at once.
private func expectMarkers(
    _ script: Script, strict: [String], standard: [String]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let strictly = try script.part("Markers", .strict)
    #expect(strictly == "[" + strict.joined(separator: ",") + "]", sourceLocation: sourceLocation)
    let usually = try script.part("Markers", .standard)
    #expect(
        usually == "[" + (standard ?? strict).joined(separator: ",") + "]",
        sourceLocation: sourceLocation)
}

/// A marker `mil_dot` with one position.
private func dot(_ text: String, start: Int, end: Int) -> String {
    "[\"mil_dot\",\"\(text)\",\(start),\(end),-1,\"800000\",-1,"
        + "[[\(start),[1,2,3],0,1,\"\(text)\",\"800000\",[1,1],\"mil_dot\",\"Solid\",\"ICON\"]],"
        + "[1,1],\"ICON\",\"Solid\"]"
}

private let sides: [(String, Int)] = [
    ("EAST", 0), ("opfor", 0), ("WEST", 1), ("Blufor", 1), ("GUER", 2), ("independent", 2),
    ("CIV", 3), ("Civilian", 3), ("-1", -1), ("EMPTY", -1), ("LOGIC", -1), ("", -1), ("WES", -1),
]

private let sizes: [(String, String)] = [
    ("[1,1]", "[1,1]"), ("[1.5, 20]", "[1.5,20]"), ("[1]", "[1,1]"), ("[1,2,3]", "[1,1]"),
    ("", "[1,1]"), ("[a,b]", "[1,1]"), ("1,1", "[1,1]"), ("[0,-3]", "[0,-3]"),
    ("[1e999,1]", "[1,1]"),
]

@Suite struct MarkerTests {
    @Test(arguments: sides) func aSideHasItsNumber(_ side: String, _ number: Int) throws {
        let script = Script()
        script.marker(2, "a", side: side)
        #expect(try script.part("Markers", .strict).contains(",-1,\"800000\",\(number),[["))
    }

    @Test(arguments: sizes) func aSizeIsTwoNumbers(_ size: String, _ expected: String) throws {
        let script = Script()
        script.marker(2, "a", size: size)
        #expect(
            try script.part("Markers", .strict).hasSuffix("]],\(expected),\"ICON\",\"Solid\"]]"))
    }

    @Test func aColorLosesOneHash() throws {
        let script = Script()
        script.marker(2, "a", color: "##12")
        script.marker(2, "b", color: "ColorRed")
        script.marker(2, "c", color: "")
        let text = try script.part("Markers", .strict)
        for color in ["#12", "ColorRed", ""] {
            #expect(text.contains(",-1,\"\(color)\",-1,[["))
            #expect(text.contains(",\"\(color)\",[1,1],"))
        }
    }

    @Test func statesFollowInOrderOfArrivalAndTheHeadStays() throws {
        let script = Script()
        let id = script.marker(1, "a", text: "old")
        script.markerState(
            3, id, at: Position(x: 4, y: 5, z: 6), direction: 359.9, alpha: 0.3, text: "new",
            color: "#004C99", size: "[2,2]", type: "mil_flag", brush: "Cross", shape: "ELLIPSE")
        script.markerState(3, id, at: Position(x: 4, y: 5, z: 6), text: "new")
        script.deleteMarker(9, id)
        try expectMarkers(
            script,
            strict: [
                """
                ["mil_dot","old",0,8,-1,"800000",-1,[\
                [0,[1,2,3],0,1,"old","800000",[1,1],"mil_dot","Solid","ICON"],\
                [2,[4,5,6],359.9,0.3,"new","004C99",[2,2],"mil_flag","Cross","ELLIPSE"],\
                [2,[4,5,6],0,1,"new","800000",[1,1],"mil_dot","Solid","ICON"]],\
                [1,1],"ICON","Solid"]
                """
            ])
    }

    @Test func framesOfAMarkerRise() throws {
        let script = Script()
        let id = script.marker(5, "a")
        script.markerState(9, id, at: Position(x: 9, y: 0, z: 0))
        script.markerState(7, id, at: Position(x: 7, y: 0, z: 0))
        script.markerState(9, id, at: Position(x: 10, y: 0, z: 0))
        let look = ",0,1,\"\",\"800000\",[1,1],\"mil_dot\",\"Solid\",\"ICON\"]"
        let first = "[4,[1,2,3]" + look
        let seven = "[6,[7,0,0]" + look
        let nines = ["[8,[9,0,0]" + look, "[8,[10,0,0]" + look]
        func marker(_ positions: [String]) -> String {
            "[\"mil_dot\",\"\",4,-1,-1,\"800000\",-1,[" + positions.joined(separator: ",")
                + "],[1,1],\"ICON\",\"Solid\"]"
        }
        try expectMarkers(
            script, strict: [marker([first, nines[0], seven, nines[1]])],
            standard: [marker([first, seven, nines[0], nines[1]])])
    }

    @Test func aPolylineHasItsPointsAndNoStates() throws {
        let script = Script()
        let id = script.marker(
            2, "line", polyline: [(0, 0), (1.5, 2), (3, 3)], shape: "POLYLINE")
        script.markerState(4, id, at: Position(x: 9, y: 9, z: 9), shape: "POLYLINE")
        try expectMarkers(
            script,
            strict: [
                """
                ["mil_dot","",1,-1,-1,"800000",-1,[[1,[[0,0],[1.5,2],[3,3]],0,1,"","800000",\
                [1,1],"mil_dot","Solid","POLYLINE"]],[1,1],"POLYLINE","Solid"]
                """
            ])
    }

    @Test func everyIncarnationOfANameIsThere() throws {
        let script = Script()
        let first = script.marker(2, "b", text: "first")
        script.deleteMarker(4, first)
        script.marker(3, "a", text: "other")
        script.marker(6, "b", text: "second")
        try expectMarkers(
            script,
            strict: [dot("other", start: 2, end: -1), dot("second", start: 5, end: -1)],
            standard: [
                dot("other", start: 2, end: -1), dot("first", start: 1, end: 3),
                dot("second", start: 5, end: -1),
            ])
    }

    @Test func markersStandByTheBytesOfTheirNames() throws {
        let script = Script()
        for name in ["я", "marker_10", "", "marker_2", "Marker"] {
            script.marker(2, name, text: name)
        }
        try expectMarkers(
            script,
            strict: ["", "Marker", "marker_10", "marker_2", "я"].map { dot($0, start: 1, end: -1) })
    }

    @Test func aMarkerOfFrameZeroIsThereFromTheBeginning() throws {
        let script = Script()
        let id = script.marker(0, "a")
        script.marker(0, "b")
        script.deleteMarker(0, id)
        try expectMarkers(
            script, strict: [dot("", start: -1, end: -1), dot("", start: -1, end: -1)],
            standard: [dot("", start: 0, end: 0), dot("", start: 0, end: -1)])
    }

    @Test func placedObjectsStandByIdAndEndOnce() throws {
        let script = Script()
        script.placed(3, 9, "Satchel", owner: 4, icon: "a/b\\c.paa")
        script.placed(2, 5, "Mine", owner: 70)
        script.placedEvent(6, 9, "hit")
        script.placedEvent(7, 9, "deleted")
        script.placedEvent(8, 9, "detonated")
        let tail = ",0,1]],[1,1],\"ICON\",\"Solid\"]"
        try expectMarkers(
            script,
            strict: [
                "[\"Minefield\",\"Mine\",1,-1,70,\"D96600\",-1,[[1,[1,2,3]" + tail,
                "[\"magIcons/c.paa\",\"Satchel\",2,6,4,\"D96600\",-1,[[2,[1,2,3]" + tail,
            ])
    }

    @Test func aProjectileThatIsNoBulletIsAMarker() throws {
        let script = Script()
        script.soldier(1, 0, "A")
        script.vehicle(1, 1, "T-100")
        // Everything after the text, with the frames of the shot and of its only point.
        func tail(_ color: String, firer: Int = 0, end: Int = 4) -> String {
            ",3,\(end),\(firer),\"\(color)\",-1,[[4,[1,2,3],0,1]],[1,1],\"ICON\",\"Solid\"]"
        }
        let path: [(frame: UInt32, x: Double, y: Double, z: Double)] = [(5, 1, 2, 3)]
        script.shot(
            4, by: 0, muzzle: "Throw", magazine: "RGO", icon: #"\A3\gear_M67_CA.paa"#,
            simulation: "shotGrenade", path: path)
        script.shot(
            4, by: 0, vehicle: 1, muzzle: "125mm", magazine: "HE", simulation: "shotShell",
            path: path)
        script.shot(
            4, by: 0, vehicle: 33, muzzle: "40mm", magazine: "G", simulation: "shotGrenade",
            path: path)
        script.shot(
            4, by: 0, vehicle: 0, muzzle: "RPG", magazine: "PG-7", simulation: "shotRocket",
            path: path)
        script.shot(
            4, by: 9, vehicle: 9, muzzle: "", magazine: "", simulation: "", path: [])
        try expectMarkers(
            script,
            strict: [
                "[\"magIcons/gear_M67_CA.paa\",\"RGO\"" + tail("ColorWhite"),
                "[\"mil_triangle\",\"T-100 125mm - HE\"" + tail("ColorRed"),
                "[\"mil_triangle\",\" 40mm - G\"" + tail("ColorRed"),
                "[\"mil_triangle\",\"RPG - PG-7\"" + tail("ColorRed"),
                "[\"mil_triangle\",\" - \",3,-1,9,\"ColorRed\",-1,[],[1,1],\"ICON\",\"Solid\"]",
            ])
    }
}
