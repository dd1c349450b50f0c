// After `:MISSION:SAVE:`: the program that makes the replay is started beside the game, and what it
// reports goes back to the addon. One at a time, in order. docs/formats/plugin.md, "Saves".

import CPlatform
import Segments
import Synchronization
import Values

/// Saves that wait for the compactor, and the one that runs.
struct SaveQueue {
    /// What the tools print goes into a file beside the log file for people.
    let outputPath: String
    var waiting: [OpenRecording] = []
    var running: (recording: OpenRecording, run: ToolRun, report: String)?

    init(logPath: String) {
        // `….log` → `….tools.log`
        let name = logPath.bytes
        outputPath = String(utf8: name[..<max(0, name.count - 4)]) + ".tools.log"
    }
}

/// What the compactor says it did.
struct SaveReport: Equatable {
    var status: String
    var path: String
    var error: String

    /// Reads the report file's text; nil when it is none.
    static func parse(_ bytes: [UInt8]) -> SaveReport? {
        guard let value = try? JSONValue.parse(bytes.span),
            let status = value.member("status")?.string
        else { return nil }
        return SaveReport(
            status: status, path: value.member("path")?.string ?? "",
            error: value.member("error")?.string ?? "")
    }
}

extension Courier {
    /// `:MISSION:SAVE:`
    func saveMission() {
        guard let saved = recording ?? unsaved else {
            finishSave(["error", "no mission to end: mission was never started"])
            return
        }
        recording = nil
        unsaved = nil
        say(
            .info, "saving a recording",
            [LogField("recording", String(saved.number)), LogField("mission", saved.missionName)])
        guard places.compactor(configuration) != nil else {
            leaveToOwner(saved, missingCompactor)
            return
        }
        saves.waiting.append(saved)
    }

    /// Looks after the compactor that runs, and starts the next.
    func pollSaves() {
        if let running = saves.running {
            guard let code = running.run.poll() else { return }
            saves.running = nil
            finish(running.recording, code, running.report)
            isTidyDue = true
        }
        guard saves.running == nil, !saves.waiting.isEmpty else { return }
        let next = saves.waiting.removeFirst()
        switch startCompactor(next) {
        case .started(let run, let report): saves.running = (next, run, report)
        case .missing: leaveToOwner(next, missingCompactor)
        case .failed(let reason): leaveToOwner(next, reason)
        }
    }

    /// The library goes: nobody will hear of the result, but the replays are made.
    func startWaitingSaves() {
        for recording in saves.waiting {
            _ = startCompactor(recording)
        }
        saves.waiting.removeAll()
    }

    // MARK: the program

    private enum Start {
        case started(ToolRun, report: String)
        case missing
        case failed(String)
    }

    private func startCompactor(_ recording: OpenRecording) -> Start {
        guard let program = places.compactor(configuration) else { return .missing }
        let report = Paths.join(logFolder, "save-" + String(recording.number) + ".report")
        // A report of an earlier attempt must not pass for this one's.
        _ = unsafe bb_path_remove(report)
        let run = ToolRun.start(
            [program] + compactArguments(recording.number, report: report),
            output: saves.outputPath)
        switch run {
        case .success(let run): return .started(run, report: report)
        case .failure(let error): return .failed(error.sentence)
        }
    }

    /// `compact LOG --recording N …`, as the program is started.
    func compactArguments(_ number: Int, report: String?) -> [String] {
        var arguments = ["compact", logFolder, "--recording", String(number)]
        arguments += outputArguments
        if let report { arguments += ["--report", report, "--background"] }
        return arguments
    }

    /// Where the outputs go and in which form.
    var outputArguments: [String] {
        var arguments: [String] = []
        switch configuration.storage {
        case .sqlite: arguments += ["--sqlite", configuration.sqlitePath]
        // Not the settings themselves: everybody on the machine sees a program's arguments.
        case .postgres: arguments += ["--postgres-config", places.configurationPath]
        // Waits until the stream has brought the recording there.
        case .websocket: arguments += ["--websocket", places.configurationPath]
        case .json:
            arguments += ["--json", configuration.outputDir]
            if !configuration.compressOutput { arguments.append("--no-gzip") }
            if configuration.uploads { arguments += ["--upload", places.configurationPath] }
        }
        if configuration.strict { arguments.append("--strict") }
        return arguments
    }

    /// The command for an owner who does it himself.
    func saveCommand(_ number: Int) -> String {
        ShellWords.line(["blackbox"] + compactArguments(number, report: nil))
    }

    /// Why there is no program to start.
    var missingCompactor: String {
        configuration.compactor.utf8.isEmpty
            ? "the program blackbox is not beside the plug-in"
            : "blackbox.compactor in the configuration: there is no file " + configuration.compactor
    }

    // MARK: the result

    private func finish(_ recording: OpenRecording, _ code: Int32, _ reportPath: String) {
        let report = (try? Files.read(reportPath, limitBytes: 1 << 20)).flatMap(SaveReport.parse)
        _ = unsafe bb_path_remove(reportPath)
        guard let report else {
            fail(
                recording,
                String(
                    filling:
                        "the compactor ended with code % and no report; the recording is kept, run: %",
                    [String(code), saveCommand(recording.number)]))
            return
        }
        if Bytes.equal(report.status, "ok") {
            say(
                .info, "the recording is saved",
                [
                    LogField("recording", String(recording.number)),
                    LogField("path", report.path),
                ])
            finishSave(["ok", report.path])
        } else if Bytes.equal(report.status, "partial") {
            say(
                .warn, "the recording is saved in part",
                [
                    LogField("recording", String(recording.number)),
                    LogField("path", report.path), LogField("reason", report.error),
                ])
            finishSave(["partial", report.path, report.error])
        } else {
            fail(recording, report.error)
        }
    }

    private func fail(_ failed: OpenRecording, _ reason: String) {
        // Another save without a new mission tries again.
        if recording == nil { unsaved = failed }
        say(
            .error, "the recording could not be saved",
            [LogField("recording", String(failed.number)), LogField("reason", reason)])
        finishSave(["error", reason])
    }

    private func leaveToOwner(_ recording: OpenRecording, _ reason: String) {
        let command = saveCommand(recording.number)
        say(
            .warn, "recorded, not exported: " + reason,
            [LogField("recording", String(recording.number)), LogField("run", command)])
        finishSave(["partial", logFolder, "recorded; run: " + command])
    }

    /// Tells the addon, and the call path that the next save may come.
    private func finishSave(_ data: [String]) {
        callbacks.add(":MISSION:SAVED:", data)
        unsafe shared.pointee.savesDone.add(1, ordering: .releasing)
    }
}
