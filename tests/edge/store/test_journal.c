/* test_journal.c: the journal keeps what was committed, cuts only what was not, and never repairs by guessing.
 * shows: ORD-7, OPS-6, I1, I13, I20 (fault 107)
 */
#include <string.h>

#include "journal_fixture.h"

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
        cmocka_unit_test_setup_teardown(bad_arguments_are_refused, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_missing_or_foreign_segment_is_named, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
