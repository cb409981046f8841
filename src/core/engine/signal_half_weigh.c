/* signal_half_weigh.c: what weighs the signals of the half: regimes, the market's state, results of closed trades; and which open
 * trades their strategies take back. See signal_half.h. Everything here counts by venue time, so that the order in which bars and
 * outcomes arrive has no say.
 */
#include "core/engine/signal_half_parts.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"

/* --- the regime table ------------------------------------------------------------------------- */

static bool has_options(const regime_row_t *row, const strategy_kind_t *kind)
{
    return row->kind == kind && row->option_count > 0;
}

uint32_t signal_half_variants(const signal_half_config_t *config, const strategy_kind_t *kind)
{
    uint32_t variants = 1;
    for (uint32_t i = 0; i < config->regimes.count; i++) {
        variants += has_options(&config->regimes.rows[i], kind);
    }
    ASSERT(variants <= SIGNAL_HALF_VARIANTS_MAX); /* one row a regime and strategy, and none for UNKNOWN */
    return variants;
}

size_t signal_half_rows_memory(const signal_half_config_t *config, const strategy_kind_t *kind)
{
    size_t most = 0;
    for (uint32_t i = 0; i < config->regimes.count; i++) {
        if (has_options(&config->regimes.rows[i], kind)) {
            double options[STRATEGY_OPTIONS_MAX];
            strategy_presets(kind, options);
            regime_row_apply(&config->regimes.rows[i], options);
            const size_t memory = strategy_memory(kind, options);
            most = memory > most ? memory : most;
        }
    }
    return most;
}

void signal_half_take_regimes(signal_half_t *half)
{
    uint32_t runs = 0;
    for (uint32_t i = 0; i < half->config.strategy_count; i++) {
        half->variants[i] = 1;
        half->first_run[i] = runs;
        for (unsigned regime = REGIME_UNKNOWN; regime < REGIME_COUNT; regime++) {
            const regime_row_t *row = regime_table_row(&half->config.regimes, half->kinds[i], (regime_t)regime);
            signal_half_rule_t *rule = &half->rules[i][regime];
            *rule = (signal_half_rule_t){.factor = 1.0};
            if (row != NULL) {
                rule->factor = row->factor;
                rule->row = (uint32_t)(row - half->config.regimes.rows) + 1;
            }
            if (row != NULL && row->option_count > 0) {
                rule->variant = half->variants[i]++;
                half->rows[i][rule->variant] = row;
            }
        }
        ASSERT(half->variants[i] == signal_half_variants(&half->config, half->kinds[i]));
        runs += half->variants[i];
    }
}

/* --- regime and structure of a timeframe ------------------------------------------------------ */

static const timeframe_t market_timeframes[MARKET_TIMEFRAMES] = {TF_1H, TF_4H, TF_1D};

void signal_half_begin_slots(const signal_half_config_t *config, signal_half_slots_t *slots)
{
    for (uint32_t k = 0; k < config->timeframe_count; k++) {
        if (slots->frames != NULL) {
            market_frame_init(&slots->frames[k]);
        }
        if (slots->structures != NULL) {
            structure_init(&slots->structures[k], config->structure_bars);
        }
        if (k > 0) {
            result_t result = aggregate_init(&slots->aggregates[k], config->timeframes[0], config->timeframes[k]);
            ASSERT(result == RESULT_OK);
        }
    }
}

/* A frame sees a bar; a hole before it, or in its place, breaks its past: nothing stands right before the next bar then. */
static void feed_frame(market_frame_t *frame, timeframe_t timeframe, const candle_t *bar, const indicator_bar_t *seen)
{
    const bool gap = frame->seen > 0 && bar->open_ns != timeframe_next(timeframe, frame->last.open_ns);
    if (gap || bar->state == CANDLE_MISSING) {
        market_frame_init(frame);
    }
    if (bar->state != CANDLE_MISSING) {
        market_frame_next(frame, seen);
    }
}

static void feed_structure(structure_t *structure, const candle_t *bar, const indicator_bar_t *seen)
{
    if (bar->state == CANDLE_MISSING) {
        structure_init(structure, structure->bars);
    } else {
        structure_next(structure, seen);
    }
}

void signal_half_feed_slot(signal_half_slots_t *slots, timeframe_t timeframe, uint32_t slot, const candle_t *bar)
{
    const indicator_bar_t seen = {.open = dec_to_double(bar->open),
                                  .high = dec_to_double(bar->high),
                                  .low = dec_to_double(bar->low),
                                  .close = dec_to_double(bar->close),
                                  .volume = dec_to_double(bar->volume),
                                  .open_ns = bar->open_ns};
    if (slots->frames != NULL) {
        feed_frame(&slots->frames[slot], timeframe, bar, &seen);
    }
    if (slots->structures != NULL) {
        feed_structure(&slots->structures[slot], bar, &seen);
    }
    for (uint32_t i = 0; i < MARKET_TIMEFRAMES && slots->market != NULL; i++) {
        if (market_timeframes[i] == timeframe) {
            feed_frame(&slots->market[i], timeframe, bar, &seen);
        }
    }
}

regime_t signal_half_slot_regime(const signal_half_slots_t *slots, uint32_t slot)
{
    return slots->frames != NULL ? slots->frames[slot].regime : REGIME_UNKNOWN;
}

const signal_half_rule_t *signal_half_rule(const signal_half_t *half, const signal_half_slots_t *slots, uint32_t strategy,
                                           uint32_t slot)
{
    return &half->rules[strategy][signal_half_slot_regime(slots, slot)];
}

regime_t signal_half_regime(const signal_half_t *half, instrument_id_t instrument, uint32_t slot)
{
    const signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    return watch != NULL && slot < half->config.timeframe_count ? signal_half_slot_regime(&watch->slots, slot) : REGIME_UNKNOWN;
}

/* --- the market's state ----------------------------------------------------------------------- */

void signal_half_note_market(signal_half_t *half, const signal_half_watch_t *watch, int64_t now_ns)
{
    const market_frame_t *frames[MARKET_TIMEFRAMES];
    if (watch->slots.market == NULL) {
        return;
    }
    for (uint32_t i = 0; i < MARKET_TIMEFRAMES; i++) {
        frames[i] = &watch->slots.market[i];
    }
    half->market[1] = half->market[0];
    half->market[0].made_ns = now_ns;
    half->market[0].score = market_score(frames, NAN);
}

double signal_half_market_score(const signal_half_t *half)
{
    return half->market[0].made_ns != 0 ? half->market[0].score : NAN;
}

/* The score of the reference's newest bar before that moment; NAN when it is older than two base bars. */
static double score_before(const signal_half_t *half, int64_t now_ns)
{
    const int64_t oldest_ns = now_ns - 2 * timeframe_length_ns(half->config.timeframes[0]);
    for (size_t i = 0; i < 2; i++) {
        if (half->market[i].made_ns != 0 && half->market[i].made_ns < now_ns) {
            return half->market[i].made_ns >= oldest_ns ? half->market[i].score : NAN;
        }
    }
    return NAN;
}

/* --- weighing a signal ------------------------------------------------------------------------ */

static void put(char *name, size_t *at, const char *piece)
{
    for (; *piece != '\0' && *at + 1 < SIGNAL_INPUT_NAME_MAX; piece++) {
        name[(*at)++] = *piece;
    }
    name[*at] = '\0';
}

static void add_input(signal_t *signal, const char *const pieces[3], double value)
{
    if (signal->input_count == SIGNAL_INPUTS_MAX) {
        return;
    }
    signal_input_t *input = &signal->inputs[signal->input_count++];
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        put(input->name, &at, pieces[i]);
    }
    input->value = value;
}

/* What the regimes of the timeframes that took part leave of the size: the least. 0: off, by the row in *row. */
static double regime_factor(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy, uint32_t members,
                            signal_t *signal, uint32_t *row)
{
    double factor = 1.0;
    for (uint32_t slot = 0; slot < half->config.timeframe_count && half->config.regimes.count > 0; slot++) {
        if ((members & (1u << slot)) == 0) {
            continue;
        }
        const signal_half_rule_t *rule = signal_half_rule(half, &watch->slots, strategy, slot);
        const char *const name[3] = {timeframe_text(half->config.timeframes[slot]), ".regime.",
                                     regime_name(signal_half_slot_regime(&watch->slots, slot))};
        add_input(signal, name, rule->factor);
        if (rule->factor < factor) {
            factor = rule->factor;
            *row = rule->row;
        }
    }
    return factor;
}

static double market_factor(const signal_half_t *half, signal_t *signal, double *score)
{
    *score = half->config.market_state ? score_before(half, signal->made_ns) : NAN;
    const double factor = market_entry_factor(*score, signal->side == SIDE_LONG ? DIRECTION_LONG : DIRECTION_SHORT);
    if (!isnan(*score)) {
        add_input(signal, (const char *const[3]){"market.", "score", ""}, *score);
        add_input(signal, (const char *const[3]){"market.", "factor", ""}, factor);
    }
    return factor;
}

void signal_half_weigh(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy, uint32_t members,
                       signal_t *signal)
{
    double score = NAN;
    uint32_t row = 0;
    const double by_market = market_factor(half, signal, &score);
    const double by_regime = regime_factor(half, watch, strategy, members, signal, &row);
    if (by_market == 0.0) {
        signal->veto = SIGNAL_VETO_MARKET;
        signal->veto_figure[0] = score;
        signal->veto_figure[1] = signal->side == SIDE_SHORT ? MARKET_VETO_SHORT : MARKET_VETO_LONG;
    } else if (by_regime == 0.0) {
        signal->veto = SIGNAL_VETO_REGIME;
        signal->veto_figure[0] = (double)row;
    } else if (dec_from_double(1.0 - by_market * by_regime, 4, &signal->size_cut) != RESULT_OK) {
        signal->size_cut = DEC_ZERO;
    }
}

/* --- results of closed trades ----------------------------------------------------------------- */

static void note_result(signal_half_t *half, const signal_outcome_t *outcome)
{
    if (outcome->states == 0 || dec_is_zero(outcome->profit)) {
        return;
    }
    signal_half_result_t *place = &half->results[half->result_count % SIGNAL_HALF_RESULTS_MAX];
    if (half->result_count >= SIGNAL_HALF_RESULTS_MAX) {
        score_results_add(half->older, place->states, (direction_t)place->side, place->won);
        half->older_ns = place->closed_ns > half->older_ns ? place->closed_ns : half->older_ns;
    }
    half->result_count++;
    *place = (signal_half_result_t){
        .closed_ns = outcome->closed_ns,
        .states = outcome->states,
        .side = outcome->side == SIDE_LONG ? DIRECTION_LONG : DIRECTION_SHORT,
        .won = dec_sign(outcome->profit) > 0,
    };
}

/* The names' results as of that moment: of trades closed before it. When time goes back behind what the ring has lost, that does
 * not count: which of it was closed by then is not known any more. */
static void results_to(signal_half_t *half, int64_t now_ns)
{
    const uint64_t first = half->result_count > SIGNAL_HALF_RESULTS_MAX ? half->result_count - SIGNAL_HALF_RESULTS_MAX : 0;
    const bool older = now_ns > half->older_ns;
    /* Anew also when the oldest one has gone: what a restart finds is all that counts. */
    if (now_ns < half->results_ns || half->results_first != first || half->results_older != older) {
        memset(half->names, 0, sizeof half->names);
        if (older) {
            memcpy(half->names, half->older, sizeof half->names);
        }
        half->results_applied = half->results_first = first;
        half->results_older = older;
    }
    half->results_ns = now_ns;
    for (; half->results_applied < half->result_count; half->results_applied++) {
        const signal_half_result_t *result = &half->results[half->results_applied % SIGNAL_HALF_RESULTS_MAX];
        if (result->closed_ns >= now_ns) {
            return;
        }
        score_results_add(half->names, result->states, (direction_t)result->side, result->won);
    }
}

void signal_half_adapt_run(signal_half_t *half, strategy_run_t *run, int64_t now_ns)
{
    double weights[SCORE_WEIGHTS];
    if (!half->config.adapts || run->kind->reweigh == NULL || run->lost) {
        return;
    }
    results_to(half, now_ns);
    score_weights_adapt(run->options + run->kind->weights_at, half->names, &half->config.adaptation, weights);
    run->kind->reweigh(run->state, weights);
}

signal_half_name_t signal_half_name(const signal_half_t *half, uint32_t row)
{
    ASSERT(row < SCORE_WEIGHTS);
    signal_half_name_t name = {.results = half->older[row], .factor = 1.0};
    for (uint64_t i = half->result_count > SIGNAL_HALF_RESULTS_MAX ? half->result_count - SIGNAL_HALF_RESULTS_MAX : 0;
         i < half->result_count; i++) {
        const signal_half_result_t *result = &half->results[i % SIGNAL_HALF_RESULTS_MAX];
        if (score_rows[row].side == (direction_t)result->side && (result->states >> score_rows[row].feature & 1u) != 0) {
            signal_results_add(&name.results, result->won);
        }
    }
    if (half->config.adapts) {
        name.factor = signal_results_factor(&name.results, &half->config.adaptation);
    }
    return name;
}

/* --- trades that are open --------------------------------------------------------------------- */

static uint32_t strategy_named(const signal_half_t *half, const char *name)
{
    uint32_t strategy = 0;
    while (strategy < half->config.strategy_count && !str_eq(str_from(half->kinds[strategy]->name), str_from(name))) {
        strategy++;
    }
    return strategy;
}

void signal_half_on_opened(signal_half_t *half, const signal_t *signal)
{
    ASSERT(half != NULL && signal != NULL);
    const uint32_t strategy = strategy_named(half, signal->strategy);
    signal_half_open_t *free_place = NULL;
    if (signal->exit_of != 0 || strategy == half->config.strategy_count) {
        return;
    }
    for (uint32_t i = 0; i < SIGNAL_HALF_OPEN_MAX; i++) {
        signal_half_open_t *open = &half->open[i];
        if (open->signal == signal->number) {
            return;
        }
        free_place = free_place == NULL && open->signal == 0 ? open : free_place;
    }
    if (free_place != NULL) {
        *free_place = (signal_half_open_t){.signal = signal->number,
                                           .instrument = signal->instrument,
                                           .strategy = strategy,
                                           .timeframes = signal->timeframes,
                                           .side = signal->side,
                                           .opened_ns = signal->made_ns};
    }
}

static void note_closed(signal_half_t *half, const signal_outcome_t *outcome)
{
    for (uint32_t i = 0; i < SIGNAL_HALF_OPEN_MAX; i++) {
        if (half->open[i].signal == outcome->signal && outcome->signal != 0) {
            half->open[i].closed_ns = outcome->closed_ns;
        }
    }
}

static bool wants_out(const signal_half_t *half, const signal_half_watch_t *watch, const signal_half_open_t *open,
                      uint32_t closed_slots, uint32_t *said_by)
{
    const direction_t held = open->side == SIDE_LONG ? DIRECTION_LONG : DIRECTION_SHORT;
    for (uint32_t slot = 0; slot < half->config.timeframe_count; slot++) {
        const uint32_t variant = signal_half_rule(half, &watch->slots, open->strategy, slot)->variant;
        const bool took_part = (open->timeframes & (1u << half->config.timeframes[slot])) != 0;
        if (took_part && (closed_slots & (1u << slot)) != 0 &&
            (signal_half_run_of(half, watch, open->strategy, variant, slot)->leave & (1u << held)) != 0) {
            *said_by = slot;
            return true;
        }
    }
    return false;
}

static void make_exit(const signal_half_t *half, const signal_half_open_t *open, uint32_t slot, dec_t price, int64_t now_ns,
                      signal_t *out)
{
    const timeframe_t timeframe = half->config.timeframes[slot];
    const uint64_t key = hash_u64(hash_u64(hash_u64(1, open->signal), (uint64_t)now_ns), slot);
    *out = (signal_t){.instrument = open->instrument,
                      .side = open->side,
                      .entry = price,
                      .timeframes = 1u << timeframe,
                      .timeframe_source = timeframe,
                      .made_ns = now_ns,
                      .expires_ns = now_ns + (int64_t)half->config.signal_life_bars * timeframe_length_ns(timeframe),
                      .exit_of = open->signal};
    result_t result = str_copy(str_from(half->kinds[open->strategy]->name), out->strategy, sizeof out->strategy);
    result = result == RESULT_OK ? str_copy(str_from(half->config.source), out->source, sizeof out->source) : result;
    ASSERT(result == RESULT_OK);
    signal_id_make(instrument_table_at(half->table, open->instrument), open->side, out->strategy, key, out->id);
}

uint32_t signal_half_exits(signal_half_t *half, const signal_half_watch_t *watch, uint32_t closed_slots, dec_t price,
                           int64_t now_ns, signal_t *out, uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SIGNAL_HALF_OPEN_MAX; i++) {
        signal_half_open_t *open = &half->open[i];
        uint32_t slot = 0;
        if (open->signal == 0 || open->instrument != watch->instrument) {
            continue;
        }
        if (open->closed_ns != 0 && open->closed_ns < now_ns) {
            *open = (signal_half_open_t){.signal = 0};
        } else if (open->opened_ns < now_ns && count < room && wants_out(half, watch, open, closed_slots, &slot)) {
            make_exit(half, open, slot, price, now_ns, &out[count]);
            ASSERT(signal_check(&out[count]) == RESULT_OK);
            count++;
        }
    }
    return count;
}

/* --- outcomes --------------------------------------------------------------------------------- */

static signal_performance_t *performance_of(const signal_half_t *half, instrument_id_t instrument, const char *strategy)
{
    const signal_half_watch_t *watch = signal_half_watch_of(half, instrument);
    const uint32_t place = strategy_named(half, strategy);
    return watch != NULL && place < half->config.strategy_count ? &watch->performances[place] : NULL;
}

signal_outcome_t signal_half_outcome(const signal_t *signal, const request_outcome_t *closed, uint64_t number)
{
    signal_outcome_t outcome = {.number = number,
                                .signal = closed->signal_number,
                                .instrument = signal->instrument,
                                .side = signal->side,
                                .closed_ns = closed->time_ns,
                                .states = signal->states};
    dec_t profit = DEC_ZERO;
    memcpy(outcome.strategy, signal->strategy, sizeof outcome.strategy);
    if (dec_sub(closed->realised, closed->fees, &profit) == RESULT_OK && dec_add(profit, closed->funding, &profit) == RESULT_OK) {
        outcome.profit = profit;
    }
    return outcome;
}

result_t signal_half_on_outcome(signal_half_t *half, const signal_outcome_t *outcome)
{
    ASSERT(half != NULL && outcome != NULL);
    note_closed(half, outcome); /* also one told again: its opening may have been told again, too */
    if (outcome->number <= half->counters.outcome_last) {
        return RESULT_DUPLICATE;
    }
    half->counters.outcome_last = outcome->number;
    half->counters.outcomes++;
    note_result(half, outcome);
    if (memchr(outcome->strategy, '\0', sizeof outcome->strategy) == NULL) {
        return RESULT_NOT_FOUND;
    }
    signal_performance_t *performance = performance_of(half, outcome->instrument, outcome->strategy);
    if (performance == NULL) {
        return RESULT_NOT_FOUND;
    }
    const int sign = dec_sign(outcome->profit);
    performance->trades++;
    performance->wins += sign > 0;
    performance->losses += sign < 0;
    performance->losses_in_a_row = sign < 0 ? performance->losses_in_a_row + 1 : 0;
    performance->last_closed_ns = outcome->closed_ns;
    return dec_add(performance->profit, outcome->profit, &performance->profit);
}

const signal_performance_t *signal_half_performance(const signal_half_t *half, instrument_id_t instrument, const char *strategy)
{
    return performance_of(half, instrument, strategy);
}
