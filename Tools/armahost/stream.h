// Reads a stream of calls (docs/formats/stream.md), line by line, so that its size does not matter.
#ifndef ARMAHOST_STREAM_H
#define ARMAHOST_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
    LINE_END,     // no more lines
    LINE_CALL,    // array form: `function` and `arguments`
    LINE_TEXT,    // string form: `function` alone
    LINE_FRAME,   // @frame
    LINE_WAIT,    // @wait: `name`, `seconds`
    LINE_SLEEP,   // @sleep: `seconds`
    LINE_RSS,     // @rss: `name`
    LINE_CALLER,  // @caller: `name`, KEY=VALUE
    LINE_BROKEN   // `error` says what is wrong with line `number`
} line_kind;

typedef struct {
    FILE *file;
    const char *path;
    uint64_t number;  // of the line last read, from 1
    // What the line says; the texts live until the next line is read.
    const char *function, *name;
    const char **arguments;
    uint32_t count;
    double seconds;
    char error[256];
    // What was read of the file: the line, then what follows `start`. It grows with the longest line,
    // as the table of arguments does.
    char *buffer, *line;
    size_t start, end, size, arguments_size;
    bool ended;
} stream;

// False with `error` set when the file can't be opened.
bool stream_open(stream *s, const char *path);
line_kind stream_next(stream *s);
// False with `error` set when the file could not be unpacked to its end.
bool stream_close(stream *s);
// Writes a field with the escapes of the format.
void stream_write_field(const char *text, FILE *out);

#endif
