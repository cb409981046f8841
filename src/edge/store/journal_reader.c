/* journal_reader.c: reading records in order, also while another process writes them. */
#include <stdlib.h>
#include <string.h>

#include "edge/store/journal_format.h"

struct journal_reader {
    char folder[FILE_PATH_MAX];
    journal_cursor_t cursor;
    uint32_t segment;
    uint64_t offset; /* of the next record */
    uint64_t number; /* of the next record */
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    uint64_t from; /* records before it are passed over */
};

/* Enters a segment: the reader's place is its first record. */
static result_t enter(journal_reader_t *reader, uint32_t segment)
{
    result_t result = journal_cursor_open(&reader->cursor, reader->folder, segment);
    if (result != RESULT_OK) {
        return result;
    }
    reader->segment = segment;
    reader->offset = JOURNAL_SEGMENT_HEADER;
    reader->number = reader->cursor.segment.first_number;
    memcpy(reader->chain, reader->cursor.segment.chain, JOURNAL_CHAIN_BYTES);
    return RESULT_OK;
}

/* Opens the segment that holds record `from` (or would). */
static result_t enter_at(journal_reader_t *reader, uint64_t from)
{
    uint32_t last = 0;
    uint32_t missing = 0;
    result_t result = journal_segments_find(reader->folder, &last, &missing);
    if (result != RESULT_OK) {
        return result;
    }
    for (uint32_t segment = last; segment >= 1; segment--) {
        result = enter(reader, segment);
        if (result != RESULT_OK || reader->number <= from) {
            return result;
        }
    }
    return result;
}

result_t journal_reader_open(const char *folder, uint64_t from, journal_reader_t **reader)
{
    if (from == 0) {
        return RESULT_BAD_ARGUMENT;
    }
    if (strlen(folder) >= FILE_PATH_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    journal_reader_t *opened = calloc(1, sizeof *opened);
    if (opened == NULL) {
        return RESULT_FULL;
    }
    memcpy(opened->folder, folder, strlen(folder) + 1);
    opened->from = from;
    opened->cursor.descriptor = -1;
    opened->cursor.buffer = malloc(JOURNAL_CURSOR_BYTES);
    result_t result = opened->cursor.buffer == NULL ? RESULT_FULL : enter_at(opened, from);
    if (result != RESULT_OK) {
        journal_reader_close(opened);
        return result;
    }
    *reader = opened;
    return RESULT_OK;
}

void journal_reader_close(journal_reader_t *reader)
{
    if (reader != NULL) {
        journal_cursor_close(&reader->cursor);
        free(reader->cursor.buffer);
        free(reader);
    }
}

/* No whole record at the reader's place. Is it the end, or a hole? */
static result_t end_or_damage(journal_reader_t *reader, result_t found)
{
    /* A next segment that begins with our number: go on there. It can only exist when this one is complete. */
    journal_cursor_t next = {.descriptor = -1, .buffer = reader->cursor.buffer};
    reader->cursor.filled = 0; /* the buffer is lent for a moment */
    result_t opened = journal_cursor_open(&next, reader->folder, reader->segment + 1);
    bool follows = opened == RESULT_OK && next.segment.first_number == reader->number &&
                   memcmp(next.segment.chain, reader->chain, JOURNAL_CHAIN_BYTES) == 0;
    journal_cursor_close(&next);
    if (follows) {
        return enter(reader, reader->segment + 1);
    }
    if (opened != RESULT_NOT_FOUND) {
        return opened == RESULT_OK ? RESULT_GAP : opened;
    }
    if (found == RESULT_EMPTY) {
        return RESULT_EMPTY;
    }
    bool damage = false;
    uint64_t garbage_end = 0;
    result_t looked = journal_cursor_tail(&reader->cursor, reader->offset, reader->number, &damage, &garbage_end);
    reader->cursor.filled = 0;
    if (looked != RESULT_OK) {
        return looked;
    }
    /* Not damage: it is being written at this moment, or was torn by a crash. */
    return damage ? RESULT_CHECKSUM : RESULT_EMPTY;
}

result_t journal_reader_next(journal_reader_t *reader, journal_record_t *record)
{
    bool doubted = false;
    for (unsigned refreshed = 0;;) {
        journal_head_t head;
        const uint8_t *body;
        result_t found = journal_cursor_record(&reader->cursor, reader->offset, reader->number, reader->chain, &head, &body);
        if (found == RESULT_IO) {
            return RESULT_IO;
        }
        if (found != RESULT_OK && refreshed == 0) {
            journal_cursor_refresh(&reader->cursor); /* what we hold may be older than the file */
            refreshed = 1;
            continue;
        }
        if (found != RESULT_OK) {
            uint32_t segment = reader->segment;
            found = end_or_damage(reader, found);
            if (found == RESULT_OK && reader->segment != segment) {
                refreshed = 0;
                continue;
            }
            if (found != RESULT_EMPTY && !doubted) {
                /* The proof of damage is newer than our look at the record: a writer may have completed it in between. Look once
                 * more. */
                doubted = true;
                journal_cursor_refresh(&reader->cursor);
                continue;
            }
            return found;
        }
        doubted = false;
        journal_record_t read = {
            .number = head.number,
            .type = head.type,
            .use = (head.flags & JOURNAL_FLAG_EXIT) != 0 ? JOURNAL_EXIT : JOURNAL_NORMAL,
            .time_ns = head.time_ns,
            .body = body,
            .body_length = head.length,
            .segment = reader->segment,
            .offset = reader->offset,
        };
        memcpy(read.chain, head.chain, JOURNAL_CHAIN_BYTES);
        memcpy(reader->chain, head.chain, JOURNAL_CHAIN_BYTES);
        reader->offset += journal_record_size(head.length);
        reader->number++;
        refreshed = 0;
        if (read.number >= reader->from) {
            *record = read;
            return RESULT_OK;
        }
    }
}
