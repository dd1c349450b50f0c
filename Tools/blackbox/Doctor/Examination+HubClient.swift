// The hub's client, a library of its own beside the plug-in: is it there when a hub is named, would the
// system load it, and do the two understand each other? Its file is read; nothing of it runs.

import CPlatform
import Extension
import Segments

extension Examination {
    /// In front of the version in the name that the library's symbols carry (exports.map).
    private static let mark = "BLACKBOX_ICOM_"

    mutating func checkHubClient() {
        let name = IcomEnd.fileName
        let path = Paths.join(modFolder, name)
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else {
            // Without a hub it is not missed. (A script that connects is told.)
            if !settings.icomAddress.isEmpty || !settings.icomServerID.isEmpty {
                add(
                    "hub client", .error,
                    "\(path) is not there: the server can't reach its hub (blackbox.icom)",
                    "copy \(name) from the download beside the plug-in")
            }
            return
        }
        do {
            let library = try SharedLibrary(path: path)
            guard library.exports.contains("blackbox_icom_start") else {
                return add(
                    "hub client", .error, "\(path) is not the hub's client",
                    "copy \(name) again from the download")
            }
            let spoken = library.definedVersions.filter { $0.hasPrefix(Self.mark) }
            guard spoken.contains(Self.mark + String(BB_ICOM_VERSION)) else {
                return add(
                    "hub client", .error,
                    "\(path) is of another release than the plug-in, which will refuse it",
                    "copy all files of one download")
            }
            checkLoading("hub client", name, library, path)
        } catch {
            add(
                "hub client", .error, "\(path) can't be loaded: \(error.text)",
                "copy \(name) again from the download")
        }
    }
}
