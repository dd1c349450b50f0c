// A row of the tables of raw calls: what the game passed, and what stands in the document then.

import Testing

/// Calls behind a `:MISSION:START:`, or all calls of a log, and what one key of the document must then hold.
struct RawCase: Sendable, CustomTestStringConvertible {
    let promise: String
    /// A call a line: command and arguments, with `|` between them.
    let calls: String
    /// `times`, `entities`, `events`, `Markers`; or `endFrame`; or `head`, all in front of the times.
    let key: String
    let strict: String
    let standard: String
    /// Calls that can't be used.
    let rejects: (strict: UInt64, standard: UInt64)
    /// Nothing stands in front of the calls, and nothing behind them.
    let isWholeLog: Bool
    /// Which recording of the log is meant, from 1.
    let recording: Int

    init(
        _ promise: String, _ calls: String, _ key: String, strict: String,
        standard: String? = nil, rejects: (UInt64, UInt64) = (0, 0), isWholeLog: Bool = false,
        recording: Int = 1
    ) {
        self.promise = promise
        self.calls = calls
        self.key = key
        self.strict = strict
        self.standard = standard ?? strict
        self.rejects = rejects
        self.isWholeLog = isWholeLog
        self.recording = recording
    }

    var testDescription: String { promise }
}

// MARK: What rows are made of

extension RawCase {
    static let world = #""{""worldName"": ""stratis"", ""worldSize"": 8192}""#
    static func mission(_ name: String) -> String {
        #""{""missionName"": ""\#(name)"", ""briefingName"": ""b"", ""missionNameSource"": ""m"", ""onLoadName"": """","#
            + #" ""author"": ""Mira \""M\"""", ""serverName"": ""s"", ""serverProfile"": ""p"", ""tag"": ""COOP"","#
            + #" ""captureDelay"": 0.3, ""addons"": [], ""playableSlots"": [0, 8, 0, 0, 1],"#
            + #" ""sideFriendly"": [false, false, true]}""#
    }

    static func unit(
        _ id: Int, name: String = "A", positions: String = "", isPlayer: Int = 0, start: Int = 0,
        fired: String = ""
    ) -> String {
        "{\"id\":\(id),\"name\":\"\(name)\",\"group\":\"G\",\"side\":\"WEST\",\"isPlayer\":\(isPlayer),"
            + "\"type\":\"unit\",\"startFrameNum\":\(start),\"positions\":[\(positions)],"
            + "\"framesFired\":[\(fired)]}"
    }

    static func vehicle(_ id: Int, side: String = "WEST", positions: String = "") -> String {
        "{\"id\":\(id),\"name\":\"Hunter\",\"side\":\"\(side)\",\"isPlayer\":0,\"type\":\"vehicle\","
            + "\"class\":\"car\",\"startFrameNum\":0,\"positions\":[\(positions)],\"framesFired\":[]}"
    }

    /// A position of the vehicle in these frames.
    static func stay(_ place: String, _ from: Int, _ to: Int, crew: String = "[]") -> String {
        "[[\(place)],0,1,\(crew),[\(from),\(to)]]"
    }

    /// A position of a unit called A in group G.
    static func at(
        _ place: String, bearing: Int = 90, life: Int = 1, in vehicle: Int = 0, name: String = "A",
        isPlayer: Int = 0, group: String = "G"
    ) -> String {
        "[[\(place)],\(bearing),\(life),\(vehicle),\"\(name)\",\(isPlayer),\"Man\",\"\(group)\",\"WEST\"]"
    }

    static let create =
        #":SOLDIER:CREATE:|1|0|"A"|"G"|"WEST"|0|""|"B_Soldier_F"|"Rifleman"|""|"[]""#
    /// Has the id 1.
    static let createVehicle = #":VEHICLE:CREATE:|1|1|"car"|"Hunter"|"B_MRAP_01_F"|"[]"|"WEST""#

    /// Has the id 0.
    static let firstVehicle = createVehicle.replacing("|1|1|", with: "|1|0|")

    /// A state of unit 0, with what is not of interest filled in.
    static func state(
        _ frame: String, at place: String = "[1,2,3]", bearing: String = "90", life: String = "1",
        name: String = #""A""#, isPlayer: String = "0", vehicle: String = "-1", id: String = "0",
        tail: String = #"|"G"|"WEST""#
    ) -> String {
        ":SOLDIER:STATE:|\(id)|\(place)|\(bearing)|\(life)|0|\(name)|\(isPlayer)|\"Man\"|\(frame)"
            + "|true|false|\"\"|\"\"|\(vehicle)|\"STAND\"" + tail
    }

    static func vehicleState(
        _ frame: String, crew: String = "[]", at place: String = "[1,2,3]", id: String = "1"
    ) -> String {
        ":VEHICLE:STATE:|\(id)|\(place)|0|1|\(crew)|\(frame)|1|0|true|false|WEST|[0,1,0]|[0,0,1]|0|0"
    }

    static func shot(
        path: String = #"[[812.3,4,"3,4,14"],[812.4,4,"6,8,11"]]"#, hits: String = "[]",
        simulation: String = "shotBullet", vehicle: String = "0", firer: String = "0",
        icon: String = ""
    ) -> String {
        #":EVENT:PROJECTILE:|4|812.331|\#(firer)|\#(vehicle)|""|0|"w"|"MX"|"m"|"MX 6.5"|"g"|"30Rnd"|"a"|"#
            + #""Single"|\#(path)|"700,400,0"|\#(hits)|"\#(simulation)"|false|"\#(icon)""#
    }

    static let marker =
        #":MARKER:CREATE:|"m"|0|"mil_dot"|"t"|1|-1|-1|"#
        + ##""#800000"|[1,1]|-1|[1,2,3]|"ICON"|1|"Solid""##
    /// A marker's element, and its first position.
    static func dot(_ positions: String, start: Int = 0, end: Int = -1) -> String {
        #"["mil_dot","t",\#(start),\#(end),-1,"800000",-1,[\#(positions)],[1,1],"ICON","Solid"]"#
    }
    static let look = #"0,1,"t","800000",[1,1],"mil_dot","Solid","ICON"]"#
    /// A state that changes nothing but the place.
    static func markerState(_ frame: String, at place: String) -> String {
        #":MARKER:STATE:|"m"|\#(frame)|\#(place)|0|1|"t"|"#
            + ##""#800000"|"[1,1]"|"mil_dot"|"Solid"|"ICON""##
    }
    static let line = "[[0,0],[1.5,2]]"

    static func mine(_ id: Int, at place: String = "3,4,11", name: String = "Mine") -> String {
        #":PLACED:CREATE:|2|\#(id)|"Mine_Ammo"|"\#(name)"|"\#(place)"|0|"WEST"|"put"|"""#
    }
    /// A mine's element.
    static func mineMarker(_ name: String = "Mine", at place: String = "3,4,11") -> String {
        #"["Minefield","\#(name)",1,-1,0,"D96600",-1,[[1,[\#(place)],0,1]],[1,1],"ICON","Solid"]"#
    }

    static func lines(_ calls: String...) -> String { calls.joined(separator: "\n") }
    static func list(_ elements: String...) -> String {
        "[" + elements.joined(separator: ",") + "]"
    }
}
