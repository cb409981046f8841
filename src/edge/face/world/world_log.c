/* world_log.c: see world_log.h. */
#include "edge/face/world/world_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/hash.h"

typedef struct {
    uint32_t length, type, crc;
} record_head_t;

_Static_assert(sizeof(record_head_t) == 12, "the head is 12 bytes in the file");

static uint32_t record_crc(uint32_t type, const void *body, size_t length)
{
    return hash_crc32c(hash_crc32c(0, &type, sizeof type), body, length);
}

/* Reads exactly `length` bytes at `offset`; fewer at the end of the file. */
static ssize_t read_at(int descriptor, void *buffer, size_t length, uint64_t offset)
{
    size_t got = 0;
    while (got < length) {
        ssize_t n = pread(descriptor, (char *)buffer + got, length - got, (off_t)(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

typedef enum { READ_WHOLE, READ_TORN, READ_DAMAGED, READ_FAILED } read_outcome_t;

static read_outcome_t read_record(const world_log_t *log, uint64_t offset, uint64_t size, record_head_t *head)
{
    if (size - offset < sizeof *head)
        return READ_TORN;
    if (read_at(log->descriptor, head, sizeof *head, offset) != (ssize_t)sizeof *head)
        return READ_FAILED;
    if (head->length > WORLD_LOG_BODY_MAX)
        return READ_DAMAGED;
    if (size - offset - sizeof *head < head->length)
        return READ_TORN;
    if (read_at(log->descriptor, log->buffer, head->length, offset + sizeof *head) != (ssize_t)head->length)
        return READ_FAILED;
    if (record_crc(head->type, log->buffer, head->length) == head->crc)
        return READ_WHOLE;
    /* A wrong checksum at the very end is a write that a power cut tore; anywhere else it is damage. */
    return offset + sizeof *head + head->length == size ? READ_TORN : READ_DAMAGED;
}

static result_t replay(world_log_t *log, uint64_t size, world_log_apply_fn *apply, void *context, char error[WORLD_LOG_TEXT_MAX])
{
    while (log->bytes < size) {
        record_head_t head;
        read_outcome_t outcome = read_record(log, log->bytes, size, &head);
        if (outcome == READ_TORN)
            return RESULT_OK;
        if (outcome == READ_FAILED) {
            snprintf(error, WORLD_LOG_TEXT_MAX, "%.300s: cannot be read at byte %llu: %s", log->path,
                     (unsigned long long)log->bytes, strerror(errno));
            return RESULT_IO;
        }
        if (outcome == READ_DAMAGED) {
            snprintf(error, WORLD_LOG_TEXT_MAX,
                     "%.300s: the record at byte %llu is damaged (checksum); restore the file, or move its folder away to begin a "
                     "new world",
                     log->path, (unsigned long long)log->bytes);
            return RESULT_CHECKSUM;
        }
        result_t result = apply(context, head.type, log->buffer, head.length);
        if (result != RESULT_OK) {
            snprintf(error, WORLD_LOG_TEXT_MAX, "%.300s: the record at byte %llu (type %u) cannot be applied: %s", log->path,
                     (unsigned long long)log->bytes, head.type, result_text(result));
            return result;
        }
        log->bytes += sizeof head + head.length;
        log->records++;
    }
    return RESULT_OK;
}

result_t world_log_open(world_log_t *log, const char *path, world_log_apply_fn *apply, void *context, uint64_t *cut_bytes,
                        char error[WORLD_LOG_TEXT_MAX])
{
    world_log_t opened = WORLD_LOG_NONE;
    struct stat status;
    if (snprintf(opened.path, sizeof opened.path, "%s", path) >= (int)sizeof opened.path)
        return RESULT_TEXT_TOO_LONG;
    opened.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (opened.descriptor < 0 || fstat(opened.descriptor, &status) != 0) {
        snprintf(error, WORLD_LOG_TEXT_MAX, "%.300s: cannot be opened: %s", path, strerror(errno));
        result_t result = file_result_from_errno(errno);
        world_log_close(&opened);
        return result;
    }
    opened.buffer = malloc(sizeof(record_head_t) + WORLD_LOG_BODY_MAX);
    if (!opened.buffer) {
        world_log_close(&opened);
        return RESULT_FULL;
    }
    uint64_t size = (uint64_t)status.st_size;
    result_t result = replay(&opened, size, apply, context, error);
    if (result == RESULT_OK && opened.bytes < size && ftruncate(opened.descriptor, (off_t)opened.bytes) != 0) {
        snprintf(error, WORLD_LOG_TEXT_MAX, "%.300s: the torn end cannot be cut off: %s", path, strerror(errno));
        result = file_result_from_errno(errno);
    }
    if (result != RESULT_OK) {
        world_log_close(&opened);
        return result;
    }
    if (cut_bytes)
        *cut_bytes = size - opened.bytes;
    *log = opened;
    return RESULT_OK;
}

result_t world_log_append(world_log_t *log, uint32_t type, const void *body, size_t length)
{
    ASSERT(length <= WORLD_LOG_BODY_MAX);
    if (log->descriptor < 0)
        return RESULT_OK;
    record_head_t head = {.length = (uint32_t)length, .type = type, .crc = record_crc(type, body, length)};
    size_t total = sizeof head + length;
    memcpy(log->buffer, &head, sizeof head);
    memcpy(log->buffer + sizeof head, body, length);
    ssize_t written;
    do {
        written = pwrite(log->descriptor, log->buffer, total, (off_t)log->bytes);
    } while (written < 0 && errno == EINTR);
    if (written == (ssize_t)total) {
        log->bytes += total;
        log->records++;
        return RESULT_OK;
    }
    result_t result = written < 0 ? file_result_from_errno(errno) : RESULT_DISK_FULL;
    /* What was written of it is cut off; should even that fail, the next append overwrites the same place. */
    if (ftruncate(log->descriptor, (off_t)log->bytes) != 0)
        return RESULT_IO;
    return result;
}

void world_log_close(world_log_t *log)
{
    if (log->descriptor >= 0)
        close(log->descriptor);
    free(log->buffer);
    *log = WORLD_LOG_NONE;
}
