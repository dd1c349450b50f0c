// What a client of the hub gets and gives.

/// An event as it arrived.
public struct IcomEvent: Sendable, Equatable {
    /// What happened.
    public var name: String
    /// The data: JSON, with the sender's own bytes.
    public var data: [UInt8]
    /// Who sent it; nil when the hub is too old to tell.
    public var source: String?
    /// The name it was sent to: the receiver's own.
    public var target: String
}

/// Why something did not work.
public enum IcomError: Error, Equatable, CustomStringConvertible {
    /// The address is not `host:port`.
    case address(String)
    /// The connection could not be made.
    case connect(String)
    /// The hub did not accept the registration.
    case register(String)
    /// The hub refused an event; its words.
    case refused(String)
    /// No answer in time.
    case timeout(String)
    /// The connection is gone.
    case closed(String)
    /// The data is no JSON.
    case data(String)

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .address(let text): "\(text) is no address: HOST:PORT is wanted"
        case .connect(let reason): "can't connect: \(reason)"
        case .register(let reason): "the hub refused the registration: \(reason)"
        case .refused(let reason): "refused: \(reason)"
        case .timeout(let what): "the hub did not answer in time (\(what))"
        case .closed(let reason): "the connection is closed: \(reason)"
        case .data(let reason): "the data is no JSON: \(reason)"
        }
    }
}

/// How it stands with a client.
public enum IcomState: Sendable, Equatable {
    /// The name is not registered yet.
    case registering
    /// Events can be sent and come.
    case online
    /// It is over, and why.
    case stopped(String)
}
