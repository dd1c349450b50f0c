// A start after a crash: what other processes left below the log folder is sealed, and exported when
// the owner wants that, by a program beside the game. And the disk's state, told to the owner early.

import CPlatform
import Segments
import Synchronization
import Values

/// What the courier has told about the disk.
struct DiskWatch {
    /// `KeeperState` bits that were told.
    var told: UInt32 = 0
    /// Calls lost that were told.
    var lost: UInt32 = 0
}

extension Courier {
    /// One `blackbox recover` over the folder of all logs, when there is another log than ours. It
    /// leaves alone what a living process has locked, and what is done already. It also sends what an
    /// earlier process left to be uploaded.
    func startRecovery() {
        guard configuration.autorun, hasOtherLogs || configuration.uploads else { return }
        guard let program = places.compactor(configuration) else {
            say(
                .warn, "there are logs of earlier runs, and nothing looks after them",
                [
                    LogField("reason", missingCompactor),
                    LogField(
                        "run", ShellWords.line(["blackbox", "recover", configuration.logDir])),
                ])
            return
        }
        var arguments = [program, "recover", configuration.logDir]
        switch configuration.storage {
        case .json, .sqlite, .postgres: arguments += outputArguments
        // The stream brings earlier logs to their end.
        case .websocket: break
        }
        // The reference joins nothing, so strict mode and --join exclude each other.
        if configuration.joinMinutes > 0, !configuration.strict {
            arguments += ["--join", String(configuration.joinMinutes)]
        }
        arguments.append("--background")
        switch ToolRun.start(arguments, output: saves.outputPath) {
        case .success(let run):
            recovery = run
            say(.info, "looking after the logs of earlier runs", [])
        case .failure(let error):
            say(
                .warn, "the logs of earlier runs are not looked after",
                "reason", error.sentence)
        }
    }

    /// A folder that holds a first segment, and is not ours.
    private var hasOtherLogs: Bool {
        // A folder that can't be read has nothing for us to recover; the log's own opening tells why.
        guard let names = try? Paths.unsortedNames(in: configuration.logDir) else { return false }
        let own = logFolder.utf8.isEmpty ? [] : Paths.lastComponent(logFolder).bytes
        for name in names where name != own {
            let folder = Paths.join(configuration.logDir, String(utf8: name))
            if Files.isFile(Paths.join(folder, LogNames.segment(1))) { return true }
        }
        return false
    }

    func pollRecovery() {
        guard let run = recovery, let code = run.poll() else { return }
        recovery = nil
        switch code {
        case 0: say(.info, "the logs of earlier runs are in order")
        case 10:
            say(
                .warn,
                "a log of an earlier run has a torn end: calls of its last moments can be missing; "
                    + "run: blackbox recover")
        case 11: say(.error, "a log of an earlier run is damaged; run: blackbox verify")
        case 12: say(.warn, "a log of an earlier run holds foreign bytes; run: blackbox verify")
        default:
            say(
                .error, "the logs of earlier runs could not be looked after",
                [LogField("code", String(code)), LogField("output", saves.outputPath)])
        }
    }

    /// Tells the owner of trouble with the disk when it begins, and when it is over: in the log file,
    /// and, when calls are about to be lost, through the addon.
    func pollDisk() {
        guard let writer = unsafe shared.pointee.writer else { return }
        let (state, lost) = unsafe writer._withUnsafeGuaranteedRef {
            ($0.keeperState, $0.lostCount)
        }
        tell(
            state, KeeperState.noSpace,
            begins:
                "no further segment can be had: the disk is full or gone; the log goes on in the "
                + "space that is left", ends: "the log has space again", toAddon: true)
        tell(
            state, KeeperState.tailFailing,
            begins:
                "the tail file can't be written: a power cut may cost more than the last moments",
            ends: "the tail file is written again", toAddon: false)
        tell(
            state, KeeperState.sealFailing, begins: "a full segment could not be sealed",
            ends: "full segments are sealed again", toAddon: false)
        if lost != watch.lost {
            say(
                .error, "calls were lost",
                [
                    LogField("calls", String(lost &- watch.lost)),
                    LogField("since", "the last such line"), LogField("log", logFolder),
                ])
            watch.lost = lost
        }
    }

    private func tell(
        _ state: UInt32, _ bit: UInt32, begins: String, ends: String, toAddon: Bool
    ) {
        let isOn = state & bit != 0
        let wasOn = watch.told & bit != 0
        guard isOn != wasOn else { return }
        watch.told ^= bit
        if isOn {
            say(.error, begins, "log", logFolder)
            if toAddon { callbacks.add(":STORAGE:ERROR:", [begins]) }
        } else {
            say(.info, ends, "log", logFolder)
        }
    }
}
