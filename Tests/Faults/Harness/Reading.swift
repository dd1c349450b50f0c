// Reads a log that a test has damaged, and compares every record that comes back with the truth.

import Glibc
import Segments
import WAL

/// What came back from a damaged log.
public struct Reading {
    /// Which sequence numbers came back (index 0 is number 1).
    public private(set) var seen: [Bool]
    /// How many came back.
    public private(set) var count = 0
    /// The highest of them.
    public private(set) var last: UInt64 = 0
    /// A record that is not as it was written, or that was never written, or that came twice.
    public private(set) var problem: String?
    /// The verdict and all that was told.
    public private(set) var report: LogReport?
    /// The log could not be opened.
    public private(set) var error: LogError?

    /// Reads the log at `path` and compares it.
    public init(_ path: String, _ specimen: Specimen, salvage: Bool = false) {
        seen = [Bool](repeating: false, count: specimen.truth.count)
        do throws(LogError) {
            var reader = try LogReader(path: path, salvage: salvage)
            var found = self
            let report = reader.check { (record: borrowing Record, _) throws(Never) in
                found.take(record, specimen)
            }
            self = found
            self.report = report
        } catch {
            self.error = error
        }
    }

    private mutating func take(_ record: borrowing Record, _ specimen: Specimen) {
        let sequence = record.sequence
        guard sequence >= 1, sequence <= UInt64(specimen.truth.count) else {
            return wrong("record \(sequence) was never written")
        }
        let truth = specimen.truth[Int(sequence) - 1]
        guard sequence > last else { return wrong("record \(sequence) came behind \(last)") }
        last = sequence
        seen[Int(sequence) - 1] = true
        count += 1
        guard record.offset == truth.offset, record.kind == truth.kind,
            record.payload.count == truth.length - RecordLayout.headerSize
        else { return wrong("record \(sequence) is another one") }
        let bytes = specimen.segments[truth.segment]
        let same = unsafe record.payload.withUnsafeBufferPointer { payload in
            unsafe bytes.withUnsafeBytes { original in
                guard let read = payload.baseAddress, let written = original.baseAddress
                else { return payload.isEmpty }
                return unsafe memcmp(
                    read, written + truth.offset + RecordLayout.headerSize, payload.count) == 0
            }
        }
        if !same { wrong("record \(sequence) has other bytes") }
    }

    private mutating func wrong(_ text: String) { if problem == nil { problem = text } }

    /// Sequence numbers that the verdict names as missing.
    public var reportedMissing: Set<UInt64> {
        var missing: Set<UInt64> = []
        for damage in report?.damages ?? [] {
            for sequence in damage.missing ?? 1...1 where damage.missing != nil {
                missing.insert(sequence)
                if missing.count > 1_000_000 { return missing }
            }
        }
        return missing
    }

    /// Sequence numbers that did not come back.
    public var lost: Set<UInt64> {
        Set(seen.indices.filter { !seen[$0] }.map { UInt64($0 + 1) })
    }

    /// The verdict in a few words.
    public var verdict: Verdict { report?.verdict ?? .clean }
}

extension Verdict {
    /// Whether something is said to be missing.
    public var isDamaged: Bool {
        if case .damaged = self { return true }
        return false
    }

    /// Whether the end is torn, or a call was under way.
    public var isTornOrUnderWay: Bool {
        switch self {
        case .tornTail, .callUnderWay: true
        default: false
        }
    }

    /// Whether it is somebody else's.
    public var isForeign: Bool {
        if case .foreign = self { return true }
        return false
    }
}

extension Specimen {
    /// The truth about a log that a real writer has closed.
    public init(reading folder: String) throws {
        var reader = try LogReader(path: folder)
        let segments = reader.segments
        var truth: [TrueRecord] = []
        var index = 0
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            while index + 1 < segments.count, let next = segments[index + 1].usable,
                next.firstSequence <= record.sequence
            {
                index += 1
            }
            truth.append(
                TrueRecord(
                    sequence: record.sequence, segment: index, offset: record.offset,
                    length: RecordLayout.headerSize + record.payload.count, kind: record.kind))
        }
        let files = try Disk.contents(folder).filter { $0.name.hasSuffix(".seg") }
        self.init(
            files: files, segments: files.map(\.bytes), truth: truth, tailEnds: [],
            watermark: truth.last?.sequence ?? 0, logID: reader.identity?.logID ?? [])
    }
}
