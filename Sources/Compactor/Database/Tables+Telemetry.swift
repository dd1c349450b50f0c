// The tables of the mission's clock and of how the server was doing.
// The notation is explained in Tables.swift.

let telemetryTables = #"""
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
    """#
