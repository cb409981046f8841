/* hurst.h: Hurst's exponent by rescaled range: above 0.5 moves go on, below they turn back.
 *
 * H. Hurst (1951), B. Mandelbrot, J. Wallis (1969). The last `period` logarithmic returns are cut into pieces of period, period /
 * 2, period / 4 .. returns, not shorter than 8; of each piece the range of the summed distances from its mean is divided by its
 * deviation (population's). The exponent is the slope of log(mean R/S) over log(length), by least squares. Prices that are not
 * above 0 count as no move; a window without any moves gives 0.5. O(period x log period) a bar.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_hurst;
