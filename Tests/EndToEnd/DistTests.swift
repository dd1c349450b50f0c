// What a server owner downloads: everything is in it, and it works where nothing else is installed.

import Foundation
import Testing

/// The newest archive in build/dist, unpacked for one test.
private final class Download {
    static let folder = Built.folder.appending(path: "dist", directoryHint: .isDirectory)
    static let archive: URL? = {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        func date(_ file: URL) -> Date {
            let values = try? file.resourceValues(forKeys: [.contentModificationDateKey])
            return values?.contentModificationDate ?? .distantPast
        }
        return files?.filter { $0.lastPathComponent.hasSuffix(".tar.gz") }
            .max { date($0) < date($1) }
    }()

    let root: URL
    var mod: URL { root.appending(path: "@blackbox", directoryHint: .isDirectory) }

    init() throws {
        let archive = try #require(Self.archive)
        root = FileManager.default.temporaryDirectory.appending(
            path: "blackbox download \(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let ran = try runTool("tar", ["-xzf", archive.path], in: root)
        guard ran.code == 0 else { throw TestFailure("tar: \(ran.errors)") }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Paths below the mod's folder.
    func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: mod.path)
    }
}

@Suite(
    .needsBuild, .serialized,
    .enabled(if: Download.archive != nil, "not built: run Tools/build dist"))
struct DistTests {
    @Test func everythingIsInItAndItsSumsAgree() throws {
        let download = try Download()
        let names = Set(try download.names())
        let wanted: Set = [
            "ocap_recorder_x64.so", "ocap_recorder_icom.so", "ocap_recorder_x64.dll", "blackbox",
            "blackbox.exe",
            "ocap_recorder.cfg.example.json", "README.md", "LICENSE", "CHANGELOG.md", "SHA256SUMS",
            "completions/blackbox.bash", "completions/_blackbox", "completions/blackbox.fish",
            "man/man1/blackbox.1", "man/man1/blackbox-recover.1", "man/man1/blackbox-doctor.1",
            "docs/configuration.md", "docs/windows.md",
        ]
        #expect(wanted.isSubset(of: names), "\(wanted.subtracting(names))")
        let sums = try runTool(
            "sha256sum", ["--check", "--strict", "SHA256SUMS"], in: download.mod)
        #expect(sums.code == 0, "\(sums.errors)")
        let listed = Set(
            try String(contentsOf: download.mod.appending(path: "SHA256SUMS"), encoding: .utf8)
                .split(separator: "\n").compactMap {
                    $0.split(separator: " ").last.map(String.init)
                })
        let files = names.filter {
            !download.mod.appending(path: $0).hasDirectoryPath && $0 != "SHA256SUMS"
                && (try? FileManager.default.contentsOfDirectory(
                    atPath: download.mod.appending(path: $0).path)) == nil
        }
        #expect(listed == files)
        // The other archive holds the same files.
        let zip = try #require(Download.archive).path.replacing(".tar.gz", with: ".zip")
        let inside = try runTool("zip", ["-sf", zip], in: download.root)
        #expect(inside.code == 0, "\(inside.errors)")
        for name in listed { #expect(inside.text.contains("@blackbox/\(name)\n"), "\(name)") }
    }

    @Test func theProgramsSayTheVersionInTheArchivesName() throws {
        let download = try Download()
        let archive = try #require(Download.archive).lastPathComponent
        let said = try run(
            download.mod.appending(path: "blackbox"), ["--version"], in: download.root)
        #expect(archive == "blackbox-\(said.lines.first ?? "").tar.gz")
    }

    @Test func noFileTellsWhereItWasBuilt() throws {
        let download = try Download()
        for name in ["ocap_recorder_x64.so", "blackbox", "blackbox.exe", "ocap_recorder_x64.dll"] {
            let bytes = try Data(contentsOf: download.mod.appending(path: name))
            #expect(bytes.range(of: Data(Built.package.path.utf8)) == nil, "\(name)")
        }
    }

    @Test func theManualsAreWellFormed() throws {
        let download = try Download()
        for name in try download.names() where name.hasSuffix(".1") {
            let page = try String(
                contentsOf: download.mod.appending(path: name), encoding: .utf8)
            #expect(page.hasPrefix(".TH \""), "\(name)")
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION"] {
                #expect(page.contains(".SH \(section)\n"), "\(name): \(section)")
            }
        }
    }

    /// Each command that the program's help names can be completed in three shells, and has a page.
    @Test func eachCommandHasItsManualAndItsCompletions() throws {
        let download = try Download()
        let names = Set(try download.names())
        for program in ["blackbox", "blackbox-net", "blackbox-pg"] where names.contains(program) {
            // It may need a library that is not here; what it says of itself is in the archive all the same.
            let page = download.mod.appending(path: "man/man1/\(program).1")
            let text = try String(contentsOf: page, encoding: .utf8)
            let list = try #require(text.components(separatedBy: ".SH SUBCOMMANDS\n").last)
            let commands = list.components(separatedBy: ".SH ")[0].split(separator: "\n")
                .filter { $0.hasPrefix("  ") && $0.dropFirst(2).first?.isLowercase ?? false }
                .compactMap { $0.split(separator: " ").first }
                .map { $0.replacing("\\-", with: "-") }
            #expect(commands.count > 2, "\(program): \(commands)")
            for command in commands {
                #expect(names.contains("man/man1/\(program)-\(command).1"), "\(command)")
            }
            for file in ["\(program).bash", "_\(program)", "\(program).fish"] {
                let script = try String(
                    contentsOf: download.mod.appending(path: "completions/" + file), encoding: .utf8
                )
                for command in commands {
                    #expect(script.contains(command), "\(file): \(command)")
                }
            }
        }
    }

    /// Unpacked on a Debian 11 with nothing but its essential packages: a mission, a kill, a restart, and
    /// the replay is there.
    @Test func itWorksOnABareSystem() throws {
        let userland = try Userland(["bullseye"], test: "itWorksOnABareSystem")
        let download = try Download()
        let server = try Server(compactor: false)
        let mission = try server.mission(["--seed", "3", "--minutes", "1", "--recordings", "1"])
        let stay = try server.stream([":SYS:INIT:", "@sleep 2000"])
        for file in [mission.stream, stay, Built.armahost] {
            try FileManager.default.copyItem(
                at: file, to: download.root.appending(path: file.lastPathComponent))
        }
        let folder = download.root.appending(path: "server", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let host = "cd server && ../armahost ../@blackbox/ocap_recorder_x64.so "

        let killed = try userland.enter(
            host + "../\(mission.stream.lastPathComponent) --kill-after 2000 --quiet",
            work: download.root)
        #expect(killed.code == 137, "\(killed.errors)")
        let orphaned = try userland.enter(
            "cd server && ../@blackbox/blackbox doctor --json", work: download.root)
        #expect(orphaned.text.contains("{\"point\":\"plug-in\",\"severity\":\"ok\""))
        #expect(orphaned.text.contains("{\"point\":\"orphaned logs\""), "\(orphaned.text)")

        let recordings = folder.appending(path: "recordings")
        func replays() -> [String] {
            let names = try? FileManager.default.contentsOfDirectory(atPath: recordings.path)
            return (names ?? []).filter { $0.hasSuffix(".json.gz") }
        }
        try waitUntil("the replay of the killed mission is there", limitSeconds: 240) {
            let again = try userland.enter(
                host + "../\(stay.lastPathComponent) --fps 50 --quiet", work: download.root)
            #expect(again.code == 0, "\(again.errors)")
            return replays().count == 1
        }
        let stats = try userland.enter(
            "cd server && ../@blackbox/blackbox stats", work: download.root)
        #expect(stats.code == 0 && stats.text.contains("longest"), "\(stats.text)\(stats.errors)")
        let saved = try userland.enter(
            host + "../\(mission.stream.lastPathComponent) --wait-saved", work: download.root)
        #expect(saved.code == 0 && saved.text.contains(":MISSION:SAVED: [\"ok\""))
        #expect(replays().count == 2)
    }
}
