/* test_event.c: events that may not be believed are named before anything is decided on them.
 * shows: MKT-2, I10
 */
#include "support/test_support.h"

#include <string.h>

#include "core/base/time.h"
#include "core/market/event.h"

static market_event_t event_of(market_kind_t kind)
{
    return (market_event_t){.kind = kind, .instrument = 3, .time_ns = NS_PER_DAY, .received_ns = NS_PER_DAY + 5};
}

static void quotes_must_have_prices_and_not_cross(void **state)
{
    (void)state;
    static const struct {
        const char *bid, *bid_quantity, *ask, *ask_quantity;
        result_t result;
    } rows[] = {
        {"100", "1", "100.1", "2", RESULT_OK},
        {"100", "0", "100.1", "0", RESULT_OK},
        {"100", "1", "100", "2", RESULT_MALFORMED},
        {"100.2", "1", "100.1", "2", RESULT_MALFORMED},
        {"0", "1", "100.1", "2", RESULT_NUMBER_OUT_OF_RANGE},
        {"-1", "1", "100.1", "2", RESULT_NUMBER_OUT_OF_RANGE},
        {"100", "1", "0", "2", RESULT_NUMBER_OUT_OF_RANGE},
        {"100", "-1", "100.1", "2", RESULT_NUMBER_OUT_OF_RANGE},
        {"100", "1", "100.1", "-2", RESULT_NUMBER_OUT_OF_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        market_event_t event = event_of(MARKET_QUOTE);
        event.quote = (quote_t){test_dec(rows[i].bid), test_dec(rows[i].bid_quantity), test_dec(rows[i].ask),
                                test_dec(rows[i].ask_quantity), 1};
        assert_result(market_event_check(&event), rows[i].result);
    }
}

static void trades_and_liquidations_must_be_of_something(void **state)
{
    (void)state;
    static const struct {
        const char *price, *quantity;
        result_t result;
    } rows[] = {
        {"100", "1", RESULT_OK},
        {"0", "1", RESULT_NUMBER_OUT_OF_RANGE},
        {"-100", "1", RESULT_NUMBER_OUT_OF_RANGE},
        {"100", "0", RESULT_NUMBER_OUT_OF_RANGE},
        {"100", "-1", RESULT_NUMBER_OUT_OF_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        market_event_t trade = event_of(MARKET_TRADE), liquidation = event_of(MARKET_LIQUIDATION);
        trade.trade = (trade_t){.price = test_dec(rows[i].price), .quantity = test_dec(rows[i].quantity), .id = 1};
        liquidation.liquidation = (liquidation_t){.price = test_dec(rows[i].price), .quantity = test_dec(rows[i].quantity)};
        assert_result(market_event_check(&trade), rows[i].result);
        assert_result(market_event_check(&liquidation), rows[i].result);
    }
}

static void marks_must_have_a_price(void **state)
{
    (void)state;
    market_event_t event = event_of(MARKET_MARK);
    event.mark = (mark_t){test_dec("100"), test_dec("100"), test_dec("-0.0001"), 0};
    assert_ok(market_event_check(&event));
    event.mark.index = DEC_ZERO;
    assert_ok(market_event_check(&event));
    event.mark.index = test_dec("-1");
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
    event.mark.index = DEC_ONE;
    event.mark.funding_next_ns = -1;
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
    event.mark.funding_next_ns = 1;
    event.mark.mark = DEC_ZERO;
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
}

static void depth_must_be_in_order_and_bounded(void **state)
{
    (void)state;
    level_t levels[] = {{test_dec("100"), test_dec("1")}, {test_dec("99"), DEC_ZERO}};
    market_event_t event = event_of(MARKET_DEPTH);
    event.depth =
        (depth_t){.first_id = 5, .last_id = 9, .previous_id = 4, .bids = levels, .bid_count = 2, .asks = levels, .ask_count = 2};
    assert_ok(market_event_check(&event));
    event.depth.first_id = 10;
    assert_result(market_event_check(&event), RESULT_OUT_OF_ORDER);
    event.depth.first_id = 5;
    event.depth.previous_id = 6;
    assert_result(market_event_check(&event), RESULT_OUT_OF_ORDER);
    event.depth.snapshot = true;
    assert_ok(market_event_check(&event));
    levels[1].quantity = test_dec("-1");
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
    event.depth.bid_count = 0;
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
    levels[1] = (level_t){DEC_ZERO, DEC_ONE};
    assert_result(market_event_check(&event), RESULT_NUMBER_OUT_OF_RANGE);
    event.depth.ask_count = DEPTH_LEVELS_MAX + 1;
    assert_result(market_event_check(&event), RESULT_FULL);
    event.depth.ask_count = 0;
    event.depth.bid_count = DEPTH_LEVELS_MAX + 1;
    assert_result(market_event_check(&event), RESULT_FULL);
}

static void bars_and_states_must_be_known_ones(void **state)
{
    (void)state;
    market_event_t event = event_of(MARKET_BAR);
    event.bar.timeframe = TF_1H;
    event.bar.candle = (candle_t){.open_ns = NS_PER_DAY, .open = DEC_ONE, .high = DEC_ONE, .low = DEC_ONE, .close = DEC_ONE};
    assert_ok(market_event_check(&event));
    event.bar.candle.low = test_dec("2");
    assert_result(market_event_check(&event), RESULT_MALFORMED);
    event.bar.timeframe = TF_COUNT;
    assert_result(market_event_check(&event), RESULT_UNKNOWN_VALUE);
    event = event_of(MARKET_STATUS);
    event.status = INSTRUMENT_UNKNOWN;
    assert_ok(market_event_check(&event));
    event.status = (instrument_status_t)77;
    assert_result(market_event_check(&event), RESULT_UNKNOWN_VALUE);
    event.kind = (market_kind_t)77;
    assert_result(market_event_check(&event), RESULT_UNKNOWN_VALUE);
}

static void events_must_say_of_what_and_when(void **state)
{
    (void)state;
    market_event_t event = event_of(MARKET_TRADE);
    event.trade = (trade_t){.price = DEC_ONE, .quantity = DEC_ONE};
    event.instrument = INSTRUMENT_NONE;
    assert_result(market_event_check(&event), RESULT_NOT_FOUND);
    event.instrument = 0;
    event.time_ns = 0;
    assert_result(market_event_check(&event), RESULT_TIME_MALFORMED);
    event.time_ns = -1;
    assert_result(market_event_check(&event), RESULT_TIME_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_must_have_prices_and_not_cross),
        cmocka_unit_test(trades_and_liquidations_must_be_of_something),
        cmocka_unit_test(marks_must_have_a_price),
        cmocka_unit_test(depth_must_be_in_order_and_bounded),
        cmocka_unit_test(bars_and_states_must_be_known_ones),
        cmocka_unit_test(events_must_say_of_what_and_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
