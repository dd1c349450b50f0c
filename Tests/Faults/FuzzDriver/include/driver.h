// libFuzzer's loop as a function (part of the toolchain's sanitizer libraries).
#ifndef FUZZ_DRIVER_H
#define FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

// Calls `one` with input after input, as the arguments say (-runs=N, -max_total_time=S, folders of
// inputs). Does not return when one of them fails.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*one)(const uint8_t *bytes, size_t count));

#endif
