// A log → the web server, until the server has all of it, however often the connection breaks: after each
// break the log is read anew and goes on behind what the server has acknowledged (docs/stream.md).

import Archive
import CPlatform
import Mission
import NIOSSL
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
    private let tls: TLSConfiguration
    private let tell: @Sendable (StreamNote) -> Void

    /// - Parameters:
    ///   - mode: how calls are decoded.
    ///   - tls: what `wss` trusts.
    ///   - tell: gets what happens.
    public init(
        _ address: StreamAddress, mode: Mode, limits: StreamLimits = StreamLimits(),
        tls: TLSConfiguration = .makeClientConfiguration(),
        tell: @escaping @Sendable (StreamNote) -> Void
    ) {
        self.address = address
        self.mode = mode
        self.limits = limits
        self.tls = tls
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
        var backoff = Backoff(first: limits.pauses.first, longest: limits.pauses.longest)
        var wentOnAt = ContinuousClock.now
        while isThere(folder) {
            let before = place.sequence
            do {
                try await pass(&place)
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

    /// From behind what the server has to the log's end, or to the first trouble.
    private func pass(_ place: inout StreamPlace) async throws {
        var log = StreamedLog(place.folder, after: place.sequence, mode: mode)
        var line = Line()
        while true {
            let batch = log.next()
            for trouble in batch.troubles { tell(.trouble(trouble)) }
            do {
                if !batch.messages.isEmpty {
                    try await send(batch.messages, &line, &place)
                    try await line.ask(batch.reached)
                }
                try await line.check(limits, pingPause: Self.pingPause, reached: batch.reached)
                try place.advance(
                    to: line.isWaiting ? line.answered : batch.reached,
                    atOnce: batch.isLast && !line.isWaiting)
            } catch {
                try? place.advance(to: line.answered)
                await line.connection?.close()
                throw error
            }
            if batch.isLast, !line.isWaiting {
                await line.connection?.close()
                return
            }
            if batch.isQuiet || batch.isLast {
                guard isThere(place.folder) else {
                    await line.connection?.close()
                    return
                }
                try await Task.sleep(for: Self.lookPause)
            }
        }
    }

    private func send(
        _ messages: [StreamMessage], _ line: inout Line, _ place: inout StreamPlace
    ) async throws {
        var texts: [[UInt8]] = []
        for message in messages {
            switch message.kind {
            case .event: texts.append(message.text)
            case .start:
                try await connection(&line).send(message.text, acknowledgedAs: "start_mission")
            case .end:
                let connection = try await connection(&line)
                try await connection.send(texts)
                texts = []
                try await connection.send(message.text, acknowledgedAs: "end_mission")
                // The server closes behind it; the next mission gets a connection of its own.
                await connection.close()
                line = Line()
                try place.advance(to: message.sequence, atOnce: true)
                tell(.missionEnded)
            }
        }
        if !texts.isEmpty { try await connection(&line).send(texts) }
    }

    private func connection(_ line: inout Line) async throws -> StreamConnection {
        if let open = line.connection { return open }
        let open = try await StreamConnection.open(address, limits, tls: tls)
        tell(.connected)
        line.connection = open
        return open
    }
}

/// A connection, and what the server still owes us.
private struct Line {
    var connection: StreamConnection?
    /// The server has everything up to this record.
    private(set) var answered: UInt64 = 0
    /// Pings that are not answered yet: their numbers, and the records that were sent before them.
    private var asked: [(number: UInt64, sequence: UInt64)] = []
    private var number: UInt64 = 0
    /// When the server last answered, or was asked after a silence.
    private var heardAt = ContinuousClock.now

    init() {}

    /// There is something that the server may not have yet.
    var isWaiting: Bool { !asked.isEmpty }

    /// Has the server say when it has everything up to here.
    mutating func ask(_ sequence: UInt64) async throws {
        guard let connection else { return }
        if asked.isEmpty { heardAt = .now }
        number += 1
        asked.append((number, sequence))
        try await connection.ping(number)
    }

    /// Takes the answers, and sees whether the connection still stands.
    mutating func check(
        _ limits: StreamLimits, pingPause: Duration, reached: UInt64
    ) async throws {
        guard let connection else { return }
        let heard = connection.answered
        while let first = asked.first, first.number <= heard {
            answered = max(answered, first.sequence)
            asked.removeFirst()
            heardAt = .now
        }
        if let end = connection.end { throw end }
        if isWaiting {
            if .now - heardAt > limits.silence { throw StreamError.stalled }
        } else if .now - heardAt > pingPause {
            try await ask(reached)
        }
    }
}
