// The command line of what talks to other machines. Each command stands in a file of its own; this one
// maps what goes wrong to exit codes: 2 for wrong usage, 1 for everything that the world refused.

import ArgumentParser
import CPlatform

@main
struct BlackboxNet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blackbox-net",
        abstract: "The part of blackbox that talks to other machines.",
        discussion: """
            `blackbox hub` and the like start this program, which stands beside blackbox.

            EXIT CODES
              0 done; 1 something could not be done, the message says what; 2 wrong usage
            """,
        version: unsafe String(cString: bb_build_version()),
        subcommands: [
            HubCommand.self, IcomCommand.self, UploadCommand.self, FollowCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch let failure as NetFailure {
            NetConsole.complain(failure.message)
            exit(withError: ExitCode(failure.code))
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success {
                NetConsole.print(text)
            } else if !text.isEmpty {
                NetConsole.complain(text)
            }
            exit(withError: code == .validationFailure ? ExitCode(NetExit.usage) : code)
        }
    }
}

/// What scripts can rely on.
enum NetExit {
    static let failed: Int32 = 1
    static let usage: Int32 = 2
}

/// A command could not do what it was asked for: a sentence and an exit code.
struct NetFailure: Error {
    let message: String
    var code = NetExit.failed
}
