// Names and folders on Windows.
#ifdef _WIN32
#include "WindowsInternal.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int32_t bb_path_kind(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error == -BB_ENOENT ? BB_KIND_NONE : error;
    DWORD facts = GetFileAttributesW(wide);
    error = facts == INVALID_FILE_ATTRIBUTES ? bb_error() : 0;
    bb_wide_free(wide);
    if (error == -BB_ENOENT || error == -BB_ENOTDIR) return BB_KIND_NONE;
    if (error != 0) return error;
    if (facts & FILE_ATTRIBUTE_DIRECTORY) return BB_KIND_FOLDER;
    return facts & FILE_ATTRIBUTE_DEVICE ? BB_KIND_OTHER : BB_KIND_FILE;
}

// Links and junctions are reparse points, and so are files whose content a filter keeps (deduplication,
// cloud storage): only those that stand for another name lead elsewhere. Without a tag (Wine) it counts as one
// that does.
static int leads_elsewhere(const wchar_t *path, DWORD facts) {
    if (facts == INVALID_FILE_ATTRIBUTES || !(facts & FILE_ATTRIBUTE_REPARSE_POINT)) return 0;
    WIN32_FIND_DATAW entry;
    HANDLE search = FindFirstFileW(path, &entry);
    if (search == INVALID_HANDLE_VALUE) return 1;
    FindClose(search);
    return entry.dwReserved0 == 0 || IsReparseTagNameSurrogate(entry.dwReserved0);
}

int32_t bb_path_is_link(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return 0;
    int32_t result = leads_elsewhere(wide, GetFileAttributesW(wide));
    bb_wide_free(wide);
    return result;
}

// Takes the write protection of a file away; it stands in the way of replacing and removing, which on
// Linux only ask the folder. 1 when there was one.
static int unprotect(const wchar_t *path) {
    DWORD facts = GetFileAttributesW(path);
    if (facts == INVALID_FILE_ATTRIBUTES || !(facts & FILE_ATTRIBUTE_READONLY)) return 0;
    return SetFileAttributesW(path, facts & ~(DWORD)FILE_ATTRIBUTE_READONLY) != 0;
}

static void protect(const wchar_t *path) {
    DWORD facts = GetFileAttributesW(path);
    if (facts != INVALID_FILE_ATTRIBUTES) SetFileAttributesW(path, facts | FILE_ATTRIBUTE_READONLY);
}

// The renaming of Windows 10: replaces a file that somebody has open, as on Linux.
static BOOL rename_posix(const wchar_t *from, const wchar_t *to) {
    typedef struct {
        DWORD flags;
        HANDLE root;
        DWORD byte_count;
        wchar_t name[1];
    } rename_info;
    enum { RENAME_INFO_EX = 22, REPLACE = 1, POSIX = 2, IGNORE_READ_ONLY = 0x40 };
    size_t length = wcslen(to);
    rename_info *info = calloc(1, sizeof *info + length * sizeof(wchar_t));
    if (!info) return FALSE;
    info->flags = REPLACE | POSIX | IGNORE_READ_ONLY;
    info->byte_count = (DWORD)(length * sizeof(wchar_t));
    wmemcpy(info->name, to, length);
    BOOL done = FALSE;
    HANDLE file = CreateFileW(
        from, DELETE | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        done = SetFileInformationByHandle(
            file, (FILE_INFO_BY_HANDLE_CLASS)RENAME_INFO_EX, info,
            (DWORD)(sizeof *info + length * sizeof(wchar_t)));
        CloseHandle(file);
    }
    free(info);
    return done;
}

static BOOL rename_once(const wchar_t *from, const wchar_t *to) {
    const DWORD flags = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
    if (rename_posix(from, to) || MoveFileExW(from, to, flags)) return TRUE;
    if (GetLastError() != ERROR_ACCESS_DENIED || !unprotect(to)) return FALSE;
    if (MoveFileExW(from, to, flags)) return TRUE;
    DWORD failure = GetLastError();
    protect(to);
    SetLastError(failure);
    return FALSE;
}

static BOOL remove_once(const wchar_t *path) {
    if (DeleteFileW(path)) return TRUE;
    if (GetLastError() != ERROR_ACCESS_DENIED) return FALSE;
    // A junction, or a link to a folder, is a folder here: it alone goes, not what it leads to.
    DWORD facts = GetFileAttributesW(path);
    if (facts != INVALID_FILE_ATTRIBUTES && (facts & FILE_ATTRIBUTE_DIRECTORY)) {
        if (leads_elsewhere(path, facts)) return RemoveDirectoryW(path);
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    if (!unprotect(path)) return FALSE;
    if (DeleteFileW(path)) return TRUE;
    DWORD failure = GetLastError();
    protect(path);
    SetLastError(failure);
    return FALSE;
}

// Virus scanners and indexers open a new file for a moment, and keep others from renaming or removing it.
enum { TRIES = 10, PAUSE_MILLISECONDS = 20 };

static int is_in_use(void) { return GetLastError() == ERROR_SHARING_VIOLATION; }

int32_t bb_path_rename(const char *from, const char *to) {
    int32_t error;
    wchar_t *wide_from = bb_wide_path(from, &error);
    wchar_t *wide_to = wide_from ? bb_wide_path(to, &error) : NULL;
    if (wide_to) {
        BOOL done = rename_once(wide_from, wide_to);
        for (int i = 1; i < TRIES && !done && is_in_use(); i++) {
            Sleep(PAUSE_MILLISECONDS);
            done = rename_once(wide_from, wide_to);
        }
        error = done ? 0 : bb_error();
    }
    bb_wide_free(wide_from);
    bb_wide_free(wide_to);
    return error;
}

int32_t bb_path_remove(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    BOOL done = remove_once(wide);
    for (int i = 1; i < TRIES && !done && is_in_use(); i++) {
        Sleep(PAUSE_MILLISECONDS);
        done = remove_once(wide);
    }
    error = done ? 0 : bb_error();
    bb_wide_free(wide);
    return error;
}

int32_t bb_path_remove_folder(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    error = RemoveDirectoryW(wide) ? 0 : bb_error();
    bb_wide_free(wide);
    return error;
}

int32_t bb_path_make_folder(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    error = CreateDirectoryW(wide, NULL) ? 0 : bb_error();
    // A drive's root can't be made, and says that access is denied.
    if (error == -BB_EACCES && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES) error = -BB_EEXIST;
    bb_wide_free(wide);
    return error;
}

int32_t bb_path_sync_folder(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    HANDLE folder = CreateFileW(
        wide, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE) {
        error = bb_error();
        bb_wide_free(wide);
        // NTFS writes names through its journal; a folder whose handle can't be had for writing (rights,
        // a filesystem without it, Wine) is as durable as that makes it.
        return error == -BB_ENOENT ? error : 0;
    }
    bb_wide_free(wide);
    DWORD failure = FlushFileBuffers(folder) ? ERROR_SUCCESS : GetLastError();
    CloseHandle(folder);
    // A disk's failure is one; "can't do that with a folder" is not.
    return failure == ERROR_IO_DEVICE || failure == ERROR_CRC || failure == ERROR_DISK_FULL
               ? bb_error_of(failure)
               : 0;
}

// 100 ns since 1601 to seconds since 1970.
static int64_t seconds_of(FILETIME time) {
    int64_t ticks = (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
    return ticks / 10000000 - 11644473600;
}

int64_t bb_path_modified(const char *path) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    WIN32_FILE_ATTRIBUTE_DATA facts;
    int64_t result = GetFileAttributesExW(wide, GetFileExInfoStandard, &facts)
                         ? seconds_of(facts.ftLastWriteTime)
                         : bb_error();
    bb_wide_free(wide);
    return result;
}

int32_t bb_path_set_modified(const char *path, int64_t seconds) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    HANDLE file = CreateFileW(
        wide, FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file != INVALID_HANDLE_VALUE) {
        uint64_t ticks = (uint64_t)(seconds + 11644473600) * 10000000;
        FILETIME time = {(DWORD)ticks, (DWORD)(ticks >> 32)};
        error = SetFileTime(file, NULL, NULL, &time) ? 0 : bb_error();
        CloseHandle(file);
    } else {
        error = bb_error();
    }
    bb_wide_free(wide);
    return error;
}

// The folder to ask about a path: itself, or the one that holds the file. With the separator that
// GetVolumePathName and GetDiskFreeSpaceEx want for shares.
static wchar_t *folder_of(const char *path, int32_t *error) {
    wchar_t *wide = bb_wide_path(path, error);
    if (!wide) return NULL;
    DWORD facts = GetFileAttributesW(wide);
    if (facts == INVALID_FILE_ATTRIBUTES) {
        *error = bb_error();
        bb_wide_free(wide);
        return NULL;
    }
    size_t length = wcslen(wide);
    if (!(facts & FILE_ATTRIBUTE_DIRECTORY))
        while (length > 0 && wide[length - 1] != L'\\') length--;
    wchar_t *folder = malloc((length + 2) * sizeof *folder);
    if (folder) {
        wmemcpy(folder, wide, length);
        if (length > 0 && folder[length - 1] != L'\\') folder[length++] = L'\\';
        folder[length] = 0;
    } else {
        *error = -BB_ENOMEM;
    }
    bb_wide_free(wide);
    return folder;
}

int64_t bb_path_free_bytes(const char *path) {
    int32_t error;
    wchar_t *folder = folder_of(path, &error);
    if (!folder) return error;
    ULARGE_INTEGER ours;
    int64_t result = GetDiskFreeSpaceExW(folder, &ours, NULL, NULL) ? (int64_t)ours.QuadPart : bb_error();
    free(folder);
    return result;
}

int64_t bb_path_filesystem(const char *path, char *out, uint64_t out_size) {
    int32_t error;
    wchar_t *folder = folder_of(path, &error);
    if (!folder) return error;
    wchar_t name[64];
    // The root of the volume is never longer than the path.
    DWORD room = (DWORD)wcslen(folder) + 2;
    wchar_t *root = malloc(room * sizeof *root);
    int64_t result = -BB_ENOMEM;
    if (root) {
        result = GetVolumePathNameW(folder, root, room) &&
                         GetVolumeInformationW(root, NULL, 0, NULL, NULL, NULL, name, 64)
                     ? bb_utf8(name, out, out_size)
                     : bb_error();
    }
    free(root);
    free(folder);
    return result;
}

// Without the prefix of long paths: other programs, and people, don't know it.
static int64_t plain_utf8(wchar_t *path, char *out, uint64_t out_size) {
    if (wcsncmp(path, L"\\\\?\\UNC\\", 8) == 0) {
        path[6] = L'\\';
        return bb_utf8(path + 6, out, out_size);
    }
    return bb_utf8(wcsncmp(path, L"\\\\?\\", 4) == 0 ? path + 4 : path, out, out_size);
}

int64_t bb_path_absolute(const char *path, char *out, uint64_t out_size) {
    int32_t error;
    wchar_t *wide = bb_wide_path(path, &error);
    if (!wide) return error;
    // As realpath, only for what is there.
    int64_t result = GetFileAttributesW(wide) == INVALID_FILE_ATTRIBUTES
                         ? bb_error()
                         : plain_utf8(wide, out, out_size);
    bb_wide_free(wide);
    return result;
}

int64_t bb_path_current(char *out, uint64_t out_size) {
    DWORD room = GetCurrentDirectoryW(0, NULL);
    wchar_t *folder = malloc((room + 1u) * sizeof *folder);
    if (!folder) return -BB_ENOMEM;
    DWORD length = GetCurrentDirectoryW(room + 1, folder);
    int64_t result = length > 0 && length <= room ? plain_utf8(folder, out, out_size) : bb_error();
    free(folder);
    return result;
}

int64_t bb_path_of_module(char *out, uint64_t out_size) {
    HMODULE module;
    DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!GetModuleHandleExW(flags, (const wchar_t *)(uintptr_t)bb_path_of_module, &module))
        return bb_error();
    enum { ROOM = 32768 };
    wchar_t *path = malloc(ROOM * sizeof *path);
    if (!path) return -BB_ENOMEM;
    DWORD length = GetModuleFileNameW(module, path, ROOM);
    int64_t result = length > 0 && length < ROOM ? plain_utf8(path, out, out_size) : bb_error();
    free(path);
    return result;
}

struct folder {
    HANDLE search;
    int has_entry;
    WIN32_FIND_DATAW entry;
};

void *bb_folder_open(const char *path, int32_t *error) {
    wchar_t *wide = bb_wide_path(path, error);
    if (!wide) return NULL;
    size_t length = wcslen(wide);
    struct folder *folder = calloc(1, sizeof *folder);
    wchar_t *pattern = malloc((length + 3) * sizeof *pattern);
    if (folder && pattern) {
        wmemcpy(pattern, wide, length);
        if (pattern[length - 1] != L'\\') pattern[length++] = L'\\';
        wmemcpy(pattern + length, L"*", 2);
        folder->search = FindFirstFileExW(
            pattern, FindExInfoBasic, &folder->entry, FindExSearchNameMatch, NULL,
            FIND_FIRST_EX_LARGE_FETCH);
        folder->has_entry = folder->search != INVALID_HANDLE_VALUE;
        // The root of an empty drive has no entry at all, not even ".".
        DWORD failure = folder->has_entry ? ERROR_SUCCESS : GetLastError();
        *error = failure == ERROR_SUCCESS || failure == ERROR_FILE_NOT_FOUND ? 0 : bb_error_of(failure);
    } else {
        *error = -BB_ENOMEM;
    }
    free(pattern);
    bb_wide_free(wide);
    if (*error == 0) return folder;
    free(folder);
    return NULL;
}

int64_t bb_folder_next(void *opaque, char *out, uint64_t out_size) {
    struct folder *folder = opaque;
    while (folder->has_entry) {
        const wchar_t *name = folder->entry.cFileName;
        int is_dots = wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0;
        int64_t length = is_dots ? 0 : bb_utf8(name, out, out_size);
        folder->has_entry = FindNextFileW(folder->search, &folder->entry);
        if (!folder->has_entry && GetLastError() != ERROR_NO_MORE_FILES) return bb_error();
        if (is_dots) continue;
        // A name that is no text is nobody's that we know: it is skipped like one that is too long.
        return length < 0 ? -BB_ENAMETOOLONG : length;
    }
    return 0;
}

void bb_folder_close(void *opaque) {
    struct folder *folder = opaque;
    if (folder->search != INVALID_HANDLE_VALUE) FindClose(folder->search);
    free(folder);
}
#endif
