// The hub's client is a file of its own beside the plug-in: loaded when a hub is asked for, refused without
// harm to the game, and tried again at the next `icom:connect`. docs/icom.md, "The plug-in".

import Foundation
import Testing

extension IcomTests {
    /// Files that are loaded and then refused.
    enum Stranger: CaseIterable {
        /// Some other library.
        case anotherLibrary
        /// The client of another release.
        case anotherRelease

        func put(at library: URL) throws {
            try FileManager.default.removeItem(at: library)
            let headers = Built.package.appending(path: "Sources/CPlatform/include").path
            try Compiler.makeLibrary(source, at: library, ["-I", headers])
        }

        private var source: String {
            switch self {
            case .anotherLibrary: "int something;"
            case .anotherRelease:
                """
                #include "CPlatform.h"
                const char *blackbox_icom_start(struct bb_icom *shared) {
                    return shared->version == BB_ICOM_VERSION + 1
                        ? 0 : "it is not of the plug-in's version: both come with one release";
                }
                """
            }
        }

        func reason(_ library: URL) -> String {
            switch self {
            case .anotherLibrary: "\(library.path): undefined symbol: blackbox_icom_start"
            case .anotherRelease: "it is not of the plug-in's version: both come with one release"
            }
        }
    }

    /// The loader takes a file by its name from memory as long as it is there.
    @Test(.enabled(if: Compiler.isThere, Compiler.comment), arguments: Stranger.allCases)
    func aRefusedClientGoesAgainAndTheRightOneInItsPlaceConnects(stranger: Stranger) throws {
        let hub = try HubProcess()
        let server = try IcomServer("alpha", port: hub.port, outbox: false)
        try stranger.put(at: server.library)
        let game = try server.game(
            [":SYS:VERSION:", ":SYS:INIT:", "icom:ready"]
                + (0..<1_000).flatMap { _ in
                    [
                        "icom:connect\t\"127.0.0.1:\(hub.port)\"\t\"alpha\"", "@frame",
                        "@frame", "@frame", "icom:status",
                        "icom:send_event\t\"alpha\"\t\"n\"\t\"7\"",
                    ]
                })
        let reason = stranger.reason(server.library)
        let failure =
            #"icom icom_failed ["","icom:connect","ocap_recorder_icom.so can't be loaded: "#
            + reason + #""]"#
        try game.wait("it is refused, again and again") {
            game.callbacks.filter { $0 == failure }.count >= 3
                && game.replies.contains(#"{"state":"stopped"}"#)
        }
        #expect(game.replies.contains("ERROR: Not connected to ICOM server"))
        #expect(game.callbacks.contains { $0.hasPrefix("ocap_recorder :SYS:READY:") })
        #expect(server.logText.contains(reason))
        try game.wait("nothing of it is left in the game") { !game.hasLibrary }
        // At once, as `install` and a download do it: half a file would be tried, too.
        let fresh = server.server.mod.appending(path: "fresh")
        try FileManager.default.copyItem(at: Built.icom, to: fresh)
        #expect(rename(fresh.path, server.library.path) == 0)
        try game.wait("the right one connects") {
            game.replies.last { $0.hasPrefix("{") }.flatMap { IcomStatus($0) }?.state == "online"
        }
        try game.wait("an event comes") { game.received.contains(7) }
        try game.end()
    }

    @Test func aServerWithoutAHubNeverLoadsTheClient() throws {
        let server = try IcomServer("alpha", port: nil)
        let game = try server.game([
            ":SYS:VERSION:", "icom:status", "icom:ready", "icom:disconnect",
            "icom:send_event\t\"b\"\t\"e\"\t\"1\"", "@sleep 200", "icom:status",
            "icom:connect\t\"127.0.0.1:1\"\t\"alpha\"",
        ])
        let not = "ERROR: Not connected to ICOM server"
        try game.wait("the calls are answered") { game.replies.count >= 6 }
        #expect(
            Array(game.replies[1..<6])
                == [#"{"state":"idle"}"#, "OK", not, not, #"{"state":"idle"}"#])
        // A script that names a hub has it loaded.
        try game.wait("the client is loaded") { game.hasLibrary }
        #expect(game.replies.last == "Connection initiated")
    }

    @Test(arguments: [nil, "no library"])
    func aMissingOrBrokenClientIsNamedAndEverythingElseWorks(content: String?) throws {
        let server = try IcomServer("alpha", port: 1)
        try FileManager.default.removeItem(at: server.library)
        try content?.write(to: server.library, atomically: true, encoding: .utf8)
        let game = try server.game([
            "@sleep 200", "icom:status", "icom:send_event\t\"b\"\t\"e\"\t\"1\"",
            "icom:connect\t\"127.0.0.1:1\"\t\"alpha\"", ":SYS:VERSION:", ":SYS:INIT:",
        ])
        try game.wait("the calls are answered, and the failure told twice") {
            game.replies.count >= 4
                && game.callbacks.filter { $0.hasPrefix("icom icom_failed ") }.count >= 2
        }
        #expect(game.replies[0] == #"{"state":"stopped"}"#)
        #expect(game.replies[1] == "ERROR: Not connected to ICOM server")
        #expect(game.replies[2] == "Connection initiated")
        let path = server.library.path
        let reason =
            content == nil
            ? "\(path): cannot open shared object file: No such file or directory"
            : "\(path): file too short"
        #expect(
            game.callbacks.contains(
                #"icom icom_failed ["","icom:connect","ocap_recorder_icom.so can't be loaded: \#(reason)"]"#
            ))
        #expect(game.callbacks.contains { $0.hasPrefix("ocap_recorder :SYS:READY:") })
        let log = server.logText
        #expect(log.contains(#"level=ERROR msg="icom: the hub's client can't be loaded""#))
        #expect(log.contains(path) && log.contains(reason))
    }
}
