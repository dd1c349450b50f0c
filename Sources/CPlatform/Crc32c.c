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
#include <wmmintrin.h>

enum { UNKNOWN = -1, TABLE = 0, SERIAL = 1, LANES = 2 };
static int32_t method = UNKNOWN;

// The instruction takes 3 cycles and three of it can be under way: a run is cut into three lanes of
// equal length, whose checksums are joined by a multiplication with x^(64n - 33) for n words behind
// them. powers[n] is that, modulo the polynomial.
enum { MOST_WORDS = 128, LEAST_BYTES = 72 };
static uint32_t powers[2 * MOST_WORDS + 1];

__attribute__((target("sse4.2"))) static void fill_powers(void) {
    uint64_t power = 1;  // x^31: the lowest bit is the highest power
    for (uint32_t n = 1; n <= 2 * MOST_WORDS; n++) {
        powers[n] = (uint32_t)power;
        power = __builtin_ia32_crc32di(0, power);  // times x^64
    }
}

static int32_t find_method(void) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    int32_t known = TABLE;
    if (__get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 20))) {
        // Two threads may fill them at once: they write the same numbers.
        fill_powers();
        known = c & (1u << 1) ? LANES : SERIAL;
    }
    __atomic_store_n(&method, known, __ATOMIC_RELEASE);
    return known;
}

static inline uint64_t word_at(const uint8_t *at) {
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

__attribute__((target("sse4.2"))) static uint32_t crc_serial(
    uint32_t crc, const uint8_t *at, uint64_t count) {
    uint64_t wide = crc;
    for (; count >= 8; count -= 8, at += 8) wide = __builtin_ia32_crc32di(wide, word_at(at));
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

__attribute__((target("sse4.2,pclmul"))) static uint32_t crc_lanes(
    uint32_t crc, const uint8_t *at, uint64_t count) {
    while (count >= LEAST_BYTES) {
        uint64_t words = count / 24;
        if (words > MOST_WORDS) words = MOST_WORDS;
        const uint8_t *second = at + 8 * words, *third = second + 8 * words;
        uint64_t one = crc, two = 0, three = 0;
        for (uint64_t i = 0; i < words; i++) {
            one = __builtin_ia32_crc32di(one, word_at(at + 8 * i));
            two = __builtin_ia32_crc32di(two, word_at(second + 8 * i));
            three = __builtin_ia32_crc32di(three, word_at(third + 8 * i));
        }
        __m128i factors = _mm_set_epi64x(powers[words], powers[2 * words]);
        __m128i sums = _mm_set_epi64x((int64_t)two, (int64_t)one);
        __m128i joined = _mm_xor_si128(
            _mm_clmulepi64_si128(sums, factors, 0x00), _mm_clmulepi64_si128(sums, factors, 0x11));
        crc = (uint32_t)(__builtin_ia32_crc32di(0, (uint64_t)_mm_cvtsi128_si64(joined)) ^ three);
        at += 24 * words;
        count -= 24 * words;
    }
    return crc_serial(crc, at, count);
}

uint32_t bb_crc32c(uint32_t crc, const void *bytes, uint64_t count) {
    int32_t known = __atomic_load_n(&method, __ATOMIC_ACQUIRE);
    if (known == UNKNOWN) known = find_method();
    if (known == TABLE) return bb_crc32c_table(crc, bytes, count);
    if (known == LANES && count >= LEAST_BYTES) return crc_lanes(crc, bytes, count);
    return crc_serial(crc, bytes, count);
}
#else
uint32_t bb_crc32c(uint32_t crc, const void *bytes, uint64_t count) {
    return bb_crc32c_table(crc, bytes, count);
}
#endif
