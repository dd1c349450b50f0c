// Decides about joining players while this mission runs. Server only: execVM it from initServer.sqf.
// docs/server-events.md.
if (!isServer) exitWith {};

// Who may come in? Change this one.
ocap_recorder_decide = {
    params ["_id", "_wait", "_attempt", "_uid", "_name"];
    if (_uid in (profileNamespace getVariable ["ocap_recorder_blocked", []])) exitWith {
        "ocap_recorder" callExtension ["gate:kick", [_id, "You are not welcome here", str _attempt]];
    };
    "ocap_recorder" callExtension ["gate:go", [_id, str _attempt]];
};

addMissionEventHandler ["ExtensionCallback", {
    params ["_from", "_topic", "_text"];
    if (_from != "ocap_recorder" || {_topic != "gate"}) exitWith {};
    (parseSimpleArray _text) params ["_kind", "_id", ["_wait", 0], ["_attempt", 0], ["_uid", ""], ["_name", ""]];
    if (_kind == "ask") then { [_id, _wait, _attempt, _uid, _name] call ocap_recorder_decide };
}];

// The mission's own events: a second source, whose ids are always texts.
addMissionEventHandler ["OnUserConnected", { "ocap_recorder" callExtension ["sev:note", ["connected", _this select 0, getUserInfo (_this select 0)]] }];
addMissionEventHandler ["OnUserDisconnected", { "ocap_recorder" callExtension ["sev:note", ["disconnected", _this select 0]] }];
addMissionEventHandler ["OnUserKicked", { "ocap_recorder" callExtension ["sev:note", ["kicked"] + _this] }];
addMissionEventHandler ["OnUserAdminStateChanged", { "ocap_recorder" callExtension ["sev:note", ["admin"] + _this] }];
{ "ocap_recorder" callExtension ["sev:note", ["present", _x, getUserInfo _x]] } forEach allUsers;

{
    addMissionEventHandler [_x, {
        missionNamespace setVariable ["ocap_recorder_gateReady", false];
        "ocap_recorder" callExtension ["gate:unready", []];
    }];
} forEach ["Ended", "MPEnded"];

"ocap_recorder" callExtension ["gate:ready", [missionName]];
// Last: only now the second form of the line in server.cfg starts to ask.
missionNamespace setVariable ["ocap_recorder_gateReady", true];
