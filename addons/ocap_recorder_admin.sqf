// Carries out the admin commands that ocap_recorder asks for (blackbox.admin in its configuration, which allows
// none by itself). Server only: execVM it from initServer.sqf. docs/server-events.md.
//
// The password is the serverCommandPassword of server.cfg. Set it in a file that stays on the server:
//     missionNamespace setVariable ["ocap_recorder_password", "…"];
// It never goes to the plug-in. Ids that come here are digits, texts harmless letters: the plug-in refuses all else.
// In a command of the server's own machine an id stands in quotes (str): a number would lose digits, and mean
// somebody else.
if (!isServer) exitWith {};

ocap_recorder_admin = {
    params ["_ticket", "_verb", ["_a", ""], ["_b", ""], ["_c", "0"]];
    private _password = missionNamespace getVariable ["ocap_recorder_password", ""];
    if (_password == "") exitWith {
        "ocap_recorder" callExtension ["admin:done", [_ticket, "fail", "no password set"]];
    };
    private _text = "";
    private _ok = switch (_verb) do {
        case "kick":       { _password serverCommand ("#kick " + _a) };
        case "ban":        { _password serverCommand ("#exec ban " + str _a) };
        case "unban":      { _password serverCommand ("#exec unban " + str _a) };
        case "unkick":     { _password serverCommand ("#exec unkick " + str _a) };
        case "clearBans":  { _password serverCommand "#exec clearBans" };
        case "clearKicks": { _password serverCommand "#exec clearKicks" };
        case "lock":       { _password serverCommand "#lock" };
        case "unlock":     { _password serverCommand "#unlock" };
        case "checkFile":  { _password serverCommand ("#exec " + _c + " checkFile [" + str _a + "," + _b + "]") };
        case "checkExe":   { _password serverCommand ("#exec " + (if (_b == "") then {"0"} else {_b}) + " checkExe " + str _a) };
        case "users":      { _text = str (allUsers apply { [_x, (getUserInfo _x) param [3, ""]] }); true };
        case "chat":       {
            private _owner = (getUserInfo _a) param [1, -1];
            if (_owner < 0) exitWith { false };
            _b remoteExec ["systemChat", _owner];
            true
        };
        case "shutdown":   { _password serverCommand "#shutdown" };
        case "restart":    { _password serverCommand "#restartserver" };
        default            { nil };
    };
    // True says that the server has taken the command, not that it worked.
    private _word = if (isNil "_ok") then { "unknown" } else { ["fail", "ok"] select _ok };
    "ocap_recorder" callExtension ["admin:done", [_ticket, _word, _text]];
};

addMissionEventHandler ["ExtensionCallback", {
    params ["_from", "_topic", "_text"];
    if (_from != "ocap_recorder" || {_topic != "admin"}) exitWith {};
    (parseSimpleArray _text) call ocap_recorder_admin;
}];
