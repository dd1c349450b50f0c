// From the save in the game to the web server: the built plug-in, the built programs, a server that fails.

import Foundation
import Testing

@Suite(.enabled(if: Programs.areThere, "not built: run Tools/build plugin tools net"))
struct PluginUploadTests {
    @Test func aSavedMissionIsOnTheWebServer() async throws {
        let web = try await WebServerDouble()
        let game = try GameServer(url: web.url, secret: "geheim")
        let said = try await game.play()
        #expect(
            said.contains(#":MISSION:SAVED: ["ok""#) || said.contains(#":MISSION:SAVED:["ok""#),
            "\(said)")
        let request = try #require(web.uploads.first)
        #expect(request.field("secret") == "geheim")
        let name = try #require(request.field("filename"))
        let replay = try Data(contentsOf: game.recordings.appending(path: name))
        let ticket = try #require(try game.tickets().first)
        #expect(ticket.status == .sent && ticket.sentBytes == UInt64(replay.count))
        // The generated mission has a focus range.
        let fields = [
            "secret", "filename", "worldName", "missionName", "missionDuration", "tag",
            "focusStart", "focusEnd",
        ]
        let wanted = Received.form(
            boundary: try #require(request.boundary),
            fields: fields.map { ($0, request.field($0) ?? "none") }, fileName: name,
            file: [UInt8](replay))
        let isSame = request.body == wanted
        #expect(isSame, "\(fields.map { request.field($0) ?? "none" })")
        #expect(Double(request.field("missionDuration") ?? "") ?? 0 > 10)
        let again = try await game.upload(["--check"])
        #expect(again.code == 0, "\(again.text)")
        #expect(web.uploads.count == 1)
    }

    @Test func aServerWithAPrivateCertificateGetsItOnceTheOwnerNamesThat() async throws {
        let web = try await WebServerDouble(tls: TestCertificate.server())
        let stranger = try GameServer(url: web.url, secret: "x")
        let refused = try await stranger.play()
        #expect(refused.contains("partial"), "\(refused)")
        #expect(refused.contains("api.sslRootCert"), "\(refused)")
        #expect(web.begun == 0)
        let certificate = try CertificateFile()
        let game = try GameServer(url: web.url, secret: "x", certificate: certificate.path)
        let said = try await game.play()
        #expect(said.contains(#":MISSION:SAVED: ["ok","./recordings/"#), "\(said)")
        #expect(web.uploads.count == 1)
        let bad = try GameServer(url: web.url, secret: "x", certificate: "/nowhere/ca.pem")
        let named = try await bad.upload([])
        #expect(named.code == 2 && named.text.contains("/nowhere/ca.pem"), "\(named.text)")
    }

    @Test func aServerThatFailsAtTheSaveGetsTheReplayBehindIt() async throws {
        let web = try await WebServerDouble()
        web.always(.answer(500, "database is locked"))
        let game = try GameServer(url: web.url, secret: "geheim")
        let said = try await game.play()
        #expect(said.contains("partial"), "\(said)")
        #expect(said.contains("database is locked"), "\(said)")
        web.always(.answer(200))
        // The game is gone; its uploader is not.
        for _ in 0..<6000 where try game.tickets().first?.status != .sent {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try game.tickets().first?.status == .sent)
    }

    @Test func whatWaitsIsSentByHandOnceTheSecretIsRight() async throws {
        let web = try await WebServerDouble()
        web.always(.answer(403))
        let game = try GameServer(url: web.url, secret: "wrong-secret")
        let said = try await game.play()
        #expect(said.contains("api.apiKey"), "\(said)")
        let refused = try await game.upload([])
        #expect(refused.code == 1)
        #expect(refused.text.contains("api.apiKey"), "\(refused.text)")
        web.always(.answer(200))
        let sent = try await game.upload(["--json"])
        #expect(sent.code == 0, "\(sent.text)")
        #expect(sent.text.contains(#""status":"sent""#), "\(sent.text)")
        let nothing = try await game.upload(["--json"])
        #expect(nothing.code == 0 && nothing.text.isEmpty, "\(nothing.text)")
        try game.expectNowhere("wrong-secret")
    }

    @Test(arguments: ["memory", "websocket"])
    func withoutTheProgramForItASaveSaysSo(storage: String) async throws {
        let game = try GameServer(
            url: "http://127.0.0.1:1", secret: "x", storage: storage, hasNetworkProgram: false)
        let said = try await game.play()
        #expect(said.contains("partial") && said.contains("blackbox-net is not beside"), "\(said)")
        // The replay is made, and waits.
        if storage == "memory" { #expect(try game.tickets().first?.status == .waiting) }
    }

    @Test func withoutAConfiguredServerNothingLeavesTheMachine() async throws {
        let web = try await WebServerDouble()
        let game = try GameServer(url: "", secret: "x")
        let said = try await game.play()
        #expect(said.contains(#"["ok""#), "\(said)")
        #expect(try game.tickets().isEmpty)
        let refused = try await game.upload([])
        #expect(refused.code == 2 && refused.text.contains("api.serverUrl"), "\(refused.text)")
        #expect(web.begun == 0)
    }

    @Test func aKilledServersMissionIsUploadedAfterTheNextStart() async throws {
        let web = try await WebServerDouble()
        let game = try GameServer(url: web.url, secret: "x")
        try await game.play(dies: true)
        #expect(web.begun == 0)
        // The next start finds the log; its own mission is short.
        _ = try await game.play()
        for _ in 0..<6000 where web.uploads.count < 2 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(web.uploads.count == 2)
    }
}
