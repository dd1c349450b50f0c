// From the save in the game to the web server: the built plug-in, the built programs, a server that fails.

import Foundation
import Replay
import Testing

/// The files that `Tools/build plugin tools net` leaves: in BLACKBOX_BUILD, else in the package's build/.
private enum Programs {
    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["BLACKBOX_BUILD"] {
            return URL(filePath: named, directoryHint: .isDirectory)
        }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "build", directoryHint: .isDirectory)
    }()
    static let names = [
        "ocap_recorder_x64.so", "blackbox", "blackbox-net", "armahost", "generate-mission",
    ]
    static let areThere = names.allSatisfy {
        FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
    }
}

/// A game server whose configuration names a web server. Removed with the value.
private final class GameServer {
    let root: URL
    var recordings: URL { root.appending(path: "recordings") }

    init(url: String, secret: String) throws {
        root = FileManager.default.temporaryDirectory.appending(
            path: "blackbox upload test \(UUID().uuidString)", directoryHint: .isDirectory)
        let mod = root.appending(path: "@ocap")
        try FileManager.default.createDirectory(at: mod, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: Programs.folder.appending(path: Programs.names[0]),
            to: mod.appending(path: Programs.names[0]))
        for name in ["blackbox", "blackbox-net"] {
            // A hard link or a copy: the programs find each other beside their own file.
            let built = Programs.folder.appending(path: name).resolvingSymlinksInPath()
            try FileManager.default.copyItem(at: built, to: mod.appending(path: name))
        }
        try #"{"api": {"serverUrl": "\#(url)", "apiKey": "\#(secret)"}}"#.write(
            to: mod.appending(path: "ocap_recorder.cfg.json"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Runs a program in the server's folder; what it printed, and its exit code.
    func run(_ program: URL, _ arguments: [String]) async throws -> (code: Int32, text: String) {
        let file = root.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: file)
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = root
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: file)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        return (
            process.terminationStatus,
            String(decoding: try Data(contentsOf: file), as: UTF8.self)
        )
    }

    /// Plays a short mission to its save.
    func play() async throws -> String {
        let stream = root.appending(path: "mission.tsv")
        let made = try await run(
            Programs.folder.appending(path: "generate-mission"),
            [
                "--seed", "3", "--minutes", "0.3", "--units", "5", "--recordings", "1", "--output",
                stream.path, "--summary", root.appending(path: "mission.json").path,
            ])
        #expect(made.code == 0, "\(made.text)")
        let played = try await run(
            Programs.folder.appending(path: "armahost"),
            [
                root.appending(path: "@ocap/ocap_recorder_x64.so").path, stream.path,
                "--wait-saved",
            ])
        #expect(played.code == 0, "\(played.text)")
        return played.text
    }

    func tickets() throws -> [UploadTicket] {
        guard FileManager.default.fileExists(atPath: recordings.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: recordings.path)
            .filter { $0.hasSuffix(".json.gz") }
            .compactMap { UploadTicket.read(recordings.path + "/" + $0) }
    }

    func upload(_ arguments: [String]) async throws -> (code: Int32, text: String) {
        try await run(root.appending(path: "@ocap/blackbox"), ["upload"] + arguments)
    }
}

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
        let fields = ["secret", "filename", "worldName", "missionName", "missionDuration", "tag"]
        let wanted = Received.form(
            boundary: try #require(request.boundary),
            fields: fields.map { ($0, request.field($0) ?? "none") }, fileName: name,
            file: [UInt8](replay))
        #expect(request.body == wanted)
        #expect(Double(request.field("missionDuration") ?? "") ?? 0 > 10)
        let again = try await game.upload(["--check"])
        #expect(again.code == 0, "\(again.text)")
        #expect(web.uploads.count == 1)
    }

    @Test func aServerThatFailsAtTheSaveGetsTheReplayBehindIt() async throws {
        let web = try await WebServerDouble(0, [.answer(500), .answer(502)])
        let game = try GameServer(url: web.url, secret: "x")
        let said = try await game.play()
        #expect(said.contains("partial"), "\(said)")
        // The game is gone; its uploader is not.
        for _ in 0..<6000 where try game.tickets().first?.status != .sent {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try game.tickets().first?.status == .sent)
        #expect(web.uploads.count == 3)
    }

    @Test func whatWaitsIsSentByHandOnceTheSecretIsRight() async throws {
        let web = try await WebServerDouble(0, [.answer(403), .answer(403)])
        let game = try GameServer(url: web.url, secret: "wrong")
        let said = try await game.play()
        #expect(said.contains("api.apiKey"), "\(said)")
        let refused = try await game.upload([])
        #expect(refused.code == 1)
        #expect(refused.text.contains("api.apiKey"), "\(refused.text)")
        let sent = try await game.upload(["--json"])
        #expect(sent.code == 0, "\(sent.text)")
        #expect(sent.text.contains(#""status":"sent","attempts":3"#), "\(sent.text)")
        let nothing = try await game.upload(["--json"])
        #expect(nothing.code == 0 && nothing.text.isEmpty, "\(nothing.text)")
    }
}
