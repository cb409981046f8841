/* test_candle_store.c: bars on disk: exact round trips, each kind of flaw, torn lines, repair; and files of others.
 * shows: MKT-3, MKT-4, I10, R347
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "core/base/time.h"
#include "edge/store/candle_line.h"
#include "edge/store/candle_reader.h"
#include "edge/store/candle_store.h"
#include "support/test_support.h"

static char folder[TEST_PATH_MAX];
static char path[TEST_PATH_MAX + 32];
static int flaws_told;
static candle_flaw_t last_flaw;

static int fresh_folder(void **state)
{
    (void)state;
    test_dir_make(folder);
    flaws_told = 0;
    snprintf(path, sizeof path, "%s/BINANCE_ETH_USDT_1h.csv", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    test_dir_remove(folder);
    return 0;
}

static void note_flaw(void *context, const candle_flaw_t *flaw)
{
    (void)context;
    flaws_told++;
    last_flaw = *flaw;
}

static candle_store_t *open_store(void)
{
    const candle_store_options_t options = {folder, "BINANCE_ETH_USDT", TF_1H, note_flaw, NULL};
    candle_store_t *store = NULL;
    char error[CANDLE_TEXT_MAX];
    assert_int_equal(candle_store_open(&options, &store, error), RESULT_OK);
    assert_string_equal(candle_store_path(store), path);
    return store;
}

static void put_text(const char *file, const char *text)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int64_t hour(int64_t n)
{
    return (475000 + n) * NS_PER_HOUR;
}

static candle_t bar(int64_t n)
{
    candle_t candle = {.open_ns = hour(n),
                       .open = dec_from_scaled(100000 + n, 2),
                       .high = dec_from_scaled(100200 + n, 2),
                       .low = dec_from_scaled(99900 + n, 2),
                       .close = dec_from_scaled(100100 + n, 2),
                       .volume = dec_from_scaled(12345 + n, 3),
                       .trades = (uint32_t)n,
                       .state = CANDLE_TRADED,
                       .closed = true};
    candle.quote_volume = dec_from_scaled(7, 18);
    return candle;
}

static void assert_bar(const candle_t *a, const candle_t *b)
{
    assert_int_equal(a->open_ns, b->open_ns);
    assert_true(dec_eq(a->open, b->open) && dec_eq(a->high, b->high) && dec_eq(a->low, b->low) && dec_eq(a->close, b->close));
    assert_true(dec_eq(a->volume, b->volume) && dec_eq(a->quote_volume, b->quote_volume));
    assert_int_equal(a->trades, b->trades);
    assert_int_equal(a->state, b->state);
    assert_true(a->closed);
}

static void append(candle_store_t *store, int64_t from, int64_t to)
{
    for (int64_t n = from; n < to; n++) {
        const candle_t candle = bar(n);
        assert_int_equal(candle_store_append(store, &candle, 1), RESULT_OK);
    }
}

static void what_was_appended_is_read_back_exactly(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static candle_t all[COUNT], read[COUNT];
    size_t count;
    candle_store_t *store = open_store();
    assert_int_equal(candle_store_last_open(store), 0);
    for (int64_t n = 0; n < COUNT; n++) {
        all[n] = bar(n);
        if (n % 10 == 3) { /* a quiet and a missing bar among them */
            all[n] = (candle_t){.open_ns = hour(n),
                                .open = all[n - 1].close,
                                .high = all[n - 1].close,
                                .low = all[n - 1].close,
                                .close = all[n - 1].close,
                                .state = CANDLE_QUIET,
                                .closed = true};
        } else if (n % 10 == 7) {
            all[n] = (candle_t){.open_ns = hour(n), .state = CANDLE_MISSING, .closed = true};
        }
    }
    assert_int_equal(candle_store_append(store, all, 300), RESULT_OK);
    assert_int_equal(candle_store_append(store, all + 300, COUNT - 300), RESULT_OK);
    assert_int_equal(candle_store_sync(store), RESULT_OK);
    for (int pass = 0; pass < 2; pass++) { /* the running one, and the one that finds the file */
        assert_int_equal(candle_store_bars(store), COUNT);
        assert_int_equal(candle_store_last_open(store), hour(COUNT - 1));
        assert_true(candle_store_score(store) == 0.9);
        assert_int_equal(candle_store_read(store, 0, INT64_MAX, read, COUNT, &count), RESULT_OK);
        assert_int_equal(count, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            assert_bar(&read[i], &all[i]);
        }
        assert_int_equal(candle_store_read(store, hour(500), hour(510), read, COUNT, &count), RESULT_OK);
        assert_int_equal(count, 10);
        assert_bar(&read[0], &all[500]);
        assert_int_equal(candle_store_read(store, hour(500), hour(900), read, 7, &count), RESULT_OK);
        assert_int_equal(count, 7);
        for (size_t want = 1; want <= COUNT; want = want * 3 + 1) {
            assert_int_equal(candle_store_tail(store, read, want, &count), RESULT_OK);
            assert_int_equal(count, want);
            assert_bar(&read[0], &all[COUNT - want]);
            assert_bar(&read[want - 1], &all[COUNT - 1]);
        }
        candle_store_close(store);
        store = open_store();
        assert_int_equal(flaws_told, 0);
    }
    candle_store_close(store);
}

static void bars_that_may_not_be_stored_change_nothing(void **state)
{
    (void)state;
    candle_store_t *store = open_store();
    append(store, 0, 3);
    candle_t candles[2] = {bar(3), bar(4)};
    candles[1].closed = false;
    assert_int_equal(candle_store_append(store, candles, 2), RESULT_BAD_STATE);
    candles[1] = bar(3);
    assert_int_equal(candle_store_append(store, candles, 2), RESULT_OUT_OF_ORDER);
    candles[1] = bar(4);
    candles[1].low = DEC_ZERO;
    assert_int_not_equal(candle_store_append(store, candles, 2), RESULT_OK);
    candles[0] = bar(2);
    assert_int_equal(candle_store_append(store, candles, 1), RESULT_OUT_OF_ORDER);
    assert_int_equal(candle_store_bars(store), 3);
    candle_store_close(store);
    store = open_store();
    assert_int_equal(candle_store_bars(store), 3);
    assert_int_equal(flaws_told, 0);
    candle_store_close(store);
}

static void a_file_torn_at_any_byte_loses_only_its_last_bar(void **state)
{
    (void)state;
    candle_store_t *store = open_store();
    append(store, 0, 4);
    candle_store_close(store);
    char whole[2048];
    FILE *file = fopen(path, "r");
    const size_t length = fread(whole, 1, sizeof whole, file);
    fclose(file);
    for (size_t cut = 0; cut < length; cut++) {
        file = fopen(path, "w");
        fwrite(whole, 1, cut, file);
        fclose(file);
        uint64_t bars = 0;
        for (size_t i = 0; i < cut; i++) {
            bars += whole[i] == '\n';
        }
        store = open_store();
        assert_int_equal(candle_store_bars(store), bars > 0 ? bars - 1 : 0);
        assert_int_equal(candle_store_flaws(store, CANDLE_FLAW_TORN), cut > 0 && bars > 0 && whole[cut - 1] != '\n');
        append(store, (int64_t)candle_store_bars(store), 6); /* and life goes on */
        candle_store_close(store);
        flaws_told = 0;
        store = open_store();
        assert_int_equal(candle_store_bars(store), 6);
        assert_int_equal(flaws_told, 0);
        candle_store_close(store);
    }
}

#define HEADER CANDLE_LINE_HEADER "\n"

static void each_flaw_is_found_with_its_line_and_never_handed_out(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        candle_flaw_kind_t kind;
        uint64_t line, good;
    } cases[] = {
        {"1710000000000,1,2,1,1,5,0,0,traded\nrubbish\n", CANDLE_FLAW_LINE, 3, 1},
        {"1710000000000,1,2,1,1,5,0,0,traded\n1710003600000,1,2,1,1,5,0,0\n", CANDLE_FLAW_LINE, 3, 1},
        {"1710000000000,1,2,1,1,5,0,0,traded\n1710003600000,1e5,2,1,1,5,0,0,traded\n", CANDLE_FLAW_LINE, 3, 1},
        {"1710000000000,1,2,1,1,5,0,0,sold\n", CANDLE_FLAW_LINE, 2, 0},
        {"1710000000000,1,2,1,nan,5,0,0,traded\n", CANDLE_FLAW_LINE, 2, 0},
        {"1710000000000,1,0.5,1,1,5,0,0,traded\n", CANDLE_FLAW_VALUE, 2, 0},
        {"1710000000000,1,2,-1,1,5,0,0,traded\n", CANDLE_FLAW_VALUE, 2, 0},
        {"1710000000001,1,2,1,1,5,0,0,traded\n", CANDLE_FLAW_VALUE, 2, 0},
        {"1710000000000,1,2,1,1,5,0,0,traded\n1710000000000,1,2,1,1,5,0,0,traded\n", CANDLE_FLAW_DUPLICATE, 3, 1},
        {"1710000000000,1,2,1,1,5,0,0,traded\n1710000000000,1,3,1,1,5,0,0,traded\n", CANDLE_FLAW_REVISED, 3, 1},
        {"1710003600000,1,2,1,1,5,0,0,traded\n1710000000000,1,2,1,1,5,0,0,traded\n", CANDLE_FLAW_DISORDER, 3, 1},
        {"1710000000000,1,2,1,1,5,0,0,traded\n1710010800000,1,2,1,1,5,0,0,traded\n", CANDLE_FLAW_GAP, 3, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024], place[TEST_PATH_MAX + 64];
        candle_t read[4];
        size_t count;
        snprintf(text, sizeof text, HEADER "%s", cases[i].lines);
        put_text(path, text);
        flaws_told = 0;
        candle_store_t *store = open_store();
        assert_int_equal(flaws_told, 1);
        assert_int_equal(last_flaw.kind, cases[i].kind);
        assert_int_equal(candle_store_flaws(store, cases[i].kind), 1);
        snprintf(place, sizeof place, "%s:%u: ", path, (unsigned)cases[i].line);
        assert_int_equal(strncmp(last_flaw.text, place, strlen(place)), 0);
        assert_int_equal(candle_store_read(store, 0, INT64_MAX, read, 4, &count), RESULT_OK);
        assert_int_equal(count, cases[i].good);
        if (cases[i].kind == CANDLE_FLAW_GAP) {
            assert_int_equal(last_flaw.bars, 2);
            assert_true(candle_store_score(store) == 0.5);
        }
        candle_store_close(store);
    }
}

static void hostile_lines_are_passed_over(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    fputs(HEADER, file);
    for (int i = 0; i < 100000; i++) {
        fputc('7', file);
    }
    fputs("\n1710000000000,1,2,1,1,5,0,0,traded\n", file);
    fwrite("1710003600000,1,2,1,1,5,0,0,tra\0ed\n", 1, 35, file);
    for (int i = 0; i < 3000; i++) {
        fputc(',', file);
    }
    fputs("\n1710007200000,1,2,1,1,5,0,0,traded\n", file);
    fclose(file);
    candle_store_t *store = open_store();
    assert_int_equal(candle_store_bars(store), 2);
    assert_int_equal(candle_store_flaws(store, CANDLE_FLAW_LINE), 3);
    candle_store_close(store);
}

static void a_file_that_is_not_ours_is_left_as_it_is(void **state)
{
    (void)state;
    static const char *const texts[] = {"hello\nworld\n", "hello", "time_ms,open\n1,2\n", "\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const candle_store_options_t options = {folder, "BINANCE_ETH_USDT", TF_1H, NULL, NULL};
        candle_store_t *store = NULL;
        char error[CANDLE_TEXT_MAX] = "", back[64] = "";
        put_text(path, texts[i]);
        assert_int_equal(candle_store_open(&options, &store, error), RESULT_MALFORMED);
        assert_non_null(strstr(error, path));
        assert_null(store);
        FILE *file = fopen(path, "r");
        back[fread(back, 1, sizeof back - 1, file)] = '\0';
        fclose(file);
        assert_string_equal(back, texts[i]);
    }
    char absent[TEST_PATH_MAX + 32];
    snprintf(absent, sizeof absent, "%s/no-such-folder", folder);
    const candle_store_options_t nowhere = {absent, "BINANCE_ETH_USDT", TF_1H, NULL, NULL};
    const candle_store_options_t slash = {folder, "../ETH", TF_1H, NULL, NULL};
    candle_store_t *store = NULL;
    assert_int_equal(candle_store_open(&nowhere, &store, NULL), RESULT_NOT_FOUND);
    assert_int_equal(candle_store_open(&slash, &store, NULL), RESULT_BAD_ARGUMENT);
}

static void repair_fills_gaps_and_takes_revisions(void **state)
{
    (void)state;
    candle_t read[16], given[3] = {bar(4), bar(5), bar(7)};
    size_t count;
    candle_store_t *store = open_store();
    append(store, 0, 4);
    append(store, 6, 9);
    assert_int_equal(candle_store_flaws(store, CANDLE_FLAW_GAP), 1);
    given[2].volume = dec_from_int(99); /* bar 7 revised */
    assert_int_equal(candle_store_repair(store, given, 3), RESULT_OK);
    assert_int_equal(candle_store_bars(store), 9);
    assert_int_equal(candle_store_flaws(store, CANDLE_FLAW_GAP), 0);
    assert_true(candle_store_score(store) == 1.0);
    assert_int_equal(candle_store_read(store, 0, INT64_MAX, read, 16, &count), RESULT_OK);
    assert_int_equal(count, 9);
    assert_bar(&read[4], &given[0]);
    assert_bar(&read[7], &given[2]);
    append(store, 9, 11); /* appending goes on in the new file */
    candle_store_close(store);
    store = open_store();
    assert_int_equal(candle_store_bars(store), 11);
    given[1] = bar(3);
    assert_int_equal(candle_store_repair(store, given, 3), RESULT_OUT_OF_ORDER);
    assert_int_equal(candle_store_bars(store), 11);
    candle_store_close(store);
}

static void a_full_disk_is_an_error_and_loses_nothing(void **state)
{
    (void)state;
    candle_t candles[40], read[64];
    size_t count;
    struct rlimit before, small = {.rlim_cur = 900, .rlim_max = RLIM_INFINITY};
    candle_store_t *store = open_store();
    append(store, 0, 4);
    for (int64_t n = 0; n < 40; n++) {
        candles[n] = bar(4 + n);
    }
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0); /* a write that ends in the middle of a line, as on a full disk */
    const result_t result = candle_store_append(store, candles, 40);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(result, RESULT_DISK_FULL);
    assert_int_equal(candle_store_bars(store), 4);
    assert_int_equal(candle_store_append(store, candles, 40), RESULT_OK); /* room again: nothing torn stands in between */
    assert_int_equal(candle_store_read(store, 0, INT64_MAX, read, 64, &count), RESULT_OK);
    assert_int_equal(count, 44);
    candle_store_close(store);
    store = open_store();
    assert_int_equal(flaws_told, 0);
    assert_int_equal(candle_store_bars(store), 44);
    candle_store_close(store);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    const candle_store_options_t options = {folder, "BINANCE_ETH_USDT", TF_1H, NULL, NULL};
    candle_store_t *store = NULL;
    assert_int_equal(symlink("/dev/zero", path), 0);
    assert_int_not_equal(candle_store_open(&options, &store, NULL), RESULT_OK);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_not_equal(candle_store_open(&options, &store, NULL), RESULT_OK);
    assert_null(store);
}

/* --- files of others -------------------------------------------------------------------------- */

static void put_gz(const char *file, const char *text, size_t cut)
{
    gzFile out = gzopen(file, "wb9");
    gzputs(out, text);
    gzclose(out);
    if (cut > 0) {
        struct stat info;
        assert_int_equal(stat(file, &info), 0);
        assert_int_equal(truncate(file, info.st_size - (off_t)cut), 0);
    }
}

static const char foreign[] = "Timestamp,datetime,Volume,CLOSE,low,high,open\r\n"
                              "1583020800000,2020-03-01 00:00:00,87780.77,218.59,217.07,221.46,217.37\r\n"
                              "1583024400000,2020-03-01 01:00:00,132570.26,223.81,218.57,224.29,218.57\r\n"
                              "1583035200000,2020-03-01 04:00:00,1,223.81,218.57,224.29,218.57\r\n";

static void a_foreign_file_is_read_plain_and_zipped(void **state)
{
    (void)state;
    for (int zipped = 0; zipped < 2; zipped++) {
        candle_reader_t *reader = NULL;
        candle_t candle;
        uint64_t gap = 9;
        if (zipped) {
            put_gz(path, foreign, 0);
        } else {
            put_text(path, foreign);
        }
        assert_int_equal(candle_reader_open(path, TF_1H, &reader, NULL), RESULT_OK);
        assert_int_equal(candle_reader_next(reader, &candle, &gap), RESULT_OK);
        assert_int_equal(candle.open_ns, INT64_C(1583020800000000000));
        assert_true(dec_eq(candle.open, dec_from_scaled(21737, 2)) && dec_eq(candle.high, dec_from_scaled(22146, 2)));
        assert_true(dec_eq(candle.low, dec_from_scaled(21707, 2)) && dec_eq(candle.close, dec_from_scaled(21859, 2)));
        assert_true(dec_eq(candle.volume, dec_from_scaled(8778077, 2)) && candle.closed && candle.state == CANDLE_TRADED);
        assert_int_equal(gap, 0);
        assert_int_equal(candle_reader_next(reader, &candle, &gap), RESULT_OK);
        assert_int_equal(candle_reader_next(reader, &candle, &gap), RESULT_OK);
        assert_int_equal(gap, 2);
        assert_int_equal(candle_reader_next(reader, &candle, &gap), RESULT_EMPTY);
        assert_int_equal(candle_reader_next(reader, &candle, &gap), RESULT_EMPTY);
        assert_string_equal(candle_reader_error(reader), "");
        candle_reader_close(reader);
    }
}

static void a_wrong_line_is_named_with_file_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *line, *words;
        result_t result;
    } cases[] = {
        {"1583020800000,1,2,0.5,x,1", ":2: close: ", RESULT_NUMBER_MALFORMED},
        {"1583020800000,1,2,0.5,1", ":2: number of fields: ", RESULT_FIELD_MISSING},
        {"1583020800000,1,2,0.5,1,1,1", ":2: number of fields: ", RESULT_FIELD_MISSING},
        {"1583020800000,1,2,0.5,1e3,1", ":2: close: ", RESULT_NUMBER_MALFORMED},
        {"1583020800000,1,0.7,0.5,1,1", ":2: prices", RESULT_MALFORMED},
        {"1583020800001,1,2,0.5,1,1", ":2: time is not on the grid", RESULT_TIME_MALFORMED},
        {"-5,1,2,0.5,1,1", ":2: time: ", RESULT_NUMBER_OUT_OF_RANGE},
        {"99999999999999999999999,1,2,0.5,1,1", ":2: time: ", RESULT_NUMBER_OUT_OF_RANGE},
        {"1583020800000,1,2,0.5,1,1\n1583020800000,1,2,0.5,1,1", ":3: time: ", RESULT_DUPLICATE},
        {"1583024400000,1,2,0.5,1,1\n1583020800000,1,2,0.5,1,1", ":3: time: ", RESULT_OUT_OF_ORDER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        candle_reader_t *reader = NULL;
        candle_t candle;
        result_t result = RESULT_OK;
        snprintf(text, sizeof text, "time,open,high,low,close,volume\n%s\n", cases[i].line);
        put_text(path, text);
        assert_int_equal(candle_reader_open(path, TF_1H, &reader, NULL), RESULT_OK);
        while (result == RESULT_OK) {
            result = candle_reader_next(reader, &candle, NULL);
        }
        assert_int_equal(result, cases[i].result);
        assert_int_equal(strncmp(candle_reader_error(reader), path, strlen(path)), 0);
        assert_non_null(strstr(candle_reader_error(reader), cases[i].words));
        assert_int_equal(candle_reader_next(reader, &candle, NULL), cases[i].result); /* it stays failed */
        candle_reader_close(reader);
    }
}

static void a_bad_file_is_refused_at_once_or_where_it_ends(void **state)
{
    (void)state;
    candle_reader_t *reader = NULL;
    candle_t candle;
    char error[CANDLE_TEXT_MAX];
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, error), RESULT_NOT_FOUND);
    put_text(path, "");
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, error), RESULT_EMPTY);
    assert_non_null(strstr(error, ":1: the file is empty; its first line names the columns"));
    assert_int_equal(candle_reader_open(folder, TF_1H, &reader, error), RESULT_BAD_ARGUMENT);
    assert_non_null(strstr(error, "is a folder; name the file in it"));
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0); /* opening it would wait for somebody to write */
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, error), RESULT_BAD_ARGUMENT);
    assert_non_null(strstr(error, "is no ordinary file"));
    unlink(path);
    put_text(path, "time,open,high,low,volume\n");
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, error), RESULT_FIELD_MISSING);
    assert_non_null(strstr(error, ":1: close: "));
    put_text(path, "time,timestamp,open,high,low,close,volume\n");
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, error), RESULT_DUPLICATE);
    assert_null(reader);

    put_gz(path, foreign, 9); /* a download that broke off */
    result_t result = candle_reader_open(path, TF_1H, &reader, error);
    while (result == RESULT_OK) {
        result = candle_reader_next(reader, &candle, NULL);
    }
    assert_true(result == RESULT_TRUNCATED || result == RESULT_CHECKSUM);
    candle_reader_close(reader);
}

/* A number that lost its last digits is still a number: no bar may come out of a line that the end of the file cut. */
static void a_broken_download_never_gives_a_bar_with_fewer_digits(void **state)
{
    (void)state;
    static const char text[] = "time,open,high,low,close,volume\n1583020800000,1,2,1,2,123456789\n1583024400000,1,2,1,2,123456789";
    put_gz(path, text, 0);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    for (off_t cut = 0; cut < info.st_size; cut++) {
        candle_reader_t *reader = NULL;
        candle_t candle;
        put_gz(path, text, (size_t)cut);
        result_t result = candle_reader_open(path, TF_1H, &reader, NULL);
        unsigned bars = 0;
        while (result == RESULT_OK && (result = candle_reader_next(reader, &candle, NULL)) == RESULT_OK) {
            assert_true(dec_eq(candle.volume, dec_from_int(123456789)));
            bars++;
        }
        assert_true(cut > 0 ? result != RESULT_EMPTY || reader == NULL : bars == 2 && result == RESULT_EMPTY);
        candle_reader_close(reader);
    }
}

static void a_nul_byte_hides_nothing(void **state)
{
    (void)state;
    static const char text[] = "time,open,high,low,close,volume\n1583020800000,1,2,1,2,5\0 and more";
    candle_reader_t *reader = NULL;
    candle_t candle;
    FILE *file = fopen(path, "w");
    assert_int_equal(fwrite(text, 1, sizeof text - 1, file), sizeof text - 1);
    fclose(file);
    assert_int_equal(candle_reader_open(path, TF_1H, &reader, NULL), RESULT_OK);
    assert_int_equal(candle_reader_next(reader, &candle, NULL), RESULT_TEXT_BAD_CHARACTER);
    candle_reader_close(reader);
}

static void times_in_any_unit_are_told_by_their_size(void **state)
{
    (void)state;
    static const char *const times[] = {"1583020800", "1583020800000", "1583020800000000", "1583020800000000000"};
    for (size_t i = 0; i < 4; i++) {
        char text[256];
        candle_reader_t *reader = NULL;
        candle_t candle;
        snprintf(text, sizeof text,
                 "\xEF\xBB\xBF"
                 "open_time,open,high,low,close,volume\n\n%s,1,1,1,1,1",
                 times[i]);
        put_text(path, text);
        assert_int_equal(candle_reader_open(path, TF_1H, &reader, NULL), RESULT_OK);
        assert_int_equal(candle_reader_next(reader, &candle, NULL), RESULT_OK);
        assert_int_equal(candle.open_ns, INT64_C(1583020800000000000));
        candle_reader_close(reader);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_appended_is_read_back_exactly),
        TEST(bars_that_may_not_be_stored_change_nothing),
        TEST(a_file_torn_at_any_byte_loses_only_its_last_bar),
        TEST(each_flaw_is_found_with_its_line_and_never_handed_out),
        TEST(hostile_lines_are_passed_over),
        TEST(a_file_that_is_not_ours_is_left_as_it_is),
        TEST(repair_fills_gaps_and_takes_revisions),
        TEST(a_full_disk_is_an_error_and_loses_nothing),
        TEST(what_is_no_file_is_refused),
        TEST(a_foreign_file_is_read_plain_and_zipped),
        TEST(a_wrong_line_is_named_with_file_line_and_column),
        TEST(a_bad_file_is_refused_at_once_or_where_it_ends),
        TEST(a_broken_download_never_gives_a_bar_with_fewer_digits),
        TEST(a_nul_byte_hides_nothing),
        TEST(times_in_any_unit_are_told_by_their_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
