// Stepping: a breakpoint on an exported function, then one instruction at a time until it returns. After
// each instruction the watched file is compared with what it was; each new state is kept.
#define _GNU_SOURCE
#include "trace.h"

#include <elf.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)

static uint64_t address;
static long original;
static uint64_t calls_seen;

// Offset of an exported function in the library, 0 when it is not there.
static uint64_t offset_of(const char *library, const char *symbol) {
    int file = open(library, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0) return 0;
    const char *bytes = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes == MAP_FAILED) return 0;
    uint64_t found = 0;
    const Elf64_Ehdr *header = (const void *)bytes;
    const Elf64_Shdr *sections = (const void *)(bytes + header->e_shoff);
    for (int i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_DYNSYM) continue;
        const Elf64_Sym *symbols = (const void *)(bytes + sections[i].sh_offset);
        const char *names = bytes + sections[sections[i].sh_link].sh_offset;
        for (uint64_t k = 0; k < sections[i].sh_size / sizeof *symbols; k++)
            if (strcmp(names + symbols[k].st_name, symbol) == 0) found = symbols[k].st_value;
    }
    munmap((void *)bytes, (size_t)facts.st_size);
    return found;
}

// Where the library is loaded, 0 while it is not (or not yet executable).
static uint64_t base_of(pid_t process, const char *library) {
    char name[64], line[8192], full[4096];
    if (!realpath(library, full)) return 0;
    snprintf(name, sizeof name, "/proc/%d/maps", process);
    FILE *maps = fopen(name, "r");
    if (!maps) return 0;
    uint64_t base = 0;
    int is_executable = 0;
    while (fgets(line, sizeof line, maps)) {
        line[strcspn(line, "\n")] = 0;
        const char *path = strchr(line, '/');
        if (!path || strcmp(path, full) != 0) continue;
        char rights[8];
        unsigned long long from, to, at;
        if (sscanf(line, "%llx-%llx %7s %llx", &from, &to, rights, &at) != 4) continue;
        if (at == 0 && base == 0) base = from;
        if (rights[2] == 'x') is_executable = 1;
    }
    fclose(maps);
    return is_executable ? base : 0;
}

int steps_prepare(struct plan *plan, pid_t process) {
    uint64_t base = base_of(process, plan->library);
    uint64_t offset = base ? offset_of(plan->library, plan->symbol) : 0;
    if (offset == 0) return 0;
    address = base + offset;
    original = ptrace(PTRACE_PEEKTEXT, process, (void *)address, NULL);
    ptrace(PTRACE_POKETEXT, process, (void *)address, (void *)((original & ~0xFFL) | 0xCC));
    return 1;
}

static char *last_state;
static uint64_t last_size;

static void keep_state(struct plan *plan) {
    glob_t found;
    if (glob(plan->watch, 0, NULL, &found) != 0) return;
    int file = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
    globfree(&found);
    struct stat facts;
    if (file < 0) return;
    if (fstat(file, &facts) == 0) {
        // Records are written at the front of the file: what is behind the first megabyte is left out.
        uint64_t size = facts.st_size > 1 << 20 ? 1 << 20 : (uint64_t)facts.st_size;
        char *state = malloc(size + 1);
        if (state && pread(file, state, size, 0) == (ssize_t)size) {
            if (size != last_size || !last_state || memcmp(state, last_state, size) != 0) {
                fwrite(&size, 8, 1, plan->states);
                fwrite(state, 1, size, plan->states);
                free(last_state);
                last_state = state;
                last_size = size;
                state = NULL;
            }
        }
        free(state);
    }
    close(file);
}

int steps_trap(struct plan *plan, pid_t process, pid_t thread) {
    (void)process;
    struct user_regs_struct registers;
    if (address == 0 || ptrace(PTRACE_GETREGS, thread, NULL, &registers) != 0
        || registers.rip != address + 1)
        return 0;
    // Over the breakpoint: the original instruction, then the breakpoint again.
    int is_wanted = ++calls_seen == plan->step;
    registers.rip = address;
    ptrace(PTRACE_SETREGS, thread, NULL, &registers);
    ptrace(PTRACE_POKETEXT, thread, (void *)address, (void *)original);
    uint64_t back = (uint64_t)ptrace(PTRACE_PEEKDATA, thread, (void *)registers.rsp, NULL);
    uint64_t stack = registers.rsp;
    uint64_t steps = 0;
    if (is_wanted) keep_state(plan);
    do {
        int status = 0;
        if (ptrace(PTRACE_SINGLESTEP, thread, NULL, NULL) != 0) return 1;
        if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status)) return 1;
        if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) != 0) return 1;
        steps++;
        if (is_wanted) keep_state(plan);
    } while (is_wanted && !(registers.rip == back && registers.rsp > stack) && steps < 1000000);
    if (is_wanted) {
        fprintf(stderr, "steps %llu\n", (unsigned long long)steps);
        return 1;
    }
    ptrace(PTRACE_POKETEXT, thread, (void *)address, (void *)((original & ~0xFFL) | 0xCC));
    return 1;
}

#else
int steps_prepare(struct plan *plan, pid_t process) {
    (void)plan, (void)process;
    return 0;
}
int steps_trap(struct plan *plan, pid_t process, pid_t thread) {
    (void)plan, (void)process, (void)thread;
    return 0;
}
#endif
