// The loop of a tracer: every thread of the program stops at every system call.
#define _GNU_SOURCE
#include "trace.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

enum { THREADS = 256 };

// What the tracer remembers of a thread between two stops.
static struct thread {
    pid_t id;
    // It is inside a system call.
    int inside;
    // The call it is inside of shall fail with this error.
    int error;
    // It shall be killed when the call it is inside of was made.
    int kills;
    // A program of its own that is not followed.
    int is_fresh;
} threads[THREADS];

static struct thread *find(pid_t id) {
    struct thread *free_one = NULL;
    for (int i = 0; i < THREADS; i++) {
        if (threads[i].id == id) return &threads[i];
        if (threads[i].id == 0 && !free_one) free_one = &threads[i];
    }
    if (!free_one) return NULL;
    memset(free_one, 0, sizeof *free_one);
    free_one->id = id;
    return free_one;
}

static void at_call(struct plan *plan, pid_t process, struct thread *thread) {
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, thread->id, NULL, &registers) != 0) return;
    if (thread->inside) {
        thread->inside = 0;
        if (thread->kills) kill(process, SIGKILL);
        if (thread->error) {
            registers.rax = (unsigned long long)-(long long)thread->error;
            ptrace(PTRACE_SETREGS, thread->id, NULL, &registers);
            thread->error = 0;
        }
        return;
    }
    thread->inside = 1;
    const uint64_t arguments[6] = {registers.rdi, registers.rsi, registers.rdx,
                                   registers.r10, registers.r8,  registers.r9};
    uint64_t number = calls_count(plan, thread->id, arguments, registers.orig_rax);
    if (number == 0) return;
    if (number == plan->kill) kill(process, SIGKILL);
    if (number == plan->kill_behind) thread->kills = 1;
    if (plan->fail != 0 && (number == plan->fail || (plan->fail_on && number > plan->fail))) {
        thread->error = plan->error;
        registers.orig_rax = (unsigned long long)-1;
        ptrace(PTRACE_SETREGS, thread->id, NULL, &registers);
    }
}

static pid_t start(char **arguments) {
    pid_t child = fork();
    if (child != 0) return child;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(99);
    raise(SIGSTOP);
    execv(arguments[0], arguments);
    _exit(127);
}

int trace_run(struct plan *plan, char **arguments) {
    pid_t process = start(arguments);
    int status = 0;
    if (process < 0 || waitpid(process, &status, 0) != process || !WIFSTOPPED(status)) return 99;
    long wishes = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (plan->children) wishes |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    if (ptrace(PTRACE_SETOPTIONS, process, NULL, wishes) != 0) return 99;
    ptrace(PTRACE_SYSCALL, process, NULL, 0);
    int looks_for_library = plan->step != 0;
    for (;;) {
        pid_t id = waitpid(-1, &status, __WALL);
        if (id < 0) {
            if (errno == EINTR) continue;
            return 99;
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            struct thread *gone = find(id);
            if (gone) gone->id = 0;
            if (id != process) continue;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        if (!WIFSTOPPED(status)) continue;
        struct thread *thread = find(id);
        if (!thread) return 99;
        int stop = WSTOPSIG(status);
        int signal_on = 0;
        if (stop == (SIGTRAP | 0x80)) {
            at_call(plan, process, thread);
            if (looks_for_library && id == process && !thread->inside
                && steps_prepare(plan, process))
                looks_for_library = 0;
        } else if (status >> 16 != 0) {
            // An event: a new thread, an exec. Nothing to do but to go on.
            if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) thread->inside = 1;
        } else if (stop == SIGTRAP && plan->step != 0 && steps_trap(plan, process, id)) {
            signal_on = 0;
        } else if (stop == SIGSTOP && !thread->is_fresh) {
            // The first stop of a new thread.
            thread->is_fresh = 1;
        } else {
            signal_on = stop;
        }
        ptrace(PTRACE_SYSCALL, id, NULL, (long)signal_on);
    }
}

#else
int trace_run(struct plan *plan, char **arguments) {
    (void)plan, (void)arguments;
    return 99;
}
#endif
