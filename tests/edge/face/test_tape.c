/* test_tape.c: the tape test: with a recorded stream replayed the venue's best prices are the recorded ones at every update id.
 * Over the recording beside the project where it is at hand, and over an excerpt of it (its first 1,500 lines). shows: VEN-3
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "edge/face/world/market_rules.h"
#include "edge/face/world/stream_audit.h"
#include "support/test_support.h"

static const char excerpt[] = PATRIOT_SOURCE_DIR "/tests/edge/face/tape-BTCUSDT.stream.gz";

static stream_audit_t audit_of(const char *path)
{
    static const market_rules_t none;
    instrument_t rules;
    stream_audit_t audit;
    char error[MARKET_ERROR_MAX] = "";
    (void)market_rules_find(&none, "BTCUSDT", dec_from_int(60000), &rules);
    rules.tick_size = test_dec("0.1");
    const stream_symbol_t played = {.name = "BTCUSDT"};
    if (stream_audit(path, &played, &rules, &audit, error) != RESULT_OK)
        fail_msg("%s", error);
    return audit;
}

static void the_excerpt_agrees(void **state)
{
    (void)state;
    stream_audit_t audit = audit_of(excerpt);
    assert_int_equal(audit.events, 1500);
    assert_true(audit.compared > 1000);
    assert_int_equal(audit.differ, 0);
    assert_int_equal(audit.before_snapshot, 0); /* what came before the snapshot was kept for it */
    assert_int_equal(audit.broken, 0);
    assert_true(audit.passed_over > 0); /* quotes that changes of the book had overtaken */
}

static void the_whole_recording_agrees(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    if (!test_data_path("binance-usdm-btcusdt-20240808.stream.gz", path))
        skip();
    stream_audit_t audit = audit_of(path);
    assert_int_equal(audit.quotes, 66089);
    assert_int_equal(audit.changes, 6552);
    assert_int_equal(audit.compared, 71670);
    assert_int_equal(audit.differ, 0);
    assert_int_equal(audit.broken, 0);
}

/* The test can fail: a copy of the excerpt in which, from the 700th line on, quotes say something else, or one change of the book
 * is missing. */
typedef enum { SPOIL_QUOTES, DROP_CHANGE } spoil_t;

static void copy_spoiled(const char *path, spoil_t spoil)
{
    static char line[256 * 1024];
    gzFile in = gzopen(excerpt, "rb");
    FILE *out = fopen(path, "w");
    bool dropped = false;
    assert_non_null(in);
    assert_non_null(out);
    for (unsigned number = 0; gzgets(in, line, sizeof line); number++) {
        char *bid = spoil == SPOIL_QUOTES && number >= 700 && strstr(line, "bookTicker") ? strstr(line, "\"B\":\"") : NULL;
        if (bid)
            bid[5] = bid[5] == '9' ? '8' : '9';
        bool drop = spoil == DROP_CHANGE && number >= 700 && !dropped && strstr(line, "depthUpdate");
        dropped = dropped || drop;
        if (!drop)
            (void)fputs(line, out);
    }
    gzclose(in);
    assert_int_equal(fclose(out), 0);
}

static void a_spoiled_recording_is_noticed(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    copy_spoiled(path, SPOIL_QUOTES);
    stream_audit_t audit = audit_of(path);
    assert_true(audit.differ > 0); /* the changes of the book know it otherwise */
    assert_true(audit.first_difference[0] != '\0');
    copy_spoiled(path, DROP_CHANGE);
    audit = audit_of(path);
    assert_int_equal(audit.broken, 1);
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_excerpt_agrees),
        cmocka_unit_test(the_whole_recording_agrees),
        cmocka_unit_test(a_spoiled_recording_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
