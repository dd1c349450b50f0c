// How a file of an older version is brought up. Each step was written once and is never changed: it has
// to fit files that are out there.

extension Migration {
    /// In rising order. `Schema.current` describes what they lead to; a test holds the two together.
    static let all = [
        Migration(
            version: 2,
            statements: [
                """
                CREATE TABLE "server_events" (
                    "log_id" TEXT NOT NULL, "sequence" INTEGER NOT NULL, "time" TEXT NOT NULL,
                    "event" TEXT NOT NULL, "subject" TEXT NOT NULL, "user_id" TEXT,
                    "is_exact_id" BOOLEAN NOT NULL, "candidates" TEXT, "player_uid" TEXT,
                    "player_name" TEXT, "kick_type" INTEGER, "message" TEXT, "file" TEXT,
                    "arguments" TEXT NOT NULL, "mission_name" TEXT,
                    PRIMARY KEY ("log_id", "sequence"))
                """,
                """
                CREATE TABLE "gate_decisions" (
                    "log_id" TEXT NOT NULL, "sequence" INTEGER NOT NULL, "time" TEXT NOT NULL,
                    "user_id" TEXT, "player_uid" TEXT, "player_name" TEXT, "result" TEXT,
                    "reason" TEXT, "decided_by" TEXT, "wait_seconds" REAL, "polls" INTEGER,
                    "mission_name" TEXT, PRIMARY KEY ("log_id", "sequence"))
                """,
                """
                CREATE TABLE "admin_commands" (
                    "log_id" TEXT NOT NULL, "sequence" INTEGER NOT NULL, "time" TEXT NOT NULL,
                    "ticket" INTEGER, "verb" TEXT NOT NULL, "arguments" TEXT NOT NULL,
                    "asked_by" TEXT, "status" TEXT NOT NULL, "reply" TEXT, "answered_time" TEXT,
                    "mission_name" TEXT, PRIMARY KEY ("log_id", "sequence"))
                """,
                """
                CREATE INDEX "idx_server_events_player_uid_time"
                    ON "server_events" ("player_uid", "time")
                """,
                """
                CREATE INDEX "idx_server_events_log_id_user_id_sequence"
                    ON "server_events" ("log_id", "user_id", "sequence")
                """,
                """
                CREATE INDEX "idx_gate_decisions_log_id_user_id_sequence"
                    ON "gate_decisions" ("log_id", "user_id", "sequence")
                """,
            ]),
        Migration(
            version: 3, statements: [#"ALTER TABLE "gate_decisions" ADD COLUMN "rule" TEXT"#]),
    ]
}
