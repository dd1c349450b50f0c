// What a damaged log must still give: every record that the damage did not touch, bit-exact; none that
// was never written; a verdict that names what is missing, no more and no less.

import Segments
import WAL

/// Judges readings of one log, one of whose segment files is damaged.
struct LogJudge {
    let folder: String
    let specimen: Specimen
    /// Index of the damaged segment.
    let segment: Int
    /// Its bytes before.
    let original: [UInt8]
    /// End of the bytes that a tail file mends.
    let mendedTo: Int
    /// Whether it has its footer.
    let isSealed: Bool

    init(_ folder: String, _ specimen: Specimen, segment: Int = 0, hasTail: Bool = true) {
        self.folder = folder
        self.specimen = specimen
        self.segment = segment
        original = specimen.segments[segment]
        mendedTo =
            hasTail && segment < specimen.tailEnds.count
                && specimen.index(
                    of: LogNames.tail(UInt32(segment + 1), part: 1)) != nil
            ? specimen.tailEnds[segment] : 0
        isSealed = original.count < 1 << 16 || segment < specimen.segments.count - 1
    }

    /// Nil when the damaged log holds.
    func judge(_ wound: Wound) -> String? {
        let reading = Reading(folder, specimen, salvage: true)
        if let error = reading.error { return "not opened: \(error.text)" }
        if let problem = reading.problem { return problem }
        let touched = specimen.truth.filter {
            $0.segment == segment && $0.end > mendedTo
                && wound.touches($0.offset, $0.end, of: original)
        }
        let lost = reading.lost
        let expected = Set(touched.map { $0.sequence })
        if lost != expected {
            let more = lost.subtracting(expected).sorted().prefix(3)
            let less = expected.subtracting(lost).sorted().prefix(3)
            return "lost \(lost.count), made \(expected.count); too many \(Array(more)), "
                + "should not be back \(Array(less)), \(reading.verdict)"
        }
        return isSealed ? sealed(wound, reading, expected) : open(wound, reading, expected)
    }

    /// A sealed segment: everything that is missing is named, as far as the footer can be read.
    private func sealed(_ wound: Wound, _ reading: Reading, _ expected: Set<UInt64>) -> String? {
        let isWhole = wound.first(of: original) == nil
        if isWhole { return reading.verdict == .clean ? nil : "whole, but \(reading.verdict)" }
        guard reading.verdict.isDamaged || reading.verdict.isForeign else {
            return "damaged, but \(reading.verdict)"
        }
        let footer = original.count - SegmentLayout.footerSize
        if wound.touches(footer, original.count, of: original) {
            let extra = reading.reportedMissing.subtracting(expected)
            return extra.isEmpty ? nil : "said to be missing and there: \(extra)"
        }
        return reading.reportedMissing == expected
            ? nil : "missing \(expected.sorted()), told \(reading.reportedMissing.sorted())"
    }

    /// A segment that was being written: above the tail file's end a torn tail, below it nothing.
    private func open(_ wound: Wound, _ reading: Reading, _ expected: Set<UInt64>) -> String? {
        if !reading.reportedMissing.isSubset(of: expected) {
            return "told too much: \(reading.reportedMissing.sorted())"
        }
        if expected.isEmpty {
            return reading.verdict.isDamaged && mendedTo > 0 && wound.cut == nil
                ? "nothing lost, but \(reading.verdict)" : nil
        }
        if reading.verdict == .clean {
            // The last bytes zero from the end of a record on: as if nothing had been written.
            let first = specimen.truth[Int(expected.min() ?? 1) - 1].offset
            let rest = wound.applied(to: original).dropFirst(first)
            let isEmpty = first >= mendedTo && rest.allSatisfy { $0 == 0 }
            return isEmpty ? nil : "lost \(expected.count), but clean"
        }
        if reading.verdict.isDamaged, mendedTo > 0, wound.cut == nil {
            return "above the watermark, but \(reading.verdict)"
        }
        return prefix(wound, expected)
    }

    /// Without salvage the export is a prefix without a hole.
    private func prefix(_ wound: Wound, _ expected: Set<UInt64>) -> String? {
        let reading = Reading(folder, specimen)
        let first = expected.min() ?? 0
        guard let problem = reading.problem else {
            if reading.verdict.isDamaged { return nil }
            return reading.lost == Set(first...UInt64(specimen.truth.count))
                ? nil : "the export is no prefix up to \(first): lost \(reading.lost.sorted())"
        }
        return problem
    }
}

/// A tail file is damaged, the segment is not: everything comes back.
func judgeTail(_ folder: String, _ specimen: Specimen) -> String? {
    let reading = Reading(folder, specimen)
    if let error = reading.error { return "not opened: \(error.text)" }
    if let problem = reading.problem { return problem }
    if !reading.lost.isEmpty { return "lost \(reading.lost.count) records" }
    for damage in reading.report?.damages ?? [] where damage.kind != .tailFile {
        return "told \(damage)"
    }
    return reading.reportedMissing.isEmpty ? nil : "told missing records"
}
