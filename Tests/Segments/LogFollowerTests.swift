// A log that is followed while it is written: each record once and in order, and none gone through again,
// however often its reader stops.

import FaultHarness
import Testing

@testable import Segments
@testable import WAL

@Suite struct LogFollowerTests {
    private struct Refusal: Error {}

    /// Looks until there is nothing new, taking `batch` records at a time and refusing the next one.
    ///
    /// - Returns: how often it refused one.
    private func drain(
        _ follower: inout LogFollower, batch: Int,
        into taken: inout [(sequence: UInt64, kind: UInt16)]
    ) -> Int {
        var refusals = 0
        while true {
            var left = batch
            do throws(Refusal) {
                _ = try follower.look { (record: borrowing Record, _) throws(Refusal) in
                    guard left > 0 else { throw Refusal() }
                    left -= 1
                    taken.append((record.sequence, record.kind))
                }
                return refusals
            } catch {
                refusals += 1
            }
        }
    }

    /// A segment that is gone through from its start hands over its dictionary first, whatever was read of it
    /// before: so the dictionaries count how often that was done.
    @Test func aReaderThatStopsGoesOnThereAndGoesThroughNoSegmentAgain() throws {
        let scratch = try Scratch()
        var forge = Forge(seed: 12)
        for segment in 0..<3 {
            if segment > 0 { forge.switchSegment() }
            for _ in 0..<100 { forge.randomCall() }
        }
        try forge.specimen(closed: false).write(to: scratch.path)
        var follower = LogFollower(folder: scratch.path, after: 0)
        var taken: [(sequence: UInt64, kind: UInt16)] = []
        #expect(drain(&follower, batch: 7, into: &taken) == 303 / 7)
        #expect(taken.map(\.sequence) == Array(1...303))
        #expect(taken.count { $0.kind == RecordKind.dictionary } == 3)

        // Of what the writer adds, nothing but that.
        for _ in 0..<5 { forge.randomCall() }
        forge.switchSegment()
        for _ in 0..<5 { forge.randomCall() }
        try forge.specimen(closed: false).write(to: scratch.path)
        #expect(drain(&follower, batch: 2, into: &taken) == 5)
        #expect(taken.map(\.sequence) == Array(1...314))
        #expect(taken.count { $0.kind == RecordKind.dictionary } == 4)
    }
}
