// Two game servers and a hub between them: what scripts are promised, with the built files, while the
// hub and a game are killed.

import Foundation
import Testing

extension Built {
    static let net = folder.appending(path: "blackbox-net")
}

extension Trait where Self == ConditionTrait {
    static var needsNet: ConditionTrait {
        .enabled(
            if: Built.areThere && FileManager.default.fileExists(atPath: Built.net.path),
            "not built: run Tools/build plugin tools net")
    }
}

/// A program that runs beside the test; what it prints can be read while it does.
private final class Running {
    let process = Process()
    private let output: URL

    init(_ program: URL, _ arguments: [String], in folder: URL) throws {
        output = FileManager.default.temporaryDirectory.appending(
            path: "blackbox-\(UUID().uuidString).out")
        try Data().write(to: output)
        // Lines must be there when the program is killed.
        process.executableURL = URL(filePath: "/usr/bin/stdbuf")
        process.arguments = ["-oL", program.path] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: output)
    }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    var lines: [Substring] {
        ((try? String(contentsOf: output, encoding: .utf8)) ?? "").split(separator: "\n")
    }
}

/// A hub that can be killed and started again on its port.
private final class HubProcess {
    private let folder: URL
    private(set) var port = 0
    private var running: Running?

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "blackbox-hub-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try start()
    }

    deinit {
        running?.kill()
        try? FileManager.default.removeItem(at: folder)
    }

    func start() throws {
        try """
        [server]
        port = \(port)
        [limits]
        frames_per_second = 1000000
        burst = 1000000
        """.write(
            to: folder.appending(path: "config.toml"), atomically: true, encoding: .utf8)
        let hub = try Running(Built.net, ["hub"], in: folder)
        running = hub
        try waitUntil("the hub listens") {
            for line in hub.lines {
                if let range = line.firstRange(of: #/address=127\.0\.0\.1:\d+/#) {
                    port = Int(line[range].split(separator: ":")[1]) ?? 0
                }
            }
            return port != 0 && hub.lines.contains { $0.contains("msg=\"ready\"") }
        }
    }

    func kill() { running?.kill() }
}

/// A game server of a name, whose mission sends and listens.
private final class IcomServer {
    let server: Server
    let name: String

    init(_ name: String, port: Int, outbox: Bool = true) throws {
        self.name = name
        server = try Server(
            configuration: """
                {"blackbox": {"autorun": false, "icom": {"address": "127.0.0.1:\(port)",
                 "serverId": "\(name)", "outbox": \(outbox), "inboxEvents": 100000}}}
                """, compactor: false)
    }

    /// A game that sends these numbers to `other`, and then goes on for a minute.
    func game(_ numbers: Range<Int>, to other: String) throws -> Running {
        var lines = ["icom:ready", "@sleep 1"]
        for number in numbers {
            lines.append("icom:send_event\t\"\(other)\"\t\"n\"\t\"\(number)\"")
            if number % 5 == 4 { lines.append("@frame") }
        }
        lines += Array(repeating: "@frame", count: 3_000)
        let plugin = server.mod.appending(path: Built.plugin.lastPathComponent).path
        return try Running(
            Built.armahost,
            [plugin, try server.stream(lines).path, "--fps", "50", "--echo"], in: server.folder)
    }

    /// The numbers whose sending was answered with OK.
    static func accepted(_ game: Running) -> [Int] {
        var numbers: [Int] = []
        var last: Int?
        for line in game.lines {
            if line.contains("icom:send_event") {
                last = line.split(separator: "\"").last.flatMap { Int($0) }
            } else if line == "< OK", let number = last {
                numbers.append(number)
                last = nil
            } else if line.hasPrefix("<") {
                last = nil
            }
        }
        return numbers
    }

    /// The numbers that came.
    static func received(_ game: Running) -> [Int] {
        game.lines.compactMap { line in
            let start = #"callback icom forge_icom_event ["n","#
            guard line.hasPrefix(start) else { return nil }
            return Int(line.dropFirst(start.count).dropLast())
        }
    }
}

@Suite(.needsNet, .serialized) struct IcomTests {
    @Test func withTheOutboxNothingIsMissingWhileHubAndGameAreKilled() throws {
        let hub = try HubProcess()
        let alpha = try IcomServer("alpha", port: hub.port)
        let beta = try IcomServer("beta", port: hub.port)
        let count = 1_000
        let betaGame = try beta.game(0..<count, to: "alpha")
        let first = try alpha.game(0..<count, to: "beta")
        func came(_ least: Int) throws {
            try waitUntil("\(least) events came") { IcomServer.received(betaGame).count >= least }
        }
        try came(100)
        hub.kill()
        try hub.start()
        try came(250)
        first.kill()
        let sent = IcomServer.accepted(first)
        let next = (sent.last ?? -1) + 1
        try #require(next < count, "the game was killed too late")
        let second = try alpha.game(next..<count, to: "beta")
        try came(500)
        hub.kill()
        try hub.start()
        try waitUntil("everything came", limitSeconds: 100) {
            IcomServer.received(betaGame).count >= count
                && Set(IcomServer.received(first) + IcomServer.received(second)).count >= count
        }
        // Beta never died: all, in order, none twice. (The call that the kill cut off may be in, too.)
        let atBeta = IcomServer.received(betaGame)
        #expect(sent.allSatisfy { $0 < next } && IcomServer.accepted(second).count == count - next)
        #expect(atBeta == Array(0..<count))
        // Alpha died: order within each life; what it had before may come once more.
        let lives = [IcomServer.received(first), IcomServer.received(second)]
        for life in lives {
            #expect(zip(life, life.dropFirst()).allSatisfy { $0 + 1 == $1 })
        }
        #expect(Set(lives.joined()) == Set(0..<count))
    }

    @Test func withoutTheOutboxEventsFlowAndRefusalsAreTold() throws {
        let hub = try HubProcess()
        let alpha = try IcomServer("alpha", port: hub.port, outbox: false)
        let beta = try IcomServer("beta", port: hub.port, outbox: false)
        let betaGame = try beta.game(0..<1, to: "nobody")
        let alphaGame = try alpha.game(0..<100, to: "beta")
        try waitUntil("all came and the refusal was told") {
            IcomServer.received(betaGame).count == 100
                && betaGame.lines.contains(
                    #"callback icom icom_failed ["nobody","n","Target server 'nobody' not found"]"#)
        }
        #expect(IcomServer.received(betaGame) == Array(0..<100))
        #expect(IcomServer.accepted(alphaGame).count == 100)
    }
}
