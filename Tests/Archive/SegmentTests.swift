// From a log as the plug-in's writer leaves it to its archive, and back to a log.

import CPlatform
import Foundation
import Segments
import Testing
import Values
import WAL

@testable import Archive

@Suite struct SegmentTests {
    /// A log of `count` calls in a folder below the scratch one.
    private func log(_ scratch: Scratch, calls count: Int, closed: Bool = true) throws -> String {
        let writer = try LogWriter(root: scratch.path, settings: LogSettings())
        for number in 0..<count {
            let text = "[\(number % 50),\"Алёша\\n\"]"
            text.withCString { first in
                let arguments: [UnsafePointer<CChar>?] = [first, first]
                _ = arguments.withUnsafeBufferPointer { buffer in
                    writer.append(
                        kind: Command.soldierState.rawValue, flags: 0, first: nil,
                        arguments: buffer.baseAddress, count: 2, priority: .event)
                }
            }
        }
        let folder = writer.folder
        if closed { writer.close() }
        return folder
    }

    private func records(_ path: String) throws -> [PlainRecord] {
        var source = try LogSource.open(path)
        var records: [PlainRecord] = []
        source.forEachRecord { (call: borrowing Call) throws(Never) in
            records.append(PlainRecord(call))
        } other: { (other: borrowing OtherRecord) throws(Never) in
            records.append(PlainRecord(other))
        }
        #expect(source.archiveDamages.isEmpty)
        return records
    }

    @Test func aLogTellsTheSameWhenItsSegmentsAreArchived() throws {
        let scratch = try Scratch()
        let folder = try log(scratch, calls: 3000)
        _ = try Recovery.run(folder)
        let before = try records(folder)
        #expect(before.count >= 3000)
        let segment = folder + "/000001.seg"
        let summary = try SegmentArchiver.archive(segment: segment, to: segment + ".lz4")
        #expect(summary.callCount == 3000)
        // With both there, nothing is told twice.
        #expect(try records(folder) == before)
        try FileManager.default.removeItem(atPath: segment)
        #expect(try records(folder) == before)
        #expect(try records(segment + ".lz4") == before)
        #expect(try LogSource.open(folder).identity?.process == bb_process_id())
    }

    @Test func aSegmentThatIsNotSealedIsLeftAlone() throws {
        let scratch = try Scratch()
        let writer = try LogWriter(root: scratch.path, settings: LogSettings())
        let segment = writer.folder + "/000001.seg"
        #expect(throws: ArchiveError.self) {
            try SegmentArchiver.archive(segment: segment, to: segment + ".lz4")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: writer.folder)
        #expect(!names.contains { $0.contains(".lz4") })
        writer.close()
    }

    @Test func whatAKilledArchiverLeftIsTakenAway() throws {
        let scratch = try Scratch()
        let folder = try log(scratch, calls: 10)
        _ = try Recovery.run(folder)
        let segment = folder + "/000001.seg"
        // No process has this number.
        let leftover = segment + ".lz4.new-4000000000"
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: leftover))
        _ = try SegmentArchiver.archive(segment: segment, to: segment + ".lz4")
        #expect(!FileManager.default.fileExists(atPath: leftover))
    }

    @Test func anArchiveOfAnotherFileIsRefused() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/000001.seg.lz4"
        try Data("not an archive, not at all".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ArchiveError.notAnArchive(path: path)) { _ = try ArchiveReader.info(path) }
        #expect(throws: ArchiveError.self) { _ = try ArchiveReader.info(scratch.path + "/none") }
    }
}
