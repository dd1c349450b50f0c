// The texts of one call: how long they are, and their way into the log. Most are shorter than 16 bytes
// (numbers, names), and a call into the C library for each costs more than the work itself, so on x86-64
// short ones are handled here, a register of 16 bytes at a time. The plain version does the same
// everywhere else (the tests compare them).
#include "CPlatform.h"

#include <string.h>

static inline uint64_t length_plain(const char *text) { return text ? strlen(text) : 0; }

uint64_t bb_measure_texts_plain(
    const char *const *texts, uint64_t count, uint32_t *lengths, uint64_t room) {
    uint64_t total = 0;
    for (uint64_t at = 0; at < count; at++) {
        uint64_t length = length_plain(texts[at]);
        if (at < room) lengths[at] = (uint32_t)length;
        // At most 2^47 bytes a text and 2^31 texts: no overflow.
        total += length + 1;
    }
    return total;
}

void bb_copy_texts_plain(
    void *to, const char *const *texts, uint64_t count, const uint32_t *lengths, uint64_t room) {
    char *place = to;
    for (uint64_t at = 0; at < count; at++) {
        uint64_t length = at < room ? lengths[at] : length_plain(texts[at]);
        if (length > 0) memcpy(place, texts[at], length);
        place += length + 1;  // The NUL is the zero that is there already.
    }
}

#if defined(__x86_64__)
#include <emmintrin.h>

// A register may be filled from behind a text's end, as long as that is on the text's page: it can't
// fault, and what is there is not used. The sanitizers can't know that.
#define READS_BEYOND __attribute__((no_sanitize_address, no_sanitize_thread))

enum { WIDTH = 16, PAGE = 4096 };

static inline int is_within_page(const char *text) {
    return ((uintptr_t)text & (PAGE - 1)) <= PAGE - WIDTH;
}

READS_BEYOND static inline __m128i load(const char *text) {
    return _mm_loadu_si128((const __m128i *)text);
}

// Bit n is set when byte n is a NUL.
READS_BEYOND static inline unsigned nuls(const char *text) {
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(load(text), _mm_setzero_si128()));
}

READS_BEYOND static inline uint64_t length_of(const char *text) {
    if (!text) return 0;
    if (!is_within_page(text)) return strlen(text);
    unsigned found = nuls(text);
    if (found) return (uint64_t)__builtin_ctz(found);
    // A position is a little longer than one register.
    const char *rest = text + WIDTH;
    if (!is_within_page(rest)) return WIDTH + strlen(rest);
    found = nuls(rest);
    if (found) return WIDTH + (uint64_t)__builtin_ctz(found);
    return 2 * WIDTH + strlen(rest + WIDTH);
}

READS_BEYOND uint64_t bb_measure_texts(
    const char *const *texts, uint64_t count, uint32_t *lengths, uint64_t room) {
    uint64_t total = 0;
    for (uint64_t at = 0; at < count; at++) {
        uint64_t length = length_of(texts[at]);
        if (at < room) lengths[at] = (uint32_t)length;
        total += length + 1;
    }
    return total;
}

// 16 bytes of ones, then 16 of zeros: read at 16 - n, it keeps the first n bytes.
static const uint8_t keep[2 * WIDTH] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

READS_BEYOND void bb_copy_texts(
    void *to, const char *const *texts, uint64_t count, const uint32_t *lengths, uint64_t room) {
    char *place = to;
    for (uint64_t at = 0; at < count; at++) {
        const char *text = texts[at];
        uint64_t length = at < room ? lengths[at] : length_of(text);
        if (length < WIDTH && text && is_within_page(text)) {
            // One store of the text and zeros: its NUL, and what is there already or is written next.
            __m128i mask = _mm_loadu_si128((const __m128i *)(keep + WIDTH - length));
            _mm_storeu_si128((__m128i *)place, _mm_and_si128(load(text), mask));
        } else if (length >= WIDTH && length <= 2 * WIDTH) {
            // Two stores that overlap.
            _mm_storeu_si128((__m128i *)place, load(text));
            _mm_storeu_si128((__m128i *)(place + length - WIDTH), load(text + length - WIDTH));
        } else if (length > 0) {
            memcpy(place, text, length);
        }
        place += length + 1;
    }
}
#else
uint64_t bb_measure_texts(
    const char *const *texts, uint64_t count, uint32_t *lengths, uint64_t room) {
    return bb_measure_texts_plain(texts, count, lengths, room);
}

void bb_copy_texts(
    void *to, const char *const *texts, uint64_t count, const uint32_t *lengths, uint64_t room) {
    bb_copy_texts_plain(to, texts, count, lengths, room);
}
#endif

uint64_t bb_text_length(const char *text) { return strlen(text); }

uint64_t bb_text_length_within(const char *text, uint64_t limit) { return strnlen(text, limit); }

uint64_t bb_copy_text(void *to, const char *from, uint64_t limit) {
    // memccpy stops behind the NUL: one pass over the text, never a byte beyond `limit`.
    const char *end = memccpy(to, from, 0, limit);
    return end ? (uint64_t)(end - (const char *)to) : 0;
}

int32_t bb_same_bytes(const void *a, const void *b, uint64_t count) {
    return memcmp(a, b, count) == 0;
}
