/* instrument.c: the table of instruments: rules checked on entry, names resolved on exit. */
#include "core/market/instrument.h"

#include "core/base/assert.h"
#include "core/base/hash.h"

#include <string.h>

/* --- rules ------------------------------------------------------------------------------------ */

typedef enum { NAME_WORD, NAME_SYMBOL } name_kind_t;

/* A NUL-terminated word of letters and digits; UTF-8 beyond ASCII too, as venues list such assets. A symbol may have separators in
 * it. */
static result_t check_name(const char *text, size_t capacity, name_kind_t kind)
{
    size_t length = 0;
    while (length < capacity && text[length] != '\0') {
        unsigned char c = (unsigned char)text[length];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
        bool separator = c == '_' || c == '-' || c == '.' || c == '/';
        if (!plain && !(separator && kind == NAME_SYMBOL)) {
            return RESULT_TEXT_BAD_CHARACTER;
        }
        length++;
    }
    if (length == capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    return length == 0 ? RESULT_TEXT_EMPTY : RESULT_OK;
}

static result_t check_names(const instrument_t *instrument)
{
    const struct {
        const char *text;
        size_t capacity;
        name_kind_t kind;
    } names[] = {
        {instrument->venue, sizeof instrument->venue, NAME_WORD},   {instrument->symbol, sizeof instrument->symbol, NAME_SYMBOL},
        {instrument->base, sizeof instrument->base, NAME_WORD},     {instrument->quote, sizeof instrument->quote, NAME_WORD},
        {instrument->settle, sizeof instrument->settle, NAME_WORD},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        result_t result = check_name(names[i].text, names[i].capacity, names[i].kind);
        if (result != RESULT_OK) {
            return result;
        }
    }
    /* The unified name ends in the date of a delivery contract, and must fit. */
    str_t date = instrument_delivery_date(instrument);
    bool dated = date.length > 0 && date.length < ASSET_TEXT_MAX;
    return instrument->kind != INSTRUMENT_DELIVERY || dated ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

/* Both may be 0 (no bound); where both stand they ascend. */
static bool bounds_hold(dec_t low, dec_t high)
{
    return dec_sign(low) >= 0 && dec_sign(high) >= 0 && (dec_is_zero(high) || dec_le(low, high));
}

static bool brackets_hold(const instrument_t *instrument)
{
    if (instrument->bracket_count > INSTRUMENT_BRACKETS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < instrument->bracket_count; i++) {
        const leverage_bracket_t *bracket = &instrument->brackets[i];
        bool starts = i == 0 ? dec_is_zero(bracket->notional_floor) : dec_eq(bracket->notional_floor, bracket[-1].notional_cap);
        bool rate = dec_sign(bracket->maintenance_rate) >= 0 && dec_lt(bracket->maintenance_rate, DEC_ONE);
        if (!starts || !rate || bracket->leverage_max == 0 || dec_ge(bracket->notional_floor, bracket->notional_cap) ||
            dec_sign(bracket->maintenance_cum) < 0) {
            return false;
        }
    }
    return true;
}

result_t instrument_check(const instrument_t *instrument)
{
    result_t names = check_names(instrument);
    if (names != RESULT_OK) {
        return names;
    }
    bool kinds = (unsigned)instrument->kind <= INSTRUMENT_DELIVERY && (unsigned)instrument->status <= INSTRUMENT_UNKNOWN;
    bool steps = dec_sign(instrument->tick_size) > 0 && dec_sign(instrument->lot_step) > 0 &&
                 dec_sign(instrument->market_step) >= 0 && dec_sign(instrument->contract_size) > 0;
    bool bounds = bounds_hold(instrument->price_min, instrument->price_max) &&
                  bounds_hold(instrument->quantity_min, instrument->quantity_max) &&
                  bounds_hold(instrument->market_quantity_min, instrument->market_quantity_max) &&
                  bounds_hold(instrument->band_down, instrument->band_up);
    bool rest = dec_sign(instrument->notional_min) >= 0 && dec_sign(instrument->trigger_protect) >= 0 &&
                dec_sign(instrument->liquidation_fee) >= 0;
    return kinds && steps && bounds && rest && brackets_hold(instrument) ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

const leverage_bracket_t *instrument_bracket(const instrument_t *instrument, dec_t notional)
{
    if (dec_sign(notional) < 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < instrument->bracket_count; i++) {
        const leverage_bracket_t *bracket = &instrument->brackets[i];
        bool last = i + 1 == instrument->bracket_count;
        if (dec_lt(notional, bracket->notional_cap) || (last && dec_eq(notional, bracket->notional_cap))) {
            return bracket;
        }
    }
    return NULL;
}

const char *instrument_status_text(instrument_status_t status)
{
    switch (status) {
    case INSTRUMENT_PENDING:
        return "pending";
    case INSTRUMENT_TRADING:
        return "trading";
    case INSTRUMENT_HALTED:
        return "halted";
    case INSTRUMENT_CLOSED:
        return "closed";
    case INSTRUMENT_UNKNOWN:
        break;
    }
    return "unknown";
}

/* --- table ------------------------------------------------------------------------------------ */

static uint32_t slot_of(str_t symbol)
{
    char folded[SYMBOL_TEXT_MAX];
    for (size_t i = 0; i < symbol.length; i++) {
        char c = symbol.bytes[i];
        folded[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (uint32_t)(hash_bytes(0, folded, symbol.length) % INSTRUMENT_SLOTS);
}

static bool bears_symbol(const instrument_t *instrument, str_t symbol)
{
    return str_eq_nocase(str_from(instrument->symbol), symbol);
}

static bool same_place(const instrument_t *a, const instrument_t *b)
{
    return a->kind == b->kind && bears_symbol(a, str_from(b->symbol)) && str_eq_nocase(str_from(a->venue), str_from(b->venue));
}

result_t instrument_table_put(instrument_table_t *table, const instrument_t *instrument, instrument_id_t *id)
{
    result_t result = instrument_check(instrument);
    if (result != RESULT_OK) {
        return result;
    }
    uint32_t slot = slot_of(str_from(instrument->symbol));
    while (table->slots[slot] != 0 && !same_place(&table->items[table->slots[slot] - 1], instrument)) {
        slot = (slot + 1) % INSTRUMENT_SLOTS;
    }
    if (table->slots[slot] == 0) {
        if (table->count == INSTRUMENT_MAX) {
            return RESULT_FULL;
        }
        table->count++;
        table->slots[slot] = (uint16_t)table->count;
    }
    table->items[table->slots[slot] - 1] = *instrument;
    *id = (instrument_id_t)(table->slots[slot] - 1);
    return RESULT_OK;
}

const instrument_t *instrument_table_at(const instrument_table_t *table, instrument_id_t id)
{
    return id < table->count ? &table->items[id] : NULL;
}

instrument_id_t instrument_find_symbol(const instrument_table_t *table, str_t symbol)
{
    if (symbol.length == 0 || symbol.length >= SYMBOL_TEXT_MAX) {
        return INSTRUMENT_NONE;
    }
    instrument_id_t found = INSTRUMENT_NONE;
    for (uint32_t slot = slot_of(symbol); table->slots[slot] != 0; slot = (slot + 1) % INSTRUMENT_SLOTS) {
        instrument_id_t id = (instrument_id_t)(table->slots[slot] - 1);
        if (bears_symbol(&table->items[id], symbol)) {
            if (found != INSTRUMENT_NONE) {
                return INSTRUMENT_NONE; /* two bear it: neither is meant for sure */
            }
            found = id;
        }
    }
    return found;
}
