// Replays reach OCAP's web server: every field as it expects it, once, whatever the server does meanwhile.

import Foundation
import Mission
import Replay
import Testing
import Upload

/// A folder of replays that goes with the test.
private final class ReplayFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appending(
                path: "blackbox uploads é \(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A replay with a ticket.
    func add(_ name: String, _ bytes: [UInt8], focus: FocusRange? = nil) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(filePath: file))
        var ticket = UploadTicket()
        ticket.worldName = "stratis"
        ticket.missionName = "co08 \"Bear\" Ä"
        ticket.missionDuration = "3600.250000"
        ticket.tag = "TvT"
        ticket.focus = focus
        try ticket.issue(for: file, fileBytes: UInt64(bytes.count))
        return file
    }
}

@Suite struct UploadTests {
    private static let pause = Backoff(first: .milliseconds(1), longest: .milliseconds(1))

    private func run(
        _ url: String, secret: String = "s3cret", trust: WebTrust = .machine,
        limit: Duration? = nil, _ body: (UploadRun) async throws -> Void
    ) async throws {
        let server = try WebServer(serverURL: url, secret: secret, trust: trust)
        do {
            try await body(UploadRun(server, limit: limit) { _ in })
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    @Test(arguments: [nil, FocusRange(start: 12, end: 340)])
    func everyFieldComesAsTheServerExpectsIt(focus: FocusRange?) async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble()
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let path = try folder.add("co08__2026_03_08_19_20.json.gz", content, focus: focus)
        try await run(server.url + "//", secret: "Schlüssel \"1\"") { run in
            #expect(await run.attempt(path) == .sent)
        }
        let request = try #require(server.uploads.first)
        #expect(request.method == "POST")
        let boundary = try #require(request.boundary)
        var fields = [
            ("secret", "Schlüssel \"1\""), ("filename", "co08__2026_03_08_19_20.json.gz"),
            ("worldName", "stratis"), ("missionName", "co08 \"Bear\" Ä"),
            ("missionDuration", "3600.250000"), ("tag", "TvT"),
        ]
        if focus != nil { fields += [("focusStart", "12"), ("focusEnd", "340")] }
        let wanted = Received.form(
            boundary: boundary, fields: fields, fileName: "co08__2026_03_08_19_20.json.gz",
            file: content)
        #expect(request.body == wanted)
        #expect(request.header("Content-Length") == "\(wanted.count)")
        let ticket = try #require(UploadTicket.read(path))
        #expect(ticket.status == .sent && ticket.attempts == 1)
        #expect(ticket.sentBytes == UInt64(content.count))
    }

    @Test func aServerThatFailsGetsTheReplayLater() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(
            0, [.answer(500, "database is locked"), .cut(afterBytes: 50_000), .answer(503)])
        let path = try folder.add("a.json.gz", [UInt8](repeating: 1, count: 4 << 20))
        try await run(server.url) { run in
            guard case .later(let why) = await run.attempt(path) else {
                Issue.record("not for later")
                return
            }
            #expect(why.contains("500") && why.contains("database is locked"), "\(why)")
            #expect(UploadTicket.read(path)?.status == .waiting)
            #expect(UploadTicket.read(path)?.error == why)
            let left = try await run.sendAll([folder.path], tries: 10, backoff: Self.pause)
            #expect(left == 0)
        }
        #expect(UploadTicket.read(path)?.status == .sent)
        #expect(UploadTicket.read(path)?.attempts == 4)
        #expect(server.begun == 4)
    }

    @Test(arguments: [
        (Behaviour.answer(403), "api.apiKey"), (.answer(413), "larger than the server takes"),
        (.answer(404), "api.serverUrl"),
        (.answer(301, location: "https://ocap.example/"), "https://ocap.example/"),
        (.answer(400, "bad duration"), "bad duration"),
    ])
    func whatOnlyTheOwnerCanChangeIsSaidAndNotTriedAgain(
        behaviour: Behaviour, words: String
    ) async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [behaviour])
        let path = try folder.add("a.json", [1, 2, 3])
        try await run(server.url) { run in
            let left = try await run.sendAll([folder.path], tries: 5, backoff: Self.pause)
            #expect(left == 1)
        }
        #expect(server.uploads.count == 1)
        let ticket = try #require(UploadTicket.read(path))
        #expect(ticket.status == .refused)
        #expect(ticket.error.contains(words), "\(ticket.error)")
        // When it is changed, the next run sends it.
        try await run(server.url) { run in
            let left = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            #expect(left == 0)
        }
    }

    @Test func aServerThatStallsIsGivenUpAfterItsTime() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [.stall])
        let path = try folder.add("a.json.gz", [UInt8](repeating: 7, count: 1000))
        try await run(server.url, limit: .milliseconds(300)) { run in
            #expect(await run.attempt(path) == .later("the server took too long"))
        }
        try await run(server.url) { run in
            #expect(await run.attempt(path) == .sent)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le", "nonsense\r\n\r\n",
        "HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf",
    ])
    func halfAnAnswerIsNone(answer: String) async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [.raw(answer)])
        let path = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url) { run in
            guard case .later = await run.attempt(path) else {
                Issue.record("not for later")
                return
            }
            let second = await run.attempt(path)
            #expect(second == .sent)
        }
        #expect(server.begun == 2)
    }

    @Test func anAnswerThatNeverEndsCountsByItsStatus() async throws {
        let folder = try ReplayFolder()
        let head = "\r\nContent-Length: 100\r\n\r\nhalf"
        let server = try await WebServerDouble(
            0, [.half("HTTP/1.1 503 Busy" + head), .half("HTTP/1.1 200 OK" + head)])
        let path = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url, limit: .milliseconds(500)) { run in
            let first = await run.attempt(path)
            #expect(first == .later("the server took too long"))
        }
        try await run(server.url) { run in
            let second = await run.attempt(path)
            #expect(second == .sent)
        }
    }

    @Test func oneProgramOfManyTriesForHours() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [.hold])
        _ = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url) { run in
            async let first = run.sendAsOne([folder.path], tries: 3, backoff: Self.pause)
            while server.uploads.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            // What it leaves is the first one's, which is still at work.
            _ = try folder.add("b.json.gz", [4])
            let left = try await run.sendAsOne([folder.path], tries: 3, backoff: Self.pause)
            #expect(left == 0)
            #expect(server.begun == 1)
            server.release()
            let rest = try await first
            #expect(rest == 0)
        }
        #expect(server.begun == 2)
    }

    @Test func aReplayMadeAnewWhileItIsSentIsSentAgain() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [.hold])
        let path = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url) { run in
            async let first = run.attempt(path)
            while server.uploads.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            // As the compactor does it: beside, and renamed into place.
            try FileManager.default.removeItem(atPath: path)
            _ = try folder.add("a.json.gz", [1, 2, 3, 4])
            server.release()
            #expect(await first == .sent)
            #expect(UploadTicket.open(in: folder.path).count == 1)
            let left = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            #expect(left == 0)
        }
        #expect(server.uploads.last?.body.contains(4) == true)
    }

    @Test func pausesGrowToTheirLimitAndDiffer() {
        var backoff = Backoff(first: .seconds(10), longest: .seconds(600))
        let pauses = (0..<12).map { _ in backoff.pause() }
        for (index, pause) in pauses.enumerated() {
            let least = min(10.0 * Double(1 << index), 600)
            #expect(pause >= .seconds(least) && pause <= .seconds(least * 1.3))
        }
        #expect(Set(pauses.suffix(6)).count > 1)
    }

    @Test func theTimeLimitGrowsWithTheReplay() {
        #expect(WebServer.limit(byteCount: 0) == .seconds(30))
        #expect(WebServer.limit(byteCount: 32 << 20) == .seconds(30 + 1024))
    }

    // MARK: TLS

    @Test func aSecureServerIsTrustedForItsCertificateAlone() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(tls: TestCertificate.server())
        let path = try folder.add("a.json.gz", [1, 2, 3])
        let stranger = try WebServer(serverURL: server.url, secret: "s3cret")
        let health = await stranger.health()
        await stranger.close()
        #expect(health?.contains("certificate is not trusted") == true, "\(health as Any)")
        try await run(server.url) { run in
            guard case .later(let why) = await run.attempt(path) else {
                Issue.record("it was sent")
                return
            }
            #expect(why.contains("certificate is not trusted"), "\(why)")
            #expect(why.contains("api.sslRootCert"))
        }
        #expect(server.begun == 0)
        #expect(UploadTicket.read(path)?.status == .waiting)
        try await run(server.url, trust: TestCertificate.trust()) { run in
            #expect(await run.attempt(path) == .sent)
        }
        #expect(server.uploads.first?.field("secret") == "s3cret")
    }

    @Test func aCertificateOfAnotherNameIsRefused() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(tls: TestCertificate.server())
        let path = try folder.add("a.json.gz", [1, 2, 3])
        let url = "https://127.0.0.1:\(server.port)"
        try await run(url, trust: TestCertificate.trust()) { run in
            let outcome = await run.attempt(path)
            #expect("\(outcome)".contains("for another name"), "\(outcome)")
        }
        #expect(server.begun == 0)
    }

    @Test func aSchemeThatIsNotTheServersIsNamed() async throws {
        let folder = try ReplayFolder()
        let path = try folder.add("a.json.gz", [1, 2, 3])
        let plain = try await WebServerDouble()
        try await run("https://localhost:\(plain.port)") { run in
            let outcome = await run.attempt(path)
            #expect("\(outcome)".contains("does not speak TLS there"), "\(outcome)")
        }
        let secure = try await WebServerDouble(tls: TestCertificate.server())
        try await run("http://localhost:\(secure.port)") { run in
            let outcome = await run.attempt(path)
            #expect("\(outcome)".contains("cut the connection"), "\(outcome)")
        }
        #expect(plain.begun == 0 && secure.begun == 0)
    }

    @Test func aFileWithoutCertificatesIsNamed() throws {
        let folder = try ReplayFolder()
        let path = try folder.add("ca.pem", Array("no certificate".utf8))
        for path in [path, folder.path + "/nowhere.pem", folder.path] {
            let error = #expect(throws: TrustError.self) { try WebTrust(rootCertificates: path) }
            #expect(error?.sentence.contains(path) == true)
        }
    }

    // MARK: waiting

    @Test func aServerThatIsDownLeavesTheReplayWaiting() async throws {
        let folder = try ReplayFolder()
        let gone = try await WebServerDouble()
        try await gone.stop()
        let path = try folder.add("a.json.gz", [1])
        try await run(gone.url) { run in
            guard case .later(let why) = await run.attempt(path) else {
                Issue.record("not for later")
                return
            }
            #expect(why.contains("can't be reached"), "\(why)")
        }
        #expect(UploadTicket.read(path)?.status == .waiting)
        let back = try await WebServerDouble(gone.port)
        try await run(back.url) { run in
            let left = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            #expect(left == 0)
        }
        #expect(back.uploads.count == 1)
    }

    @Test func whatIsSentIsNotSentAgainUnlessItChangedOrIsAskedFor() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble()
        let path = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url) { run in
            for _ in 1...3 {
                _ = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            }
            #expect(server.uploads.count == 1)
            // The same replay made once more, then one that grew.
            _ = try folder.add("a.json.gz", [1, 2, 3])
            _ = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            #expect(server.uploads.count == 1)
            _ = try folder.add("a.json.gz", [1, 2, 3, 4])
            _ = try await run.sendAll([folder.path], tries: 1, backoff: Self.pause)
            #expect(server.uploads.count == 2)
            _ = try await run.sendAll([path], again: true, tries: 1, backoff: Self.pause)
            #expect(server.uploads.count == 3)
        }
    }

    @Test func twoProgramsSendAReplayOnce() async throws {
        let folder = try ReplayFolder()
        let server = try await WebServerDouble(0, [.hold])
        let path = try folder.add("a.json.gz", [1, 2, 3])
        try await run(server.url) { run in
            async let first = run.attempt(path)
            while server.uploads.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(await run.attempt(path) == .busy)
            server.release()
            #expect(await first == .sent)
            #expect(await run.attempt(path) == .sent)
        }
        #expect(server.begun == 1)
    }

    @Test func aTicketWithoutItsReplayGoes() async throws {
        let folder = try ReplayFolder()
        let path = try folder.add("a.json.gz", [1])
        try FileManager.default.removeItem(atPath: path)
        #expect(try TicketedReplay.find([folder.path]).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: UploadTicket.path(of: path)))
    }

    @Test(arguments: ["", "localhost:5000", "ftp://x", "http://"])
    func whatIsNoAddressIsNamed(text: String) {
        #expect(throws: AddressError.self) { try WebServer(serverURL: text, secret: "") }
    }
}
