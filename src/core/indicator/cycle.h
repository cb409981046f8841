/* cycle.h: what the Hilbert transform (hilbert.h) says of the cycle that a price swings in.
 *
 *   ht_dcperiod   its period in bars: TA-Lib HT_DCPERIOD
 *   ht_phasor     the two parts of its wave: TA-Lib HT_PHASOR
 *   ht_dcphase    its phase in degrees, from -45 to 315: TA-Lib HT_DCPHASE
 *   ht_sine       the sine of the phase, and of the phase 45 degrees on: TA-Lib HT_SINE
 *   ht_trendline  the price without the cycle: TA-Lib HT_TRENDLINE
 *   ht_trendmode  1 in a trend, 0 in a cycle: TA-Lib HT_TRENDMODE
 *
 * J. F. Ehlers, Rocket Science for Traders (2001), chapters 7 to 11. The phase is that of the last whole period of smoothed prices
 * against a wave of that period; of prices only the distance from the newest counts there, so a market that stands still has the
 * phase of no wave, not that of rounding errors (TA-Lib's).
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_ht_dcperiod;
extern const indicator_kind_t indicator_ht_phasor;
extern const indicator_kind_t indicator_ht_dcphase;
extern const indicator_kind_t indicator_ht_sine;
extern const indicator_kind_t indicator_ht_trendline;
extern const indicator_kind_t indicator_ht_trendmode;
