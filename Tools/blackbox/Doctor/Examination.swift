// The doctor's round: the mod folder, the configuration, the folders and their disks, the logs. Each part
// in a file of its own; nothing that it looks at is changed.

import CPlatform
import Extension
import Glibc
import Segments

/// One examination of an installation.
struct Examination {
    /// Where the plug-in lies.
    let modFolder: String
    let configuration: OwnerConfiguration
    /// The folder of all logs.
    let logDir: String
    private(set) var findings: [Finding] = []
    /// Long reading shows no progress.
    var isQuiet = false

    var settings: Configuration { configuration.settings }

    /// - Parameters:
    ///   - modFolder: nil: the program's own folder.
    ///   - logDir: nil: as the configuration says.
    init(modFolder: String?, logDir: String?) {
        let folder = modFolder ?? OwnerConfiguration.programFolder()
        self.modFolder = folder
        // A folder that is named means what lies in it, whatever the environment says.
        let beside = OwnerConfiguration(path: Paths.join(folder, OwnerConfiguration.name))
        configuration = modFolder == nil ? OwnerConfiguration.own() : beside
        self.logDir = logDir ?? configuration.settings.logDir
    }

    /// Looks at everything.
    mutating func run() {
        checkPlugin()
        checkHubClient()
        checkConfiguration()
        checkCompactor()
        checkFolders()
        checkDisk()
        checkLogs()
        checkUploads()
        checkCallTime()
    }

    var worst: Severity { findings.map(\.severity).max() ?? .ok }

    mutating func add(
        _ point: String, _ severity: Severity, _ text: String, _ advice: String = ""
    ) {
        findings.append(Finding(point: point, severity: severity, text: text, advice: advice))
    }

    // MARK: configuration

    private mutating func checkConfiguration() {
        let named = OwnerConfiguration.named
        let isNamedInVain =
            unsafe !named.utf8.isEmpty && bb_path_kind(named) != Int32(BB_KIND_FILE)
        if isNamedInVain {
            add(
                "configuration", .warning,
                "\(OwnerConfiguration.variable) names \(named), which is not there: a server that "
                    + "is started so takes the defaults, whatever lies beside the plug-in",
                "correct or unset the variable where the server is started")
        }
        guard configuration.isThere else {
            let path = configuration.path
            if unsafe bb_path_kind(path) != Int32(BB_KIND_NONE) {
                add(
                    "configuration", .error,
                    "\(path) is no file" + (Self.state(path).isEmpty ? " but a folder" : "")
                        + ": the defaults are in force",
                    "move it away, and put a file of that name there")
                return
            }
            if isNamedInVain, isSame(configuration.path, named) { return }
            add(
                "configuration", .ok,
                "\(configuration.path) is not there: the defaults are in force")
            return
        }
        for note in configuration.notes {
            add("configuration", .warning, note, "correct it in \(configuration.path)")
        }
        let idle = IdleKeys.find(configuration)
        for key in idle {
            add("configuration", .note, "\(key.name) has no effect: \(key.reason)")
        }
        if configuration.notes.isEmpty {
            add("configuration", .ok, "\(configuration.path), every value is understood")
        }
    }

    // MARK: the program that works after a save

    private mutating func checkCompactor() {
        let named = settings.compactor
        let path = named.isEmpty ? Paths.join(modFolder, "blackbox") : named
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else {
            add(
                "compactor", .error, "\(path) is not there: no replay is made after a save",
                named.isEmpty
                    ? "copy blackbox beside the plug-in" : "correct blackbox.compactor")
            return
        }
        do {
            let trial = try ProgramTrial.run([path, "--version"])
            let words = trial.output.split(separator: "\n").first.map(String.init) ?? ""
            guard trial.code == 0 else {
                add(
                    "compactor", .error,
                    "\(path) starts and fails"
                        + (trial.code.map { " with code \($0)" } ?? ": it does not end"),
                    "copy it again from the download")
                return
            }
            guard words == ProgramVersion.text else {
                guard Self.isBlackbox(path) else {
                    add(
                        "compactor", .error,
                        "\(path) starts, and is not blackbox: no replay is made after a save",
                        named.isEmpty
                            ? "copy blackbox beside the plug-in" : "correct blackbox.compactor")
                    return
                }
                add(
                    "compactor", .warning,
                    "\(path) is of version \(words), this program of \(ProgramVersion.text)",
                    "copy all files of one download")
                return
            }
            add("compactor", .ok, "\(path) starts, version \(words)")
        } catch {
            add(
                "compactor", .error,
                "\(path) can't be started: \(LogError.reason(error.number, to: .run))",
                error.number == BB_EACCES
                    ? "chmod +x \(path), and see that its disk is not mounted noexec"
                    : "copy it again from the download")
        }
        if settings.storage == .postgres {
            let pg = Paths.join(modFolder, "blackbox-pg")
            if unsafe bb_path_kind(pg) != Int32(BB_KIND_FILE) {
                add(
                    "compactor", .warning, "storage.type is postgres, and \(pg) is not there",
                    "copy blackbox-pg beside the plug-in, or choose memory or sqlite")
            }
        }
        if settings.storage == .websocket { checkStream() }
    }

    /// Whether a program knows the commands that the plug-in starts.
    private static func isBlackbox(_ path: String) -> Bool {
        guard let help = try? ProgramTrial.run([path, "--help"]), help.code == 0 else {
            return false
        }
        return ["blackbox", "compact", "recover", "tidy"].allSatisfy { help.output.contains($0) }
    }

    private mutating func checkStream() {
        let net = Paths.join(modFolder, "blackbox-net")
        if unsafe bb_path_kind(net) != Int32(BB_KIND_FILE) {
            add(
                "compactor", .warning, "storage.type is websocket, and \(net) is not there",
                "copy blackbox-net beside the plug-in, or choose memory or sqlite")
        }
        if settings.serverURL.isEmpty {
            add(
                "compactor", .warning, "storage.type is websocket, and there is no api.serverUrl",
                "name the web server, or choose memory or sqlite")
        }
    }

    // MARK: folders

    private mutating func checkFolders() {
        var folders = [("log files", settings.logsDir), ("logs", logDir)]
        switch settings.storage {
        case .json: folders.append(("recordings", settings.outputDir))
        case .sqlite: folders.append(("recordings", Paths.parent(settings.sqlitePath)))
        case .postgres, .websocket: break
        }
        for (what, path) in folders {
            for left in Self.removeTraces(path) {
                add("folders", .note, "removed \(left), left by a doctor that was killed")
            }
            if let reason = Self.whyNotWritable(path) {
                add(
                    "folders", .error, "\(path), for \(what), can't be written to: \(reason)",
                    "give it to the server's user, or name another one in the configuration")
            } else {
                add("folders", .ok, "\(path), for \(what)" + Self.state(path))
            }
        }
    }

    private static func state(_ path: String) -> String {
        unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER) ? "" : " (will be made)"
    }

    /// The folder itself, or the nearest above it that exists.
    static func nearest(_ path: String) -> String {
        var path = path
        while unsafe bb_path_kind(path) == Int32(BB_KIND_NONE) {
            let above = Paths.parent(path)
            if above.utf8.count >= path.utf8.count { return "." }
            path = above
        }
        return path
    }

    /// Removes what a killed doctor left: in the folder, or above it, when it was not there yet.
    private static func removeTraces(_ path: String) -> [String] {
        var removed: [String] = []
        var path = path
        while true {
            removed += DoctorTraces.removeLeft(in: path)
            let above = Paths.parent(path)
            if isSame(above, path) { return removed }
            path = above
        }
    }

    /// Tries with a file that is removed at once; nil when it works.
    private static func whyNotWritable(_ path: String) -> String? {
        let folder = nearest(path)
        guard unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER) else {
            return "\(folder) is not a folder"
        }
        let probe = DoctorTraces.file(in: folder)
        defer { _ = unsafe bb_path_remove(probe) }
        do {
            let file = try File(
                probe, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_TRUNCATE))
            try file.write([0x0A], at: 0)
            return nil
        } catch {
            return LogError.reason(error.number, to: .write)
        }
    }
}
