// os.h for Linux. This program must start on old systems (glibc 2.17 and later), so functions that
// changed their symbol version are bound to the old one (oldglibc.c), and newer ones are not used.
#define _GNU_SOURCE
#include "os.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

char **os_utf8_arguments(int *count) {
    (void)count;
    return NULL;
}

static uint64_t clock_of(clockid_t id) {
    struct timespec time;
    clock_gettime(id, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t os_now(void) { return clock_of(CLOCK_MONOTONIC); }
uint64_t os_thread_cpu(void) { return clock_of(CLOCK_THREAD_CPUTIME_ID); }
uint64_t os_process_cpu(void) { return clock_of(CLOCK_PROCESS_CPUTIME_ID); }

void os_sleep(uint64_t nanoseconds) {
    struct timespec left = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

// ── Libraries ─────────────────────────────────────────────────────────────────────────────────

void *os_library_open(const char *path, char *error, size_t error_size) {
    // Without a slash dlopen would search the system's folders instead.
    char with_folder[4096];
    if (strchr(path, '/') == NULL) {
        snprintf(with_folder, sizeof with_folder, "./%s", path);
        path = with_folder;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) snprintf(error, error_size, "%s", dlerror());
    return library;
}

void *os_library_symbol(void *library, const char *name) { return dlsym(library, name); }

bool os_symbol_is_data(void *library, const char *name) {
    void *address = dlsym(library, name);
    Dl_info info;
    ElfW(Sym) *symbol = NULL;
    if (address == NULL || dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0) return true;
    if (symbol == NULL || info.dli_saddr != address) return true;
    return ELF64_ST_TYPE(symbol->st_info) != STT_FUNC;
}

// ── Files ─────────────────────────────────────────────────────────────────────────────────────

// The unpacking process; one stream is open at a time.
static pid_t unpacker = 0;

FILE *os_stream_open(const char *path, char *error, size_t error_size) {
    if (strcmp(path, "-") == 0) return stdin;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        snprintf(error, error_size, "%s", strerror(errno));
        return NULL;
    }
    size_t length = strlen(path);
    if (length < 3 || strcmp(path + length - 3, ".gz") != 0) return fdopen(file, "rb");

    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        snprintf(error, error_size, "pipe: %s", strerror(errno));
        close(file);
        return NULL;
    }
    // A stopped reader must not be killed by its pipe, and gzip's complaint should reach the terminal.
    unpacker = fork();
    if (unpacker == 0) {
        dup2(file, 0);
        dup2(ends[1], 1);
        execlp("gzip", "gzip", "-dc", (char *)NULL);
        _exit(127);
    }
    close(file);
    close(ends[1]);
    if (unpacker < 0) {
        snprintf(error, error_size, "cannot start gzip: %s", strerror(errno));
        close(ends[0]);
        unpacker = 0;
        return NULL;
    }
    return fdopen(ends[0], "rb");
}

bool os_stream_close(FILE *file) {
    if (file == stdin) return true;
    bool finished = feof(file) != 0;
    fclose(file);
    if (unpacker == 0) return true;
    int status = 0;
    while (waitpid(unpacker, &status, 0) < 0 && errno == EINTR) {
    }
    unpacker = 0;
    // gzip is right to complain of a closed pipe when we stopped early.
    return !finished || status == 0;
}

void *os_map_new_file(const char *path, size_t size) {
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return NULL;
    void *base = MAP_FAILED;
    if (ftruncate(file, (off_t)size) == 0)
        base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (base == MAP_FAILED) return NULL;
    memset(base, 0, size);
    return base;
}

int os_open_for_writing(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

int64_t os_write(int file, const void *bytes, size_t size) {
    return (int64_t)write(file, bytes, size);
}

// ── Ending ────────────────────────────────────────────────────────────────────────────────────

void os_kill_self(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

bool os_kill_self_after(uint64_t nanoseconds) {
    pid_t host = getpid();
    pid_t child = fork();
    if (child < 0) return false;
    if (child > 0) return true;
    // The child: it must not outlive a host that ended by itself, nor hold its output open.
    close(0);
    close(1);
    close(2);
    uint64_t end = os_now() + nanoseconds;
    for (uint64_t now = os_now(); now < end; now = os_now()) {
        if (getppid() != host) _exit(0);
        uint64_t rest = end - now;
        os_sleep(rest < 20000000u ? rest : 20000000u);
    }
    if (getppid() == host) kill(host, SIGKILL);
    _exit(0);
}

// ── Figures ───────────────────────────────────────────────────────────────────────────────────

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

void os_note_interrupts(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    sigaction(SIGINT, &action, NULL);
    // Whoever started us from a thread that takes no signals handed that down.
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigprocmask(SIG_UNBLOCK, &wanted, NULL);
}

bool os_is_interrupted(void) { return interrupted != 0; }

bool os_counts_thread_faults(void) { return true; }

void os_thread_faults(uint64_t *minor, uint64_t *major) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    *minor = (uint64_t)usage.ru_minflt;
    *major = (uint64_t)usage.ru_majflt;
}

// The number behind `key` in a file of /proc, 0 without one.
static uint64_t number_in(const char *path, const char *key) {
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    char text[4096];
    size_t count = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[count] = 0;
    const char *at = strstr(text, key);
    if (at == NULL) return 0;
    uint64_t value = 0;
    for (at += strlen(key) + strspn(at + strlen(key), " \t"); *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (uint64_t)(*at - '0');
    return value;
}

// The second number of statm is the resident pages.
uint64_t os_resident(void) { return number_in("/proc/self/statm", " ") * (uint64_t)sysconf(_SC_PAGESIZE); }
uint64_t os_peak_resident(void) { return number_in("/proc/self/status", "VmHWM:") * 1024; }

// System calls are noticed by the kernel's own dispatcher (Linux 5.11): while the selector byte says
// so, a system call of this thread becomes SIGSYS. The handler opens the gate and lets the call be made
// again; the gate stays open, so the first one of each armed stretch is noticed.
#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1
#endif

static volatile char gate;
static volatile sig_atomic_t noticed;
static volatile long noticed_number;

static void on_system_call(int signal_number, siginfo_t *info, void *context) {
    (void)signal_number;
    gate = 0;
    noticed = 1;
    noticed_number = info->si_syscall;
#ifdef __x86_64__
    // Step back onto the instruction (two bytes): it is made again, through the open gate.
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    registers[REG_RAX] = info->si_syscall;
    registers[REG_RIP] -= 2;
#else
    (void)context;
#endif
}

bool os_syscall_watch_start(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_system_call;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGSYS, &action, NULL) != 0) return false;
    return syscall(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0L, 0L, &gate) == 0;
}

void os_syscall_watch_arm(void) {
    noticed = 0;
    gate = 1;
}

bool os_syscall_watch_disarm(long *number) {
    gate = 0;
    *number = noticed_number;
    return noticed != 0;
}
