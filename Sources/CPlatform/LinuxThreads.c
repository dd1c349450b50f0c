// Threads, locks, bells and clocks on Linux. Locks and bells stand on futex(2) directly: no symbol
// that a newer libc renamed, and ringing costs no system call while nobody waits.
#ifdef __linux__
#define _GNU_SOURCE
#include "LinuxInternal.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

BB_OLD(pthread_create);
BB_OLD(pthread_join);
BB_OLD(pthread_attr_setstacksize);
BB_OLD(pthread_sigmask);

struct thread {
    pthread_t handle;
    void (*body)(void *);
    void *context;
    char name[16];
};

static void *enter(void *opaque) {
    struct thread *thread = opaque;
    // PR_SET_NAME: shows in top and gdb; 15 characters.
    (void)syscall(SYS_prctl, 15, thread->name, 0, 0, 0);
    thread->body(thread->context);
    return NULL;
}

void *bb_thread_start(void (*body)(void *), void *context, const char *name) {
    struct thread *thread = calloc(1, sizeof *thread);
    if (!thread) return NULL;
    thread->body = body;
    thread->context = context;
    strncpy(thread->name, name, sizeof thread->name - 1);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    // The game's signals stay with the game's threads. SIGBUS stays open: our handler serves it.
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread->handle, &attributes, enter, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        free(thread);
        return NULL;
    }
    return thread;
}

void bb_thread_join(void *opaque) {
    struct thread *thread = opaque;
    pthread_join(thread->handle, NULL);
    free(thread);
}

// The thread's own address: gettid would be a system call, and games before 2.18 say before each of their
// calls who makes it.
uint64_t bb_thread_id(void) { return (uint64_t)(uintptr_t)__builtin_thread_pointer(); }

void bb_thread_yield(void) { (void)syscall(SYS_sched_yield); }

void bb_thread_sleep_ns(uint64_t nanoseconds) {
    struct timespec left = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

void bb_lower_priority(uint32_t threads) {
    // Linux: nice values and I/O classes are a thread's own; 0 names the calling one.
    (void)syscall(SYS_setpriority, PRIO_PROCESS, 0, threads ? 5 : 10);
    // ioprio: best effort class (2), lowest level (7).
    (void)syscall(SYS_ioprio_set, 1, 0, (2 << 13) | 7);
}

void bb_spin_wait(uint32_t *lock) {
    for (uint32_t round = 0;; round++) {
        if (__atomic_load_n(lock, __ATOMIC_RELAXED) == 0 &&
            __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) == 0)
            return;
        if (round < 100) __builtin_ia32_pause();
        else (void)syscall(SYS_sched_yield);
    }
}

static void futex_wait(uint32_t *word, uint32_t seen, const struct timespec *limit) {
    (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, limit, NULL, 0);
}

static void futex_wake(uint32_t *word, int count) {
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

// 0 free, 1 held, 2 held and somebody waits.
void *bb_mutex_make(void) { return calloc(1, sizeof(uint32_t)); }

void bb_mutex_lock(void *mutex) {
    uint32_t *word = mutex;
    uint32_t expected = 0;
    if (__atomic_compare_exchange_n(word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) futex_wait(word, 2, NULL);
}

void bb_mutex_unlock(void *mutex) {
    uint32_t *word = mutex;
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2) futex_wake(word, 1);
}

void bb_mutex_free(void *mutex) { free(mutex); }

struct bell {
    uint32_t rung;
    uint32_t waiting;
};

void *bb_bell_make(void) { return calloc(1, sizeof(struct bell)); }

void bb_bell_ring(void *opaque) {
    struct bell *bell = opaque;
    __atomic_store_n(&bell->rung, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell->waiting, __ATOMIC_SEQ_CST)) futex_wake(&bell->rung, 1);
}

int32_t bb_bell_wait(void *opaque, uint64_t nanoseconds) {
    struct bell *bell = opaque;
    __atomic_store_n(&bell->waiting, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell->rung, __ATOMIC_SEQ_CST) == 0) {
        struct timespec limit = {
            (time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
        futex_wait(&bell->rung, 0, &limit);
    }
    __atomic_store_n(&bell->waiting, 0, __ATOMIC_SEQ_CST);
    return __atomic_exchange_n(&bell->rung, 0, __ATOMIC_SEQ_CST) ? 1 : 0;
}

void bb_bell_free(void *bell) { free(bell); }

static uint64_t read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t bb_clock_coarse(void) { return read_clock(CLOCK_MONOTONIC_COARSE); }
uint64_t bb_clock_exact(void) { return read_clock(CLOCK_MONOTONIC); }
int64_t bb_clock_wall(void) { return (int64_t)read_clock(CLOCK_REALTIME); }

int32_t bb_clock_utc_offset(int64_t utc_seconds) {
    time_t moment = (time_t)utc_seconds;
    struct tm local;
    if (!localtime_r(&moment, &local)) return 0;
    return (int32_t)local.tm_gmtoff;
}
#endif
