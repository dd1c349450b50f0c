// Where the stream goes: worked out from the web server's address (docs/stream.md).

import Foundation

/// The address of a stream.
public struct StreamAddress: Equatable, Sendable {
    /// Name or number, without brackets.
    public let host: String
    /// As given, else that of the scheme.
    public let port: Int
    /// `wss`
    public let isSecure: Bool
    /// Path and query, with the secret in it: not for the eyes of anybody.
    let uri: String
    /// What may be shown.
    public let text: String

    /// - Parameters:
    ///   - serverURL: `api.serverUrl`; a path prefix in it stays.
    ///   - secret: `api.apiKey`.
    /// - Throws: `StreamError.address` when it is no http or https address.
    public init(serverURL: String, secret: String) throws(StreamError) {
        var plain = serverURL
        while plain.hasSuffix("/") { plain.removeLast() }
        guard let url = URL(string: plain), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = url.host(), !host.isEmpty,
            (1...65_535).contains(url.port ?? 1)
        else { throw .address(serverURL) }
        isSecure = scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? (isSecure ? 443 : 80)
        let path = url.path(percentEncoded: true) + "/api/v1/stream"
        uri = path + "?secret=" + Self.escaped(secret)
        text = (isSecure ? "wss://" : "ws://") + host + ":\(port)" + path
    }

    /// `Host` of the request.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : name + ":\(port)"
    }

    private static func escaped(_ text: String) -> String {
        var plain = CharacterSet(charactersIn: "-_.~")
        plain.insert(charactersIn: "a"..."z")
        plain.insert(charactersIn: "A"..."Z")
        plain.insert(charactersIn: "0"..."9")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}

/// Why a stream could not go on.
public enum StreamError: Error, Equatable, Sendable {
    /// This is no address.
    case address(String)
    /// Nobody is there, and why.
    case unreachable(String)
    /// The server does not take a stream: its status.
    case refused(Int)
    /// The connection is gone, and why, as far as that is known.
    case closed(String)
    /// No acknowledgement of this message came in time.
    case unacknowledged(String)
    /// The server takes nothing any more.
    case stalled
    /// Another program streams this log.
    case busy(String)
    /// A file.
    case file(String)

    /// For a server's owner.
    public var sentence: String {
        switch self {
        case .address(let text):
            "api.serverUrl is \"\(text)\", which is no address like http://127.0.0.1:5000"
        case .unreachable(let reason): "the web server can't be reached: \(reason)"
        case .refused(401), .refused(403):
            "the web server does not accept the secret: api.apiKey must be what the server has as its "
                + "secret"
        case .refused(404): "the web server at api.serverUrl takes no streams (404)"
        case .refused(let status): "the web server refuses the stream with status \(status)"
        case .closed(let reason):
            "the web server cut the connection" + (reason.isEmpty ? "" : ": " + reason)
        case .unacknowledged(let type): "the web server does not acknowledge \(type)"
        case .stalled: "the web server takes nothing any more"
        case .busy(let folder): "\(folder): another program streams this log"
        case .file(let text): text
        }
    }
}
