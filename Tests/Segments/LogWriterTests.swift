// A call that returned is a call that is kept.

import Foundation
import Testing

@testable import Segments
@testable import WAL

@Suite struct LogWriterTests {
    func small() -> LogSettings {
        var settings = LogSettings()
        settings.firstSegmentBytes = 1 << 16
        settings.segmentBytes = 1 << 16
        settings.keeperIntervalMilliseconds = 5
        return settings
    }

    @Test func everyCallComesBackInOrderAcrossSegments() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        try writer.startThreads()
        var sent: [PlainCall] = []
        for number in 0..<5000 {
            let arguments = (0..<(number % 18)).map { Array("argument \($0) of \(number)".utf8) }
            while true {
                if case .kept(let sequence) = writer.append(65, arguments) {
                    sent.append(
                        PlainCall(
                            sequence: sequence, name: ":SOLDIER:STATE:", arguments: arguments))
                    break
                }
                // Outran the preparer of these tiny segments.
                usleep(1000)
            }
        }
        #expect(try calls(writer.folder) == sent, "while the writer lives")
        writer.close()
        #expect(try calls(writer.folder) == sent, "after it has closed")
        var reader = try LogReader(path: writer.folder)
        let report = reader.check()
        #expect(report.verdict == .clean)
        #expect(report.isSealed)
        #expect(report.segments.count > 10)
        let left = try FileManager.default.contentsOfDirectory(atPath: writer.folder)
        #expect(left.filter { $0.hasSuffix(".tail") } == [])
    }

    @Test func aLossIsToldWithItsSequenceNumbers() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        // No threads: nobody makes a second segment.
        var kept = 0
        var lost = 0
        for _ in 0..<1000 {
            switch writer.append(65, [Array(repeating: 65, count: 200)], priority: .unitState) {
            case .kept: kept += 1
            case .lost: lost += 1
            default: Issue.record("neither kept nor lost")
            }
        }
        #expect(kept > 100 && lost > 100)
        try writer.startThreads()
        let limit = Date().addingTimeInterval(10)
        while Date() < limit {
            if case .kept = writer.append(65, []) { break }
            lost += 1
            usleep(1000)
        }
        writer.close()
        var reader = try LogReader(path: writer.folder)
        let report = reader.check()
        #expect(report.verdict == .clean)
        #expect(report.losses.reduce(0) { $0 + $1.count } == UInt64(lost))
    }

    @Test func anArgumentLargerThanASegmentIsRefusedWithItsLimit() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        let outcome = writer.append(64, [Array(repeating: 65, count: 1 << 20)])
        guard case .tooLarge(let limit) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(limit > 60_000 && limit < 1 << 16)
        writer.close()
        var reader = try LogReader(path: writer.folder)
        let report = reader.check()
        #expect(report.losses.first?.reason == LossReason.tooLarge.rawValue)
        #expect(report.verdict == .clean)
    }

    @Test func aDeadProcessesLogIsSealedByRecovery() throws {
        let scratch = try Scratch()
        var settings = small()
        settings.keeperIntervalMilliseconds = 1
        let writer = try LogWriter(root: scratch.path, settings: settings)
        for number in 0..<100 { writer.append(65, [Array("\(number)".utf8)]) }
        writer.tick()
        let copy = scratch.path + "/copy"
        try FileManager.default.copyItem(atPath: writer.folder, toPath: copy)
        #expect(throws: LogError.self) { _ = try Recovery.run(writer.folder) }
        let outcome = try Recovery.run(copy)
        #expect(outcome.report.verdict == .clean)
        #expect(outcome.sealed.count == 1)
        #expect(outcome.errors == [])
        #expect(try calls(copy).count == 100)
        var reader = try LogReader(path: copy)
        #expect(reader.check().isSealed)
        #expect(try Recovery.run(copy).sealed == [])
        writer.close()
    }

    @Test func theTailFileMendsWhatThePowerCutTook() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        for number in 0..<100 { writer.append(65, [Array("\(number)".utf8)]) }
        writer.tick()
        for number in 100..<120 { writer.append(65, [Array("\(number)".utf8)]) }
        let copy = scratch.path + "/copy"
        try FileManager.default.copyItem(atPath: writer.folder, toPath: copy)
        writer.close()
        // The segment's own pages never reached the disk.
        let path = copy + "/000001.seg"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.resetBytes(in: 0..<bytes.count)
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try calls(copy).count == 100)
        let outcome = try Recovery.run(copy)
        #expect(outcome.mended.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes, "the input is unchanged")
    }

    /// Up to which record the log says that it is durable.
    private func watermark(_ folder: String) throws -> UInt64 {
        var reader = try LogReader(path: folder)
        return reader.check().watermark
    }

    @Test func aFileCutShortFromOutsideNeverStopsTheGame() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        try writer.startThreads()
        for number in 0..<50 { writer.append(65, [Array("\(number)".utf8)]) }
        // The fifty are in the tail file, and the next segment is ready.
        let limit = Date().addingTimeInterval(60)
        while try watermark(writer.folder) < 51
            || !FileManager.default.fileExists(atPath: writer.folder + "/000002.seg"),
            Date() < limit
        { usleep(1000) }
        truncate(writer.folder + "/000001.seg", 0)
        var kept = 0
        for number in 50..<150 {
            if case .kept = writer.append(65, [Array("\(number)".utf8)]) { kept += 1 }
        }
        #expect(kept == 100)
        writer.close()
        let found = try calls(writer.folder)
        #expect(found.prefix(50).map { $0.arguments } == (0..<50).map { [Array("\($0)".utf8)] })
        #expect(found.count >= 149, "at most the call that met the cut is damaged")
    }

    @Test func aDeletedSegmentIsReadFromItsTailFile() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        for number in 0..<100 { writer.append(65, [Array("\(number)".utf8)]) }
        writer.tick()
        try FileManager.default.removeItem(atPath: writer.folder + "/000001.seg")
        #expect(try calls(writer.folder).count == 100)
        writer.close()
    }

    /// A file whose writes succeed and whose sync fails.
    private func openUnsyncable() -> Int64 { Int64(open("/dev/null", O_RDWR | O_CLOEXEC)) }

    /// What a power cut leaves that took every page of segment 1.
    private func withoutFirstSegment(_ folder: String, _ copy: String) throws -> String {
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        let path = copy + "/000001.seg"
        try Data(count: Data(contentsOf: URL(filePath: path)).count).write(to: URL(filePath: path))
        return copy
    }

    @Test func aFailedSyncIsFinalForItsTailFileAndAllGoesIntoANewOne() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        for number in 0..<100 { writer.append(65, [Array("\(number)".utf8)]) }
        writer.tick()
        let first = writer.keeper.file
        writer.keeper.file = openUnsyncable()
        for number in 100..<120 { writer.append(65, [Array("\(number)".utf8)]) }
        writer.tick()
        #expect(writer.keeperState & KeeperState.tailFailing != 0)
        close(Int32(first))
        writer.keeper.retryAt = 0
        writer.tick()
        #expect(writer.keeperState & KeeperState.tailFailing == 0)
        let second = try Data(contentsOf: URL(filePath: writer.folder + "/000001-2.tail"))
        #expect(second.count > TailLayout.headerSize)
        // The new file alone, without the one that can't be trusted.
        try FileManager.default.removeItem(atPath: writer.folder + "/000001.tail")
        let cut = try withoutFirstSegment(writer.folder, scratch.path + "/cut")
        #expect(try calls(cut).count == 120)
        writer.close()
    }

    @Test func tailFilesThatCantBeSyncedDoNotFillTheFolder() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        for round in 0..<20 {
            for number in 0..<10 { writer.append(65, [Array("\(round) \(number)".utf8)]) }
            writer.keeper.retryAt = 0
            writer.tick()
            close(Int32(writer.keeper.file))
            writer.keeper.file = openUnsyncable()
            writer.keeper.fileEnd = TailLayout.headerSize
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: writer.folder)
        #expect(names.filter { $0.hasSuffix(".tail") }.count <= 20)
        writer.close()
    }

    /// Large enough that the keeper syncs a full segment itself rather than copy it.
    private func withAFullSegment(_ root: String) throws -> (LogWriter, calls: Int) {
        var settings = small()
        settings.firstSegmentBytes = 8 << 20
        let writer = try LogWriter(root: root, settings: settings)
        #expect(writer.keepReady(1))
        var count = 0
        let text = Array(repeating: UInt8(ascii: "x"), count: 10_000)
        while unsafe writer.slots.pointee.state(SegmentSlots.index(of: 1)) == SlotState.current {
            guard case .kept = writer.append(65, [text]) else { break }
            count += 1
        }
        return (writer, count)
    }

    @Test func aFullSegmentThatCantBeSyncedGoesIntoItsTailFileAndIsNeverSealed() throws {
        let scratch = try Scratch()
        let (writer, count) = try withAFullSegment(scratch.path)
        let index = SegmentSlots.index(of: 1)
        let real = unsafe writer.slots.pointee[index].file
        unsafe writer.slots.pointee[index].file = openUnsyncable()
        writer.tick()
        var next: UInt32 = 1
        #expect(writer.sealNext(&next))
        close(Int32(real))
        let cut = try withoutFirstSegment(writer.folder, scratch.path + "/cut")
        #expect(try calls(cut).count == count)
        writer.close()
    }

    @Test func aSegmentIsUnmappedOnlyWhenNobodyTouchesItsPages() throws {
        let scratch = try Scratch()
        let (writer, _) = try withAFullSegment(scratch.path)
        writer.tick()
        unsafe writer.words.pointee[.touched] = 1
        let sealer = Thread {
            var next: UInt32 = 1
            _ = writer.sealNext(&next)
        }
        sealer.start()
        let index = SegmentSlots.index(of: 1)
        // Sealed, read-only for everybody, and still there.
        let path = writer.folder + "/000001.seg"
        let limit = Date().addingTimeInterval(60)
        while try !isSealed(path), Date() < limit { usleep(1000) }
        usleep(20_000)
        #expect(unsafe writer.slots.pointee.state(index) == SlotState.saved)
        unsafe writer.words.pointee[.touched] = 0
        while unsafe writer.slots.pointee.state(index) != SlotState.free, Date() < limit {
            usleep(1000)
        }
        #expect(unsafe writer.slots.pointee.state(index) == SlotState.free)
        writer.close()
    }

    private func isSealed(_ path: String) throws -> Bool {
        let bytes = try Data(contentsOf: URL(filePath: path))
        return unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                case .header(let header) = unsafe SegmentHeader.decode(
                    RawBytes(base: base, count: buffer.count))
            else { return false }
            var scan = unsafe SegmentScan(
                RawBytes(base: base, count: buffer.count), header: header)
            scan.run()
            return scan.findings.footer != nil
        }
    }

    @Test func aRefusedSegmentIsPressureAtOnceWhileOthersAreReady() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        #expect(writer.keepReady(1))
        try FileManager.default.removeItem(atPath: writer.folder + "/reserve")
        // Somebody else's file stands where segment 3 should come.
        try Data("foreign".utf8).write(to: URL(filePath: writer.folder + "/000003.seg"))
        #expect(!writer.keepReady(2))
        let text = Array(repeating: UInt8(ascii: "x"), count: 2_000)
        var lost = 0
        for _ in 0..<100 {
            if case .lost = writer.append(65, [text], priority: .unitState) { lost += 1 }
        }
        #expect(lost > 0)
        writer.close()
        var reader = try LogReader(path: writer.folder)
        let losses = reader.check().losses
        // Not as if the game had been too fast.
        #expect(losses.allSatisfy { $0.reason == LossReason.noSpace.rawValue })
    }

    /// However long the preparer's next try is away: the one that is refused takes the reserve.
    @Test func theReserveIsUsedBeforeAnythingIsDropped() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        #expect(writer.keepReady(2))
        let reserve = writer.folder + "/reserve"
        #expect(FileManager.default.fileExists(atPath: reserve))
        // With this in its way segment 4 can't be made.
        try Data().write(to: URL(filePath: writer.folder + "/000004.seg"))
        let text = Array(repeating: UInt8(ascii: "x"), count: 2_000)
        var kept = 0
        while unsafe writer.words.pointee[.current] < 2 {
            writer.append(65, [text])
            kept += 1
        }
        #expect(!writer.keepReady(2))
        #expect(writer.keeperState & KeeperState.noSpace != 0)
        #expect(!FileManager.default.fileExists(atPath: reserve))
        // What falls first falls when the reserve is half full, and what falls last when it is full.
        while case .kept = writer.append(65, [text], priority: .unitState) { kept += 1 }
        #expect(unsafe writer.words.pointee[.current] == 4)
        while case .kept = writer.append(65, [text], priority: .event) { kept += 1 }
        #expect(unsafe writer.words.pointee[.current] == 4)
        writer.close()
        #expect(try calls(writer.folder).count == kept)
        var reader = try LogReader(path: writer.folder)
        let report = reader.check()
        #expect(report.verdict == .clean)
        #expect(report.losses.allSatisfy { $0.reason == LossReason.noSpace.rawValue })
        #expect(report.losses.reduce(0) { $0 + $1.count } == 2, "one of each kind was refused")
    }

    @Test func aReserveThatCantBeOpenedIsNotTakenAway() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        #expect(writer.keepReady(1))
        let files = FileManager.default
        let reserve = writer.folder + "/reserve"
        let third = writer.folder + "/000003.seg"
        try files.removeItem(atPath: reserve)
        try files.createSymbolicLink(atPath: reserve, withDestinationPath: "gone/reserve")
        try Data().write(to: URL(filePath: third))
        #expect(!writer.keepReady(2))
        #expect(try files.destinationOfSymbolicLink(atPath: reserve) == "gone/reserve")
        // Nothing that it has left stands in the way.
        #expect(writer.keepReady(2))
        writer.close()
    }

    @Test(arguments: [19, 37, 38, 95] as [Int64])
    func whatAFilesystemCantDoIsToldWithWhatToDo(_ number: Int64) {
        for operation in [LogError.Operation.lock, .map] {
            let text = LogError(operation, "logs/x", -number).text
            #expect(text.hasSuffix("this filesystem can't do that; put the folder on a local disk"))
        }
    }

    @Test func aMissionMarkStandsBehindItsCall() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: small())
        guard case .kept(let call) = writer.append(49, [Array("{}".utf8)]) else {
            Issue.record("not kept")
            return
        }
        writer.mark(kind: RecordKind.missionStart, number: 1, call: call)
        writer.close()
        var reader = try LogReader(path: writer.folder)
        var marks: [MissionMark] = []
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            guard record.kind == RecordKind.missionStart,
                let mark = MissionMark.decode(record.payload)
            else { return }
            #expect(record.sequence == call + 1)
            marks.append(mark)
        }
        #expect(marks == [MissionMark(call: call, number: 1)])
    }
}
