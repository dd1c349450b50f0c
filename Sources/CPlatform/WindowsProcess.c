// This process, and starting another one from inside a game, on Windows.
#ifdef _WIN32
#include "WindowsInternal.h"

#include <ntsecapi.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

uint64_t bb_process_id(void) { return GetCurrentProcessId(); }

int32_t bb_process_lives(uint64_t process) {
    if (process == 0 || process > 0xFFFFFFFF) return 0;
    HANDLE handle = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)process);
    // Somebody else's process lives, too.
    if (!handle) return GetLastError() == ERROR_ACCESS_DENIED ? 1 : 0;
    int32_t lives = WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
    CloseHandle(handle);
    return lives;
}

// Windows has no number of the boot that is random; two facts together tell two boots apart: the moment of
// the start, without later changes of the clock, and the system's own count of its starts.
void bb_boot_id(uint8_t *out) {
    memset(out, 0, 16);
    struct {
        LARGE_INTEGER boot, now, zone_bias;
        ULONG zone, reserved;
        ULONGLONG boot_bias, sleep_bias;
    } facts = {0};
    typedef LONG(WINAPI * query)(int, void *, ULONG, ULONG *);
    HMODULE module = GetModuleHandleW(L"ntdll.dll");
    query call = module ? (query)(uintptr_t)GetProcAddress(module, "NtQuerySystemInformation") : NULL;
    enum { TIME_OF_DAY = 3 };
    if (call && call(TIME_OF_DAY, &facts, sizeof facts, NULL) >= 0) {
        uint64_t start = (uint64_t)facts.boot.QuadPart - facts.boot_bias;
        memcpy(out, &start, sizeof start);
    }
    // The page that the kernel shares with every process, at its fixed address; 0 before Windows 10.
    uint32_t count;
    memcpy(&count, (const void *)(uintptr_t)0x7FFE02C4, sizeof count);
    memcpy(out + 8, &count, sizeof count);
}

#ifdef BLACKBOX_PLUGIN
// Linked in: no file to look for.
const char *bb_icom_load(const char *path, struct bb_icom *icom) {
    (void)path;
    return blackbox_icom_start(icom);
}
#else
const char *bb_icom_load(const char *path, struct bb_icom *icom) {
    (void)path, (void)icom;
    return "only the plug-in has it";
}
#endif

// There is no fork.
const uint32_t *bb_fork_flag(void) {
    static const uint32_t never = 0;
    return &never;
}

void bb_random(void *out, uint64_t count) {
    uint64_t done = 0;
    while (done < count) {
        ULONG step = count - done < 65536 ? (ULONG)(count - done) : 65536;
        if (!RtlGenRandom((char *)out + done, step)) break;
        done += step;
    }
    // No source at all: clocks and addresses still tell two logs apart.
    uint64_t state = bb_clock_exact() ^ (uint64_t)bb_clock_wall() ^ (uint64_t)(uintptr_t)out ^
                     (uint64_t)GetCurrentProcessId() << 32;
    while (done < count) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        ((uint8_t *)out)[done++] = (uint8_t)(state >> 56);
    }
}

// A command line is one text; the program takes it apart by the rules of CommandLineToArgvW: quotes
// around an argument, backslashes doubled in front of a quote (and only there).
static wchar_t *put_argument(wchar_t *to, const wchar_t *argument) {
    if (*argument && !wcspbrk(argument, L" \t\n\v\"")) {
        size_t length = wcslen(argument);
        wmemcpy(to, argument, length);
        return to + length;
    }
    *to++ = L'"';
    for (;;) {
        size_t slashes = 0;
        while (*argument == L'\\') argument++, slashes++;
        size_t wanted = *argument == 0 ? slashes * 2 : *argument == L'"' ? slashes * 2 + 1 : slashes;
        wmemset(to, L'\\', wanted);
        to += wanted;
        if (*argument == 0) break;
        *to++ = *argument++;
    }
    *to++ = L'"';
    return to;
}

static wchar_t *command_line(const char *const *argv, uint32_t argc, int32_t *error) {
    size_t room = 1;
    for (uint32_t i = 0; i < argc; i++) room += strlen(argv[i]) * 2 + 4;
    wchar_t *line = malloc(room * sizeof *line);
    if (!line) {
        *error = -BB_ENOMEM;
        return NULL;
    }
    wchar_t *at = line;
    for (uint32_t i = 0; i < argc; i++) {
        wchar_t *argument = bb_wide_text(argv[i], error);
        if (!argument) {
            free(line);
            return NULL;
        }
        if (i > 0) *at++ = L' ';
        at = put_argument(at, argument);
        bb_wide_free(argument);
    }
    *at = 0;
    return line;
}

// What the child gets: these handles and no other one of the game's.
struct inheritance {
    HANDLE null_device, output;
    HANDLE list[2];
    LPPROC_THREAD_ATTRIBUTE_LIST attributes;
};

static void end_inheritance(struct inheritance *given) {
    if (given->attributes) DeleteProcThreadAttributeList(given->attributes);
    free(given->attributes);
    if (given->null_device) CloseHandle(given->null_device);
    if (given->output) CloseHandle(given->output);
}

static int32_t begin_inheritance(struct inheritance *given, int64_t output) {
    memset(given, 0, sizeof *given);
    SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
    HANDLE null_device = CreateFileW(
        L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inheritable,
        OPEN_EXISTING, 0, NULL);
    if (null_device == INVALID_HANDLE_VALUE) return bb_error();
    given->null_device = null_device;
    given->list[0] = null_device;
    DWORD count = 1;
    HANDLE self = GetCurrentProcess();
    if (output >= 0) {
        if (!DuplicateHandle(
                self, bb_handle(output), self, &given->output, 0, TRUE, DUPLICATE_SAME_ACCESS))
            return bb_error();
        given->list[count++] = given->output;
    }
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    LPPROC_THREAD_ATTRIBUTE_LIST attributes = malloc(size);
    if (!attributes) return -BB_ENOMEM;
    if (!InitializeProcThreadAttributeList(attributes, 1, 0, &size)) {
        free(attributes);
        return bb_error();
    }
    given->attributes = attributes;
    return UpdateProcThreadAttribute(
               attributes, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, given->list,
               count * sizeof(HANDLE), NULL, NULL)
               ? 0
               : bb_error();
}

static int64_t create(const wchar_t *program, wchar_t *line, const struct inheritance *given) {
    STARTUPINFOEXW start;
    memset(&start, 0, sizeof start);
    start.StartupInfo.cb = sizeof start;
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = given->null_device;
    start.StartupInfo.hStdOutput = given->output ? given->output : given->null_device;
    start.StartupInfo.hStdError = start.StartupInfo.hStdOutput;
    start.lpAttributeList = given->attributes;
    DWORD flags = CREATE_NO_WINDOW | DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP |
                  BELOW_NORMAL_PRIORITY_CLASS | CREATE_UNICODE_ENVIRONMENT |
                  EXTENDED_STARTUPINFO_PRESENT;
    PROCESS_INFORMATION made;
    // Out of the job of a service manager, which would end it with the game; where that is forbidden,
    // within it.
    BOOL done = CreateProcessW(
        program, line, NULL, NULL, TRUE, flags | CREATE_BREAKAWAY_FROM_JOB, NULL, NULL,
        &start.StartupInfo, &made);
    if (!done && GetLastError() == ERROR_ACCESS_DENIED)
        done = CreateProcessW(
            program, line, NULL, NULL, TRUE, flags, NULL, NULL, &start.StartupInfo, &made);
    if (!done) return bb_error();
    CloseHandle(made.hThread);
    return (int64_t)(intptr_t)made.hProcess;
}

int64_t bb_process_start(const char *const *argv, uint32_t argc, int64_t output) {
    if (argc == 0) return -BB_EINVAL;
    int32_t error;
    wchar_t *program = bb_wide_path(argv[0], &error);
    wchar_t *line = program ? command_line(argv, argc, &error) : NULL;
    int64_t result = error;
    if (line) {
        struct inheritance given;
        error = begin_inheritance(&given, output);
        result = error == 0 ? create(program, line, &given) : error;
        end_inheritance(&given);
    }
    free(line);
    bb_wide_free(program);
    return result;
}

int32_t bb_process_poll(int64_t process) {
    HANDLE handle = bb_handle(process);
    DWORD waited = WaitForSingleObject(handle, 0);
    if (waited == WAIT_TIMEOUT) return -BB_EAGAIN;
    DWORD code = 0;
    int32_t result = 0;
    if (waited != WAIT_OBJECT_0 || !GetExitCodeProcess(handle, &code)) result = bb_error();
    // An exception's number is above 0x80000000; on Linux that end would be a signal's.
    else result = code > 0x7FFFFFFF ? 128 : (int32_t)code;
    CloseHandle(handle);
    return result;
}

int64_t bb_environment(const char *name, char *out, uint64_t out_size) {
    int32_t error;
    wchar_t *wide = bb_wide_text(name, &error);
    if (!wide) return error;
    DWORD room = GetEnvironmentVariableW(wide, NULL, 0);
    int64_t result = -BB_ENOENT;
    wchar_t *value = room ? malloc(room * sizeof *value) : NULL;
    if (value) {
        DWORD length = GetEnvironmentVariableW(wide, value, room);
        if (length < room) {
            value[length] = 0;
            result = bb_utf8(value, out, out_size);
        }
    } else if (room) {
        result = -BB_ENOMEM;
    }
    free(value);
    bb_wide_free(wide);
    return result;
}

void *bb_game_function(const char *name) {
#ifdef BLACKBOX_PLUGIN
    return (void *)(uintptr_t)GetProcAddress(GetModuleHandleW(NULL), name);
#else
    // A tool or a test is not inside a game.
    (void)name;
    return NULL;
#endif
}
#endif
