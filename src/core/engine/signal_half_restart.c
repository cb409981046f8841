/* signal_half_restart.c: one strategy of an instrument begins anew, because its options have changed or it was lost; see
 * signal_half.h.
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/engine/signal_half_parts.h"

const strategy_run_t *signal_half_run(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, uint32_t slot)
{
    ASSERT(strategy < half->config.strategy_count && slot < half->config.timeframe_count);
    const signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    return watch != NULL ? signal_half_run_of(half, watch, strategy, 0, slot) : NULL;
}

bool signal_half_has_lost(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, uint32_t slot)
{
    const signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    for (uint32_t variant = 0; watch != NULL && variant < half->variants[strategy]; variant++) {
        if (signal_half_run_of(half, watch, strategy, variant, slot)->lost) {
            return true;
        }
    }
    return false;
}

bool signal_half_concerns(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, const parameters_t *parameters)
{
    const instrument_t *row = instrument_table_at(half->table, instrument);
    for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++) {
        const strategy_run_t *run = signal_half_run(half, instrument, strategy, slot);
        double options[STRATEGY_OPTIONS_MAX];
        if (run == NULL) {
            return false;
        }
        parameters_resolve(parameters, run->kind, row->venue, row->symbol, run->timeframe, options);
        if (memcmp(options, run->options, run->kind->option_count * sizeof options[0]) != 0) {
            return true;
        }
    }
    return false;
}

/* Of one run. */
static size_t restart_room(const signal_half_t *half, uint32_t strategy, const parameters_t *parameters)
{
    const strategy_kind_t *kind = half->kinds[strategy];
    return signal_half_padded(parameters_memory(parameters, kind) + signal_half_rows_memory(&half->config, kind));
}

size_t signal_half_restart_memory(const signal_half_t *half, uint32_t strategy, const parameters_t *parameters)
{
    ASSERT(strategy < half->config.strategy_count);
    return half->variants[strategy] * half->config.timeframe_count * restart_room(half, strategy, parameters);
}

void signal_half_restart(signal_half_t *half, instrument_id_t instrument, uint32_t strategy, void *memory)
{
    const signal_half_config_t *config = &half->config;
    signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    ASSERT(watch != NULL && strategy < config->strategy_count && config->parameters != NULL && memory != NULL);
    const size_t room = restart_room(half, strategy, config->parameters);
    for (uint32_t i = 0; i < half->variants[strategy] * config->timeframe_count; i++) {
        signal_half_run_of(half, watch, strategy, 0, 0)[i].state = (unsigned char *)memory + i * room;
    }
    convergence_init(&watch->convergences[strategy], config->timeframes, config->timeframe_count);
    signal_half_start_runs(half, watch, (strategies_t){strategy, strategy + 1});
}

/* Where the runs of a strategy look for structure. */
static void lend_structures(signal_half_t *half, signal_half_watch_t *watch, uint32_t strategy, const signal_half_slots_t *slots)
{
    for (uint32_t variant = 0; variant < half->variants[strategy] && half->config.structure_bars > 0; variant++) {
        for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++) {
            signal_half_run_of(half, watch, strategy, variant, slot)->structure = &slots->structures[slot];
        }
    }
}

void signal_half_replay(signal_half_t *half, instrument_id_t instrument, uint32_t strategy, const candle_t *bars, size_t count)
{
    signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    ASSERT(watch != NULL && strategy < half->config.strategy_count && (bars != NULL || count == 0));
    const signal_half_counters_t counters = half->counters; /* these bars have been counted */
    const dec_t tick = instrument_table_at(half->table, instrument)->tick_size;
    market_frame_t frames[SIGNAL_HALF_TIMEFRAMES_MAX];
    structure_t structures[SIGNAL_HALF_TIMEFRAMES_MAX];
    signal_half_slots_t slots = {.frames = watch->slots.frames != NULL ? frames : NULL, /* the past as it was then */
                                 .structures = watch->slots.structures != NULL ? structures : NULL};
    signal_half_begin_slots(&half->config, &slots);
    lend_structures(half, watch, strategy, &slots);
    for (size_t i = 0; i < count && bars[i].open_ns <= watch->last_open_ns; i++) {
        convergence_match_t match;
        const bool usable = timeframe_open(half->config.timeframes[0], bars[i].open_ns) == bars[i].open_ns &&
                            signal_half_feed_bar(half, watch, (strategies_t){strategy, strategy + 1}, &slots, &bars[i], NULL);
        if (usable) { /* what it would have said then is old by now */
            (void)convergence_take(&watch->convergences[strategy], &half->config.convergence,
                                   timeframe_next(half->config.timeframes[0], bars[i].open_ns), bars[i].close, tick, &match);
        }
    }
    lend_structures(half, watch, strategy, &watch->slots);
    half->counters = counters;
}
