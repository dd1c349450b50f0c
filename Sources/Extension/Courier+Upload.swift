// Replays for the web server: a program beside the game sends them. The one that a save has made is sent by
// the compactor's own process (it goes on as the uploader); here only what an earlier process left is sent,
// once, when the logs of earlier runs have been looked after. docs/upload.md.

import Segments

extension Courier {
    /// Whether replays go to a web server.
    var canUpload: Bool { wantsUpload && places.networkTool(configuration) != nil }

    private var wantsUpload: Bool {
        guard !configuration.serverURL.utf8.isEmpty else { return false }
        if case .json = configuration.storage { return true }
        return false
    }

    /// At the start.
    func beginUploads() {
        guard wantsUpload else { return }
        guard canUpload else {
            say(
                .warn,
                "api.serverUrl is set, but the program blackbox-net is not beside blackbox: nothing is "
                    + "uploaded")
            return
        }
        isUploadDue = configuration.autorun
    }

    /// Starts the program when it is due, and looks after it.
    func pollUpload() {
        if let run = upload, let code = run.poll() {
            upload = nil
            if code != 0 {
                // What it did it has written into the log file itself.
                say(
                    .warn, "not every replay is uploaded; the next save tries again",
                    [LogField("code", String(code)), LogField("output", saves.outputPath)])
            }
        }
        guard isUploadDue, recovery == nil, let program = places.networkTool(configuration) else {
            return
        }
        isUploadDue = false
        let arguments = [
            program, "upload", "--config", places.configurationPath, "--background", "--log",
            logPath, "--", configuration.outputDir,
        ]
        switch ToolRun.start(arguments, output: saves.outputPath) {
        case .success(let run): upload = run
        case .failure(let error):
            say(.warn, "nothing is uploaded", [LogField("reason", error.sentence)])
        }
    }
}
