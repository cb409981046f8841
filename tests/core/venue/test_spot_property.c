/* test_spot_property.c: random spot commands over a candle market, a synthetic one and one without a street, two products on one
 * venue: money never appears or vanishes per asset, what is locked is what orders hold, every book adds up; and a venue restored
 * from its snapshot goes on with the same bytes. PATRIOT_LONG=1 takes fifty times as many commands.
 * shows: VEN-3, "Money never appears or vanishes"
 */
#include "core/base/prng.h"
#include "spot_fixture.h"

enum { ACCOUNTS = 5, COMMANDS = 40000, CHECK_EVERY = 50 };

typedef struct {
    spot_fixture_t spot;
    prng_t prng;
    instrument_id_t instruments[3];
    uint32_t kinds[24]; /* how often each outcome came: the test must not be idle */
    uint64_t accepted, lists;
} run_t;

static dec_t near(run_t *run, instrument_id_t instrument, uint32_t spread_bp)
{
    dec_t last = venue_last_price(run->spot.venue, instrument), value;
    last = dec_is_zero(last) ? num("50000") : last;
    int64_t bp = (int64_t)prng_below(&run->prng, 2 * spread_bp + 1) - spread_bp;
    assert_int_equal(dec_mul_div(last, dec_from_int(10000 + bp), dec_from_int(10000), DEC_ROUND_DOWN, &value), RESULT_OK);
    assert_int_equal(dec_quantise(value, num("0.1"), DEC_ROUND_DOWN, &value), RESULT_OK);
    return dec_max(value, num("0.1"));
}

static spot_place_t random_order(run_t *run, venue_account_t account, instrument_id_t instrument)
{
    spot_place_t place = spot_order_of(&run->spot, account, (venue_side_t)prng_below(&run->prng, 2), SPOT_LIMIT, NULL, NULL);
    place.instrument = instrument;
    place.type = (spot_type_t)prng_below(&run->prng, SPOT_LIMIT_MAKER + 1);
    place.tif = (spot_tif_t)prng_below(&run->prng, 3);
    place.stp = (spot_stp_t)prng_below(&run->prng, SPOT_STP_TRANSFER + 1);
    place.quantity = dec_from_scaled((int64_t)prng_below(&run->prng, 900) + 1, 3);
    bool market = place.type == SPOT_MARKET || place.type == SPOT_STOP_LOSS || place.type == SPOT_TAKE_PROFIT;
    bool waits = place.type >= SPOT_STOP_LOSS && place.type <= SPOT_TAKE_PROFIT_LIMIT;
    place.price = market ? DEC_ZERO : near(run, instrument, 60);
    if (waits) {
        place.stop_price = prng_below(&run->prng, 4) == 0 ? DEC_ZERO : near(run, instrument, 80);
        place.trailing_delta = prng_below(&run->prng, 3) == 0 ? 10 + (uint32_t)prng_below(&run->prng, 60) : 0;
    }
    if (place.type == SPOT_MARKET && prng_below(&run->prng, 2) == 0) {
        place.quantity = DEC_ZERO;
        place.quote_quantity = dec_from_int(10 + (int64_t)prng_below(&run->prng, 20000));
    }
    if ((place.type == SPOT_LIMIT || place.type == SPOT_LIMIT_MAKER) && prng_below(&run->prng, 3) == 0) {
        place.tif = SPOT_GTC;
        place.iceberg_quantity = dec_from_scaled((int64_t)prng_below(&run->prng, 300) + 1, 3);
    }
    if (!market && prng_below(&run->prng, 8) == 0) {
        place.price = prng_below(&run->prng, 2) == 0 ? DEC_ZERO : place.price;
        place.peg = (spot_peg_t)(SPOT_PEG_PRIMARY + prng_below(&run->prng, 2));
        place.peg_offset = (uint32_t)prng_below(&run->prng, 4);
    }
    return place;
}

static void random_list(run_t *run, venue_account_t account, instrument_id_t instrument)
{
    spot_list_place_t list;
    memset(&list, 0, sizeof list);
    list.kind = (spot_list_kind_t)prng_below(&run->prng, 3);
    bool sells = prng_below(&run->prng, 2) == 0;
    uint32_t pair = list.kind == SPOT_LIST_OCO ? 0 : 1;
    for (uint32_t i = 0; i < SPOT_LEGS_MAX; i++) {
        list.legs[i] = random_order(run, account, instrument);
        list.legs[i].quote_quantity = DEC_ZERO;
        list.legs[i].quantity = dec_from_scaled((int64_t)prng_below(&run->prng, 500) + 1, 3);
    }
    spot_place_t *above = &list.legs[pair], *below = &list.legs[pair + 1];
    if (list.kind != SPOT_LIST_OTO && prng_below(&run->prng, 8) != 0) {
        dec_t last = near(run, instrument, 0), gap = dec_from_int(1 + (int64_t)prng_below(&run->prng, 200));
        above->side = below->side = sells ? VENUE_SELL : VENUE_BUY;
        below->quantity = above->quantity;
        above->type = sells ? SPOT_LIMIT_MAKER : SPOT_STOP_LOSS_LIMIT;
        below->type = sells ? SPOT_STOP_LOSS : SPOT_LIMIT_MAKER;
        above->price = dec_plus(last, gap);
        below->price = sells ? DEC_ZERO : dec_minus(last, gap);
        above->stop_price = sells ? DEC_ZERO : dec_plus(last, gap);
        below->stop_price = sells ? dec_minus(last, gap) : DEC_ZERO;
        above->trailing_delta = below->trailing_delta = 0;
        above->tif = below->tif = SPOT_GTC;
    }
    if (list.kind != SPOT_LIST_OCO) {
        list.legs[0].type = SPOT_LIMIT;
        list.legs[0].price = near(run, instrument, 20);
        list.legs[0].stop_price = DEC_ZERO;
        list.legs[0].trailing_delta = 0;
    }
    list.pays_other = list.kind != SPOT_LIST_OCO && prng_below(&run->prng, 3) == 0;
    for (uint32_t i = 0; list.pays_other && i < SPOT_LEGS_MAX; i++) {
        list.legs[i].side = i == 0 ? VENUE_BUY : VENUE_SELL;
        list.legs[i].quantity = i == 0 ? list.legs[i].quantity : DEC_ZERO;
        list.legs[i].iceberg_quantity = DEC_ZERO;
    }
    run->lists += spot_list_place(run->spot.venue, run->spot.sink, &list, NULL).reject == SPOT_REJECT_NONE;
}

static void random_ref(run_t *run, venue_account_t account, instrument_id_t instrument, bool amends)
{
    spot_order_t open[64];
    venue_select_t select = {.account = account, .instrument = instrument, .open_only = true, .newest = true};
    uint32_t count = spot_orders(run->spot.venue, &select, open, 64);
    if (count == 0) {
        return;
    }
    const spot_order_t *order = &open[prng_below(&run->prng, count)];
    spot_amend_t amend = {.ref = {.account = account, .instrument = instrument, .id = order->id},
                          .quantity = dec_from_scaled((int64_t)prng_below(&run->prng, 900) + 1, 3)};
    if (amends) {
        (void)spot_amend(run->spot.venue, run->spot.sink, &amend, NULL);
    } else {
        assert_int_equal(spot_cancel(run->spot.venue, run->spot.sink, &amend.ref, NULL).reject, SPOT_REJECT_NONE);
    }
}

static void random_futures(run_t *run, venue_account_t account)
{
    venue_place_t place;
    memset(&place, 0, sizeof place);
    place.account = account;
    place.instrument = run->spot.base->btc;
    place.side = (venue_side_t)prng_below(&run->prng, 2);
    place.quantity = dec_from_scaled((int64_t)prng_below(&run->prng, 100) + 1, 3);
    place.price = near(run, place.instrument, 30);
    (void)venue_place(run->spot.venue, run->spot.sink, &place, NULL);
}

static void install_bar(run_t *run, instrument_id_t instrument)
{
    venue_t *venue = run->spot.venue;
    if (venue_market_until(venue, instrument) > venue_now(venue)) {
        return;
    }
    candle_t bar = {.open_ns = time_floor(venue_now(venue), NS_PER_MIN) + NS_PER_MIN, .state = CANDLE_TRADED, .closed = true};
    bar.open = venue_market_until(venue, instrument) == 0 ? num("50000") : near(run, instrument, 10);
    bar.close = dec_plus(bar.open, dec_from_int((int64_t)prng_below(&run->prng, 400) - 200));
    bar.high = dec_plus(dec_max(bar.open, bar.close), dec_from_int((int64_t)prng_below(&run->prng, 200)));
    bar.low = dec_minus(dec_min(bar.open, bar.close), dec_from_int((int64_t)prng_below(&run->prng, 200)));
    bar.volume = dec_from_int(1 + (int64_t)prng_below(&run->prng, 50));
    (void)venue_market_bar(venue, instrument, TF_1M, &bar);
}

static void one_command(run_t *run)
{
    venue_account_t account = (venue_account_t)prng_below(&run->prng, ACCOUNTS);
    instrument_id_t instrument = run->instruments[prng_below(&run->prng, 3)];
    uint64_t choice = prng_below(&run->prng, 100);
    if (choice < 50) {
        spot_place_t place = random_order(run, account, instrument);
        run->accepted += spot_place(run->spot.venue, run->spot.sink, &place, NULL).reject == SPOT_REJECT_NONE;
    } else if (choice < 62) {
        random_list(run, account, instrument);
    } else if (choice < 78) {
        random_ref(run, account, instrument, choice >= 74);
    } else if (choice < 84) {
        random_futures(run, account);
    } else if (choice < 86) {
        dec_t amount = dec_from_int((int64_t)prng_below(&run->prng, 2000) - 1000);
        (void)spot_transfer(run->spot.venue, run->spot.sink, account, (venue_asset_t)prng_below(&run->prng, 3), amount);
        assert_int_equal(spot_burn_bnb(run->spot.venue, account, prng_below(&run->prng, 2) == 0), RESULT_OK);
    } else {
        install_bar(run, run->instruments[1]);
        int64_t to_ns = venue_now(run->spot.venue) + (int64_t)prng_below(&run->prng, 5000) * NS_PER_MS;
        assert_int_equal(venue_advance(run->spot.venue, run->spot.sink, to_ns), RESULT_OK);
    }
}

static run_t *run_new(uint64_t seed)
{
    run_t *run = calloc(1, sizeof *run);
    run->spot = spot_fixture_new();
    prng_seed(&run->prng, seed);
    venue_t *venue = run->spot.venue;
    venue_account_t account;
    venue_asset_t eth;
    assert_int_equal(venue_asset_add(venue, STR("ETH"), &eth), RESULT_OK);
    instrument_t rules = spot_fixture_rules("ETH");
    assert_int_equal(venue_instrument_add(venue, &rules, &run->instruments[2]), RESULT_OK);
    run->instruments[0] = run->spot.btc;
    run->instruments[1] = run->spot.bnb;
    venue_synthetic_t market = {.price = num("3000"),
                                .volatility_day = 0.3,
                                .jumps_day = 20,
                                .jump_size = 0.01,
                                .volume_day = num("100000"),
                                .step_ns = NS_PER_S};
    assert_int_equal(venue_market_synthetic(venue, run->instruments[2], &market), RESULT_OK);
    while (venue_account_count(venue) < ACCOUNTS) {
        assert_int_equal(venue_account_open(venue, &account), RESULT_OK);
        spot_fund_account(&run->spot, account, run->spot.usdt_asset, "200000");
        spot_fund_account(&run->spot, account, run->spot.btc_asset, "7");
    }
    for (account = 0; account < ACCOUNTS; account++) {
        spot_fund_account(&run->spot, account, eth, "50");
        assert_int_equal(venue_transfer(venue, run->spot.sink, account, run->spot.usdt_asset, num("10000")), VENUE_REJECT_NONE);
    }
    return run;
}

static void run_free(run_t *run)
{
    spot_fixture_free(&run->spot);
    free(run);
}

static void money_is_conserved(void **state)
{
    (void)state;
    uint64_t commands = COMMANDS * (getenv("PATRIOT_LONG") != NULL ? 50ULL : 1ULL);
    run_t *run = run_new(11);
    for (uint64_t i = 0; i < commands; i++) {
        one_command(run);
        if (i % CHECK_EVERY == 0) {
            spot_fixture_check(&run->spot);
        }
    }
    assert_true(run->accepted > commands / 20);
    assert_true(run->lists > commands / 200);
    run_free(run);
}

static void snapshot_goes_on_with_the_same_bytes(void **state)
{
    (void)state;
    run_t *run = run_new(12);
    for (int i = 0; i < 3000; i++) {
        one_command(run);
    }
    size_t size = venue_save_size(run->spot.venue), written = 0;
    uint8_t *bytes = malloc(size);
    assert_int_equal(venue_save(run->spot.venue, bytes, size, &written), RESULT_OK);
    prng_t prng = run->prng;
    for (int i = 0; i < 2000; i++) {
        one_command(run);
    }
    uint8_t first[32], second[32];
    venue_digest(run->spot.venue, first);
    assert_int_equal(venue_load(run->spot.base->memory, bytes, written, &run->spot.venue), RESULT_OK);
    run->prng = prng;
    for (int i = 0; i < 2000; i++) {
        one_command(run);
    }
    venue_digest(run->spot.venue, second);
    assert_memory_equal(first, second, sizeof first);
    free(bytes);
    run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_conserved),
        cmocka_unit_test(snapshot_goes_on_with_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
