// What these tests drive: the built programs and the built plug-in, from outside.

import Foundation
import Testing

/// The files that `Tools/build plugin tools` leaves: in BLACKBOX_BUILD, else in the package's build/.
enum Built {
    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["BLACKBOX_BUILD"] {
            return URL(filePath: named, directoryHint: .isDirectory)
        }
        return package.appending(path: "build", directoryHint: .isDirectory)
    }()
    static let plugin = folder.appending(path: "ocap_recorder_x64.so")
    static let blackbox = folder.appending(path: "blackbox")
    static let armahost = folder.appending(path: "armahost")
    static let generator = folder.appending(path: "generate-mission")

    static let areThere = [plugin, blackbox, armahost, generator].allSatisfy {
        FileManager.default.fileExists(atPath: $0.path)
    }
    static let comment: Comment = "not built: run Tools/build plugin tools"
}

/// The real missions, which are no part of the product: BLACKBOX_SHARED, else ../shared beside the
/// package.
enum RealMissions {
    static let folder: URL = {
        let environment = ProcessInfo.processInfo.environment
        let shared =
            environment["BLACKBOX_SHARED"].map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? Built.package.deletingLastPathComponent().appending(
                path: "shared", directoryHint: .isDirectory)
        return shared.appending(path: "data", directoryHint: .isDirectory)
    }()

    static let names = [
        "malden-random-tiny", "celle-nefertiti", "lythium-zerkalo", "takistan-lalezar",
    ]
    static let areThere = names.allSatisfy {
        FileManager.default.fileExists(atPath: stream($0).path)
    }
    static let comment: Comment = "no real missions here (../shared/data, or set BLACKBOX_SHARED)"

    static func stream(_ name: String) -> URL { folder.appending(path: name + ".tsv.gz") }
    static func summary(_ name: String) throws -> Summary {
        let data = try Data(contentsOf: folder.appending(path: name + ".summary.json"))
        return try JSONDecoder().decode(Summary.self, from: data)
    }
}

extension Trait where Self == ConditionTrait {
    static var needsBuild: ConditionTrait { .enabled(if: Built.areThere, Built.comment) }
    static var needsRealMissions: ConditionTrait {
        .enabled(if: RealMissions.areThere, RealMissions.comment)
    }
}

/// A program ran to its end.
struct Ran {
    /// Exit code; 128 + the signal's number when a signal ended it.
    let code: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n") }
}

/// This process's environment without what other tests in it set for the plug-in in their own memory:
/// a host started here must not read their configuration.
let ownEnvironment: [String: String] = {
    var variables = ProcessInfo.processInfo.environment
    variables["OCAP_RECORDER_CONFIG"] = nil
    return variables
}()

/// Runs a program to its end, at most `limitSeconds` long. Its output goes through files: a pipe that
/// nobody empties would stop it.
@discardableResult
func run(
    _ program: URL, _ arguments: [String], in folder: URL, environment: [String: String] = [:],
    limitSeconds: Double = 120
) throws -> Ran {
    let mark = UUID().uuidString
    let outputFile = FileManager.default.temporaryDirectory.appending(path: "blackbox-\(mark).out")
    let errorFile = FileManager.default.temporaryDirectory.appending(path: "blackbox-\(mark).err")
    for file in [outputFile, errorFile] {
        try Data().write(to: file)
    }
    defer {
        try? FileManager.default.removeItem(at: outputFile)
        try? FileManager.default.removeItem(at: errorFile)
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ownEnvironment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + limitSeconds) == .timedOut {
        process.terminate()
        throw TestFailure("\(program.lastPathComponent) did not end within \(limitSeconds) s")
    }
    let isSignal = process.terminationReason == .uncaughtSignal
    return Ran(
        code: process.terminationStatus + (isSignal ? 128 : 0),
        output: try Data(contentsOf: outputFile),
        errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
}

/// Runs a program that is found in PATH.
func runTool(_ name: String, _ arguments: [String], in folder: URL) throws -> Ran {
    try run(URL(filePath: "/usr/bin/env"), [name] + arguments, in: folder)
}

/// The machine's C compiler, where a test needs a library that the product has not got.
enum Compiler {
    static let isThere = (try? runTool("cc", ["--version"], in: Built.package))?.code == 0
    static let comment: Comment = "no C compiler (cc)"

    static func makeLibrary(
        _ source: String, at library: URL, _ options: [String] = []
    ) throws {
        let folder = library.deletingLastPathComponent()
        let file = folder.appending(path: "\(UUID().uuidString).c")
        try source.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let made = try runTool(
            "cc", ["-shared", "-fPIC", "-o", library.path, file.path] + options, in: folder)
        guard made.code == 0 else { throw TestFailure("cc: \(made.errors)") }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Waits for something that happens elsewhere.
func waitUntil(_ what: String, limitSeconds: Double = 60, _ holds: () throws -> Bool) throws {
    let end = Date(timeIntervalSinceNow: limitSeconds)
    while try !holds() {
        guard Date() < end else { throw TestFailure("after \(limitSeconds) s still not: \(what)") }
        Thread.sleep(forTimeInterval: 0.01)
    }
}
