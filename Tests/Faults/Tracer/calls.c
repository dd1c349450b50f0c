// Which system calls count: by name, and by the file that they are about.
#define _GNU_SOURCE
#include "trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)

// How a call names its file.
enum { BY_FILE, BY_PATH, BY_PATH_AT, BY_MAP_FILE };

static const struct call {
    uint64_t number;
    const char *name;
    int how;
    // The argument that holds it.
    int place;
    int reads;
} calls[] = {
    {SYS_open, "open", BY_PATH, 0, 0},
    {SYS_openat, "open", BY_PATH_AT, 1, 0},
    {SYS_creat, "open", BY_PATH, 0, 0},
    {SYS_write, "write", BY_FILE, 0, 0},
    {SYS_pwrite64, "pwrite", BY_FILE, 0, 0},
    {SYS_writev, "write", BY_FILE, 0, 0},
    {SYS_pwritev, "pwrite", BY_FILE, 0, 0},
    {SYS_fallocate, "fallocate", BY_FILE, 0, 0},
    {SYS_ftruncate, "ftruncate", BY_FILE, 0, 0},
    {SYS_truncate, "truncate", BY_PATH, 0, 0},
    {SYS_mmap, "mmap", BY_MAP_FILE, 4, 0},
    {SYS_fdatasync, "fdatasync", BY_FILE, 0, 0},
    {SYS_fsync, "fsync", BY_FILE, 0, 0},
    {SYS_rename, "rename", BY_PATH, 0, 0},
    {SYS_renameat, "rename", BY_PATH_AT, 1, 0},
    {SYS_renameat2, "rename", BY_PATH_AT, 1, 0},
    {SYS_link, "link", BY_PATH, 1, 0},
    {SYS_unlink, "unlink", BY_PATH, 0, 0},
    {SYS_unlinkat, "unlink", BY_PATH_AT, 1, 0},
    {SYS_rmdir, "rmdir", BY_PATH, 0, 0},
    {SYS_mkdir, "mkdir", BY_PATH, 0, 0},
    {SYS_mkdirat, "mkdir", BY_PATH_AT, 1, 0},
    {SYS_flock, "flock", BY_FILE, 0, 0},
    {SYS_fchmod, "fchmod", BY_FILE, 0, 0},
    {SYS_chmod, "chmod", BY_PATH, 0, 0},
    {SYS_utimensat, "utimensat", BY_PATH_AT, 1, 0},
    {SYS_read, "read", BY_FILE, 0, 1},
    {SYS_pread64, "pread", BY_FILE, 0, 1},
    {SYS_getdents64, "getdents", BY_FILE, 0, 1},
    {SYS_newfstatat, "stat", BY_PATH_AT, 1, 1},
    {SYS_statx, "stat", BY_PATH_AT, 1, 1},
    {SYS_stat, "stat", BY_PATH, 0, 1},
    {SYS_fstat, "stat", BY_FILE, 0, 1},
    {SYS_statfs, "statfs", BY_PATH, 0, 1},
};

static int read_text(pid_t thread, uint64_t address, char *out, size_t size) {
    size_t done = 0;
    while (done < size) {
        // Up to the end of a page at a time: the next one may not be there.
        size_t step = 4096 - ((address + done) & 4095);
        if (step > size - done) step = size - done;
        struct iovec here = {out + done, step}, there = {(void *)(address + done), step};
        ssize_t got = process_vm_readv(thread, &here, 1, &there, 1, 0);
        if (got <= 0) return -1;
        if (memchr(out + done, 0, (size_t)got)) return 0;
        done += (size_t)got;
    }
    return -1;
}

static int link_of(char *out, size_t size, const char *format, pid_t thread, int file) {
    char name[64];
    snprintf(name, sizeof name, format, thread, file);
    ssize_t length = readlink(name, out, size - 1);
    if (length < 0) return -1;
    out[length] = 0;
    return 0;
}

// Puts `text` behind the folder `base` unless it is absolute.
static int join(char *base, size_t size, const char *text) {
    if (text[0] == '/') {
        if (strlen(text) >= size) return -1;
        strcpy(base, text);
        return 0;
    }
    while (text[0] == '.' && text[1] == '/') text += 2;
    size_t length = strlen(base);
    if (length + strlen(text) + 2 > size) return -1;
    base[length] = '/';
    strcpy(base + length + 1, text);
    return 0;
}

static int path_of(
    const struct call *call, pid_t thread, const uint64_t arguments[6], char *out, size_t size) {
    char text[4096];
    switch (call->how) {
        case BY_FILE: return link_of(out, size, "/proc/%d/fd/%d", thread, (int)arguments[call->place]);
        case BY_MAP_FILE:
            if ((arguments[3] & MAP_ANONYMOUS) || (int)arguments[4] < 0) return -1;
            return link_of(out, size, "/proc/%d/fd/%d", thread, (int)arguments[4]);
        case BY_PATH:
            if (read_text(thread, arguments[call->place], text, sizeof text) != 0) return -1;
            if (link_of(out, size, "/proc/%d/cwd", thread, 0) != 0) return -1;
            return join(out, size, text);
        default:
            if (read_text(thread, arguments[call->place], text, sizeof text) != 0) return -1;
            // An empty path: the open file itself.
            if (text[0] == 0)
                return link_of(
                    out, size, "/proc/%d/fd/%d", thread, (int)arguments[call->place - 1]);
            if ((int)arguments[call->place - 1] == AT_FDCWD) {
                if (link_of(out, size, "/proc/%d/cwd", thread, 0) != 0) return -1;
            } else if (link_of(
                           out, size, "/proc/%d/fd/%d", thread,
                           (int)arguments[call->place - 1]) != 0) return -1;
            return join(out, size, text);
    }
}

static int is_named(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == 0)) return 1;
    return 0;
}

static int ends_with(const char *text, const char *ending) {
    size_t length = strlen(text), wanted = strlen(ending);
    return length >= wanted && strcmp(text + length - wanted, ending) == 0;
}

uint64_t calls_count(
    struct plan *plan, pid_t thread, const uint64_t arguments[6], uint64_t number) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        const struct call *call = &calls[i];
        if (call->number != number) continue;
        if (call->reads && !plan->reads) return 0;
        if (plan->only && !is_named(plan->only, call->name)) return 0;
        char path[8192];
        if (path_of(call, thread, arguments, path, sizeof path) != 0) return 0;
        int below = plan->under[0] == NULL;
        for (int k = 0; k < 2 && plan->under[k]; k++)
            below |= strncmp(path, plan->under[k], strlen(plan->under[k])) == 0;
        if (!below || (plan->ending && !ends_with(path, plan->ending))) return 0;
        plan->counted++;
        if (plan->list) {
            fprintf(plan->list, "%llu %s %s\n", (unsigned long long)plan->counted, call->name, path);
            fflush(plan->list);
        }
        return plan->counted;
    }
    return 0;
}

#else
uint64_t calls_count(
    struct plan *plan, pid_t thread, const uint64_t arguments[6], uint64_t number) {
    (void)plan, (void)thread, (void)arguments, (void)number;
    return 0;
}
#endif
