// What a command that reads a log must say beside its result: which files could not be read, what is
// damaged or missing, what the log itself says is lost. A result that is short for such a reason never
// stands there as if it were whole.

import Segments
import WAL

struct LogHealth {
    /// Stretches of missing records that are written out; the rest is counted.
    private static let stretchesShown = 8
    /// Stretches in a report.
    private static let stretchesReported = 1000

    let path: String
    /// Files of which nothing could be read: a sentence for each, with what to do.
    private(set) var unread: [String] = []
    /// Whether one of those is a part of this log (not somebody else's file beside it).
    private(set) var lacksPart = false
    /// Something is missing that was there, or the log ends in a torn record.
    private(set) var isDamaged = false
    /// Sequence numbers of records that were there.
    private(set) var missing: [ClosedRange<UInt64>] = []
    /// Calls that were never kept, as the log itself says.
    private(set) var lostCount: UInt64 = 0
    /// Of the segments, when they are damaged.
    private var sentence: String?

    /// - Parameter losses: those that the log tells of, its archives included.
    init(_ report: LogReport, losses: [Loss]) {
        path = report.path
        for segment in report.segments { look(at: segment) }
        missing = report.damages.compactMap { $0.missing }
        isDamaged = !report.damages.isEmpty
        if isDamaged {
            sentence = VerdictText.sentence(.damaged(report.damages))
        } else if case .tornTail = report.verdict {
            isDamaged = true
            sentence = VerdictText.sentence(report.verdict)
        }
        lostCount = losses.reduce(0) { $0 &+ $1.count }
    }

    /// A log of archives alone.
    init(path: String, losses: [Loss]) {
        self.path = path
        lostCount = losses.reduce(0) { $0 &+ $1.count }
    }

    /// What another program's report says of a log.
    init(path: String, isDamaged: Bool, missing: [ClosedRange<UInt64>], lostCount: UInt64) {
        self.path = path
        self.isDamaged = isDamaged
        self.missing = missing
        self.lostCount = lostCount
    }

    /// An archive is broken somewhere. (The line about it is written where it is met.)
    mutating func note(archiveMissing range: ClosedRange<UInt64>?) {
        isDamaged = true
        if let range, !missing.contains(range) { missing.append(range) }
    }

    /// A file that is no segment can't be read, or belongs elsewhere.
    ///
    /// - Parameter isPart: records of this log are missing for it.
    mutating func note(unread line: String, isPart: Bool) {
        unread.append(line)
        if isPart { lacksPart = true }
    }

    private mutating func look(at segment: SegmentReport) {
        let info = segment.pass.info
        if let error = segment.pass.error ?? info.error {
            unread.append(error.text)
            lacksPart = true
            return
        }
        guard segment.pass.findings == nil, !info.isDuplicate else { return }
        switch segment.verdict {
        case .foreign(let reason):
            unread.append(info.path + ": " + VerdictText.sentence(reason))
            // A damaged first page can look like anything.
            if reason != .otherLog { lacksPart = true }
        case .damaged:
            let what = info.byteCount == 0 ? "the file is empty" : "its first page is damaged"
            unread.append(
                info.path + ": nothing can be read, " + what
                    + "; if there is a copy, put it in this file's place")
            lacksPart = true
        case .clean, .callUnderWay, .tornTail: break
        }
    }

    /// What is made from the log now may be short of what was made from it earlier.
    var isDoubtful: Bool { isDamaged || lacksPart }

    /// Records that were there and are not.
    var missingCount: UInt64 {
        missing.reduce(0) { $0 &+ ($1.upperBound &- $1.lowerBound &+ 1) }
    }

    /// Lines for standard error; none when the log is whole.
    ///
    /// - Parameter withLosses: also of what the log says it could not keep.
    func complaints(withLosses: Bool = true) -> [String] {
        var lines = unread
        if let sentence { lines.append(path + ": " + sentence + "; blackbox verify tells more") }
        if !missing.isEmpty {
            var text = path + ": missing: "
            for (place, range) in missing.prefix(Self.stretchesShown).enumerated() {
                if place > 0 { text += ", " }
                text += Self.text(range)
            }
            if missing.count > Self.stretchesShown {
                text +=
                    " and " + Words.count(UInt64(missing.count - Self.stretchesShown))
                    + " more stretches"
            }
            lines.append(text + " (" + Words.count(missingCount, "record") + ")")
        }
        if withLosses, lostCount > 0 {
            lines.append(
                path + ": " + Words.count(lostCount, "call")
                    + " could not be kept when the game made them; blackbox dump shows when and why"
            )
        }
        return lines
    }

    private static func text(_ range: ClosedRange<UInt64>) -> String {
        range.lowerBound == range.upperBound
            ? "record \(range.lowerBound)" : "records \(range.lowerBound) to \(range.upperBound)"
    }

    /// Adds what programs want to know of these logs to an object.
    static func add(_ healths: [LogHealth], to line: inout JSONLine) {
        line.add("damaged", healths.contains { $0.isDamaged || !$0.unread.isEmpty })
        line.add("missingRecords", healths.reduce(0 as UInt64) { $0 &+ $1.missingCount })
        line.add("lostCalls", healths.reduce(0 as UInt64) { $0 &+ $1.lostCount })
        var stretches: [JSONLine] = []
        for health in healths {
            for range in health.missing where stretches.count < stretchesReported {
                var stretch = JSONLine()
                stretch.add("log", health.path)
                stretch.add("first", range.lowerBound)
                stretch.add("last", range.upperBound)
                stretches.append(stretch)
            }
        }
        line.add("missing", objects: stretches)
    }
}
