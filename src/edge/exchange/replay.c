/* replay.c: reading a recording, line by line, with every kind of damage named as file:line. */
#include "edge/exchange/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 1 << 18 };

struct replay {
    gzFile file;
    uint64_t line;
    result_t ended;    /* RESULT_OK while there is more; then what every further call gives */
    size_t begin, end; /* unread bytes in buffer */
    bool skip_line;    /* inside a line that is too long: its rest is thrown away */
    char path[256];
    char error[RECORDING_ERROR_MAX];
    char buffer[RECORDING_LINE_MAX + CHUNK];
};

static result_t problem(replay_t *replay, result_t result, const char *what)
{
    (void)snprintf(replay->error, sizeof replay->error, "%s:%llu: %s", replay->path, (unsigned long long)replay->line, what);
    return result;
}

result_t replay_open(const char *path, replay_t **out)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? RESULT_NOT_FOUND : errno == EACCES ? RESULT_PERMISSION : RESULT_IO;
    }
    replay_t *replay = malloc(sizeof *replay);
    gzFile file = replay != NULL ? gzdopen(descriptor, "rb") : NULL;
    if (file == NULL) {
        (void)close(descriptor);
        free(replay);
        return RESULT_IO;
    }
    (void)gzbuffer(file, CHUNK);
    replay->file = file;
    replay->line = 0;
    replay->ended = RESULT_OK;
    replay->begin = replay->end = 0;
    replay->skip_line = false;
    replay->error[0] = '\0';
    (void)snprintf(replay->path, sizeof replay->path, "%s", path);
    *out = replay;
    return RESULT_OK;
}

/* More bytes into the buffer. False at the end or on damage; replay->ended says which. */
static bool more(replay_t *replay)
{
    if (replay->begin > 0) {
        memmove(replay->buffer, replay->buffer + replay->begin, replay->end - replay->begin);
        replay->end -= replay->begin;
        replay->begin = 0;
    }
    int count = gzread(replay->file, replay->buffer + replay->end, (unsigned)(sizeof replay->buffer - replay->end));
    if (count > 0) {
        replay->end += (size_t)count;
        return true;
    }
    int code = Z_OK;
    (void)gzerror(replay->file, &code);
    replay->line++;
    if (code == Z_BUF_ERROR) {
        replay->ended = problem(replay, RESULT_TRUNCATED, "the compressed file ends early");
    } else if (count < 0) {
        replay->ended = problem(replay, RESULT_CHECKSUM, "the compressed file is damaged");
    } else if (replay->end > replay->begin && !replay->skip_line) {
        replay->ended = problem(replay, RESULT_TRUNCATED, "the last line is not whole");
    } else {
        replay->line--;
        replay->ended = RESULT_EMPTY;
    }
    return false;
}

/* The next line without its line feed. */
static result_t line_next(replay_t *replay, str_t *line)
{
    for (size_t looked = 0;;) {
        char *start = replay->buffer + replay->begin;
        size_t have = replay->end - replay->begin;
        char *feed = have > looked ? memchr(start + looked, '\n', have - looked) : NULL;
        if (feed != NULL) {
            *line = (str_t){start, (size_t)(feed - start)};
            replay->begin += line->length + 1;
            return RESULT_OK;
        }
        looked = have;
        if (have >= RECORDING_LINE_MAX) {
            replay->begin = replay->end; /* its rest goes, too */
            looked = 0;
            replay->skip_line = true;
        }
        if (replay->ended != RESULT_OK || !more(replay)) {
            return replay->ended;
        }
    }
}

result_t replay_next(replay_t *replay, int64_t *received_ns, str_t *message)
{
    str_t line = {0};
    if (replay->ended != RESULT_OK) {
        return replay->ended;
    }
    result_t result = line_next(replay, &line);
    if (result != RESULT_OK) {
        return result;
    }
    replay->line++;
    if (replay->skip_line || line.length > RECORDING_LINE_MAX) {
        replay->skip_line = false;
        return problem(replay, RESULT_TEXT_TOO_LONG, "a line longer than any message");
    }
    str_t rest = line, time = str_cut(&rest, ' ');
    int64_t time_ns;
    if (time.length == line.length) {
        return problem(replay, RESULT_MALFORMED, "no blank after the time");
    }
    if (str_to_i64(time, &time_ns) != RESULT_OK || time_ns < 0) {
        return problem(replay, RESULT_MALFORMED, "the line does not begin with a time in nanoseconds");
    }
    if (rest.length == 0) {
        return problem(replay, RESULT_MALFORMED, "no message after the time");
    }
    *received_ns = time_ns;
    *message = rest;
    return RESULT_OK;
}

uint64_t replay_line(const replay_t *replay)
{
    return replay->line;
}

const char *replay_error(const replay_t *replay)
{
    return replay->error;
}

void replay_close(replay_t *replay)
{
    if (replay != NULL) {
        (void)gzclose_r(replay->file);
        free(replay);
    }
}
