// blackbox-net follow: logs to the web server, over a WebSocket, while the game writes them.

import ArgumentParser
import CPlatform
import Extension
import Mission
import Segments
import Stream

struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Streams logs to the web server while the game writes them.",
        usage: "blackbox follow --websocket FILE [LOG]",
        discussion: """
            FILE is the configuration: api.serverUrl and api.apiKey say where to. With storage.type websocket \
            the plug-in starts this by itself.

            A connection that breaks is made anew, after 1, 2, 4 … 30 seconds, and the stream goes on behind \
            what the server has acknowledged: the log still has everything.

            Given one log, the program ends when the server has all of it; streams of earlier logs that \
            were left in the middle are brought to their end beside it. Given a folder of logs, it goes on \
            with the next log, and the next.

            EXAMPLES
              blackbox follow --websocket @ocap/ocap_recorder.cfg.json
              blackbox follow --websocket @ocap/ocap_recorder.cfg.json LOG

            EXIT CODES
              0 the server has the whole log; 1 a file can't be read or written, or another program streams \
            this log; 2 wrong usage
            """)

    @Argument(
        help: ArgumentHelp(
            "A log's folder, or a folder of logs.",
            discussion: "Without it: the logDir of the configuration.", valueName: "log"))
    var log: String?
    @OptionGroup var owner: ConfigurationOption
    @Flag(help: "At low priority, and with lines as a log file has them.") var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    func run() async throws {
        if background { bb_lower_priority(0) }
        let configuration = try owner.read()
        let settings = configuration.settings
        try configuration.requireServer("there is nobody to stream to")
        var path = log ?? settings.logDir
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        do {
            let address = try StreamAddress(serverURL: settings.serverURL, secret: settings.apiKey)
            let speaker = StreamSpeaker(isLog: background, isQuiet: quiet)
            let run = StreamRun(
                address, mode: settings.strict ? .strict : .standard,
                trust: try configuration.trust()
            ) { speaker.tell($0, address.text) }
            try await follow(path, run, speaker)
        } catch let error as StreamError {
            if case .address = error {
                throw NetFailure(message: error.sentence, code: NetExit.usage)
            }
            throw NetFailure(message: error.sentence)
        }
    }

    private func follow(_ path: String, _ run: StreamRun, _ speaker: StreamSpeaker) async throws {
        let first = Paths.join(path, "000001.seg")
        if unsafe bb_path_kind(first) == Int32(BB_KIND_FILE) || isLog(path) {
            // What earlier logs owe must not wait for this one's end, nor this one for theirs.
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await Self.finishEarlier(than: path, run, speaker) }
                try await run.follow(path)
                try await group.waitForAll()
            }
        }
        guard unsafe bb_path_kind(path) != Int32(BB_KIND_FILE) else {
            throw NetFailure(
                message: "\(path): name a log's folder, or a folder of logs", code: NetExit.usage)
        }
        var finished: Set<String> = []
        while true {
            let unfinished = StreamRun.unfinished(in: path)
            let entries = (try? LogList.find(path)) ?? []
            for entry in entries
            where !finished.contains(entry.path)
                && (entry.isLive || unfinished.contains(entry.path))
            {
                try await run.follow(entry.path)
                finished.insert(entry.path)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Streams of earlier logs in the same folder are brought to their end, one after the other.
    private static func finishEarlier(
        than path: String, _ run: StreamRun, _ speaker: StreamSpeaker
    ) async {
        for earlier in StreamRun.unfinished(in: Paths.parent(path))
        where earlier != path && !LogList.isLive(earlier) {
            do {
                try await run.follow(earlier)
            } catch StreamError.busy {
                // Another program is at it.
            } catch is CancellationError {
                return
            } catch {
                let reason = (error as? StreamError)?.sentence ?? "\(error)"
                speaker.tellLeft(earlier, reason)
            }
        }
    }

    /// A log of which only later or packed segments are left.
    private func isLog(_ path: String) -> Bool {
        guard let found = try? LogList.find(path), found.count == 1 else { return false }
        return found.first?.path == path
    }
}

/// Says how a stream goes.
struct StreamSpeaker: Sendable {
    /// Lines with time and level, as the plug-in's own log file has them.
    let isLog: Bool
    let isQuiet: Bool

    func tell(_ note: StreamNote, _ place: String) {
        switch note {
        case .connected: say(.info, "the stream is connected", "to", place)
        case .missionEnded: say(.info, "the web server has the mission to its end", "at", place)
        case .finished(let folder): say(.info, "the web server has the whole log", "log", folder)
        case .trouble(let reason): say(.warn, "the stream waits", "reason", reason)
        }
    }

    /// An earlier log's stream is not at its end; the next start goes on with it.
    func tellLeft(_ log: String, _ reason: String) {
        say(.warn, "an earlier log is not streamed to its end: " + reason, "log", log)
    }

    private func say(_ level: LogLevel, _ message: String, _ key: String, _ value: String) {
        if isLog {
            NetLog.put(level, message, [LogField(key, value)])
        } else if level.rawValue >= LogLevel.warn.rawValue {
            NetConsole.complain("\(message), \(key): \(value)")
        } else if !isQuiet {
            NetConsole.print("\(message), \(key): \(value)")
        }
    }
}
