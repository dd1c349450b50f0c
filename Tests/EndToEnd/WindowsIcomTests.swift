// The hub's client inside the plug-in for Windows, under Wine, against a game server on Linux.

import Foundation
import Testing

@Suite(.needsNet, .needsWine) struct WindowsIcomTests {
    @Test func theDLLSendsToLinuxAndReceivesFromThere() throws {
        let hub = try HubProcess()
        let linux = try IcomServer("linux", port: hub.port)
        let game = try linux.game(0..<3, to: "windows")
        let server = try WindowsServer(
            configuration: """
                {"blackbox": {"autorun": false, "icom": {"address": "127.0.0.1:\(hub.port)",
                 "serverId": "windows", "outbox": true}}}
                """)
        let stream = server.root.appending(path: "events.tsv")
        let wait = "@wait forge_icom_event 60"
        try [
            "icom:ready", wait, wait, wait, "icom:send_event\t\"linux\"\t\"n\"\t\"7\"",
            // When our own comes back, the hub has the other one, too.
            "icom:send_event\t\"windows\"\t\"n\"\t\"8\"", wait, "icom:status", "icom:servers", "",
        ].joined(separator: "\n").write(to: stream, atomically: true, encoding: .utf8)
        let ran = try server.play(stream, ["--fps", "50", "--echo"])
        #expect(ran.code == 0, "\(ran.errors)")
        let lines = ran.text.split(whereSeparator: \.isNewline)
        #expect(
            lines.filter { $0.contains("forge_icom_event") }
                == [0, 1, 2, 8].map { "callback icom forge_icom_event [\"n\",\($0)]" })
        #expect(lines.contains { $0.hasPrefix(#"< {"state":"online","server_id":"windows","#) })
        #expect(lines.contains(#"< ["linux","windows"]"#))
        try game.wait("the event for Linux") { game.received == [7] }
    }
}
