/* test_signal_weigh.c: what weighs the signals of the half: results of closed trades, the regime table, the market's state, stops
 * by structure, and the exit when the opposite score reaches exit_score; each the same after a restart, whatever order things came
 * in. shows: STR-1, STR-3, STR-8, STR-9, RSK-4, I17, R073, R099
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/engine/signal_half.h"

enum { BARS = 4000, INSTRUMENTS = 2, SIGNALS = 4000 };

static instrument_table_t table;
static candle_t bars[INSTRUMENTS][BARS];
static signal_t signals[SIGNALS], others[SIGNALS];

typedef struct {
    signal_half_t half;
    void *memory;
} fixture_t;

static void fixture_start(fixture_t *fixture, const signal_half_config_t *config)
{
    const size_t size = signal_half_memory(config);
    arena_t arena;
    fixture->memory = malloc(size);
    arena_init(&arena, fixture->memory, size);
    assert_int_equal(signal_half_init(&fixture->half, config, &table, &arena), RESULT_OK);
    for (instrument_id_t id = 0; id < INSTRUMENTS; id++) {
        assert_int_equal(signal_half_watch(&fixture->half, id), RESULT_OK);
    }
}

/* The weighted score alone on 1h and 4h; one timeframe is enough. */
static signal_half_config_t settings(void)
{
    signal_half_config_t config;
    signal_half_config_default(&config);
    config.timeframe_count = 2;
    config.timeframes[0] = TF_1H;
    config.timeframes[1] = TF_4H;
    config.strategy_count = 0;
    assert_int_equal(signal_half_config_add(&config, "WeightedScore"), RESULT_OK);
    config.convergence.matches_min = 1;
    config.instruments_max = INSTRUMENTS;
    return config;
}

static void world_make(void)
{
    static const char *const symbols[INSTRUMENTS] = {"BTCUSDT", "ETHUSDT"};
    memset(&table, 0, sizeof table);
    table.count = INSTRUMENTS;
    for (uint32_t i = 0; i < INSTRUMENTS; i++) {
        strcpy(table.items[i].venue, "BINANCE");
        strcpy(table.items[i].symbol, symbols[i]);
        table.items[i].kind = INSTRUMENT_PERPETUAL;
        table.items[i].status = INSTRUMENT_TRADING;
        table.items[i].tick_size = dec_from_scaled(1, 2);
        prng_t prng;
        prng_seed(&prng, 5 + i);
        int64_t price = 500000;
        double drift = 0;
        for (size_t k = 0; k < BARS; k++) {
            drift = 0.5 * drift + 2000.0 * prng_normal(&prng);
            int64_t next = price + (int64_t)drift;
            next = next < 200000 ? 200000 : next;
            bars[i][k] = (candle_t){.open_ns = 19800 * NS_PER_DAY + (int64_t)k * NS_PER_HOUR,
                                    .open = dec_from_scaled(price, 2),
                                    .high = dec_from_scaled((next > price ? next : price) + (int64_t)prng_below(&prng, 900), 2),
                                    .low = dec_from_scaled((next < price ? next : price) - (int64_t)prng_below(&prng, 900), 2),
                                    .close = dec_from_scaled(next, 2),
                                    .volume = dec_from_int((int64_t)prng_below(&prng, 1000) + 1),
                                    .state = CANDLE_TRADED,
                                    .closed = true};
            price = next;
        }
    }
}

static size_t feed(signal_half_t *half, instrument_id_t id, size_t from, size_t to, signal_half_mode_t mode, signal_t *out)
{
    size_t total = 0;
    for (size_t i = from; i < to; i++) {
        signal_t made[SIGNAL_HALF_SIGNALS_MAX];
        uint32_t count = 0;
        assert_int_equal(signal_half_on_bar(half, id, &bars[id][i], mode, made, &count), RESULT_OK);
        for (uint32_t k = 0; k < count; k++) {
            assert_int_equal(signal_check(&made[k]), RESULT_OK);
            assert_true(total < SIGNALS);
            out[total++] = made[k];
        }
    }
    return total;
}

static void assert_same(const signal_t *a, const signal_t *b)
{
    assert_string_equal(a->id, b->id);
    assert_true(dec_eq(a->entry, b->entry) && dec_eq(a->stop, b->stop) && dec_eq(a->target, b->target));
    assert_true(a->states == b->states && a->veto == b->veto && a->exit_of == b->exit_of && dec_eq(a->size_cut, b->size_cut));
    assert_memory_equal(&a->confidence, &b->confidence, sizeof a->confidence);
}

static signal_outcome_t outcome_of(const signal_t *signal, uint64_t number, int64_t closed_ns, int64_t profit)
{
    request_outcome_t closed = {
        .kind = REQUEST_CLOSED, .signal_number = signal->number, .realised = dec_from_int(profit), .time_ns = closed_ns};
    return signal_half_outcome(signal, &closed, number);
}

/* --- results ---------------------------------------------------------------------------------- */

static uint32_t row_of(const char *name)
{
    uint32_t row = 0;
    while (strcmp(feature_name(score_rows[row].feature), name) != 0) {
        row++;
    }
    return row;
}

static void a_scored_signal_says_which_states_spoke(void **state)
{
    (void)state;
    const signal_half_config_t config = settings();
    fixture_t fixture;
    fixture_start(&fixture, &config);
    const size_t count = feed(&fixture.half, 0, 0, BARS, SIGNAL_HALF_LIVE, signals);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        const score_rules_t rules = score_rules_default();
        const score_t score = score_of(&rules, signals[i].states);
        const bool several = (signals[i].timeframes & (signals[i].timeframes - 1)) != 0; /* states of both then */
        assert_true(several || (signals[i].side == SIDE_LONG ? score.longs : score.shorts) >= 5.0);
    }
    free(fixture.memory);
}

/* Losses of every LONG before bar HALF make later LONG scores smaller; by time, not by order of arrival; as after a restart. */
static void results_adapt_the_weights_by_time(void **state)
{
    (void)state;
    enum { HALF = BARS / 2 };
    signal_half_config_t config = settings();
    fixture_t first, again, plain;
    fixture_start(&first, &config);
    const size_t early = feed(&first.half, 0, 0, HALF, SIGNAL_HALF_LIVE, signals);
    signal_outcome_t outcomes[64];
    uint32_t lost = 0;
    for (size_t i = 0; i < early && lost < 64; i++) {
        if (signals[i].side == SIDE_LONG) {
            outcomes[lost] = outcome_of(&signals[i], lost + 1, bars[0][HALF].open_ns, -1);
            assert_int_equal(signal_half_on_outcome(&first.half, &outcomes[lost]), RESULT_OK);
            lost++;
        }
    }
    assert_true(lost >= 3);
    const signal_half_name_t name = signal_half_name(&first.half, row_of("EMA_50_gt_200"));
    assert_true(name.results.count >= 3 && name.factor == 0.5);
    const size_t later = feed(&first.half, 0, HALF, BARS, SIGNAL_HALF_LIVE, signals + early);

    fixture_start(&again, &config); /* the monitor starts again: results first, then all bars as history */
    for (uint32_t i = 0; i < lost; i++) {
        assert_int_equal(signal_half_on_outcome(&again.half, &outcomes[i]), RESULT_OK);
        assert_int_equal(signal_half_on_outcome(&again.half, &outcomes[i]), RESULT_DUPLICATE);
    }
    (void)feed(&again.half, 1, 0, BARS, SIGNAL_HALF_HISTORY, others); /* another symbol's past, to the end, in between */
    assert_int_equal(feed(&again.half, 0, 0, HALF, SIGNAL_HALF_LIVE, others), early);
    for (size_t i = 0; i < early; i++) {
        assert_same(&signals[i], &others[i]); /* trades that closed later did not weigh then */
    }
    assert_int_equal(feed(&again.half, 0, HALF, BARS, SIGNAL_HALF_LIVE, others), later);
    for (size_t i = 0; i < later; i++) {
        assert_same(&signals[early + i], &others[i]);
    }

    config.adapts = false;
    fixture_start(&plain, &config);
    for (uint32_t i = 0; i < lost; i++) {
        assert_int_equal(signal_half_on_outcome(&plain.half, &outcomes[i]), RESULT_OK);
    }
    assert_true(signal_half_name(&plain.half, row_of("EMA_50_gt_200")).factor == 1.0);
    (void)feed(&plain.half, 0, 0, HALF, SIGNAL_HALF_HISTORY, others);
    const size_t unweighed = feed(&plain.half, 0, HALF, BARS, SIGNAL_HALF_LIVE, others);
    size_t longs = 0, longs_before = 0;
    for (size_t i = 0; i < later; i++) {
        longs += signals[early + i].side == SIDE_LONG;
    }
    for (size_t i = 0; i < unweighed; i++) {
        longs_before += others[i].side == SIDE_LONG;
    }
    assert_true(longs < longs_before);
    free(first.memory);
    free(again.memory);
    free(plain.memory);
}

/* --- exits ------------------------------------------------------------------------------------ */

/* Every entry is taken; the strategy takes some of them back, each by its number, and none that is closed or not taken. */
static void the_opposite_score_takes_an_open_trade_back(void **state)
{
    (void)state;
    const signal_half_config_t config = settings();
    fixture_t fixture;
    fixture_start(&fixture, &config);
    uint64_t number = 0;
    size_t exits = 0, entries = 0;
    signal_t held = {.number = 0};
    for (size_t i = 0; i < BARS; i++) {
        const int64_t now_ns = bars[0][i].open_ns + NS_PER_HOUR;
        const size_t count = feed(&fixture.half, 0, i, i + 1, SIGNAL_HALF_LIVE, signals);
        for (size_t k = 0; k < count; k++) {
            if (signals[k].exit_of != 0) {
                assert_int_equal(signals[k].exit_of, held.number);
                assert_int_equal(signals[k].side, held.side);
                assert_true(signals[k].made_ns == now_ns && now_ns > held.made_ns);
                exits++;
                const signal_outcome_t closed = outcome_of(&held, ++number, now_ns, -1);
                assert_int_equal(signal_half_on_outcome(&fixture.half, &closed), RESULT_OK);
                signal_half_on_opened(&fixture.half, &held); /* both are told again after a restart */
                assert_int_equal(signal_half_on_outcome(&fixture.half, &closed), RESULT_DUPLICATE);
                held.number = 0;
            } else {
                entries++;
            }
        }
        for (size_t k = 0; k < count && held.number == 0; k++) {
            if (signals[k].exit_of == 0) {
                held = signals[k];
                signal_half_on_opened(&fixture.half, &held);
                signal_half_on_opened(&fixture.half, &held); /* told again after a restart: one trade */
            }
        }
    }
    assert_true(exits >= 5 && entries > exits);
    assert_int_equal(signal_half_counters(&fixture.half).exits, exits);
    free(fixture.memory);
}

/* A symbol that is no longer in force: the trade is taken back by the same bar, and nothing is entered. */
static void what_is_open_is_taken_back_where_nothing_is_entered(void **state)
{
    (void)state;
    const signal_half_config_t config = settings();
    fixture_t live, leaving;
    fixture_start(&live, &config);
    fixture_start(&leaving, &config);
    signal_t held = {.number = 0}, left = {.number = 0};
    for (size_t i = 0; i < BARS && left.number == 0; i++) {
        const size_t count = feed(&live.half, 0, i, i + 1, SIGNAL_HALF_LIVE, signals);
        const size_t also = feed(&leaving.half, 0, i, i + 1, SIGNAL_HALF_EXITS, others);
        for (size_t k = 0; k < count; k++) {
            if (signals[k].exit_of == 0 && held.number == 0) {
                held = signals[k];
                signal_half_on_opened(&live.half, &held);
                signal_half_on_opened(&leaving.half, &held);
            } else if (signals[k].exit_of != 0) {
                left = signals[k];
            }
        }
        assert_int_equal(also, left.number != 0 ? 1 : 0);
    }
    assert_true(left.number != 0);
    assert_string_equal(others[0].id, left.id);
    assert_int_equal(others[0].exit_of, held.number);
    free(live.memory);
    free(leaving.memory);
}

/* A state that speaks for few trades has its last 20 results, however many others were closed since; they weigh its signals. */
static void a_rare_state_keeps_its_last_twenty_results(void **state)
{
    (void)state;
    enum { OTHERS = 400 };
    const signal_half_config_t config = settings();
    const uint32_t rare = row_of("MACD_cross_up"), common = row_of("EMA_50_gt_200");
    fixture_t fixture;
    fixture_start(&fixture, &config);
    assert_true(score_rows[rare].side == score_rows[common].side);
    signal_outcome_t outcome = {.side = score_rows[rare].side == DIRECTION_LONG ? SIDE_LONG : SIDE_SHORT,
                                .strategy = "WeightedScore"};
    for (uint64_t number = 1; number <= 25 + OTHERS; number++) {
        const bool is_rare = number <= 25;
        outcome.number = number;
        outcome.closed_ns = (int64_t)number * NS_PER_HOUR;
        outcome.states = (uint64_t)1 << score_rows[is_rare ? rare : common].feature;
        outcome.profit = dec_from_int(is_rare ? (number <= 5 ? 1 : -1) : number % 2 == 0 ? 1 : -1); /* 5 won, then 20 lost */
        (void)signal_half_on_outcome(&fixture.half, &outcome);
    }
    const signal_half_name_t name = signal_half_name(&fixture.half, rare), other = signal_half_name(&fixture.half, common);
    assert_true(name.results.count == 20 && signal_results_win_rate(&name.results) == 0.0 && name.factor == 0.5);
    assert_true(other.results.count == 20 && signal_results_win_rate(&other.results) == 0.5 && other.factor == 1.0);
    (void)feed(&fixture.half, 0, 0, BARS, SIGNAL_HALF_LIVE, signals);
    assert_true(fixture.half.names[rare].count == 20 && fixture.half.names[rare].wins == 0);
    free(fixture.memory);
}

/* --- regimes ---------------------------------------------------------------------------------- */

static void add_row(signal_half_config_t *config, const char *text)
{
    regime_error_t error;
    assert_int_equal(regime_table_add(&config->regimes, str_from(text), &error), RESULT_OK);
}

static void a_regime_switches_a_strategy_or_its_size(void **state)
{
    (void)state;
    signal_half_config_t config = settings();
    add_row(&config, "ranging WeightedScore off");
    add_row(&config, "up all 0.5");
    fixture_t fixture;
    fixture_start(&fixture, &config);
    const size_t count = feed(&fixture.half, 0, 0, BARS, SIGNAL_HALF_LIVE, signals);
    size_t off = 0, halved = 0, whole = 0;
    for (size_t i = 0; i < count; i++) {
        bool ranging = false, up = false;
        for (uint32_t k = 0; k < signals[i].input_count; k++) {
            ranging = ranging || strstr(signals[i].inputs[k].name, ".regime.ranging") != NULL;
            up = up || strstr(signals[i].inputs[k].name, ".regime.up") != NULL;
        }
        assert_int_equal(signals[i].veto == SIGNAL_VETO_REGIME, ranging);
        assert_true(!ranging || signals[i].veto_figure[0] == 1.0);
        assert_true(ranging || dec_eq(signals[i].size_cut, up ? dec_from_scaled(5, 1) : DEC_ZERO));
        off += ranging;
        halved += !ranging && up;
        whole += !ranging && !up;
    }
    assert_true(off > 0 && halved > 0 && whole > 0);
    assert_int_not_equal(signal_half_regime(&fixture.half, 0, 0), REGIME_UNKNOWN);
    free(fixture.memory);
}

/* In one regime the strategy runs with other options, warm from the first bar of it: the stop tells which. */
static void a_regime_switches_the_options(void **state)
{
    (void)state;
    signal_half_config_t config = settings();
    config.timeframe_count = 1;
    fixture_t plain, switched;
    fixture_start(&plain, &config);
    const size_t before = feed(&plain.half, 0, 0, BARS, SIGNAL_HALF_LIVE, others);
    add_row(&config, "down WeightedScore stop_atr=1");
    fixture_start(&switched, &config);
    const size_t count = feed(&switched.half, 0, 0, BARS, SIGNAL_HALF_LIVE, signals);
    assert_int_equal(count, before);
    size_t nearer = 0;
    for (size_t i = 0; i < count; i++) {
        bool down = false;
        for (uint32_t k = 0; k < signals[i].input_count; k++) {
            down = down || strcmp(signals[i].inputs[k].name, "1h.regime.down") == 0;
        }
        const dec_t was = dec_abs(dec_minus(others[i].entry, others[i].stop));
        const dec_t is = dec_abs(dec_minus(signals[i].entry, signals[i].stop));
        assert_true(down ? dec_lt(is, was) : dec_eq(is, was));
        nearer += down;
    }
    assert_true(nearer > 0 && nearer < count);
    free(plain.memory);
    free(switched.memory);
}

static void a_wrong_row_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        result_t result;
        const char *why;
    } rows[] = {
        {"sideways SC01 off", RESULT_UNKNOWN_VALUE, "\"sideways\" is no regime"},
        {"up", RESULT_MALFORMED, "a row of one word: \"up\""},
        {"up SC1 off", RESULT_NOT_FOUND, "there is no strategy \"SC1\""},
        {"up SC01", RESULT_MALFORMED, "\"\" does nothing here"},
        {"up SC01 1.5", RESULT_MALFORMED, "\"1.5\" does nothing here"},
        {"up SC01 0", RESULT_MALFORMED, "\"0\" does nothing here"},
        {"up SC01 off 0.5", RESULT_MALFORMED, "\"0.5\" does nothing here"},
        {"up all stop_atr=2", RESULT_MALFORMED, "options for all strategies at once: \"stop_atr=2\""},
        {"up SC01 stop=2", RESULT_NOT_FOUND, "the strategy has no option \"stop\""},
        {"up SC01 stop_atr=900", RESULT_NUMBER_OUT_OF_RANGE, "not a value for this option: \"stop_atr=900\""},
        {"up SC01 fast=200", RESULT_BAD_ARGUMENT, "the options contradict each other at fast"},
        {"up SC01 off stop_atr=2", RESULT_MALFORMED, "off, and options as well for SC01"},
        {"volatile SC01 0.5", RESULT_DUPLICATE, "a second row for this regime and \"SC01\""},
    };
    regime_table_t regimes = {.count = 0};
    regime_error_t error;
    assert_int_equal(regime_table_add(&regimes, STR("volatile sc01 0.25 stop_atr=3 reward=4"), &error), RESULT_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(regime_table_add(&regimes, str_from(rows[i].text), &error), rows[i].result);
        assert_string_equal(error.why, rows[i].why);
        assert_true(error.fix[0] != '\0');
    }
    assert_int_equal(regimes.count, 1);
    assert_true(regimes.rows[0].factor == 0.25 && regimes.rows[0].option_count == 2);
    assert_null(regime_table_row(&regimes, strategy_find(STR("SC02"), NULL), REGIME_VOLATILE));
}

/* A plug-in is known when it is loaded: its row waits for it, is held against it then, and does nothing without it. */
static void a_row_of_a_plugin_is_bound_when_it_is_there(void **state)
{
    (void)state;
    const strategy_kind_t *built_in = strategy_find(STR("SC01"), NULL);
    strategy_kind_t turtle = *built_in;
    turtle.name = "turtle";
    turtle.aliases = "turtle.so";
    const strategy_set_t set = {.count = 1, .kinds = {&turtle}}, empty = {.count = 0};
    regime_table_t regimes = {.count = 0}, bound;
    regime_error_t error;
    uint32_t row = 0;
    assert_int_equal(regime_table_add(&regimes, STR("up all 0.5"), &error), RESULT_OK);
    assert_int_equal(regime_table_add(&regimes, STR("up turtle.so 0.25 stop_atr=3 reward=4"), &error), RESULT_OK);
    assert_int_equal(regime_table_add(&regimes, STR("down turtle.so off"), &error), RESULT_OK);
    assert_int_equal(regime_table_add(&regimes, STR("up other.so 0.75"), &error), RESULT_OK);
    assert_int_equal(regime_table_add(&regimes, STR("up turtle.so off"), &error), RESULT_DUPLICATE);
    assert_int_equal(regime_table_add(&regimes, STR("volatile turtle.so off stop_atr=2"), &error), RESULT_MALFORMED);
    assert_int_equal(regime_table_add(&regimes, STR("volatile turtle.so stop_atr=two"), &error), RESULT_MALFORMED);
    assert_int_equal(regime_table_add(&regimes, STR("volatile a_name_that_is_too_long.so off"), &error), RESULT_TEXT_TOO_LONG);

    bound = regimes;
    assert_int_equal(regime_table_bind(&bound, &empty, &row, &error), RESULT_OK);
    assert_ptr_equal(regime_table_row(&bound, &turtle, REGIME_UP), &bound.rows[0]); /* only the one for all holds */
    assert_int_equal(regime_table_bind(&bound, &set, &row, &error), RESULT_OK);
    const regime_row_t *up = regime_table_row(&bound, &turtle, REGIME_UP);
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(&turtle, options);
    regime_row_apply(up, options);
    assert_true(up->factor == 0.25 && up->option_count == 2 && regime_table_row(&bound, &turtle, REGIME_DOWN)->factor == 0.0);
    assert_ptr_equal(regime_table_row(&bound, built_in, REGIME_UP), &bound.rows[0]);
    assert_null(regime_table_row(&bound, built_in, REGIME_DOWN));

    assert_int_equal(regime_table_add(&regimes, STR("volatile turtle.so chanel=40"), &error), RESULT_OK);
    assert_int_equal(regime_table_bind(&regimes, &set, &row, &error), RESULT_NOT_FOUND);
    assert_int_equal(row, 5);
    assert_string_equal(error.why, "the strategy has no option \"chanel\"");
}

static void a_row_that_contradicts_the_parameters_is_found_before(void **state)
{
    (void)state;
    static parameters_t fresh, parameters;
    parameters_error_t wrong;
    static const char text[] = "[SC01 ETHUSDT]\nslow = 100\n";
    assert_int_equal(parameters_read(text, sizeof text - 1, NULL, &fresh, &parameters, &wrong), RESULT_OK);
    signal_half_config_t config = settings();
    config.strategy_count = 0;
    assert_int_equal(signal_half_config_add(&config, "SC01"), RESULT_OK);
    add_row(&config, "up SC01 fast=20");
    add_row(&config, "down SC01 slow=15");
    fixture_t fixture;
    config.parameters = &parameters;
    fixture_start(&fixture, &config);
    assert_int_equal(signal_half_contradiction(&fixture.half, 1, &parameters), 0);
    static const char bad[] = "[SC01 ETHUSDT]\nfast = 18\n";
    static parameters_t contradicting;
    assert_int_equal(parameters_read(bad, sizeof bad - 1, NULL, &fresh, &contradicting, &wrong), RESULT_OK);
    assert_int_equal(signal_half_contradiction(&fixture.half, 0, &contradicting), 0);
    assert_int_equal(signal_half_contradiction(&fixture.half, 1, &contradicting), 2);
    free(fixture.memory);
}

/* --- the market's state ----------------------------------------------------------------------- */

/* Bitcoin's bars rise without a pause; a SHORT of the other symbol meets half a size or a veto, a LONG nothing. */
static void the_market_weighs_the_others(void **state)
{
    (void)state;
    static candle_t kept[BARS];
    memcpy(kept, bars[0], sizeof kept);
    int64_t price = 500000;
    for (size_t k = 0; k < BARS; k++) {
        bars[0][k].open = dec_from_scaled(price, 2);
        price += 300 + (int64_t)(k % 7) * 10;
        bars[0][k].close = bars[0][k].high = dec_from_scaled(price, 2);
        bars[0][k].low = bars[0][k].open;
    }
    signal_half_config_t config = settings();
    config.market_state = true;
    fixture_t with, reversed;
    fixture_start(&with, &config);
    fixture_start(&reversed, &config);
    size_t shorts = 0, held_back = 0, longs = 0, count = 0, others_count = 0;
    for (size_t i = 0; i < BARS; i++) { /* which symbol's bar came first has no say */
        (void)feed(&with.half, 0, i, i + 1, SIGNAL_HALF_HISTORY, signals + count);
        count += feed(&with.half, 1, i, i + 1, SIGNAL_HALF_LIVE, signals + count);
        others_count += feed(&reversed.half, 1, i, i + 1, SIGNAL_HALF_LIVE, others + others_count);
        (void)feed(&reversed.half, 0, i, i + 1, SIGNAL_HALF_HISTORY, others + others_count);
    }
    assert_true(signal_half_market_score(&with.half) > 0.70);
    assert_int_equal(count, others_count);
    for (size_t i = 0; i < count; i++) {
        assert_same(&signals[i], &others[i]);
        if (signals[i].made_ns < bars[0][BARS / 2].open_ns) {
            continue;
        }
        assert_string_equal(signals[i].inputs[0].name, "market.score");
        const bool is_short = signals[i].side == SIDE_SHORT;
        const double score = signals[i].inputs[0].value;
        assert_int_equal(signals[i].veto == SIGNAL_VETO_MARKET, is_short && score >= 0.85);
        assert_true(signals[i].veto != SIGNAL_VETO_NONE ||
                    dec_eq(signals[i].size_cut, is_short && score >= 0.70 ? dec_from_scaled(5, 1) : DEC_ZERO));
        shorts += is_short;
        longs += !is_short;
        held_back += is_short && (signals[i].veto == SIGNAL_VETO_MARKET || !dec_is_zero(signals[i].size_cut));
    }
    assert_true(shorts > 5 && longs > 5 && held_back == shorts);
    free(with.memory);
    free(reversed.memory);
    strcpy(config.market_symbol, "XRPUSDT"); /* not among the symbols: it says nothing */
    fixture_t absent;
    fixture_start(&absent, &config);
    assert_int_equal(feed(&absent.half, 1, 0, BARS, SIGNAL_HALF_LIVE, others), count);
    assert_true(isnan(signal_half_market_score(&absent.half)));
    for (size_t i = 0; i < count; i++) {
        assert_true(others[i].veto == SIGNAL_VETO_NONE && dec_is_zero(others[i].size_cut));
    }
    free(absent.memory);
    memcpy(bars[0], kept, sizeof kept);
}

/* --- structure -------------------------------------------------------------------------------- */

static void stops_stand_at_the_extreme_of_the_last_bars(void **state)
{
    (void)state;
    enum { LOOK = 10 };
    signal_half_config_t config = settings();
    config.timeframe_count = 1;
    config.structure_bars = LOOK;
    config.convergence.reward_risk_min = 0;
    fixture_t fixture;
    fixture_start(&fixture, &config);
    size_t count = 0;
    for (size_t i = 0; i < BARS; i++) {
        if (feed(&fixture.half, 0, i, i + 1, SIGNAL_HALF_LIVE, signals) == 0) {
            continue;
        }
        dec_t extreme = signals[0].side == SIDE_LONG ? bars[0][i].low : bars[0][i].high;
        for (size_t k = i - LOOK + 1; k <= i; k++) {
            extreme = signals[0].side == SIDE_LONG ? dec_min(extreme, bars[0][k].low) : dec_max(extreme, bars[0][k].high);
        }
        /* within the strategy's own bounds of 0.5 and 10 % of the entry */
        const double away = fabs(dec_to_double(dec_minus(extreme, signals[0].entry))) / dec_to_double(signals[0].entry);
        if (away > 0.0051 && away < 0.099) {
            const dec_t tick = table.items[0].tick_size; /* what rounding there is goes away from the entry */
            const dec_t beyond = signals[0].side == SIDE_LONG ? dec_minus(extreme, tick) : dec_plus(extreme, tick);
            assert_true(dec_eq(signals[0].stop, extreme) || dec_eq(signals[0].stop, beyond));
            count++;
        }
    }
    assert_true(count > 10);
    free(fixture.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scored_signal_says_which_states_spoke),
        cmocka_unit_test(results_adapt_the_weights_by_time),
        cmocka_unit_test(a_rare_state_keeps_its_last_twenty_results),
        cmocka_unit_test(the_opposite_score_takes_an_open_trade_back),
        cmocka_unit_test(what_is_open_is_taken_back_where_nothing_is_entered),
        cmocka_unit_test(a_regime_switches_a_strategy_or_its_size),
        cmocka_unit_test(a_regime_switches_the_options),
        cmocka_unit_test(a_row_of_a_plugin_is_bound_when_it_is_there),
        cmocka_unit_test(a_wrong_row_is_named),
        cmocka_unit_test(a_row_that_contradicts_the_parameters_is_found_before),
        cmocka_unit_test(the_market_weighs_the_others),
        cmocka_unit_test(stops_stand_at_the_extreme_of_the_last_bars),
    };
    world_make();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
