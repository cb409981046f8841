/* macd_tv.h: MACD as TradingView seeds it, and the EMA that begins with the first close.
 *
 *   macd_tv    both averages are seeded with the plain mean of the first bars of the series (TA-Lib lets the fast one begin late);
 * the difference shows as soon as it exists, signal and histogram later: Pine ta.macd ema_first  seeded with the first close, no
 * warm-up: Tulip ema, pandas ewm(adjust=False)
 */
#pragma once

#include "core/indicator/ema.h"

extern const indicator_kind_t indicator_macd_tv;
extern const indicator_kind_t indicator_ema_first;
