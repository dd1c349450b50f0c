// The commands of the server side: the join gate and the server's own events. A call of
// one of them is kept as a named call, whether or not a mission runs. docs/server-events.md.

/// A command of the server side.
public enum ServerCommand: UInt8, CaseIterable, Sendable {
    case gateRequest
    case gateGo
    case gateKick
    case gateHold
    case gateReady
    case gateUnready
    case gatePolicy
    case gateRule
    case gateList
    case gateForget
    case gateStats
    case gateSelftest
    // The names that the game's wiki uses for the first three.
    case joinRequest
    case go
    case kick

    case doubleID
    case connected
    case disconnected
    case hacked
    case different
    case unsigned
    case kicked
    case check
    case chat
    case note

    case adminRequest
    case adminDone
    case adminNext

    /// The name as scripts send it.
    public var name: StaticString {
        switch self {
        case .gateRequest: "gate:request"
        case .gateGo: "gate:go"
        case .gateKick: "gate:kick"
        case .gateHold: "gate:hold"
        case .gateReady: "gate:ready"
        case .gateUnready: "gate:unready"
        case .gatePolicy: "gate:policy"
        case .gateRule: "gate:rule"
        case .gateList: "gate:list"
        case .gateForget: "gate:forget"
        case .gateStats: "gate:stats"
        case .gateSelftest: "gate:selftest"
        case .joinRequest: "joinRequest"
        case .go: "go"
        case .kick: "kick"
        case .doubleID: "sev:doubleId"
        case .connected: "sev:connected"
        case .disconnected: "sev:disconnected"
        case .hacked: "sev:hacked"
        case .different: "sev:different"
        case .unsigned: "sev:unsigned"
        case .kicked: "sev:kicked"
        case .check: "sev:check"
        case .chat: "sev:chat"
        case .note: "sev:note"
        case .adminRequest: "admin:request"
        case .adminDone: "admin:done"
        case .adminNext: "admin:next"
        }
    }

    /// The longest of the names, bytes.
    public static let longestName = 16

    /// One of the server's own events.
    public var isEvent: Bool {
        rawValue >= Self.doubleID.rawValue && rawValue <= Self.note.rawValue
    }

    /// The command of this name, compared byte for byte.
    public static func named(_ bytes: Span<UInt8>) -> ServerCommand? {
        guard bytes.count <= longestName else { return nil }
        for command in allCases where bytes.elementsEqual(command.name) { return command }
        return nil
    }
}
