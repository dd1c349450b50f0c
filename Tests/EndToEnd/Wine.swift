// The Windows half, run on Linux: programs for Windows under Wine, in a prefix (Wine's own C: drive and
// registry) that goes when the tests end.

import Foundation
import Testing

enum Wine {
    static let plugin = Built.folder.appending(path: "ocap_recorder_x64.dll")
    static let armahost = Built.folder.appending(path: "armahost.exe")
    static let blackbox = Built.folder.appending(path: "blackbox.exe")
    /// Tests/Windows/probe.c
    static let probe = Built.package.appending(path: ".build-windows/probe.exe")

    /// The loader itself: the script in PATH complains where Wine for 32 bits is missing.
    private static let program = [
        "/usr/lib/wine/wine64", "/usr/bin/wine64", "/usr/local/bin/wine64", "/usr/bin/wine",
    ]
    .map { URL(filePath: $0) }.first { FileManager.default.isExecutableFile(atPath: $0.path) }

    static let isThere =
        program != nil
        && [plugin, armahost, probe].allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
    static let comment: Comment =
        "no Wine, or not built: install wine64 and gcc-mingw-w64-x86-64-win32, run Tools/build windows"

    /// Made once (10 seconds), by the first test that wants it.
    private static let prefix: URL = {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "blackbox-wine-\(UUID().uuidString)", directoryHint: .isDirectory)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { Wine.end() }
        _ = try? runIn(folder, probe, ["arguments"], in: folder, [:], 120)
        return folder
    }()

    /// Ends Wine's server, which outlives its programs by seconds, and removes the prefix.
    private static func end() {
        let stop = Process()
        stop.executableURL = URL(filePath: "/bin/sh")
        stop.arguments = ["-c", "wineserver -k || wineserver64 -k"]
        stop.environment = environment(prefix, [:])
        stop.standardError = FileHandle.nullDevice
        if (try? stop.run()) != nil { stop.waitUntilExit() }
        try? FileManager.default.removeItem(at: prefix)
    }

    private static func environment(_ prefix: URL, _ more: [String: String]) -> [String: String] {
        // No debug output, no offers to download Mono and Gecko.
        [
            "WINEPREFIX": prefix.path, "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=d;mshtml=d",
            "PATH": (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
                + ":/usr/lib/wine",
        ].merging(more) { $1 }
    }

    /// A path as a program for Windows sees it.
    static func path(_ file: URL) -> String { "Z:" + file.path }

    /// Runs a program for Windows to its end.
    @discardableResult
    static func run(
        _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String] = [:],
        limitSeconds: Double = 120
    ) throws -> Ran {
        try runIn(prefix, program, arguments, in: folder, environment, limitSeconds)
    }

    private static func runIn(
        _ prefix: URL, _ windowsProgram: URL, _ arguments: [String], in folder: URL,
        _ more: [String: String], _ limitSeconds: Double
    ) throws -> Ran {
        guard let program else { throw TestFailure("no Wine") }
        return try EndToEndTests.run(
            program, [windowsProgram.path] + arguments, in: folder,
            environment: environment(prefix, more), limitSeconds: limitSeconds)
    }
}

extension Trait where Self == ConditionTrait {
    static var needsWine: ConditionTrait { .enabled(if: Wine.isThere, Wine.comment) }
    static var needsWindowsTool: ConditionTrait {
        .enabled(
            if: Wine.isThere && FileManager.default.fileExists(atPath: Wine.blackbox.path),
            Wine.comment)
    }
}

/// A game server on Windows: the folders of one test, with the DLL in the mod folder.
final class WindowsServer {
    let root: URL
    let mod: URL
    let folder: URL

    var logs: URL { folder.appending(path: "blackbox-logs") }
    var recordings: URL { folder.appending(path: "recordings") }

    /// Names with spaces and letters that no code page has together.
    init(configuration: String? = nil, compactor: Bool = false) throws {
        root = FileManager.default.temporaryDirectory.appending(
            path: "blackbox windows é 飛行 \(UUID().uuidString)", directoryHint: .isDirectory)
        mod = root.appending(path: "@ocap æ", directoryHint: .isDirectory)
        folder = root.appending(path: "server ночь", directoryHint: .isDirectory)
        for folder in [mod, folder] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for file in [Wine.plugin] + (compactor ? [Wine.blackbox] : []) {
            try FileManager.default.copyItem(
                at: file, to: mod.appending(path: file.lastPathComponent))
        }
        try configuration?.write(
            to: mod.appending(path: "ocap_recorder.cfg.json"), atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    @discardableResult
    func play(_ stream: URL?, _ options: [String] = []) throws -> Ran {
        let plugin = mod.appending(path: Wine.plugin.lastPathComponent)
        return try Wine.run(
            Wine.armahost, [Wine.path(plugin)] + (stream.map { [Wine.path($0)] } ?? []) + options,
            in: folder)
    }

    /// The folders of the logs, oldest first.
    func logFolders() throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: logs, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    func replays() throws -> [URL] {
        guard FileManager.default.fileExists(atPath: recordings.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(
            at: recordings, includingPropertiesForKeys: nil
        ).filter { $0.lastPathComponent.hasSuffix(".json.gz") }.sorted { $0.path < $1.path }
    }
}
