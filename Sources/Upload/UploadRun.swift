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
        guard let ticket = UploadTicket.read(path), !found.contains(where: { $0.path == path })
        else { return }
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else {
            // The replay got another name, or its owner took it away: nothing is left to send.
            _ = unsafe bb_path_remove(UploadTicket.path(of: path))
            return
        }
        if again || ticket.status != .sent || ticket.isOutdated(path) {
            found.append(TicketedReplay(path: path, ticket: ticket))
        }
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
    /// - Parameters:
    ///   - again: also when the server has the replay already.
    ///   - patience: so long another program that sends it is waited for.
    public func attempt(
        _ path: String, again: Bool = false, patience: Duration = .zero
    ) async -> SendOutcome {
        let replay: OpenReplay
        do throws(LogError) {
            replay = try await open(path, until: .now + patience)
        } catch {
            return error.operation == .lock ? .busy : .refused(error.text)
        }
        defer { replay.unlock() }
        // Read under the lock: whoever had it before may have sent the replay.
        guard var ticket = UploadTicket.read(path) else {
            return .refused(
                "\(path): no ticket \(UploadTicket.suffix) beside it; blackbox compact --upload "
                    + "writes one")
        }
        if ticket.status == .sent, ticket.sentBytes == UInt64(replay.byteCount), !again {
            return .sent
        }
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

    private func open(
        _ path: String, until end: ContinuousClock.Instant
    ) async throws(LogError) -> OpenReplay {
        while true {
            do throws(LogError) {
                return try OpenReplay(path)
            } catch {
                guard error.operation == .lock, .now < end, !Task.isCancelled else { throw error }
            }
            // Cancelled, the loop ends by itself.
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Sends what is waiting at `paths`, again and again, as long as something may come of it.
    ///
    /// - Parameters:
    ///   - again: also what the server has already (once).
    ///   - tries: how often each is tried at most.
    ///   - patience: so long another program that sends one is waited for.
    ///   - backoff: the pauses in between.
    /// - Returns: how many are not sent.
    /// - Throws: `LogError` when a folder can't be read, `CancellationError`.
    public func sendAll(
        _ paths: [String], again: Bool = false, tries: Int, patience: Duration = .zero,
        backoff: Backoff
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
                switch await attempt(replay.path, again: again, patience: patience) {
                case .sent: settled.append(replay.path)
                case .refused:
                    settled.append(replay.path)
                    refusedCount += 1
                // Whoever sends it right now may fail.
                case .later, .busy: left += 1
                }
            }
            if left == 0 || round >= tries { return left + refusedCount }
            try await Task.sleep(for: backoff.pause())
        }
        return refusedCount
    }

    /// As `sendAll`, for a program that many start: one of them does the work of all, the others leave it
    /// to that one.
    ///
    /// - Returns: how many are not sent; 0 when another program sees to them.
    public func sendAsOne(_ paths: [String], tries: Int, backoff: Backoff) async throws -> Int {
        guard let first = paths.first else { return 0 }
        let isFolder = unsafe bb_path_kind(first) == Int32(BB_KIND_FOLDER)
        let folder = isFolder ? first : Paths.parent(first)
        while try !TicketedReplay.find(paths).isEmpty {
            // A lock goes with its process, however that ends.
            let role = try File(
                Paths.join(folder, Self.roleName),
                UInt32(BB_OPEN_READ) | UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE))
            if bb_file_lock(role.handle, 1) == -Int32(BB_EAGAIN) { return 0 }
            let left = try await sendAll(paths, tries: tries, backoff: backoff)
            _ = bb_file_unlock(role.handle)
            // What was left to us between the last look and the unlock is found by another look.
            if left > 0 { return left }
        }
        return 0
    }

    private static let roleName = ".blackbox-upload"
}
