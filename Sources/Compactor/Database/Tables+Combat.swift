// The tables of shots, of what they hit, and of kills.
// The notation is explained in Tables.swift.

let combatTables = #"""
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
    """#
