// Mappings of segments, pages faulted in ahead of the game, and the fault handler that keeps a file
// cut short from outside from killing the game (Linux).
#ifdef __linux__
#define _GNU_SOURCE
#include "LinuxInternal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// None of it runs in a call of the game: small counts, not fast.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { PAGE = 4096 };

void *bb_map_file(int64_t file, uint64_t size, uint32_t mode, int32_t *error) {
    int protection = PROT_READ | (mode == BB_MAP_READ ? 0 : PROT_WRITE);
    int sharing = mode == BB_MAP_PRIVATE ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED;
    void *base = mmap(NULL, size, protection, sharing, (int)file, 0);
    if (base == MAP_FAILED) {
        *error = bb_error();
        return NULL;
    }
    *error = 0;
    return base;
}

int32_t bb_map_remove(void *base, uint64_t size) {
    return munmap(base, size) == 0 ? 0 : bb_error();
}

int32_t bb_map_populate(void *base, uint64_t size) {
    if (madvise(base, size, MADV_POPULATE_WRITE) == 0) return 0;
    // EINVAL: a kernel before 5.14. Anything else (EFAULT: the file was cut short; ENOMEM; EIO) is a
    // fault that touching the page would turn into SIGBUS.
    if (errno != EINVAL) return bb_error();
    for (uint64_t at = 0; at < size; at += PAGE)
        __atomic_fetch_or((uint32_t *)((char *)base + at), 0, __ATOMIC_RELAXED);
    return 0;
}

void bb_map_will_read(void *base, uint64_t size) {
    (void)madvise(base, size, MADV_SEQUENTIAL);
    (void)madvise(base, size, MADV_WILLNEED);
}

void bb_map_did_read(void *base, uint64_t size) { (void)madvise(base, size, MADV_DONTNEED); }

int32_t bb_map_sync(void *base, uint64_t size) {
    return msync(base, size, MS_SYNC) == 0 ? 0 : bb_error();
}

// Fault guard. A slot is taken by setting `size`, last, and given back by clearing it: the handler
// reads the slots without a lock, on whatever thread the fault hit.
struct guard {
    uintptr_t base;
    uint32_t *failed;
    uintptr_t size;
};

static struct guard guards[BB_GUARD_SLOTS];
static struct sigaction previous;
static uint32_t handler_lock;
static uint32_t handler_set;

static void pass_on(int number, siginfo_t *facts, void *context) {
    if ((previous.sa_flags & SA_SIGINFO) && previous.sa_sigaction) {
        previous.sa_sigaction(number, facts, context);
    } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
        previous.sa_handler(number);
    } else if (facts->si_code > 0) {
        // Back to the default and return: the store runs again and the process dies as it would have
        // without us.
        signal(number, SIG_DFL);
    } else if (previous.sa_handler == SIG_DFL) {
        // Somebody sent it: nothing would run again, so it is sent once more.
        signal(number, SIG_DFL);
        (void)raise(number);
    }
}

static void on_bus_error(int number, siginfo_t *facts, void *context) {
    int saved = errno;
    uintptr_t address = (uintptr_t)facts->si_addr;
    // si_code > 0: the kernel reports a fault; a SIGBUS somebody sent is not ours.
    for (int slot = 0; facts->si_code > 0 && slot < BB_GUARD_SLOTS; slot++) {
        uintptr_t size = __atomic_load_n(&guards[slot].size, __ATOMIC_ACQUIRE);
        uintptr_t base = guards[slot].base;
        if (size == 0 || address < base || address - base >= size) continue;
        uint32_t *failed = guards[slot].failed;
        void *page = (void *)(address & ~(uintptr_t)(PAGE - 1));
        void *put = mmap(page, PAGE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (put == MAP_FAILED) break;
        __atomic_store_n(failed, 1, __ATOMIC_RELEASE);
        errno = saved;
        return;
    }
    errno = saved;
    pass_on(number, facts, context);
}

int32_t bb_guard_add(void *base, uint64_t size, uint32_t *failed) {
    bb_spin_lock(&handler_lock);
    int32_t result = -BB_ENOMEM;
    if (!handler_set) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = on_bus_error;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        if (sigaction(SIGBUS, &action, &previous) == 0) handler_set = 1;
    }
    for (int slot = 0; slot < BB_GUARD_SLOTS; slot++) {
        if (guards[slot].size != 0) continue;
        guards[slot].base = (uintptr_t)base;
        guards[slot].failed = failed;
        __atomic_store_n(&guards[slot].size, (uintptr_t)size, __ATOMIC_RELEASE);
        result = slot;
        break;
    }
    bb_spin_unlock(&handler_lock);
    return result;
}

#ifdef BLACKBOX_PLUGIN
void bb_guard_forget(void) {
    struct sigaction now;
    // Somebody who came later keeps his: he passes on to an address that is gone, but that is his signal.
    if (handler_set && sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == on_bus_error)
        (void)sigaction(SIGBUS, &previous, NULL);
}
#endif

void bb_guard_remove(int32_t slot) {
    if (slot < 0 || slot >= BB_GUARD_SLOTS) return;
    __atomic_store_n(&guards[slot].size, (uintptr_t)0, __ATOMIC_RELEASE);
}
#endif

#pragma clang attribute pop
