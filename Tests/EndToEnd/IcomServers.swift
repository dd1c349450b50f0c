// Two game servers and a hub, as the tests of `icom:` want them: the built plug-in in the stand-in for the
// game, and the built hub, each a process that can be killed.

import Foundation
import Testing

extension Built {
    static let net = folder.appending(path: "blackbox-net")
    static let icom = folder.appending(path: "ocap_recorder_icom.so")
}

extension Trait where Self == ConditionTrait {
    static var needsNet: ConditionTrait {
        .enabled(
            if: Built.areThere && FileManager.default.fileExists(atPath: Built.net.path),
            "not built: run Tools/build plugin tools net")
    }
}

extension Running {
    /// A program whose lines can be read as it writes them, also when it is killed.
    static func byLines(
        _ program: URL, _ arguments: [String], in folder: URL
    ) throws -> Running {
        try Running(
            URL(filePath: "/usr/bin/stdbuf"), ["-oL", program.path] + arguments, in: folder)
    }

    func die() throws {
        send(SIGKILL)
        _ = try waitForEnd()
    }
}

/// A hub that can be killed and started again on its port.
final class HubProcess {
    let folder: URL
    /// Where it listens: `address`, and `tls` and `metrics` where it has them.
    private(set) var ports: [String: Int] = [:]
    private(set) var running: Running?
    private var more: String
    private let framesPerSecond: Int
    private let burst: Int

    var port: Int { ports["address"] ?? 0 }

    /// `more` are further lines of its configuration. Its rates are limits that most runs stay below: what
    /// they test is loss, not refusal.
    init(
        _ more: String = "", framesPerSecond: Int = 1_000_000, burst: Int = 1_000_000
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "blackbox-hub-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.more = more
        self.framesPerSecond = framesPerSecond
        self.burst = burst
        try start()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes its configuration, with other further lines.
    func write(_ more: String) throws {
        self.more = more
        try """
        [server]
        port = \(port)
        [limits]
        frames_per_second = \(framesPerSecond)
        burst = \(burst)
        \(more)
        """.write(
            to: folder.appending(path: "config.toml"), atomically: true, encoding: .utf8)
    }

    func start() throws {
        try write(more)
        let hub = try Running.byLines(Built.net, ["hub"], in: folder)
        running = hub
        var isReady = false
        try waitUntil("the hub listens: \(hub.complaints)") {
            for line in try hub.takeLines() {
                guard line.contains("msg=\"ready\"") else { continue }
                isReady = true
                // address=127.0.0.1:9090 tls=9091 metrics=9191
                for field in line.split(separator: " ") {
                    let parts = field.split(whereSeparator: { $0 == "=" || $0 == ":" })
                    if parts.count > 1, let found = parts.last.flatMap({ Int($0) }) {
                        ports[String(parts[0])] = found
                    }
                }
            }
            return isReady && port != 0
        }
    }

    func kill() throws { try running?.die() }
}

/// A game server of a name in the configuration of its plug-in.
final class IcomServer {
    let server: Server
    let name: String

    /// Without a port no hub is named.
    init(_ name: String, port: Int?, outbox: Bool = true) throws {
        self.name = name
        let hub = port.map { #""address": "127.0.0.1:\#($0)", "serverId": "\#(name)","# } ?? ""
        server = try Server(
            configuration: """
                {"blackbox": {"autorun": false,
                 "icom": {\(hub) "outbox": \(outbox), "inboxEvents": 100000}}}
                """, compactor: false)
        try FileManager.default.copyItem(at: Built.icom, to: library)
    }

    /// The client's library, beside the plug-in.
    var library: URL { server.mod.appending(path: Built.icom.lastPathComponent) }

    /// A game that makes these calls and then goes on for `seconds`, 50 frames each.
    func game(_ lines: [String], seconds: Int = 120, _ options: [String] = []) throws -> IcomGame {
        let stream = try server.stream(lines + Array(repeating: "@frame", count: seconds * 50))
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        let figures = server.root.appending(path: "\(UUID().uuidString).json")
        return IcomGame(
            try Running.byLines(
                Built.armahost,
                [plugin, stream.path, "--fps", "50", "--echo", "--json", figures.path] + options,
                in: server.folder), figures)
    }

    /// A game that sends these numbers to `other`, `perFrame` of them in each frame.
    func game(_ numbers: Range<Int>, to other: String, perFrame: Int = 5) throws -> IcomGame {
        var lines = ["icom:ready", "@sleep 500"]
        for number in numbers {
            lines.append("icom:send_event\t\"\(other)\"\t\"n\"\t\"\(number)\"")
            if number % perFrame == perFrame - 1 { lines.append("@frame") }
        }
        return try game(lines, seconds: 600)
    }

    /// A game that makes as many calls in as many frames, all of them the recorder's own.
    func gameWithoutIcom(_ numbers: Range<Int>, perFrame: Int) throws -> IcomGame {
        var lines: [String] = []
        for number in numbers {
            lines.append(":EVENT:GENERAL:\t\"\(number)\"\t\"n\"\t\"\(number)\"")
            if number % perFrame == perFrame - 1 { lines.append("@frame") }
        }
        return try game(lines, seconds: 1)
    }

    /// The log files for people.
    var logText: String {
        let folder = server.folder.appending(path: "ocaplogs")
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }.joined()
    }
}

/// One life of a game, and what it has printed so far.
final class IcomGame {
    let running: Running
    /// The numbers that came.
    private(set) var received: [Int] = []
    /// The numbers whose sending was answered with OK.
    private(set) var accepted: [Int] = []
    private(set) var callbacks: [String] = []
    private(set) var replies: [String] = []
    private var asked: Int?
    private let figures: URL

    init(_ running: Running, _ figures: URL) {
        self.running = running
        self.figures = figures
    }

    /// Lets it end in order.
    func end() throws {
        running.send(SIGINT)
        let code = try running.waitForEnd()
        guard code == 0 else { throw TestFailure("the game ended with \(code)") }
    }

    /// What the calls of each frame took, once it has ended.
    func frameTimes() throws -> FrameTimes {
        try JSONDecoder().decode(HostFigures.self, from: try Data(contentsOf: figures))
            .frameNanoseconds
    }

    /// Reads on.
    func look() throws {
        let event = #"callback icom forge_icom_event ["n","#
        for line in try running.takeLines() {
            if line.hasPrefix(event) {
                if let number = Int(line.dropFirst(event.count).dropLast()) {
                    received.append(number)
                }
            } else if line.hasPrefix("callback ") {
                if !line.hasPrefix("callback icom icom_tick") {
                    callbacks.append(String(line.dropFirst(9)))
                }
            } else if line.hasPrefix("< ") {
                if let asked, line == "< OK" { accepted.append(asked) }
                replies.append(String(line.dropFirst(2)))
                asked = nil
            } else if line.contains("icom:send_event") {
                asked = line.split(separator: "\"").last.flatMap { Int($0) }
            }
        }
    }

    func wait(_ what: String, limitSeconds: Double = 60, _ holds: () -> Bool) throws {
        try waitUntil(what, limitSeconds: limitSeconds) {
            try look()
            return holds()
        }
    }

    /// Whether the client's library is in the process.
    var hasLibrary: Bool {
        let maps = "/proc/\(running.process.processIdentifier)/maps"
        return (try? String(contentsOfFile: maps, encoding: .utf8))?
            .contains(Built.icom.lastPathComponent) ?? false
    }
}

private struct HostFigures: Decodable {
    let frameNanoseconds: FrameTimes
}

/// What the calls of a frame took together, in nanoseconds; of the frames with calls.
struct FrameTimes: Decodable, CustomStringConvertible {
    let count: Int
    let p50: Int
    let p99: Int
    let p999: Int
    let max: Int

    enum CodingKeys: String, CodingKey {
        case count
        case p50
        case p99
        case p999 = "p99.9"
        case max
    }

    var description: String {
        "\(count) frames, ns: p50 \(p50)  p99 \(p99)  p99.9 \(p999)  max \(max)"
    }
}

/// An answer to `icom:status`.
struct IcomStatus: Decodable {
    let state: String
    let sessionID: String?
    let queued: Int
    let lastError: String?

    enum CodingKeys: String, CodingKey {
        case state
        case sessionID = "session_id"
        case queued
        case lastError = "last_error"
    }

    /// Nil when it is none, or the one that is given before the client has told anything.
    init?(_ reply: String) {
        guard let status = try? JSONDecoder().decode(Self.self, from: Data(reply.utf8)) else {
            return nil
        }
        self = status
    }
}
