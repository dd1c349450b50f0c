// What earlier runs of `recover --join --background` decided about each log: two cursors beside the
// log, so that a start of the server reads only logs that nobody has looked at yet.

import Archive
import CPlatform
import Segments

/// The decisions about the logs of dead processes.
struct JoinHistory {
    private struct Entry {
        let entry: LogEntry
        let startWall: Int64
        /// Whether it goes on in a later log is known.
        let isDecided: Bool
        /// It does, and the joined recording was written.
        let isJoined: Bool
    }

    private static let decidedName = "join"
    private static let joinedName = "joined"
    private let entries: [Entry]

    init(_ dead: [LogEntry]) {
        entries = dead.compactMap { entry in
            guard let source = try? openLog(entry.path), let identity = source.identity else {
                return nil
            }
            func has(_ name: String) -> Bool {
                Cursor.read(entry.path, name, logID: identity.logID) != nil
            }
            return Entry(
                entry: entry, startWall: identity.startWall, isDecided: has(Self.decidedName),
                isJoined: has(Self.joinedName))
        }
    }

    /// The logs to look through: what is not decided, what came after it and may continue it, and
    /// what was joined before, because a chain can grow.
    var undecided: [LogEntry] {
        guard let first = entries.filter({ !$0.isDecided }).map({ $0.startWall }).min() else {
            return []
        }
        return entries.filter { $0.startWall >= first || $0.isJoined }.map { $0.entry }
    }

    func isJoined(_ path: String) -> Bool {
        entries.contains { $0.entry.path == path && $0.isJoined }
    }

    /// Notes what is decided by now.
    func remember(
        _ logs: [JoinLog], _ chains: [[RecordingPart]], _ joined: JoinedRecordings,
        live: [LogEntry], windowNanoseconds window: Int64
    ) {
        let liveStarts = live.compactMap { (try? openLog($0.path))?.identity?.startWall }
        let now = bb_clock_wall()
        for log in logs where !joined.hasFailed(log.entry.path) {
            let isHead = chains.contains { chain in
                chain.dropLast().contains { $0.path == log.entry.path }
            }
            if isHead {
                write(Self.joinedName, log)
            } else if let last = log.broken?.last.time {
                // A process that lives, or is about to start, may still go on with it.
                let mayGoOn =
                    now - last <= window
                    || liveStarts.contains { $0 >= last && $0 - last <= window }
                if mayGoOn { continue }
            }
            write(Self.decidedName, log)
        }
    }

    private func write(_ name: String, _ log: JoinLog) {
        let cursor = Cursor(
            name: name, logID: log.job.origin.logID, sequence: log.job.index.last?.sequence ?? 0)
        // A folder that can't be written to only means that the next start looks again.
        try? cursor.write(log.entry.path)
    }
}
