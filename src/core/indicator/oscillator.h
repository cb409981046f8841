/* oscillator.h: differences of two averages, and oscillators of several windows.
 *
 *   apo, ppo  fast average - slow average; in percent of the slow one. TA-Lib APO, PPO (simple averages by themselves)
 *   ao        mean(5) - mean(34) of (high + low) / 2: B. Williams' awesome oscillator
 *   ultosc    buying pressure over true range in three windows, weighed 4, 2, 1: TA-Lib ULTOSC
 *   vortex    rising against falling paths over true range: VI+ and VI-
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_apo;
extern const indicator_kind_t indicator_ppo;
extern const indicator_kind_t indicator_ao;
extern const indicator_kind_t indicator_ultosc;
extern const indicator_kind_t indicator_vortex;
