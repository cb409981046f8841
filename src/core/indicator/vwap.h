/* vwap.h: volume-weighted average price: of the session, and of the last bars.
 *
 * The average of the typical price (high + low + close) / 3, or with price 1 of the close, weighted by volume. Kinds:
 *   vwap          from the session's first bar: a UTC day that begins session_start minutes after midnight; never depends on where
 *                 the loaded history begins but in its first, cut session. Bands at `deviations` volume-weighted deviations
 *   vwap_rolling  of the last `period` bars
 * While there has been no volume the value is the price itself. Sums are kept around the session's first price in two doubles.
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

typedef struct {
    int64_t session_start_ns; /* after 00:00 UTC */
    int64_t session;          /* number of the day now summed */
    bool started;
    double origin;
    exact_sum_t volume, moved, squares; /* of volume, volume x distance, volume x distance^2 */
} vwap_t;

typedef struct {
    double vwap, deviation;
} vwap_value_t;

/* session_start_minutes in [0, 1439]. */
void vwap_init(vwap_t *vwap, uint32_t session_start_minutes);

/* Consumes one bar's price and volume; has a value from the first. O(1). */
vwap_value_t vwap_next(vwap_t *vwap, int64_t open_ns, double price, double volume);

extern const indicator_kind_t indicator_vwap;
extern const indicator_kind_t indicator_vwap_rolling;
