// See session.h.
#include "session.h"

#include "counterparts.h"
#include "os.h"
#include "stream.h"

#include <inttypes.h>
#include <string.h>

static uint64_t frame_length(const session *s) {
    return s->options->fast ? 0 : 1000000000u / s->options->frames_per_second;
}

bool session_start(session *s, const options *o) {
    memset(s, 0, sizeof *s);
    s->options = o;
    s->acked = s->own_acked;
    s->burst_left = o->burst;
    s->save_milliseconds = -1;
    if (o->acked_path != NULL) {
        s->acked = os_map_new_file(o->acked_path, sizeof s->own_acked);
        if (s->acked == NULL) {
            fprintf(stderr, "armahost: cannot make the file %s for --acked\n", o->acked_path);
            return false;
        }
    }
    if (o->count_faults && !os_counts_thread_faults()) {
        fprintf(stderr, "armahost: this system does not tell the page faults of one thread (it takes Linux)\n");
        return false;
    }
    if (o->count_allocations && !os_counts_allocations()) {
        fprintf(stderr, "armahost: this system cannot count what a call asks of the heap (it takes Linux)\n");
        return false;
    }
    if (o->count_syscalls && !os_syscall_watch_start()) {
        fprintf(stderr, "armahost: this system cannot count system calls (it takes Linux 5.11)\n");
        return false;
    }
    os_note_interrupts();
    s->started_at = os_now();
    slices_begin(s);
    s->next_frame_at = s->started_at + frame_length(s);
    return true;
}

// A number in 1…most that the seed decides (SplitMix64).
static uint64_t chosen(uint64_t seed, uint64_t most) {
    uint64_t z = seed + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % most + 1;
}

static void before_first_call(session *s) {
    const options *o = s->options;
    if (!o->random_kill) return;
    uint64_t after = chosen(o->kill_seed, o->kill_within_ms * 1000000u + 1);
    fprintf(stderr, "armahost: seed %" PRIu64 ": killed %.3f ms after the first call\n", o->kill_seed,
            (double)after / 1e6);
    if (!os_kill_self_after(after)) fprintf(stderr, "armahost: no process for --kill-random\n");
}

static void echo_call(bool is_array, const char *function, const char **arguments, uint32_t count) {
    fputs(is_array ? "> " : "> !", stdout);
    stream_write_field(function, stdout);
    for (uint32_t i = 0; i < count; i++) {
        putchar('\t');
        stream_write_field(arguments[i], stdout);
    }
    putchar('\n');
}

static const char too_large[] = "has more than 512 KiB";

// What is done before a call and not measured.
static void prepare(session *s, const char **fields, uint32_t count) {
    switch (s->options->target) {
    case TARGET_PLUGIN: game_prepare(); break;
    case TARGET_MEMORY: break;
    case TARGET_WRITE:
        if (!write_prepare(fields, count)) s->failure = too_large;
        break;
    }
}

// The call itself between two clock reads, and nothing else. `fields` is what a record of it holds: the
// arguments, or the text of the string form.
static int32_t timed_call(session *s, bool is_array, const char *function, const char **fields,
                          uint32_t count, uint64_t *nanoseconds) {
    int32_t code = 0;
    bool fine = true;
    uint64_t start = os_now();
    switch (s->options->target) {
    case TARGET_PLUGIN:
        code = is_array ? game_call_arguments(function, fields, count) : game_call_text(function);
        break;
    case TARGET_MEMORY: fine = floor_call(fields, count); break;
    case TARGET_WRITE: fine = write_call(); break;
    }
    *nanoseconds = os_now() - start;
    if (!fine && s->failure == NULL)
        s->failure = s->options->target == TARGET_WRITE ? "could not be written to the file" : too_large;
    return code;
}

const char *session_call(session *s, bool is_array, const char *function, const char **arguments,
                         uint32_t count) {
    const options *o = s->options;
    bool is_save = strcmp(function, ":MISSION:SAVE:") == 0;
    if (s->acked[1] == 0) before_first_call(s);
    if (o->echo) echo_call(is_array, function, arguments, count);
    // What a record of the call holds.
    const char **fields = is_array ? arguments : &function;
    uint32_t field_count = is_array ? count : 1;
    prepare(s, fields, field_count);

    uint64_t minor = 0, major = 0, nanoseconds;
    __atomic_store_n(&s->acked[1], s->acked[1] + 1, __ATOMIC_RELEASE);
    if (o->count_faults) os_thread_faults(&minor, &major);
    if (o->count_allocations) os_allocations_arm();
    if (o->count_syscalls) os_syscall_watch_arm();
    int32_t code = timed_call(s, is_array, function, fields, field_count, &nanoseconds);
    if (o->count_syscalls && os_syscall_watch_disarm(&s->syscall_number)) s->syscall_calls++;
    if (o->count_allocations) s->allocations += os_allocations_disarm();
    if (o->count_faults) {
        uint64_t minor_after, major_after;
        os_thread_faults(&minor_after, &major_after);
        s->minor_faults += minor_after - minor;
        s->major_faults += major_after - major;
    }
    if (o->target == TARGET_PLUGIN && game_reply_begins("[\"error\", \"not recorded"))
        __atomic_store_n(&s->acked[2], s->acked[2] + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&s->acked[0], s->acked[0] + 1, __ATOMIC_RELEASE);
    if (o->kill_after != 0 && s->acked[0] == o->kill_after) os_kill_self();

    histogram_add(&s->latency, nanoseconds);
    s->frame_nanoseconds += nanoseconds;
    if (o->slice > 0) slices_add(s, nanoseconds);
    for (uint32_t i = 0; i < count; i++) s->argument_bytes += strlen(arguments[i]);
    // Only the addon's own commands must never return a code: for it that is a failure.
    const char *reply = o->target == TARGET_PLUGIN ? game_finish(function[0] == ':' ? code : 0) : "";
    if (o->echo && code != 0) printf("= %d\n", code);
    if (o->echo) printf("< %s\n", reply);
    if (is_save) {
        s->save_latency = nanoseconds;
        s->save_answered_at = os_now();
        // Only a save that was accepted is followed by a callback.
        if (strncmp(reply, "[\"ok\"", 5) == 0) s->saves++;
        if (o->exit_after_save) s->stopped = true;
    }
    if (s->failure != NULL) {
        fprintf(stderr, "armahost: call %" PRIu64 " %s\n", s->acked[0], s->failure);
        s->stopped = true;
    }
    if (o->most_calls != 0 && s->acked[0] >= o->most_calls) s->stopped = true;
    if (o->most_seconds > 0 && (s->acked[0] & 63) == 0 &&
        (double)(os_now() - s->started_at) / 1e9 >= o->most_seconds)
        s->stopped = true;
    return reply;
}

void session_frame(session *s) {
    s->frames++;
    if (s->frame_nanoseconds > 0) histogram_add(&s->frame_calls, s->frame_nanoseconds);
    s->frame_nanoseconds = 0;
    if (os_is_interrupted()) s->stopped = true;
    if (s->options->target == TARGET_PLUGIN) game_frame();
    uint64_t length = frame_length(s);
    if (length == 0) return;
    uint64_t now = os_now();
    if (now < s->next_frame_at) {
        os_sleep(s->next_frame_at - now);
    } else {
        s->late_frames++;
        // A slow frame is not made up for, as in the game.
        s->next_frame_at = now;
    }
    s->next_frame_at += length;
}

bool session_wait(session *s, const char *function, double seconds) {
    if (s->options->target != TARGET_PLUGIN) return true;
    uint64_t limit = os_now() + (uint64_t)(seconds * 1e9);
    for (;;) {
        session_frame(s);
        if (game_take(function) || s->stopped) return true;
        if (os_now() >= limit) return false;
        if (s->options->fast) os_sleep(1000000);
    }
}

// Frames by number of calls (--calls-per-frame, --burst) instead of by the stream's @frame.
static void after_call(session *s) {
    const options *o = s->options;
    if (o->burst == 0 || --s->burst_left > 0) return;
    s->burst_left = o->burst;
    for (uint32_t i = 0; i < (o->every > 0 ? o->every : 1) && !s->stopped; i++) {
        session_frame(s);
        if (o->most_seconds > 0 && (double)(os_now() - s->started_at) / 1e9 >= o->most_seconds)
            s->stopped = true;
    }
}

static void note_memory(session *s, const char *label) {
    uint64_t bytes = os_resident();
    if (!s->options->game.quiet) printf("memory %s: %.1f MiB\n", label, (double)bytes / 1048576);
    if (s->note_count == sizeof s->notes / sizeof s->notes[0]) return;
    memory_note *note = &s->notes[s->note_count++];
    snprintf(note->label, sizeof note->label, "%s", label);
    note->bytes = bytes;
    note->milliseconds = (double)(os_now() - s->started_at) / 1e6;
}

static int play_once(session *s) {
    const options *o = s->options;
    stream in;
    if (!stream_open(&in, o->stream_path)) {
        fprintf(stderr, "armahost: cannot read the stream %s: %s\n", o->stream_path, in.error);
        return EXIT_BAD_STREAM;
    }
    int result = EXIT_FINE;
    while (result == EXIT_FINE && !s->stopped) {
        line_kind kind = stream_next(&in);
        if (kind == LINE_END) break;
        switch (kind) {
        case LINE_CALL:
            if (in.count > GAME_MOST_ARGUMENTS) {
                s->too_many_arguments++;
                fprintf(stderr,
                        "armahost: %s line %" PRIu64 ": %u arguments; the game refuses more than 2048 "
                        "(error 201) without a call\n",
                        o->stream_path, in.number, in.count);
                break;
            }
            session_call(s, true, in.function, in.arguments, in.count);
            after_call(s);
            break;
        case LINE_TEXT:
            session_call(s, false, in.function, NULL, 0);
            after_call(s);
            break;
        case LINE_FRAME:
            if (o->burst == 0) session_frame(s);
            break;
        case LINE_WAIT:
            if (session_wait(s, in.name, in.seconds)) break;
            fprintf(stderr, "armahost: %s line %" PRIu64 ": no callback %s within %g s\n", o->stream_path,
                    in.number, in.name, in.seconds);
            result = EXIT_NO_CALLBACK;
            break;
        case LINE_SLEEP:
            if (!o->fast) os_sleep((uint64_t)(in.seconds * 1e9));
            break;
        case LINE_RSS: note_memory(s, in.name); break;
        case LINE_CALLER:
            if (game_set_caller(in.name)) break;
            fprintf(stderr, "armahost: %s line %" PRIu64 ": @caller KEY=VALUE: no such value: %s\n",
                    o->stream_path, in.number, in.name);
            result = EXIT_BAD_STREAM;
            break;
        case LINE_BROKEN:
        case LINE_END:
            fprintf(stderr, "armahost: %s line %" PRIu64 ": %s\n", o->stream_path, in.number, in.error);
            result = EXIT_BAD_STREAM;
            break;
        }
    }
    if (!stream_close(&in) && result == EXIT_FINE) {
        fprintf(stderr, "armahost: %s: %s\n", o->stream_path, in.error);
        result = EXIT_BAD_STREAM;
    }
    return result;
}

int session_play(session *s) {
    const options *o = s->options;
    for (uint64_t i = 0; (o->copies == 0 || i < o->copies) && !s->stopped; i++) {
        uint64_t before = s->acked[0];
        int result = play_once(s);
        if (result != EXIT_FINE) return result;
        if (s->acked[0] == before) break;  // a stream without calls, for ever
    }
    return EXIT_FINE;
}

// Looks through the callbacks from number `from` on for :MISSION:SAVED:.
static void count_saved(session *s, uint64_t *from) {
    uint64_t count;
    const game_callback *items = game_callbacks(&count);
    for (; *from < count; (*from)++) {
        if (strcmp(items[*from].function, ":MISSION:SAVED:") != 0) continue;
        s->saved++;
        if (items[*from].at >= s->save_answered_at)
            s->save_milliseconds = (double)(items[*from].at - s->save_answered_at) / 1e6;
    }
}

int session_finish(session *s) {
    const options *o = s->options;
    int result = EXIT_FINE;
    if (o->target == TARGET_PLUGIN && !o->exit_after_save) {
        uint64_t seen = 0, limit = os_now() + (uint64_t)(o->saved_seconds * 1e9);
        session_frame(s);
        count_saved(s, &seen);
        while (o->wait_saved && s->saved < s->saves && os_now() < limit) {
            os_sleep(1000000);
            session_frame(s);
            count_saved(s, &seen);
        }
        if (o->wait_saved && s->saved < s->saves) {
            fprintf(stderr, "armahost: %" PRIu64 " saves, but %" PRIu64 " :MISSION:SAVED: within %g s\n",
                    s->saves, s->saved, o->saved_seconds);
            result = EXIT_NO_CALLBACK;
        }
    }
    if (s->failure != NULL) result = EXIT_COUNTERPART;
    s->ended_at = os_now();
    return result;
}
