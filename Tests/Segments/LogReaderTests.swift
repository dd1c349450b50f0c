// A log read by itself: ranges, order, files that are missing, mixed up, or not what they say.

import FaultHarness
import Testing

@testable import Segments
@testable import WAL

@Suite struct LogReaderTests {
    /// Three sealed segments in a folder.
    private func chain() throws -> (scratch: Scratch, specimen: Specimen) {
        let scratch = try Scratch()
        var forge = Forge(seed: 21)
        for segment in 0..<3 {
            if segment > 0 { forge.switchSegment() }
            for _ in 0..<10 { forge.randomCall() }
        }
        let specimen = forge.specimen(closed: true)
        try specimen.write(to: scratch.path)
        return (scratch, specimen)
    }

    private func sequences(
        _ path: String, in range: ClosedRange<UInt64> = 0...UInt64.max
    ) throws -> [UInt64] {
        var reader = try LogReader(path: path)
        var found: [UInt64] = []
        reader.forEachRecord(in: range) { (record: borrowing Record, _) throws(Never) in
            found.append(record.sequence)
        }
        return found
    }

    @Test func everyRangeGivesItsRecordsAndNoOther() throws {
        let (scratch, specimen) = try chain()
        let last = UInt64(specimen.truth.count)
        #expect(try sequences(scratch.path) == Array(1...last))
        for first in 1...last {
            for end in [first, first + 1, first + 12, last, .max] {
                let wanted = (1...last).filter { $0 >= first && $0 <= end }
                #expect(try sequences(scratch.path, in: first...end) == wanted)
            }
        }
        #expect(try sequences(scratch.path, in: 0...0) == [])
        #expect(try sequences(scratch.path, in: (last + 1)...UInt64.max) == [])
    }

    @Test func aPlaceWithoutSegmentsIsAnErrorThatNamesIt() throws {
        let scratch = try Scratch()
        for path in [scratch.path, scratch.path + "/nowhere"] {
            let error = #expect(throws: LogError.self) { _ = try LogReader(path: path) }
            #expect(error?.text.contains(path) == true)
            #expect(error?.number == 2)
        }
    }

    @Test func aMissingSegmentIsNamedWithItsRecords() throws {
        let (scratch, specimen) = try chain()
        Disk.remove(scratch.path + "/000002.seg")
        var reader = try LogReader(path: scratch.path)
        let report = reader.check()
        let lost = specimen.truth.filter { $0.segment == 1 }.map(\.sequence)
        #expect(report.damages.map(\.kind) == [.missingSegment])
        #expect(report.damages.first?.missing == (lost.first ?? 0)...(lost.last ?? 0))
        #expect(
            try sequences(scratch.path)
                == specimen.truth.map(\.sequence).filter { !lost.contains($0) })
    }

    /// Whichever of them is packed; and one that lacks records in front of its place is told.
    @Test(arguments: [1, 2, 3] as [UInt32])
    func aSegmentThatLiesElsewhereIsNotMissing(number: UInt32) throws {
        let (scratch, specimen) = try chain()
        let own = specimen.truth.filter { $0.segment == Int(number) - 1 }.map(\.sequence)
        let first = try #require(own.first)
        let last = try #require(own.last)
        Disk.remove(scratch.path + "/00000\(number).seg")
        var reader = try LogReader(path: scratch.path)
        reader.elsewhere = [
            SegmentElsewhere(number: number, previousSequence: first - 1, lastSequence: last)
        ]
        #expect(reader.check().verdict == .clean)
        guard number < 3 else { return }
        reader.elsewhere[0].lastSequence = last - 2
        let report = reader.check()
        #expect(report.damages.map(\.kind) == [.sequenceGap])
        #expect(report.damages.first?.missing == (last - 1)...last)
    }

    @Test func betweenPackedSegmentsAMissingOneIsNamedWithItsRecords() throws {
        let (scratch, specimen) = try chain()
        for number in 1...2 { Disk.remove(scratch.path + "/00000\(number).seg") }
        let lost = specimen.truth.filter { $0.segment == 0 }.map(\.sequence)
        let kept = specimen.truth.filter { $0.segment == 1 }.map(\.sequence)
        var reader = try LogReader(path: scratch.path)
        reader.elsewhere = [
            SegmentElsewhere(
                number: 2, previousSequence: lost.last, lastSequence: kept.last)
        ]
        let report = reader.check()
        #expect(report.damages.map(\.segment) == [1])
        #expect(report.damages.first?.missing == 1...(lost.last ?? 0))
    }

    @Test func anotherLogsSegmentIsForeignAndTheRestIsRead() throws {
        let (scratch, specimen) = try chain()
        var other = Forge(seed: 99)
        other.randomCall()
        try Disk.write(scratch.path + "/000004.seg", other.specimen(closed: true).segments[0])
        var reader = try LogReader(path: scratch.path)
        #expect(reader.check().verdict == .foreign(.otherLog))
        #expect(try sequences(scratch.path).count == specimen.truth.count)
    }

    @Test func aCopyUnderAnotherNumberIsADuplicateAndCountsOnce() throws {
        let (scratch, specimen) = try chain()
        try Disk.write(scratch.path + "/000009.seg", specimen.segments[1])
        var reader = try LogReader(path: scratch.path)
        #expect(reader.check().damages.map(\.kind) == [.duplicateSegment])
        #expect(try sequences(scratch.path).count == specimen.truth.count)
    }

    @Test(arguments: ["000001.seg", "000003.seg", "anything"])
    func anEmptyFileAloneIsDamage(name: String) throws {
        let scratch = try Scratch()
        try Disk.write(scratch.path + "/" + name, [])
        var reader = try LogReader(path: scratch.path + "/" + name)
        #expect(reader.check().verdict.exitCode == 11)
    }

    @Test func aSegmentAloneStandsForItself() throws {
        let (scratch, specimen) = try chain()
        var reader = try LogReader(path: scratch.path + "/000002.seg")
        #expect(reader.check().verdict == .clean)
        #expect(
            try sequences(scratch.path + "/000002.seg")
                == specimen.truth.filter { $0.segment == 1 }.map(\.sequence))
    }

    @Test func aTailFileAloneGivesWhatItHolds() throws {
        let scratch = try Scratch()
        var forge = Forge(seed: 5)
        for _ in 0..<10 { forge.randomCall() }
        forge.tick()
        let held = forge.count
        for _ in 0..<5 { forge.randomCall() }
        try forge.specimen(closed: false).write(to: scratch.path)
        Disk.remove(scratch.path + "/000001.seg")
        #expect(try sequences(scratch.path) == (1...held).map { UInt64($0) })
        #expect(try LogList.find(scratch.path).map(\.path) == [scratch.path])
    }

    @Test func aLogsFolderIsKnownByItsName() {
        #expect(LogNames.isFolder("20250601T180000Z-4711"))
        for other in [
            "", "20250601T180000Z-", "20250601T180000Z", "lost+found", "2025060xT180000Z-1",
        ] {
            #expect(!LogNames.isFolder(other), "\(other)")
        }
    }
}
