/* weighted_score.h: WeightedScore, M's weighted signals.
 *
 * The states of features.h, weighted as score.h says, give a LONG and a SHORT score. On the bar on which a side's score comes to
 * entry_score (5.0), and for as long as it stays there only once, that side is proposed; when both have it the higher one, a tie is
 * nothing. Each weight is an option under the name of its state; enabled 0 proposes nothing and keeps everything warm.
 *
 * Stop: stop_atr (2) x ATR(14, plain mean), not nearer than 0.5 % and not farther than 10 %; target: reward (2) x the stop's
 * distance, between 1 and 20 %.
 *
 * confidence = min(score / 10, 1)
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_weighted_score;
