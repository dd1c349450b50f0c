// What a call takes here: a short log, written on the logs' own disk as the plug-in does it, and removed.

import CPlatform
import Extension
import Segments
import WAL

extension Examination {
    private static let bursts = 100
    private static let callsPerBurst = 200
    private static let callBytes = 180
    /// A log needs its first segment and two that are ready.
    private static let neededBytes: Int64 = 64 << 20

    mutating func checkCallTime() {
        let folder = Self.nearest(logDir)
        let free = unsafe bb_path_free_bytes(folder)
        guard free < 0 || free >= Self.neededBytes else {
            add("call time", .note, "not measured: the disk has no room for a log")
            return
        }
        do {
            var times = try Self.measure(DoctorTraces.log(in: folder))
            times.sort()
            guard let longest = times.last else { return }
            let median = times[times.count / 2]
            let rare = times[times.count - 1 - times.count / 1000]
            let text =
                Self.text(median) + " for most calls, " + Self.text(rare) + " for one in 1000, "
                + Self.text(longest) + " at most (of " + Words.count(UInt64(times.count)) + ")"
            if rare >= 100_000 {
                add(
                    "call time", .warning, text,
                    "the machine is busy, or short of memory: see what else runs on it")
            } else {
                add("call time", .ok, text)
            }
        } catch {
            add("call time", .error, "a log can't be written there: \(error.text)")
        }
    }

    private static func text(_ nanoseconds: UInt64) -> String {
        if nanoseconds < 1000 { return "\(nanoseconds) ns" }
        let microseconds = Double(nanoseconds) / 1000
        return microseconds < 1000
            ? Words.tenths(microseconds) + " µs" : Words.tenths(microseconds / 1000) + " ms"
    }

    /// Nanoseconds of each append, the reading of the clock (some 50 ns) included.
    private static func measure(_ folder: String) throws(LogError) -> [UInt64] {
        defer { _ = DoctorTraces.removeLog(folder) }
        var settings = LogSettings()
        settings.segmentBytes = 8 << 20
        let writer = try LogWriter(root: folder, settings: settings)
        defer { writer.close() }
        try writer.startThreads()
        var argument = [CChar](repeating: 0x41, count: callBytes)
        argument[callBytes - 1] = 0
        var times: [UInt64] = []
        times.reserveCapacity(bursts * callsPerBurst)
        for _ in 0..<bursts {
            unsafe argument.withUnsafeBufferPointer { text in
                let pointers = unsafe [text.baseAddress]
                unsafe pointers.withUnsafeBufferPointer { list in
                    for _ in 0..<callsPerBurst {
                        let begin = bb_clock_exact()
                        _ = unsafe writer.append(
                            kind: RecordKind.namedCall, flags: 0, first: text.baseAddress,
                            arguments: list.baseAddress, count: 1, priority: .otherState)
                        times.append(bb_clock_exact() &- begin)
                    }
                }
            }
            // A frame of the game, so that the threads behind it do their part meanwhile.
            bb_thread_sleep_ns(10_000_000)
        }
        return times
    }
}
