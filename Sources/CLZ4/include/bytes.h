// The few byte operations that the archive's inner loops need. Without any header but the compiler's own,
// because Windows' half is compiled for a bare machine. No policy here.
#ifndef BLACKBOX_CLZ4_BYTES_H
#define BLACKBOX_CLZ4_BYTES_H

#include <stddef.h>
#include <stdint.h>

// Bytes from `from` up to the next newline, or -1 when there is none in [from, from + limit).
static inline int64_t bb_line_length(const uint8_t *from, int64_t limit) {
    if (limit <= 0) return -1;
    const void *found = __builtin_memchr(from, '\n', (size_t)limit);
    return found ? (int64_t)((const uint8_t *)found - from) : -1;
}

// 1 when the byte is in [from, from + count).
static inline int32_t bb_holds_byte(const uint8_t *from, int64_t count, uint8_t byte) {
    return count > 0 && __builtin_memchr(from, byte, (size_t)count) != NULL;
}

// 1 when both ranges hold the same bytes.
static inline int32_t bb_equal_bytes(const uint8_t *left, const uint8_t *right, int64_t count) {
    return count <= 0 || __builtin_memcmp(left, right, (size_t)count) == 0;
}

// Copies `count` bytes and one `end` byte behind them. Short texts, the usual ones, are copied
// eight bytes at a time: `to` must have 16 bytes of room behind the end, `from` 16 readable ones.
static inline void bb_copy_cell(uint8_t *to, const uint8_t *from, int64_t count, uint8_t end) {
    if (count <= 16) {
        __builtin_memcpy(to, from, 8);
        __builtin_memcpy(to + 8, from + 8, 8);
    } else {
        __builtin_memcpy(to, from, (size_t)count);
    }
    to[count] = end;
}

#endif
