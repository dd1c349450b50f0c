// Views, the same names and columns in both engines. Where their SQL differs (JSON, mostly), a view is
// written with `Dialect`. docs/sql.md explains each and shows queries, which the tests run.

/// Whose SQL.
public enum Dialect: Sendable {
    case sqlite
    case postgres

    /// A JSON object; values are SQL.
    func object(_ members: [(String, String)]) -> String {
        let list = members.map { "'\($0.0)', \($0.1)" }.joined(separator: ", ")
        return self == .sqlite ? "json_object(\(list))" : "json_build_object(\(list))"
    }

    /// A JSON array of what `element` (JSON itself) is in each row of the group or subquery.
    func array(of element: String) -> String {
        self == .sqlite ? "json_group_array(\(element))" : "json_agg(\(element))"
    }

    /// A JSON array of a few values.
    func array(_ elements: [String]) -> String {
        let list = elements.joined(separator: ", ")
        return self == .sqlite ? "json_array(\(list))" : "json_build_array(\(list))"
    }

    /// A truth value as JSON's.
    func boolean(_ sql: String) -> String {
        self == .sqlite ? "json(CASE WHEN \(sql) THEN 'true' ELSE 'false' END)" : sql
    }

    /// A member of the JSON object in a column, as text.
    func member(_ name: String, of column: String) -> String {
        // What is no JSON has no members; SQLite would end the query.
        self == .sqlite
            ? "CASE WHEN json_valid(\(column)) THEN json_extract(\(column), '$.\(name)') END"
            : "\(column) ->> '\(name)'"
    }

    /// A point as text, in game metres.
    func point(_ x: String, _ y: String) -> String {
        "'POINT(' || \(x) || ' ' || \(y) || ')'"
    }

    /// Seconds between two times, to the millisecond.
    func seconds(from start: String, to end: String) -> String {
        self == .sqlite
            ? "ROUND((julianday(\(end)) - julianday(\(start))) * 86400, 3)"
            : "ROUND(EXTRACT(EPOCH FROM \(end) - \(start)), 3)"
    }

    /// A GeoJSON feature.
    func feature(_ geometry: String, _ properties: [(String, String)]) -> String {
        object([
            ("type", "'Feature'"), ("geometry", geometry), ("properties", object(properties)),
        ])
    }

    /// A GeoJSON point, in game metres.
    func geometry(x: String, y: String) -> String {
        object([("type", "'Point'"), ("coordinates", array([x, y]))])
    }

    /// A GeoJSON collection of a group's features.
    func collection(_ feature: String) -> String {
        object([("type", "'FeatureCollection'"), ("features", array(of: feature))])
    }
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
    public static let all = questions + reference + server
}
