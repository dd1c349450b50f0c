// A game that forks without starting another program: the child shares the mapped log and the open file of
// its lock. It writes nothing, and holds nothing when the game is gone.

import CPlatform
import Glibc
import Segments

enum ForkedGame {
    private static let callCount = 40

    /// What the child leaves when it is done: its process id, then a line for each reply.
    private static func childPath(_ folder: String) -> String { folder + "/child" }

    /// Calls, forks, waits for the child's calls, calls again, and is killed. The child lives on.
    static func run(_ folder: String, _ plugin: String) -> Bool {
        // Swift does not offer it, because little can be done behind it.
        typealias Fork = @convention(c) () -> pid_t
        guard unsafe chdir(folder) == 0, let game = LoadedPlugin(plugin),
            let symbol = unsafe dlsym(nil, "fork")
        else { return false }
        let fork = unsafe unsafeBitCast(symbol, to: Fork.self)
        for number in 0..<callCount { game.call(":EVENT:CHAT:", "game \(number)") }
        if fork() == 0 {
            let replies = (0..<callCount).map { game.call(":EVENT:CHAT:", "child \($0)") }
            let lines = [String(getpid())] + replies
            try? Disk.write(childPath(folder) + ".new", Array(lines.joined(separator: "\n").utf8))
            _ = unsafe bb_path_rename(childPath(folder) + ".new", childPath(folder))
            while true { pause() }
        }
        let limit = Trial.now() + 30
        while unsafe bb_path_kind(childPath(folder)) != Int32(BB_KIND_FILE) {
            guard Trial.now() < limit else { return false }
            bb_thread_sleep_ns(1_000_000)
        }
        for number in callCount..<(2 * callCount) {
            game.call(":EVENT:CHAT:", "game \(number)")
        }
        kill(getpid(), SIGKILL)
        return false
    }

    /// Nil when the log has the game's calls alone, and can be closed although the child lives.
    static func judge(_ folder: String, _ build: String) throws -> String? {
        let lines = String(decoding: try Disk.read(childPath(folder)), as: UTF8.self)
            .split(separator: "\n")
        guard let child = lines.first.flatMap({ pid_t($0) }), kill(child, 0) == 0 else {
            return "the child is gone"
        }
        defer { kill(child, SIGKILL) }
        if let kept = lines.dropFirst().first(where: { !$0.hasPrefix("[\"error\"") }) {
            return "a call of the child was answered with \(kept)"
        }
        let ended = try Program.run(
            [build + "/blackbox", "recover", folder + "/blackbox-logs"], in: folder)
        guard ended.code == 0, ended.text.contains("sealed 1 segment") else {
            return "recover ended with \(ended.code): \(ended.tail)"
        }
        let logs = try LogList.find(folder + "/blackbox-logs").map(\.path)
        guard logs.count == 1 else { return "\(logs.count) logs" }
        let (calls, report) = try Server.read(logs[0])
        guard report.verdict == .clean else { return "\(report.verdict)" }
        let wanted = (0..<(2 * callCount)).map { Array("game \($0)".utf8) }
        return calls.map { $0.arguments.first ?? [] } == wanted
            ? nil : "\(calls.count) calls, others than the game's"
    }
}
