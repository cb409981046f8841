/* test_sizing_methods.c: fixed fraction, tiers, Kelly, ATR stop and drawdown scale, with the worked numbers of
 * originals.md, section 8.
 * shows: RSK-1, R150, R151, R152, R167
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/risk/sizing.h"
#include "core/risk/sizing_methods.h"
#include "support/risk_settings.h"

static dec_t dec(const char *text)
{
    dec_t value;
    assert_int_equal(dec_parse(text, strlen(text), &value), RESULT_OK);
    return value;
}

static void assert_dec(dec_t value, const char *text)
{
    char written[DEC_TEXT_MAX];
    dec_format(value, written);
    assert_string_equal(written, text);
}

static instrument_t instrument_with(const char *step, const char *notional_min)
{
    return (instrument_t){
        .venue = "BINANCE", .symbol = "X", .tick_size = dec("0.01"), .lot_step = dec(step), .notional_min = dec(notional_min)};
}

static void a_fixed_fraction_of_the_basis(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with("0.001", "5");
    dec_t quantity = dec("7");
    assert_int_equal(sizing_fixed_fraction(dec("1000"), dec("10"), dec("30"), &instrument, &quantity), RESULT_OK);
    assert_dec(quantity, "3.333");
    assert_int_equal(sizing_fixed_fraction(dec("40"), dec("10"), dec("30"), &instrument, &quantity), RESULT_OK);
    assert_dec(quantity, "0"); /* 3.99 lies below the least notional: refused, never raised */
    quantity = dec("7");
    assert_int_equal(sizing_fixed_fraction(dec("1000"), dec("100.1"), dec("30"), &instrument, &quantity), RESULT_BAD_ARGUMENT);
    assert_int_equal(sizing_fixed_fraction(dec("0"), dec("1"), dec("30"), &instrument, &quantity), RESULT_BAD_ARGUMENT);
    assert_int_equal(sizing_fixed_fraction(dec("10"), dec("1"), dec("-1"), &instrument, &quantity), RESULT_BAD_ARGUMENT);
    assert_dec(quantity, "7");
}

static void the_fraction_is_never_exceeded(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 3);
    static const char *const steps[] = {"1", "0.1", "0.001", "0.00000001", "5"};
    for (unsigned i = 0; i < 20000; i++) {
        const instrument_t instrument = instrument_with(steps[i % 5], "0");
        const dec_t basis = dec_from_scaled((int64_t)prng_below(&prng, 1000000) + 1, 2);
        const dec_t percent = dec_from_scaled((int64_t)prng_below(&prng, 10000) + 1, 2);
        const dec_t entry = dec_from_scaled((int64_t)prng_below(&prng, 10000000) + 1, 4);
        dec_t quantity, cost, allowed;
        assert_int_equal(sizing_fixed_fraction(basis, percent, entry, &instrument, &quantity), RESULT_OK);
        assert_int_equal(dec_mul(quantity, entry, DEC_ROUND_UP, &cost), RESULT_OK);
        assert_int_equal(dec_mul_div(basis, percent, dec_from_int(100), DEC_ROUND_UP, &allowed), RESULT_OK);
        assert_true(dec_le(cost, allowed) && dec_is_multiple(quantity, instrument.lot_step));
    }
}

/* Section 8: cost 8, leverage 5, price 40 -> 1.0; 7.4 is the high tier. */
static void tiers_by_confidence_with_caps_last(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with("0.001", "0");
    sizing_tier_t tiers[SIZING_TIERS];
    sizing_caps_t caps = {.leverage_max = 0};
    sizing_tiered_t out;
    test_risk_tiers(tiers);
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.74"), dec("40"), &instrument, &out), RESULT_OK);
    assert_dec(out.quantity, "1");
    assert_int_equal(out.tier, 0);
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.7"), dec("40"), &instrument, &out), RESULT_OK);
    assert_int_equal(out.tier, 0);
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.5"), dec("40"), &instrument, &out), RESULT_OK);
    assert_int_equal(out.tier, 1);
    assert_dec(out.quantity, "0.6");
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.1"), dec("40"), &instrument, &out), RESULT_OK);
    assert_int_equal(out.tier, 2);
    caps = (sizing_caps_t){.cost_max = dec("5"), .leverage_max = 3};
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.9"), dec("40"), &instrument, &out), RESULT_OK);
    assert_dec(out.quantity, "0.375");
    assert_int_equal(out.leverage, 3);
    assert_int_equal(sizing_tiered(tiers, &caps, dec("0.9"), DEC_ZERO, &instrument, &out), RESULT_BAD_ARGUMENT);
}

/* Section 8: w .55 R 2 -> f .325, half .1625, capped .02; w .3 R 1 -> 0. */
static void half_kelly_between_nothing_and_the_cap(void **state)
{
    (void)state;
    dec_t kelly, risk_pct;
    assert_int_equal(sizing_kelly(dec("0.55"), dec("2"), dec("2"), &kelly, &risk_pct), RESULT_OK);
    assert_dec(kelly, "0.325");
    assert_dec(risk_pct, "2");
    assert_int_equal(sizing_kelly(dec("0.55"), dec("2"), dec("50"), &kelly, &risk_pct), RESULT_OK);
    assert_dec(risk_pct, "16.25");
    assert_int_equal(sizing_kelly(dec("0.3"), dec("1"), dec("2"), &kelly, &risk_pct), RESULT_OK);
    assert_dec(kelly, "-0.4");
    assert_dec(risk_pct, "0");
    assert_int_equal(sizing_kelly(dec("1.01"), dec("1"), dec("2"), &kelly, &risk_pct), RESULT_BAD_ARGUMENT);
    assert_int_equal(sizing_kelly(dec("0.5"), dec("0"), dec("2"), &kelly, &risk_pct), RESULT_BAD_ARGUMENT);
    assert_int_equal(sizing_kelly(dec("0.5"), dec("1"), dec("0"), &kelly, &risk_pct), RESULT_BAD_ARGUMENT);
}

static void the_atr_stop_and_the_size_that_follows(void **state)
{
    (void)state;
    const instrument_t instrument = instrument_with("0.001", "0");
    dec_t stop;
    assert_int_equal(sizing_atr_stop(dec("100"), dec("2"), dec("2"), true, dec("0.01"), &stop), RESULT_OK);
    assert_dec(stop, "96");
    assert_int_equal(sizing_atr_stop(dec("100"), dec("1.234"), dec("1"), false, dec("0.01"), &stop), RESULT_OK);
    assert_dec(stop, "101.24"); /* away from the entry */
    assert_int_equal(sizing_atr_stop(dec("100"), dec("60"), dec("2"), true, dec("0.01"), &stop), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(sizing_atr_stop(dec("100"), dec("0"), dec("2"), true, dec("0.01"), &stop), RESULT_BAD_ARGUMENT);
    assert_dec(stop, "101.24");
    sizing_t sizing;
    const sizing_request_t request = {.basis = dec("1000"), .risk_pct = dec("2"), .entry = dec("100"), .stop = dec("96")};
    assert_int_equal(sizing_compute(&request, &instrument, &sizing), RESULT_OK);
    assert_dec(sizing.quantity, "5");
}

/* Section 8: limit .15, drawdown .25 -> .80, .60 -> .25. */
static void a_drawdown_scales_the_risk(void **state)
{
    (void)state;
    dec_t factor;
    assert_int_equal(sizing_drawdown_factor(dec("0.25"), dec("0.15"), &factor), RESULT_OK);
    assert_dec(factor, "0.8");
    assert_int_equal(sizing_drawdown_factor(dec("0.6"), dec("0.15"), &factor), RESULT_OK);
    assert_dec(factor, "0.25");
    assert_int_equal(sizing_drawdown_factor(dec("0.15"), dec("0.15"), &factor), RESULT_OK);
    assert_dec(factor, "1");
    assert_int_equal(sizing_drawdown_factor(dec("-0.1"), dec("0.15"), &factor), RESULT_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_fraction_of_the_basis),          cmocka_unit_test(the_fraction_is_never_exceeded),
        cmocka_unit_test(tiers_by_confidence_with_caps_last),     cmocka_unit_test(half_kelly_between_nothing_and_the_cap),
        cmocka_unit_test(the_atr_stop_and_the_size_that_follows), cmocka_unit_test(a_drawdown_scales_the_risk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
