// The verdict on a log: what each segment's pass found, put together along the chain.

import CPlatform
import WAL

/// The verdict on one segment file.
public struct SegmentReport: Sendable {
    /// What the pass found.
    public let pass: SegmentPass
    /// The worst of it.
    public let verdict: Verdict
}

/// The verdict on a log.
public struct LogReport: Sendable {
    /// Folder, or file.
    public var path: String
    /// Nil when no file has a readable header.
    public var identity: LogIdentity?
    /// By number.
    public var segments: [SegmentReport]
    /// The worst of all.
    public var verdict: Verdict
    /// Every damage, in order.
    public var damages: [Damage]
    /// Losses that the log itself tells of.
    public var losses: [Loss]
    /// Valid records.
    public var recordCount: UInt64
    /// Sequence number of the last record before the first hole above the watermark.
    public var lastSequence: UInt64
    /// Records up to here were durable, 0 when unknown.
    public var watermark: UInt64
    /// Whole records behind the first hole above the watermark.
    public var salvageable: UInt64
    /// The server's last sign of life in the tail file.
    public var heartbeat: Heartbeat?
    /// UTC nanoseconds of the last record before the end.
    public var lastTime: Int64
    /// Bytes of the segment files.
    public var byteCount: Int
    /// Bytes that tail files put right.
    public var mendedBytes: Int
    /// The writer lives and holds the log's lock.
    public var isLive: Bool
    /// The last segment has its footer: the log was closed in order, or recovered.
    public var isSealed: Bool
    /// Files that could not be read.
    public var errors: [LogError]
}

extension LogReader {
    /// Goes through every record and gives the verdict. About 2 GB/s.
    ///
    /// - Parameter body: called for each record that an export would see.
    public mutating func check<Failure: Error>(
        _ body: (borrowing Record, ClockAnchor) throws(Failure) -> Void
    ) throws(Failure) -> LogReport {
        var last: Int64 = 0
        let passes = try forEachRecord { (record: borrowing Record, anchor) throws(Failure) in
            last = anchor.wallTime(of: record.monotonic)
            try body(record, anchor)
        }
        var report = LogReport(
            path: path, identity: identity, segments: [], verdict: .clean, damages: [], losses: [],
            recordCount: 0, lastSequence: 0, watermark: 0, salvageable: 0, heartbeat: nil,
            lastTime: last, byteCount: 0, mendedBytes: 0, isLive: LogList.isLive(path),
            isSealed: false, errors: [])
        var chain = Chain()
        for pass in passes {
            let before = report.damages.count
            var verdict = chain.take(pass, &report)
            if report.damages.count > before, verdict.rank < 3 {
                verdict = .damaged(Array(report.damages[before...]))
            }
            report.segments.append(SegmentReport(pass: pass, verdict: verdict))
            if verdict.rank > report.verdict.rank { report.verdict = verdict }
        }
        if !wasLive { chain.end(passes, &report) }
        if case .tornTail(let offset, let byteCount, _) = report.verdict {
            report.verdict = .tornTail(
                offset: offset, byteCount: byteCount, salvageable: report.salvageable)
        }
        if !report.damages.isEmpty, report.verdict.rank <= 3 {
            report.verdict = .damaged(report.damages)
        }
        return report
    }

    /// The verdict alone.
    public mutating func check() -> LogReport {
        check { (_: borrowing Record, _) throws(Never) in }
    }
}

extension Verdict {
    /// For taking the worst.
    var rank: Int {
        switch self {
        case .clean: 0
        case .callUnderWay: 1
        case .tornTail: 2
        case .damaged: 3
        case .foreign: 4
        }
    }
}

/// The chain of segments as far as it has been followed.
private struct Chain {
    /// The segment that should come now; nil before the first, so that a single file is fine.
    private var expected: UInt32?
    private var lastSequence: UInt64 = 0
    /// Nil when the last record of the segment before is damaged.
    private var lastCRC: UInt32? = 0
    /// The last used segment is sealed, but not as the log's last.
    private var wantsMore = false

    mutating func take(_ pass: SegmentPass, _ report: inout LogReport) -> Verdict {
        report.byteCount += pass.info.byteCount
        if let error = pass.error ?? pass.info.error {
            report.errors.append(error)
            report.damages.append(whole(pass, .shortFile))
            return .damaged([whole(pass, .shortFile)])
        }
        if let error = pass.tailError {
            report.errors.append(error)
            report.damages.append(whole(pass, .tailFile))
        }
        if pass.info.isDuplicate {
            report.damages.append(whole(pass, .duplicateSegment))
            return .damaged([whole(pass, .duplicateSegment)])
        }
        if let header = pass.usable {
            guard let found = pass.findings else { return .foreign(.otherLog) }
            return follow(pass, header, found, &report)
        }
        return unread(pass, &report)
    }

    /// A file whose records can't be read.
    private mutating func unread(_ pass: SegmentPass, _ report: inout LogReport) -> Verdict {
        switch pass.header {
        case .foreign: return .foreign(.notASegment)
        case .textModeCopy: return .foreign(.textModeCopy)
        case .unknownFormat(let version, let flags):
            return .foreign(.newerFormat(version: version, flags: flags))
        case .short
        where pass.info.byteCount == 0 && pass.info.number != 1 && report.path != pass.info.path,
            .unused where pass.settledTo == 0:
            // A segment that was being prepared, or that was switched to since the last tick and lost.
            return .clean
        case .blank where pass.settledTo == 0, .damaged where pass.settledTo == 0:
            return .tornTail(offset: 0, byteCount: pass.info.byteCount, salvageable: 0)
        case .short:
            report.damages.append(whole(pass, .shortFile))
            return .damaged([whole(pass, .shortFile)])
        case .unused, .blank, .damaged, .header:
            report.damages.append(whole(pass, .header))
            return .damaged([whole(pass, .header)])
        }
    }

    /// Behind the last file: a log that was closed says so in its last footer.
    mutating func end(_ passes: [SegmentPass], _ report: inout LogReport) {
        // A single file stands for itself.
        guard wantsMore, let expected, report.path != passes.first?.info.path else { return }
        // The next one was ready when the last was full.
        if passes.contains(where: { $0.info.number == expected && $0.header == .unused }) { return }
        report.damages.append(
            Damage(kind: .missingSegment, segment: expected, offset: 0, byteCount: 0, missing: nil))
    }

    private mutating func follow(
        _ pass: SegmentPass, _ header: SegmentHeader, _ found: SegmentFindings,
        _ report: inout LogReport
    ) -> Verdict {
        let number = header.number
        if pass.info.nameNumber != 0, pass.info.nameNumber != number {
            report.damages.append(whole(pass, .renamedSegment))
        }
        if !pass.isBehindHole { link(pass, header, &report) }
        expected = number &+ 1
        lastSequence = found.lastSequence
        if let footer = found.footer { lastSequence = max(lastSequence, footer.lastSequence) }
        lastCRC = found.lastSequence == lastSequence ? found.lastCRC : nil
        wantsMore = found.footer.map { !$0.isFinal } ?? false
        add(pass, found, &report)
        return judge(pass, header, found, &report)
    }

    /// What the header says of the segment before.
    private func link(
        _ pass: SegmentPass, _ header: SegmentHeader, _ report: inout LogReport
    ) {
        let number = header.number
        // A single file stands for itself.
        if report.path == pass.info.path { return }
        let expected = self.expected ?? 1
        for missing in expected..<max(expected, number) where missing - expected < 1000 {
            report.damages.append(
                Damage(
                    kind: .missingSegment, segment: missing, offset: 0, byteCount: 0,
                    missing: missing == expected
                        ? Self.range(lastSequence &+ 1, header.previousSequence) : nil))
        }
        guard number == expected else { return }
        // A header that was made up knows nothing of the record before it.
        let crcDiffers = pass.origin != .rebuilt && lastCRC != nil && header.previousCRC != lastCRC
        if header.previousSequence != lastSequence || crcDiffers {
            report.damages.append(
                Damage(
                    kind: .sequenceGap, segment: number, offset: 0, byteCount: 0,
                    missing: Self.range(lastSequence &+ 1, header.previousSequence)))
        }
    }

    private func add(
        _ pass: SegmentPass, _ found: SegmentFindings, _ report: inout LogReport
    ) {
        report.recordCount += found.recordCount
        if !pass.isBehindHole { report.lastSequence = found.lastSequence }
        report.losses += found.losses
        report.watermark = max(report.watermark, pass.watermark)
        if found.footer != nil { report.watermark = max(report.watermark, found.lastSequence) }
        if let beat = pass.heartbeat { report.heartbeat = beat }
        report.mendedBytes += pass.mendedBytes
        report.damages += pass.tailDamages
        report.isSealed = found.footer != nil
    }

    /// The end of one segment: which of the five.
    private func judge(
        _ pass: SegmentPass, _ header: SegmentHeader, _ found: SegmentFindings,
        _ report: inout LogReport
    ) -> Verdict {
        if pass.origin != .page, !pass.isBehindHole { report.damages.append(page(header)) }
        if let footer = found.footer {
            report.damages += found.holes
            if !pass.footerAgrees {
                report.damages.append(
                    Damage(
                        kind: .footer, segment: header.number, offset: Int(footer.end),
                        byteCount: SegmentLayout.footerSize,
                        missing: Self.range(found.lastSequence &+ 1, footer.lastSequence)))
            }
            if let foreign = found.foreignOffset { return .foreign(.behindFooter(offset: foreign)) }
            return .clean
        }
        noteCut(pass, header, found, &report)
        let settled = pass.settledTo
        let below = found.holes.filter { $0.offset < settled }
        report.damages += below
        if found.lastSequence < pass.watermark || (found.end < settled && settled != Int.max) {
            report.damages.append(
                Damage(
                    kind: .hole, segment: header.number, offset: found.end,
                    byteCount: max(0, settled - found.end),
                    missing: Self.range(found.lastSequence &+ 1, pass.watermark)))
            return .clean
        }
        if settled == Int.max { return .clean }
        if pass.isBehindHole {
            report.salvageable += found.recordCount
            return .tornTail(offset: 0, byteCount: found.end, salvageable: found.recordCount)
        }
        if let hole = found.holes.first(where: { $0.offset >= settled }) {
            report.salvageable += found.salvageable
            report.lastSequence = found.soundSequence
            return .tornTail(
                offset: hole.offset, byteCount: found.end - hole.offset,
                salvageable: found.salvageable)
        }
        if let residue = found.residue {
            return .tornTail(offset: residue.offset, byteCount: residue.byteCount, salvageable: 0)
        }
        if let claimed = found.claimed {
            return .callUnderWay(offset: claimed.offset, byteCount: claimed.byteCount)
        }
        return .clean
    }

    /// Without a footer, a file that is shorter than it was made has been cut, or its footer is
    /// damaged. (At its full length it was being sealed when the power went, and nothing is lost.)
    private func noteCut(
        _ pass: SegmentPass, _ header: SegmentHeader, _ found: SegmentFindings,
        _ report: inout LogReport
    ) {
        let size = pass.info.byteCount
        guard pass.origin == .page, size > 0, UInt64(size) < header.capacity else { return }
        let isFooter = size == found.end + SegmentLayout.footerSize
        report.damages.append(
            Damage(
                kind: isFooter ? .footer : .shortFile, segment: header.number,
                offset: isFooter ? found.end : size,
                byteCount: isFooter
                    ? SegmentLayout.footerSize : Int(clamping: header.capacity) - size,
                missing: nil))
    }

    private func page(_ header: SegmentHeader) -> Damage {
        Damage(
            kind: .header, segment: header.number, offset: 0, byteCount: SegmentLayout.headerSize,
            missing: nil)
    }

    private func whole(_ pass: SegmentPass, _ kind: Damage.Kind) -> Damage {
        Damage(
            kind: kind, segment: pass.info.number, offset: 0, byteCount: pass.info.byteCount,
            missing: nil)
    }

    private static func range(_ first: UInt64, _ last: UInt64) -> ClosedRange<UInt64>? {
        last >= first ? first...last : nil
    }
}
