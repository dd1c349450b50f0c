// The command line for PostgreSQL, a program of its own because libpq can't be linked statically. What it
// shares with `blackbox` (finding logs, cursors, reports) is compiled into both: Shared, Support.

import ArgumentParser

@main
struct BlackboxPG: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blackbox-pg",
        abstract: "Writes the recordings of an Arma 3 server's flight recorder into PostgreSQL.",
        discussion: """
            The server: --postgres with a connection string (what it leaves out comes from the PG* \
            variables); else the group db of a configuration (--config FILE, else \
            ocap_recorder.cfg.json beside the program), then the PG* variables, then \
            localhost:5432, user postgres, database ocap.

            EXAMPLES
              blackbox-pg compact --postgres "host=db dbname=arma user=recorder"
              blackbox-pg follow ./blackbox-logs --config ocap_recorder.cfg.json
              blackbox-pg stats --mission 17

            EXIT CODES
              0 done; 1 something could not be done, the message says what; 2 wrong usage
            """,
        version: ProgramVersion.text,
        subcommands: [CompactCommand.self, FollowCommand.self, StatsCommand.self])

    static func main() { runProgram() }
}

/// This program, for messages.
enum Program {
    static let name = "blackbox-pg"
}
