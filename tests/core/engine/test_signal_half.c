/* test_signal_half.c: bars in, numbered signals out: history and live, gaps, determinism, memory, outcomes.
 * shows: STR-2, STR-6, STR-8, MKT-4, I10, I17, I18, R077, R082
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/engine/signal_half.h"

enum { BARS = 6000, INSTRUMENTS = 20 };

static instrument_table_t table;

typedef struct {
    signal_half_t half;
    void *memory;
} fixture_t;

static void table_make(void)
{
    memset(&table, 0, sizeof table);
    for (unsigned i = 0; i < INSTRUMENTS; i++) {
        instrument_t *instrument = &table.items[i];
        strcpy(instrument->venue, "BINANCE");
        snprintf(instrument->symbol, sizeof instrument->symbol, "COIN%uUSDT", i);
        instrument->kind = INSTRUMENT_PERPETUAL;
        instrument->status = INSTRUMENT_TRADING;
        instrument->tick_size = dec_from_scaled(1, 2);
    }
    table.count = INSTRUMENTS;
}

static void fixture_start(fixture_t *fixture, const signal_half_config_t *config)
{
    const size_t size = signal_half_memory(config);
    arena_t arena;
    fixture->memory = malloc(size);
    arena_init(&arena, fixture->memory, size);
    assert_int_equal(signal_half_init(&fixture->half, config, &table, &arena), RESULT_OK);
}

static signal_half_config_t config_default(void)
{
    signal_half_config_t config;
    signal_half_config_default(&config);
    return config;
}

static int64_t bar_time(size_t i)
{
    return 19800 * NS_PER_DAY + (int64_t)i * NS_PER_HOUR;
}

/* A walk whose steps have a memory, so that moving averages cross now and then on several timeframes. */
static void bars_make(candle_t *bars, size_t count, uint64_t seed)
{
    prng_t prng;
    int64_t price = 300000;
    double drift = 0;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < count; i++) {
        drift = 0.5 * drift + 400.0 * prng_normal(&prng);
        int64_t next = price + (int64_t)drift;
        next = next < 100000 ? 100000 : next;
        const int64_t high = (next > price ? next : price) + (int64_t)prng_below(&prng, 300);
        const int64_t low = (next < price ? next : price) - (int64_t)prng_below(&prng, 300);
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

/* Feeds bars from .. to; signals are appended to out (as many as fit are counted). */
static size_t feed(signal_half_t *half, instrument_id_t id, const candle_t *bars, size_t from, size_t to, signal_half_mode_t mode,
                   signal_t *out, size_t capacity)
{
    size_t total = 0;
    for (size_t i = from; i < to; i++) {
        signal_t made[SIGNAL_HALF_SIGNALS_MAX];
        uint32_t count = 99;
        assert_int_equal(signal_half_on_bar(half, id, &bars[i], mode, made, &count), RESULT_OK);
        for (uint32_t k = 0; k < count; k++) {
            assert_true(total < capacity);
            out[total++] = made[k];
        }
    }
    return total;
}

static candle_t bars[BARS];
static signal_t signals[BARS], others[BARS];

static void signals_are_sound_and_numbered_without_a_hole(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    fixture_t fixture;
    fixture_start(&fixture, &config);
    assert_int_equal(signal_half_watch(&fixture.half, 3), RESULT_OK);
    bars_make(bars, BARS, 7);
    const size_t count = feed(&fixture.half, 3, bars, 0, BARS, SIGNAL_HALF_LIVE, signals, BARS);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        const signal_t *signal = &signals[i];
        assert_int_equal(signal_check(signal), RESULT_OK);
        assert_int_equal(signal->number, i + 1);
        assert_int_equal(signal->instrument, 3);
        assert_true(dec_is_multiple(signal->entry, table.items[3].tick_size) &&
                    dec_is_multiple(signal->stop, table.items[3].tick_size) &&
                    dec_is_multiple(signal->target, table.items[3].tick_size));
        assert_true((signal->timeframes & (signal->timeframes - 1)) != 0); /* at least two */
        assert_int_equal((signal->made_ns - bar_time(0)) % NS_PER_HOUR, 0);
        const bool has_1h = (signal->timeframes & (1u << TF_1H)) != 0;
        assert_int_equal(signal->expires_ns - signal->made_ns, has_1h ? NS_PER_HOUR : 4 * NS_PER_HOUR);
        assert_true(signal->input_count >= 6);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(signal->id, signals[k].id);
        }
    }
    const signal_half_counters_t counters = signal_half_counters(&fixture.half);
    assert_int_equal(counters.bars, BARS);
    assert_int_equal(counters.signals, count);
    assert_int_equal(counters.number_last, count);
    assert_int_equal(counters.instruments_warm, 1);
    free(fixture.memory);
}

static void the_same_bars_give_the_same_signals_alone_or_among_others(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    static candle_t noise[BARS];
    signal_t ignored[SIGNAL_HALF_SIGNALS_MAX];
    fixture_t alone, among;
    fixture_start(&alone, &config);
    fixture_start(&among, &config);
    bars_make(bars, BARS, 8);
    bars_make(noise, BARS, 9);
    assert_int_equal(signal_half_watch(&alone.half, 2), RESULT_OK);
    for (instrument_id_t id = 0; id < INSTRUMENTS; id++) {
        assert_int_equal(signal_half_watch(&among.half, id), RESULT_OK);
    }
    const size_t count = feed(&alone.half, 2, bars, 0, BARS, SIGNAL_HALF_LIVE, signals, BARS);
    size_t same = 0;
    for (size_t i = 0; i < BARS; i++) {
        (void)feed(&among.half, 11, noise, i, i + 1, SIGNAL_HALF_LIVE, ignored, SIGNAL_HALF_SIGNALS_MAX);
        same += feed(&among.half, 2, bars, i, i + 1, SIGNAL_HALF_LIVE, others + same, BARS - same);
    }
    assert_int_equal(same, count);
    for (size_t i = 0; i < count; i++) {
        others[i].number = signals[i].number; /* the others have taken numbers too */
        assert_string_equal(others[i].id, signals[i].id);
        assert_true(dec_eq(others[i].stop, signals[i].stop) && others[i].confidence == signals[i].confidence);
    }
    free(alone.memory);
    free(among.memory);
}

static void history_warms_up_in_silence_and_live_goes_on_from_it(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    fixture_t whole, resumed;
    fixture_start(&whole, &config);
    fixture_start(&resumed, &config);
    bars_make(bars, BARS, 10);
    signal_half_watch(&whole.half, 0);
    signal_half_watch(&resumed.half, 0);
    const size_t all = feed(&whole.half, 0, bars, 0, BARS, SIGNAL_HALF_LIVE, signals, BARS);
    size_t before = 0;
    while (before < all && signals[before].made_ns <= bar_time(3000)) {
        before++;
    }
    assert_true(before > 5 && all - before > 5);
    assert_int_equal(feed(&resumed.half, 0, bars, 0, 3000, SIGNAL_HALF_HISTORY, others, BARS), 0);
    assert_int_equal(signal_half_counters(&resumed.half).number_last, 0);
    signal_half_number_set(&resumed.half, before, 0);
    const size_t count = feed(&resumed.half, 0, bars, 3000, BARS, SIGNAL_HALF_LIVE, others, BARS);
    assert_int_equal(count, all - before);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(others[i].id, signals[before + i].id);
        assert_int_equal(others[i].number, signals[before + i].number);
    }
    free(whole.memory);
    free(resumed.memory);
}

static void a_gap_costs_the_warm_up_and_no_signal_rests_on_bars_across_it(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    fixture_t fixture;
    fixture_start(&fixture, &config);
    bars_make(bars, BARS, 11);
    signal_half_watch(&fixture.half, 0);
    (void)feed(&fixture.half, 0, bars, 0, 3000, SIGNAL_HALF_LIVE, signals, BARS);
    const size_t count = feed(&fixture.half, 0, bars, 3003, BARS, SIGNAL_HALF_LIVE, signals, BARS);
    const int64_t warm_ns = bar_time(3003) + 35 * 4 * NS_PER_HOUR; /* SC01 on 4h: 34 bars and one to see a cross */
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(signals[i].made_ns >= warm_ns);
    }
    free(fixture.memory);
}

static void bad_late_and_open_bars_are_named_and_make_nothing(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    fixture_t fixture;
    uint32_t count = 9;
    fixture_start(&fixture, &config);
    bars_make(bars, BARS, 12);
    candle_t bar = bars[0];
    assert_int_equal(signal_half_on_bar(&fixture.half, 0, &bar, SIGNAL_HALF_LIVE, signals, &count), RESULT_NOT_FOUND);
    assert_int_equal(signal_half_watch(&fixture.half, 9999), RESULT_NOT_FOUND);
    assert_int_equal(signal_half_watch(&fixture.half, 0), RESULT_OK);
    assert_int_equal(signal_half_watch(&fixture.half, 0), RESULT_OK);
    bar.closed = false;
    assert_int_equal(signal_half_on_bar(&fixture.half, 0, &bar, SIGNAL_HALF_LIVE, signals, &count), RESULT_BAD_STATE);
    assert_int_equal(signal_half_last_bar(&fixture.half, 0), 0);
    feed(&fixture.half, 0, bars, 0, 10, SIGNAL_HALF_LIVE, signals, BARS);
    assert_int_equal(signal_half_on_bar(&fixture.half, 0, &bars[9], SIGNAL_HALF_LIVE, signals, &count), RESULT_OUT_OF_ORDER);
    bar = bars[10];
    bar.open_ns += 1;
    assert_int_not_equal(signal_half_on_bar(&fixture.half, 0, &bar, SIGNAL_HALF_LIVE, signals, &count), RESULT_OK);
    assert_int_equal(signal_half_last_bar(&fixture.half, 0), bars[9].open_ns);
    bar = bars[10];
    bar.close = dec_neg(bar.close);
    assert_int_not_equal(signal_half_on_bar(&fixture.half, 0, &bar, SIGNAL_HALF_LIVE, signals, &count), RESULT_OK);
    assert_int_equal(signal_half_last_bar(&fixture.half, 0), bars[10].open_ns); /* its hour has passed, as missing */
    assert_int_equal(count, 0);
    const signal_half_counters_t counters = signal_half_counters(&fixture.half);
    assert_int_equal(counters.bars_late, 1);
    assert_int_equal(counters.bars_bad, 2);
    free(fixture.memory);
}

static void outcomes_count_once_and_stay_with_their_strategy(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    fixture_t fixture;
    fixture_start(&fixture, &config);
    signal_half_watch(&fixture.half, 4);
    signal_outcome_t outcome = {.number = 1,
                                .signal = 5,
                                .instrument = 4,
                                .strategy = "SC01",
                                .side = SIDE_LONG,
                                .profit = dec_from_scaled(-15, 1),
                                .closed_ns = 77};
    assert_int_equal(signal_half_on_outcome(&fixture.half, &outcome), RESULT_OK);
    assert_int_equal(signal_half_on_outcome(&fixture.half, &outcome), RESULT_DUPLICATE);
    outcome.number = 2;
    outcome.profit = dec_from_int(4);
    assert_int_equal(signal_half_on_outcome(&fixture.half, &outcome), RESULT_OK);
    const signal_performance_t *performance = signal_half_performance(&fixture.half, 4, "SC01");
    assert_non_null(performance);
    assert_int_equal(performance->trades, 2);
    assert_int_equal(performance->wins, 1);
    assert_int_equal(performance->losses, 1);
    assert_int_equal(performance->losses_in_a_row, 0);
    assert_true(dec_eq(performance->profit, dec_from_scaled(25, 1)));
    assert_int_equal(signal_half_performance(&fixture.half, 4, "SC02")->trades, 0);
    outcome.number = 3;
    strcpy(outcome.strategy, "SC99");
    assert_int_equal(signal_half_on_outcome(&fixture.half, &outcome), RESULT_NOT_FOUND);
    assert_int_equal(signal_half_counters(&fixture.half).outcome_last, 3);
    free(fixture.memory);
}

static void a_wrong_configuration_is_named(void **state)
{
    (void)state;
    const char *what = NULL;
    signal_half_config_t config = config_default();
    assert_int_equal(signal_half_config_check(&config, &what), RESULT_OK);
#define WRONG(change, field)                                                                                                       \
    do {                                                                                                                           \
        config = config_default();                                                                                                 \
        change;                                                                                                                    \
        assert_int_not_equal(signal_half_config_check(&config, &what), RESULT_OK);                                                 \
        assert_string_equal(what, field);                                                                                          \
    } while (0)
    WRONG(config.timeframes[1] = TF_1H, "timeframes");
    WRONG(config.timeframes[2] = (timeframe_t)99, "timeframes");
    WRONG(config.timeframe_count = 5, "timeframes");
    WRONG(config.strategy_count = 0, "strategies");
    WRONG(strcpy(config.strategies[0].name, "SC99"), "strategies");
    WRONG(strcpy(config.strategies[0].name, "macd_rsi"), "strategies"); /* SC02 twice */
    WRONG(config.strategies[0].options[0] = 400, "strategies");
    WRONG(config.convergence.tolerance_pct = DEC_ZERO, "tolerance_pct");
    WRONG(config.convergence.matches_min = 4, "matches_min");
    WRONG(config.convergence.life_bars = 0, "life_bars");
    WRONG(config.convergence.reward_risk_min = -1, "reward_risk_min");
    WRONG(config.dedupe_ns = -1, "dedupe_ns");
    WRONG(config.instruments_max = 0, "instruments_max");
    WRONG(config.source[0] = '\0', "source");
#undef WRONG
    assert_int_equal(signal_half_config_add(&config, "SC99"), RESULT_NOT_FOUND);
    config = config_default();
    assert_int_equal(signal_half_config_add(&config, "macd"), RESULT_DUPLICATE);
}

static void memory_is_what_was_asked_for_and_small(void **state)
{
    (void)state;
    const signal_half_config_t config = config_default();
    const size_t size = signal_half_memory(&config);
    fixture_t fixture;
    arena_t arena;
    assert_true(size / config.instruments_max <= 8192);
    void *memory = malloc(size);
    arena_init(&arena, memory, size / 2);
    assert_int_equal(signal_half_init(&fixture.half, &config, &table, &arena), RESULT_FULL);
    arena_init(&arena, memory, size);
    assert_int_equal(signal_half_init(&fixture.half, &config, &table, &arena), RESULT_OK);
    for (instrument_id_t id = 0; id < INSTRUMENTS; id++) {
        assert_int_equal(signal_half_watch(&fixture.half, id), RESULT_OK);
    }
    free(memory);
}

/* An order at the price of a bar that is gone would be an order at a wrong price. */
static void only_a_bar_that_has_just_closed_decides(void **state)
{
    (void)state;
    static signal_half_t half;
    half.config = config_default();
    const candle_t bar = {.open_ns = bar_time(24), .closed = true};
    const int64_t closed_ns = bar.open_ns + NS_PER_HOUR;
    assert_int_equal(signal_half_mode(&half, &bar, closed_ns), SIGNAL_HALF_LIVE);
    assert_int_equal(signal_half_mode(&half, &bar, closed_ns - NS_PER_S), SIGNAL_HALF_LIVE); /* our clock lags a little */
    assert_int_equal(signal_half_mode(&half, &bar, closed_ns + NS_PER_HOUR - 1), SIGNAL_HALF_LIVE);
    assert_int_equal(signal_half_mode(&half, &bar, closed_ns + NS_PER_HOUR), SIGNAL_HALF_HISTORY);
    half.config.timeframes[0] = TF_1D;
    assert_int_equal(signal_half_mode(&half, &bar, bar.open_ns + 2 * NS_PER_DAY - 1), SIGNAL_HALF_LIVE);
    assert_int_equal(signal_half_mode(&half, &bar, bar.open_ns + 2 * NS_PER_DAY), SIGNAL_HALF_HISTORY);
}

static void an_outcome_is_what_is_left_after_fees_and_funding(void **state)
{
    (void)state;
    const signal_t signal = {.instrument = 3, .side = SIDE_SHORT, .strategy = "SC01"};
    request_outcome_t closed = {.kind = REQUEST_CLOSED,
                                .signal_number = 12,
                                .time_ns = bar_time(7),
                                .realised = dec_from_int(10),
                                .fees = dec_from_int(3),
                                .funding = dec_from_int(-2)};
    signal_outcome_t outcome = signal_half_outcome(&signal, &closed, 5);
    assert_true(dec_eq(outcome.profit, dec_from_int(5)));
    assert_true(outcome.number == 5 && outcome.signal == 12 && outcome.instrument == 3 && outcome.side == SIDE_SHORT);
    assert_true(outcome.closed_ns == bar_time(7));
    assert_string_equal(outcome.strategy, "SC01");
    closed.realised = (dec_t){-(DEC_UNITS_PER_ONE * 100 - 1) * (DEC_UNITS_PER_ONE)}; /* the lowest there is */
    outcome = signal_half_outcome(&signal, &closed, 6);
    assert_true(dec_is_zero(outcome.profit));
}

/* STR-1: a parameter text decides like the same options, and for its own instrument only. */
static void parameters_reach_their_instrument_only(void **state)
{
    (void)state;
    parameters_t *fresh = calloc(1, sizeof *fresh), *parameters = calloc(1, sizeof *parameters);
    parameters_error_t error;
    char text[128];
    (void)snprintf(text, sizeof text, "[SC01 %s]\nfast = 5\nslow = 60\n[SC02 %s]\nslow = 40\n", table.items[3].symbol,
                   table.items[3].symbol);
    assert_int_equal(parameters_read(text, strlen(text), NULL, fresh, parameters, &error), RESULT_OK);

    signal_half_config_t plain = config_default(), same = plain, with = plain;
    same.strategies[0].options[0] = 5;
    same.strategies[0].options[1] = 60;
    same.strategies[1].options[1] = 40;
    with.parameters = parameters;
    fixture_t by_options, by_text, untouched;
    fixture_start(&by_options, &same);
    fixture_start(&by_text, &with);
    fixture_start(&untouched, &plain);
    bars_make(bars, BARS, 7);
    for (instrument_id_t id = 3; id >= 2; id--) {
        fixture_t *peer = id == 3 ? &by_options : &untouched;
        assert_int_equal(signal_half_watch(&by_text.half, id), RESULT_OK);
        assert_int_equal(signal_half_watch(&peer->half, id), RESULT_OK);
        const size_t count = feed(&by_text.half, id, bars, 0, BARS, SIGNAL_HALF_LIVE, signals, BARS);
        assert_int_equal(feed(&peer->half, id, bars, 0, BARS, SIGNAL_HALF_LIVE, others, BARS), count);
        assert_true(count > 5);
        for (size_t i = 0; i < count; i++) {
            assert_string_equal(signals[i].id, others[i].id);
            assert_true(dec_eq(signals[i].stop, others[i].stop));
        }
    }
    free(by_options.memory);
    free(by_text.memory);
    free(untouched.memory);
    free(fresh);
    free(parameters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_bar_that_has_just_closed_decides),
        cmocka_unit_test(an_outcome_is_what_is_left_after_fees_and_funding),
        cmocka_unit_test(parameters_reach_their_instrument_only),
        cmocka_unit_test(signals_are_sound_and_numbered_without_a_hole),
        cmocka_unit_test(the_same_bars_give_the_same_signals_alone_or_among_others),
        cmocka_unit_test(history_warms_up_in_silence_and_live_goes_on_from_it),
        cmocka_unit_test(a_gap_costs_the_warm_up_and_no_signal_rests_on_bars_across_it),
        cmocka_unit_test(bad_late_and_open_bars_are_named_and_make_nothing),
        cmocka_unit_test(outcomes_count_once_and_stay_with_their_strategy),
        cmocka_unit_test(a_wrong_configuration_is_named),
        cmocka_unit_test(memory_is_what_was_asked_for_and_small),
    };
    table_make();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
