PRAGMA page_size = 4096;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "worlds" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "created_at" TEXT,
    "updated_at" TEXT,
    "deleted_at" TEXT,
    "author" TEXT,
    "workshop_id" TEXT,
    "display_name" TEXT,
    "world_name" TEXT NOT NULL,
    "world_name_original" TEXT,
    "world_size" REAL,
    "location" BLOB,
    "longitude" REAL,
    "latitude" REAL,
    UNIQUE ("world_name")
);
CREATE TABLE IF NOT EXISTS "missions" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "created_at" TEXT,
    "updated_at" TEXT,
    "deleted_at" TEXT,
    "mission_name" TEXT,
    "briefing_name" TEXT,
    "mission_name_source" TEXT,
    "on_load_name" TEXT,
    "author" TEXT,
    "server_name" TEXT,
    "server_profile" TEXT,
    "start_time" TEXT,
    "world_id" INTEGER,
    "capture_delay" REAL,
    "addon_version" TEXT,
    "extension_version" TEXT,
    "extension_build" TEXT,
    "ocap_recorder_extension_version" TEXT,
    "tag" TEXT,
    "playable_west" INTEGER,
    "playable_east" INTEGER,
    "playable_independent" INTEGER,
    "playable_civilian" INTEGER,
    "playable_logic" INTEGER,
    "sidefriendly_east_west" BOOLEAN,
    "sidefriendly_east_independent" BOOLEAN,
    "sidefriendly_west_independent" BOOLEAN,
    "log_id" TEXT NOT NULL,
    "recording_number" INTEGER NOT NULL,
    "is_strict" BOOLEAN,
    "end_time" TEXT,
    "end_reason" TEXT,
    "utc_offset" INTEGER,
    "last_frame" INTEGER,
    "call_count" INTEGER,
    "rejected_count" INTEGER,
    "orphan_count" INTEGER,
    UNIQUE ("log_id", "recording_number"),
    FOREIGN KEY ("world_id") REFERENCES "worlds" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "addons" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "created_at" TEXT,
    "updated_at" TEXT,
    "deleted_at" TEXT,
    "name" TEXT NOT NULL,
    "workshop_id" TEXT NOT NULL,
    UNIQUE ("name", "workshop_id")
);
CREATE TABLE IF NOT EXISTS "mission_addons" (
    "addon_id" INTEGER NOT NULL,
    "mission_id" INTEGER NOT NULL,
    PRIMARY KEY ("mission_id", "addon_id"),
    FOREIGN KEY ("addon_id") REFERENCES "addons" ("id") DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "soldiers" (
    "mission_id" INTEGER NOT NULL,
    "object_id" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT,
    "deleted_at" TEXT,
    "join_time" TEXT NOT NULL,
    "join_frame" INTEGER,
    "ocap_type" TEXT,
    "unit_name" TEXT,
    "group_id" TEXT,
    "side" TEXT,
    "is_player" BOOLEAN,
    "role_description" TEXT,
    "squad_params" TEXT,
    "player_uid" TEXT,
    "class_name" TEXT,
    "display_name" TEXT,
    "delete_frame" INTEGER,
    "was_player" BOOLEAN,
    "player_name" TEXT,
    "metres_on_foot" REAL,
    "metres_in_vehicle" REAL,
    PRIMARY KEY ("mission_id", "object_id"),
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "soldier_states" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "soldier_object_id" INTEGER NOT NULL,
    "position" BLOB,
    "elevation_asl" REAL,
    "bearing" INTEGER,
    "lifestate" INTEGER,
    "in_vehicle" BOOLEAN,
    "in_vehicle_object_id" INTEGER,
    "vehicle_role" TEXT,
    "unit_name" TEXT,
    "is_player" BOOLEAN,
    "current_role" TEXT,
    "has_stable_vitals" BOOLEAN,
    "is_dragged_carried" BOOLEAN,
    "stance" TEXT,
    "group_id" TEXT,
    "side" TEXT,
    "scores_infantry_kills" INTEGER,
    "scores_vehicle_kills" INTEGER,
    "scores_armor_kills" INTEGER,
    "scores_air_kills" INTEGER,
    "scores_deaths" INTEGER,
    "scores_total_score" INTEGER,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id", "soldier_object_id") REFERENCES "soldiers" ("mission_id", "object_id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "vehicles" (
    "mission_id" INTEGER NOT NULL,
    "object_id" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT,
    "deleted_at" TEXT,
    "join_time" TEXT NOT NULL,
    "join_frame" INTEGER,
    "ocap_type" TEXT,
    "class_name" TEXT,
    "display_name" TEXT,
    "customization" TEXT,
    "side" TEXT,
    "delete_frame" INTEGER,
    "metres" REAL,
    PRIMARY KEY ("mission_id", "object_id"),
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "vehicle_states" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "vehicle_object_id" INTEGER NOT NULL,
    "position" BLOB,
    "elevation_asl" REAL,
    "bearing" INTEGER,
    "is_alive" BOOLEAN,
    "crew" TEXT,
    "fuel" REAL,
    "damage" REAL,
    "locked" BOOLEAN,
    "engine_on" BOOLEAN,
    "side" TEXT,
    "vector_dir" TEXT,
    "vector_up" TEXT,
    "turret_azimuth" REAL,
    "turret_elevation" REAL,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id", "vehicle_object_id") REFERENCES "vehicles" ("mission_id", "object_id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "projectile_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "firer_object_id" INTEGER,
    "actual_firer_object_id" INTEGER,
    "vehicle_role" TEXT,
    "vehicle_object_id" INTEGER,
    "capture_frame" INTEGER NOT NULL,
    "positions" BLOB,
    "initial_velocity" TEXT,
    "weapon" TEXT,
    "weapon_display" TEXT,
    "magazine" TEXT,
    "magazine_display" TEXT,
    "muzzle" TEXT,
    "muzzle_display" TEXT,
    "ammo" TEXT,
    "mode" TEXT,
    "simulation_type" TEXT,
    "is_submunition" BOOLEAN,
    "magazine_icon" TEXT,
    "fired_time" REAL,
    "remote_controller_object_id" INTEGER,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    "end_x" REAL,
    "end_y" REAL,
    "end_z" REAL,
    "end_frame" INTEGER,
    "distance" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id", "firer_object_id") REFERENCES "soldiers" ("mission_id", "object_id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "projectile_hits_soldiers" (
    "id" INTEGER PRIMARY KEY,
    "projectile_event_id" INTEGER NOT NULL,
    "mission_id" INTEGER NOT NULL,
    "soldier_object_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "position" BLOB,
    "components_hit" TEXT,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("projectile_event_id") REFERENCES "projectile_events" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id", "soldier_object_id") REFERENCES "soldiers" ("mission_id", "object_id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "projectile_hits_vehicles" (
    "id" INTEGER PRIMARY KEY,
    "projectile_event_id" INTEGER NOT NULL,
    "mission_id" INTEGER NOT NULL,
    "vehicle_object_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "position" BLOB,
    "components_hit" TEXT,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("projectile_event_id") REFERENCES "projectile_events" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("mission_id", "vehicle_object_id") REFERENCES "vehicles" ("mission_id", "object_id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "kill_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "victim_soldier_object_id" INTEGER,
    "victim_vehicle_object_id" INTEGER,
    "killer_soldier_object_id" INTEGER,
    "killer_vehicle_object_id" INTEGER,
    "weapon_vehicle" TEXT,
    "weapon_name" TEXT,
    "weapon_magazine" TEXT,
    "event_text" TEXT,
    "distance" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "general_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "name" TEXT,
    "message" TEXT,
    "extra_data" TEXT,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "chat_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "soldier_object_id" INTEGER,
    "capture_frame" INTEGER NOT NULL,
    "channel" TEXT,
    "from_name" TEXT,
    "sender_name" TEXT,
    "message" TEXT,
    "player_uid" TEXT,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "radio_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "soldier_object_id" INTEGER,
    "capture_frame" INTEGER NOT NULL,
    "radio" TEXT,
    "radio_type" TEXT,
    "start_end" TEXT,
    "channel" INTEGER,
    "is_additional" BOOLEAN,
    "frequency" REAL,
    "code" TEXT,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "ace3_death_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "soldier_object_id" INTEGER NOT NULL,
    "reason" TEXT,
    "last_damage_source_object_id" INTEGER,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "ace3_unconscious_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "soldier_object_id" INTEGER NOT NULL,
    "is_unconscious" BOOLEAN,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "markers" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "marker_name" TEXT,
    "direction" REAL,
    "marker_type" TEXT,
    "text" TEXT,
    "owner_id" INTEGER,
    "color" TEXT,
    "size" TEXT,
    "side" TEXT,
    "position" BLOB,
    "polyline" BLOB,
    "shape" TEXT,
    "alpha" REAL,
    "brush" TEXT,
    "is_deleted" BOOLEAN,
    "delete_frame" INTEGER,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "marker_states" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "marker_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "position" BLOB,
    "direction" REAL,
    "alpha" REAL,
    "text" TEXT,
    "color" TEXT,
    "size" TEXT,
    "marker_type" TEXT,
    "brush" TEXT,
    "shape" TEXT,
    "is_deleted" BOOLEAN,
    "x" REAL,
    "y" REAL,
    "z" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY ("marker_id") REFERENCES "markers" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "placed_objects" (
    "mission_id" INTEGER NOT NULL,
    "object_id" INTEGER NOT NULL,
    "created_at" TEXT,
    "join_time" TEXT NOT NULL,
    "join_frame" INTEGER,
    "class_name" TEXT,
    "display_name" TEXT,
    "position_x" REAL,
    "position_y" REAL,
    "position_z" REAL,
    "owner_id" INTEGER,
    "side" TEXT,
    "weapon" TEXT,
    "magazine_icon" TEXT,
    PRIMARY KEY ("mission_id", "object_id"),
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "placed_object_events" (
    "id" INTEGER PRIMARY KEY,
    "mission_id" INTEGER NOT NULL,
    "placed_object_id" INTEGER NOT NULL,
    "event_type" TEXT,
    "position_x" REAL,
    "position_y" REAL,
    "position_z" REAL,
    "hit_entity_id" INTEGER,
    "capture_frame" INTEGER NOT NULL,
    "created_at" TEXT,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "time_states" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "system_time_utc" TEXT,
    "mission_date" TEXT,
    "time_multiplier" REAL,
    "mission_time" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "focus_ranges" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "start_frame" INTEGER NOT NULL,
    "end_frame" INTEGER NOT NULL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "server_fps_events" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "fps_average" REAL,
    "fps_min" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "telemetry_frames" (
    "id" INTEGER PRIMARY KEY,
    "time" TEXT,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "fps_average" REAL,
    "fps_min" REAL,
    "units_alive" INTEGER,
    "units_dead" INTEGER,
    "groups" INTEGER,
    "vehicles" INTEGER,
    "weapon_holders" INTEGER,
    "players_alive" INTEGER,
    "players_dead" INTEGER,
    "players_connected" INTEGER,
    "scripts_spawn" INTEGER,
    "scripts_exec_vm" INTEGER,
    "scripts_exec" INTEGER,
    "scripts_exec_fsm" INTEGER,
    "scripts_per_frame" INTEGER,
    "fog" REAL,
    "overcast" REAL,
    "rain" REAL,
    "humidity" REAL,
    "waves" REAL,
    "wind_direction" REAL,
    "wind_strength" REAL,
    "gusts" REAL,
    "lightnings" REAL,
    "moon_intensity" REAL,
    "moon_phase" REAL,
    "sun_or_moon" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "telemetry_sides" (
    "id" INTEGER PRIMARY KEY,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "side" TEXT,
    "is_remote" BOOLEAN,
    "units" INTEGER,
    "units_alive" INTEGER,
    "units_dead" INTEGER,
    "groups" INTEGER,
    "vehicles" INTEGER,
    "weapon_holders" INTEGER,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "telemetry_players" (
    "id" INTEGER PRIMARY KEY,
    "mission_id" INTEGER NOT NULL,
    "capture_frame" INTEGER NOT NULL,
    "player_uid" TEXT,
    "player_name" TEXT,
    "ping" REAL,
    "bandwidth" REAL,
    "desync" REAL,
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "player_scores" (
    "mission_id" INTEGER NOT NULL,
    "player" TEXT NOT NULL,
    "player_uid" TEXT,
    "player_name" TEXT,
    "side" TEXT,
    "kills" INTEGER,
    "vehicle_kills" INTEGER,
    "team_kills" INTEGER,
    "deaths" INTEGER,
    "suicides" INTEGER,
    "longest_shot" REAL,
    "shots" INTEGER,
    "hits" INTEGER,
    "metres_on_foot" REAL,
    "metres_in_vehicle" REAL,
    PRIMARY KEY ("mission_id", "player"),
    FOREIGN KEY ("mission_id") REFERENCES "missions" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS "server_events" (
    "log_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "time" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT,
    "is_exact_id" BOOLEAN NOT NULL,
    "candidates" TEXT,
    "player_uid" TEXT,
    "player_name" TEXT,
    "kick_type" INTEGER,
    "message" TEXT,
    "file" TEXT,
    "arguments" TEXT NOT NULL,
    "mission_name" TEXT,
    PRIMARY KEY ("log_id", "sequence")
);
INSERT INTO server_events VALUES('922249cf2beedf65a1584e3a26f55a2e',6,'2026-11-21 20:48:22.253525+00:00','connected','connected','151',1,NULL,'76561198000000001','Mira',NULL,NULL,NULL,'["\"151\"","[\"151\",3,\"76561198000000001\",\"Mira\",\"Mira\",<NULL-object>]"]',NULL);
INSERT INTO server_events VALUES('922249cf2beedf65a1584e3a26f55a2e',7,'2026-11-21 20:48:22.253525+00:00','hacked','hacked','151',1,NULL,'76561198000000001','Mira',NULL,NULL,'a3\x.pbo','["\"151\"","\"a3\\x.pbo\""]',NULL);
INSERT INTO server_events VALUES('922249cf2beedf65a1584e3a26f55a2e',11,'2026-11-21 20:48:22.253525+00:00','kicked','kicked','151',1,NULL,'76561198000000001','Mira',2,'Bye.',NULL,'["\"151\"","2","\"Bye.\""]',NULL);
INSERT INTO server_events VALUES('922249cf2beedf65a1584e3a26f55a2e',12,'2026-11-21 20:48:22.253525+00:00','disconnected','disconnected','151',1,NULL,'76561198000000001','Mira',NULL,NULL,NULL,'["\"151\""]',NULL);
CREATE TABLE IF NOT EXISTS "gate_decisions" (
    "log_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "time" TEXT NOT NULL,
    "user_id" TEXT,
    "player_uid" TEXT,
    "player_name" TEXT,
    "result" TEXT,
    "reason" TEXT,
    "decided_by" TEXT,
    "wait_seconds" REAL,
    "polls" INTEGER,
    "mission_name" TEXT,
    PRIMARY KEY ("log_id", "sequence")
);
INSERT INTO gate_decisions VALUES('922249cf2beedf65a1584e3a26f55a2e',3,'2026-11-21 20:48:22.253525+00:00','151','76561198000000001','Mira','accept',NULL,'no_listener',0.0,1,NULL);
INSERT INTO gate_decisions VALUES('922249cf2beedf65a1584e3a26f55a2e',5,'2026-11-21 20:48:22.253525+00:00','152','76561198000000002','Олег','refuse','closed','rule',0.5,1,NULL);
CREATE TABLE IF NOT EXISTS "admin_commands" (
    "log_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "time" TEXT NOT NULL,
    "ticket" INTEGER,
    "verb" TEXT NOT NULL,
    "arguments" TEXT NOT NULL,
    "asked_by" TEXT,
    "status" TEXT NOT NULL,
    "reply" TEXT,
    "answered_time" TEXT,
    "mission_name" TEXT,
    PRIMARY KEY ("log_id", "sequence")
);
INSERT INTO admin_commands VALUES('922249cf2beedf65a1584e3a26f55a2e',8,'2026-11-21 20:48:22.253525+00:00',1,'kick','["151"]','rule','ok','gone','2026-11-21 20:48:22.253525+00:00',NULL);
DELETE FROM sqlite_sequence;
CREATE INDEX "idx_soldiers_player_uid" ON "soldiers" ("player_uid");
CREATE INDEX "idx_soldier_states_mission_id_soldier_object_id_capture_frame" ON "soldier_states" ("mission_id", "soldier_object_id", "capture_frame");
CREATE INDEX "idx_vehicle_states_mission_id_vehicle_object_id_capture_frame" ON "vehicle_states" ("mission_id", "vehicle_object_id", "capture_frame");
CREATE INDEX "idx_projectile_events_mission_id_capture_frame" ON "projectile_events" ("mission_id", "capture_frame");
CREATE INDEX "idx_projectile_hits_soldiers_projectile_event_id" ON "projectile_hits_soldiers" ("projectile_event_id");
CREATE INDEX "idx_projectile_hits_soldiers_mission_id_capture_frame" ON "projectile_hits_soldiers" ("mission_id", "capture_frame");
CREATE INDEX "idx_projectile_hits_vehicles_projectile_event_id" ON "projectile_hits_vehicles" ("projectile_event_id");
CREATE INDEX "idx_projectile_hits_vehicles_mission_id_capture_frame" ON "projectile_hits_vehicles" ("mission_id", "capture_frame");
CREATE INDEX "idx_kill_events_mission_id_capture_frame" ON "kill_events" ("mission_id", "capture_frame");
CREATE INDEX "idx_general_events_mission_id_capture_frame" ON "general_events" ("mission_id", "capture_frame");
CREATE INDEX "idx_chat_events_mission_id" ON "chat_events" ("mission_id");
CREATE INDEX "idx_radio_events_mission_id" ON "radio_events" ("mission_id");
CREATE INDEX "idx_ace3_death_events_mission_id" ON "ace3_death_events" ("mission_id");
CREATE INDEX "idx_ace3_unconscious_events_mission_id" ON "ace3_unconscious_events" ("mission_id");
CREATE INDEX "idx_markers_mission_id" ON "markers" ("mission_id");
CREATE INDEX "idx_marker_states_marker_id" ON "marker_states" ("marker_id");
CREATE INDEX "idx_marker_states_mission_id" ON "marker_states" ("mission_id");
CREATE INDEX "idx_placed_object_events_mission_id" ON "placed_object_events" ("mission_id");
CREATE INDEX "idx_time_states_mission_id" ON "time_states" ("mission_id");
CREATE INDEX "idx_focus_ranges_mission_id" ON "focus_ranges" ("mission_id");
CREATE INDEX "idx_server_fps_events_mission_id" ON "server_fps_events" ("mission_id");
CREATE INDEX "idx_telemetry_frames_mission_id" ON "telemetry_frames" ("mission_id");
CREATE INDEX "idx_telemetry_sides_mission_id" ON "telemetry_sides" ("mission_id");
CREATE INDEX "idx_telemetry_players_mission_id" ON "telemetry_players" ("mission_id");
CREATE INDEX "idx_server_events_player_uid_time" ON "server_events" ("player_uid", "time");
CREATE INDEX "idx_server_events_log_id_user_id_sequence" ON "server_events" ("log_id", "user_id", "sequence");
CREATE INDEX "idx_gate_decisions_log_id_user_id_sequence" ON "gate_decisions" ("log_id", "user_id", "sequence");
CREATE VIEW "scoreboard" AS
SELECT s.mission_id, m.mission_name, m.start_time, s.player, s.player_uid, s.player_name,
    s.side, s.kills, s.vehicle_kills, s.team_kills, s.deaths, s.suicides,
    s.longest_shot, s.shots, s.hits, s.metres_on_foot, s.metres_in_vehicle
FROM player_scores s LEFT JOIN missions m ON m.id = s.mission_id;
CREATE VIEW "kill_feed" AS
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
    ON vv.mission_id = k.mission_id AND vv.object_id = k.victim_vehicle_object_id;
CREATE VIEW "player_sessions" AS
WITH marks AS (
    SELECT mission_id, CASE WHEN json_valid(extra_data) THEN json_extract(extra_data, '$.playerUid') END AS player_uid,
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
WHERE c.comes = 1;
CREATE VIEW "weapon_stats" AS
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
GROUP BY mission_id, weapon;
CREATE VIEW "distance_travelled" AS
SELECT mission_id, 'soldier' AS kind, object_id,
    COALESCE(player_name, unit_name) AS name, player_uid, side, metres_on_foot,
    metres_in_vehicle, metres_on_foot + metres_in_vehicle AS metres
FROM soldiers
UNION ALL
SELECT mission_id, 'vehicle', object_id, display_name, NULL, side, NULL, NULL, metres
FROM vehicles;
CREATE VIEW "vehicle_use" AS
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
    m.capture_delay;
CREATE VIEW "position_at" AS
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
JOIN vehicle_states o ON o.mission_id = s.mission_id AND o.id = s.id;
CREATE VIEW "addons_to_missions" AS
SELECT m.id AS mission_id, a.id AS addon_id, a.name AS addon_name,
    a.workshop_id AS addon_workshop_id
FROM missions m
LEFT JOIN mission_addons l ON l.mission_id = m.id
LEFT JOIN addons a ON a.id = l.addon_id;
CREATE VIEW "all_missions" AS
SELECT m.id, m.start_time, m.mission_name, m.mission_name_source, m.briefing_name,
    m.on_load_name, m.author, m.server_name, m.server_profile, m.capture_delay,
    m.addon_version, m.extension_version, m.extension_build,
    m.ocap_recorder_extension_version, m.tag,
    json_object('west', m.playable_west, 'east', m.playable_east, 'independent', m.playable_independent, 'civilian', m.playable_civilian, 'logic', m.playable_logic) AS playable_slots,
    json_object('eastWest', json(CASE WHEN m.sidefriendly_east_west THEN 'true' ELSE 'false' END), 'eastIndependent', json(CASE WHEN m.sidefriendly_east_independent THEN 'true' ELSE 'false' END), 'westIndependent', json(CASE WHEN m.sidefriendly_west_independent THEN 'true' ELSE 'false' END)) AS side_friendly,
    (SELECT json_group_array(json_object('name', a.addon_name, 'workshop_id', a.addon_workshop_id)) FROM addons_to_missions a
        WHERE a.mission_id = m.id) AS addons,
    w.world_name, w.display_name, w.world_size,
    'POINT(' || w.longitude || ' ' || w.latitude || ')' AS world_location,
    w.author AS world_author, m.last_frame
FROM missions m LEFT JOIN worlds w ON w.id = m.world_id
ORDER BY m.start_time DESC;
CREATE VIEW "mission_markers" AS
SELECT m.id AS marker_id, m.mission_id, m.marker_name, m.marker_type, m.text,
    m.color, m.size, m.side, m.shape, m.brush, m.alpha, m.direction,
    m.capture_frame AS created_frame, m.is_deleted,
    'POINT(' || m.x || ' ' || m.y || ')' AS position,
    (SELECT CASE WHEN COUNT(*) > 0 THEN json_group_array(json_object('frame', s.capture_frame, 'position', 'POINT(' || s.x || ' ' || s.y || ')', 'direction', s.direction, 'alpha', s.alpha)) END
        FROM (SELECT capture_frame, x, y, direction, alpha FROM marker_states
            WHERE marker_id = m.id ORDER BY capture_frame, id) s) AS states
FROM markers m;
CREATE VIEW "projectile_paths_geojson" AS
SELECT p.mission_id, p.capture_frame, json_object('type', 'FeatureCollection', 'features', json_group_array(json_object('type', 'Feature', 'geometry', json_object('type', 'LineString', 'coordinates', json_array(json_array(p.x, p.y, p.z), json_array(p.end_x, p.end_y, p.end_z))), 'properties', json_object('mission_id', p.mission_id, 'capture_frame', p.capture_frame, 'firer_side', s.side, 'weapon', p.weapon, 'weapon_display', p.weapon_display, 'magazine', p.magazine, 'magazine_display', p.magazine_display, 'muzzle', p.muzzle, 'muzzle_display', p.muzzle_display, 'ammo', p.ammo, 'mode', p.mode, 'distance', p.distance)))) AS geojson
FROM projectile_events p
LEFT JOIN soldiers s
    ON s.mission_id = p.mission_id AND s.object_id = p.firer_object_id
WHERE p.x IS NOT NULL
GROUP BY p.mission_id, p.capture_frame;
CREATE VIEW "hit_locations_geojson" AS
SELECT f.mission_id, f.capture_frame,
    (SELECT json_object('type', 'FeatureCollection', 'features', json_group_array(json_object('type', 'Feature', 'geometry', json_object('type', 'Point', 'coordinates', json_array(h.x, h.y)), 'properties', json_object('mission_id', f.mission_id, 'capture_frame', f.capture_frame)))) FROM (
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
) f;
CREATE VIEW "hit_soldiers" AS
SELECT h.mission_id, h.capture_frame, 'POINT(' || h.x || ' ' || h.y || ')' AS position,
    f.object_id AS fired_unit_ocap_id, f.player_uid AS fired_unit_uid,
    f.unit_name AS fired_unit_name, f.side AS fired_unit_side,
    f.is_player AS fired_unit_isplayer, f.display_name AS fired_unit_type,
    v.object_id AS vehicle_ocap_id, v.display_name AS vehicle_name,
    p.weapon_display AS used_weapon, p.magazine_display AS used_magazine,
    c.object_id AS victim_ocap_id, c.player_uid AS victim_unit_uid,
    c.unit_name AS victim_unit_name, c.side AS victim_unit_side,
    c.is_player AS victim_unit_isplayer, c.display_name AS victim_unit_type,
    h.components_hit
FROM projectile_hits_soldiers h
JOIN projectile_events p
    ON p.mission_id = h.mission_id AND p.id = h.projectile_event_id
LEFT JOIN soldiers f
    ON f.mission_id = h.mission_id AND f.object_id = p.firer_object_id
LEFT JOIN vehicles v
    ON v.mission_id = h.mission_id AND v.object_id = p.vehicle_object_id
LEFT JOIN soldiers c
    ON c.mission_id = h.mission_id AND c.object_id = h.soldier_object_id;
CREATE VIEW "hit_vehicles" AS
SELECT h.mission_id, h.capture_frame, 'POINT(' || h.x || ' ' || h.y || ')' AS position,
    f.object_id AS fired_unit_ocap_id, f.player_uid AS fired_unit_uid,
    f.unit_name AS fired_unit_name, f.side AS fired_unit_side,
    f.is_player AS fired_unit_isplayer, f.display_name AS fired_unit_type,
    v.object_id AS vehicle_ocap_id, v.display_name AS vehicle_name,
    p.weapon_display AS used_weapon, p.magazine_display AS used_magazine,
    c.object_id AS victim_ocap_id, c.display_name AS victim_unit_type,
    h.components_hit
FROM projectile_hits_vehicles h
JOIN projectile_events p
    ON p.mission_id = h.mission_id AND p.id = h.projectile_event_id
LEFT JOIN soldiers f
    ON f.mission_id = h.mission_id AND f.object_id = p.firer_object_id
LEFT JOIN vehicles v
    ON v.mission_id = h.mission_id AND v.object_id = p.vehicle_object_id
LEFT JOIN vehicles c
    ON c.mission_id = h.mission_id AND c.object_id = h.vehicle_object_id;
CREATE VIEW "soldier_frames" AS
SELECT e.mission_id, e.object_id AS ocap_id, s.time, s.capture_frame,
    'POINT(' || s.x || ' ' || s.y || ')' AS position, s.bearing, s.lifestate, s.unit_name,
    s.is_player, s."current_role", s.has_stable_vitals, s.is_dragged_carried, s.stance,
    json_object('infantry', s.scores_infantry_kills, 'vehicle', s.scores_vehicle_kills, 'armor', s.scores_armor_kills, 'air', s.scores_air_kills, 'deaths', s.scores_deaths, 'total', s.scores_total_score) AS scores, s.in_vehicle, v.object_id AS vehicle_ocap_id,
    v.display_name AS vehicle_name, v.class_name AS vehicle_class
FROM soldiers e
JOIN soldier_states s
    ON s.mission_id = e.mission_id AND s.soldier_object_id = e.object_id
LEFT JOIN vehicles v
    ON v.mission_id = s.mission_id AND v.object_id = s.in_vehicle_object_id;
CREATE VIEW "soldier_frames_geojson" AS
SELECT s.mission_id, s.capture_frame, json_object('type', 'FeatureCollection', 'features', json_group_array(json_object('type', 'Feature', 'geometry', json_object('type', 'Point', 'coordinates', json_array(s.x, s.y)), 'properties', json_object('id', s.id, 'mission_id', e.mission_id, 'ocap_id', e.object_id, 'join_frame', e.join_frame, 'time', s.time, 'capture_frame', s.capture_frame, 'ocap_type', e.ocap_type, 'side', e.side, 'bearing', s.bearing, 'lifestate', s.lifestate, 'unit_name', s.unit_name, 'is_player', json(CASE WHEN s.is_player THEN 'true' ELSE 'false' END), 'role', s."current_role", 'has_stable_vitals', json(CASE WHEN s.has_stable_vitals THEN 'true' ELSE 'false' END), 'is_dragged_carried', json(CASE WHEN s.is_dragged_carried THEN 'true' ELSE 'false' END), 'stance', s.stance, 'scores', json_object('infantry', s.scores_infantry_kills, 'vehicle', s.scores_vehicle_kills, 'armor', s.scores_armor_kills, 'air', s.scores_air_kills, 'deaths', s.scores_deaths, 'total', s.scores_total_score), 'is_in_vehicle', json(CASE WHEN s.in_vehicle THEN 'true' ELSE 'false' END))))) AS geojson
FROM soldiers e
JOIN soldier_states s
    ON s.mission_id = e.mission_id AND s.soldier_object_id = e.object_id
GROUP BY s.mission_id, s.capture_frame;
CREATE VIEW "vehicle_frames_geojson" AS
SELECT s.mission_id, s.capture_frame, json_object('type', 'FeatureCollection', 'features', json_group_array(json_object('type', 'Feature', 'geometry', json_object('type', 'Point', 'coordinates', json_array(s.x, s.y)), 'properties', json_object('id', s.id, 'mission_id', e.mission_id, 'ocap_id', e.object_id, 'join_frame', e.join_frame, 'time', s.time, 'capture_frame', s.capture_frame, 'ocap_type', e.ocap_type, 'class_name', e.class_name, 'display_name', e.display_name, 'side', s.side, 'bearing', s.bearing, 'is_alive', json(CASE WHEN s.is_alive THEN 'true' ELSE 'false' END), 'crew', s.crew, 'fuel', s.fuel, 'damage', s.damage, 'locked', json(CASE WHEN s.locked THEN 'true' ELSE 'false' END), 'engine_on', json(CASE WHEN s.engine_on THEN 'true' ELSE 'false' END), 'vector', json_object('vector_dir', s.vector_dir, 'vector_up', s.vector_up), 'turret', json_object('turret_azimuth', s.turret_azimuth, 'turret_elevation', s.turret_elevation))))) AS geojson
FROM vehicles e
JOIN vehicle_states s
    ON s.mission_id = e.mission_id AND s.vehicle_object_id = e.object_id
GROUP BY s.mission_id, s.capture_frame;
CREATE VIEW "player_visits" AS
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
    d.time AS decided_time, d.result, d.reason, d.decided_by, d.wait_seconds,
    v.time AS joined_time, v.next_time AS left_time,
    ROUND((julianday(v.next_time) - julianday(v.time)) * 86400, 3) AS seconds,
    k.kick_type, k.message AS kick_reason, v.mission_name
FROM visits v
LEFT JOIN gate_decisions d ON d.log_id = v.log_id AND d.sequence = v.decision
LEFT JOIN server_events k ON k.log_id = v.log_id AND k.sequence = v.kick
UNION ALL
SELECT d.log_id, d.user_id, d.player_uid, d.player_name, TRUE, d.time, d.result, d.reason,
    d.decided_by, d.wait_seconds, NULL, NULL, NULL, NULL, NULL, d.mission_name
FROM gate_decisions d
WHERE NOT EXISTS (
    SELECT 1 FROM visits v WHERE v.log_id = d.log_id AND v.decision = d.sequence);
COMMIT;
PRAGMA application_id = 1111650168;
PRAGMA user_version = 2;
