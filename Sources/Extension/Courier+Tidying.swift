// After the outputs are made: a program beside the game packs the logs that every output has got, and
// removes the oldest of them when the owner's limits are reached. One at a time, and never while
// another of our programs runs. docs/retention.md.

import CPlatform
import Segments

extension Courier {
    /// Looks after the program that runs, and starts it when it is due and nothing else is to be done.
    func pollTidying() {
        if let run = tidying {
            guard let code = run.poll() else { return }
            tidying = nil
            // What it did it has written into the log file itself.
            if code != 0 {
                say(
                    .warn, "old logs could not all be looked after",
                    [LogField("code", String(code)), LogField("output", saves.outputPath)])
            }
        }
        guard isTidyDue, recovery == nil, saves.running == nil, saves.waiting.isEmpty else {
            return
        }
        isTidyDue = false
        guard let program = places.compactor(configuration) else { return }
        switch ToolRun.start([program] + tidyArguments, output: saves.outputPath) {
        case .success(let run): tidying = run
        case .failure(let error):
            say(.warn, "old logs are not looked after", "reason", error.sentence)
        }
    }

    /// `tidy LOGS --need OUTPUT …`, as the program is started.
    var tidyArguments: [String] {
        var arguments = ["tidy", configuration.logDir, "--need", configuration.neededOutput]
        arguments += ["--keep-days", String(configuration.retentionDays)]
        arguments += ["--keep-size", String(configuration.retentionMiB) + "MiB"]
        arguments += ["--min-free", String(configuration.minFreeMiB) + "MiB"]
        if !configuration.archive { arguments.append("--no-archive") }
        arguments += ["--log", logPath, "--background"]
        return arguments
    }
}
