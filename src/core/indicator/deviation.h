/* deviation.h: how far values spread around their mean: variance, standard deviation, and the distance of the newest one in
 * deviations.
 *
 *   variance  TA-Lib VAR, Pine ta.variance       stddev  TA-Lib STDDEV, Pine ta.stdev       zscore  (close - mean) / deviation
 * Option biased 1 divides by period (the population's, TA-Lib's and Pine's own), 0 by period - 1 (a sample's). The sums are taken
 * around a value near by; where they would cancel all the same, the window is gone through once more, so that every digit is right.
 * A flat window gives exactly 0 (zscore: 0). TA-Lib subtracts E[x]^2 from E[x^2], which loses digits, and takes results below 1e-14
 * for 0.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_variance;
extern const indicator_kind_t indicator_stddev;
extern const indicator_kind_t indicator_zscore;
