// This process, and starting another one from inside a game, on Linux.
#ifdef __linux__
#define _GNU_SOURCE
#include "LinuxInternal.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// None of it runs in a call of the game: small counts, not fast.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

BB_OLD(pthread_sigmask);

extern char **environ;

#ifdef BLACKBOX_PLUGIN
BB_OLD(dladdr);
BB_OLD(dlsym);
BB_OLD(dlopen);
BB_OLD(dlclose);
BB_OLD(dlerror);

int64_t bb_path_of_module(char *out, uint64_t out_size) {
    Dl_info facts;
    if (!dladdr((void *)bb_path_of_module, &facts) || !facts.dli_fname) return -BB_ENOENT;
    return bb_path_absolute(facts.dli_fname, out, out_size);
}

void *bb_game_function(const char *name) { return dlsym(RTLD_DEFAULT, name); }

const char *bb_icom_load(const char *path, struct bb_icom *icom) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    typedef const char *entry(struct bb_icom *);
    entry *start = (entry *)dlsym(library, "blackbox_icom_start");
    const char *reason = start ? start(icom) : dlerror();
    if (!reason) return NULL;
    // Another file may stand there at the next attempt, which the loader would pass over while it has this
    // one. Its text goes with it, and dlerror's with the next call.
    static char kept[512];
    strncpy(kept, reason, sizeof kept - 1);
    dlclose(library);
    return kept;
}
#else
int64_t bb_path_of_module(char *out, uint64_t out_size) {
    return bb_path_absolute("/proc/self/exe", out, out_size);
}

// A tool or a test is not inside a game.
void *bb_game_function(const char *name) {
    (void)name;
    return NULL;
}

const char *bb_icom_load(const char *path, struct bb_icom *icom) {
    (void)path, (void)icom;
    return "only the plug-in has it";
}
#endif

uint64_t bb_process_id(void) { return (uint64_t)getpid(); }

// pthread_atfork without its libc_nonshared wrapper, which wants a __dso_handle.
extern int __register_atfork(void (*)(void), void (*)(void), void (*)(void), void *);

static uint32_t forked;
static uint32_t fork_watched;

// Names the library to the C library: what was registered under it goes with it.
static const char library;

static void in_child(void) {
    __atomic_store_n(&forked, 1, __ATOMIC_RELEASE);
    // Closed, not unlocked: that would unlock them for the game as well.
    for (int i = 0; i < BB_LOCKED_FILES; i++)
        if (bb_locked_files[i]) close(bb_locked_files[i] - 1);
}

const uint32_t *bb_fork_flag(void) {
    if (__atomic_exchange_n(&fork_watched, 1, __ATOMIC_ACQ_REL) == 0)
        (void)__register_atfork(NULL, NULL, in_child, (void *)&library);
    return &forked;
}

#ifdef BLACKBOX_PLUGIN
extern void __cxa_finalize(void *);

// A game that unloads the library may fork afterwards: nothing of it may be called then. (The C runtime's
// start files would do this, and bring much else.)
void bb_fork_forget(void) { __cxa_finalize((void *)&library); }
#endif

int32_t bb_process_lives(uint64_t process) {
    if (process == 0 || process > 0x7FFFFFFF) return 0;
    return kill((pid_t)process, 0) == 0 || errno == EPERM ? 1 : 0;
}

void bb_boot_id(uint8_t *out) {
    memset(out, 0, 16);
    char text[40];
    int64_t file = bb_file_open("/proc/sys/kernel/random/boot_id", BB_OPEN_READ);
    if (file < 0) return;
    int64_t count = bb_file_read(file, text, sizeof text, 0);
    bb_file_close(file);
    int half = 0;
    for (int64_t at = 0; at < count && half < 32; at++) {
        char c = text[at];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) continue;
        out[half / 2] = (uint8_t)(out[half / 2] << 4 | digit);
        half++;
    }
}

void bb_random(void *out, uint64_t count) {
    uint64_t done = 0;
    while (done < count) {
        long step = syscall(SYS_getrandom, (char *)out + done, count - done, 0);
        if (step > 0) done += (uint64_t)step;
        else if (errno != EINTR) break;
    }
    if (done == count) return;
    // A kernel before 3.17.
    int64_t file = bb_file_open("/dev/urandom", BB_OPEN_READ);
    if (file >= 0) {
        int64_t got = bb_file_read(file, (char *)out + done, count - done, 0);
        bb_file_close(file);
        if (got > 0) done += (uint64_t)got;
    }
    // No source at all: clocks and addresses still tell two logs apart.
    uint64_t state = bb_clock_exact() ^ (uint64_t)bb_clock_wall() ^ (uint64_t)(uintptr_t)out ^
                     (uint64_t)getpid() << 32;
    while (done < count) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ((uint8_t *)out)[done++] = (uint8_t)(state >> 56);
    }
}

// Everything the child does between vfork and exec runs in the game's memory: system calls only.
static void become_child(int64_t output, int null_device) {
    syscall(SYS_setsid);
    for (int number = 1; number < 65; number++) {
        struct {
            void *handler;
            unsigned long flags;
            void *restorer;
            unsigned long mask;
        } standard = {0};
        (void)syscall(SYS_rt_sigaction, number, &standard, NULL, 8);
    }
    (void)syscall(SYS_dup2, null_device, 0);
    (void)syscall(SYS_dup2, output >= 0 ? (int)output : null_device, 1);
    (void)syscall(SYS_dup2, output >= 0 ? (int)output : null_device, 2);
    if (syscall(436 /* close_range */, 3, ~0u, 0) != 0) {
        struct rlimit limit;
        unsigned long highest = 65536;
        if (syscall(SYS_getrlimit, RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < highest)
            highest = limit.rlim_cur;
        for (unsigned long file = 3; file < highest; file++) (void)syscall(SYS_close, (int)file);
    }
    bb_lower_priority(0);
    uint64_t none = 0;
    (void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
}

static int is_loader_variable(const char *entry) {
    return strncmp(entry, "LD_PRELOAD=", 11) == 0 || strncmp(entry, "LD_LIBRARY_PATH=", 16) == 0;
}

int64_t bb_process_start(const char *const *argv, uint32_t argc, int64_t output) {
    uint64_t variables = 0;
    while (environ && environ[variables]) variables++;
    char **arguments = calloc(argc + 1, sizeof *arguments);
    char **environment = calloc(variables + 1, sizeof *environment);
    int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
    int64_t result = -BB_ENOMEM;
    if (arguments && environment && null_device >= 0) {
        for (uint32_t i = 0; i < argc; i++) arguments[i] = (char *)argv[i];
        uint64_t kept = 0;
        for (uint64_t i = 0; i < variables; i++)
            if (!is_loader_variable(environ[i])) environment[kept++] = environ[i];
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        // vfork: a fork would write-protect every page of the game. The child's only way to report
        // that exec failed is memory that it shares with us.
        volatile int failure = 0;
        pid_t child = vfork();
        if (child == 0) {
            become_child(output, null_device);
            (void)execve(arguments[0], arguments, environment);
            failure = errno;
            _exit(127);
        }
        result = child > 0 ? child : bb_error();
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (child > 0 && failure != 0) {
            (void)waitpid(child, NULL, 0);
            result = -failure;
        }
    }
    if (null_device >= 0) close(null_device);
    free(arguments);
    free(environment);
    return result;
}

int32_t bb_process_poll(int64_t process) {
    int status = 0;
    pid_t done = waitpid((pid_t)process, &status, WNOHANG);
    if (done == 0) return -BB_EAGAIN;
    if (done < 0) return bb_error();
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return 128 + WTERMSIG(status);
}

int64_t bb_environment(const char *name, char *out, uint64_t out_size) {
    const char *value = getenv(name);
    if (!value) return -BB_ENOENT;
    uint64_t length = strlen(value);
    if (length >= out_size) return -BB_ENAMETOOLONG;
    memcpy(out, value, length + 1);
    return (int64_t)length;
}
#endif

#pragma clang attribute pop
