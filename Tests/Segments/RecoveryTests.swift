// Recovery removes nothing that holds a record, and closes nothing that is torn.

import FaultHarness
import Testing

@testable import Segments
@testable import WAL

@Suite struct RecoveryTests {
    /// A log of two segments as a power cut just behind the switch leaves it: of the second one, pages from
    /// the third on are on the disk. The first one was sealed by then, or not.
    private func cutBehindTheSwitch(
        isSealed: Bool
    ) throws -> (scratch: Scratch, specimen: Specimen) {
        let scratch = try Scratch()
        var forge = Forge(seed: 8)
        for _ in 0..<60 { forge.randomCall() }
        forge.switchSegment()
        for _ in 0..<200 { forge.randomCall() }
        let specimen = forge.specimen(closed: false)
        try specimen.write(to: scratch.path)
        let lost = 2 * SegmentLayout.headerSize
        try Disk.write(
            scratch.path + "/000002.seg",
            [UInt8](repeating: 0, count: lost) + specimen.segments[1].dropFirst(lost))
        if !isSealed {
            let bytes = specimen.segments[0].dropLast(SegmentLayout.footerSize)
            try Disk.write(
                scratch.path + "/000001.seg",
                bytes + [UInt8](repeating: 0, count: (1 << 16) - bytes.count))
        }
        return (scratch, specimen)
    }

    @Test(arguments: [true, false])
    func aSegmentWhoseFirstPagesAreLostKeepsItsRecords(isSealed: Bool) throws {
        let (scratch, specimen) = try cutBehindTheSwitch(isSealed: isSealed)
        let before = try Disk.contents(scratch.path)
        let salvage = Reading(scratch.path, specimen, salvage: true)
        #expect(salvage.problem == nil)
        #expect(salvage.verdict.exitCode == 10, "\(salvage.verdict)")
        let there = specimen.truth.filter {
            $0.segment == 0 || $0.offset >= 2 * SegmentLayout.headerSize
        }
        #expect(salvage.count == there.count)
        let exported = Reading(scratch.path, specimen)
        #expect(exported.count == specimen.truth.filter { $0.segment == 0 }.count)

        let outcome = try Recovery.run(scratch.path)
        #expect(outcome.report.verdict.exitCode == 10)
        #expect(outcome.sealed == [] && outcome.removed == [] && outcome.errors == [])
        let after = try Disk.contents(scratch.path)
        for (name, bytes) in before {
            #expect(after.first { $0.name == name }?.bytes == bytes, "\(name) is as it was")
        }
        #expect(Reading(scratch.path, specimen, salvage: true).seen == salvage.seen)
    }

    /// Bytes of no record at all: nothing can be had, and still nothing is thrown away.
    @Test func aSegmentWithBytesThatNobodyKnowsIsLeftWhereItIs() throws {
        let scratch = try Scratch()
        var forge = Forge(seed: 9)
        for _ in 0..<20 { forge.randomCall() }
        try forge.specimen(closed: false).write(to: scratch.path)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        bytes[50_000] = 1
        try Disk.write(scratch.path + "/000002.seg", bytes)
        let outcome = try Recovery.run(scratch.path)
        #expect(outcome.report.verdict.exitCode == 10)
        #expect(try Disk.read(scratch.path + "/000002.seg") == bytes)
    }

    @Test func aSegmentThatWasOnlyPreparedIsRemoved() throws {
        let scratch = try Scratch()
        var forge = Forge(seed: 10)
        for _ in 0..<20 { forge.randomCall() }
        try forge.specimen(closed: false).write(to: scratch.path)
        let path = scratch.path + "/000002.seg"
        try Disk.write(path, [UInt8](repeating: 0, count: 1 << 16))
        let outcome = try Recovery.run(scratch.path)
        #expect(outcome.report.verdict == .clean)
        #expect(outcome.removed == [path])
        #expect(outcome.sealed == [scratch.path + "/000001.seg"])
    }

    /// Killed behind the footer, before the file was cut and its tail file removed.
    @Test func aRunThatWasKilledBehindTheFooterIsFinishedByTheNext() throws {
        let scratch = try Scratch()
        var forge = Forge(seed: 11)
        for _ in 0..<20 { forge.randomCall() }
        forge.tick()
        let sealed = forge.specimen(closed: true)
        let bytes = sealed.segments[0]
        let path = scratch.path + "/000001.seg"
        try Disk.write(path, bytes + [UInt8](repeating: 0, count: (1 << 16) - bytes.count))
        try Disk.write(
            scratch.path + "/000001.tail", forge.specimen(closed: false).bytes("000001.tail"))
        let outcome = try Recovery.run(scratch.path)
        #expect(outcome.report.verdict == .clean)
        #expect(outcome.sealed == [] && outcome.removed == [] && outcome.errors == [])
        #expect(try Disk.read(path) == bytes)
        #expect(try Disk.contents(scratch.path).map(\.name).sorted() == ["000001.seg", "lock"])
        #expect(Reading(scratch.path, sealed).lost == [])
    }
}
