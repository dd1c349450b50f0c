// The tables of what else happened: the mission's events, chat, radio, ACE's medicine.
// The notation is explained in Tables.swift.

let eventTables = #"""
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
    """#
