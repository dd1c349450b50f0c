// The built files on other systems than the one they were built on: an old Debian (glibc 2.31) and the
// newest one that the package mirror has. Tools/lib/userland gets their files and enters them.

import Foundation
import Testing

@Suite(.needsBuild, .serialized) struct UserlandTests {
    /// The names to try, best first.
    enum System: String, CaseIterable {
        case old = "bullseye"
        case newest = "sid trixie testing stable"
    }

    static let tool = Built.package.appending(path: "Tools/lib/userland")

    /// Loads the plug-in, records a mission, lets it start the compactor; then reads it all back, with
    /// the static program, on the same system.
    @Test(arguments: System.allCases)
    func thePlugInAndTheCommandLineRunOn(_ system: System) throws {
        let userland = try folder(of: system)
        let server = try Server(compactor: false)
        try FileManager.default.copyItem(
            at: Built.blackbox, to: server.mod.appending(path: "blackbox"))
        try FileManager.default.copyItem(
            at: Built.armahost, to: server.root.appending(path: "armahost"))
        let mission = try server.mission(["--seed", "11", "--minutes", "1", "--recordings", "1"])

        let ran = try enter(
            userland, server,
            "cd server && ../armahost ../@ocap/\(Built.plugin.lastPathComponent) "
                + "../\(mission.stream.lastPathComponent) --wait-saved")
        #expect(ran.code == 0, "\(ran.text.suffix(500)) \(ran.errors)")
        #expect(try server.replays().count == 1)
        #expect(ran.text.contains(":MISSION:SAVED: [\"ok\",\""))

        let verified = try enter(userland, server, "cd server && ../@ocap/blackbox verify")
        #expect(verified.code == 0, "\(verified.text) \(verified.errors)")
        let dumped = try enter(userland, server, "cd server && ../@ocap/blackbox dump --json")
        #expect(dumped.code == 0, "\(dumped.errors)")
        let calls = dumped.lines.count { $0.contains("\"kind\":\"call\"") }
        #expect(calls == mission.summary.calls)
    }

    private func folder(of system: System) throws -> String {
        let names = system.rawValue.split(separator: " ").map(String.init)
        let ran = try run(Self.tool, ["folder"] + names, in: Built.package, limitSeconds: 1_200)
        if ran.code == 3, ProcessInfo.processInfo.environment["CI"] != "true" {
            // A cancelled case is not told of; Tools/test repeats such a line.
            print("Test thePlugInAndTheCommandLineRunOn(\(names[0])) skipped: \(ran.errors)")
            try Test.cancel("\(ran.errors)")
        }
        guard ran.code == 0, let line = ran.lines.last else {
            throw TestFailure("Tools/lib/userland ended with \(ran.code): \(ran.errors)")
        }
        return String(line)
    }

    private func enter(_ userland: String, _ server: Server, _ command: String) throws -> Ran {
        try run(
            Self.tool, ["run", userland, server.root.path, "sh", "-c", command], in: Built.package)
    }
}
