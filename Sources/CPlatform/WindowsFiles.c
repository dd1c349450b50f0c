// Open files on Windows.
#ifdef _WIN32
#include "WindowsInternal.h"

int64_t bb_file_open(const char *path, uint32_t flags) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    DWORD access = 0;
    if (flags & BB_OPEN_READ) access |= GENERIC_READ;
    // Without FILE_WRITE_DATA, FILE_APPEND_DATA makes every write go to the end, as O_APPEND does.
    if (flags & BB_OPEN_APPEND) access |= FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE;
    else if (flags & BB_OPEN_WRITE) access |= GENERIC_WRITE;
    DWORD how = OPEN_EXISTING;
    if (flags & BB_OPEN_CREATE) how = flags & BB_OPEN_EXCLUSIVE ? CREATE_NEW : OPEN_ALWAYS;
    // Everybody may do everything with our files, as on Linux: locks are ours, not the system's.
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    HANDLE file = CreateFileW(wide, access, share, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD failure = GetLastError();
    if (file == INVALID_HANDLE_VALUE && failure == ERROR_ACCESS_DENIED) {
        DWORD kind = GetFileAttributesW(wide);
        if (kind != INVALID_FILE_ATTRIBUTES && (kind & FILE_ATTRIBUTE_DIRECTORY)) {
            bb_wide_free(wide);
            return flags & BB_OPEN_EXCLUSIVE ? -BB_EEXIST : -BB_EISDIR;
        }
    }
    bb_wide_free(wide);
    if (file == INVALID_HANDLE_VALUE) return bb_error_of(failure);
    if (flags & BB_OPEN_TRUNCATE) {
        error = bb_file_set_size((int64_t)(intptr_t)file, 0);
        if (error != 0) {
            CloseHandle(file);
            return error;
        }
    }
    return (int64_t)(intptr_t)file;
}

int32_t bb_file_close(int64_t file) { return CloseHandle(bb_handle(file)) ? 0 : bb_error(); }

// One call moves at most this much: a DWORD, and page aligned.
static DWORD step_of(uint64_t left) { return left < 0x40000000 ? (DWORD)left : 0x40000000; }

static OVERLAPPED place(uint64_t offset) {
    OVERLAPPED place = {0};
    place.Offset = (DWORD)offset;
    place.OffsetHigh = (DWORD)(offset >> 32);
    return place;
}

int64_t bb_file_read(int64_t file, void *buffer, uint64_t count, uint64_t offset) {
    uint64_t done = 0;
    while (done < count) {
        OVERLAPPED at = place(offset + done);
        DWORD step = 0;
        if (!ReadFile(bb_handle(file), (char *)buffer + done, step_of(count - done), &step, &at)) {
            DWORD error = GetLastError();
            if (error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE) break;
            return bb_error_of(error);
        }
        if (step == 0) break;
        done += step;
    }
    return (int64_t)done;
}

int64_t bb_file_write(int64_t file, const void *buffer, uint64_t count, uint64_t offset) {
    uint64_t done = 0;
    while (done < count) {
        OVERLAPPED at = place(offset + done);
        DWORD step = 0;
        if (!WriteFile(
                bb_handle(file), (const char *)buffer + done, step_of(count - done), &step, &at))
            return bb_error();
        if (step == 0) return -BB_ENOSPC;
        done += step;
    }
    return (int64_t)done;
}

int64_t bb_file_put(int64_t file, const void *buffer, uint64_t count) {
    uint64_t done = 0;
    while (done < count) {
        DWORD step = 0;
        // Smaller steps: a console or a pipe may refuse a large one.
        DWORD most = count - done < 32768 ? (DWORD)(count - done) : 32768;
        if (!WriteFile(bb_handle(file), (const char *)buffer + done, most, &step, NULL))
            return bb_error();
        if (step == 0) return -BB_ENOSPC;
        done += step;
    }
    return (int64_t)done;
}

int32_t bb_file_is_terminal(int64_t file) {
    DWORD mode;
    return GetConsoleMode(bb_handle(file), &mode) != 0;
}

int64_t bb_file_size(int64_t file) {
    LARGE_INTEGER size;
    return GetFileSizeEx(bb_handle(file), &size) ? size.QuadPart : bb_error();
}

int32_t bb_file_set_size(int64_t file, uint64_t size) {
    FILE_END_OF_FILE_INFO end;
    end.EndOfFile.QuadPart = (int64_t)size;
    return SetFileInformationByHandle(bb_handle(file), FileEndOfFileInfo, &end, sizeof end)
               ? 0
               : bb_error();
}

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
    // NTFS and its kin take clusters for the whole file when its end is set. A sparse or compressed
    // file, and Wine, do not: there the system says that less is allocated, and real zeros make it so.
    int32_t error = bb_file_set_size(file, size > (uint64_t)before ? size : (uint64_t)before);
    if (error == 0) {
        FILE_STANDARD_INFO facts;
        if (!GetFileInformationByHandleEx(bb_handle(file), FileStandardInfo, &facts, sizeof facts) ||
            facts.AllocationSize.QuadPart < (int64_t)size)
            error = fill_with_zeros(file, (uint64_t)before, size);
    }
    if (error == 0) return 0;
    // Give the space back. That this may fail as well changes nothing for the caller, who gets the
    // first error.
    (void)bb_file_set_size(file, (uint64_t)before);
    return error;
}

// FlushFileBuffers writes the cached pages and makes the disk write its cache; NTFS' journal goes along.
int32_t bb_file_sync(int64_t file) {
    int32_t error = bb_flush_views(bb_handle(file));
    if (error != 0) return error;
    return FlushFileBuffers(bb_handle(file)) ? 0 : bb_error();
}

int32_t bb_file_sync_data(int64_t file) { return bb_file_sync(file); }

int32_t bb_file_has_name(int64_t file) {
    FILE_STANDARD_INFO facts;
    if (!GetFileInformationByHandleEx(bb_handle(file), FileStandardInfo, &facts, sizeof facts))
        return bb_error();
    return !facts.DeletePending && facts.NumberOfLinks > 0;
}

int32_t bb_file_make_read_only(int64_t file) {
    FILE_BASIC_INFO facts;
    if (!GetFileInformationByHandleEx(bb_handle(file), FileBasicInfo, &facts, sizeof facts))
        return bb_error();
    // Zero times mean: as they are.
    FILE_BASIC_INFO wanted = {0};
    wanted.FileAttributes = (facts.FileAttributes & ~(DWORD)FILE_ATTRIBUTE_NORMAL) |
                            FILE_ATTRIBUTE_READONLY;
    return SetFileInformationByHandle(bb_handle(file), FileBasicInfo, &wanted, sizeof wanted)
               ? 0
               : bb_error();
}

// Windows' locks forbid others to read or write the bytes they cover. Ours only tell: they cover one
// byte where no file reaches.
static const uint64_t lock_place = 0x4000000000000000;

int32_t bb_file_lock(int64_t file, uint32_t mode) {
    // flock turns a shared lock into an exclusive one and back; here the old one must go first.
    (void)bb_file_unlock(file);
    OVERLAPPED at = place(lock_place);
    DWORD flags =
        LOCKFILE_FAIL_IMMEDIATELY | (mode == BB_LOCK_EXCLUSIVE ? LOCKFILE_EXCLUSIVE_LOCK : 0);
    if (LockFileEx(bb_handle(file), flags, 0, 1, 0, &at)) return 0;
    DWORD error = GetLastError();
    return error == ERROR_IO_PENDING ? -BB_EAGAIN : bb_error_of(error);
}

int32_t bb_file_unlock(int64_t file) {
    OVERLAPPED at = place(lock_place);
    if (UnlockFileEx(bb_handle(file), 0, 1, 0, &at)) return 0;
    // flock lets go of nothing without complaint. The second number is Wine's.
    DWORD error = GetLastError();
    return error == ERROR_NOT_LOCKED || error == ERROR_LOCK_VIOLATION ? 0 : bb_error_of(error);
}
#endif
