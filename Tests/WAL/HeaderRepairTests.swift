// A damaged header page: put right where one bit is wrong, else rebuilt from the records behind it, and
// never made up.

import FaultHarness
import Testing

@testable import WAL

@Suite struct HeaderRepairTests {
    private func repaired(
        _ bytes: [UInt8], number: UInt32 = 1, sibling: SegmentHeader? = nil
    ) -> (header: SegmentHeader, origin: HeaderOrigin)? {
        bytes.withRaw { unsafe SegmentHeader.repaired($0, number: number, sibling: sibling) }
    }

    /// Every bit of the fields and of the CRC, and some of the zeros between.
    @Test func aWrongBitOfThePageIsPutRight() throws {
        let segment = try SmallSegment(closed: true)
        let fields = SegmentLayout.writerOffset + SegmentLayout.writerSize
        let bits =
            Array(0..<(fields * 8)) + Array(stride(from: fields * 8, to: 4092 * 8, by: 501))
            + Array((4092 * 8)..<(4096 * 8))
        for bit in bits {
            let bad = Wound.flip(segment.bytes, bit: bit).applied(to: segment.bytes)
            let found = repaired(bad)
            #expect(found?.header == segment.header, "bit \(bit)")
            #expect(found?.origin == .corrected, "bit \(bit)")
        }
    }

    @Test func aLostPageIsRebuiltFromTheRecordsBehindIt() throws {
        let segment = try SmallSegment(closed: true)
        let zeros = [UInt8](repeating: 0, count: SegmentLayout.headerSize)
        var random = Random(seed: 11)
        for page in [zeros, random.bytes(SegmentLayout.headerSize)] {
            let found = try #require(repaired(segment.bytes.patched(0, page)))
            #expect(found.origin == .rebuilt)
            #expect(found.header.salt == segment.header.salt)
            #expect(found.header.number == 1 && found.header.firstSequence == 1)
            let records = scan(segment.bytes.patched(0, page), found.header).records
            #expect(records.map(\.sequence) == segment.sequences(without: nil))
        }
    }

    /// Nobody lives 68 years from Greenwich, and that number has no absolute value.
    @Test func aDamagedOffsetOfTheLocalTimeIsNotTaken() throws {
        let segment = try SmallSegment(closed: true)
        for offset in [Int32.min, .max, 86_401, -86_401] {
            var page = Array(segment.bytes.prefix(SegmentLayout.headerSize))
            page.replaceSubrange(
                SegmentLayout.utcOffsetOffset..<SegmentLayout.utcOffsetOffset + 4,
                with: (0..<4).map { UInt8(truncatingIfNeeded: offset >> ($0 * 8)) })
            // More than one bit is wrong, so it is rebuilt.
            for at in 0..<4 { page[SegmentLayout.headerCRCOffset + at] ^= 0x5A }
            let found = try #require(repaired(segment.bytes.patched(0, page)))
            #expect(found.origin == .rebuilt)
            #expect(found.header.utcOffset == 0, "\(offset)")
        }
    }

    @Test func aSiblingTellsWhoseItIs() throws {
        let segment = try SmallSegment(closed: true)
        let page = [UInt8](repeating: 0, count: SegmentLayout.headerSize)
        let found = repaired(segment.bytes.patched(0, page), number: 4, sibling: segment.header)
        #expect(found?.header.logID == segment.header.logID)
        #expect(found?.header.number == 4)
        #expect(found?.header.wall == segment.header.wall)
        // A page that can be put right, but is another log's, is not taken for ours.
        var other = segment.header
        other.logID[0] ^= 1
        let bad = Wound.flip(segment.bytes, bit: 300).applied(to: segment.bytes)
        #expect(repaired(bad, sibling: other)?.origin != .corrected)
    }

    @Test func nothingIsMadeUpWhereNoRecordStands() throws {
        let segment = try SmallSegment(closed: true)
        var random = Random(seed: 12)
        for count in [0, 1, 4095, 4096, 4097, 5000, 9000] {
            #expect(repaired([UInt8](repeating: 0, count: count)) == nil, "\(count) zeros")
            #expect(repaired(random.bytes(count)) == nil, "\(count) random bytes")
            #expect(
                repaired(random.bytes(count), sibling: segment.header) == nil,
                "\(count) random bytes beside another segment")
        }
    }

    /// Any bytes have a salt under which they are valid; the same ones once more prove nothing.
    @Test func damagedBytesThatStandTwiceGiveNoSalt() throws {
        let segment = try SmallSegment(closed: true)
        let page = [UInt8](repeating: 0, count: SegmentLayout.headerSize)
        var record = Array(segment.bytes[SegmentLayout.headerSize..<segment.truth[0].end])
        record[record.count - 1] ^= 1
        #expect(repaired(page + record + record + page) == nil)
    }

    @Test func aSegmentCutAnywhereGivesASoundHeaderOrNone() throws {
        let segment = try SmallSegment(closed: true)
        let bad = segment.bytes.patched(0, [UInt8](repeating: 0, count: SegmentLayout.headerSize))
        for length in stride(from: 0, to: bad.count, by: 3) {
            guard let found = repaired(Array(bad[..<length])) else { continue }
            // It takes two whole records that agree on their salt.
            #expect(segment.truth[1].end <= length)
            #expect(found.header.salt == segment.header.salt, "cut at \(length)")
        }
    }
}
