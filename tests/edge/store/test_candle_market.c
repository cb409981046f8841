/* test_candle_market.c: the bundled market through the reader and the signal half: whole, in order, and it trades now and then.
 * shows: STR-2, STR-3, I18
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "core/engine/signal_half.h"
#include "edge/store/candle_reader.h"

enum { SYMBOLS = 4 };

static const struct {
    const char *symbol;
    int64_t tick;
    unsigned places;
} symbols[SYMBOLS] = {{"ETHUSDT", 1, 2}, {"XRPUSDT", 1, 4}, {"BANANAS31USDT", 1, 6}, {"BTCUSDT", 1, 1}};

static instrument_table_t table;

typedef struct {
    candle_reader_t *reader;
    candle_t next;
    bool has_next;
} feed_t;

static void feed_step(feed_t *feed)
{
    uint64_t gap = 0;
    const result_t result = candle_reader_next(feed->reader, &feed->next, &gap);
    if (result != RESULT_OK && result != RESULT_EMPTY) {
        fail_msg("%s", candle_reader_error(feed->reader));
    }
    assert_int_equal(gap, 0);
    feed->has_next = result == RESULT_OK;
}

static void feeds_open(feed_t feeds[SYMBOLS])
{
    for (unsigned i = 0; i < SYMBOLS; i++) {
        char path[512], error[CANDLE_TEXT_MAX];
        snprintf(path, sizeof path, "%s/market/BINANCE_%s_1h.csv.gz", PATRIOT_SOURCE_DIR, symbols[i].symbol);
        if (candle_reader_open(path, TF_1H, &feeds[i].reader, error) != RESULT_OK) {
            fail_msg("%s", error);
        }
        feed_step(&feeds[i]);
        strcpy(table.items[i].venue, "BINANCE");
        strcpy(table.items[i].symbol, symbols[i].symbol);
        table.items[i].kind = INSTRUMENT_PERPETUAL;
        table.items[i].tick_size = dec_from_scaled(symbols[i].tick, symbols[i].places);
    }
    table.count = SYMBOLS;
}

static int earliest(const feed_t feeds[SYMBOLS])
{
    int first = -1;
    for (int i = 0; i < SYMBOLS; i++) {
        if (feeds[i].has_next && (first < 0 || feeds[i].next.open_ns < feeds[first].next.open_ns)) {
            first = i;
        }
    }
    return first;
}

static void the_bundled_market_gives_a_signal_every_day_or_two(void **state)
{
    (void)state;
    feed_t feeds[SYMBOLS];
    signal_half_config_t config;
    signal_half_t half;
    arena_t arena;
    int64_t live_ns, last_ns = 0;
    uint64_t hours = 0;
    assert_int_equal(time_parse("2025-03-22T09:00:00Z", 20, &live_ns), RESULT_OK);
    feeds_open(feeds);
    signal_half_config_default(&config);
    void *memory = malloc(signal_half_memory(&config));
    arena_init(&arena, memory, signal_half_memory(&config));
    assert_int_equal(signal_half_init(&half, &config, &table, &arena), RESULT_OK);
    for (instrument_id_t id = 0; id < SYMBOLS; id++) {
        assert_int_equal(signal_half_watch(&half, id), RESULT_OK);
    }
    for (int i = earliest(feeds); i >= 0; i = earliest(feeds)) {
        const bool is_live = feeds[i].next.open_ns >= live_ns;
        signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
        uint32_t count;
        assert_int_equal(signal_half_on_bar(&half, (instrument_id_t)i, &feeds[i].next,
                                            is_live ? SIGNAL_HALF_LIVE : SIGNAL_HALF_HISTORY, signals, &count),
                         RESULT_OK);
        hours += is_live && feeds[i].next.open_ns != last_ns;
        last_ns = feeds[i].next.open_ns;
        feed_step(&feeds[i]);
    }
    const signal_half_counters_t counters = signal_half_counters(&half);
    printf("%llu signals in %llu venue hours: one in %.1f\n", (unsigned long long)counters.signals, (unsigned long long)hours,
           (double)hours / (double)counters.signals);
    assert_int_equal(counters.instruments_warm, SYMBOLS);
    assert_int_equal(counters.bars_bad + counters.bars_late, 0);
    assert_int_equal(hours, 8971);
    assert_in_range(counters.signals, hours / 60, hours / 20);
    for (int i = 0; i < SYMBOLS; i++) {
        candle_reader_close(feeds[i].reader);
    }
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bundled_market_gives_a_signal_every_day_or_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
