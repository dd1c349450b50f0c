// OCAP's web server, as far as a recorder sees it, over real HTTP: keeps every request byte by byte, and
// misbehaves on demand.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// What the server does with the next upload.
enum Behaviour {
    case answer(Int, String = "", location: String? = nil)
    /// Takes everything and says nothing.
    case stall
    /// Closes the connection when so many bytes of the body have come.
    case cut(afterBytes: Int)
    /// Answers 200 once `release` is called.
    case hold
    /// Writes these bytes and closes the connection.
    case raw(String)
    /// Writes these bytes, and nothing more.
    case half(String)
}

/// A request as it came.
struct Received: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: [UInt8]

    /// The value of a header, whatever its case.
    func header(_ name: String) -> String? { headers[name.lowercased()] }
}

final class WebServerDouble: Sendable {
    struct State {
        var behaviours: [Behaviour] = []
        /// When there is nothing in `behaviours`.
        var usual = Behaviour.answer(200)
        var uploads: [Received] = []
        var others: [Received] = []
        /// Uploads that have begun.
        var begun = 0
        var held: [any Channel] = []
    }
    let state = Mutex(State())
    private let channel: any Channel
    let port: Int
    private let isSecure: Bool

    /// - Parameters:
    ///   - port: of an earlier one that is to come back; 0 for any.
    ///   - tls: speaks TLS.
    init(
        _ port: Int = 0, _ behaviours: [Behaviour] = [], tls: NIOSSLContext? = nil
    ) async throws {
        isSecure = tls != nil
        let box = StateBox()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = channel.localAddress?.port ?? 0
        state.withLock { $0.behaviours = behaviours }
        box.server.withLock { $0 = self }
    }

    var url: String { isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)" }

    /// What is done with every upload from now on.
    func always(_ behaviour: Behaviour) { state.withLock { $0.usual = behaviour } }

    var uploads: [Received] { state.withLock { $0.uploads } }
    var begun: Int { state.withLock { $0.begun } }

    /// Answers the uploads that are held.
    func release() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for channel in held { RequestHandler.answer(channel, 200, "", nil) }
    }

    func stop() async throws { try await channel.close() }
}

/// The handlers know the server without keeping it alive.
final class StateBox: Sendable {
    let server = Mutex<WebServerDouble?>(nil)
}

/// One connection.
private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: StateBox
    private var request: Received?
    private var behaviour = Behaviour.answer(200)

    init(_ box: StateBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            var headers: [String: String] = [:]
            for (name, value) in head.headers { headers[name.lowercased()] = value }
            request = Received(
                method: head.method.rawValue, path: head.uri, headers: headers, body: [])
            guard head.uri == "/api/v1/operations/add" else { return }
            behaviour =
                box.server.withLock { $0 }?.state.withLock { state in
                    state.begun += 1
                    return state.behaviours.isEmpty
                        ? state.usual : state.behaviours.removeFirst()
                } ?? .answer(200)
        case .body(let buffer):
            request?.body += Array(buffer.readableBytesView)
            if case .cut(let limit) = behaviour, request?.body.count ?? 0 >= limit {
                context.close(promise: nil)
            }
        case .end:
            guard let request, let server = box.server.withLock({ $0 }) else { return }
            guard request.path == "/api/v1/operations/add" else {
                server.state.withLock { $0.others.append(request) }
                let isHealth = request.path == "/api/healthcheck"
                return Self.answer(
                    context.channel, isHealth ? 200 : 404, isHealth ? #"{"status":"ok"}"# : "", nil)
            }
            server.state.withLock { $0.uploads.append(request) }
            switch behaviour {
            case .answer(let code, let text, let location):
                Self.answer(context.channel, code, text, location)
            case .stall, .cut: break
            case .raw(let text): Self.write(context.channel, text, closes: true)
            case .half(let text): Self.write(context.channel, text, closes: false)
            case .hold: server.state.withLock { $0.held.append(context.channel) }
            }
        }
    }

    /// Past the HTTP handlers.
    private static func write(_ channel: any Channel, _ text: String, closes: Bool) {
        guard
            let encoder = try? channel.pipeline.syncOperations.context(
                handlerType: HTTPResponseEncoder.self)
        else { return }
        encoder.writeAndFlush(
            NIOAny(IOData.byteBuffer(ByteBuffer(string: text))), promise: nil)
        if closes { channel.close(promise: nil) }
    }

    static func answer(_ channel: any Channel, _ code: Int, _ text: String, _ location: String?) {
        var head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: code))
        head.headers.add(name: "Content-Length", value: "\(text.utf8.count)")
        if let location { head.headers.add(name: "Location", value: location) }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(
            HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }
}

extension Received {
    /// What the reference would have sent with these fields, byte by byte, in this order.
    static func form(
        boundary: String, fields: [(String, String)], fileName: String, file: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += Array(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
                    .utf8)
        }
        bytes += Array(
            ("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; "
                + "filename=\"\(fileName)\"\r\nContent-Type: application/octet-stream\r\n\r\n").utf8
        )
        bytes += file
        return bytes + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    var boundary: String? {
        guard let type = header("Content-Type"),
            let range = type.range(of: "multipart/form-data; boundary=")
        else { return nil }
        return String(type[range.upperBound...])
    }

    /// The value of a form field.
    func field(_ name: String) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        guard let begin = text.range(of: "name=\"\(name)\"\r\n\r\n"),
            let end = text[begin.upperBound...].range(of: "\r\n--")
        else { return nil }
        return String(text[begin.upperBound..<end.lowerBound])
    }
}
