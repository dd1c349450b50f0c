// The SQL that PostgreSQL gets, made from the schema's description.
//
// Keys begin with mission_id, so that the tables can be distributed by it: the key of numbered rows is
// (mission_id, id), and what refers to such a row names both columns.

import Compactor

extension Schema {
    /// Creates everything but the views: tables, then indexes.
    var postgresStatements: [String] {
        tables.map { $0.postgresStatement(in: self) }
            + tables.flatMap { table in
                table.postgresIndexes.map { table.postgresStatement(index: $0) }
            }
    }

    /// Removes a mission's rows but for those that are overwritten, those first that refer to others; then
    /// tells whether there are any to be overwritten. One text: one way to the server.
    func postgresClear(mission: Int64) -> String {
        let deletions = tables.reversed().filter { $0.missionColumn != nil && !$0.isOverwritten }
            .map { "DELETE FROM \"\($0.name)\" WHERE mission_id = \(mission)" }
        let left = tables.filter(\.isOverwritten).map {
            "EXISTS (SELECT 1 FROM \"\($0.name)\" WHERE mission_id = \(mission))"
        }
        return (deletions + ["SELECT " + left.joined(separator: " OR ")]).joined(separator: "; ")
    }

    /// What a reference is in PostgreSQL.
    func postgresReference(_ reference: Reference, of table: Table) -> Reference {
        guard let target = tables.first(where: { $0.name == reference.table }),
            target.hasRowNumbers
        else { return reference }
        var translated = reference
        translated.columns = ["mission_id"] + reference.columns
        translated.keyColumns = ["mission_id"] + reference.keyColumns
        return translated
    }

    /// The references that are declared. One to the mission alone says nothing where another one, of
    /// columns that are never NULL, leads to a row of that mission: each check costs microseconds a row.
    func postgresReferences(of table: Table) -> [Reference] {
        let all = table.references.map { postgresReference($0, of: table) }
        let impliesMission = all.contains { reference in
            reference.table != "missions" && reference.columns.contains("mission_id")
                && reference.columns.allSatisfy { table.column($0)?.isRequired == true }
        }
        return all.filter { !(impliesMission && $0.table == "missions") }
    }
}

extension Table {
    /// Soldiers and vehicles: a recording that is written again overwrites these rows, and deletes only those
    /// that it has no more. For each one that is deleted the server looks for what refers to it, shots and
    /// hits, by columns that no index has, because no query needs one. So it goes through all shots of the
    /// mission, also through those that were deleted in the same transaction: soldiers × shots, most of the
    /// time of writing a mission again.
    var isOverwritten: Bool { name == "soldiers" || name == "vehicles" }

    /// Removes a mission's rows but for some; its parameter is the array of the `object_id`s that stay.
    func postgresDeleteOthers(mission: Int64) -> String {
        """
        DELETE FROM "\(name)" WHERE mission_id = \(mission)
            AND object_id NOT IN (SELECT unnest($1::integer[]))
        """
    }

    /// Its key's columns in PostgreSQL.
    var postgresKey: [String] { hasRowNumbers ? ["mission_id"] + key : key }

    /// The indexes that are made: one of columns that the key begins with is there already.
    var postgresIndexes: [Index] {
        indexes.filter { Array(postgresKey.prefix($0.columns.count)) != $0.columns }
    }

    func postgresStatement(in schema: Schema) -> String {
        var parts = columns.map { column in
            "\"\(column.name)\" \(column.postgresType)" + (column.isRequired ? " NOT NULL" : "")
        }
        parts.append("PRIMARY KEY (\(Self.list(postgresKey)))")
        parts += unique.map { "UNIQUE (\(Self.list($0)))" }
        parts += schema.postgresReferences(of: self).map { reference in
            // A mission's rows go with it; a terrain or a mod in use stays.
            let keepsParent = reference.table == "worlds" || reference.table == "addons"
            return """
                FOREIGN KEY (\(Self.list(reference.columns))) REFERENCES "\(reference.table)" \
                (\(Self.list(reference.keyColumns)))\(keepsParent ? "" : " ON DELETE CASCADE")
                """
        }
        return "CREATE TABLE \"\(name)\" (\n    \(parts.joined(separator: ",\n    "))\n)"
    }

    func postgresStatement(index: Index) -> String {
        """
        CREATE INDEX "idx_\(name)_\(index.columns.joined(separator: "_"))" \
        ON "\(name)" (\(Self.list(index.columns)))
        """
    }

    private var columnList: String { Self.list(columns.map(\.name)) }

    /// Takes new rows.
    var postgresCopy: String {
        "COPY \"\(name)\" (\(columnList)) FROM STDIN (FORMAT binary)"
    }

    // Rows that may be there already go through a temporary table. It is the transaction's own, so that
    // nobody else sees it, and goes with it.
    private var stage: String { "\"blackbox_stage_\(name)\"" }

    var postgresStage: String {
        """
        CREATE TEMPORARY TABLE \(stage) (LIKE "\(name)", blackbox_order bigint) ON COMMIT DROP
        """
    }

    var postgresStageCopy: String {
        "COPY \(stage) (\(columnList), blackbox_order) FROM STDIN (FORMAT binary)"
    }

    /// Puts the last row of each key in place; what refers to it stays, and so does `created_at`. (Of a row that
    /// an earlier compaction made, nothing stays.)
    var postgresUnstage: String {
        let list = Self.list(postgresKey)
        let kept = postgresKey + (isOverwritten ? [] : ["created_at"])
        let changes = columns.map(\.name).filter { !kept.contains($0) }
            .map { "\"\($0)\" = excluded.\"\($0)\"" }.joined(separator: ", ")
        return """
            INSERT INTO "\(name)" (\(columnList))
            SELECT DISTINCT ON (\(list)) \(columnList) FROM \(stage)
            ORDER BY \(list), blackbox_order DESC
            ON CONFLICT (\(list)) DO UPDATE SET \(changes);
            TRUNCATE \(stage)
            """
    }

    private static func list(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

extension Column {
    var postgresType: String {
        switch type {
        case .serial: "bigint GENERATED BY DEFAULT AS IDENTITY"
        case .row: "bigint NOT NULL"
        case .mission, .bigint: "bigint"
        case .smallint: "smallint"
        case .integer: "integer"
        case .boolean: "boolean"
        case .decimal: "numeric"
        case .double: "double precision"
        case .time: "timestamptz"
        case .text: "text"
        case .json: "jsonb"
        case .wkb: "bytea"
        }
    }
}
