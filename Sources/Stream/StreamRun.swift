// A log → the web server, until the server has all of it, however often the connection breaks: what it has
// not acknowledged is sent again (docs/stream.md).

import Archive
import CPlatform
import Mission
import Segments
import Upload

/// What is told of a stream.
public enum StreamNote: Equatable, Sendable {
    /// The server is there.
    case connected
    /// Something went wrong; it is tried again.
    case trouble(String)
    /// The server has a mission to its end.
    case missionEnded
    /// The server has the whole log.
    case finished(String)
}

/// Streams logs.
public struct StreamRun: Sendable {
    private static let lookPause = Duration.milliseconds(100)
    private static let pingPause = Duration.seconds(20)

    private let address: StreamAddress
    private let mode: Mode
    private let limits: StreamLimits
    private let trust: WebTrust
    private let tell: @Sendable (StreamNote) -> Void

    /// - Parameters:
    ///   - mode: how calls are decoded.
    ///   - trust: whose certificate a server of `wss` may have.
    ///   - tell: gets what happens.
    public init(
        _ address: StreamAddress, mode: Mode, limits: StreamLimits = StreamLimits(),
        trust: WebTrust = .machine, tell: @escaping @Sendable (StreamNote) -> Void
    ) {
        self.address = address
        self.mode = mode
        self.limits = limits
        self.trust = trust
        self.tell = tell
    }

    /// Streams a log to its end: while its game runs, and what is left of it then.
    ///
    /// Returns, too, when the log is gone.
    ///
    /// - Throws: `StreamError.busy` and `.file`; another one when the game has ended and the server has taken
    ///   nothing for an hour: the next run goes on there. `CancellationError`.
    public func follow(_ folder: String) async throws {
        var place = try StreamPlace(folder)
        while true {
            if let logID = (try? LogSource.open(folder))?.identity?.logID {
                place.identify(logID)
                break
            }
            // Its writer has only begun to make it, or left it so.
            guard LogList.isLive(folder) else {
                place.finish()
                return
            }
            try await Task.sleep(for: Self.lookPause)
        }
        var log = StreamedLog(
            folder, after: place.sequence, isResumed: place.isResumed, mode: mode)
        var sent = SentMessages()
        var backoff = Backoff(first: limits.pauses.first, longest: limits.pauses.longest)
        var wentOnAt = ContinuousClock.now
        while isThere(folder) {
            let before = place.sequence
            do {
                try await pass(&log, &sent, &place)
                place.finish()
                tell(.finished(folder))
                return
            } catch let error as StreamError {
                if case .file = error { throw error }
                guard isThere(folder) else { return }
                if .now - wentOnAt > limits.patience, !LogList.isLive(folder) { throw error }
                try place.advance(to: place.sequence, atOnce: true)
                tell(.trouble(error.sentence))
            }
            if place.sequence > before {
                wentOnAt = .now
                backoff = Backoff(first: limits.pauses.first, longest: limits.pauses.longest)
            }
            try await Task.sleep(for: backoff.pause())
        }
    }

    /// Logs of the same folder whose stream an earlier run has left in the middle, by time.
    public static func unfinished(in folder: String) -> [String] {
        ((try? LogList.find(folder)) ?? []).map(\.path).filter(StreamPlace.isUnfinished)
    }

    private func isThere(_ folder: String) -> Bool {
        unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER)
    }

    // MARK: one connection after the other

    /// What the server has not acknowledged, then what follows: to the log's end, or to the first trouble.
    private func pass(
        _ log: inout StreamedLog, _ sent: inout SentMessages, _ place: inout StreamPlace
    ) async throws {
        var line = Line()
        do {
            let owed = sent.messages
            if !owed.isEmpty { try await send(owed, &line, &sent, &place) }
            try await line.ask(sent.newest)
            while try await !step(&log, &line, &sent, &place) {}
        } catch {
            // What was answered before the trouble need not be sent again.
            if let record = sent.settle(through: line.answered) { try? place.advance(to: record) }
            await line.connection?.close()
            throw error
        }
        await line.connection?.close()
    }

    /// One look at the log, and one at the server's answers. True when nothing is left to do.
    private func step(
        _ log: inout StreamedLog, _ line: inout Line, _ sent: inout SentMessages,
        _ place: inout StreamPlace
    ) async throws -> Bool {
        var isQuiet = true
        var reached = place.sequence
        if !sent.isFull, !log.isRead {
            let batch = log.next()
            for trouble in batch.troubles { tell(.trouble(trouble)) }
            isQuiet = batch.isQuiet
            reached = batch.reached
            if !batch.messages.isEmpty {
                sent.add(batch.messages, reached: reached)
                try await send(batch.messages, &line, &sent, &place)
                try await line.ask(sent.newest)
            }
        }
        try await line.check(limits, pingPause: Self.pingPause, newest: sent.newest)
        if let record = sent.settle(through: line.answered) { try place.advance(to: record) }
        if sent.isEmpty {
            try place.advance(to: reached, atOnce: log.isRead)
            if log.isRead { return true }
        }
        if isQuiet {
            if !isThere(place.folder) { return true }
            try await Task.sleep(for: Self.lookPause)
        }
        return false
    }

    private func send(
        _ messages: [StreamMessage], _ line: inout Line, _ sent: inout SentMessages,
        _ place: inout StreamPlace
    ) async throws {
        var texts: [[UInt8]] = []
        for message in messages {
            switch message.kind {
            case .event: texts.append(message.text)
            case .start:
                sent.begin(nil)
                try await connection(&line, sent)
                    .send(message.text, acknowledgedAs: "start_mission")
                sent.begin(message)
            case .end:
                let connection = try await connection(&line, sent)
                try await connection.send(texts)
                texts = []
                try await connection.send(message.text, acknowledgedAs: "end_mission")
                // The server closes behind it; the next mission gets a connection of its own.
                await connection.close()
                line = Line()
                sent.endMission()
                try place.advance(to: message.sequence, atOnce: true)
                tell(.missionEnded)
            }
        }
        if !texts.isEmpty { try await connection(&line, sent).send(texts) }
    }

    /// The connection, or a new one, which begins with the mission under way.
    private func connection(
        _ line: inout Line, _ sent: SentMessages
    ) async throws -> StreamConnection {
        if let open = line.connection { return open }
        let open = try await StreamConnection.open(address, limits, tls: trust.tls)
        tell(.connected)
        line.connection = open
        if let start = sent.start {
            try await open.send(start.text, acknowledgedAs: "start_mission")
        }
        return open
    }
}

/// A connection, and what the server still owes us.
private struct Line {
    var connection: StreamConnection?
    /// The server has every batch up to this one.
    private(set) var answered: UInt64 = 0
    /// Pings that are not answered yet: their numbers, and the newest batch that was sent before them.
    private var asked: [(number: UInt64, batch: UInt64)] = []
    private var number: UInt64 = 0
    /// When the server last answered, or was asked after a silence.
    private var heardAt = ContinuousClock.now

    init() {}

    /// Has the server say when it has everything up to this batch.
    mutating func ask(_ batch: UInt64) async throws {
        guard let connection else { return }
        if asked.isEmpty { heardAt = .now }
        number += 1
        asked.append((number, batch))
        try await connection.ping(number)
    }

    /// Takes the answers, and sees whether the connection still stands.
    mutating func check(
        _ limits: StreamLimits, pingPause: Duration, newest: UInt64
    ) async throws {
        guard let connection else { return }
        let heard = connection.answered
        while let first = asked.first, first.number <= heard {
            answered = first.batch
            asked.removeFirst()
            heardAt = .now
        }
        if let end = connection.end { throw end }
        if !asked.isEmpty {
            if .now - heardAt > limits.silence { throw StreamError.stalled }
        } else if .now - heardAt > pingPause {
            try await ask(newest)
        }
    }
}
