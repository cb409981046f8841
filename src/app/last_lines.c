/* last_lines.c: see last_lines.h. */
#include "app/last_lines.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int64_t last_lines_end(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (int64_t)status.st_size : 0;
}

/* The tail of the file that fits, of the bytes from `from` on; its length. */
static size_t read_tail(const char *path, int64_t from, char text[LAST_LINES_MAX])
{
    enum { ROOM = LAST_LINES_MAX - 2 }; /* a last newline and the end */
    int64_t end = last_lines_end(path);
    int64_t start = end - from > ROOM ? end - ROOM : from;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor >= 0 && start >= 0 && end > start ? pread(descriptor, text, ROOM, (off_t)start) : 0;
    if (descriptor >= 0)
        close(descriptor);
    if (length <= 0)
        return 0;
    if (start > from) { /* begins within a line */
        char *newline = memchr(text, '\n', (size_t)length);
        size_t cut = newline ? (size_t)(newline + 1 - text) : 0;
        memmove(text, text + cut, (size_t)length - cut);
        length -= (ssize_t)cut;
    }
    return (size_t)length;
}

void last_lines_read(const char *path, int64_t from, char text[LAST_LINES_MAX])
{
    size_t length = read_tail(path, from, text);
    size_t begin = 0, lines = 0;
    if (length > 0 && text[length - 1] != '\n')
        text[length++] = '\n';
    for (begin = length; begin > 0; begin--) {
        if (text[begin - 1] == '\n' && lines++ == LAST_LINES_COUNT)
            break;
    }
    memmove(text, text + begin, length - begin);
    length -= begin;
    text[length] = '\0';
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < ' ' && byte != '\n' && byte != '\t')
            text[i] = '?';
    }
}
