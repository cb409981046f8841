/* test_signal_half_restart.c: one strategy of one instrument begins anew while the others go on; a strategy that is computed
 * outside and fails loses one run. shows: STR-1, STR-5, I18
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

enum { BARS = 3000, MIDDLE = 2000, SIGNALS = 2000, LEVEL_OPTIONS = 6 };

static instrument_table_t table;
static candle_t bars[BARS];
static parameters_t fresh, before, after;
static signal_t one[SIGNALS], two[SIGNALS];

typedef struct {
    signal_half_t half;
    void *memory;
} fixture_t;

static int set_up(void **state)
{
    prng_t prng;
    int64_t price = 300000;
    double drift = 0;
    (void)state;
    memset(&table, 0, sizeof table);
    for (uint32_t i = 0; i < 2; i++) {
        instrument_t *instrument = &table.items[i];
        strcpy(instrument->venue, "BINANCE");
        (void)snprintf(instrument->symbol, sizeof instrument->symbol, "COIN%uUSDT", (unsigned)i);
        instrument->tick_size = dec_from_scaled(1, 2);
    }
    table.count = 2;
    prng_seed(&prng, 11);
    for (size_t i = 0; i < BARS; i++) {
        drift = 0.5 * drift + 400.0 * prng_normal(&prng);
        int64_t next = price + (int64_t)drift;
        next = next < 100000 ? 100000 : next;
        bars[i] = (candle_t){.open_ns = 19800 * NS_PER_DAY + (int64_t)(i + (i >= 100)) * NS_PER_HOUR, /* a gap */
                             .open = dec_from_scaled(price, 2),
                             .high = dec_from_scaled((next > price ? next : price) + 200, 2),
                             .low = dec_from_scaled((next < price ? next : price) - 200, 2),
                             .close = dec_from_scaled(next, 2),
                             .volume = DEC_ONE,
                             .state = i == 200 ? CANDLE_MISSING : CANDLE_TRADED,
                             .closed = true};
        price = next;
    }
    return 0;
}

static void read_parameters(const char *text, parameters_t *into)
{
    parameters_error_t error;
    assert_int_equal(parameters_read(text, strlen(text), NULL, &fresh, into, &error), RESULT_OK);
}

static void start(fixture_t *fixture, const signal_half_config_t *config)
{
    const size_t size = signal_half_memory(config);
    arena_t arena;
    fixture->memory = malloc(size);
    arena_init(&arena, fixture->memory, size);
    assert_int_equal(signal_half_init(&fixture->half, config, &table, &arena), RESULT_OK);
    assert_int_equal(signal_half_watch(&fixture->half, 0), RESULT_OK);
    assert_int_equal(signal_half_watch(&fixture->half, 1), RESULT_OK);
}

/* Both instruments see the same bars. */
static size_t feed(fixture_t *fixture, size_t from, size_t to, signal_half_mode_t mode, signal_t out[SIGNALS])
{
    size_t total = 0;
    for (size_t i = from; i < to; i++) {
        for (instrument_id_t id = 0; id < 2; id++) {
            signal_t made[SIGNAL_HALF_SIGNALS_MAX];
            uint32_t count = 0;
            assert_int_equal(signal_half_on_bar(&fixture->half, id, &bars[i], mode, made, &count), RESULT_OK);
            assert_true(total + count <= SIGNALS);
            memcpy(out + total, made, count * sizeof made[0]);
            total += count;
        }
    }
    return total;
}

/* --- parameters ------------------------------------------------------------------------------- */

/* Signals after the restart, which are the same. */
static size_t compare_restart(uint32_t matches, size_t middle)
{
    signal_half_config_t config;
    fixture_t changed, always;
    signal_half_config_default(&config);
    config.convergence.matches_min = matches;
    read_parameters("[SC02]\nslow = 30\n", &before);
    read_parameters("[SC02]\nslow = 30\n[SC01 COIN1USDT]\nfast = 5\nslow = 60\n[SC01 COIN1USDT 1d]\nslow = 300\n", &after);
    config.parameters = &before;
    start(&changed, &config);
    config.parameters = &after;
    start(&always, &config);
    (void)feed(&changed, 0, middle, SIGNAL_HALF_HISTORY, one);
    (void)feed(&always, 0, middle, SIGNAL_HALF_HISTORY, two);

    assert_true(signal_half_concerns(&changed.half, 1, 0, &after));
    assert_false(signal_half_concerns(&changed.half, 0, 0, &after));
    assert_false(signal_half_concerns(&changed.half, 1, 1, &after));
    assert_false(signal_half_concerns(&always.half, 1, 0, &after));
    const signal_half_counters_t counted = signal_half_counters(&changed.half);
    before = after; /* in place: the half has borrowed it */
    void *memory = malloc(signal_half_restart_memory(&changed.half, 0, &before));
    signal_half_restart(&changed.half, 1, 0, memory);
    assert_false(strategy_is_warm(signal_half_run(&changed.half, 1, 0, 0)));
    assert_true(strategy_is_warm(signal_half_run(&changed.half, 1, 1, 0)));
    signal_half_replay(&changed.half, 1, 0, bars, BARS); /* newer bars than it has seen are not looked at */
    assert_true(strategy_is_warm(signal_half_run(&changed.half, 1, 0, 1)));
    const signal_half_counters_t again = signal_half_counters(&changed.half);
    assert_memory_equal(&counted, &again, sizeof counted);

    const size_t count = feed(&changed, middle, BARS, SIGNAL_HALF_LIVE, one);
    assert_int_equal(feed(&always, middle, BARS, SIGNAL_HALF_LIVE, two), count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(one[i].id, two[i].id);
        assert_true(dec_eq(one[i].entry, two[i].entry) && dec_eq(one[i].stop, two[i].stop) &&
                    one[i].confidence == two[i].confidence);
    }
    free(memory);
    free(changed.memory);
    free(always.memory);
    return count;
}

static void a_restarted_strategy_stands_where_it_would(void **state)
{
    (void)state;
    assert_true(compare_restart(1, MIDDLE) > 100);
    size_t count = 0;
    for (size_t middle = MIDDLE; middle < MIDDLE + 900; middle += 12) {
        count += compare_restart(2, middle);
    }
    assert_true(count > 200);
}

/* --- outside ---------------------------------------------------------------------------------- */

/* Says LONG with every third bar; fails for good in the run that comes to bar `dies_at`, and only there. */
typedef struct {
    uint32_t dies_at;
    bool dead;
} outside_t;

static result_t outside_check(void *context, const double *options, uint32_t *wrong)
{
    (void)context;
    (void)options;
    (void)wrong;
    return RESULT_OK;
}

static uint32_t outside_warm_up(void *context, const double *options)
{
    (void)context;
    (void)options;
    return 2;
}

static bool outside_init(void *context, void *own, const double *options)
{
    (void)context;
    (void)options;
    *(uint32_t *)own = 0;
    return true;
}

static bool outside_next(void *context, void *own, const indicator_bar_t *bar, strategy_view_t *view)
{
    outside_t *outside = context;
    uint32_t *seen = own;
    if (++*seen == outside->dies_at && !outside->dead) {
        outside->dead = true;
        return false;
    }
    if (*seen % 3 == 0) {
        *view = (strategy_view_t){.direction = DIRECTION_LONG, .confidence = 0.5, .atr = bar->close * 0.01};
    }
    return true;
}

static size_t of_strategy(const signal_t *signals, size_t count, const char *name, instrument_id_t instrument)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += strcmp(signals[i].strategy, name) == 0 && signals[i].instrument == instrument;
    }
    return found;
}

static outside_t context;

static const strategy_outside_t outside = {.context = &context,
                                           .check = outside_check,
                                           .warm_up = outside_warm_up,
                                           .state_size = sizeof(uint32_t),
                                           .init = outside_init,
                                           .next = outside_next};

static strategy_kind_t outside_kind(void)
{
    const strategy_kind_t *like = strategy_find(STR("SC01"), NULL); /* whose last options are those of stop and target */
    strategy_kind_t kind = {.name = "third",
                            .aliases = "third.so",
                            .option_count = LEVEL_OPTIONS,
                            .option_words = like->option_words + like->option_count - LEVEL_OPTIONS,
                            .outside = &outside};
    memcpy(kind.options, like->options + like->option_count - LEVEL_OPTIONS, LEVEL_OPTIONS * sizeof kind.options[0]);
    return kind;
}

static void a_lost_run_is_lost_alone(void **state)
{
    (void)state;
    const strategy_kind_t kind = outside_kind();
    const strategy_set_t set = {.count = 1, .kinds = {&kind}};
    context = (outside_t){.dies_at = 400};
    signal_half_config_t config;
    fixture_t fixture;
    signal_half_config_default(&config);
    config.convergence.matches_min = 1;
    config.timeframe_count = 1;
    config.strategy_count = 0;
    read_parameters("", &before);
    config.parameters = &before;
    config.set = &set;
    assert_int_equal(signal_half_config_add(&config, "third.so"), RESULT_OK);
    assert_int_equal(signal_half_config_add(&config, "third"), RESULT_DUPLICATE);
    assert_int_equal(signal_half_config_add(&config, "SC01"), RESULT_OK);
    start(&fixture, &config);

    size_t count = feed(&fixture, 300, 699, SIGNAL_HALF_LIVE, one);
    assert_int_equal(of_strategy(one, count, "third", 0), 133);
    assert_int_equal(of_strategy(one, count, "third", 1), 133);
    count = feed(&fixture, 699, 999, SIGNAL_HALF_LIVE, one); /* instrument 0 is the first to come to its bar 400 */
    assert_true(signal_half_run(&fixture.half, 0, 0, 0)->lost);
    assert_false(signal_half_run(&fixture.half, 1, 0, 0)->lost);
    assert_int_equal(of_strategy(one, count, "third", 0), 0);
    assert_int_equal(of_strategy(one, count, "third", 1), 100);
    assert_true(of_strategy(one, count, "SC01", 0) > 0);
    assert_int_equal(of_strategy(one, count, "SC01", 0), of_strategy(one, count, "SC01", 1));

    void *memory = malloc(signal_half_restart_memory(&fixture.half, 0, &before));
    signal_half_restart(&fixture.half, 0, 0, memory);
    signal_half_replay(&fixture.half, 0, 0, bars + 300, BARS - 300);
    assert_false(signal_half_run(&fixture.half, 0, 0, 0)->lost);
    count = feed(&fixture, 999, BARS, SIGNAL_HALF_LIVE, one);
    assert_true(of_strategy(one, count, "third", 0) > 500);
    assert_int_equal(of_strategy(one, count, "third", 0), of_strategy(one, count, "third", 1));
    free(memory);
    free(fixture.memory);
}

/* Two timeframes must agree: what the lost one said before is no company for the other, wherever in the pattern it dies. */
static void what_a_lost_run_said_counts_no_more(void **state)
{
    (void)state;
    const strategy_kind_t kind = outside_kind();
    const strategy_set_t set = {.count = 1, .kinds = {&kind}};
    for (uint32_t dies_at = 100; dies_at < 136; dies_at++) {
        signal_half_config_t config;
        fixture_t fixture;
        context = (outside_t){.dies_at = dies_at};
        signal_half_config_default(&config);
        config.convergence.tolerance_pct = dec_from_int(50);
        config.timeframe_count = 2;
        config.strategy_count = 0;
        config.set = &set;
        assert_int_equal(signal_half_config_add(&config, "third"), RESULT_OK);
        start(&fixture, &config);
        assert_true(feed(&fixture, 300, 300 + dies_at, SIGNAL_HALF_LIVE, one) > 0);
        assert_true(signal_half_run(&fixture.half, 0, 0, 0)->lost);
        const size_t count = feed(&fixture, 300 + dies_at, 500 + dies_at, SIGNAL_HALF_LIVE, one);
        assert_int_equal(of_strategy(one, count, "third", 0), 0);
        assert_true(of_strategy(one, count, "third", 1) > 0);
        free(fixture.memory);
    }
}

/* A section of a plug-in that could not be had is passed over; one of a name that nobody knows is not. */
static void sections_of_missing_plugins_are_passed_over(void **state)
{
    (void)state;
    const strategy_kind_t gone = {.name = "broken", .aliases = "broken.so"};
    const strategy_set_t set = {.missing_count = 1, .missing = {&gone}};
    static const char good[] = "[broken]\nanything = at all\n[SC01]\nfast = 5\n[broken.so BTCUSDT]\nx = 1\n";
    static const char bad[] = "[broken]\nx = 1\n[brokn]\nx = 1\n";
    parameters_error_t error;
    (void)state;
    assert_int_equal(parameters_read(good, sizeof good - 1, &set, &fresh, &after, &error), RESULT_OK);
    assert_int_equal(after.count, 1);
    assert_int_equal(parameters_read(good, sizeof good - 1, NULL, &fresh, &after, &error), RESULT_UNKNOWN_VALUE);
    assert_int_equal(parameters_read(bad, sizeof bad - 1, &set, &fresh, &after, &error), RESULT_UNKNOWN_VALUE);
    assert_int_equal(error.line, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restarted_strategy_stands_where_it_would),
        cmocka_unit_test(a_lost_run_is_lost_alone),
        cmocka_unit_test(what_a_lost_run_said_counts_no_more),
        cmocka_unit_test(sections_of_missing_plugins_are_passed_over),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
