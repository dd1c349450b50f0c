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

    /// Loads the plug-in, records a mission, lets it start the compactor; then reads it all back, with
    /// the static program, on the same system.
    @Test(arguments: System.allCases)
    func thePlugInAndTheCommandLineRunOn(_ system: System) throws {
        let userland = try Userland(
            system.rawValue.split(separator: " ").map(String.init),
            test: "thePlugInAndTheCommandLineRunOn")
        let server = try Server(compactor: false)
        try FileManager.default.copyItem(
            at: Built.blackbox, to: server.mod.appending(path: "blackbox"))
        try FileManager.default.copyItem(
            at: Built.armahost, to: server.root.appending(path: "armahost"))
        let mission = try server.mission(["--seed", "11", "--minutes", "1", "--recordings", "1"])

        let ran = try userland.enter(
            "cd server && ../armahost ../@ocap/\(Built.plugin.lastPathComponent) "
                + "../\(mission.stream.lastPathComponent) --wait-saved", work: server.root)
        #expect(ran.code == 0, "\(ran.text.suffix(500)) \(ran.errors)")
        #expect(try server.replays().count == 1)
        #expect(ran.text.contains(":MISSION:SAVED: [\"ok\",\""))

        let verified = try userland.enter(
            "cd server && ../@ocap/blackbox verify", work: server.root)
        #expect(verified.code == 0, "\(verified.text) \(verified.errors)")
        let dumped = try userland.enter(
            "cd server && ../@ocap/blackbox dump --json", work: server.root)
        #expect(dumped.code == 0, "\(dumped.errors)")
        let calls = dumped.lines.count { $0.contains("\"kind\":\"call\"") }
        #expect(calls == mission.summary.calls)
    }
}
