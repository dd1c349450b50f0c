import Testing
import Values

private let goodMission: [(String, String)] = [
    ("missionName", #""co08_night_raid""#), ("briefingName", #""CO08 Night Raid""#),
    ("missionNameSource", #""co08_night_raid""#), ("onLoadName", #""""#), ("author", #""Mira""#),
    ("serverName", #""Example \"A\" Server""#), ("serverProfile", #""srv1""#), ("tag", #""COOP""#),
    ("captureDelay", "0.3"),
    ("addons", #"[["CBA_A3", "450814997"], ["ACE", 463939057], ["Arma 3", ""]]"#),
    ("playableSlots", "[0, 8, 0, 300, 1, 9]"), ("sideFriendly", "[false, false, true]"),
    ("missionStart", "null"), ("extensionBuildVersion", #""v5""#),
]

private func parseMission(_ argument: [UInt8]) throws -> MissionInfo {
    try MissionInfo.parse(argument.span)
}

private func parseWorld(_ argument: [UInt8]) throws -> WorldInfo {
    try WorldInfo.parse(argument.span)
}

/// The argument as the game passes it.
private func argument(_ members: [(String, String)]) -> [UInt8] {
    let json = "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    return quoted(json)
}

private func quoted(_ text: String) -> [UInt8] {
    Array(
        ("\""
            + text.split(separator: "\"", omittingEmptySubsequences: false).joined(
                separator: "\"\"") + "\"").utf8)
}

@Test func theMissionObjectIsRead() throws {
    let mission = try parseMission(argument(goodMission))
    #expect(mission.missionName == "co08_night_raid")
    #expect(mission.serverName == #"Example "A" Server"#)
    #expect(mission.captureDelay == 0.3)
    #expect(
        mission.addons == [
            AddonInfo(name: "CBA_A3", workshopID: "450814997"),
            AddonInfo(name: "ACE", workshopID: "463939057"),
            AddonInfo(name: "Arma 3", workshopID: ""),
        ])
    #expect(mission.playableSlots == [0, 8, 0, 255, 1])
    #expect(mission.sideFriendly == [false, false, true])
}

@Test(arguments: goodMission.prefix(12).map(\.0))
func aMissionWithoutARequiredKeyIsRefusedByName(key: String) {
    let error = #expect(throws: MissionObjectError.self) {
        try parseMission(argument(goodMission.filter { $0.0 != key }))
    }
    #expect(error?.sentence == "the mission object has no \"\(key)\"")
}

@Test(arguments: [
    (
        "captureDelay", #""1""#,
        #""captureDelay" of the mission object must be a number that 32 bits can hold, it is a text"#
    ),
    (
        "captureDelay", "1e999",
        #""captureDelay" of the mission object must be a number that 32 bits can hold, it is a number"#
    ),
    ("missionName", "null", #""missionName" of the mission object must be a text, it is null"#),
    (
        "playableSlots", "[1,2,3,4]",
        #""playableSlots" of the mission object has 4 elements, 5 are needed"#
    ),
    (
        "playableSlots", "[1,2,true,4,5]",
        #"element 2 of "playableSlots" of the mission object must be a number"#
    ),
    (
        "sideFriendly", "[false,1,false]",
        #"element 1 of "sideFriendly" of the mission object must be true or false"#
    ),
    (
        "sideFriendly", "{}",
        #""sideFriendly" of the mission object must be a list, it is an object"#
    ),
    (
        "addons", #"[["a"]]"#,
        #"element 0 of "addons" of the mission object must be a list of a name (text) and an id (text or whole number)"#
    ),
    (
        "addons", #"[["a", 1.5]]"#,
        #"element 0 of "addons" of the mission object must be a list of a name (text) and an id (text or whole number)"#
    ),
    (
        "addons", #"[["a", true]]"#,
        #"element 0 of "addons" of the mission object must be a list of a name (text) and an id (text or whole number)"#
    ),
])
func aMissionWithAWrongValueIsRefusedWithASentence(key: String, value: String, sentence: String) {
    let members = goodMission.map { $0.0 == key ? (key, value) : $0 }
    let error = #expect(throws: MissionObjectError.self) {
        try parseMission(argument(members))
    }
    #expect(error?.sentence == sentence)
}

@Test func theWorldObjectIsReadWhateverTheCaseOfItsKeys() throws {
    let world = try parseWorld(
        quoted(
            #"{"AUTHOR": "BI", "worldname": "stratis", "worldSize": 8192, "latitude": 36.097, "workshopID": null, "x": []}"#
        ))
    var wanted = WorldInfo()
    wanted.author = "BI"
    wanted.worldName = "stratis"
    wanted.worldSize = 8192
    wanted.latitude = 36.097
    #expect(world == wanted)
    let error = #expect(throws: MissionObjectError.self) {
        try parseWorld(quoted(#"{"worldSize": "8192"}"#))
    }
    #expect(
        error?.sentence
            == #""worldSize" of the world object must be a number that 32 bits can hold, it is a text"#
    )
}

@Test func anArgumentThatIsNoObjectIsRefused() {
    let list = #expect(throws: MissionObjectError.self) { try parseWorld(quoted("[1]")) }
    #expect(
        list?.sentence
            == "the world argument of :MISSION:START: must be a JSON object, it is a list")
    let broken = #expect(throws: MissionObjectError.self) {
        try parseMission(quoted(#"{"missionName": "#))
    }
    #expect(
        broken?.sentence
            == "the mission object of :MISSION:START: is no JSON: the JSON text ends early, at byte 16"
    )
}
