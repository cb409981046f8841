/* test_score_state.c: scores, their adaptation, resting symbols, the market's state and parameter texts, with the worked numbers of
 * originals.md, sections 4.2, 4.3 and 8.
 * shows: STR-1, STR-8, STR-9, RSK-4, RSK-7, R171, R073, R093, R094, R095, R096, R097, R099, R100, R108
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/strategy/adaptation.h"
#include "core/strategy/market_state.h"
#include "core/strategy/parameters.h"
#include "core/strategy/weighted_score.h"

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12;
}

static uint64_t states_of(const char *const *names, size_t count)
{
    uint64_t states = 0;
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (feature_t k = 0; k < FEATURE_COUNT; k++) {
            if (strcmp(feature_name(k), names[i]) == 0) {
                states |= (uint64_t)1 << k;
                found = true;
            }
        }
        assert_true(found);
    }
    return states;
}

/* Section 8: score 7.4 -> .74; 12 -> 1.0; long 5.2, short 7.0, threshold 5 -> SHORT. */
static void the_higher_side_wins_and_a_tie_is_nothing(void **state)
{
    (void)state;
    const score_rules_t rules = score_rules_default();
    score_t score = score_decide(&rules, 7.4, 0);
    assert_true(score.direction == DIRECTION_LONG && near(score.confidence, 0.74));
    assert_true(score_decide(&rules, 12, 0).confidence == 1.0);
    score = score_decide(&rules, 5.2, 7.0);
    assert_true(score.direction == DIRECTION_SHORT && near(score.confidence, 0.7));
    assert_true(score_decide(&rules, 6, 6).direction == DIRECTION_NONE);
    assert_true(score_decide(&rules, 4.99, 1).direction == DIRECTION_NONE);
    assert_true(score_decide(&rules, 5.0, 1).direction == DIRECTION_LONG);
    score = score_decide(&rules, 6.0, 2.4);
    assert_false(score_wants_exit(&rules, &score, DIRECTION_LONG));
    score = score_decide(&rules, 6.0, 2.5);
    assert_true(score_wants_exit(&rules, &score, DIRECTION_LONG));
    assert_true(score_wants_exit(&rules, &score, DIRECTION_SHORT));
    assert_false(score_wants_exit(&rules, &score, DIRECTION_NONE));
}

static void weights_are_those_of_m_and_states_without_direction_are_out(void **state)
{
    (void)state;
    static const char *const longs[] = {"EMA_50_gt_200", "EMA_9_cross_21_up", "MACD_cross_up", "bounce_from_support"};
    static const char *const out[] = {"ADX_Strong",        "High_Volatility", "at_fibo_618",
                                      "at_fibo_key_level", "at_support",      "ADX_Weak"};
    const score_rules_t rules = score_rules_default();
    score_t score = score_of(&rules, states_of(longs, 4));
    assert_true(near(score.longs, 2.0 + 1.5 + 1.5 + 1.2) && score.shorts == 0.0);
    score = score_of(&rules, states_of(out, 6));
    assert_true(score.longs == 0.0 && score.shorts == 0.0);
    score = score_of(&rules, UINT64_MAX >> (64 - FEATURE_COUNT)); /* all of them: the mirror lacks Vol_Spike only */
    assert_true(near(score.longs - score.shorts, 1.0) && near(score.longs, 17.3));
    static const char *const silent[] = {"EMA_9_gt_21", "DI_Plus_Above", "RSI_14_lt_50",
                                         "at_fibo_618"}; /* weight 0, or not LONG's */
    const uint64_t both = states_of(longs, 4) | states_of(silent, 4),
                   of_short = states_of((const char *const[]){"RSI_14_lt_50"}, 1);
    assert_true(score_reasons(&rules, both, DIRECTION_LONG) == states_of(longs, 4));
    assert_true(score_reasons(&rules, both, DIRECTION_SHORT) == of_short);
}

/* Added up as doubles they come to 5.499999999999999, and the two sides of the tie differ in the last digit. */
static void tenths_that_come_to_the_threshold_reach_it(void **state)
{
    (void)state;
    static const char *const reach[] = {"Ichimoku_TK_Cross_Up", "MACD_gt_signal",   "RSI_14_gt_50",
                                        "RSI_Bullish_Div",      "MACD_Bullish_Div", "Price_lt_BB_Low"};
    score_rules_t rules = score_rules_default();
    rules.entry = 5.5;
    score_t score = score_of(&rules, states_of(reach, 6));
    assert_true(score.direction == DIRECTION_LONG && score.longs == 5.5 && score.confidence == 0.55);
    static const char *const tie[] = {"Ichimoku_TK_Cross_Up", "MACD_gt_signal",   "RSI_14_gt_50",  "RSI_Bullish_Div",
                                      "MACD_Bullish_Div",     "Price_lt_BB_Low",  "EMA_50_lt_200", "EMA_9_cross_21_down",
                                      "MACD_lt_signal",       "RSI_14_overbought"}; /* 5.5 against 2.0 + 1.5 + 1.0 + 1.0 */
    score = score_of(&rules, states_of(tie, 10));
    assert_true(score.direction == DIRECTION_NONE && score.longs == score.shorts);
}

static void each_state_has_one_row_at_most(void **state)
{
    (void)state;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        assert_false((seen >> score_rows[i].feature & 1u) != 0);
        seen |= (uint64_t)1 << score_rows[i].feature;
        assert_string_equal(strategy_weighted_score.options[strategy_weighted_score.weights_at + i].name,
                            feature_name(score_rows[i].feature));
    }
    for (feature_t k = 1; k < FEATURE_COUNT; k++) {
        for (feature_t other = 0; other < k; other++) {
            assert_string_not_equal(feature_name(k), feature_name(other));
        }
    }
}

static score_rules_t adapted_rules(const score_rules_t *configured, const signal_results_t *results)
{
    const adaptation_rules_t bounds = adaptation_rules_default();
    score_rules_t rules = *configured;
    score_weights_adapt(configured->weights, results, &bounds, rules.weights);
    return rules;
}

static void weights_adapt_within_bounds_and_come_back(void **state)
{
    (void)state;
    signal_results_t results[SCORE_WEIGHTS] = {{0}};
    const score_rules_t rules = score_rules_default();
    static const char *const spoke[] = {"EMA_50_gt_200", "EMA_50_lt_200"};
    const uint64_t states = states_of(spoke, 2);
    score_results_add(results, states, DIRECTION_LONG, false);
    score_results_add(results, states, DIRECTION_LONG, false);
    assert_true(adapted_rules(&rules, results).weights[0] == 2.0); /* two results are too few */
    score_results_add(results, states, DIRECTION_LONG, false);
    assert_true(adapted_rules(&rules, results).weights[0] == 1.0);
    for (unsigned i = 0; i < 1000; i++) { /* never less than half, however often it loses */
        score_results_add(results, states, DIRECTION_LONG, false);
    }
    assert_true(adapted_rules(&rules, results).weights[0] == 1.0 && results[0].count == 20);
    for (unsigned i = 0; i < 20; i++) { /* the last 20 alone count */
        score_results_add(results, states, DIRECTION_LONG, true);
    }
    assert_true(near(adapted_rules(&rules, results).weights[0], 2.4));
    const score_rules_t adapted = adapted_rules(&rules, results);
    assert_memory_equal(&adapted.weights[1], &rules.weights[1],
                        (SCORE_WEIGHTS - 1) * sizeof rules.weights[0]); /* it spoke for LONG only */
    /* 14 of 20 is exactly 0.70: as configured; 7 of 20 is exactly 0.35: as configured */
    const adaptation_rules_t bounds = adaptation_rules_default();
    signal_results_t edge = {0};
    for (unsigned i = 0; i < 20; i++) {
        signal_results_add(&edge, i < 14);
    }
    assert_true(signal_results_factor(&edge, &bounds) == 1.0);
    edge = (signal_results_t){0};
    for (unsigned i = 0; i < 20; i++) {
        signal_results_add(&edge, i < 7);
    }
    assert_true(signal_results_factor(&edge, &bounds) == 1.0);
}

static void a_symbol_with_three_losses_in_twelve_hours_rests(void **state)
{
    (void)state;
    const symbol_rules_t rules = {.trades_min = 3, .win_rate_min = 0.30, .window_ns = 12 * NS_PER_HOUR};
    const symbol_rules_t none = {.trades_min = 0, .win_rate_min = 0.30, .window_ns = 12 * NS_PER_HOUR};
    symbol_trades_t trades = {0};
    int64_t until = 0;
    double rate = 1.0;
    const int64_t start = 19800 * NS_PER_DAY;
    symbol_trades_add(&trades, start, false);
    symbol_trades_add(&trades, start + NS_PER_HOUR, false);
    assert_false(symbol_is_skipped(&trades, &rules, start + 2 * NS_PER_HOUR, &until, &rate));
    symbol_trades_add(&trades, start + 2 * NS_PER_HOUR, false);
    assert_true(symbol_is_skipped(&trades, &rules, start + 2 * NS_PER_HOUR, &until, &rate));
    assert_true(until == start + 12 * NS_PER_HOUR && rate == 0.0);
    assert_false(symbol_is_skipped(&trades, &none, start + 2 * NS_PER_HOUR, NULL, NULL));
    assert_true(symbol_is_skipped(&trades, &rules, until - 1, NULL, NULL));
    assert_false(symbol_is_skipped(&trades, &rules, until, NULL, NULL));
    symbol_trades_add(&trades, start + 3 * NS_PER_HOUR, true); /* 1 of 4: 0.25; without the first 1 of 3: 0.33 */
    assert_true(symbol_is_skipped(&trades, &rules, start + 3 * NS_PER_HOUR, &until, &rate));
    assert_true(until == start + 12 * NS_PER_HOUR);
    symbol_trades_add(&trades, start + 4 * NS_PER_HOUR, false); /* 1 of 5; then 1 of 4; then 1 of 3 */
    assert_true(symbol_is_skipped(&trades, &rules, start + 4 * NS_PER_HOUR, &until, &rate));
    assert_true(until == start + 13 * NS_PER_HOUR && rate == 0.2);
}

static void the_parts_of_the_market_score(void **state)
{
    (void)state;
    assert_true(near(market_score_of(1, 1, 0.2, NAN), 0.92)); /* (0.4 + 0.3 + 0.04 + 0.1 + 1) / 2 */
    assert_true(near(market_score_of(-1, -1, -1, -9), 0.0));
    assert_true(near(market_score_of(0.4, -0.2, 0.2, 1.5), (0.16 - 0.06 + 0.04 + 0.05 + 1) / 2));
    assert_true(market_score_of(-0.7, 0.0, -0.6, NAN) == 0.30); /* 0.30000000000000004 unless it is made a decimal again */
    assert_int_equal(market_zone(0.2999), MARKET_ZONE_RED);
    assert_int_equal(market_zone(0.30), MARKET_ZONE_NEUTRAL);
    assert_int_equal(market_zone(0.70), MARKET_ZONE_NEUTRAL);
    assert_int_equal(market_zone(0.7001), MARKET_ZONE_GREEN);
    assert_int_equal(market_zone(NAN), MARKET_ZONE_UNKNOWN);
    assert_true(market_entry_factor(0.69, DIRECTION_SHORT) == 1.0 && market_entry_factor(0.70, DIRECTION_SHORT) == 0.5);
    assert_true(market_entry_factor(0.85, DIRECTION_SHORT) == 0.0 && market_entry_factor(0.99, DIRECTION_LONG) == 1.0);
    assert_true(market_entry_factor(0.30, DIRECTION_LONG) == 0.5 && market_entry_factor(0.15, DIRECTION_LONG) == 0.0);
    assert_true(market_entry_factor(NAN, DIRECTION_LONG) == 1.0);
}

/* Bars that drift by `step` a bar, with a little noise of `width`. */
static void drift(market_frame_t *frame, prng_t *prng, double *price, uint32_t bars, double step, double width)
{
    for (uint32_t i = 0; i < bars; i++) {
        const double open = *price;
        *price += step + width * (prng_unit(prng) - 0.5);
        const double high = (open > *price ? open : *price) + width, low = (open < *price ? open : *price) - width;
        const indicator_bar_t bar = {.open = open, .high = high, .low = low, .close = *price, .volume = 1};
        market_frame_next(frame, &bar);
    }
}

static void regimes_are_told_apart(void **state)
{
    (void)state;
    market_frame_t *frame = malloc(sizeof *frame);
    prng_t prng;
    double price = 1000;
    prng_seed(&prng, 4);
    market_frame_init(frame);
    drift(frame, &prng, &price, MARKET_WARM_UP, 1.0, 0.5);
    assert_false(market_frame_is_warm(frame));
    assert_int_equal(frame->regime, REGIME_UNKNOWN);
    drift(frame, &prng, &price, 1, 1.0, 0.5);
    assert_true(market_frame_is_warm(frame));
    assert_int_equal(frame->regime, REGIME_UP);
    assert_true(near(frame->trend, 1.0) && (frame->momentum == 1.0 || frame->momentum == 0.0)); /* RSI 0.5, MACD +-0.5 */
    const market_frame_t *frames[MARKET_TIMEFRAMES] = {frame, NULL, frame};
    assert_true(near(market_score(frames, NAN), market_score_of(frame->trend, frame->momentum, frame->volatility, NAN)));
    drift(frame, &prng, &price, 400, -1.0, 0.5);
    assert_int_equal(frame->regime, REGIME_DOWN);
    assert_true(near(frame->trend, -1.0));
    drift(frame, &prng, &price, 300, 0.0, 1.5);
    drift(frame, &prng, &price, 20, 0.0, 30.0);
    assert_int_equal(frame->regime, REGIME_VOLATILE);
    uint32_t ranging = 0;
    const double home = price;
    for (uint32_t i = 0; i < 500; i++) { /* drawn back to where it was */
        drift(frame, &prng, &price, 1, 0.8 * (home - price), 30.0);
        ranging += i >= 400 && frame->regime == REGIME_RANGING;
    }
    assert_true(ranging > 90);
    assert_string_equal(regime_name(REGIME_RANGING), "ranging");
    const market_frame_t *none[MARKET_TIMEFRAMES] = {NULL, NULL, NULL};
    assert_true(isnan(market_score(none, 0)));
    free(frame);
}

static dec_t dec(const char *text)
{
    dec_t value;
    assert_int_equal(dec_parse(text, strlen(text), &value), RESULT_OK);
    return value;
}

/* Section 8: close 100, ATR 2, x 2 -> stop 96, target 108; ATR .1 -> stop 99.5 (clamp). */
static void the_levels_of_the_score_keep_their_bounds(void **state)
{
    (void)state;
    static const struct {
        double atr;
        direction_t direction;
        const char *stop, *target;
    } rows[] = {
        {2, DIRECTION_LONG, "96", "108"}, {0.1, DIRECTION_LONG, "99.5", "101"},  {2, DIRECTION_SHORT, "104", "92"},
        {7, DIRECTION_LONG, "90", "120"}, {0.2, DIRECTION_SHORT, "100.5", "99"}, {0.375, DIRECTION_LONG, "99.25", "101.5"},
    };
    const strategy_kind_t *kind = strategy_find(STR("WeightedScore"), NULL);
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    const level_rules_t rules = kind->levels(options);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        levels_t levels;
        assert_int_equal(levels_make(&rules, rows[i].direction, dec("100"), rows[i].atr, dec("0.01"), &levels), RESULT_OK);
        assert_true(dec_eq(levels.stop, dec(rows[i].stop)) && dec_eq(levels.target, dec(rows[i].target)));
    }
}

/* RSK-4: structure gives the price; on the wrong side of the entry there is no trade. */
static void structure_is_a_price_on_its_side_of_the_entry(void **state)
{
    (void)state;
    level_rules_t rules = {
        .stop_kind = LEVEL_PRICE, .stop = 97.123, .target_kind = LEVEL_PRICE, .target = 106.789, .reward_risk_min = 1.5};
    levels_t levels;
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, dec("100"), NAN, dec("0.01"), &levels), RESULT_OK);
    assert_true(dec_eq(levels.stop, dec("97.12")) && dec_eq(levels.target, dec("106.78")));
    assert_int_equal(levels_make(&rules, DIRECTION_SHORT, dec("100"), NAN, dec("0.01"), &levels), RESULT_NUMBER_OUT_OF_RANGE);
    rules.stop = 100;
    assert_int_equal(levels_make(&rules, DIRECTION_LONG, dec("100"), NAN, dec("0.01"), &levels), RESULT_NUMBER_OUT_OF_RANGE);
    rules =
        (level_rules_t){.stop_kind = LEVEL_PRICE, .stop = 102, .target_kind = LEVEL_REWARD, .target = 2, .reward_risk_min = 1.5};
    assert_int_equal(levels_make(&rules, DIRECTION_SHORT, dec("100"), NAN, dec("0.01"), &levels), RESULT_OK);
    assert_true(dec_eq(levels.stop, dec("102")) && dec_eq(levels.target, dec("96")));
    rules.target = 1.4; /* below the least reward / risk */
    assert_int_equal(levels_make(&rules, DIRECTION_SHORT, dec("100"), NAN, dec("0.01"), &levels), RESULT_UNSUPPORTED);
}

/* --- parameter texts -------------------------------------------------------------------------- */

typedef struct {
    parameters_t fresh, in_force;
    parameters_error_t error;
} book_t;

static book_t *book(void)
{
    return calloc(1, sizeof(book_t));
}

static result_t read_text(book_t *book, const char *text)
{
    return parameters_read(text, strlen(text), NULL, &book->fresh, &book->in_force, &book->error);
}

static uint32_t option_of(const strategy_kind_t *kind, const char *name)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        if (strcmp(kind->options[i].name, name) == 0) {
            return i;
        }
    }
    fail();
    return 0;
}

static double value_of(const book_t *book, const char *strategy, const char *venue, const char *symbol, timeframe_t timeframe,
                       const char *option)
{
    const strategy_kind_t *kind = strategy_find(str_from(strategy), NULL);
    double options[STRATEGY_OPTIONS_MAX];
    parameters_resolve(&book->in_force, kind, venue, symbol, timeframe, options);
    return options[option_of(kind, option)];
}

static void the_most_special_section_has_the_last_word(void **state)
{
    (void)state;
    book_t *mine = book();
    assert_int_equal(read_text(mine, "# weights\n"
                                     "[WeightedScore binance BTCUSDT 1h]\n entry_score = 4 # lower\n"
                                     "[score]\nentry_score=6\nEMA_50_gt_200 = 2.5\n\n"
                                     "[WeightedScore BTCUSDT]\nentry_score = 5.5\nstop_atr = 1.5\r\n"
                                     "[WeightedScore BTCUSDT 4h]\nexit_score = 3\n"
                                     "[SC01 ETHUSDT]\nfast = 8\n"),
                     RESULT_OK);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "BTCUSDT", TF_1H, "entry_score") == 4);
    assert_true(value_of(mine, "WeightedScore", "BYBIT", "BTCUSDT", TF_1H, "entry_score") == 5.5);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "btcusdt", TF_4H, "entry_score") == 5.5);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "BTCUSDT", TF_4H, "exit_score") == 3);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "BTCUSDT", TF_1H, "stop_atr") == 1.5);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "ETHUSDT", TF_1H, "entry_score") == 6);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "BTCUSDT", TF_1H, "EMA_50_gt_200") == 2.5);
    assert_true(value_of(mine, "WeightedScore", "BINANCE", "BTCUSDT", TF_1H, "MACD_cross_up") == 1.5); /* the preset */
    assert_true(value_of(mine, "SC01", "BINANCE", "ETHUSDT", TF_1H, "fast") == 8);
    assert_true(value_of(mine, "SC01", "BINANCE", "BTCUSDT", TF_1H, "fast") == 12);
    free(mine);
}

static void a_wrong_text_is_refused_with_its_line_and_the_old_one_stays(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
        const char *says;
    } wrong[] = {
        {"[WeightedScor]\n", 1, "did you mean WeightedScore?"},
        {"\n[WeightedScore]\nentry_scor = 4\n", 3, "did you mean entry_score?"},
        {"[WeightedScore]\nentry_score = four\n", 2, "number from 0.1 to 100"},
        {"[WeightedScore]\nentry_score = 1000\n", 2, "number from 0.1 to 100"},
        {"[WeightedScore]\nenabled = 0.5\n", 2, "whole number from 0 to 1"},
        {"[WeightedScore]\nentry_score = 1e1\n", 2, "number from"},
        {"[WeightedScore]\nentry_score = nan\n", 2, "number from"},
        {"[WeightedScore]\nentry_score\n", 2, "key = number"},
        {"[WeightedScore]\nentry_score =\n", 2, "key = number"},
        {"[WeightedScore]\n= 4\n", 2, "key = number"},
        {"entry_score = 4\n", 1, "heading"},
        {"[WeightedScore\n", 1, "ends with"},
        {"[]\n", 1, "a heading is"},
        {"[WeightedScore a b 1h x]\n", 1, "a heading is"},
        {"[WeightedScore BTCUSDT 7h]\n", 1, "is no timeframe"},
        {"[SC01]\n[WeightedScore 1h]\n", 2, "a symbol stands before it"},
        {"[WeightedScore BINNANCE BTCUSDT 1h]\n", 1, "write BINANCE"},
        {"[WeightedScore A0123456789012345678901234567890123456789]\n", 1, "at most"},
        {"[WeightedScore]\n[SCORE]\n", 2, "twice"},
        {"[WeightedScore]\nentry_score = 4\nENTRY_SCORE = 5\n", 3, "twice"},
        {"[SC01]\nfast = 30\n[SC01 BTCUSDT]\nslow = 40\n", 2, "contradicts"},
        {"[SC01]\nslow = 40\n[SC01 BTCUSDT]\nfast = 39\n[SC01 BTCUSDT 1h]\nslow = 20\n", 5, "contradicts"},
    };
    book_t *mine = book();
    assert_int_equal(read_text(mine, "\xef\xbb\xbf[WeightedScore]\r\nentry_score = 4.25\r\n"),
                     RESULT_OK); /* as Notepad writes it */
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_not_equal(read_text(mine, wrong[i].text), RESULT_OK);
        if (mine->error.line != wrong[i].line || strstr(mine->error.text, wrong[i].says) == NULL) {
            fail_msg("text %zu: line %u: %s", i, mine->error.line, mine->error.text);
        }
        assert_true(value_of(mine, "WeightedScore", "X", "Y", TF_1H, "entry_score") == 4.25);
    }
    free(mine);
}

static void a_text_is_bounded(void **state)
{
    (void)state;
    book_t *mine = book();
    char *text = malloc(PARAMETERS_TEXT_MAX + 2);
    memset(text, '#', PARAMETERS_TEXT_MAX + 2);
    assert_int_equal(parameters_read(text, PARAMETERS_TEXT_MAX + 1, NULL, &mine->fresh, &mine->in_force, &mine->error),
                     RESULT_TEXT_TOO_LONG);
    assert_int_equal(parameters_read(text, 300, NULL, &mine->fresh, &mine->in_force, &mine->error), RESULT_TEXT_TOO_LONG);
    size_t used = 0;
    for (unsigned i = 0; i < PARAMETERS_SECTIONS_MAX + 1; i++) {
        char name[] = "[SC01 S000]\n";
        name[7] = (char)('0' + i / 100);
        name[8] = (char)('0' + i / 10 % 10);
        name[9] = (char)('0' + i % 10);
        memcpy(text + used, name, 12);
        used += 12;
    }
    assert_int_equal(parameters_read(text, used, NULL, &mine->fresh, &mine->in_force, &mine->error), RESULT_FULL);
    assert_int_equal(mine->error.line, PARAMETERS_SECTIONS_MAX + 1);
    assert_int_equal(parameters_read(text, used - 12, NULL, &mine->fresh, &mine->in_force, &mine->error), RESULT_OK);
    free(text);
    free(mine);
}

static void memory_is_that_of_the_largest_section(void **state)
{
    (void)state;
    book_t *mine = book();
    const strategy_kind_t *kind = strategy_find(STR("MovingAverageCrossover"), NULL);
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    assert_int_equal(parameters_memory(&mine->in_force, kind), strategy_memory(kind, options));
    assert_int_equal(read_text(mine, "[MA_CROSS ETHUSDT]\nslow = 1000\n"), RESULT_OK);
    options[option_of(kind, "slow")] = 1000;
    assert_int_equal(parameters_memory(&mine->in_force, kind), strategy_memory(kind, options));
    free(mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_higher_side_wins_and_a_tie_is_nothing),
        cmocka_unit_test(weights_are_those_of_m_and_states_without_direction_are_out),
        cmocka_unit_test(tenths_that_come_to_the_threshold_reach_it),
        cmocka_unit_test(each_state_has_one_row_at_most),
        cmocka_unit_test(weights_adapt_within_bounds_and_come_back),
        cmocka_unit_test(a_symbol_with_three_losses_in_twelve_hours_rests),
        cmocka_unit_test(the_parts_of_the_market_score),
        cmocka_unit_test(regimes_are_told_apart),
        cmocka_unit_test(the_levels_of_the_score_keep_their_bounds),
        cmocka_unit_test(structure_is_a_price_on_its_side_of_the_entry),
        cmocka_unit_test(the_most_special_section_has_the_last_word),
        cmocka_unit_test(a_wrong_text_is_refused_with_its_line_and_the_old_one_stays),
        cmocka_unit_test(a_text_is_bounded),
        cmocka_unit_test(memory_is_that_of_the_largest_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
