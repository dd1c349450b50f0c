// See histogram.h. A value's bucket is its highest set bit and the six bits below it.
#include "histogram.h"

#include <inttypes.h>

static unsigned bucket_of(uint64_t value) {
    if (value < (1u << HISTOGRAM_BITS)) return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
    return ((shift + 1) << HISTOGRAM_BITS) + (unsigned)((value >> shift) & ((1u << HISTOGRAM_BITS) - 1));
}

static uint64_t upper_end(unsigned bucket) {
    unsigned row = bucket >> HISTOGRAM_BITS;
    uint64_t column = bucket & ((1u << HISTOGRAM_BITS) - 1);
    if (row == 0) return column;
    return (((1ull << HISTOGRAM_BITS) + column + 1) << (row - 1)) - 1;
}

void histogram_add(histogram *h, uint64_t nanoseconds) {
    h->count++;
    h->sum += nanoseconds;
    if (nanoseconds > h->max) h->max = nanoseconds;
    h->buckets[bucket_of(nanoseconds)]++;
}

void histogram_merge(histogram *h, const histogram *other) {
    h->count += other->count;
    h->sum += other->sum;
    if (other->max > h->max) h->max = other->max;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) h->buckets[i] += other->buckets[i];
}

uint64_t histogram_percentile(const histogram *h, double share) {
    if (h->count == 0) return 0;
    uint64_t wanted = (uint64_t)(share * (double)h->count);
    if ((double)wanted < share * (double)h->count) wanted++;
    if (wanted == 0) wanted = 1;
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen >= wanted) return upper_end(i) < h->max ? upper_end(i) : h->max;
    }
    return h->max;
}

static const struct {
    const char *name;
    double share;
} percentiles[] = {{"p50", 0.5},       {"p90", 0.9},         {"p99", 0.99},
                   {"p99.9", 0.999},   {"p99.99", 0.9999},   {"p99.999", 0.99999}};
enum { PERCENTILES = sizeof percentiles / sizeof percentiles[0] };

void histogram_write_json(const histogram *h, FILE *out) {
    fprintf(out, "{\"count\":%" PRIu64 ",\"mean\":%.1f", h->count,
            h->count ? (double)h->sum / (double)h->count : 0.0);
    for (unsigned i = 0; i < PERCENTILES; i++)
        fprintf(out, ",\"%s\":%" PRIu64, percentiles[i].name,
                histogram_percentile(h, percentiles[i].share));
    fprintf(out, ",\"max\":%" PRIu64 ",\"buckets\":[", h->max);
    const char *comma = "";
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (h->buckets[i] == 0) continue;
        fprintf(out, "%s[%" PRIu64 ",%" PRIu64 "]", comma, upper_end(i), h->buckets[i]);
        comma = ",";
    }
    fputs("]}", out);
}

void histogram_write_text(const histogram *h, const char *title, FILE *out) {
    fprintf(out, "%s, ns:", title);
    for (unsigned i = 0; i < PERCENTILES; i++)
        fprintf(out, "  %s %" PRIu64, percentiles[i].name,
                histogram_percentile(h, percentiles[i].share));
    fprintf(out, "  max %" PRIu64 "\n", h->max);
}
