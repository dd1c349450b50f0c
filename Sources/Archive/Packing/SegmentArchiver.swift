// A sealed segment → its archive, proven by reading it back against the segment before it gets its
// name. The segment itself is never touched.

import CPlatform
import Segments
import WAL

/// Archives single segments.
public enum SegmentArchiver {
    /// Archives the segment file at `segment` as `target`. Repeating it is harmless: a killed run
    /// leaves nothing under the final name, a finished one is replaced by the same content.
    ///
    /// - Parameter progress: told now and then how many of how many bytes of work are done.
    /// - Throws: `ArchiveError`; nothing new stands at `target` then.
    public static func archive(
        segment: String, to target: String,
        progress: (_ done: UInt64, _ all: UInt64) -> Void = { _, _ in }
    ) throws(ArchiveError) -> ArchiveSummary {
        var reader = try ArchiveError.wrapping { () throws(LogError) in
            try LogReader(path: segment)
        }
        let page = try ArchiveError.wrapping { () throws(LogError) in
            try File(segment, UInt32(BB_OPEN_READ)).read(limit: SegmentLayout.headerSize)
        }
        try refuse(another: target, than: segment, of: reader.segments.first?.usable)
        removeLeftovers(of: target)
        // Written, then read back: what is told is the half of the work.
        let all = UInt64(reader.segments.first?.byteCount ?? 0) * 2
        var writer = try ArchiveWriter.create(target, header: page)
        var meter = Meter(all: all)
        let isContinued = try write(&reader, segment, into: &writer) {
            progress(meter.step($0) / 2, all / 2)
        }
        let summary = try writer.finish(isContinued: isContinued)
        meter.done = all / 2
        try compare(&reader, with: writer.temporaryPath, target: target) {
            progress(meter.step($0) / 2, all / 2)
        }
        let age = unsafe bb_path_modified(segment)
        try writer.publish()
        // Packed, it is as old as before. (Should that fail, it stays a little longer.)
        if age > 0 { _ = unsafe bb_path_set_modified(target, age) }
        return summary
    }

    /// What stands at `target` may be this segment's archive, whole or damaged; another one stays.
    private static func refuse(
        another target: String, than segment: String, of header: SegmentHeader?
    ) throws(ArchiveError) {
        guard unsafe bb_path_kind(target) != Int32(BB_KIND_NONE), let header else { return }
        let info: ArchiveInfo
        do {
            info = try ArchiveReader.info(target)
        } catch {
            if case .newerFormat = error { throw error }
            return
        }
        if let logID = info.identity?.logID, logID != header.logID {
            throw .occupied(path: segment, target: target, by: "another log")
        }
        if let number = info.segment, number != header.number {
            throw .occupied(path: segment, target: target, by: "segment \(number) of this log")
        }
    }

    /// Temporary files of this archive whose writers were killed.
    private static func removeLeftovers(of target: String) {
        let folder = Paths.parent(target)
        let prefix = Paths.lastComponent(target) + ArchiveWriter.temporaryMark
        // A folder that can't be read shows itself when the archive is created.
        for name in (try? Paths.names(in: folder)) ?? [] where name.hasPrefix(prefix) {
            guard let process = UInt64(name.dropFirst(prefix.count)),
                bb_process_lives(process) == 0
            else { continue }
            _ = unsafe bb_path_remove(Paths.join(folder, name))
        }
    }

    private struct Meter {
        var done: UInt64 = 0
        let all: UInt64
        mutating func step(_ bytes: Int) -> UInt64 {
            done = min(all, done + UInt64(bytes))
            return done
        }
    }

    /// - Returns: whether the log goes on in another segment.
    private static func write(
        _ reader: inout LogReader, _ segment: String, into writer: inout ArchiveWriter,
        _ progress: (Int) -> Void
    ) throws(ArchiveError) -> Bool {
        var decoder = CallDecoder()
        var failure: ArchiveError?
        let report = reader.check { (record: borrowing Record, anchor) throws(Never) in
            guard failure == nil else { return }
            progress(record.payload.count + RecordLayout.headerSize)
            do throws(ArchiveError) {
                try decoder.forEach(record, anchor) { (call: borrowing Call) throws(ArchiveError) in
                    try writer.append(call)
                } other: { (other: borrowing OtherRecord) throws(ArchiveError) in
                    try writer.append(other)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard report.verdict == .clean else {
            throw .segmentNotReady(
                path: segment, reason: "it is not clean; run: blackbox verify " + segment)
        }
        guard report.isSealed else {
            throw .segmentNotReady(
                path: segment,
                reason:
                    "it is not sealed: the server still writes it, or died; run: blackbox recover")
        }
        return report.segments.last?.pass.findings?.footer.map { !$0.isFinal } ?? false
    }

    /// Goes through both, record by record.
    private static func compare(
        _ reader: inout LogReader, with archive: String, target: String, _ progress: (Int) -> Void
    ) throws(ArchiveError) {
        var copy = try ArchiveReader.open(archive)
        var decoder = CallDecoder()
        var different: UInt64?
        reader.forEachRecord { (record: borrowing Record, anchor) throws(Never) in
            guard different == nil else { return }
            progress(record.payload.count + RecordLayout.headerSize)
            let isThere = copy.advance()
            var isSame = false
            decoder.forEach(record, anchor) { (call: borrowing Call) throws(Never) in
                isSame = isThere && copy.isSame(as: call)
            } other: { (other: borrowing OtherRecord) throws(Never) in
                isSame = isThere && copy.isSame(as: other)
            }
            if !isSame { different = record.sequence }
        }
        if different == nil, copy.advance() || !copy.isWhole { different = 0 }
        if let different { throw .differs(path: target, sequence: different) }
    }
}
