// What the description in Tables.swift says, as values: read once, used by both engines' statements.

/// What a column holds. How an engine declares it is the engine's affair.
public enum ColumnType: String, Sendable {
    /// A number that the database gives out, the primary key.
    case serial
    /// Mission × 2³² + the row's number in its mission, the primary key (with `mission_id` where an
    /// engine distributes by mission).
    case row
    /// A `missions.id`.
    case mission
    case smallint
    case integer
    case bigint
    case boolean
    /// A number with a fraction in a column that older databases declare as numeric.
    case decimal
    /// A number with a fraction.
    case double
    /// A moment, UTC.
    case time
    case text
    /// JSON as text.
    case json
    /// Well-known binary, little-endian, without a reference system.
    case wkb
}

/// A column of a table.
public struct Column: Sendable {
    /// Its name; some are keywords, so quote it.
    public var name: String
    /// What it holds, for the engine.
    public var type: ColumnType
    /// Never NULL.
    public var isRequired: Bool
    /// What it holds, for people.
    public var note: String
}

/// Columns whose values are another table's key.
public struct Reference: Equatable, Sendable {
    /// The columns here.
    public var columns: [String]
    /// The other table.
    public var table: String
    /// Its key's columns, in the order of `columns`.
    public var keyColumns: [String]
}

/// An index that is not unique.
public struct Index: Sendable {
    /// In their order.
    public var columns: [String]
    /// The views and documented queries that use it.
    public var purpose: String
}

/// A table of the schema.
public struct Table: Sendable {
    /// As it is called in the database.
    public var name: String
    /// In the order of a row's values.
    public var columns: [Column] = []
    /// The primary key's columns.
    public var key: [String] = []
    /// Further groups of columns in which no two rows are alike.
    public var unique: [[String]] = []
    /// What its rows refer to.
    public var references: [Reference] = []
    /// Beside those of the keys.
    public var indexes: [Index] = []
    /// Number of the column `mission_id`, in the tables of a mission's rows.
    public var missionColumn: Int? { columns.firstIndex { $0.type == .mission } }
    /// Rows are numbered within their mission (a column `id` of type row).
    public var hasRowNumbers: Bool { columns[0].type == .row }

    /// The column of that name.
    public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

/// All tables, and the version that a database of them carries.
public struct Schema: Sendable {
    /// In the order of `TableID`: a table stands behind those it refers to.
    public var tables: [Table]
    /// What `tables` and `Views` amount to. Raised whenever they change, with a step in `Migration`.
    public var version: Int

    /// The schema of this version.
    public static let current = Schema(version: 3, description: tableDescription)

    /// The table of that number.
    public subscript(_ id: TableID) -> Table { tables[id.rawValue] }

    /// Reads a description. What is wrong in it is a mistake of ours and ends the program.
    init(version: Int, description: String) {
        self.version = version
        tables = []
        for line in description.split(separator: "\n", omittingEmptySubsequences: true) {
            let halves = line.split(separator: ":", maxSplits: 1)
            let note = halves.count > 1 ? halves[1].trimmed : ""
            let words = halves[0].split(separator: " ").map(String.init)
            guard let first = words.first else { continue }
            if first == "table" {
                tables.append(Table(name: words[1]))
                continue
            }
            precondition(!tables.isEmpty, "the description begins without a table")
            read(first, words, note)
        }
        for index in tables.indices where tables[index].key.isEmpty {
            let table = tables[index]
            precondition(
                table.columns.first?.type == .row || table.columns.first?.type == .serial,
                "\(table.name) has no key")
            tables[index].key = [table.columns[0].name]
        }
    }

    private mutating func read(_ first: String, _ words: [String], _ note: String) {
        let last = tables.count - 1
        switch first {
        case "key": tables[last].key = Array(words.dropFirst())
        case "unique": tables[last].unique.append(Array(words.dropFirst()))
        case "index":
            tables[last].indexes.append(Index(columns: Array(words.dropFirst()), purpose: note))
        case "refers":
            let halves = words.dropFirst().split(separator: ">")
            tables[last].references.append(
                Reference(
                    columns: Array(halves[0]), table: halves[1].first ?? "",
                    keyColumns: Array(halves[1].dropFirst())))
        default:
            let isRequired = words[1].hasSuffix("!")
            let name = isRequired ? String(words[1].dropLast()) : words[1]
            guard let type = ColumnType(rawValue: name) else {
                preconditionFailure("no type \(name) for column \(first)")
            }
            tables[last].columns.append(
                Column(name: first, type: type, isRequired: isRequired, note: note))
            if words.count == 4 {
                tables[last].references.append(
                    Reference(columns: [first], table: words[3], keyColumns: ["id"]))
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
