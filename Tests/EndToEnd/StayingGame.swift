// A game that has made its calls and stays: for tests that look at, or end, a server that runs.

import Foundation
import Testing

extension Server {
    /// Plays a mission of that many minutes; returns once all calls have. The game ends when the test ends it.
    func stayingGame(minutes: Int) throws -> (game: Running, calls: Int) {
        let mission = try mission([
            "--minutes", "\(minutes)", "--units", "60", "--recordings", "1", "--seed", "8",
        ])
        let calls = LoggedCall.of(stream: try Data(contentsOf: mission.stream)).count
        let stream = try stream(
            try Data(contentsOf: mission.stream) + Data("@sleep 600000\n".utf8))
        let plugin = mod.appending(path: Built.plugin.lastPathComponent).path
        let acked = root.appending(path: "acked")
        let game = try Running(
            Built.armahost,
            [plugin, stream.path, "--quiet", "--fps", "5000", "--acked", acked.path], in: folder)
        try waitUntil("all calls have returned", limitSeconds: 300) {
            (try? ackedCalls(acked))?.returned == UInt64(calls)
        }
        return (game, calls)
    }
}

/// The archives in a log's folder, in order.
func archives(_ log: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(atPath: log.path).sorted()
        .filter { $0.hasSuffix(".seg.lz4") }.map { log.appending(path: $0) }
}
