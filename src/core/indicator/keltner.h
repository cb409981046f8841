/* keltner.h: Keltner channels: an exponential average of the close, and bands at a multiple of the average range.
 *
 * C. Keltner (1960) in L. Raschke's exponential form, as TradingView ta.kc: the width is the exponential average (same period) of
 * the true range, which the first bar does not have (so the middle begins a bar before the bands), or with true_range 0 of
 * high - low. keltner_tv: TradingView's chart, whose width is Wilder's average of the true range over a period of its own (ta.atr:
 * the first bar's high - low counts). keltner_width: (upper - lower) / middle, TradingView ta.kcw.
 */
#pragma once

#include "core/indicator/ema.h"
#include "core/indicator/rma.h"
#include "core/indicator/true_range.h"

typedef struct {
    ema_t middle, range;
    true_range_t true_range;
    double multiplier;
    bool use_true_range;
} keltner_t;

typedef struct {
    double upper, middle, lower;
} keltner_value_t;

/* period in [1, INDICATOR_PERIOD_MAX]. */
void keltner_init(keltner_t *keltner, uint32_t period, double multiplier, bool use_true_range);

/* Consumes one bar; NAN while warming up: the middle until bar `period`, the bands a bar longer with true ranges. O(1). */
keltner_value_t keltner_next(keltner_t *keltner, double high, double low, double close);

extern const indicator_kind_t indicator_keltner;
extern const indicator_kind_t indicator_keltner_tv;
extern const indicator_kind_t indicator_keltner_width;
