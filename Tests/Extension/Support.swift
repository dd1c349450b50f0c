// What the tests of the plug-in share: a folder that goes away, and a plug-in in it that is called as
// the game calls it.

import CPlatform
import Foundation
import Segments
import Testing
import Values
import WAL

@testable import Extension

/// A folder of its own, removed with everything in it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("blackbox-extension-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { path + "/" + name }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    /// Writes a shell script, and waits until it can be run: a process that another test is about to start
    /// holds the file open for writing until it has closed what is not its own, and the system runs no file
    /// that somebody may write to.
    func writeProgram(_ name: String, _ script: String) throws {
        try write(name, "#!/bin/sh\n[ \"$1\" = --try ] && exit 0\n" + script)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: path(name))
        for attempt in 1... {
            do {
                try Process.run(URL(filePath: path(name)), arguments: ["--try"]).waitUntilExit()
                return
            } catch {
                if attempt == 1_000 { throw error }
                usleep(10_000)
            }
        }
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }

    func names(_ name: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
    }
}

/// A plug-in in a folder of its own. Its courier has no thread: `round` moves it.
final class Game {
    let folder: TemporaryFolder
    private(set) var plugin: Plugin
    /// A folder of programs that must live as long as the game.
    var tools: TemporaryFolder?

    /// `own` are lines of the configuration's `blackbox` object, `storage` its `storage` object.
    init(own: String = "", storage: String = "{}", more: String = "") throws {
        folder = try TemporaryFolder()
        let root = folder.path
        try folder.write(
            "ocap_recorder.cfg.json",
            """
            {"logsDir": "\(root)/ocaplogs", "storage": \(storage), \(more)
             "blackbox": {"logDir": "\(root)/logs", "segmentMiB": 1 \(own.isEmpty ? "" : ", " + own)}}
            """)
        plugin = Self.open(root)
    }

    /// The server ends and starts again.
    func restart() {
        plugin.close()
        plugin = Self.open(folder.path)
    }

    private static func open(_ root: String) -> Plugin {
        let plugin = Plugin(
            places: Places(
                gameFolder: root, modulePath: root + "/mod/ocap_recorder_x64.so",
                configuration: root + "/ocap_recorder.cfg.json"))
        plugin.courier.begin()
        return plugin
    }

    deinit { plugin.close() }

    /// One call of the array form.
    @discardableResult
    func call(_ name: String, _ arguments: String..., size: Int = 10_240) -> String {
        call(name, list: arguments, size: size)
    }

    @discardableResult
    func call(_ name: String, list: [String], size: Int = 10_240) -> String {
        withTexts(list) { texts in
            name.withCString { name in
                reply(size) { buffer in
                    plugin.path.pointee.answerArray(
                        name, CallPath.Arguments(texts: texts, count: list.count), &buffer)
                }
            }
        }
    }

    /// One call of the string form.
    @discardableResult
    func callString(_ text: String) -> String {
        text.withCString { text in
            reply(10_240) { buffer in plugin.path.pointee.answerString(text, &buffer) }
        }
    }

    /// The courier looks once; the callbacks that it would make since the last look.
    @discardableResult
    func round() -> [String] {
        plugin.courier.round()
        return plugin.courier.callbacks.takeAll()
    }

    /// Rounds until a callback of that name comes, at most ten seconds.
    func wait(for name: String) -> String? {
        for _ in 0..<2_000 {
            for callback in round() where callback.hasPrefix(name) { return callback }
            bb_thread_sleep_ns(5_000_000)
        }
        return nil
    }

    /// What the log holds, as `name|argument|argument`.
    func logged() throws -> [String] {
        var reader = try LogReader(path: plugin.courier.logFolder)
        var calls: [String] = []
        reader.forEachCall(in: 0 ... .max) { (call) throws(Never) in
            var text = String(decoding: call.name.array, as: UTF8.self)
            if call.argumentCount > 0 {
                text +=
                    "|"
                    + String(decoding: call.arguments.array.dropLast(), as: UTF8.self)
                    .replacingOccurrences(of: "\0", with: "|")
            }
            calls.append(text)
        }
        return calls
    }

    /// All lines of the log file for people.
    var logText: String {
        folder.names("ocaplogs").filter { $0.hasSuffix(".log") && !$0.hasSuffix("tools.log") }
            .map { folder.text("ocaplogs/" + $0) }.joined()
    }
}

extension CallbackQueue {
    /// Takes out what waits, as `:NAME:["data"]`.
    fileprivate mutating func takeAll() -> [String] {
        let all = waiting.map { entry in
            entry.function.description
                + String(
                    decoding: entry.data.dropLast(), as: UTF8.self)
        }
        waiting.removeAll()
        return all
    }
}

/// Runs `body` with C texts.
func withTexts<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}

/// The text that `body` puts into a buffer of `size` bytes; checks that nothing behind it was touched.
func reply(_ size: Int, _ body: (inout ReplyBuffer) -> Void) -> String {
    var bytes = [CChar](repeating: 0x55, count: size + 8)
    bytes.withUnsafeMutableBufferPointer { buffer in
        var reply = ReplyBuffer(buffer.baseAddress, size: UInt32(size))
        body(&reply)
    }
    #expect(bytes[size...].allSatisfy { $0 == 0x55 }, "the reply ran over its buffer")
    guard size > 0 else { return "" }
    let end = bytes[..<size].firstIndex(of: 0)
    #expect(end != nil, "the reply is not terminated")
    let text = bytes[..<(end ?? 0)].map { UInt8(bitPattern: $0) }
    #expect(String(validating: text, as: UTF8.self) != nil, "the reply is not UTF-8")
    return String(decoding: text, as: UTF8.self)
}

/// The two arguments of a mission that is fine.
let goodWorld = #""{""worldName"": ""stratis"", ""worldSize"": 8192}""#
let goodMission =
    #""{""missionName"": ""co08"", ""briefingName"": ""CO08"", ""missionNameSource"": ""co08"", "#
    + #"""onLoadName"": """", ""author"": ""Mira"", ""serverName"": ""s"", ""serverProfile"": ""p"", "#
    + #"""tag"": ""COOP"", ""captureDelay"": 1, ""addons"": [], ""playableSlots"": [0,8,0,0,1], "#
    + #"""sideFriendly"": [false,false,true]}""#
