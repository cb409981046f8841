/* test_market.c: the path inside a bar, stops and targets that it meets, klines, the recorded stream and its queue, the synthetic
 * market. shows: VEN-3, MKT-4, I4, I18 */
#include "venue_fixture.h"

/* An hour whose path can be followed by hand. A range of 1 %, so four quarters; with the fixture's seed the low (the open) stands
 * at knot 2 and the high (the close) at knot 3. Between them 4,999 ticks in 900,000 ms, so 50,100.1 is reached after ceil(1,001 *
 * 900,000 / 4,999) = 180,217 ms of the third quarter, and 50,400 after ceil(4,000 * 900,000 / 4,999) = 720,145. */
enum { QUARTERS_MS = 2 * 900000, LIMIT_MS = QUARTERS_MS + 180217, STOP_MS = QUARTERS_MS + 720145 };

static fixture_t *one_hour(const char *open, const char *high, const char *low, const char *close)
{
    fixture_t *fixture = fixture_new();
    install(fixture, FIXTURE_START_NS, open, high, low, close);
    return fixture;
}

static void a_stop_and_a_take_profit_in_one_bar(void **state)
{
    (void)state;
    /* close >= open: the low comes first, so the stop at 49,500 fires and the target never sees the high. */
    fixture_t *fixture = one_hour("50000", "51000", "49000", "50500");
    venue_account_t account = fixture_account(fixture, "10000");
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.1");
    (void)must_place(fixture, &buy);
    venue_algo_place_t stop = algo_order(fixture, account, VENUE_SELL, VENUE_STOP_MARKET, "0", "49500");
    stop.close_position = true;
    venue_algo_place_t target = algo_order(fixture, account, VENUE_SELL, VENUE_TAKE_PROFIT_MARKET, "0", "50900");
    target.close_position = true;
    uint64_t stop_id = must_algo(fixture, &stop), target_id = must_algo(fixture, &target);
    stop.trigger_price = num("50000");
    assert_int_equal(venue_reject_code(venue_algo_place(fixture->venue, &fixture->sink, &stop, NULL).reject), -2021);
    stop.trigger_price = num("49400");
    assert_int_equal(venue_reject_code(venue_algo_place(fixture->venue, &fixture->sink, &stop, NULL).reject), -4130);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    venue_algo_t stopped = algo(fixture, account, stop_id);
    assert_int_equal(stopped.status, VENUE_ALGO_FINISHED);
    assert_dec(stopped.actual_quantity, "0.1");
    assert_dec(stopped.actual_price, "49499.9"); /* trigger price, one tick of half spread */
    assert_true(stopped.trigger_ns > FIXTURE_START_NS && stopped.trigger_ns < FIXTURE_START_NS + NS_PER_HOUR);
    assert_int_equal(algo(fixture, account, target_id).status, VENUE_ALGO_EXPIRED);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0");
    venue_order_t order = order_by_id(fixture, account, stopped.actual_id);
    assert_int_equal(order.orig_type, VENUE_STOP_MARKET);
    assert_true(order.algo_id == stop_id);
    assert_sound(fixture);
    fixture_free(fixture);
}

/* Everything that happens inside a bar is the same however finely the clock is moved. */
static void sampling_does_not_matter(void **state)
{
    (void)state;
    venue_fill_t fills[2][32];
    uint32_t counts[2];
    for (int run = 0; run < 2; run++) {
        fixture_t *fixture = one_hour("50000", "52000", "48500", "49000");
        venue_account_t account = fixture_account(fixture, "100000");
        const char *bids[] = {"49900", "49500", "49000.1", "48500"};
        for (int i = 0; i < 4; i++) {
            venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.1", bids[i]);
            (void)must_place(fixture, &buy);
        }
        venue_algo_place_t stop = algo_order(fixture, account, VENUE_BUY, VENUE_STOP_MARKET, "0.2", "51234.5");
        venue_algo_place_t trail = algo_order(fixture, account, VENUE_SELL, VENUE_TRAILING_STOP_MARKET, "0.2", "0");
        trail.callback_pct = num("1.5");
        trail.working = VENUE_MARK_PRICE;
        uint64_t trail_id = must_algo(fixture, &trail);
        (void)must_algo(fixture, &stop);
        int64_t end_ns = FIXTURE_START_NS + NS_PER_HOUR;
        while (venue_now(fixture->venue) < end_ns) {
            int64_t to_ns = run == 0 ? end_ns : venue_now(fixture->venue) + 7 * NS_PER_S;
            advance_to(fixture, to_ns < end_ns ? to_ns : end_ns);
        }
        venue_select_t select = {.account = account, .instrument = INSTRUMENT_NONE};
        memset(fills[run], 0, sizeof fills[run]);
        counts[run] = venue_fills(fixture->venue, &select, fills[run], 32);
        assert_true(counts[run] >= 6);
        assert_int_equal(algo(fixture, account, trail_id).status, VENUE_ALGO_FINISHED);
        assert_sound(fixture);
        fixture_free(fixture);
    }
    assert_int_equal(counts[0], counts[1]);
    for (uint32_t i = 0; i < counts[0]; i++) {
        assert_true(dec_eq(fills[0][i].price, fills[1][i].price) && dec_eq(fills[0][i].quantity, fills[1][i].quantity));
        assert_true(fills[0][i].time_ns == fills[1][i].time_ns && fills[0][i].order_id == fills[1][i].order_id);
    }
}

/* --- instants --------------------------------------------------------------------------------- */

static void advance_to_event(fixture_t *fixture, int64_t to_ns)
{
    assert_int_equal(venue_advance_to_event(fixture->venue, &fixture->sink, to_ns), RESULT_OK);
}

/* Quotes that were told before now: the newest. */
static quote_t quote_told(const fixture_t *fixture)
{
    for (uint32_t i = fixture->event_count; i > 0 && fixture->event_count - i < FIXTURE_EVENTS_MAX; i--) {
        const venue_event_t *event = &fixture->events[(i - 1) % FIXTURE_EVENTS_MAX];
        if (event->kind == VENUE_EVENT_QUOTE)
            return event->quote;
    }
    fail_msg("no quote was told");
    return (quote_t){0};
}

/* The price passes 50,100.1 and 50,400 at these milliseconds, whoever looks and however often. */
static void a_crossing_has_its_instant(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "50499.9", "50000", "50499.9");
    venue_account_t account = fixture_account(fixture, "100000");
    venue_follow(fixture->venue, fixture->btc, VENUE_FOLLOW_ALL, 0);
    venue_place_t sell = limit_order(fixture, account, VENUE_SELL, "0.1", "50100.1");
    venue_order_t limit = must_place(fixture, &sell);
    venue_algo_place_t stop = algo_order(fixture, account, VENUE_BUY, VENUE_STOP_MARKET, "0.1", "50400");
    uint64_t stop_id = must_algo(fixture, &stop);
    int64_t end_ns = FIXTURE_START_NS + NS_PER_HOUR;

    advance_to_event(fixture, end_ns);
    int64_t limit_ns = venue_now(fixture->venue);
    venue_order_t filled = order_by_id(fixture, account, limit.id);
    assert_int_equal(filled.status, VENUE_STATUS_FILLED);
    assert_true(filled.update_ns == limit_ns);
    assert_int_equal((limit_ns - FIXTURE_START_NS) / NS_PER_MS, LIMIT_MS);
    assert_int_equal((limit_ns - FIXTURE_START_NS) % NS_PER_MS, 0);
    assert_int_equal(algo(fixture, account, stop_id).status, VENUE_ALGO_NEW); /* nothing later has happened */
    assert_dec(venue_last_price(fixture->venue, fixture->btc), "50100.1");    /* and the market tells the price of that instant */
    assert_dec(quote_told(fixture).bid, "50100");

    advance_to_event(fixture, end_ns);
    assert_int_equal((venue_now(fixture->venue) - FIXTURE_START_NS) / NS_PER_MS, STOP_MS);
    assert_true(algo(fixture, account, stop_id).trigger_ns == venue_now(fixture->venue));
    assert_dec(algo(fixture, account, stop_id).actual_price, "50400.1");
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0");

    uint64_t told = venue_private_count(fixture->venue);
    advance_to_event(fixture, end_ns);
    assert_true(venue_now(fixture->venue) == end_ns && venue_private_count(fixture->venue) == told); /* nothing else: to the end */
    assert_int_equal(venue_advance_to_event(fixture->venue, &fixture->sink, end_ns - 1), RESULT_OUT_OF_ORDER);
    assert_sound(fixture);
    fixture_free(fixture);
}

/* One nanosecond before its millisecond nothing has happened; at it, all. */
static void an_instant_is_a_whole_millisecond(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "50499.9", "50000", "50499.9");
    venue_account_t account = fixture_account(fixture, "100000");
    venue_place_t sell = limit_order(fixture, account, VENUE_SELL, "0.1", "50100.1");
    venue_order_t limit = must_place(fixture, &sell);
    int64_t at_ns = FIXTURE_START_NS + LIMIT_MS * NS_PER_MS;
    advance_to(fixture, at_ns - 1);
    assert_int_equal(order_by_id(fixture, account, limit.id).status, VENUE_STATUS_NEW);
    advance_to(fixture, at_ns);
    assert_int_equal(order_by_id(fixture, account, limit.id).status, VENUE_STATUS_FILLED);
    assert_true(order_by_id(fixture, account, limit.id).update_ns == at_ns);
    fixture_free(fixture);
}

static void a_fresh_fill_gets_its_stop_at_the_same_time(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "51000", "49000", "50500"); /* the low first: falling through the entry and its stop */
    venue_account_t account = fixture_account(fixture, "100000");
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.1", "49700");
    (void)must_place(fixture, &buy);
    advance_to_event(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    int64_t filled_ns = venue_now(fixture->venue);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0.1");
    venue_algo_place_t stop = algo_order(fixture, account, VENUE_SELL, VENUE_STOP_MARKET, "0", "49600");
    stop.close_position = true;
    uint64_t stop_id = must_algo(fixture, &stop);
    assert_true(algo(fixture, account, stop_id).time_ns == filled_ns);
    advance_to_event(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    venue_algo_t stopped = algo(fixture, account, stop_id);
    assert_int_equal(stopped.status, VENUE_ALGO_FINISHED);
    assert_dec(stopped.actual_price, "49599.9");
    assert_true(stopped.trigger_ns > filled_ns && stopped.trigger_ns == venue_now(fixture->venue));
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0");
    assert_sound(fixture);
    fixture_free(fixture);
}

/* The step has become coarser than the position (fault 51): an order for a quantity is held to it, one that closes whatever there
 * is is not. */
static void close_position_closes_what_the_step_no_longer_divides(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "51000", "49000", "50500");
    venue_account_t account = fixture_account(fixture, "100000");
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.1");
    (void)must_place(fixture, &buy);
    instrument_t rules = fixture_rules("BTCUSDT");
    rules.lot_step = rules.market_step = rules.quantity_min = rules.market_quantity_min = num("1");
    assert_int_equal(venue_instrument_update(fixture->venue, &fixture->sink, fixture->btc, &rules), RESULT_OK);
    venue_algo_place_t stop = algo_order(fixture, account, VENUE_SELL, VENUE_STOP_MARKET, "0", "49600");
    stop.close_position = true;
    uint64_t stop_id = must_algo(fixture, &stop);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    assert_int_equal(algo(fixture, account, stop_id).status, VENUE_ALGO_FINISHED);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0");
    assert_sound(fixture);
    fixture_free(fixture);
}

/* An expiry and a funding payment stop the clock too, each at its time. */
static void what_is_due_at_a_time_is_an_event(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    for (int64_t h = 0; h < 2; h++) {
        install(fixture, FIXTURE_START_NS + h * NS_PER_HOUR, "50000", "50000", "50000", "50000");
    }
    venue_account_t account = fixture_account(fixture, "100000");
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.1");
    (void)must_place(fixture, &buy);
    venue_place_t dated = limit_order(fixture, account, VENUE_BUY, "0.1", "49000");
    dated.tif = VENUE_GTD;
    dated.good_till_ns = FIXTURE_START_NS + 1000 * NS_PER_S;
    venue_order_t order = must_place(fixture, &dated);
    advance_to_event(fixture, FIXTURE_START_NS + 2 * NS_PER_HOUR);
    assert_true(venue_now(fixture->venue) == dated.good_till_ns);
    assert_int_equal(order_by_id(fixture, account, order.id).status, VENUE_STATUS_EXPIRED);
    for (int64_t h = 2; h < 9; h++) { /* two hours wait; each time one ends another comes behind */
        advance_to_event(fixture, FIXTURE_START_NS + (h - 1) * NS_PER_HOUR);
        install(fixture, FIXTURE_START_NS + h * NS_PER_HOUR, "50000", "50000", "50000", "50000");
    }
    advance_to_event(fixture, FIXTURE_START_NS + 9 * NS_PER_HOUR);
    int64_t stopped_ns = venue_now(fixture->venue);
    assert_true(stopped_ns == FIXTURE_START_NS + 8 * NS_PER_HOUR);
    uint32_t payments = 0;
    for (uint32_t i = 0; i < fixture->event_count; i++) {
        const venue_event_t *event = &fixture->events[i];
        bool pays = event->kind == VENUE_EVENT_ACCOUNT && event->account_change.reason == VENUE_REASON_FUNDING_FEE;
        payments += pays;
        assert_true(!pays || event->time_ns == stopped_ns);
    }
    assert_int_equal(payments, 1);
    fixture_free(fixture);
}

static void resting_orders_fill_in_part_when_there_is_little_volume(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    candle_t bar = hour(FIXTURE_START_NS, "50000", "50000", "49900", "49950", "4"); /* 4 segments of volume 1: 0.25 each */
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OK);
    venue_account_t account = fixture_account(fixture, "100000");
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "1", "49990");
    venue_order_t order = must_place(fixture, &buy);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    venue_order_t after = order_by_id(fixture, account, order.id);
    assert_int_equal(after.status, VENUE_STATUS_PARTIALLY_FILLED);
    assert_true(dec_ge(after.filled, num("0.25")) && dec_le(after.filled, num("0.75")));
    assert_dec(after.average_price, "49990");
    quote_t quote;
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote)); /* the street stands behind what rests */
    assert_dec(quote.bid, "49990");
    assert_true(dec_gt(quote.ask, quote.bid));
    assert_sound(fixture);
    fixture_free(fixture);
}

static void a_large_taker_pays_for_depth(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "50000", "50000", "50000"); /* unit = 10,000 * 0.0005 = 5; gap = 1.0 */
    venue_account_t account = fixture_account(fixture, "1000000");
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "15");
    venue_order_t order = must_place(fixture, &buy);
    assert_dec(order.average_price, "50000.76666667"); /* (5 * 50000.1 + 10 * 50001.1) / 15 */
    /* what was eaten stays eaten until the clock moves */
    quote_t quote;
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.ask, "50002.1");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_S);
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.ask, "50000.1");
    venue_street_t street = venue_street_default();
    street.slippage_rate = num("0.0001");
    assert_int_equal(venue_street_set(fixture->venue, fixture->btc, &street), RESULT_OK);
    buy.quantity = num("1");
    assert_dec(must_place(fixture, &buy).average_price, "50005.2"); /* 50,000.1 + 5.00001, up to the tick */
    assert_sound(fixture);
    fixture_free(fixture);
}

static const candle_t *bar_of_array(void *bars, uint32_t at)
{
    return (const candle_t *)bars + at;
}

static void klines_are_the_candles(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    candle_t bars[26];
    static const char *const opens[] = {"50000", "50500", "49800"}, *const closes[] = {"50500", "49800", "50000"};
    for (int i = 0; i < 26; i++) {
        bars[i] = hour(FIXTURE_START_NS + i * NS_PER_HOUR, opens[i % 3], "51000", "49000", closes[i % 3], "123.456");
    }
    venue_follow(fixture->venue, fixture->btc, VENUE_FOLLOW_ALL, 1u << TF_1M | 1u << TF_1H | 1u << TF_4H);
    venue_history_t history = {.timeframe = TF_1H, .count = 26, .bar = bar_of_array, .context = bars};
    for (int i = 0; i < 25; i++) {
        assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bars[i]), RESULT_OK);
        advance_to(fixture, FIXTURE_START_NS + i * NS_PER_HOUR + (i == 24 ? 30 * NS_PER_MIN : NS_PER_HOUR));
    }
    venue_kline_t out[1500];
    uint32_t count = venue_klines(fixture->venue, fixture->btc, &history, TF_1H, 0, 0, out, 1500);
    assert_int_equal(count, 25);
    assert_true(out[23].candle.closed && !out[24].candle.closed);
    assert_true(dec_eq(out[7].candle.open, bars[7].open) && dec_eq(out[7].candle.close, bars[7].close));
    assert_dec(out[7].candle.volume, "123.456");
    assert_int_equal(venue_klines(fixture->venue, fixture->btc, &history, TF_1H, 0, 0, out, 3), 3);
    assert_true(out[2].candle.open_ns == bars[24].open_ns);
    count = venue_klines(fixture->venue, fixture->btc, &history, TF_1D, 0, 0, out, 10);
    assert_int_equal(count, 2);
    assert_dec(out[0].candle.high, "51000");
    assert_true(out[0].candle.closed);
    /* an hour of minutes adds up to the hour */
    count =
        venue_klines(fixture->venue, fixture->btc, &history, TF_1M, bars[3].open_ns, bars[3].open_ns + 59 * NS_PER_MIN, out, 1500);
    assert_int_equal(count, 60);
    dec_t volume = DEC_ZERO, high = DEC_ZERO, low = num("90000");
    for (uint32_t i = 0; i < count; i++) {
        volume = dec_plus(volume, out[i].candle.volume);
        high = dec_max(high, out[i].candle.high);
        low = dec_min(low, out[i].candle.low);
        assert_true(i == 0 || dec_eq(out[i].candle.open, out[i - 1].candle.close));
    }
    assert_dec(volume, "123.456");
    assert_dec(high, "51000");
    assert_dec(low, "49000");
    /* and the stream said the same: count closed bars */
    uint32_t minutes = 0, hours = 0, fours = 0;
    for (uint32_t i = 0; i < fixture->event_count && i < FIXTURE_EVENTS_MAX; i++) {
        const venue_event_t *event = &fixture->events[i];
        if (event->kind == VENUE_EVENT_KLINE && event->kline.candle.closed) {
            minutes += event->kline.timeframe == TF_1M;
            hours += event->kline.timeframe == TF_1H;
            fours += event->kline.timeframe == TF_4H;
        }
    }
    assert_int_equal(hours, 24);
    assert_int_equal(fours, 6);
    assert_int_equal(minutes, 24 * 60 + 30);
    fixture_free(fixture);
}

static void depth_events_rebuild_the_book(void **state)
{
    (void)state;
    fixture_t *fixture = one_hour("50000", "51000", "49000", "50500");
    venue_account_t account = fixture_account(fixture, "100000");
    venue_follow(fixture->venue, fixture->btc, VENUE_FOLLOW_ALL, 0);
    level_t bids[100], asks[100];
    uint32_t bid_count, ask_count;
    uint64_t id = venue_depth(fixture->venue, fixture->btc, 100, bids, &bid_count, asks, &ask_count);
    assert_int_equal(bid_count, 20);
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.5", "49000");
    (void)must_place(fixture, &buy);
    advance_to(fixture, FIXTURE_START_NS + 20 * NS_PER_MIN);
    uint32_t chained = 0;
    for (uint32_t i = 0; i < fixture->event_count; i++) {
        const venue_event_t *event = &fixture->events[i];
        if (event->kind == VENUE_EVENT_DEPTH && event->depth.last_id > id) {
            assert_true(event->depth.previous_id <= id && event->depth.first_id == event->depth.previous_id + 1);
            id = event->depth.last_id;
            chained++;
        }
    }
    assert_true(chained >= 2);
    assert_true(venue_depth(fixture->venue, fixture->btc, 100, bids, &bid_count, asks, &ask_count) == id);
    fixture_free(fixture);
}

static market_event_t stream_event(const fixture_t *fixture, market_kind_t kind, int64_t after_ms)
{
    market_event_t event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.instrument = fixture->btc;
    event.time_ns = event.received_ns = FIXTURE_START_NS + after_ms * NS_PER_MS;
    return event;
}

static void say_quote(fixture_t *fixture, int64_t after_ms, const char *bid, const char *bid_quantity, const char *ask,
                      const char *ask_quantity)
{
    market_event_t event = stream_event(fixture, MARKET_QUOTE, after_ms);
    event.quote = (quote_t){num(bid), num(bid_quantity), num(ask), num(ask_quantity), (uint64_t)after_ms};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
}

static void say_trade(fixture_t *fixture, int64_t after_ms, const char *price, const char *quantity, bool buyer_is_maker)
{
    market_event_t event = stream_event(fixture, MARKET_TRADE, after_ms);
    event.trade = (trade_t){num(price), num(quantity), (uint64_t)after_ms, buyer_is_maker};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
}

static void we_queue_behind_the_recorded_book(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t account = fixture_account(fixture, "100000");
    say_quote(fixture, 1, "50000", "2", "50000.1", "3");
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "1", "50000");
    venue_order_t order = must_place(fixture, &buy);
    say_trade(fixture, 2, "50000", "1.5", true); /* 0.5 still ahead */
    assert_dec(order_by_id(fixture, account, order.id).filled, "0");
    say_trade(fixture, 3, "50000", "0.75", true); /* 0.5 ahead goes, 0.25 is ours */
    assert_dec(order_by_id(fixture, account, order.id).filled, "0.25");
    say_trade(fixture, 4, "49999.9", "9", true); /* through our price */
    assert_int_equal(order_by_id(fixture, account, order.id).status, VENUE_STATUS_FILLED);
    /* cancels ahead: half of what no trade explains */
    say_quote(fixture, 5, "50000", "4", "50000.1", "3");
    order = must_place(fixture, &buy);
    say_quote(fixture, 6, "50000", "2", "50000.1", "3"); /* 2 cancelled: 1 of them ahead, so 3, but never more than is shown: 2 */
    say_trade(fixture, 7, "50000", "2", true);
    assert_dec(order_by_id(fixture, account, order.id).filled, "0");
    say_trade(fixture, 8, "50000", "0.3", true);
    assert_dec(order_by_id(fixture, account, order.id).filled, "0.3");
    /* a quote through our price fills us with what it shows */
    say_quote(fixture, 9, "49990", "5", "50000", "0.2");
    assert_dec(order_by_id(fixture, account, order.id).filled, "0.5");
    /* and a taker takes what is recorded */
    say_quote(fixture, 10, "50010", "5", "50010.1", "0.7");
    venue_place_t take = market_order(fixture, account, VENUE_BUY, "1");
    venue_order_t taken = must_place(fixture, &take);
    assert_dec(taken.filled, "0.7");
    assert_int_equal(taken.status, VENUE_STATUS_EXPIRED);
    assert_sound(fixture);
    fixture_free(fixture);
}

static void a_recorded_book_keeps_its_chain(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    level_t bids[] = {{num("50000"), num("1")}, {num("49999"), num("2")}}, asks[] = {{num("50001"), num("1")}};
    market_event_t event = stream_event(fixture, MARKET_DEPTH, 1);
    event.depth =
        (depth_t){.first_id = 5, .last_id = 6, .previous_id = 4, .bid_count = 2, .bids = bids, .ask_count = 1, .asks = asks};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_GAP); /* no snapshot yet */
    event.depth.snapshot = true;
    event.depth.last_id = 100;
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
    quote_t quote;
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.bid, "50000");
    level_t gone[] = {{num("50000"), DEC_ZERO}};
    event.depth = (depth_t){.first_id = 90, .last_id = 99, .previous_id = 89, .bid_count = 1, .bids = gone};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_STALE);
    event.depth = (depth_t){.first_id = 98, .last_id = 110, .previous_id = 97, .bid_count = 1, .bids = gone};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.bid, "49999");
    level_t again[] = {{num("50000"), num("1")}}; /* what came twice, or late, says nothing and breaks nothing */
    event.depth = (depth_t){.first_id = 98, .last_id = 110, .previous_id = 97, .bid_count = 1, .bids = again};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_STALE);
    event.depth = (depth_t){.first_id = 90, .last_id = 99, .previous_id = 89, .bid_count = 1, .bids = again};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_STALE);
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.bid, "49999");
    event.depth = (depth_t){.first_id = 111, .last_id = 111, .previous_id = 110, .bid_count = 1, .bids = again};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
    assert_true(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_dec(quote.bid, "50000");
    event.depth = (depth_t){.first_id = 113, .last_id = 120, .previous_id = 112, .bid_count = 1, .bids = gone};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_GAP);
    assert_false(venue_quote(fixture->venue, fixture->btc, &quote));
    assert_sound(fixture);
    fixture_free(fixture);
}

static void a_synthetic_market_moves_trades_and_repeats(void **state)
{
    (void)state;
    dec_t last[2];
    for (int run = 0; run < 2; run++) {
        fixture_t *fixture = fixture_new();
        venue_synthetic_t market = {.price = num("50000"),
                                    .volatility_day = 0.05,
                                    .jumps_day = 4,
                                    .jump_size = 0.02,
                                    .volume_day = num("20000"),
                                    .step_ns = NS_PER_S};
        assert_int_equal(venue_market_synthetic(fixture->venue, fixture->btc, &market), RESULT_OK);
        assert_int_equal(venue_market_synthetic(fixture->venue, fixture->btc, &market), RESULT_BAD_STATE);
        venue_account_t account = fixture_account(fixture, "100000");
        venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.5", "49980");
        venue_order_t order = must_place(fixture, &buy);
        advance_to(fixture, FIXTURE_START_NS + 6 * NS_PER_HOUR);
        last[run] = venue_last_price(fixture->venue, fixture->btc);
        assert_false(dec_eq(last[run], num("50000")));
        assert_int_not_equal(order_by_id(fixture, account, order.id).status, VENUE_STATUS_NEW);
        venue_kline_t klines[8];
        assert_true(venue_klines(fixture->venue, fixture->btc, NULL, TF_1H, 0, 0, klines, 8) >= 6);
        assert_sound(fixture);
        fixture_free(fixture);
    }
    assert_true(dec_eq(last[0], last[1]));
}

static void bad_bars_are_refused(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    candle_t bar = hour(FIXTURE_START_NS, "50000", "49000", "51000", "50000", "1");
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_BAD_ARGUMENT);
    bar = hour(FIXTURE_START_NS - NS_PER_HOUR, "50000", "50000", "50000", "50000", "1");
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OUT_OF_ORDER);
    bar.open_ns = FIXTURE_START_NS + 1;
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_BAD_ARGUMENT);
    bar.open_ns = FIXTURE_START_NS;
    assert_int_equal(venue_market_bar(fixture->venue, 9, TF_1H, &bar), RESULT_BAD_ARGUMENT);
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OK);
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OUT_OF_ORDER);
    assert_int_equal(venue_advance(fixture->venue, &fixture->sink, FIXTURE_START_NS - 1), RESULT_OUT_OF_ORDER);
    fixture_free(fixture);
}

/* Whoever follows the depth alone gets each change of it, in one chain, though nobody else looks at the book. */
static void depth_alone_is_told(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_synthetic_t market = {.price = num("50000"), .volatility_day = 0.05, .volume_day = num("20000"), .step_ns = NS_PER_S};
    assert_int_equal(venue_market_synthetic(fixture->venue, fixture->btc, &market), RESULT_OK);
    venue_follow(fixture->venue, fixture->btc, VENUE_FOLLOW_DEPTH, 0);
    uint64_t last = 0;
    unsigned told = 0;
    for (unsigned second = 1; second <= 4; second++) {
        uint32_t from = fixture->event_count;
        advance_to(fixture, FIXTURE_START_NS + second * NS_PER_S + NS_PER_MS);
        for (; from < fixture->event_count; from++) {
            const venue_event_t *event = &fixture->events[from % FIXTURE_EVENTS_MAX];
            if (event->kind == VENUE_EVENT_DEPTH) {
                assert_true(last == 0 || event->depth.previous_id == last);
                last = event->depth.last_id;
                told++;
            }
        }
    }
    assert_true(told >= 3);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_and_a_take_profit_in_one_bar),
        cmocka_unit_test(sampling_does_not_matter),
        cmocka_unit_test(a_crossing_has_its_instant),
        cmocka_unit_test(an_instant_is_a_whole_millisecond),
        cmocka_unit_test(a_fresh_fill_gets_its_stop_at_the_same_time),
        cmocka_unit_test(close_position_closes_what_the_step_no_longer_divides),
        cmocka_unit_test(what_is_due_at_a_time_is_an_event),
        cmocka_unit_test(resting_orders_fill_in_part_when_there_is_little_volume),
        cmocka_unit_test(a_large_taker_pays_for_depth),
        cmocka_unit_test(klines_are_the_candles),
        cmocka_unit_test(depth_events_rebuild_the_book),
        cmocka_unit_test(we_queue_behind_the_recorded_book),
        cmocka_unit_test(a_recorded_book_keeps_its_chain),
        cmocka_unit_test(a_synthetic_market_moves_trades_and_repeats),
        cmocka_unit_test(depth_alone_is_told),
        cmocka_unit_test(bad_bars_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
