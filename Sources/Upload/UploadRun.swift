// Everything in a folder that is still to be sent, sent: each replay once, those that failed again after a
// pause, until all are done or patience ends. The tickets beside the replays are the only memory.

import CPlatform
import Replay
import Segments

/// A replay with its ticket.
public struct TicketedReplay: Equatable, Sendable {
    /// The replay's path.
    public var path: String
    /// As it stands now.
    public var ticket: UploadTicket

    /// The tickets of these replays, of all replays in these folders; without those that are sent, by name.
    ///
    /// - Parameter again: also those that are sent.
    public static func find(
        _ paths: [String], again: Bool = false
    ) throws(LogError)
        -> [TicketedReplay]
    {
        var found: [TicketedReplay] = []
        for path in paths {
            if unsafe bb_path_kind(path) != Int32(BB_KIND_FOLDER) {
                add(path, again, to: &found)
                continue
            }
            for name in try Paths.names(in: path) where Paths.hasSuffix(name, UploadTicket.suffix) {
                let stem = String(
                    decoding: Array(name.utf8).dropLast(UploadTicket.suffix.utf8.count),
                    as: UTF8.self)
                add(Paths.join(path, stem), again, to: &found)
            }
        }
        return found
    }

    private static func add(_ path: String, _ again: Bool, to found: inout [TicketedReplay]) {
        guard let ticket = UploadTicket.read(path), again || ticket.status != .sent,
            !found.contains(where: { $0.path == path })
        else { return }
        if unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) {
            found.append(TicketedReplay(path: path, ticket: ticket))
        } else {
            // The replay got another name, or its owner took it away: nothing is left to send.
            _ = unsafe bb_path_remove(UploadTicket.path(of: path))
        }
    }
}

/// Pauses between attempts: each twice as long as the one before, with some chance in it, so that many
/// servers do not come back at the same moment.
public struct Backoff: Sendable {
    private var next: Duration
    private let longest: Duration

    /// - Parameters:
    ///   - first: the first pause.
    ///   - longest: no pause is longer.
    public init(first: Duration, longest: Duration) {
        next = first
        self.longest = longest
    }

    /// The pause before the next attempt.
    public mutating func pause() -> Duration {
        let now = next
        next = min(next * 2, longest)
        return now * Double.random(in: 1...1.3)
    }
}

/// What is told of an upload.
public struct UploadNote: Sendable {
    /// The replay.
    public let path: String
    /// What became of the attempt.
    public let outcome: SendOutcome
    /// Attempts so far.
    public let attempts: UInt64
}

/// Sends replays.
public struct UploadRun: Sendable {
    private let server: WebServer
    private let limit: Duration?
    private let tell: @Sendable (UploadNote) -> Void

    /// - Parameters:
    ///   - limit: for one attempt; nil: by the replay's size.
    ///   - tell: gets what became of each attempt.
    public init(
        _ server: WebServer, limit: Duration? = nil, tell: @escaping @Sendable (UploadNote) -> Void
    ) {
        self.server = server
        self.limit = limit
        self.tell = tell
    }

    /// One attempt, unless another program makes one right now; the ticket is on disk when this returns.
    ///
    /// - Parameter again: also when the server has the replay already.
    public func attempt(_ path: String, again: Bool = false) async -> SendOutcome {
        let replay: OpenReplay
        do {
            replay = try OpenReplay(path)
        } catch {
            return error.operation == .lock ? .busy : .refused(error.text)
        }
        // Read under the lock: whoever had it before may have sent the replay.
        guard var ticket = UploadTicket.read(path) else {
            return .refused(
                "\(path): no ticket \(UploadTicket.suffix) beside it; blackbox compact --upload "
                    + "writes one")
        }
        if ticket.status == .sent, !again { return .sent }
        var outcome = await server.send(replay, ticket, limit: limit)
        ticket.attempts += 1
        switch outcome {
        case .sent:
            ticket.status = .sent
            ticket.error = ""
            ticket.sentBytes = UInt64(replay.byteCount)
        case .later(let why):
            ticket.status = .waiting
            ticket.error = why
        case .refused(let why):
            ticket.status = .refused
            ticket.error = why
        case .busy: return outcome
        }
        do {
            try ticket.write(path)
        } catch {
            // Without it the next run sends the replay once more.
            if outcome == .sent { outcome = .later(error.text + "; but the server has the replay") }
        }
        tell(UploadNote(path: path, outcome: outcome, attempts: ticket.attempts))
        return outcome
    }

    /// Sends what is waiting at `paths`, again and again, as long as something may come of it.
    ///
    /// - Parameters:
    ///   - again: also what the server has already (once).
    ///   - tries: how often each is tried at most.
    ///   - backoff: the pauses in between.
    /// - Returns: how many are not sent.
    /// - Throws: `LogError` when a folder can't be read, `CancellationError`.
    public func sendAll(
        _ paths: [String], again: Bool = false, tries: Int, backoff: Backoff
    ) async throws -> Int {
        var backoff = backoff
        /// Nothing more is to be done about these by this run.
        var settled: [String] = []
        var refusedCount = 0
        for round in 1...max(1, tries) {
            // Looked for each time: another program may have made one, or sent one.
            let waiting = try TicketedReplay.find(paths, again: again)
            var left = 0
            for replay in waiting where !settled.contains(replay.path) {
                switch await attempt(replay.path, again: again) {
                case .sent, .busy: settled.append(replay.path)
                case .refused:
                    settled.append(replay.path)
                    refusedCount += 1
                case .later: left += 1
                }
            }
            if left == 0 || round >= tries { return left + refusedCount }
            try await Task.sleep(for: backoff.pause())
        }
        return refusedCount
    }
}
