/* calendar_period.c: see calendar_period.h. */
#include "core/indicator/calendar_period.h"

#include "core/base/assert.h"
#include "core/base/time.h"

enum { NOON = 720, FIRST_MONDAY = 4 /* 1970-01-05 in days */ };

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

bool calendar_period_is_known(uint32_t minutes)
{
    const uint32_t months = minutes % PERIOD_MONTH == 0 ? minutes / PERIOD_MONTH : 0;
    return (minutes >= 1 && minutes <= PERIOD_DAY) || minutes == PERIOD_WEEK || months == 1 || months == 3 || months == 6 ||
           months == 12;
}

int64_t calendar_period_of(int64_t open_ns, uint32_t minutes, uint32_t session_start)
{
    ASSERT(calendar_period_is_known(minutes) && session_start < PERIOD_DAY);
    const int64_t since = open_ns - (int64_t)session_start * NS_PER_MIN;
    const int64_t session = floor_divide(since, NS_PER_DAY);
    if (minutes <= PERIOD_DAY) {
        const int64_t minute = (since - session * NS_PER_DAY) / NS_PER_MIN;
        return session * PERIOD_DAY + minute / minutes;
    }
    const int64_t day = session + (session_start >= NOON ? 1 : 0);
    if (minutes == PERIOD_WEEK) {
        return floor_divide(day - FIRST_MONDAY, 7);
    }
    int year;
    unsigned month, of_month;
    time_civil_from_days(day, &year, &month, &of_month);
    return floor_divide((int64_t)year * 12 + month - 1, minutes / PERIOD_MONTH);
}
