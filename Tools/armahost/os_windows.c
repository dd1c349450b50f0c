// os.h for Windows (built with mingw). Paths arrive in the system's own code page from main(); they are
// turned into UTF-16 through UTF-8 where a call takes one (main asks for UTF-8 arguments first).
#include "os.h"

#include <errno.h>
#include <io.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <psapi.h>

uint64_t os_now(void) {
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;
    if (frequency.QuadPart == 0) QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    uint64_t ticks = (uint64_t)count.QuadPart, rate = (uint64_t)frequency.QuadPart;
    return ticks / rate * 1000000000u + ticks % rate * 1000000000u / rate;
}

void os_sleep(uint64_t nanoseconds) {
    DWORD milliseconds = (DWORD)((nanoseconds + 999999) / 1000000);
    Sleep(milliseconds);
}

static uint64_t time_of(FILETIME kernel, FILETIME user) {
    uint64_t a = (uint64_t)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime;
    uint64_t b = (uint64_t)user.dwHighDateTime << 32 | user.dwLowDateTime;
    return (a + b) * 100;
}

uint64_t os_thread_cpu(void) {
    FILETIME created, ended, kernel, user;
    if (!GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user)) return 0;
    return time_of(kernel, user);
}

uint64_t os_process_cpu(void) {
    FILETIME created, ended, kernel, user;
    if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) return 0;
    return time_of(kernel, user);
}

// UTF-8 to UTF-16; the caller frees it.
static wchar_t *wide(const char *text) {
    int count = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *result = malloc(((size_t)count + 1) * sizeof *result);
    if (result == NULL) abort();
    MultiByteToWideChar(CP_UTF8, 0, text, -1, result, count);
    result[count] = 0;
    return result;
}

static void describe(DWORD number, char *error, size_t error_size) {
    wchar_t text[512] = L"";
    FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, number, 0, text, 511, NULL);
    if (WideCharToMultiByte(CP_UTF8, 0, text, -1, error, (int)error_size, NULL, NULL) == 0 || error[0] == 0)
        snprintf(error, error_size, "error %lu", number);
}

void *os_library_open(const char *path, char *error, size_t error_size) {
    wchar_t *name = wide(path);
    HMODULE library = LoadLibraryW(name);
    if (library == NULL) describe(GetLastError(), error, error_size);
    free(name);
    return (void *)library;
}

void *os_library_symbol(void *library, const char *name) {
    return (void *)GetProcAddress((HMODULE)library, name);
}

bool os_symbol_is_data(void *library, const char *name) {
    // Code lies in executable pages.
    MEMORY_BASIC_INFORMATION page;
    void *address = os_library_symbol(library, name);
    if (address == NULL || VirtualQuery(address, &page, sizeof page) == 0) return true;
    return (page.Protect & (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE)) == 0;
}

FILE *os_stream_open(const char *path, char *error, size_t error_size) {
    if (strcmp(path, "-") == 0) {
        _setmode(_fileno(stdin), _O_BINARY);
        return stdin;
    }
    size_t length = strlen(path);
    if (length >= 3 && strcmp(path + length - 3, ".gz") == 0) {
        snprintf(error, error_size, "unpack it first: there is no gzip to count on here");
        return NULL;
    }
    wchar_t *name = wide(path);
    FILE *file = _wfopen(name, L"rb");
    free(name);
    if (file == NULL) snprintf(error, error_size, "%s", strerror(errno));
    return file;
}

bool os_stream_close(FILE *file) {
    if (file != stdin) fclose(file);
    return true;
}

void *os_map_new_file(const char *path, size_t size) {
    wchar_t *name = wide(path);
    HANDLE file = CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    free(name);
    if (file == INVALID_HANDLE_VALUE) return NULL;
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, (DWORD)size, NULL);
    void *base = mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, size) : NULL;
    if (mapping != NULL) CloseHandle(mapping);
    CloseHandle(file);
    return base;
}

int os_open_for_writing(const char *path) {
    wchar_t *name = wide(path);
    int file = _wopen(name, _O_WRONLY | _O_CREAT | _O_TRUNC | _O_BINARY, 0644);
    free(name);
    return file;
}

int64_t os_write(int file, const void *bytes, size_t size) { return _write(file, bytes, (unsigned)size); }

_Noreturn void os_kill_self(void) {
    TerminateProcess(GetCurrentProcess(), 137);
    for (;;) Sleep(1000);
}

static DWORD WINAPI kill_later(void *nanoseconds) {
    os_sleep((uint64_t)(uintptr_t)nanoseconds);
    os_kill_self();
}

bool os_kill_self_after(uint64_t nanoseconds) {
    HANDLE thread = CreateThread(NULL, 0, kill_later, (void *)(uintptr_t)nanoseconds, 0, NULL);
    if (thread == NULL) return false;
    CloseHandle(thread);
    return true;
}

void os_note_interrupts(void) {}

bool os_is_interrupted(void) { return false; }

// Faults of one thread are not told apart here.
bool os_counts_thread_faults(void) { return false; }
void os_thread_faults(uint64_t *minor, uint64_t *major) { *minor = *major = 0; }

uint64_t os_resident(void) {
    PROCESS_MEMORY_COUNTERS counters;
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters)) return 0;
    return counters.WorkingSetSize;
}

uint64_t os_peak_resident(void) {
    PROCESS_MEMORY_COUNTERS counters;
    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters)) return 0;
    return counters.PeakWorkingSetSize;
}

bool os_counts_allocations(void) { return false; }
void os_allocations_arm(void) {}
uint64_t os_allocations_disarm(void) { return 0; }
bool os_syscall_watch_start(void) { return false; }
void os_syscall_watch_arm(void) {}
bool os_syscall_watch_disarm(long *number) {
    *number = 0;
    return false;
}

char **os_utf8_arguments(int *count) {
    wchar_t **texts = CommandLineToArgvW(GetCommandLineW(), count);
    if (texts == NULL) return NULL;
    char **result = calloc((size_t)*count + 1, sizeof *result);
    if (result == NULL) abort();
    for (int i = 0; i < *count; i++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, texts[i], -1, NULL, 0, NULL, NULL);
        result[i] = malloc((size_t)size);
        if (result[i] == NULL) abort();
        WideCharToMultiByte(CP_UTF8, 0, texts[i], -1, result[i], size, NULL, NULL);
    }
    return result;
}
