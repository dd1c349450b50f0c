// blackbox-pg stats: who did best, and the missions' figures.

import ArgumentParser
import PostgresSink

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows the figures of the missions in PostgreSQL, and who did best.",
        discussion: """
            EXAMPLES
              blackbox-pg stats --config ocap_recorder.cfg.json
              blackbox-pg stats --mission 17 --json

            EXIT CODES
              0 done   1 the database could not be read, the message says why   2 wrong usage
            """)

    @OptionGroup var server: ServerArguments
    @Option(help: ArgumentHelp("Only this mission (missions.id).", valueName: "id"))
    var mission: Int64?
    @Flag(help: "One JSON object a line for each mission, then for each player.") var json = false

    func run() throws {
        let server = try server.server(isQuiet: false, isReading: true)
        try DatabaseStats(mission: mission, isJSON: json) { sql throws(ToolFailure) in
            try server.attempt { database throws(PostgresError) in
                try database.connection.execute(sql, operation: "reading the figures").rows
            }
        }.run()
    }
}
