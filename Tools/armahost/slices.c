// The calls in slices (--slices): latency and memory of each, and which found the log's ready space.
#include "session.h"

#include "os.h"

#include <stdlib.h>
#include <string.h>

static uint64_t thread_faults(void) {
    uint64_t minor, major;
    os_thread_faults(&minor, &major);
    return minor + major;
}

void slices_begin(session *s) {
    memset(&s->slice, 0, sizeof s->slice);
    s->slice_faults = thread_faults();
}

// Calls are within ready space as long as their pages are there before them. Beyond it the game thread
// meets a page fault every few dozen calls, or calls are refused. (This program's own faults are a handful a
// slice, but for the first one.)
static void sort_slice(session *s) {
    uint64_t faults = thread_faults() - s->slice_faults;
    if (s->slice_count > 0 && faults > 8 + s->slice.count / 1000) s->left_ready_space = true;
    if (s->acked[2] > 0) s->left_ready_space = true;
    histogram_merge(s->left_ready_space ? &s->beyond : &s->within, &s->slice);
}

void slices_add(session *s, uint64_t nanoseconds) {
    histogram_add(&s->slice, nanoseconds);
    if (s->slice.count < s->options->slice) return;
    sort_slice(s);
    if (s->slice_count == s->slice_size) {
        s->slice_size = s->slice_size == 0 ? 256 : s->slice_size * 2;
        s->slices = realloc(s->slices, s->slice_size * sizeof *s->slices);
        if (s->slices == NULL) abort();
    }
    s->slices[s->slice_count++] = (slice_note){
        .last_call = s->acked[0],
        .p50 = histogram_percentile(&s->slice, 0.5),
        .p99 = histogram_percentile(&s->slice, 0.99),
        .p999 = histogram_percentile(&s->slice, 0.999),
        .max = s->slice.max,
        .resident = os_resident(),
        .milliseconds = (double)(os_now() - s->started_at) / 1e6,
    };
    slices_begin(s);
}
