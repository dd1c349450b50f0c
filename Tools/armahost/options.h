// The command line of armahost.
#ifndef ARMAHOST_OPTIONS_H
#define ARMAHOST_OPTIONS_H

#include "game.h"

typedef enum { TARGET_PLUGIN, TARGET_MEMORY, TARGET_WRITE } target_kind;

// Exit codes.
enum {
    EXIT_FINE = 0,
    EXIT_USAGE = 2,
    EXIT_NOT_LOADED = 3,   // the plug-in could not be loaded, or has no entry point
    EXIT_BAD_STREAM = 4,   // a line of the stream is not valid, or the file can't be read
    EXIT_NO_CALLBACK = 5,  // a callback that was waited for did not come
    EXIT_BROKEN = 6,       // the plug-in broke the interface (buffer, UTF-8, return code)
    EXIT_REPLY = 7,        // the addon's own sequence got a reply that the addon could not use
    EXIT_COUNTERPART = 8   // a counterpart (--target) could not take a call
};

typedef struct {
    game_settings game;
    const char *stream_path, *json_path, *acked_path, *write_path;
    target_kind target;
    bool addon, fast, echo, probe_nil, exit_after_save, wait_saved, count_faults;
    bool count_syscalls, count_allocations;
    bool random_kill;
    uint32_t frames_per_second, burst, every;
    uint64_t kill_after, kill_seed, kill_within_ms, most_calls, copies, slice;
    double most_seconds, saved_seconds;
} options;

// EXIT_FINE to go on; EXIT_USAGE after a message; -1 after --help.
int options_read(options *o, int count, char **arguments);

#endif
