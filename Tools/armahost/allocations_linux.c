// Linux only: this program's own malloc family, which the plug-in is bound to as well. It hands on to
// the C library's and counts what a thread asks for while it is told to.
#include "os.h"

#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

// Both of the calling thread: other threads allocate as they like.
static __thread uint64_t counting, counted;

bool os_counts_allocations(void) { return true; }

void os_allocations_arm(void) {
    counted = 0;
    counting = 1;
}

uint64_t os_allocations_disarm(void) {
    counting = 0;
    return counted;
}

void *malloc(size_t size) {
    counted += counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    counted += counting;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    counted += counting;
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    counted += counting;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    counted += counting;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    counted += counting;
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *made = __libc_memalign(alignment, size);
    if (made == NULL) return ENOMEM;
    *memory = made;
    return 0;
}

void free(void *memory) {
    // Giving back takes the same locks as asking.
    counted += counting;
    __libc_free(memory);
}
