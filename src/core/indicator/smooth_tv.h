/* smooth_tv.h: exponential averages, the relative strength and the commodity channel index with TradingView's own digits.
 *
 * The laws were measured on TradingView by the PyneCore project: the seed is TradingView's compensated running sum (spread_tv.h),
 * an exponential average steps by last + factor x (value - last), Wilder's by (last x (period - 1) + value) / period, and the
 * distances of a CCI are added newest first. `ema`, `rma` and `cci` differ in the last digits and are faster; who computes with
 * differences of averages, as a correlation does, sees those digits.
 *
 *   ema_tv, rma_tv, rsi_tv, cci_tv, dev_tv: Pine ta.ema, ta.rma, ta.rsi, ta.cci, ta.dev
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_cci_tv;
extern const indicator_kind_t indicator_ema_tv;
extern const indicator_kind_t indicator_dev_tv;
extern const indicator_kind_t indicator_rma_tv;
extern const indicator_kind_t indicator_rsi_tv;
