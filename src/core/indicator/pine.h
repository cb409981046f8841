/* pine.h: Pine's names ("ta.rsi", "timeframe.change") and what they are here: which indicator, in which order its arguments come,
 * under which names its outputs go. One row a name; TradingView's conventions are in the indicators that the rows name.
 */
#pragma once

#include "core/base/str.h"
#include "core/indicator/registry.h"
#include "core/indicator/series_function.h"

enum { PINE_ARGUMENTS_MAX = 6, PINE_WORDS_MAX = 6, PINE_OUTPUTS_MAX = INDICATOR_OUTPUTS_MAX };

typedef enum {
    PINE_NONE,
    PINE_SERIES, /* a series: goes to the columns `place` (bits of indicator_input_t) of an indicator, or to series number `place`
                  */
    PINE_NUMBER, /* a number: option number `place` of an indicator, or number `place` of a function */
    PINE_WORD,   /* a text, one of `words`: goes where a number goes, as its place among them */
    PINE_PERIOD, /* a text, "240", "D", "W", "3M": goes where a number goes, in minutes (calendar_period.h) */
} pine_argument_kind_t;

typedef struct {
    const char *name; /* Pine's word for it: "length" */
    pine_argument_kind_t kind;
    uint32_t place;
    bool required;
    bool whole;               /* a function's number has no fraction */
    const char *series;       /* what stands for a series that is not given: "close" */
    double preset;            /* and for a number; NAN: none */
    const char *const *words; /* at most PINE_WORDS_MAX, then NULL */
    double minimum, maximum;  /* of a function's number; an indicator's option has its own range */
} pine_argument_t;

/* Where Pine gives na because it divides 0 by 0, while the indicator has a value: the sources of the last `length` bars are all
 * alike. `length` is option 0 of the indicator. */
typedef enum {
    PINE_NEVER_NA,
    PINE_NA_STILL,         /* length equal closes, and the indicator gives 0 */
    PINE_NA_FROM_ZERO,     /* the close length bars ago is 0 */
    PINE_NA_NO_CHANGES,    /* length + 1 equal closes */
    PINE_NA_NEVER_MOVED,   /* all closes up to this one are equal; the last two, where the first two options are 1 */
    PINE_NA_NO_RANGE,      /* highs and lows of length bars are one price */
    PINE_NA_NO_VOLUME,     /* length bars without volume */
    PINE_NA_BAR,           /* this bar's high is its low */
    PINE_NA_BAR_OR_VOLUME, /* or it has no volume */
    PINE_NA_BEGINS_LATE,   /* the other way round: before the first value 0 on the first bar, and the second output is 1 */
} pine_na_t;

/* What a bar does on which a source is na, after all sources have begun. */
typedef enum {
    PINE_GAP_SKIP,   /* it is passed over: windows are of the values that stand; na on that bar */
    PINE_GAP_HOLD,   /* the same, and the value before stands on that bar; with a length of 1 na does */
    PINE_GAP_FILL,   /* the source's value before counts for it; na on that bar */
    PINE_GAP_ENDS,   /* na on that bar and on that `length` bars later */
    PINE_GAP_WINDOW, /* na on that bar and while it is one of the last `length` */
    PINE_GAP_OWN,    /* a function of its own, series_gap.c, also where the source begins late */
} pine_gap_t;

typedef struct {
    const char *name; /* without "ta."; names of other spaces with theirs */
    const char *kind; /* indicator, or NULL */
    const char *function;
    pine_argument_t arguments[PINE_ARGUMENTS_MAX];
    const char *outputs[PINE_OUTPUTS_MAX];    /* Pine's order and names; none: the first output alone */
    uint32_t output_places[PINE_OUTPUTS_MAX]; /* which output of the indicator each is; a function's are in their order */
    uint32_t outputs_by;                      /* all of them when the argument of this number, from 1, is given, else the first */
    uint32_t fixed_count;                     /* options of the indicator that the name itself decides */
    struct {
        uint32_t option;
        double value;
    } fixed[2];
    pine_na_t na;
    pine_gap_t gap;
} pine_name_t;

uint32_t pine_count(void);
const pine_name_t *pine_at(uint32_t index); /* NULL past the end */

/* Case-sensitive, as Pine is; without "ta.". NULL when unknown; then *nearest (may be NULL) is the row spelt most alike, or NULL.
 */
const pine_name_t *pine_find(str_t name, const pine_name_t **nearest);

/* "ta.", or "" where the name has its space in it. */
const char *pine_space(const pine_name_t *row);

/* Arguments that the row has. */
uint32_t pine_argument_count(const pine_name_t *row);
