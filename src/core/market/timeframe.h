/* timeframe.h: bar lengths and their grid in UTC. Weeks begin on Monday; months are calendar months. */
#pragma once

#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

typedef enum {
    TF_1M,
    TF_3M,
    TF_5M,
    TF_15M,
    TF_30M,
    TF_1H,
    TF_2H,
    TF_4H,
    TF_6H,
    TF_8H,
    TF_12H,
    TF_1D,
    TF_3D,
    TF_1W,
    TF_1MO,
    TF_COUNT
} timeframe_t;

/* "1m" "3m" ... "1d" "3d" "1w" "1M" as exchanges write them; also "60" style is refused. */
result_t timeframe_parse(str_t text, timeframe_t *out);
const char *timeframe_text(timeframe_t timeframe);

/* Start of the bar that contains time_ns, and the start of the next one. */
int64_t timeframe_open(timeframe_t timeframe, int64_t time_ns);
int64_t timeframe_next(timeframe_t timeframe, int64_t open_ns);

/* Nominal length (a month counts 30 days): for limits and sizes, not for grids. */
int64_t timeframe_length_ns(timeframe_t timeframe);
