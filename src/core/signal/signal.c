/* signal.c: what makes a signal believable; see signal.h. */
#include "core/signal/signal.h"

#include <string.h>

#include "core/base/assert.h"

static bool text_is_closed(const char *text, size_t capacity)
{
    return text[0] != '\0' && memchr(text, '\0', capacity) != NULL;
}

static result_t check_prices(const signal_t *signal)
{
    if (signal->exit_of != 0) {
        return dec_sign(signal->entry) > 0 && dec_is_zero(signal->stop) && dec_is_zero(signal->target) ? RESULT_OK
                                                                                                       : RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (dec_sign(signal->entry) <= 0 || dec_sign(signal->stop) <= 0 || dec_sign(signal->target) <= 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    const bool is_long = signal->side == SIDE_LONG;
    const dec_t below = is_long ? signal->stop : signal->target;
    const dec_t above = is_long ? signal->target : signal->stop;
    return dec_lt(below, signal->entry) && dec_lt(signal->entry, above) ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static result_t check_inputs(const signal_t *signal)
{
    if (signal->input_count > SIGNAL_INPUTS_MAX) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    for (uint32_t i = 0; i < signal->input_count; i++) {
        if (!text_is_closed(signal->inputs[i].name, SIGNAL_INPUT_NAME_MAX)) {
            return RESULT_FIELD_MISSING;
        }
        if (!(signal->inputs[i].value - signal->inputs[i].value == 0.0)) { /* NaN or infinite */
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
    }
    return RESULT_OK;
}

static result_t check_weight(const signal_t *signal)
{
    if ((unsigned)signal->veto >= SIGNAL_VETO_COUNT) {
        return RESULT_UNKNOWN_VALUE;
    }
    for (size_t i = 0; i < 2; i++) {
        if (!(signal->veto_figure[i] - signal->veto_figure[i] == 0.0)) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
    }
    return dec_sign(signal->size_cut) >= 0 && dec_lt(signal->size_cut, DEC_ONE) ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

result_t signal_check(const signal_t *signal)
{
    ASSERT(signal != NULL);
    if (!text_is_closed(signal->id, sizeof signal->id) || !text_is_closed(signal->strategy, sizeof signal->strategy) ||
        !text_is_closed(signal->source, sizeof signal->source) || signal->instrument == INSTRUMENT_NONE) {
        return RESULT_FIELD_MISSING;
    }
    if (signal->side != SIDE_LONG && signal->side != SIDE_SHORT) {
        return RESULT_UNKNOWN_VALUE;
    }
    result_t result = check_prices(signal);
    if (result != RESULT_OK) {
        return result;
    }
    if (!(signal->confidence >= 0.0 && signal->confidence <= 1.0)) { /* NaN fails both */
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    if ((unsigned)signal->timeframe_source >= TF_COUNT || (signal->timeframes >> TF_COUNT) != 0 ||
        (signal->timeframes & (1u << signal->timeframe_source)) == 0) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (signal->made_ns <= 0 || signal->expires_ns <= signal->made_ns) {
        return RESULT_OUT_OF_ORDER;
    }
    result = check_weight(signal);
    return result == RESULT_OK ? check_inputs(signal) : result;
}
