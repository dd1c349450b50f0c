// Storage and missions, as the courier sees them: is there a log, what do the mission's two objects
// say, which recording is it.

import CPlatform
import Segments
import Synchronization
import Values

/// A recording that has begun.
struct OpenRecording {
    /// Its number in the log: the accepted `:MISSION:START:` calls, from 1.
    let number: Int
    let missionName: String
    let worldName: String
}

extension Courier {
    /// `:STORAGE:INIT:`: the log is open since the plug-in was loaded, or is tried again now.
    func openStorage() {
        if let open = recording { tellUnsaved(open) }
        recording = nil
        if unsafe shared.pointee.writer == nil, let reason = openLog() {
            callbacks.add(":STORAGE:ERROR:", [reason])
            return
        }
        startStream()
        callbacks.add(":STORAGE:OK:", [configuration.storageType])
    }

    /// Opens the log: when the library is loaded, and again when the addon asks for its storage. Gives the
    /// reason why it can't be had.
    func openLog() -> String? {
        do {
            let writer = try LogOpening.open(configuration, version: version)
            unsafe shared.pointee.publish(writer)
            say(.info, "the log is open", "folder", writer.folder)
            return nil
        } catch {
            let reason = error.text
            unsafe shared.pointee.publish(reason: reason)
            say(.error, "the log can't be opened", "reason", reason)
            return reason
        }
    }

    /// With storage of type `websocket`, the program that sends the log to the web server: it follows the
    /// log to its end, and sends what earlier logs owe. Started anew when it has ended before that.
    func startStream() {
        guard configuration.storage == .websocket, unsafe shared.pointee.writer != nil else {
            return
        }
        if let run = stream {
            if run.poll() == nil { return }
            stream = nil
        }
        // From now on the log owes the server everything, whether the program comes up or not; the program
        // takes the mark away. When it can't be made, only a log whose program never came up is left behind.
        try? Files.write(Paths.join(logFolder, LogNames.streamMark), [])
        guard let program = places.compactor(configuration) else { return }
        let arguments = [
            program, "follow", logFolder, "--websocket", places.configurationPath, "--background",
        ]
        switch ToolRun.start(arguments, output: saves.outputPath) {
        case .success(let run): stream = run
        case .failure(let error):
            say(.error, "nothing is streamed", "reason", error.sentence)
        }
    }

    /// `:MISSION:START:` with its arguments.
    func startMission(_ texts: [[UInt8]]) {
        do throws(MissionObjectError) {
            guard texts.count >= 2 else { throw .missingArgument(count: texts.count) }
            let (first, second) = (texts[0], texts[1])
            let world = try MissionObject(world: first.span)
            let mission = try MissionObject(mission: second.span)
            accept(world.text("worldName"), mission.text("missionName"))
        } catch {
            say(
                .error, "the mission is not recorded: its description can't be used",
                "reason", error.sentence)
        }
    }

    private func accept(_ world: String, _ mission: String) {
        if let open = recording { tellUnsaved(open) }
        recordingCount += 1
        recording = OpenRecording(
            number: recordingCount, missionName: mission, worldName: world)
        unsaved = nil
        say(
            .info, "recording a mission",
            [
                LogField("recording", String(recordingCount)),
                LogField("mission", mission), LogField("world", world),
                LogField("log", logFolder),
            ])
        callbacks.add(":MISSION:OK:", ["OK"])
    }

    /// The folder of the log, empty while there is none.
    var logFolder: String {
        guard let writer = unsafe shared.pointee.writer else { return "" }
        return unsafe writer._withUnsafeGuaranteedRef { $0.folder }
    }

    private func tellUnsaved(_ open: OpenRecording) {
        say(
            .warn, "a recording ended without a save; it is kept in the log",
            [
                LogField("recording", String(open.number)),
                LogField("mission", open.missionName),
                LogField("run", saveCommand(open.number)),
            ])
    }
}
