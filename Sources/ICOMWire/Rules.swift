// What names may look like, and the texts of replies that clients and scripts test for.

/// Names of servers.
public enum ServerName {
    /// Longest in bytes.
    public static let limitBytes = 64
    /// What a health check registers as: never listed, never the receiver of a broadcast.
    public static let health: StaticString = "__health"

    /// 1 to 64 bytes: letters, digits, `_`, `-`, `.`. (`@` is kept for hubs that know each other.)
    public static func isValid(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name.count <= limitBytes else { return false }
        for byte in name {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                continue
            default: return false
            }
        }
        return true
    }
}

/// Names of events.
public enum EventName {
    /// Longest in bytes.
    public static let limitBytes = 128
    /// Carries a confirmation from one plug-in to another; never reaches a script.
    public static let confirmation: StaticString = "icom_confirm"

    /// 1 to 128 bytes without control characters.
    public static func isValid(_ name: Span<UInt8>) -> Bool {
        guard !name.isEmpty, name.count <= limitBytes else { return false }
        for index in 0..<name.count where name[index] < 0x20 || name[index] == 0x7F {
            return false
        }
        return true
    }
}

/// Longest `message_id` that an `ack` repeats, in bytes.
public let messageIDLimitBytes = 64

/// What a peer can announce in `caps`.
public enum Capability {
    /// It answers `ping` with `pong`.
    public static let ping: StaticString = "ping"
    /// It confirms events of an outbox to their sender, and drops repeats.
    public static let outbox: StaticString = "outbox"
}

/// Texts of the hub. Old clients and scripts look for some of them: they never change.
public enum HubText {
    /// `register` on a connection that is registered.
    public static let registerTwice: StaticString =
        "Cannot register twice or kill handle missing"
    /// `event` or `broadcast` before `register`.
    public static let notRegistered: StaticString = "Not registered"
    /// More frames than the peer may send.
    public static let rateLimit: StaticString = "Rate limit"
    /// A line beyond the limit.
    public static let lineTooLong: StaticString = "Line too long"
    /// Another connection took the name.
    public static let replaced: StaticString = "Replaced by new session"
    /// The name is taken, and stays so.
    public static let idInUse: StaticString = "Server id in use"
    /// The token is wrong or missing.
    public static let authenticationFailed: StaticString = "Authentication failed"
    /// A name that is none.
    public static let invalidID: StaticString =
        "Invalid server_id: 1 to 64 letters, digits, '_', '-' or '.'"
    /// An event's name that is none.
    public static let invalidEventName: StaticString =
        "Invalid event_name: 1 to 128 bytes without control characters"

    /// `Target server '<id>' not found`
    public static func notFound(_ target: [UInt8]) -> [UInt8] {
        Array("Target server '".utf8) + target + Array("' not found".utf8)
    }

    /// `Target server '<id>' is busy`
    public static func busy(_ target: [UInt8]) -> [UInt8] {
        Array("Target server '".utf8) + target + Array("' is busy".utf8)
    }
}
