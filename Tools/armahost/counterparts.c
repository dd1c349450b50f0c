// See counterparts.h.
#include "counterparts.h"

#include "os.h"

#include <stdlib.h>
#include <string.h>

// Warm memory: small enough for the processor's second cache, written round and round.
enum { WARM_SIZE = 1 << 20, HEADER = 24, LONGEST = 1 << 19 };

static char *warm;
static size_t at;
static uint32_t checksum;
static int file = -1;

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c(uint32_t crc, const char *bytes, size_t count) {
    uint64_t value = crc;
    for (; count >= 8; count -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        value = __builtin_ia32_crc32di(value, word);
    }
    for (; count > 0; count--) value = __builtin_ia32_crc32qi((uint32_t)value, (unsigned char)*bytes++);
    return (uint32_t)value;
}
#else
static uint32_t crc32c(uint32_t crc, const char *bytes, size_t count) {
    for (; count > 0; count--) {
        crc ^= (unsigned char)*bytes++;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
    }
    return crc;
}
#endif

bool floor_start(void) {
    warm = malloc(WARM_SIZE);
    if (warm == NULL) return false;
    memset(warm, 1, WARM_SIZE);
    return true;
}

bool write_start(const char *path) {
    if (!floor_start()) return false;
    file = os_open_for_writing(path);
    return file >= 0;
}

// Lays the frame out at `at`; its size.
static size_t frame(const char *function, const char **arguments, uint32_t count) {
    if (at + LONGEST > WARM_SIZE) at = 0;
    char *start = warm + at, *to = start + HEADER, *end = start + LONGEST;
    size_t size = strlen(function) + 1;
    memcpy(to, function, size);
    to += size;
    for (uint32_t i = 0; i < count; i++) {
        size = strlen(arguments[i]) + 1;
        if (size > (size_t)(end - to)) break;
        memcpy(to, arguments[i], size);
        to += size;
    }
    uint64_t time = os_now();
    uint32_t whole = (uint32_t)(to - start);
    memcpy(start, &whole, sizeof whole);
    memcpy(start + 8, &time, sizeof time);
    checksum = crc32c(checksum, start, whole);
    memcpy(start + 4, &checksum, sizeof checksum);
    return whole;
}

void floor_call(const char *function, const char **arguments, uint32_t count) {
    at += (frame(function, arguments, count) + 7) & ~(size_t)7;
}

void write_call(const char *function, const char **arguments, uint32_t count) {
    size_t size = frame(function, arguments, count);
    if (os_write(file, warm + at, size) != (int64_t)size) abort();
}

uint32_t counterparts_checksum(void) { return checksum; }
