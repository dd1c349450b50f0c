// Drives LogProbe.swift, and checks what CPlatform promises on Windows. Each command prints its result; a
// check that fails is named on standard error, and the exit code is 1.
#include "CPlatform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

int64_t probe_write(const char *root, int64_t count, int64_t segment_bytes, int32_t closes);
int64_t probe_read(const char *path);
int64_t probe_recover(const char *path);

static int failures;

#define CHECK(what, ...)                                                              \
    do {                                                                              \
        if (!(what)) {                                                                \
            failures++;                                                               \
            fprintf(stderr, "line %d: %s:", __LINE__, #what);                        \
            fprintf(stderr, " " __VA_ARGS__);                                         \
            fprintf(stderr, "\n");                                                    \
        }                                                                             \
    } while (0)

static char folder[8192];

// A path below the test's folder; four at a time.
static const char *below(const char *name) {
    static char texts[4][8192];
    static int next;
    char *text = texts[next++ % 4];
    snprintf(text, sizeof texts[0], "%s/%s", folder, name);
    return text;
}

static void put_text(const char *path, const char *text) {
    int64_t file = bb_file_open(path, BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_TRUNCATE);
    CHECK(file > 0, "%lld", (long long)file);
    CHECK(bb_file_write(file, text, strlen(text), 0) == (int64_t)strlen(text));
    CHECK(bb_file_close(file) == 0);
}

static int has_text(const char *path, const char *text) {
    char found[256] = {0};
    int64_t file = bb_file_open(path, BB_OPEN_READ);
    if (file < 0) return 0;
    int64_t count = bb_file_read(file, found, sizeof found - 1, 0);
    bb_file_close(file);
    return count == (int64_t)strlen(text) && strcmp(found, text) == 0;
}

static void check_files(void) {
    const char *path = below("f 1.bin");
    int64_t file = bb_file_open(path, BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_EXCLUSIVE);
    CHECK(file > 0, "%lld", (long long)file);
    CHECK(bb_file_open(path, BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_EXCLUSIVE) == -BB_EEXIST);
    CHECK(bb_file_open(below("absent"), BB_OPEN_READ) == -BB_ENOENT);
    CHECK(bb_file_open(below("absent/x"), BB_OPEN_READ) == -BB_ENOENT);
    CHECK(bb_file_open(folder, BB_OPEN_READ) == -BB_EISDIR);
    CHECK(bb_file_allocate(file, 1 << 20) == 0);
    CHECK(bb_file_size(file) == 1 << 20);
    char four[5] = {0};
    CHECK(bb_file_write(file, "abcd", 4, 5000) == 4);
    CHECK(bb_file_read(file, four, 4, 5000) == 4 && strcmp(four, "abcd") == 0, "%s", four);
    CHECK(bb_file_read(file, four, 4, 1 << 20) == 0);
    CHECK(bb_file_read(file, four, 4, (1 << 20) - 2) == 2);
    CHECK(bb_file_set_size(file, 4096) == 0 && bb_file_size(file) == 4096);
    CHECK(bb_file_sync(file) == 0 && bb_file_sync_data(file) == 0);
    CHECK(bb_file_has_name(file) == 1);
    CHECK(bb_file_make_read_only(file) == 0);
    CHECK(bb_file_write(file, "x", 1, 0) == 1, "an open handle keeps its right");
    CHECK(bb_file_close(file) == 0);
    // Under Wine an administrator (root) may write it all the same, as on Linux.
    int64_t again = bb_file_open(path, BB_OPEN_WRITE);
    CHECK(again == -BB_EACCES || again > 0, "%lld", (long long)again);
    if (again > 0) bb_file_close(again);
    put_text(below("g"), "new");
    CHECK(bb_path_rename(below("g"), path) == 0, "over a read-only file");
    CHECK(has_text(path, "new"));
    CHECK(bb_path_remove(path) == 0);
    CHECK(bb_path_remove(path) == -BB_ENOENT);

    put_text(below("log"), "one ");
    file = bb_file_open(below("log"), BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_APPEND);
    int64_t other = bb_file_open(below("log"), BB_OPEN_WRITE | BB_OPEN_APPEND);
    CHECK(bb_file_put(file, "two ", 4) == 4 && bb_file_put(other, "three", 5) == 5);
    bb_file_close(file);
    bb_file_close(other);
    CHECK(has_text(below("log"), "one two three"));
    int64_t age = bb_clock_wall() / 1000000000 - bb_path_modified(below("log"));
    CHECK(age >= -2 && age < 60, "%lld", (long long)age);
    CHECK(bb_path_set_modified(below("log"), 1700000000) == 0);
    CHECK(bb_path_modified(below("log")) == 1700000000);
    CHECK(bb_path_set_modified(below("absent"), 0) == -BB_ENOENT);

    // Replaced while somebody reads it.
    put_text(below("h"), "old");
    put_text(below("i"), "new");
    int64_t reader = bb_file_open(below("h"), BB_OPEN_READ);
    int32_t replaced = bb_path_rename(below("i"), below("h"));
    CHECK(replaced == 0 || replaced == -BB_EACCES, "%d", replaced);
    bb_file_close(reader);
}

static void check_locks(void) {
    const char *path = below("lock");
    int64_t one = bb_file_open(path, BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE);
    int64_t two = bb_file_open(path, BB_OPEN_READ);
    CHECK(bb_file_lock(one, BB_LOCK_EXCLUSIVE) == 0);
    CHECK(bb_file_lock(two, BB_LOCK_EXCLUSIVE) == -BB_EAGAIN);
    CHECK(bb_file_lock(two, BB_LOCK_SHARED) == -BB_EAGAIN);
    CHECK(bb_file_write(two, "", 0, 0) == 0 && bb_file_write(one, "1", 1, 0) == 1);
    CHECK(bb_file_lock(one, BB_LOCK_SHARED) == 0, "from exclusive to shared");
    CHECK(bb_file_lock(two, BB_LOCK_SHARED) == 0);
    CHECK(bb_file_lock(one, BB_LOCK_EXCLUSIVE) == -BB_EAGAIN);
    CHECK(bb_file_close(two) == 0);
    CHECK(bb_file_lock(one, BB_LOCK_EXCLUSIVE) == 0);
    CHECK(bb_file_unlock(one) == 0 && bb_file_unlock(one) == 0);
    bb_file_close(one);
}

static void check_paths(void) {
    CHECK(bb_path_kind(folder) == BB_KIND_FOLDER);
    CHECK(bb_path_kind(below("absent/x")) == BB_KIND_NONE);
    CHECK(bb_path_make_folder(below("a/b")) == -BB_ENOENT);
    CHECK(bb_path_make_folder(folder) == -BB_EEXIST);
    CHECK(bb_path_make_folder("C:/") == -BB_EEXIST);
    CHECK(bb_path_sync_folder(folder) == 0);
    CHECK(bb_path_sync_folder(below("absent")) == -BB_ENOENT);
    CHECK(bb_path_free_bytes(folder) > 0);
    char text[8192];
    CHECK(bb_path_filesystem(folder, text, sizeof text) > 0);
    CHECK(bb_path_current(text, 3) == -BB_ENAMETOOLONG);
    CHECK(bb_path_of_module(text, sizeof text) > 0 && strstr(text, ".exe"), "%s", text);
    CHECK(bb_path_kind(text) == BB_KIND_FILE);
    CHECK(bb_path_absolute(below("absent"), text, sizeof text) == -BB_ENOENT);

    // Folder in folder, far beyond 260 units, with names that are not ASCII.
    char deep[8192];
    snprintf(deep, sizeof deep, "%s", folder);
    for (int i = 0; i < 8; i++) {
        strcat(deep, "/ein langer Name mit Umlauten äöü und 飛行記録 und 🛩");
        int32_t made = bb_path_make_folder(deep);
        CHECK(made == 0, "%d at %d bytes", made, (int)strlen(deep));
    }
    char file[8192];
    snprintf(file, sizeof file, "%s/%s", deep, "ß.txt");
    put_text(file, "deep");
    CHECK(has_text(file, "deep"));
    int32_t error = 1, names = 0;
    void *list = bb_folder_open(deep, &error);
    CHECK(list && error == 0, "%d", error);
    while (list && bb_folder_next(list, text, sizeof text) > 0) {
        CHECK(strcmp(text, "ß.txt") == 0, "%s", text);
        names++;
    }
    if (list) bb_folder_close(list);
    CHECK(names == 1, "%d", names);
    CHECK(bb_path_absolute(file, text, sizeof text) > 400 && text[0] != '\\', "%s", text);
    CHECK(!bb_folder_open(below("absent"), &error) && error == -BB_ENOENT, "%d", error);
    CHECK(bb_path_remove_folder(deep) == -BB_EEXIST);
    CHECK(bb_path_remove(file) == 0 && bb_path_remove_folder(deep) == 0);
    CHECK(bb_path_kind("bad \xFF\xFE") < 0 || bb_path_kind("bad \xFF\xFE") == BB_KIND_NONE);
}

// A link to a folder, made outside (Wine makes none): it is known as one, and what it leads to stays.
static void check_links(void) {
    CHECK(bb_path_is_link(below("absent")) == 0);
    CHECK(bb_path_is_link(folder) == 0);
    put_text(below("no link"), "x");
    CHECK(bb_path_is_link(below("no link")) == 0);
    CHECK(bb_path_remove(folder) == -BB_EACCES, "a folder is no file");
    CHECK(bb_path_is_link(below("link")) == 1);
    CHECK(bb_path_kind(below("link")) == BB_KIND_FOLDER);
    CHECK(has_text(below("link/precious"), "x"));
}

static void check_memory(void) {
    enum { SIZE = 1 << 20 };
    int64_t file = bb_file_open(below("map"), BB_OPEN_READ | BB_OPEN_WRITE | BB_OPEN_CREATE);
    CHECK(bb_file_allocate(file, SIZE) == 0);
    int32_t error;
    char *base = bb_map_file(file, SIZE, BB_MAP_WRITE, &error);
    CHECK(base && error == 0, "%d", error);
    if (!base) return;
    CHECK(bb_map_populate(base, SIZE) == 0 && base[0] == 0);
    memcpy(base + 5000, "mapped", 7);
    char text[16] = {0};
    CHECK(bb_file_read(file, text, 7, 5000) == 7 && strcmp(text, "mapped") == 0);
    CHECK(bb_file_write(file, "WRITTEN", 7, 9000) == 7 && memcmp(base + 9000, "WRITTEN", 7) == 0);
    CHECK(bb_file_sync(file) == 0 && bb_map_sync(base, SIZE) == 0);
    char *copy = bb_map_file(file, SIZE, BB_MAP_PRIVATE, &error);
    CHECK(copy && error == 0, "%d", error);
    if (copy) copy[5000] = 'M';
    CHECK(base[5000] == 'm');
    if (copy) CHECK(bb_map_remove(copy, SIZE) == 0);
    bb_map_will_read(base, SIZE);
    bb_map_did_read(base, SIZE);
    CHECK(memcmp(base + 5000, "mapped", 7) == 0);
    // Another one that is only read, as readers of a living log do it.
    int64_t second = bb_file_open(below("map"), BB_OPEN_READ);
    char *view = bb_map_file(second, SIZE, BB_MAP_READ, &error);
    CHECK(view && memcmp(view + 5000, "mapped", 7) == 0);
    base[5001] = 'A';
    CHECK(view && view[5001] == 'A');
    if (view) bb_map_remove(view, SIZE);
    bb_file_close(second);

    // A page that the disk can't deliver any more: the exception is raised by hand, the handler must put
    // memory in the view's place, keep what stood in front, and let the program go on.
    uint32_t failed = 0;
    int32_t slot = bb_guard_add(base, SIZE, &failed);
    CHECK(slot >= 0, "%d", slot);
    ULONG_PTR facts[3] = {1, (ULONG_PTR)(base + 20000), 0xC000009C};
    RaiseException(EXCEPTION_IN_PAGE_ERROR, 0, 3, facts);
    CHECK(failed == 1);
    CHECK(memcmp(base + 5000, "mApped", 7) == 0 && memcmp(base + 9000, "WRITTEN", 7) == 0);
    base[20000] = 'z';
    base[SIZE - 1] = 'z';
    CHECK(bb_map_populate(base, SIZE) == 0);
    CHECK(bb_file_read(file, text, 1, 20000) == 1 && text[0] == 0, "what comes now stays in memory");
    bb_guard_remove(slot);
    CHECK(bb_map_remove(base, SIZE) == 0);
    CHECK(bb_file_close(file) == 0);
}

static void *bell;
static uint32_t lock_word, counter;

static void count_up(void *context) {
    for (int i = 0; i < 100000; i++) {
        bb_spin_lock(&lock_word);
        counter++;
        bb_spin_unlock(&lock_word);
    }
    *(uint64_t *)context = bb_thread_id();
    bb_bell_ring(bell);
}

static void check_threads(void) {
    bell = bb_bell_make();
    CHECK(bb_bell_wait(bell, 1000000) == 0);
    bb_bell_ring(bell);
    CHECK(bb_bell_wait(bell, 0) == 1 && bb_bell_wait(bell, 0) == 0);
    uint64_t ids[3] = {0};
    void *threads[3];
    for (int i = 0; i < 3; i++) threads[i] = bb_thread_start(count_up, &ids[i], "probe");
    int rings = 0;
    for (int i = 0; i < 3 && counter < 300000; i++) rings += bb_bell_wait(bell, 10000000000);
    for (int i = 0; i < 3; i++) bb_thread_join(threads[i]);
    CHECK(counter == 300000, "%u", counter);
    CHECK(rings > 0);
    CHECK(ids[0] && ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != bb_thread_id());
    bb_bell_free(bell);

    uint64_t exact = bb_clock_exact(), coarse = bb_clock_coarse();
    // Comparable: a coarse one is at most a timer tick behind.
    int64_t apart = (int64_t)(exact - coarse);
    CHECK(apart > -40000000 && apart < 40000000, "%lld", (long long)apart);
    int64_t wall = bb_clock_wall();
    bb_thread_sleep_ns(50000000);
    uint64_t passed = bb_clock_exact() - exact;
    CHECK(passed >= 49000000 && passed < 5000000000, "%llu", (unsigned long long)passed);
    CHECK(bb_clock_coarse() > coarse);
    CHECK(bb_clock_wall() > wall && wall > 1600000000000000000);
    CHECK(bb_clock_utc_offset(wall / 1000000000) % 900 == 0);
    uint8_t boot[16], again[16], zeros[16] = {0};
    bb_boot_id(boot);
    bb_boot_id(again);
    CHECK(memcmp(boot, again, 16) == 0 && memcmp(boot, zeros, 16) != 0);
    bb_random(boot, 16);
    bb_random(again, 16);
    CHECK(memcmp(boot, again, 16) != 0);
    CHECK(*bb_fork_flag() == 0);
}

// This program itself as the child: `arguments` prints what it was given.
static void check_processes(void) {
    char self[8192];
    bb_path_of_module(self, sizeof self);
    const char *odd[] = {"", "two words", "quo\"te", "back\\slash\\", "end\\\\\"", "tab\there", "ünï 飛 🛩",
                         "*.c", "%PATH%", "C:\\x y\\"};
    enum { COUNT = sizeof odd / sizeof *odd };
    const char *argv[COUNT + 2] = {self, "arguments"};
    for (int i = 0; i < COUNT; i++) argv[i + 2] = odd[i];
    int64_t output = bb_file_open(below("child.txt"), BB_OPEN_WRITE | BB_OPEN_CREATE | BB_OPEN_APPEND);
    int64_t child = bb_process_start(argv, COUNT + 2, output);
    CHECK(child > 0, "%lld", (long long)child);
    bb_file_close(output);
    int32_t code = -BB_EAGAIN;
    for (int i = 0; i < 2000 && code == -BB_EAGAIN; i++) {
        code = bb_process_poll(child);
        if (code == -BB_EAGAIN) bb_thread_sleep_ns(10000000);
    }
    CHECK(code == 7, "%d", code);
    char wanted[1024] = {0};
    for (int i = 0; i < COUNT; i++) strcat(strcat(wanted, odd[i]), "\n");
    char found[1024] = {0};
    int64_t file = bb_file_open(below("child.txt"), BB_OPEN_READ);
    bb_file_read(file, found, sizeof found - 1, 0);
    bb_file_close(file);
    CHECK(strcmp(found, wanted) == 0, "%s", found);

    const char *absent[] = {"C:/absent/program.exe", "x"};
    CHECK(bb_process_start(absent, 2, -1) == -BB_ENOENT);
    CHECK(bb_process_lives(bb_process_id()) == 1);
    CHECK(bb_process_lives(0xFFFFFFF0) == 0);
    char text[64];
    CHECK(bb_environment("ABSENT_VARIABLE", text, sizeof text) == -BB_ENOENT);
    CHECK(bb_environment("PROBE_VARIABLE", text, sizeof text) > 0 && strcmp(text, "wert ü") == 0, "%s", text);
    CHECK(bb_environment("PROBE_VARIABLE", text, 3) == -BB_ENAMETOOLONG);
}

static void check_sums(void) {
    const char *text = "123456789";
    CHECK((bb_crc32c(0xFFFFFFFF, text, 9) ^ 0xFFFFFFFF) == 0xE3069283);
    CHECK((bb_crc32c_table(0xFFFFFFFF, text, 9) ^ 0xFFFFFFFF) == 0xE3069283);
    char copy[16];
    CHECK(bb_copy_text(copy, text, sizeof copy) == 10 && bb_copy_text(copy, text, 9) == 0);
}

static char *utf8_of(const wchar_t *wide) {
    int room = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *text = malloc((size_t)room);
    WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, room, NULL, NULL);
    return text;
}

int main(void) {
    int count;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    char **arguments = calloc((size_t)count + 1, sizeof *arguments);
    for (int i = 0; i < count; i++) arguments[i] = utf8_of(wide[i]);
    const char *command = count > 1 ? arguments[1] : "";
    if (strcmp(command, "arguments") == 0) {
        for (int i = 2; i < count; i++)
            bb_file_put(1, arguments[i], strlen(arguments[i])), bb_file_put(1, "\n", 1);
        return 7;
    }
    if (strcmp(command, "platform") == 0 && count == 3) {
        snprintf(folder, sizeof folder, "%s", arguments[2]);
        check_files();
        check_locks();
        check_paths();
        check_links();
        check_memory();
        check_threads();
        check_processes();
        check_sums();
        printf("%d failures\n", failures);
        return failures != 0;
    }
    // write FOLDER COUNT SEGMENT-BYTES close|kill|exit
    if (strcmp(command, "write") == 0 && count == 6) {
        int64_t kept = probe_write(
            arguments[2], atoll(arguments[3]), atoll(arguments[4]), strcmp(arguments[5], "close") == 0);
        printf("%lld\n", (long long)kept);
        fflush(stdout);
        if (strcmp(arguments[5], "kill") == 0) TerminateProcess(GetCurrentProcess(), 137);
        return kept < 0;
    }
    if (strcmp(command, "read") == 0 && count == 3) {
        printf("%lld\n", (long long)probe_read(arguments[2]));
        return 0;
    }
    if (strcmp(command, "recover") == 0 && count == 3) {
        printf("%lld\n", (long long)probe_recover(arguments[2]));
        return 0;
    }
    fprintf(stderr, "probe: platform FOLDER | write FOLDER COUNT BYTES close|kill|exit | read LOG | recover LOG\n");
    return 2;
}
