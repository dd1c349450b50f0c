// One run: makes the calls, measures them, keeps the pace, ends as asked.
#ifndef ARMAHOST_SESSION_H
#define ARMAHOST_SESSION_H

#include "histogram.h"
#include "options.h"

typedef struct {
    char label[64];
    uint64_t bytes;
    double milliseconds;
} memory_note;

typedef struct {
    uint64_t last_call, p50, p99, p999, max, resident;
    double milliseconds;
} slice_note;

typedef struct {
    const options *options;
    // Words that live in the file of --acked when there is one: calls returned, calls begun, and how many
    // of those that returned said that they were not recorded.
    uint64_t *acked;
    uint64_t own_acked[3];
    histogram latency;
    // What the calls of a frame took together, of frames with calls.
    histogram frame_calls;
    uint64_t frame_nanoseconds;
    uint64_t argument_bytes, frames, late_frames, saves, saved;
    uint64_t too_many_arguments;
    uint64_t minor_faults, major_faults, syscall_calls, allocations;
    long syscall_number;
    uint64_t save_latency;        // of the last save's call
    uint64_t save_answered_at;    // os_now() then
    double save_milliseconds;     // from that to its :MISSION:SAVED:, below 0 when none came
    uint64_t started_at, ended_at, next_frame_at, burst_left;
    bool stopped;
    const char *failure;          // why a counterpart could not take a call; NULL when each was taken
    // The slice of --slices that is being filled, those that are full, and the calls of those: until one
    // left the ready space, and from it on.
    histogram slice, within, beyond;
    bool left_ready_space;
    uint64_t slice_faults;        // of the game thread, when the slice began
    slice_note *slices;
    uint64_t slice_count, slice_size;
    memory_note notes[64];
    uint32_t note_count;
} session;

bool session_start(session *s, const options *o);
// Makes one call and gives its reply. Array form when `is_array`.
const char *session_call(session *s, bool is_array, const char *function, const char **arguments,
                         uint32_t count);
// Plays the stream, as often as asked. An exit code.
int session_play(session *s);
// Waits for a callback; false when it does not come in time.
bool session_wait(session *s, const char *function, double seconds);
void session_frame(session *s);
// Waits for the saves when asked to, and takes the time. An exit code.
int session_finish(session *s);

// Begins the next slice (--slices), and adds a call to the one that is being filled.
void slices_begin(session *s);
void slices_add(session *s, uint64_t nanoseconds);

// The addon's own sequence without a stream. An exit code.
int addon_run(session *s);

void report_text(const session *s, FILE *out);
// False with a message when the file can't be written.
bool report_json(const session *s, const char *path);

#endif
