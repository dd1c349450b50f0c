// What the calls are measured against: the same bytes, handled in the least possible way.
#ifndef ARMAHOST_COUNTERPARTS_H
#define ARMAHOST_COUNTERPARTS_H

#include <stdbool.h>
#include <stdint.h>

// The floor: strlen and memcpy of each text into warm memory, CRC32C of it all, one clock read.
bool floor_start(void);
void floor_call(const char *function, const char **arguments, uint32_t count);
// The same frame, then one write(2) to a file. False when it could not be opened.
bool write_start(const char *path);
void write_call(const char *function, const char **arguments, uint32_t count);
// So that no compiler can leave the work out.
uint32_t counterparts_checksum(void);

#endif
