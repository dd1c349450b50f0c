// Row 16: calls of every awkward shape come back as they were.

import CPlatform
import Segments
import WAL

/// A call as a test makes it.
struct PlainCall: Equatable {
    var kind: UInt16
    var flags: UInt16 = 0
    var first: [UInt8]?
    var arguments: [[UInt8]]
}

extension LogWriter {
    /// Appends a call.
    func append(_ call: PlainCall, priority: Priority = .event) -> AppendOutcome {
        let texts = CTexts(call.arguments)
        guard let first = call.first else {
            return unsafe append(
                kind: call.kind, flags: call.flags, first: nil, arguments: texts.pointers,
                count: call.arguments.count, priority: priority)
        }
        let name = CTexts([first])
        return unsafe append(
            kind: call.kind, flags: call.flags, first: name.pointers[0],
            arguments: texts.pointers, count: call.arguments.count, priority: priority)
    }

    /// Appends a call as soon as there is room, for at most ten seconds.
    func insist(_ call: PlainCall) -> AppendOutcome {
        let limit = Trial.now() + 10
        while true {
            let outcome = append(call)
            guard outcome == .lost, Trial.now() < limit else { return outcome }
            bb_thread_sleep_ns(1_000_000)
        }
    }
}

extension Rows {
    static let payloads = Row(16, "payloads of every awkward size, count and content") { trial in
        let scratch = try Scratch()
        var settings = LogSettings()
        settings.firstSegmentBytes = 1 << 16
        settings.segmentBytes = 1 << 17
        settings.keeperIntervalMilliseconds = 5
        let writer = try LogWriter(root: scratch.path, settings: settings)
        try writer.startThreads()
        var limit = 0
        let huge = [UInt8](repeating: 0x41, count: 1 << 20)
        if case .tooLarge(let most) = writer.append(PlainCall(kind: 65, arguments: [huge])) {
            limit = most
        }
        trial.check(limit > 100_000 ? nil : "\(limit)", "a limit is told")
        var kept: [PlainCall] = []
        for call in calls(limit, trial) {
            let payload = call.arguments.reduce(call.first.map { $0.count + 1 } ?? 0) {
                $0 + $1.count + 1
            }
            trial.guardAgainstHang()
            let outcome = writer.insist(call)
            if payload > limit {
                trial.check(
                    outcome == .tooLarge(limit: limit) ? nil : "\(outcome)", "\(payload) bytes")
            } else if case .kept = outcome {
                kept.append(call)
                trial.check(nil, "")
            } else {
                trial.fail("\(payload) bytes in \(call.arguments.count) arguments: \(outcome)")
            }
        }
        let live = try readBack(writer.folder)
        trial.check(
            live == kept ? nil : "\(live.count) of \(kept.count)", "read while it is written")
        writer.close()
        let closed = try readBack(writer.folder)
        trial.check(closed == kept ? nil : "\(closed.count) of \(kept.count)", "read when closed")
        var reader = try LogReader(path: writer.folder)
        let verdict = reader.check().verdict
        trial.check(verdict == .clean ? nil : "\(verdict)", "the verdict")
    }

    private static func calls(_ limit: Int, _ trial: Trial) -> [PlainCall] {
        func text(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(33 + $0 % 90) } }
        var calls = [PlainCall(kind: 65, arguments: [])]
        for size in [0, 1, 2, 6, 7, 8, 9, 15, 16, 4095, 4096, 65_535] {
            calls.append(PlainCall(kind: 65, arguments: [text(size)]))
        }
        for size in [limit - 2, limit - 1, limit, limit + 1] {
            calls.append(PlainCall(kind: 65, arguments: [text(size - 1)]))
            calls.append(
                PlainCall(kind: 66, arguments: [text(size / 2 - 1), text(size - size / 2 - 1)]))
        }
        for count in [1, 2, 255, 256, 2047, 2048, 2049, 5000] {
            calls.append(PlainCall(kind: 80, arguments: (0..<count).map { text($0 % 7) }))
            calls.append(
                PlainCall(kind: 80, arguments: [[UInt8]](repeating: [], count: count)))
        }
        let broken: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x80, 0x80, 0x80], (1...255).map { UInt8($0) }, [0x0D, 0x0A, 0x1A], [0x22, 0x22],
        ]
        calls.append(PlainCall(kind: 86, arguments: broken))
        for bytes in broken {
            calls.append(PlainCall(kind: RecordKind.namedCall, first: bytes, arguments: broken))
            calls.append(
                PlainCall(
                    kind: RecordKind.namedCall, flags: RecordFlags.stringForm, first: bytes,
                    arguments: []))
        }
        calls.append(PlainCall(kind: RecordKind.namedCall, first: [], arguments: [[]]))
        for _ in 0..<trial.count(20_000, fast: 500) {
            calls.append(
                PlainCall(
                    kind: 65,
                    arguments: (0..<trial.random.below(20)).map { _ in
                        trial.random.bytes(trial.random.below(40)).map { $0 == 0 ? 1 : $0 }
                    }))
        }
        return calls
    }

    /// The calls of a log in the shape in which they were made.
    static func readBack(_ folder: String) throws -> [PlainCall] {
        var reader = try LogReader(path: folder)
        var found: [PlainCall] = []
        reader.forEachRecord { (record: borrowing Record, _) throws(Never) in
            guard record.isCall else { return }
            var fields: [[UInt8]] = [[]]
            for index in record.payload.indices {
                if record.payload[index] == 0 {
                    fields.append([])
                } else {
                    fields[fields.count - 1].append(record.payload[index])
                }
            }
            fields.removeLast()
            let hasFirst = record.kind == RecordKind.namedCall
            found.append(
                PlainCall(
                    kind: record.kind, flags: record.flags,
                    first: hasFirst ? fields.first : nil,
                    arguments: hasFirst ? Array(fields.dropFirst()) : fields))
        }
        return found
    }
}
