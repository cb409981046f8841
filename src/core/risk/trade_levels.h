/* trade_levels.h: where stop and target of a new trade lie (RSK-4, R171): from the signal, by percent, or by ATR with clamps; on
 * the tick. */
#pragma once

#include "core/market/instrument.h"
#include "core/risk/limits.h"
#include "core/signal/signal.h"

typedef struct {
    dec_t stop, target;
} trade_levels_t;

/* LEVELS_SIGNAL keeps the signal's own. LEVELS_PERCENT: entry -+ percent. LEVELS_ATR: stop distance = multiple * atr clamped to
 * [stop_pct_min, stop_pct_max] of entry, target distance = multiple * stop distance clamped likewise. Stops are rounded to the tick
 * toward the entry (less risk), targets toward the entry (reached sooner). RESULT_BAD_ARGUMENT: ATR not known, or a level lands on
 * the wrong side of the entry or at 0. */
result_t trade_levels_compute(const risk_config_t *config, const instrument_t *instrument, const signal_t *signal, dec_t entry,
                              dec_t atr, trade_levels_t *out);

/* (target - entry) / (entry - stop), rounded down at 18 digits; mirrored for SHORT. */
result_t trade_levels_reward_risk(dec_t entry, dec_t stop, dec_t target, dec_t *ratio);
