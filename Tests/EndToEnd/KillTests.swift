// The promise that everything else serves: a call that returned is a call that is kept, also when the
// game is killed in the middle of a burst.

import Foundation
import Testing

@Suite(.needsBuild) struct KillTests {
    /// Plays a generated mission until the host kills itself, and gives what it had acknowledged.
    private func playAndKill(
        _ server: Server, _ options: [String]
    ) throws -> (acked: (returned: UInt64, begun: UInt64, refused: UInt64), stream: URL) {
        let mission = try server.mission([
            "--seed", "11", "--minutes", "3", "--units", "60", "--recordings", "1",
        ])
        let acked = server.root.appending(path: "acked")
        let played = try server.play(mission.stream, options + ["--quiet", "--acked", acked.path])
        #expect(played.code == 137, "\(played.errors)")
        return (try ackedCalls(acked), mission.stream)
    }

    @Test(arguments: [1, 13, 500, 9_000])
    func everyCallThatReturnedIsInTheLogAfterAKill(after: Int) throws {
        let server = try Server()
        let (acked, stream) = try playAndKill(server, ["--kill-after", String(after)])
        #expect(acked.returned == UInt64(after))
        let logged = try server.loggedCalls()
        let wanted = LoggedCall.of(stream: try Data(contentsOf: stream)).prefix(after)
        #expect(logged.count == after)
        #expect(logged.elementsEqual(wanted))
    }

    /// Killed from outside, wherever the host is at that moment: also in the middle of a call.
    @Test(arguments: [101, 102, 103, 104, 105, 106] as [UInt64])
    func everyCallThatReturnedIsInTheLogAfterAKillAnywhere(seed: UInt64) throws {
        let server = try Server()
        // The mission again and again, without a pause, until the kill.
        let (acked, stream) = try playAndKill(
            server,
            ["--fast", "--copies", "0", "--kill-random", String(seed), "--kill-within", "60"])
        let problem = try problem(of: server.loggedCalls(), after: acked, of: stream)
        #expect(problem == nil, "seed \(seed)")
    }

    @Test func recoverMakesTheReplayThatTheKillPrevented() throws {
        let server = try Server()
        _ = try playAndKill(server, ["--kill-after", "9000"])
        #expect(try server.replays().isEmpty)
        let recovered = try server.blackbox([
            "recover", server.logs.path, "--json", server.recordings.path, "--sqlite",
            server.recordings.appending(path: "blackbox.db").path,
        ])
        #expect(recovered.code == 0 || recovered.code == 10, "\(recovered.text)\(recovered.errors)")
        let replays = try server.replays()
        try #require(replays.count == 1)
        #expect(try Replay(replays[0]).units.count >= 60)
        let rows = try MissionRows(server.recordings.appending(path: "blackbox.db"))
        #expect(try rows.missions().count == 1)
        // Again: nothing is doubled, nothing is lost.
        let again = try server.blackbox([
            "recover", server.logs.path, "--json", server.recordings.path, "--sqlite",
            server.recordings.appending(path: "blackbox.db").path,
        ])
        #expect(again.code == recovered.code)
        #expect(try server.replays().count == 1)
        #expect(try rows.missions().count == 1)
    }

    /// The same mission twice, the first time without a save: one recording, and once more the same.
    @Test func aMissionThatGoesOnAfterAKillIsJoined() throws {
        let server = try Server(compactor: false)
        let mission = try server.mission([
            "--seed", "11", "--minutes", "1", "--units", "20", "--recordings", "1",
        ])
        let killed = try server.play(mission.stream, ["--quiet", "--kill-after", "1500"])
        #expect(killed.code == 137, "\(killed.errors)")
        try server.play(mission.stream, ["--quiet"])
        let database = server.recordings.appending(path: "blackbox.db").path
        let arguments = [
            "recover", server.logs.path, "--json", server.recordings.path, "--sqlite", database,
        ]
        for _ in 1...2 {
            let ran = try server.blackbox(arguments + ["--join"])
            #expect(ran.code == 0 || ran.code == 10, "\(ran.text)\(ran.errors)")
            #expect(ran.text.contains("joined: 2 parts"), "\(ran.text)")
            let replays = try server.replays()
            try #require(replays.count == 1)
            #expect(try Replay(replays[0]).units.count == 2 * mission.summary.recordings[0].units)
            #expect(try MissionRows(URL(filePath: database)).missions().count == 1)
        }
        let strict = try server.blackbox(arguments + ["--join", "5", "--strict"])
        #expect(strict.code == 2)
        #expect(strict.errors.contains("the reference joins no recordings"))
    }

    @Test func aKilledLogIsSealedByRecoverAndStaysReadable() throws {
        let server = try Server()
        _ = try playAndKill(server, ["--kill-after", "4000"])
        _ = try server.blackbox(["recover", server.logs.path])
        let folders = try server.logFolders()
        try #require(folders.count == 1)
        let verified = try server.blackbox(["verify", folders[0].path])
        #expect(verified.code == 0 || verified.code == 10, "\(verified.text)")
        #expect(try server.loggedCalls().count == 4_000)
    }
}
