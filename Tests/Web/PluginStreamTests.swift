// From the game to the web server while it plays: the built plug-in, the built programs.

import Foundation
import Testing

@Suite(.enabled(if: Programs.areThere, "not built: run Tools/build plugin tools net"))
struct PluginStreamTests {
    @Test func aMissionIsStreamedAndItsSaveIsAcknowledged() async throws {
        let web = try await StreamServer()
        let game = try GameServer(url: web.url, secret: "geheim-7", storage: "websocket")
        let said = try await game.play()
        #expect(said.contains(#"["ok""#), "\(said)")
        let visit = try #require(web.visits.first)
        #expect(visit.uri == "/api/v1/stream?secret=geheim-7")
        // A stream leaves no file that could be named.
        #expect(said.contains(#":MISSION:SAVED: ["ok",""]"#), "\(said)")
        #expect(visit.types.first == "start_mission")
        #expect(visit.types.last == "end_mission")
        #expect(visit.types.contains("soldier_state") && visit.types.contains("time_state"))
        #expect(web.visits.count == 1)
        // Nothing is uploaded in this mode.
        #expect(try game.tickets().isEmpty)
        try game.expectNowhere("geheim-7")
    }

    @Test func aStreamThatAKillEndedIsBroughtToItsEndAtTheNextStart() async throws {
        let web = try await StreamServer()
        let game = try GameServer(url: web.url, secret: "x", storage: "websocket")
        try await game.play(dies: true)
        _ = try await game.play()
        try await web.wait { visits in visits.count { $0.types.last == "end_mission" } == 2 }
        #expect(web.visits.allSatisfy { $0.types.first == "start_mission" })
    }

    /// The program that streams never came up beside the server that was killed.
    @Test func aLogThatNobodyBeganToStreamIsStreamedAtTheNextStart() async throws {
        let web = try await StreamServer()
        let game = try GameServer(
            url: web.url, secret: "x", storage: "websocket", hasNetworkProgram: false)
        try await game.play(dies: true)
        #expect(web.visits.isEmpty)
        try game.addNetworkProgram()
        _ = try await game.play()
        try await web.wait { visits in visits.count { $0.types.last == "end_mission" } == 2 }
        #expect(web.visits.allSatisfy { $0.types.first == "start_mission" })
    }

    @Test func aSecureServerIsStreamedToOnceTheOwnerNamesItsCertificate() async throws {
        let web = try await StreamServer(tls: TestCertificate.server())
        let certificate = try CertificateFile()
        let game = try GameServer(
            url: web.url, secret: "x", storage: "websocket", certificate: certificate.path)
        let said = try await game.play()
        #expect(said.contains(#":MISSION:SAVED: ["ok",""]"#), "\(said)")
        #expect(web.visits.map(\.types.last) == ["end_mission"])
    }

    @Test func aSaveThatTheServerDoesNotAcknowledgeIsPartial() async throws {
        let web = try await StreamServer()
        web.always(Manners(refuses: 401))
        let game = try GameServer(url: web.url, secret: "wrong", storage: "websocket")
        let said = try await game.play()
        // The log still has it.
        web.always(Manners())
        #expect(said.contains("partial") && said.contains("blackbox follow"), "\(said)")
        try await web.wait { $0.last?.types.last == "end_mission" }
    }
}
