/*
    Brings events of other servers into the mission, and offers functions to send some.
    Run it once on the server, at mission start (initServer.sqf):

        [] call compile preprocessFileLineNumbers "icom_bridge.sqf";

    Needs Arma 3 2.18 (fromJSON, toJSON) and CBA_A3. README.md in this folder has examples.
*/
if (!isServer) exitWith {};
if (!isNil "icom_bridge_handler") exitWith {};

// Parts of long events, by their id.
icom_bridge_parts = createHashMap;

// Raises the CBA event: ["forge_icom_event", [name, data]], as missions for Forge expect it.
icom_bridge_raise = {
    params ["_text"];
    private _pair = fromJSON _text;
    if !(_pair isEqualType [] && {count _pair == 2}) exitWith {
        diag_log format ["icom: unreadable: %1", _text];
    };
    ["forge_icom_event", _pair] call CBA_fnc_localEvent;
};

icom_bridge_handler = addMissionEventHandler ["ExtensionCallback", {
    params ["_from", "_what", "_text"];
    if (_from isNotEqualTo "icom") exitWith {};
    switch (_what) do {
        case "forge_icom_event": { [_text] call icom_bridge_raise; };
        case "forge_icom_chunk": {
            (fromJSON _text) params ["_id", "_index", "_count", "_part"];
            private _parts = icom_bridge_parts getOrDefault [_id, []];
            // Pieces come in order; a first one begins anew.
            if (_index == 0) then { _parts = []; };
            _parts pushBack _part;
            if (count _parts < _count) exitWith { icom_bridge_parts set [_id, _parts]; };
            icom_bridge_parts deleteAt _id;
            [_parts joinString ""] call icom_bridge_raise;
        };
        case "icom_failed": {
            (fromJSON _text) params ["_target", "_event", "_error"];
            ["icom_failed", [_target, _event, _error]] call CBA_fnc_localEvent;
            diag_log format ["icom: %1 for %2 failed: %3", _event, _target, _error];
        };
    };
}];

// ["altis_main", "convoy_left", createHashMapFromArray [["trucks", 3]]] call icom_fnc_send
icom_fnc_send = {
    params ["_target", "_event", ["_data", nil]];
    private _json = if (isNil "_data") then { "null" } else { toJSON _data };
    ("ocap_recorder" callExtension ["icom:send_event", [_target, _event, _json]]) select 0
};

// ["restart_soon", 10] call icom_fnc_broadcast
icom_fnc_broadcast = {
    params ["_event", ["_data", nil]];
    private _json = if (isNil "_data") then { "null" } else { toJSON _data };
    ("ocap_recorder" callExtension ["icom:broadcast", [_event, _json]]) select 0
};

// From now on events are handed over; what came before waits in the plug-in.
"ocap_recorder" callExtension ["icom:ready", []];
addMissionEventHandler ["Ended", { "ocap_recorder" callExtension ["icom:unready", []]; }];
addMissionEventHandler ["MPEnded", { "ocap_recorder" callExtension ["icom:unready", []]; }];
