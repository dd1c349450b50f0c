// The worked example of docs/formats/replay-json.md, as the reference writes it and as we do.

import Testing

@testable import Mission
@testable import Replay

/// Two soldiers, a vehicle, a mine, a bullet that hits, a grenade, a kill, a moved marker, a polyline.
func exampleScript() -> Script {
    let script = Script()
    script.general(1, "connected", "Mira")
    script.time(
        1, "2026-03-08T19:20:05.123", "2035-06-24T03:15:00", multiplier: 1, seconds: 12.5)
    script.soldier(1, 0, "Mira", isPlayer: true, role: "Team Leader@Alpha")
    script.soldier(1, 1, "Yusuf Aziz", side: "EAST")
    script.vehicle(1, 2)
    let objective = script.marker(
        1, "_USER_DEFINED #1", type: "mil_objective", text: "Obj",
        at: Position(x: 2100, y: 3050, z: 10))
    script.state(
        2, 0, 2000.5, 3000.25, 12.5, name: "Mira", isPlayer: true, role: "Leader")
    script.state(2, 1, 2100, 3050, 10, bearing: 270, name: "Yusuf Aziz", side: "EAST")
    script.vehicleState(2, 2, 2003, 3000.25, 12.5)
    script.placed(
        2, 3, owner: 0, icon: #"\A3\Weapons_F\Data\UI\gear_mine_AP_CA.paa"#,
        at: Position(x: 2040, y: 3030, z: 11))
    script.marker(
        2, "_USER_DEFINED #2", owner: 0, color: "#000000", side: "WEST",
        polyline: [(2000, 3000), (2010.5, 3020)], shape: "POLYLINE")
    script.general(3, "respawnTickets", "[-1,0,10,0]")
    script.state(
        4, 0, 2003, 3000.25, 12.5, bearing: 92, vehicle: 2, name: "Mira", isPlayer: true,
        role: "Leader")
    script.vehicleState(4, 2, 2003, 3000.25, 12.5, crew: "[0]")
    script.sector(
        4, "captured", "sector", "Sector Alpha", "WEST", Position(x: 2050, y: 3040, z: 11.25))
    script.markerState(
        4, objective, at: Position(x: 2110, y: 3055, z: 10), direction: 45, alpha: 0.5,
        text: "Obj done", color: "#00FF00", size: "[1.5,1.5]", type: "mil_objective")
    script.shot(
        4, by: 0, path: [(4, 2003, 3000.25, 14), (4, 2099.8, 3049.9, 11)],
        hits: [(.soldier(1), 4, 2099.8, 3049.9, 11)])
    script.shot(
        3, by: 0, muzzle: "Throw", magazine: "RGO",
        icon: #"\A3\Weapons_F\Data\UI\gear_M67_CA.paa"#, simulation: "shotGrenade",
        path: [(3, 2000, 3000, 14), (5, 2020, 3010, 10)])
    script.state(5, 1, 2100, 3050, 10, bearing: 270, life: 0, name: "", side: "EAST")
    script.placedEvent(5, 3, "detonated", at: Position(x: 2040, y: 3030, z: 11))
    script.end(5, "WEST", "BLUFOR wins")
    script.kill(5, .soldier(1), by: .soldier(0), "MX 6.5 mm [6.5 mm 30Rnd]", 108)
    return script
}

private let head = """
    {"addonVersion":"2.1.0","extensionVersion":"v5.0.0","extensionBuild":"",\
    "missionName":"co08_night_raid","missionAuthor":"Mira","worldName":"stratis",\
    "endFrame":4,"captureDelay":1,"tags":"COOP",\
    "times":[{"date":"2035-06-24T03:15:00","frameNum":0,\
    "systemTimeUTC":"2026-03-08T19:20:05.123","time":12.5,"timeMultiplier":1}],
    """

private let markers = """
    "Markers":[\
    ["mil_objective","Obj",0,-1,-1,"800000",-1,\
    [[0,[2100,3050,10],0,1,"Obj","800000",[1,1],"mil_objective","Solid","ICON"],\
    [3,[2110,3055,10],45,0.5,"Obj done","00FF00",[1.5,1.5],"mil_objective","Solid","ICON"]],\
    [1,1],"ICON","Solid"],\
    ["mil_dot","",1,-1,0,"000000",1,\
    [[1,[[2000,3000],[2010.5,3020]],0,1,"","000000",[1,1],"mil_dot","Solid","POLYLINE"]],\
    [1,1],"POLYLINE","Solid"],\
    ["magIcons/gear_mine_AP_CA.paa","APERS Mine",1,4,0,"D96600",-1,\
    [[1,[2040,3030,11],0,1]],[1,1],"ICON","Solid"],\
    ["magIcons/gear_M67_CA.paa","RGO",2,4,0,"ColorWhite",-1,\
    [[2,[2000,3000,14],0,1],[4,[2020,3010,10],0,1]],[1,1],"ICON","Solid"]]}\n
    """

@Test func theExampleInStrictModeIsTheReferencesOutput() throws {
    let expected =
        head.trimmed
            + """
            "entities":[\
            {"id":0,"name":"Mira","group":"Alpha 1-1","side":"WEST","isPlayer":1,"type":"unit",\
            "role":"Team Leader@Alpha","startFrameNum":0,"positions":[\
            [[2000.5,3000.25,12.5],90,1,0,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2000.5,3000.25,12.5],90,1,0,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2003,3000.25,12.5],92,1,2,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2003,3000.25,12.5],92,1,2,"Mira",1,"Leader","Alpha 1-1","WEST"]],\
            "framesFired":[[3,[2099.8,3049.9,11]]]},\
            {"id":1,"name":"Yusuf Aziz","group":"Alpha 1-1","side":"EAST","isPlayer":0,\
            "type":"unit","startFrameNum":0,"positions":[\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,0,0,"",0,"Man","Alpha 1-1","EAST"]],"framesFired":[]},\
            {"id":2,"name":"Hunter","side":"WEST","isPlayer":0,"type":"vehicle","class":"car",\
            "startFrameNum":0,"positions":[\
            [[2003,3000.25,12.5],90,1,[],[1,2]],\
            [[2003,3000.25,12.5],90,1,[0],[3,4]]],"framesFired":[]}],\
            "events":[\
            [0,"connected","Mira"],\
            [2,"respawnTickets",[-1,0,10,0]],\
            [3,"captured",["sector","Sector Alpha","WEST",[2050,3040,11.25]]],\
            [3,"hit",1,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],108.79045],\
            [4,"endMission",["WEST","BLUFOR wins"]],\
            [4,"killed",1,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],108]],
            """.trimmed + markers
    #expect(try exampleScript().document(.strict) == expected)
}

@Test func theExampleInStandardModeHasNoGapsAndAnOldViewersSectorEvent() throws {
    let expected =
        head.trimmed
            + """
            "entities":[\
            {"id":0,"name":"Mira","group":"Alpha 1-1","side":"WEST","isPlayer":1,"type":"unit",\
            "role":"Team Leader@Alpha","startFrameNum":0,"positions":[\
            [[2000.5,3000.25,12.5],90,1,0,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2000.5,3000.25,12.5],90,1,0,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2000.5,3000.25,12.5],90,1,0,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2003,3000.25,12.5],92,1,2,"Mira",1,"Leader","Alpha 1-1","WEST"],\
            [[2003,3000.25,12.5],92,1,2,"Mira",1,"Leader","Alpha 1-1","WEST"]],\
            "framesFired":[[3,[2099.8,3049.9,11]]]},\
            {"id":1,"name":"Yusuf Aziz","group":"Alpha 1-1","side":"EAST","isPlayer":0,\
            "type":"unit","startFrameNum":0,"positions":[\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,1,0,"Yusuf Aziz",0,"Man","Alpha 1-1","EAST"],\
            [[2100,3050,10],270,0,0,"",0,"Man","Alpha 1-1","EAST"]],"framesFired":[]},\
            {"id":2,"name":"Hunter","side":"WEST","isPlayer":0,"type":"vehicle","class":"car",\
            "startFrameNum":0,"positions":[\
            [[2003,3000.25,12.5],90,1,[],[0,2]],\
            [[2003,3000.25,12.5],90,1,[0],[3,4]]],"framesFired":[]}],\
            "events":[\
            [0,"connected","Mira"],\
            [2,"respawnTickets",[-1,0,10,0]],\
            [3,"captured",["sector","Sector Alpha","WEST","",[2050,3040,11.25]]],\
            [3,"hit",1,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],108.79045],\
            [4,"endMission",["WEST","BLUFOR wins"]],\
            [4,"killed",1,[0,"MX 6.5 mm [6.5 mm 30Rnd]"],108]],
            """.trimmed + markers
    #expect(try exampleScript().document(.standard) == expected)
}

@Test func aRecordingWithoutAnythingIsAWholeDocument() throws {
    let script = Script()
    script.addonVersion = "unknown"
    let expected = """
        {"addonVersion":"unknown","extensionVersion":"v5.0.0","extensionBuild":"",\
        "missionName":"co08_night_raid","missionAuthor":"Mira","worldName":"stratis",\
        "endFrame":-1,"captureDelay":1,"tags":"COOP","times":[],"entities":[],"events":[],\
        "Markers":[]}\n
        """
    #expect(try script.document(.strict) == expected)
    #expect(try script.document(.standard) == expected)
}

extension String {
    /// Without the line feed that a multi-line literal's comma needs.
    fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
