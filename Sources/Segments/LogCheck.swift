// The verdict on a log: what each segment's pass found, put together along the chain (SegmentChain).

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
        var chain = SegmentChain(elsewhere)
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
