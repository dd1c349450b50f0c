// The table of what each player did in a mission, counted from the others when a recording ends.
// The notation is explained in Tables.swift.

let scoreTables = #"""
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
