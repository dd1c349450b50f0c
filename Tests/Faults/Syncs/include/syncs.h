// The syncs that this program itself makes, seen on their way to the system, with what each file held then.
// For the model of the power cut: what was not synced is not durable.
#ifndef FAULT_SYNCS_H
#define FAULT_SYNCS_H

#include <stdint.h>

// Forgets what was seen, and watches from now on.
void syncs_watch(void);
// How many were seen.
uint64_t syncs_count(void);
// Full path of the file of one of them, its bytes when it was synced, and how many. Valid until the next
// `syncs_watch`.
const char *syncs_path(uint64_t index);
const uint8_t *syncs_bytes(uint64_t index);
uint64_t syncs_size(uint64_t index);

#endif
