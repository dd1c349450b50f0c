// blackbox doctor: is everything there that a server needs, and will it last?

import ArgumentParser

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks an installation, and says what to do about each point.",
        discussion: """
            Run it in the game's working directory, as the server's user: relative paths of the \
            configuration start there. Nothing is changed; the time of a call is measured with a small \
            log that is removed again. The plug-in is not loaded into this program: its file is read, \
            and the system's loader is asked whether it would load it.

            EXAMPLES
              @ocap/blackbox doctor @ocap
              blackbox doctor /srv/arma3/@blackbox --json

            EXIT CODES
              0 all is well   10 something should be better   11 something does not work
              2 wrong usage
            """)

    @Argument(
        help: ArgumentHelp(
            "The folder with the plug-in and its configuration; without it that of this program.",
            valueName: "mod-folder"))
    var modFolder: String?
    @Option(
        help: ArgumentHelp(
            "The folder of all logs, when it is not the configuration's.", valueName: "dir"))
    var logs: String?
    @Flag(help: "One JSON object a line for each point.") var json = false
    @Flag(name: [.short, .long], help: "Only the points that ask for something.") var quiet = false

    func run() throws {
        var examination = Examination(modFolder: modFolder, logDir: logs)
        examination.isQuiet = quiet
        examination.run()
        for finding in examination.findings where !quiet || finding.severity >= .warning {
            if json {
                Console.write(finding.object.line)
            } else {
                for line in finding.lines { Console.print(line) }
            }
        }
        let code = examination.worst.exitCode
        if code != ExitStatus.done { throw ExitCode(code) }
    }
}
