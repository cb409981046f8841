/* test_size.c: the size by each configured method: the worked numbers, the ceiling that none of them passes, drawdown and market
 * scale, Kelly fed by results, and what refuses. shows: RSK-1, R150, R151, R167, I16
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/risk/size.h"
#include "support/risk_settings.h"

static risk_config_t config;
static instrument_t instrument;

static dec_t D(const char *text)
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

/* Wallet 1000, entry 100, stop 97, step 0.001: risk percent alone gives 6.666. */
static size_question_t question(sizing_method_t method)
{
    config = test_risk_settings();
    config.sizing = method;
    config.fraction_pct = D("10");
    test_risk_tiers(config.tiers);
    config.kelly_first_pct = D("0.5");
    config.kelly_trades_min = 20;
    config.kelly_window_ns = NS_PER_DAY;
    config.size_atr_multiple = D("2");
    instrument = (instrument_t){.tick_size = D("0.01"), .lot_step = D("0.001"), .notional_min = D("5")};
    assert_int_equal(risk_config_check(&config, NULL), RESULT_OK);
    return (size_question_t){.config = &config,
                             .instrument = &instrument,
                             .basis = D("1000"),
                             .entry = D("100"),
                             .stop = D("97"),
                             .confidence = D("0.74"),
                             .scale = DEC_ONE};
}

static size_answer_t answer(const size_question_t *asked)
{
    size_answer_t found;
    assert_int_equal(size_find(asked, &found), RESULT_OK);
    return found;
}

static void risk_percent_is_as_ever(void **state)
{
    (void)state;
    const size_question_t q = question(SIZING_RISK_PERCENT);
    const size_answer_t found = answer(&q);
    assert_int_equal(found.end, SIZE_FOUND);
    assert_dec(found.quantity, "6.666");
    assert_dec(found.risk_amount, "19.998");
    assert_int_equal(found.leverage, 20);
}

static void a_fraction_is_what_the_position_is_worth(void **state)
{
    (void)state;
    size_question_t q = question(SIZING_FIXED_FRACTION);
    assert_dec(answer(&q).quantity, "1"); /* 10 % of 1000 at 100 */
    assert_dec(answer(&q).risk_amount, "3");
    config.fraction_pct = D("100"); /* 10 would lose 30 at the stop: 2 % of the wallet is the most */
    assert_dec(answer(&q).quantity, "6.666");
}

static void tiers_pick_cost_and_leverage(void **state)
{
    (void)state;
    size_question_t q = question(SIZING_BY_TIER);
    q.entry = D("40");
    q.stop = D("39");
    assert_dec(answer(&q).quantity, "1"); /* the worked case: cost 8, leverage 5, price 40 */
    assert_int_equal(answer(&q).leverage, 5);
    q.confidence = D("0.5");
    assert_dec(answer(&q).quantity, "0.6"); /* 6 x 4 / 40 */
    assert_int_equal(answer(&q).leverage, 4);
    q.confidence = D("0.49");
    assert_dec(answer(&q).quantity, "0.4");
    config.cost_max = D("2"); /* caps last */
    assert_dec(answer(&q).quantity, "0.2");
    config.leverage = 2;
    assert_int_equal(answer(&q).end, SIZE_BELOW_MINIMUM); /* 2 x 2 / 40 = 0.1 is worth 4: below 5 */
    assert_true(dec_sign(answer(&q).risk_pct_needed) > 0);
}

static void kelly_is_fed_by_results(void **state)
{
    (void)state;
    size_question_t q = question(SIZING_KELLY);
    assert_dec(answer(&q).risk_pct, "0.5");                                                                /* nothing known yet */
    q.results = (size_results_t){.trades = 20, .wins = 11, .losses = 9, .won = D("220"), .lost = D("90")}; /* w .55, R 2 */
    assert_dec(answer(&q).risk_pct, "2");                                                                  /* .1625, capped */
    assert_dec(answer(&q).quantity, "6.666");
    q.results = (size_results_t){.trades = 20, .wins = 6, .losses = 14, .won = D("60"), .lost = D("140")}; /* w .3, R 1 */
    assert_int_equal(answer(&q).end, SIZE_NO_EDGE);
    assert_dec(answer(&q).kelly, "-0.4");
    q.results = (size_results_t){.trades = 20, .wins = 10, .losses = 10, .won = D("102"), .lost = D("100")}; /* a small edge */
    assert_true(dec_lt(answer(&q).risk_pct, D("0.5")) && dec_gt(answer(&q).risk_pct, D("0.4")));
    q.results = (size_results_t){.trades = 20, .wins = 20, .won = D("1")};
    assert_dec(answer(&q).risk_pct, "2"); /* never a loss: the cap */
    q.results = (size_results_t){.trades = 20, .losses = 20, .lost = D("1")};
    assert_int_equal(answer(&q).end, SIZE_NO_EDGE);
}

static void atr_sizes_by_the_farther_of_the_two(void **state)
{
    (void)state;
    size_question_t q = question(SIZING_ATR);
    assert_int_equal(answer(&q).end, SIZE_NO_ATR);
    q.atr = D("2.5"); /* 5 away: 20 / 5 */
    assert_dec(answer(&q).quantity, "4");
    assert_dec(answer(&q).risk_amount, "12"); /* lost at the real stop, 3 away */
    q.atr = D("0.1");                         /* the stop itself is farther */
    assert_dec(answer(&q).quantity, "6.666");
    q.stop = D("103");
    q.atr = D("2.5");
    assert_dec(answer(&q).quantity, "4"); /* a short one alike */
}

static void drawdown_and_market_make_it_smaller(void **state)
{
    (void)state;
    size_question_t q = question(SIZING_RISK_PERCENT);
    q.drawdown = D("0.25");
    assert_dec(answer(&q).risk_pct, "2"); /* off */
    config.drawdown_limit_pct = D("15");
    assert_dec(answer(&q).risk_pct, "1.6"); /* x 0.80 */
    q.drawdown = D("0.60");
    assert_dec(answer(&q).risk_pct, "0.5"); /* x 0.25 */
    q.scale = D("0.5");
    assert_dec(answer(&q).risk_pct, "0.25");
    assert_dec(answer(&q).quantity, "0.833");
    size_question_t tiers = question(SIZING_BY_TIER);
    tiers.entry = D("40");
    tiers.stop = D("39");
    tiers.scale = D("0.5");
    assert_dec(answer(&tiers).quantity, "0.5");
    size_question_t part = question(SIZING_FIXED_FRACTION);
    part.scale = D("0.5");
    assert_dec(answer(&part).quantity, "0.5");
}

static void no_method_risks_more_than_asked(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 11);
    for (int i = 0; i < 5000; i++) {
        size_question_t q = question((sizing_method_t)(SIZING_RISK_PERCENT + prng_next(&prng) % 5));
        size_answer_t found;
        q.entry = dec_from_scaled((int64_t)(prng_next(&prng) % 1000000) + 5000, 2);
        const dec_t away = dec_from_scaled((int64_t)(prng_next(&prng) % 3000) + 1, 2);
        q.stop = prng_next(&prng) % 2 == 0 ? dec_minus(q.entry, away) : dec_plus(q.entry, away);
        q.atr = dec_from_scaled((int64_t)(prng_next(&prng) % 1000) + 1, 2);
        q.basis = dec_from_int((int64_t)(prng_next(&prng) % 100000) + 100);
        config.fraction_pct = dec_from_int((int64_t)(prng_next(&prng) % 100) + 1);
        config.tiers[0].cost = dec_from_int((int64_t)(prng_next(&prng) % 100000) + 1);
        q.results = (size_results_t){.trades = 30, .wins = 20, .losses = 10, .won = D("50"), .lost = D("20")};
        if (size_find(&q, &found) != RESULT_OK) {
            continue; /* an ATR as wide as the price */
        }
        dec_t most = DEC_ZERO;
        assert_int_equal(dec_mul_div(q.basis, config.risk_pct, dec_from_int(100), DEC_ROUND_DOWN, &most), RESULT_OK);
        assert_true(dec_le(found.risk_amount, most));
        assert_true(found.end == SIZE_BELOW_MINIMUM || dec_sign(found.quantity) > 0);
    }
}

static void a_method_is_checked_whole(void **state)
{
    (void)state;
    const char *field = NULL;
    question(SIZING_BY_TIER);
    config.tiers[1].confidence_min = D("0.8");
    assert_int_equal(risk_config_check(&config, &field), RESULT_BAD_ARGUMENT);
    assert_string_equal(field, "tiers");
    config.sizing = SIZING_RISK_PERCENT; /* what is not used need not be right */
    assert_int_equal(risk_config_check(&config, &field), RESULT_OK);
    question(SIZING_KELLY);
    config.kelly_first_pct = D("3");
    assert_int_equal(risk_config_check(&config, &field), RESULT_BAD_ARGUMENT);
    assert_string_equal(field, "kelly_first_pct");
    question(SIZING_RISK_PERCENT);
    config.poor_trades_min = 3;
    assert_int_equal(risk_config_check(&config, &field), RESULT_BAD_ARGUMENT);
    assert_string_equal(field, "poor_win_rate_pct");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(risk_percent_is_as_ever),
        cmocka_unit_test(a_fraction_is_what_the_position_is_worth),
        cmocka_unit_test(tiers_pick_cost_and_leverage),
        cmocka_unit_test(kelly_is_fed_by_results),
        cmocka_unit_test(atr_sizes_by_the_farther_of_the_two),
        cmocka_unit_test(drawdown_and_market_make_it_smaller),
        cmocka_unit_test(no_method_risks_more_than_asked),
        cmocka_unit_test(a_method_is_checked_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
