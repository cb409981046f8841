/* test_market_bars.c: a market's bars on the disk are the bars of its file, read in any order, also after the first ones were
 * forgotten; and what is said when they cannot be kept.
 * shows: VEN-3, MKT-3, I20
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "edge/face/world/market_source.h"

enum { BARS = 1000, START_S = 1700000000 / 3600 * 3600 };

static candle_t bar_of(uint32_t number)
{
    candle_t bar = {.open_ns = ((int64_t)START_S + (int64_t)number * 3600) * NS_PER_S, .state = CANDLE_TRADED, .closed = true};
    bar.open = bar.close = dec_from_int(1000 + number);
    bar.high = dec_from_int(1001 + number);
    bar.low = dec_from_int(999 + number);
    bar.volume = dec_from_int(number);
    return bar;
}

static void bars_come_back_in_any_order(void **state)
{
    (void)state;
    market_bars_t *bars = NULL;
    prng_t prng;
    prng_seed(&prng, 7);
    assert_int_equal(market_bars_create(NULL, &bars), RESULT_OK);
    for (uint32_t i = 0; i < BARS; i++) {
        candle_t bar = bar_of(i);
        assert_int_equal(market_bars_append(bars, &bar), RESULT_OK);
    }
    assert_int_equal(market_bars_finish(bars), RESULT_OK);
    for (uint32_t forgotten = 0; forgotten < BARS; forgotten += 333) {
        assert_int_equal(market_bars_count(bars), BARS - forgotten);
        for (int i = 0; i < 3000; i++) {
            uint32_t at = (uint32_t)prng_below(&prng, BARS - forgotten);
            const candle_t *bar = market_bars_at(bars, at);
            candle_t wanted = bar_of(forgotten + at);
            assert_non_null(bar);
            assert_true(bar->open_ns == wanted.open_ns && dec_eq(bar->high, wanted.high) && dec_eq(bar->volume, wanted.volume));
        }
        market_bars_forget(bars, forgotten + 333 < BARS ? 333 : 0);
    }
    assert_int_equal(market_bars_count(bars), 1);
    market_bars_close(bars);
}

static void two_bars_far_apart_are_there_together(void **state)
{
    (void)state;
    market_bars_t *bars = NULL;
    assert_int_equal(market_bars_create(NULL, &bars), RESULT_OK);
    for (uint32_t i = 0; i < BARS; i++) {
        candle_t bar = bar_of(i);
        assert_int_equal(market_bars_append(bars, &bar), RESULT_OK);
    }
    assert_int_equal(market_bars_finish(bars), RESULT_OK);
    for (uint32_t i = 0; i + 500 < BARS; i += 50) {
        const candle_t *present = market_bars_at(bars, i), *past = market_bars_at(bars, i + 500);
        assert_true(present->open_ns == bar_of(i).open_ns && past->open_ns == bar_of(i + 500).open_ns);
    }
    market_bars_close(bars);
}

/* A file of BARS bars with a hole of two, as the command line names it. */
static void write_file(char path[64], char text[128])
{
    memcpy(path, "/tmp/patriot-bars-XXXXXX", sizeof "/tmp/patriot-bars-XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "w");
    fputs("timestamp,open,high,low,close,volume\n", file);
    for (uint32_t i = 0; i < BARS; i++) {
        if (i != 600 && i != 601)
            fprintf(file, "%d,%u,%u,%u,%u,%u\n", START_S + (int)i * 3600, 1000 + i, 1001 + i, 999 + i, 1000 + i, i);
    }
    fclose(file);
    snprintf(text, 128, "candles:BTCUSDT=%s", path);
}

static const instrument_t rules = {.tick_size = {DEC_UNITS_PER_ONE / 10}, .lot_step = {DEC_UNITS_PER_ONE / 1000}};

static void a_source_gives_its_file(void **state)
{
    (void)state;
    char path[64], text[128], error[MARKET_ERROR_MAX];
    market_source_t source = {0};
    write_file(path, text);
    assert_int_equal(market_source_parse(text, &source, error), RESULT_OK);
    assert_int_equal(market_source_load(&source, &rules, error), RESULT_OK);
    assert_int_equal(source.history.count, BARS - 2);
    assert_int_equal(source.gaps.bars, 2);
    assert_int_equal(source.history.timeframe, TF_1H);
    assert_true(source.first_ns == bar_of(0).open_ns && source.last_ns == bar_of(BARS).open_ns);
    market_source_trim(&source, bar_of(200).open_ns + 1);
    assert_int_equal(source.history.count, BARS - 2 - 201);
    assert_true(source.first_ns == bar_of(201).open_ns);
    for (uint32_t i = 0; i < source.history.count; i++) {
        uint32_t number = 201 + i + (i >= 399 ? 2 : 0);
        const candle_t *bar = source.history.bar(source.history.context, i);
        assert_true(bar->open_ns == bar_of(number).open_ns && dec_eq(bar->close, bar_of(number).close));
    }
    assert_true(market_source_opening(&source, bar_of(600).open_ns) == bar_of(602).open_ns);
    assert_true(market_source_opening(&source, bar_of(BARS).open_ns) == INT64_MAX);
    market_source_release(&source);
    unlink(path);
}

static void a_folder_without_room_is_named(void **state)
{
    (void)state;
    char path[64], text[128], error[MARKET_ERROR_MAX] = "";
    market_source_t source = {0};
    write_file(path, text);
    assert_int_equal(market_source_parse(text, &source, error), RESULT_OK);
    source.folder = "/nowhere/at/all";
    assert_int_equal(market_source_load(&source, &rules, error), RESULT_NOT_FOUND);
    assert_non_null(strstr(error, "/nowhere/at/all"));
    assert_non_null(strstr(error, "--data"));
    market_source_release(&source);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_come_back_in_any_order),
        cmocka_unit_test(two_bars_far_apart_are_there_together),
        cmocka_unit_test(a_source_gives_its_file),
        cmocka_unit_test(a_folder_without_room_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
