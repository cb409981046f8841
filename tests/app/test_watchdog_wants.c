/* test_watchdog_wants.c: whose prices the watchdog follows, of a journal that names more symbols than may be in force.
 * shows: MKT-1, ORD-7, I4, I20
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/watchdog_wants.h"
#include "support/test_support.h"

enum { NAMED = 200, OPEN = 190, FORCED = 150 };

typedef struct {
    order_half_t *half;
    uint64_t records;
    config_t config;
    tickers_t tickers;
    bool listed[INSTRUMENT_MAX];
    watchdog_wants_t wants;
} fixture_t;

static void put(fixture_t *f, order_record_t *record)
{
    record->number = ++f->records;
    record->time_ns = 1;
    record->epoch = 1;
    assert_int_equal(order_half_restore(f->half, record), RESULT_OK);
}

static void put_trade(fixture_t *f, instrument_id_t instrument)
{
    order_record_t record = {.kind = RECORD_TRADE_OPENED, .trade = 1, .instrument = instrument};
    record.trade_opened = (record_trade_opened_t){.purpose = TRADE_PURPOSE_CANARY,
                                                  .side = SIDE_LONG,
                                                  .quantity = test_dec("1"),
                                                  .entry = test_dec("100"),
                                                  .stop = test_dec("90")};
    put(f, &record);
}

static int start(void **state)
{
    fixture_t *f = calloc(1, sizeof *f);
    f->half = order_half_init(aligned_alloc(16, (order_half_size() + 15) & ~(size_t)15));
    order_record_t session = {.kind = RECORD_SESSION, .instrument = INSTRUMENT_NONE};
    put(f, &session);
    for (instrument_id_t i = 0; i < NAMED; i++) {
        order_record_t record = {.kind = RECORD_INSTRUMENT, .instrument = i};
        record_instrument_t *named = &record.instrument_named;
        memcpy(named->venue, "BINANCE", sizeof "BINANCE");
        memcpy(named->quote, "USDT", sizeof "USDT");
        memcpy(named->settle, "USDT", sizeof "USDT");
        named->kind = INSTRUMENT_PERPETUAL;
        (void)snprintf(named->base, sizeof named->base, "C%u", i);
        (void)snprintf(named->symbol, sizeof named->symbol, "C%uUSDT", i);
        put(f, &record);
        f->listed[i] = true;
    }
    f->config.mode = CONFIG_LIVE;
    *state = f;
    return 0;
}

static int stop(void **state)
{
    fixture_t *f = *state;
    free(f->half);
    free(f);
    return 0;
}

static void name(fixture_t *f, instrument_id_t id)
{
    (void)snprintf(f->tickers.symbols[f->tickers.count++], SYMBOL_TEXT_MAX, "C%uUSDT", id);
}

static void choose(fixture_t *f)
{
    watchdog_wants_choose(f->half, &f->config, &f->tickers, f->listed, &f->wants);
}

static void what_is_open_comes_first_however_many_were_named_before(void **state)
{
    fixture_t *f = *state;
    name(f, 3);
    name(f, FORCED);
    put_trade(f, OPEN);
    choose(f);
    assert_int_equal(f->wants.count, 3);
    assert_int_equal(f->wants.open, 1);
    assert_int_equal(f->wants.in_force, 2);
    assert_int_equal(f->wants.items[0].instrument, OPEN);
    assert_int_equal(f->wants.items[1].instrument, 3);
    assert_int_equal(f->wants.items[2].instrument, FORCED);
    assert_int_equal(f->wants.unlisted, INSTRUMENT_NONE);
}

static void what_is_neither_open_nor_in_force_is_let_go(void **state)
{
    fixture_t *f = *state;
    name(f, FORCED);
    put_trade(f, FORCED);
    choose(f);
    assert_int_equal(f->wants.count, 1); /* both: once */
    f->tickers.count = 0;
    choose(f);
    assert_int_equal(f->wants.count, 1); /* open still */
    order_record_t ended = {.kind = RECORD_TRADE_STATE, .trade = 1, .instrument = FORCED};
    ended.trade_state = (record_trade_state_t){.from = TRADE_WAITING, .to = TRADE_COMPLETED, .event = TRADE_EVENT_COMPLETE};
    put(f, &ended);
    order_record_t closed = {.kind = RECORD_TRADE_CLOSED, .trade = 1, .instrument = FORCED};
    closed.trade_closed.outcome = OUTCOME_CANARY;
    put(f, &closed);
    choose(f);
    assert_int_equal(f->wants.count, 0);
    assert_int_equal(f->wants.in_force, 0);
}

static void what_is_open_and_listed_no_more_is_told(void **state)
{
    fixture_t *f = *state;
    name(f, FORCED);
    name(f, 3);
    put_trade(f, OPEN);
    f->listed[OPEN] = f->listed[3] = false;
    choose(f);
    assert_int_equal(f->wants.unlisted, OPEN);
    assert_int_equal(f->wants.count, 2);
    assert_int_equal(f->wants.items[1].instrument, FORCED);
}

static void every_symbol_of_a_demo_without_names_is_followed(void **state)
{
    fixture_t *f = *state;
    f->config.mode = CONFIG_DEMO;
    f->tickers.by_default = true;
    choose(f);
    assert_int_equal(f->wants.count, NAMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_open_comes_first_however_many_were_named_before, start, stop),
        cmocka_unit_test_setup_teardown(what_is_neither_open_nor_in_force_is_let_go, start, stop),
        cmocka_unit_test_setup_teardown(what_is_open_and_listed_no_more_is_told, start, stop),
        cmocka_unit_test_setup_teardown(every_symbol_of_a_demo_without_names_is_followed, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
