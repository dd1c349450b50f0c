// Missions that people really played, through the plug-in and the compactor, against the figures that
// the reference gave for the same calls.

import Foundation
import Testing

@Suite(.needsBuild, .needsRealMissions) struct RealMissionTests {
    /// Strict mode plays by the reference's own rules, so its figures can be compared.
    static let strict = #"{"blackbox": {"strict": true}}"#

    @Test(arguments: RealMissions.names)
    func aRealMissionGivesItsReplay(name: String) throws {
        let wanted = try RealMissions.summary(name)
        let server = try Server(configuration: Self.strict)
        let played = try server.play(RealMissions.stream(name), ["--wait-saved", "--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let replays = try server.replays()
        try #require(replays.count == 1)
        let replay = try Replay(replays[0])

        #expect(replay.top["worldName"] as? String == wanted.worldName)
        #expect(replay.top["missionName"] as? String == wanted.missionName)
        #expect(replay.top["captureDelay"] as? Double == wanted.captureDelay)
        #expect(replay.endFrame == wanted.endFrame)
        #expect(replay.units.count == wanted.units)
        #expect(replay.units.count { $0["isPlayer"] as? Int == 1 } == wanted.players)
        let sides = replay.units.reduce(into: [:]) {
            $0[$1["side"] as? String ?? "", default: 0] += 1
        }
        #expect(sides == wanted.unitSides)
        #expect(replay.vehicles.count == wanted.vehicles)
        #expect(replay.count(replay.vehicles, "positions") == wanted.vehicleStates)
        #expect(replay.entities.count - wanted.units - wanted.vehicles == wanted.placeholders)
        #expect(replay.count(replay.entities, "framesFired") == wanted.framesFired)
        #expect(replay.events == wanted.events)
        #expect(replay.markers.count == wanted.markers)
        #expect(replay.markerPositions == wanted.markerPositions)
        let types = replay.markers.reduce(into: [:]) { $0[$1[0] as? String ?? "", default: 0] += 1 }
        for (type, count) in wanted.markersByType { #expect(types[type] == count, "\(type)") }
        #expect(replay.list("times").count == wanted.times)
        for sample in wanted.unitsSampled {
            let unit = replay.last(of: sample.id)
            #expect(unit?.start == sample.startFrameNum, "unit \(sample.id)")
            #expect(unit?.last == sample.last, "unit \(sample.id)")
        }
    }

    @Test(arguments: RealMissions.names)
    func aRealMissionGivesItsRows(name: String) throws {
        let wanted = try RealMissions.summary(name)
        let server = try Server(
            configuration: #"{"storage": {"type": "sqlite"}, "blackbox": {"strict": true}}"#)
        let played = try server.play(RealMissions.stream(name), ["--wait-saved", "--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let rows = try MissionRows(server.recordings.appending(path: "blackbox.db"))
        let missions = try rows.missions()
        try #require(missions.count == 1)
        let mission = missions[0]

        #expect(try rows.lastFrame(of: mission) - 1 == wanted.endFrame)
        #expect(try rows.count("soldiers", of: mission) == wanted.units)
        #expect(try rows.count("vehicles", of: mission) == wanted.vehicles)
        #expect(try rows.count("vehicle_states", of: mission) == wanted.vehicleStates)
        let fired = try rows.count(
            "projectile_events", of: mission, where: "simulation_type = 'shotBullet'")
        #expect(fired == wanted.framesFired)
        let placed = try rows.count("placed_objects", of: mission)
        #expect(try rows.count("markers", of: mission) + placed == wanted.markers)
        // A deletion leaves a row of alpha 0; none of these missions has a state of alpha 0.
        let states = try rows.count("marker_states", of: mission, where: "alpha <> 0")
        let markers = try rows.count("markers", of: mission)
        #expect(markers + states + placed == wanted.markerPositions)
        #expect(try rows.count("time_states", of: mission) == wanted.times)

        var events = try rows.generalEvents(of: mission)
        events["killed"] = try rows.count("kill_events", of: mission)
        let hits =
            try rows.count("projectile_hits_soldiers", of: mission)
            + rows.count("projectile_hits_vehicles", of: mission)
            + rows.count("placed_object_events", of: mission, where: "event_type = 'hit'")
        events["hit"] = hits
        for kind in Set(events.keys).union(wanted.events.keys) {
            #expect(events[kind] ?? 0 == wanted.events[kind] ?? 0, "\(kind)")
        }
    }

    /// Byte for byte: what the game passed is what the log holds.
    @Test(arguments: RealMissions.names)
    func theLogHoldsEveryCallVerbatim(name: String) throws {
        let server = try Server(compactor: false)
        let played = try server.play(RealMissions.stream(name), ["--quiet"])
        try #require(played.code == 0, "\(played.errors)")
        let wanted = LoggedCall.of(stream: try unpacked(RealMissions.stream(name)))
        let logged = try server.loggedCalls()
        #expect(logged.count == wanted.count)
        let differing = zip(logged, wanted).first { $0 != $1 }
        #expect(differing == nil, "\(String(describing: differing))")
    }
}
