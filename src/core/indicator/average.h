/* average.h: a moving average whose kind is an option, by TA-Lib's numbers, and what TA-Lib makes of such averages.
 *
 * 0 sma, 1 ema, 2 wma, 3 dema, 4 tema, 5 trima, 6 kama, 7 mama (0.5, 0.05; it has no period), 8 t3 (0.7). A period of 1 is the
 * value itself, whatever the kind.
 *
 *   ma        the average: TA-Lib MA
 *   bbands    bands around it, in population deviations of the values around their own mean: TA-Lib BBANDS
 *   macdext   the distance of two, and its average: TA-Lib MACDEXT
 *   macdfix   MACD(12, 26) with its first factors, 0.15 and 0.075: TA-Lib MACDFIX
 */
#pragma once

#include "core/indicator/registry.h"

enum { AVERAGE_KINDS = 9 };

typedef struct {
    const indicator_kind_t *kind; /* NULL: the value itself */
    void *state;
    uint32_t skip; /* values to pass over first */
} average_t;

/* Of an average: values before the first one; bytes of its state. */
uint32_t average_warm_up(double number, double period);
size_t average_state_size(double number, double period);

/* state: average_state_size bytes, aligned for double, borrowed. */
void average_init(average_t *average, double number, double period, uint32_t skip, void *state);

/* Consumes one value; NAN while warming up. */
double average_next(average_t *average, double value);

extern const indicator_kind_t indicator_ma;
extern const indicator_kind_t indicator_bbands;
extern const indicator_kind_t indicator_macdext;
extern const indicator_kind_t indicator_macdfix;
