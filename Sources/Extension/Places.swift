// Where things are: worked out once, when the library is loaded. docs/configuration.md, "Folders".

import CPlatform
import Segments

/// The paths of this process.
struct Places: Sendable {
    /// Working directory of the game.
    let gameFolder: String
    /// Full path of the library file.
    let modulePath: String
    /// Folder of the library; `<game folder>/@ocap` when the library lies in the game folder itself.
    let addonFolder: String
    /// The configuration file, whether it exists or not.
    let configurationPath: String

    /// As the running process has it. `OCAP_RECORDER_CONFIG` names another configuration file (for
    /// several servers that share one mod folder); its folder then is the addon folder.
    static func current() -> Places {
        let configuration = SystemText.environment("OCAP_RECORDER_CONFIG")
        return Places(
            gameFolder: SystemText.workingFolder(), modulePath: SystemText.modulePath(),
            configuration: configuration)
    }

    init(gameFolder: String, modulePath: String, configuration: String) {
        self.gameFolder = gameFolder
        self.modulePath = modulePath
        let fileName = "ocap_recorder.cfg.json"
        let moduleFolder = Paths.parent(modulePath)
        if !configuration.utf8.isEmpty {
            addonFolder = Paths.parent(configuration)
            configurationPath = configuration
        } else if Bytes.equal(moduleFolder, gameFolder) {
            addonFolder = Paths.join(gameFolder, "@ocap")
            // The addon's own folder first; a file beside the library is what anyone would expect, too.
            let beside = Paths.join(moduleFolder, fileName)
            let inAddon = Paths.join(addonFolder, fileName)
            configurationPath =
                !Files.isFile(inAddon) && Files.isFile(beside) ? beside : inAddon
        } else {
            addonFolder = moduleFolder
            configurationPath = Paths.join(moduleFolder, fileName)
        }
    }

    /// The `blackbox` program: the configured path, else beside the library; nil when there is none.
    func compactor(_ configuration: Configuration) -> String? {
        if !configuration.compactor.utf8.isEmpty {
            return Files.isFile(configuration.compactor) ? configuration.compactor : nil
        }
        let folder = Paths.parent(modulePath)
        for name in ["blackbox", "blackbox.exe"] {
            let path = Paths.join(folder, name)
            if Files.isFile(path) { return path }
        }
        return nil
    }

    /// The `blackbox-net` program, beside `blackbox`; nil when there is none (on Windows there is none).
    func networkTool(_ configuration: Configuration) -> String? {
        guard let compactor = compactor(configuration) else { return nil }
        let path = Paths.join(Paths.parent(compactor), "blackbox-net")
        return Files.isFile(path) ? path : nil
    }
}
