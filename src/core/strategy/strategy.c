/* strategy.c: the runner around every strategy: what may reach it, and exact prices for what it says; see strategy.h. */
#include "core/strategy/strategy.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/indicator/indicator.h"

size_t strategy_memory(const strategy_kind_t *kind, const double *options)
{
    return kind->state_size(options);
}

void strategy_start(strategy_run_t *run, const strategy_kind_t *kind, const double *options, timeframe_t timeframe, void *state)
{
    ASSERT(run != NULL && kind != NULL && state != NULL);
    ASSERT(strategy_check(kind, options, NULL) == RESULT_OK);
    *run = (strategy_run_t){.kind = kind, .timeframe = timeframe, .state = state};
    memcpy(run->options, options, kind->option_count * sizeof options[0]);
    kind->init(state, run->options);
}

/* The past is broken here: what the indicators know no longer stands right before the next bar. */
static void warm_up_again(strategy_run_t *run)
{
    run->kind->init(run->state, run->options);
    run->bars = 0;
    run->restarts++;
}

bool strategy_is_warm(const strategy_run_t *run)
{
    return run->bars >= run->kind->warm_up(run->options);
}

static bool view_is_sound(const strategy_view_t *view)
{
    return view->direction != DIRECTION_NONE && view->confidence >= 0.0 && view->confidence <= 1.0 && view->atr > 0.0 &&
           indicator_value_is_good(view->atr) && view->input_count <= STRATEGY_INPUTS_MAX;
}

static bool propose(const strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, const strategy_view_t *view,
                    proposal_t *out)
{
    level_rules_t rules = run->kind->levels(run->options);
    if (view->stop_price > 0.0) {
        rules.stop_kind = LEVEL_PRICE;
        rules.stop = view->stop_price;
    }
    if (view->target_price > 0.0) {
        rules.target_kind = LEVEL_PRICE;
        rules.target = view->target_price;
    }
    levels_t levels;
    if (levels_make(&rules, view->direction, candle->close, view->atr, instrument->tick_size, &levels) != RESULT_OK) {
        return false;
    }
    *out = (proposal_t){
        .direction = view->direction,
        .levels = levels,
        .confidence = view->confidence,
        .bar_open_ns = candle->open_ns,
        .made_ns = timeframe_next(run->timeframe, candle->open_ns),
        .input_count = view->input_count,
    };
    memcpy(out->inputs, view->inputs, view->input_count * sizeof view->inputs[0]);
    return true;
}

bool strategy_on_candle(strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, proposal_t *out)
{
    ASSERT(run != NULL && run->kind != NULL && instrument != NULL);
    if (!candle->closed || (run->started && candle->open_ns <= run->last_open_ns)) {
        return false;
    }
    const bool gap = run->started && candle->open_ns != timeframe_next(run->timeframe, run->last_open_ns);
    const bool bad = candle->state == CANDLE_MISSING || candle_check(candle, run->timeframe) != RESULT_OK;
    if (gap || (bad && run->started)) {
        warm_up_again(run);
    }
    run->started = true;
    run->last_open_ns = candle->open_ns;
    if (bad) {
        return false;
    }
    const indicator_bar_t bar = {
        .open = dec_to_double(candle->open),
        .high = dec_to_double(candle->high),
        .low = dec_to_double(candle->low),
        .close = dec_to_double(candle->close),
        .volume = dec_to_double(candle->volume),
        .open_ns = candle->open_ns,
    };
    run->bars += run->bars < UINT32_MAX;
    strategy_view_t view = {.direction = DIRECTION_NONE};
    run->kind->next(run->state, &bar, &view);
    if (candle->state != CANDLE_TRADED || !view_is_sound(&view)) {
        return false;
    }
    return propose(run, instrument, candle, &view, out);
}
