// Linux only: lets this program start on every glibc from 2.17 on, however new the one is that it is
// built with. The ordinary start files of a new glibc bring a reference to a new version of
// __libc_start_main, so the program has its own start (and no constructors, which only that version
// would run from them).
#include <stddef.h>

__asm__(".symver __libc_start_main, __libc_start_main@GLIBC_2.2.5");
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*end_of_loader)(void), void *stack_end);
int main(int argc, char **argv, char **environment);

__attribute__((noreturn, used)) static void start(long *stack, void (*end_of_loader)(void)) {
    __libc_start_main(main, (int)stack[0], (char **)(stack + 1), NULL, NULL, end_of_loader, stack);
    __builtin_unreachable();
}

// The kernel enters here: argc and argv on the stack, the loader's own end function in rdx.
__asm__(
    ".globl _start\n"
    ".type _start, @function\n"
    "_start:\n"
    "    xorl %ebp, %ebp\n"
    "    movq %rsp, %rdi\n"
    "    movq %rdx, %rsi\n"
    "    andq $-16, %rsp\n"
    "    call start\n"
    "    hlt\n");
