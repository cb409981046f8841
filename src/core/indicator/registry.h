/* registry.h: all indicators by name: what they take, what they give, their conventions, and one way to run each.
 *
 * To add an indicator: write its file, end it with an indicator_kind_t, and add a row to the table in registry.c. Everything that
 * picks indicators by name (strategies in text, web, research) goes through here, and option values are checked here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "core/indicator/indicator.h"

enum {
    INDICATOR_OPTIONS_MAX = 8,
    INDICATOR_OUTPUTS_MAX = 11,
};

/* Columns of a bar that an indicator reads; `inputs` of a kind is a set of these bits. */
typedef enum {
    INDICATOR_OPEN = 1,
    INDICATOR_HIGH = 2,
    INDICATOR_LOW = 4,
    INDICATOR_CLOSE = 8,
    INDICATOR_VOLUME = 16,
    INDICATOR_TIME = 32, /* where a session begins */
} indicator_input_t;

typedef struct {
    double open, high, low, close, volume; /* those not in `inputs` are not read */
    int64_t open_ns;                       /* start of the bar, UTC */
} indicator_bar_t;

typedef enum { OPTION_WHOLE, OPTION_REAL } option_kind_t;

typedef struct {
    const char *name;
    option_kind_t kind;
    double preset; /* the value when nobody says one */
    double minimum, maximum;
} indicator_option_t;

/* Columns of a series; those not read may be NULL. */
typedef struct {
    const double *open, *high, *low, *close, *volume;
    size_t bars;
    const int64_t *open_ns; /* for kinds that ask for INDICATOR_TIME */
} indicator_columns_t;

typedef struct {
    const char *name; /* "rsi": what registry users write */
    const char *title;
    uint32_t inputs; /* bits of indicator_input_t */
    uint32_t option_count;
    indicator_option_t options[INDICATOR_OPTIONS_MAX];
    uint32_t output_count;
    const char *outputs[INDICATOR_OUTPUTS_MAX];
    const char *convention; /* seed, flat series, where it differs from whom */
    const char *source;     /* of the formula */

    /* Relations between options (fast < slow); NULL: none. Ranges have been checked before. */
    result_t (*check)(const double *options);
    /* Bars whose outputs are NaN before the first values. */
    uint32_t (*warm_up)(const double *options);
    /* Bytes of state including windows; the state is aligned for double and lives where the caller puts it. */
    size_t (*state_size)(const double *options);
    void (*init)(void *state, const double *options);
    /* One bar; writes output_count values. */
    void (*next)(void *state, const indicator_bar_t *bar, double *outputs);

    /* May be left out: NULL. Bars whose output number `output` is NaN, where outputs begin at different bars; warm_up is then the
     * longest of them. */
    uint32_t (*output_warm_up)(const double *options, uint32_t output);
    /* Bars [from, to) of a series, at most INDICATOR_CHUNK of them, the bits of `next`, faster: see series.h. All bars before them
     * have gone through the state, that of the first value among them. Columns have been checked; outputs alias none of them. */
    void (*series)(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs);
    /* May be left out: 0. 1 + the option that is the period of its longest window: stretches then are whole numbers of four blocks
     * of it (rolling.h), which go side by side, counted from bar `blocks_begin`. */
    uint32_t blocks_of, blocks_begin;
    /* `series` is plain arithmetic that bears NaN and infinity: a stretch is checked behind it, where its values then stand in the
     * nearest cache, and what comes of bad ones is thrown away. */
    bool series_bears_all;
    /* In place of `series`, where its arithmetic leaves the processor the time: looks at the bars it reads on the way (sizes_t in
     * lanes.h). False: they may be bad, and are looked at one by one. Bears all. */
    bool (*series_looking)(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs);
} indicator_kind_t;

uint32_t indicator_count(void);
const indicator_kind_t *indicator_at(uint32_t index); /* NULL past the end */

/* By name, case-insensitive. NULL when unknown; then *nearest (may be NULL) is the kind whose name is spelt most alike, or NULL. */
const indicator_kind_t *indicator_find(str_t name, const indicator_kind_t **nearest);

/* Fills options[0..option_count) with the presets. */
void indicator_presets(const indicator_kind_t *kind, double options[INDICATOR_OPTIONS_MAX]);

/* RESULT_OK; RESULT_NUMBER_OUT_OF_RANGE (range, NaN, a fraction where a whole number is wanted) or RESULT_BAD_ARGUMENT (options
 * that contradict one another; *wrong is then the first of them). *wrong (may be NULL) is the index of the option to blame. */
result_t indicator_check(const indicator_kind_t *kind, const double *options, uint32_t *wrong);

/* One value against one option's range: RESULT_OK or RESULT_NUMBER_OUT_OF_RANGE. */
result_t indicator_option_check(const indicator_option_t *option, double value);

/* Bars whose output number `output` is NaN before its first value. */
uint32_t indicator_output_warm_up(const indicator_kind_t *kind, const double *options, uint32_t output);

/* Runs a kind over whole columns with the state the caller supplies (state_size(options) bytes, aligned for double). outputs[k] has
 * room for columns->bars values and may not alias the inputs. Options and columns are checked before anything is written: what
 * indicator_check says, or RESULT_BAD_ARGUMENT when a needed column is missing. RESULT_NUMBER_OUT_OF_RANGE without that: a value is
 * NaN, infinite or huge, and every output is NaN throughout, wherever in the series it stands. */
result_t indicator_series(const indicator_kind_t *kind, const double *options, const indicator_columns_t *columns, void *state,
                          double *const *outputs);
