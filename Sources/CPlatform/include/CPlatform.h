// The only place with #ifdef: what Blackbox asks of the operating system and the processor.
//
// Conventions, for every function below unless its comment says otherwise:
//   * paths are UTF-8, NUL-terminated; the Windows half converts them;
//   * a failure is a negative error number in the numbering of Linux's errno (BB_E… below), on
//     Windows translated to it; 0 or a positive value is success;
//   * any thread may call; nothing here takes a lock that the game thread may want;
//   * signatures use fixed-width integers and pointers only (the Windows route compiles the Swift
//     side for another target than the C side).
#ifndef BLACKBOX_CPLATFORM_H
#define BLACKBOX_CPLATFORM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    BB_EPERM = 1, BB_ENOENT = 2, BB_EINTR = 4, BB_EIO = 5, BB_EAGAIN = 11, BB_ENOMEM = 12,
    BB_EACCES = 13, BB_EEXIST = 17, BB_ENOTDIR = 20, BB_EISDIR = 21, BB_EINVAL = 22,
    BB_EMFILE = 24, BB_EFBIG = 27, BB_ENOSPC = 28, BB_EROFS = 30, BB_EPIPE = 32,
    BB_ENAMETOOLONG = 36, BB_ENOSYS = 38, BB_EOPNOTSUPP = 95, BB_ECONNRESET = 104,
    BB_ETIMEDOUT = 110, BB_ECONNREFUSED = 111, BB_EHOSTUNREACH = 113, BB_EDQUOT = 122
};

// ── Files ─────────────────────────────────────────────────────────────────────────────────────
// A file is a handle ≥ 0. Every handle is close-on-exec. EINTR is retried inside.

enum {
    BB_OPEN_READ = 1,       // read
    BB_OPEN_WRITE = 2,      // write
    BB_OPEN_CREATE = 4,     // create when missing, mode 0644
    BB_OPEN_EXCLUSIVE = 8,  // with CREATE: BB_EEXIST when it is there
    BB_OPEN_TRUNCATE = 16,
    BB_OPEN_APPEND = 32
};

int64_t bb_file_open(const char *path, uint32_t flags);
int32_t bb_file_close(int64_t file);
// Bytes read, 0 at the end of the file. Reads at `offset`, the file's own position is not used.
int64_t bb_file_read(int64_t file, void *buffer, uint64_t count, uint64_t offset);
// Writes all of it or fails; returns `count`. At `offset`.
int64_t bb_file_write(int64_t file, const void *buffer, uint64_t count, uint64_t offset);
// Writes all of it at the file's own position (for APPEND files, pipes and standard output).
int64_t bb_file_put(int64_t file, const void *buffer, uint64_t count);
// 1 when a person looks at it: a terminal, a console window.
int32_t bb_file_is_terminal(int64_t file);
int64_t bb_file_size(int64_t file);
int32_t bb_file_set_size(int64_t file, uint64_t size);
// Really allocates blocks for [0, size) and makes the file that long. On failure the file is cut
// back to its old size, so that a full disk is not eaten by the attempt.
int32_t bb_file_allocate(int64_t file, uint64_t size);
int32_t bb_file_sync_data(int64_t file);
int32_t bb_file_sync(int64_t file);
// 1 while the file still has a name, 0 when it was deleted or replaced under us.
int32_t bb_file_has_name(int64_t file);
// Removes write permission (a sealed segment).
int32_t bb_file_make_read_only(int64_t file);

// Whole-file advisory lock that dies with the open file, not with the first close of another one
// (flock; LockFileEx on Windows, far behind the end of the file). BB_EAGAIN when another holds it.
enum { BB_LOCK_SHARED = 0, BB_LOCK_EXCLUSIVE = 1 };
int32_t bb_file_lock(int64_t file, uint32_t mode);
int32_t bb_file_unlock(int64_t file);

// ── Paths and folders ─────────────────────────────────────────────────────────────────────────

enum { BB_KIND_NONE = 0, BB_KIND_FILE = 1, BB_KIND_FOLDER = 2, BB_KIND_OTHER = 3 };
// BB_KIND_NONE when nothing is there.
int32_t bb_path_kind(const char *path);
// 1 when what has this name leads elsewhere: a symbolic link; on Windows a junction, too. 0 when not, or
// when nothing is there.
int32_t bb_path_is_link(const char *path);
// Replaces what stands at `to`.
int32_t bb_path_rename(const char *from, const char *to);
// A file, or a link (of any kind): never what a link leads to.
int32_t bb_path_remove(const char *path);
int32_t bb_path_remove_folder(const char *path);
// Makes one folder, mode 0755. BB_EEXIST when it is there.
int32_t bb_path_make_folder(const char *path);
// Makes a rename or a new name in this folder durable. 0 where the system has no such call.
int32_t bb_path_sync_folder(const char *path);
// Seconds since 1970 of the last change of the content.
int64_t bb_path_modified(const char *path);
// Sets that.
int32_t bb_path_set_modified(const char *path, int64_t seconds);
// Bytes free for us on the filesystem that holds `path`.
int64_t bb_path_free_bytes(const char *path);
// The filesystem's kind ("ext4", "xfs", "btrfs", "tmpfs", "0x…"), NUL-terminated. Length or error.
int64_t bb_path_filesystem(const char *path, char *out, uint64_t out_size);
// Absolute form of `path`. Length without the NUL, or an error.
int64_t bb_path_absolute(const char *path, char *out, uint64_t out_size);
// Working directory of the process.
int64_t bb_path_current(char *out, uint64_t out_size);
// Full path of the library or program that holds this code.
int64_t bb_path_of_module(char *out, uint64_t out_size);

// Names in a folder, "." and ".." left out, in no order. NULL and *error on failure.
void *bb_folder_open(const char *path, int32_t *error);
// Length of the name, 0 at the end, or an error (BB_ENAMETOOLONG skips that name).
int64_t bb_folder_next(void *folder, char *out, uint64_t out_size);
void bb_folder_close(void *folder);

// ── Memory ────────────────────────────────────────────────────────────────────────────────────

// PRIVATE: writable, but what is written stays in this mapping (recovery lays the tail file over it).
enum { BB_MAP_READ = 0, BB_MAP_WRITE = 1, BB_MAP_PRIVATE = 2 };
// Mapping of [0, size) of the file. NULL and *error on failure.
void *bb_map_file(int64_t file, uint64_t size, uint32_t mode, int32_t *error);
int32_t bb_map_remove(void *base, uint64_t size);
// Makes the pages of [base, base + size) present, writable and dirty, without changing a byte:
// MADV_POPULATE_WRITE, else an atomic OR of 0 on each page. May fault and wait: never on the game
// thread.
int32_t bb_map_populate(void *base, uint64_t size);
// Advice to the reader side: read ahead strongly / drop what was read.
void bb_map_will_read(void *base, uint64_t size);
void bb_map_did_read(void *base, uint64_t size);
// Writes the range back and waits (for a segment that is no longer written).
int32_t bb_map_sync(void *base, uint64_t size);

// Ranges whose SIGBUS (in-page error on Windows) is ours: the page is replaced by anonymous memory,
// *failed is set to 1 and the store goes on. At most BB_GUARD_SLOTS ranges; index or BB_ENOMEM.
// Other faults go to the handler that was there before.
enum { BB_GUARD_SLOTS = 64 };
int32_t bb_guard_add(void *base, uint64_t size, uint32_t *failed);
void bb_guard_remove(int32_t slot);

// Words in mapped memory that another thread or process reads.
static inline uint32_t bb_load_acquire_32(const void *address) {
    return __atomic_load_n((const uint32_t *)address, __ATOMIC_ACQUIRE);
}
static inline uint32_t bb_load_relaxed_32(const void *address) {
    return __atomic_load_n((const uint32_t *)address, __ATOMIC_RELAXED);
}
static inline void bb_store_release_32(void *address, uint32_t value) {
    __atomic_store_n((uint32_t *)address, value, __ATOMIC_RELEASE);
}
static inline void bb_store_relaxed_32(void *address, uint32_t value) {
    __atomic_store_n((uint32_t *)address, value, __ATOMIC_RELAXED);
}
static inline void bb_store_release_64(void *address, uint64_t value) {
    __atomic_store_n((uint64_t *)address, value, __ATOMIC_RELEASE);
}
static inline uint64_t bb_load_acquire_64(const void *address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}
// Keeps the compiler from moving stores over this point (the processor orders stores on x86-64).
static inline void bb_store_fence(void) { __atomic_thread_fence(__ATOMIC_RELEASE); }
// A store in front of it is seen by all before a load behind it is made.
static inline void bb_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// ── Threads ───────────────────────────────────────────────────────────────────────────────────

// Starts a thread of 256 KiB stack with all signals blocked. Opaque handle, NULL on failure.
void *bb_thread_start(void (*body)(void *), void *context, const char *name);
void bb_thread_join(void *thread);
// A number that tells threads apart, never 0.
uint64_t bb_thread_id(void);
// Lets another thread run now.
void bb_thread_yield(void);
void bb_thread_sleep_ns(uint64_t nanoseconds);
// Lowers the processor and disk priority of the calling thread (threads = 1) or process (0).
void bb_lower_priority(uint32_t threads);

// A lock taken only by threads that the game calls us on: one atomic exchange when free; spins,
// then yields. No system call unless contended.
static inline void bb_spin_lock(uint32_t *lock);
static inline void bb_spin_unlock(uint32_t *lock) { __atomic_store_n(lock, 0, __ATOMIC_RELEASE); }
void bb_spin_wait(uint32_t *lock);
static inline void bb_spin_lock(uint32_t *lock) {
    if (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0) bb_spin_wait(lock);
}

// A lock and a bell for our own threads. The game thread only rings: bb_bell_ring never blocks, and
// makes a system call only when a thread waits (so the hot path does not ring).
void *bb_mutex_make(void);
void bb_mutex_lock(void *mutex);
void bb_mutex_unlock(void *mutex);
void bb_mutex_free(void *mutex);
void *bb_bell_make(void);
void bb_bell_ring(void *bell);
// Waits for a ring since the last wait, at most that long. 1 when it rang, 0 on time-out.
int32_t bb_bell_wait(void *bell, uint64_t nanoseconds);
void bb_bell_free(void *bell);

// ── Sockets ───────────────────────────────────────────────────────────────────────────────────
// TCP clients, for threads of our own: never on the game thread.

// Looks the host up and connects to its addresses, one after the other, each for at most `timeout`
// nanoseconds; gives up when *stop becomes 1. The look-up takes as long as the system's resolver does. A
// socket ≥ 0 that never blocks, with keep-alive and without delay, or an error: BB_ENOENT when there is
// no such host.
int64_t bb_socket_connect(const char *host, const char *port, uint64_t timeout, const uint32_t *stop);
// Bytes taken, or BB_EAGAIN when there is no room now.
int64_t bb_socket_send(int64_t socket, const void *bytes, uint64_t count);
// Bytes, 0 at the end, or BB_EAGAIN when there are none now.
int64_t bb_socket_receive(int64_t socket, void *bytes, uint64_t count);
// Waits for bytes (and for room, when asked), at most that long. 1 when there may be something.
int32_t bb_socket_wait(int64_t socket, uint32_t for_room, uint64_t nanoseconds);
void bb_socket_close(int64_t socket);

// ── The hub's client ──────────────────────────────────────────────────────────────────────────
// The client of the ICOM hub is a library of its own beside the plug-in (on Windows linked into it), so
// that servers without a hub pay nothing for it. Between the two cross only words, plain bytes and the
// functions below: each side has its own memory, and frees nothing of the other's. The plug-in's rules
// stand in Sources/Extension/Courier+Icom.swift, the library's in Sources/IcomClient/IcomBoard.swift.

// Changes with everything that is said here, and with it the name in Sources/IcomClient/exports.map, by
// which `blackbox doctor` knows the library's version without loading it.
enum { BB_ICOM_VERSION = 1 };

// Words that one side writes and the other reads, while both run.
enum {
    BB_ICOM_STATE,        // BB_ICOM_IDLE …: the library's word; the game's thread writes what an order begins
    BB_ICOM_OWNER,        // library: the mark of accepted events, 0 while no outbox is open
    BB_ICOM_LIST_WANTED,  // game's thread: 1, somebody asked for the servers; library: 0, asked the hub
    BB_ICOM_READY,        // game's thread: 1 while a mission listens
    BB_ICOM_SEGMENT,      // courier: number of the log's segment, at most a round old
    BB_ICOM_TEXT_LOCK,    // 1 while a side is at the texts
    BB_ICOM_WORDS
};
enum {
    BB_ICOM_IDLE, BB_ICOM_CONNECTING, BB_ICOM_REGISTERING, BB_ICOM_ONLINE, BB_ICOM_BACKOFF, BB_ICOM_STOPPED
};
// The orders, with their texts.
enum {
    BB_ICOM_CONNECT,     // `host:port` (several with commas), NUL, server id
    BB_ICOM_RECONNECT,
    BB_ICOM_DISCONNECT
};

struct bb_icom_text {
    const uint8_t *bytes;
    uint64_t count;
};

// A line for the log file; texts with their NULs, valid until the next is taken.
struct bb_icom_line {
    uint32_t level;   // 0 debug … 3 error
    int64_t seconds;  // UTC since 1970
    const char *message, *server, *detail;
};

struct bb_icom {
    // Set by the plug-in before the library starts, fixed from then on. The texts live for ever.
    uint32_t version;              // BB_ICOM_VERSION
    uint32_t keeps_outbox;         // 1: events are kept until their receiver has them
    uint32_t inbox_events;         // events that wait for a mission
    uint32_t least_level;          // of lines for the log file
    const char *log_folder;        // of this process's log; NULL: there is none
    const char *logs_folder;       // where it and those of earlier processes lie
    const char *token;             // for the hub, empty: none
    uint8_t log_id[16];

    uint32_t words[BB_ICOM_WORDS];
    // The game's callback as a number, 0 while there is none. Set by the courier.
    uint64_t callback;
    // Answers of icom:status and icom:servers, behind the lock. Nobody waits for it: the library gives way,
    // the game's thread answers without the text.
    struct bb_icom_text status, servers;

    // Set by the library when it has started. `client` goes back into each. For the courier's thread.
    void *client;
    void (*post)(void *client, uint32_t order, const uint8_t *bytes, uint64_t count);
    // 1 when there was a line.
    int32_t (*take_line)(void *client, struct bb_icom_line *line);
    // The library goes: ends its thread and writes what is done. Waits two seconds at most.
    void (*end)(void *client);
};

static inline uint32_t bb_icom_get(const struct bb_icom *icom, uint32_t word) {
    return __atomic_load_n(&icom->words[word], __ATOMIC_ACQUIRE);
}
static inline void bb_icom_set(struct bb_icom *icom, uint32_t word, uint32_t value) {
    __atomic_store_n(&icom->words[word], value, __ATOMIC_RELEASE);
}
// The value before.
static inline uint32_t bb_icom_swap(struct bb_icom *icom, uint32_t word, uint32_t value) {
    return __atomic_exchange_n(&icom->words[word], value, __ATOMIC_ACQ_REL);
}
// `idle` … `stopped`, as icom:status has it.
const char *bb_icom_state_name(uint32_t state);

// Loads the library at `path` and starts its client: NULL, or why not, a text that is valid until the
// next call; the library is unloaded again then. On the courier's thread alone.
const char *bb_icom_load(const char *path, struct bb_icom *icom);
// The library's one symbol; answers like bb_icom_load.
const char *blackbox_icom_start(struct bb_icom *icom);

// ── Clocks ────────────────────────────────────────────────────────────────────────────────────

// Monotonic nanoseconds, coarse (a few ms of resolution, a few ns of cost) and exact.
uint64_t bb_clock_coarse(void);
uint64_t bb_clock_exact(void);
// The processor's own counter, in ticks of a fixed length that only a comparison with another clock
// tells: a third of the cost of an exact clock. Two processors may differ a little.
static inline uint64_t bb_clock_ticks(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
    return bb_clock_exact();
#endif
}
// UTC nanoseconds since 1970.
int64_t bb_clock_wall(void);
// Seconds to add to UTC for local time at that moment.
int32_t bb_clock_utc_offset(int64_t utc_seconds);

// ── Processes ─────────────────────────────────────────────────────────────────────────────────

uint64_t bb_process_id(void);
// 1 when a process of that number lives, 0 when not.
int32_t bb_process_lives(uint64_t process);
// 16 bytes that change with each boot of the machine (zeros when unknown).
void bb_boot_id(uint8_t *out);
// 0 in the process that asked first, 1 in a child that was forked from it (the child shares our
// mappings and must not append; files that are locked alone are closed in it, so that the lock ends with
// this process). The address stays valid; reading it costs a load.
const uint32_t *bb_fork_flag(void);
void bb_random(void *out, uint64_t count);
// Starts argv[0] with argv[1…] as the design says: every other descriptor closed, signals reset,
// LD_PRELOAD and LD_LIBRARY_PATH gone, a session of its own, low priority, standard streams on the
// null device (`output`, when ≥ 0, becomes standard output and error). Handle > 0 or an error.
int64_t bb_process_start(const char *const *argv, uint32_t argc, int64_t output);
// BB_EAGAIN while it runs, else its exit code (128 + signal when it was killed). Frees the handle.
int32_t bb_process_poll(int64_t process);
// Value of an environment variable. Length, or BB_ENOENT.
int64_t bb_environment(const char *name, char *out, uint64_t out_size);

// ── Checksums ─────────────────────────────────────────────────────────────────────────────────

// CRC-32C (Castagnoli, reflected 0x82F63B78), continuing from `crc`; start with the seed. No
// inversion at either end: the caller's seed takes that place. Hardware instruction where there is
// one; the table version gives the same bits.
uint32_t bb_crc32c(uint32_t crc, const void *bytes, uint64_t count);
uint32_t bb_crc32c_table(uint32_t crc, const void *bytes, uint64_t count);

// ── Texts ─────────────────────────────────────────────────────────────────────────────────────

// Lengths of `count` texts, the first `room` of them into `lengths`. Returns the sum of all, each with
// its NUL. A NULL text counts as an empty one. (uint32_t: who gets a sum of 4 GiB must not use them.)
uint64_t bb_measure_texts(
    const char *const *texts, uint64_t count, uint32_t *lengths, uint64_t room);
// Copies the texts, each with its NUL, one behind the other to `to`, where all is zero. `lengths` and
// `room` are those of bb_measure_texts. May write zeros to the 15 bytes behind the last NUL.
void bb_copy_texts(
    void *to, const char *const *texts, uint64_t count, const uint32_t *lengths, uint64_t room);
// The same, a text at a time through the C library.
uint64_t bb_measure_texts_plain(
    const char *const *texts, uint64_t count, uint32_t *lengths, uint64_t room);
void bb_copy_texts_plain(
    void *to, const char *const *texts, uint64_t count, const uint32_t *lengths, uint64_t room);
// Copies the text at `from` with its NUL to `to`, if it fits into `limit` bytes. Returns the bytes
// copied (NUL included), 0 when it does not fit (nothing useful was copied then).
uint64_t bb_copy_text(void *to, const char *from, uint64_t limit);
uint64_t bb_text_length(const char *text);
// The text's length, or `limit` when it is longer: nothing behind is looked at.
uint64_t bb_text_length_within(const char *text, uint64_t limit);
int32_t bb_same_bytes(const void *a, const void *b, uint64_t count);

// ── The game ──────────────────────────────────────────────────────────────────────────────────

// The word that the game reads before each call (RVExtensionFeatureFlags).
uint64_t bb_feature_flags(void);
// What the build says about itself: version, commit and date; texts that live for ever.
const char *bb_build_version(void);
const char *bb_build_commit(void);
const char *bb_build_date(void);
// `body` is called once when the library is unloaded or the process exits.
void bb_at_unload(void (*body)(void));
// Has every page of this library's code in memory, so that no call of the game is the first to run
// some of it.
void bb_touch_own_code(void);

// Address of a function that the main program exports, or NULL (never fatal).
void *bb_game_function(const char *name);

#ifdef __cplusplus
}
#endif
#endif
