/* seam.c: signals and outcomes as bytes. */
#include "core/engine/seam.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/engine/record_fields.h"

result_t seam_signal_encode(const signal_t *signal, const instrument_table_t *table, uint8_t *bytes, size_t capacity,
                            size_t *length)
{
    ASSERT(signal != NULL && table != NULL && bytes != NULL && length != NULL);
    const instrument_t *instrument = instrument_table_at(table, signal->instrument);
    if (instrument == NULL) {
        return RESULT_NOT_FOUND;
    }
    if (signal->input_count > SIGNAL_INPUTS_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    seam_signal_t crossing = {.signal = *signal, .kind_plus_one = (uint32_t)instrument->kind + 1};
    memcpy(crossing.venue, instrument->venue, sizeof crossing.venue);
    memcpy(crossing.symbol, instrument->symbol, sizeof crossing.symbol);
    return fields_encode(seam_signal_fields, &crossing, bytes, capacity, length);
}

static instrument_id_t find(const instrument_table_t *table, const seam_signal_t *crossing)
{
    for (instrument_id_t i = 0; i < table->count; i++) {
        const instrument_t *item = &table->items[i];
        if ((uint32_t)item->kind + 1 == crossing->kind_plus_one && str_eq(str_from(item->symbol), str_from(crossing->symbol)) &&
            str_eq(str_from(item->venue), str_from(crossing->venue))) {
            return i;
        }
    }
    return INSTRUMENT_NONE;
}

result_t seam_signal_decode(const uint8_t *bytes, size_t length, const instrument_table_t *table, signal_t *out)
{
    ASSERT(table != NULL && out != NULL);
    seam_signal_t crossing;
    result_t result = fields_decode(seam_signal_fields, bytes, length, &crossing, sizeof crossing);
    if (result != RESULT_OK) {
        return result;
    }
    if (crossing.signal.id[0] == '\0' || crossing.signal.number == 0 || crossing.symbol[0] == '\0' || crossing.signal.side == 0) {
        return RESULT_FIELD_MISSING;
    }
    crossing.signal.instrument = find(table, &crossing);
    if (crossing.signal.instrument == INSTRUMENT_NONE) {
        return RESULT_NOT_FOUND;
    }
    *out = crossing.signal;
    return RESULT_OK;
}

result_t seam_outcome_encode(const request_outcome_t *outcome, uint8_t *bytes, size_t capacity, size_t *length)
{
    ASSERT(outcome != NULL && bytes != NULL && length != NULL);
    return fields_encode(request_outcome_fields, outcome, bytes, capacity, length);
}

result_t seam_outcome_decode(const uint8_t *bytes, size_t length, request_outcome_t *out)
{
    ASSERT(out != NULL);
    request_outcome_t outcome;
    result_t result = fields_decode(request_outcome_fields, bytes, length, &outcome, sizeof outcome);
    if (result == RESULT_OK && (outcome.kind == 0 || outcome.signal_number == 0)) {
        result = RESULT_FIELD_MISSING;
    }
    if (result == RESULT_OK) {
        *out = outcome;
    }
    return result;
}
