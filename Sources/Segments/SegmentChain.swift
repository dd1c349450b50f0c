// The segments of a log, one after the other: what each pass found, whether each follows the one before it,
// and which of them are missing. A segment that lies elsewhere, packed, is a link like the others.

import WAL

/// The chain of segments as far as it has been followed.
struct SegmentChain {
    /// The segment that should come now; nil before the first, so that a single file is fine.
    private var expected: UInt32?
    /// Nil behind a packed segment that does not tell.
    private var lastSequence: UInt64? = 0
    /// Nil when the last record of the segment before is damaged.
    private var lastCRC: UInt32? = 0
    /// The last used segment is sealed, but not as the log's last.
    private var wantsMore = false
    private let elsewhere: [SegmentElsewhere]
    /// Missing segments of one stretch that are told one by one.
    private static let missingLimit: UInt32 = 1000

    init(_ elsewhere: [SegmentElsewhere]) { self.elsewhere = elsewhere }

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
        guard wantsMore, let expected, report.path != passes.first?.info.path,
            !elsewhere.contains(where: { $0.number == expected })
        else { return }
        // The next one was ready when the last was full.
        let unread: [HeaderVerdict] = [.unused, .blank, .damaged]
        if passes.contains(where: { $0.info.number == expected && unread.contains($0.header) }) {
            return
        }
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
        let last = max(found.lastSequence, found.footer?.lastSequence ?? 0)
        lastSequence = last
        lastCRC = found.lastSequence == last ? found.lastCRC : nil
        wantsMore = found.footer.map { !$0.isFinal } ?? false
        add(pass, found, &report)
        return judge(pass, header, found, &report)
    }

    /// What the header says of the segment before.
    private mutating func link(
        _ pass: SegmentPass, _ header: SegmentHeader, _ report: inout LogReport
    ) {
        let number = header.number
        // A single file stands for itself.
        if report.path == pass.info.path { return }
        follow(to: number, header.previousSequence, &report)
        // Behind a segment that is missing there is nothing to compare with.
        guard number == expected ?? 1, let lastSequence else { return }
        // A header that was made up knows nothing of the record before it.
        let crcDiffers = pass.origin != .rebuilt && lastCRC != nil && header.previousCRC != lastCRC
        if header.previousSequence != lastSequence || crcDiffers {
            report.damages.append(
                Damage(
                    kind: .sequenceGap, segment: number, offset: 0, byteCount: 0,
                    missing: Self.range(lastSequence &+ 1, header.previousSequence)))
        }
    }

    /// Goes through the segments in front of `number` that are not here: packed ones are links of the
    /// chain, the others are missing.
    ///
    /// - Parameter previous: last sequence number in front of `number`, by its header.
    private mutating func follow(
        to number: UInt32, _ previous: UInt64, _ report: inout LogReport
    ) {
        var next = expected ?? 1
        while next < number {
            if let packed = elsewhere.first(where: { $0.number == next }) {
                lastSequence = packed.lastSequence
                lastCRC = nil
                next += 1
                expected = next
                continue
            }
            var end = number
            var known: UInt64? = previous
            for packed in elsewhere where packed.number > next && packed.number < end {
                end = packed.number
                known = packed.previousSequence
            }
            let range = lastSequence.flatMap { last in
                known.flatMap { Self.range(last &+ 1, $0) }
            }
            let told = end - next < Self.missingLimit ? end : next + Self.missingLimit
            for missing in next..<told {
                report.damages.append(
                    Damage(
                        kind: .missingSegment, segment: missing, offset: 0, byteCount: 0,
                        missing: missing == next ? range : nil))
            }
            next = end
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
