/* recorder.h: a live stream kept on disk, and played back bit for bit through the same decoders (MKT-9).
 *
 * Form: one line a message, "<receive time in ns> <message as received>\n", gzip when the path ends in .gz. Line feeds cannot occur
 * inside a message (a frame that has one as JSON white space gets a blank instead and is counted). A recording that was cut by a
 * crash is readable up to its last whole line; damage is named as file:line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

typedef struct recorder recorder_t;
typedef struct replay replay_t;

enum {
    RECORDING_LINE_MAX = 1 << 20, /* a longer line is damage */
    RECORDING_ERROR_MAX = 512,
};

/* Opens for appending (a .gz file gets a further gzip member). RESULT_IO, RESULT_PERMISSION, RESULT_DISK_FULL. Owner:
 * recorder_close. */
result_t recorder_open(const char *path, recorder_t **out);

/* RESULT_TEXT_TOO_LONG, RESULT_BAD_ARGUMENT (negative time, empty message), RESULT_IO / RESULT_DISK_FULL: recording has stopped;
 * trading goes on. */
result_t recorder_write(recorder_t *recorder, int64_t received_ns, str_t message);

/* Hands everything written so far to the system. */
result_t recorder_flush(recorder_t *recorder);
uint64_t recorder_count(const recorder_t *recorder); /* messages written since it was opened */

/* Flushes and closes; the result says whether everything got out. NULL is fine. */
result_t recorder_close(recorder_t *recorder);

/* RESULT_NOT_FOUND, RESULT_PERMISSION, RESULT_IO. Plain and gzip are told apart by their bytes. Owner: replay_close. */
result_t replay_open(const char *path, replay_t **out);

/* The next message, valid until the next call. RESULT_EMPTY at the end. RESULT_MALFORMED (no time, no blank, empty message),
 * RESULT_TRUNCATED (the last line has no line feed, or the gzip stream ends early), RESULT_CHECKSUM (damaged gzip),
 * RESULT_TEXT_TOO_LONG: see replay_error. After RESULT_MALFORMED and RESULT_TEXT_TOO_LONG the next call goes on with the next line;
 * after the others it repeats. */
result_t replay_next(replay_t *replay, int64_t *received_ns, str_t *message);

uint64_t replay_line(const replay_t *replay); /* number of the line last read, from 1 */

/* "capture.stream.gz:17: no blank after the time" or "" */
const char *replay_error(const replay_t *replay);
void replay_close(replay_t *replay);
