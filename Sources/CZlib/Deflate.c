// The zlib calls behind CZlib.h.
#include "CZlib.h"

#include <stdlib.h>
#include <zlib.h>

void *bb_deflate_make(int32_t level) {
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    // Window bits below 0: raw deflate, without zlib's own header and checksum.
    if (deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

void bb_deflate_free(void *compressor) {
    if (compressor == NULL) return;
    deflateEnd(compressor);
    free(compressor);
}

uint64_t bb_deflate_bound(uint64_t count) {
    // compressBound's formula, written out because it takes a long; 64 more for the flush.
    return count + (count >> 12) + (count >> 14) + (count >> 25) + 13 + 64;
}

int64_t bb_deflate_block(
    void *compressor, const void *dictionary, uint64_t dictionary_count, const void *input,
    uint64_t count, void *output, uint64_t capacity, int32_t last) {
    z_stream *stream = compressor;
    if (count > UINT32_MAX / 2 || capacity > UINT32_MAX || dictionary_count > 32768) return -1;
    if (capacity < bb_deflate_bound(count)) return -1;
    if (deflateReset(stream) != Z_OK) return -1;
    if (dictionary_count > 0 &&
        deflateSetDictionary(stream, dictionary, (uInt)dictionary_count) != Z_OK) {
        return -1;
    }
    stream->next_in = (Bytef *)(uintptr_t)input;
    stream->avail_in = (uInt)count;
    stream->next_out = output;
    stream->avail_out = (uInt)capacity;
    int result = deflate(stream, last ? Z_FINISH : Z_SYNC_FLUSH);
    // Room left over shows that the flush is complete.
    if (last ? result != Z_STREAM_END : result != Z_OK || stream->avail_out == 0) return -1;
    if (stream->avail_in != 0) return -1;
    return (int64_t)(capacity - stream->avail_out);
}

uint32_t bb_crc32(uint32_t crc, const void *bytes, uint64_t count) {
    const uint8_t *next = bytes;
    while (count > 0) {
        uInt piece = count > 1u << 30 ? 1u << 30 : (uInt)count;
        crc = (uint32_t)crc32(crc, next, piece);
        next += piece;
        count -= piece;
    }
    return crc;
}

uint32_t bb_crc32_join(uint32_t first, uint32_t second, uint64_t second_count) {
    return (uint32_t)crc32_combine(first, second, (z_off_t)second_count);
}
