// --join: which recordings of which logs are parts of one mission that a crash has torn apart.

import Archive
import ArgumentParser
import CPlatform
import Mission
import Replay
import Segments
import WAL

/// The option of `compact` and `recover`.
struct JoinArguments: ParsableArguments {
    static let minutesByDefault = 15
    static let minutesAtMost = 1440

    @Option(
        defaultAsFlag: Self.minutesByDefault, parsing: .next,
        help: ArgumentHelp(
            "Make one recording of a mission that went on within so many minutes after a crash.",
            discussion: "The last recording of a log that broke off, and the first one of a later "
                + "log with the same mission name, world and capture delay; the gap is marked. It "
                + "takes the place of the first part's own output; an output that the later part "
                + "already had stays. 0: never.",
            valueName: "minutes"))
    var join: Int?

    /// Nil: nothing is joined.
    var windowNanoseconds: Int64? {
        guard let join, join > 0 else { return nil }
        return Int64(join) * 60_000_000_000
    }

    /// What is wrong with the option, together with the others.
    func check(isStrict: Bool) throws {
        guard let join else { return }
        guard (0...Self.minutesAtMost).contains(join) else {
            throw ValidationError("--join takes 0 to \(Self.minutesAtMost) minutes.")
        }
        if join > 0, isStrict {
            throw ValidationError(
                "--join is not possible with --strict: the reference joins no recordings.")
        }
    }
}

/// One of the recordings that become one.
struct RecordingPart {
    /// The log.
    let path: String
    let origin: RecordingOrigin
    let span: RecordingSpan
}

/// A log that was looked through for parts.
struct JoinLog {
    let entry: LogEntry
    let startWall: Int64
    let job: CompactionJob

    /// Nil for a log that can't be read; the command says so when it comes to it.
    init?(_ entry: LogEntry, salvage: Bool) {
        guard var source = try? openLog(entry.path, salvage: salvage),
            let identity = source.identity
        else { return nil }
        self.entry = entry
        startWall = identity.startWall
        job = CompactionJob(
            source: &source,
            origin: RecordingOrigin(
                logID: identity.logID, extensionVersion: identity.writer,
                utcOffsetSeconds: identity.utcOffset))
    }

    /// The recording that the process's death broke off.
    var broken: RecordingSpan? {
        guard !entry.isLive, let last = job.recordings.last, last.end == .logEnded else {
            return nil
        }
        return last
    }

    func part(_ span: RecordingSpan) -> RecordingPart {
        RecordingPart(path: entry.path, origin: job.origin, span: span)
    }
}

/// Finds the parts that belong together.
enum JoinPlan {
    /// Chains of two or more parts each, in the order of time.
    static func chains(_ unordered: [JoinLog], windowNanoseconds: Int64) -> [[RecordingPart]] {
        let logs = unordered.sorted {
            ($0.startWall, $0.entry.path) < ($1.startWall, $1.entry.path)
        }
        var next = [Int?](repeating: nil, count: logs.count)
        var isContinuation = [Bool](repeating: false, count: logs.count)
        for (place, log) in logs.enumerated() {
            guard let broken = log.broken else { continue }
            var best: (place: Int, start: Int64)?
            for candidate in logs.indices.dropFirst(place + 1)
            where !isContinuation[candidate] {
                let other = logs[candidate]
                guard let first = other.job.recordings.first,
                    // A process that ran at the same time is another server's.
                    other.startWall >= broken.last.time,
                    other.job.origin.logID != log.job.origin.logID,
                    first.continues(broken, windowNanoseconds: windowNanoseconds),
                    best.map({ first.start.time < $0.start }) ?? true
                else { continue }
                best = (candidate, first.start.time)
            }
            guard let best else { continue }
            next[place] = best.place
            isContinuation[best.place] = true
        }
        var chains: [[RecordingPart]] = []
        for (place, log) in logs.enumerated() {
            // A log of one recording that continues another stands within that one's chain.
            guard let broken = log.broken, next[place] != nil,
                !isContinuation[place] || log.job.recordings.count > 1
            else { continue }
            var chain = [log.part(broken)]
            var at = place
            while let following = next[at], let first = logs[following].job.recordings.first {
                chain.append(logs[following].part(first))
                guard logs[following].job.recordings.count == 1 else { break }
                at = following
            }
            chains.append(chain)
        }
        return chains
    }
}
