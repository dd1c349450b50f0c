// Threads, locks, bells and clocks on Windows.
#ifdef _WIN32
#include "WindowsInternal.h"

#include <stdlib.h>
#include <string.h>

struct thread {
    HANDLE handle;
    void (*body)(void *);
    void *context;
    wchar_t name[16];
};

static DWORD WINAPI enter(void *opaque) {
    struct thread *thread = opaque;
    typedef HRESULT(WINAPI * describe)(HANDLE, const wchar_t *);
    // Windows 10: shows in debuggers and in process explorers.
    describe call = (describe)(uintptr_t)bb_newer_function("SetThreadDescription");
    if (call) (void)call(GetCurrentThread(), thread->name);
    thread->body(thread->context);
    return 0;
}

void *bb_thread_start(void (*body)(void *), void *context, const char *name) {
    struct thread *thread = calloc(1, sizeof *thread);
    if (!thread) return NULL;
    // A library with threads of its own must not be unloaded from under them, and may not wait for them
    // while it is (the loader's lock is held then, and a thread's end wants it): it stays until the
    // process ends.
    HMODULE module;
    (void)GetModuleHandleExW(
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
        (const wchar_t *)(uintptr_t)enter, &module);
    thread->body = body;
    thread->context = context;
    for (int i = 0; i < 15 && name[i]; i++) thread->name[i] = (wchar_t)name[i];
    thread->handle = CreateThread(
        NULL, 256 * 1024, enter, thread, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (thread->handle) return thread;
    free(thread);
    return NULL;
}

void bb_thread_join(void *opaque) {
    struct thread *thread = opaque;
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
    free(thread);
}

uint64_t bb_thread_id(void) { return GetCurrentThreadId(); }

void bb_thread_yield(void) {
    // Another thread of this processor, else any.
    if (!SwitchToThread()) Sleep(0);
}

static DWORD milliseconds_of(uint64_t nanoseconds) {
    uint64_t rounded = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0);
    return rounded < INFINITE ? (DWORD)rounded : INFINITE - 1;
}

void bb_thread_sleep_ns(uint64_t nanoseconds) { Sleep(milliseconds_of(nanoseconds)); }

void bb_lower_priority(uint32_t threads) {
    // Not the background mode, which lowers the priority of the disk as well: it clamps the memory of a
    // process, and starves a thread on a busy disk.
    if (threads) (void)SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
    else (void)SetPriorityClass(GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS);
}

void bb_spin_wait(uint32_t *lock) {
    for (uint32_t round = 0;; round++) {
        if (__atomic_load_n(lock, __ATOMIC_RELAXED) == 0 &&
            __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) == 0)
            return;
        if (round < 100) __builtin_ia32_pause();
        else if (!SwitchToThread() && round > 1000) Sleep(1);
    }
}

void *bb_mutex_make(void) { return calloc(1, sizeof(SRWLOCK)); }
void bb_mutex_lock(void *mutex) { AcquireSRWLockExclusive(mutex); }
void bb_mutex_unlock(void *mutex) { ReleaseSRWLockExclusive(mutex); }
void bb_mutex_free(void *mutex) { free(mutex); }

// An event, and two words that spare the system call: who rings sets the event only when somebody
// waits.
struct bell {
    HANDLE event;
    uint32_t rung;
    uint32_t waiting;
};

void *bb_bell_make(void) {
    struct bell *bell = calloc(1, sizeof *bell);
    if (!bell) return NULL;
    bell->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (bell->event) return bell;
    free(bell);
    return NULL;
}

void bb_bell_ring(void *opaque) {
    struct bell *bell = opaque;
    __atomic_store_n(&bell->rung, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell->waiting, __ATOMIC_SEQ_CST)) SetEvent(bell->event);
}

int32_t bb_bell_wait(void *opaque, uint64_t nanoseconds) {
    struct bell *bell = opaque;
    // An event left from a ring that the last wait saw by itself: that wait answered it.
    ResetEvent(bell->event);
    __atomic_store_n(&bell->waiting, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell->rung, __ATOMIC_SEQ_CST) == 0)
        (void)WaitForSingleObject(bell->event, milliseconds_of(nanoseconds));
    __atomic_store_n(&bell->waiting, 0, __ATOMIC_SEQ_CST);
    return __atomic_exchange_n(&bell->rung, 0, __ATOMIC_SEQ_CST) ? 1 : 0;
}

void bb_bell_free(void *opaque) {
    struct bell *bell = opaque;
    if (bell) CloseHandle(bell->event);
    free(bell);
}

// Both monotonic clocks count from the start of the machine without its sleep, so that they can be
// compared: interrupt time, coarse (as of the last timer tick; a few loads), and with the performance
// counter on top.
uint64_t bb_clock_coarse(void) {
    ULONGLONG ticks = 0;
    QueryUnbiasedInterruptTime(&ticks);
    return ticks * 100;
}

typedef void(WINAPI *precise_time)(ULONGLONG *);

// Before Windows 10: the performance counter from a moment on at which both were read.
static void WINAPI counted_time(ULONGLONG *out) {
    static SRWLOCK lock = SRWLOCK_INIT;
    static ULONGLONG start;
    static LARGE_INTEGER first, rate;
    LARGE_INTEGER now;
    AcquireSRWLockExclusive(&lock);
    if (rate.QuadPart == 0) {
        QueryUnbiasedInterruptTime(&start);
        QueryPerformanceCounter(&first);
        QueryPerformanceFrequency(&rate);
    }
    ReleaseSRWLockExclusive(&lock);
    QueryPerformanceCounter(&now);
    uint64_t passed = (uint64_t)(now.QuadPart - first.QuadPart), each = (uint64_t)rate.QuadPart;
    *out = start + passed / each * 10000000 + passed % each * 10000000 / each;
}

uint64_t bb_clock_exact(void) {
    static precise_time known;
    precise_time call = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!call) {
        call = (precise_time)(uintptr_t)bb_newer_function("QueryUnbiasedInterruptTimePrecise");
        if (!call) call = counted_time;
        __atomic_store_n(&known, call, __ATOMIC_RELAXED);
    }
    ULONGLONG ticks = 0;
    call(&ticks);
    return ticks * 100;
}

int64_t bb_clock_wall(void) {
    typedef void(WINAPI * file_time)(FILETIME *);
    static file_time known;
    file_time call = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!call) {
        // Windows 8 and later; the other one stands still for up to 16 ms.
        call = (file_time)(uintptr_t)bb_newer_function("GetSystemTimePreciseAsFileTime");
        if (!call) call = GetSystemTimeAsFileTime;
        __atomic_store_n(&known, call, __ATOMIC_RELAXED);
    }
    FILETIME now;
    call(&now);
    int64_t ticks = (int64_t)((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
    return (ticks - 116444736000000000) * 100;
}

int32_t bb_clock_utc_offset(int64_t utc_seconds) {
    if (utc_seconds < -11644473600 || utc_seconds > 900000000000) return 0;
    uint64_t ticks = (uint64_t)(utc_seconds + 11644473600) * 10000000;
    FILETIME moment = {(DWORD)ticks, (DWORD)(ticks >> 32)}, local_moment;
    SYSTEMTIME utc, local;
    // With summer time as of that moment; FileTimeToLocalFileTime would take today's.
    if (!FileTimeToSystemTime(&moment, &utc) || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &local) ||
        !SystemTimeToFileTime(&local, &local_moment))
        return 0;
    uint64_t there = (uint64_t)local_moment.dwHighDateTime << 32 | local_moment.dwLowDateTime;
    return (int32_t)((int64_t)(there - ticks) / 10000000);
}
#endif
