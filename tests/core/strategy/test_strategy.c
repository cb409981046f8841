/* test_strategy.c: the runner's guards, exact levels, SC01 and SC02 on known series, the registry.
 * shows: STR-3, RSK-4, I10, R072, R103
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/indicator/macd.h"
#include "core/indicator/rsi.h"
#include "core/strategy/sc01.h"
#include "core/strategy/sc02.h"
#include "core/strategy/strategy.h"
#include "support/test_support.h"

enum { BARS = 900 };

static void assert_dec(dec_t value, const char *text)
{
    char written[DEC_TEXT_MAX];
    dec_format(value, written);
    assert_string_equal(written, text);
}

static instrument_t instrument_with_tick(const char *tick)
{
    return (instrument_t){.venue = "BINANCE", .symbol = "ETHUSDT", .tick_size = test_dec(tick), .lot_step = test_dec("0.001")};
}

static int64_t bar_time(size_t i)
{
    return INT64_C(1700000000) / 3600 * 3600 * NS_PER_S + (int64_t)i * NS_PER_HOUR;
}

/* Random bars whose prices are whole cents. */
static void bars_make(candle_t bars[BARS], uint64_t seed)
{
    prng_t prng;
    int64_t price = 200000;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < BARS; i++) {
        int64_t next = price + (int64_t)prng_below(&prng, 4001) - 2000;
        next = next < 1000 ? 1000 : next;
        const int64_t high = (next > price ? next : price) + (int64_t)prng_below(&prng, 500);
        const int64_t low = (next < price ? next : price) - (int64_t)prng_below(&prng, 500);
        bars[i] = (candle_t){.open_ns = bar_time(i),
                             .open = dec_from_scaled(price, 2),
                             .high = dec_from_scaled(high, 2),
                             .low = dec_from_scaled(low, 2),
                             .close = dec_from_scaled(next, 2),
                             .volume = DEC_ONE,
                             .state = CANDLE_TRADED,
                             .closed = true};
        price = next;
    }
}

typedef struct {
    strategy_run_t run;
    double options[STRATEGY_OPTIONS_MAX];
    void *state;
} fixture_t;

static void fixture_start(fixture_t *fixture, const strategy_kind_t *kind)
{
    strategy_presets(kind, fixture->options);
    fixture->state = malloc(strategy_memory(kind, fixture->options));
    strategy_start(&fixture->run, kind, fixture->options, TF_1H, fixture->state);
}

static void levels_are_exact_and_rounded_to_the_safe_side(void **state)
{
    (void)state;
    const level_rules_t rules = {
        .stop_kind = LEVEL_ATR, .stop = 2.0, .target_kind = LEVEL_REWARD, .target = 2.0, .reward_risk_min = 1.5};
    levels_t levels;
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, test_dec("100.007"), 1.2345, test_dec("0.01"), &levels), RESULT_OK);
    assert_dec(levels.entry, "100");     /* 100.007 down */
    assert_dec(levels.stop, "97.53");    /* 97.531 down, away */
    assert_dec(levels.target, "104.93"); /* 104.938 down, toward */
    assert_int_equal(levels_make(&rules, DIRECTION_SHORT, test_dec("100.007"), 1.2345, test_dec("0.01"), &levels), RESULT_OK);
    assert_dec(levels.entry, "100.01");
    assert_dec(levels.stop, "102.48");  /* 102.479 up */
    assert_dec(levels.target, "95.08"); /* 95.072 up */

    const level_rules_t percent = {
        .stop_kind = LEVEL_PERCENT, .stop = 0.7, .target_kind = LEVEL_PERCENT, .target = 1.4, .reward_risk_min = 1.5};
    assert_int_equal(levels_make(&percent, DIRECTION_LONG, test_dec("43250.50"), NAN, test_dec("0.1"), &levels), RESULT_OK);
    assert_dec(levels.entry, "43250.5");
    assert_dec(levels.stop, "42947.7"); /* 42947.7465 */
    assert_dec(levels.target, "43856"); /* 43856.007 */
    const level_rules_t tiny = {
        .stop_kind = LEVEL_ATR, .stop = 2.0, .target_kind = LEVEL_REWARD, .target = 2.0, .reward_risk_min = 0};
    assert_int_equal(levels_make(&tiny, DIRECTION_LONG, test_dec("0.00001234"), 1e-7, test_dec("0.00000001"), &levels), RESULT_OK);
    assert_dec(levels.stop, "0.00001214");
}

static void levels_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    level_rules_t rules = {.stop_kind = LEVEL_ATR, .stop = 2.0, .target_kind = LEVEL_REWARD, .target = 2.0, .reward_risk_min = 1.5};
    levels_t levels = {.entry = test_dec("7")};
    const dec_t close = test_dec("100"), tick = test_dec("0.01");
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, NAN, tick, &levels), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, INFINITY, tick, &levels), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, 0.0, tick, &levels), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, 60.0, tick, &levels),
                     RESULT_NUMBER_OUT_OF_RANGE); /* stop below 0 */
    assert_int_equal(levels_make(&rules, DIRECTION_SHORT, close, 30.0, tick, &levels),
                     RESULT_NUMBER_OUT_OF_RANGE); /* target below 0 */
    assert_int_equal(levels_make(&rules, DIRECTION_NONE, close, 1.0, tick, &levels), RESULT_BAD_ARGUMENT);
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, DEC_ZERO, 1.0, tick, &levels), RESULT_BAD_ARGUMENT);
    rules.stop_kind = LEVEL_REWARD;
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, 1.0, tick, &levels), RESULT_BAD_ARGUMENT);
    rules =
        (level_rules_t){.stop_kind = LEVEL_ATR, .stop = 2.0, .target_kind = LEVEL_REWARD, .target = 1.4, .reward_risk_min = 1.5};
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, close, 1.0, tick, &levels), RESULT_UNSUPPORTED);
    assert_dec(levels.entry, "7"); /* untouched by all of them */

    levels_t at_minimum = {test_dec("100"), test_dec("98"), test_dec("103")};
    assert_int_equal(levels_check(&at_minimum, DIRECTION_LONG, 1.5), RESULT_OK); /* exactly 1.5 is enough */
    at_minimum.target = test_dec("102.999999999999999999");
    assert_int_equal(levels_check(&at_minimum, DIRECTION_LONG, 1.5), RESULT_UNSUPPORTED);
    assert_int_equal(levels_check(&at_minimum, DIRECTION_SHORT, 0), RESULT_NUMBER_OUT_OF_RANGE);
}

/* The rule of SC01 and SC02 told once more, plainly, over whole series. */
static direction_t rule_at(const strategy_kind_t *kind, const candle_t *bars, size_t at)
{
    static double close[BARS], macd[BARS], signal[BARS], histogram[BARS], rsi[BARS];
    for (size_t i = 0; i <= at; i++) {
        close[i] = dec_to_double(bars[i].close);
    }
    macd_series(12, 26, 9, close, at + 1, macd, signal, histogram);
    rsi_series(14, close, at + 1, rsi);
    const size_t window = kind == &strategy_sc01 ? 1 : 3;
    for (size_t back = 0; back < window && at >= 35 + back; back++) {
        const size_t cross = at - back;
        if (isnan(histogram[cross - 1])) {
            return DIRECTION_NONE;
        }
        const bool up = histogram[cross - 1] < 0 && histogram[cross] > 0, down = histogram[cross - 1] > 0 && histogram[cross] < 0;
        if (!up && !down) {
            continue;
        }
        if (kind == &strategy_sc01) {
            return up ? DIRECTION_LONG : DIRECTION_SHORT;
        }
        for (size_t i = cross; i <= at; i++) {
            const bool confirmed = up ? rsi[i] > 50 && rsi[i] < 70 : rsi[i] < 50 && rsi[i] > 30;
            if (confirmed) {
                return i == at ? (up ? DIRECTION_LONG : DIRECTION_SHORT) : DIRECTION_NONE;
            }
        }
        return DIRECTION_NONE;
    }
    return DIRECTION_NONE;
}

static void strategies_follow_their_rules(void **state)
{
    (void)state;
    const strategy_kind_t *const kinds[] = {&strategy_sc01, &strategy_sc02};
    const instrument_t instrument = instrument_with_tick("0.01");
    static candle_t bars[BARS];
    bars_make(bars, 11);
    for (size_t k = 0; k < 2; k++) {
        fixture_t fixture;
        unsigned proposals = 0;
        fixture_start(&fixture, kinds[k]);
        for (size_t i = 0; i < BARS; i++) {
            proposal_t proposal;
            const bool proposed = strategy_on_candle(&fixture.run, &instrument, &bars[i], &proposal);
            direction_t expected = rule_at(kinds[k], bars, i);
            assert_int_equal(proposed ? proposal.direction : DIRECTION_NONE, expected);
            assert_true(!proposed || i >= kinds[k]->warm_up(fixture.options));
            if (proposed) {
                proposals++;
                assert_true(proposal.confidence >= 0.5 && proposal.confidence <= 1.0);
                assert_int_equal(proposal.bar_open_ns, bars[i].open_ns);
                assert_int_equal(proposal.made_ns, bars[i].open_ns + NS_PER_HOUR);
                assert_true(dec_eq(proposal.levels.entry, bars[i].close));
                assert_true(dec_is_multiple(proposal.levels.stop, instrument.tick_size));
                assert_int_equal(levels_check(&proposal.levels, proposal.direction, 1.5), RESULT_OK);
                assert_true(proposal.input_count >= 3);
            }
        }
        assert_true(proposals > 20);
        free(fixture.state);
    }
}

static void an_open_or_old_bar_changes_nothing(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with_tick("0.01");
    static candle_t bars[BARS];
    fixture_t plain, disturbed;
    bars_make(bars, 12);
    fixture_start(&plain, &strategy_sc01);
    fixture_start(&disturbed, &strategy_sc01);
    for (size_t i = 0; i < BARS; i++) {
        proposal_t a = {0}, b = {0}, ignored;
        candle_t open = bars[i];
        open.closed = false;
        open.close = open.high;
        assert_false(strategy_on_candle(&disturbed.run, &instrument, &open, &ignored));
        const bool proposed = strategy_on_candle(&plain.run, &instrument, &bars[i], &a);
        assert_int_equal(strategy_on_candle(&disturbed.run, &instrument, &bars[i], &b), proposed);
        assert_int_equal(a.direction, b.direction);
        assert_true(dec_eq(a.levels.stop, b.levels.stop));
        assert_false(strategy_on_candle(&disturbed.run, &instrument, &bars[i], &ignored));                 /* twice */
        assert_false(strategy_on_candle(&disturbed.run, &instrument, &bars[i > 5 ? i - 5 : 0], &ignored)); /* late */
    }
    assert_int_equal(disturbed.run.restarts, 0);
    free(plain.state);
    free(disturbed.state);
}

/* After a break at bar 400 no decision may come before the warm-up has passed again, and then the decisions of a fresh start. */
static void expect_restart_at(candle_t *bars, size_t first_after)
{
    const instrument_t instrument = instrument_with_tick("0.01");
    fixture_t broken, fresh;
    fixture_start(&broken, &strategy_sc02);
    fixture_start(&fresh, &strategy_sc02);
    unsigned proposals = 0;
    for (size_t i = 0; i < BARS; i++) {
        proposal_t a = {0}, b = {0};
        const bool is_gone = bars[i].open_ns == 0;
        const bool proposed = !is_gone && strategy_on_candle(&broken.run, &instrument, &bars[i], &a);
        if (i >= first_after) {
            assert_int_equal(strategy_on_candle(&fresh.run, &instrument, &bars[i], &b), proposed);
            assert_int_equal(a.direction, b.direction);
            assert_true(a.confidence == b.confidence);
            assert_true(!proposed || i >= first_after + fresh.run.kind->warm_up(fresh.options));
            proposals += proposed;
        }
    }
    assert_true(proposals > 5);
    assert_true(broken.run.restarts >= 1);
    free(broken.state);
    free(fresh.state);
}

static void a_gap_a_missing_or_a_bad_bar_restarts_the_warm_up(void **state)
{
    (void)state;
    static candle_t bars[BARS];
    bars_make(bars, 13);
    bars[400].open_ns = 0; /* never arrives */
    expect_restart_at(bars, 401);
    bars_make(bars, 13);
    bars[400] = (candle_t){.open_ns = bar_time(400), .state = CANDLE_MISSING, .closed = true};
    expect_restart_at(bars, 401);
    bars_make(bars, 13);
    bars[400].high = test_dec("0.01"); /* below its own low */
    expect_restart_at(bars, 401);
    bars_make(bars, 13);
    bars[400].close = DEC_ZERO;
    expect_restart_at(bars, 401);
    bars_make(bars, 13);
    bars[400].low = test_dec("-5");
    expect_restart_at(bars, 401);
}

static void a_quiet_bar_decides_nothing(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with_tick("0.01");
    static candle_t bars[BARS];
    fixture_t fixture;
    bars_make(bars, 14);
    fixture_start(&fixture, &strategy_sc01);
    for (size_t i = 0; i < BARS; i++) {
        proposal_t proposal;
        if (rule_at(&strategy_sc01, bars, i) != DIRECTION_NONE || i % 7 == 0) {
            const dec_t last = i > 0 ? bars[i - 1].close : bars[i].open;
            bars[i] = (candle_t){.open_ns = bars[i].open_ns,
                                 .open = last,
                                 .high = last,
                                 .low = last,
                                 .close = last,
                                 .state = CANDLE_QUIET,
                                 .closed = true};
            assert_false(strategy_on_candle(&fixture.run, &instrument, &bars[i], &proposal));
        } else {
            (void)strategy_on_candle(&fixture.run, &instrument, &bars[i], &proposal);
        }
    }
    assert_int_equal(fixture.run.restarts, 0);
    assert_true(strategy_is_warm(&fixture.run));
    free(fixture.state);
}

static void a_flat_market_never_decides(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with_tick("0.01");
    fixture_t fixture;
    fixture_start(&fixture, &strategy_sc02);
    for (size_t i = 0; i < 300; i++) {
        const dec_t price = test_dec("0.1");
        const candle_t bar = {.open_ns = bar_time(i),
                              .open = price,
                              .high = price,
                              .low = price,
                              .close = price,
                              .volume = DEC_ONE,
                              .state = CANDLE_TRADED,
                              .closed = true};
        proposal_t proposal;
        assert_false(strategy_on_candle(&fixture.run, &instrument, &bar, &proposal));
    }
    free(fixture.state);
}

static void the_registry_knows_names_aliases_and_what_is_near(void **state)
{
    (void)state;
    const strategy_kind_t *nearest = NULL;
    assert_ptr_equal(strategy_find(STR("sc01"), NULL), &strategy_sc01);
    assert_ptr_equal(strategy_find(STR("macd_rsi"), NULL), &strategy_sc02);
    assert_null(strategy_find(STR("SC03"), &nearest));
    assert_non_null(nearest);
    assert_null(strategy_find(STR(""), &nearest));
    assert_null(strategy_find(STR("a name of nothing at all"), &nearest));
    assert_null(nearest);
    for (uint32_t i = 0; i < strategy_count(); i++) {
        const strategy_kind_t *kind = strategy_at(i);
        double options[STRATEGY_OPTIONS_MAX];
        strategy_presets(kind, options);
        assert_int_equal(strategy_check(kind, options, NULL), RESULT_OK);
        assert_true(strlen(kind->rule) > 0 && kind->option_count <= STRATEGY_OPTIONS_MAX);
    }
    assert_null(strategy_at(strategy_count()));
}

static void options_are_checked_with_the_one_to_blame(void **state)
{
    (void)state;
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t wrong = 99;
    strategy_presets(&strategy_sc02, options);
    options[0] = 30; /* fast above slow */
    assert_int_equal(strategy_check(&strategy_sc02, options, &wrong), RESULT_BAD_ARGUMENT);
    assert_int_equal(wrong, 0);
    strategy_presets(&strategy_sc02, options);
    options[5] = 1.5; /* a reward that rounding takes below the minimum */
    assert_int_equal(strategy_check(&strategy_sc02, options, &wrong), RESULT_BAD_ARGUMENT);
    assert_string_equal(strategy_sc02.options[wrong].name, "reward");
    strategy_presets(&strategy_sc02, options);
    options[4] = NAN;
    assert_int_equal(strategy_check(&strategy_sc02, options, &wrong), RESULT_NUMBER_OUT_OF_RANGE);
    assert_string_equal(strategy_sc02.options[wrong].name, "stop_atr");
    strategy_presets(&strategy_sc02, options);
    options[12] = 2.5;
    assert_int_equal(strategy_check(&strategy_sc02, options, &wrong), RESULT_NUMBER_OUT_OF_RANGE);
    assert_string_equal(strategy_sc02.options[wrong].name, "confirm_bars");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_exact_and_rounded_to_the_safe_side),
        cmocka_unit_test(levels_that_make_no_sense_are_refused),
        cmocka_unit_test(strategies_follow_their_rules),
        cmocka_unit_test(an_open_or_old_bar_changes_nothing),
        cmocka_unit_test(a_gap_a_missing_or_a_bad_bar_restarts_the_warm_up),
        cmocka_unit_test(a_quiet_bar_decides_nothing),
        cmocka_unit_test(a_flat_market_never_decides),
        cmocka_unit_test(the_registry_knows_names_aliases_and_what_is_near),
        cmocka_unit_test(options_are_checked_with_the_one_to_blame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
