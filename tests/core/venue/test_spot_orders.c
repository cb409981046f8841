/* test_spot_orders.c: spot orders, funds and fees against two accounts whose every figure can be worked out by hand.
 * shows: VEN-3
 */
#include "spot_fixture.h"

static void buying_pays_quote_and_the_fee_in_what_is_bought(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_order_t resting = spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    assert_balance(&spot, spot.bob, spot.btc_asset, "9", "1");
    spot_order_t taken = spot_limit(&spot, spot.ann, VENUE_BUY, "0.4", "51000");
    assert_int_equal(taken.status, SPOT_FILLED);
    assert_dec(taken.filled_quote, "20000");
    assert_balance(&spot, spot.ann, spot.usdt_asset, "80000", "0");  /* the better price: nothing stays locked */
    assert_balance(&spot, spot.ann, spot.btc_asset, "10.3996", "0"); /* 0.4 less 0.1 % */
    assert_balance(&spot, spot.bob, spot.usdt_asset, "119980", "0"); /* 20,000 less 0.1 % */
    assert_balance(&spot, spot.bob, spot.btc_asset, "9", "0.6");
    assert_int_equal(spot_now(&spot, spot.bob, resting.id).status, SPOT_PARTIALLY_FILLED);
    spot_fixture_free(&spot);
}

static void fee_in_bnb_is_a_quarter_less(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_place_t bnb = spot_order_of(&spot, spot.bob, VENUE_SELL, SPOT_LIMIT, "0.1", "500");
    bnb.instrument = spot.bnb;
    (void)spot_accepted(&spot, &bnb);
    bnb.account = spot.ann;
    bnb.side = VENUE_BUY;
    (void)spot_accepted(&spot, &bnb); /* BNB costs 500 now; ann has 100.0999 */
    assert_int_equal(spot_burn_bnb(spot.venue, spot.ann, true), RESULT_OK);
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    (void)spot_limit(&spot, spot.ann, VENUE_BUY, "1", "50000");
    assert_balance(&spot, spot.ann, spot.btc_asset, "11", "0");
    /* 50,000 * 0.1 % = 50 USDT, less 25 % = 37.5 USDT = 0.075 BNB */
    assert_balance(&spot, spot.ann, spot.bnb_asset, "100.0249", "0");
    spot_fixture_free(&spot);
}

static void market_orders_by_quantity_and_by_quote(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "51000");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_MARKET, NULL, NULL);
    place.quote_quantity = num("75600");
    spot_order_t order = spot_accepted(&spot, &place);
    assert_dec(order.quantity, "1.501"); /* 50,000 and 25,600 / 51,000 = 0.5019..., in steps */
    assert_dec(order.filled_quote, "75551");
    assert_int_equal(order.status, SPOT_FILLED);
    assert_balance(&spot, spot.ann, spot.usdt_asset, "24449", "0");
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_MARKET, "0.5", NULL);
    spot_refused(&spot, &place, SPOT_REJECT_BALANCE); /* 25,449 wanted */
    place.quantity = num("0.4");
    order = spot_accepted(&spot, &place);
    assert_dec(order.filled_quote, "20400");
    place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_MARKET, "1", NULL);
    order = spot_accepted(&spot, &place); /* nobody bids */
    assert_int_equal(order.status, SPOT_EXPIRED);
    assert_int_equal(order.reason, SPOT_REASON_INSUFFICIENT_LIQUIDITY);
    spot_fixture_free(&spot);
}

static void ioc_fok_and_maker(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "1.5", "50000");
    place.tif = SPOT_FOK;
    spot_order_t order = spot_accepted(&spot, &place);
    assert_int_equal(order.status, SPOT_EXPIRED);
    assert_int_equal(order.reason, SPOT_REASON_UNFILLED_FOK);
    assert_dec(order.filled, "0");
    place.tif = SPOT_IOC;
    order = spot_accepted(&spot, &place);
    assert_int_equal(order.status, SPOT_EXPIRED);
    assert_int_equal(order.reason, SPOT_REASON_UNFILLED_IOC);
    assert_dec(order.filled, "1");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT_MAKER, "0.1", "50000");
    spot_refused(&spot, &place, SPOT_REJECT_WOULD_TAKE);
    place.price = num("49999.9");
    order = spot_accepted(&spot, &place);
    assert_int_equal(order.status, SPOT_NEW);
    spot_fixture_free(&spot);
}

static void filters_refuse_with_their_names(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    static const struct {
        const char *quantity, *price;
        spot_reject_t expected;
    } rows[] = {
        {"0", "50000", SPOT_REJECT_QUANTITY_NOT_POSITIVE},
        {"0.1", "0", SPOT_REJECT_PRICE_NOT_POSITIVE},
        {"0.123456789", "50000", SPOT_REJECT_QUANTITY_PRECISION},
        {"0.1", "50000.123456789", SPOT_REJECT_PRICE_PRECISION},
        {"0.0001", "50000", SPOT_REJECT_LOT_SIZE},
        {"1001", "1", SPOT_REJECT_LOT_SIZE},
        {"0.1", "50000.05", SPOT_REJECT_PRICE_FILTER},
        {"0.1", "4000000.1", SPOT_REJECT_PRICE_FILTER},
        {"0.001", "250000.1", SPOT_REJECT_PERCENT_PRICE_BY_SIDE},
        {"0.1", "9999.9", SPOT_REJECT_PERCENT_PRICE_BY_SIDE},
        {"900", "10001", SPOT_REJECT_NOTIONAL},
        {"9", "50000", SPOT_REJECT_BALANCE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, rows[i].quantity, rows[i].price);
        spot_refused(&spot, &place, rows[i].expected);
    }
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_MARKET, "121", NULL);
    spot_refused(&spot, &place, SPOT_REJECT_MARKET_LOT_SIZE);
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.2", "50000");
    place.iceberg_quantity = num("0.001");
    spot_refused(&spot, &place, SPOT_REJECT_ICEBERG_PARTS);
    place.iceberg_quantity = num("0.01");
    place.tif = SPOT_IOC;
    spot_refused(&spot, &place, SPOT_REJECT_ICEBERG_TIF);
    place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_STOP_LOSS, "0.1", NULL);
    spot_refused(&spot, &place, SPOT_REJECT_COMBINATION);
    place.stop_price = num("50000");
    spot_refused(&spot, &place, SPOT_REJECT_WOULD_TRIGGER);
    place.stop_price = num("49000");
    place.trailing_delta = 5;
    spot_refused(&spot, &place, SPOT_REJECT_TRAILING_DELTA);
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.1", "40000");
    place.has_strategy_type = true;
    place.strategy_type = 999999;
    spot_refused(&spot, &place, SPOT_REJECT_STRATEGY_TYPE);
    spot_fixture_free(&spot);
}

static void counts_and_duplicates(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_STOP_LOSS, "0.001", NULL);
    place.stop_price = num("49000");
    for (int i = 0; i < SPOT_ALGO_ORDERS_MAX; i++) {
        (void)spot_accepted(&spot, &place);
    }
    spot_refused(&spot, &place, SPOT_REJECT_MAX_NUM_ALGO_ORDERS);
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.001", "40000");
    snprintf(place.client_id.text, sizeof place.client_id.text, "mine");
    (void)spot_accepted(&spot, &place);
    spot_refused(&spot, &place, SPOT_REJECT_DUPLICATE);
    place.client_id.text[0] = '\0';
    for (int i = SPOT_ALGO_ORDERS_MAX + 1; i < SPOT_ORDERS_MAX; i++) {
        assert_int_equal(spot_place(spot.venue, spot.sink, &place, NULL).reject, SPOT_REJECT_NONE);
    }
    spot_refused(&spot, &place, SPOT_REJECT_MAX_NUM_ORDERS);
    assert_int_equal(venue_instrument_status(spot.venue, spot.sink, spot.btc, INSTRUMENT_HALTED), RESULT_OK);
    spot_refused(&spot, &place, SPOT_REJECT_MARKET_CLOSED);
    spot_fixture_free(&spot);
}

static void stops_and_take_profits_fire_on_the_last_price(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_STOP_LOSS, "1", NULL);
    place.stop_price = num("49000");
    spot_order_t stop = spot_accepted(&spot, &place);
    place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_TAKE_PROFIT_LIMIT, "1", "51500");
    place.stop_price = num("51000");
    spot_order_t profit = spot_accepted(&spot, &place);
    assert_false(stop.working);
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "2", "48000");
    spot_print(&spot, "49000.1");
    assert_int_equal(spot_now(&spot, spot.ann, stop.id).status, SPOT_NEW);
    spot_print(&spot, "49000");
    spot_order_t after = spot_now(&spot, spot.ann, stop.id);
    assert_int_equal(after.status, SPOT_FILLED); /* under its own id, as a market order */
    assert_dec(after.filled_quote, "48000");
    spot_print(&spot, "51000");
    after = spot_now(&spot, spot.ann, profit.id);
    assert_true(after.working);
    assert_int_equal(after.status, SPOT_NEW); /* rests at 51,500 */
    quote_t quote;
    assert_true(venue_quote(spot.venue, spot.btc, &quote));
    assert_dec(quote.ask, "51500");
    spot_fixture_free(&spot);
}

/* 2 % behind the highest price: 50,000 -> 55,000 puts the trigger at 53,900. */
static void trailing_stop_follows_and_fires(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_STOP_LOSS, "1", NULL);
    place.trailing_delta = 200;
    spot_order_t order = spot_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "1", "48000");
    spot_print(&spot, "52000");
    spot_print(&spot, "55000");
    spot_print(&spot, "53900.1");
    assert_int_equal(spot_now(&spot, spot.ann, order.id).status, SPOT_NEW);
    spot_print(&spot, "53900");
    assert_int_equal(spot_now(&spot, spot.ann, order.id).status, SPOT_FILLED);
    /* A take-profit that trails begins at its stop price. */
    place = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_TAKE_PROFIT, "1", NULL);
    place.trailing_delta = 100;
    place.stop_price = num("56000");
    order = spot_accepted(&spot, &place);
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "1", "47000");
    spot_print(&spot, "50000");
    assert_int_equal(spot_now(&spot, spot.ann, order.id).trailing_ns, 0);
    spot_print(&spot, "57000");
    assert_true(spot_now(&spot, spot.ann, order.id).trailing_ns > 0);
    spot_print(&spot, "56430");
    assert_int_equal(spot_now(&spot, spot.ann, order.id).status, SPOT_FILLED);
    spot_fixture_free(&spot);
}

static void self_trade_prevention_in_all_modes(void **state)
{
    (void)state;
    static const struct {
        spot_stp_t mode;
        spot_status_t maker, taker;
        const char *maker_prevented, *taker_prevented;
        spot_stp_t acted;
    } rows[] = {
        {SPOT_STP_NONE, SPOT_PARTIALLY_FILLED, SPOT_FILLED, "0", "0", SPOT_STP_NONE},
        {SPOT_STP_EXPIRE_MAKER, SPOT_EXPIRED_IN_MATCH, SPOT_NEW, "1", "0", SPOT_STP_EXPIRE_MAKER},
        {SPOT_STP_EXPIRE_TAKER, SPOT_NEW, SPOT_EXPIRED_IN_MATCH, "0", "0.4", SPOT_STP_EXPIRE_TAKER},
        {SPOT_STP_EXPIRE_BOTH, SPOT_EXPIRED_IN_MATCH, SPOT_EXPIRED_IN_MATCH, "1", "0.4", SPOT_STP_EXPIRE_BOTH},
        {SPOT_STP_DECREMENT, SPOT_NEW, SPOT_EXPIRED_IN_MATCH, "0.4", "0.4", SPOT_STP_DECREMENT},
        {SPOT_STP_TRANSFER, SPOT_NEW, SPOT_EXPIRED_IN_MATCH, "0.4", "0.4", SPOT_STP_DECREMENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        spot_fixture_t spot = spot_fixture_new();
        spot_order_t maker = spot_limit(&spot, spot.ann, VENUE_SELL, "1", "50000");
        spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.4", "50000");
        place.stp = rows[i].mode;
        spot_order_t taker = spot_accepted(&spot, &place);
        maker = spot_now(&spot, spot.ann, maker.id);
        assert_int_equal(maker.status, rows[i].maker);
        assert_int_equal(taker.status, rows[i].taker);
        assert_dec(maker.prevented_quantity, rows[i].maker_prevented);
        assert_dec(taker.prevented_quantity, rows[i].taker_prevented);
        assert_dec(maker.quantity, "1");
        assert_dec(taker.quantity, "0.4");
        venue_change_t match;
        assert_int_equal(venue_changes(spot.venue, 0, &match, 1), rows[i].mode != SPOT_STP_NONE);
        if (rows[i].mode != SPOT_STP_NONE) {
            assert_true(match.kind == VENUE_CHANGE_PREVENTED && match.account == spot.ann && match.instrument == spot.btc);
            assert_true(match.order_id == taker.id && match.maker_id == maker.id && match.stp == rows[i].acted);
            assert_dec(match.price, "50000");
            assert_dec(match.maker_prevented, rows[i].maker_prevented);
            assert_dec(match.taker_prevented, rows[i].taker_prevented);
            assert_true(maker.prevented_match_id == (dec_is_zero(match.maker_prevented) ? 0 : match.match_id));
            assert_true(taker.prevented_match_id == (dec_is_zero(match.taker_prevented) ? 0 : match.match_id));
        }
        spot_fixture_free(&spot);
    }
}

static void amend_keeps_the_place_in_the_queue(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_order_t first = spot_limit(&spot, spot.ann, VENUE_BUY, "1", "50000");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "1", "50000");
    spot_amend_t amend = {.ref = {.account = spot.ann, .instrument = spot.btc, .id = first.id}, .quantity = num("0.6")};
    spot_order_t after;
    assert_int_equal(spot_amend(spot.venue, spot.sink, &amend, &after).reject, SPOT_REJECT_NONE);
    assert_dec(after.quantity, "0.6");
    venue_change_t change;
    assert_int_equal(venue_changes(spot.venue, 0, &change, 1), 1);
    assert_true(change.kind == VENUE_CHANGE_SPOT_AMENDMENT && change.order_id == first.id);
    assert_string_equal(change.original_id.text, first.client_id.text);
    assert_string_equal(change.client_id.text, after.client_id.text);
    assert_dec(change.quantity_before, "1");
    assert_dec(change.quantity_after, "0.6");
    assert_balance(&spot, spot.ann, spot.usdt_asset, "70000", "30000");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.6", "50000");
    assert_int_equal(spot_now(&spot, spot.ann, first.id).status, SPOT_FILLED); /* still before bob's */
    spot_order_t other = spot_limit(&spot, spot.ann, VENUE_BUY, "0.5", "40000");
    amend.ref.id = other.id;
    amend.quantity = num("0.5");
    assert_int_equal(spot_amend(spot.venue, spot.sink, &amend, NULL).reject, SPOT_REJECT_AMEND_SAME);
    amend.quantity = num("0.7");
    assert_int_equal(spot_amend(spot.venue, spot.sink, &amend, NULL).reject, SPOT_REJECT_AMEND_INCREASE);
    amend.quantity = num("0.0001");
    assert_int_equal(spot_amend(spot.venue, spot.sink, &amend, NULL).reject, SPOT_REJECT_LOT_SIZE);
    spot_fixture_free(&spot);
}

static void cancels_say_why_not(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_order_t order = spot_limit(&spot, spot.ann, VENUE_BUY, "1", "50000");
    spot_ref_t ref = {.account = spot.bob, .instrument = spot.btc, .id = order.id};
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_UNKNOWN_ORDER); /* not his */
    ref.account = spot.ann;
    ref.restriction = SPOT_CANCEL_ONLY_PARTIALLY_FILLED;
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_RESTRICTED);
    snprintf(ref.client_id.text, sizeof ref.client_id.text, "another");
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_OTHER_CLIENT_ID);
    ref.client_id.text[0] = '\0';
    ref.restriction = SPOT_CANCEL_ONLY_NEW;
    spot_order_t after;
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, &after).reject, SPOT_REJECT_NONE);
    assert_int_equal(after.status, SPOT_CANCELED);
    assert_balance(&spot, spot.ann, spot.usdt_asset, "100000", "0");
    assert_int_equal(spot_cancel(spot.venue, spot.sink, &ref, NULL).reject, SPOT_REJECT_UNKNOWN_ORDER);
    spot_fixture_free(&spot);
}

/* executionReport NEW, then a TRADE a fill, then the balances that changed. */
static void events_come_in_the_exchanges_order(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "1", "50000");
    uint32_t from = spot.base->event_count;
    (void)spot_limit(&spot, spot.ann, VENUE_BUY, "0.5", "50000");
    const venue_event_t *events = &spot.base->events[from];
    assert_int_equal(events[0].spot.kind, SPOT_EVENT_ORDER);
    assert_int_equal(events[0].spot.order.execution, SPOT_EXEC_NEW);
    assert_int_equal(events[1].account, spot.bob);
    assert_int_equal(events[1].spot.order.execution, SPOT_EXEC_TRADE);
    assert_true(events[1].spot.order.maker);
    assert_int_equal(events[2].account, spot.ann);
    assert_int_equal(events[2].spot.order.execution, SPOT_EXEC_TRADE);
    assert_dec(events[2].spot.order.commission, "0.0005");
    assert_int_equal(events[2].spot.order.commission_asset, spot.btc_asset);
    assert_int_equal(events[3].spot.kind, SPOT_EVENT_POSITION);
    assert_int_equal(events[3].spot.position.count, 2);
    spot_fixture_free(&spot);
}

/* An iceberg of 1 that shows 0.3, and one order of 0.5 behind it. */
static void an_iceberg_shows_a_part_and_goes_to_the_back_with_the_next(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_place_t place = spot_order_of(&spot, spot.bob, VENUE_SELL, SPOT_LIMIT, "1", "50000");
    place.iceberg_quantity = num("0.3");
    spot_order_t iceberg = spot_accepted(&spot, &place);
    level_t bids[5], asks[5];
    uint32_t bid_count, ask_count;
    (void)venue_depth(spot.venue, spot.btc, 5, bids, &bid_count, asks, &ask_count);
    assert_int_equal(ask_count, 1);
    assert_dec(asks[0].quantity, "0.3");
    spot_order_t other = spot_limit(&spot, spot.bob, VENUE_SELL, "0.5", "50000");
    /* 0.4: what shows, 0.3, then 0.1 of the other; the iceberg has its next part behind it. */
    (void)spot_limit(&spot, spot.ann, VENUE_BUY, "0.4", "50000");
    assert_dec(spot_now(&spot, spot.bob, iceberg.id).filled, "0.3");
    assert_dec(spot_now(&spot, spot.bob, other.id).filled, "0.1");
    (void)venue_depth(spot.venue, spot.btc, 5, bids, &bid_count, asks, &ask_count);
    assert_dec(asks[0].quantity, "0.7"); /* 0.4 + 0.3 */
    (void)spot_limit(&spot, spot.ann, VENUE_BUY, "0.5", "50000");
    assert_dec(spot_now(&spot, spot.bob, other.id).filled, "0.5");
    assert_dec(spot_now(&spot, spot.bob, iceberg.id).filled, "0.4");
    (void)venue_depth(spot.venue, spot.btc, 5, bids, &bid_count, asks, &ask_count);
    assert_dec(asks[0].quantity, "0.2"); /* of the second part; 0.4 are hidden */
    /* Made smaller, it loses what is hidden first. */
    spot_amend_t amend = {.ref = {.account = spot.bob, .instrument = spot.btc, .id = iceberg.id}, .quantity = num("0.7")};
    assert_int_equal(spot_amend(spot.venue, spot.sink, &amend, NULL).reject, SPOT_REJECT_NONE);
    (void)venue_depth(spot.venue, spot.btc, 5, bids, &bid_count, asks, &ask_count);
    assert_dec(asks[0].quantity, "0.2");
    /* A fill-or-kill order gets the hidden part too. */
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.3", "50000");
    place.tif = SPOT_FOK;
    assert_int_equal(spot_accepted(&spot, &place).status, SPOT_FILLED);
    assert_int_equal(spot_now(&spot, spot.bob, iceberg.id).status, SPOT_FILLED);
    spot_fixture_free(&spot);
}

/* Bids 49,900 49,800, asks 50,100 50,200 50,300; the price is taken once. */
static void a_pegged_order_takes_its_price_from_the_book(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.01", "49900");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.01", "49800");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.01", "50100");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.01", "50200");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.01", "50300");
    static const struct {
        spot_peg_t peg;
        uint32_t offset, side;
        spot_type_t type;
        const char *price;
        spot_status_t status;
    } rows[] = {
        {SPOT_PEG_PRIMARY, 1, VENUE_BUY, SPOT_LIMIT_MAKER, "49800", SPOT_NEW},
        {SPOT_PEG_PRIMARY, 0, VENUE_BUY, SPOT_LIMIT, "49900", SPOT_NEW},
        {SPOT_PEG_PRIMARY, 2, VENUE_SELL, SPOT_LIMIT, "50300", SPOT_NEW},
        {SPOT_PEG_MARKET, 0, VENUE_BUY, SPOT_LIMIT, "50100", SPOT_FILLED},
    };
    uint64_t ids[4];
    for (size_t i = 0; i < 4; i++) {
        spot_place_t place = spot_order_of(&spot, spot.ann, (venue_side_t)rows[i].side, rows[i].type, "0.01", NULL);
        place.peg = rows[i].peg;
        place.peg_offset = rows[i].offset;
        spot_order_t order = spot_accepted(&spot, &place);
        assert_dec(order.price, "0");
        assert_dec(order.pegged_price, rows[i].price);
        assert_int_equal(order.status, rows[i].status);
        ids[i] = order.id;
    }
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.01", "49950"); /* a better bid: the pegged one stays */
    assert_dec(spot_now(&spot, spot.ann, ids[1]).pegged_price, "49900");
    spot_place_t place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.01", NULL);
    place.peg = SPOT_PEG_MARKET;
    place.peg_offset = 7;
    spot_refused(&spot, &place, SPOT_REJECT_PEG_LEVEL);
    place.peg_offset = 101;
    spot_refused(&spot, &place, SPOT_REJECT_PEG_OFFSET);
    place.peg_offset = 0;
    place.type = SPOT_LIMIT_MAKER; /* only on its own side */
    spot_refused(&spot, &place, SPOT_REJECT_PEG_SIDE);
    place.type = SPOT_LIMIT;
    place.peg = SPOT_PEG_PRIMARY; /* only GTC */
    place.tif = SPOT_IOC;
    spot_refused(&spot, &place, SPOT_REJECT_PEG_SIDE);
    place.tif = SPOT_GTC;
    place.type = SPOT_STOP_LOSS; /* becomes a market order */
    place.stop_price = num("51000");
    spot_refused(&spot, &place, SPOT_REJECT_PEG_TYPE);
    /* A price that is sent is told again and has to pass for itself; the book decides. */
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.01", "48000.05");
    place.peg = SPOT_PEG_PRIMARY;
    spot_refused(&spot, &place, SPOT_REJECT_PRICE_FILTER);
    place.price = num("48000");
    spot_order_t asked = spot_accepted(&spot, &place);
    assert_dec(asked.price, "48000");
    assert_dec(asked.pegged_price, "49950");
    place = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_LIMIT, "0.01", "40000");
    place.peg_offset = 1;
    spot_refused(&spot, &place, SPOT_REJECT_PEG_OFFSET);
    spot_fixture_free(&spot);
}

/* A stop whose limit is the best bid of the moment at which it fires, not of the one at which it was placed. */
static void a_pegged_stop_takes_its_price_when_it_fires(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    spot_place_t stop = spot_order_of(&spot, spot.ann, VENUE_SELL, SPOT_STOP_LOSS_LIMIT, "0.5", NULL);
    stop.peg = SPOT_PEG_PRIMARY;
    stop.stop_price = num("49000");
    uint64_t far = spot_accepted(&spot, &stop).id;
    stop.peg = SPOT_PEG_MARKET;
    uint64_t near = spot_accepted(&spot, &stop).id;
    assert_dec(spot_now(&spot, spot.ann, near).pegged_price, "0");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.3", "48800");
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.01", "48900");
    (void)spot_limit(&spot, spot.ann, VENUE_SELL, "0.01", "48900");                /* 48,900: both fire, the older one first */
    assert_int_equal(spot_now(&spot, spot.ann, far).reason, SPOT_REASON_REJECTED); /* nobody offers: it has no price */
    assert_int_equal(spot_now(&spot, spot.ann, far).status, SPOT_EXPIRED);
    assert_dec(spot_now(&spot, spot.ann, near).pegged_price, "48800");
    assert_dec(spot_now(&spot, spot.ann, near).price, "0");
    assert_dec(spot_now(&spot, spot.ann, near).filled, "0.3");
    spot_fixture_free(&spot);
}

/* A buyer is measured at its stop price until it has a price of its own, and pays the difference then. */
static void a_pegged_buyer_is_funded_at_its_price(void **state)
{
    (void)state;
    spot_fixture_t spot = spot_fixture_new();
    spot_print(&spot, "50000");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.2", "51500");
    spot_place_t stop = spot_order_of(&spot, spot.ann, VENUE_BUY, SPOT_STOP_LOSS_LIMIT, "0.5", NULL);
    stop.peg = SPOT_PEG_MARKET;
    stop.stop_price = num("51000");
    uint64_t id = spot_accepted(&spot, &stop).id;
    assert_balance(&spot, spot.ann, spot.usdt_asset, "74450", "25500"); /* 99,950 - 0.5 * 51,000 */
    (void)spot_limit(&spot, spot.bob, VENUE_BUY, "0.01", "51200");
    (void)spot_limit(&spot, spot.bob, VENUE_SELL, "0.01", "51200");
    assert_dec(spot_now(&spot, spot.ann, id).pegged_price, "51500");
    assert_dec(spot_now(&spot, spot.ann, id).filled, "0.2");
    assert_balance(&spot, spot.ann, spot.usdt_asset, "74200", "15450"); /* 10,300 paid, 0.3 * 51,500 locked */
    spot_fixture_free(&spot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buying_pays_quote_and_the_fee_in_what_is_bought),
        cmocka_unit_test(fee_in_bnb_is_a_quarter_less),
        cmocka_unit_test(market_orders_by_quantity_and_by_quote),
        cmocka_unit_test(ioc_fok_and_maker),
        cmocka_unit_test(filters_refuse_with_their_names),
        cmocka_unit_test(counts_and_duplicates),
        cmocka_unit_test(stops_and_take_profits_fire_on_the_last_price),
        cmocka_unit_test(trailing_stop_follows_and_fires),
        cmocka_unit_test(self_trade_prevention_in_all_modes),
        cmocka_unit_test(amend_keeps_the_place_in_the_queue),
        cmocka_unit_test(cancels_say_why_not),
        cmocka_unit_test(an_iceberg_shows_a_part_and_goes_to_the_back_with_the_next),
        cmocka_unit_test(a_pegged_order_takes_its_price_from_the_book),
        cmocka_unit_test(a_pegged_stop_takes_its_price_when_it_fires),
        cmocka_unit_test(a_pegged_buyer_is_funded_at_its_price),
        cmocka_unit_test(events_come_in_the_exchanges_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
