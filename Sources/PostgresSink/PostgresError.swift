// What can go wrong with a PostgreSQL server, each with the server and what to do about it. SQLSTATE
// codes are turned into these in one place.

/// A failure of the PostgreSQL sink. The recording's transaction was rolled back, or the server does
/// that: its tables hold what they held before.
public enum PostgresError: Error, Equatable, Sendable {
    /// The machine has no libpq.
    case libraryMissing(detail: String)
    /// Nobody answers, or the server is starting or stopping.
    case unreachable(server: String, detail: String)
    /// The server answers and does not let us in: password, user, database, TLS.
    case refused(server: String, detail: String)
    /// There are tables of the same names, but not ours; `hint` names their likely maker.
    case foreign(server: String, hint: String)
    /// No table of recordings is there, to be read.
    case empty(server: String)
    /// Written by a later version of this program.
    case newer(server: String, found: Int, known: Int)
    /// The user may not do what is needed.
    case notAllowed(server: String, operation: String, detail: String)
    /// The server's disk, memory or connections are used up.
    case outOfRoom(server: String, detail: String)
    /// The connection broke, or the server ended it.
    case connectionLost(server: String, operation: String, detail: String)
    /// Others wrote to the same rows at the same time, or kept them locked.
    case conflict(server: String, operation: String, detail: String)
    /// Rows that contradict the schema: a mistake of ours.
    case inconsistent(server: String, operation: String, detail: String)
    /// The database's encoding lacks letters that occur.
    case encoding(server: String, detail: String)
    /// Anything else, with the SQLSTATE.
    case failed(server: String, operation: String, state: String, detail: String)

    /// Whether the same may well succeed a little later.
    public var isTransient: Bool {
        switch self {
        case .unreachable, .connectionLost, .outOfRoom, .conflict: true
        default: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// One sentence on what happened, one on what to do.
    public var description: String {
        switch self {
        case .libraryMissing(let detail):
            """
            libpq, PostgreSQL's client library, is missing on this machine (\(detail)). Install it \
            (Debian, Ubuntu: apt install libpq5; Fedora: dnf install libpq).
            """
        case .unreachable(let server, let detail):
            """
            \(server) can't be reached (\(detail)). Check that it runs and that its address is right \
            (--postgres, db.host, db.port); the log keeps the recording.
            """
        case .refused(let server, let detail):
            """
            \(server) refuses the connection (\(detail)). Check user, password and database \
            (--postgres, db.username, db.password, db.database) and the server's pg_hba.conf.
            """
        case .foreign(let server, let hint):
            """
            \(server) holds tables of another program (\(hint)). They were left as they are; name \
            another database, or another schema in it (--postgres "… options=-csearch_path=NAME").
            """
        case .empty(let server):
            """
            \(server) holds no recordings yet: it has none of the tables. Name another database, or \
            write some: blackbox-pg compact
            """
        case .newer(let server, let found, let known):
            """
            \(server) has schema version \(found), and this program knows versions up to \(known). \
            Update blackbox-pg, or name another database.
            """
        case .notAllowed(let server, let operation, let detail):
            """
            \(server) does not allow this user \(operation) (\(detail)). Grant it, or connect as the \
            owner of the tables; the log keeps the recording.
            """
        case .outOfRoom(let server, let detail):
            """
            \(server) has run out of room (\(detail)). Nothing of the recording was kept there. Free \
            some and compact again; the log keeps the recording.
            """
        case .connectionLost(let server, let operation, let detail):
            """
            The connection to \(server) broke while \(operation) (\(detail)). Nothing half-written \
            stays there; compact again, the log keeps the recording.
            """
        case .conflict(let server, let operation, let detail):
            """
            \(server): others were in the way while \(operation) (\(detail)). Compact again; the log \
            keeps the recording.
            """
        case .inconsistent(let server, let operation, let detail):
            """
            A recording could not be stored on \(server): its rows contradict each other (\(detail), \
            while \(operation)). This is a mistake in blackbox; please report it with the log.
            """
        case .encoding(let server, let detail):
            """
            \(server) can't hold all letters that names and texts are made of (\(detail)). Name a database \
            with the encoding UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0
            """
        case .failed(let server, let operation, let state, let detail):
            """
            \(server): \(operation) failed (\(detail), SQLSTATE \(state)). Compact again; the log \
            keeps the recording.
            """
        }
    }

    /// The error of a command's SQLSTATE.
    init(server: String, operation: String, state: String, detail: String) {
        switch state {
        case "57014": self = .conflict(server: server, operation: operation, detail: detail)
        // The last two: a transaction was idle, or open, for longer than the server allows.
        case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04":
            self = .connectionLost(server: server, operation: operation, detail: detail)
        case "42501": self = .notAllowed(server: server, operation: operation, detail: detail)
        case "22P05": self = .encoding(server: server, detail: detail)
        case "55P03": self = .conflict(server: server, operation: operation, detail: detail)
        default:
            switch state.prefix(2) {
            case "08": self = .connectionLost(server: server, operation: operation, detail: detail)
            case "23": self = .inconsistent(server: server, operation: operation, detail: detail)
            case "40": self = .conflict(server: server, operation: operation, detail: detail)
            case "53": self = .outOfRoom(server: server, detail: detail)
            default:
                self = .failed(server: server, operation: operation, state: state, detail: detail)
            }
        }
    }

    /// The error of a connection that did not come about.
    ///
    /// - Parameter message: libpq's, with the SQLSTATE in it when the server spoke.
    init(server: String, connecting message: String) {
        let (state, detail) = Self.parse(message)
        switch state {
        // The server is starting, stopping or recovering, or has too many connections.
        case "57P01", "57P02", "57P03", "53300":
            self = .unreachable(server: server, detail: detail)
        case "":
            // Nobody spoke PostgreSQL to us. What TLS refuses does not get better by waiting.
            let isLocal = [
                "SSL", "TLS", "certificate", "no password supplied", "invalid ", "missing \"=\"",
            ]
            .contains { message.contains($0) }
            self =
                isLocal
                ? .refused(server: server, detail: detail)
                : .unreachable(server: server, detail: detail)
        default: self = .refused(server: server, detail: detail)
        }
    }

    /// Takes apart `… FATAL:  28P01: password authentication failed …` and its further lines.
    static func parse(_ message: String) -> (state: String, detail: String) {
        var state = ""
        var lines: [String] = []
        for line in message.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words.first == "LOCATION:" { continue }
            var kept = words
            if let place = words.indices.first(where: { isState(words[$0]) }), place > 0,
                words[place - 1].hasSuffix(":")
            {
                if state.isEmpty { state = String(words[place].dropLast()) }
                kept.remove(at: place)
            }
            lines.append(kept.joined(separator: " "))
        }
        return (state, lines.isEmpty ? "no answer" : lines.joined(separator: "; "))
    }

    /// `28P01:`
    private static func isState(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        return bytes.count == 6 && bytes[5] == UInt8(ascii: ":")
            && bytes[..<5].allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
            }
            && bytes[..<5].contains { $0 < UInt8(ascii: "A") }
    }
}
