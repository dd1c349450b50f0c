// See game.h. The facts are those of docs/formats/commands.md and the interface of Arma's extensions.
#include "game.h"

#include "os.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef void version_entry(char *out, uint32_t size);
typedef void text_entry(char *out, uint32_t size, const char *function);
typedef int32_t arguments_entry(char *out, uint32_t size, const char *function, const char **arguments,
                                uint32_t count);
typedef int callback_entry(const char *name, const char *function, const char *data);
typedef void register_entry(callback_entry *callback);
typedef void context_entry(const char **arguments, uint32_t count);

static struct {
    game_settings settings;
    version_entry *version;
    text_entry *text;
    arguments_entry *arguments;
    register_entry *registration;
    context_entry *context;
    const volatile uint64_t *flags;
    char version_text[33];
    uint64_t loaded_at, load_time, contexts;
    game_faults faults;
    char *memory, *out;  // the reply buffer with GUARD bytes before and behind it
} game;

// The bit of RVExtensionFeatureFlags that switches the automatic context off, and the one that asks
// for its values in their own types.
enum { CONTEXT_TYPED = 1, CONTEXT_ON_REQUEST = 4 };
enum { GUARD = 64, GUARD_BYTE = 0xA5, SOIL_BYTE = 0x7F };

// ── Callbacks ─────────────────────────────────────────────────────────────────────────────────

// The engine's buffer: filled by any thread, emptied by the game thread once a frame.
static struct {
    atomic_flag lock;
    game_callback *slots;
    uint32_t count, size;
    uint64_t refused;
} buffer = {.lock = ATOMIC_FLAG_INIT};

// What was taken out of it, and how many of them an earlier wait used up.
static struct {
    game_callback *items;
    bool *used;
    uint64_t count, size;
} arrived;

static void lock_buffer(void) {
    while (atomic_flag_test_and_set_explicit(&buffer.lock, memory_order_acquire)) os_sleep(1000);
}
static void unlock_buffer(void) { atomic_flag_clear_explicit(&buffer.lock, memory_order_release); }

static char *copy_of(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy == NULL) abort();
    return memcpy(copy, text, size);
}

static int on_callback(const char *name, const char *function, const char *data) {
    if (name == NULL || function == NULL || data == NULL) {
        lock_buffer();
        game.faults.null_texts++;
        unlock_buffer();
        return 0;
    }
    game_callback item = {copy_of(name), copy_of(function), copy_of(data), 0};
    lock_buffer();
    int32_t free_places = -1;
    if (buffer.count < buffer.size) {
        buffer.slots[buffer.count++] = item;
        free_places = (int32_t)(buffer.size - buffer.count);
    } else {
        buffer.refused++;
    }
    unlock_buffer();
    if (free_places < 0) {
        free(item.name);
        free(item.function);
        free(item.data);
    }
    return free_places;
}

static bool is_utf8(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    while (*p != 0) {
        if (*p < 0x80) {
            p++;
            continue;
        }
        unsigned more = *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : 1;
        if (*p < 0xC2 || *p > 0xF4) return false;
        unsigned low = *p == 0xE0 ? 0xA0 : *p == 0xF0 ? 0x90 : 0x80;
        unsigned high = *p == 0xED ? 0x9F : *p == 0xF4 ? 0x8F : 0xBF;
        if (p[1] < low || p[1] > high) return false;
        for (unsigned i = 2; i <= more; i++)
            if ((p[i] & 0xC0) != 0x80) return false;
        p += more + 1;
    }
    return true;
}

static void complain(uint64_t *counter, const char *what, const char *about) {
    if ((*counter)++ < 5) fprintf(stderr, "armahost: the plug-in %s: %.200s\n", what, about);
}

void game_frame(void) {
    lock_buffer();
    uint32_t count = buffer.count;
    game_callback taken[GAME_CALLBACK_SLOTS];
    memcpy(taken, buffer.slots, count * sizeof *taken);
    buffer.count = 0;
    unlock_buffer();
    for (uint32_t i = 0; i < count; i++) {
        if (arrived.count == arrived.size) {
            arrived.size = arrived.size == 0 ? 256 : arrived.size * 2;
            arrived.items = realloc(arrived.items, arrived.size * sizeof *arrived.items);
            arrived.used = realloc(arrived.used, arrived.size * sizeof *arrived.used);
            if (arrived.items == NULL || arrived.used == NULL) abort();
        }
        taken[i].at = os_now();
        arrived.items[arrived.count] = taken[i];
        arrived.used[arrived.count++] = false;
        if (!is_utf8(taken[i].name) || !is_utf8(taken[i].function) || !is_utf8(taken[i].data))
            complain(&game.faults.not_utf8, "sent a callback that is not UTF-8", taken[i].function);
        if (!game.settings.quiet)
            printf("callback %s %s %s\n", taken[i].name, taken[i].function, taken[i].data);
    }
}

bool game_take(const char *function) {
    for (uint64_t i = 0; i < arrived.count; i++) {
        if (arrived.used[i] || strcmp(arrived.items[i].function, function) != 0) continue;
        arrived.used[i] = true;
        return true;
    }
    return false;
}

const game_callback *game_callbacks(uint64_t *count) {
    *count = arrived.count;
    return arrived.items;
}

uint64_t game_refused(void) { return buffer.refused; }

// ── Loading ───────────────────────────────────────────────────────────────────────────────────

static bool allocate_buffers(void) {
    buffer.size = game.settings.callback_slots;
    buffer.slots = calloc(GAME_CALLBACK_SLOTS, sizeof *buffer.slots);
    game.memory = malloc(GUARD + (size_t)game.settings.out_size + GUARD);
    if (buffer.slots == NULL || game.memory == NULL) return false;
    memset(game.memory, GUARD_BYTE, GUARD + (size_t)game.settings.out_size + GUARD);
    game.out = game.memory + GUARD;
    return true;
}

bool game_load(const game_settings *settings) {
    game.settings = *settings;
    if (!allocate_buffers()) {
        fprintf(stderr, "armahost: out of memory\n");
        return false;
    }
    game.loaded_at = os_now();
    char error[1024];
    void *library = os_library_open(settings->path, error, sizeof error);
    if (library == NULL) {
        fprintf(stderr, "armahost: cannot load the plug-in %s: %s\n", settings->path, error);
        return false;
    }
    game.version = (version_entry *)os_library_symbol(library, "RVExtensionVersion");
    game.text = (text_entry *)os_library_symbol(library, "RVExtension");
    game.arguments = (arguments_entry *)os_library_symbol(library, "RVExtensionArgs");
    game.registration = (register_entry *)os_library_symbol(library, "RVExtensionRegisterCallback");
    game.context = (context_entry *)os_library_symbol(library, "RVExtensionContext");
    game.flags = os_library_symbol(library, "RVExtensionFeatureFlags");
    if (game.text == NULL || game.arguments == NULL) {
        fprintf(stderr, "armahost: %s exports no %s: is it an extension?\n", settings->path,
                game.text == NULL ? "RVExtension" : "RVExtensionArgs");
        return false;
    }
    if (game.flags != NULL && !os_symbol_is_data(library, "RVExtensionFeatureFlags")) {
        fprintf(stderr, "armahost: RVExtensionFeatureFlags of %s is a function; it must be a variable\n",
                settings->path);
        return false;
    }
    if (game.version != NULL) {
        char out[GUARD];
        memset(out, SOIL_BYTE, sizeof out);
        game.version(out, 32);
        for (size_t i = 32; i < sizeof out; i++)
            if (out[i] != SOIL_BYTE) game.faults.overruns++;
        if (memchr(out, 0, 32) == NULL) complain(&game.faults.unterminated, "did not end its", "version");
        out[32] = 0;
        memcpy(game.version_text, out, 33);
    }
    if (game.registration != NULL) game.registration(on_callback);
    game.load_time = os_now() - game.loaded_at;
    if (!settings->quiet)
        printf("CallExtension loaded: ocap_recorder (%s) [%s]\n", settings->path, game.version_text);
    return true;
}

const char *game_version(void) { return game.version_text; }
uint64_t game_load_time(void) { return game.load_time; }
uint64_t game_loaded_at(void) { return game.loaded_at; }
uint64_t game_flags(void) { return game.flags != NULL ? *game.flags : 0; }
uint64_t game_contexts(void) { return game.contexts; }
const game_faults *game_fault_counts(void) { return &game.faults; }

// ── Calls ─────────────────────────────────────────────────────────────────────────────────────

// Who makes the calls: what RVExtensionContext is told, in its order.
enum { CALLER_STEAM_ID, CALLER_FILE, CALLER_MISSION, CALLER_SERVER, CALLER_OWNER, CALLER_VALUES };
static const char *const caller_keys[CALLER_VALUES] = {"steamId", "file", "mission", "server", "owner"};
static const char *caller[CALLER_VALUES] = {"0", "recorder\\fnc_captureLoop.sqf", "A mission", "A server",
                                            "0"};
static uint32_t caller_given = CALLER_VALUES;

bool game_set_caller(const char *setting) {
    const char *value = strchr(setting, '=');
    if (value == NULL) return false;
    size_t length = (size_t)(value++ - setting);
    if (length == 5 && memcmp(setting, "given", 5) == 0) {
        if (value[0] < '0' || value[0] > '0' + CALLER_VALUES || value[1] != 0) return false;
        caller_given = (uint32_t)(value[0] - '0');
        return true;
    }
    for (int i = 0; i < CALLER_VALUES; i++) {
        if (strlen(caller_keys[i]) != length || memcmp(setting, caller_keys[i], length) != 0) continue;
        caller[i] = copy_of(value);  // set a few times in a run, so the older text may stay
        return true;
    }
    return false;
}

static void give_context(void) {
    if (game.context == NULL || caller_given == 0) return;
    game.contexts++;
    const char *arguments[CALLER_VALUES];
    memcpy(arguments, caller, sizeof arguments);
    if (game_flags() & CONTEXT_TYPED) {
        // Numbers are stored in the pointers themselves.
        arguments[CALLER_STEAM_ID] = (const char *)(uintptr_t)strtoull(caller[CALLER_STEAM_ID], NULL, 10);
        arguments[CALLER_OWNER] = (const char *)(intptr_t)strtol(caller[CALLER_OWNER], NULL, 10);
    }
    game.context(arguments, caller_given);
}

// What a plug-in may ask for instead of the automatic context, from inside a call.
EXPORT void RVExtensionRequestContext(void) { give_context(); }

void game_prepare(void) {
    if (!(game_flags() & CONTEXT_ON_REQUEST)) give_context();
    memset(game.out, SOIL_BYTE, game.settings.out_size < 256 ? game.settings.out_size : 256);
}

int32_t game_call_text(const char *function) {
    game.text(game.out, game.settings.out_size, function);
    return 0;
}

int32_t game_call_arguments(const char *function, const char **arguments, uint32_t count) {
    return game.arguments(game.out, game.settings.out_size, function, arguments, count);
}

static bool is_guard(const char *bytes) {
    for (size_t i = 0; i < GUARD; i++)
        if ((unsigned char)bytes[i] != GUARD_BYTE) return false;
    return true;
}

const char *game_finish(int32_t code) {
    uint32_t size = game.settings.out_size;
    if (!is_guard(game.memory) || !is_guard(game.out + size)) {
        complain(&game.faults.overruns, "wrote outside its reply buffer", "");
        memset(game.memory, GUARD_BYTE, GUARD);
        memset(game.out + size, GUARD_BYTE, GUARD);
    }
    if (code != 0 && game.faults.return_codes++ < 5)
        fprintf(stderr, "armahost: RVExtensionArgs returned %d\n", code);
    if (size == 0) return "";
    if (memchr(game.out, 0, size) == NULL) {
        complain(&game.faults.unterminated, "did not end a reply", "");
        return "";
    }
    if (!is_utf8(game.out)) complain(&game.faults.not_utf8, "gave a reply that is not UTF-8", game.out);
    return game.out;
}

bool game_reply_begins(const char *start) {
    size_t length = strlen(start);
    return game.settings.out_size > length && memcmp(game.out, start, length) == 0;
}

void game_probe_nil(void) {
    const char *none[3] = {NULL, NULL, NULL};
    const char *some[3] = {"1", NULL, "\"x\""};
    char out[64];
    if (game.version != NULL) {
        game.version(NULL, 0);
        game.version(NULL, 32);
        game.version(out, 0);
    }
    game.text(NULL, 0, NULL);
    game.text(NULL, 64, ":SYS:VERSION:");
    game.text(out, 0, ":SYS:VERSION:");
    game.text(out, sizeof out, NULL);
    game.arguments(NULL, 0, NULL, NULL, 0);
    game.arguments(NULL, 64, ":SYS:VERSION:", NULL, 0);
    game.arguments(out, 0, ":SYS:VERSION:", NULL, 0);
    game.arguments(out, sizeof out, ":SYS:LOG:", NULL, 3);
    game.arguments(out, sizeof out, ":SYS:LOG:", none, 3);
    game.arguments(out, sizeof out, ":SYS:LOG:", some, 3);
    game.arguments(out, sizeof out, ":SOLDIER:STATE:", none, 3);
    game.arguments(out, sizeof out, NULL, some, 1);
    if (game.context != NULL) {
        game.context(NULL, 0);
        game.context(NULL, 5);
        game.context(none, 3);
    }
    printf("the calls with NULL pointers and empty buffers were survived\n");
}
