// The tables of what a recording is: where, which mission, which mods. A row of `missions` is one
// recording, and every other table's rows belong to one.
// The notation is explained in Tables.swift.

let missionTables = #"""
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
    """#
