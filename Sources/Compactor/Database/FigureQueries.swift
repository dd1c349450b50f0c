// What `blackbox stats` and `blackbox-pg stats` ask a database: the same SQL in both engines.

/// Queries for a mission's figures and scoreboard.
public enum FigureQueries {
    /// A mission a row, oldest first: id, log_id, recording_number, mission_name, world_name, start_time,
    /// seconds, end_reason, call_count, rejected_count, units, players, vehicles, states, shots, kills.
    /// - Parameter mission: a `missions.id`; nil: all of them.
    public static func missions(_ mission: Int64?) -> String {
        func count(_ table: String, _ condition: String = "") -> String {
            "(SELECT COUNT(*) FROM \(table) t WHERE t.mission_id = m.id\(condition))"
        }
        return """
            SELECT m.id, m.log_id, m.recording_number, m.mission_name, w.world_name, m.start_time,
                m.last_frame * m.capture_delay AS seconds, m.end_reason, m.call_count,
                m.rejected_count, \(count("soldiers")) AS units,
                \(count("soldiers", " AND t.was_player")) AS players,
                \(count("vehicles")) AS vehicles,
                \(count("soldier_states")) + \(count("vehicle_states")) AS states,
                \(count("projectile_events")) AS shots, \(count("kill_events")) AS kills
            FROM missions m LEFT JOIN worlds w ON w.id = m.world_id
            \(mission.map { "WHERE m.id = \($0)" } ?? "") ORDER BY m.start_time, m.id
            """
    }

    /// A player a row, best first: player, player_name, side, missions, kills, team_kills, vehicle_kills,
    /// deaths, longest_shot, shots, hits, metres.
    /// - Parameter mission: a `missions.id`; nil: over all missions.
    public static func scoreboard(_ mission: Int64?, limit: Int) -> String {
        """
        SELECT player, MAX(player_name) AS player_name, MAX(side) AS side, COUNT(*) AS missions,
            SUM(kills) AS kills, SUM(team_kills) AS team_kills,
            SUM(vehicle_kills) AS vehicle_kills, SUM(deaths) AS deaths,
            MAX(longest_shot) AS longest_shot, SUM(shots) AS shots, SUM(hits) AS hits,
            SUM(metres_on_foot + metres_in_vehicle) AS metres
        FROM scoreboard \(mission.map { "WHERE mission_id = \($0)" } ?? "")
        GROUP BY player ORDER BY SUM(kills) DESC, SUM(deaths), player LIMIT \(limit)
        """
    }
}
