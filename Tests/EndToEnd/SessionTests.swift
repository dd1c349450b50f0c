// The life of a server process: the addon's own sequence, several missions and recordings, a host
// that leaves at once, a callback buffer that is full.

import Foundation
import Testing

@Suite(.needsBuild) struct SessionTests {
    @Test func theAddonsOwnSequenceRunsToItsEnd() throws {
        let server = try Server()
        let ran = try server.play(nil, ["--addon"])
        #expect(ran.code == 0, "\(ran.errors)")
        let replays = try server.replays()
        try #require(replays.count == 1)
        #expect(try Replay(replays[0]).units.count == 8)
        #expect(ran.text.contains(":MISSION:SAVED: [\"ok\",\""))
    }

    @Test func theReadyCallbackComesBeforeTheVersion() throws {
        let server = try Server(compactor: false)
        let ran = try server.play(
            try server.stream([":SYS:INIT:", "@wait :SYS:VERSION:"]), ["--callback-slots", "1"])
        #expect(ran.code == 0, "\(ran.errors)")
        let callbacks = ran.lines.filter { $0.hasPrefix("callback ") }
        try #require(callbacks.count == 2)
        #expect(callbacks[0] == "callback ocap_recorder :SYS:READY: []")
        #expect(callbacks[1].hasPrefix("callback ocap_recorder :SYS:VERSION: [\""))
    }

    @Test func aGeneratedMissionKeepsEveryUnitVehicleAndKill() throws {
        let server = try Server()
        let mission = try server.mission(["--seed", "5", "--minutes", "2"])
        let ran = try server.play(mission.stream, ["--wait-saved", "--quiet"])
        try #require(ran.code == 0, "\(ran.errors)")
        let replays = try server.replays()
        try #require(replays.count == mission.summary.recordings.count)
        // Two recordings of one second may carry one stamp; then the second is named …_2.
        let found = try replays.map(Replay.init).map {
            [$0.units.count, $0.vehicles.count, $0.events["killed"] ?? 0, $0.endFrame ?? 0]
        }
        let wanted = mission.summary.recordings.map {
            [$0.units, $0.vehicles, $0.kills, $0.frames - 1]
        }
        #expect(Set(found) == Set(wanted))
    }

    @Test func theGeneratedMissionUsesEveryCommandOfTheRecorder() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([])
        let known = [
            ":SYS:INIT:", ":SYS:VERSION:", ":SYS:TIMESTAMP:", ":SYS:DIR:ARMA:", ":SYS:DIR:MODULE:",
            ":SYS:DIR:LOG:", ":SYS:ADDON_VERSION:", ":SYS:LOG:", ":STORAGE:INIT:",
            ":MISSION:START:", ":MISSION:SAVE:", ":MISSION:FOCUS_START:", ":MISSION:FOCUS_END:",
            ":SOLDIER:CREATE:", ":SOLDIER:STATE:", ":SOLDIER:DELETE:", ":VEHICLE:CREATE:",
            ":VEHICLE:STATE:", ":VEHICLE:DELETE:", ":TIME:STATE:", ":EVENT:PROJECTILE:",
            ":EVENT:KILL:", ":EVENT:GENERAL:", ":EVENT:SECTOR:", ":EVENT:ENDMISSION:",
            ":EVENT:CHAT:", ":EVENT:RADIO:", ":TELEMETRY:FRAME:", ":MARKER:CREATE:",
            ":MARKER:STATE:", ":MARKER:DELETE:", ":PLACED:CREATE:", ":PLACED:EVENT:",
            ":ACE3:DEATH:", ":ACE3:UNCONSCIOUS:",
        ]
        #expect(Set(mission.summary.callsByCommand.keys) == Set(known))
    }

    @Test func twoMissionsOfOneProcessGiveTwoReplays() throws {
        let server = try Server()
        let mission = try server.mission(["--minutes", "0.5", "--units", "10", "--recordings", "1"])
        let ran = try server.play(mission.stream, ["--copies", "2", "--wait-saved", "--quiet"])
        #expect(ran.code == 0, "\(ran.errors)")
        #expect(try server.replays().count == 2)
        #expect(try server.logFolders().count == 1)
    }

    /// The library's end starts the compaction that still waits; nobody hears of it, but it is made.
    @Test func aHostThatLeavesAtOnceGetsItsReplayAllTheSame() throws {
        let server = try Server()
        let mission = try server.mission(["--minutes", "0.5", "--units", "10", "--recordings", "1"])
        let ran = try server.play(mission.stream, ["--exit-after-save", "--quiet"])
        #expect(ran.code == 0, "\(ran.errors)")
        try waitUntil("the replay is there") { try server.replays().count == 1 }
    }

    @Test func withoutACompactorTheSaveSaysWhatToDo() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission(["--minutes", "0.2", "--units", "8", "--recordings", "1"])
        let ran = try server.play(mission.stream, ["--wait-saved"])
        #expect(ran.code == 0, "\(ran.errors)")
        let saved = ran.lines.first { $0.contains(":MISSION:SAVED:") }
        #expect(saved?.contains("[\"partial\",\"") == true, "\(saved ?? "")")
        #expect(saved?.contains("recorded; run: blackbox compact") == true, "\(saved ?? "")")
    }

    @Test func aFullCallbackBufferLosesNoCallback() throws {
        let server = try Server(compactor: false)
        // 40 inits make 80 callbacks; one place that is emptied once a frame.
        let lines = (0..<40).map { _ in ":SYS:INIT:" } + (0..<40).map { _ in "@wait :SYS:VERSION:" }
        let ran = try server.play(try server.stream(lines), ["--callback-slots", "1"])
        #expect(ran.code == 0, "\(ran.errors)")
        let callbacks = ran.lines.filter { $0.hasPrefix("callback ") }.map {
            $0.split(separator: " ")[2]
        }
        #expect(callbacks.count == 80)
        let alternating = callbacks.enumerated().allSatisfy {
            $0.element == ($0.offset % 2 == 0 ? ":SYS:READY:" : ":SYS:VERSION:")
        }
        #expect(alternating)
    }

    @Test func logsOfTwoProcessesDoNotMix() throws {
        let server = try Server(compactor: false)
        let stream = try server.stream([":SYS:VERSION:", ":SYS:LOG:\t\"one\""])
        try server.play(stream, ["--quiet"])
        try server.play(stream, ["--quiet"])
        #expect(try server.logFolders().count == 2)
        #expect(try server.loggedCalls().count == 4)
    }
}
