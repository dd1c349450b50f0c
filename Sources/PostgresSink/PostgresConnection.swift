// A connection to a PostgreSQL server: commands with their results, and COPY.
//
// Invariants of the unsafe parts: `handle` is a connection of libpq's from init to deinit and is used by
// one thread at a time; every result is cleared before the function that got it returns, and its texts
// are copied before that.

import CPostgres
import Glibc

/// Rows of a query, as texts.
public struct PostgresRows: Sendable {
    /// Names of the columns.
    public var columns: [String] = []
    /// Values in the order of the columns; nil is NULL.
    public var rows: [[String?]] = []

    /// The value of the first row's first column.
    public var single: String? { rows.first?.first ?? nil }
    /// The same as a number.
    public var number: Int64? { single.flatMap { Int64($0) } }
}

/// An open connection.
@safe public final class PostgresConnection {
    /// Where it leads to, for messages: `PostgreSQL at localhost:5432, database ocap`.
    public let server: String
    private let handle: OpaquePointer

    /// Rows are handed to libpq in pieces of this size, so that its own buffer stays small.
    private static let pieceBytes = 1 << 16
    private static let defaultTimeoutSeconds: Int32 = 10

    /// Connects, for `connect_timeout` at most.
    public init(_ settings: PostgresSettings) throws(PostgresError) {
        if let reason = unsafe bb_pq_load() {
            throw .libraryMissing(detail: unsafe String(cString: reason))
        }
        var texts = unsafe [UnsafeMutablePointer<CChar>]()
        defer { unsafe texts.forEach { unsafe free($0) } }
        func copy(_ text: String) throws(PostgresError) -> UnsafePointer<CChar> {
            guard let copy = unsafe strdup(text) else {
                throw .unreachable(server: "PostgreSQL", detail: "out of memory")
            }
            unsafe texts.append(copy)
            return unsafe UnsafePointer(copy)
        }
        var names = unsafe [UnsafePointer<CChar>?]()
        var values = unsafe [UnsafePointer<CChar>?]()
        for setting in settings.values {
            unsafe names.append(try copy(setting.name))
            unsafe values.append(try copy(setting.value))
        }
        unsafe names.append(nil)
        unsafe values.append(nil)
        guard let handle = unsafe bb_pq_connect_start(names, values) else {
            throw .unreachable(server: "PostgreSQL", detail: "out of memory")
        }
        let failure = unsafe Self.wait(handle)
        let server = unsafe Self.name(handle)
        if let failure {
            unsafe bb_pq_finish(handle)
            throw PostgresError(server: server, connecting: failure)
        }
        unsafe self.handle = unsafe handle
        self.server = server
    }

    deinit { unsafe bb_pq_finish(handle) }

    /// Whether the connection stood when it was last used.
    public var isConnected: Bool { unsafe bb_pq_is_connected(handle) == 1 }

    /// Runs one command, or several separated by semicolons when there are no parameters.
    ///
    /// - Parameters:
    ///   - parameters: `$1`, `$2` … as text; nil is NULL.
    ///   - operation: for the error: "writing to soldiers".
    /// - Returns: the rows of the last command, if it has any.
    @discardableResult
    public func execute(
        _ sql: String, _ parameters: [String?] = [], operation: String
    ) throws(PostgresError) -> PostgresRows {
        let result: OpaquePointer?
        if parameters.isEmpty {
            unsafe result = unsafe bb_pq_exec(handle, sql)
        } else {
            let texts = unsafe parameters.map { unsafe $0.map { unsafe strdup($0) } ?? nil }
            defer { unsafe texts.forEach { unsafe free($0) } }
            let values = unsafe texts.map { unsafe UnsafePointer($0) }
            unsafe result = unsafe bb_pq_exec_parameters(
                handle, sql, Int32(clamping: values.count), values)
        }
        return try unsafe take(result, operation)
    }

    /// Sends rows in COPY's binary format, in one `COPY … FROM STDIN`.
    public func copy(
        _ sql: String, _ bytes: [UInt8], operation: String
    ) throws(PostgresError) {
        let begun = unsafe bb_pq_exec(handle, sql)
        let isReady = unsafe begun.map { unsafe bb_pq_result_kind($0) } == Int32(BB_PQ_COPY_IN)
        guard isReady else {
            try unsafe take(begun, operation)
            throw .failed(
                server: server, operation: operation, state: "", detail: "no COPY was begun")
        }
        unsafe bb_pq_clear(begun)
        let header = Self.copyHeader
        var isTaken = unsafe header.withUnsafeBufferPointer { unsafe put($0) }
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var rest = unsafe bytes[...]
            while isTaken, unsafe !rest.isEmpty {
                let piece = unsafe rest.prefix(Self.pieceBytes)
                isTaken = unsafe put(UnsafeBufferPointer(rebasing: piece))
                unsafe rest = unsafe rest.dropFirst(Self.pieceBytes)
            }
        }
        if isTaken {
            isTaken = unsafe Self.copyTrailer.withUnsafeBufferPointer { unsafe put($0) }
        }
        try unsafe take(bb_pq_end_copy(handle), operation)
        if !isTaken { throw lost(operation) }
    }

    private static let copyHeader: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
    private static let copyTrailer: [UInt8] = [0xFF, 0xFF]

    private func put(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe bb_pq_put_copy(handle, bytes.baseAddress, Int32(clamping: bytes.count)) == 1
    }

    /// Copies a result's rows, or throws its error; clears it.
    @discardableResult
    private func take(
        _ result: OpaquePointer?, _ operation: String
    ) throws(PostgresError) -> PostgresRows {
        guard let result = unsafe result else { throw lost(operation) }
        defer { unsafe bb_pq_clear(result) }
        let kind = unsafe bb_pq_result_kind(result)
        if kind == Int32(BB_PQ_FAILED) {
            let state = unsafe String(cString: bb_pq_result_state(result))
            // Without a state it was libpq itself that failed: the server can't be heard any more.
            if state.isEmpty { throw lost(operation) }
            var detail = unsafe String(cString: bb_pq_result_message(result))
            let more = unsafe String(cString: bb_pq_result_detail(result))
            if !more.isEmpty { detail += ": " + more }
            throw PostgresError(server: server, operation: operation, state: state, detail: detail)
        }
        var rows = PostgresRows()
        guard kind == Int32(BB_PQ_ROWS) else { return rows }
        let columns = unsafe bb_pq_column_count(result)
        for column in 0..<columns {
            rows.columns.append(unsafe String(cString: bb_pq_column_name(result, column)))
        }
        for row in 0..<(unsafe bb_pq_row_count(result)) {
            var values: [String?] = []
            for column in 0..<columns {
                let value = unsafe bb_pq_value(result, row, column)
                values.append(unsafe value.map { unsafe String(cString: $0) })
            }
            rows.rows.append(values)
        }
        return rows
    }

    private func lost(_ operation: String) -> PostgresError {
        let (_, detail) = PostgresError.parse(unsafe String(cString: bb_pq_error(handle)))
        return .connectionLost(server: server, operation: operation, detail: detail)
    }

    /// - Returns: libpq's words when it failed.
    private static func wait(_ handle: OpaquePointer) -> String? {
        let named = unsafe bb_pq_connect_timeout(handle)
        let seconds = named > 0 ? named : defaultTimeoutSeconds
        let end = ContinuousClock.now + .seconds(Int64(seconds))
        while true {
            let step = unsafe bb_pq_connect_poll(handle)
            if step == 3 { return nil }
            if step == 0 { return unsafe String(cString: bb_pq_error(handle)) }
            let left = ContinuousClock.now.duration(to: end).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            var descriptor = pollfd()
            descriptor.fd = unsafe bb_pq_socket(handle)
            descriptor.events = Int16(step == 1 ? POLLIN : POLLOUT)
            guard milliseconds > 0,
                unsafe poll(&descriptor, 1, Int32(clamping: milliseconds)) != 0
            else { return "no answer within \(seconds) s" }
        }
    }

    private static func name(_ handle: OpaquePointer) -> String {
        let host = unsafe String(cString: bb_pq_host(handle))
        let port = unsafe String(cString: bb_pq_port(handle))
        let database = unsafe String(cString: bb_pq_database(handle))
        let place = host.hasPrefix("/") ? "\(host) (port \(port))" : "\(host):\(port)"
        return "PostgreSQL at \(place), database \(database)"
    }
}
