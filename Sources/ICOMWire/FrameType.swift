// The kinds of frames and the keys in them. docs/formats/icom.md has both as tables.

import Values

/// What a frame is for.
public enum FrameType: UInt8, CaseIterable, Sendable {
    /// Client → hub: claims a name.
    case register
    /// Hub → client: the name is yours.
    case registered
    /// Client → hub: for one server. Hub → client: somebody's event or broadcast.
    case event
    /// Client → hub: for all other servers.
    case broadcast
    /// Hub → client: what became of an event or broadcast.
    case ack
    /// Hub → client: a frame that could not be handled.
    case error
    /// Client → hub: who is there? Only from peers that announced something.
    case list
    /// Hub → client: who is there.
    case servers
    /// Are you there? Only to peers that announced it.
    case ping
    /// I am.
    case pong

    /// The word in the key `type`.
    public var word: StaticString {
        switch self {
        case .register: "register"
        case .registered: "registered"
        case .event: "event"
        case .broadcast: "broadcast"
        case .ack: "ack"
        case .error: "error"
        case .list: "list"
        case .servers: "servers"
        case .ping: "ping"
        case .pong: "pong"
        }
    }

    /// The original hub and clients know these.
    public var isOriginal: Bool { rawValue <= FrameType.error.rawValue }
}

/// What a field must be.
enum FieldKind: UInt8 {
    case any
    case text
    case flag
    case list

    /// Decides by a value's first byte, which tells its kind in JSON.
    func matches(_ first: UInt8) -> Bool {
        switch self {
        case .any: true
        case .text: first == UInt8(ascii: "\"")
        case .flag: first == UInt8(ascii: "t") || first == UInt8(ascii: "f")
        case .list: first == UInt8(ascii: "[")
        }
    }

    var word: StaticString {
        switch self {
        case .any: "a value"
        case .text: "a string"
        case .flag: "a boolean"
        case .list: "an array"
        }
    }
}

/// The keys that frames are read for; all others are ignored.
public enum FrameField: Int, CaseIterable, Sendable {
    case type
    case serverID
    case sessionID
    case targetServer
    case eventName
    case data
    case messageID
    case success
    case error
    case message
    case token
    case caps
    case proto
    case sourceServer
    case servers
    case confirms
    case outbox
    case confirm

    /// The key.
    public var key: StaticString {
        switch self {
        case .type: "type"
        case .serverID: "server_id"
        case .sessionID: "session_id"
        case .targetServer: "target_server"
        case .eventName: "event_name"
        case .data: "data"
        case .messageID: "message_id"
        case .success: "success"
        case .error: "error"
        case .message: "message"
        case .token: "token"
        case .caps: "caps"
        case .proto: "proto"
        case .sourceServer: "source_server"
        case .servers: "servers"
        case .confirms: "confirms"
        case .outbox: "outbox"
        case .confirm: "confirm"
        }
    }

    /// The field of a key: its length leaves a few to compare with.
    static func named(_ key: Span<UInt8>) -> FrameField? {
        switch key.count {
        case 4: return first(key, .type, .data, .caps)
        case 5: return first(key, .error, .token, .proto)
        case 6: return first(key, .outbox)
        case 7: return first(key, .success, .message, .servers, .confirm)
        case 8: return first(key, .confirms)
        case 9: return first(key, .serverID)
        case 10: return first(key, .eventName, .messageID, .sessionID)
        case 13: return first(key, .targetServer, .sourceServer)
        default: return nil
        }
    }

    private static func first(
        _ key: Span<UInt8>, _ a: FrameField, _ b: FrameField? = nil, _ c: FrameField? = nil,
        _ d: FrameField? = nil
    ) -> FrameField? {
        if key.elementsEqual(a.key) { return a }
        if let b, key.elementsEqual(b.key) { return b }
        if let c, key.elementsEqual(c.key) { return c }
        if let d, key.elementsEqual(d.key) { return d }
        return nil
    }
}
