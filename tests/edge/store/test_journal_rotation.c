/* test_journal_rotation.c: a crash in the middle of a change of segments; and, with arguments, the writer and the judge of
 * tests/app/test_journal_rotation.py, which cuts the power at every one of its writes.
 * shows: ORD-7, OPS-6, R211, I13
 */
#include "journal_fixture.h"

enum { BODY = 24 * 1024, RECORDS = 30, MORE = 12 };

static void append_large(journal_t *journal, uint64_t number)
{
    static char body[BODY];
    memset(body, (int)('a' + number % 26), sizeof body);
    assert_int_equal(journal_append(journal, 9, body, sizeof body - number % 100, JOURNAL_NORMAL, (int64_t)number, NULL),
                     RESULT_OK);
}

static void expect_large(const place_t *place, uint64_t count)
{
    journal_reader_t *reader = NULL;
    journal_record_t record;
    assert_int_equal(journal_reader_open(place->journal, 1, &reader), RESULT_OK);
    for (uint64_t number = 1; number <= count; number++) {
        assert_int_equal(journal_reader_next(reader, &record), RESULT_OK);
        assert_true(record.number == number && record.body_length == BODY - number % 100);
        assert_true(record.body[0] == 'a' + (int)(number % 26) && record.body[record.body_length - 1] == record.body[0]);
    }
    assert_int_equal(journal_reader_next(reader, &record), RESULT_EMPTY);
    journal_reader_close(reader);
}

/* --- the writer and the judge ----------------------------------------------------------------- */

/* Groups of one to three records, each acknowledged in FOLDER/acks once it is durable; some turns prepare what comes, some do not,
 * so that segments are made ahead and on the spot. */
static int write_and_tell(place_t *place)
{
    char path[TEST_PATH_MAX + 64], text[32];
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    snprintf(path, sizeof path, "%s/acks", place->folder);
    const int acks = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    for (uint64_t number = 1, group = 0; number <= RECORDS; group++) {
        for (uint64_t i = 0; i <= group % 3 && i < 2 && number <= RECORDS; i++) {
            append_large(journal, number++);
        }
        assert_int_equal(journal_commit(journal), RESULT_OK);
        const int length = snprintf(text, sizeof text, "%llu\n", (unsigned long long)(number - 1));
        assert_true(write(acks, text, (size_t)length) == length);
        if (number > RECORDS / 2) {
            assert_int_equal(journal_prepare(journal), RESULT_OK);
        }
    }
    close(acks);
    journal_close(journal);
    return 0;
}

/* Opens what is left, says how far it goes, and writes on over the next change of segments. */
static int take_up(place_t *place)
{
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    const uint64_t last = journal_number_last(journal);
    expect_large(place, last);
    for (uint64_t number = last + 1; number <= last + MORE; number++) {
        append_large(journal, number);
        if (number % 2 == 0 || number == last + MORE) {
            assert_int_equal(journal_commit(journal), RESULT_OK);
        }
    }
    journal_close(journal);
    assert_int_equal(journal_verify(place->journal, &report), RESULT_OK);
    expect_large(place, last + MORE);
    printf("%llu\n", (unsigned long long)last);
    return 0;
}

/* --- what a crash may leave ------------------------------------------------------------------- */

static uint64_t fill_first_segment(const place_t *place)
{
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    uint64_t number = 0;
    while ((number + 1) * (BODY + 200) < SMALL_SEGMENT - SMALL_RESERVE) {
        append_large(journal, ++number);
        assert_int_equal(journal_commit(journal), RESULT_OK);
    }
    journal_close(journal);
    return number;
}

static void a_segment_made_and_not_named_is_made_again(void **state)
{
    place_t *place = *state;
    char path[TEST_PATH_MAX + 64];
    const uint64_t last = fill_first_segment(place);
    snprintf(path, sizeof path, "%s/journal-000002.new", place->journal);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (unsigned i = 0; i < 5000; i++) {
        assert_true(fputs("PATRIOTJ and no journal", file) >= 0);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(take_up(place), 0);
    expect_large(place, last + MORE);
}

static void a_segment_named_and_empty_is_gone_on_with(void **state)
{
    place_t *place = *state;
    char path[TEST_PATH_MAX + 64];
    const uint64_t last = fill_first_segment(place);
    journal_report_t report;
    journal_t *journal = open_small(place, &report);
    append_large(journal, last + 1); /* rotates */
    assert_int_equal(journal_commit(journal), RESULT_OK);
    journal_close(journal);
    snprintf(path, sizeof path, "%s/journal-000002.pj", place->journal);
    static const char nothing[SMALL_SEGMENT - JOURNAL_SEGMENT_HEADER];
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(pwrite(file, nothing, sizeof nothing, JOURNAL_SEGMENT_HEADER) == (ssize_t)sizeof nothing);
    assert_int_equal(close(file), 0);
    assert_int_equal(take_up(place), 0);
    expect_large(place, last + MORE);
}

int main(int argc, char **argv)
{
    if (argc == 3) {
        place_t place;
        snprintf(place.folder, sizeof place.folder, "%s", argv[2]);
        snprintf(place.journal, sizeof place.journal, "%s/journal", argv[2]);
        return strcmp(argv[1], "write") == 0 ? write_and_tell(&place) : take_up(&place);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_segment_made_and_not_named_is_made_again, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_segment_named_and_empty_is_gone_on_with, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
