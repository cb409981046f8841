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

/* --- other forms of the same recording -------------------------------------------------------- */

typedef enum { IN_MICROSECONDS, WITHOUT_SNAPSHOT, ONE_CROSSED, WITH_RETURNS, ONE_AHEAD, CLOCK_SET_BACK, DOUBLED } form_t;

/* A time of 13 digits behind `name` gets three more. */
static void put_in_microseconds(char *line, const char *name)
{
    enum { DIGITS = 13 };
    char *at = strstr(line, name);
    if (at) {
        at += strlen(name) + DIGITS;
        memmove(at + 3, at, strlen(at) + 1);
        memcpy(at, "000", 3);
    }
}

static void copy_in_form(const char *path, form_t form)
{
    static char line[256 * 1024 + 8];
    gzFile in = gzopen(excerpt, "rb");
    FILE *out = fopen(path, "w");
    assert_non_null(in);
    assert_non_null(out);
    for (unsigned number = 1; gzgets(in, line, 256 * 1024); number++) {
        if (form == IN_MICROSECONDS) {
            put_in_microseconds(line, "\"E\":");
            put_in_microseconds(line, "\"T\":");
        }
        char *bid = form == ONE_CROSSED && number == 988 ? strstr(line, "\"b\":\"6") : NULL;
        if (bid)
            bid[5] = '7';
        for (char *at = line; form == ONE_AHEAD && number == 988 && (at = strstr(at, "\":172316")); at += 8)
            at[3] = '8'; /* three years on, in both its times */
        if (form == CLOCK_SET_BACK && number >= 988)
            line[4] = '0'; /* the recorder's, by 100,000 s */
        char *end = form == WITH_RETURNS ? strchr(line, '\n') : NULL;
        if (end)
            memcpy(end, "\r\n", 3);
        for (int times = form == DOUBLED ? 2 : 1; times > 0 && (form != WITHOUT_SNAPSHOT || !strstr(line, "lastUpdateId")); times--)
            (void)fputs(line, out);
    }
    gzclose(in);
    assert_int_equal(fclose(out), 0);
}

static void other_forms_say_the_same(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    const stream_audit_t known = audit_of(excerpt);
    for (form_t form = IN_MICROSECONDS; form <= WITH_RETURNS; form += WITH_RETURNS - IN_MICROSECONDS) {
        copy_in_form(path, form);
        stream_audit_t audit = audit_of(path);
        assert_memory_equal(&audit, &known, sizeof audit);
    }
    test_dir_remove(folder);
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

/* Two connections that record into one file: each message twice. The book is the same, and each trade happened once. */
static void a_doubled_recording_says_the_same(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    const stream_audit_t known = audit_of(excerpt);
    copy_in_form(path, DOUBLED);
    const stream_audit_t audit = audit_of(path);
    const uint64_t trades = known.events - known.quotes - known.changes;
    assert_true(trades > 0);
    assert_int_equal(audit.events - audit.quotes - audit.changes, trades);
    assert_int_equal(audit.quotes, 2 * known.quotes);
    assert_true(audit.compared > known.compared);
    assert_int_equal(audit.differ + audit.broken + audit.before_snapshot, 0);
    test_dir_remove(folder);
}

#define PICTURE(id, bid, ask)                                                                                                      \
    "1 {\"stream\":\"btcusdt@depth5@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,\"s\":"        \
    "\"BTCUSDT\",\"U\":" #id ",\"u\":" #id ",\"pu\":1,\"b\":[[\"" #bid "\",\"1\"]],\"a\":[[\"" #ask "\",\"1\"]]}}\n"
#define CHANGE(first, last, previous, bid, quantity)                                                                               \
    "1 {\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,\"s\":\"BTCUSDT\","   \
    "\"U\":" #first ",\"u\":" #last ",\"pu\":" #previous ",\"b\":[[\"" #bid "\",\"" #quantity "\"]],\"a\":[]}}\n"
#define QUOTE(id, bid, ask)                                                                                                        \
    "1 {\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":" #id ",\"s\":\"BTCUSDT\",\"b\":\"" #bid            \
    "\",\"B\":\"1\",\"a\":\"" #ask "\",\"A\":\"1\",\"T\":1723161256313,\"E\":1723161256313}}\n"
#define TRADE(id)                                                                                                                  \
    "1 {\"e\":\"trade\",\"E\":1723161256322,\"T\":1723161256322,\"s\":\"BTCUSDT\",\"t\":" #id                                      \
    ",\"p\":\"60000.0\",\"q\":\"0.006\",\"X\":\"MARKET\",\"m\":false}\n"
#define AGGREGATE(id)                                                                                                              \
    "1 {\"e\":\"aggTrade\",\"E\":1723161256322,\"s\":\"BTCUSDT\",\"a\":" #id                                                       \
    ",\"p\":\"60000.0\",\"q\":\"0.006\",\"f\":1,\"l\":1,\"T\":1723161256322,\"m\":false}\n"

/* Pictures of the best levels are the book where nothing better is recorded, and say nothing beside a whole one. */
static void pictures_are_no_differences(void **state)
{
    (void)state;
    static const char alone[] = QUOTE(8, 60000.0, 60000.1) PICTURE(9, 60000.0, 60000.1) QUOTE(19, 59999.0, 60000.1)
        PICTURE(20, 59999.0, 60000.1) PICTURE(30, 59998.0, 60000.1) QUOTE(30, 59998.0, 60000.1);
    static const char beside[] = PICTURE(9, 60000.0, 60000.1) CHANGE(10, 12, 8, 59990.0, 2)
        QUOTE(11, 60000.0, 60000.1) "1 "
                                    "{\"lastUpdateId\":11,\"E\":1723161256300,\"T\":1723161256300,\"bids\":[[\"60000.0\",\"1\"]],"
                                    "\"asks\":[[\"60000.1\",\"1\"]]}\n" PICTURE(12, 60000.0, 60000.1) CHANGE(13, 14, 12, 60000.0, 0)
                                        QUOTE(14, 59990.0, 60000.1);
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    write_bytes(path, alone, sizeof alone - 1);
    stream_audit_t audit = audit_of(path);
    assert_int_equal(audit.changes, 3);
    assert_true(audit.compared >= 5);
    assert_int_equal(audit.differ + audit.broken + audit.before_snapshot, 0);
    write_bytes(path, beside, sizeof beside - 1);
    audit = audit_of(path);
    assert_int_equal(audit.changes, 4); /* the first picture, the snapshot, both changes */
    assert_int_equal(audit.broken + audit.before_snapshot + audit.left_out.without_snapshot, 0);
    test_dir_remove(folder);
}

static void a_trade_happened_once(void **state)
{
    (void)state;
    static const char both[] = QUOTE(8, 60000.0, 60000.1) TRADE(7) AGGREGATE(3) TRADE(7) TRADE(8) AGGREGATE(4) TRADE(6);
    static const char aggregates[] = QUOTE(8, 60000.0, 60000.1) AGGREGATE(3) TRADE(7) AGGREGATE(3) AGGREGATE(4);
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    write_bytes(path, both, sizeof both - 1);
    assert_int_equal(audit_of(path).events, 1 + 2);
    write_bytes(path, aggregates, sizeof aggregates - 1);
    assert_int_equal(audit_of(path).events, 1 + 2);
    test_dir_remove(folder);
}

static void what_is_not_played_is_counted(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    const stream_audit_t known = audit_of(excerpt);
    copy_in_form(path, WITHOUT_SNAPSHOT);
    stream_audit_t audit = audit_of(path);
    assert_int_equal(audit.changes, 0);
    assert_int_equal(audit.left_out.without_snapshot, known.changes - 1); /* the snapshot is one of those */
    copy_in_form(path, ONE_CROSSED);
    audit = audit_of(path);
    assert_int_equal(audit.left_out.doubtful, 1);
    assert_int_equal(audit.left_out.first_doubtful, 988);
    assert_int_equal(audit.events, known.events - 1);
    test_dir_remove(folder);
}

/* A message dated far ahead would take the world's clock there; a recorder's clock that was set is known by the third that is so.
 */
static void a_date_far_ahead_is_not_believed(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/BTCUSDT.stream", folder);
    const stream_audit_t known = audit_of(excerpt);
    static const struct {
        form_t form;
        unsigned left_out;
    } rows[] = {{ONE_AHEAD, 1}, {CLOCK_SET_BACK, 2}};
    for (size_t i = 0; i < 2; i++) {
        copy_in_form(path, rows[i].form);
        stream_audit_t audit = audit_of(path);
        assert_int_equal(audit.left_out.doubtful, rows[i].left_out);
        assert_int_equal(audit.left_out.first_doubtful, 988);
        assert_int_equal(audit.events, known.events - rows[i].left_out);
    }
    test_dir_remove(folder);
}

static void a_flaw_is_told_by_line_and_reason(void **state)
{
    (void)state;
    static const char with_zero[] = "1 {\"a\":1}\n2 {\"a\":\"\0\"}\n";
    static char bytes[1 << 20];
    char folder[TEST_PATH_MAX], path[TEST_PATH_MAX + 32], error[MARKET_ERROR_MAX];
    test_dir_make(folder);
    snprintf(path, sizeof path, "%s/x.stream", folder);
    write_bytes(path, with_zero, sizeof with_zero - 1);
    assert_int_equal(stream_file_check(path, error), RESULT_MALFORMED);
    assert_non_null(strstr(error, "x.stream:2: what follows the time is not one whole JSON message"));

    FILE *in = fopen(excerpt, "rb");
    assert_non_null(in);
    size_t length = fread(bytes, 1, sizeof bytes, in);
    (void)fclose(in);
    assert_in_range(length, 1000, sizeof bytes - 1);
    bytes[length / 2] = (char)~bytes[length / 2]; /* what is unpacked from there on is no message, and that is not the reason */
    write_bytes(path, bytes, length);
    assert_int_equal(stream_file_check(path, error), RESULT_CHECKSUM);
    assert_non_null(strstr(error, "the gzip file"));
    test_dir_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_excerpt_agrees),
        cmocka_unit_test(the_whole_recording_agrees),
        cmocka_unit_test(a_spoiled_recording_is_noticed),
        cmocka_unit_test(other_forms_say_the_same),
        cmocka_unit_test(a_doubled_recording_says_the_same),
        cmocka_unit_test(pictures_are_no_differences),
        cmocka_unit_test(a_trade_happened_once),
        cmocka_unit_test(what_is_not_played_is_counted),
        cmocka_unit_test(a_date_far_ahead_is_not_believed),
        cmocka_unit_test(a_flaw_is_told_by_line_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
