// What a look at a log found, in words and as JSON.

import Segments
import Values
import WAL

enum LogReportText {
    /// For `verify`: a head line and what is wrong.
    static func lines(_ report: LogReport) -> [String] {
        var lines = ["\(report.path): \(VerdictText.sentence(report.verdict))"]
        var facts = Words.count(report.recordCount, "record")
        facts += " in " + Words.count(UInt64(report.segments.count), "segment")
        facts += ", " + Words.bytes(UInt64(report.byteCount))
        if report.isLive { facts += "; the server still runs" }
        lines.append("  " + facts)
        for segment in report.segments {
            guard case .foreign(let reason) = segment.verdict else { continue }
            lines.append(
                "  " + Paths.lastComponent(segment.pass.info.path) + ": foreign: "
                    + VerdictText.sentence(reason))
        }
        for damage in report.damages { lines.append("  " + VerdictText.sentence(damage)) }
        for loss in report.losses { lines.append("  lost: " + LossText.sentence(loss)) }
        if report.mendedBytes > 0 {
            lines.append(
                "  the tail files put " + Words.bytes(UInt64(report.mendedBytes)) + " right")
        }
        for error in report.errors { lines.append("  " + error.text) }
        return lines
    }

    /// The members that `verify --json` and reports share. Of what lies in segments; a log of archives alone
    /// has none, was closed, and is all on the disk.
    ///
    /// - Parameter archived: last sequence number in an archive, and the losses that archives tell of.
    static func json(
        _ report: LogReport?, path: String, identity: LogIdentity?, verdict: Verdict,
        archived: (last: UInt64?, losses: [Loss]) = (nil, [])
    ) -> JSONLine {
        let losses = (report?.losses ?? []) + archived.losses
        let last = archived.last ?? 0
        var line = JSONLine()
        line.add("path", path)
        line.add("log", identity?.logIDText ?? "")
        line.add("verdict", VerdictText.name(verdict))
        line.add("exitCode", verdict.exitCode)
        line.add("records", report?.recordCount ?? 0)
        line.add("segments", report?.segments.count ?? 0)
        line.add("bytes", report?.byteCount ?? 0)
        line.add("lastSequence", max(report?.lastSequence ?? 0, last))
        line.add("watermark", max(report?.watermark ?? 0, last))
        line.add("salvageable", report?.salvageable ?? 0)
        line.add("live", report?.isLive ?? false)
        line.add("sealed", report?.isSealed ?? true)
        line.add("lost", losses.reduce(0 as UInt64) { $0 &+ $1.count })
        line.add("damages", objects: (report?.damages ?? []).map { json($0) })
        line.add("errors", json: texts((report?.errors ?? []).map { $0.text }))
        return line
    }

    private static func json(_ damage: Damage) -> JSONLine {
        var line = JSONLine()
        line.add("segment", damage.segment)
        line.add("offset", damage.offset)
        line.add("bytes", damage.byteCount)
        line.add("what", VerdictText.sentence(damage))
        if let missing = damage.missing {
            line.add("firstMissing", missing.lowerBound)
            line.add("lastMissing", missing.upperBound)
        }
        return line
    }

    private static func texts(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.appendJSONString(text)
        }
        return bytes + [UInt8(ascii: "]")]
    }
}
