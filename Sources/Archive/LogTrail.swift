// What a server records, from log to log: the one that is being written is followed record by record, what
// a dead process left is read to its end, and then the next log's turn comes. With a cursor the next run goes
// on where this one ended. `blackbox follow` and the WebSocket stream read through it.

import CPlatform
import Segments
import WAL

/// A reader that follows the logs of a server. For one thread; never blocks for longer than reading takes.
public struct LogTrail: ~Copyable {
    /// What a look found.
    public enum Look: Sendable {
        /// Nothing new.
        case nothing
        /// Something was handed over.
        case some
        /// The one log that was named has ended, and everything of it was handed over.
        case ended
    }

    /// Where a trail without a cursor begins.
    public enum Start: Sendable {
        /// Only with what comes from now on.
        case now
        /// With the newest log's first record.
        case newestLog
    }

    /// Path of the log whose turn it is; nil while there is none.
    public var log: String? { place?.folder }
    /// 16 bytes; of that log.
    public private(set) var logID: [UInt8]?
    /// What could not be read, or not be written, in words; whoever asks takes it.
    public private(set) var troubles: [String] = []

    private let path: String
    private let cursor: String?
    private let start: Start
    /// There was no log when the trail began.
    private var isFirstLogAwaited = false
    private var place: Place?
    private var decoder = CallDecoder()
    /// Looks until the folder is listed again.
    private var looksUntilListing = 0
    private static let looksBetweenListings = 10

    private struct Place {
        let folder: String
        var sequence: UInt64
        var isRead = false
    }
    private var follower: LogFollower?

    /// - Parameters:
    ///   - path: a log's folder, or a folder of logs (which may still be empty, or not be there yet).
    ///   - cursor: name of the cursor that keeps the place, nil to keep none.
    ///   - start: where to begin when no log has that cursor.
    public init(path: String, cursor: String?, start: Start) {
        self.path = path
        self.cursor = cursor
        self.start = start
    }

    /// Hands over what is new since the last look, at most the rest of one log; with each record the id of
    /// its log (16 bytes).
    ///
    /// - Throws: what the closures throw; that record is handed over again by the next look.
    public mutating func look<Failure: Error>(
        call: (borrowing Call, _ log: [UInt8]) throws(Failure) -> Void,
        other: (borrowing OtherRecord, _ log: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> Look {
        guard let now = place ?? begin() else { return .nothing }
        if now.isRead { return enterNext() }
        // Asked first: what a dead process wrote is all there.
        if LogList.isLive(now.folder) { return try follow(call, other) }
        try readRest(call, other)
        return .some
    }

    /// Keeps the place: everything of this log up to `sequence` is done.
    public mutating func acknowledge(_ sequence: UInt64) {
        guard let cursor, let place, let logID else { return }
        do {
            try Cursor(name: cursor, logID: logID, sequence: sequence).write(place.folder)
        } catch {
            troubles.append(error.text + "; the next run repeats what was read since")
        }
    }

    /// Sequence number of the last record of this log that was handed over, or that the trail began
    /// behind.
    public var sequence: UInt64 { place?.sequence ?? 0 }

    /// Takes what there was to say.
    public mutating func takeTroubles() -> [String] {
        defer { troubles.removeAll() }
        return troubles
    }

    // MARK: one log

    private mutating func follow<Failure: Error>(
        _ call: (borrowing Call, _ log: [UInt8]) throws(Failure) -> Void,
        _ other: (borrowing OtherRecord, _ log: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> Look {
        guard var follower = follower.take() else { return .nothing }
        let before = follower.sequence
        let log = logID ?? []
        var decoder = decoder
        var isNew = false
        do throws(Failure) {
            isNew = try follower.look { (record: borrowing Record, anchor) throws(Failure) in
                let isWanted = record.sequence > before
                try decoder.forEach(record, anchor) { (found: borrowing Call) throws(Failure) in
                    if isWanted { try call(found, log) }
                } other: { (found: borrowing OtherRecord) throws(Failure) in
                    if isWanted { try other(found, log) }
                }
            }
        } catch {
            leave(follower, decoder)
            throw error
        }
        leave(follower, decoder)
        return isNew ? .some : .nothing
    }

    private mutating func leave(_ follower: consuming LogFollower, _ decoder: CallDecoder) {
        place?.sequence = follower.sequence
        self.decoder = decoder
        self.follower = consume follower
    }

    /// The writer is gone: the reader that knows of tail files, archives and damage reads what is left.
    private mutating func readRest<Failure: Error>(
        _ call: (borrowing Call, _ log: [UInt8]) throws(Failure) -> Void,
        _ other: (borrowing OtherRecord, _ log: [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        guard let now = place else { return }
        follower = nil
        var source: LogSource
        do {
            source = try LogSource.open(now.folder)
        } catch {
            troubles.append(error.text)
            place?.isRead = true
            return
        }
        let log = logID ?? []
        var last = now.sequence
        defer { place?.sequence = last }
        if last < UInt64.max {
            try source.forEachRecord(in: (last + 1)...UInt64.max) {
                (found: borrowing Call) throws(Failure) in
                try call(found, log)
                last = found.sequence
            } other: { (found: borrowing OtherRecord) throws(Failure) in
                try other(found, log)
                last = found.sequence
            }
        }
        if let report = source.checkSegments() {
            // Behind a hole that a power cut left, nothing more is coming: the log counts as done.
            last = max(last, report.lastSequence)
            if report.verdict.exitCode != 0 {
                troubles.append(
                    now.folder + ": not every record could be read; blackbox verify tells more")
            }
        }
        for (path, damage) in source.archiveDamages { troubles.append(path + ": " + damage.text) }
        place?.isRead = true
    }

    // MARK: from log to log

    /// The logs that are there, by time.
    private mutating func logs() -> [LogEntry] {
        guard unsafe bb_path_kind(path) != Int32(BB_KIND_NONE) else { return [] }
        do throws(LogError) {
            return try LogList.find(path)
        } catch {
            troubles.append(error.text)
            return []
        }
    }

    private mutating func begin() -> Place? {
        guard isListingDue() else { return nil }
        let logs = logs()
        guard let newest = logs.last else {
            // What appears from now on is new, all of it.
            isFirstLogAwaited = true
            return nil
        }
        if let cursor {
            for entry in logs.reversed() {
                guard let logID = Self.identity(entry.path)?.logID,
                    let kept = Cursor.read(entry.path, cursor, logID: logID)
                else { continue }
                return enter(entry, after: kept.sequence)
            }
        }
        guard let entered = enter(isFirstLogAwaited ? logs[0] : newest, after: 0) else {
            return nil
        }
        // Kept from the start: a run that is killed early must not count as none.
        defer { acknowledge(place?.sequence ?? 0) }
        if case .newestLog = start { return entered }
        if isFirstLogAwaited { return entered }
        guard newest.isLive else {
            // All that it holds came before now.
            place?.sequence = UInt64.max
            place?.isRead = true
            return place
        }
        var follower = LogFollower(folder: newest.path, after: 0)
        follower.skipToEnd()
        place?.sequence = follower.sequence
        self.follower = consume follower
        return place
    }

    private static func identity(_ path: String) -> LogIdentity? {
        (try? LogSource.open(path))?.identity
    }

    /// Makes a log the one whose turn it is; nil when its writer has only begun to make it.
    private mutating func enter(_ entry: LogEntry, after sequence: UInt64) -> Place? {
        let found = Self.identity(entry.path)
        guard found != nil || !entry.isLive else { return nil }
        logID = found?.logID
        decoder = CallDecoder()
        follower = LogFollower(folder: entry.path, after: sequence)
        place = Place(folder: entry.path, sequence: sequence)
        return place
    }

    private mutating func enterNext() -> Look {
        guard let now = place, isListingDue() else { return .nothing }
        let logs = logs()
        guard let index = logs.firstIndex(where: { Array($0.path.utf8) == Array(now.folder.utf8) })
        else {
            // Removed meanwhile: what is later by its name comes next.
            let later = logs.first {
                now.folder.utf8.lexicographicallyPrecedes($0.path.utf8)
            }
            if let later { _ = enter(later, after: 0) }
            return .nothing
        }
        if logs.count == 1, Array(now.folder.utf8) == Array(path.utf8) { return .ended }
        guard index + 1 < logs.count else { return .nothing }
        return enter(logs[index + 1], after: 0) == nil ? .nothing : .some
    }

    /// A folder is listed once for several looks: that is a look at every log in it.
    private mutating func isListingDue() -> Bool {
        looksUntilListing -= 1
        guard looksUntilListing < 0 else { return false }
        looksUntilListing = Self.looksBetweenListings
        return true
    }
}
