// Shots, kills, placed objects, ACE3: calls in, events out (how to read it: `CommandTests`).

let combatTable = ##"""
    ## a bullet hits a soldier
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | [[1,"spine3","2099.8,3049.9,11",4]] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) hit S1 4 (2099.8,3049.9,11) ‹spine3› +bullet

    ## a shell hits a vehicle, several components, from a turret
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 30 | "" | abc | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | [[2,["hitengine",7,"hithull"],"1.67772e+07,300,50",205]] | "shotShell" | false | "\a3\m_30rnd_ca.paa"
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = shot 0 frame 4 at 812.331 vehicle 30 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotShell› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) hit V2 205 (16777200,300,50) ‹hitengine› ‹hithull›

    ## an empty component does not cost the hits
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | [[1,"","10,20,3",7]] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) hit S1 7 (10,20,3) ‹› +bullet
    ~ soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    ~ shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) +bullet
    ~ ! 3 :EVENT:PROJECTILE: argument 16 (hitParts) is not usable, a default stands for it

    ## a hit of the unknown is left out; of one that is created later it is kept
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | [[1,"head","10,20,3",7],[99,"head","1,2,3",7]] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) hit S1 7 (10,20,3) ‹head› +bullet
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = ! 2 :EVENT:PROJECTILE: a hit was left out: no CREATE of this recording explains id 99
    ~ shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) +bullet
    ~ soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    ~ ! 2 :EVENT:PROJECTILE: a hit was left out: no CREATE of this recording explains id 1
    ~ ! 2 :EVENT:PROJECTILE: a hit was left out: no CREATE of this recording explains id 99

    ## elements that are not usable are left out
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | -1 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[1,2],[1,"x","1,2,3"],[1,2,"1"],[1,2,7],[5,6,"1,2"],[1,-4,"1,2,3"]] | "700,400,0" | [[1,"a","1,2,3"],["x","a","1,2,3",4],[1,"a","x",4],[1,[],"nan,2,3",4,5],[-1,"a","1,2,3",4],[66000,"a","1,2,3",4]] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = shot 0 frame 4 at 812.331 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 5 6 (1,2,0) hit S1 4 (1,2,3) +bullet
    = ! 3 :EVENT:PROJECTILE: element 0 of argument 14 (positions) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 1 of argument 14 (positions) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 2 of argument 14 (positions) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 3 of argument 14 (positions) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 5 of argument 14 (positions) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 0 of argument 16 (hitParts) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 1 of argument 16 (hitParts) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 2 of argument 16 (hitParts) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 4 of argument 16 (hitParts) was left out, it is not usable
    = ! 3 :EVENT:PROJECTILE: element 5 of argument 16 (hitParts) was left out, it is not usable
    ~ soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    ~ shot 0 frame 4 at 812.331 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 5 6 (1,2,0) hit S1 4 (1,2,3) +bullet
    ~ ! 3 :EVENT:PROJECTILE: element 0 of argument 14 (positions) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 1 of argument 14 (positions) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 2 of argument 14 (positions) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 3 of argument 14 (positions) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 5 of argument 14 (positions) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 0 of argument 16 (hitParts) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 1 of argument 16 (hitParts) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: element 2 of argument 16 (hitParts) was left out, it is not usable
    ~ ! 3 :EVENT:PROJECTILE: a hit was left out: no CREATE of this recording explains id 65535
    ~ ! 3 :EVENT:PROJECTILE: a hit was left out: no CREATE of this recording explains id 464

    ## positions that are no array of arrays lose the shot
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[1,2,3 | "700,400,0" | [] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | any | "700,400,0" | [] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [] | "700,400,0" | [] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [1,2] | "700,400,0" | [] | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› +bullet
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› +bullet
    = ! 2 :EVENT:PROJECTILE: argument 14 (positions) is no array
    = ! 3 :EVENT:PROJECTILE: argument 14 (positions) is no array
    = ! 5 :EVENT:PROJECTILE: element 0 of argument 14 (positions) was left out, it is not usable
    = ! 5 :EVENT:PROJECTILE: element 1 of argument 14 (positions) was left out, it is not usable
    ~ shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› +bullet
    ~ ! 2 :EVENT:PROJECTILE: argument 14 (positions) is no array
    ~ ! 3 :EVENT:PROJECTILE: argument 14 (positions) is no array
    ~ ! 5 :EVENT:PROJECTILE: argument 14 (positions) is no array

    ## hits that are no array are noticed, the shot stays
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | any | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    :EVENT:PROJECTILE: | 4 | 812.331 | 0 | 0 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "arifle_MX_F" | "MX 6.5 mm" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,4,"2003,3000.25,14"],[812.45,4,"2099.8,3049.9,11"]] | "700,400,0" | [[1,"a | "shotBullet" | false | "\a3\m_30rnd_ca.paa"
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) +bullet
    = shot 0 frame 4 at 812.331 vehicle 0 remote 0 ‹› ‹arifle_MX_F› ‹MX 6.5 mm› ‹arifle_MX_F› ‹MX 6.5 mm› ‹30Rnd› ‹6.5 mm 30Rnd› ‹B_65› ‹Single› ‹700,400,0› ‹shotBullet› ‹\a3\m_30rnd_ca.paa› point 812.331 4 (2003,3000.25,14) point 812.45 4 (2099.8,3049.9,11) +bullet
    = ! 2 :EVENT:PROJECTILE: argument 16 (hitParts) is not usable, a default stands for it
    = ! 3 :EVENT:PROJECTILE: argument 16 (hitParts) is not usable, a default stands for it

    ## too few arguments
    :EVENT:PROJECTILE: | 4 | 812.331 | 0
    = ! 2 :EVENT:PROJECTILE: 3 argument(s) came, 20 are needed

    ## a kill with vehicle, weapon and magazine
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST"
    :EVENT:KILL: | 5 | 1 | 2 | ["Hunter HMG","Mk30 HMG .50",".50 BMG 200Rnd"] | 108
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = vehicle 2 frame 1 ‹car› ‹Hunter› ‹B_MRAP› ‹[["Blufor",1]]› ‹WEST›
    = killed S1 by V2 frame 5 ‹Hunter HMG› ‹Mk30 HMG .50› ‹.50 BMG 200Rnd› ‹Hunter HMG: Mk30 HMG .50 [.50 BMG 200Rnd]› 108

    ## kill texts
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :EVENT:KILL: | 5 | 0 | 0 | ["","MX 6.5 mm","6.5 mm 30Rnd"] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["","M6 SLAM Mine",""] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["Hunter HMG","",""] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["","",""] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | "MX 6.5 mm" | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["a","b"] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["Vic ""X""","a, b","c"] | 1e+01
    :EVENT:KILL: | 5 | 0 | 0 | ["","","Mag"] | 1e+01
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = killed S0 by S0 frame 5 ‹› ‹MX 6.5 mm› ‹6.5 mm 30Rnd› ‹MX 6.5 mm [6.5 mm 30Rnd]› 10
    = killed S0 by S0 frame 5 ‹› ‹M6 SLAM Mine› ‹› ‹M6 SLAM Mine› 10
    = killed S0 by S0 frame 5 ‹Hunter HMG› ‹› ‹› ‹Hunter HMG› 10
    = killed S0 by S0 frame 5 ‹› ‹› ‹› ‹› 10
    = killed S0 by S0 frame 5 ‹› ‹MX 6.5 mm› ‹› ‹MX 6.5 mm› 10
    = killed S0 by S0 frame 5 ‹› ‹["a","b"]› ‹› ‹["a","b"]› 10
    = killed S0 by S0 frame 5 ‹Vic "X"› ‹a, b› ‹c› ‹Vic "X": a, b [c]› 10
    = killed S0 by S0 frame 5 ‹› ‹› ‹Mag› ‹[Mag]› 10
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ killed S0 by S0 frame 5 ‹› ‹MX 6.5 mm› ‹6.5 mm 30Rnd› ‹MX 6.5 mm [6.5 mm 30Rnd]› 10
    ~ killed S0 by S0 frame 5 ‹› ‹M6 SLAM Mine› ‹› ‹M6 SLAM Mine› 10
    ~ killed S0 by S0 frame 5 ‹Hunter HMG› ‹› ‹› ‹Hunter HMG› 10
    ~ killed S0 by S0 frame 5 ‹› ‹› ‹› ‹› 10
    ~ killed S0 by S0 frame 5 ‹› ‹MX 6.5 mm› ‹› ‹MX 6.5 mm› 10
    ~ killed S0 by S0 frame 5 ‹› ‹["a","b"]› ‹› ‹["a","b"]› 10
    ~ killed S0 by S0 frame 5 ‹Vic "X› ‹a, b› ‹c› ‹Vic "X: a, b [c]› 10
    ~ killed S0 by S0 frame 5 ‹› ‹› ‹Mag› ‹[Mag]› 10

    ## kills of the unknown are kept; bad distances are not
    :EVENT:KILL: | 5 | 8 | 9 | ["","",""] | nan
    :EVENT:KILL: | 5 | 8 | 9 | ["","",""] | far
    :EVENT:KILL: | 5 | -1 | 9 | ["","",""] | 1
    = killed ?8 by ?9 frame 5 ‹› ‹› ‹› ‹› 0
    = ! 3 :EVENT:KILL: argument 4 (distance) is no number
    = ! 4 :EVENT:KILL: argument 1 (victimId) is negative

    ## a mine, its hit, its end
    :PLACED:CREATE: | 2 | 3 | "APERS_Ammo" | "APERS Mine" | "2040.5,3030,11" | 0 | "WEST" | "put" | "\A3\gear_mine_AP_CA.paa"
    :SOLDIER:CREATE: | 1 | 1 | "Yusuf" | "Bravo" | "EAST" | 0 | "" | "O_F" | "Rifleman" | "" | "[]"
    :PLACED:EVENT: | 450 | 3 | "hit" | "2041,3031.5,11" | 1
    :PLACED:EVENT: | 451 | 3 | "detonated" | "nan,1,2"
    :PLACED:EVENT: | 451 | 3 | "deleted" | "1,2,3" | -1
    = placed 3 frame 2 (2040.5,3030,11) 0 ‹APERS_Ammo› ‹APERS Mine› ‹WEST› ‹put› ‹\A3\gear_mine_AP_CA.paa›
    = soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    = placedEvent 3 frame 450 ‹hit› (2041,3031.5,11) S1
    = placedEvent 3 frame 451 ‹detonated› (2040.5,1,2) nobody
    = placedEvent 3 frame 451 ‹deleted› (1,2,3) nobody
    ~ placed 3 frame 2 (2040.5,3030,11) 0 ‹APERS_Ammo› ‹APERS Mine› ‹WEST› ‹put› ‹\A3\gear_mine_AP_CA.paa›
    ~ soldier 1 frame 1 ‹Yusuf› ‹Bravo› ‹EAST› ‹› ‹O_F› ‹Rifleman› ‹› ‹[]›
    ~ placedEvent 3 frame 450 ‹hit› (2041,3031.5,11) S1
    ~ placedEvent 3 frame 451 ‹detonated› (2040.5,1,2) nobody
    ~ ! 6 :PLACED:EVENT: argument 4 (hitEntityId) is negative

    ## events of placed objects that do not exist (yet)
    :PLACED:EVENT: | 1 | 3 | "deleted" | "1,2,3"
    :PLACED:EVENT: | 1 | -1 | "deleted" | "1,2,3"
    :PLACED:EVENT: | 1 | 8 | "deleted" | "1,2,3"
    :PLACED:CREATE: | 2 | 3 | "APERS_Ammo" | "APERS Mine" | "2040.5,3030,11" | 0 | "WEST" | "put" | "\A3\gear_mine_AP_CA.paa"
    = placed 3 frame 2 (2040.5,3030,11) 0 ‹APERS_Ammo› ‹APERS Mine› ‹WEST› ‹put› ‹\A3\gear_mine_AP_CA.paa›
    = placedEvent 3 frame 1 ‹deleted› (1,2,3) nobody
    = ! 3 :PLACED:EVENT: argument 1 (id) is negative
    = ! 4 :PLACED:EVENT: no CREATE of this recording explains placed object 8
    ~ placed 3 frame 2 (2040.5,3030,11) 0 ‹APERS_Ammo› ‹APERS Mine› ‹WEST› ‹put› ‹\A3\gear_mine_AP_CA.paa›
    ~ ! 2 :PLACED:EVENT: it came before the CREATE of placed object 3
    ~ ! 3 :PLACED:EVENT: argument 1 (id) is negative
    ~ ! 4 :PLACED:EVENT: no CREATE of this recording explains placed object 8

    ## ACE3
    :SOLDIER:CREATE: | 1 | 0 | "Mira" | "Alpha 1-1" | "WEST" | 1 | "Lead@Alpha" | "B_TL_F" | "Team Leader" | "7656" | "[]"
    :ACE3:DEATH: | 200 | 0 | "CardiacArrest:Timeout" | -1
    :ACE3:DEATH: | 200 | 0 | "x" | 0
    :ACE3:DEATH: | 200 | 0 | "x" | 77
    :ACE3:DEATH: | 200 | 8 | "x" | -1
    :ACE3:UNCONSCIOUS: | 200 | 0 | true
    :ACE3:UNCONSCIOUS: | 201 | 0 | 0
    :ACE3:UNCONSCIOUS: | 201 | 0 | hm
    :ACE3:UNCONSCIOUS: | 201 | 8 | true
    = soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    = ace3Death 0 frame 200 ‹CardiacArrest:Timeout› nobody
    = ace3Death 0 frame 200 ‹x› S0
    = ace3Death 0 frame 200 ‹x› ?77
    = ace3Unconscious 0 frame 200 +down
    = ace3Unconscious 0 frame 201
    = ! 6 :ACE3:DEATH: no CREATE of this recording explains soldier 8
    = ! 9 :ACE3:UNCONSCIOUS: argument 2 (isUnconscious) is neither true nor false
    = ! 10 :ACE3:UNCONSCIOUS: no CREATE of this recording explains soldier 8
    ~ soldier 0 frame 1 ‹Mira› ‹Alpha 1-1› ‹WEST› ‹Lead@Alpha› ‹B_TL_F› ‹Team Leader› ‹7656› ‹[]› +player
    ~ ace3Death 0 frame 200 ‹CardiacArrest:Timeout› nobody
    ~ ace3Death 0 frame 200 ‹x› S0
    ~ ace3Unconscious 0 frame 200 +down
    ~ ace3Unconscious 0 frame 201
    ~ ! 5 :ACE3:DEATH: no CREATE of this recording explains soldier 77
    ~ ! 6 :ACE3:DEATH: no CREATE of this recording explains soldier 8
    ~ ! 9 :ACE3:UNCONSCIOUS: argument 2 (isUnconscious) is neither true nor false
    ~ ! 10 :ACE3:UNCONSCIOUS: no CREATE of this recording explains soldier 8
    """##
