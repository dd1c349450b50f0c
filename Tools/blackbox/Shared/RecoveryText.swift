// What `recover` says of a log.

import Segments
import WAL

/// What recovery found, in about ten lines.
enum RecoveryText {
    static func lines(_ recovery: RecoveryReport) -> [String] {
        let report = recovery.report
        let offset = report.identity?.utcOffset ?? 0
        var lines = ["\(report.path)"]
        if let identity = report.identity {
            lines.append(
                "  server process \(identity.process), plug-in \(identity.writer), log begun "
                    + Words.localTime(identity.startWall, utcOffset: offset))
            let seconds = Double(report.lastTime &- identity.startWall) / 1e9
            lines.append(
                "  kept:  " + Words.count(report.recordCount, "record") + " over "
                    + Words.duration(seconds: max(0, seconds)) + ", the last one at "
                    + Words.localTime(report.lastTime, utcOffset: offset))
        }
        lines.append("  end:   " + VerdictText.sentence(report.verdict))
        for damage in report.damages.prefix(4) {
            lines.append("         " + VerdictText.sentence(damage))
        }
        if report.damages.count > 4 {
            lines.append("         … and \(report.damages.count - 4) more: blackbox verify")
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
