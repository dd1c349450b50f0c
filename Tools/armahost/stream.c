// See stream.h. A line is read whole, split at its tabs and unescaped in place.
#include "stream.h"

#include "os.h"

#include <stdlib.h>
#include <string.h>

bool stream_open(stream *s, const char *path) {
    memset(s, 0, sizeof *s);
    s->path = path;
    s->file = os_stream_open(path, s->error, sizeof s->error);
    return s->file != NULL;
}

bool stream_close(stream *s) {
    bool whole = os_stream_close(s->file);
    if (!whole) snprintf(s->error, sizeof s->error, "gzip could not unpack it (see its message above)");
    free(s->buffer);
    free(s->arguments);
    s->buffer = NULL;
    s->arguments = NULL;
    s->file = NULL;
    return whole;
}

static line_kind broken(stream *s, const char *why) {
    snprintf(s->error, sizeof s->error, "%s", why);
    return LINE_BROKEN;
}

// Brings more bytes behind the ones that were not used yet; false when memory is short. One byte is
// always left for a NUL.
static bool read_more(stream *s) {
    if (s->start > 0) {
        memmove(s->buffer, s->buffer + s->start, s->end - s->start);
        s->end -= s->start;
        s->start = 0;
    }
    if (s->size - s->end < 65536) {
        size_t size = s->size == 0 ? 262144 : s->size * 2;
        char *grown = realloc(s->buffer, size);
        if (grown == NULL) return false;
        s->buffer = grown;
        s->size = size;
    }
    size_t count = fread(s->buffer + s->end, 1, s->size - s->end - 1, s->file);
    s->end += count;
    if (count == 0) s->ended = true;
    return true;
}

// Makes `line` the next line, NUL in the place of its newline. Its length, or -1 at the end, -2 when
// memory is short, -3 on a NUL byte (no C string can hold one).
static int64_t read_line(stream *s) {
    size_t scanned = 0;  // bytes behind `start` that hold no newline
    for (;;) {
        char *from = s->buffer + s->start;
        char *newline = s->end - s->start > scanned
                            ? memchr(from + scanned, '\n', s->end - s->start - scanned)
                            : NULL;
        if (newline == NULL && !s->ended) {
            scanned = s->end - s->start;
            if (!read_more(s)) return -2;
            continue;
        }
        size_t length = newline != NULL ? (size_t)(newline - from) : s->end - s->start;
        if (newline == NULL && length == 0) return -1;
        s->start += length + (newline != NULL);
        s->line = from;
        if (length > 0 && from[length - 1] == '\r') length--;
        from[length] = 0;
        return memchr(from, 0, length) != NULL ? -3 : (int64_t)length;
    }
}

// Undoes \t \n \r \\ in place; false for any other escape.
static bool unescape(char *text) {
    char *from = strchr(text, '\\');
    if (from == NULL) return true;
    char *to = from;
    while (*from != 0) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        switch (from[1]) {
        case 't': *to++ = '\t'; break;
        case 'n': *to++ = '\n'; break;
        case 'r': *to++ = '\r'; break;
        case '\\': *to++ = '\\'; break;
        default: return false;
        }
        from += 2;
    }
    *to = 0;
    return true;
}

// A plain decimal number; false for anything else.
static bool number_of(const char *text, double *out) {
    double value = 0, scale = 1;
    bool digits = false, point = false;
    for (; *text != 0; text++) {
        if (*text == '.' && !point) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return false;
        digits = true;
        value = value * 10 + (*text - '0');
        if (point) scale *= 10;
    }
    *out = value / scale;
    return digits;
}

static line_kind directive(stream *s) {
    char *word = s->line + 1;
    char *rest = strchr(word, ' ');
    if (rest != NULL) {
        *rest++ = 0;
        while (*rest == ' ') rest++;
    }
    if (strcmp(word, "frame") == 0) return LINE_FRAME;
    if (strcmp(word, "rss") == 0) {
        s->name = rest != NULL ? rest : "";
        return LINE_RSS;
    }
    if (strcmp(word, "sleep") == 0) {
        if (rest == NULL || !number_of(rest, &s->seconds)) return broken(s, "@sleep needs milliseconds");
        s->seconds /= 1000;
        return LINE_SLEEP;
    }
    if (strcmp(word, "wait") == 0) {
        if (rest == NULL || *rest == 0) return broken(s, "@wait needs the name of a callback");
        s->name = rest;
        s->seconds = 10;
        char *limit = strchr(rest, ' ');
        if (limit != NULL) {
            *limit++ = 0;
            if (!number_of(limit, &s->seconds)) return broken(s, "@wait NAME SECONDS: bad number");
        }
        return LINE_WAIT;
    }
    if (strcmp(word, "caller") == 0) {
        s->name = rest != NULL ? rest : "";
        return LINE_CALLER;
    }
    return broken(s, "unknown directive (known: @frame, @wait, @sleep, @rss, @caller)");
}

static bool add_argument(stream *s, const char *text) {
    if (s->count == s->arguments_size) {
        size_t size = s->arguments_size == 0 ? 64 : s->arguments_size * 2;
        const char **grown = realloc(s->arguments, size * sizeof *grown);
        if (grown == NULL) return false;
        s->arguments = grown;
        s->arguments_size = size;
    }
    s->arguments[s->count++] = text;
    return true;
}

static line_kind call(stream *s, char *text) {
    char *next = strchr(text, '\t');
    s->count = 0;
    s->function = text;
    if (next != NULL) *next++ = 0;
    if (!unescape(text)) return broken(s, "bad escape (known: \\t \\n \\r \\\\)");
    while (next != NULL) {
        char *field = next;
        next = strchr(field, '\t');
        if (next != NULL) *next++ = 0;
        if (!unescape(field)) return broken(s, "bad escape (known: \\t \\n \\r \\\\)");
        if (!add_argument(s, field)) return broken(s, "out of memory");
    }
    return LINE_CALL;
}

line_kind stream_next(stream *s) {
    for (;;) {
        int64_t length = read_line(s);
        if (length == -1) return LINE_END;
        s->number++;
        if (length == -2) return broken(s, "out of memory");
        if (length == -3) return broken(s, "a NUL byte, which no argument can hold");
        switch (s->line[0]) {
        case 0:
        case '#': continue;
        case '@': return directive(s);
        case '!':
            s->function = s->line + 1;
            s->count = 0;
            if (!unescape(s->line + 1)) return broken(s, "bad escape (known: \\t \\n \\r \\\\)");
            return LINE_TEXT;
        default: return call(s, s->line);
        }
    }
}

void stream_write_field(const char *text, FILE *out) {
    for (; *text != 0; text++) {
        switch (*text) {
        case '\t': fputs("\\t", out); break;
        case '\n': fputs("\\n", out); break;
        case '\r': fputs("\\r", out); break;
        case '\\': fputs("\\\\", out); break;
        default: putc(*text, out);
        }
    }
}
