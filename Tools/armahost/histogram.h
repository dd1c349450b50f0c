// A log-linear histogram of nanoseconds: exact below 64, then 64 buckets for each power of two, so
// that a percentile is right within 1.6 %. The maximum is kept exactly.
#ifndef ARMAHOST_HISTOGRAM_H
#define ARMAHOST_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

enum { HISTOGRAM_BITS = 6, HISTOGRAM_BUCKETS = (64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS };

typedef struct {
    uint64_t count, sum, max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
} histogram;

void histogram_add(histogram *h, uint64_t nanoseconds);
// Adds all that `other` counted.
void histogram_merge(histogram *h, const histogram *other);
// The value that `share` of all (0…1) do not exceed: the bucket's upper end, never above the maximum.
uint64_t histogram_percentile(const histogram *h, double share);
// {"count":…,"mean":…,"p50":…,…,"max":…,"buckets":[[upper end, count],…]}
void histogram_write_json(const histogram *h, FILE *out);
void histogram_write_text(const histogram *h, const char *title, FILE *out);

#endif
