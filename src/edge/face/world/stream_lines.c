/* stream_lines.c: see stream_lines.h. What is left of a line at the end of the buffer is moved to its beginning, and read on behind
 * it. */
#include "edge/face/world/stream_lines.h"

#include <string.h>

/* False: nothing more comes. */
static bool read_on(stream_lines_t *lines)
{
    size_t left = lines->end - lines->start;
    memmove(lines->bytes, lines->bytes + lines->start, left);
    lines->start = 0;
    lines->end = left;
    int got = gzread(lines->file, lines->bytes + left, STREAM_READ_BYTES);
    if (got < 0)
        lines->end = 0; /* a line that broke off is none */
    lines->end += got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Behind the end of a line that was given out cut. */
static void skip_rest(stream_lines_t *lines)
{
    while (lines->cut) {
        char *from = lines->bytes + lines->start, *end = memchr(from, '\n', lines->end - lines->start);
        lines->start = end ? (size_t)(end + 1 - lines->bytes) : lines->end;
        lines->cut = !end && read_on(lines);
    }
}

bool stream_lines_next(stream_lines_t *lines, char **line, size_t *length)
{
    enum { LONGEST = STREAM_LINE_MAX - 1 };
    skip_rest(lines);
    char *end = NULL;
    size_t searched = 0;
    do {
        size_t have = lines->end - lines->start;
        end = memchr(lines->bytes + lines->start + searched, '\n', have - searched);
        searched = have;
    } while (!end && searched <= LONGEST && read_on(lines)); /* one byte more than the longest tells whether it is cut */
    *line = lines->bytes + lines->start;
    *length = end ? (size_t)(end + 1 - *line) : lines->end - lines->start;
    if (*length > LONGEST) {
        *length = LONGEST;
        lines->cut = true;
    }
    lines->start += *length;
    return *length > 0;
}
