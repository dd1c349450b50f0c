// The databases' tables, as text that reads like tables. Everything else is made from it: SQLite's
// and PostgreSQL's statements that create them, the order of values in a row, the tests that hold
// docs/formats/database.md to it.
//
//     table NAME                      begins a table; its columns follow in order
//     NAME  TYPE  [> TABLE]  : what   a column; `!` after the type: never NULL; `> TABLE`: refers to it
//     key COLUMNS                     the primary key, where it is not the column of type row or serial
//     refers COLUMNS > TABLE COLUMNS  a reference of several columns
//     unique COLUMNS                  no two rows alike
//     index COLUMNS : used by         not unique; says which view or documented query needs it
//
// Types: `serial` counts through the whole database; `row` is mission × 2³² + the row's number in its
// mission, so it is unique in the database, fits a JSON number, and a mission's rows lie together;
// `mission` is missions.id; `decimal` was numeric in older PostgreSQL databases, `double` is ours.
//
// A table's number in `TableID` is its place here. A table is created after those it refers to.

/// The tables of a database of recordings, in the order of their description.
public enum TableID: Int, CaseIterable, Sendable {
    case worlds
    case missions
    case addons
    case missionAddons
    case soldiers
    case soldierStates
    case vehicles
    case vehicleStates
    case projectileEvents
    case projectileHitsSoldiers
    case projectileHitsVehicles
    case killEvents
    case generalEvents
    case chatEvents
    case radioEvents
    case ace3DeathEvents
    case ace3UnconsciousEvents
    case markers
    case markerStates
    case placedObjects
    case placedObjectEvents
    case timeStates
    case focusRanges
    case serverFpsEvents
    case telemetryFrames
    case telemetrySides
    case telemetryPlayers
    case playerScores
}

/// The description, read by `Schema`.
let tableDescription = #"""
    table worlds
    id                        serial          : 
    created_at                time            : when the row was made
    updated_at                time            : as created_at
    deleted_at                time            : always NULL
    author                    text            : of the terrain
    workshop_id               text            : Steam workshop id of the terrain's mod, or empty
    display_name              text            : as the game shows it
    world_name                text!           : class name in lower case
    world_name_original       text            : class name as it is
    world_size                decimal         : edge length, metres
    location                  wkb             : point (longitude, latitude)
    longitude                 double          : degrees
    latitude                  double          : degrees
    unique world_name

    table missions
    id                        serial          : 
    created_at                time            : when the recording was first written here
    updated_at                time            : when it was last written here
    deleted_at                time            : always NULL
    mission_name              text            : the mission's file name
    briefing_name             text            : as the mission list shows it
    mission_name_source       text            : the source's name
    on_load_name              text            : as the loading screen shows it
    author                    text            : 
    server_name               text            : 
    server_profile            text            : 
    start_time                time            : when the mission was announced
    world_id                  bigint   > worlds : the terrain
    capture_delay             decimal         : seconds a frame
    addon_version             text            : of the game's addon
    extension_version         text            : of the plug-in that wrote the log
    extension_build           text            : empty
    ocap_recorder_extension_version text      : empty
    tag                       text            : the mission's type, e.g. COOP
    playable_west             smallint        : slots
    playable_east             smallint        : slots
    playable_independent      smallint        : slots
    playable_civilian         smallint        : slots
    playable_logic            smallint        : slots
    sidefriendly_east_west    boolean         : 
    sidefriendly_east_independent boolean     : 
    sidefriendly_west_independent boolean     : 
    log_id                    text!           : the log's id, 32 hexadecimal digits
    recording_number          integer!        : which recording of the log, from 1
    is_strict                 boolean         : decoded in strict mode
    end_time                  time            : when it was saved, else the last call's time
    end_reason                text            : saved, replaced (another mission began) or log_ended (no save)
    utc_offset                integer         : seconds to add for the server's local time at the end
    last_frame                bigint          : highest frame of a soldier's or vehicle's state
    call_count                bigint          : calls of the game that belong to the recording
    rejected_count            bigint          : those of them that could not be used
    orphan_count              bigint          : states left out because their soldier or vehicle is unknown
    unique log_id recording_number

    table addons
    id                        serial          : 
    created_at                time            : when the row was made
    updated_at                time            : as created_at
    deleted_at                time            : always NULL
    name                      text!           : the mod's name
    workshop_id               text!           : Steam workshop id, or empty
    unique name workshop_id

    table mission_addons
    addon_id                  bigint!  > addons : 
    mission_id                mission! > missions : 
    key mission_id addon_id

    table soldiers
    mission_id                mission! > missions : 
    object_id                 integer!        : the game's id, unique in the recording
    created_at                time            : as join_time
    updated_at                time            : of the last change
    deleted_at                time            : always NULL
    join_time                 time!           : when it was first announced
    join_frame                bigint          : frame of that
    ocap_type                 text            : man
    unit_name                 text            : as announced
    group_id                  text            : as announced
    side                      text            : as announced
    is_player                 boolean         : as announced
    role_description          text            : the lobby's role
    squad_params              json            : array
    player_uid                text            : Steam id; NULL for AI
    class_name                text            : NULL when empty
    display_name              text            : the class's shown name; NULL when empty
    delete_frame              bigint          : the game removed it; NULL: never
    was_player                boolean         : a player at the start or in any state
    player_name               text            : the player's name, the last one; NULL: never a player
    metres_on_foot            double          : way between its states, not counted while dead
    metres_in_vehicle         double          : the same, aboard
    key mission_id object_id
    index player_uid                          : "a player's missions"

    table soldier_states
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    soldier_object_id         integer!        : 
    position                  wkb             : point (x, y)
    elevation_asl             decimal         : metres above sea level
    bearing                   integer         : degrees
    lifestate                 smallint        : 0 dead, 1 alive, 2 unconscious
    in_vehicle                boolean         : 
    in_vehicle_object_id      integer         : NULL: none
    vehicle_role              text            : driver, commander, gunner, turret, cargo or empty
    unit_name                 text            : 
    is_player                 boolean         : 
    current_role              text            : Man, Medic, …
    has_stable_vitals         boolean         : 
    is_dragged_carried        boolean         : 
    stance                    text            : STAND, CROUCH, PRONE, …
    group_id                  text            : 
    side                      text            : 
    scores_infantry_kills     integer         : the game's own score; 0 for AI
    scores_vehicle_kills      integer         : 
    scores_armor_kills        integer         : 
    scores_air_kills          integer         : 
    scores_deaths             integer         : 
    scores_total_score        integer         : 
    x                         double          : metres east
    y                         double          : metres north
    z                         double          : as elevation_asl
    refers mission_id soldier_object_id > soldiers mission_id object_id
    index mission_id soldier_object_id capture_frame : position_at, vehicle_use, soldier_frames

    table vehicles
    mission_id                mission! > missions : 
    object_id                 integer!        : the game's id, unique in the recording
    created_at                time            : as join_time
    updated_at                time            : of the last change
    deleted_at                time            : always NULL
    join_time                 time!           : when it was first announced
    join_frame                bigint          : frame of that
    ocap_type                 text            : car, truck, apc, tank, heli, plane, sea, …
    class_name                text            : 
    display_name              text            : 
    customization             text            : textures and animations as the game prints them
    side                      text            : as announced; UNKNOWN when empty
    delete_frame              bigint          : the game removed it; NULL: never
    metres                    double          : way between its states
    key mission_id object_id

    table vehicle_states
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    vehicle_object_id         integer!        : 
    position                  wkb             : point (x, y)
    elevation_asl             decimal         : metres above sea level
    bearing                   integer         : degrees
    is_alive                  boolean         : 
    crew                      text            : ids of those aboard, [20,21]
    fuel                      decimal         : 0 to 1
    damage                    decimal         : 0 to 1
    locked                    boolean         : 
    engine_on                 boolean         : 
    side                      text            : 
    vector_dir                text            : [x,y,z]
    vector_up                 text            : [x,y,z]
    turret_azimuth            decimal         : degrees
    turret_elevation          decimal         : degrees
    x                         double          : metres east
    y                         double          : metres north
    z                         double          : as elevation_asl
    refers mission_id vehicle_object_id > vehicles mission_id object_id
    index mission_id vehicle_object_id capture_frame : position_at, vehicle_frames_geojson

    table projectile_events
    id                        row             : 
    time                      time            : when the call was made: two seconds after the projectile was gone
    mission_id                mission! > missions : 
    firer_object_id           integer         : NULL: no soldier known by then
    actual_firer_object_id    integer         : who controlled the firer from afar, else the firer
    vehicle_role              text            : 
    vehicle_object_id         integer         : as sent: the firer's own id on foot
    capture_frame             bigint!         : when it was fired
    positions                 wkb             : line (x, y, z, frame)
    initial_velocity          text            : vx,vy,vz
    weapon                    text            : class
    weapon_display            text            : 
    magazine                  text            : class
    magazine_display          text            : 
    muzzle                    text            : class
    muzzle_display            text            : 
    ammo                      text            : class
    mode                      text            : fire mode
    simulation_type           text            : shotBullet, shotShell, …
    is_submunition            boolean         : 
    magazine_icon             text            : texture path
    fired_time                double          : the engine's clock, seconds
    remote_controller_object_id integer       : NULL: none
    x                         double          : where it began; NULL: no trajectory
    y                         double          : 
    z                         double          : 
    end_x                     double          : where it ended
    end_y                     double          : 
    end_z                     double          : 
    end_frame                 bigint          : 
    distance                  double          : metres between the two
    refers mission_id firer_object_id > soldiers mission_id object_id
    index mission_id capture_frame            : weapon_stats, projectile_paths_geojson

    table projectile_hits_soldiers
    id                        row             : 
    projectile_event_id       bigint!  > projectile_events : 
    mission_id                mission! > missions : 
    soldier_object_id         integer!        : who was hit
    capture_frame             bigint!         : 
    position                  wkb             : point (x, y)
    components_hit            json            : array of texts
    x                         double          : metres east
    y                         double          : metres north
    z                         double          : metres above sea level
    refers mission_id soldier_object_id > soldiers mission_id object_id
    index projectile_event_id                 : "what one's shots hit"
    index mission_id capture_frame            : weapon_stats, hit_soldiers, hit_locations_geojson

    table projectile_hits_vehicles
    id                        row             : 
    projectile_event_id       bigint!  > projectile_events : 
    mission_id                mission! > missions : 
    vehicle_object_id         integer!        : what was hit
    capture_frame             bigint!         : 
    position                  wkb             : point (x, y)
    components_hit            json            : array of texts
    x                         double          : metres east
    y                         double          : metres north
    z                         double          : metres above sea level
    refers mission_id vehicle_object_id > vehicles mission_id object_id
    index projectile_event_id                 : "what one's shots hit"
    index mission_id capture_frame            : weapon_stats, hit_vehicles, hit_locations_geojson

    table kill_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    victim_soldier_object_id  integer         : one of the two, or both NULL: unknown
    victim_vehicle_object_id  integer         : 
    killer_soldier_object_id  integer         : one of the two, or both NULL: unknown
    killer_vehicle_object_id  integer         : 
    weapon_vehicle            text            : 
    weapon_name               text            : 
    weapon_magazine           text            : 
    event_text                text            : vehicle: weapon [magazine]
    distance                  decimal         : metres
    index mission_id capture_frame            : kill_feed

    table general_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    name                      text            : connected, generalEvent, …; captured, contested, endMission
    message                   text            : as sent; sector: type,name,side; end: side message
    extra_data                json            : as sent; sector: {"position":[x,y,z]}
    index mission_id capture_frame            : player_sessions, "what happened"

    table chat_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    soldier_object_id         integer         : NULL: none
    capture_frame             bigint!         : 
    channel                   text            : Global, Side, …
    from_name                 text            : the sender as shown
    sender_name               text            : 
    message                   text            : 
    player_uid                text            : NULL when empty
    index mission_id                          : "the chat of a mission"

    table radio_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    soldier_object_id         integer         : NULL: none
    capture_frame             bigint!         : 
    radio                     text            : the radio's shown name
    radio_type                text            : SW, SR or LR
    start_end                 text            : Start or Stop
    channel                   integer         : 
    is_additional             boolean         : 
    frequency                 decimal         : MHz
    code                      text            : 
    index mission_id                          : "the radio traffic of a mission"

    table ace3_death_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    soldier_object_id         integer!        : 
    reason                    text            : 
    last_damage_source_object_id integer      : NULL: none
    index mission_id                          : "causes of death"

    table ace3_unconscious_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    soldier_object_id         integer!        : 
    is_unconscious            boolean         : went down, or woke up
    index mission_id                          : "who went down how often"

    table markers
    id                        row             : its number in the recording, from 1
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    marker_name               text            : 
    direction                 decimal         : degrees
    marker_type               text            : 
    text                      text            : 
    owner_id                  bigint          : -1: none
    color                     text            : as sent, with #
    size                      text            : [1,1]
    side                      text            : -1: everybody
    position                  wkb             : point (x, y); (0, 0) for a polyline
    polyline                  wkb             : line (x, y); empty for other shapes
    shape                     text            : ICON, RECTANGLE, ELLIPSE, POLYLINE
    alpha                     decimal         : 0 to 1
    brush                     text            : 
    is_deleted                boolean         : 
    delete_frame              bigint          : NULL: never deleted
    x                         double          : metres east; a polyline's first point
    y                         double          : metres north
    z                         double          : metres above sea level
    index mission_id                          : mission_markers

    table marker_states
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    marker_id                 bigint!  > markers : 
    capture_frame             bigint!         : 
    position                  wkb             : point (x, y)
    direction                 decimal         : degrees
    alpha                     decimal         : 0 in the row of a deletion
    text                      text            : 
    color                     text            : 
    size                      text            : 
    marker_type               text            : 
    brush                     text            : 
    shape                     text            : 
    is_deleted                boolean         : a deletion; the rest as it last was
    x                         double          : metres east
    y                         double          : metres north
    z                         double          : metres above sea level
    index marker_id                           : mission_markers
    index mission_id                          : "markers at a frame"

    table placed_objects
    mission_id                mission! > missions : 
    object_id                 integer!        : the game's id, unique in the recording
    created_at                time            : as join_time
    join_time                 time!           : when it was announced
    join_frame                bigint          : 
    class_name                text            : 
    display_name              text            : 
    position_x                decimal         : metres east
    position_y                decimal         : metres north
    position_z                decimal         : metres above sea level
    owner_id                  integer         : the soldier who placed it
    side                      text            : 
    weapon                    text            : 
    magazine_icon             text            : texture path
    key mission_id object_id

    table placed_object_events
    id                        row             : 
    mission_id                mission! > missions : 
    placed_object_id          integer!        : 
    event_type                text            : detonated, deleted, hit
    position_x                decimal         : metres east
    position_y                decimal         : metres north
    position_z                decimal         : metres above sea level
    hit_entity_id             bigint          : NULL: none
    capture_frame             bigint!         : 
    created_at                time            : when the call was made
    index mission_id                          : "mines and what they hit"

    table time_states
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    system_time_utc           text            : as the game prints it
    mission_date              text            : date and time in the game
    time_multiplier           double          : 
    mission_time              double          : seconds since the mission's start
    index mission_id                          : "the clock in the game"

    table focus_ranges
    id                        row             : 
    time                      time            : when the range was closed
    mission_id                mission! > missions : 
    start_frame               bigint!         : 
    end_frame                 bigint!         : inclusive
    index mission_id                          : "what to look at"

    table server_fps_events
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    fps_average               decimal         : 
    fps_min                   decimal         : 
    index mission_id                          : "the server's frame rate"

    table telemetry_frames
    id                        row             : 
    time                      time            : when the call was made
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    fps_average               double          : 
    fps_min                   double          : 
    units_alive               integer         : 
    units_dead                integer         : 
    groups                    integer         : 
    vehicles                  integer         : 
    weapon_holders            integer         : 
    players_alive             integer         : 
    players_dead              integer         : 
    players_connected         integer         : 
    scripts_spawn             integer         : 
    scripts_exec_vm           integer         : 
    scripts_exec              integer         : 
    scripts_exec_fsm          integer         : 
    scripts_per_frame         integer         : CBA's per-frame handlers
    fog                       double          : 
    overcast                  double          : 
    rain                      double          : 
    humidity                  double          : 
    waves                     double          : 
    wind_direction            double          : degrees
    wind_strength             double          : 
    gusts                     double          : 
    lightnings                double          : 
    moon_intensity            double          : 
    moon_phase                double          : 
    sun_or_moon               double          : 
    index mission_id                          : "the server's load"

    table telemetry_sides
    id                        row             : 
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    side                      text            : EAST, WEST, GUER or CIV
    is_remote                 boolean         : not on the server itself
    units                     integer         : 
    units_alive               integer         : 
    units_dead                integer         : 
    groups                    integer         : 
    vehicles                  integer         : 
    weapon_holders            integer         : 
    index mission_id                          : "the sides' strength"

    table telemetry_players
    id                        row             : 
    mission_id                mission! > missions : 
    capture_frame             bigint!         : 
    player_uid                text            : 
    player_name               text            : 
    ping                      double          : milliseconds
    bandwidth                 double          : 
    desync                    double          : 
    index mission_id                          : "who had a bad line"

    table player_scores
    mission_id                mission! > missions : 
    player                    text!           : player_uid, where there is none the name
    player_uid                text            : 
    player_name               text            : the last one
    side                      text            : of the last soldier played
    kills                     integer         : of soldiers of other sides
    vehicle_kills             integer         : 
    team_kills                integer         : of soldiers of the own side
    deaths                    integer         : suicides included
    suicides                  integer         : 
    longest_shot              double          : metres, kills on foot; NULL: none
    shots                     integer         : 
    hits                      integer         : shots that hit somebody or something
    metres_on_foot            double          : 
    metres_in_vehicle         double          : 
    key mission_id player
    """#
