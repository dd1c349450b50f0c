// What the Windows files share: error numbers, paths, functions that older versions lack.
#ifndef BLACKBOX_WINDOWS_INTERNAL_H
#define BLACKBOX_WINDOWS_INTERNAL_H

// Windows 7 is what the linker may ask for; anything newer is looked up when it runs.
#define WINVER 0x0601
#define _WIN32_WINNT 0x0601
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>

#include "CPlatform.h"

// The header's number for a Windows error, negative.
int32_t bb_error_of(DWORD error);
static inline int32_t bb_error(void) { return bb_error_of(GetLastError()); }

// A path as the system wants it: absolute, UTF-16, with the prefix that lifts the limit of 260 units
// when it is long. Freed with bb_wide_free. NULL and *error (negative) on failure.
wchar_t *bb_wide_path(const char *path, int32_t *error);
// Any text in UTF-16; same ownership.
wchar_t *bb_wide_text(const char *text, int32_t *error);
void bb_wide_free(wchar_t *text);

// Text into `out` as UTF-8 with its NUL. Length, BB_ENAMETOOLONG when it does not fit, BB_EINVAL when it
// has half a surrogate pair.
int64_t bb_utf8(const wchar_t *text, char *out, uint64_t out_size);

static inline HANDLE bb_handle(int64_t file) {
    // Real handles are multiples of 4 above 0; 0, 1 and 2 stand for the standard streams.
    switch (file) {
        case 0: return GetStdHandle(STD_INPUT_HANDLE);
        case 1: return GetStdHandle(STD_OUTPUT_HANDLE);
        case 2: return GetStdHandle(STD_ERROR_HANDLE);
        default: return (HANDLE)(intptr_t)file;
    }
}

// A function of kernelbase.dll, or NULL where the system has none of that name.
void *bb_newer_function(const char *name);

// Writes back the pages of every writable mapping of this file (WindowsMemory.c): unlike fdatasync,
// flushing a file leaves pages alone that only a mapping has dirtied.
int32_t bb_flush_views(HANDLE file);

#endif
