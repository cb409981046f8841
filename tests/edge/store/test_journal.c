/* test_journal.c: the journal keeps what was committed, cuts only what was not, and never repairs by guessing.
 * shows: ORD-7, OPS-6, I1, I13, I20 (faults 97 99 106 107)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/store/journal.h"
#include "edge/store/journal_format.h"
#include "support/test_support.h"

enum { SMALL_SEGMENT = 256 * 1024, SMALL_RESERVE = 16 * 1024, SMALL_BUFFER = 64 * 1024 };

typedef struct {
    char folder[TEST_PATH_MAX];
    char journal[TEST_PATH_MAX + 32];
} place_t;

static int place_make(void **state)
{
    static place_t place;
    test_dir_make(place.folder);
    snprintf(place.journal, sizeof place.journal, "%s/journal", place.folder);
    *state = &place;
    return 0;
}

static int place_remove(void **state)
{
    place_t *place = *state;
    test_dir_remove(place->folder);
    return 0;
}

static journal_options_t small_options(const place_t *place)
{
    return (journal_options_t){.folder = place->journal,
                               .segment_bytes = SMALL_SEGMENT,
                               .reserve_bytes = SMALL_RESERVE,
                               .buffer_bytes = SMALL_BUFFER,
                               .generation = 77,
                               .now_ns = 1000};
}

static journal_t *open_small(const place_t *place, journal_report_t *report)
{
    journal_options_t options = small_options(place);
    journal_t *journal = NULL;
    assert_int_equal(journal_open(&options, &journal, report), RESULT_OK);
    return journal;
}

static void append_text(journal_t *journal, uint64_t seed)
{
    char body[128];
    int length = snprintf(body, sizeof body, "record with seed %llu and some more words", (unsigned long long)seed);
    assert_int_equal(
        journal_append(journal, (uint16_t)(1 + seed % 7), body, (size_t)length + seed % 40, JOURNAL_NORMAL, (int64_t)seed, NULL),
        RESULT_OK);
}

static void expect_text(const journal_record_t *record, uint64_t number)
{
    char body[128] = {0};
    int length = snprintf(body, sizeof body, "record with seed %llu and some more words", (unsigned long long)number);
    assert_int_equal(record->number, number);
    assert_int_equal(record->type, 1 + number % 7);
    assert_int_equal(record->time_ns, number);
    assert_int_equal(record->body_length, (uint32_t)length + number % 40);
    assert_memory_equal(record->body, body, (size_t)length);
}

static uint64_t read_all(const place_t *place, uint64_t from)
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

static void file_bytes_read(const char *path, uint8_t *bytes, size_t length)
{
    int descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(pread(descriptor, bytes, length, 0), length);
    close(descriptor);
}

static void file_bytes_write(const char *path, const uint8_t *bytes, size_t length, off_t offset)
{
    int descriptor = open(path, O_WRONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(pwrite(descriptor, bytes, length, offset), length);
    close(descriptor);
}

static void first_segment(const place_t *place, char path[FILE_PATH_MAX])
{
    assert_int_equal(journal_segment_path(place->journal, 1, "pj", path), RESULT_OK);
}

static void committed_records_come_back_in_order(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    for (uint64_t i = 1; i <= 100; i++) {
        append_text(journal, i);
        if (i % 3 == 0) {
            assert_int_equal(journal_commit(journal), RESULT_OK);
        }
    }
    assert_int_equal(journal_number_last(journal), 100);
    assert_int_equal(journal_number_durable(journal), 99);
    journal_close(journal); /* record 100 was never committed: gone, as after a crash */

    assert_int_equal(read_all(place, 1), 99);
    assert_int_equal(read_all(place, 42), 58);
    journal = open_small(place, &report);
    assert_int_equal(report.number_last, 99);
    assert_int_equal(report.cut_bytes, 0);
    assert_int_equal(report.generation, 77);
    append_text(journal, 100);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    journal_close(journal);
    assert_int_equal(read_all(place, 1), 100);
    assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
    assert_int_equal(report.number_last, 100);
}

static void a_hundred_thousand_records_over_many_segments(void **state)
{
    place_t *place = *state;
    journal_options_t options = small_options(place);
    journal_report_t report;
    journal_t *journal = NULL;
    options.segment_bytes = 2 * 1024 * 1024;
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_OK);
    for (uint64_t i = 1; i <= 100000; i++) {
        append_text(journal, i);
        if (i % 250 == 0) {
            assert_int_equal(journal_commit(journal), RESULT_OK);
            assert_int_equal(journal_prepare(journal), RESULT_OK);
        }
    }
    journal_close(journal);
    assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
    assert_int_equal(report.records, 100000);
    assert_true(report.segments >= 6);
    assert_int_equal(read_all(place, 1), 100000);
    assert_int_equal(read_all(place, 99990), 11);
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_OK);
    assert_int_equal(report.number_last, 100000);
    journal_close(journal);
}

/* Cuts and flips every byte of the last, unsynced group: what was durable stays, the torn rest goes, and the journal works on. */
static void every_byte_of_an_unsynced_tail_may_be_torn(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    char path[FILE_PATH_MAX];
    journal_t *journal = open_small(place, &report);
    append_text(journal, 1);
    append_text(journal, 2);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    uint64_t begin = JOURNAL_SEGMENT_HEADER;
    uint8_t whole[4096];
    first_segment(place, path);
    file_bytes_read(path, whole, sizeof whole);
    for (unsigned i = 0; i < 2; i++) {
        journal_head_t head;
        assert_int_equal(journal_head_decode(whole + begin, &head), RESULT_OK);
        begin += journal_record_size(head.length);
    }
    append_text(journal, 3);
    append_text(journal, 4);
    append_text(journal, 5);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    journal_close(journal);
    file_bytes_read(path, whole, sizeof whole);
    uint64_t end = begin;
    for (unsigned i = 0; i < 3; i++) {
        journal_head_t head;
        assert_int_equal(journal_head_decode(whole + end, &head), RESULT_OK);
        end += journal_record_size(head.length);
    }
    uint64_t whole_records = 0;
    for (uint64_t at = begin; at < end; at++) {
        for (unsigned kind = 0; kind < 3; kind++) { /* cut here, bit flipped here, hole of a page's beginning before here */
            uint8_t torn[4096];
            memcpy(torn, whole, sizeof torn);
            if (kind == 0) {
                memset(torn + at, 0, (size_t)(end - at));
            } else if (kind == 1) {
                torn[at] ^= 0x10;
            } else {
                memset(torn + begin, 0, (size_t)(at + 1 - begin));
            }
            file_bytes_write(path, torn, sizeof torn, 0);
            journal = open_small(place, &report);
            assert_true(report.number_last >= 2 && report.number_last <= 5);
            whole_records += report.number_last;
            if (report.number_last < 5 && kind == 1) {
                assert_true(report.cut_bytes > 0);
                assert_non_null(strstr(report.text, "journal-000001.pj"));
            }
            append_text(journal, report.number_last + 1);
            assert_int_equal(journal_commit(journal), RESULT_OK);
            journal_close(journal);
            assert_int_equal(read_all(place, 1), report.number_last + 1);
            assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
            assert_int_equal(report.cut_bytes, 0);
        }
    }
    assert_true(whole_records > 0);
}

static void damage_to_what_was_durable_is_named_and_refused(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    char path[FILE_PATH_MAX];
    journal_t *journal = open_small(place, &report);
    for (uint64_t i = 1; i <= 6; i++) {
        append_text(journal, i);
        assert_int_equal(journal_commit(journal), RESULT_OK);
    }
    journal_close(journal);
    uint8_t whole[4096];
    first_segment(place, path);
    file_bytes_read(path, whole, sizeof whole);
    uint64_t offset = JOURNAL_SEGMENT_HEADER;
    for (uint64_t number = 1; number <= 5; number++) { /* the last one has no witness behind it */
        journal_head_t head;
        assert_int_equal(journal_head_decode(whole + offset, &head), RESULT_OK);
        uint64_t size = journal_record_size(head.length);
        for (uint64_t at = 0; at < size; at++) {
            uint8_t hurt[4096];
            memcpy(hurt, whole, sizeof hurt);
            hurt[offset + at] ^= 0x01;
            file_bytes_write(path, hurt, sizeof hurt, 0);
            journal_options_t options = small_options(place);
            assert_int_equal(journal_open(&options, &journal, &report), RESULT_CHECKSUM);
            assert_int_equal(report.number, number);
            assert_int_equal(report.offset, offset);
            assert_string_equal(report.file, path);
            assert_non_null(strstr(report.text, "restore"));
            assert_int_equal(journal_verify(place->journal, &report), RESULT_CHECKSUM);
            assert_int_equal(report.number, number);
            uint8_t after[4096];
            file_bytes_read(path, after, sizeof after);
            assert_memory_equal(after, hurt, sizeof after); /* nothing was changed */
        }
        uint8_t zeroed[4096];
        memcpy(zeroed, whole, sizeof zeroed);
        memset(zeroed + offset, 0, (size_t)size); /* a block that came back empty */
        file_bytes_write(path, zeroed, sizeof zeroed, 0);
        journal_options_t options = small_options(place);
        assert_int_equal(journal_open(&options, &journal, &report), RESULT_CHECKSUM);
        offset += size;
    }
    for (size_t at = 0; at < JOURNAL_SEGMENT_HEADER; at++) {
        uint8_t hurt[4096];
        memcpy(hurt, whole, sizeof hurt);
        hurt[at] ^= 0x80;
        file_bytes_write(path, hurt, sizeof hurt, 0);
        journal_options_t options = small_options(place);
        assert_int_not_equal(journal_open(&options, &journal, &report), RESULT_OK);
        assert_true(report.text[0] != '\0');
    }
}

static void records_may_not_be_swapped_or_rewritten(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    char path[FILE_PATH_MAX];
    journal_t *journal = open_small(place, &report);
    for (uint64_t i = 1; i <= 4; i++) {
        append_text(journal, i);
        assert_int_equal(journal_commit(journal), RESULT_OK);
    }
    journal_close(journal);
    /* A forger rewrites record 1 with a good crc: the chain gives it away. */
    uint8_t whole[4096];
    first_segment(place, path);
    file_bytes_read(path, whole, sizeof whole);
    journal_head_t head;
    assert_int_equal(journal_head_decode(whole + JOURNAL_SEGMENT_HEADER, &head), RESULT_OK);
    uint8_t body[128];
    memcpy(body, whole + JOURNAL_SEGMENT_HEADER + JOURNAL_RECORD_HEADER, head.length);
    body[0] = 'R';
    uint8_t chain[JOURNAL_CHAIN_BYTES];
    journal_chain_begin(77, chain);
    journal_record_encode(&head, body, chain, whole + JOURNAL_SEGMENT_HEADER);
    file_bytes_write(path, whole, sizeof whole, 0);
    assert_int_equal(journal_verify(place->journal, &report), RESULT_CHECKSUM);
    assert_int_equal(report.number, 2);
}

/* --- a system that fails ---------------------------------------------------------------------- */

typedef struct {
    unsigned writes, syncs;
    unsigned write_fails_at, sync_fails_at; /* 0: never */
    int write_error;
    size_t write_partial; /* bytes that still arrive when the write fails */
    int allocate_error;   /* 0: works */
    char order[64];       /* 'w' and 's' as they happened */
    size_t order_length;
} fake_t;

static void note(fake_t *fake, char what)
{
    if (fake->order_length + 1 < sizeof fake->order) {
        fake->order[fake->order_length++] = what;
    }
}

static ssize_t fake_write(void *context, int descriptor, const void *bytes, size_t length, off_t offset)
{
    fake_t *fake = context;
    note(fake, 'w');
    if (++fake->writes == fake->write_fails_at) {
        if (fake->write_partial > 0) {
            assert_true(pwrite(descriptor, bytes, fake->write_partial < length ? fake->write_partial : length, offset) > 0);
        }
        errno = fake->write_error;
        return -1;
    }
    return pwrite(descriptor, bytes, length, offset);
}

static int fake_sync(void *context, int descriptor)
{
    fake_t *fake = context;
    note(fake, 's');
    if (++fake->syncs == fake->sync_fails_at) {
        errno = EIO;
        return -1;
    }
    return fdatasync(descriptor);
}

static int fake_allocate(void *context, int descriptor, off_t length)
{
    fake_t *fake = context;
    return fake->allocate_error != 0 ? fake->allocate_error : posix_fallocate(descriptor, 0, length);
}

static journal_t *open_fake(const place_t *place, fake_t *fake)
{
    journal_options_t options = small_options(place);
    journal_report_t report;
    journal_t *journal = NULL;
    options.system = (journal_system_t){.context = fake, .write_at = fake_write, .sync_data = fake_sync, .allocate = fake_allocate};
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_OK);
    *fake = (fake_t){0};
    return journal;
}

static void a_group_is_one_write_and_one_sync(void **state)
{
    fake_t fake = {0};
    journal_t *journal = open_fake(*state, &fake);
    for (uint64_t i = 1; i <= 20; i++) {
        append_text(journal, i);
    }
    assert_int_equal(fake.order_length, 0);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    assert_string_equal(fake.order, "ws");
    assert_int_equal(journal_commit(journal), RESULT_OK); /* nothing to do */
    assert_string_equal(fake.order, "ws");
    journal_close(journal);
}

static void a_failed_sync_is_final(void **state)
{
    fake_t fake = {0};
    journal_t *journal = open_fake(*state, &fake);
    append_text(journal, 1);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    fake.sync_fails_at = fake.syncs + 1;
    append_text(journal, 2);
    assert_int_equal(journal_commit(journal), RESULT_IO);
    assert_int_equal(journal_number_durable(journal), 1);
    unsigned syncs = fake.syncs;
    assert_int_equal(journal_commit(journal), RESULT_IO); /* the next one would "succeed": it is not even tried */
    assert_int_equal(fake.syncs, syncs);
    assert_int_equal(journal_append(journal, 1, "x", 1, JOURNAL_EXIT, 0, NULL), RESULT_IO);
    assert_int_equal(journal_prepare(journal), RESULT_IO);
    assert_int_equal(journal_state(journal), RESULT_IO);
    journal_close(journal);
    journal_report_t report;
    journal = open_small(*state, &report); /* a new start finds out what is there */
    assert_true(report.number_last == 1 || report.number_last == 2);
    journal_close(journal);
}

static void a_failed_write_is_final_and_its_half_is_cut(void **state)
{
    fake_t fake = {0};
    journal_t *journal = open_fake(*state, &fake);
    append_text(journal, 1);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    fake.write_fails_at = fake.writes + 1;
    fake.write_error = ENOSPC;
    fake.write_partial = 100;
    append_text(journal, 2);
    assert_int_equal(journal_commit(journal), RESULT_DISK_FULL);
    assert_int_equal(journal_commit(journal), RESULT_IO);
    assert_int_equal(journal_state(journal), RESULT_IO);
    journal_close(journal);
    journal_report_t report;
    journal = open_small(*state, &report);
    assert_int_equal(report.number_last, 1);
    assert_int_equal(report.cut_bytes, 104 /* 100 bytes, counted in eights */);
    journal_close(journal);
}

static uint64_t fill_normal(journal_t *journal)
{
    uint8_t body[4000];
    uint64_t count = 0;
    result_t result;
    memset(body, 'b', sizeof body);
    while ((result = journal_append(journal, 9, body, sizeof body, JOURNAL_NORMAL, 1, NULL)) == RESULT_OK) {
        count++;
        assert_int_equal(journal_commit(journal), RESULT_OK);
        assert_true(count < 10000);
    }
    assert_int_equal(result, RESULT_DISK_FULL);
    return count;
}

static void a_full_disk_serves_exits_only_until_room_comes_back(void **state)
{
    fake_t fake = {0};
    journal_t *journal = open_fake(*state, &fake);
    fake.allocate_error = ENOSPC;
    uint64_t normal = fill_normal(journal);
    assert_true(normal > 50);
    assert_int_equal(journal_state(journal), RESULT_DISK_FULL);
    assert_int_equal(journal_prepare(journal), RESULT_DISK_FULL);
    for (unsigned i = 0; i < 20; i++) { /* the reserve */
        assert_int_equal(journal_append(journal, 8, "exit", 4, JOURNAL_EXIT, 2, NULL), RESULT_OK);
        assert_int_equal(journal_append(journal, 8, "entry", 5, JOURNAL_NORMAL, 2, NULL), RESULT_DISK_FULL);
        assert_int_equal(journal_commit(journal), RESULT_OK);
    }
    fake.allocate_error = 0;
    assert_int_equal(journal_prepare(journal), RESULT_OK);
    assert_int_equal(journal_state(journal), RESULT_OK);
    assert_int_equal(journal_append(journal, 8, "entry", 5, JOURNAL_NORMAL, 3, NULL), RESULT_OK);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    uint64_t last = journal_number_last(journal);
    journal_close(journal);
    journal_report_t report;
    place_t *place = *state;
    assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
    assert_int_equal(report.number_last, last);
    assert_int_equal(report.segments, 2);
}

static void the_reserve_too_has_an_end(void **state)
{
    fake_t fake = {0};
    journal_t *journal = open_fake(*state, &fake);
    fake.allocate_error = ENOSPC;
    (void)fill_normal(journal);
    uint8_t body[1000] = {1};
    unsigned exits = 0;
    result_t result;
    while ((result = journal_append(journal, 8, body, sizeof body, JOURNAL_EXIT, 2, NULL)) == RESULT_OK) {
        assert_int_equal(journal_commit(journal), RESULT_OK);
        exits++;
    }
    assert_int_equal(result, RESULT_DISK_FULL);
    assert_true(exits >= SMALL_RESERVE / 1100);
    journal_close(journal);
}

static void a_really_full_disk(void **state)
{
    place_t *place = *state;
    char folder[TEST_PATH_MAX + 16];
    snprintf(folder, sizeof folder, "%s/small", place->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=700k") != 0) {
        print_message("skipped: a small file system cannot be mounted here (%s)\n", strerror(errno));
        skip();
    }
    place_t inside;
    journal_report_t report;
    journal_t *journal = NULL;
    snprintf(inside.journal, sizeof inside.journal, "%s/journal", folder);
    journal_options_t options = small_options(&inside);
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_OK);
    (void)fill_normal(journal);
    assert_int_equal(journal_append(journal, 8, "exit", 4, JOURNAL_EXIT, 2, NULL), RESULT_OK);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    journal_close(journal);
    assert_int_equal(journal_verify(inside.journal, &report), RESULT_OK);
    assert_int_equal(umount(folder), 0);
}

/* --- processes -------------------------------------------------------------------------------- */

static void another_process_reads_while_it_is_written(void **state)
{
    enum { RECORDS = 5000 };
    place_t *place = *state;
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    append_text(journal, 1);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { /* reads until all have come; every one must be whole and in order */
        journal_reader_t *reader = NULL;
        journal_record_t record;
        uint64_t next = 1;
        if (journal_reader_open(place->journal, 1, &reader) != RESULT_OK) {
            _exit(2);
        }
        while (next <= RECORDS) {
            result_t result = journal_reader_next(reader, &record);
            if (result == RESULT_EMPTY) {
                continue;
            }
            if (result != RESULT_OK || record.number != next || record.time_ns != (int64_t)next) {
                _exit(3);
            }
            next++;
        }
        _exit(0);
    }
    for (uint64_t i = 2; i <= RECORDS; i++) {
        append_text(journal, i);
        if (i % 50 == 0) {
            assert_int_equal(journal_commit(journal), RESULT_OK);
            assert_int_equal(journal_prepare(journal), RESULT_OK);
        }
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    journal_close(journal);
}

static void a_crash_at_any_moment_loses_nothing_that_was_acknowledged(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    uint64_t acknowledged = 0;
    for (unsigned round = 0; round < 12; round++) {
        int pipes[2];
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            journal_options_t options = small_options(place);
            journal_t *journal = NULL;
            if (journal_open(&options, &journal, &report) != RESULT_OK) {
                _exit(2);
            }
            for (;;) {
                uint64_t number = 0;
                char body[300];
                memset(body, 'k', sizeof body);
                if (journal_append(journal, 5, body, sizeof body, JOURNAL_NORMAL, 1, &number) != RESULT_OK ||
                    journal_commit(journal) != RESULT_OK || write(pipes[1], &number, sizeof number) != (ssize_t)sizeof number) {
                    _exit(3);
                }
                (void)journal_prepare(journal);
            }
        }
        close(pipes[1]);
        uint64_t number = 0;
        for (unsigned i = 0; i < 40 + round * 7; i++) {
            assert_int_equal(read(pipes[0], &number, sizeof number), sizeof number);
        }
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        while (read(pipes[0], &number, sizeof number) == (ssize_t)sizeof number) {}
        close(pipes[0]);
        assert_true(number > acknowledged);
        acknowledged = number;
        assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
        assert_true(report.number_last >= acknowledged);
    }
}

/* --- edges ------------------------------------------------------------------------------------ */

static void bad_arguments_are_refused(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    static uint8_t body[JOURNAL_BODY_MAX + 1];
    assert_int_equal(journal_append(journal, 0, body, 1, JOURNAL_NORMAL, 0, NULL), RESULT_BAD_ARGUMENT);
    assert_int_equal(journal_append(journal, 1, body, sizeof body, JOURNAL_NORMAL, 0, NULL), RESULT_BAD_ARGUMENT);
    assert_int_equal(journal_append(journal, 1, body, JOURNAL_BODY_MAX, JOURNAL_NORMAL, 0, NULL),
                     RESULT_FULL); /* the small buffer */
    assert_int_equal(journal_append(journal, 1, NULL, 0, JOURNAL_NORMAL, 0, NULL), RESULT_OK);
    assert_int_equal(journal_commit(journal), RESULT_OK);
    journal_close(journal);
    journal_options_t options = small_options(place);
    options.segment_bytes = 8192;
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_BAD_ARGUMENT);
    journal_reader_t *reader = NULL;
    assert_int_equal(journal_reader_open("/nonexistent/journal", 1, &reader), RESULT_NOT_FOUND);
    assert_int_equal(journal_verify("/nonexistent/journal", &report), RESULT_NOT_FOUND);
    assert_true(report.text[0] != '\0');
}

static void a_missing_or_foreign_segment_is_named(void **state)
{
    place_t *place = *state;
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    uint8_t body[4000] = {7};
    for (unsigned i = 0; i < 150; i++) {
        assert_int_equal(journal_append(journal, 9, body, sizeof body, JOURNAL_NORMAL, 1, NULL), RESULT_OK);
        assert_int_equal(journal_commit(journal), RESULT_OK);
    }
    journal_close(journal);
    assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
    assert_int_equal(report.segments, 3);
    char second[FILE_PATH_MAX];
    char aside[FILE_PATH_MAX];
    assert_int_equal(journal_segment_path(place->journal, 2, "pj", second), RESULT_OK);
    assert_int_equal(journal_segment_path(place->journal, 2, "aside", aside), RESULT_OK);
    assert_int_equal(rename(second, aside), 0);
    journal_options_t options = small_options(place);
    assert_int_equal(journal_open(&options, &journal, &report), RESULT_GAP);
    assert_non_null(strstr(report.text, "journal-000002.pj"));
    assert_int_equal(journal_verify(place->journal, &report), RESULT_GAP);
    assert_int_equal(rename(aside, second), 0);

    char first[FILE_PATH_MAX];
    first_segment(place, first);
    static uint8_t bytes[SMALL_SEGMENT];
    file_bytes_read(first, bytes, sizeof bytes); /* segment 1 once more under the name of segment 2 */
    file_bytes_write(second, bytes, sizeof bytes, 0);
    assert_int_not_equal(journal_open(&options, &journal, &report), RESULT_OK);
    assert_non_null(strstr(report.text, "journal-000002.pj"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(committed_records_come_back_in_order, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_hundred_thousand_records_over_many_segments, place_make, place_remove),
        cmocka_unit_test_setup_teardown(every_byte_of_an_unsynced_tail_may_be_torn, place_make, place_remove),
        cmocka_unit_test_setup_teardown(damage_to_what_was_durable_is_named_and_refused, place_make, place_remove),
        cmocka_unit_test_setup_teardown(records_may_not_be_swapped_or_rewritten, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_group_is_one_write_and_one_sync, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_final, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_failed_write_is_final_and_its_half_is_cut, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_full_disk_serves_exits_only_until_room_comes_back, place_make, place_remove),
        cmocka_unit_test_setup_teardown(the_reserve_too_has_an_end, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_really_full_disk, place_make, place_remove),
        cmocka_unit_test_setup_teardown(another_process_reads_while_it_is_written, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_crash_at_any_moment_loses_nothing_that_was_acknowledged, place_make, place_remove),
        cmocka_unit_test_setup_teardown(bad_arguments_are_refused, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_missing_or_foreign_segment_is_named, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
