// The scoreboard's figures, computed once when a recording is complete: over a thousand missions the
// view then reads some ten thousand small rows instead of joining every kill and shot ever made.

/// Fills `player_scores` for one mission from its other tables; the same text for both engines. A
/// player is whoever was one at any time; several soldiers of one player (respawns) count together.
///
/// - Parameter mission: the parameter's name or number that stands for the mission's id.
public func playerScoresStatement(mission: String) -> String {
    """
    WITH played AS (
        SELECT object_id, COALESCE(player_uid, player_name) AS player, player_uid, player_name, side,
            metres_on_foot, metres_in_vehicle,
            ROW_NUMBER() OVER (
                PARTITION BY COALESCE(player_uid, player_name)
                ORDER BY join_frame DESC, object_id DESC) AS newest
        FROM soldiers WHERE mission_id = \(mission) AND was_player
    ), kills AS (
        SELECT k.killer_soldier_object_id AS killer, k.victim_soldier_object_id AS victim,
            k.victim_vehicle_object_id AS vehicle, k.weapon_vehicle, k.distance,
            a.side = v.side AS is_friendly
        FROM kill_events k
        LEFT JOIN soldiers a
            ON a.mission_id = k.mission_id AND a.object_id = k.killer_soldier_object_id
        LEFT JOIN soldiers v
            ON v.mission_id = k.mission_id AND v.object_id = k.victim_soldier_object_id
        WHERE k.mission_id = \(mission)
    ), killers AS (
        SELECT killer AS object_id,
            SUM(CASE WHEN victim IS NOT NULL AND victim <> killer AND NOT is_friendly
                THEN 1 ELSE 0 END) AS kills,
            SUM(CASE WHEN vehicle IS NOT NULL THEN 1 ELSE 0 END) AS vehicle_kills,
            SUM(CASE WHEN victim <> killer AND is_friendly THEN 1 ELSE 0 END) AS team_kills,
            MAX(CASE WHEN victim <> killer AND NOT is_friendly AND weapon_vehicle = ''
                THEN distance END) AS longest_shot
        FROM kills WHERE killer IS NOT NULL GROUP BY killer
    ), victims AS (
        SELECT victim AS object_id, COUNT(*) AS deaths,
            SUM(CASE WHEN victim = killer THEN 1 ELSE 0 END) AS suicides
        FROM kills WHERE victim IS NOT NULL GROUP BY victim
    ), hit_shots AS (
        SELECT projectile_event_id FROM projectile_hits_soldiers WHERE mission_id = \(mission)
        UNION
        SELECT projectile_event_id FROM projectile_hits_vehicles WHERE mission_id = \(mission)
    ), shooters AS (
        SELECT p.actual_firer_object_id AS object_id, COUNT(*) AS shots,
            COUNT(h.projectile_event_id) AS hits
        FROM projectile_events p LEFT JOIN hit_shots h ON h.projectile_event_id = p.id
        WHERE p.mission_id = \(mission) GROUP BY p.actual_firer_object_id
    )
    INSERT INTO player_scores (mission_id, player, player_uid, player_name, side, kills,
        vehicle_kills, team_kills, deaths, suicides, longest_shot, shots, hits, metres_on_foot,
        metres_in_vehicle)
    SELECT \(mission), p.player, MAX(p.player_uid),
        MAX(CASE WHEN p.newest = 1 THEN p.player_name END),
        MAX(CASE WHEN p.newest = 1 THEN p.side END),
        COALESCE(SUM(k.kills), 0), COALESCE(SUM(k.vehicle_kills), 0),
        COALESCE(SUM(k.team_kills), 0), COALESCE(SUM(v.deaths), 0),
        COALESCE(SUM(v.suicides), 0), MAX(k.longest_shot), COALESCE(SUM(s.shots), 0),
        COALESCE(SUM(s.hits), 0), SUM(p.metres_on_foot), SUM(p.metres_in_vehicle)
    FROM played p
    LEFT JOIN killers k ON k.object_id = p.object_id
    LEFT JOIN victims v ON v.object_id = p.object_id
    LEFT JOIN shooters s ON s.object_id = p.object_id
    GROUP BY p.player
    """
}
