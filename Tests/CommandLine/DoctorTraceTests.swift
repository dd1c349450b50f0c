// What a doctor that was killed left behind goes, and nothing else.

import Foundation
import Segments
import Testing

@testable import blackbox

@Suite struct DoctorTraceTests {
    /// A folder that goes with its owner.
    private final class Scratch {
        let url: URL
        init() throws {
            url = FileManager.default.temporaryDirectory.appending(
                path: "blackbox-traces-\(UUID().uuidString)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(at: url) }

        var names: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
        }

        func write(_ path: String) throws {
            let file = url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: file)
        }

        /// A log that its writer leaves when the value goes.
        func log(in path: String) throws -> LogWriter {
            var settings = LogSettings()
            settings.firstSegmentBytes = 1 << 16
            settings.segmentBytes = 1 << 16
            return try LogWriter(root: url.appending(path: path).path, settings: settings)
        }
    }

    /// Above every number that a system gives a process.
    private static let dead = "99999999"

    /// All that a kill can leave: of a log that was begun, one that was written, one on its way out.
    private func leave(in scratch: Scratch) throws {
        let mark = ".blackbox-doctor-" + Self.dead
        try scratch.write(mark)
        try scratch.log(in: mark + "-log").close()
        try scratch.write(mark + "-log/20260101T000000Z-\(Self.dead)/lock")
        try scratch.write(mark + "-log/.removing-20260101T000001Z-\(Self.dead)/000001.seg")
    }

    @Test func whatADeadDoctorMadeGoesAndNothingElse() throws {
        let scratch = try Scratch()
        try leave(in: scratch)
        let own = "\(ProcessInfo.processInfo.processIdentifier)"
        let others = [
            ".blackbox-doctor-", ".blackbox-doctor-\(Self.dead)-logs", ".blackbox-doctor-1a",
            ".blackbox-doctor-99999999999", ".blackbox-doctor-\(own)",
            "blackbox-doctor-\(Self.dead)", "20260101T000000Z-\(Self.dead)",
        ]
        for name in others { try scratch.write(name) }
        try scratch.write(".blackbox-doctor-\(own)-log/20260101T000000Z-\(own)/lock")
        // What somebody else put there stays, and so does what a link leads to.
        try scratch.write(".blackbox-doctor-99999998-log/notes.txt")
        try scratch.write("other/000001.seg")
        for name in [".blackbox-doctor-99999997", ".blackbox-doctor-99999997-log"] {
            try FileManager.default.createSymbolicLink(
                at: scratch.url.appending(path: name),
                withDestinationURL: scratch.url.appending(path: "other"))
        }
        let writer = try scratch.log(in: ".blackbox-doctor-99999996-log")
        let before = try scratch.names

        let mark = scratch.url.path + "/.blackbox-doctor-" + Self.dead
        #expect(DoctorTraces.removeLeft(in: scratch.url.path) == [mark, mark + "-log"])
        let gone = [".blackbox-doctor-" + Self.dead, ".blackbox-doctor-\(Self.dead)-log"]
        #expect(try scratch.names == before.filter { !gone.contains($0) })
        #expect(
            FileManager.default.fileExists(
                atPath: scratch.url.appending(path: ".blackbox-doctor-99999998-log/notes.txt").path)
        )
        #expect(
            FileManager.default.fileExists(
                atPath: scratch.url.appending(path: "other/000001.seg").path))
        // Its number means nothing here, but it holds its lock.
        writer.close()
        #expect(
            DoctorTraces.removeLeft(in: scratch.url.path)
                == [scratch.url.path + "/.blackbox-doctor-99999996-log"])
        #expect(DoctorTraces.removeLeft(in: scratch.url.path + "/nowhere") == [])
    }

    @Test(arguments: [true, false]) func tidyRemovesItUnlessItOnlySaysWhatItWouldDo(
        isDry: Bool
    ) throws {
        let scratch = try Scratch()
        try leave(in: scratch)
        let before = try scratch.names
        let tidy = TidyRun(
            root: scratch.url.path, needed: [], limits: RetentionLimits(), isDry: isDry,
            log: OwnerLog(path: nil, isQuiet: true, isJSON: false), pack: nil)
        #expect(try tidy.run())
        #expect(try scratch.names == (isDry ? before : [".tidy.lock"]))
    }
}
