// LOG… on the command line → the logs that are meant.

import ArgumentParser
import CPlatform
import Segments
import Values

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
            let place =
                logs.isEmpty ? (try? DefaultLogs.path()) ?? "." : logs.joined(separator: ", ")
            throw ToolFailure(
                message: "\(place): no log there (a log is a folder with 000001.seg in it)",
                code: ExitStatus.usage)
        }
        return found
    }
}

/// Where logs are when nobody says so.
enum DefaultLogs {
    static let folder = "./blackbox-logs"
    static let configurationName = "ocap_recorder.cfg.json"

    static func path() throws(ToolFailure) -> String {
        if unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER) { return folder }
        let beside = Paths.parent(programPath())
        if let named = logDir(inConfiguration: Paths.join(beside, configurationName)) {
            // The plug-in takes a relative one from the game's working directory; run from elsewhere,
            // the program finds the logs when they lie beside it.
            for candidate in [named, Paths.join(beside, named)]
            where unsafe bb_path_kind(candidate) == Int32(BB_KIND_FOLDER) {
                return candidate
            }
        }
        throw ToolFailure(
            message: "no \(folder) here; name the log's folder, or run this in the game's working "
                + "directory", code: ExitStatus.usage)
    }

    /// `blackbox.logDir` of a configuration file; nil without one.
    static func logDir(inConfiguration path: String) -> String? {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size(),
            size < 1 << 20, let bytes = try? file.read(limit: size),
            let document = try? JSONValue.parse(bytes.span)
        else { return nil }
        return document.member("blackbox", ignoringCase: true)?
            .member("logDir", ignoringCase: true)?.string
    }

    private static func programPath() -> String {
        var length: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_path_of_module($0.baseAddress, 4096)
            }
            count = max(0, Int(length))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
