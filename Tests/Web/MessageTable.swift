// Every message of the stream: calls in, messages out, as they stand in docs/stream.md. `T` stands for the
// time of the call.

/// A call, and the messages that it makes (none: an empty text).
let messageTable: [(call: String, message: String)] = [
    (
        Game.start,
        ##"{"type":"start_mission","payload":{"mission":{"ID":1,"MissionName":"co08","BriefingName":"CO08","MissionNameSource":"co08","OnLoadName":"","Author":"Mira","ServerName":"s","ServerProfile":"p","StartTime":"T","WorldID":1,"CaptureDelay":1,"AddonVersion":"2.2.0","ExtensionVersion":"V","ExtensionBuild":"","OcapRecorderExtensionVersion":"","Tag":"COOP","PlayableSlots":{"west":8,"east":1,"independent":2,"civilian":3,"logic":4},"SideFriendly":{"eastWest":false,"eastIndependent":true,"westIndependent":false},"Addons":[{"ID":1,"Name":"CBA","WorkshopID":"450814997"}]},"world":{"ID":1,"Author":"Bohemia","WorkshopID":"","DisplayName":"Stratis","WorldName":"stratis","WorldNameOriginal":"Stratis","WorldSize":8192,"Latitude":-35.097,"Longitude":16.82,"Location":{"x":16.81999969482422,"y":-35.09700012207031,"z":0}}}}"##
    ),
    (
        Game.soldier,
        ##"{"type":"add_soldier","payload":{"ID":0,"JoinTime":"T","JoinFrame":1,"OcapType":"man","UnitName":"Mira","GroupID":"Alpha","Side":"WEST","IsPlayer":true,"RoleDescription":"Lead@Alpha","ClassName":"B_TL_F","DisplayName":"Team Leader","PlayerUID":"7656","SquadParams":[],"DeleteFrame":0}}"##
    ),
    (
        ##":VEHICLE:CREATE: | 1 | 2 | "car" | "Hunter" | "B_MRAP" | "[[""Blufor"",1]]" | "WEST""##,
        ##"{"type":"add_vehicle","payload":{"ID":2,"JoinTime":"T","JoinFrame":1,"OcapType":"car","ClassName":"B_MRAP","DisplayName":"Hunter","Customization":"[[\"Blufor\",1]]","Side":"WEST","DeleteFrame":0}}"##
    ),
    (
        ##":SOLDIER:STATE: | 0 | [2003,3000.25,12.5] | 92 | 1 | 1 | "Mira" | 1 | "Leader" | 4 | true | false | "1,0,-1,0,0,300" | "driver" | 2 | "STAND" | "Alpha 1-2" | "GUER""##,
        ##"{"type":"soldier_state","payload":{"SoldierID":0,"Time":"T","CaptureFrame":4,"Position":{"x":2003,"y":3000.25,"z":12.5},"Bearing":92,"Lifestate":1,"InVehicle":true,"InVehicleObjectID":2,"VehicleRole":"driver","UnitName":"Mira","IsPlayer":true,"CurrentRole":"Leader","HasStableVitals":true,"IsDraggedCarried":false,"Stance":"STAND","GroupID":"Alpha 1-2","Side":"GUER","Scores":{"infantryKills":1,"vehicleKills":0,"armorKills":-1,"airKills":0,"deaths":0,"totalScore":300}}}"##
    ),
    (
        ##":SOLDIER:STATE: | 0 | [1,2,3] | 92 | 1 | 0 | "Mira" | 1 | "Leader" | 5 | true | false | "" | "" | -1 | "STAND" | "" | """##,
        ##"{"type":"soldier_state","payload":{"SoldierID":0,"Time":"T","CaptureFrame":5,"Position":{"x":1,"y":2,"z":3},"Bearing":92,"Lifestate":1,"InVehicle":false,"InVehicleObjectID":null,"VehicleRole":"","UnitName":"Mira","IsPlayer":true,"CurrentRole":"Leader","HasStableVitals":true,"IsDraggedCarried":false,"Stance":"STAND","GroupID":"Alpha","Side":"WEST","Scores":{"infantryKills":0,"vehicleKills":0,"armorKills":0,"airKills":0,"deaths":0,"totalScore":0}}}"##
    ),
    (
        ##":VEHICLE:STATE: | 2 | [2003,3000.25,12.5] | 90 | 1 | [0,5] | 5 | 0.987654 | 0 | true | false | WEST | [0.999,0.02,-0.01] | [0.01,0,1] | 0 | -5.2"##,
        ##"{"type":"vehicle_state","payload":{"VehicleID":2,"Time":"T","CaptureFrame":5,"Position":{"x":2003,"y":3000.25,"z":12.5},"Bearing":90,"IsAlive":true,"Crew":"[0,5]","Fuel":0.987654,"Damage":0,"Locked":false,"EngineOn":true,"Side":"WEST","VectorDir":"[0.999,0.02,-0.01]","VectorUp":"[0.01,0,1]","TurretAzimuth":0,"TurretElevation":-5.2}}"##
    ),
    (
        ##":MARKER:CREATE: | "m1" | 12.5 | "mil_objective" | "Obj ""A""" | 6 | -1 | 0 | "#004C99" | [1,1] | "WEST" | [2100.5,3050,10] | "ICON" | 1 | "Solid""##,
        ##"{"type":"add_marker","payload":{"ID":1,"Time":"T","CaptureFrame":6,"EndFrame":0,"MarkerName":"m1","Direction":12.5,"MarkerType":"mil_objective","Text":"Obj \"A\"","OwnerID":0,"Color":"#004C99","Size":"[1,1]","Side":"WEST","Position":{"x":2100.5,"y":3050,"z":10},"Polyline":null,"Shape":"ICON","Alpha":1,"Brush":"Solid","IsDeleted":false}}"##
    ),
    (
        ##":MARKER:CREATE: | "line" | 0 | "mil_dot" | "" | 6 | -1 | -1 | "#D86600" | [1,1] | -1 | [[1,2],[3.5,4]] | "POLYLINE" | 0.5 | "Solid""##,
        ##"{"type":"add_marker","payload":{"ID":2,"Time":"T","CaptureFrame":6,"EndFrame":0,"MarkerName":"line","Direction":0,"MarkerType":"mil_dot","Text":"","OwnerID":-1,"Color":"#D86600","Size":"[1,1]","Side":"-1","Position":{"x":1,"y":2,"z":0},"Polyline":[{"x":1,"y":2},{"x":3.5,"y":4}],"Shape":"POLYLINE","Alpha":0.5,"Brush":"Solid","IsDeleted":false}}"##
    ),
    (
        ##":MARKER:STATE: | "m1" | 7 | [2110,3055,10] | 45 | 0.5 | "Obj done" | "#00FF00" | "[1.5,1.5]" | "mil_objective" | "Solid" | "ICON""##,
        ##"{"type":"marker_state","payload":{"ID":1,"MarkerID":1,"Time":"T","CaptureFrame":7,"Position":{"x":2110,"y":3055,"z":10},"Direction":45,"Alpha":0.5,"Text":"Obj done","Color":"#00FF00","Size":"[1.5,1.5]","MarkerType":"mil_objective","Brush":"Solid","Shape":"ICON"}}"##
    ),
    (
        ##":MARKER:DELETE: | "line" | 8"##,
        ##"{"type":"delete_marker","payload":{"Name":"line","EndFrame":8}}"##
    ),
    (
        ##":EVENT:PROJECTILE: | 8 | 812.331 | 0 | -1 | "" | 0 | "arifle_MX_F" | "MX 6.5 mm" | "muzzle" | "MX muzzle" | "30Rnd" | "6.5 mm 30Rnd" | "B_65" | "Single" | [[812.331,8,"2003,3000.25,14"]] | "700,400,0" | [[0,"spine3","2099.8,3049.9,11",8],[2,"hull","1,2,3",9]] | "shotBullet" | false | "\a3\m_30rnd_ca.paa""##,
        ##"{"type":"projectile_event","payload":{"CaptureFrame":8,"FirerObjectID":0,"VehicleObjectID":null,"WeaponDisplay":"MX 6.5 mm","MagazineDisplay":"6.5 mm 30Rnd","MuzzleDisplay":"MX muzzle","SimulationType":"shotBullet","MagazineIcon":"\\a3\\m_30rnd_ca.paa","Trajectory":[{"Position":{"x":2003,"y":3000.25,"z":14},"FrameNum":8}],"Hits":[{"CaptureFrame":8,"Position":{"x":2099.8,"y":3049.9,"z":11},"SoldierID":0,"VehicleID":null,"ComponentsHit":["spine3"]},{"CaptureFrame":9,"Position":{"x":1,"y":2,"z":3},"SoldierID":null,"VehicleID":2,"ComponentsHit":["hull"]}]}}"##
    ),
    (
        ##":EVENT:PROJECTILE: | 8 | 812.331 | 0 | 2 | "" | 0 | "w" | "W" | "m" | "M" | "g" | "G" | "B_65" | "Single" | [] | "700,400,0" | [] | "shotShell" | false | """##,
        ##"{"type":"projectile_event","payload":{"CaptureFrame":8,"FirerObjectID":0,"VehicleObjectID":2,"WeaponDisplay":"W","MagazineDisplay":"G","MuzzleDisplay":"M","SimulationType":"shotShell","MagazineIcon":"","Trajectory":null,"Hits":null}}"##
    ),
    (
        ##":EVENT:KILL: | 9 | 0 | 2 | ["Hunter HMG","Mk30 HMG .50",".50 BMG 200Rnd"] | 108.5"##,
        ##"{"type":"kill_event","payload":{"ID":1,"Time":"T","CaptureFrame":9,"VictimSoldierID":0,"VictimVehicleID":null,"KillerSoldierID":null,"KillerVehicleID":2,"WeaponVehicle":"Hunter HMG","WeaponName":"Mk30 HMG .50","WeaponMagazine":".50 BMG 200Rnd","EventText":"Hunter HMG: Mk30 HMG .50 [.50 BMG 200Rnd]","Distance":108.5}}"##
    ),
    (
        ##":EVENT:GENERAL: | 10 | "connected" | "Mira" | "{""playerUid"": ""7656""}""##,
        ##"{"type":"general_event","payload":{"ID":1,"Time":"T","CaptureFrame":10,"Name":"connected","Message":"Mira","ExtraData":{"playerUid": "7656"}}}"##
    ),
    (
        ##":EVENT:GENERAL: | 10 | "disconnected" | "Mira""##,
        ##"{"type":"general_event","payload":{"ID":2,"Time":"T","CaptureFrame":10,"Name":"disconnected","Message":"Mira","ExtraData":{}}}"##
    ),
    (
        ##":EVENT:SECTOR: | 10 | "captured" | "sector" | "Sector Alpha, north" | "WEST" | 2050.5 | 3040 | 11.25"##,
        ##"{"type":"sector_event","payload":{"ID":1,"Time":"T","CaptureFrame":10,"Name":"captured","ObjectType":"sector","UnitName":"Sector Alpha, north","Side":"WEST","PosX":2050.5,"PosY":3040,"PosZ":11.25}}"##
    ),
    (
        ##":EVENT:CHAT: | 10 | 0 | 1 | "Mira" | "Mira" | "say ""hi"" on 6" | "7656""##,
        ##"{"type":"chat_event","payload":{"ID":1,"SoldierID":0,"Time":"T","CaptureFrame":10,"Channel":"Side","FromName":"Mira","SenderName":"Mira","Message":"say \"hi\" on 6","PlayerUID":"7656"}}"##
    ),
    (
        ##":EVENT:CHAT: | 10 | -1 | 16 | "" | "" | "m" | """##,
        ##"{"type":"chat_event","payload":{"ID":2,"SoldierID":null,"Time":"T","CaptureFrame":10,"Channel":"System","FromName":"","SenderName":"","Message":"m","PlayerUID":""}}"##
    ),
    (
        ##":EVENT:RADIO: | 11 | 0 | "AN/PRC-152" | "SW" | "Start" | 3 | false | "152.000" | "_bluefor""##,
        ##"{"type":"radio_event","payload":{"ID":1,"SoldierID":0,"Time":"T","CaptureFrame":11,"Radio":"AN/PRC-152","RadioType":"SW","StartEnd":"Start","Channel":3,"IsAdditional":false,"Frequency":152,"Code":"_bluefor"}}"##
    ),
    (
        ##":TELEMETRY:FRAME: | 11 | [122.137,90.9091] | [[[32,31,1,10,0,0],[0,0,0,0,0,1]],[[6,6,0,8,1,0],[0,0,0,0,0,0]],[[6,6,0,6,0,0],[0,0,0,0,0,0]],[[4,4,19,0,23,22],[0,0,0,0,0,2]]] | [48,19,24,28,22,1,0,1] | [17,3,0,4,3] | [0.2,0.25,0,0,0.1,160.864,0.25,0.175,0.003153,0.441581,0.421672,1] | [["7656","Mira",31,1.67772e+07,0]]"##,
        ##"{"type":"telemetry","payload":{"Time":"T","CaptureFrame":11,"FpsAverage":122.137,"FpsMin":90.9091,"SideEntityCounts":{"East":{"Local":{"UnitsTotal":32,"UnitsAlive":31,"UnitsDead":1,"Groups":10,"Vehicles":0,"WeaponHolders":0},"Remote":{"UnitsTotal":0,"UnitsAlive":0,"UnitsDead":0,"Groups":0,"Vehicles":0,"WeaponHolders":1}},"West":{"Local":{"UnitsTotal":6,"UnitsAlive":6,"UnitsDead":0,"Groups":8,"Vehicles":1,"WeaponHolders":0},"Remote":{"UnitsTotal":0,"UnitsAlive":0,"UnitsDead":0,"Groups":0,"Vehicles":0,"WeaponHolders":0}},"Independent":{"Local":{"UnitsTotal":6,"UnitsAlive":6,"UnitsDead":0,"Groups":6,"Vehicles":0,"WeaponHolders":0},"Remote":{"UnitsTotal":0,"UnitsAlive":0,"UnitsDead":0,"Groups":0,"Vehicles":0,"WeaponHolders":0}},"Civilian":{"Local":{"UnitsTotal":4,"UnitsAlive":4,"UnitsDead":19,"Groups":0,"Vehicles":23,"WeaponHolders":22},"Remote":{"UnitsTotal":0,"UnitsAlive":0,"UnitsDead":0,"Groups":0,"Vehicles":0,"WeaponHolders":2}}},"GlobalCounts":{"UnitsAlive":48,"UnitsDead":19,"Groups":24,"Vehicles":28,"WeaponHolders":22,"PlayersAlive":1,"PlayersDead":0,"PlayersConnected":1},"Scripts":{"Spawn":17,"ExecVM":3,"Exec":0,"ExecFSM":4,"PFH":3},"Weather":{"Fog":0.2,"Overcast":0.25,"Rain":0,"Humidity":0,"Waves":0.1,"WindDir":160.864,"WindStr":0.25,"Gusts":0.175,"Lightnings":0.003153,"MoonIntensity":0.441581,"MoonPhase":0.421672,"SunOrMoon":1},"Players":[{"UID":"7656","Name":"Mira","Ping":31,"BW":16777200,"Desync":0}]}}"##
    ),
    (
        ##":TIME:STATE: | 12 | "2026-03-08T19:20:05.123" | "2035-06-24T03:15:00" | 1 | 22.517"##,
        ##"{"type":"time_state","payload":{"ID":1,"Time":"T","CaptureFrame":12,"SystemTimeUTC":"2026-03-08T19:20:05.123","MissionDate":"2035-06-24T03:15:00","TimeMultiplier":1,"MissionTime":22.517}}"##
    ),
    (
        ##":ACE3:DEATH: | 12 | 0 | "CardiacArrest:Timeout" | -1"##,
        ##"{"type":"ace3_death","payload":{"ID":1,"SoldierID":0,"Time":"T","CaptureFrame":12,"Reason":"CardiacArrest:Timeout","LastDamageSourceID":null}}"##
    ),
    (
        ##":ACE3:UNCONSCIOUS: | 12 | 0 | true"##,
        ##"{"type":"ace3_unconscious","payload":{"ID":1,"SoldierID":0,"Time":"T","CaptureFrame":12,"IsUnconscious":true}}"##
    ),
    (
        ##":PLACED:CREATE: | 12 | 3 | "APERS_Ammo" | "APERS Mine" | "2040.5,3030,11" | 0 | "WEST" | "put" | "\A3\gear_mine_AP_CA.paa""##,
        ##"{"type":"add_placed","payload":{"ID":3,"JoinTime":"T","JoinFrame":12,"ClassName":"APERS_Ammo","DisplayName":"APERS Mine","Position":{"x":2040.5,"y":3030,"z":11},"OwnerID":0,"Side":"WEST","Weapon":"put","MagazineIcon":"\\A3\\gear_mine_AP_CA.paa"}}"##
    ),
    (
        ##":PLACED:EVENT: | 13 | 3 | "hit" | "2041,3031.5,11" | 0"##,
        ##"{"type":"placed_event","payload":{"CaptureFrame":13,"PlacedID":3,"EventType":"hit","Position":{"x":2041,"y":3031.5,"z":11},"HitEntityID":0}}"##
    ),
    (
        ##":PLACED:EVENT: | 13 | 3 | "detonated" | "2041,3031.5,11""##,
        ##"{"type":"placed_event","payload":{"CaptureFrame":13,"PlacedID":3,"EventType":"detonated","Position":{"x":2041,"y":3031.5,"z":11},"HitEntityID":null}}"##
    ),
    (##":MISSION:FOCUS_START: | 13"##, ##"{"type":"mission_focus_start","payload":{"frame":13}}"##),
    (##":MISSION:FOCUS_END: | 14"##, ##"{"type":"mission_focus_end","payload":{"frame":14}}"##),
    (
        ##":SOLDIER:DELETE: | 0 | 15"##,
        ##"{"type":"delete_soldier","payload":{"frame":15,"id":0}}"##
    ),
    (
        ##":VEHICLE:DELETE: | 2 | 15"##,
        ##"{"type":"delete_vehicle","payload":{"frame":15,"id":2}}"##
    ),
    (
        ##":EVENT:ENDMISSION: | 16 | "WEST" | "done""##,
        ##"{"type":"end_mission_event","payload":{"ID":1,"Time":"T","CaptureFrame":16,"Side":"WEST","Message":"done"}}"##
    ),
    (##":EVENT:GENERAL: | nonsense"##, ""),
    (##":MISSION:SAVE:"##, ##"{"type":"end_mission","payload":null}"##),
]
