/* bus_order_parts.c: texts, numbers and symbols in messages; see bus_order_parts.h. */
#include "edge/bus/bus_order_parts.h"

#include <string.h>

#include "core/base/assert.h"

void bus_put_dec(dec_t value, char *text)
{
    if (dec_is_zero(value)) {
        text[0] = '\0'; /* an absent text is 0 */
        return;
    }
    (void)dec_format(value, text);
}

result_t bus_get_dec(const char *text, dec_t *value)
{
    if (text[0] == '\0') {
        *value = DEC_ZERO;
        return RESULT_OK;
    }
    return dec_parse(text, strlen(text), value);
}

void bus_put_text(char *to, size_t capacity, const char *from)
{
    size_t length = strlen(from);
    ASSERT(length < capacity);
    memcpy(to, from, length + 1);
}

result_t bus_get_text(const char *from, char *to, size_t capacity)
{
    size_t length = strlen(from);
    if (length >= capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    memset(to, 0, capacity);
    memcpy(to, from, length);
    return RESULT_OK;
}

result_t bus_put_symbol(instrument_id_t id, const instrument_table_t *table, bool *has, patriot_bus_Symbol *symbol)
{
    if (id == INSTRUMENT_NONE) {
        *has = false;
        return RESULT_OK;
    }
    const instrument_t *instrument = instrument_table_at(table, id);
    if (instrument == NULL) {
        return RESULT_NOT_FOUND;
    }
    *has = true;
    bus_put_text(symbol->venue, sizeof symbol->venue, instrument->venue);
    bus_put_text(symbol->name, sizeof symbol->name, instrument->symbol);
    symbol->kind = (uint32_t)instrument->kind;
    return RESULT_OK;
}

result_t bus_get_symbol(bool has, const patriot_bus_Symbol *symbol, const instrument_table_t *table, instrument_id_t *id)
{
    if (!has) {
        *id = INSTRUMENT_NONE;
        return RESULT_OK;
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const instrument_t *instrument = &table->items[i];
        if (strcmp(instrument->symbol, symbol->name) == 0 && strcmp(instrument->venue, symbol->venue) == 0 &&
            (uint32_t)instrument->kind == symbol->kind) {
            *id = (instrument_id_t)i;
            return RESULT_OK;
        }
    }
    return RESULT_NOT_FOUND;
}

bool bus_within(uint32_t value, unsigned low, unsigned high)
{
    return value >= low && value <= high;
}
