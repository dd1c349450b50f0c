// What the hub's owner can set: config.toml, with its defaults. docs/icom.md has the keys as a table.

/// The hub's settings.
public struct HubConfiguration: Sendable, Equatable {
    /// What happens when a name is claimed that somebody has.
    public enum Duplicates: Sendable {
        /// The newcomer gets it, the other is closed.
        case replace
        /// The other keeps it.
        case reject
    }

    /// A certificate and its key: TLS is spoken on a port of its own.
    public struct TLS: Sendable, Equatable {
        /// PEM file with the hub's certificate and those between it and its root.
        public var certificate = ""
        /// PEM file with the certificate's key.
        public var key = ""
        /// PEM file: clients must show a certificate that one of these signed. Empty: they need none.
        public var clientCA = ""
        /// 0: any free port.
        public var port = 9091
    }

    /// Address that is listened on: IPv4, IPv6 (`::`), or a name.
    public var host = "127.0.0.1"
    /// 0: any free port (the log tells which).
    public var port = 9090
    /// Nil: no TLS.
    public var tls: TLS?
    /// Address and port of the metrics page, nil: none. Loopback only.
    public var metrics: (host: String, port: Int)?
    /// What SIGHUP reads again.
    public var rules = HubRules()

    /// The defaults.
    public init() {}

    /// Field by field (tuples are not Equatable).
    public static func == (a: Self, b: Self) -> Bool {
        a.host == b.host && a.port == b.port && a.tls == b.tls && a.rules == b.rules
            && a.metrics?.host == b.metrics?.host && a.metrics?.port == b.metrics?.port
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}

/// Limits, time-outs and tokens: what can be changed while the hub runs.
public struct HubRules: Sendable, Equatable {
    /// Only registered peers may send.
    public var requireRegister = true
    /// Two that claim one name.
    public var onDuplicate = HubConfiguration.Duplicates.replace
    /// Any name but the empty one, up to the longest line.
    public var lenientIDs = false

    /// Bytes of a line, without its end.
    public var maxLine = 1 << 20
    /// Connections in all; further ones are closed at once.
    public var maxConnections = 256
    /// Connections from one address.
    public var maxPerAddress = 8
    /// Frames that may wait for one peer.
    public var queueFrames = 4_096
    /// Bytes that may wait for one peer.
    public var queueBytes = 8 << 20
    /// Frames that one peer may send, on average.
    public var framesPerSecond = 200.0
    /// Frames that one peer may send at once.
    public var burst = 1_000.0

    /// Seconds until a new connection must have registered.
    public var registerTimeout = 10.0
    /// Seconds without a sign of life from a peer that answers `ping`.
    public var idleTimeout = 90.0
    /// Seconds that one write may take.
    public var writeTimeout = 15.0
    /// Seconds that a peer's queue may stay full.
    public var fullTimeout = 30.0

    /// One token for all, empty: none.
    public var token = ""
    /// Tokens by server name.
    public var tokens: [String: String] = [:]

    /// Whether anybody may register.
    public var isOpen: Bool { token.isEmpty && tokens.isEmpty }

    /// The defaults.
    public init() {}

    /// Whether this name with this token may register. Takes as long whichever byte is wrong.
    func admits(_ name: [UInt8], _ shown: [UInt8]?) -> Bool {
        if isOpen { return true }
        // A server that is not in the list needs the common token; where there is none, it can't show any.
        let wanted = Array((tokens[String(decoding: name, as: UTF8.self)] ?? token).utf8)
        guard let shown, !wanted.isEmpty else { return false }
        var difference = shown.count ^ wanted.count
        for index in shown.indices {
            difference |= Int(shown[index] ^ wanted[index % wanted.count])
        }
        return difference == 0
    }
}
