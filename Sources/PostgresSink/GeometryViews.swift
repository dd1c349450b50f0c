// PostGIS is used where it is and not needed where it isn't: its types are in views of their own, beside
// the plain columns and the well-known binary that both engines have. We never install it.

/// A view with a column `geom`, game metres without a reference system.
struct GeometryView: Sendable {
    let name: String
    /// The query; the parameter puts PostGIS's schema in front of a function's name.
    let query: @Sendable ((String) -> String) -> String

    static let all = [
        GeometryView(name: "soldier_geometry") { function in
            """
            SELECT mission_id, id, time, capture_frame, soldier_object_id, side, is_player,
                \(function("ST_MakePoint"))(x, y, z) AS geom
            FROM soldier_states
            """
        },
        GeometryView(name: "vehicle_geometry") { function in
            """
            SELECT mission_id, id, time, capture_frame, vehicle_object_id, side,
                \(function("ST_MakePoint"))(x, y, z) AS geom
            FROM vehicle_states
            """
        },
        GeometryView(name: "shot_geometry") { function in
            """
            SELECT mission_id, id, time, capture_frame, actual_firer_object_id, weapon,
                \(function("ST_GeomFromWKB"))(positions) AS geom
            FROM projectile_events WHERE x IS NOT NULL
            """
        },
        GeometryView(name: "marker_geometry") { function in
            """
            SELECT mission_id, id, time, capture_frame, marker_name, text, shape,
                \(function("ST_GeomFromWKB"))(CASE WHEN shape = 'POLYLINE' THEN polyline
                    ELSE position END) AS geom
            FROM markers
            """
        },
    ]
}

extension PostgresDatabase {
    /// Makes the views when PostGIS has come since.
    func makeGeometryViews() throws(PostgresError) {
        do throws(PostgresError) {
            try makeMissingGeometryViews()
        } catch .notAllowed {
            // Who may only write rows writes them all the same; the tables' owner makes the views.
        }
    }

    private func makeMissingGeometryViews() throws(PostgresError) {
        let operation = "looking for PostGIS"
        let found = try connection.execute(
            """
            SELECT quote_ident(n.nspname), to_regclass('soldier_geometry')
            FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname = 'postgis'
            """, operation: operation)
        guard let row = found.rows.first, row.count == 2, let place = row[0], row[1] == nil else {
            return
        }
        try transaction { () throws(PostgresError) in
            try waitForOthers()
            // Another compactor may have made them while we waited.
            let made = try connection.execute(
                "SELECT to_regclass('soldier_geometry')", operation: operation)
            guard made.single == nil else { return }
            for view in GeometryView.all {
                try connection.execute(
                    "CREATE OR REPLACE VIEW \"\(view.name)\" AS\n\(view.query { "\(place).\($0)" })",
                    operation: "making the views for PostGIS")
            }
        }
    }
}
