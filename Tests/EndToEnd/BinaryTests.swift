// The files themselves: what they need, what they show, how large they are.

import Foundation
import Testing

@Suite(.needsBuild) struct BinaryTests {
    /// Versions named by `objdump -T` for the symbols that a file needs from glibc.
    private func glibcVersions(_ file: URL) throws -> [(symbol: String, version: [Int])] {
        let ran = try runTool("objdump", ["-T", file.path], in: Built.folder)
        try #require(ran.code == 0, "\(ran.errors)")
        return ran.lines.compactMap { line in
            guard line.contains("*UND*"), let at = line.range(of: "GLIBC_") else { return nil }
            let version = line[at.upperBound...].prefix { $0.isNumber || $0 == "." }
            return (
                line.split(separator: " ").last.map(String.init) ?? "",
                version.split(separator: ".").compactMap { Int($0) }
            )
        }
    }

    /// Without a number it is a symbol that glibc keeps for itself (GLIBC_PRIVATE) and may drop any day.
    private func isAtMost217(_ version: [Int]) -> Bool {
        !version.isEmpty && version.lexicographicallyPrecedes([2, 17, 1])
    }

    @Test func onlyNumberedVersionsUpTo217AreTakenForOld() {
        for (version, isOld) in [
            ([], false), ([2, 2, 5], true), ([2, 17], true), ([2, 18], false), ([2, 34], false),
        ] {
            #expect(isAtMost217(version) == isOld, "\(version)")
        }
    }

    @Test(arguments: [Built.plugin, Built.icom, Built.armahost])
    func noSymbolIsNewerThanGlibc217(file: URL) throws {
        let versions = try glibcVersions(file)
        #expect(!versions.isEmpty)
        let newer = versions.filter { !isAtMost217($0.version) }
        #expect(newer.isEmpty, "\(newer)")
    }

    @Test(arguments: [Built.plugin, Built.icom])
    func whatTheGameLoadsNeedsOnlyLibc(file: URL) throws {
        let ran = try runTool("objdump", ["-p", file.path], in: Built.folder)
        let needed = ran.lines.filter { $0.contains("NEEDED") }.map {
            String($0.split(separator: " ").last ?? "")
        }
        // libpthread and libdl are parts of the C library; old systems keep them in files of their own.
        let libc: Set = ["libc.so.6", "libpthread.so.0", "libdl.so.2"]
        #expect(Set(needed).isSubset(of: libc), "\(needed)")
        let resolved = try runTool("ldd", [file.path], in: Built.folder)
        #expect(!resolved.text.contains("not found"))
        #expect(!resolved.text.contains("libstdc++") && !resolved.text.contains("libswift"))
    }

    @Test func thePlugInShowsExactlyTheEnginesSymbols() throws {
        let ran = try runTool("objdump", ["-T", Built.plugin.path], in: Built.folder)
        let shown = ran.lines.filter { $0.contains("RVExtension") || $0.contains(" .") }
            .filter { !$0.contains("*UND*") && !$0.contains("file format") }
        let names = Set(shown.compactMap { $0.split(separator: " ").last.map(String.init) })
        #expect(
            names == [
                "RVExtension", "RVExtensionArgs", "RVExtensionVersion", "RVExtensionContext",
                "RVExtensionRegisterCallback", "RVExtensionFeatureFlags",
            ])
        let flags = shown.first { $0.hasSuffix("RVExtensionFeatureFlags") } ?? ""
        #expect(flags.contains(" DO "), "the flags must be a variable: \(flags)")
    }

    @Test func theClientOfTheHubShowsOneSymbol() throws {
        let ran = try runTool("objdump", ["-T", Built.icom.path], in: Built.folder)
        let shown = ran.lines.filter {
            $0.contains(" .") && !$0.contains("*UND*") && !$0.contains("file format")
        }
        let names = shown.compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(names == ["blackbox_icom_start"])
    }

    @Test func thePlugInIsSmall() throws {
        let size = try Built.plugin.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? .max
        #expect(size < 200_000)
    }

    @Test func theCommandLineIsStatic() throws {
        let ran = try runTool("objdump", ["-p", Built.blackbox.path], in: Built.folder)
        #expect(ran.code == 0)
        #expect(!ran.text.contains("NEEDED"))
        #expect(!ran.text.contains("INTERP"))
    }

    @Test func eachCommandHasHelp() throws {
        for command in [
            "compact", "recover", "verify", "dump", "follow", "archive", "tidy", "stats",
            "server-log", "doctor",
        ] {
            let ran = try run(Built.blackbox, [command, "--help"], in: Built.folder)
            #expect(ran.code == 0, "\(command)")
            #expect(ran.text.contains("blackbox \(command)"), "\(command)")
        }
        let ran = try run(Built.blackbox, ["compact", "--no-such-option"], in: Built.folder)
        #expect(ran.code == 2)
    }
}
