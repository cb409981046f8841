/* digest_indicator.c: every indicator of the registry with its presets over a made-up market, all output bits as one digest, and
 * what every strategy proposes on each timeframe, features and the state of the market: see test_determinism.sh.
 * rooms: core/base core/market core/indicator core/strategy
 */
#include <string.h>

#include "core/base/hash.h"
#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/strategy/features.h"
#include "core/strategy/market_state.h"
#include "core/strategy/strategy.h"

void digest_indicator(sha256_t *sha);

enum { BARS = 20000, STATE_DOUBLES = 1 << 16 };

static struct {
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS], output[INDICATOR_OUTPUTS_MAX][BARS];
    int64_t open_ns[BARS];
    double state[STATE_DOUBLES];
} work;

static void add_double(sha256_t *sha, double x)
{
    uint64_t bits;
    uint8_t bytes[8];
    const double one_nan = x != x ? 0.0 : x; /* which of the many NaN is no matter; where they stand is told by the zero */
    memcpy(&bits, &one_nan, sizeof bits);
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(bits >> (8 * i));
    }
    sha256_update(sha, bytes, sizeof bytes);
}

static void make_market(prng_t *prng)
{
    double price = 100.0, drift = 0.0;
    for (unsigned i = 0; i < BARS; i++) {
        drift = 0.5 * drift + 0.004 * prng_normal(prng);
        work.open[i] = price;
        price = price * (1.0 + drift) + 1e-3;
        work.close[i] = price;
        work.high[i] = (work.open[i] > price ? work.open[i] : price) * (1.0 + 0.003 * prng_unit(prng));
        work.low[i] = (work.open[i] < price ? work.open[i] : price) * (1.0 - 0.003 * prng_unit(prng));
        work.volume[i] = prng_unit(prng) * 1000.0;
        work.open_ns[i] = 19800 * NS_PER_DAY + (int64_t)i * NS_PER_HOUR;
    }
}

static void digest_series(sha256_t *sha)
{
    const indicator_columns_t columns = {work.open, work.high, work.low, work.close, work.volume, BARS, work.open_ns};
    double *outputs[INDICATOR_OUTPUTS_MAX];
    for (unsigned i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
        outputs[i] = work.output[i];
    }
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        double options[INDICATOR_OPTIONS_MAX];
        indicator_presets(kind, options);
        if (kind->state_size(options) > sizeof work.state ||
            indicator_series(kind, options, &columns, work.state, outputs) != RESULT_OK) {
            return; /* a shorter digest than the others': it will not agree */
        }
        sha256_update(sha, kind->name, strlen(kind->name));
        for (uint32_t o = 0; o < kind->output_count; o++) {
            for (unsigned i = 0; i < BARS; i++) {
                add_double(sha, work.output[o][i]);
            }
        }
    }
}

static void add_proposal(sha256_t *sha, const proposal_t *proposal)
{
    char text[DEC_TEXT_MAX];
    const dec_t prices[] = {proposal->levels.entry, proposal->levels.stop, proposal->levels.target};
    for (unsigned i = 0; i < 3; i++) {
        sha256_update(sha, text, dec_format(prices[i], text));
    }
    add_double(sha, proposal->confidence);
    for (uint32_t i = 0; i < proposal->input_count; i++) {
        add_double(sha, proposal->inputs[i].value);
    }
    sha256_update(sha, text, str_from_i64(proposal->made_ns, text));
}

static candle_t candle_at(unsigned i, timeframe_t timeframe)
{
    candle_t candle = {.open_ns = 0, .volume = DEC_ONE, .state = CANDLE_TRADED, .closed = true};
    candle.open_ns = time_floor(19800 * NS_PER_DAY, timeframe_length_ns(timeframe)) + (int64_t)i * timeframe_length_ns(timeframe);
    (void)dec_from_double(work.open[i], 4, &candle.open);
    (void)dec_from_double(work.close[i], 4, &candle.close);
    (void)dec_from_double(work.high[i], 4, &candle.high);
    (void)dec_from_double(work.low[i], 4, &candle.low);
    candle.high = dec_max(candle.high, dec_max(candle.open, candle.close));
    candle.low = dec_min(candle.low, dec_min(candle.open, candle.close));
    return candle;
}

static void digest_strategies(sha256_t *sha)
{
    static const timeframe_t timeframes[] = {TF_1H, TF_4H};
    const instrument_t instrument = {.symbol = "XUSDT", .tick_size = dec_from_scaled(1, 2)};
    for (uint32_t k = 0; k < strategy_count(); k++) {
        const strategy_kind_t *kind = strategy_at(k);
        double options[STRATEGY_OPTIONS_MAX];
        strategy_presets(kind, options);
        for (unsigned t = 0; t < 2 && strategy_memory(kind, options) <= sizeof work.state; t++) {
            strategy_run_t run;
            proposal_t proposal;
            char text[21];
            uint64_t count = 0;
            strategy_start(&run, kind, options, timeframes[t], work.state);
            for (unsigned i = 0; i < BARS; i++) {
                const candle_t candle = candle_at(i, timeframes[t]);
                if (strategy_on_candle(&run, &instrument, &candle, &proposal)) {
                    add_proposal(sha, &proposal);
                    count++;
                }
            }
            sha256_update(sha, text, str_from_u64(count, text));
        }
    }
}

static void digest_features(sha256_t *sha)
{
    static features_t features;
    static market_frame_t frame;
    const market_frame_t *const frames[MARKET_TIMEFRAMES] = {&frame, NULL, NULL};
    features_init(&features);
    market_frame_init(&frame);
    for (unsigned i = 0; i < BARS; i++) {
        const indicator_bar_t bar = {work.open[i], work.high[i], work.low[i], work.close[i], work.volume[i], work.open_ns[i]};
        features_value_t value = {.states = 0};
        (void)features_next(&features, &bar, &value);
        market_frame_next(&frame, &bar);
        add_double(sha, (double)(value.states >> 32));
        add_double(sha, (double)(value.states & UINT32_MAX));
        for (unsigned k = 0; k < FEATURE_INPUT_COUNT; k++) {
            add_double(sha, value.inputs[k]);
        }
        add_double(sha, (double)frame.regime);
        add_double(sha, market_score(frames, NAN));
    }
}

void digest_indicator(sha256_t *sha)
{
    prng_t prng;
    prng_seed(&prng, 11);
    make_market(&prng);
    digest_series(sha);
    digest_strategies(sha);
    digest_features(sha);
}
