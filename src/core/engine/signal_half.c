/* signal_half.c: closed bars in, numbered signals out; see signal_half.h.
 *
 * The way of a bar: base bar -> aggregates -> every strategy on every timeframe that closed with it -> convergence of each strategy
 * -> dedupe -> id and number. Everything an instrument needs stands in its watch; the watches are made at init.
 */
#include "core/engine/signal_half_parts.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

/* --- memory ----------------------------------------------------------------------------------- */

static const strategy_kind_t *kind_of(const signal_half_config_t *config, uint32_t strategy)
{
    const strategy_kind_t *kind = strategy_find_in(config->set, str_from(config->strategies[strategy].name), NULL);
    ASSERT(kind != NULL);
    return kind;
}

static uint32_t dedupe_capacity(const signal_half_config_t *config)
{
    return config->instruments_max * config->strategy_count * 2; /* both sides of everything once */
}

/* Bytes of state of one run, whatever instrument and timeframe it comes to serve. */
static size_t run_memory(const signal_half_config_t *config, uint32_t strategy)
{
    const strategy_kind_t *kind = kind_of(config, strategy);
    const size_t plain = strategy_memory(kind, config->strategies[strategy].options);
    size_t most = config->parameters != NULL ? parameters_memory(config->parameters, kind) : 0;
    most = most > plain ? most : plain;
    /* A state's size is a sum of parts that grow with one option each: what a row replaces adds no more than its own state. */
    return most + signal_half_rows_memory(config, kind);
}

static uint32_t runs_of(const signal_half_config_t *config)
{
    uint32_t runs = 0;
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        runs += signal_half_variants(config, kind_of(config, i)) * config->timeframe_count;
    }
    return runs;
}

static size_t watch_memory(const signal_half_config_t *config)
{
    size_t states = 0;
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        states +=
            signal_half_variants(config, kind_of(config, i)) * config->timeframe_count * signal_half_padded(run_memory(config, i));
    }
    return signal_half_padded(sizeof(signal_half_watch_t)) + signal_half_padded(config->strategy_count * sizeof(convergence_t)) +
           signal_half_padded(runs_of(config) * sizeof(strategy_run_t)) +
           signal_half_padded(config->strategy_count * sizeof(signal_performance_t)) +
           (config->regimes.count > 0 ? signal_half_padded(config->timeframe_count * sizeof(market_frame_t)) : 0) +
           (config->structure_bars > 0 ? signal_half_padded(config->timeframe_count * sizeof(structure_t)) : 0) + states;
}

size_t signal_half_memory(const signal_half_config_t *config)
{
    ASSERT(signal_half_config_check(config, NULL) == RESULT_OK);
    return SIGNAL_HALF_ALIGNMENT + signal_half_padded(INSTRUMENT_MAX * sizeof(uint16_t)) +
           signal_half_padded(config->instruments_max * sizeof(signal_half_watch_t *)) +
           signal_half_padded(dedupe_capacity(config) * sizeof(dedupe_entry_t)) +
           signal_half_padded(SIGNAL_HALF_RESULTS_MAX * sizeof(signal_half_result_t)) +
           signal_half_padded(MARKET_TIMEFRAMES * sizeof(market_frame_t)) + config->instruments_max * watch_memory(config);
}

/* The arena has been measured before: a piece that does not fit is our own mistake. */
static void *take(arena_t *arena, size_t size)
{
    void *piece = arena_take(arena, signal_half_padded(size), SIGNAL_HALF_ALIGNMENT);
    ASSERT(piece != NULL);
    return piece;
}

signal_half_watch_t *signal_half_watch_of(const signal_half_t *half, instrument_id_t instrument)
{
    const uint16_t slot = instrument < INSTRUMENT_MAX ? half->slot_of[instrument] : (uint16_t)NOT_WATCHED;
    return slot != NOT_WATCHED ? half->watches[slot] : NULL;
}

strategy_run_t *signal_half_run_of(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy, uint32_t variant,
                                   uint32_t slot)
{
    return &watch->runs[(half->first_run[strategy] + variant) * half->config.timeframe_count + slot];
}

/* The options of a run: the parameters' for its instrument (none before it has one), with those of its regime row over them. False:
 * they contradict each other; `options` are then those without the row. */
static bool options_of(const signal_half_t *half, const parameters_t *parameters, const instrument_t *instrument, uint32_t strategy,
                       uint32_t variant, uint32_t slot, double options[STRATEGY_OPTIONS_MAX])
{
    const strategy_kind_t *kind = half->kinds[strategy];
    double changed[STRATEGY_OPTIONS_MAX];
    memcpy(options, half->config.strategies[strategy].options, sizeof changed);
    if (parameters != NULL && instrument != NULL) {
        parameters_resolve(parameters, kind, instrument->venue, instrument->symbol, half->config.timeframes[slot], options);
    }
    if (variant == 0) {
        return true;
    }
    memcpy(changed, options, sizeof changed);
    regime_row_apply(half->rows[strategy][variant], changed);
    if (strategy_check(kind, changed, NULL) != RESULT_OK) {
        return false;
    }
    memcpy(options, changed, sizeof changed);
    return true;
}

static void start_run(const signal_half_t *half, signal_half_watch_t *watch, uint32_t strategy, uint32_t variant, uint32_t slot)
{
    strategy_run_t *run = signal_half_run_of(half, watch, strategy, variant, slot);
    double options[STRATEGY_OPTIONS_MAX];
    const bool possible = options_of(half, half->config.parameters, instrument_table_at(half->table, watch->instrument), strategy,
                                     variant, slot, options);
    strategy_start(run, half->kinds[strategy], options, half->config.timeframes[slot], run->state);
    run->structure = half->config.structure_bars > 0 ? &watch->slots.structures[slot] : NULL;
    run->lost = run->lost || !possible;
}

void signal_half_start_runs(const signal_half_t *half, signal_half_watch_t *watch, strategies_t which)
{
    for (uint32_t i = which.from; i < which.to; i++) {
        for (uint32_t variant = 0; variant < half->variants[i]; variant++) {
            for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++) {
                start_run(half, watch, i, variant, slot);
            }
        }
    }
}

static signal_half_watch_t *watch_make(const signal_half_t *half, arena_t *arena)
{
    const signal_half_config_t *config = &half->config;
    signal_half_watch_t *watch = take(arena, sizeof *watch);
    watch->instrument = INSTRUMENT_NONE;
    watch->convergences = take(arena, config->strategy_count * sizeof watch->convergences[0]);
    watch->runs = take(arena, runs_of(config) * sizeof watch->runs[0]);
    watch->performances = take(arena, config->strategy_count * sizeof watch->performances[0]);
    watch->slots.frames = config->regimes.count > 0 ? take(arena, config->timeframe_count * sizeof(market_frame_t)) : NULL;
    watch->slots.structures = config->structure_bars > 0 ? take(arena, config->timeframe_count * sizeof(structure_t)) : NULL;
    signal_half_begin_slots(config, &watch->slots);
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        convergence_init(&watch->convergences[i], config->timeframes, config->timeframe_count);
        for (uint32_t k = 0; k < half->variants[i] * config->timeframe_count; k++) {
            watch->runs[half->first_run[i] * config->timeframe_count + k].state = take(arena, run_memory(config, i));
        }
    }
    signal_half_start_runs(half, watch, (strategies_t){0, config->strategy_count});
    return watch;
}

result_t signal_half_init(signal_half_t *half, const signal_half_config_t *config, const instrument_table_t *table, arena_t *arena)
{
    ASSERT(half != NULL && config != NULL && table != NULL && arena != NULL);
    result_t result = signal_half_config_check(config, NULL);
    if (result != RESULT_OK) {
        return result;
    }
    if (arena->size - arena->used < signal_half_memory(config)) {
        return RESULT_FULL;
    }
    *half = (signal_half_t){.config = *config, .table = table};
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        half->kinds[i] = kind_of(config, i);
    }
    signal_half_take_regimes(half);
    half->market_frames = take(arena, MARKET_TIMEFRAMES * sizeof half->market_frames[0]);
    for (uint32_t i = 0; i < MARKET_TIMEFRAMES; i++) {
        market_frame_init(&half->market_frames[i]);
    }
    half->results = take(arena, SIGNAL_HALF_RESULTS_MAX * sizeof half->results[0]);
    half->slot_of = take(arena, INSTRUMENT_MAX * sizeof half->slot_of[0]);
    memset(half->slot_of, 0xFF, INSTRUMENT_MAX * sizeof half->slot_of[0]);
    half->watches = take(arena, config->instruments_max * sizeof(signal_half_watch_t *));
    dedupe_init(&half->dedupe, take(arena, dedupe_capacity(config) * sizeof(dedupe_entry_t)), dedupe_capacity(config),
                config->dedupe_ns);
    for (uint32_t i = 0; i < config->instruments_max; i++) {
        half->watches[i] = watch_make(half, arena);
    }
    return RESULT_OK;
}

/* --- watching --------------------------------------------------------------------------------- */

result_t signal_half_watch(signal_half_t *half, instrument_id_t instrument)
{
    if (instrument_table_at(half->table, instrument) == NULL) {
        return RESULT_NOT_FOUND;
    }
    if (signal_half_watch_of(half, instrument) != NULL) {
        return RESULT_OK;
    }
    if (half->watch_count == half->config.instruments_max) {
        return RESULT_FULL;
    }
    signal_half_watch_t *watch = half->watches[half->watch_count];
    watch->instrument = instrument;
    if (half->config.parameters != NULL) {
        signal_half_start_runs(half, watch, (strategies_t){0, half->config.strategy_count});
    }
    if (str_eq_nocase(str_from(instrument_table_at(half->table, instrument)->symbol), str_from(half->config.market_symbol))) {
        watch->slots.market = half->market_frames;
    }
    half->slot_of[instrument] = (uint16_t)half->watch_count;
    half->watch_count++;
    return RESULT_OK;
}

uint32_t signal_half_contradiction(const signal_half_t *half, instrument_id_t instrument, const parameters_t *parameters)
{
    const instrument_t *row = instrument_table_at(half->table, instrument);
    for (uint32_t i = 0; i < half->config.strategy_count; i++) {
        for (uint32_t variant = 1; variant < half->variants[i]; variant++) {
            for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++) {
                double options[STRATEGY_OPTIONS_MAX];
                if (!options_of(half, parameters, row, i, variant, slot, options)) {
                    return (uint32_t)(half->rows[i][variant] - half->config.regimes.rows) + 1;
                }
            }
        }
    }
    return 0;
}

int64_t signal_half_last_bar(const signal_half_t *half, instrument_id_t instrument)
{
    const signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    return watch != NULL ? watch->last_open_ns : 0;
}

void signal_half_number_set(signal_half_t *half, uint64_t number_last, uint64_t outcome_last)
{
    ASSERT(half->counters.signals == 0);
    half->counters.number_last = number_last;
    half->counters.outcome_last = outcome_last;
}

/* --- a bar ------------------------------------------------------------------------------------ */

/* "1h" + "." + "macd.histogram", cut to its room. */
static void name_input(char name[SIGNAL_INPUT_NAME_MAX], timeframe_t timeframe, const char *input)
{
    const char *const pieces[] = {timeframe_text(timeframe), ".", input};
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        for (const char *from = pieces[i]; *from != '\0' && at + 1 < SIGNAL_INPUT_NAME_MAX; from++) {
            name[at++] = *from;
        }
    }
    name[at] = '\0';
}

static void add_inputs(signal_t *signal, timeframe_t timeframe, const proposal_t *proposal)
{
    for (uint32_t i = 0; i < proposal->input_count && signal->input_count < SIGNAL_INPUTS_MAX; i++) {
        signal_input_t *input = &signal->inputs[signal->input_count++];
        name_input(input->name, timeframe, proposal->inputs[i].name);
        input->value = proposal->inputs[i].value;
    }
}

static void copy_text(char *to, size_t capacity, const char *from)
{
    result_t result = str_copy(str_from(from), to, capacity);
    ASSERT(result == RESULT_OK);
}

/* The states of all timeframes that took part. */
static uint64_t states_of(const convergence_t *convergence, uint32_t members)
{
    uint64_t states = 0;
    for (uint32_t i = 0; i < convergence->count; i++) {
        states |= (members & (1u << i)) != 0 ? convergence->slots[i].proposal.states : 0;
    }
    return states;
}

static void signal_from_match(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy,
                              const convergence_match_t *match, int64_t now_ns, signal_t *out)
{
    const signal_half_config_t *config = &half->config;
    const convergence_t *convergence = &watch->convergences[strategy];
    const char *name = half->kinds[strategy]->name;
    timeframe_t shortest = TF_COUNT;
    *out = (signal_t){
        .instrument = watch->instrument,
        .side = match->direction == DIRECTION_LONG ? SIDE_LONG : SIDE_SHORT,
        .entry = match->levels.entry,
        .stop = match->levels.stop,
        .target = match->levels.target,
        .confidence = match->confidence,
        .made_ns = now_ns,
        .states = states_of(convergence, match->members),
    };
    signal_half_weigh(half, watch, strategy, match->members, out);
    for (uint32_t i = 0; i < convergence->count; i++) {
        if ((match->members & (1u << i)) != 0) {
            const timeframe_t timeframe = convergence->timeframes[i];
            shortest = shortest == TF_COUNT ? timeframe : shortest;
            out->timeframes |= 1u << timeframe;
            out->timeframe_source = timeframe; /* ascending: the longest stays */
            add_inputs(out, timeframe, &convergence->slots[i].proposal);
        }
    }
    out->expires_ns = now_ns + (int64_t)config->signal_life_bars * timeframe_length_ns(shortest);
    copy_text(out->strategy, sizeof out->strategy, name);
    copy_text(out->source, sizeof out->source, config->source);
    signal_id_make(instrument_table_at(half->table, watch->instrument), out->side, name, match->key, out->id);
}

/* They see the bar of one timeframe, each with all its sets of options; the set that the regime names is heard. */
static void run_strategies(signal_half_t *half, signal_half_watch_t *watch, strategies_t which, const signal_half_slots_t *slots,
                           uint32_t slot, const candle_t *bar)
{
    const instrument_t *instrument = instrument_table_at(half->table, watch->instrument);
    const int64_t now_ns = timeframe_next(half->config.timeframes[slot], bar->open_ns);
    for (uint32_t i = which.from; i < which.to; i++) {
        const uint32_t heard = signal_half_rule(half, slots, i, slot)->variant;
        for (uint32_t variant = 0; variant < half->variants[i]; variant++) {
            strategy_run_t *run = signal_half_run_of(half, watch, i, variant, slot);
            proposal_t proposal;
            signal_half_adapt_run(half, run, now_ns);
            const bool proposes = strategy_on_candle(run, instrument, bar, &proposal);
            if (variant != heard) {
                continue;
            }
            if (proposes) {
                half->counters.proposals++;
                convergence_propose(&watch->convergences[i], &half->config.convergence, slot, &proposal);
            } else if (run->lost) {
                convergence_forget(&watch->convergences[i], slot);
            }
        }
    }
}

bool signal_half_feed_bar(signal_half_t *half, signal_half_watch_t *watch, strategies_t which, signal_half_slots_t *slots,
                          const candle_t *bar, uint32_t *closed)
{
    const bool usable = bar->state != CANDLE_MISSING && candle_check(bar, half->config.timeframes[0]) == RESULT_OK;
    const candle_t missing = {.open_ns = bar->open_ns, .state = CANDLE_MISSING, .closed = true};
    const candle_t *part = usable ? bar : &missing;
    uint32_t slots_closed = 1;
    signal_half_feed_slot(slots, half->config.timeframes[0], 0, part);
    run_strategies(half, watch, which, slots, 0, part);
    for (uint32_t slot = 1; slot < half->config.timeframe_count; slot++) {
        candle_t longer;
        if (aggregate_push(&slots->aggregates[slot], part, &longer)) {
            signal_half_feed_slot(slots, half->config.timeframes[slot], slot, &longer);
            run_strategies(half, watch, which, slots, slot, &longer);
            slots_closed |= 1u << slot;
        }
    }
    if (closed != NULL) {
        *closed = slots_closed;
    }
    return usable;
}

/* What the strategies now agree on, and what they take back; what the mode does not ask for is only taken note of. closed_slots:
 * bit n: a bar of slot n has closed. */
static uint32_t take_matches(signal_half_t *half, signal_half_watch_t *watch, const candle_t *bar, signal_half_mode_t mode,
                             uint32_t closed_slots, signal_t *out)
{
    const int64_t now_ns = timeframe_next(half->config.timeframes[0], bar->open_ns);
    const dec_t tick = instrument_table_at(half->table, watch->instrument)->tick_size;
    uint32_t count = 0;
    for (uint32_t i = 0; i < half->config.strategy_count; i++) {
        convergence_match_t match;
        if (!convergence_take(&watch->convergences[i], &half->config.convergence, now_ns, bar->close, tick, &match)) {
            continue;
        }
        half->counters.matches++;
        if (mode != SIGNAL_HALF_LIVE) {
            continue;
        }
        signal_t *signal = &out[count];
        signal_from_match(half, watch, i, &match, now_ns, signal);
        ASSERT(signal_check(signal) == RESULT_OK);
        if (signal->confidence < half->config.confidence_min) {
            half->counters.doubtful++;
            continue;
        }
        if (!dedupe_admit(&half->dedupe, signal)) {
            half->counters.duplicates++;
            continue;
        }
        signal->number = ++half->counters.number_last;
        half->counters.signals++;
        count++;
    }
    const uint32_t exits = mode == SIGNAL_HALF_HISTORY ? 0
                                                       : signal_half_exits(half, watch, closed_slots, bar->close, now_ns,
                                                                           out + count, SIGNAL_HALF_SIGNALS_MAX - count);
    for (uint32_t i = 0; i < exits; i++) {
        out[count++].number = ++half->counters.number_last;
    }
    half->counters.signals += exits;
    half->counters.exits += exits;
    return count;
}

signal_half_mode_t signal_half_mode(const signal_half_t *half, const candle_t *bar, int64_t now_ns)
{
    const timeframe_t base = half->config.timeframes[0];
    return now_ns < timeframe_next(base, timeframe_next(base, bar->open_ns)) ? SIGNAL_HALF_LIVE : SIGNAL_HALF_HISTORY;
}

result_t signal_half_on_bar(signal_half_t *half, instrument_id_t instrument, const candle_t *bar, signal_half_mode_t mode,
                            signal_t out[SIGNAL_HALF_SIGNALS_MAX], uint32_t *count)
{
    ASSERT(half != NULL && bar != NULL && count != NULL);
    *count = 0;
    const timeframe_t base = half->config.timeframes[0];
    signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    if (watch == NULL) {
        return RESULT_NOT_FOUND;
    }
    if (!bar->closed) {
        return RESULT_BAD_STATE;
    }
    if (bar->open_ns <= watch->last_open_ns) {
        half->counters.bars_late++;
        return RESULT_OUT_OF_ORDER;
    }
    const result_t checked = bar->state == CANDLE_MISSING ? RESULT_OK : candle_check(bar, base);
    const bool usable = checked == RESULT_OK && bar->state != CANDLE_MISSING;
    half->counters.bars++;
    half->counters.bars_bad += !usable;
    if (timeframe_open(base, bar->open_ns) != bar->open_ns) {
        return RESULT_BAD_ARGUMENT; /* no bar of this grid: the next one will show the gap */
    }
    watch->last_open_ns = bar->open_ns;
    uint32_t closed_slots = 0;
    if (signal_half_feed_bar(half, watch, (strategies_t){0, half->config.strategy_count}, &watch->slots, bar, &closed_slots)) {
        *count = take_matches(half, watch, bar, mode, closed_slots, out);
    }
    signal_half_note_market(half, watch, timeframe_next(base, bar->open_ns));
    return checked;
}

/* --- figures ---------------------------------------------------------------------------------- */

static bool watch_is_warm(const signal_half_t *half, const signal_half_watch_t *watch)
{
    for (uint32_t i = 0; i < half->config.strategy_count; i++) {
        uint32_t warm = 0;
        for (uint32_t k = 0; k < half->config.timeframe_count; k++) {
            warm += strategy_is_warm(signal_half_run_of(half, watch, i, 0, k));
        }
        if (warm < half->config.convergence.matches_min) {
            return false;
        }
    }
    return true;
}

signal_half_counters_t signal_half_counters(const signal_half_t *half)
{
    signal_half_counters_t counters = half->counters;
    counters.instruments = half->watch_count;
    for (uint32_t i = 0; i < half->watch_count; i++) {
        counters.instruments_warm += watch_is_warm(half, half->watches[i]);
    }
    return counters;
}
