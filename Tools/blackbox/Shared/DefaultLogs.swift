// What the programs take when nobody names it: the server's configuration, and its logs.

import CPlatform
import Extension
import Segments

/// The configuration of the server that the program belongs to.
struct OwnerConfiguration {
    static let name = "ocap_recorder.cfg.json"

    /// Where it is, or would be.
    let path: String
    let isThere: Bool
    /// The defaults where the file says nothing.
    var settings = Configuration()
    /// What in the file is not used, a sentence each.
    var notes: [String] = []

    /// The environment variable by which one is named, for the plug-in, too.
    static let variable = "OCAP_RECORDER_CONFIG"

    /// What it names; empty when it is not set.
    static var named: String { environment(variable) }

    /// The one that is named so, else the one beside the program.
    static func own() -> OwnerConfiguration {
        let named = named
        return OwnerConfiguration(
            path: named.utf8.isEmpty ? Paths.join(programFolder(), name) : named)
    }

    init(path: String) {
        self.path = path
        isThere = unsafe bb_path_kind(path) == Int32(BB_KIND_FILE)
        guard isThere else { return }
        do throws(LogError) {
            let file = try File(path, UInt32(BB_OPEN_READ))
            (settings, notes) = Configuration.read(try file.read(limit: 1 << 20))
        } catch {
            notes = [error.text]
        }
    }

    /// Folder of the running program.
    static func programFolder() -> String {
        Paths.parent(unsafe text { unsafe bb_path_of_module($0, $1) })
    }

    private static func environment(_ name: String) -> String {
        unsafe text { unsafe bb_environment(name, $0, $1) }
    }

    /// A text that the system puts into a buffer; empty when it fails.
    private static func text(_ fill: (UnsafeMutablePointer<CChar>?, UInt64) -> Int64) -> String {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe fill($0.baseAddress, 4096)
            }
            count = Int(min(max(0, length), 4096))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where logs are when nobody says so.
enum DefaultLogs {
    static let folder = "./blackbox-logs"

    static func path() throws(ToolFailure) -> String {
        if unsafe bb_path_kind(folder) == Int32(BB_KIND_FOLDER) { return folder }
        let configuration = OwnerConfiguration.own()
        if configuration.isThere {
            let named = configuration.settings.logDir
            // The plug-in takes a relative one from the game's working directory; run from elsewhere,
            // the program finds the logs when they lie beside the configuration.
            let beside = Paths.join(Paths.parent(configuration.path), named)
            for candidate in [named, beside]
            where unsafe bb_path_kind(candidate) == Int32(BB_KIND_FOLDER) {
                return candidate
            }
        }
        throw ToolFailure(
            message: "no " + folder + " here; name the log's folder, or run this in the game's "
                + "working directory", code: ExitStatus.usage)
    }
}
