/* test_property.c: random commands of several accounts against a moving market; after each one money, books, margins and ids are
 * recounted, with fees in two assets, margin over two assets and an insurance fund that runs dry. 2,000,000 commands in 10 worlds,
 * PATRIOT_LONG=1: 10,000,000 in 50: the money is counted after each, the rest after each of a world's first 20,000 and then after
 * every 50th.
 * shows: VEN-3, I6, I18 */
#include "venue_fixture.h"

#include "core/base/prng.h"

typedef struct {
    fixture_t *fixture;
    prng_t prng;
    uint32_t accounts, instruments;
    uint64_t accepted, refused, fills, hours;
    uint64_t reject_counts[VENUE_REJECT_COUNT];
    dec_t price[4];
    venue_asset_t bnb;
    uint64_t deleveraged, paid_in_bnb, joined, exchanged;
} world_t;

/* One draw a statement, or compilers try different runs: they take arguments and initialisers in their own order. */
static uint32_t below(world_t *world, uint32_t bound)
{
    return (uint32_t)prng_below(&world->prng, bound);
}

static dec_t random_price(world_t *world, instrument_id_t id)
{
    dec_t last = venue_last_price(world->fixture->venue, id);
    int64_t ticks = (int64_t)(last.units / (DEC_UNITS_PER_ONE / 10));
    int64_t span = ticks / (1 + (int64_t)below(world, 200)) + 2;
    int64_t moved = ticks + (int64_t)prng_below(&world->prng, (uint64_t)(2 * span)) - span;
    return dec_from_scaled(moved < 1 ? 1 : moved, 1);
}

static dec_t random_quantity(world_t *world)
{
    return dec_from_scaled(1 + (int64_t)prng_below(&world->prng, 1u << below(world, 14)), 3);
}

static venue_position_side_t random_leg(world_t *world, venue_account_t account)
{
    venue_account_view_t view;
    assert_int_equal(venue_account_view(world->fixture->venue, account, &view), RESULT_OK);
    if (view.mode == VENUE_MODE_ONE_WAY) {
        return below(world, 50) == 0 ? VENUE_POSITION_LONG : VENUE_POSITION_BOTH;
    }
    return below(world, 2) == 0 ? VENUE_POSITION_LONG : VENUE_POSITION_SHORT;
}

static void count_reply(world_t *world, venue_reject_t reject)
{
    world->reject_counts[reject]++;
    *(reject == VENUE_REJECT_NONE ? &world->accepted : &world->refused) += 1;
}

static void random_place(world_t *world)
{
    fixture_t *fixture = world->fixture;
    venue_account_t account = below(world, world->accounts);
    fixture->btc = (instrument_id_t)below(world, world->instruments);
    venue_place_t place = limit_order(fixture, account, (venue_side_t)below(world, 2), "1", "1");
    place.position_side = random_leg(world, account);
    place.quantity = random_quantity(world);
    place.type = below(world, 4) == 0 ? VENUE_MARKET : VENUE_LIMIT;
    place.price = place.type == VENUE_LIMIT ? random_price(world, fixture->btc) : DEC_ZERO;
    place.tif = (venue_tif_t)below(world, 5);
    place.good_till_ns = venue_now(fixture->venue) + (int64_t)(601 + below(world, 4000)) * NS_PER_S;
    place.stp = (venue_stp_t)below(world, 4);
    place.reduce_only = place.reduce_only_sent = place.position_side == VENUE_POSITION_BOTH && below(world, 4) == 0;
    if (below(world, 3) == 0) {
        snprintf(place.client_id.text, sizeof place.client_id.text, "c%u", below(world, 40));
    }
    if (place.type == VENUE_LIMIT && below(world, 10) == 0) {
        place.match = (venue_match_t)below(world, 9);
        place.price = place.match == VENUE_MATCH_NONE ? place.price : DEC_ZERO;
    }
    count_reply(world, venue_place(fixture->venue, &fixture->sink, &place, NULL).reject);
}

static void random_algo(world_t *world)
{
    fixture_t *fixture = world->fixture;
    venue_account_t account = below(world, world->accounts);
    fixture->btc = (instrument_id_t)below(world, world->instruments);
    venue_side_t side = (venue_side_t)below(world, 2);
    venue_type_t type = (venue_type_t)(VENUE_STOP + below(world, 5));
    venue_algo_place_t place = algo_order(fixture, account, side, type, "1", "1");
    place.position_side = random_leg(world, account);
    place.quantity = random_quantity(world);
    place.trigger_price = random_price(world, fixture->btc);
    place.working = (venue_working_t)below(world, 2);
    place.stp = (venue_stp_t)below(world, 4);
    place.reduce_only = place.reduce_only_sent = place.position_side == VENUE_POSITION_BOTH && below(world, 2) == 0;
    if (place.type == VENUE_TRAILING_STOP_MARKET) {
        place.trigger_price = DEC_ZERO;
        place.callback_pct = dec_from_scaled(1 + below(world, 30), 1);
        place.activate_price = below(world, 2) == 0 ? DEC_ZERO : random_price(world, fixture->btc);
    } else if (place.type == VENUE_STOP || place.type == VENUE_TAKE_PROFIT) {
        place.price = random_price(world, fixture->btc);
        place.tif = (venue_tif_t)below(world, 5);
        place.good_till_ns = venue_now(fixture->venue) + (int64_t)(601 + below(world, 4000)) * NS_PER_S;
    } else if (below(world, 3) == 0) {
        place.close_position = true;
        place.quantity = DEC_ZERO;
        place.reduce_only = place.reduce_only_sent = false;
    }
    count_reply(world, venue_algo_place(fixture->venue, &fixture->sink, &place, NULL).reject);
}

/* An open order or algo order of a random account, if it has one. */
static void random_change(world_t *world)
{
    fixture_t *fixture = world->fixture;
    venue_order_t orders[64];
    venue_select_t select = {
        .account = below(world, world->accounts), .instrument = INSTRUMENT_NONE, .open_only = true, .newest = true};
    uint32_t count = venue_orders(fixture->venue, &select, orders, 64);
    if (count == 0) {
        return;
    }
    const venue_order_t *order = &orders[below(world, count)];
    venue_ref_t ref = {.account = select.account, .instrument = order->instrument, .id = order->id};
    if (below(world, 2) == 0) {
        count_reply(world, venue_cancel(fixture->venue, &fixture->sink, &ref, NULL).reject);
        return;
    }
    venue_amend_t amend = {.ref = ref, .side = order->side, .quantity = random_quantity(world)};
    amend.price = random_price(world, order->instrument);
    count_reply(world, venue_amend(fixture->venue, &fixture->sink, &amend, NULL).reject);
}

/* Half of the time without what stands against it. */
static venue_reject_t set_multi_assets(world_t *world, venue_account_t account)
{
    venue_t *venue = world->fixture->venue;
    bool multi = below(world, 3) == 0;
    for (uint32_t id = 0; below(world, 2) == 0 && id < world->instruments; id++) {
        (void)venue_cancel_all(venue, &world->fixture->sink, account, (instrument_id_t)id, NULL);
        (void)venue_algo_cancel_all(venue, &world->fixture->sink, account, (instrument_id_t)id, NULL);
        (void)venue_set_margin(venue, &world->fixture->sink, account, (instrument_id_t)id, VENUE_MARGIN_CROSS);
    }
    venue_reject_t reject = venue_set_multi_assets(venue, &world->fixture->sink, account, multi).reject;
    if (reject == VENUE_REJECT_NONE && multi) {
        world->joined++;
        (void)venue_transfer(venue, &world->fixture->sink, account, world->bnb, dec_from_int(20));
    }
    return reject;
}

static void random_setting(world_t *world)
{
    fixture_t *fixture = world->fixture;
    venue_account_t account = below(world, world->accounts);
    instrument_id_t id = (instrument_id_t)below(world, world->instruments);
    venue_t *venue = fixture->venue;
    venue_reject_t reject = VENUE_REJECT_NONE;
    venue_position_side_t leg;
    switch (below(world, 12)) {
    case 0:
        reject = venue_set_leverage(venue, &fixture->sink, account, id, 1 + below(world, 130), NULL).reject;
        break;
    case 1:
        reject = venue_set_margin(venue, &fixture->sink, account, id, (venue_margin_t)below(world, 2)).reject;
        break;
    case 2:
        reject = venue_set_mode(venue, &fixture->sink, account, (venue_mode_t)below(world, 2)).reject;
        break;
    case 3:
        leg = random_leg(world, account);
        reject =
            venue_move_margin(venue, &fixture->sink, account, id, leg, dec_from_scaled((int64_t)below(world, 20000) - 10000, 2))
                .reject;
        break;
    case 4:
        reject = venue_transfer(venue, &fixture->sink, account, fixture->usdt,
                                dec_from_scaled((int64_t)below(world, 4000000) - 1500000, 2));
        break;
    case 5:
        reject = below(world, 2) == 0 ? venue_cancel_all(venue, &fixture->sink, account, id, NULL).reject
                                      : venue_algo_cancel_all(venue, &fixture->sink, account, id, NULL).reject;
        break;
    case 6:
        reject = venue_transfer(venue, &fixture->sink, account, world->bnb, dec_from_scaled((int64_t)below(world, 1000) - 300, 3));
        assert_int_equal(venue_account_fee_burn(venue, account, below(world, 2) == 0), RESULT_OK);
        assert_int_equal(below(world, 2) == 0 ? venue_account_tier_earn(venue, account)
                                              : venue_account_tier(venue, account, below(world, VENUE_FEE_TIERS)),
                         RESULT_OK);
        break;
    case 7:
        assert_int_equal(
            venue_account_restrict(venue, account, below(world, 20) == 0 ? (venue_restriction_t)below(world, 8) : VENUE_FREE),
            RESULT_OK);
        assert_int_equal(venue_instrument_only_reduce(venue, &fixture->sink, id, below(world, 10) == 0), RESULT_OK);
        break;
    case 8:
    case 9:
    case 10:
        reject = set_multi_assets(world, account);
        break;
    default:
        reject = venue_countdown(venue, account, id, (int64_t)below(world, 4000) * NS_PER_S).reject;
        break;
    }
    count_reply(world, reject);
}

/* The next hour of an instrument: now and then a crash or a leap. */
static void next_bars(world_t *world)
{
    fixture_t *fixture = world->fixture;
    for (uint32_t id = 0; id < world->instruments; id++) {
        if (venue_market_until(fixture->venue, (instrument_id_t)id) > venue_now(fixture->venue)) {
            continue;
        }
        int64_t open = (int64_t)(world->price[id].units / (DEC_UNITS_PER_ONE / 10));
        if (below(world, 10) == 0) { /* a gap between two bars */
            open = open * (60 + (int64_t)below(world, 80)) / 100 + 10;
        }
        int64_t reach = open / (below(world, 20) == 0 ? 4 : 60) + 2;
        int64_t close = open + (int64_t)prng_below(&world->prng, (uint64_t)(2 * reach)) - reach;
        close = close < 100 ? 100 + (int64_t)below(world, 50) : close;
        int64_t high = (open > close ? open : close) + (int64_t)prng_below(&world->prng, (uint64_t)reach);
        int64_t low = (open < close ? open : close) - (int64_t)prng_below(&world->prng, (uint64_t)reach);
        low = low < 50 ? 50 : low;
        candle_t bar = hour(venue_now(fixture->venue), "1", "1", "1", "1", "1");
        bar.open = dec_from_scaled(open, 1);
        bar.high = dec_from_scaled(high, 1);
        bar.low = dec_from_scaled(low, 1);
        bar.close = dec_from_scaled(close, 1);
        bar.volume = dec_from_scaled((int64_t)below(world, 5000000), 3);
        assert_int_equal(venue_market_bar(fixture->venue, (instrument_id_t)id, TF_1H, &bar), RESULT_OK);
        world->price[id] = bar.close;
        world->hours++;
    }
}

static void random_time(world_t *world)
{
    fixture_t *fixture = world->fixture;
    next_bars(world);
    int64_t to_ns = below(world, 3) == 0 ? venue_now(fixture->venue) + (int64_t)(1 + below(world, 600)) * NS_PER_S
                                         : venue_next_moment(fixture->venue);
    int64_t until_ns = venue_market_until(fixture->venue, 0);
    to_ns = to_ns > until_ns ? until_ns : to_ns;
    advance_to(fixture, to_ns > venue_now(fixture->venue) ? to_ns : venue_now(fixture->venue) + 1);
    if (below(world, 20) == 0) {
        instrument_id_t id = (instrument_id_t)below(world, world->instruments);
        dec_t rate = dec_from_scaled((int64_t)below(world, 400) - 200, 5);
        assert_int_equal(venue_funding_set(fixture->venue, id, rate), RESULT_OK);
    }
    if (below(world, 100) == 0) {
        instrument_id_t id = (instrument_id_t)below(world, world->instruments);
        (void)venue_instrument_status(fixture->venue, &fixture->sink, id,
                                      below(world, 8) == 0 ? INSTRUMENT_HALTED : INSTRUMENT_TRADING);
    }
}

static void command(world_t *world)
{
    uint32_t draw = below(world, 100);
    if (draw < 45) {
        random_place(world);
    } else if (draw < 60) {
        random_algo(world);
    } else if (draw < 80) {
        random_change(world);
    } else if (draw < 87) {
        random_setting(world);
    } else {
        random_time(world);
    }
}

static world_t world_new(uint64_t seed, bool candles)
{
    venue_bounds_t bounds = venue_bounds_default();
    bounds.orders = 300;
    bounds.algos = 200;
    bounds.order_history = 30;
    bounds.algo_history = 20;
    bounds.fill_history = 50;
    bounds.income_history = 50;
    bounds.trade_history = 50;
    bounds.funding_history = 10;
    bounds.kline_history = 4;
    bounds.street_levels = 100;
    bounds.instruments = 4;
    world_t world = {.fixture = fixture_new_fund(seed, &bounds, "2000"), .accounts = 6, .instruments = 4};
    prng_seed(&world.prng, seed);
    static const char *const symbols[] = {"ETHUSDT", "XRPUSDT", "BNBUSDT"};
    assert_int_equal(venue_asset_add(world.fixture->venue, STR("BNB"), &world.bnb), RESULT_OK);
    assert_int_equal(venue_fee_asset_set(world.fixture->venue, world.bnb, num("0.1")), RESULT_OK);
    for (uint32_t i = 0; i < 3; i++) {
        instrument_t rules = fixture_rules(symbols[i]);
        snprintf(rules.base, sizeof rules.base, "%.3s", symbols[i]);
        rules.band_up = i == 0 ? num("1.05") : DEC_ZERO;
        rules.band_down = i == 0 ? num("0.95") : DEC_ZERO;
        instrument_id_t id;
        assert_int_equal(venue_instrument_add(world.fixture->venue, &rules, &id), RESULT_OK);
    }
    for (uint32_t i = 0; i < world.accounts; i++) {
        (void)fixture_account(world.fixture, i % 2 == 0 ? "50000" : "1000");
    }
    world.price[0] = num("60000");
    world.price[1] = num("2500");
    world.price[2] = num("100");
    world.price[3] = num("600");
    for (uint32_t i = 0; i < world.instruments; i++) {
        venue_follow(world.fixture->venue, (instrument_id_t)i, i == 0 ? VENUE_FOLLOW_ALL : 0,
                     i == 0 ? 1u << TF_1H | 1u << TF_1D : 0);
    }
    if (candles) {
        next_bars(&world);
    }
    return world;
}

/* Counts what the run claims to have been through; nothing else is asked of its events. */
static void watch_emit(void *context, const venue_event_t *event)
{
    world_t *world = context;
    if (event->kind == VENUE_EVENT_ORDER && event->order.trade_id != 0) {
        world->deleveraged += strncmp(event->order.order.client_id.text, "adl_autoclose", 13) == 0;
        world->paid_in_bnb += event->order.commission_asset == world->bnb;
    }
    world->exchanged += event->kind == VENUE_EVENT_ACCOUNT && event->account_change.reason == VENUE_REASON_AUTO_EXCHANGE;
}

/* The counts of one world's run are added to those of the ones before. */
static void run_world(uint64_t seed, uint64_t commands, uint64_t looked_at, world_t *sum)
{
    world_t world = world_new(seed, true);
    world.fixture->sink = (venue_sink_t){.emit = watch_emit, .context = &world};
    for (uint64_t i = 0; i < commands; i++) {
        command(&world);
        venue_money_t money;
        assert_int_equal(venue_check_money(world.fixture->venue, world.fixture->usdt, &money), RESULT_OK);
        assert_true(dec_is_zero(money.difference));
        assert_int_equal(venue_check_money(world.fixture->venue, world.bnb, &money), RESULT_OK);
        assert_true(dec_is_zero(money.difference));
        if (i < looked_at || i % 50 == 0) {
            assert_sound(world.fixture);
        }
    }
    sum->accepted += world.accepted;
    sum->refused += world.refused;
    sum->hours += world.hours;
    sum->deleveraged += world.deleveraged;
    sum->paid_in_bnb += world.paid_in_bnb;
    sum->joined += world.joined;
    sum->exchanged += world.exchanged;
    for (int i = 0; i < VENUE_REJECT_COUNT; i++) {
        sum->reject_counts[i] += world.reject_counts[i];
    }
    fixture_free(world.fixture);
}

/* Many worlds: in each the fund begins anew, and it is early that it runs dry and that collateral is exchanged. */
static void money_and_books_hold_after_every_command(void **state)
{
    (void)state;
    enum { COMMANDS = 200000, LOOKED_AT = COMMANDS / 10 }; /* of one world */
    const uint64_t worlds = getenv("PATRIOT_LONG") != NULL ? 50 : 10, commands = worlds * COMMANDS;
    static world_t sum;
    for (uint64_t seed = 11; seed < 11 + worlds; seed++) {
        run_world(seed, COMMANDS, LOOKED_AT, &sum);
    }
    print_message("joined %llu exchanged %llu deleveraged %llu fees in the third asset %llu\n", (unsigned long long)sum.joined,
                  (unsigned long long)sum.exchanged, (unsigned long long)sum.deleveraged, (unsigned long long)sum.paid_in_bnb);
    print_message("accepted %llu refused %llu hours %llu\n", (unsigned long long)sum.accepted, (unsigned long long)sum.refused,
                  (unsigned long long)sum.hours);
    for (int i = 0; i < VENUE_REJECT_COUNT; i++) {
        if (sum.reject_counts[i] > 0) {
            print_message("  %6d %8llu %s\n", venue_reject_code((venue_reject_t)i), (unsigned long long)sum.reject_counts[i],
                          venue_reject_text((venue_reject_t)i));
        }
    }
    /* The run has been through what it claims to have been through. */
    assert_true(sum.accepted > commands / 5);
    assert_true(sum.hours > commands / 500);
    assert_true(sum.deleveraged > commands / 20000);
    assert_true(sum.paid_in_bnb > commands / 2000);
    assert_true(sum.joined > commands / 2000);
    assert_true(sum.exchanged > commands / 40000);
}

static void digest_of_run(uint64_t seed, uint32_t commands, uint8_t digest[32])
{
    world_t world = world_new(seed, true);
    for (uint32_t i = 0; i < commands; i++) {
        command(&world);
    }
    sha256_final(&world.fixture->sha, digest);
    fixture_free(world.fixture);
}

static void same_seed_and_input_give_the_same_events(void **state)
{
    (void)state;
    uint8_t first[32], second[32], other[32];
    digest_of_run(5, 20000, first);
    digest_of_run(5, 20000, second);
    digest_of_run(6, 20000, other);
    assert_memory_equal(first, second, 32);
    assert_memory_not_equal(first, other, 32);
}

/* --- stopping at events changes nothing ------------------------------------------------------- */

enum { HISTORY_MAX = 20000 };

typedef struct {
    uint32_t count;
    venue_fill_t fills[HISTORY_MAX];
} history_t;

static void note_fill(void *context, const venue_event_t *event)
{
    history_t *history = context;
    if (event->kind == VENUE_EVENT_ORDER && event->order.trade_id != 0) {
        assert_true(history->count < HISTORY_MAX);
        history->fills[history->count++] = (venue_fill_t){.order_id = event->order.order.id,
                                                          .price = event->order.last_price,
                                                          .quantity = event->order.last_quantity,
                                                          .time_ns = event->time_ns};
    }
}

/* How a run moves its clock from hour to hour. */
typedef enum { MOVE_PLAIN, MOVE_TO_EVENTS, MOVE_IN_SMALL_STEPS } move_t;

static void move(fixture_t *fixture, const venue_sink_t *sink, int64_t to_ns, move_t how)
{
    venue_t *venue = fixture->venue;
    while (venue_now(venue) < to_ns) {
        int64_t before_ns = venue_now(venue);
        uint64_t told = venue_private_count(venue);
        int64_t step_ns = before_ns + 13 * NS_PER_S + 777777;
        if (how == MOVE_TO_EVENTS) {
            assert_int_equal(venue_advance_to_event(venue, sink, to_ns), RESULT_OK);
            assert_true(venue_now(venue) == to_ns || venue_private_count(venue) > told);
        } else {
            int64_t next_ns = how == MOVE_IN_SMALL_STEPS && step_ns < to_ns ? step_ns : to_ns;
            assert_int_equal(venue_advance(venue, sink, next_ns), RESULT_OK);
        }
        assert_true(venue_now(venue) > before_ns);
    }
}

/* Within 3 % of where the hour will close; what was traded last may depend on how often the market was looked at. */
static dec_t price_near(world_t *world, instrument_id_t id)
{
    int64_t ticks = (int64_t)(world->price[id].units / (DEC_UNITS_PER_ONE / 10));
    int64_t reach = ticks / 33 + 2;
    int64_t drawn = ticks + (int64_t)prng_below(&world->prng, (uint64_t)(2 * reach)) - reach;
    return dec_from_scaled(drawn < 1 ? 1 : drawn, 1);
}

/* Thirty days of hours; at each, every account cancels what it has and places a random lot of limits, stops, targets and trails. */
static history_t *history_of(uint64_t seed, move_t how)
{
    world_t world = world_new(seed, true);
    history_t *history = calloc(1, sizeof *history);
    assert_non_null(history);
    world.fixture->sink = (venue_sink_t){.emit = note_fill, .context = history};
    for (uint32_t hour_index = 0; hour_index < 720; hour_index++) {
        next_bars(&world);
        for (uint32_t account = 0; account < world.accounts; account += 2) { /* the rich ones: nobody is liquidated */
            instrument_id_t id = (instrument_id_t)(account / 2);
            world.fixture->btc = id;
            (void)venue_cancel_all(world.fixture->venue, &world.fixture->sink, account, id, NULL);
            (void)venue_algo_cancel_all(world.fixture->venue, &world.fixture->sink, account, id, NULL);
            for (uint32_t i = 0; i < 8; i++) {
                venue_place_t place = limit_order(world.fixture, account, (venue_side_t)(i % 2), "0.05", "1");
                place.price = price_near(&world, id);
                (void)venue_place(world.fixture->venue, &world.fixture->sink, &place, NULL);
                venue_algo_place_t stop = algo_order(world.fixture, account, (venue_side_t)(i % 2),
                                                     i < 4 ? VENUE_STOP_MARKET : VENUE_TAKE_PROFIT_MARKET, "0.05", "1");
                stop.trigger_price = price_near(&world, id);
                (void)venue_algo_place(world.fixture->venue, &world.fixture->sink, &stop, NULL);
            }
            venue_algo_place_t trail =
                algo_order(world.fixture, account, (venue_side_t)below(&world, 2), VENUE_TRAILING_STOP_MARKET, "0.05", "0");
            trail.callback_pct = dec_from_scaled(2 + below(&world, 20), 1);
            (void)venue_algo_place(world.fixture->venue, &world.fixture->sink, &trail, NULL);
        }
        move(world.fixture, &world.fixture->sink, venue_market_until(world.fixture->venue, 0), how);
    }
    assert_sound(world.fixture);
    fixture_free(world.fixture);
    return history;
}

static void stopping_at_events_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        history_t *plain = history_of(seed, MOVE_PLAIN);
        assert_true(plain->count > 2000);
        for (move_t how = MOVE_TO_EVENTS; how <= MOVE_IN_SMALL_STEPS; how++) {
            history_t *other = history_of(seed, how);
            assert_int_equal(other->count, plain->count);
            for (uint32_t i = 0; i < plain->count; i++) {
                const venue_fill_t *a = &plain->fills[i], *b = &other->fills[i];
                assert_true(a->time_ns == b->time_ns && a->order_id == b->order_id);
                assert_true(dec_eq(a->price, b->price) && dec_eq(a->quantity, b->quantity));
            }
            free(other);
        }
        free(plain);
    }
}

static void a_snapshot_in_the_middle_changes_nothing(void **state)
{
    (void)state;
    world_t world = world_new(9, true);
    for (uint32_t i = 0; i < 10000; i++) {
        command(&world);
    }
    venue_t *venue = world.fixture->venue;
    size_t size = venue_save_size(venue), written = 0;
    unsigned char *bytes = malloc(size);
    assert_int_equal(venue_save(venue, bytes, size - 1, &written), RESULT_FULL);
    assert_int_equal(venue_save(venue, bytes, size, &written), RESULT_OK);
    prng_t prng = world.prng;
    uint8_t straight[32], restored[32], now_straight[32], now_restored[32];
    dec_t prices[4];
    memcpy(prices, world.price, sizeof prices);
    sha256_init(&world.fixture->sha);
    for (uint32_t i = 0; i < 10000; i++) {
        command(&world);
    }
    sha256_final(&world.fixture->sha, straight);
    venue_digest(venue, now_straight);

    memset(world.fixture->memory, 0xA5, size - 512); /* nothing of the old block may be needed */
    venue_bounds_t bounds;
    assert_int_equal(venue_load_bounds(bytes, written, &bounds), RESULT_OK);
    assert_int_equal(venue_load(world.fixture->memory, bytes, written, &world.fixture->venue), RESULT_OK);
    world.prng = prng;
    memcpy(world.price, prices, sizeof prices);
    sha256_init(&world.fixture->sha);
    for (uint32_t i = 0; i < 10000; i++) {
        command(&world);
    }
    sha256_final(&world.fixture->sha, restored);
    venue_digest(world.fixture->venue, now_restored);
    assert_memory_equal(straight, restored, 32);
    assert_memory_equal(now_straight, now_restored, 32);
    free(bytes);
    fixture_free(world.fixture);
}

static void a_damaged_snapshot_is_refused(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    size_t size = venue_save_size(fixture->venue), written;
    unsigned char *bytes = malloc(size);
    void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
    venue_t *out = NULL;
    venue_bounds_t bounds;
    assert_int_equal(venue_save(fixture->venue, bytes, size, &written), RESULT_OK);
    assert_int_equal(venue_load_bounds(bytes, 10, &bounds), RESULT_TRUNCATED);
    assert_int_equal(venue_load(memory, bytes, written - 1, &out), RESULT_TRUNCATED);
    bytes[written / 2] ^= 1;
    assert_int_equal(venue_load(memory, bytes, written, &out), RESULT_CHECKSUM);
    bytes[written / 2] ^= 1;
    bytes[0] ^= 1;
    assert_int_equal(venue_load(memory, bytes, written, &out), RESULT_MALFORMED);
    bytes[0] ^= 1;
    bytes[16] ^= 4;
    assert_int_equal(venue_load(memory, bytes, written, &out), RESULT_VERSION);
    assert_null(out);
    free(memory);
    free(bytes);
    fixture_free(fixture);
}

/* Accounts alone, no street: prices come from their own trades. */
static void accounts_alone_make_a_market(void **state)
{
    (void)state;
    world_t world = world_new(21, false);
    for (uint32_t id = 0; id < world.instruments; id++) {
        world.fixture->btc = (instrument_id_t)id;
        venue_place_t sell = limit_order(world.fixture, 0, VENUE_SELL, "0.1", id == 0 ? "60000" : "2500");
        venue_place_t buy = limit_order(world.fixture, 2, VENUE_BUY, "0.1", id == 0 ? "60000" : "2500");
        (void)must_place(world.fixture, &sell);
        (void)must_place(world.fixture, &buy);
    }
    for (uint32_t i = 0; i < 30000; i++) {
        uint32_t draw = below(&world, 100);
        if (draw < 60) {
            random_place(&world);
        } else if (draw < 75) {
            random_algo(&world);
        } else if (draw < 95) {
            random_change(&world);
        } else {
            random_setting(&world);
            advance_to(world.fixture, venue_now(world.fixture->venue) + NS_PER_MIN);
        }
        assert_sound(world.fixture);
    }
    fixture_free(world.fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_and_books_hold_after_every_command),
        cmocka_unit_test(same_seed_and_input_give_the_same_events),
        cmocka_unit_test(stopping_at_events_changes_nothing),
        cmocka_unit_test(a_snapshot_in_the_middle_changes_nothing),
        cmocka_unit_test(a_damaged_snapshot_is_refused),
        cmocka_unit_test(accounts_alone_make_a_market),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
