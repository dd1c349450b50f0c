// The SQL that SQLite gets, made from the schema's description.

extension Schema {
    /// Creates everything: tables, then indexes. Views come from `View`.
    var sqliteStatements: [String] {
        tables.map(\.sqliteStatement)
            + tables.flatMap { table in table.indexes.map { table.sqliteStatement(index: $0) } }
    }
}

extension Table {
    var sqliteStatement: String {
        var parts = columns.map { column in
            "\"\(column.name)\" \(column.sqliteType)" + (column.isRequired ? " NOT NULL" : "")
        }
        if columns[0].type != .serial && columns[0].type != .row {
            parts.append("PRIMARY KEY (\(Self.list(key)))")
        }
        parts += unique.map { "UNIQUE (\(Self.list($0)))" }
        parts += references.map { reference in
            // Checked when the recording is committed, so that the order of its rows is free. A
            // mission's rows go with it; a terrain or a mod in use stays.
            """
            FOREIGN KEY (\(Self.list(reference.columns))) REFERENCES "\(reference.table)" \
            (\(Self.list(reference.keyColumns)))\
            \(reference.keepsParent ? "" : " ON DELETE CASCADE") DEFERRABLE INITIALLY DEFERRED
            """
        }
        return "CREATE TABLE \"\(name)\" (\n    \(parts.joined(separator: ",\n    "))\n)"
    }

    func sqliteStatement(index: Index) -> String {
        """
        CREATE INDEX "idx_\(name)_\(index.columns.joined(separator: "_"))" \
        ON "\(name)" (\(Self.list(index.columns)))
        """
    }

    /// A row with all columns, in their order. Replacing, the row that is there keeps `created_at`
    /// and the rows that refer to it.
    func sqliteInsert(replacing: Bool) -> String {
        let values = columns.map { _ in "?" }.joined(separator: ",")
        let insert =
            "INSERT INTO \"\(name)\" (\(Self.list(columns.map(\.name)))) VALUES (\(values))"
        guard replacing else { return insert }
        let changes = columns.map(\.name).filter { !key.contains($0) && $0 != "created_at" }
            .map { "\"\($0)\" = excluded.\"\($0)\"" }.joined(separator: ", ")
        return insert + " ON CONFLICT (\(Self.list(key))) DO UPDATE SET \(changes)"
    }

    /// Deletes a mission's rows; its parameters are the first and the last `id`, or twice the mission.
    var sqliteDelete: String {
        let column = hasRowNumbers ? "id" : "mission_id"
        return "DELETE FROM \"\(name)\" WHERE \"\(column)\" BETWEEN ? AND ?"
    }

    private static func list(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

extension Reference {
    /// A row that is referred to here is not deleted along with what refers to it, nor the other way.
    fileprivate var keepsParent: Bool { table == "worlds" || table == "addons" }
}

extension Column {
    fileprivate var sqliteType: String {
        switch type {
        // AUTOINCREMENT: the number of a deleted mission is not given out again.
        case .serial: "INTEGER PRIMARY KEY AUTOINCREMENT"
        case .row: "INTEGER PRIMARY KEY"
        case .mission, .smallint, .integer, .bigint: "INTEGER"
        case .boolean: "BOOLEAN"
        case .decimal, .double: "REAL"
        case .time, .text, .json: "TEXT"
        case .wkb: "BLOB"
        }
    }
}
