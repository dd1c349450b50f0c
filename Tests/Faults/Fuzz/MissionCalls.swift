// Calls of a mission made of an input: a line each, fields between tabs. Decoded in both modes, and
// written as a replay.

import CPlatform
import FaultHarness
import Mission
import Replay
import Segments
import Values
import WAL

/// Calls in memory.
private struct CallList: CallSource {
    let calls: [(name: [UInt8], arguments: [UInt8], count: Int)]

    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        for (index, call) in calls.enumerated() {
            let sequence = UInt64(index + 1)
            guard range.contains(sequence) else { continue }
            let borrowed = Call(
                sequence: sequence, time: Int64(sequence) * 100_000_000,
                command: Command.named(call.name.span), form: .array, name: call.name.span,
                argumentCount: call.count, arguments: call.arguments.span)
            try body(borrowed)
        }
    }
}

/// Counts what it is given.
private struct Counter: ~Copyable, RecordingSink {
    typealias Failure = Never
    var events = 0
    mutating func begin(_ header: RecordingHeader) {}
    mutating func receive(_ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable) {
        events += 1
    }
    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) {}
}

enum MissionCalls {
    private static func call(
        _ line: ArraySlice<UInt8>
    ) -> (
        name: [UInt8], arguments: [UInt8], count: Int
    ) {
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
        var arguments: [UInt8] = []
        for field in fields.dropFirst() {
            for byte in field { arguments.append(byte == 0 ? 1 : byte) }
            arguments.append(0)
        }
        return (Array(fields.first ?? []), arguments, max(0, fields.count - 1))
    }

    private static let origin = RecordingOrigin(
        logID: [UInt8](repeating: 1, count: 16), extensionVersion: "", utcOffsetSeconds: 0)

    static func decode(_ input: [UInt8]) {
        var list = CallList(calls: input.split(separator: 0x0A).prefix(64).map(call))
        let index = RecordingIndex.build(from: &list)
        for mode in [Mode.standard, .strict] {
            for span in index.recordings {
                var counter = Counter()
                var rejects = Rejects(listLimit: 100)
                index.read(
                    span, from: &list, origin: origin, mode: mode, into: &counter, rejects: &rejects
                )
            }
        }
    }

    private static let folder: String = {
        let path = "/dev/shm/blackbox-fuzz-replay-\(bb_process_id())"
        try? Paths.makeFolders(path)
        return path
    }()

    /// Whatever a mission's calls were, its replay is JSON. Few calls: between two of them lie 36,000 frames
    /// at most, and the file has a position of each.
    static func replay(_ input: [UInt8]) {
        var list = CallList(calls: input.split(separator: 0x0A).prefix(16).map(call))
        let index = RecordingIndex.build(from: &list)
        var options = ReplayOptions()
        options.isCompressed = false
        // Small, so that it goes through the temporary file, too.
        options.memoryBytes = 1 << 14
        for mode in [Mode.standard, .strict] {
            for span in index.recordings.prefix(2) {
                var writer = ReplayWriter(folder: folder, options: options)
                var rejects = Rejects(listLimit: 100)
                do throws(ReplayError) {
                    try index.read(
                        span, from: &list, origin: origin, mode: mode, into: &writer,
                        rejects: &rejects)
                } catch {
                    Decoder.hold(false, "memory takes a replay")
                }
                guard let path = writer.result?.path, let text = try? Disk.read(path) else {
                    return Decoder.hold(false, "a replay is where it is said to be")
                }
                Decoder.hold(JSONValue.isValid(text.span), "a replay is JSON")
                Disk.remove(path)
            }
        }
    }
}
