// Other clocks for the plug-in (LD_PRELOAD): its own calls of clock_gettime see a wall clock and a
// monotonic clock that jump; the rest of the process sees the real ones. For tests only.
//
//     FAULT_CLOCK="AFTER WALL MONOTONIC"
//
// AFTER: milliseconds from the start of the process until the jump. WALL, MONOTONIC: seconds to add
// (+N, -N), or the clock's reading at the jump (=N).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct jump { int is_absolute; long long seconds; } wall, monotonic;
static long long after_ms, start_ms;
static int is_set;

static long long milliseconds(void) {
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct jump read_jump(const char *text) {
    struct jump jump = {text[0] == '=', atoll(text[0] == '=' ? text + 1 : text)};
    return jump;
}

__attribute__((constructor)) static void begin(void) {
    const char *wish = getenv("FAULT_CLOCK");
    char first[32], second[32];
    start_ms = milliseconds();
    if (wish && sscanf(wish, "%lld %31s %31s", &after_ms, first, second) == 3) {
        wall = read_jump(first);
        monotonic = read_jump(second);
        is_set = 1;
    }
}

static int is_plugin(void *caller) {
    Dl_info facts;
    return dladdr(caller, &facts) && facts.dli_fname && strstr(facts.dli_fname, "ocap_recorder");
}

int clock_gettime(clockid_t clock, struct timespec *out) {
    int result = (int)syscall(SYS_clock_gettime, clock, out);
    if (result != 0 || !is_set || !is_plugin(__builtin_return_address(0))) return result;
    long long passed = milliseconds() - start_ms - after_ms;
    if (passed < 0) return 0;
    const struct jump *jump = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? &wall
        : clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE || clock == CLOCK_BOOTTIME
        ? &monotonic : NULL;
    if (!jump) return 0;
    if (jump->is_absolute) out->tv_sec = jump->seconds + passed / 1000;
    else out->tv_sec += jump->seconds;
    return 0;
}
