/* calendar_period.h: which period of the calendar a bar belongs to: minutes of a session, day, week, month, quarter, half-year,
 * year.
 *
 * A day begins at the session's start, minutes after 00:00 UTC, and minutes are counted from there: periods of 360 minutes and a
 * session that begins at 21:00 begin at 21:00, 03:00, 09:00 and 15:00; what does not divide the day begins anew with each day.
 * Sessions that begin at noon or later belong to the day after, as in the markets that open on Sunday evening; weeks begin on
 * Monday.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    PERIOD_DAY = 1440, /* minutes; of months: 30 days each */
    PERIOD_WEEK = 7 * PERIOD_DAY,
    PERIOD_MONTH = 30 * PERIOD_DAY,
    PERIOD_YEAR = 12 * PERIOD_MONTH,
};

/* 1 .. 1440 minutes, a week, or 1, 3, 6 or 12 months. */
bool calendar_period_is_known(uint32_t minutes);

/* A number that grows from period to period. session_start in [0, 1439]; `minutes` is known. */
int64_t calendar_period_of(int64_t open_ns, uint32_t minutes, uint32_t session_start);
