// LOG… on the command line → the logs that are meant.

import ArgumentParser
import CPlatform
import Segments

/// The logs that a command works on.
struct LogArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A log's folder, a folder of logs, or one segment or archive.",
            discussion: "Without it: ./blackbox-logs, else the logDir of the configuration beside "
                + "the program.", valueName: "log"))
    var logs: [String] = []

    /// The logs, each once, in the order given (in a folder: by time).
    func find() throws -> [LogEntry] {
        var found: [LogEntry] = []
        for path in try logs.isEmpty ? [DefaultLogs.path()] : logs {
            guard unsafe bb_path_kind(path) != Int32(BB_KIND_NONE) else {
                throw ToolFailure(
                    message: "\(path): there is no such file or folder", code: ExitStatus.usage)
            }
            do {
                for entry in try LogList.find(path) where !found.contains(entry) {
                    found.append(entry)
                }
            } catch {
                throw ToolFailure(message: error.text)
            }
        }
        return found
    }

    /// As `find`, but a command that has nothing to work on fails.
    func findSome() throws -> [LogEntry] {
        let found = try find()
        guard !found.isEmpty else {
            throw ToolFailure(
                message: "\(place): no log there (a log is a folder with 000001.seg in it)",
                code: ExitStatus.usage)
        }
        return found
    }

    /// Where it was looked, for a sentence.
    var place: String {
        logs.isEmpty ? (try? DefaultLogs.path()) ?? "." : logs.joined(separator: ", ")
    }
}
