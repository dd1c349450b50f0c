// One log after its server's end: closed where it is sound, judged together with its archives, and what is
// remembered of that.

import Archive
import CPlatform
import Segments
import WAL

/// What `recover` found of a log, and did.
struct RecoveredLog {
    private let path: String
    /// Which log it is; nil when no file tells.
    let identity: LogIdentity?
    /// What was found, in about ten lines; none of archives in which nothing is wrong.
    let lines: [String]
    /// What could not be done; the log itself is unharmed.
    let errors: [String]
    let health: LogHealth
    /// The exit code that it asks for.
    let code: Int32
    /// Nothing but archives is left.
    let isArchived: Bool
    private let lastSequence: UInt64

    /// Looks after a log whose writer is dead.
    ///
    /// - Parameter readsArchives: look at every record of archives, too.
    /// - Returns: nil when another program is at it.
    /// - Throws: `ToolFailure` when nothing can be read.
    static func look(
        after path: String, readsArchives: Bool, isQuiet: Bool
    ) throws(ToolFailure) -> RecoveredLog? {
        guard LogFiles.hasArchives(path) else {
            return try recover(path, elsewhere: []).map { RecoveredLog(path, $0) }
        }
        var recovery: RecoveryReport?
        if !LogFiles.isArchived(path) {
            // Behind an archive that can't be read nothing is known to be whole.
            let packed = try openLog(path).packedSegments.filter { $0.lastSequence != nil }
            recovery = try recover(path, elsewhere: packed)
            if recovery == nil { return nil }
        }
        var source = try openLog(path)
        let meter = ProgressMeter(path, unit: "bytes", isQuiet: isQuiet)
        let checkup = LogCheckup(&source, readsArchives: readsArchives, meter: meter)
        meter.finish()
        return RecoveredLog(path, recovery, checkup, source)
    }

    private static func recover(
        _ path: String, elsewhere: [SegmentElsewhere]
    ) throws(ToolFailure) -> RecoveryReport? {
        do throws(LogError) {
            return try Recovery.run(path, elsewhere: elsewhere)
        } catch {
            if error.isHeldByAnother { return nil }
            throw ToolFailure(message: error.text)
        }
    }

    /// A log without archives.
    private init(_ path: String, _ recovery: RecoveryReport) {
        let report = recovery.report
        self.path = path
        identity = report.identity
        lines = RecoveryText.lines(recovery)
        errors = recovery.errors.map { $0.text }
        health = LogHealth(report, losses: report.losses)
        code =
            errors.isEmpty
            ? report.verdict.exitCode : max(report.verdict.exitCode, ExitStatus.failed)
        isArchived = false
        lastSequence = report.lastSequence
    }

    /// A log with archives; without a `recovery` it has nothing else.
    private init(
        _ path: String, _ recovery: RecoveryReport?, _ checkup: LogCheckup,
        _ source: borrowing LogSource
    ) {
        self.path = path
        identity = checkup.identity
        health = source.health(checkup)
        isArchived = recovery == nil
        lastSequence = max(recovery?.report.lastSequence ?? 0, source.lastArchivedSequence ?? 0)
        guard let recovery else {
            lines = checkup.exitCode == 0 ? [] : checkup.lines
            errors = []
            code = checkup.exitCode
            return
        }
        lines = RecoveryText.lines(
            recovery,
            RecoveryText.Packed(
                identity: checkup.identity, recordCount: checkup.recordsInArchives,
                damages: checkup.archiveLines))
        errors = recovery.errors.map { $0.text }
        let worst = max(checkup.exitCode, recovery.report.verdict.exitCode)
        code = errors.isEmpty ? worst : max(worst, ExitStatus.failed)
    }

    /// Keeps in mind that this log was looked after, unless a part of it could not be read or closed: that is
    /// looked at again.
    ///
    /// - Parameter isExported: the named outputs have all of it.
    func remember(_ outputs: Outputs, isExported: Bool) {
        guard !health.lacksPart, errors.isEmpty, let logID = identity?.logID else { return }
        // That the last archive is gone must not be forgotten.
        let before = isArchived ? RecoveryCursor.sequence(path, logID: logID) ?? 0 : 0
        RecoveryCursor.remember(
            path, logID: logID, through: max(lastSequence, before), outputs, isExported: isExported)
    }
}
