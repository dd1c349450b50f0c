// Where a log stops being durable. Up to there a hole is damage; behind it, it is what a power cut
// leaves: pages of the last segments reach the disk in any order, so the records of the next segment
// may be there while the last ones of the segment before are not.

import WAL

/// The end of a log, as far as it was followed.
struct OpenEnd {
    /// The last segment that a tail file or a footer says is durable, −1 without one.
    let lastSettled: Int
    private var isBroken = false
    private var before: (number: UInt32, sequence: UInt64)?

    init(lastSettled: Int) { self.lastSettled = lastSettled }

    /// Whether the records of a segment stand behind a hole above the watermark: in one of the
    /// segments before it, or because its own first page never reached the disk.
    mutating func isBroken(
        before header: SegmentHeader, _ index: Int, _ origin: HeaderOrigin,
        _ elsewhere: [SegmentElsewhere]
    ) -> Bool {
        guard index > lastSettled else { return false }
        if origin == .rebuilt { isBroken = true }
        // Only sealed segments are packed: nothing of such a neighbour can have been lost.
        let isBehindPacked = elsewhere.contains { $0.number == header.number &- 1 }
        if let before, !isBehindPacked,
            header.number != before.number &+ 1 || header.previousSequence != before.sequence
        {
            isBroken = true
        }
        return isBroken
    }

    /// Takes note of what a segment held.
    mutating func follow(_ header: SegmentHeader, _ found: SegmentFindings, _ pass: SegmentPass) {
        before = (header.number, found.lastSequence)
        if found.footer == nil, found.holes.contains(where: { $0.offset >= pass.settledTo }) {
            isBroken = true
        }
    }
}

extension LogReader {
    /// The last segment that is sealed or has whole entries in a tail file: everything before it, and
    /// what these hold of it, was on the disk.
    func lastSettled() -> Int {
        for index in segments.indices.reversed() {
            let info = segments[index]
            guard !info.isDuplicate, let header = info.usable, belongs(header) else { continue }
            // A sealed segment is cut to its length: one look is enough.
            if info.byteCount > 0, UInt64(info.byteCount) < header.capacity { return index }
            // So is its tail file's first entry: the rest is read when the segment is.
            if info.error == nil, info.tailSaysDurable(identity?.logID) { return index }
            var pass = SegmentPass(info: info, isLastUsed: false)
            guard let map = Self.open(info, identity, &pass) else { continue }
            if map.tail.end > 0 { return index }
            if unsafe map.bytes.hasFooter(header: header) { return index }
        }
        return -1
    }

    static func open(
        _ info: SegmentInfo, _ identity: LogIdentity?, _ pass: inout SegmentPass
    ) -> SegmentMap? {
        do throws(LogError) {
            let map = try SegmentMap(
                path: info.path, tails: info.tails, number: info.number, logID: identity?.logID)
            pass.header = map.header
            if case .header = map.header { pass.origin = .page }
            pass.tailEnd = map.tail.end
            pass.watermark = map.tail.watermark
            pass.heartbeat = map.tail.heartbeat
            pass.tailDamages = map.tail.damages
            pass.mendedBytes = map.tail.mendedBytes
            pass.tailError = map.tail.error
            return map
        } catch {
            pass.error = error
            return nil
        }
    }
}
