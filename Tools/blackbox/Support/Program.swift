// How a program of ours begins and ends: 2 for wrong usage, 1 for everything that the world refused.

import ArgumentParser
import CPlatform

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

extension ParsableCommand {
    /// Runs the command that the arguments name.
    static func runProgram() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as ToolFailure {
            Console.complain(failure.message)
            leave(withCode: failure.code)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code == .success {
                Console.print(text)
            } else if !text.isEmpty {
                Console.complain(text)
            }
            leave(withCode: code == .validationFailure ? ExitStatus.usage : code.rawValue)
        }
        leave(withCode: ExitStatus.done)
    }

    private static func leave(withCode code: Int32) -> Never {
        Console.flush()
        exit(withError: ExitCode(code))
    }
}
