// See counterparts.h.
#include "counterparts.h"

#include "os.h"

#include <CPlatform.h>
#include <stdlib.h>
#include <string.h>

// Warm memory: small enough for the processor's second cache, written round and round.
enum { WARM_SIZE = 1 << 20, LONGEST = 1 << 19, HEADER = 32 };

static char *warm;
static size_t at, prepared;
static uint64_t record_bytes, sequence;
static int file = -1;

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

// Lays the record out at `at`; its size, 0 when there is no room. The clock is the exact one: that takes
// about as long as a call's coarse one and its two readings of the processor's counter.
static size_t lay_out(const char **fields, uint32_t count) {
    if (at + LONGEST > WARM_SIZE) at = 0;
    char *start = warm + at, *to = start + HEADER, *end = start + LONGEST - sizeof(uint64_t);
    for (uint32_t i = 0; i < count; i++) {
        size_t size = strlen(fields[i]) + 1;
        if (size > (size_t)(end - to)) return 0;
        memcpy(to, fields[i], size);
        to += size;
    }
    uint64_t zeros = 0, time = os_now();
    memcpy(to, &zeros, sizeof zeros);
    uint32_t length = (uint32_t)(to - start);
    size_t padded = ((size_t)length + 7) & ~(size_t)7;
    sequence++;
    memcpy(start, &length, sizeof length);
    memcpy(start + 8, &sequence, sizeof sequence);
    memcpy(start + 16, &time, sizeof time);
    memcpy(start + 24, &zeros, 4);
    memcpy(start + 28, &count, sizeof count);
    // The record's own checksum, by the code that the plug-in has it from.
    uint32_t crc = bb_crc32c(0, &length, sizeof length);
    crc = bb_crc32c(crc, start + 8, padded - 8);
    memcpy(start + 4, &crc, sizeof crc);
    record_bytes += padded;
    return padded;
}

bool floor_call(const char **fields, uint32_t count) {
    size_t size = lay_out(fields, count);
    at += size;
    return size > 0;
}

bool write_prepare(const char **fields, uint32_t count) {
    prepared = lay_out(fields, count);
    return prepared > 0;
}

bool write_call(void) { return os_write(file, warm + at, prepared) == (int64_t)prepared; }

uint64_t counterparts_record_bytes(void) { return record_bytes; }
uint64_t counterparts_own_bytes(void) { return warm != NULL ? WARM_SIZE : 0; }
