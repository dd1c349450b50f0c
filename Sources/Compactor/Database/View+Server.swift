// Who came to the server, and what the gate had to say to it (docs/sql.md).

extension View {
    static let server: [View] = [
        // A visit lasts from a mark of coming that follows none (or one of going) to the next mark of
        // going. The gate's word on it is the last one since the visit before; a kick belongs to it when
        // it comes before the next one begins. Decisions that led to no visit are rows, too.
        View("player_visits") { dialect in
            """
            WITH marks AS (
                SELECT log_id, user_id, sequence, time, player_uid, player_name, is_exact_id,
                    mission_name, CASE subject WHEN 'disconnected' THEN 0 ELSE 1 END AS comes
                FROM server_events
                WHERE user_id IS NOT NULL AND subject IN ('connected', 'present', 'disconnected')
            ), ordered AS (
                SELECT m.*, LAG(comes, 1, 0) OVER (
                    PARTITION BY log_id, user_id ORDER BY sequence) AS was_there
                FROM marks m
            ), changes AS (
                SELECT o.*, LAG(sequence, 1, 0) OVER user_changes AS earlier,
                    LEAD(sequence) OVER user_changes AS next,
                    LEAD(time) OVER user_changes AS next_time,
                    LEAD(is_exact_id) OVER user_changes AS next_is_exact,
                    LEAD(player_uid) OVER user_changes AS next_uid,
                    LEAD(player_name) OVER user_changes AS next_name,
                    LEAD(sequence, 2) OVER user_changes AS following
                FROM ordered o WHERE comes <> was_there
                WINDOW user_changes AS (PARTITION BY log_id, user_id ORDER BY sequence)
            ), visits AS (
                SELECT c.*,
                    (SELECT MAX(d.sequence) FROM gate_decisions d
                        WHERE d.log_id = c.log_id AND d.user_id = c.user_id
                            AND d.sequence > c.earlier
                            AND (c.next IS NULL OR d.sequence < c.next)) AS decision,
                    (SELECT MAX(k.sequence) FROM server_events k
                        WHERE k.log_id = c.log_id AND k.user_id = c.user_id
                            AND k.subject = 'kicked' AND k.sequence > c.sequence
                            AND (c.following IS NULL OR k.sequence < c.following)) AS kick
                FROM changes c WHERE comes = 1
            )
            SELECT v.log_id, v.user_id, COALESCE(v.player_uid, v.next_uid, d.player_uid) AS player_uid,
                COALESCE(v.player_name, v.next_name, d.player_name) AS player_name,
                v.is_exact_id AND COALESCE(v.next_is_exact, v.is_exact_id) AS is_exact_id,
                d.time AS decided_time, d.result, d.reason, d.decided_by, d.rule, d.wait_seconds,
                v.time AS joined_time, v.next_time AS left_time,
                \(dialect.seconds(from: "v.time", to: "v.next_time")) AS seconds,
                k.kick_type, k.message AS kick_reason, v.mission_name
            FROM visits v
            LEFT JOIN gate_decisions d ON d.log_id = v.log_id AND d.sequence = v.decision
            LEFT JOIN server_events k ON k.log_id = v.log_id AND k.sequence = v.kick
            UNION ALL
            SELECT d.log_id, d.user_id, d.player_uid, d.player_name, TRUE, d.time, d.result, d.reason,
                d.decided_by, d.rule, d.wait_seconds, NULL, NULL, NULL, NULL, NULL, d.mission_name
            FROM gate_decisions d
            WHERE NOT EXISTS (
                SELECT 1 FROM visits v WHERE v.log_id = d.log_id AND v.decision = d.sequence)
            """
        }
    ]
}
