// How a database of an older version is brought up. Each step was written once and is never changed: it
// has to fit databases that are out there.

extension PostgresMigration {
    /// In rising order. `Schema.current` describes what they lead to; a test holds the two together.
    static let all = [
        PostgresMigration(
            version: 2,
            statements: [
                """
                CREATE TABLE server_events (
                    log_id text NOT NULL, sequence bigint NOT NULL, "time" timestamptz NOT NULL,
                    event text NOT NULL, subject text NOT NULL, user_id text,
                    is_exact_id boolean NOT NULL, candidates jsonb, player_uid text,
                    player_name text, kick_type integer, message text, file text,
                    arguments jsonb NOT NULL, mission_name text,
                    PRIMARY KEY (log_id, sequence))
                """,
                """
                CREATE TABLE gate_decisions (
                    log_id text NOT NULL, sequence bigint NOT NULL, "time" timestamptz NOT NULL,
                    user_id text, player_uid text, player_name text, result text, reason text,
                    decided_by text, wait_seconds double precision, polls integer,
                    mission_name text, PRIMARY KEY (log_id, sequence))
                """,
                """
                CREATE TABLE admin_commands (
                    log_id text NOT NULL, sequence bigint NOT NULL, "time" timestamptz NOT NULL,
                    ticket integer, verb text NOT NULL, arguments jsonb NOT NULL, asked_by text,
                    status text NOT NULL, reply text, answered_time timestamptz,
                    mission_name text, PRIMARY KEY (log_id, sequence))
                """,
                """
                CREATE INDEX idx_server_events_player_uid_time ON server_events (player_uid, "time")
                """,
                """
                CREATE INDEX idx_server_events_log_id_user_id_sequence
                    ON server_events (log_id, user_id, sequence)
                """,
                """
                CREATE INDEX idx_gate_decisions_log_id_user_id_sequence
                    ON gate_decisions (log_id, user_id, sequence)
                """,
            ]),
        PostgresMigration(
            version: 3, statements: ["ALTER TABLE gate_decisions ADD COLUMN rule text"]),
    ]
}
