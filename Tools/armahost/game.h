// The engine's side of the extension interface: loads the plug-in, calls it as the game would and
// holds the buffer of callbacks. One game thread; callbacks may come from any thread.
#ifndef ARMAHOST_GAME_H
#define ARMAHOST_GAME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { GAME_CALLBACK_SLOTS = 100, GAME_MOST_ARGUMENTS = 2048 };

typedef struct {
    const char *path;            // of the plug-in
    uint32_t out_size;           // size of the reply buffer, its NUL included
    uint32_t callback_slots;     // places in the callback buffer
    bool quiet;                  // print no callbacks
} game_settings;

// What the plug-in did that its interface forbids; each is counted and the first few are printed.
typedef struct {
    uint64_t overruns;       // wrote behind the end of the reply buffer
    uint64_t unterminated;   // left no NUL within it
    uint64_t not_utf8;       // a reply or callback that is not UTF-8
    uint64_t return_codes;   // RVExtensionArgs returned something else than 0
    uint64_t null_texts;     // a callback with a NULL pointer
} game_faults;

typedef struct {
    char *name, *function, *data;
    uint64_t at;  // os_now() when it was taken out of the buffer
} game_callback;

// Loads the plug-in: version, then the callback function. False with a message on standard error.
bool game_load(const game_settings *settings);
// The text that RVExtensionVersion gave, and the nanoseconds from dlopen to the first call ready.
const char *game_version(void);
uint64_t game_load_time(void);
// os_now() when the loading began.
uint64_t game_loaded_at(void);
uint64_t game_flags(void);

// Who makes the calls from now on, one value: KEY=VALUE with steamId, file, mission, server or owner (0: the
// server's own script, 2: remotely executed by the server, others: by that client), or given=N: only the
// first N values (4 as before 2.18; 0: no context). False for anything else.
bool game_set_caller(const char *setting);
// Before a call: reads the flags, gives the context unless they forbid it, soils the reply buffer.
void game_prepare(void);
// The calls themselves (timed by who calls these), and the check of the reply behind them.
int32_t game_call_text(const char *function);
int32_t game_call_arguments(const char *function, const char **arguments, uint32_t count);
const char *game_finish(int32_t code);
// Whether the reply that was just given begins so.
bool game_reply_begins(const char *start);

// A server frame: empties the callback buffer.
void game_frame(void);
// Uses up one callback of that function; false when none is there.
bool game_take(const char *function);
// All callbacks so far, in the order of arrival.
const game_callback *game_callbacks(uint64_t *count);
// How often the buffer was full when a callback came.
uint64_t game_refused(void);
uint64_t game_contexts(void);
const game_faults *game_fault_counts(void);
// Calls with NULL pointers and empty buffers, which no engine makes but a replacement must survive.
void game_probe_nil(void);

#endif
