/* stream_lines.h: the lines of a file, plain or gzip, one after the other, where they lie in the buffer they were read into. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#include "edge/face/world/market_source.h"

enum { STREAM_READ_BYTES = 64 * 1024 }; /* at once: enough for zlib to read a plain file without a copy of its own */

typedef struct {
    gzFile file;       /* borrowed */
    size_t start, end; /* of what was read and not yet given out */
    bool cut;          /* the rest of the last line is still to be passed over */
    char bytes[STREAM_LINE_MAX + STREAM_READ_BYTES];
} stream_lines_t;

/* The next line with its end; of one that is longer than STREAM_LINE_MAX only the beginning, the rest is passed over. Valid until
 * the next call. False: there is none, or the file cannot be read further. */
bool stream_lines_next(stream_lines_t *lines, char **line, size_t *length);
