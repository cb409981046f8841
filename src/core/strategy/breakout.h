/* breakout.h: Breakout, the first close beyond the channel of the bars before, with volume.
 *
 * LONG when the close stands above the highest high of the `period` (20) bars before it, the bar before not having closed above its
 * own channel, and the volume is at least volume_factor (1.5) x its mean of the `volume` (20) bars before; SHORT mirrored below the
 * lowest low. Structure: with structure 1 the stop is the channel's middle; with 0 it is stop_atr as in level_options.h. Target:
 * reward.
 *
 * confidence = 0.5 + 0.25 x min(1, way beyond the channel / (0.5 x ATR)) + 0.25 x min(1, volume / (2 x the volume asked for))
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_breakout;
