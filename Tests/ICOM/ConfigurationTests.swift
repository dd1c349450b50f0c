// config.toml: what is read, and what stops the start.

import Testing

@testable import ICOM

@Suite struct ConfigurationTests {
    @Test func everyKeyIsRead() throws {
        let read = try HubConfiguration.read(
            """
            [server]
            host = "::"
            port = 9999
            require_register = false
            on_duplicate = "reject"
            lenient_ids = true
            unknown = "is ignored"
            [limits]
            max_line = 5000
            max_connections = 1
            max_per_address = 2
            queue_frames = 3
            queue_bytes = 4096
            frames_per_second = 0.5
            burst = 4
            [timeouts]
            register = 1.5
            idle = 2
            write = 3
            full = 4
            [auth]
            token = "t"
            tokens = { a = "x", "b.c" = "y" }
            [tls]
            cert = "c.pem"
            key = "k.pem"
            client_ca = "ca.pem"
            port = 9998
            [metrics]
            listen = "[::1]:9191"
            """, file: "config.toml")
        var wanted = HubConfiguration()
        wanted.host = "::"
        wanted.port = 9_999
        wanted.tls = .init()
        wanted.tls?.certificate = "c.pem"
        wanted.tls?.key = "k.pem"
        wanted.tls?.clientCA = "ca.pem"
        wanted.tls?.port = 9_998
        wanted.metrics = ("::1", 9_191)
        wanted.rules.requireRegister = false
        wanted.rules.onDuplicate = .reject
        wanted.rules.lenientIDs = true
        wanted.rules.maxLine = 5_000
        wanted.rules.maxConnections = 1
        wanted.rules.maxPerAddress = 2
        wanted.rules.queueFrames = 3
        wanted.rules.queueBytes = 4_096
        wanted.rules.framesPerSecond = 0.5
        wanted.rules.burst = 4
        wanted.rules.registerTimeout = 1.5
        wanted.rules.idleTimeout = 2
        wanted.rules.writeTimeout = 3
        wanted.rules.fullTimeout = 4
        wanted.rules.token = "t"
        wanted.rules.tokens = ["a": "x", "b.c": "y"]
        #expect(read == wanted)
    }

    @Test func anEmptyFileGivesTheDefaults() throws {
        #expect(try HubConfiguration.read("", file: "config.toml") == HubConfiguration())
    }

    @Test(arguments: [
        ("[server]\nport = = 3", 2, 8), ("[server]\n  port = \"9090\"", 2, 3),
        ("[server]\nport = 70000", 2, 1), ("[server]\nhost = 1", 2, 1),
        ("[server]\non_duplicate = \"maybe\"", 2, 1), ("server = 3", 1, 1),
        ("[limits]\nmax_line = 10", 2, 1), ("[metrics]\nlisten = \"0.0.0.0:9191\"", 2, 1),
        ("[metrics]\nlisten = \"here\"", 2, 1), ("[auth]\ntokens = 5", 2, 1),
        ("[auth]\n[auth.tokens]\na = 5", 2, 1), ("[tls]\ncert = \"c\"", 1, 1),
    ])
    func whatIsWrongIsNamedWithItsPlace(text: String, line: Int, column: Int) {
        let error = #expect(throws: HubConfigurationError.self) {
            try HubConfiguration.read(text, file: "config.toml")
        }
        // A key that is missing is named without a place.
        if error?.line != 0 {
            #expect(error?.line == line && error?.column == column, "\(error!)")
        }
    }
}
