// The loop that every reader uses: what was written comes back, and whatever the bytes are, nothing else.

import FaultHarness
import Testing

@testable import WAL

@Suite struct SegmentScanTests {
    @Test func everyRecordComesBackAsItWasWritten() throws {
        let segment = try SmallSegment(closed: true)
        let (records, findings) = scan(segment.bytes, segment.header)
        #expect(records.map(\.sequence) == segment.sequences(without: nil))
        #expect(records.map(\.offset) == segment.truth.map(\.offset))
        #expect(records.last?.payload == Array("argument\u{0}5\u{0}\u{0}".utf8))
        #expect(records.last?.count == 3)
        #expect(findings.holes == [])
        #expect(findings.claimed == nil && findings.residue == nil)
        #expect(findings.footer?.lastSequence == records.last?.sequence)
        #expect(findings.soundEnd == segment.end && findings.end == segment.end)
    }

    @Test func aSegmentCutAtAnyByteGivesEveryRecordInFrontOfTheCut() throws {
        let segment = try SmallSegment(closed: true)
        for length in 0..<segment.bytes.count {
            let (records, findings) = scan(Array(segment.bytes[..<length]), segment.header)
            let whole = segment.truth.filter { $0.end <= length }
            #expect(records.map(\.sequence) == whole.map(\.sequence), "cut at \(length)")
            #expect(findings.footer == nil && findings.holes == [], "cut at \(length)")
            // Whatever is left of the record that was cut is named, never taken for one.
            let rest = length - max(findings.end, SegmentLayout.headerSize)
            #expect((findings.residue != nil) == (rest > 0), "cut at \(length)")
        }
    }

    @Test func aFlippedBitCostsTheRecordThatItHitsAndNoOther() throws {
        let segment = try SmallSegment(closed: true)
        for record in segment.truth {
            // The dictionary is long: some of its bits.
            let step = record.kind == RecordKind.dictionary ? 61 : 1
            for bit in stride(from: record.offset * 8, to: record.end * 8, by: step) {
                let bad = Wound.flip(segment.bytes, bit: bit).applied(to: segment.bytes)
                let (records, findings) = scan(bad, segment.header)
                #expect(
                    records.map(\.sequence) == segment.sequences(without: record), "bit \(bit)")
                #expect(findings.holes.count == 1, "bit \(bit)")
                #expect(findings.holes.first?.offset == record.offset, "bit \(bit)")
                #expect(findings.holes.first?.byteCount == record.end - record.offset, "bit \(bit)")
                // Behind the last record the footer tells, which the check of the log looks at.
                let missing = record.end < segment.end ? record.sequence...record.sequence : nil
                #expect(findings.holes.first?.missing == missing, "bit \(bit)")
            }
        }
    }

    @Test func aFlippedBitOfTheFooterIsNoFooterAndCostsNoRecord() throws {
        let segment = try SmallSegment(closed: true)
        for bit in (segment.end * 8)..<(segment.bytes.count * 8) {
            let bad = Wound.flip(segment.bytes, bit: bit).applied(to: segment.bytes)
            let (records, findings) = scan(bad, segment.header)
            #expect(records.count == segment.truth.count, "bit \(bit)")
            #expect(findings.footer == nil && findings.holes == [], "bit \(bit)")
            #expect(findings.residue?.offset == segment.end, "bit \(bit)")
        }
    }

    @Test func aClaimedRecordAtTheEndIsACallUnderWay() throws {
        let segment = try SmallSegment(closed: false)
        let last = try #require(segment.truth.last)
        let word = UInt32(last.length) | RecordLayout.claimedBit
        // Nothing but the claim, and the claim with each further byte that the writer stored.
        for stored in 0...(last.length - 4) {
            var bytes = segment.bytes.patched(last.offset, word.littleEndianBytes)
            for at in (last.offset + 4 + stored)..<last.end { bytes[at] = 0 }
            let (records, findings) = scan(bytes, segment.header)
            #expect(records.map(\.sequence) == segment.sequences(without: last))
            #expect(findings.claimed?.offset == last.offset)
            #expect(findings.claimed?.byteCount == last.length)
            #expect(findings.residue == nil && findings.holes == [], "\(stored) bytes stored")
        }
    }

    @Test func aClaimedRecordWithAnotherBehindItIsDamage() throws {
        let segment = try SmallSegment(closed: false)
        let record = segment.truth[3]
        let word = UInt32(record.length) | RecordLayout.claimedBit
        let (records, findings) = scan(
            segment.bytes.patched(record.offset, word.littleEndianBytes), segment.header)
        #expect(records.map(\.sequence) == segment.sequences(without: record))
        #expect(findings.claimed == nil)
        #expect(findings.holes.first?.missing == record.sequence...record.sequence)
        #expect(findings.salvageable == UInt64(segment.truth.count - 4))
    }

    @Test(
        arguments: [
            0, 1, 31, 32, 33, 48, 72, 4096, 61_000, 65_536, 0x3FFF_FFFF, 0x4000_0000, 0x7FFF_FFFF,
            0x8000_0000, 0x8000_0020, 0xFFFF_FFFF, SegmentLayout.footerMagic,
        ] as [UInt32])
    func aLengthThatLiesIsNeverFollowed(length: UInt32) throws {
        let segment = try SmallSegment(closed: false)
        let record = segment.truth[2]
        #expect(length != UInt32(record.length))
        let (records, findings) = scan(
            segment.bytes.patched(record.offset, length.littleEndianBytes), segment.header)
        #expect(records.map(\.sequence) == segment.sequences(without: record))
        #expect(findings.holes.count == 1)
    }

    @Test func recordsOfAnotherLogAreNotOurs() throws {
        let segment = try SmallSegment(closed: true)
        var other = segment.header
        other.salt ^= 1
        let (records, findings) = scan(segment.bytes, other)
        #expect(records == [])
        #expect(findings.footer == nil)
    }

    @Test func anEmptySegmentHoldsNothing() throws {
        let header = try SmallSegment(closed: false).header
        for count in [0, 1, 4095, 4096, 4097, 4128, 65_536] {
            let (records, findings) = scan([UInt8](repeating: 0, count: count), header)
            #expect(records == [], "\(count) bytes")
            #expect(findings == SegmentFindings(header: header), "\(count) bytes")
        }
    }

    @Test func aScanThatGoesOnFindsWhatCameMeanwhile() throws {
        let segment = try SmallSegment(closed: false)
        let early = segment.truth[3].end
        var bytes = segment.bytes
        for at in early..<segment.end { bytes[at] = 0 }
        let before = scan(bytes, segment.header).findings
        #expect(before.recordCount == 4)
        let sequences = segment.bytes.withRaw { raw in
            var found: [UInt64] = []
            var scan = unsafe SegmentScan(raw, header: segment.header, resuming: before)
            scan.run { (record: borrowing Record) throws(Never) in found.append(record.sequence) }
            return found
        }
        #expect(sequences == segment.truth[4...].map(\.sequence))
    }

    /// With a hole, a gap that nothing explains, and a loss: what is refused once comes once more, the rest is
    /// not gone through again, and nothing is told twice.
    @Test func aScanThatResumesBeginsWithTheRecordThatWasRefused() throws {
        struct Refusal: Error {}
        var forge = Forge(seed: 7)
        for _ in 0..<4 { forge.randomCall() }
        forge.lose(2)
        for _ in 0..<4 { forge.randomCall() }
        let first = UInt64(forge.count) + 1
        forge.lose(3)
        forge.own(
            RecordKind.loss,
            Loss(count: 3, first: first, last: first + 2, reason: 1, byClass: [3, 0, 0]).encoded())
        for _ in 0..<4 { forge.randomCall() }
        let specimen = forge.specimen(closed: true)
        let header = try WALTests.header(specimen.segments[0])
        let lost = specimen.truth[2]
        let bytes = specimen.segments[0].patched(
            lost.offset, [UInt8](repeating: 0, count: lost.end - lost.offset))
        let whole = scan(bytes, header)
        #expect(whole.findings.holes.map(\.kind) == [.hole, .sequenceGap])
        #expect(whole.findings.losses.count == 1)

        var findings: SegmentFindings?
        var taken: [UInt64] = []
        var refused: [UInt64] = []
        bytes.withRaw { raw in
            var isDone = false
            while !isDone {
                var scan =
                    if let findings {
                        unsafe SegmentScan(raw, header: header, resuming: findings)
                    } else {
                        unsafe SegmentScan(raw, header: header)
                    }
                do throws(Refusal) {
                    try scan.run { (record: borrowing Record) throws(Refusal) in
                        guard refused.last == record.sequence else {
                            refused.append(record.sequence)
                            throw Refusal()
                        }
                        taken.append(record.sequence)
                    }
                    isDone = true
                } catch {}
                findings = scan.findings
            }
        }
        #expect(taken == whole.records.map(\.sequence))
        #expect(refused == taken)
        #expect(findings == whole.findings)
        #expect(findings?.losses == whole.findings.losses)
    }
}

extension UInt32 {
    /// As it stands on the disk.
    var littleEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) } }
}
