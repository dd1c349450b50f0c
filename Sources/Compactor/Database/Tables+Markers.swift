// The tables of what is drawn on the map: markers, and mines and charges, which are drawn as such.
// The notation is explained in Tables.swift.

let markerTables = #"""
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
    """#
