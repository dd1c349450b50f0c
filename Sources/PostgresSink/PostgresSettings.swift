// Where the server is, and who we are: from the command line, or from the plug-in's configuration and
// libpq's environment variables (docs/postgresql.md). libpq itself reads the rest: PG* variables, the
// password file, the service file, all TLS settings.

import CPlatform
import Values

/// Settings of a connection, by libpq's names.
public struct PostgresSettings: Sendable, Equatable {
    /// In order: the last one of a name counts.
    public private(set) var values: [Setting] = []

    /// One of them.
    public struct Setting: Sendable, Equatable {
        /// libpq's keyword.
        public var name: String
        /// Its value.
        public var value: String
    }

    /// A connection string: `host=… dbname=…` or `postgresql://…`; empty: libpq's defaults and variables.
    public init(connectionString: String) {
        self.init(environment: Self.environment)
        add("dbname", connectionString)
        finish()
    }

    /// The group `db` of a configuration; what it does not name comes from PG* variables, else it is
    /// what OCAP's own extension takes.
    ///
    /// - Parameter configuration: the whole document; nil for none.
    public init(configuration: JSONValue?) {
        self.init(configuration: configuration, environment: Self.environment)
    }

    init(configuration: JSONValue?, environment: (String) -> String?) {
        self.init(environment: environment)
        let group = configuration?.member("db", ignoringCase: true)
        let hasService = environment("PGSERVICE") != nil
        // A password file of one's own must not lose against a default.
        let hasPasswordFile = environment("PGPASSFILE") != nil || Self.hasPasswordFile(environment)
        for key in Self.keys {
            if let text = Self.text(group?.member(key.member, ignoringCase: true)) {
                add(key.name, text)
            } else if let fallback = key.fallback, !hasService, environment(key.variable) == nil,
                key.name != "password" || !hasPasswordFile
            {
                add(key.name, fallback)
            }
        }
        finish()
    }

    private struct Key {
        let member: StaticString
        let name: String
        let variable: String
        let fallback: String?
    }

    private static let keys = [
        Key(member: "host", name: "host", variable: "PGHOST", fallback: "localhost"),
        Key(member: "port", name: "port", variable: "PGPORT", fallback: "5432"),
        Key(member: "username", name: "user", variable: "PGUSER", fallback: "postgres"),
        Key(member: "password", name: "password", variable: "PGPASSWORD", fallback: "postgres"),
        Key(member: "database", name: "dbname", variable: "PGDATABASE", fallback: "ocap"),
        Key(member: "sslMode", name: "sslmode", variable: "PGSSLMODE", fallback: nil),
        Key(
            member: "sslRootCert", name: "sslrootcert", variable: "PGSSLROOTCERT", fallback: nil),
    ]

    /// What we want unless somebody says otherwise: to notice a dead server within a minute.
    private init(environment: (String) -> String?) {
        if environment("PGCONNECT_TIMEOUT") == nil { add("connect_timeout", "10") }
        add("tcp_user_timeout", "60000")
        add("keepalives_idle", "30")
        add("fallback_application_name", "blackbox")
    }

    /// What nobody may change: texts are UTF-8.
    private mutating func finish() { add("client_encoding", "UTF8") }

    private mutating func add(_ name: String, _ value: String) {
        values.append(Setting(name: name, value: value))
    }

    /// A text, or a number that stands for one (`"port": 5432`).
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let bytes)?: bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
        case .number(_, let raw)?: String(decoding: raw, as: UTF8.self)
        default: nil
        }
    }

    private static func hasPasswordFile(_ environment: (String) -> String?) -> Bool {
        guard let home = environment("HOME") else { return false }
        return unsafe bb_path_kind(home + "/.pgpass") == Int32(BB_KIND_FILE)
    }

    /// A variable of this process; nil when it is not set, or empty.
    private static func environment(_ name: String) -> String? {
        var length: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe bb_environment(name, $0.baseAddress, 4096)
            }
            count = max(0, min(4096, Int(length)))
        }
        return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
