/* test_risk.c: the worked numbers of sizing, levels, brackets and liquidation; the door's checks one by one, each refusing by its
 * own name. shows: RSK-1, RSK-2, RSK-3, RSK-4, RSK-5, RSK-8, OPS-12, I9, I10, I16, R146, R147, R148, R153, R154, R155, R157, R158,
 * R159, R162, R175
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/risk/door.h"
#include "core/risk/liquidation.h"
#include "core/risk/sizing.h"
#include "core/risk/trade_levels.h"
#include "support/test_support.h"

#define D(text)                 test_dec(text)
#define assert_dec(value, text) assert_dec_equal((value), (text))

static instrument_t rules(void)
{
    instrument_t i = {.venue = "BINANCE",
                      .symbol = "BTCUSDT",
                      .base = "BTC",
                      .quote = "USDT",
                      .settle = "USDT",
                      .kind = INSTRUMENT_PERPETUAL,
                      .status = INSTRUMENT_TRADING,
                      .tick_size = D("0.1"),
                      .lot_step = D("0.001"),
                      .quantity_min = D("0.001"),
                      .quantity_max = D("1000"),
                      .market_step = D("0.001"),
                      .market_quantity_min = D("0.001"),
                      .market_quantity_max = D("120"),
                      .notional_min = D("5"),
                      .band_up = D("1.05"),
                      .band_down = D("0.95"),
                      .contract_size = D("1"),
                      .bracket_count = 2};
    i.brackets[0] = (leverage_bracket_t){20, D("0"), D("50000"), D("0.004"), D("0")};
    i.brackets[1] = (leverage_bracket_t){10, D("50000"), D("250000"), D("0.01"), D("300")};
    return i;
}

static void size_is_cut_toward_zero(void **state)
{
    (void)state;
    const instrument_t i = rules();
    const sizing_request_t request = {.basis = D("1000"), .risk_pct = D("2"), .entry = D("100"), .stop = D("97")};
    sizing_t sizing;
    assert_int_equal(sizing_compute(&request, &i, &sizing), RESULT_OK);
    assert_dec(sizing.quantity, "6.666");
    assert_dec(sizing.risk_amount, "19.998");
}

static void below_the_minimum_names_the_risk_that_would_be_needed(void **state)
{
    (void)state;
    instrument_t i = rules();
    i.notional_min = D("1000");
    const sizing_request_t request = {.basis = D("1000"), .risk_pct = D("2"), .entry = D("100"), .stop = D("97")};
    sizing_t sizing;
    assert_int_equal(sizing_compute(&request, &i, &sizing), RESULT_OK);
    assert_true(dec_is_zero(sizing.quantity));
    assert_dec(sizing.risk_pct_needed, "3");
}

static void fees_and_slippage_make_it_smaller(void **state)
{
    (void)state;
    const instrument_t i = rules();
    const sizing_request_t request = {
        .basis = D("1000"), .risk_pct = D("2"), .entry = D("100"), .stop = D("97"), .fee_pct = D("0.05"), .slippage_pct = D("0.1")};
    sizing_t sizing;
    assert_int_equal(sizing_compute(&request, &i, &sizing), RESULT_OK);
    /* 3 + 0.05 + 0.0485 + 0.097 = 3.1955 a unit */
    assert_dec(sizing.risk_unit, "3.1955");
    assert_dec(sizing.quantity, "6.258");
}

/* Over random instruments the realised risk is never above what was asked, and never more than a step below (R146). */
static void realised_risk_never_exceeds_what_was_asked(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 11);
    for (int turn = 0; turn < 20000; turn++) {
        instrument_t i = rules();
        const unsigned places = (unsigned)prng_below(&prng, 5);
        i.lot_step = dec_from_scaled((int64_t)prng_below(&prng, 9) + 1, places);
        i.market_step = i.lot_step;
        i.quantity_min = i.lot_step;
        i.market_quantity_min = i.lot_step;
        i.quantity_max = DEC_ZERO;
        i.market_quantity_max = DEC_ZERO;
        const dec_t entry = dec_from_scaled((int64_t)prng_below(&prng, 10000000) + 2, (unsigned)prng_below(&prng, 7));
        dec_t distance = DEC_ZERO;
        assert_int_equal(
            dec_mul_div(entry, dec_from_int((int64_t)prng_below(&prng, 900) + 1), dec_from_int(1000), DEC_ROUND_UP, &distance),
            RESULT_OK);
        const sizing_request_t request = {.basis = dec_from_int((int64_t)prng_below(&prng, 100000) + 1),
                                          .risk_pct = dec_from_scaled((int64_t)prng_below(&prng, 1000) + 1, 2),
                                          .entry = entry,
                                          .stop = dec_plus(entry, distance)};
        sizing_t sizing;
        assert_int_equal(sizing_compute(&request, &i, &sizing), RESULT_OK);
        dec_t asked = DEC_ZERO;
        assert_int_equal(dec_mul_div(request.basis, request.risk_pct, dec_from_int(100), DEC_ROUND_UP, &asked), RESULT_OK);
        assert_true(dec_le(sizing.risk_amount, asked));
        assert_true(dec_is_multiple(sizing.quantity, i.lot_step));
        if (dec_is_zero(sizing.quantity)) {
            assert_true(dec_gt(sizing.risk_pct_needed, DEC_ZERO));
        }
    }
}

static void levels_by_atr_are_clamped(void **state)
{
    (void)state;
    const instrument_t i = rules();
    const signal_t signal = {.side = SIDE_LONG, .entry = D("100"), .stop = D("98"), .target = D("104")};
    const risk_config_t config = {.levels = LEVELS_ATR,
                                  .atr_stop_multiple = D("2"),
                                  .atr_target_multiple = D("2"),
                                  .stop_pct_min = D("0.5"),
                                  .stop_pct_max = D("10"),
                                  .target_pct_min = D("1"),
                                  .target_pct_max = D("20")};
    trade_levels_t levels;
    assert_int_equal(trade_levels_compute(&config, &i, &signal, D("100"), D("2"), &levels), RESULT_OK);
    assert_dec(levels.stop, "96");
    assert_dec(levels.target, "108");
    assert_int_equal(trade_levels_compute(&config, &i, &signal, D("100"), D("0.1"), &levels), RESULT_OK);
    assert_dec(levels.stop, "99.5");
    assert_int_equal(trade_levels_compute(&config, &i, &signal, D("100"), D("0"), &levels), RESULT_BAD_ARGUMENT);
}

static void the_bracket_lowers_the_leverage(void **state)
{
    (void)state;
    const instrument_t i = rules();
    assert_int_equal(liquidation_leverage(&i, D("49999"), 20), 20);
    assert_int_equal(liquidation_leverage(&i, D("60000"), 20), 10);
    assert_int_equal(liquidation_leverage(&i, D("60000"), 5), 5);
    assert_int_equal(liquidation_leverage(&i, D("250001"), 5), 0);
}

static void liquidation_follows_the_venues_formula(void **state)
{
    (void)state;
    const instrument_t i = rules();
    dec_t price = DEC_ZERO;
    /* isolated 10x LONG: (100 - 10) / (1 - 0.004) */
    assert_int_equal(liquidation_price(&i, SIDE_LONG, D("1"), D("100"), D("10"), &price), RESULT_OK);
    assert_true(dec_gt(price, D("90.361")) && dec_lt(price, D("90.362")));
    assert_int_equal(liquidation_price(&i, SIDE_SHORT, D("1"), D("100"), D("10"), &price), RESULT_OK);
    assert_true(dec_gt(price, D("109.561")) && dec_lt(price, D("109.562")));
    assert_int_equal(liquidation_price(&i, SIDE_LONG, D("1"), D("100"), D("100"), &price), RESULT_OK);
    assert_true(dec_is_zero(price));
    assert_int_equal(liquidation_price(&i, SIDE_LONG, D("10000"), D("100"), D("100"), &price), RESULT_NOT_FOUND);
}

/* --- the door --------------------------------------------------------------------------------- */

typedef struct {
    risk_config_t config;
    instrument_t instrument;
    signal_t signal;
    door_facts_t facts;
} scene_t;

static scene_t scene;

static door_facts_t *good_facts(void)
{
    scene.config = (risk_config_t){
        .risk_pct = D("2"),
        .risk_basis = RISK_BASIS_WALLET,
        .sizing = SIZING_RISK_PERCENT,
        .leverage = 20,
        .margin_type = MARGIN_ISOLATED,
        .position_mode = POSITION_MODE_ONE_WAY,
        .concurrent_symbol_max = 3,
        .concurrent_total_max = 5,
        .multiple_orders = MULTIPLE_ORDERS_ALLOW,
        .pending_entry = PENDING_ENTRY_KEEP,
        .unknown_orders_max = 2,
        .orders_per_window_max = 10,
        .orders_window_ns = NS_PER_MIN,
        .levels = LEVELS_SIGNAL,
        .reward_risk_min = D("1.5"),
        .liquidation_buffer_pct = D("10"),
        .margin_use_max_pct = D("50"),
        .notional_symbol_max = D("5000"),
        .notional_total_max = D("20000"),
        .asset_share_max_pct = D("50"),
        .asset_share_from = D("1000"),
        .price_collar_pct = D("2"),
        .spread_max_pct = D("0.5"),
        .price_age_max_ns = NS_PER_S,
        .account_age_max_ns = NS_PER_MIN,
        .rules_age_max_ns = NS_PER_DAY,
        .signal_age_max_ns = NS_PER_MIN,
        .entry_type = ENTRY_LIMIT,
        .marketable = MARKETABLE_CLAMP,
        .trigger_by = TRIGGER_BY_CONTRACT,
        .protect_tries_max = 3,
        .exit_uncovered_ns = 5 * NS_PER_S,
        .unknown_protect_ns = NS_PER_S,
        .triggering_max_ns = 2 * NS_PER_S,
        .inquiry_first_ns = NS_PER_S,
        .inquiry_max_ns = NS_PER_MIN,
        .forget_ns = NS_PER_HOUR,
        .snapshot_interval_ns = NS_PER_MIN,
    };
    scene.instrument = rules();
    const int64_t now = NS_PER_DAY * 20000;
    scene.signal = (signal_t){.id = "s",
                              .number = 1,
                              .side = SIDE_LONG,
                              .strategy = "SC01",
                              .source = "m",
                              .entry = D("100"),
                              .stop = D("97"),
                              .target = D("106"),
                              .confidence = 0.5,
                              .timeframes = 1U << TF_1H,
                              .timeframe_source = TF_1H,
                              .made_ns = now - NS_PER_S,
                              .expires_ns = now + NS_PER_HOUR};
    scene.facts = (door_facts_t){
        .config = &scene.config,
        .instrument = &scene.instrument,
        .signal = &scene.signal,
        .now_ns = now,
        .rules_ns = now - NS_PER_HOUR,
        .reconciled = true,
        .price_known = true,
        .price_ns = now,
        .bid = D("100.1"),
        .ask = D("100.2"),
        .mark = D("100.1"),
        .account_known = true,
        .account_ns = now,
        .wallet = D("1000"),
        .equity = D("1000"),
        .available = D("1000"),
        .mode = POSITION_MODE_ONE_WAY,
        .counts_known = true,
        .trades_free = 10,
        .orders_free = 100,
    };
    return &scene.facts;
}

static door_verdict_t pass(void)
{
    door_verdict_t verdict;
    door_pass(&scene.facts, &verdict);
    return verdict;
}

static void a_good_order_passes_with_its_numbers(void **state)
{
    (void)state;
    good_facts();
    const door_verdict_t verdict = pass();
    assert_int_equal(verdict.reason, DOOR_ACCEPTED);
    assert_dec(verdict.quantity, "6.666");
    assert_dec(verdict.risk_amount, "19.998");
    assert_int_equal(verdict.leverage, 20);
    assert_dec(verdict.entry, "100");
}

#define REFUSED_WHEN(change, expected)                                                                                             \
    do {                                                                                                                           \
        door_facts_t *f = good_facts();                                                                                            \
        (void)f;                                                                                                                   \
        change;                                                                                                                    \
        assert_string_equal(door_reason_name(pass().reason), #expected);                                                           \
    } while (0)

static void each_check_refuses_by_its_name(void **state)
{
    (void)state;
    REFUSED_WHEN(f->config = NULL, CONFIGURATION);
    REFUSED_WHEN(scene.config.risk_pct = DEC_ZERO, CONFIGURATION);
    REFUSED_WHEN(scene.signal.stop = D("101"), SIGNAL_INVALID);
    REFUSED_WHEN(f->signal_seen = true, SIGNAL_DUPLICATE);
    REFUSED_WHEN(f->kill_level = 1, KILL_LEVEL);
    REFUSED_WHEN(f->paused = true, PAUSED);
    REFUSED_WHEN(f->reconciled = false, NOT_RECONCILED);
    REFUSED_WHEN(f->capability_lost = true, CAPABILITY);
    REFUSED_WHEN(scene.signal.made_ns -= NS_PER_MIN, SIGNAL_EXPIRED);
    REFUSED_WHEN(f->instrument = NULL, RULES_UNKNOWN);
    REFUSED_WHEN(f->rules_ns -= NS_PER_DAY, RULES_UNKNOWN);
    REFUSED_WHEN(f->symbol_frozen = true, SYMBOL_FROZEN);
    REFUSED_WHEN(scene.instrument.status = INSTRUMENT_UNKNOWN, SYMBOL_NOT_TRADING);
    REFUSED_WHEN((scene.config.stop_cooldown_ns = 2 * NS_PER_HOUR, f->losing_stop_ns = f->now_ns - 2 * NS_PER_HOUR + 1), COOLDOWN);
    REFUSED_WHEN(scene.config.stop_cooldown_ns = -1, CONFIGURATION);
    REFUSED_WHEN((f->poor_until_ns = f->now_ns + 1, f->poor_rate_pct = D("25")), POOR_RECORD);
    REFUSED_WHEN(scene.signal.veto = SIGNAL_VETO_MARKET, MARKET_STATE);
    REFUSED_WHEN(scene.signal.veto = SIGNAL_VETO_REGIME, REGIME);
    REFUSED_WHEN(scene.signal.veto = SIGNAL_VETO_COUNT, SIGNAL_INVALID);
    REFUSED_WHEN(scene.signal.size_cut = D("1"), SIGNAL_INVALID);
    REFUSED_WHEN(scene.signal.size_cut = D("-0.1"), SIGNAL_INVALID);
    REFUSED_WHEN(scene.signal.exit_of = 1, SIGNAL_INVALID);
    REFUSED_WHEN((scene.config.sizing = SIZING_ATR, scene.config.size_atr_multiple = D("2")), NO_ATR);
    REFUSED_WHEN(f->price_known = false, STALE_PRICE);
    REFUSED_WHEN(f->price_ns -= 2 * NS_PER_S, STALE_PRICE);
    REFUSED_WHEN(f->bid = DEC_ZERO, STALE_PRICE);
    REFUSED_WHEN(f->ask = D("101"), SPREAD);
    REFUSED_WHEN(f->account_known = false, ACCOUNT_UNKNOWN);
    REFUSED_WHEN(f->account_ns -= NS_PER_HOUR, ACCOUNT_UNKNOWN);
    REFUSED_WHEN(f->mode = POSITION_MODE_HEDGE, POSITION_MODE);
    REFUSED_WHEN(f->counts_known = false, COUNT_UNKNOWN);
    REFUSED_WHEN(f->unknown_orders = 2, UNKNOWN_ORDERS);
    REFUSED_WHEN(f->orders_in_window = 10, ORDER_RATE);
    REFUSED_WHEN(f->orders_free = 7, NO_ROOM);
    REFUSED_WHEN(f->trades_free = 0, NO_ROOM);
    REFUSED_WHEN(f->opposite = D("1"), POSITION_OPPOSITE);
    REFUSED_WHEN((f->count_symbol = 1, scene.config.multiple_orders = MULTIPLE_ORDERS_REFUSE), POSITION_OPEN);
    REFUSED_WHEN(f->count_symbol = 3, MAX_CONCURRENT);
    REFUSED_WHEN(f->count_total = 5, TOTAL_LIMIT);
    REFUSED_WHEN((f->bid = D("96"), f->ask = D("96.1"), f->mark = D("96")), STOP_PASSED);
    REFUSED_WHEN((scene.signal.entry = D("100.2"), scene.config.marketable = MARKETABLE_REFUSE), ENTRY_PASSED);
    REFUSED_WHEN(f->best_existing = D("100"), PRICE_QUALITY);
    REFUSED_WHEN((scene.signal.entry = D("98"), scene.signal.target = D("104")), PRICE_COLLAR);
    REFUSED_WHEN(scene.instrument.band_up = D("0.99"), PRICE_BAND);
    REFUSED_WHEN(scene.signal.target = D("104.4"), RISK_REWARD);
    REFUSED_WHEN(scene.instrument.notional_min = D("1000"), QUANTITY_BELOW_MINIMUM);
    REFUSED_WHEN((f->exposed = true, f->leverage_in_force = 50), LEVERAGE);
    REFUSED_WHEN(scene.instrument.bracket_count = 0, LEVERAGE);
    REFUSED_WHEN(f->available = D("10"), MARGIN);
    REFUSED_WHEN(f->margin_used = D("490"), MARGIN);
    REFUSED_WHEN(f->notional_symbol = D("4500"), NOTIONAL_CAP);
    REFUSED_WHEN(f->notional_total = D("19900"), NOTIONAL_TOTAL);
    REFUSED_WHEN((f->notional_total = D("1000"), f->notional_asset = D("900")), DIVERSIFICATION);
    REFUSED_WHEN((scene.signal.stop = D("94"), scene.signal.target = D("115"), scene.config.price_collar_pct = D("20")),
                 STOP_BEYOND_LIQUIDATION);
}

static void the_limits_themselves_still_pass(void **state)
{
    (void)state;
    door_facts_t *f = good_facts();
    f->count_symbol = 2; /* position + one pending entry of three */
    f->count_total = 4;
    f->best_existing = D("100.1");
    assert_int_equal(pass().reason, DOOR_ACCEPTED);
    f = good_facts(); /* section 8: a stop at 10:00, 2 h: at 12:00 it may trade again */
    scene.config.stop_cooldown_ns = 2 * NS_PER_HOUR;
    f->losing_stop_ns = f->now_ns - 2 * NS_PER_HOUR;
    assert_int_equal(pass().reason, DOOR_ACCEPTED);
    f = good_facts(); /* no rest is asked for */
    f->losing_stop_ns = f->now_ns;
    assert_int_equal(pass().reason, DOOR_ACCEPTED);
    f = good_facts(); /* the first order of an empty book is no concentration */
    f->notional_total = DEC_ZERO;
    assert_int_equal(pass().reason, DOOR_ACCEPTED);
}

static void figures_say_what_was_compared(void **state)
{
    (void)state;
    door_facts_t *f = good_facts();
    f->best_existing = D("98");
    scene.signal.entry = D("99");
    const door_verdict_t verdict = pass();
    assert_int_equal(verdict.reason, DOOR_PRICE_QUALITY);
    assert_dec(verdict.figure[0], "99");
    assert_dec(verdict.figure[1], "98");
    assert_string_equal(door_figure_name(DOOR_PRICE_QUALITY, 1), "best existing entry");
    f = good_facts();
    scene.instrument.notional_min = D("1000");
    assert_dec(pass().figure[0], "3"); /* needed risk % */
}

static void a_marketable_long_never_pays_more_than_the_ask(void **state)
{
    (void)state;
    good_facts();
    scene.signal.entry = D("100.9");
    const door_verdict_t verdict = pass();
    assert_int_equal(verdict.reason, DOOR_ACCEPTED);
    assert_dec(verdict.entry, "100.2");
}

/* --- configuration ---------------------------------------------------------------------------- */

static void a_configuration_is_whole_or_nothing(void **state)
{
    (void)state;
    good_facts();
    const char *field = NULL;
    assert_int_equal(risk_config_check(&scene.config, &field), RESULT_OK);
    const risk_config_t empty = {.leverage = 0};
    assert_int_equal(risk_config_check(&empty, &field), RESULT_BAD_ARGUMENT);
    assert_string_equal(field, "risk_pct");
    scene.config.ladder_rows = 2;
    scene.config.ladder[0] = (ladder_row_t){D("80"), D("80"), D("50")};
    scene.config.ladder[1] = (ladder_row_t){D("70"), D("80"), D("60")};
    assert_int_equal(risk_config_check(&scene.config, &field), RESULT_BAD_ARGUMENT);
    assert_string_equal(field, "ladder");
}

static void any_change_changes_the_digest(void **state)
{
    (void)state;
    uint8_t first[32], second[32];
    good_facts();
    risk_config_digest(&scene.config, first);
    good_facts();
    risk_config_digest(&scene.config, second);
    assert_memory_equal(first, second, sizeof first);
    scene.config.forget_ns++;
    risk_config_digest(&scene.config, second);
    assert_memory_not_equal(first, second, sizeof first);
    good_facts();
    scene.config.stop_cooldown_ns++;
    risk_config_digest(&scene.config, second);
    assert_memory_not_equal(first, second, sizeof first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_is_cut_toward_zero),
        cmocka_unit_test(below_the_minimum_names_the_risk_that_would_be_needed),
        cmocka_unit_test(fees_and_slippage_make_it_smaller),
        cmocka_unit_test(realised_risk_never_exceeds_what_was_asked),
        cmocka_unit_test(levels_by_atr_are_clamped),
        cmocka_unit_test(the_bracket_lowers_the_leverage),
        cmocka_unit_test(liquidation_follows_the_venues_formula),
        cmocka_unit_test(a_good_order_passes_with_its_numbers),
        cmocka_unit_test(each_check_refuses_by_its_name),
        cmocka_unit_test(the_limits_themselves_still_pass),
        cmocka_unit_test(figures_say_what_was_compared),
        cmocka_unit_test(a_marketable_long_never_pays_more_than_the_ask),
        cmocka_unit_test(a_configuration_is_whole_or_nothing),
        cmocka_unit_test(any_change_changes_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
