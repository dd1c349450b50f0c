// The views of the older PostgreSQL databases: their names and columns, on keys that exist. Positions
// are game metres here, as text and in the GeoJSON: the older ones called them degrees near (0, 0).

extension View {
    static let reference: [View] = [
        View("addons_to_missions") { _ in
            """
            SELECT m.id AS mission_id, a.id AS addon_id, a.name AS addon_name,
                a.workshop_id AS addon_workshop_id
            FROM missions m
            LEFT JOIN mission_addons l ON l.mission_id = m.id
            LEFT JOIN addons a ON a.id = l.addon_id
            """
        },
        View("all_missions") { dialect in
            let slots = ["west", "east", "independent", "civilian", "logic"].map {
                ($0, "m.playable_\($0)")
            }
            let friends = [
                ("eastWest", dialect.boolean("m.sidefriendly_east_west")),
                ("eastIndependent", dialect.boolean("m.sidefriendly_east_independent")),
                ("westIndependent", dialect.boolean("m.sidefriendly_west_independent")),
            ]
            let addon = dialect.object([
                ("name", "a.addon_name"), ("workshop_id", "a.addon_workshop_id"),
            ])
            return """
                SELECT m.id, m.start_time, m.mission_name, m.mission_name_source, m.briefing_name,
                    m.on_load_name, m.author, m.server_name, m.server_profile, m.capture_delay,
                    m.addon_version, m.extension_version, m.extension_build,
                    m.ocap_recorder_extension_version, m.tag,
                    \(dialect.object(slots)) AS playable_slots,
                    \(dialect.object(friends)) AS side_friendly,
                    (SELECT \(dialect.array(of: addon)) FROM addons_to_missions a
                        WHERE a.mission_id = m.id) AS addons,
                    w.world_name, w.display_name, w.world_size,
                    \(dialect.point("w.longitude", "w.latitude")) AS world_location,
                    w.author AS world_author, m.last_frame
                FROM missions m LEFT JOIN worlds w ON w.id = m.world_id
                ORDER BY m.start_time DESC
                """
        },
        View("mission_markers") { dialect in
            let state = dialect.object([
                ("frame", "s.capture_frame"), ("position", dialect.point("s.x", "s.y")),
                ("direction", "s.direction"), ("alpha", "s.alpha"),
            ])
            return """
                SELECT m.id AS marker_id, m.mission_id, m.marker_name, m.marker_type, m.text,
                    m.color, m.size, m.side, m.shape, m.brush, m.alpha, m.direction,
                    m.capture_frame AS created_frame, m.is_deleted,
                    \(dialect.point("m.x", "m.y")) AS position,
                    (SELECT CASE WHEN COUNT(*) > 0 THEN \(dialect.array(of: state)) END
                        FROM (SELECT capture_frame, x, y, direction, alpha FROM marker_states
                            WHERE marker_id = m.id ORDER BY capture_frame, id) s) AS states
                FROM markers m
                """
        },
        View("projectile_paths_geojson") { dialect in
            let line = dialect.object([
                ("type", "'LineString'"),
                (
                    "coordinates",
                    dialect.array([
                        dialect.array(["p.x", "p.y", "p.z"]),
                        dialect.array(["p.end_x", "p.end_y", "p.end_z"]),
                    ])
                ),
            ])
            let same = [
                "weapon", "weapon_display", "magazine", "magazine_display", "muzzle",
                "muzzle_display", "ammo", "mode",
            ].map { ($0, "p.\($0)") }
            let feature = dialect.feature(
                line,
                [
                    ("mission_id", "p.mission_id"), ("capture_frame", "p.capture_frame"),
                    ("firer_side", "s.side"),
                ] + same + [("distance", "p.distance")])
            return """
                SELECT p.mission_id, p.capture_frame, \(dialect.collection(feature)) AS geojson
                FROM projectile_events p
                LEFT JOIN soldiers s
                    ON s.mission_id = p.mission_id AND s.object_id = p.firer_object_id
                WHERE p.x IS NOT NULL
                GROUP BY p.mission_id, p.capture_frame
                """
        },
        View("hit_locations_geojson") { dialect in
            let feature = dialect.feature(
                dialect.geometry(x: "h.x", y: "h.y"),
                [("mission_id", "f.mission_id"), ("capture_frame", "f.capture_frame")])
            // Frame by frame, because a condition on the mission does not get through a group of a
            // union in SQLite: it would read all missions.
            return """
                SELECT f.mission_id, f.capture_frame,
                    (SELECT \(dialect.collection(feature)) FROM (
                        SELECT x, y FROM projectile_hits_soldiers a
                        WHERE a.mission_id = f.mission_id AND a.capture_frame = f.capture_frame
                        UNION ALL
                        SELECT x, y FROM projectile_hits_vehicles a
                        WHERE a.mission_id = f.mission_id AND a.capture_frame = f.capture_frame
                    ) h) AS geojson
                FROM (
                    SELECT DISTINCT mission_id, capture_frame FROM projectile_hits_soldiers
                    UNION ALL
                    SELECT DISTINCT mission_id, capture_frame FROM projectile_hits_vehicles v
                    WHERE NOT EXISTS (SELECT 1 FROM projectile_hits_soldiers o
                        WHERE o.mission_id = v.mission_id AND o.capture_frame = v.capture_frame)
                ) f
                """
        },
        View("hit_soldiers") { dialect in
            """
            SELECT h.mission_id, h.capture_frame, \(dialect.point("h.x", "h.y")) AS position,
                \(firer),
                c.object_id AS victim_ocap_id, c.player_uid AS victim_unit_uid,
                c.unit_name AS victim_unit_name, c.side AS victim_unit_side,
                c.is_player AS victim_unit_isplayer, c.display_name AS victim_unit_type,
                h.components_hit
            FROM projectile_hits_soldiers h
            \(firerJoins)
            LEFT JOIN soldiers c
                ON c.mission_id = h.mission_id AND c.object_id = h.soldier_object_id
            """
        },
        View("hit_vehicles") { dialect in
            """
            SELECT h.mission_id, h.capture_frame, \(dialect.point("h.x", "h.y")) AS position,
                \(firer),
                c.object_id AS victim_ocap_id, c.display_name AS victim_unit_type,
                h.components_hit
            FROM projectile_hits_vehicles h
            \(firerJoins)
            LEFT JOIN vehicles c
                ON c.mission_id = h.mission_id AND c.object_id = h.vehicle_object_id
            """
        },
        View("soldier_frames") { dialect in
            """
            SELECT e.mission_id, e.object_id AS ocap_id, s.time, s.capture_frame,
                \(dialect.point("s.x", "s.y")) AS position, s.bearing, s.lifestate, s.unit_name,
                s.is_player, s."current_role", s.has_stable_vitals, s.is_dragged_carried, s.stance,
                \(scores(dialect)) AS scores, s.in_vehicle, v.object_id AS vehicle_ocap_id,
                v.display_name AS vehicle_name, v.class_name AS vehicle_class
            FROM soldiers e
            JOIN soldier_states s
                ON s.mission_id = e.mission_id AND s.soldier_object_id = e.object_id
            LEFT JOIN vehicles v
                ON v.mission_id = s.mission_id AND v.object_id = s.in_vehicle_object_id
            """
        },
        View("soldier_frames_geojson") { dialect in
            let feature = dialect.feature(
                dialect.geometry(x: "s.x", y: "s.y"),
                [
                    ("id", "s.id"), ("mission_id", "e.mission_id"), ("ocap_id", "e.object_id"),
                    ("join_frame", "e.join_frame"), ("time", "s.time"),
                    ("capture_frame", "s.capture_frame"), ("ocap_type", "e.ocap_type"),
                    ("side", "e.side"), ("bearing", "s.bearing"), ("lifestate", "s.lifestate"),
                    ("unit_name", "s.unit_name"), ("is_player", dialect.boolean("s.is_player")),
                    ("role", "s.\"current_role\""),
                    ("has_stable_vitals", dialect.boolean("s.has_stable_vitals")),
                    ("is_dragged_carried", dialect.boolean("s.is_dragged_carried")),
                    ("stance", "s.stance"), ("scores", scores(dialect)),
                    ("is_in_vehicle", dialect.boolean("s.in_vehicle")),
                ])
            return """
                SELECT s.mission_id, s.capture_frame, \(dialect.collection(feature)) AS geojson
                FROM soldiers e
                JOIN soldier_states s
                    ON s.mission_id = e.mission_id AND s.soldier_object_id = e.object_id
                GROUP BY s.mission_id, s.capture_frame
                """
        },
        View("vehicle_frames_geojson") { dialect in
            let feature = dialect.feature(
                dialect.geometry(x: "s.x", y: "s.y"),
                [
                    ("id", "s.id"), ("mission_id", "e.mission_id"), ("ocap_id", "e.object_id"),
                    ("join_frame", "e.join_frame"), ("time", "s.time"),
                    ("capture_frame", "s.capture_frame"), ("ocap_type", "e.ocap_type"),
                    ("class_name", "e.class_name"), ("display_name", "e.display_name"),
                    ("side", "s.side"), ("bearing", "s.bearing"),
                    ("is_alive", dialect.boolean("s.is_alive")), ("crew", "s.crew"),
                    ("fuel", "s.fuel"), ("damage", "s.damage"),
                    ("locked", dialect.boolean("s.locked")),
                    ("engine_on", dialect.boolean("s.engine_on")),
                    (
                        "vector",
                        dialect.object([
                            ("vector_dir", "s.vector_dir"), ("vector_up", "s.vector_up"),
                        ])
                    ),
                    (
                        "turret",
                        dialect.object([
                            ("turret_azimuth", "s.turret_azimuth"),
                            ("turret_elevation", "s.turret_elevation"),
                        ])
                    ),
                ])
            return """
                SELECT s.mission_id, s.capture_frame, \(dialect.collection(feature)) AS geojson
                FROM vehicles e
                JOIN vehicle_states s
                    ON s.mission_id = e.mission_id AND s.vehicle_object_id = e.object_id
                GROUP BY s.mission_id, s.capture_frame
                """
        },
    ]

    /// The columns that the views of hits share.
    private static let firer = """
        f.object_id AS fired_unit_ocap_id, f.player_uid AS fired_unit_uid,
            f.unit_name AS fired_unit_name, f.side AS fired_unit_side,
            f.is_player AS fired_unit_isplayer, f.display_name AS fired_unit_type,
            v.object_id AS vehicle_ocap_id, v.display_name AS vehicle_name,
            p.weapon_display AS used_weapon, p.magazine_display AS used_magazine
        """

    private static let firerJoins = """
        JOIN projectile_events p
            ON p.mission_id = h.mission_id AND p.id = h.projectile_event_id
        LEFT JOIN soldiers f
            ON f.mission_id = h.mission_id AND f.object_id = p.firer_object_id
        LEFT JOIN vehicles v
            ON v.mission_id = h.mission_id AND v.object_id = p.vehicle_object_id
        """

    private static func scores(_ dialect: Dialect) -> String {
        dialect.object([
            ("infantry", "s.scores_infantry_kills"), ("vehicle", "s.scores_vehicle_kills"),
            ("armor", "s.scores_armor_kills"), ("air", "s.scores_air_kills"),
            ("deaths", "s.scores_deaths"), ("total", "s.scores_total_score"),
        ])
    }
}
