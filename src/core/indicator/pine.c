/* pine.c: the table of Pine's names; see pine.h. One row a name, in alphabetical order. */
#include "core/indicator/pine.h"

#include "core/indicator/indicator.h"

#define PERIOD_MAX INDICATOR_PERIOD_MAX

/* The arguments that most names share. A series goes to the columns `to` of an indicator, or to the series number `to` of a
 * function. */
#define SOURCE(to)                                                                                                                 \
    {                                                                                                                              \
        .name = "source", .kind = PINE_SERIES, .place = (to), .required = true                                                     \
    }
#define SERIES(word, to)                                                                                                           \
    {                                                                                                                              \
        .name = word, .kind = PINE_SERIES, .place = (to), .required = true                                                         \
    }
#define SERIES_OR(word, to, p)                                                                                                     \
    {                                                                                                                              \
        .name = word, .kind = PINE_SERIES, .place = (to), .series = p                                                              \
    }
#define LENGTH(to)                                                                                                                 \
    {                                                                                                                              \
        .name = "length", .kind = PINE_NUMBER, .place = (to), .required = true, .whole = true, .minimum = 1, .maximum = PERIOD_MAX \
    }
#define NUMBER(word, to)                                                                                                           \
    {                                                                                                                              \
        .name = word, .kind = PINE_NUMBER, .place = (to), .required = true                                                         \
    }
#define NUMBER_OR(word, to, p)                                                                                                     \
    {                                                                                                                              \
        .name = word, .kind = PINE_NUMBER, .place = (to), .preset = p                                                              \
    }
#define NUMBER_IN(word, to, low, high)                                                                                             \
    {                                                                                                                              \
        .name = word, .kind = PINE_NUMBER, .place = (to), .required = true, .minimum = low, .maximum = high                        \
    }
#define WHOLE_IN(word, to, low, high)                                                                                              \
    {                                                                                                                              \
        .name = word, .kind = PINE_NUMBER, .place = (to), .required = true, .whole = true, .minimum = low, .maximum = high         \
    }

#define WHOLE_OR(word, to, p, low, high)                                                                                           \
    {                                                                                                                              \
        .name = word, .kind = PINE_NUMBER, .place = (to), .preset = p, .whole = true, .minimum = low, .maximum = high              \
    }
#define SESSION_START(to) WHOLE_OR("session_start", to, 0, 0, 1439)

/* In the order of pivot_school_t. */
static const char *const schools[] = {"Traditional", "Fibonacci", "Woodie", "Classic", "DM", "Camarilla", NULL};

static const pine_name_t names[] = {
    {.name = "accdist", .kind = "ad"},
    {.name = "alma",
     .gap = PINE_GAP_WINDOW,
     .kind = "alma",
     .arguments = {SERIES("series", INDICATOR_CLOSE), LENGTH(0), NUMBER_OR("offset", 1, 0.85), NUMBER_OR("sigma", 2, 6),
                   NUMBER_OR("floor", 3, 0)}},
    {.name = "atr", .kind = "atr_rma", .arguments = {LENGTH(0)}},
    {.name = "barssince", .function = "barssince", .arguments = {SERIES("condition", 0)}},
    {.name = "bb",
     .gap = PINE_GAP_HOLD,
     .kind = "bollinger_tv",
     .arguments = {SERIES("series", INDICATOR_CLOSE), LENGTH(0), NUMBER("mult", 1)},
     .outputs = {"middle", "upper", "lower"},
     .output_places = {1, 0, 2}},
    {.name = "bbw",
     .gap = PINE_GAP_HOLD,
     .kind = "bollinger_width_tv",
     .arguments = {SERIES("series", INDICATOR_CLOSE), LENGTH(0), NUMBER("mult", 1)}},
    {.name = "cci",
     .gap = PINE_GAP_WINDOW,
     .na = PINE_NA_STILL,
     .kind = "cci_tv",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "change", .gap = PINE_GAP_ENDS, .kind = "mom", .arguments = {SOURCE(INDICATOR_CLOSE), NUMBER_OR("length", 0, 1)}},
    {.name = "cmo",
     .gap = PINE_GAP_OWN,
     .na = PINE_NA_NO_CHANGES,
     .kind = "cmo_plain",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "cog", .gap = PINE_GAP_HOLD, .kind = "cog", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "correlation", .function = "correlation", .arguments = {SERIES("source1", 0), SERIES("source2", 1), LENGTH(0)}},
    {.name = "cross", .function = "cross", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "crossover", .function = "crossover", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "crossunder", .function = "crossunder", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "cum", .function = "cum", .arguments = {SOURCE(0)}},
    {.name = "dev", .gap = PINE_GAP_WINDOW, .kind = "dev_tv", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "dmi",
     .kind = "dmi",
     .arguments = {NUMBER("diLength", 0), NUMBER("adxSmoothing", 1)},
     .outputs = {"plus", "minus", "adx"},
     .output_places = {0, 1, 2}},
    {.name = "ema", .kind = "ema_tv", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "falling", .function = "falling", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "highest",
     .gap = PINE_GAP_OWN,
     .kind = "highest",
     .arguments = {SERIES_OR("source", INDICATOR_HIGH, "high"), LENGTH(0)}},
    {.name = "highestbars",
     .gap = PINE_GAP_OWN,
     .kind = "highestbars",
     .arguments = {SERIES_OR("source", INDICATOR_HIGH, "high"), LENGTH(0)}},
    {.name = "hma", .kind = "hma", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "iii", .na = PINE_NA_BAR_OR_VOLUME, .kind = "iii"},
    {.name = "kc",
     .function = "kc",
     .arguments = {SERIES("series", 0), LENGTH(0), NUMBER_IN("mult", 1, 0, 100), WHOLE_OR("useTrueRange", 2, 1, 0, 1)},
     .outputs = {"middle", "upper", "lower"}},
    {.name = "kcw",
     .function = "kcw",
     .arguments = {SERIES("series", 0), LENGTH(0), NUMBER_IN("mult", 1, 0, 100), WHOLE_OR("useTrueRange", 2, 1, 0, 1)}},
    {.name = "linreg",
     .gap = PINE_GAP_HOLD,
     .kind = "lsma",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0), NUMBER("offset", 1)}},
    {.name = "lowest", .gap = PINE_GAP_OWN, .kind = "lowest", .arguments = {SERIES_OR("source", INDICATOR_LOW, "low"), LENGTH(0)}},
    {.name = "lowestbars",
     .gap = PINE_GAP_OWN,
     .kind = "lowestbars",
     .arguments = {SERIES_OR("source", INDICATOR_LOW, "low"), LENGTH(0)}},
    {.name = "macd",
     .kind = "macd_tv",
     .arguments = {SOURCE(INDICATOR_CLOSE), NUMBER("fastlen", 0), NUMBER("slowlen", 1), NUMBER("siglen", 2)},
     .outputs = {"macd", "signal", "hist"},
     .output_places = {0, 1, 2}},
    {.name = "max", .function = "max", .arguments = {SOURCE(0)}},
    {.name = "median", .function = "median", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "mfi", .kind = "mfi_close", .arguments = {SERIES("series", INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "min", .function = "min", .arguments = {SOURCE(0)}},
    {.name = "mode", .function = "mode", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "mom", .gap = PINE_GAP_ENDS, .kind = "mom", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "nvi", .kind = "nvi"},
    {.name = "obv", .kind = "obv", .fixed_count = 1, .fixed = {{0, 0}}},
    {.name = "percentile_linear_interpolation",
     .function = "percentile_linear_interpolation",
     .arguments = {SOURCE(0), LENGTH(0), NUMBER_IN("percentage", 1, 0, 100)}},
    {.name = "percentile_nearest_rank",
     .function = "percentile_nearest_rank",
     .arguments = {SOURCE(0), LENGTH(0), NUMBER_IN("percentage", 1, 0, 100)}},
    {.name = "percentrank", .function = "percentrank", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "pivot_point_levels",
     .function = "pivot_point_levels",
     .arguments = {{.name = "type", .kind = PINE_WORD, .place = 0, .required = true, .words = schools},
                   SERIES("anchor", 0),
                   WHOLE_OR("developing", 1, 0, 0, 1)},
     .outputs = {"p", "r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4", "r5", "s5"}},
    {.name = "pivothigh",
     .function = "pivothigh",
     .arguments = {SERIES_OR("source", 0, "high"), WHOLE_IN("leftbars", 0, 1, PERIOD_MAX),
                   WHOLE_IN("rightbars", 1, 1, PERIOD_MAX)}},
    {.name = "pivotlow",
     .function = "pivotlow",
     .arguments = {SERIES_OR("source", 0, "low"), WHOLE_IN("leftbars", 0, 1, PERIOD_MAX), WHOLE_IN("rightbars", 1, 1, PERIOD_MAX)}},
    {.name = "pvi", .kind = "pvi"},
    {.name = "pvt", .kind = "pvt"},
    {.name = "range", .gap = PINE_GAP_OWN, .kind = "range", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "rci", .function = "rci", .arguments = {SOURCE(0), WHOLE_IN("length", 0, 2, PERIOD_MAX)}},
    {.name = "rising", .function = "rising", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "rma", .kind = "rma_tv", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "roc",
     .na = PINE_NA_FROM_ZERO,
     .gap = PINE_GAP_ENDS,
     .kind = "roc",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "rsi", .kind = "rsi_tv", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "sar", .kind = "sar_tv", .arguments = {NUMBER("start", 0), NUMBER("inc", 1), NUMBER("max", 2)}},
    {.name = "sma", .gap = PINE_GAP_HOLD, .kind = "sma_tv", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "stdev",
     .gap = PINE_GAP_HOLD,
     .kind = "stddev_tv",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0), NUMBER_OR("biased", 1, 1)}},
    {.name = "stoch",
     .gap = PINE_GAP_OWN,
     .na = PINE_NA_NO_RANGE,
     .kind = "stochf",
     .arguments = {SOURCE(INDICATOR_CLOSE), SERIES("high", INDICATOR_HIGH), SERIES("low", INDICATOR_LOW), LENGTH(0)},
     .fixed_count = 1,
     .fixed = {{1, 1}}},
    {.name = "supertrend",
     .kind = "supertrend",
     .na = PINE_NA_BEGINS_LATE,
     .arguments = {NUMBER("factor", 0), NUMBER("atrPeriod", 1)},
     .outputs = {"supertrend", "direction"},
     .output_places = {0, 1}},
    {.name = "swma", .gap = PINE_GAP_WINDOW, .kind = "swma", .arguments = {SOURCE(INDICATOR_CLOSE)}},
    {.name = "timeframe.change",
     .function = "timeframe_change",
     .arguments = {{.name = "timeframe", .kind = PINE_PERIOD, .place = 0, .required = true}, SESSION_START(1)}},
    {.name = "tr", .kind = "tr", .arguments = {NUMBER_OR("handle_na", 0, 0)}},
    {.name = "tsi",
     .na = PINE_NA_NEVER_MOVED,
     .kind = "tsi",
     .arguments = {SOURCE(INDICATOR_CLOSE), NUMBER("short_length", 0), NUMBER("long_length", 1)},
     .fixed_count = 1,
     .fixed = {{2, 1}}},
    {.name = "valuewhen",
     .function = "valuewhen",
     .arguments = {SERIES("condition", 0), SERIES("source", 1), WHOLE_IN("occurrence", 0, 0, 127)}},
    {.name = "variance",
     .gap = PINE_GAP_HOLD,
     .kind = "variance_tv",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0), NUMBER_OR("biased", 1, 1)}},
    {.name = "vwap",
     .function = "vwap",
     .arguments = {SERIES_OR("source", 0, "hlc3"),
                   {.name = "anchor", .kind = PINE_SERIES, .place = 1},
                   {.name = "stdev_mult", .kind = PINE_NUMBER, .place = 0, .preset = NAN, .minimum = 0, .maximum = 100},
                   SESSION_START(1)},
     .outputs = {"vwap", "upper_band", "lower_band"},
     .outputs_by = 3},
    {.name = "vwma",
     .gap = PINE_GAP_OWN,
     .na = PINE_NA_NO_VOLUME,
     .kind = "vwma",
     .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "wad", .kind = "wad"},
    {.name = "wma", .gap = PINE_GAP_FILL, .kind = "wma", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "wpr", .na = PINE_NA_NO_RANGE, .kind = "willr", .arguments = {LENGTH(0)}},
    {.name = "wvad", .na = PINE_NA_BAR, .kind = "wvad"},
};

enum { NAME_COUNT = sizeof names / sizeof names[0] };

uint32_t pine_count(void)
{
    return NAME_COUNT;
}

const pine_name_t *pine_at(uint32_t index)
{
    return index < NAME_COUNT ? &names[index] : NULL;
}

const pine_name_t *pine_find(str_t name, const pine_name_t **nearest)
{
    const pine_name_t *like = NULL;
    unsigned like_distance = name.length < 4 ? (unsigned)name.length : 4; /* farther is another word */
    for (uint32_t i = 0; i < NAME_COUNT; i++) {
        str_t known = str_from(names[i].name);
        if (str_eq(name, known)) {
            return &names[i];
        }
        const unsigned distance = str_distance(name, known);
        if (distance < like_distance) {
            like_distance = distance;
            like = &names[i];
        }
    }
    if (nearest != NULL) {
        *nearest = like;
    }
    return NULL;
}

const char *pine_space(const pine_name_t *row)
{
    return str_starts_with(str_from(row->name), STR("timeframe.")) ? "" : "ta.";
}

uint32_t pine_argument_count(const pine_name_t *row)
{
    uint32_t count = 0;
    while (count < PINE_ARGUMENTS_MAX && row->arguments[count].kind != PINE_NONE) {
        count++;
    }
    return count;
}
