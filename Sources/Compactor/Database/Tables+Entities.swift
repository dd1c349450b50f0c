// The tables of soldiers and vehicles, and of where each was, frame by frame.
// The notation is explained in Tables.swift.

let entityTables = #"""
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
    """#
