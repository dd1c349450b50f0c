// A client that speaks bytes over a plain socket: nothing of the hub's own code reads or writes here.

import Foundation
import Glibc
import Logging
import Testing

@testable import ICOM

/// A socket to a hub.
final class RawPeer: @unchecked Sendable {  // used by one test at a time
    private let socket: Int32
    private var received: [UInt8] = []
    private(set) var isClosed = false
    private static let limitSeconds = 20.0

    /// Connects; small receive buffers for a peer that shall be slow.
    init(_ port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw Failure("no address \(host)")
        }
        defer { freeaddrinfo(found) }
        socket = Glibc.socket(address.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        guard Glibc.connect(socket, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(socket)
            throw Failure("can't connect to \(host):\(port): \(reason)")
        }
    }

    deinit { Glibc.close(socket) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ text: String) { description = text }
    }

    func send(_ text: String, piece: Int = .max) throws {
        try send(Array(text.utf8), piece: piece)
    }

    /// Sends in pieces of so many bytes.
    func send(_ bytes: [UInt8], piece: Int = .max) throws {
        var start = 0
        while start < bytes.count {
            let count = min(piece, bytes.count - start)
            let sent = bytes[start..<(start + count)].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw Failure("can't send: \(String(cString: strerror(errno)))") }
            start += sent
        }
    }

    /// Ends the sending side only.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Makes the kernel send a reset at the end.
    func abort() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// The next line without its end; nil when the hub closed.
    func line() throws -> String? {
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + 1)
                return line
            }
            if isClosed { return nil }
            guard try receive(within: Self.limitSeconds) else { throw Failure("no line in time") }
        }
    }

    /// So many lines.
    func lines(_ count: Int) throws -> [String] {
        try (0..<count).map { _ in
            guard let line = try line() else { throw Failure("closed early") }
            return line
        }
    }

    /// Lines until the hub closes.
    func rest() throws -> [String] {
        var all: [String] = []
        while let line = try line() { all.append(line) }
        return all
    }

    /// Whether nothing at all comes within a moment.
    func isSilent(seconds: Double = 0.2) throws -> Bool {
        if !received.isEmpty { return false }
        return try !receive(within: seconds)
    }

    /// Waits for bytes (or the end); false when none came.
    private func receive(within seconds: Double) throws -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, Int32(seconds * 1_000)) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count <= 0 {
            isClosed = true
        } else {
            received += buffer[..<count]
        }
        return true
    }

    /// Registers and takes the reply.
    @discardableResult
    func register(_ name: String, more: String = "") throws -> String {
        try send(#"{"type":"register","server_id":"\#(name)"\#(more)}"# + "\n")
        guard let line = try line() else { throw Failure("closed instead of registered") }
        guard line.hasPrefix(#"{"type":"registered","session_id":""#) else {
            throw Failure("not registered: \(line)")
        }
        return line
    }

    /// Sends an event.
    func event(
        _ target: String, _ name: String = "x", _ data: String = "null", more: String = ""
    )
        throws
    {
        try send(
            #"{"type":"event","target_server":"\#(target)","event_name":"\#(name)","data":\#(data)"#
                + "\(more)}\n")
    }
}

/// A hub for one test.
struct TestHub {
    let server: HubServer
    var port: Int { server.address.port ?? 0 }

    /// A hub on a free port; `change` sets what the test is about. Many peers may come from one address.
    static func run(
        _ change: (inout HubConfiguration) -> Void = { _ in },
        _ body: (TestHub) async throws -> Void
    ) async throws {
        var configuration = HubConfiguration()
        configuration.port = 0
        configuration.rules.maxPerAddress = 10_000
        configuration.rules.maxConnections = 10_000
        change(&configuration)
        let server = try await HubServer.start(
            configuration, log: .init(label: "test") { _ in Quiet() })
        do {
            try await body(TestHub(server: server))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func peer(_ name: String? = nil, more: String = "") throws -> RawPeer {
        let peer = try RawPeer(port)
        if let name { try peer.register(name, more: more) }
        return peer
    }

    /// The value of a line of the metrics page.
    func metric(_ name: String) async -> Int {
        for line in await server.metricsPage().split(separator: "\n")
        where line.hasPrefix(name + " ") {
            return Int(line.dropFirst(name.count + 1)) ?? -1
        }
        return -1
    }

    /// Waits until a metric has a value.
    func waitFor(_ name: String, _ value: Int) async throws {
        for _ in 0..<2_000 {
            if await metric(name) == value { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw RawPeer.Failure("\(name) is \(await metric(name)), not \(value)")
    }
}

/// Logs nothing.
struct Quiet: LogHandler {
    var logLevel = Logger.Level.critical
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {}
}

let success = #"{"type":"ack","message_id":null,"success":true,"error":null}"#
func failure(_ text: String) -> String {
    #"{"type":"ack","message_id":null,"success":false,"error":"\#(text)"}"#
}
func errorFrame(_ text: String) -> String { #"{"type":"error","message":"\#(text)"}"# }
