// The programs, as they lie in a mod folder: blackbox-pg beside blackbox.

import Foundation
import Testing

extension Built {
    /// The one of `Tools/build pg`, else the one that was built with these tests.
    static let blackboxPG: URL? = {
        let beside = URL(filePath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let debug = package.appending(path: ".build/debug/blackbox-pg")
        let candidates = [
            folder.appending(path: "blackbox-pg"), beside.appending(path: "blackbox-pg"), debug,
        ]
        let dates = candidates.filter { FileManager.default.isExecutableFile(atPath: $0.path) }
            .map { file in
                let values = try? file.resourceValues(forKeys: [.contentModificationDateKey])
                return (file, values?.contentModificationDate ?? .distantPast)
            }
        return dates.max { $0.1 < $1.1 }?.0
    }()
}

extension Trait where Self == ConditionTrait {
    static var needsPrograms: ConditionTrait {
        .enabled(
            if: PostgresServer.programs != nil && Built.areThere && Built.blackboxPG != nil,
            "no PostgreSQL server here (Debian: postgresql), or not built: Tools/build plugin tools pg"
        )
    }
}

extension Server {
    /// blackbox-pg, to its end.
    @discardableResult
    func blackboxPG(_ arguments: [String], environment: [String: String] = [:]) throws -> Ran {
        guard let program = Built.blackboxPG else { throw TestFailure("no blackbox-pg") }
        return try run(program, arguments, in: folder, environment: environment)
    }

    /// Puts both programs into the mod folder, where the plug-in finds one and that the other. As files:
    /// a program looks for its sibling where it really lies.
    func installPrograms(postgres: Bool = true) throws {
        let own = mod.appending(path: "blackbox")
        try? FileManager.default.removeItem(at: own)
        try FileManager.default.copyItem(at: Built.blackbox, to: own)
        guard postgres, let program = Built.blackboxPG else { return }
        try FileManager.default.createSymbolicLink(
            at: mod.appending(path: "blackbox-pg"), withDestinationURL: program)
    }

    /// A log of a generated mission; its folder's name.
    func record(_ options: [String]) throws -> (log: URL, summary: GeneratedSummary) {
        let (stream, summary) = try mission(options)
        let played = try play(stream, ["--quiet"])
        guard played.code == 0 else { throw TestFailure("armahost: \(played.errors)") }
        guard let log = try logFolders().last else { throw TestFailure("no log") }
        return (log, summary)
    }
}
