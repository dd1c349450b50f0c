// A log reaches the web server as messages: each as it should be, in order, whatever the server does
// meanwhile, because the log is still there.

import Foundation
import Mission
import Segments
import Synchronization
import Testing

@testable import Stream

/// What was told.
private final class Notes: Sendable {
    private let notes = Mutex<[StreamNote]>([])
    var all: [StreamNote] { notes.withLock { $0 } }
    func add(_ note: StreamNote) { notes.withLock { $0.append(note) } }
    var troubles: [String] {
        all.compactMap { if case .trouble(let text) = $0 { text } else { nil } }
    }
}

@Suite struct StreamTests {
    private static var limits: StreamLimits {
        var limits = StreamLimits()
        limits.pauses = (.milliseconds(1), .milliseconds(20))
        return limits
    }

    private func run(
        _ url: String, secret: String = "geheim", limits: StreamLimits = Self.limits,
        _ notes: Notes = Notes()
    ) throws -> StreamRun {
        StreamRun(
            try StreamAddress(serverURL: url, secret: secret), mode: .standard, limits: limits
        ) { notes.add($0) }
    }

    /// The frames of the soldier's states, in order.
    private func frames(_ messages: [String]) -> [Int] {
        messages.compactMap { message in
            guard StreamServer.type(message) == "soldier_state",
                let from = message.range(of: #""CaptureFrame":"#)
            else { return nil }
            return Int(message[from.upperBound...].prefix { $0.isNumber })
        }
    }

    // MARK: the messages

    @Test func everyMessageSaysWhatItShould() async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(##":SYS:ADDON_VERSION: | "2.2.0""##)
        game.call(":STORAGE:INIT:")
        for row in messageTable { game.call(row.call) }
        game.end()
        try await run(server.url).follow(game.folder)
        let wanted = messageTable.map(\.message).filter { !$0.isEmpty }
        let times = try Regex(#"("(?:Time|JoinTime|StartTime)":)"[0-9-]{10}T[0-9:]{8}\.[0-9]{9}Z""#)
        let versions = try Regex(#"("ExtensionVersion":)"[^"]*""#)
        let came = server.messages.map {
            $0.replacing(times) { "\($0.output[1].substring ?? "")\"T\"" }
                .replacing(versions) { "\($0.output[1].substring ?? "")\"V\"" }
        }
        #expect(came.count == wanted.count)
        for (message, expected) in zip(came, wanted) { #expect(message == expected) }
        #expect(server.visits.count == 1)
    }

    @Test(arguments: [("", ""), ("/ocap/", "/ocap"), ("//", "")])
    func theAddressIsThatOfTheWebServer(suffix: String, prefix: String) async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(lines: Game.start + "\n:MISSION:SAVE:")
        game.end()
        try await run(server.url + suffix, secret: "a b&c=ü").follow(game.folder)
        #expect(
            server.visits.map(\.uri) == [prefix + "/api/v1/stream?secret=a%20b%26c%3D%C3%BC"])
        let address = try StreamAddress(serverURL: "https://ocap.example" + suffix, secret: "x")
        #expect(address.isSecure && address.port == 443)
        #expect(address.text == "wss://ocap.example:443" + prefix + "/api/v1/stream")
        #expect(throws: StreamError.self) { try StreamAddress(serverURL: "ocap", secret: "") }
    }

    @Test func eachRecordingGetsAConnectionOfItsOwn() async throws {
        let server = try await StreamServer()
        let game = try Game()
        for _ in 1...2 {
            game.call(lines: Game.start + "\n" + Game.soldier)
            game.walk(2...4)
            game.call(":MISSION:SAVE:")
            // Of no recording.
            game.walk(5...5)
        }
        game.end()
        try await run(server.url).follow(game.folder)
        let types =
            ["start_mission", "add_soldier"] + Array(repeating: "soldier_state", count: 3)
            + ["end_mission"]
        #expect(server.visits.map(\.types) == [types, types])
    }

    @Test func aRecordingWithoutASaveIsEndedWhenItsServerIsGone() async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...4)
        game.end()
        try await run(server.url).follow(game.folder)
        #expect(server.visits.map(\.types.last) == ["end_mission"])
        #expect(frames(server.messages) == [2, 3, 4])
        // The mark of a stream that is under way is gone.
        #expect(StreamRun.unfinished(in: game.root) == [])
    }

    @Test func messagesComeWhileTheGameStillRuns() async throws {
        let server = try await StreamServer()
        let game = try Game()
        let run = try run(server.url)
        let folder = game.folder
        async let done: Void = run.follow(folder)
        try await server.wait { $0.isEmpty }
        game.call(lines: Game.start + "\n" + Game.soldier)
        try await server.wait { $0.first?.types == ["start_mission", "add_soldier"] }
        game.walk(2...3)
        try await server.wait { $0.first?.messages.count == 4 }
        #expect(StreamRun.unfinished(in: game.root) == [folder])
        await #expect(throws: StreamError.busy(folder)) { try await run.follow(folder) }
        game.call(":MISSION:SAVE:")
        try await server.wait { $0.first?.types.last == "end_mission" }
        game.end()
        try await done
        #expect(frames(server.messages) == [2, 3])
    }

    @Test func aSecureServerIsTrustedForItsCertificateAlone() async throws {
        let server = try await StreamServer(tls: TestCertificate.server())
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier + "\n:MISSION:SAVE:")
        game.end()
        let notes = Notes()
        var impatient = Self.limits
        impatient.patience = .zero
        let address = try StreamAddress(serverURL: server.url, secret: "x")
        let stranger = StreamRun(address, mode: .standard, limits: impatient) { notes.add($0) }
        let failure = await #expect(throws: StreamError.self) {
            try await stranger.follow(game.folder)
        }
        #expect(
            failure?.sentence.contains("certificate is not trusted") == true, "\(failure as Any)")
        #expect(failure?.sentence.contains("api.sslRootCert") == true)
        #expect(server.visits.isEmpty)
        let run = StreamRun(
            address, mode: .standard, limits: Self.limits, trust: try TestCertificate.trust()
        ) { notes.add($0) }
        try await run.follow(game.folder)
        #expect(server.visits.map(\.types) == [["start_mission", "add_soldier", "end_mission"]])
    }

    // MARK: a server that fails

    @Test(arguments: [1, 2, 7, 200])
    func aConnectionThatIsCutLosesNothing(after count: Int) async throws {
        let cut = Manners(cutsAfter: count)
        let server = try await StreamServer(0, [cut, cut, cut])
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...500)
        game.call(":MISSION:SAVE:")
        game.end()
        let notes = Notes()
        try await run(server.url, notes).follow(game.folder)
        #expect(server.visits.count == 4)
        // Every connection begins with the mission, and goes on at or before where the last one broke.
        var reached = 1
        for visit in server.visits {
            #expect(visit.types.first == "start_mission")
            let frames = frames(visit.messages)
            if let first = frames.first, let last = frames.last {
                #expect(first <= reached + 1)
                #expect(frames == Array(first...last))
                reached = max(reached, last)
            }
        }
        #expect(reached == 500)
        #expect(server.visits.last?.types.last == "end_mission")
        #expect(notes.troubles.count == 3 && notes.troubles[0].contains("cut the connection"))
    }

    @Test func whatTheServerHasAcknowledgedIsNotSentAgain() async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...100)
        let folder = game.folder
        let first = try run(server.url)
        let task = Task { try await first.follow(folder) }
        try await server.wait { $0.first?.messages.count == 101 }
        // The answer to the ping behind them moves the cursor.
        let id = try #require(LogSourceID.of(folder))
        for _ in 0..<3000 where Cursor.read(folder, "websocket", logID: id) == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        let kept = try #require(Cursor.read(folder, "websocket", logID: id)).sequence
        task.cancel()
        _ = await task.result
        game.walk(101...120)
        game.call(":MISSION:SAVE:")
        game.end()
        try await run(server.url).follow(folder)
        #expect(server.visits.count == 2)
        let again = frames(server.visits[1].messages)
        #expect(again.last == 120)
        // The log's first records are its dictionary, the mission's start and the soldier.
        #expect(kept < 100 || again.first == 101)
        #expect(server.visits[1].types.first == "start_mission")
        #expect(!server.visits[1].types.contains("add_soldier"))
    }

    /// The cursor stands at the last record, and still the server was not told of the end.
    @Test(arguments: [true, false])
    func aMissionThatIsAllThereButItsEndIsEnded(isMarked: Bool) async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...4)
        game.end()
        var reader = try LogReader(path: game.folder)
        let last = reader.check().lastSequence
        let id = try #require(reader.identity?.logID)
        try Cursor(name: "websocket", logID: id, sequence: last).write(game.folder)
        if isMarked {
            try Data().write(to: URL(filePath: game.folder + "/" + LogNames.streamMark))
        }
        try await run(server.url).follow(game.folder)
        // Without the mark of a stream that was left in the middle the server has heard of it.
        #expect(server.visits.map(\.types) == (isMarked ? [["start_mission", "end_mission"]] : []))
        #expect(StreamRun.unfinished(in: game.root) == [])
    }

    /// Of missions that the server has from an earlier run nothing is sent again.
    @Test func aLaterRunBeginsWithTheMissionThatWasLeft() async throws {
        let server = try await StreamServer()
        let game = try Game()
        for _ in 1...2 {
            game.call(lines: Game.start + "\n" + Game.soldier)
            game.walk(2...3)
            game.call(":MISSION:SAVE:")
        }
        game.call(lines: Game.start + "\n" + Game.soldier)
        let folder = game.folder
        let first = try run(server.url)
        let task = Task { try await first.follow(folder) }
        try await server.wait { $0.count == 3 && $0[2].messages.count == 2 }
        task.cancel()
        _ = await task.result
        game.walk(2...3)
        game.end()
        try await run(server.url).follow(folder)
        #expect(server.visits.count == 4)
        #expect(server.visits[3].types.first == "start_mission")
        #expect(frames(server.visits[3].messages) == [2, 3])
        #expect(server.visits[3].messages.first?.contains(#""mission":{"ID":3,"#) == true)
    }

    @Test func onlyFocusCommandsThatCountAreSent() async throws {
        let server = try await StreamServer()
        let game = try Game()
        game.call(Game.start)
        for line in [
            ":MISSION:FOCUS_END: | 2", ":MISSION:FOCUS_START: | 3", ":MISSION:FOCUS_START: | 4",
            ":MISSION:FOCUS_END: | 3", ":MISSION:FOCUS_END: | 9", ":MISSION:FOCUS_START: | x",
        ] {
            game.call(line)
        }
        game.call(":MISSION:SAVE:")
        game.end()
        try await run(server.url).follow(game.folder)
        #expect(
            server.messages.dropFirst().dropLast() == [
                #"{"type":"mission_focus_start","payload":{"frame":3}}"#,
                #"{"type":"mission_focus_end","payload":{"frame":9}}"#,
            ])
    }

    @Test func aServerThatDoesNotAcknowledgeIsAskedAgain() async throws {
        let silent = Manners(acknowledges: false)
        let server = try await StreamServer(0, [silent, silent])
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...5)
        game.call(":MISSION:SAVE:")
        game.end()
        var limits = Self.limits
        limits.answer = .seconds(2)
        let notes = Notes()
        try await run(server.url, limits: limits, notes).follow(game.folder)
        #expect(server.visits.prefix(2).map(\.types) == [["start_mission"], ["start_mission"]])
        #expect(server.visits.last?.types.last == "end_mission")
        #expect(notes.troubles.first == "the web server does not acknowledge start_mission")
        #expect(Set(frames(server.messages)) == [2, 3, 4, 5])
    }

    @Test func aServerThatAnswersNothingAnyMoreIsLeft() async throws {
        let deaf = Manners(answersPings: false)
        let server = try await StreamServer(0, [deaf])
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        game.walk(2...5)
        let folder = game.folder
        var limits = Self.limits
        limits.silence = .seconds(2)
        let run = try run(server.url, limits: limits)
        async let done: Void = run.follow(folder)
        try await server.wait { $0.dropFirst().contains { $0.messages.count == 6 } }
        game.call(":MISSION:SAVE:")
        game.end()
        try await done
        #expect(server.visits.dropFirst().contains { frames($0.messages) == [2, 3, 4, 5] })
    }

    @Test func aServerThatIsDownGetsItWhenItIsBack() async throws {
        let first = try await StreamServer()
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        let folder = game.folder
        let notes = Notes()
        let run = try run(first.url, notes)
        async let done: Void = run.follow(folder)
        try await first.wait { $0.first?.messages.count == 2 }
        try await first.stop()
        game.walk(2...50)
        for _ in 0..<3000 where !notes.troubles.contains(where: { $0.contains("reached") }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let second = try await StreamServer(first.port)
        game.call(":MISSION:SAVE:")
        game.end()
        try await done
        #expect(second.visits.first?.types.first == "start_mission")
        #expect(frames(second.messages) == Array(2...50))
    }

    @Test(arguments: [(401, "api.apiKey"), (404, "takes no streams"), (500, "500")])
    func aRefusalIsToldAndTriedAgain(status: Int, words: String) async throws {
        let server = try await StreamServer(0, [Manners(refuses: status)])
        let game = try Game()
        game.call(lines: Game.start + "\n:MISSION:SAVE:")
        game.end()
        let notes = Notes()
        try await run(server.url, notes).follow(game.folder)
        #expect(notes.troubles.count == 1 && notes.troubles[0].contains(words), "\(notes.all)")
        #expect(server.visits.last?.types == ["start_mission", "end_mission"])
        #expect(notes.all.last == .finished(game.folder))
    }

    @Test func whatIsNoAcknowledgementIsPassedOverAndPingsAreAnswered() async throws {
        let server = try await StreamServer(0, [Manners(closesAfterEnd: false, babbles: true)])
        let game = try Game()
        game.call(lines: Game.start + "\n" + Game.soldier)
        let folder = game.folder
        let run = try run(server.url)
        async let done: Void = run.follow(folder)
        try await server.wait { $0.first?.pongs == 1 }
        game.call(":MISSION:SAVE:")
        game.end()
        try await done
        #expect(server.visits.map(\.types) == [["start_mission", "add_soldier", "end_mission"]])
    }
}

/// A log's id.
private enum LogSourceID {
    static func of(_ folder: String) -> [UInt8]? {
        (try? LogReader(path: folder))?.identity?.logID
    }
}
