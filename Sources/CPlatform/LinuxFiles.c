// Files, paths and folders on Linux.
#ifdef __linux__
#define _GNU_SOURCE
#include "LinuxInternal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// newfstatat(2) through syscall(2): the libc wrappers changed their symbol version in 2.33; on x86-64
// the kernel's structure is the one in the header.
#include <sys/stat.h>

// None of it runs in a call of the game: small counts, not fast.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

static int32_t query(int folder, const char *path, int flags, struct stat *out) {
    return syscall(SYS_newfstatat, folder, path, out, flags) == 0 ? 0 : bb_error();
}

int64_t bb_file_open(const char *path, uint32_t flags) {
    int mode = O_CLOEXEC;
    if ((flags & BB_OPEN_READ) && (flags & BB_OPEN_WRITE)) mode |= O_RDWR;
    else if (flags & BB_OPEN_WRITE) mode |= O_WRONLY;
    if (flags & BB_OPEN_CREATE) mode |= O_CREAT;
    if (flags & BB_OPEN_EXCLUSIVE) mode |= O_EXCL;
    if (flags & BB_OPEN_TRUNCATE) mode |= O_TRUNC;
    if (flags & BB_OPEN_APPEND) mode |= O_APPEND;
    for (;;) {
        int file = open(path, mode, 0644);
        if (file >= 0) return file;
        if (errno != EINTR) return bb_error();
    }
}

int bb_locked_files[BB_LOCKED_FILES];

// Puts one in the place of another; without that place nothing changes.
static void exchange_locked(int from, int to) {
    for (int i = 0; i < BB_LOCKED_FILES; i++) {
        int found = from;
        if (__atomic_compare_exchange_n(
                &bb_locked_files[i], &found, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return;
    }
}

int32_t bb_file_close(int64_t file) {
    exchange_locked((int)file + 1, 0);
    // On Linux the descriptor is gone even when close reports EINTR: no retry.
    return close((int)file) == 0 || errno == EINTR ? 0 : bb_error();
}

int64_t bb_file_read(int64_t file, void *buffer, uint64_t count, uint64_t offset) {
    uint64_t done = 0;
    while (done < count) {
        ssize_t step = pread((int)file, (char *)buffer + done, count - done, (off_t)(offset + done));
        if (step > 0) done += (uint64_t)step;
        else if (step == 0) break;
        else if (errno != EINTR) return bb_error();
    }
    return (int64_t)done;
}

int64_t bb_file_write(int64_t file, const void *buffer, uint64_t count, uint64_t offset) {
    uint64_t done = 0;
    while (done < count) {
        ssize_t step =
            pwrite((int)file, (const char *)buffer + done, count - done, (off_t)(offset + done));
        if (step > 0) done += (uint64_t)step;
        else if (step == 0) return -BB_ENOSPC;
        else if (errno != EINTR) return bb_error();
    }
    return (int64_t)done;
}

int64_t bb_file_put(int64_t file, const void *buffer, uint64_t count) {
    uint64_t done = 0;
    while (done < count) {
        ssize_t step = write((int)file, (const char *)buffer + done, count - done);
        if (step > 0) done += (uint64_t)step;
        else if (step == 0) return -BB_ENOSPC;
        else if (errno != EINTR) return bb_error();
    }
    return (int64_t)done;
}

int32_t bb_file_is_terminal(int64_t file) { return isatty((int)file); }

int64_t bb_file_size(int64_t file) {
    struct stat facts;
    int32_t error = query((int)file, "", AT_EMPTY_PATH, &facts);
    return error == 0 ? (int64_t)facts.st_size : error;
}

int32_t bb_file_set_size(int64_t file, uint64_t size) {
    for (;;) {
        if (ftruncate((int)file, (off_t)size) == 0) return 0;
        if (errno != EINTR) return bb_error();
    }
}

// For filesystems without fallocate(2): real zeros are real blocks, too.
static int32_t fill_with_zeros(int64_t file, uint64_t from, uint64_t to) {
    static char zeros[65536];
    while (from < to) {
        uint64_t step = to - from < sizeof zeros ? to - from : sizeof zeros;
        int64_t done = bb_file_write(file, zeros, step, from);
        if (done < 0) return (int32_t)done;
        from += step;
    }
    return 0;
}

int32_t bb_file_allocate(int64_t file, uint64_t size) {
    int64_t before = bb_file_size(file);
    if (before < 0) return (int32_t)before;
    int32_t error = 0;
    for (;;) {
        if (syscall(SYS_fallocate, (int)file, 0, (off_t)0, (off_t)size) == 0) break;
        if (errno == EINTR) continue;
        error = bb_error();
        break;
    }
    if (error == -BB_EOPNOTSUPP || error == -BB_ENOSYS)
        error = fill_with_zeros(file, (uint64_t)before, size);
    if (error == 0) return 0;
    // ext4 leaves the file grown and the disk full: give it back at once. That this may fail as well
    // changes nothing for the caller, who gets the first error.
    (void)bb_file_set_size(file, (uint64_t)before);
    return error;
}

int32_t bb_file_sync_data(int64_t file) {
    for (;;) {
        if (fdatasync((int)file) == 0) return 0;
        if (errno != EINTR) return bb_error();
    }
}

int32_t bb_file_sync(int64_t file) {
    for (;;) {
        if (fsync((int)file) == 0) return 0;
        if (errno != EINTR) return bb_error();
    }
}

int32_t bb_file_has_name(int64_t file) {
    struct stat facts;
    int32_t error = query((int)file, "", AT_EMPTY_PATH, &facts);
    return error == 0 ? facts.st_nlink > 0 : error;
}

int32_t bb_file_make_read_only(int64_t file) {
    return syscall(SYS_fchmod, (int)file, 0444) == 0 ? 0 : bb_error();
}

int32_t bb_file_lock(int64_t file, uint32_t mode) {
    int operation = (mode == BB_LOCK_EXCLUSIVE ? LOCK_EX : LOCK_SH) | LOCK_NB;
    for (;;) {
        if (flock((int)file, operation) == 0) break;
        if (errno != EINTR) return bb_error();
    }
    exchange_locked((int)file + 1, 0);
    if (mode == BB_LOCK_EXCLUSIVE) exchange_locked(0, (int)file + 1);
    return 0;
}

int32_t bb_file_unlock(int64_t file) { return flock((int)file, LOCK_UN) == 0 ? 0 : bb_error(); }

int32_t bb_path_kind(const char *path) {
    struct stat facts;
    int32_t error = query(AT_FDCWD, path, 0, &facts);
    if (error == -BB_ENOENT || error == -BB_ENOTDIR) return BB_KIND_NONE;
    if (error != 0) return error;
    if (S_ISREG(facts.st_mode)) return BB_KIND_FILE;
    if (S_ISDIR(facts.st_mode)) return BB_KIND_FOLDER;
    return BB_KIND_OTHER;
}

int32_t bb_path_is_link(const char *path) {
    struct stat facts;
    return query(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &facts) == 0 && S_ISLNK(facts.st_mode);
}

int32_t bb_path_rename(const char *from, const char *to) {
    return rename(from, to) == 0 ? 0 : bb_error();
}

int32_t bb_path_remove(const char *path) { return unlink(path) == 0 ? 0 : bb_error(); }

int32_t bb_path_remove_folder(const char *path) { return rmdir(path) == 0 ? 0 : bb_error(); }

int32_t bb_path_make_folder(const char *path) {
    return syscall(SYS_mkdir, path, 0755) == 0 ? 0 : bb_error();
}

int32_t bb_path_sync_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return bb_error();
    int32_t error = fsync(folder) == 0 ? 0 : bb_error();
    close(folder);
    // Some network filesystems can't sync a folder and say EINVAL.
    return error == -BB_EINVAL ? 0 : error;
}

int64_t bb_path_modified(const char *path) {
    struct stat facts;
    int32_t error = query(AT_FDCWD, path, 0, &facts);
    return error == 0 ? (int64_t)facts.st_mtim.tv_sec : error;
}

int32_t bb_path_set_modified(const char *path, int64_t seconds) {
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (time_t)seconds}};
    return utimensat(AT_FDCWD, path, times, 0) == 0 ? 0 : bb_error();
}

int64_t bb_path_free_bytes(const char *path) {
    struct statfs facts;
    if (statfs(path, &facts) != 0) return bb_error();
    return (int64_t)facts.f_bavail * (int64_t)facts.f_bsize;
}

int64_t bb_path_filesystem(const char *path, char *out, uint64_t out_size) {
    struct statfs facts;
    if (statfs(path, &facts) != 0) return bb_error();
    const char *name = NULL;
    switch ((uint32_t)facts.f_type) {
        case 0xEF53: name = "ext4"; break;
        case 0x58465342: name = "xfs"; break;
        case 0x9123683E: name = "btrfs"; break;
        case 0x01021994: name = "tmpfs"; break;
        case 0x794C7630: name = "overlay"; break;
        case 0x2FC12FC1: name = "zfs"; break;
        case 0x6969: name = "nfs"; break;
        case 0x65735546: name = "fuse"; break;
        case 0xF2F52010: name = "f2fs"; break;
    }
    int length = name ? snprintf(out, out_size, "%s", name)
                      : snprintf(out, out_size, "0x%x", (unsigned)facts.f_type);
    return length >= 0 && (uint64_t)length < out_size ? length : -BB_ENAMETOOLONG;
}

int64_t bb_path_absolute(const char *path, char *out, uint64_t out_size) {
    char *full = realpath(path, NULL);
    if (!full) return bb_error();
    uint64_t length = strlen(full);
    int64_t result = -BB_ENAMETOOLONG;
    if (length < out_size) {
        memcpy(out, full, length + 1);
        result = (int64_t)length;
    }
    free(full);
    return result;
}

int64_t bb_path_current(char *out, uint64_t out_size) {
    if (!getcwd(out, out_size)) return bb_error();
    return (int64_t)strlen(out);
}

// getdents64 by hand: readdir64 needs no newer symbol, but its DIR would be one more allocation and
// one more structure whose layout differs between C libraries.
struct folder {
    int file;
    uint32_t at, end;
    _Alignas(8) char buffer[16384];
};

struct entry {
    uint64_t inode;
    int64_t next;
    uint16_t size;
    uint8_t kind;
    char name[];
};

void *bb_folder_open(const char *path, int32_t *error) {
    struct folder *folder = malloc(sizeof *folder);
    if (!folder) {
        *error = -BB_ENOMEM;
        return NULL;
    }
    folder->file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    folder->at = folder->end = 0;
    if (folder->file < 0) {
        *error = bb_error();
        free(folder);
        return NULL;
    }
    *error = 0;
    return folder;
}

int64_t bb_folder_next(void *opaque, char *out, uint64_t out_size) {
    struct folder *folder = opaque;
    for (;;) {
        if (folder->at >= folder->end) {
            long got = syscall(SYS_getdents64, folder->file, folder->buffer, sizeof folder->buffer);
            if (got < 0) return bb_error();
            if (got == 0) return 0;
            folder->at = 0;
            folder->end = (uint32_t)got;
        }
        const struct entry *entry = (const struct entry *)(folder->buffer + folder->at);
        folder->at += entry->size;
        const char *name = entry->name;
        if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
        uint64_t length = strlen(name);
        if (length >= out_size) return -BB_ENAMETOOLONG;
        memcpy(out, name, length + 1);
        return (int64_t)length;
    }
}

void bb_folder_close(void *opaque) {
    struct folder *folder = opaque;
    close(folder->file);
    free(folder);
}
#endif

#pragma clang attribute pop
