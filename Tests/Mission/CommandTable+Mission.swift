// Clocks, messages, sectors, talk, telemetry, focus: calls in, events out (how to read it: `CommandTests`).

let missionTable = ##"""
    ## clocks
    :TIME:STATE: | 0 | "2026-03-08T19:20:05.123" | "2035-06-24T03:15:00" | 1 | 22.517
    :TIME:STATE: | 10 | "" | "" | x | 1
    :TIME:STATE: | 10 | "" | "" | nan | inf
    = time 0 ‹2026-03-08T19:20:05.123› ‹2035-06-24T03:15:00› 1 22.517
    = time 10 ‹› ‹› 1 0
    = ! 3 :TIME:STATE: argument 3 (timeMultiplier) is no number

    ## general events, with extra data, without, as arrays
    :EVENT:GENERAL: | 57 | "connected" | "Mira" | "{""playerUid"": ""7656""}"
    :EVENT:GENERAL: | 330 | "respawnTickets" | [-1,0,150,0] | "{}"
    :EVENT:GENERAL: | 1 | "counterInit" | [WEST,EAST]
    :EVENT:GENERAL: | 1 | "x" | ["a ""b"""] | "null"
    = general 57 ‹connected› ‹Mira› ‹{"playerUid": "7656"}›
    = general 330 ‹respawnTickets› ‹[-1,0,150,0]› ‹{}›
    = general 1 ‹counterInit› ‹[WEST,EAST]› ‹{}›
    = general 1 ‹x› ‹["a ""b"""]› ‹{}›
    ~ general 57 ‹connected› ‹Mira› ‹{"playerUid": "7656"}›
    ~ general 330 ‹respawnTickets› ‹[-1,0,150,0]› ‹{}›
    ~ general 1 ‹counterInit› ‹[WEST,EAST]› ‹{}›
    ~ general 1 ‹x› ‹["a "b""]› ‹{}›

    ## extra data that is a list, or nothing known
    :EVENT:GENERAL: | 1 | "x" | "m" | "[1,2]"
    :EVENT:GENERAL: | 1 | "x" | "m" | "{oops"
    :EVENT:GENERAL: | 1 | "x" | "m" | ""
    :EVENT:GENERAL: | 1 | "x"
    = general 1 ‹x› ‹m› ‹[1,2]›
    = general 1 ‹x› ‹m› ‹{}›
    = general 1 ‹x› ‹m› ‹{}›
    = ! 3 :EVENT:GENERAL: argument 3 (extra) is not usable, a default stands for it
    = ! 5 :EVENT:GENERAL: 2 argument(s) came, 3 are needed
    ~ ! 2 :EVENT:GENERAL: argument 3 (extra) is no usable JSON
    ~ ! 3 :EVENT:GENERAL: argument 3 (extra) is no usable JSON
    ~ ! 4 :EVENT:GENERAL: argument 3 (extra) is no usable JSON
    ~ ! 5 :EVENT:GENERAL: 2 argument(s) came, 3 are needed

    ## sectors in all their forms
    :EVENT:SECTOR: | 412 | "captured" | "sector" | "Sector Alpha, north" | "WEST" | 2050.5 | 3040 | 11.25
    :EVENT:SECTOR: | 412 | "contested" | "sector" | "S"
    :EVENT:SECTOR: | 412 | "captured" | "sector" | "S" | "EAST"
    :EVENT:SECTOR: | 412 | "captured" | "sector" | "S" | "EAST" | 1 | 2
    :EVENT:SECTOR: | 412 | "captured" | "sector" | "S" | "EAST" | "#FF0000" | 1 | 2 | 3
    :EVENT:SECTOR: | 412 | "captured" | "sector" | "S" | "EAST" | 1 | x | 3
    :EVENT:SECTOR: | 412 | "captured" | "text"
    = sector 412 ‹captured› ‹sector› ‹Sector Alpha, north› ‹WEST› (2050.5,3040,11.25) +placed
    = sector 412 ‹contested› ‹sector› ‹S› ‹› (0,0,0)
    = sector 412 ‹captured› ‹sector› ‹S› ‹EAST› (0,0,0)
    = sector 412 ‹captured› ‹sector› ‹S› ‹EAST› (0,0,0)
    = sector 412 ‹captured› ‹sector› ‹S› ‹EAST› (1,2,3) +placed
    = ! 7 :EVENT:SECTOR: argument 6 (y) is no number
    = ! 8 :EVENT:SECTOR: 3 argument(s) came, 4 are needed
    ~ sector 412 ‹captured› ‹sector› ‹Sector Alpha, north› ‹WEST› (2050.5,3040,11.25) +placed
    ~ sector 412 ‹contested› ‹sector› ‹S› ‹› (0,0,0)
    ~ sector 412 ‹captured› ‹sector› ‹S› ‹EAST› (0,0,0)
    ~ sector 412 ‹captured› ‹sector› ‹S› ‹EAST› (0,0,0)
    ~ ! 6 :EVENT:SECTOR: argument 5 (x) is no number
    ~ ! 7 :EVENT:SECTOR: argument 6 (y) is no number
    ~ ! 8 :EVENT:SECTOR: 3 argument(s) came, 4 are needed

    ## the end
    :EVENT:ENDMISSION: | 1043 | "" | "Recording ended due to server being empty"
    :EVENT:ENDMISSION: | 1043 | "WEST"
    = end 1043 ‹› ‹Recording ended due to server being empty›
    = ! 3 :EVENT:ENDMISSION: 2 argument(s) came, 3 are needed

    ## chat: known, nobody, unknown; channels
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :EVENT:CHAT: | 99 | 0 | 1 | "Mira" | "Mira" | "say ""hi"" on 6" | "7656"
    :EVENT:CHAT: | 99 | -1 | 16 | "" | "" | "m" | ""
    :EVENT:CHAT: | 99 | 44 | 6 | "a" | "b" | "m" | ""
    :EVENT:CHAT: | 99 | 0 | 1.5 | "" | "" | "m" | ""
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = chat 99 S0 1 ‹Side› ‹Mira› ‹Mira› ‹say "hi" on 6› ‹7656›
    = chat 99 nobody 16 ‹System› ‹› ‹› ‹m› ‹›
    = chat 99 ?44 6 ‹Custom› ‹a› ‹b› ‹m› ‹›
    = ! 6 :EVENT:CHAT: argument 2 (channel) has a fraction
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ chat 99 S0 1 ‹Side› ‹Mira› ‹Mira› ‹say "hi" on 6› ‹7656›
    ~ chat 99 nobody 16 ‹System› ‹› ‹› ‹m› ‹›
    ~ ! 5 :EVENT:CHAT: no CREATE of this recording explains soldier 44
    ~ ! 6 :EVENT:CHAT: argument 2 (channel) has a fraction

    ## radio
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :EVENT:RADIO: | 100 | 0 | "AN/PRC-152" | "SW" | "Start" | 300 | false | "152.000" | "_bluefor"
    :EVENT:RADIO: | 100 | -1 | "r" | "LR" | "Stop" | 1 | 1 | "30.5" | 0
    :EVENT:RADIO: | 100 | 44 | "r" | "LR" | "Stop" | 1 | 1 | "30.5" | 0
    :EVENT:RADIO: | 100 | 0 | "r" | "LR" | "Stop" | 1 | hm | "30.5" | 0
    :EVENT:RADIO: | 100 | 0 | "r" | "LR" | "Stop" | 1 | 1 | "high" | 0
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = radio 100 S0 300 152 ‹AN/PRC-152› ‹SW› ‹Start› ‹_bluefor›
    = radio 100 nobody 1 30.5 ‹r› ‹LR› ‹Stop› ‹0› +additional
    = radio 100 ?44 1 30.5 ‹r› ‹LR› ‹Stop› ‹0› +additional
    = ! 6 :EVENT:RADIO: argument 6 (isAdditional) is neither true nor false
    = ! 7 :EVENT:RADIO: argument 7 (frequency) is no number
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ radio 100 S0 44 152 ‹AN/PRC-152› ‹SW› ‹Start› ‹_bluefor›
    ~ radio 100 nobody 1 30.5 ‹r› ‹LR› ‹Stop› ‹0› +additional
    ~ ! 5 :EVENT:RADIO: no CREATE of this recording explains soldier 44
    ~ ! 6 :EVENT:RADIO: argument 6 (isAdditional) is neither true nor false
    ~ ! 7 :EVENT:RADIO: argument 7 (frequency) is no number

    ## telemetry
    :TELEMETRY:FRAME: | 114 | [122.137,90.9091] | [[[32,31,1,10,0,0],[0,0,0,0,0,1]],[[6,6,0,8,1,0],[0,0,0,0,0,0]],[[6,6,0,6,0,0],[0,0,0,0,0,0]],[[4,4,19,0,23,22],[0,0,0,0,0,2]]] | [48,19,24,28,22,1,0,1] | [17,3,0,4,3] | [0.2,0.25,0,0,0.1,160.864,0.25,0.175,0.003153,0.441581,0.421672,1] | [["7656","Mira",31,1.67772e+07,0]]
    = telemetry 114 122.137 90.9091 32 31 1 10 0 0 0 0 0 0 0 1 6 6 0 8 1 0 0 0 0 0 0 0 6 6 0 6 0 0 0 0 0 0 0 0 4 4 19 0 23 22 0 0 0 0 0 2 global 48 19 24 28 22 1 0 1 scripts 17 3 0 4 3 weather 0.2 0.25 0 0 0.1 160.864 0.25 0.175 0.003153 0.441581 0.421672 1 player ‹7656› ‹Mira› 31 16777200 0

    ## telemetry: short arrays, long arrays, odd players, quotes in a name
    :TELEMETRY:FRAME: | 114 | [50] | [[[1,2,3,4,5,6,7]]] | [nan,1e99] | [1.9,2,3,4,5,6] | [] | [["","Mi ""Q"" ra",31,1,0],["7","x",1,2],[7,"x",1,2,3],["8","y",1,2,3,4]]
    :TELEMETRY:FRAME: | 114 | [50,40] | [] | [] | [] | [] | []
    :TELEMETRY:FRAME: | 114 | 50 | [] | [] | [] | [] | []
    :TELEMETRY:FRAME: | 114 | [50,40] | [1] | [] | [] | [] | []
    :TELEMETRY:FRAME: | 114 | [50,40] | [] | ["a"] | [] | [] | []
    :TELEMETRY:FRAME: | 114 | [50,40] | [] | [] | [] | [] | [7]
    :TELEMETRY:FRAME: | 114 | [50,40] | [] | [] | [] | []
    = telemetry 114 50 0 1 2 3 4 5 6 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 2147483647 0 0 0 0 0 0 scripts 1 2 3 4 5 weather 0 0 0 0 0 0 0 0 0 0 0 0 player ‹› ‹Mi "Q" ra› 31 1 0 player ‹8› ‹y› 1 2 3
    = telemetry 114 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0
    = telemetry 114 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0
    = ! 2 :TELEMETRY:FRAME: element 1 of argument 6 (players) was left out, it is not usable
    = ! 2 :TELEMETRY:FRAME: element 2 of argument 6 (players) was left out, it is not usable
    = ! 4 :TELEMETRY:FRAME: argument 1 (fps) is no array
    = ! 5 :TELEMETRY:FRAME: argument 2 (sides) is no array
    = ! 6 :TELEMETRY:FRAME: argument 3 (global) is no array
    = ! 7 :TELEMETRY:FRAME: element 0 of argument 6 (players) was left out, it is not usable
    = ! 8 :TELEMETRY:FRAME: 6 argument(s) came, 7 are needed
    ~ telemetry 114 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0
    ~ telemetry 114 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0
    ~ ! 2 :TELEMETRY:FRAME: argument 3 (global) is no array
    ~ ! 4 :TELEMETRY:FRAME: argument 1 (fps) is no array
    ~ ! 5 :TELEMETRY:FRAME: argument 2 (sides) is no array
    ~ ! 6 :TELEMETRY:FRAME: argument 3 (global) is no array
    ~ ! 7 :TELEMETRY:FRAME: element 0 of argument 6 (players) was left out, it is not usable
    ~ ! 8 :TELEMETRY:FRAME: 6 argument(s) came, 7 are needed

    ## telemetry: quotes in a player's name, or no id, cost the frame only in strict mode
    :TELEMETRY:FRAME: | 114 | [50,40] | [] | [] | [] | [] | [["7","Mi ""Q"" ra",31,1,0]]
    :TELEMETRY:FRAME: | 115 | [50,40] | [] | [] | [] | [] | [["","HC",31,1,0]]
    = telemetry 114 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0 player ‹7› ‹Mi "Q" ra› 31 1 0
    = telemetry 115 50 40 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 global 0 0 0 0 0 0 0 0 scripts 0 0 0 0 0 weather 0 0 0 0 0 0 0 0 0 0 0 0 player ‹› ‹HC› 31 1 0
    ~ ! 2 :TELEMETRY:FRAME: argument 6 (players) is no array
    ~ ! 3 :TELEMETRY:FRAME: argument 6 (players) is no array

    ## focus ranges
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :MISSION:FOCUS_START: | 120
    :MISSION:FOCUS_START: | 130
    :MISSION:FOCUS_END: | 120
    :MISSION:FOCUS_END: | 850.00
    :MISSION:FOCUS_END: | 900
    :MISSION:FOCUS_START: | 0
    :MISSION:FOCUS_START: | 849
    :MISSION:FOCUS_START: | 850
    :MISSION:FOCUS_START:
    :MISSION:FOCUS_START: | 1.5
    :MISSION:FOCUS_END: | -3
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | 900 | 1 | 0 | "" | "" | -1 | "STAND"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = focus 120 850
    = soldierState 0 frame 900 (1,2,3) bearing 0 life 1 ‹› ‹› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +stable
    = focus 850 900
    = ! 4 :MISSION:FOCUS_START: a focus range is open already
    = ! 5 :MISSION:FOCUS_END: the focus range would end before or where it begins
    = ! 7 :MISSION:FOCUS_END: no focus range is open
    = ! 8 :MISSION:FOCUS_START: a focus range can't begin before the recording
    = ! 9 :MISSION:FOCUS_START: it would begin before the end of the focus range before it
    = ! 11 :MISSION:FOCUS_START: 0 argument(s) came, 1 are needed
    = ! 12 :MISSION:FOCUS_START: argument 0 (frame) has a fraction
    = ! 13 :MISSION:FOCUS_END: argument 0 (frame) is negative

    ## what nobody knows
    :FPS: | 1
    nonsense
    icom:send | 1
    gate:check
    :SYS:LOG: | "x"
    = ! 2 :FPS: no command of this version has that name
    = ! 3 nonsense no command of this version has that name
    """##
