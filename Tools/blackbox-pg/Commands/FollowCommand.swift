// blackbox-pg follow: rows while the mission is played, as the older backend had them.

import Archive
import ArgumentParser
import CPlatform
import Glibc
import Mission
import PostgresSink
import Replay
import Segments
import Values
import WAL

struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Writes rows while a mission is played, every two seconds.",
        discussion: """
            The rows are those of a compaction, under the same numbers, but for what only the end tells: \
            the scoreboard, last changes of soldiers and vehicles. When the recording is saved, it is \
            compacted, and its rows are complete. Recordings that the database has already are left alone.

            With a folder of logs it takes the server that was started last, then the next one, and \
            goes on until it is stopped. With one log it ends when that is complete. Stopped and started \
            again in the middle of a mission, it writes the recording anew from its start.

            EXAMPLES
              blackbox-pg follow
              blackbox-pg follow ./blackbox-logs --config ocap_recorder.cfg.json

            EXIT CODES
              0 the log is complete, or it was stopped   2 wrong usage
              1 it could not be read, or a recording not be written; the message says why
            """)

    @Argument(
        help: ArgumentHelp(
            "A log's folder, or a folder of logs.",
            discussion: "Without it: ./blackbox-logs, else the logDir of the configuration.",
            valueName: "log"))
    var log: String?
    @OptionGroup var server: ServerArguments
    @Option(help: ArgumentHelp("Seconds between two batches.", valueName: "seconds"))
    var interval = 2
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    func validate() throws {
        if !(1...3600).contains(interval) {
            throw ValidationError("--interval takes 1 to 3600 seconds.")
        }
    }

    func run() throws {
        Interruption.watch()
        let follower = Follower(
            server: try server.server(isQuiet: quiet, isPatient: true), intervalSeconds: interval,
            isQuiet: quiet)
        let path = try log ?? DefaultLogs.path()
        let found = try LogArguments.parse([path]).find()
        if found.count == 1, let only = found.first, only.path == path {
            guard try follower.follow(path) else { throw ExitCode(ExitStatus.failed) }
            return
        }
        while true {
            let running = try LogArguments.parse([path]).find().last { $0.isLive }
            if let running { _ = try follower.follow(running.path) } else { follower.pause() }
        }
    }
}

/// Follows logs, one after the other.
struct Follower {
    let server: PostgresServer
    let intervalSeconds: Int
    let isQuiet: Bool

    private var outputs: Outputs { Outputs(isPostgres: true) }

    /// Between two batches: the moment to end in when somebody wants that.
    func pause() {
        Console.flush()
        for _ in 0..<(5 * intervalSeconds) {
            if Interruption.isWanted { exit(ExitStatus.done) }
            bb_thread_sleep_ns(200_000_000)
        }
    }

    private func say(_ line: String) {
        if !isQuiet { Console.print(line) }
    }

    /// Until the log is complete.
    /// - Returns: whether the database has all of it.
    func follow(_ path: String) throws -> Bool {
        say("\(path): following")
        while true {
            // Asked before the log is read: what it held when its writer was gone is all.
            let isLive = LogList.isLive(path)
            var source = try openLog(path)
            let compaction = LogCompaction(
                path: path, source: &source, outputs: outputs, isQuiet: true,
                other: PostgresOutput(server: server))
            let open = isLive ? compaction.job.recordings.last.filter { $0.end == .logEnded } : nil
            let isDone = try complete(compaction, except: open?.number, from: &source)
            guard isLive else { return isDone }
            if let open {
                try follow(open, of: compaction, from: &source)
            } else {
                try waitForMore(path, after: compaction.job.index.last?.sequence ?? 0)
            }
        }
    }

    /// Compacts the recordings that are complete and that the database has not got.
    /// - Returns: whether it has them now.
    private func complete(
        _ compaction: LogCompaction, except open: Int?, from source: inout LogSource
    ) throws -> Bool {
        let logID = compaction.job.origin.logID
        let done =
            Cursor.read(compaction.path, ExportCursors.postgres, logID: logID)?.sequence ?? 0
        var outcomes: [RecordingOutcome] = []
        for span in compaction.job.recordings
        where span.number != open && span.last.sequence > done {
            let outcome = compaction.write(span, from: &source)
            CompactionSpeaker(isQuiet: isQuiet).tell(outcome, span, identity: source.identity)
            outcomes.append(outcome)
        }
        let problem = compaction.writeServerHistory(from: &source)
        if !outcomes.isEmpty, !compaction.health.lacksPart, problem == nil {
            ExportCursors.advance(compaction, outcomes, folder: compaction.path)
        }
        return problem == nil && outcomes.allSatisfy { $0.status == .ok }
    }

    /// Until a call comes, or the server ends.
    private func waitForMore(_ path: String, after sequence: UInt64) throws {
        while LogList.isLive(path) {
            pause()
            var source = try openLog(path)
            var hasMore = false
            source.forEachCall(in: (sequence + 1)...UInt64.max) { (call) throws(Never) in
                hasMore = hasMore || call.command == .missionStart
            }
            if hasMore { return }
        }
    }

    /// Writes an open recording's rows as they come, until it ends or a compaction has completed it.
    private func follow(
        _ span: RecordingSpan, of compaction: LogCompaction, from source: inout LogSource
    ) throws {
        say("  recording \(span.number): \"\(span.mission.missionName)\", rows as they come")
        var unreadable: ToolFailure?
        try server.attempt { database throws(PostgresError) in
            var sink = PostgresSink(database)
            var live = LiveRecording(span, origin: compaction.job.origin, mode: .standard)
            try live.begin(from: &source, into: &sink)
            try sink.commitBatch()
            var next = span.startSequence
            var isOver = false
            while !isOver {
                let isLive = LogList.isLive(compaction.path)
                guard try sink.beginBatch() else { return }
                do throws(ToolFailure) {
                    source = try openLog(compaction.path)
                } catch {
                    unreadable = error
                    return
                }
                try source.forEachCall(in: next...UInt64.max) { call throws(PostgresError) in
                    if isOver || Self.ends(call, span) {
                        isOver = true
                    } else {
                        try live.take(call, into: &sink)
                        next = call.sequence + 1
                    }
                }
                try sink.commitBatch()
                if !isLive { isOver = true }
                if !isOver { pause() }
            }
        }
        if let unreadable { throw unreadable }
    }

    /// Whether the call ends the recording, or may: then the log is gone through again.
    private static func ends(_ call: borrowing Call, _ span: RecordingSpan) -> Bool {
        switch call.command {
        case .missionSave, .storageInit: true
        case .missionStart: call.sequence != span.startSequence
        default: false
        }
    }
}

extension Optional {
    fileprivate func filter(_ holds: (Wrapped) -> Bool) -> Wrapped? {
        flatMap { holds($0) ? $0 : nil }
    }
}
