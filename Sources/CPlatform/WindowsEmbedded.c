// What the Embedded Swift code asks of its surroundings beyond the C library (Windows). The names of
// the first two stand for `posix_memalign` and `free` in the Swift objects (Tools/lib/build-windows
// renames them there): the system has no posix_memalign, and its `free` must go on to free what its
// `malloc` gave.
#ifdef _WIN32
#include "WindowsInternal.h"

#include <malloc.h>

int bb_swift_allocate(void **out, size_t alignment, size_t size);
void bb_swift_free(void *memory);

int bb_swift_allocate(void **out, size_t alignment, size_t size) {
    void *memory = _aligned_malloc(size ? size : 1, alignment);
    if (!memory) return BB_ENOMEM;
    *out = memory;
    return 0;
}

void bb_swift_free(void *memory) { _aligned_free(memory); }

#ifndef BLACKBOX_PLUGIN
// The seed of Dictionary and Set; the plug-in has it from EmbeddedShims.c.
void arc4random_buf(void *out, uint64_t count) { bb_random(out, count); }
#endif

// Tables for comparing Strings by Unicode's rules. Game-side code compares bytes; what the standard library
// links in regardless finds here that no character decomposes, which comes to the same.
uint16_t _swift_stdlib_getNormData(uint32_t scalar);
uint32_t _swift_stdlib_getComposition(uint32_t first, uint32_t second);
uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar);
const uint8_t _swift_stdlib_nfd_decompositions[1] = {0};

uint16_t _swift_stdlib_getNormData(uint32_t scalar) {
    (void)scalar;
    return 0;
}

uint32_t _swift_stdlib_getComposition(uint32_t first, uint32_t second) {
    (void)first, (void)second;
    return 0xFFFFFFFF;
}

uint32_t _swift_stdlib_getDecompositionEntry(uint32_t scalar) {
    (void)scalar;
    return 0;
}

// Functions with arrays on their stack compare this word on return. Other for each process, set before
// any such function runs.
uintptr_t __stack_chk_guard = (uintptr_t)0x9D3F00E4B217A5C8u;

__attribute__((constructor)) static void set_guard(void) {
    uint64_t mixed = __builtin_ia32_rdtsc() ^ (uintptr_t)&mixed ^ GetCurrentProcessId();
    __stack_chk_guard ^= (uintptr_t)(mixed * 0x9E3779B97F4A7C15u) & ~(uintptr_t)0xFF;
}

void __stack_chk_fail(void) __attribute__((noreturn));

void __stack_chk_fail(void) {
    // The stack is not to be trusted: no handler, no unwinding.
    TerminateProcess(GetCurrentProcess(), 3);
    for (;;) {}
}
#endif
