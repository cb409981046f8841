/* test_signal.c: signal_check, convergence with the worked numbers, dedupe, ids, expiry.
 * shows: STR-2, STR-6, STR-8, R078, R079, R080, R081, R083, R084
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "core/signal/convergence.h"
#include "core/signal/dedupe.h"
#include "support/test_support.h"

static const timeframe_t timeframes[] = {TF_1H, TF_4H, TF_1D};

static void assert_dec(dec_t value, const char *text)
{
    char written[DEC_TEXT_MAX];
    dec_format(value, written);
    assert_string_equal(written, text);
}

static convergence_rules_t rules_default(void)
{
    return (convergence_rules_t){.tolerance_pct = test_dec("0.5"), .matches_min = 2, .life_bars = 4, .reward_risk_min = 1.5};
}

static proposal_t propose(direction_t direction, const char *entry, const char *stop, const char *target, double confidence,
                          int64_t made_h)
{
    return (proposal_t){.direction = direction,
                        .levels = {test_dec(entry), test_dec(stop), test_dec(target)},
                        .confidence = confidence,
                        .bar_open_ns = (made_h - 1) * NS_PER_HOUR,
                        .made_ns = made_h * NS_PER_HOUR};
}

static proposal_t long_at(const char *entry, int64_t made_h)
{
    proposal_t proposal = propose(DIRECTION_LONG, entry, "95", "115", 0.6, made_h);
    return proposal;
}

static bool take(convergence_t *convergence, int64_t now_h, const char *price, convergence_match_t *match)
{
    const convergence_rules_t rules = rules_default();
    return convergence_take(convergence, &rules, now_h * NS_PER_HOUR, test_dec(price), test_dec("0.01"), match);
}

static void put(convergence_t *convergence, uint32_t slot, proposal_t proposal)
{
    const convergence_rules_t rules = rules_default();
    convergence_propose(convergence, &rules, slot, &proposal);
}

static void the_tolerance_is_exact_at_its_border(void **state)
{
    (void)state;
    const dec_t half = test_dec("0.5");
    assert_true(convergence_near(test_dec("99.75"), test_dec("100.25"), half));
    assert_true(convergence_near(test_dec("100.25"), test_dec("99.75"), half));
    assert_false(convergence_near(test_dec("100"), test_dec("100.502"), half));
    assert_false(convergence_near(test_dec("99.75"), test_dec("100.250000000000000001"), half));
    assert_true(convergence_near(test_dec("0.00009975"), test_dec("0.00010025"), half));
    assert_false(convergence_near(test_dec("0.0001"), test_dec("0.000100502"), half));
    assert_false(convergence_near(test_dec("90000000000000000000"), test_dec("80000000000000000000"),
                                  half)); /* beyond the range: not near */
}

static void the_merged_signal_is_the_mean_of_what_is_there(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match;
    convergence_rules_t rules = rules_default();
    rules.reward_risk_min = 0;
    convergence_init(&convergence, timeframes, 3);
    convergence.slots[0].proposal = propose(DIRECTION_LONG, "100", "98", "104", 0.6, 10);
    convergence.slots[1].proposal = propose(DIRECTION_LONG, "100.4", "0", "106", 0.8, 10);
    assert_int_equal(convergence_merge(&convergence, 3, DEC_ZERO, &rules, &match), RESULT_OK);
    assert_dec(match.levels.entry, "100.2");
    assert_dec(match.levels.stop, "98");
    assert_dec(match.levels.target, "105");
    assert_true(fabs(match.confidence - 0.7) < 1e-15);
    assert_int_equal(match.members, 3);

    convergence.slots[1].proposal.confidence = 0.0; /* none: not a zero to average */
    assert_int_equal(convergence_merge(&convergence, 3, DEC_ZERO, &rules, &match), RESULT_OK);
    assert_true(match.confidence == 0.6);
}

static void merged_prices_stand_on_the_tick_and_are_checked_again(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match = {.members = 77};
    convergence_rules_t rules = rules_default();
    convergence_init(&convergence, timeframes, 3);
    convergence.slots[0].proposal = propose(DIRECTION_LONG, "100.01", "98", "104.03", 0.6, 10);
    convergence.slots[1].proposal = propose(DIRECTION_LONG, "100.02", "97.99", "104.04", 0.8, 10);
    assert_int_equal(convergence_merge(&convergence, 3, test_dec("0.01"), &rules, &match), RESULT_OK);
    assert_dec(match.levels.entry, "100.01");
    assert_dec(match.levels.stop, "97.99");
    assert_dec(match.levels.target, "104.03");
    /* each alone is fine, together reward / risk is below the minimum */
    convergence.slots[0].proposal = propose(DIRECTION_LONG, "100", "99", "101.5", 0.6, 10);
    convergence.slots[1].proposal = propose(DIRECTION_LONG, "100", "90", "114.9", 0.8, 10);
    match.members = 77;
    assert_int_equal(convergence_merge(&convergence, 3, test_dec("0.01"), &rules, &match), RESULT_UNSUPPORTED);
    assert_int_equal(match.members, 77);
}

static void two_timeframes_of_one_direction_make_a_signal_once(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match, again;
    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 1, long_at("100", 8));
    assert_false(take(&convergence, 8, "100", &match)); /* one is not enough */
    put(&convergence, 0, long_at("100.4", 10));
    assert_true(take(&convergence, 10, "100.4", &match));
    assert_int_equal(match.members, 3);
    assert_int_equal(match.direction, DIRECTION_LONG);
    assert_false(take(&convergence, 11, "100.4", &again)); /* nothing new */
    put(&convergence, 0, long_at("100.4", 10));            /* the same bar once more */
    assert_false(take(&convergence, 11, "100.4", &again));
    put(&convergence, 0, long_at("100.4", 12)); /* a new bar: another combination */
    assert_true(take(&convergence, 12, "100.4", &again));
    assert_true(again.key != match.key);
}

static void opposite_far_or_dead_proposals_do_not_match(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match;
    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 1, propose(DIRECTION_SHORT, "100", "105", "85", 0.6, 8));
    put(&convergence, 0, long_at("100", 9));
    assert_false(take(&convergence, 9, "100", &match));
    put(&convergence, 1, long_at("100.6", 12));
    put(&convergence, 0, long_at("100", 12));
    assert_false(take(&convergence, 12, "100", &match));

    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 0, long_at("100", 20));
    put(&convergence, 1, long_at("100", 24)); /* the 1h proposal lives 4 h: until 24:00, not longer */
    assert_false(take(&convergence, 24, "100", &match));
    put(&convergence, 0, long_at("100", 39));
    assert_true(take(&convergence, 39, "100", &match)); /* the 4h one lives until hour 40 */
    put(&convergence, 0, long_at("100", 40));
    assert_false(take(&convergence, 40, "100", &match));
}

static void an_opposite_proposal_ends_the_old_one(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match;
    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 0, long_at("100", 8));
    put(&convergence, 0, propose(DIRECTION_SHORT, "100", "105", "85", 0.6, 9));
    put(&convergence, 1, long_at("100", 10));
    assert_false(take(&convergence, 10, "100", &match));
}

static void there_are_no_chains(void **state)
{
    (void)state;
    convergence_t convergence;
    convergence_match_t match;
    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 0, long_at("100", 24));   /* near 1, far from 2 */
    put(&convergence, 1, long_at("100.4", 24)); /* near both */
    put(&convergence, 2, long_at("100.8", 24));
    assert_true(take(&convergence, 24, "100.6", &match));
    assert_int_equal(match.members, 6); /* of two pairs the longer timeframes */

    convergence_init(&convergence, timeframes, 3);
    put(&convergence, 0, long_at("100.2", 24));
    put(&convergence, 1, long_at("100.4", 24));
    put(&convergence, 2, long_at("100.6", 24));
    assert_true(take(&convergence, 24, "100.4", &match));
    assert_int_equal(match.members, 7);
    assert_dec(match.levels.entry, "100.4");
}

static void the_market_must_still_be_there(void **state)
{
    (void)state;
    static const char *const gone[] = {"94.99", "95", "115", "120", "101", "99"};
    convergence_match_t match;
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        convergence_t convergence;
        convergence_init(&convergence, timeframes, 3);
        put(&convergence, 0, long_at("100", 10));
        put(&convergence, 1, long_at("100", 10));
        assert_false(take(&convergence, 10, gone[i], &match));
    }
}

static signal_t signal_good(void)
{
    signal_t signal = {.id = "ETHUSDT-L-SC01-X",
                       .number = 1,
                       .side = SIDE_LONG,
                       .strategy = "SC01",
                       .source = "monitor",
                       .confidence = 0.7,
                       .timeframes = 1u << TF_1H | 1u << TF_4H,
                       .timeframe_source = TF_4H,
                       .made_ns = 10 * NS_PER_HOUR,
                       .expires_ns = 11 * NS_PER_HOUR,
                       .input_count = 1,
                       .inputs = {{"1h.macd", 0.5}}};
    signal.entry = test_dec("100");
    signal.stop = test_dec("98");
    signal.target = test_dec("104");
    return signal;
}

static void a_signal_that_cannot_be_is_refused(void **state)
{
    (void)state;
    signal_t signal = signal_good();
    assert_int_equal(signal_check(&signal), RESULT_OK);
#define REFUSED(change, result)                                                                                                    \
    do {                                                                                                                           \
        signal = signal_good();                                                                                                    \
        change;                                                                                                                    \
        assert_int_equal(signal_check(&signal), result);                                                                           \
    } while (0)
    REFUSED(signal.id[0] = '\0', RESULT_FIELD_MISSING);
    REFUSED(memset(signal.id, 'A', sizeof signal.id), RESULT_FIELD_MISSING);
    REFUSED(memset(signal.strategy, 'A', sizeof signal.strategy), RESULT_FIELD_MISSING);
    REFUSED(signal.source[0] = '\0', RESULT_FIELD_MISSING);
    REFUSED(signal.instrument = INSTRUMENT_NONE, RESULT_FIELD_MISSING);
    REFUSED(signal.side = (position_side_t)3, RESULT_UNKNOWN_VALUE);
    REFUSED(signal.entry = DEC_ZERO, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.stop = test_dec("-1"), RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.stop = test_dec("100"), RESULT_BAD_ARGUMENT);
    REFUSED(signal.target = test_dec("99"), RESULT_BAD_ARGUMENT);
    REFUSED(signal.side = SIDE_SHORT, RESULT_BAD_ARGUMENT);
    REFUSED(signal.confidence = 1.01, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.confidence = NAN, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.timeframe_source = TF_1D, RESULT_UNKNOWN_VALUE);
    REFUSED(signal.timeframes |= 1u << 31, RESULT_UNKNOWN_VALUE);
    REFUSED(signal.expires_ns = signal.made_ns, RESULT_OUT_OF_ORDER);
    REFUSED(signal.made_ns = 0, RESULT_OUT_OF_ORDER);
    REFUSED(signal.input_count = 99, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.inputs[0].value = NAN, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.inputs[0].value = INFINITY, RESULT_NUMBER_OUT_OF_RANGE);
    REFUSED(signal.inputs[0].name[0] = '\0', RESULT_FIELD_MISSING);
#undef REFUSED
}

static void a_repetition_within_the_window_is_one(void **state)
{
    (void)state;
    dedupe_t dedupe;
    dedupe_entry_t entries[4];
    dedupe_init(&dedupe, entries, 4, 60 * NS_PER_S);
    signal_t signal = signal_good();
    assert_true(dedupe_admit(&dedupe, &signal));
    signal.made_ns += 60 * NS_PER_S - 1;
    assert_false(dedupe_admit(&dedupe, &signal));
    signal.made_ns += 1;
    assert_true(dedupe_admit(&dedupe, &signal)); /* 60 s after the first: new */
    signal.side = SIDE_SHORT;
    assert_true(dedupe_admit(&dedupe, &signal));
    strcpy(signal.strategy, "SC02");
    assert_true(dedupe_admit(&dedupe, &signal));
    strcpy(signal.source, "web");
    assert_true(dedupe_admit(&dedupe, &signal));
    signal.instrument = 3;
    assert_true(dedupe_admit(&dedupe, &signal));
    assert_false(dedupe_admit(&dedupe, &signal));
    dedupe_init(&dedupe, entries, 4, 0);
    assert_true(dedupe_admit(&dedupe, &signal) && dedupe_admit(&dedupe, &signal));
}

static void a_signal_expires(void **state)
{
    (void)state;
    const signal_t signal = signal_good();
    assert_true(signal_is_live(&signal, signal.expires_ns - 1));
    assert_false(signal_is_live(&signal, signal.expires_ns));
}

static void ids_are_deterministic_and_differ_in_each_part(void **state)
{
    (void)state;
    instrument_t instrument = {.venue = "BINANCE", .symbol = "BANANAS31USDT", .kind = INSTRUMENT_PERPETUAL};
    char first[SIGNAL_ID_MAX], other[SIGNAL_ID_MAX];
    signal_id_make(&instrument, SIDE_LONG, "SC01", 12345, first);
    signal_id_make(&instrument, SIDE_LONG, "SC01", 12345, other);
    assert_string_equal(first, other);
    assert_int_equal(strncmp(first, "BANANAS31USDT-L-SC01-", 21), 0);
    signal_id_make(&instrument, SIDE_LONG, "SC01", 12346, other);
    assert_string_not_equal(first, other);
    signal_id_make(&instrument, SIDE_SHORT, "SC01", 12345, other);
    assert_string_not_equal(first + 16, other + 16);
    strcpy(instrument.venue, "BYBIT");
    signal_id_make(&instrument, SIDE_LONG, "SC01", 12345, other);
    assert_string_not_equal(first, other);
    memset(instrument.symbol, 'X', SYMBOL_TEXT_MAX - 1);
    signal_id_make(&instrument, SIDE_LONG, "A_STRATEGY_OF_23_LETTER", 12345, other);
    assert_true(strlen(other) < SIGNAL_ID_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tolerance_is_exact_at_its_border),
        cmocka_unit_test(the_merged_signal_is_the_mean_of_what_is_there),
        cmocka_unit_test(merged_prices_stand_on_the_tick_and_are_checked_again),
        cmocka_unit_test(two_timeframes_of_one_direction_make_a_signal_once),
        cmocka_unit_test(opposite_far_or_dead_proposals_do_not_match),
        cmocka_unit_test(an_opposite_proposal_ends_the_old_one),
        cmocka_unit_test(there_are_no_chains),
        cmocka_unit_test(the_market_must_still_be_there),
        cmocka_unit_test(a_signal_that_cannot_be_is_refused),
        cmocka_unit_test(a_repetition_within_the_window_is_one),
        cmocka_unit_test(a_signal_expires),
        cmocka_unit_test(ids_are_deterministic_and_differ_in_each_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
