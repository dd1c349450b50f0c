// What `recover` says of a log.

import Segments
import WAL

/// What recovery found, in about ten lines.
enum RecoveryText {
    private static let damagesShown = 4

    /// The packed part of a log.
    struct Packed {
        /// The whole log's, which began with its first segment.
        let identity: LogIdentity?
        let recordCount: UInt64
        /// What is wrong with the archives, or missing between them, a line for each.
        let damages: [String]
    }

    static func lines(_ recovery: RecoveryReport, _ packed: Packed? = nil) -> [String] {
        let report = recovery.report
        let offset = report.identity?.utcOffset ?? 0
        var lines = ["\(report.path)"]
        if let identity = packed?.identity ?? report.identity {
            lines.append(
                "  server process \(identity.process), plug-in \(identity.writer), log begun "
                    + Words.localTime(identity.startWall, utcOffset: offset))
            let seconds = Double(report.lastTime &- identity.startWall) / 1e9
            // Salvage stands behind a hole: no export has it unless it is asked for.
            let here = report.recordCount - min(report.recordCount, report.salvageable)
            var kept = Words.count(here &+ (packed?.recordCount ?? 0), "record")
            if let packed { kept += " (" + Words.count(packed.recordCount) + " of them packed)" }
            lines.append(
                "  kept:  " + kept + " over " + Words.duration(seconds: max(0, seconds))
                    + ", the last one at " + Words.localTime(report.lastTime, utcOffset: offset))
        }
        // What is missing is told by the archives around it.
        let ofSegments = report.damages.filter { packed == nil || $0.kind != .missingSegment }
        let damages = ofSegments.map { VerdictText.sentence($0) } + (packed?.damages ?? [])
        let isPackedDamaged = packed.map { !$0.damages.isEmpty } ?? false
        lines.append(
            "  end:   "
                + (isPackedDamaged
                    ? VerdictText.damaged(places: damages.count)
                    : VerdictText.sentence(report.verdict)))
        for damage in damages.prefix(damagesShown) { lines.append("         " + damage) }
        if damages.count > damagesShown {
            lines.append(
                "         … and \(damages.count - damagesShown) more: blackbox verify")
        }
        let lost = report.losses.reduce(0 as UInt64) { $0 &+ $1.count }
        if lost > 0 {
            lines.append("  lost:  " + Words.count(lost, "call") + " that the log itself tells of")
        }
        if let beat = report.heartbeat {
            let behind =
                report.lastSequence > beat.sequence ? report.lastSequence - beat.sequence : 0
            lines.append(
                "  last sign of life: " + Words.localTime(beat.wall, utcOffset: offset)
                    + ", " + Words.count(behind, "record") + " after it")
        }
        if report.mendedBytes > 0 {
            lines.append(
                "  the tail files put " + Words.bytes(UInt64(report.mendedBytes)) + " right")
        }
        if !recovery.sealed.isEmpty {
            lines.append("  sealed " + Words.count(UInt64(recovery.sealed.count), "segment"))
        } else if report.isSealed {
            lines.append("  the log was closed already")
        }
        for path in recovery.mended { lines.append("  mended copy: " + path) }
        return lines
    }
}
