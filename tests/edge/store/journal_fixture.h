/* journal_fixture.h: a folder for a small journal, and records whose bytes follow from their number; for the tests of the journal.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/store/journal.h"
#include "edge/store/journal_format.h"
#include "support/test_support.h"

enum { SMALL_SEGMENT = 256 * 1024, SMALL_RESERVE = 16 * 1024, SMALL_BUFFER = 64 * 1024 };

typedef struct {
    char folder[TEST_PATH_MAX];
    char journal[TEST_PATH_MAX + 32];
} place_t;

static inline int place_make(void **state)
{
    static place_t place;
    test_dir_make(place.folder);
    snprintf(place.journal, sizeof place.journal, "%s/journal", place.folder);
    *state = &place;
    return 0;
}

static inline int place_remove(void **state)
{
    place_t *place = *state;
    test_dir_remove(place->folder);
    return 0;
}

static inline journal_options_t small_options(const place_t *place)
{
    return (journal_options_t){.folder = place->journal,
                               .segment_bytes = SMALL_SEGMENT,
                               .reserve_bytes = SMALL_RESERVE,
                               .buffer_bytes = SMALL_BUFFER,
                               .generation = 77,
                               .now_ns = 1000};
}

static inline journal_t *open_small(const place_t *place, journal_report_t *report)
{
    journal_options_t options = small_options(place);
    journal_t *journal = NULL;
    assert_int_equal(journal_open(&options, &journal, report), RESULT_OK);
    return journal;
}

static inline void append_text(journal_t *journal, uint64_t seed)
{
    char body[128];
    int length = snprintf(body, sizeof body, "record with seed %llu and some more words", (unsigned long long)seed);
    assert_int_equal(
        journal_append(journal, (uint16_t)(1 + seed % 7), body, (size_t)length + seed % 40, JOURNAL_NORMAL, (int64_t)seed, NULL),
        RESULT_OK);
}

static inline void expect_text(const journal_record_t *record, uint64_t number)
{
    char body[128] = {0};
    int length = snprintf(body, sizeof body, "record with seed %llu and some more words", (unsigned long long)number);
    assert_int_equal(record->number, number);
    assert_int_equal(record->type, 1 + number % 7);
    assert_int_equal(record->time_ns, number);
    assert_int_equal(record->body_length, (uint32_t)length + number % 40);
    assert_memory_equal(record->body, body, (size_t)length);
}

static inline uint64_t read_all(const place_t *place, uint64_t from)
{
    journal_reader_t *reader = NULL;
    journal_record_t record;
    uint64_t count = 0;
    result_t result;
    assert_int_equal(journal_reader_open(place->journal, from, &reader), RESULT_OK);
    while ((result = journal_reader_next(reader, &record)) == RESULT_OK) {
        expect_text(&record, from + count);
        count++;
    }
    assert_int_equal(result, RESULT_EMPTY);
    journal_reader_close(reader);
    return count;
}

static inline void file_bytes_read(const char *path, uint8_t *bytes, size_t length)
{
    int descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(pread(descriptor, bytes, length, 0), length);
    close(descriptor);
}

static inline void file_bytes_write(const char *path, const uint8_t *bytes, size_t length, off_t offset)
{
    int descriptor = open(path, O_WRONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(pwrite(descriptor, bytes, length, offset), length);
    close(descriptor);
}

static inline void first_segment(const place_t *place, char path[FILE_PATH_MAX])
{
    assert_int_equal(journal_segment_path(place->journal, 1, "pj", path), RESULT_OK);
}
