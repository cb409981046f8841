/* time.h: UTC nanoseconds since 1970 as int64, and the calendar over them. No clock: time comes in with the event.
 *
 * Range 1970-01-01 .. 2262-04-11. Leap seconds do not exist here, as in POSIX.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

#define NS_PER_US   INT64_C(1000)
#define NS_PER_MS   INT64_C(1000000)
#define NS_PER_S    INT64_C(1000000000)
#define NS_PER_MIN  (60 * NS_PER_S)
#define NS_PER_HOUR (60 * NS_PER_MIN)
#define NS_PER_DAY  (24 * NS_PER_HOUR)

enum { TIME_TEXT_MAX = 31 }; /* "2026-11-21T12:34:56.123456789Z" and NUL */

/* Start of the bucket of `width_ns` (> 0) that contains time_ns; buckets are counted from 1970 (weeks: see market/timeframe.h). */
static inline int64_t time_floor(int64_t time_ns, int64_t width_ns)
{
    int64_t rest = time_ns % width_ns;
    return rest < 0 ? time_ns - rest - width_ns : time_ns - rest;
}

/* ISO 8601 with `digits` (0, 3, 6 or 9) digits of a second and a final Z. Returns the length. */
size_t time_format(int64_t time_ns, unsigned digits, char buffer[TIME_TEXT_MAX]);

/* Accepts what time_format writes, also with a blank for the T and without the Z. */
result_t time_parse(const char *text, size_t length, int64_t *out_ns);

/* Days since 1970 -> civil date (proleptic Gregorian). */
void time_civil_from_days(int64_t days, int *year, unsigned *month, unsigned *day);
int64_t time_days_from_civil(int year, unsigned month, unsigned day);
