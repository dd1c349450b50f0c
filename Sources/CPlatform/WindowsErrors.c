// Windows' error numbers in the header's numbering, and text between UTF-8 and UTF-16.
#ifdef _WIN32
#include "WindowsInternal.h"

#include <stdlib.h>
#include <wchar.h>

int32_t bb_error_of(DWORD error) {
    switch (error) {
        case ERROR_SUCCESS: return -BB_EIO;  // a failure without a number
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_DRIVE:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME:
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME:
        case ERROR_MOD_NOT_FOUND:
        case ERROR_PROC_NOT_FOUND:
        case ERROR_ENVVAR_NOT_FOUND: return -BB_ENOENT;
        case ERROR_ACCESS_DENIED:
        case ERROR_NETWORK_ACCESS_DENIED:
        case ERROR_CANNOT_MAKE:
        case 740:  // ERROR_ELEVATION_REQUIRED, which not every header has
            return -BB_EACCES;
        case ERROR_PRIVILEGE_NOT_HELD: return -BB_EPERM;
        case ERROR_WRITE_PROTECT: return -BB_EROFS;
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_USER_MAPPED_FILE:
        case ERROR_DELETE_PENDING:
        case ERROR_BUSY: return -BB_EAGAIN;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS:
        case ERROR_DIR_NOT_EMPTY: return -BB_EEXIST;
        case ERROR_DIRECTORY: return -BB_ENOTDIR;
        case ERROR_TOO_MANY_OPEN_FILES: return -BB_EMFILE;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL: return -BB_ENOSPC;
        case 1295:  // ERROR_DISK_QUOTA_EXCEEDED
        case ERROR_NOT_ENOUGH_QUOTA: return -BB_EDQUOT;
        case ERROR_FILE_TOO_LARGE: return -BB_EFBIG;
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
        case ERROR_COMMITMENT_LIMIT:
        case ERROR_NO_SYSTEM_RESOURCES: return -BB_ENOMEM;
        case ERROR_BROKEN_PIPE:
        case ERROR_NO_DATA: return -BB_EPIPE;
        case ERROR_FILENAME_EXCED_RANGE:
        case ERROR_BUFFER_OVERFLOW: return -BB_ENAMETOOLONG;
        case ERROR_INVALID_HANDLE:
        case ERROR_INVALID_PARAMETER:
        case ERROR_NEGATIVE_SEEK:
        case ERROR_NO_UNICODE_TRANSLATION:
        case ERROR_BAD_EXE_FORMAT: return -BB_EINVAL;
        case ERROR_NOT_SUPPORTED:
        case ERROR_INVALID_FUNCTION: return -BB_EOPNOTSUPP;
        case ERROR_CALL_NOT_IMPLEMENTED: return -BB_ENOSYS;
        default: return -BB_EIO;
    }
}

wchar_t *bb_wide_text(const char *text, int32_t *error) {
    int count = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0);
    if (count <= 0) {
        *error = bb_error();
        return NULL;
    }
    wchar_t *wide = malloc((size_t)count * sizeof *wide);
    if (!wide) {
        *error = -BB_ENOMEM;
        return NULL;
    }
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, count);
    *error = 0;
    return wide;
}

void bb_wide_free(wchar_t *text) { free(text); }

int64_t bb_utf8(const wchar_t *text, char *out, uint64_t out_size) {
    int limit = out_size > 0x7FFFFFFF ? 0x7FFFFFFF : (int)out_size;
    int count = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, -1, out, limit, NULL, NULL);
    if (count > 0) return count - 1;
    return GetLastError() == ERROR_INSUFFICIENT_BUFFER ? -BB_ENAMETOOLONG : bb_error();
}

// Folders may be no longer than 247 units without the prefix.
enum { LONGEST_PLAIN = 240 };

// Room for `\\?\UNC\`.
enum { PREFIX_ROOM = 8 };

wchar_t *bb_wide_path(const char *path, int32_t *error) {
    if (!path || !*path) {
        *error = -BB_ENOENT;
        return NULL;
    }
    wchar_t *given = bb_wide_text(path, error);
    if (!given) return NULL;
    // With the prefix the system takes a path as it stands: it must be absolute and clean then. So
    // GetFullPathName turns the slashes, and resolves dots.
    DWORD room = GetFullPathNameW(given, 0, NULL, NULL);
    wchar_t *full = room ? malloc(((size_t)room + PREFIX_ROOM) * sizeof *full) : NULL;
    wchar_t *at = full ? full + PREFIX_ROOM : NULL;
    DWORD length = full ? GetFullPathNameW(given, room, at, NULL) : 0;
    if (length == 0 || length >= room) {
        // The working folder of another thread's making may have grown in between: rare, an error.
        *error = full || !room ? bb_error() : -BB_ENOMEM;
        free(full);
        free(given);
        return NULL;
    }
    free(given);
    int is_device = length >= 4 && at[0] == L'\\' && at[1] == L'\\' &&
                    (at[2] == L'?' || at[2] == L'.') && at[3] == L'\\';
    wchar_t *start = at;
    if (length > LONGEST_PLAIN && !is_device) {
        if (at[0] == L'\\' && at[1] == L'\\') {
            // \\server\share → \\?\UNC\server\share
            start = at + 2 - PREFIX_ROOM;
            wmemcpy(start, L"\\\\?\\UNC\\", 8);
        } else {
            start = at - 4;
            wmemcpy(start, L"\\\\?\\", 4);
        }
    }
    wmemmove(full, start, wcslen(start) + 1);
    *error = 0;
    return full;
}

void *bb_newer_function(const char *name) {
    // Loaded in every process since Windows 7.
    HMODULE module = GetModuleHandleW(L"kernelbase.dll");
    return module ? (void *)(uintptr_t)GetProcAddress(module, name) : NULL;
}
#endif
