// The logs that the rows damage.

import Segments
import WAL

/// A record of a log, beyond its segment.
private struct KeptRecord {
    let sequence: UInt64
    let kind: UInt16
    let flags: UInt16
    let count: Int
    let isCall: Bool
    let payload: [UInt8]
    /// What a mission mark says.
    let mark: MissionMark?

    init(_ record: borrowing Record) {
        sequence = record.sequence
        kind = record.kind
        flags = record.flags
        count = record.count
        isCall = record.isCall
        let bytes = record.payload
        payload = bytes.indices.map { bytes[$0] }
        let isMark = kind == RecordKind.missionStart || kind == RecordKind.missionSave
        mark = isMark ? MissionMark.decode(bytes) : nil
    }

    /// Of a call: its fields, the NUL behind each left out.
    var fields: [[UInt8]] {
        payload.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }
}

/// Logs made by the forge.
enum Specimens {
    /// One sealed segment of about `bytes` bytes.
    static func sealed(seed: UInt64, bytes: Int) -> Specimen {
        var forge = Forge(seed: seed, capacity: max(1 << 16, (bytes + 8191) & ~4095))
        while forge.offset < bytes - 400 { forge.randomCall() }
        return forge.specimen(closed: true)
    }

    /// One segment of a dead process: tail-file entries up to about two thirds, then calls that no tick
    /// saw.
    static func killed(seed: UInt64, bytes: Int = 40_000, capacity: Int = 1 << 16) -> Specimen {
        var forge = Forge(seed: seed, capacity: capacity)
        var number = 0
        while forge.offset < bytes - 400 {
            forge.randomCall()
            number += 1
            if number % 20 == 0, forge.offset < bytes * 2 / 3 { forge.tick() }
        }
        return forge.specimen(closed: false)
    }

    /// A chain of sealed segments of 64 KiB.
    static func chain(
        seed: UInt64, segments: Int, callsEach: Int = 40, closed: Bool = true
    ) -> Specimen {
        var forge = Forge(seed: seed)
        for segment in 0..<segments {
            if segment > 0 { forge.switchSegment() }
            for _ in 0..<callsEach { forge.randomCall() }
        }
        if !closed { forge.tick() }
        return forge.specimen(closed: closed)
    }

    /// The records of a log once more, in several segments, as a kill leaves them while the disk makes the
    /// sealer wait: the first is sealed, those behind it are full and in their tail files, the last one's
    /// tail file lacks what no tick saw. One more segment was made ready, and a reserve set aside.
    static func killed(_ log: String, segments: Int, seed: UInt64) throws -> Specimen {
        var reader = try LogReader(path: log)
        var records: [KeptRecord] = []
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            // The forge has a dictionary in each segment, and a clock of its own.
            let isForged =
                record.kind == RecordKind.dictionary || record.kind == RecordKind.clockAnchor
            if !isForged { records.append(KeptRecord(record)) }
        }
        var forge = Forge(seed: seed, capacity: 1 << 18)
        // Where each record stands now: marks name the call that they are about.
        var places: [UInt64: UInt64] = [:]
        let each = records.count / segments + 1
        for (index, record) in records.enumerated() {
            if index > 0, index % each == 0 {
                forge.tick()
                forge.switchSegment()
            }
            if record.isCall {
                forge.call(record.kind, record.fields, flags: record.flags)
            } else if let mark = record.mark {
                let moved = MissionMark(call: places[mark.call] ?? 0, number: mark.number)
                forge.own(record.kind, moved.encoded())
            } else {
                forge.own(record.kind, record.payload, count: record.count)
            }
            places[record.sequence] = UInt64(forge.count)
            if index == records.count - each / 3 { forge.tick() }
        }
        var specimen = forge.specimen(closed: false, unsealed: segments - 1)
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        specimen.files.append((LogNames.segment(UInt32(segments + 1)), zeros))
        specimen.files.append((LogNames.reserve, zeros))
        specimen.files.append((LogNames.lock, Array("4711\n".utf8)))
        return specimen
    }

    /// What stood on the disk before: a segment of another log.
    static func stale(_ count: Int, seed: UInt64) -> [UInt8] {
        let other = sealed(seed: seed ^ 0xFFFF, bytes: count + 4096)
        return Array(other.segments[0].prefix(count))
    }
}
