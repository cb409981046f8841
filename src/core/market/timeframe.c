/* timeframe.c: the grid of bars. All but weeks and months are plain multiples of their length since 1970. */
#include "core/market/timeframe.h"

#include "core/base/assert.h"
#include "core/base/time.h"

static const struct {
    const char *text;
    int64_t length_ns;
} timeframes[TF_COUNT] = {
    [TF_1M] = {"1m", NS_PER_MIN},        [TF_3M] = {"3m", 3 * NS_PER_MIN},     [TF_5M] = {"5m", 5 * NS_PER_MIN},
    [TF_15M] = {"15m", 15 * NS_PER_MIN}, [TF_30M] = {"30m", 30 * NS_PER_MIN},  [TF_1H] = {"1h", NS_PER_HOUR},
    [TF_2H] = {"2h", 2 * NS_PER_HOUR},   [TF_4H] = {"4h", 4 * NS_PER_HOUR},    [TF_6H] = {"6h", 6 * NS_PER_HOUR},
    [TF_8H] = {"8h", 8 * NS_PER_HOUR},   [TF_12H] = {"12h", 12 * NS_PER_HOUR}, [TF_1D] = {"1d", NS_PER_DAY},
    [TF_3D] = {"3d", 3 * NS_PER_DAY},    [TF_1W] = {"1w", 7 * NS_PER_DAY},     [TF_1MO] = {"1M", 30 * NS_PER_DAY},
};

enum { DAYS_TO_FIRST_MONDAY = 4 }; /* 1970-01-01 was a Thursday */

result_t timeframe_parse(str_t text, timeframe_t *out)
{
    if (text.length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    for (timeframe_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
        if (str_eq(text, str_from(timeframes[timeframe].text))) {
            *out = timeframe;
            return RESULT_OK;
        }
    }
    return RESULT_UNKNOWN_VALUE;
}

const char *timeframe_text(timeframe_t timeframe)
{
    ASSERT((unsigned)timeframe < TF_COUNT);
    return timeframes[timeframe].text;
}

int64_t timeframe_length_ns(timeframe_t timeframe)
{
    ASSERT((unsigned)timeframe < TF_COUNT);
    return timeframes[timeframe].length_ns;
}

/* Start of the calendar month that lies `months_on` after the one of time_ns. */
static int64_t month_start(int64_t time_ns, unsigned months_on)
{
    int year;
    unsigned month, day;
    time_civil_from_days(time_floor(time_ns, NS_PER_DAY) / NS_PER_DAY, &year, &month, &day);
    month += months_on;
    return time_days_from_civil(month > 12 ? year + 1 : year, month > 12 ? month - 12 : month, 1) * NS_PER_DAY;
}

int64_t timeframe_open(timeframe_t timeframe, int64_t time_ns)
{
    if (timeframe == TF_1MO) {
        return month_start(time_ns, 0);
    }
    int64_t origin_ns = timeframe == TF_1W ? DAYS_TO_FIRST_MONDAY * NS_PER_DAY : 0;
    return time_floor(time_ns - origin_ns, timeframe_length_ns(timeframe)) + origin_ns;
}

int64_t timeframe_next(timeframe_t timeframe, int64_t open_ns)
{
    return timeframe == TF_1MO ? month_start(open_ns, 1) : open_ns + timeframe_length_ns(timeframe);
}
