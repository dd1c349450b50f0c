// After the replays are made: this process goes on as `blackbox-net upload`, which sends them. So whoever
// started the compaction (the plug-in) waits for one program only, and gets one report: the uploader's,
// after its first attempt.

import ArgumentParser
import CPlatform
import Replay

extension OutputOptions {
    func checkUpload() throws {
        if upload != nil, json == nil {
            throw ValidationError("--upload sends replays: name their folder with --json.")
        }
    }
}

enum UploadHandover {
    /// Returns when nothing is to be sent, or the uploader can't be started; `outcomes` say so then.
    static func begin(
        _ outcomes: inout [RecordingOutcome], _ configuration: String, _ options: OutputOptions
    ) {
        let replays = outcomes.flatMap { $0.paths }.filter {
            unsafe bb_path_kind(UploadTicket.path(of: $0)) == Int32(BB_KIND_FILE)
        }
        // What went wrong before is the more important report.
        guard !replays.isEmpty, outcomes.allSatisfy({ $0.status == .ok }) else { return }
        var arguments = ["upload", "--config", configuration]
        if let report = options.report { arguments += ["--report", report] }
        if let log = options.log { arguments += ["--log", log] }
        if options.background { arguments.append("--background") }
        if options.quiet { arguments.append("--quiet") }
        do {
            try Sibling.become("blackbox-net", arguments + ["--"] + replays)
        } catch let failure as ToolFailure {
            say(failure.message, &outcomes)
        } catch {
            say("\(error)", &outcomes)
        }
    }

    private static func say(_ reason: String, _ outcomes: inout [RecordingOutcome]) {
        Console.complain("not uploaded: " + reason)
        for index in outcomes.indices {
            outcomes[index].status = .partial
            outcomes[index].error = "not uploaded: " + reason
        }
    }
}
