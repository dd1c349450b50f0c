// What Blackbox asks of zlib: raw deflate of one block, and the CRC-32 of gzip.
//
// A layer of our own above zlib.h, because zlib's structs and its `long` have another shape on
// Windows than in the Swift code that is compiled for it; signatures here use fixed-width integers
// and pointers only. No policy: what a gzip file looks like is written in GzipFile.swift.
#ifndef BLACKBOX_CZLIB_H
#define BLACKBOX_CZLIB_H

#include <stdint.h>

// A compressor for one thread at a time, at zlib's level 0 … 9 (or −1, its default). NULL when there
// is no memory.
void *bb_deflate_make(int32_t level);
void bb_deflate_free(void *compressor);
// Room that bb_deflate_block needs at most for `count` bytes of input.
uint64_t bb_deflate_bound(uint64_t count);
// Compresses `count` bytes as a piece of a raw deflate stream. `dictionary` holds the last (at most
// 32 KiB) bytes that stand before them in the stream. A piece ends at a byte boundary; the one with
// `last` set ends the stream. Pieces put one after the other are one valid stream. Returns the bytes
// written, or −1 when `capacity` is below bb_deflate_bound.
int64_t bb_deflate_block(
    void *compressor, const void *dictionary, uint64_t dictionary_count, const void *input,
    uint64_t count, void *output, uint64_t capacity, int32_t last);

// CRC-32 of gzip, continuing from `crc` (0 to begin with).
uint32_t bb_crc32(uint32_t crc, const void *bytes, uint64_t count);
// CRC-32 of two pieces one after the other, from the CRC-32 of each.
uint32_t bb_crc32_join(uint32_t first, uint32_t second, uint64_t second_count);

#endif
