// What the calls are measured against: the bytes that the log's record of a call has
// (docs/formats/log.md: 32 bytes of header, the fields with their NULs, padding), handled in the least
// possible way. A command that the log's dictionary does not name is kept with its name; here it never is.
#ifndef ARMAHOST_COUNTERPARTS_H
#define ARMAHOST_COUNTERPARTS_H

#include <stdbool.h>
#include <stdint.h>

// The floor: strlen and memcpy of each field into warm memory, the record's CRC32C and one clock read.
// The calls give false when the fields do not fit into the warm memory.
bool floor_start(void);
bool floor_call(const char **fields, uint32_t count);
// The same record laid out beforehand, and then one write(2) of it. `write_start` gives false when the
// file could not be opened, `write_call` when not all was written.
bool write_start(const char *path);
bool write_prepare(const char **fields, uint32_t count);
bool write_call(void);

// Bytes that all records of this run had together.
uint64_t counterparts_record_bytes(void);
// Memory that a counterpart holds and no plug-in would.
uint64_t counterparts_own_bytes(void);

#endif
