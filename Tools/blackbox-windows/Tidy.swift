// tidy: keeps the disk in order. As on Linux, but that nothing is packed.

import CPlatform
import Extension
import Segments

/// `tidy`
struct Tidy {
    private let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws(ToolFailure) -> Int32 {
        if arguments.isBackground { bb_lower_priority(0) }
        guard arguments.logs.count < 2 else {
            throw ToolFailure(
                message: "tidy takes one folder, that of all logs", code: ExitStatus.usage)
        }
        let settings = OwnerConfiguration.own().settings
        var root = arguments.logs.first ?? ""
        if root.utf8.isEmpty { root = try DefaultLogs.path() }
        guard unsafe bb_path_kind(root) == Int32(BB_KIND_FOLDER) else {
            throw ToolFailure(message: root + ": there is no such folder", code: ExitStatus.usage)
        }
        let options = arguments.tidy
        let tidy = TidyRun(
            root: root, needed: options.needed(settings), limits: options.limits(settings),
            isDry: options.isDry,
            log: OwnerLog(
                path: options.logPath, isQuiet: arguments.isQuiet, isJSON: arguments.isJSON),
            pack: nil)
        do throws(LogError) {
            return try tidy.run() ? ExitStatus.done : ExitStatus.failed
        } catch {
            throw ToolFailure(message: error.text)
        }
    }
}
