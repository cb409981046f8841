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

static const pine_name_t names[] = {
    {.name = "atr", .kind = "atr", .arguments = {LENGTH(0)}},
    {.name = "bb",
     .kind = "bollinger",
     .arguments = {SERIES("series", INDICATOR_CLOSE), LENGTH(0), NUMBER("mult", 1)},
     .outputs = {"middle", "upper", "lower"},
     .output_places = {1, 0, 2}},
    {.name = "barssince", .function = "barssince", .arguments = {SERIES("condition", 0)}},
    {.name = "cross", .function = "cross", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "crossover", .function = "crossover", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "crossunder", .function = "crossunder", .arguments = {SERIES("source1", 0), SERIES("source2", 1)}},
    {.name = "cum", .function = "cum", .arguments = {SOURCE(0)}},
    {.name = "ema", .kind = "ema", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "falling", .function = "falling", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "median", .function = "median", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "mode", .function = "mode", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "percentile_linear_interpolation",
     .function = "percentile_linear_interpolation",
     .arguments = {SOURCE(0), LENGTH(0), NUMBER_IN("percentage", 1, 0, 100)}},
    {.name = "percentile_nearest_rank",
     .function = "percentile_nearest_rank",
     .arguments = {SOURCE(0), LENGTH(0), NUMBER_IN("percentage", 1, 0, 100)}},
    {.name = "percentrank", .function = "percentrank", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "pivothigh",
     .function = "pivothigh",
     .arguments = {SERIES_OR("source", 0, "high"), WHOLE_IN("leftbars", 0, 1, PERIOD_MAX),
                   WHOLE_IN("rightbars", 1, 1, PERIOD_MAX)}},
    {.name = "pivotlow",
     .function = "pivotlow",
     .arguments = {SERIES_OR("source", 0, "low"), WHOLE_IN("leftbars", 0, 1, PERIOD_MAX), WHOLE_IN("rightbars", 1, 1, PERIOD_MAX)}},
    {.name = "rising", .function = "rising", .arguments = {SOURCE(0), LENGTH(0)}},
    {.name = "sma", .kind = "sma", .arguments = {SOURCE(INDICATOR_CLOSE), LENGTH(0)}},
    {.name = "valuewhen",
     .function = "valuewhen",
     .arguments = {SERIES("condition", 0), SERIES("source", 1), WHOLE_IN("occurrence", 0, 0, 127)}},
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

uint32_t pine_argument_count(const pine_name_t *row)
{
    uint32_t count = 0;
    while (count < PINE_ARGUMENTS_MAX && row->arguments[count].kind != PINE_NONE) {
        count++;
    }
    return count;
}
