/* fault_engine.c: see fault_engine.h. */
#include "edge/face/fault/fault_engine.h"

#include <string.h>

#include "core/base/hash.h"

void fault_engine_init(fault_engine_t *engine, uint64_t seed, const fault_owner_t *owner, int64_t now_ns)
{
    memset(engine, 0, sizeof *engine);
    engine->seed = seed;
    engine->owner = *owner;
    engine->now_ns = now_ns;
}

/* --- arming ----------------------------------------------------------------------------------- */

static void note_active(fault_engine_t *engine)
{
    engine->active = 0;
    for (uint32_t i = 0; i < engine->count; i++) {
        if (engine->armed[i].phase == FAULT_RUNNING)
            engine->active |= UINT64_C(1) << engine->armed[i].spec.knob;
    }
}

/* A place for one more: faults that are over give theirs, the oldest first. */
static fault_armed_t *room(fault_engine_t *engine)
{
    if (engine->count < FAULT_ARMED_MAX)
        return &engine->armed[engine->count++];
    for (uint32_t i = 0; i < engine->count; i++) {
        if (engine->armed[i].phase == FAULT_OVER) {
            memmove(&engine->armed[i], &engine->armed[i + 1], (engine->count - 1 - i) * sizeof engine->armed[0]);
            return &engine->armed[engine->count - 1];
        }
    }
    return NULL;
}

static int64_t later(int64_t from_ns, int64_t by_ns)
{
    return from_ns > INT64_MAX - by_ns ? INT64_MAX : from_ns + by_ns;
}

result_t fault_arm(fault_engine_t *engine, const fault_spec_t *spec, int64_t base_ns, int64_t missed_ns)
{
    fault_armed_t *fault = room(engine);
    if (!fault)
        return RESULT_FULL;
    memset(fault, 0, sizeof *fault);
    fault->spec = *spec;
    fault->order = ++engine->orders;
    fault->from_ns = spec->at_fixed ? spec->at_ns : later(base_ns, spec->at_ns);
    fault->until_ns = spec->for_ns > 0 ? later(fault->from_ns, spec->for_ns) : INT64_MAX;
    prng_seed(&fault->chance, hash_u64(engine->seed, fault->order));
    const bool once = spec->for_ns == 0 && spec->count > 0;
    if ((once && fault->from_ns < missed_ns) || fault->until_ns <= missed_ns)
        fault->phase = FAULT_OVER;
    fault_tick(engine, engine->now_ns);
    return RESULT_OK;
}

/* --- beginning and ending --------------------------------------------------------------------- */

static void count_strike(fault_engine_t *engine, fault_armed_t *fault)
{
    fault->struck++;
    engine->struck[fault->spec.knob]++;
    if (engine->owner.struck)
        engine->owner.struck(engine->owner.context, fault);
    if (fault->spec.count > 0 && fault->struck >= fault->spec.count && fault_row(fault->spec.knob)->way != FAULT_STATE &&
        !fault->begun) {
        fault->phase = FAULT_OVER;
        note_active(engine);
    }
}

/* True: done with (it happened, or was refused). */
static bool act(fault_engine_t *engine, fault_armed_t *fault)
{
    result_t result = engine->owner.act ? engine->owner.act(engine->owner.context, fault, FAULT_BEGINS) : RESULT_OK;
    if (result == RESULT_BAD_STATE)
        return false;
    if (result != RESULT_OK) {
        fault->phase = FAULT_OVER;
        note_active(engine);
        return true;
    }
    fault->begun = fault->spec.for_ns > 0 || fault_row(fault->spec.knob)->lasting;
    count_strike(engine, fault);
    return true;
}

static void finish(fault_engine_t *engine, fault_armed_t *fault)
{
    if (fault->begun && engine->owner.act)
        (void)engine->owner.act(engine->owner.context, fault, FAULT_ENDS);
    fault->begun = false;
    fault->phase = FAULT_OVER;
    note_active(engine);
}

static void begin(fault_engine_t *engine, fault_armed_t *fault)
{
    fault->phase = FAULT_RUNNING;
    note_active(engine);
    if (fault_row(fault->spec.knob)->way == FAULT_STATE)
        count_strike(engine, fault);
}

static bool act_is_due(const fault_armed_t *fault)
{
    return fault->phase == FAULT_RUNNING && fault_row(fault->spec.knob)->way == FAULT_ACT && !fault->spec.on_given &&
           !fault->begun && fault->struck == 0;
}

void fault_tick(fault_engine_t *engine, int64_t now_ns)
{
    engine->now_ns = now_ns;
    for (uint32_t i = 0; i < engine->count; i++) {
        fault_armed_t *fault = &engine->armed[i];
        if (fault->phase == FAULT_WAITING && fault->from_ns <= now_ns)
            begin(engine, fault);
        if (act_is_due(fault))
            (void)act(engine, fault);
        if (fault->phase == FAULT_RUNNING && fault->until_ns <= now_ns)
            finish(engine, fault);
    }
    if (engine->mixing)
        fault_mix_tick(engine);
}

int64_t fault_next_ns(const fault_engine_t *engine)
{
    int64_t next = engine->mixing ? engine->phase_end_ns : INT64_MAX;
    for (uint32_t i = 0; i < engine->count; i++) {
        const fault_armed_t *fault = &engine->armed[i];
        int64_t at = fault->phase == FAULT_WAITING ? fault->from_ns : fault->phase == FAULT_RUNNING ? fault->until_ns : INT64_MAX;
        next = at > engine->now_ns && at < next ? at : next;
    }
    return next;
}

uint32_t fault_clear(fault_engine_t *engine, fault_knob_t knob)
{
    uint32_t cleared = 0;
    engine->mixing = engine->mixing && knob != FAULT_KNOB_COUNT;
    for (uint32_t i = 0; i < engine->count; i++) {
        fault_armed_t *fault = &engine->armed[i];
        if (fault->phase == FAULT_OVER || (knob != FAULT_KNOB_COUNT && fault->spec.knob != knob))
            continue;
        finish(engine, fault);
        cleared++;
    }
    return cleared;
}

/* --- matching --------------------------------------------------------------------------------- */

static bool on_matches(fault_on_t wanted, fault_on_t is)
{
    return wanted == FAULT_ON_ANY || wanted == is || (wanted == FAULT_ON_TRADE && (is == FAULT_ON_ORDER || is == FAULT_ON_CANCEL));
}

static bool has_part(str_t text, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= text.length; i++) {
        if (memcmp(text.bytes + i, part, length) == 0)
            return true;
    }
    return false;
}

static bool matches(const fault_spec_t *spec, const fault_facts_t *facts)
{
    return on_matches(spec->on, facts->on) && (spec->path[0] == '\0' || has_part(facts->path, spec->path)) &&
           (spec->event[0] == '\0' || str_eq(facts->event, str_from(spec->event))) &&
           (spec->symbol[0] == '\0' || str_eq(facts->symbol, str_from(spec->symbol))) &&
           (spec->account[0] == '\0' || str_eq(facts->account, str_from(spec->account)));
}

/* Counts a match; true: it strikes. */
static bool decide(fault_armed_t *fault)
{
    fault->matched++;
    if (fault->matched % fault->spec.nth != 0)
        return false;
    return fault->spec.chance >= 1000000 || prng_below(&fault->chance, 1000000) < fault->spec.chance;
}

const fault_armed_t *fault_strike(fault_engine_t *engine, fault_knob_t knob, const fault_facts_t *facts)
{
    if (!fault_is_active(engine, knob))
        return NULL;
    for (uint32_t i = 0; i < engine->count; i++) {
        fault_armed_t *fault = &engine->armed[i];
        if (fault->phase != FAULT_RUNNING || fault->spec.knob != knob || !matches(&fault->spec, facts) || !decide(fault))
            continue;
        count_strike(engine, fault);
        return fault;
    }
    return NULL;
}

const fault_armed_t *fault_state(const fault_engine_t *engine, fault_knob_t knob)
{
    for (uint32_t i = 0; fault_is_active(engine, knob) && i < engine->count; i++) {
        if (engine->armed[i].phase == FAULT_RUNNING && engine->armed[i].spec.knob == knob)
            return &engine->armed[i];
    }
    return NULL;
}

void fault_seen(fault_engine_t *engine, const fault_facts_t *facts)
{
    for (uint32_t i = 0; engine->active != 0 && i < engine->count; i++) {
        fault_armed_t *fault = &engine->armed[i];
        if (fault->phase == FAULT_RUNNING && fault->spec.on_given && fault_row(fault->spec.knob)->way == FAULT_ACT &&
            matches(&fault->spec, facts) && decide(fault))
            (void)act(engine, fault);
    }
}

/* --- states with numbers ---------------------------------------------------------------------- */

int64_t fault_clock_skew_ns(const fault_engine_t *engine)
{
    const fault_armed_t *fault = fault_state(engine, FAULT_CLK_SKEW);
    if (!fault)
        return 0;
    int64_t by_ns = fault_number(&fault->spec, 0), ramp_ns = fault_number(&fault->spec, 1);
    int64_t since_ns = engine->now_ns - fault->from_ns;
    return ramp_ns > since_ns ? (int64_t)((double)by_ns * (double)since_ns / (double)ramp_ns) : by_ns;
}

uint32_t fault_weight_limit(const fault_engine_t *engine, uint32_t usual)
{
    const fault_armed_t *fault = fault_state(engine, FAULT_RATE_SHRINK);
    return fault ? (uint32_t)fault_number(&fault->spec, 0) : usual;
}

uint32_t fault_weight_shared(const fault_engine_t *engine)
{
    const fault_armed_t *fault = fault_state(engine, FAULT_RATE_SHARED);
    return fault ? (uint32_t)fault_number(&fault->spec, 0) : 0;
}
