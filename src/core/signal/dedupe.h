/* dedupe.h: the same signal twice within a window is one (STR-6): same symbol, side, strategy and source. */
#pragma once

#include "core/signal/signal.h"

typedef struct {
    uint64_t key; /* hash of symbol, side, strategy, source */
    int64_t made_ns;
} dedupe_entry_t;

typedef struct {
    dedupe_entry_t *entries; /* borrowed */
    uint32_t capacity;
    uint32_t next; /* the slot that gives way next */
    int64_t window_ns;
} dedupe_t;

/* entries: room for `capacity` >= 1, zeroed here. window_ns >= 0; 0 lets everything through. */
void dedupe_init(dedupe_t *dedupe, dedupe_entry_t *entries, uint32_t capacity, int64_t window_ns);

/* True when the signal is new, and remembers it; false for a repetition less than the window after the first one. */
bool dedupe_admit(dedupe_t *dedupe, const signal_t *signal);

/* True while the signal may still open something (STR-8): now < expires. */
bool signal_is_live(const signal_t *signal, int64_t now_ns);

/* The id: "<SYMBOL>-<L|S>-<STRATEGY>-<13 characters>", the last being a hash of venue, symbol, side, strategy and `combination`
 * (timeframes and bar times). The same decision always bears the same id. */
void signal_id_make(const instrument_t *instrument, position_side_t side, const char *strategy, uint64_t combination,
                    char id[SIGNAL_ID_MAX]);
