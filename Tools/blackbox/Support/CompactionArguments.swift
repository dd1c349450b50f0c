// What `blackbox compact` and `blackbox-pg compact` are told alike: which logs, and what of them.

import ArgumentParser
import Segments

/// The logs to compact.
struct CompactionArguments: ParsableArguments {
    @OptionGroup var logs: LogArguments
    @OptionGroup var joining: JoinArguments
    @Option(help: ArgumentHelp("Only this recording of the log: 1, 2, …", valueName: "n"))
    var recording: Int?
    @Flag(help: "Also whole records behind a hole at the log's end.") var salvage = false

    /// What is wrong with the options, together with the others.
    func check(isStrict: Bool) throws {
        if let recording, recording < 1 {
            throw ValidationError("--recording counts from 1.")
        }
        if recording != nil, joining.windowNanoseconds != nil {
            throw ValidationError("--recording means one recording; --join needs several.")
        }
        try joining.check(isStrict: isStrict)
    }

    /// --recording is of one log.
    func check(_ entries: [LogEntry]) throws(ToolFailure) {
        guard recording != nil, entries.count > 1 else { return }
        throw ToolFailure(
            message: "--recording needs one log; here are \(entries.count)", code: ExitStatus.usage)
    }

    /// The parts that --join asks to make one; none without it.
    func chains(_ entries: [LogEntry]) -> [[RecordingPart]] {
        guard let window = joining.windowNanoseconds else { return [] }
        return JoinPlan.chains(
            entries.compactMap { JoinLog($0, salvage: salvage) }, windowNanoseconds: window)
    }
}
