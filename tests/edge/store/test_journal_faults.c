/* test_journal_faults.c: failed writes and syncs, a full disk, a killed process: what was acknowledged stands, exits find room.
 * shows: ORD-7, OPS-6, I1, I13, I20 (faults 97 99 106)
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_group_is_one_write_and_one_sync, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_final, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_failed_write_is_final_and_its_half_is_cut, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_full_disk_serves_exits_only_until_room_comes_back, place_make, place_remove),
        cmocka_unit_test_setup_teardown(the_reserve_too_has_an_end, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_really_full_disk, place_make, place_remove),
        cmocka_unit_test_setup_teardown(another_process_reads_while_it_is_written, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_crash_at_any_moment_loses_nothing_that_was_acknowledged, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
