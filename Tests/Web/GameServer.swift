// A game server with the built plug-in and the built programs, whose configuration names a web server.

import Foundation
import Replay
import Testing

/// The files that `Tools/build plugin tools net` leaves: in BLACKBOX_BUILD, else in the package's build/.
enum Programs {
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

/// This process's environment without what other tests in it set for the plug-in in their own memory.
private let ownEnvironment: [String: String] = {
    var variables = ProcessInfo.processInfo.environment
    variables["OCAP_RECORDER_CONFIG"] = nil
    return variables
}()

/// A game server whose configuration names a web server. Removed with the value.
final class GameServer {
    let root: URL
    var recordings: URL { root.appending(path: "recordings") }

    /// - Parameter certificate: file of the server's certificate, which no authority vouches for.
    init(
        url: String, secret: String, storage: String = "memory", hasNetworkProgram: Bool = true,
        certificate: String? = nil
    ) throws {
        root = FileManager.default.temporaryDirectory.appending(
            path: "blackbox web test \(UUID().uuidString)", directoryHint: .isDirectory)
        let mod = root.appending(path: "@ocap")
        try FileManager.default.createDirectory(at: mod, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: Programs.folder.appending(path: Programs.names[0]),
            to: mod.appending(path: Programs.names[0]))
        try copy("blackbox")
        if hasNetworkProgram { try addNetworkProgram() }
        let trusted = certificate.map { #", "sslRootCert": "\#($0)""# } ?? ""
        let configuration = #"""
            {"api": {"serverUrl": "\#(url)", "apiKey": "\#(secret)"\#(trusted)},
             "storage": {"type": "\#(storage)"}}
            """#
        try configuration.write(
            to: mod.appending(path: "ocap_recorder.cfg.json"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// The program that talks to servers, beside the plug-in.
    func addNetworkProgram() throws { try copy("blackbox-net") }

    /// A hard link or a copy: the programs find each other beside their own file.
    private func copy(_ name: String) throws {
        try FileManager.default.copyItem(
            at: Programs.folder.appending(path: name).resolvingSymlinksInPath(),
            to: root.appending(path: "@ocap/" + name))
    }

    /// Runs a program in the server's folder; what it printed, and its exit code.
    func run(_ program: URL, _ arguments: [String]) async throws -> (code: Int32, text: String) {
        let file = root.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: file)
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ownEnvironment
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

    /// Plays a short mission to its save, or to the server's death in the middle.
    @discardableResult
    func play(dies: Bool = false) async throws -> String {
        let stream = root.appending(path: "mission.tsv")
        let made = try await run(
            Programs.folder.appending(path: "generate-mission"),
            [
                "--seed", "3", "--minutes", "1", "--units", "8", "--recordings", "1", "--output",
                stream.path, "--summary", root.appending(path: "mission.json").path,
            ])
        try #require(made.code == 0, "\(made.text)")
        let played = try await run(
            Programs.folder.appending(path: "armahost"),
            [
                root.appending(path: "@ocap/ocap_recorder_x64.so").path, stream.path,
            ] + (dies ? ["--kill-after", "120", "--fps", "500"] : ["--wait-saved"]))
        try #require((played.code == 0) != dies, "\(played.text)")
        return played.text
    }

    func tickets() throws -> [UploadTicket] {
        guard FileManager.default.fileExists(atPath: recordings.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: recordings.path)
            .filter { $0.hasSuffix(".json.gz") }
            .compactMap { UploadTicket.read(recordings.path + "/" + $0) }
    }

    /// A text stands in no file but the configuration.
    func expectNowhere(_ text: String) throws {
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension != "json", let bytes = try? Data(contentsOf: file) else {
                continue
            }
            #expect(bytes.range(of: Data(text.utf8)) == nil, "\(file.path)")
        }
    }

    func upload(_ arguments: [String]) async throws -> (code: Int32, text: String) {
        try await run(root.appending(path: "@ocap/blackbox"), ["upload"] + arguments)
    }
}
