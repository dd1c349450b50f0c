// Is the plug-in there, and would the game's system load it? Asked in two ways, and never by loading it
// into this program: its tables are read, and the system's own loader is asked to lay it out without
// running anything of it.

import CPlatform
import Extension
import Glibc
import Segments

extension Examination {
    private static let name = "ocap_recorder_x64.so"
    /// What the game looks up.
    private static let functions = [
        "RVExtension", "RVExtensionArgs", "RVExtensionVersion", "RVExtensionRegisterCallback",
    ]
    private static let loader = "/lib64/ld-linux-x86-64.so.2"
    private static let libraryFolders = [
        "/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/lib",
        "/usr/lib",
    ]
    /// Stands in front of the version in the file (Flags.c).
    private static let versionMark = Array("blackbox-version:".utf8)

    mutating func checkPlugin() {
        let path = Paths.join(modFolder, Self.name)
        guard unsafe bb_path_kind(path) == Int32(BB_KIND_FILE) else {
            let windows = Paths.join(modFolder, "ocap_recorder_x64.dll")
            let isWindows = unsafe bb_path_kind(windows) == Int32(BB_KIND_FILE)
            add(
                "plug-in", .error,
                "\(path) is not there" + (isWindows ? ", only the one for Windows" : ""),
                "copy it there from the download, or name the mod's folder: blackbox doctor FOLDER")
            return
        }
        do {
            let library = try SharedLibrary(path: path)
            checkFunctions(library, path)
            checkLoading("plug-in", Self.name, library, path)
        } catch {
            add(
                "plug-in", .error, "\(path) can't be loaded: \(error.text)",
                "copy \(Self.name) again from the download")
        }
        checkVersion(path)
    }

    private mutating func checkFunctions(_ library: SharedLibrary, _ path: String) {
        let missing = Self.functions.filter { !library.exports.contains($0) }
        guard !missing.isEmpty else { return }
        add(
            "plug-in", .error,
            "\(path) is no extension of the game: \(missing.joined(separator: ", ")) missing",
            "copy \(Self.name) again from the download")
    }

    /// Whether the system would load a file of the download, and why not; whether it does is `point`'s.
    mutating func checkLoading(
        _ point: String, _ name: String, _ library: SharedLibrary, _ path: String
    ) {
        let wanted = SharedLibrary.newestGlibc(library.neededVersions)
        let there = Self.systemGlibc()
        func text(_ version: [Int]?) -> String {
            version.map { $0.map(String.init).joined(separator: ".") } ?? "?"
        }
        if let wanted, let there, there.lexicographicallyPrecedes(wanted) {
            add(
                point, .error,
                "\(path) needs glibc \(text(wanted)), this system has \(text(there))",
                "use the file of the download, which needs 2.17, or a newer system")
            return
        }
        if Self.isNoExec(path) {
            add(
                point, .error, "\(path) lies on a disk that is mounted noexec",
                "move the mod's folder to another disk, or mount that one without noexec")
            return
        }
        guard unsafe bb_path_kind(Self.loader) == Int32(BB_KIND_FILE) else {
            add(
                point, .warning, "\(path): this system has no \(Self.loader) to try it with",
                "the server itself needs glibc: see whether this is the server's system")
            return
        }
        // The loader lays the library out and prints what it found; no code of it runs.
        guard
            let trial = try? ProgramTrial.run([
                Self.loader, "--list", LogFolder.absolute(path) ?? path,
            ])
        else {
            add(point, .note, "\(path): \(Self.loader) can't be started to try it")
            return
        }
        let complaints = trial.output.split(separator: "\n").filter {
            $0.contains("not found") || $0.contains("error") || $0.contains("cannot")
        }
        guard trial.code == 0, complaints.isEmpty else {
            add(
                point, .error,
                "\(path) can't be loaded: \(complaints.first ?? trial.output.prefix(200))",
                "install what is missing, or copy \(name) again from the download")
            return
        }
        add(
            point, .ok,
            "\(path) loads: it needs glibc \(text(wanted)), this system has \(text(there))")
    }

    /// The version that the file says, beside this program's.
    private mutating func checkVersion(_ path: String) {
        guard let version = Self.version(of: path) else {
            add(
                "version", .warning, "\(path) does not tell its version: it is not this recorder's",
                "copy \(Self.name) from the download over OCAP's own")
            return
        }
        guard version == ProgramVersion.text else {
            add(
                "version", .warning,
                "the plug-in is of version \(version), this program of \(ProgramVersion.text)",
                "copy all files of one download")
            return
        }
        add("version", .ok, "\(version), the same as this program's")
    }

    static func version(of path: String) -> String? {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size(),
            let bytes = try? file.read(limit: min(size, 64 << 20))
        else { return nil }
        let mark = versionMark
        var at = 0
        while at + mark.count < bytes.count {
            if bytes[at] == mark[0], bytes[at..<(at + mark.count)].elementsEqual(mark) {
                let rest = bytes[(at + mark.count)...].prefix(100)
                guard let end = rest.firstIndex(of: 0) else { return nil }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            at += 1
        }
        return nil
    }

    /// The newest version of symbols that the C library of this system defines.
    private static func systemGlibc() -> [Int]? {
        for folder in libraryFolders {
            let path = Paths.join(folder, "libc.so.6")
            if let library = try? SharedLibrary(path: path),
                let version = SharedLibrary.newestGlibc(library.definedVersions)
            {
                return version
            }
        }
        return nil
    }

    private static func isNoExec(_ path: String) -> Bool {
        var facts = statvfs()
        guard unsafe statvfs(path, &facts) == 0 else { return false }
        return facts.f_flag & 8 != 0
    }
}
