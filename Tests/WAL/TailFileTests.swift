// The tail file's blocks: read whole, or not at all.

import FaultHarness
import Testing

@testable import WAL

@Suite struct TailFileTests {
    private let salt: UInt32 = 0x1234_5678
    private let tail = TailHeader(
        logID: Array(1...16), salt: 0x1234_5678, segment: 3, part: 2)
    private let beat = Heartbeat(
        wall: .min, monotonic: .max, sequence: 12, lost: 3, state: 0x8000_0001)
    private let payload = Array("the bytes of one tick".utf8)

    private var entry: TailEntry {
        TailEntry(
            offset: 4096, byteCount: payload.count, lastSequence: 12, monotonic: 5, wall: -7)
    }

    /// A tail file with one entry.
    private func file(_ entry: TailEntry) -> [UInt8] {
        let front = Array(tail.encoded().prefix(Heartbeat.offset)) + beat.encoded(salt: salt)
        let head = payload.withRaw { unsafe entry.encoded(salt: salt, payload: $0) }
        let padding = RecordLayout.padded(payload.count) - payload.count
        return front + head + payload + [UInt8](repeating: 0, count: padding)
    }

    private func read(_ bytes: [UInt8]) -> (TailHeader?, Heartbeat?, TailEntry?) {
        bytes.withRaw { raw in
            unsafe (
                TailHeader.decode(raw), Heartbeat.decode(raw, salt: salt),
                TailEntry.decode(raw, at: TailLayout.headerSize, salt: salt)
            )
        }
    }

    @Test func whatWasWrittenIsRead() {
        let bytes = file(entry)
        #expect(read(bytes) == (tail, beat, entry))
        #expect(entry.next(after: TailLayout.headerSize) == bytes.count)
        // Before the first beat there is none.
        #expect(read(tail.encoded()) == (tail, nil, nil))
    }

    @Test func aFileCutAtAnyByteGivesWhatIsWhole() {
        let bytes = file(entry)
        let end = TailLayout.headerSize + TailEntry.headerSize + payload.count
        for length in 0..<bytes.count {
            let found = read(Array(bytes[..<length]))
            let hasFront = length >= TailLayout.headerSize
            #expect((found.0 != nil) == hasFront && (found.1 != nil) == hasFront, "\(length)")
            // Its padding says nothing.
            #expect(found.2 == (length >= end ? entry : nil), "\(length)")
        }
    }

    @Test func aFlippedBitCostsTheBlockThatItHitsAndNoOther() {
        let bytes = file(entry)
        let end = TailLayout.headerSize + TailEntry.headerSize + payload.count
        for bit in 0..<(end * 8) {
            let bad = Wound.flip(bytes, bit: bit).applied(to: bytes)
            let found = read(bad)
            let at = bit / 8
            #expect(found.0 == (at < Heartbeat.offset ? nil : tail), "bit \(bit)")
            let isInBeat = at >= Heartbeat.offset && at < TailLayout.headerSize
            #expect(found.1 == (isInBeat ? nil : beat), "bit \(bit)")
            #expect(found.2 == (at >= TailLayout.headerSize ? nil : entry), "bit \(bit)")
        }
    }

    @Test func anEntryThatPointsOutOfEverySegmentIsNone() {
        for offset in [SegmentLayout.largestSegment + 1, Int.max] {
            var lie = entry
            lie.offset = offset
            #expect(read(file(lie)).2 == nil, "offset \(offset)")
        }
    }

    @Test func anEntryBehindTheEndIsNone() {
        let bytes = file(entry)
        bytes.withRaw { raw in
            for at in [-1, bytes.count - 47, bytes.count, bytes.count + 1, Int.max] {
                let found = unsafe TailEntry.decode(raw, at: at, salt: salt)
                #expect(found == nil, "at \(at)")
            }
        }
    }

    @Test func anEntryOfAnotherLogIsNone() {
        let bytes = file(entry)
        let found = bytes.withRaw {
            unsafe TailEntry.decode($0, at: TailLayout.headerSize, salt: salt ^ 1)
        }
        #expect(found == nil)
    }
}
