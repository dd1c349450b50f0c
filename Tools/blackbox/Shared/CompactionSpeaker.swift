// What `compact` and `recover` say of recordings.

import Mission
import Replay
import Segments
import Values

/// Says what became of recordings. One for each run of a command.
final class CompactionSpeaker {
    /// Rejected calls of each recording that are shown.
    static let rejectsShown = 50

    private let isQuiet: Bool
    private let isTold: Bool
    /// Errors that were told: a folder that can't be written fails for every recording.
    private var told: [[UInt8]] = []

    /// - Parameter isTold: what the recordings are was said by the program that started this one; only
    ///   where they went is left to say.
    init(isQuiet: Bool, isTold: Bool = false) {
        self.isQuiet = isQuiet
        self.isTold = isTold
    }

    /// Whether what the recordings are is said, too.
    var tellsAll: Bool { !isQuiet && !isTold }

    func begin(_ path: String, _ job: CompactionJob) {
        guard !isQuiet else { return }
        if isTold { return Console.print(path + ":") }
        Console.print(
            "\(path): " + Words.count(UInt64(job.recordings.count), "recording") + " in "
                + Words.count(job.index.callCount, "call"))
    }

    func tellPart(_ outcome: RecordingOutcome) {
        guard tellsAll else { return }
        Console.print("  recording \(outcome.number): a part of the joined recording above")
    }

    func tell(_ outcome: RecordingOutcome, _ span: RecordingSpan, identity: LogIdentity?) {
        tell(outcome, span, utcOffset: identity?.utcOffset ?? 0)
    }

    func tell(_ outcome: RecordingOutcome, _ span: RecordingSpan, utcOffset: Int32) {
        let error = Array(outcome.error.utf8)
        if !error.isEmpty, !told.contains(error) {
            Console.complain(outcome.error)
            told.append(error)
        }
        if let kept = outcome.longerKept {
            Console.complain(
                outcome.path
                    + ": shorter than the replay that an earlier compaction made, because the "
                    + "log is damaged now; the longer one is kept as " + kept)
        }
        guard !isQuiet, let report = outcome.report else { return }
        var made = "→ " + outcome.paths.joined(separator: ", ")
        if outcome.fileBytes > 0 { made += " (" + Words.bytes(outcome.fileBytes) + ")" }
        made += ", " + Words.duration(seconds: Double(report.elapsedNanoseconds) / 1e9)
        if isTold { return Console.print("  recording \(span.number) " + made) }
        let when = Words.localTime(report.start.time, utcOffset: utcOffset)
        let tally = report.tally
        Console.print(
            "  recording \(span.number): \"\(report.mission.missionName)\" on "
                + "\(report.world.worldName), \(when), "
                + Words.duration(seconds: report.durationSeconds) + Self.ending(report.end))
        Console.print(
            "    \(tally.units) units (\(tally.players) players), \(tally.vehicles) vehicles, "
                + Words.count(UInt64(tally.soldierStates + tally.vehicleStates), "state") + ", "
                + Words.count(UInt64(tally.projectiles), "shot") + ", "
                + Words.count(UInt64(tally.count(of: "killed")), "kill") + ", "
                + Words.count(UInt64(tally.markers), "marker"))
        if !outcome.path.isEmpty { Console.print("    " + made) }
    }

    private static func ending(_ end: RecordingEnd) -> String {
        switch end {
        case .saved: ""
        case .replaced: ", ended by another mission without a save"
        case .logEnded: ", not saved: the log ends there"
        }
    }
}
