// See options.h.
#include "options.h"

#include <string.h>

static const char help[] =
    "armahost: a stand-in for the game. Loads an extension as Arma 3 does and plays a stream of calls.\n"
    "\n"
    "  armahost PLUGIN STREAM [options]     play a stream (a file, a .gz file, or - for standard input)\n"
    "  armahost PLUGIN --addon [options]    run the addon's own sequence, without a stream\n"
    "\n"
    "Pace\n"
    "  --fast               as fast as possible: frames and pauses take no time (the default)\n"
    "  --fps N              N frames a second; each @frame waits for its time, @sleep is obeyed\n"
    "  --calls-per-frame N  begin a frame after each N calls, instead of at @frame\n"
    "  --burst N --every M  N calls in one frame, then M frames until the next burst (needs --fps)\n"
    "  --copies N           play the stream N times (0: for ever)\n"
    "  --calls N            stop after N calls\n"
    "  --seconds S          stop after S seconds\n"
    "\n"
    "Ending\n"
    "  --wait-saved [S]     at the end wait for a :MISSION:SAVED: for each save, at most S seconds (60)\n"
    "  --exit-after-save    leave as soon as the first :MISSION:SAVE: is answered\n"
    "  --kill-after N       SIGKILL itself once call N has returned\n"
    "  --kill-random SEED   be killed from outside, at a moment that SEED chooses,\n"
    "  --kill-within MS     at most MS milliseconds after the first call (1000)\n"
    "  --acked FILE         keep three 64-bit numbers in FILE: calls returned, calls begun, calls that\n"
    "                       returned and said that they were not recorded; they survive\n"
    "                       the kill (od -An -t u8 FILE)\n"
    "\n"
    "The game\n"
    "  --out-size N         size of the reply buffer (20480)\n"
    "  --callback-slots N   places in the callback buffer, at most 100 (100)\n"
    "  --caller KEY=VALUE   who makes the calls, for a plug-in that asks: steamId, file, mission, server,\n"
    "                       owner (0, the server), given (5, how many of these values); several times\n"
    "  --probe-nil          first make calls with NULL pointers and empty buffers\n"
    "\n"
    "Figures\n"
    "  --json FILE          latency of the calls and all else as JSON (- for standard output)\n"
    "  --count-faults       count the page faults inside the calls (Linux)\n"
    "  --count-syscalls     count the calls in which the game thread made a system call (Linux 5.11)\n"
    "  --count-allocations  count what the calls ask of the heap (Linux)\n"
    "  --slices N           in the JSON, also the latency and the memory of each N calls on their own,\n"
    "                       and of the calls within the log's ready space and beyond it (Linux)\n"
    "  --target memory      instead of the plug-in (give - for PLUGIN): strlen, memcpy and CRC32C of the\n"
    "                       log's record into warm memory and one clock read, the floor of a call's cost\n"
    "  --target write:FILE  instead of the plug-in: write(2) the same bytes, laid out before, to FILE\n"
    "  --echo               print each call and its reply\n"
    "  --quiet              print no callbacks and no summary\n"
    "\n"
    "An interrupt (Ctrl-C) ends the run at the next frame, with its figures.\n"
    "Exit codes: 0 played; 2 wrong usage; 3 the plug-in could not be loaded; 4 the stream is damaged\n"
    "(the line is named); 5 a callback did not come in time; 6 the plug-in broke the interface; 7 a\n"
    "reply that the addon could not use; 8 a counterpart could not take a call; 137 killed on request.\n"
    "\n"
    "Examples\n"
    "  armahost build/ocap_recorder_x64.so mission.tsv.gz --wait-saved\n"
    "  armahost build/ocap_recorder_x64.so mission.tsv --kill-after 50000 --acked acked\n"
    "  armahost build/ocap_recorder_x64.so mission.tsv --fps 50 --burst 240 --every 50 --seconds 90\n"
    "  armahost - mission.tsv --target memory --json floor.json\n";

static int usage(const char *message, const char *about) {
    fprintf(stderr, "armahost: %s%s%s (armahost --help shows the options)\n", message,
            about[0] != 0 ? ": " : "", about);
    return EXIT_USAGE;
}

static bool whole_number(const char *text, uint64_t *out) {
    uint64_t value = 0;
    if (text == NULL || *text == 0) return false;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9' || value > (UINT64_MAX - 9) / 10) return false;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    *out = value;
    return true;
}

static int check(const options *o) {
    if (o->game.path == NULL) return usage("which plug-in?", "");
    if (o->stream_path == NULL && !o->addon) return usage("which stream? (or --addon)", "");
    if (o->stream_path != NULL && o->addon) return usage("--addon plays no stream", o->stream_path);
    if (o->addon && o->target != TARGET_PLUGIN) return usage("--addon needs the plug-in", "");
    if (o->game.callback_slots > GAME_CALLBACK_SLOTS) return usage("at most 100 callback slots", "");
    if (o->every > 0 && o->burst == 0) return usage("--every needs --burst", "");
    if (o->frames_per_second == 0 && !o->fast) return usage("--fps needs a number above 0", "");
    return EXIT_FINE;
}

int options_read(options *o, int count, char **arguments) {
    memset(o, 0, sizeof *o);
    o->game.out_size = 20480;
    o->game.callback_slots = GAME_CALLBACK_SLOTS;
    o->fast = true;
    o->copies = 1;
    o->kill_within_ms = 1000;
    o->saved_seconds = 60;
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i];
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;
        uint64_t number = 0;
        bool has_number = whole_number(value, &number);
        const struct { const char *name; bool *flag; } flags[] = {
            {"--fast", &o->fast}, {"--echo", &o->echo}, {"--quiet", &o->game.quiet},
            {"--addon", &o->addon}, {"--probe-nil", &o->probe_nil},
            {"--exit-after-save", &o->exit_after_save}, {"--count-faults", &o->count_faults},
            {"--count-syscalls", &o->count_syscalls}, {"--count-allocations", &o->count_allocations}, {"--wait-saved", &o->wait_saved}};
        const struct { const char *name; const char **text; } texts[] = {
            {"--json", &o->json_path}, {"--acked", &o->acked_path}};
        uint64_t fps = 0, burst = 0, every = 0, out_size = UINT64_MAX, slots = UINT64_MAX;
        uint64_t seconds = UINT64_MAX;
        const struct { const char *name; uint64_t *number; } numbers[] = {
            {"--fps", &fps}, {"--calls-per-frame", &burst}, {"--burst", &burst}, {"--every", &every},
            {"--copies", &o->copies}, {"--calls", &o->most_calls}, {"--slices", &o->slice}, {"--seconds", &seconds},
            {"--kill-after", &o->kill_after}, {"--kill-random", &o->kill_seed},
            {"--kill-within", &o->kill_within_ms}, {"--out-size", &out_size},
            {"--callback-slots", &slots}};
        bool known = false;
        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
            fputs(help, stdout);
            return -1;
        }
        for (size_t k = 0; k < sizeof flags / sizeof flags[0] && !known; k++) {
            if (strcmp(name, flags[k].name) != 0) continue;
            *flags[k].flag = known = true;
            if (flags[k].flag == &o->wait_saved && has_number) {
                o->saved_seconds = (double)number;
                i++;
            }
        }
        for (size_t k = 0; k < sizeof texts / sizeof texts[0] && !known; k++) {
            if (strcmp(name, texts[k].name) != 0) continue;
            if (value == NULL) return usage("a file is missing behind", name);
            *texts[k].text = value;
            known = true;
            i++;
        }
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0] && !known; k++) {
            if (strcmp(name, numbers[k].name) != 0) continue;
            if (!has_number) return usage("a whole number is missing behind", name);
            *numbers[k].number = number;
            known = true;
            i++;
        }
        if (fps > 0) o->frames_per_second = fps > 100000 ? 100000 : (uint32_t)fps;
        if (strcmp(name, "--fps") == 0) o->fast = false;
        if (burst > 0) o->burst = burst > UINT32_MAX ? UINT32_MAX : (uint32_t)burst;
        if (every > 0) o->every = every > UINT32_MAX ? UINT32_MAX : (uint32_t)every;
        if (out_size != UINT64_MAX) {
            if (out_size > (1u << 30)) return usage("a reply buffer of at most 1 GiB", "--out-size");
            o->game.out_size = (uint32_t)out_size;
        }
        if (slots != UINT64_MAX)
            o->game.callback_slots = slots > UINT32_MAX ? UINT32_MAX : (uint32_t)slots;
        if (seconds != UINT64_MAX) o->most_seconds = (double)seconds;
        if (strcmp(name, "--kill-random") == 0) o->random_kill = true;
        if (known) continue;
        if (strcmp(name, "--caller") == 0) {
            if (value == NULL || !game_set_caller(value))
                return usage("--caller takes KEY=VALUE with steamId, file, mission, server, owner, given", "");
            i++;
            continue;
        }
        if (strcmp(name, "--target") == 0) {
            if (value != NULL && strcmp(value, "memory") == 0) {
                o->target = TARGET_MEMORY;
            } else if (value != NULL && strncmp(value, "write:", 6) == 0 && value[6] != 0) {
                o->target = TARGET_WRITE;
                o->write_path = value + 6;
            } else {
                return usage("--target takes memory or write:FILE", "");
            }
            i++;
            continue;
        }
        if (name[0] == '-' && name[1] != 0) return usage("unknown option", name);
        if (o->game.path == NULL) {
            o->game.path = name;
        } else if (o->stream_path == NULL) {
            o->stream_path = name;
        } else {
            return usage("one plug-in and one stream; what is", name);
        }
    }
    return check(o);
}
