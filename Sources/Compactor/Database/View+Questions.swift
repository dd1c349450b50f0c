// What people ask: who did best, who was there, who shot whom, with what, how far they went, who
// drove, who stood where (docs/sql.md).

extension View {
    static let questions: [View] = [
        // The join is an outer one so that a query without the mission's columns goes without it.
        View("scoreboard") { _ in
            """
            SELECT s.mission_id, m.mission_name, m.start_time, s.player, s.player_uid, s.player_name,
                s.side, s.kills, s.vehicle_kills, s.team_kills, s.deaths, s.suicides,
                s.longest_shot, s.shots, s.hits, s.metres_on_foot, s.metres_in_vehicle
            FROM player_scores s LEFT JOIN missions m ON m.id = s.mission_id
            """
        },
        View("kill_feed") { _ in
            """
            SELECT k.id, k.mission_id, k.capture_frame, k.time,
                k.capture_frame * m.capture_delay AS seconds,
                COALESCE(a.player_name, a.unit_name, av.display_name) AS killer_name,
                a.player_uid AS killer_uid, COALESCE(a.side, av.side) AS killer_side,
                COALESCE(v.player_name, v.unit_name, vv.display_name) AS victim_name,
                v.player_uid AS victim_uid, COALESCE(v.side, vv.side) AS victim_side,
                CASE WHEN k.victim_soldier_object_id IS NOT NULL THEN 'soldier'
                    WHEN k.victim_vehicle_object_id IS NOT NULL THEN 'vehicle' END AS victim_kind,
                k.event_text AS weapon, k.distance,
                k.victim_soldier_object_id = k.killer_soldier_object_id AS is_suicide,
                k.victim_soldier_object_id <> k.killer_soldier_object_id
                    AND a.side = v.side AS is_team_kill
            FROM kill_events k
            JOIN missions m ON m.id = k.mission_id
            LEFT JOIN soldiers a
                ON a.mission_id = k.mission_id AND a.object_id = k.killer_soldier_object_id
            LEFT JOIN soldiers v
                ON v.mission_id = k.mission_id AND v.object_id = k.victim_soldier_object_id
            LEFT JOIN vehicles av
                ON av.mission_id = k.mission_id AND av.object_id = k.killer_vehicle_object_id
            LEFT JOIN vehicles vv
                ON vv.mission_id = k.mission_id AND vv.object_id = k.victim_vehicle_object_id
            """
        },
        // A player's marks: the server's messages of coming and going, and the first soldier of those
        // who were there before the recording. A session lasts from a mark of coming that follows none
        // (or one of going) to the next mark of going.
        View("player_sessions") { dialect in
            """
            WITH marks AS (
                SELECT mission_id, \(dialect.member("playerUid", of: "extra_data")) AS player_uid,
                    message AS player_name, capture_frame AS frame,
                    CASE name WHEN 'connected' THEN 1 ELSE 0 END AS comes
                FROM general_events WHERE name IN ('connected', 'disconnected')
                UNION ALL
                SELECT mission_id, player_uid, MAX(player_name), MIN(join_frame), 1
                FROM soldiers WHERE player_uid IS NOT NULL AND was_player
                GROUP BY mission_id, player_uid
            ), ordered AS (
                SELECT mission_id, player_uid, player_name, frame, comes,
                    LAG(comes, 1, 0) OVER (
                        PARTITION BY mission_id, player_uid ORDER BY frame, comes DESC) AS was_there
                FROM marks WHERE player_uid IS NOT NULL
            ), changes AS (
                SELECT mission_id, player_uid, player_name, frame, comes,
                    LEAD(frame) OVER (
                        PARTITION BY mission_id, player_uid ORDER BY frame, comes DESC) AS next
                FROM ordered WHERE comes <> was_there
            )
            SELECT c.mission_id, c.player_uid, c.player_name, c.frame AS start_frame,
                c.end_frame, (c.end_frame - c.frame) * c.capture_delay AS seconds,
                c.stayed_to_the_end
            FROM (
                SELECT c.*, m.capture_delay, c.next IS NULL AS stayed_to_the_end,
                    CASE WHEN c.next IS NOT NULL THEN c.next
                        WHEN m.last_frame > c.frame THEN m.last_frame
                        ELSE c.frame END AS end_frame
                FROM changes c JOIN missions m ON m.id = c.mission_id
            ) c
            WHERE c.comes = 1
            """
        },
        View("weapon_stats") { _ in
            """
            SELECT mission_id, weapon, MAX(weapon_display) AS weapon_display, COUNT(*) AS shots,
                SUM(CASE WHEN soldiers_hit + vehicles_hit > 0 THEN 1 ELSE 0 END) AS hits,
                SUM(soldiers_hit) AS soldiers_hit, SUM(vehicles_hit) AS vehicles_hit
            FROM (
                SELECT p.mission_id, p.weapon, p.weapon_display,
                    (SELECT COUNT(*) FROM projectile_hits_soldiers h
                        WHERE h.projectile_event_id = p.id) AS soldiers_hit,
                    (SELECT COUNT(*) FROM projectile_hits_vehicles h
                        WHERE h.projectile_event_id = p.id) AS vehicles_hit
                FROM projectile_events p
            ) shots
            GROUP BY mission_id, weapon
            """
        },
        View("distance_travelled") { _ in
            """
            SELECT mission_id, 'soldier' AS kind, object_id,
                COALESCE(player_name, unit_name) AS name, player_uid, side, metres_on_foot,
                metres_in_vehicle, metres_on_foot + metres_in_vehicle AS metres
            FROM soldiers
            UNION ALL
            SELECT mission_id, 'vehicle', object_id, display_name, NULL, side, NULL, NULL, metres
            FROM vehicles
            """
        },
        // A state holds until the soldier's next one. That is looked up and not had from a window, as
        // below, because a condition on the mission does not get through both a group and a window in
        // SQLite.
        View("vehicle_use") { _ in
            """
            SELECT s.mission_id, s.vehicle_object_id, v.display_name AS vehicle_name,
                v.ocap_type AS vehicle_class, s.soldier_object_id,
                COALESCE(e.player_name, e.unit_name) AS soldier_name, e.player_uid,
                s.vehicle_role, MIN(s.frame) AS first_frame,
                MAX(COALESCE(s.next, e.delete_frame, m.last_frame)) AS last_frame,
                SUM(COALESCE(s.next, e.delete_frame, m.last_frame) - s.frame) * m.capture_delay
                    AS seconds
            FROM (
                SELECT mission_id, soldier_object_id, in_vehicle_object_id AS vehicle_object_id,
                    vehicle_role, in_vehicle, capture_frame AS frame,
                    (SELECT l.capture_frame FROM soldier_states l
                        WHERE l.mission_id = o.mission_id
                            AND l.soldier_object_id = o.soldier_object_id
                            AND (l.capture_frame, l.id) > (o.capture_frame, o.id)
                        ORDER BY l.capture_frame, l.id LIMIT 1) AS next
                FROM soldier_states o
            ) s
            JOIN missions m ON m.id = s.mission_id
            JOIN soldiers e ON e.mission_id = s.mission_id AND e.object_id = s.soldier_object_id
            LEFT JOIN vehicles v
                ON v.mission_id = s.mission_id AND v.object_id = s.vehicle_object_id
            WHERE s.in_vehicle AND s.vehicle_object_id IS NOT NULL
            GROUP BY s.mission_id, s.vehicle_object_id, v.display_name, v.ocap_type,
                s.soldier_object_id, e.player_name, e.unit_name, e.player_uid, s.vehicle_role,
                m.capture_delay
            """
        },
        // The windows run over an index alone; rows are looked up for what is left after the caller's
        // condition on frames.
        View("position_at") { _ in
            """
            SELECT s.mission_id, 'soldier' AS kind, s.object_id,
                COALESCE(NULLIF(o.unit_name, ''), e.player_name, e.unit_name) AS name, o.side,
                s.from_frame,
                COALESCE(s.next, e.delete_frame + 1, m.last_frame + 1) AS until_frame,
                o.x, o.y, o.z, o.bearing, o.lifestate
            FROM (
                SELECT id, mission_id, soldier_object_id AS object_id,
                    capture_frame AS from_frame,
                    LEAD(capture_frame) OVER (
                        PARTITION BY mission_id, soldier_object_id
                        ORDER BY capture_frame) AS next
                FROM soldier_states
            ) s
            JOIN missions m ON m.id = s.mission_id
            JOIN soldiers e ON e.mission_id = s.mission_id AND e.object_id = s.object_id
            JOIN soldier_states o ON o.mission_id = s.mission_id AND o.id = s.id
            UNION ALL
            SELECT s.mission_id, 'vehicle', s.object_id, v.display_name, o.side, s.from_frame,
                COALESCE(s.next, v.delete_frame + 1, m.last_frame + 1),
                o.x, o.y, o.z, o.bearing, CASE WHEN o.is_alive THEN 1 ELSE 0 END
            FROM (
                SELECT id, mission_id, vehicle_object_id AS object_id,
                    capture_frame AS from_frame,
                    LEAD(capture_frame) OVER (
                        PARTITION BY mission_id, vehicle_object_id
                        ORDER BY capture_frame) AS next
                FROM vehicle_states
            ) s
            JOIN missions m ON m.id = s.mission_id
            JOIN vehicles v ON v.mission_id = s.mission_id AND v.object_id = s.object_id
            JOIN vehicle_states o ON o.mission_id = s.mission_id AND o.id = s.id
            """
        },
    ]
}
