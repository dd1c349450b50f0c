// fault-trace: runs a program and makes its system calls fail, or kills it at one of them, or steps
// through a function instruction by instruction. It works through ptrace(2), so it reaches raw calls,
// static programs and libraries loaded late alike. For tests only.
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "fault-trace [options] -- PROGRAM ARGUMENT…\n"
    "\n"
    "  --under PATH       count only calls on files below PATH (absolute); repeatable twice\n"
    "  --ending TEXT      count only calls on files whose path ends so\n"
    "  --reads            count reading calls, too\n"
    "  --only NAMES       count only calls of these names (comma between)\n"
    "  --children         follow programs that it starts\n"
    "  --list FILE        write a line for each counted call: number, name, path\n"
    "  --fail N ERRNO     counted call N fails with that error number, without being made\n"
    "  --fail-from N ERRNO   so do all behind it\n"
    "  --kill N           SIGKILL before counted call N\n"
    "  --kill-behind N    SIGKILL once counted call N was made\n"
    "  --step SYMBOL N    go through call N of the library's function one instruction at a time\n"
    "  --library PATH     that library\n"
    "  --watch GLOB       the file whose distinct states are kept while stepping\n"
    "  --states FILE      where: 8 bytes of length, then the file's bytes, again and again\n"
    "\n"
    "Exit codes: the program's; 128 + a signal's number; 99 wrong usage or no ptrace.\n";

static int usage(const char *about) {
    fprintf(stderr, "fault-trace: %s\n%s", about, help);
    return 99;
}

int main(int count, char **arguments) {
    struct plan plan;
    memset(&plan, 0, sizeof plan);
    int at = 1;
    for (; at < count && strcmp(arguments[at], "--") != 0; at++) {
        const char *name = arguments[at];
        int left = count - at - 1;
        if (strcmp(name, "--reads") == 0) plan.reads = 1;
        else if (strcmp(name, "--children") == 0) plan.children = 1;
        else if (strcmp(name, "--under") == 0 && left >= 1) {
            if (plan.under[0] != NULL && plan.under[1] != NULL) return usage("too many --under");
            plan.under[plan.under[0] != NULL] = arguments[++at];
        } else if (strcmp(name, "--ending") == 0 && left >= 1) plan.ending = arguments[++at];
        else if (strcmp(name, "--only") == 0 && left >= 1) plan.only = arguments[++at];
        else if (strcmp(name, "--list") == 0 && left >= 1) plan.list = fopen(arguments[++at], "w");
        else if (strcmp(name, "--library") == 0 && left >= 1) plan.library = arguments[++at];
        else if (strcmp(name, "--watch") == 0 && left >= 1) plan.watch = arguments[++at];
        else if (strcmp(name, "--states") == 0 && left >= 1) plan.states = fopen(arguments[++at], "w");
        else if (strcmp(name, "--kill") == 0 && left >= 1) plan.kill = strtoull(arguments[++at], NULL, 10);
        else if (strcmp(name, "--kill-behind") == 0 && left >= 1)
            plan.kill_behind = strtoull(arguments[++at], NULL, 10);
        else if ((strcmp(name, "--fail") == 0 || strcmp(name, "--fail-from") == 0) && left >= 2) {
            plan.fail_on = strcmp(name, "--fail-from") == 0;
            plan.fail = strtoull(arguments[++at], NULL, 10);
            plan.error = atoi(arguments[++at]);
        } else if (strcmp(name, "--step") == 0 && left >= 2) {
            plan.symbol = arguments[++at];
            plan.step = strtoull(arguments[++at], NULL, 10);
        } else return usage(name);
    }
    if (at + 1 >= count) return usage("no program");
    if (plan.step != 0 && (!plan.library || !plan.watch || !plan.states))
        return usage("--step needs --library, --watch and --states");
    int code = trace_run(&plan, arguments + at + 1);
    if (plan.list) fclose(plan.list);
    if (plan.states) fclose(plan.states);
    return code;
}
