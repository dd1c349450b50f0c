// Views, the same names and columns in both engines. Where their SQL differs (JSON, text of a point),
// a view is written with `Dialect`.

/// Whose SQL.
public enum Dialect: Sendable {
    case sqlite
    case postgres
}

/// A view of the schema.
public struct View: Sendable {
    /// The same in both engines.
    public var name: String
    /// The query behind it.
    let query: @Sendable (Dialect) -> String

    init(_ name: String, _ query: @escaping @Sendable (Dialect) -> String) {
        self.name = name
        self.query = query
    }

    /// Creates it.
    public func statement(_ dialect: Dialect) -> String {
        "CREATE VIEW \"\(name)\" AS\n\(query(dialect))"
    }

    /// In an order in which each finds the views it uses.
    public static let all: [View] = []
}
