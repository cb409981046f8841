/* recorder.c: writing a recording. zlib's gz functions write plain or gzip; each record is put together first and written in one
 * call. */
#include "edge/exchange/recorder.h"

#include "core/base/assert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct recorder {
    gzFile file;
    uint64_t count;
    result_t failed; /* RESULT_OK, or why recording has stopped */
    char line[RECORDING_LINE_MAX];
};

static result_t from_errno(int error)
{
    return error == ENOSPC || error == EDQUOT  ? RESULT_DISK_FULL
           : error == EACCES || error == EPERM ? RESULT_PERMISSION
                                               : RESULT_IO;
}

static result_t gz_failure(gzFile file)
{
    int code = Z_OK;
    (void)gzerror(file, &code);
    return code == Z_ERRNO ? from_errno(errno) : RESULT_IO;
}

result_t recorder_open(const char *path, recorder_t **out)
{
    bool zipped = str_ends_with(str_from(path), STR(".gz"));
    recorder_t *recorder = malloc(sizeof *recorder);
    if (recorder == NULL) {
        return RESULT_IO;
    }
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        result_t result = from_errno(errno);
        free(recorder);
        return result;
    }
    gzFile file = gzdopen(descriptor, zipped ? "ab6" : "abT"); /* T: no compression, no header */
    if (file == NULL) {
        (void)close(descriptor);
        free(recorder);
        return RESULT_IO;
    }
    recorder->file = file;
    recorder->count = 0;
    recorder->failed = RESULT_OK;
    *out = recorder;
    return RESULT_OK;
}

result_t recorder_write(recorder_t *recorder, int64_t received_ns, str_t message)
{
    if (recorder->failed != RESULT_OK) {
        return recorder->failed;
    }
    if (received_ns < 0 || message.length == 0) {
        return RESULT_BAD_ARGUMENT;
    }
    size_t length = str_from_i64(received_ns, recorder->line);
    if (message.length > sizeof recorder->line - length - 2) {
        return RESULT_TEXT_TOO_LONG;
    }
    recorder->line[length++] = ' ';
    char *copy = recorder->line + length;
    memcpy(copy, message.bytes, message.length);
    /* In JSON a line feed can only be white space between values; as such a blank means the same and keeps the record on its line.
     */
    for (char *feed = copy; (feed = memchr(feed, '\n', (size_t)(copy + message.length - feed))) != NULL;) {
        *feed = ' ';
    }
    length += message.length;
    recorder->line[length++] = '\n';
    if (gzwrite(recorder->file, recorder->line, (unsigned)length) != (int)length) {
        recorder->failed = gz_failure(recorder->file);
        return recorder->failed;
    }
    recorder->count++;
    return RESULT_OK;
}

result_t recorder_flush(recorder_t *recorder)
{
    if (recorder->failed == RESULT_OK && gzflush(recorder->file, Z_SYNC_FLUSH) != Z_OK) {
        recorder->failed = gz_failure(recorder->file);
    }
    return recorder->failed;
}

uint64_t recorder_count(const recorder_t *recorder)
{
    return recorder->count;
}

result_t recorder_close(recorder_t *recorder)
{
    if (recorder == NULL) {
        return RESULT_OK;
    }
    result_t result = recorder->failed;
    errno = 0;
    if (gzclose(recorder->file) != Z_OK && result == RESULT_OK) {
        result = from_errno(errno);
    }
    free(recorder);
    return result;
}
