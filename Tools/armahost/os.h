// The few things that armahost asks of the operating system. os_linux.c and os_windows.c answer
// them; nothing else in this folder knows which system it runs on.
#ifndef ARMAHOST_OS_H
#define ARMAHOST_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// The command line in UTF-8, NULL where it is that already.
char **os_utf8_arguments(int *count);

// Monotonic nanoseconds.
uint64_t os_now(void);
void os_sleep(uint64_t nanoseconds);

// Loads a library by its path, as the engine does. NULL and a text in `error` on failure.
void *os_library_open(const char *path, char *error, size_t error_size);
void *os_library_symbol(void *library, const char *name);
// Whether a symbol is data (and not code). True where the system can't tell.
bool os_symbol_is_data(void *library, const char *name);

// Opens a file for reading; a name that ends in .gz through `gzip -dc`, "-" is standard input.
// NULL and a text in `error` on failure. os_stream_close gives false when the unpacking failed.
FILE *os_stream_open(const char *path, char *error, size_t error_size);
bool os_stream_close(FILE *file);

// Maps a new file of that size (zeros): its bytes outlive a SIGKILL. NULL on failure.
void *os_map_new_file(const char *path, size_t size);

// Raw writes, one system call each (the counterpart of the benchmark). Negative on failure.
int os_open_for_writing(const char *path);
int64_t os_write(int file, const void *bytes, size_t size);

// Ends this process at once, as a crash or an administrator's kill -9 would: nothing is flushed.
_Noreturn void os_kill_self(void);
// Does the same from outside after so many nanoseconds, wherever the process is then.
bool os_kill_self_after(uint64_t nanoseconds);

// From now on an interrupt (Ctrl-C) is only noted; a second one ends the process. Not on Windows.
void os_note_interrupts(void);
bool os_is_interrupted(void);

// Page faults of the calling thread so far; 0 where the system does not tell them.
bool os_counts_thread_faults(void);
void os_thread_faults(uint64_t *minor, uint64_t *major);
// Processor time of the calling thread and of the process, in nanoseconds.
uint64_t os_thread_cpu(void);
uint64_t os_process_cpu(void);
// Resident memory in bytes, now and the most so far; 0 where unknown.
uint64_t os_resident(void);
uint64_t os_peak_resident(void);

// Between `arm` and `disarm`, counts what the calling thread asks of the heap (and gives back), where the
// system lets us see it.
bool os_counts_allocations(void);
void os_allocations_arm(void);
uint64_t os_allocations_disarm(void);

// Whether the counting of system calls could be switched on; then, between `arm` and `disarm`, the
// first system call of the calling thread is noticed, and `disarm` says whether there was one (and
// which).
bool os_syscall_watch_start(void);
void os_syscall_watch_arm(void);
bool os_syscall_watch_disarm(long *number);

#endif
