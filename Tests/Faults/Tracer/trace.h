// What fault-trace does to a program.
#ifndef FAULT_TRACE_H
#define FAULT_TRACE_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct plan {
    const char *under[2];
    const char *ending;
    const char *only;
    int reads, children;
    FILE *list;
    uint64_t fail, kill, kill_behind;
    int error, fail_on;
    const char *symbol, *library, *watch;
    uint64_t step;
    FILE *states;
    // Counted calls so far.
    uint64_t counted;
};

// Runs the program to its end; its exit code.
int trace_run(struct plan *plan, char **arguments);

// A system call that a thread is about to make: counted when the plan asks for it. Its number, or 0.
uint64_t calls_count(struct plan *plan, pid_t thread, const uint64_t arguments[6], uint64_t call);

// Stepping. `steps_prepare` puts a breakpoint on the function once the library is loaded: 1 then.
int steps_prepare(struct plan *plan, pid_t process);
// The thread stopped on a trap: 1 when that was ours and has been dealt with.
int steps_trap(struct plan *plan, pid_t process, pid_t thread);

#endif
