// The command line for one machine. Each command stands in a file of its own; this one maps what
// goes wrong to exit codes: 2 for wrong usage, 1 for everything that the world refused.

import ArgumentParser
import CPlatform

@main
struct Blackbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blackbox",
        abstract: "Looks after the logs that the flight recorder of an Arma 3 server leaves.",
        discussion: """
            A log is a folder below ./blackbox-logs: every call of the game, as it came. These \
            commands turn logs into replays and databases, tell what a crash left, and keep the disk \
            in order. None of them destroys its input.

            Without LOG, a command takes ./blackbox-logs, else the logDir of the configuration \
            (ocap_recorder.cfg.json) beside the program.

            EXAMPLES
              blackbox recover --json ./recordings
              blackbox compact ./blackbox-logs --json ./recordings --sqlite ./recordings/blackbox.db
              blackbox dump ./blackbox-logs --json | head

            EXIT CODES
              0 done; 1 something could not be done, the message says what; 2 wrong usage;
              verify and recover: 10 torn tail, 11 damage, 12 foreign bytes; the worst wins;
              doctor: 10 something should be better, 11 something does not work
            """,
        version: ProgramVersion.text,
        subcommands: [
            CompactCommand.self, RecoverCommand.self, VerifyCommand.self, DumpCommand.self,
            ArchiveCommand.self, TidyCommand.self, StatsCommand.self, DoctorCommand.self,
            HubCommand.self, IcomCommand.self, UploadCommand.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as ToolFailure {
            Console.complain(failure.message)
            exit(withCode: failure.code)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success {
                Console.print(text)
            } else if !text.isEmpty {
                Console.complain(text)
            }
            exit(withCode: code == .validationFailure ? ExitStatus.usage : code.rawValue)
        }
        exit(withCode: ExitStatus.done)
    }

    private static func exit(withCode code: Int32) -> Never {
        Console.flush()
        exit(withError: ExitCode(code))
    }
}

/// What scripts can rely on.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
}

/// Which version this is.
enum ProgramVersion {
    static let text = unsafe String(cString: bb_build_version())
}

/// A command could not do what it was asked for: a sentence and an exit code.
struct ToolFailure: Error {
    let message: String
    var code = ExitStatus.failed
}
