/* registry.c: the table of indicators, and the checks that stand between a user's options and an indicator; see registry.h. */
#include "core/indicator/registry.h"

#include "core/base/assert.h"
#include "core/indicator/atr.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/bollinger_width.h"
#include "core/indicator/donchian.h"
#include "core/indicator/ema.h"
#include "core/indicator/force_index.h"
#include "core/indicator/indicator.h"
#include "core/indicator/intraday.h"
#include "core/indicator/keltner.h"
#include "core/indicator/macd.h"
#include "core/indicator/mfi.h"
#include "core/indicator/money_flow.h"
#include "core/indicator/obv.h"
#include "core/indicator/rsi.h"
#include "core/indicator/sma.h"
#include "core/indicator/true_range.h"
#include "core/indicator/volume_index.h"
#include "core/indicator/volume_spike.h"
#include "core/indicator/vwap.h"
#include "core/indicator/williams.h"

/* One row an indicator. */
static const indicator_kind_t *const kinds[] = {
    &indicator_ad,
    &indicator_adosc,
    &indicator_atr,
    &indicator_atr_rma,
    &indicator_atr_simple,
    &indicator_bollinger,
    &indicator_bollinger_percent_b,
    &indicator_bollinger_width,
    &indicator_bop,
    &indicator_cmf,
    &indicator_donchian,
    &indicator_ema,
    &indicator_force_index,
    &indicator_iii,
    &indicator_keltner,
    &indicator_keltner_width,
    &indicator_macd,
    &indicator_mfi,
    &indicator_mfi_close,
    &indicator_natr,
    &indicator_nvi,
    &indicator_obv,
    &indicator_pvi,
    &indicator_pvt,
    &indicator_rsi,
    &indicator_sma,
    &indicator_tr,
    &indicator_volume_spike,
    &indicator_vwap,
    &indicator_vwap_rolling,
    &indicator_wad,
    &indicator_wvad,
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

uint32_t indicator_count(void)
{
    return KIND_COUNT;
}

const indicator_kind_t *indicator_at(uint32_t index)
{
    return index < KIND_COUNT ? kinds[index] : NULL;
}

const indicator_kind_t *indicator_find(str_t name, const indicator_kind_t **nearest)
{
    const indicator_kind_t *like = NULL;
    unsigned like_distance = 4; /* farther than three slips of the pen is another word */
    for (uint32_t i = 0; i < KIND_COUNT; i++) {
        str_t known = str_from(kinds[i]->name);
        if (str_eq_nocase(name, known)) {
            return kinds[i];
        }
        unsigned distance = str_distance(name, known);
        if (distance < like_distance) {
            like_distance = distance;
            like = kinds[i];
        }
    }
    if (nearest != NULL) {
        *nearest = like;
    }
    return NULL;
}

void indicator_presets(const indicator_kind_t *kind, double options[INDICATOR_OPTIONS_MAX])
{
    for (uint32_t i = 0; i < INDICATOR_OPTIONS_MAX; i++) {
        options[i] = i < kind->option_count ? kind->options[i].preset : 0.0;
    }
}

result_t indicator_option_check(const indicator_option_t *option, double value)
{
    if (!(value >= option->minimum && value <= option->maximum)) { /* NaN fails both */
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (option->kind == OPTION_WHOLE && (double)(int64_t)value != value) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return RESULT_OK;
}

result_t indicator_check(const indicator_kind_t *kind, const double *options, uint32_t *wrong)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        result_t result = indicator_option_check(&kind->options[i], options[i]);
        if (result != RESULT_OK) {
            if (wrong != NULL) {
                *wrong = i;
            }
            return result;
        }
    }
    result_t result = kind->check != NULL ? kind->check(options) : RESULT_OK;
    if (result != RESULT_OK && wrong != NULL) {
        *wrong = 0;
    }
    return result;
}

uint32_t indicator_output_warm_up(const indicator_kind_t *kind, const double *options, uint32_t output)
{
    return kind->output_warm_up != NULL ? kind->output_warm_up(options, output) : kind->warm_up(options);
}

static result_t column_check(const double *column, size_t bars)
{
    if (column == NULL) {
        return RESULT_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < bars; i++) {
        if (!indicator_value_is_good(column[i])) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
    }
    return RESULT_OK;
}

static const double *column_of(const indicator_columns_t *columns, uint32_t input)
{
    const double *const all[] = {columns->open, columns->high, columns->low, columns->close, columns->volume};
    return all[input];
}

result_t indicator_series(const indicator_kind_t *kind, const double *options, const indicator_columns_t *columns, void *state,
                          double *const *outputs)
{
    ASSERT(kind != NULL && state != NULL);
    result_t result = indicator_check(kind, options, NULL);
    for (uint32_t input = 0; input < 5 && result == RESULT_OK; input++) {
        if ((kind->inputs & (1u << input)) != 0) {
            result = column_check(column_of(columns, input), columns->bars);
        }
    }
    if (result == RESULT_OK && (kind->inputs & INDICATOR_TIME) != 0 && columns->open_ns == NULL) {
        result = RESULT_BAD_ARGUMENT;
    }
    if (result != RESULT_OK) {
        return result;
    }
    kind->init(state, options);
    if (kind->series != NULL) {
        kind->series(state, columns, outputs);
        return RESULT_OK;
    }
    for (size_t i = 0; i < columns->bars; i++) {
        double values[5] = {0};
        for (uint32_t input = 0; input < 5; input++) {
            if ((kind->inputs & (1u << input)) != 0) {
                values[input] = column_of(columns, input)[i];
            }
        }
        const int64_t open_ns = (kind->inputs & INDICATOR_TIME) != 0 ? columns->open_ns[i] : 0;
        const indicator_bar_t bar = {values[0], values[1], values[2], values[3], values[4], open_ns};
        double row[INDICATOR_OUTPUTS_MAX];
        kind->next(state, &bar, row);
        for (uint32_t k = 0; k < kind->output_count; k++) {
            outputs[k][i] = row[k];
        }
    }
    return RESULT_OK;
}
