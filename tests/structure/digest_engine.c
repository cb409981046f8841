/* digest_engine.c: every decision of both halves as one digest: signals of made-up markets, and the records and actions of a long
 * made-up life of the order half: the decision log, compared over compilers. See test_determinism.sh.
 * rooms: core/base core/market core/indicator core/strategy core/signal core/risk core/order core/engine
 * libs: protobuf-nanopb
 */
#include "core/base/hash.h"
#include "core/engine/record_codec.h"
#include "core/engine/seam.h"
#include "core/engine/signal_half.h"
#include "support/half_script.h"

void digest_engine(sha256_t *sha);

/* --- the first half --------------------------------------------------------------------------- */

enum { BARS = 12000, INSTRUMENTS = 3 };

static instrument_table_t table;

static void make_table(void)
{
    static const char *const symbols[INSTRUMENTS] = {"BTCUSDT", "ETHUSDT", "XRPUSDT"};
    for (unsigned i = 0; i < INSTRUMENTS; i++) {
        instrument_t instrument = script_rules();
        instrument_id_t id;
        instrument.tick_size = dec_from_scaled(1, 1 + i * 2);
        memcpy(instrument.symbol, symbols[i], sizeof "BTCUSDT");
        memcpy(instrument.base, symbols[i], 3);
        (void)instrument_table_put(&table, &instrument, &id);
    }
}

/* A walk whose steps have a memory, so that averages cross on several timeframes. */
static candle_t next_bar(prng_t *prng, int64_t open_ns, double *price, double *drift)
{
    candle_t bar = {.open_ns = open_ns, .volume = DEC_ONE, .state = CANDLE_TRADED, .closed = true};
    *drift = 0.5 * *drift + 0.004 * prng_normal(prng);
    const double open = *price;
    *price = open * (1.0 + *drift) + 1e-3;
    const double high = (open > *price ? open : *price) * (1.0 + 0.003 * prng_unit(prng));
    const double low = (open < *price ? open : *price) * (1.0 - 0.003 * prng_unit(prng));
    (void)dec_from_double(open, 6, &bar.open);
    (void)dec_from_double(high, 6, &bar.high);
    (void)dec_from_double(low, 6, &bar.low);
    (void)dec_from_double(*price, 6, &bar.close);
    bar.high = dec_max(bar.high, dec_max(bar.open, bar.close));
    bar.low = dec_min(bar.low, dec_min(bar.open, bar.close));
    return bar;
}

/* Everything that weighs: named states and their results, regimes with options of their own, the market's state. */
static bool all_that_weighs(signal_half_config_t *config)
{
    static const char *const rows[] = {"ranging WeightedScore stop_atr=3", "up all 0.5", "volatile SC01 off"};
    regime_error_t error;
    bool good = signal_half_config_add(config, "WeightedScore") == RESULT_OK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        good = good && regime_table_add(&config->regimes, str_from(rows[i]), &error) == RESULT_OK;
    }
    config->instruments_max = INSTRUMENTS;
    config->market_state = true;
    config->convergence.matches_min = 1;
    return good;
}

/* Each signal is taken and closed after 30 bars, won or lost by its number. */
static void take(signal_half_t *half, const signal_t *signal, uint64_t *closed)
{
    const request_outcome_t outcome = {.kind = REQUEST_CLOSED,
                                       .signal_number = signal->number,
                                       .realised = dec_from_int(signal->number % 3 == 0 ? 1 : -1),
                                       .time_ns = signal->made_ns + 30 * NS_PER_HOUR};
    if (signal->exit_of != 0) {
        return;
    }
    const signal_outcome_t end = signal_half_outcome(signal, &outcome, ++*closed);
    signal_half_on_opened(half, signal);
    (void)signal_half_on_outcome(half, &end);
}

static void digest_signals(sha256_t *sha)
{
    static unsigned char memory[1 << 22];
    uint64_t closed = 0;
    static signal_half_t half;
    signal_half_config_t config;
    arena_t arena;
    prng_t prng;
    double price[INSTRUMENTS] = {60000.0, 2500.0, 0.6}, drift[INSTRUMENTS] = {0};
    make_table();
    signal_half_config_default(&config);
    if (!all_that_weighs(&config)) {
        return;
    }
    arena_init(&arena, memory, sizeof memory);
    if (signal_half_init(&half, &config, &table, &arena) != RESULT_OK) {
        return;
    }
    prng_seed(&prng, 31);
    for (instrument_id_t id = 0; id < INSTRUMENTS; id++) {
        (void)signal_half_watch(&half, id);
    }
    for (int64_t i = 0; i < BARS; i++) {
        for (instrument_id_t id = 0; id < INSTRUMENTS; id++) {
            signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
            uint32_t count = 0;
            const candle_t bar = next_bar(&prng, 19800 * NS_PER_DAY + i * NS_PER_HOUR, &price[id], &drift[id]);
            (void)signal_half_on_bar(&half, id, &bar, SIGNAL_HALF_LIVE, signals, &count);
            for (uint32_t k = 0; k < count; k++) {
                uint8_t bytes[SEAM_SIGNAL_MAX];
                size_t length = 0;
                (void)seam_signal_encode(&signals[k], &table, bytes, sizeof bytes, &length);
                sha256_update(sha, bytes, length);
                take(&half, &signals[k], &closed);
            }
        }
    }
    char text[21];
    sha256_update(sha, text, str_from_u64(signal_half_counters(&half).signals, text));
}

/* --- the second half -------------------------------------------------------------------------- */

static void see(void *context, const order_output_t *output)
{
    sha256_t *sha = context;
    char text[21];
    for (uint32_t i = 0; i < output->record_count; i++) {
        uint8_t bytes[RECORD_BYTES_MAX];
        size_t length = 0;
        (void)record_encode(&output->records[i], bytes, sizeof bytes, &length);
        sha256_update(sha, bytes, length);
    }
    for (uint32_t i = 0; i < output->action_count; i++) {
        const uint64_t figures[] = {output->actions[i].kind, output->actions[i].priority, output->actions[i].number,
                                    output->actions[i].record};
        for (unsigned k = 0; k < sizeof figures / sizeof figures[0]; k++) {
            sha256_update(sha, text, str_from_u64(figures[k], text));
        }
    }
}

static void digest_orders(sha256_t *sha)
{
    static _Alignas(16) unsigned char memory[16 << 20];
    static half_script_t script;
    static order_output_t output;
    uint8_t state[32];
    char text[21];
    if (order_half_size() > sizeof memory || !script_start(&script, memory, &output, 41, see, sha)) {
        return;
    }
    script_run(&script, 20000);
    order_half_digest(script.half, state);
    sha256_update(sha, state, sizeof state);
    sha256_update(sha, text, str_from_u64(script.fills, text));
}

void digest_engine(sha256_t *sha)
{
    digest_signals(sha);
    digest_orders(sha);
}
