/* fault_engine.h: which armed fault strikes now: pure, seeded, without clocks and sockets.
 *
 * Faults wait for their venue time (fault_tick), then each match is counted and a strike decided by nth, chance and count. Chance
 * comes from the engine's seed and the fault's place in the order of arming alone: the same seed, faults and matches give the same
 * strikes. Every strike is counted by knob and told to the owner, who logs it.
 *
 * A random mix arms faults by itself: phases with a few knobs each, and after each a quiet phase without any, in which a client
 * must come to rest (docs/faults.md).
 */
#pragma once

#include "core/base/prng.h"
#include "edge/face/fault/fault.h"

enum { FAULT_ARMED_MAX = 128 };

typedef enum { FAULT_WAITING, FAULT_RUNNING, FAULT_OVER } fault_phase_t;

typedef struct {
    fault_spec_t spec;
    fault_phase_t phase;
    int64_t from_ns, until_ns; /* venue time; until INT64_MAX: not bounded */
    uint64_t matched, struck;
    uint64_t order; /* of arming: 1, 2, ... */
    bool begun;     /* an act that is to be undone */
    bool mixed;     /* of the random mix */
    prng_t chance;
} fault_armed_t;

typedef enum { FAULT_BEGINS, FAULT_ENDS } fault_edge_t;

typedef struct {
    /* An act's time (or request) has come, or it is over and to be undone. RESULT_BAD_STATE: not now, ask again at the next tick;
     * other results: it was refused, and is over. */
    result_t (*act)(void *context, const fault_armed_t *fault, fault_edge_t edge);
    void (*struck)(void *context, const fault_armed_t *fault); /* after each strike */
    void *context;
} fault_owner_t;

typedef struct {
    uint64_t seed;
    fault_owner_t owner;
    int64_t now_ns;
    uint64_t orders;
    uint64_t active; /* bit 1 << knob: something of it is running */
    uint64_t struck[FAULT_KNOB_COUNT];
    uint32_t count;
    fault_armed_t armed[FAULT_ARMED_MAX];
    /* the random mix */
    bool mixing, quiet;
    double density; /* share of the time with faults */
    prng_t mix;
    uint64_t phases;
    int64_t phase_end_ns;
} fault_engine_t;

void fault_engine_init(fault_engine_t *engine, uint64_t seed, const fault_owner_t *owner, int64_t now_ns);

/* "at" counts from base_ns. A one-time fault whose time lies before `missed_ns` is over already (a restart does not repeat it).
 * RESULT_FULL: FAULT_ARMED_MAX are under way. */
result_t fault_arm(fault_engine_t *engine, const fault_spec_t *spec, int64_t base_ns, int64_t missed_ns);

/* Disarms the knob's faults, or all for FAULT_KNOB_COUNT (then the random mix ends too); returns how many. */
uint32_t fault_clear(fault_engine_t *engine, fault_knob_t knob);

/* Venue time has come to now_ns. */
void fault_tick(fault_engine_t *engine, int64_t now_ns);

/* When a tick may change something; INT64_MAX: never. */
int64_t fault_next_ns(const fault_engine_t *engine);

/* What is looked at: empty slices are unknown and match every filter but a given one. */
typedef struct {
    fault_on_t on; /* class of the request or frame */
    str_t path, event, symbol, account;
} fault_facts_t;

static inline bool fault_is_active(const fault_engine_t *engine, fault_knob_t knob)
{
    return engine != NULL && (engine->active >> knob & 1) != 0;
}

/* Any knob of the mask? */
static inline bool fault_any_active(const fault_engine_t *engine, uint64_t knobs)
{
    return engine != NULL && (engine->active & knobs) != 0;
}

#define FAULT_BIT(name) (UINT64_C(1) << FAULT_##name)

/* The first fault of the knob that strikes here, counted and told; NULL: none. Good until the next call that arms. */
const fault_armed_t *fault_strike(fault_engine_t *engine, fault_knob_t knob, const fault_facts_t *facts);

/* The running STATE of the knob; NULL: none. */
const fault_armed_t *fault_state(const fault_engine_t *engine, fault_knob_t knob);

/* A request or frame that acts may wait for ("on" given). */
void fault_seen(fault_engine_t *engine, const fault_facts_t *facts);

/* --- the random mix ---------------------------------------------------------------------------- */

/* density in (0, 1]: share of the time with faults; the first quiet phase comes first. */
void fault_mix_begin(fault_engine_t *engine, uint64_t seed, double density);
void fault_mix_tick(fault_engine_t *engine); /* fault_tick calls it */

/* "random[:SEED][:DENSITY]"; the seed stays when none is given. */
bool fault_mix_parse(str_t text, uint64_t *seed, double *density, char error[FAULT_ERROR_MAX]);

/* --- states with numbers ------------------------------------------------------------------------ */

/* What the venue's clock shows beside the truth. */
int64_t fault_clock_skew_ns(const fault_engine_t *engine);
uint32_t fault_weight_limit(const fault_engine_t *engine, uint32_t usual);
uint32_t fault_weight_shared(const fault_engine_t *engine);
