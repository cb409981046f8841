/* strategy.c: the runner around every strategy: what may reach it, and exact prices for what it says; see strategy.h. */
#include "core/strategy/strategy.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/indicator/indicator.h"
#include "core/strategy/level_options.h"

/* --- inside or outside ------------------------------------------------------------------------ */

size_t strategy_memory(const strategy_kind_t *kind, const double *options)
{
    return kind->outside != NULL ? kind->outside->state_size : kind->state_size(options);
}

uint32_t strategy_warm_up(const strategy_kind_t *kind, const double *options)
{
    return kind->outside != NULL ? kind->outside->warm_up(kind->outside->context, options) : kind->warm_up(options);
}

static level_rules_t rules_of(const strategy_run_t *run)
{
    const strategy_kind_t *kind = run->kind;
    return kind->outside != NULL ? level_options_rules(run->options + kind->option_count - LEVELS_OPTION_COUNT)
                                 : kind->levels(run->options);
}

static void begin(strategy_run_t *run)
{
    const strategy_outside_t *outside = run->kind->outside;
    if (outside != NULL) {
        run->lost = !outside->init(outside->context, run->state, run->options);
    } else {
        run->kind->init(run->state, run->options);
    }
}

static void look(strategy_run_t *run, const indicator_bar_t *bar, strategy_view_t *view)
{
    const strategy_outside_t *outside = run->kind->outside;
    if (outside != NULL) {
        run->lost = !outside->next(outside->context, run->state, bar, view);
    } else {
        run->kind->next(run->state, bar, view);
    }
}

/* --- a run ------------------------------------------------------------------------------------ */

void strategy_start(strategy_run_t *run, const strategy_kind_t *kind, const double *options, timeframe_t timeframe, void *state)
{
    ASSERT(run != NULL && kind != NULL && state != NULL);
    ASSERT((kind->outside != NULL ? strategy_check_ranges : strategy_check)(kind, options, NULL) == RESULT_OK);
    *run = (strategy_run_t){.kind = kind, .timeframe = timeframe, .state = state, .warm_up = strategy_warm_up(kind, options)};
    memcpy(run->options, options, kind->option_count * sizeof options[0]);
    begin(run);
}

/* The past is broken here: what the indicators know no longer stands right before the next bar. */
static void warm_up_again(strategy_run_t *run)
{
    begin(run);
    run->bars = 0;
    run->restarts++;
}

bool strategy_is_warm(const strategy_run_t *run)
{
    return !run->lost && run->bars >= run->warm_up;
}

static bool view_is_sound(const strategy_view_t *view)
{
    return view->direction != DIRECTION_NONE && view->confidence >= 0.0 && view->confidence <= 1.0 && view->atr > 0.0 &&
           indicator_value_is_good(view->atr) && view->input_count <= STRATEGY_INPUTS_MAX;
}

static bool propose(const strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, const strategy_view_t *view,
                    proposal_t *out)
{
    level_rules_t rules = rules_of(run);
    double stop = view->stop_price, lowest = 0.0, highest = 0.0;
    if (!(stop > 0.0) && run->structure != NULL && structure_levels(run->structure, &lowest, &highest)) {
        stop = view->direction == DIRECTION_LONG ? lowest : highest;
    }
    if (stop > 0.0) {
        rules.stop_kind = LEVEL_PRICE;
        rules.stop = stop;
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
        .states = view->states,
        .input_count = view->input_count,
    };
    memcpy(out->inputs, view->inputs, view->input_count * sizeof view->inputs[0]);
    return true;
}

bool strategy_on_candle(strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, proposal_t *out)
{
    ASSERT(run != NULL && run->kind != NULL && instrument != NULL);
    run->leave = 0;
    if (run->lost || !candle->closed || (run->started && candle->open_ns <= run->last_open_ns)) {
        return false;
    }
    const bool gap = run->started && candle->open_ns != timeframe_next(run->timeframe, run->last_open_ns);
    const bool bad = candle->state == CANDLE_MISSING || candle_check(candle, run->timeframe) != RESULT_OK;
    if (gap || (bad && run->started)) {
        warm_up_again(run);
    }
    run->started = true;
    run->last_open_ns = candle->open_ns;
    if (bad || run->lost) {
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
    look(run, &bar, &view);
    run->leave = !run->lost && candle->state == CANDLE_TRADED ? view.leave : 0;
    if (run->lost || candle->state != CANDLE_TRADED || !view_is_sound(&view)) {
        return false;
    }
    return propose(run, instrument, candle, &view, out);
}
