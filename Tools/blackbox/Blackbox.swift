// The command line for one machine. Each command stands in a file of its own.

import ArgumentParser

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
              blackbox compact --json ./recordings --sqlite ./recordings/blackbox.db
              blackbox dump ./blackbox-logs --json | head

            EXIT CODES
              0 done; 1 something could not be done, the message says what; 2 wrong usage;
              verify and recover: 10 torn tail, 11 damage, 12 foreign bytes; the worst wins;
              doctor: 10 something should be better, 11 something does not work
            """,
        version: ProgramVersion.text,
        subcommands: [
            HubCommand.self, IcomCommand.self, UploadCommand.self,
            CompactCommand.self, RecoverCommand.self, VerifyCommand.self, DumpCommand.self,
            FollowCommand.self,
            ArchiveCommand.self, TidyCommand.self, StatsCommand.self, ServerLogCommand.self,
            DoctorCommand.self,
        ])

    static func main() { runProgram() }
}

/// This program, for messages.
enum Program {
    static let name = "blackbox"
}
