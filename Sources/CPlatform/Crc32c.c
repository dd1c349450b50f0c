// CRC-32C for every record, header and tail-file entry: the processor's instruction where there is
// one, else a table that gives the same bits (the tests compare them).
#include "CPlatform.h"

#include <string.h>

// One byte a step; the slow way, for the heads and tails of a run and for old processors.
static uint32_t table[256];
static uint32_t table_ready;

static void fill_table(void) {
    uint32_t made[256];
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1)));
        made[byte] = crc;
    }
    // Two threads may fill it at once: they write the same bytes.
    memcpy(table, made, sizeof table);
    __atomic_store_n(&table_ready, 1, __ATOMIC_RELEASE);
}

uint32_t bb_crc32c_table(uint32_t crc, const void *bytes, uint64_t count) {
    if (!__atomic_load_n(&table_ready, __ATOMIC_ACQUIRE)) fill_table();
    const uint8_t *at = bytes;
    for (uint64_t i = 0; i < count; i++) crc = (crc >> 8) ^ table[(crc ^ at[i]) & 0xFF];
    return crc;
}

#if defined(__x86_64__)
#include <cpuid.h>

static int32_t hardware = -1;

static inline int has_hardware(void) {
    int32_t known = __atomic_load_n(&hardware, __ATOMIC_RELAXED);
    if (known >= 0) return known;
    unsigned a = 0, b = 0, c = 0, d = 0;
    known = __get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 20)) ? 1 : 0;
    __atomic_store_n(&hardware, known, __ATOMIC_RELAXED);
    return known;
}

__attribute__((target("sse4.2"))) static uint32_t crc_hardware(
    uint32_t crc, const uint8_t *at, uint64_t count) {
    uint64_t wide = crc;
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        wide = __builtin_ia32_crc32di(wide, word);
        at += 8;
        count -= 8;
    }
    uint32_t narrow = (uint32_t)wide;
    if (count & 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        narrow = __builtin_ia32_crc32si(narrow, word);
        at += 4;
    }
    if (count & 2) {
        uint16_t word;
        memcpy(&word, at, 2);
        narrow = __builtin_ia32_crc32hi(narrow, word);
        at += 2;
    }
    if (count & 1) narrow = __builtin_ia32_crc32qi(narrow, *at);
    return narrow;
}

uint32_t bb_crc32c(uint32_t crc, const void *bytes, uint64_t count) {
    if (has_hardware()) return crc_hardware(crc, bytes, count);
    return bb_crc32c_table(crc, bytes, count);
}
#else
uint32_t bb_crc32c(uint32_t crc, const void *bytes, uint64_t count) {
    return bb_crc32c_table(crc, bytes, count);
}
#endif
