// Soldiers and vehicles: calls in, events out (how to read it: `CommandTests`).

let entityTable = ##"""
    ## a soldier is created
    :SOLDIER:CREATE: | 1 | 0 | "Mira ""Fox"" K." | "Alpha 1-1" | "WEST" | 1 | "Team Leader@Alpha" | "B_Soldier_TL_F" | "Team Leader" | "76561198000000001" | "[]"
    = soldier 0 frame 1 ‹Mira "Fox" K.› ‹Alpha 1-1› ‹WEST› ‹Team Leader@Alpha› ‹B_Soldier_TL_F› ‹Team Leader› ‹76561198000000001› ‹[]› +player

    ## numbers with decimals, empty names, booleans as words
    :SOLDIER:CREATE: | 415.00 | 78.00 | "" | "" | "UNKNOWN" | false | "" | "Snake_random_F" | "Snake" | "" | "[]"
    = soldier 78 frame 415 ‹› ‹› ‹UNKNOWN› ‹› ‹Snake_random_F› ‹Snake› ‹› ‹[]›

    ## a name that is itself in quotes; unquoted texts
    :SOLDIER:CREATE: | 1 | 0 | """Q""" | hello | WEST | 1.00 | "" | "" | "" | "" | "[]"
    = soldier 0 frame 1 ‹"Q"› ‹hello› ‹WEST› ‹› ‹› ‹› ‹› ‹[]› +player
    ~ ! 2 :SOLDIER:CREATE: argument 5 (isPlayer) is neither true nor false

    ## squad parameters that are no list cost the soldier only in strict mode
    :SOLDIER:CREATE: | 1 | 0 | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "{}"
    :SOLDIER:CREATE: | 1 | 1 | "B" | "" | "WEST" | 1 | "" | "" | "" | "" | "null"
    = soldier 0 frame 1 ‹A› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹[]› +player
    = soldier 1 frame 1 ‹B› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹null› +player
    = ! 2 :SOLDIER:CREATE: argument 10 (squadParams) is not usable, a default stands for it
    ~ soldier 1 frame 1 ‹B› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹null› +player
    ~ ! 2 :SOLDIER:CREATE: argument 10 (squadParams) is no usable JSON

    ## a re-created soldier
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player +again

    ## ids that are none
    :SOLDIER:CREATE: | 1 | 70000 | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "[]"
    :SOLDIER:CREATE: | 1 | 10.99 | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "[]"
    :SOLDIER:CREATE: | 1 | -1 | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "[]"
    :SOLDIER:CREATE: | 1 |  | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "[]"
    :SOLDIER:CREATE: | 1 | 3.2e+01 | "A" | "" | "WEST" | 1 | "" | "" | "" | "" | "[]"
    = soldier 32 frame 1 ‹A› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹[]› +player
    = ! 2 :SOLDIER:CREATE: argument 1 (id) is too large
    = ! 3 :SOLDIER:CREATE: argument 1 (id) has a fraction
    = ! 4 :SOLDIER:CREATE: argument 1 (id) is negative
    = ! 5 :SOLDIER:CREATE: argument 1 (id) is no number
    ~ soldier 4464 frame 1 ‹A› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹[]› +player
    ~ soldier 32 frame 1 ‹A› ‹› ‹WEST› ‹› ‹› ‹› ‹› ‹[]› +player
    ~ ! 3 :SOLDIER:CREATE: argument 1 (id) has a fraction
    ~ ! 4 :SOLDIER:CREATE: argument 1 (id) is negative
    ~ ! 5 :SOLDIER:CREATE: argument 1 (id) is no number

    ## too few arguments and a bad boolean
    :SOLDIER:CREATE: | 1 | 0 | "A"
    :SOLDIER:CREATE: | 1 | 0 | "A" | "" | "WEST" | yes | "" | "" | "" | "" | "[]"
    = ! 2 :SOLDIER:CREATE: 3 argument(s) came, 11 are needed
    = ! 3 :SOLDIER:CREATE: argument 5 (isPlayer) is neither true nor false

    ## a soldier's state, with all it can carry
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:STATE: | 0 | [2003,3000.25,12.5] | 92 | 1 | 1 | "Mira" | 1 | "Leader" | 4 | true | false | "1,0,-1,0,0,300" | "driver" | 2 | "STAND" | "Alpha 1-2" | "GUER"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldierState 0 frame 4 (2003,3000.25,12.5) bearing 92 life 1 ‹Mira› ‹Leader› ‹driver› ‹STAND› ‹Alpha 1-2› ‹GUER› vehicle 2 scores 1 0 -1 0 0 300 +in +player +stable
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ soldierState 0 frame 4 (2003,3000.25,12.5) bearing 92 life 1 ‹Mira› ‹Leader› ‹driver› ‹STAND› ‹Alpha 1-2› ‹GUER› vehicle 2 scores 1 0 255 0 0 44 +in +player +stable

    ## 15 arguments: group and side come from the CREATE
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :SOLDIER:STATE: | 1 | 2003,3000.25 | 92 | 2 | 0 | "Yusuf" | 0 | "Man" | 4 | 1 | 1 | "" | "" | -1 | "PRONE"
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = soldierState 1 frame 4 (2003,3000.25,0) bearing 92 life 2 ‹Yusuf› ‹Man› ‹› ‹PRONE› ‹Bravo› ‹EAST› +stable +dragged

    ## 16 arguments: the group is not read; empty group and side are filled
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :SOLDIER:STATE: | 1 | [1,2,3] | 92 | 1 | 0 | "Yusuf" | 0 | "Man" | 4 | 1 | 1 | "" | "" | -1 | "" | "X"
    :SOLDIER:STATE: | 1 | [1,2,3] | 92 | 1 | 0 | "Yusuf" | 0 | "Man" | 5 | 1 | 1 | "" | "" | -1 | "" | "" | ""
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = soldierState 1 frame 4 (1,2,3) bearing 92 life 1 ‹Yusuf› ‹Man› ‹› ‹› ‹Bravo› ‹EAST› +stable +dragged
    = soldierState 1 frame 5 (1,2,3) bearing 92 life 1 ‹Yusuf› ‹Man› ‹› ‹› ‹Bravo› ‹EAST› +stable +dragged

    ## a player takes over a unit, and gives it to another one; a dead player has no name
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :SOLDIER:STATE: | 1 | [1,2,3] | 0 | 1 | 0 | "Kerr" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 1 | [1,2,3] | 0 | 1 | 0 | "Kerr" | 1 | "Man" | 5 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 1 | [1,2,3] | 0 | 0 | 0 | "" | 1 | "Man" | 6 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 1 | [1,2,3] | 0 | 1 | 0 | "Noor" | 1 | "Man" | 7 | 1 | 0 | "" | "" | -1 | "STAND"
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = soldierState 1 frame 4 (1,2,3) bearing 0 life 1 ‹Kerr› ‹Man› ‹› ‹STAND› ‹Bravo› ‹EAST› +player +stable +takeover
    = soldierState 1 frame 5 (1,2,3) bearing 0 life 1 ‹Kerr› ‹Man› ‹› ‹STAND› ‹Bravo› ‹EAST› +player +stable
    = soldierState 1 frame 6 (1,2,3) bearing 0 life 0 ‹› ‹Man› ‹› ‹STAND› ‹Bravo› ‹EAST› +player +stable
    = soldierState 1 frame 7 (1,2,3) bearing 0 life 1 ‹Noor› ‹Man› ‹› ‹STAND› ‹Bravo› ‹EAST› +player +stable +takeover

    ## numbers written in unusual ways
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:STATE: | 0.00 | [1,2,3] | 90.00 | 1.00 | 1.00 | "Mira" | 1 | "Man" | 4.9 | 1.00 | 0.00 | "1.00,2,3,4,5,6" | "" | 30.00 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 1e2 | 7 | x | "Mira" | 1 | "Man" | 5 | x | x | "1,2,3" | "" | abc | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | -90 | -1 | 0 | "Mira" | 1 | "Man" | 6 | 1 | 0 | "1,2,3,4,5,6,7" | "" | -5 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 725 | 1 | 0 | "Mira" | 1 | "Man" | 7 | 1 | 0 | ",,,,," | "" | 70000 | "STAND"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldierState 0 frame 4 (1,2,3) bearing 90 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› vehicle 30 scores 1 2 3 4 5 6 +in +player +stable
    = soldierState 0 frame 5 (1,2,3) bearing 100 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player
    = soldierState 0 frame 6 (1,2,3) bearing 270 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› scores 1 2 3 4 5 6 +player +stable
    = soldierState 0 frame 7 (1,2,3) bearing 5 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› scores 0 0 0 0 0 0 +player +stable
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ soldierState 0 frame 4 (1,2,3) bearing 0 life 0 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› vehicle 0 scores 0 2 3 4 5 6 +player
    ~ soldierState 0 frame 5 (1,2,3) bearing 0 life 7 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› vehicle 0 +player
    ~ soldierState 0 frame 6 (1,2,3) bearing 65446 life 255 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› scores 1 2 3 4 5 6 +player +stable
    ~ soldierState 0 frame 7 (1,2,3) bearing 725 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› vehicle 4464 scores 0 0 0 0 0 0 +player +stable

    ## coordinates that are not finite are those of the state before
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:STATE: | 0 | [nan,2,inf] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [10,20,30] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 5 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [-nan(ind),21,-1.#IND] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 6 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1e999,22,31] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 7 | 1 | 0 | "" | "" | -1 | "STAND"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldierState 0 frame 4 (0,2,0) bearing 0 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player +stable
    = soldierState 0 frame 5 (10,20,30) bearing 0 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player +stable
    = soldierState 0 frame 6 (10,21,30) bearing 0 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player +stable
    = soldierState 0 frame 7 (10,22,31) bearing 0 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player +stable

    ## positions that are none
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:STATE: | 0 | [1] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,x] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | any | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 |  | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3,4,x] | 0 | 1 | 0 | "Mira" | 1 | "Man" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldierState 0 frame 4 (1,2,3) bearing 0 life 1 ‹Mira› ‹Man› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +player +stable
    = ! 3 :SOLDIER:STATE: argument 1 (position) is no position
    = ! 4 :SOLDIER:STATE: argument 1 (position) is no position
    = ! 5 :SOLDIER:STATE: argument 1 (position) is no position
    = ! 6 :SOLDIER:STATE: argument 1 (position) is no position

    ## frames that are none, and frames too far ahead
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | abc | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" |  | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | -3 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | nan | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | 1e20 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | 2000000 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:STATE: | 0 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | -0.5 | 1 | 0 | "" | "" | -1 | "STAND"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldierState 0 frame 0 (1,2,3) bearing 0 life 1 ‹› ‹› ‹› ‹STAND› ‹Alpha 1-1› ‹WEST› +stable
    = ! 3 :SOLDIER:STATE: argument 8 (frame) is no number
    = ! 4 :SOLDIER:STATE: argument 8 (frame) is no number
    = ! 5 :SOLDIER:STATE: argument 8 (frame) is negative
    = ! 6 :SOLDIER:STATE: argument 8 (frame) is not a finite number
    = ! 7 :SOLDIER:STATE: argument 8 (frame) is too large
    = ! 8 :SOLDIER:STATE: frame 2000000 is too far ahead of frame 1, the highest so far

    ## a state before its CREATE waits for it
    :SOLDIER:STATE: | 1 | [1,2,3] | 0 | 1 | 0 | "Yusuf" | 0 | "Man" | 1 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:DELETE: | 1 | 1
    :SOLDIER:STATE: | 9 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "Man" | 1 | 1 | 0 | "" | "" | -1 | "STAND"
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = soldierState 1 frame 1 (1,2,3) bearing 0 life 1 ‹Yusuf› ‹Man› ‹› ‹STAND› ‹Bravo› ‹EAST› +stable
    = deleted S1 frame 1
    = ! 4 :SOLDIER:STATE: no CREATE of this recording explains soldier 9
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    ~ ! 2 :SOLDIER:STATE: it came before the CREATE of soldier 1
    ~ ! 3 :SOLDIER:DELETE: it came before the CREATE of soldier 1
    ~ ! 4 :SOLDIER:STATE: no CREATE of this recording explains soldier 9

    ## a soldier's state is not taken for a vehicle's
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :SOLDIER:STATE: | 2 | [1,2,3] | 0 | 1 | 0 | "" | 0 | "" | 4 | 1 | 0 | "" | "" | -1 | "STAND"
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = ! 3 :SOLDIER:STATE: no CREATE of this recording explains soldier 2

    ## vehicles are created, with and without a side
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :VEHICLE:CREATE: | 2 | 4 | "heli" | "Ghost" | "B_Heli" | "[]"
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = vehicle 4 frame 2 ‹heli› ‹Ghost› ‹B_Heli› ‹[]› ‹›
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST› +again
    ~ vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    ~ vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST› +again
    ~ ! 3 :VEHICLE:CREATE: 6 argument(s) came, 7 are needed

    ## a vehicle's state
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :VEHICLE:STATE: | 2 | [2003,3000.25,12.5] | 90 | 1 | [0,5] | 4 | 0.987654 | 0 | true | false | WEST | [0.999,0.02,-0.01] | [0.01,0,1] | 0 | -5.2
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = vehicleState 2 frame 4 (2003,3000.25,12.5) bearing 90 crew ‹[0,5]› fuel 0.987654 damage 0 ‹WEST› ‹[0.999,0.02,-0.01]› ‹[0.01,0,1]› turret 0 -5.2 +alive +engine

    ## crews that are written in unusual ways, or are none
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 |  | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [20.00,21] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [ 1, 2 ] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [-1,5] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | any | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [1,[2],3] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [1 | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | "[7,8]" | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [70000,1] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [12345] | 4 | 1 | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[20,21]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[1,2]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[5]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[1,3]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[7,8]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[1]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[12345]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    = ! 7 :VEHICLE:STATE: element 0 of argument 4 (crew) was left out, it is not usable
    = ! 8 :VEHICLE:STATE: argument 4 (crew) is not usable, a default stands for it
    = ! 9 :VEHICLE:STATE: element 1 of argument 4 (crew) was left out, it is not usable
    = ! 10 :VEHICLE:STATE: argument 4 (crew) is not usable, a default stands for it
    = ! 12 :VEHICLE:STATE: element 0 of argument 4 (crew) was left out, it is not usable
    ~ vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[1,2]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[-1,5]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[7,8]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[70000,1]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine
    ~ vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[12345]› fuel 1 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +alive +engine

    ## a vehicle's figures that are not finite, or no figures
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | x | [] | 4 | nan | 1e300 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | inf | -nan
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [] | 4 | x | 0 | 1 | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [] | 4 | 1 | 0 | maybe | 0 | WEST | [0,1,0] | [0,0,1] | 0 | 0
    :VEHICLE:STATE: | 2 | [1,2,3] | 90 | 1 | [] | 4 | 1 | 0
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = vehicleState 2 frame 4 (1,2,3) bearing 90 crew ‹[]› fuel 0 damage 0 ‹WEST› ‹[0,1,0]› ‹[0,0,1]› turret 0 0 +engine
    = ! 4 :VEHICLE:STATE: argument 6 (fuel) is no number
    = ! 5 :VEHICLE:STATE: argument 8 (engineOn) is neither true nor false
    = ! 6 :VEHICLE:STATE: 8 argument(s) came, 15 are needed

    ## deletes; of the unknown they mean nothing
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :SOLDIER:DELETE: | 0 | 500
    :VEHICLE:DELETE: | 2 | 501
    :SOLDIER:DELETE: | 2 | 5
    :SOLDIER:DELETE: | -1 | 5
    :VEHICLE:DELETE: | 2
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = deleted S0 frame 500
    = deleted V2 frame 501
    = ! 6 :SOLDIER:DELETE: no CREATE of this recording explains soldier 2
    = ! 7 :SOLDIER:DELETE: argument 0 (id) is negative
    = ! 8 :VEHICLE:DELETE: 1 argument(s) came, 2 are needed
    """##
