// The addon's own sequence, as a small mission of a minute: what it calls, which reply it needs, and
// which callback it waits for before the next step.
#include "session.h"

#include "os.h"

#include <inttypes.h>
#include <string.h>

enum { UNITS = 8, FRAMES = 60 };

static const char world[] =
    "\"{\"\"author\"\": \"\"Bohemia Interactive\"\", \"\"workshopID\"\": \"\"\"\", \"\"displayName\"\": "
    "\"\"Stratis\"\", \"\"worldName\"\": \"\"stratis\"\", \"\"worldNameOriginal\"\": \"\"Stratis\"\", "
    "\"\"worldSize\"\": 8192, \"\"latitude\"\": 36.097, \"\"longitude\"\": 40.8}\"";
static const char mission[] =
    "\"{\"\"missionName\"\": \"\"co08_addon_check\"\", \"\"briefingName\"\": \"\"Addon check\"\", "
    "\"\"missionNameSource\"\": \"\"co08_addon_check\"\", \"\"onLoadName\"\": \"\"\"\", \"\"author\"\": "
    "\"\"Mira\"\", \"\"serverName\"\": \"\"Server\"\", \"\"serverProfile\"\": \"\"srv1\"\", "
    "\"\"missionStart\"\": null, \"\"worldName\"\": \"\"stratis\"\", \"\"tag\"\": \"\"COOP\"\", "
    "\"\"captureDelay\"\": 1, \"\"addons\"\": [[\"\"CBA_A3\"\", \"\"450814997\"\"]], "
    "\"\"playableSlots\"\": [0, 8, 0, 0, 1], \"\"sideFriendly\"\": [false, false, true]}\"";

// What the addon can use: ["ok"], ["ok", something].
static bool is_ok(const char *reply) {
    return strcmp(reply, "[\"ok\"]") == 0 || strncmp(reply, "[\"ok\", ", 7) == 0;
}

static bool step(session *s, const char *function, uint32_t count, const char **arguments) {
    const char *reply = session_call(s, true, function, arguments, count);
    if (is_ok(reply)) return true;
    fprintf(stderr, "armahost: %s was answered %s\n", function, reply);
    return false;
}

// The reply to the version must hold three strings: the addon takes elements 0, 1 and 2.
static bool ask_version(session *s) {
    const char *reply = session_call(s, true, ":SYS:VERSION:", NULL, 0);
    int quotes = 0;
    for (const char *at = reply; *at != 0; at++) quotes += *at == '"';
    if (is_ok(reply) && quotes == 8) return true;
    fprintf(stderr, "armahost: :SYS:VERSION: was answered %s; the addon needs three strings\n", reply);
    return false;
}

static bool await(session *s, const char *callback, int *code) {
    if (session_wait(s, callback, 30)) return true;
    fprintf(stderr, "armahost: no callback %s within 30 s\n", callback);
    *code = EXIT_NO_CALLBACK;
    return false;
}

static bool create_units(session *s) {
    for (uint32_t id = 0; id < UNITS; id++) {
        char text[16], name[32];
        snprintf(text, sizeof text, "%u", id);
        snprintf(name, sizeof name, "\"Unit %u\"", id);
        const char *arguments[] = {"1", text, name, "\"Alpha 1-1\"", "\"WEST\"", id == 0 ? "1" : "0",
                                   "\"Team Leader@Alpha\"", "\"B_Soldier_TL_F\"", "\"Team Leader\"",
                                   id == 0 ? "\"76561198000000001\"" : "\"\"", "\"[]\""};
        if (!step(s, ":SOLDIER:CREATE:", 11, arguments)) return false;
    }
    return true;
}

static bool capture(session *s, uint32_t number) {
    char frame[16];
    snprintf(frame, sizeof frame, "%u", number);
    for (uint32_t id = 0; id < UNITS; id++) {
        char text[16], name[32], position[64], bearing[16];
        snprintf(text, sizeof text, "%u", id);
        snprintf(name, sizeof name, "\"Unit %u\"", id);
        snprintf(position, sizeof position, "[%u.5,%u,%u.25]", 2000 + number, 3000 + id * 4, 12 + id);
        snprintf(bearing, sizeof bearing, "%u", (number * 6 + id * 45) % 360);
        const char *arguments[] = {text, position, bearing, "1", "0", name, id == 0 ? "1" : "0", "\"Man\"",
                                   frame, "true", "false", id == 0 ? "\"0,0,0,0,0,0\"" : "\"\"", "\"\"",
                                   "-1", "\"STAND\"", "\"Alpha 1-1\"", "\"WEST\""};
        if (!step(s, ":SOLDIER:STATE:", 17, arguments)) return false;
    }
    return true;
}

static bool time_state(session *s, const char *frame) {
    const char *arguments[] = {frame, "\"2026-03-08T19:20:05.123\"", "\"2035-06-24T03:15:00\"", "1", "22.517"};
    return step(s, ":TIME:STATE:", 5, arguments);
}

static bool general(session *s, const char *frame, const char *text) {
    const char *arguments[] = {frame, "\"generalEvent\"", text, "\"{}\""};
    return step(s, ":EVENT:GENERAL:", 4, arguments);
}

static bool record(session *s) {
    const char *started[] = {"\"OCAP_recorder_recording started, time:\"", "0.25"};
    if (!step(s, ":SYS:LOG:", 2, started) || !time_state(s, "0")) return false;
    if (!general(s, "0", "\"Recording started.\"") || !create_units(s)) return false;
    for (uint32_t frame = 2; frame <= FRAMES; frame++) {
        session_frame(s);
        if (!capture(s, frame)) return false;
    }
    char last[16];
    snprintf(last, sizeof last, "%u", FRAMES);
    const char *ended[] = {last, "\"WEST\"", "\"Mission ended\""};
    return general(s, last, "\"Recording paused.\"") && time_state(s, last) &&
           step(s, ":EVENT:ENDMISSION:", 3, ended) && step(s, ":MISSION:SAVE:", 0, NULL);
}

int addon_run(session *s) {
    const char *hello[] = {"\"Initialized addon\""}, *version[] = {"\"2.1.0\""};
    const char *start[] = {world, mission};
    int code = EXIT_REPLY;
    if (!ask_version(s) || !step(s, ":SYS:LOG:", 1, hello) || !step(s, ":SYS:INIT:", 0, NULL)) return code;
    if (!await(s, ":SYS:READY:", &code) || !await(s, ":SYS:VERSION:", &code)) return code;
    if (!step(s, ":SYS:ADDON_VERSION:", 1, version) || !step(s, ":SYS:DIR:ARMA:", 0, NULL) ||
        !step(s, ":SYS:DIR:MODULE:", 0, NULL) || !step(s, ":SYS:DIR:LOG:", 0, NULL) ||
        !step(s, ":STORAGE:INIT:", 0, NULL))
        return code;
    if (!await(s, ":STORAGE:OK:", &code)) return code;
    if (!step(s, ":MISSION:START:", 2, start)) return code;
    if (!await(s, ":MISSION:OK:", &code)) return code;
    if (!record(s)) return code;
    if (s->options->exit_after_save) return EXIT_FINE;
    if (!session_wait(s, ":MISSION:SAVED:", s->options->saved_seconds)) {
        fprintf(stderr, "armahost: no callback :MISSION:SAVED: within %g s\n", s->options->saved_seconds);
        return EXIT_NO_CALLBACK;
    }
    return EXIT_FINE;
}
