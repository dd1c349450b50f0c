// OCAP's web server, as far as a recorder talks to it: is it there, and take this replay. What it answers
// becomes one of three outcomes with words for the server's owner (docs/upload.md has the table).

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Replay
import Segments

/// What became of an attempt.
public enum SendOutcome: Equatable, Sendable {
    /// The server has it.
    case sent
    /// Something that may be over later: why.
    case later(String)
    /// Nothing but the owner can change it: what is wrong, and what to do.
    case refused(String)
    /// Another program is sending it right now.
    case busy
}

/// A web server's address is none.
public struct AddressError: Error, Equatable, Sendable {
    /// A sentence for the owner.
    public let sentence: String
}

/// A web server.
public struct WebServer: Sendable {
    /// Bytes a second below which a line counts as broken.
    static let slowestBytesPerSecond = 32 << 10
    private static let connectLimit = TimeAmount.seconds(10)

    /// `api.serverUrl` without trailing slashes, and `/api`.
    public let base: String
    private let secret: String
    private let client: HTTPClient

    /// - Parameters:
    ///   - serverURL: `api.serverUrl`; a path prefix in it stays.
    ///   - secret: `api.apiKey`.
    ///   - trust: whose certificate it may have.
    /// - Throws: `AddressError` when it is no http or https address.
    public init(
        serverURL: String, secret: String, trust: WebTrust = .machine
    ) throws(AddressError) {
        var text = serverURL
        while text.hasSuffix("/") { text.removeLast() }
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = url.host(), !host.isEmpty
        else {
            throw AddressError(
                sentence: "api.serverUrl is \"\(serverURL)\", which is no address like "
                    + "http://127.0.0.1:5000")
        }
        base = text + "/api"
        self.secret = secret
        var configuration = HTTPClient.Configuration()
        // A form that was sent is not sent elsewhere: the address in the configuration is to be changed.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: Self.connectLimit)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.tlsConfiguration = trust.tls
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Lets go of its connections.
    public func close() async { try? await client.shutdown() }

    // MARK: is it there?

    /// nil when it answers; else why not. (A server without that route is there, too.)
    public func health() async -> String? {
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: base + "/healthcheck"), timeout: .seconds(10))
            _ = try? await response.body.collect(upTo: 1 << 16)
            let code = response.status.code
            return (500...599).contains(code) ? "it answers \(response.status.words)" : nil
        } catch {
            return Self.words(error)
        }
    }

    // MARK: a replay

    /// How long one attempt may take: half a minute, and the time that a slow line needs.
    public static func limit(byteCount: Int) -> Duration {
        .seconds(30 + min(12 * 3600, byteCount / slowestBytesPerSecond))
    }

    /// Sends a replay with what its ticket says; once, and for at most `limit`.
    func send(
        _ replay: OpenReplay, _ ticket: UploadTicket, limit: Duration? = nil
    ) async -> SendOutcome {
        let form = ReplayForm(replay, ticket, secret: secret)
        var request = HTTPClientRequest(url: base + "/v1/operations/add")
        request.method = .POST
        request.headers.add(
            name: "Content-Type", value: "multipart/form-data; boundary=\(form.boundary)")
        request.body = .stream(form, length: .known(Int64(form.byteCount)))
        let exchange = request
        do {
            return try await within(limit ?? Self.limit(byteCount: form.byteCount)) {
                let response = try await client.execute(exchange, deadline: .distantFuture)
                // The status counts, also when the connection breaks behind it.
                if response.status == .ok { return .sent }
                let text = try? await response.body.collect(upTo: 1 << 16)
                return outcome(
                    response.status, text.map { String(buffer: $0) } ?? "",
                    location: response.headers.first(name: "Location"), byteCount: replay.byteCount)
            }
        } catch {
            return .later(Self.words(error))
        }
    }

    /// The whole exchange, with what is read of the answer, may take this long.
    private func within<Result: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: limit)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }

    private func outcome(
        _ status: HTTPResponseStatus, _ text: String, location: String?, byteCount: Int
    ) -> SendOutcome {
        switch status.code {
        case 401, 403:
            return .refused(
                "the server does not accept the secret (\(status.words)): api.apiKey must be what the "
                    + "server has as its secret")
        case 404, 405:
            return .refused(
                "there is no OCAP web server at \(base) (\(status.words)): check api.serverUrl")
        case 413:
            return .refused(
                "the replay (\(byteCount) bytes) is larger than the server takes: raise its limit; "
                    + "behind nginx that is client_max_body_size")
        case 300...399:
            return .refused(
                "the server sends us on to \(location ?? "nowhere") (\(status.words)): put the address "
                    + "that it really has into api.serverUrl")
        case 408, 425, 429, 500...599: return .later("the server answers " + said(status, text))
        case 400...499: return .refused("the server answers " + said(status, text))
        default: return .later("the server answers " + said(status, text))
        }
    }

    /// The status, and the beginning of what the server wrote with it.
    private func said(_ status: HTTPResponseStatus, _ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let plain = line.hasPrefix("<") ? "" : String(line.prefix(200))
        return status.words + (plain.isEmpty ? "" : ": " + plain)
    }

    /// What went wrong on the way.
    static func words(_ error: any Error) -> String {
        if let words = WebTrust.words(error) { return words }
        return switch error {
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout: "the server does not answer"
            case .deadlineExceeded, .readTimeout, .writeTimeout:
                "the server took too long"
            case .remoteConnectionClosed, .uncleanShutdown:
                "the server cut the connection"
            default: error.shortDescription
            }
        case let error as NIOConnectionError:
            "the server can't be reached: "
                + (error.connectionErrors.first.map { "\($0.error)" }
                    ?? (error.dnsAError ?? error.dnsAAAAError).map { _ in "no such host" }
                    ?? "no address")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            "the server can't be reached: connection refused"
        case let error as IOError: "the connection broke: \(error)"
        case let error as LogError: error.text
        default: "\(error)"
        }
    }
}

extension HTTPResponseStatus {
    fileprivate var words: String { "\(code) \(reasonPhrase)" }
}
