/* fault_random.c: the random mix: what is armed in which phase, from a seed alone.
 *
 * Swarm testing: each fault phase has a random few of the knobs a client can live through, so that faults meet in pairs, with
 * parameters from the rows' ranges. Phases take 30 min to 6 h of venue time; the quiet phases between them make up the rest that
 * the density leaves, and never less than 30 min.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/fault/fault_engine.h"

enum { KNOBS_LEAST = 2, KNOBS_SPREAD = 5, PHASE_LEAST_MIN = 30, PHASE_SPREAD_MIN = 330, ACT_LEAST_S = 60, ACT_SPREAD_S = 1800 };

bool fault_mix_parse(str_t text, uint64_t *seed, double *density, char error[FAULT_ERROR_MAX])
{
    str_t rest = text;
    dec_t share = dec_from_scaled(5, 1);
    if (!str_eq(str_cut(&rest, ':'), STR("random"))) {
        snprintf(error, FAULT_ERROR_MAX, "wants random[:SEED][:DENSITY], e.g. random:7:0.5");
        return false;
    }
    str_t first = str_cut(&rest, ':');
    if (first.length > 0 && str_to_u64(first, seed) != RESULT_OK) {
        snprintf(error, FAULT_ERROR_MAX, "SEED must be a whole number: random:7");
        return false;
    }
    if (rest.length > 0 &&
        (dec_parse(rest.bytes, rest.length, &share) != RESULT_OK || dec_sign(share) <= 0 || dec_gt(share, DEC_ONE))) {
        snprintf(error, FAULT_ERROR_MAX, "DENSITY is the share of the time with faults, above 0 and up to 1: random:7:0.5");
        return false;
    }
    *density = dec_to_double(share);
    return true;
}

static int64_t fault_phase_ns(prng_t *prng)
{
    return (int64_t)(PHASE_LEAST_MIN + prng_below(prng, PHASE_SPREAD_MIN)) * NS_PER_MIN;
}

static int64_t quiet_phase_ns(fault_engine_t *engine)
{
    double length = (double)fault_phase_ns(&engine->mix) * (1 - engine->density) / engine->density;
    int64_t least = PHASE_LEAST_MIN * NS_PER_MIN;
    int64_t whole = length < 30.0 * (double)NS_PER_DAY ? (int64_t)(length / (double)NS_PER_S) * NS_PER_S : 30 * NS_PER_DAY;
    return whole > least ? whole : least;
}

void fault_mix_begin(fault_engine_t *engine, uint64_t seed, double density)
{
    prng_seed(&engine->mix, seed);
    engine->mixing = engine->quiet = true;
    engine->density = density;
    engine->phase_end_ns = engine->now_ns + quiet_phase_ns(engine);
}

/* --- one fault of a phase --------------------------------------------------------------------- */

/* In steps of a thousandth of the range, so that its text is short. */
static void draw_value(prng_t *prng, const fault_parameter_t *parameter, fault_value_t *value)
{
    double at = (double)prng_below(prng, 1001) / 1000;
    double drawn = parameter->mixed_least + (parameter->mixed_most - parameter->mixed_least) * at;
    bool ranged = parameter->mixed_least != 0 || parameter->mixed_most != 0;
    switch (parameter->type) {
    case FAULT_NUMBER:
        value->number = ranged ? (int64_t)drawn : value->number;
        break;
    case FAULT_TIME:
        value->number = ranged ? (int64_t)(drawn * 1000) * NS_PER_MS : value->number;
        break;
    case FAULT_DEC:
        if (ranged)
            (void)dec_from_double(drawn, 4, &value->amount);
        break;
    case FAULT_CHOICE: {
        uint64_t choices = 1;
        for (const char *c = parameter->choices; *c != '\0'; c++)
            choices += *c == '|';
        value->number = (int64_t)prng_below(prng, choices);
        break;
    }
    case FAULT_TEXT:
        break;
    }
}

/* What comes back on such a status, so that the mix shows all classes and not one. */
static void draw_answer(prng_t *prng, fault_spec_t *spec)
{
    static const int16_t answers[][2] = {{503, -1000}, {502, 0},     {500, -1001}, {504, -1007},
                                         {503, -1008}, {429, -1003}, {418, -1003}, {403, 0}};
    uint64_t index = prng_below(prng, sizeof answers / sizeof answers[0]);
    spec->values[0].number = answers[index][0];
    spec->values[1].number = answers[index][1];
    if (answers[index][0] < 500 && spec->values[2].number != 1)
        spec->values[2].number = 1; /* a refusal is made before anything is handled */
}

static void draw_fault(fault_engine_t *engine, fault_knob_t knob, int64_t length_ns, fault_spec_t *spec)
{
    const fault_row_t *row = fault_row(knob);
    prng_t *prng = &engine->mix;
    fault_spec_init(spec, knob);
    snprintf(spec->label, sizeof spec->label, "random %llu", (unsigned long long)engine->phases);
    for (unsigned i = 0; i < FAULT_PARAMETERS_MAX && row->parameters[i].name; i++)
        draw_value(prng, &row->parameters[i], &spec->values[i]);
    if (knob == FAULT_ACK_CODE)
        draw_answer(prng, spec);
    spec->at_ns = (int64_t)prng_below(prng, (uint64_t)(length_ns / NS_PER_S / 2)) * NS_PER_S;
    switch (row->way) {
    case FAULT_AT_REQUEST:
    case FAULT_AT_FRAME:
        spec->for_ns = length_ns - spec->at_ns;
        spec->count = 1 + (uint32_t)prng_below(prng, 5);
        spec->chance = 20000 + (uint32_t)prng_below(prng, 480000);
        if (row->lasting) { /* a silence: all of a short time */
            spec->count = 0;
            spec->chance = 1000000;
            spec->for_ns = (int64_t)(1 + prng_below(prng, ACT_SPREAD_S)) * NS_PER_S;
        }
        break;
    case FAULT_ACT:
    case FAULT_STATE:
        if (row->lasting)
            spec->for_ns = (int64_t)(ACT_LEAST_S + prng_below(prng, ACT_SPREAD_S)) * NS_PER_S;
        break;
    }
    if (spec->for_ns > length_ns - spec->at_ns)
        spec->for_ns = length_ns - spec->at_ns;
}

/* --- phases ----------------------------------------------------------------------------------- */

static void begin_faults(fault_engine_t *engine)
{
    int64_t length_ns = fault_phase_ns(&engine->mix);
    uint64_t wanted = KNOBS_LEAST + prng_below(&engine->mix, KNOBS_SPREAD);
    engine->phase_end_ns = engine->now_ns + length_ns;
    engine->phases++;
    uint64_t chosen = 0;
    while (wanted > 0) {
        fault_knob_t knob = (fault_knob_t)prng_below(&engine->mix, FAULT_KNOB_COUNT);
        if (!fault_row(knob)->mixed || (chosen >> knob & 1) != 0)
            continue;
        fault_spec_t spec;
        chosen |= UINT64_C(1) << knob;
        wanted--;
        draw_fault(engine, knob, length_ns, &spec);
        if (fault_arm(engine, &spec, engine->now_ns, engine->now_ns) == RESULT_OK)
            engine->armed[engine->count - 1].mixed = true;
    }
}

/* Whatever the mix began ends with its phase. */
static void begin_quiet(fault_engine_t *engine)
{
    for (uint32_t i = 0; i < engine->count; i++) {
        if (engine->armed[i].mixed && engine->armed[i].phase != FAULT_OVER)
            engine->armed[i].until_ns = engine->now_ns;
    }
    engine->phase_end_ns = engine->now_ns + quiet_phase_ns(engine);
    engine->mixing = false; /* one tick for the endings, not for phases */
    fault_tick(engine, engine->now_ns);
    engine->mixing = true;
}

void fault_mix_tick(fault_engine_t *engine)
{
    if (engine->now_ns < engine->phase_end_ns)
        return;
    engine->quiet = !engine->quiet;
    engine->mixing = false; /* arming ticks */
    if (engine->quiet)
        begin_quiet(engine);
    else
        begin_faults(engine);
    engine->mixing = true;
}
