/* journal.c: the writing side: append, commit, prepare, rotate. Opening and repair stand in journal_open.c, reading in
 * journal_reader.c. */
#include "edge/store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "edge/store/journal_writer.h"

static const uint8_t zeros[64 * 1024];

/* --- the system below ------------------------------------------------------------------------- */

static ssize_t system_write_at(void *context, int descriptor, const void *bytes, size_t length, off_t offset)
{
    (void)context;
    return pwrite(descriptor, bytes, length, offset);
}

static int system_sync_data(void *context, int descriptor)
{
    (void)context;
    return fdatasync(descriptor);
}

static int system_allocate(void *context, int descriptor, off_t length)
{
    (void)context;
    return posix_fallocate(descriptor, 0, length);
}

void journal_system_complete(journal_system_t *system)
{
    system->write_at = system->write_at != NULL ? system->write_at : system_write_at;
    system->sync_data = system->sync_data != NULL ? system->sync_data : system_sync_data;
    system->allocate = system->allocate != NULL ? system->allocate : system_allocate;
}

result_t journal_write_all(journal_t *journal, int descriptor, const void *bytes, size_t length, uint64_t offset)
{
    const uint8_t *rest = bytes;
    while (length > 0) {
        ssize_t written = journal->system.write_at(journal->system.context, descriptor, rest, length, (off_t)offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written == 0 ? RESULT_IO : file_result_from_errno(errno);
        }
        rest += written;
        offset += (uint64_t)written;
        length -= (size_t)written;
    }
    return RESULT_OK;
}

result_t journal_sync(journal_t *journal, int descriptor)
{
    /* EINTR too: whether the pages are safe is not known then, and a second sync would not tell. */
    return journal->system.sync_data(journal->system.context, descriptor) == 0 ? RESULT_OK : RESULT_IO;
}

/* --- segments --------------------------------------------------------------------------------- */

result_t journal_zero_ahead(journal_t *journal, int descriptor, uint64_t from, uint64_t to)
{
    while (from < to) {
        size_t length = to - from < sizeof zeros ? (size_t)(to - from) : sizeof zeros;
        result_t result = journal_write_all(journal, descriptor, zeros, length, from);
        if (result != RESULT_OK) {
            return result;
        }
        from += length;
    }
    return journal_sync(journal, descriptor);
}

result_t journal_segment_make(journal_t *journal, uint32_t segment, int *descriptor)
{
    char path[FILE_PATH_MAX];
    result_t result = journal_segment_path(journal->folder, segment, "new", path);
    if (result != RESULT_OK) {
        return result;
    }
    unlink(path); /* one that a crash left before it was named */
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return file_result_from_errno(errno);
    }
    int error = journal->system.allocate(journal->system.context, file, (off_t)journal->segment_bytes);
    result = file_result_from_errno(error);
    if (result == RESULT_OK) {
        result = journal_zero_ahead(journal, file, 0,
                                    JOURNAL_ZERO_STRETCH < journal->segment_bytes ? JOURNAL_ZERO_STRETCH : journal->segment_bytes);
    }
    if (result != RESULT_OK) {
        close(file);
        unlink(path);
        return result;
    }
    *descriptor = file;
    return RESULT_OK;
}

result_t journal_segment_begin(journal_t *journal, uint32_t segment, int descriptor, const journal_segment_t *header)
{
    uint8_t bytes[JOURNAL_SEGMENT_HEADER];
    char from[FILE_PATH_MAX];
    char to[FILE_PATH_MAX];
    result_t result = journal_segment_path(journal->folder, segment, "new", from);
    if (result == RESULT_OK) {
        result = journal_segment_path(journal->folder, segment, "pj", to);
    }
    if (result != RESULT_OK) {
        return result;
    }
    journal_segment_encode(header, bytes);
    result = journal_write_all(journal, descriptor, bytes, sizeof bytes, 0);
    if (result == RESULT_OK) {
        result = journal_sync(journal, descriptor);
    }
    if (result == RESULT_OK && rename(from, to) != 0) {
        result = file_result_from_errno(errno);
    }
    return result == RESULT_OK ? file_folder_sync(journal->folder) : result;
}

/* The group goes to the prepared segment, which becomes the present one. */
static result_t rotate(journal_t *journal)
{
    journal_segment_t header = {
        .version = JOURNAL_VERSION,
        .segment = journal->segment + 1,
        .generation = journal->generation,
        .first_number = journal->durable + 1,
        .created_ns = journal->group_time_ns,
        .segment_bytes = journal->segment_bytes,
    };
    memcpy(header.chain, journal->chain_durable, JOURNAL_CHAIN_BYTES);
    result_t result = journal_segment_begin(journal, header.segment, journal->next, &header);
    if (result != RESULT_OK) {
        return result;
    }
    close(journal->descriptor);
    journal->descriptor = journal->next;
    journal->next = -1;
    journal->segment++;
    journal->used = JOURNAL_SEGMENT_HEADER;
    journal->zeroed = JOURNAL_ZERO_STRETCH;
    journal->group_in_next = false;
    return RESULT_OK;
}

/* --- append ----------------------------------------------------------------------------------- */

/* Decides where `size` more bytes of the group find room. Makes the next segment on the spot when nobody prepared it. */
static result_t find_room(journal_t *journal, uint64_t size, journal_use_t use)
{
    if (journal->group_in_next) {
        uint64_t room = journal->segment_bytes - journal->reserve_bytes - JOURNAL_SEGMENT_HEADER;
        return journal->group_used + size <= room ? RESULT_OK : RESULT_FULL;
    }
    uint64_t end = journal->used + journal->group_used + size;
    if (journal->disk_full && use != JOURNAL_EXIT) {
        return RESULT_DISK_FULL; /* also when a small one would still fit: the rest belongs to exits until journal_prepare finds
                                    room */
    }
    if (end <= journal->segment_bytes - journal->reserve_bytes) {
        return RESULT_OK;
    }
    result_t result = RESULT_OK;
    if (journal->next < 0) {
        result = journal->disk_full ? RESULT_DISK_FULL : journal_segment_make(journal, journal->segment + 1, &journal->next);
    }
    if (result == RESULT_OK) {
        journal->group_in_next = true;
        return RESULT_OK;
    }
    if (result != RESULT_DISK_FULL) {
        return result; /* nothing of ours was touched: the file could not be made, the next try may do better */
    }
    journal->disk_full = true;
    return use == JOURNAL_EXIT && end <= journal->segment_bytes ? RESULT_OK : RESULT_DISK_FULL;
}

result_t journal_append(journal_t *journal, uint16_t type, const void *body, size_t length, journal_use_t use, int64_t time_ns,
                        uint64_t *number)
{
    if (length > JOURNAL_BODY_MAX || type == 0 || (body == NULL && length > 0)) {
        return RESULT_BAD_ARGUMENT;
    }
    if (journal->failed) {
        return RESULT_IO;
    }
    uint64_t size = journal_record_size((uint32_t)length);
    if (journal->group_used + size > journal->group_capacity) {
        return RESULT_FULL;
    }
    result_t result = find_room(journal, size, use);
    if (result != RESULT_OK) {
        return result;
    }
    journal_head_t head = {
        .length = (uint32_t)length,
        .type = type,
        .flags = use == JOURNAL_EXIT ? JOURNAL_FLAG_EXIT : 0,
        .number = journal->last + 1,
        .time_ns = time_ns,
        .durable = journal->durable,
    };
    journal_record_encode(&head, body, journal->chain, journal->group + journal->group_used);
    journal->group_used += (size_t)size;
    journal->group_time_ns = time_ns;
    journal->last = head.number;
    if (number != NULL) {
        *number = head.number;
    }
    return RESULT_OK;
}

/* --- commit ----------------------------------------------------------------------------------- */

result_t journal_commit(journal_t *journal)
{
    if (journal->failed) {
        return RESULT_IO;
    }
    if (journal->group_used == 0) {
        return RESULT_OK;
    }
    result_t result = journal->group_in_next ? rotate(journal) : RESULT_OK;
    if (result == RESULT_OK) {
        result = journal_write_all(journal, journal->descriptor, journal->group, journal->group_used, journal->used);
    }
    if (result == RESULT_OK) {
        result = journal_sync(journal, journal->descriptor);
    }
    if (result != RESULT_OK) {
        journal->failed = true; /* what is on the disk now, nobody knows; only opening again finds out */
        return result == RESULT_DISK_FULL ? RESULT_DISK_FULL : RESULT_IO;
    }
    journal->used += journal->group_used;
    journal->group_used = 0;
    journal->durable = journal->last;
    memcpy(journal->chain_durable, journal->chain, JOURNAL_CHAIN_BYTES);
    return RESULT_OK;
}

result_t journal_prepare(journal_t *journal)
{
    if (journal->failed) {
        return RESULT_IO;
    }
    uint64_t normal_end = journal->segment_bytes - journal->reserve_bytes;
    if (journal->next < 0 && journal->used + journal->group_used > normal_end - normal_end / 4) {
        result_t made = journal_segment_make(journal, journal->segment + 1, &journal->next);
        if (made != RESULT_OK) {
            journal->disk_full = made == RESULT_DISK_FULL;
            return made;
        }
        journal->disk_full = false;
        return RESULT_OK;
    }
    if (journal->zeroed < journal->segment_bytes && journal->used + JOURNAL_ZERO_STRETCH / 2 > journal->zeroed) {
        uint64_t from = journal->zeroed > journal->used ? journal->zeroed : journal->used;
        uint64_t to = from + JOURNAL_ZERO_STRETCH < journal->segment_bytes ? from + JOURNAL_ZERO_STRETCH : journal->segment_bytes;
        if (journal_zero_ahead(journal, journal->descriptor, from, to) != RESULT_OK) {
            journal->failed = true; /* the same file whose sync just failed carries the records */
            return RESULT_IO;
        }
        journal->zeroed = to;
    }
    return RESULT_OK;
}

void journal_close(journal_t *journal)
{
    if (journal == NULL) {
        return;
    }
    if (journal->descriptor >= 0) {
        close(journal->descriptor);
    }
    if (journal->next >= 0) {
        char path[FILE_PATH_MAX];
        close(journal->next);
        if (journal_segment_path(journal->folder, journal->segment + 1, "new", path) == RESULT_OK) {
            unlink(path);
        }
    }
    free(journal->group);
    free(journal);
}

/* --- looking ---------------------------------------------------------------------------------- */

uint64_t journal_number_last(const journal_t *journal)
{
    return journal->last;
}
uint64_t journal_number_durable(const journal_t *journal)
{
    return journal->durable;
}
uint64_t journal_generation(const journal_t *journal)
{
    return journal->generation;
}

result_t journal_state(const journal_t *journal)
{
    if (journal->failed) {
        return RESULT_IO;
    }
    return journal->disk_full ? RESULT_DISK_FULL : RESULT_OK;
}
