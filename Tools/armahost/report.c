// What a run measured, for people and as JSON.
#include "session.h"

#include "counterparts.h"
#include "os.h"

#include <inttypes.h>
#include <string.h>

static double seconds_of(const session *s) { return (double)(s->ended_at - s->started_at) / 1e9; }

void report_text(const session *s, FILE *out) {
    const options *o = s->options;
    fprintf(out, "%" PRIu64 " calls in %.2f s, %.1f MB of arguments, %" PRIu64 " frames", s->acked[0],
            seconds_of(s), (double)s->argument_bytes / 1e6, s->frames);
    if (s->late_frames > 0) fprintf(out, " (%" PRIu64 " late)", s->late_frames);
    fputc('\n', out);
    histogram_write_text(&s->latency, "a call", out);
    if (o->count_faults)
        fprintf(out, "page faults inside the calls: %" PRIu64 " minor, %" PRIu64 " major\n", s->minor_faults,
                s->major_faults);
    if (o->count_allocations)
        fprintf(out, "heap requests inside the calls: %" PRIu64 "\n", s->allocations);
    if (o->count_syscalls) {
        fprintf(out, "calls with a system call of the game thread: %" PRIu64, s->syscall_calls);
        if (s->syscall_calls > 0) fprintf(out, " (last: number %ld)", s->syscall_number);
        fputc('\n', out);
    }
    if (s->acked[2] > 0) fprintf(out, "calls that were not recorded: %" PRIu64 "\n", s->acked[2]);
    if (s->saves > 0 && s->save_milliseconds >= 0)
        fprintf(out, "save: the call took %.1f us; :MISSION:SAVED: came %.0f ms later\n",
                (double)s->save_latency / 1e3, s->save_milliseconds);
}

static void write_text(const char *text, FILE *out) {
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
        if (*at == '"' || *at == '\\') fprintf(out, "\\%c", *at);
        else if (*at < 0x20) fprintf(out, "\\u%04x", *at);
        else fputc(*at, out);
    }
    fputc('"', out);
}

static void write_plugin(const session *s, FILE *out) {
    const game_faults *f = game_fault_counts();
    uint64_t count;
    const game_callback *items = game_callbacks(&count);
    // A smaller reply buffer holds no reply that says it.
    if (s->options->game.out_size >= 32) fprintf(out, ",\"notRecorded\":%" PRIu64, s->acked[2]);
    fputs(",\"version\":", out);
    write_text(game_version(), out);
    fprintf(out, ",\"loadNanoseconds\":%" PRIu64 ",\"flags\":%" PRIu64 ",\"contexts\":%" PRIu64,
            game_load_time(), game_flags(), game_contexts());
    fprintf(out,
            ",\"broken\":{\"overruns\":%" PRIu64 ",\"unterminated\":%" PRIu64 ",\"notUTF8\":%" PRIu64
            ",\"returnCodes\":%" PRIu64 ",\"nullTexts\":%" PRIu64 "}",
            f->overruns, f->unterminated, f->not_utf8, f->return_codes, f->null_texts);
    fprintf(out, ",\"saves\":%" PRIu64 ",\"saved\":%" PRIu64 ",\"saveCallNanoseconds\":%" PRIu64, s->saves,
            s->saved, s->save_latency);
    fprintf(out, ",\"savedAfterMilliseconds\":%.3f", s->save_milliseconds);
    fprintf(out, ",\"callbacksRefused\":%" PRIu64 ",\"callbacks\":[", game_refused());
    for (uint64_t i = 0; i < count; i++) {
        fprintf(out, "%s{\"milliseconds\":%.3f,\"function\":", i ? "," : "",
                (double)(items[i].at - game_loaded_at()) / 1e6);
        write_text(items[i].function, out);
        fputs(",\"data\":", out);
        write_text(items[i].data, out);
        fputc('}', out);
    }
    fputc(']', out);
}

bool report_json(const session *s, const char *path) {
    FILE *out = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (out == NULL) {
        fprintf(stderr, "armahost: cannot write %s\n", path);
        return false;
    }
    const options *o = s->options;
    static const char *const targets[] = {"plugin", "memory", "write"};
    fprintf(out, "{\"target\":\"%s\",\"calls\":%" PRIu64 ",\"seconds\":%.6f", targets[o->target], s->acked[0],
            seconds_of(s));
    fprintf(out, ",\"argumentBytes\":%" PRIu64 ",\"frames\":%" PRIu64 ",\"lateFrames\":%" PRIu64,
            s->argument_bytes, s->frames, s->late_frames);
    if (o->count_faults)
        fprintf(out, ",\"minorFaults\":%" PRIu64 ",\"majorFaults\":%" PRIu64, s->minor_faults,
                s->major_faults);
    if (o->count_allocations) fprintf(out, ",\"heapRequests\":%" PRIu64, s->allocations);
    if (o->count_syscalls) fprintf(out, ",\"callsWithSystemCall\":%" PRIu64, s->syscall_calls);
    // In this order: the thread's time is never above the process's.
    uint64_t own = os_thread_cpu(), all = os_process_cpu();
    fprintf(out, ",\"gameThreadCPU\":%.6f,\"otherThreadsCPU\":%.6f", (double)own / 1e9,
            (double)(all - own) / 1e9);
    fprintf(out, ",\"peakResidentBytes\":%" PRIu64, os_peak_resident());
    if (o->target != TARGET_PLUGIN)
        fprintf(out, ",\"recordBytes\":%" PRIu64 ",\"ownBytes\":%" PRIu64, counterparts_record_bytes(),
                counterparts_own_bytes());
    fputs(",\"nanoseconds\":", out);
    histogram_write_json(&s->latency, out);
    if (o->slice > 0 && o->target == TARGET_PLUGIN && os_counts_thread_faults()) {
        fputs(",\"withinReadySpace\":", out);
        histogram_write_json(&s->within, out);
        fputs(",\"beyondReadySpace\":", out);
        histogram_write_json(&s->beyond, out);
    }
    fputs(",\"frameNanoseconds\":", out);
    histogram_write_json(&s->frame_calls, out);
    if (o->slice > 0) {
        fputs(",\"slices\":[", out);
        for (uint64_t i = 0; i < s->slice_count; i++) {
            const slice_note *n = &s->slices[i];
            fprintf(out,
                    "%s{\"lastCall\":%" PRIu64 ",\"milliseconds\":%.3f,\"p50\":%" PRIu64 ",\"p99\":%" PRIu64
                    ",\"p99.9\":%" PRIu64 ",\"max\":%" PRIu64 ",\"residentBytes\":%" PRIu64 "}",
                    i ? "," : "", n->last_call, n->milliseconds, n->p50, n->p99, n->p999, n->max, n->resident);
        }
        fputc(']', out);
    }
    fputs(",\"memory\":[", out);
    for (uint32_t i = 0; i < s->note_count; i++) {
        fprintf(out, "%s{\"label\":", i ? "," : "");
        write_text(s->notes[i].label, out);
        fprintf(out, ",\"bytes\":%" PRIu64 ",\"milliseconds\":%.3f}", s->notes[i].bytes,
                s->notes[i].milliseconds);
    }
    fputc(']', out);
    if (o->target == TARGET_PLUGIN) write_plugin(s, out);
    fputs("}\n", out);
    bool fine = !ferror(out);
    if (out != stdout) fine = fclose(out) == 0 && fine;
    if (!fine) fprintf(stderr, "armahost: could not write all of %s\n", path);
    return fine;
}
