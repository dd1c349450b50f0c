// `blackbox hub` and `blackbox icom` as programs: what a terminal, a service manager and Prometheus see of
// them. What the hub does with frames is tested in Tests/ICOM.

import Foundation
import Testing

@Suite(.needsNet) struct HubProgramTests {
    /// `blackbox icom …` at that hub.
    private func icom(_ hub: HubProcess, _ arguments: [String]) throws -> Ran {
        try run(
            Built.net, ["icom"] + arguments + ["--hub", "127.0.0.1:\(hub.port)"], in: Built.folder)
    }

    @Test func terminalsSendListenAndList() throws {
        let hub = try HubProcess()
        let listener = try Running.byLines(
            Built.net,
            [
                "icom", "listen", "--id", "watcher", "--count", "2", "--hub",
                "127.0.0.1:\(hub.port)",
            ],
            in: Built.folder)
        try waitUntil("the listener is registered") {
            try icom(hub, ["servers"]).text == "watcher\n"
        }
        #expect(try icom(hub, ["servers", "--json"]).text == "[\"watcher\"]\n")
        let sent = try icom(hub, ["send", "watcher", "convoy", #"{"trucks":3}"#, "--id", "base"])
        #expect(sent.code == 0, "\(sent.errors)")
        #expect(try icom(hub, ["broadcast", "restart", "10", "--id", "base"]).code == 0)
        #expect(try listener.waitForEnd() == 0)
        #expect(
            try listener.takeLines() == [
                #"{"event":"convoy","from":"base","data":{"trucks":3}}"#,
                #"{"event":"restart","from":"base","data":10}"#,
            ])
        let refused = try icom(hub, ["send", "nobody", "x"])
        #expect(refused.code == 1)
        #expect(refused.errors.contains("Target server 'nobody' not found"))
        let unreadable = try icom(hub, ["send", "watcher", "x", "{"])
        #expect(unreadable.code != 0)
        try hub.kill()
        #expect(try icom(hub, ["servers"]).code == 1)
    }

    @Test func aSignalReadsTheTokensAgainAndAnotherEndsIt() throws {
        let hub = try HubProcess("[auth]\ntoken = \"first\"")
        func isAccepted(_ token: String) throws -> Bool {
            try icom(hub, ["servers", "--token", token]).code == 0
        }
        #expect(try isAccepted("first"))
        #expect(try !isAccepted("second"))
        try hub.write("[auth]\ntoken = \"second\"")
        hub.running?.send(SIGHUP)
        try waitUntil("the new token counts") { try isAccepted("second") }
        #expect(try !isAccepted("first"))
        // A file that is wrong changes nothing.
        try hub.write("[auth\n")
        hub.running?.send(SIGHUP)
        var log = ""
        try waitUntil("the mistake is told") {
            log += try hub.running?.takeLines().joined(separator: "\n") ?? ""
            return log.contains("nothing is changed")
        }
        #expect(try isAccepted("second"))
        hub.running?.send(SIGTERM)
        #expect(try hub.running?.waitForEnd() == 0)
    }

    @Test func aWrongConfigurationStopsTheStartWithItsPlace() throws {
        let folder = try Scratch()
        try "[server]\nport = \"x\"\n".write(
            to: folder.url.appending(path: "config.toml"), atomically: true, encoding: .utf8)
        let ran = try run(Built.net, ["hub"], in: folder.url)
        #expect(ran.code == 1)
        #expect(ran.errors.contains("config.toml") && ran.errors.contains("2"), "\(ran.errors)")
    }

    @Test func theHealthCheckSaysWhetherItIsThere() throws {
        let hub = try HubProcess()
        // Its port stands there now, in the place of 0.
        try hub.write("")
        #expect(try run(Built.net, ["hub", "--check"], in: hub.folder).code == 0)
        try hub.kill()
        #expect(try run(Built.net, ["hub", "--check"], in: hub.folder).code == 1)
    }

    @Test func prometheusReadsTheMetrics() throws {
        let hub = try HubProcess("[metrics]\nlisten = \"127.0.0.1:0\"")
        let port = try #require(hub.ports["metrics"])
        #expect(try icom(hub, ["send", "nobody", "x"]).code == 1)
        func page(_ path: String) throws -> Ran {
            try runTool(
                "curl", ["-sS", "-i", "http://127.0.0.1:\(port)\(path)"], in: Built.folder)
        }
        let metrics = try page("/metrics").text
        #expect(metrics.contains("200 OK"))
        #expect(metrics.lowercased().contains("content-type: text/plain"))
        #expect(metrics.contains("icom_connections_accepted_total 1"))
        #expect(metrics.contains(#"icom_frames_in_total{type="event"} 1"#))
        #expect(metrics.contains("not_found"))
        #expect(try page("/nothing").text.contains("404"))
    }

    @Test func clientsThatSpeakTLSAreServedOnAPortOfTheirOwn() throws {
        let folder = try Scratch()
        let made = try runTool(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
                "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem",
            ], in: folder.url)
        try #require(made.code == 0, "\(made.errors)")
        let path = folder.url.path
        let hub = try HubProcess(
            "[tls]\ncert = \"\(path)/cert.pem\"\nkey = \"\(path)/key.pem\"\nport = 0")
        let port = try #require(hub.ports["tls"])
        // Bytes that are no UTF-8 have the hub close.
        let script = """
            { echo '{"type":"register","server_id":"secret"}'; \
            echo '{"type":"event","target_server":"secret","event_name":"e","data":1}'; \
            printf '\\377\\n'; } |
            openssl s_client -quiet -verify_return_error -CAfile cert.pem -connect 127.0.0.1:\(port)
            """
        let ran = try run(URL(filePath: "/bin/sh"), ["-c", script], in: folder.url)
        #expect(ran.text.contains(#"{"type":"registered","session_id":""#), "\(ran.errors)")
        #expect(ran.text.contains(#""event_name":"e","data":1"#))
        // And nobody else: plain text there, TLS where plain text is spoken.
        let plain = try run(
            Built.net, ["icom", "servers", "--hub", "127.0.0.1:\(port)"], in: folder.url)
        #expect(plain.code == 1)
    }
}

/// A folder that goes with the value.
private final class Scratch {
    let url = FileManager.default.temporaryDirectory.appending(
        path: "blackbox-\(UUID().uuidString)", directoryHint: .isDirectory)

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
