// Where compact and recover write to.

import ArgumentParser
import Mission

/// The outputs named on the command line.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write replays (JSON v1) into this folder.", valueName: "dir"))
    var json: String?
    @Option(help: ArgumentHelp("Write into this SQLite database.", valueName: "file"))
    var sqlite: String?
    @Option(
        help: ArgumentHelp(
            "Write into this PostgreSQL database (by the program blackbox-pg, beside this one): "
                + "host=… dbname=… user=…, or postgresql://…; empty: as PG* variables say.",
            valueName: "conninfo"))
    var postgres: String?
    @Option(
        help: ArgumentHelp(
            "The same; the server is in the group db of this configuration.", valueName: "file"))
    var postgresConfig: String?
    @Flag(help: "Write as the reference extension does, quirks included (for comparison).")
    var strict = false
    @Flag(name: .customLong("no-gzip"), help: "Replays as .json instead of .json.gz.")
    var noGzip = false
    @Option(
        help: ArgumentHelp(
            "When done, write what was made into this file, a JSON object (- for standard output).",
            valueName: "file"))
    var report: String?
    @Option(
        help: ArgumentHelp(
            "Send the replays to the web server that this configuration names (by the program "
                + "blackbox-net, beside this one); needs --json.", valueName: "file"))
    var upload: String?
    @Flag(help: "At low priority, and without progress.")
    var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.")
    var quiet = false

    /// For blackbox-pg; nil when PostgreSQL is not wanted.
    var postgresArguments: [String]? {
        if let postgres { return ["--postgres", postgres] }
        return postgresConfig.map { ["--config", $0] }
    }

    func validate() throws {
        for (name, value) in [("--json", json), ("--sqlite", sqlite), ("--report", report)]
        where value?.isEmpty == true {
            throw ValidationError("\(name) needs a name; it is empty.")
        }
        if postgres != nil, postgresConfig != nil {
            throw ValidationError(
                "--postgres and --postgres-config both name the server; give one of them.")
        }
        if upload != nil, json == nil {
            throw ValidationError("--upload sends replays: name their folder with --json.")
        }
    }

    /// Those that this program writes to.
    var outputs: Outputs {
        Outputs(
            jsonFolder: json, sqliteFile: sqlite, mode: strict ? .strict : .standard,
            isCompressed: !noGzip, isForUpload: upload != nil)
    }
}
