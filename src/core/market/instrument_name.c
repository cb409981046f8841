/* instrument_name.c: the many spellings of one instrument (MKT-8).
 *
 * A spelling is read as words between separators: [VENUE] then SYMBOL or BASE QUOTE, then [SETTLE], then [MARK], where a mark says
 * "perpetual" (PERP, SWAP, P) or is the date of a delivery contract. Instead of guessing where the words belong, each instrument of
 * the table is asked whether the words can be read as its name; a spelling that exactly one can bear is resolved.
 */
#include "core/base/assert.h"
#include "core/market/instrument.h"

#include <string.h>

enum { WORDS_MAX = 6 };

typedef struct {
    uint32_t count;
    str_t words[WORDS_MAX];
} spelling_t;

str_t instrument_delivery_date(const instrument_t *instrument)
{
    str_t rest = str_from(instrument->symbol);
    str_t last = {"", 0};
    for (bool more = instrument->kind == INSTRUMENT_DELIVERY; more; more = rest.length > 0) {
        (void)str_cut(&rest, '_');
        last = rest.length > 0 ? rest : last;
    }
    return last;
}

static bool is_separator(char c)
{
    return c == '_' || c == '/' || c == ':' || c == '-' || c == '.';
}

/* False when the text is empty, has an empty word, or too many words. */
static bool spelling_split(str_t text, spelling_t *spelling)
{
    spelling->count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= text.length; i++) {
        if (i < text.length && !is_separator(text.bytes[i])) {
            continue;
        }
        if (i == start || spelling->count == WORDS_MAX) {
            return false;
        }
        spelling->words[spelling->count++] = (str_t){text.bytes + start, i - start};
        start = i + 1;
    }
    return true;
}

static bool word_is(const spelling_t *spelling, uint32_t index, const char *name)
{
    return index < spelling->count && str_eq_nocase(spelling->words[index], str_from(name));
}

static bool is_perpetual_mark(const spelling_t *spelling, uint32_t index)
{
    return word_is(spelling, index, "PERP") || word_is(spelling, index, "SWAP") || word_is(spelling, index, "P") ||
           word_is(spelling, index, "PERPETUAL");
}

typedef enum {
    MATCH_NO,
    MATCH_OPEN,  /* the spelling does not say whether spot or derivative is meant */
    MATCH_NAMED, /* it does */
} match_t;

/* The words from `at` on: [SETTLE] [MARK]. */
static match_t match_tail(const instrument_t *instrument, const spelling_t *spelling, uint32_t at)
{
    bool named = false;
    if (instrument->kind != INSTRUMENT_SPOT && word_is(spelling, at, instrument->settle)) {
        named = true;
        at++;
    }
    if (instrument->kind == INSTRUMENT_PERPETUAL && is_perpetual_mark(spelling, at)) {
        named = true;
        at++;
    }
    if (instrument->kind == INSTRUMENT_DELIVERY) {
        str_t date = instrument_delivery_date(instrument);
        if (date.length == 0 || at >= spelling->count || !str_eq_nocase(spelling->words[at], date)) {
            return MATCH_NO; /* a delivery contract is never meant without its date */
        }
        named = true;
        at++;
    }
    if (at != spelling->count) {
        return MATCH_NO;
    }
    return named ? MATCH_NAMED : MATCH_OPEN;
}

/* The words from `at` on: BASE QUOTE tail, BASEQUOTE tail, or SYMBOL tail. */
static match_t match_pair(const instrument_t *instrument, const spelling_t *spelling, uint32_t at)
{
    match_t match = MATCH_NO;
    if (word_is(spelling, at, instrument->base) && word_is(spelling, at + 1, instrument->quote)) {
        match = match_tail(instrument, spelling, at + 2);
    }
    if (match == MATCH_NO && at < spelling->count) {
        str_t word = spelling->words[at];
        str_t base = str_from(instrument->base), quote = str_from(instrument->quote);
        bool joined = word.length == base.length + quote.length && str_eq_nocase((str_t){word.bytes, base.length}, base) &&
                      str_eq_nocase((str_t){word.bytes + base.length, quote.length}, quote);
        if (joined || word_is(spelling, at, instrument->symbol)) {
            match = match_tail(instrument, spelling, at + 1);
        }
    }
    return match;
}

static match_t match_spelling(const instrument_t *instrument, const spelling_t *spelling)
{
    match_t match = word_is(spelling, 0, instrument->venue) ? match_pair(instrument, spelling, 1) : MATCH_NO;
    return match != MATCH_NO ? match : match_pair(instrument, spelling, 0);
}

typedef struct {
    uint32_t count;
    instrument_id_t last;
} found_t;

static instrument_id_t found_single(found_t found)
{
    return found.count == 1 ? found.last : INSTRUMENT_NONE;
}

instrument_id_t instrument_find(const instrument_table_t *table, str_t spelling)
{
    instrument_id_t by_symbol = instrument_find_symbol(table, spelling);
    if (by_symbol != INSTRUMENT_NONE) {
        return by_symbol;
    }
    spelling_t split;
    if (spelling.length >= UNIFIED_TEXT_MAX || !spelling_split(spelling, &split)) {
        return INSTRUMENT_NONE;
    }
    found_t all = {0, INSTRUMENT_NONE}, spot = {0, INSTRUMENT_NONE};
    for (uint32_t i = 0; i < table->count; i++) {
        if (match_spelling(&table->items[i], &split) == MATCH_NO) {
            continue;
        }
        all = (found_t){all.count + 1, (instrument_id_t)i};
        if (table->items[i].kind == INSTRUMENT_SPOT) {
            spot = (found_t){spot.count + 1, (instrument_id_t)i};
        }
    }
    if (all.count > 1 && split.count == 1) {
        return INSTRUMENT_NONE; /* the bare symbol of several */
    }
    return all.count > 1 ? found_single(spot) : found_single(all);
}

/* Does the same venue trade the same pair as spot? */
static bool has_spot_twin(const instrument_table_t *table, const instrument_t *instrument)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const instrument_t *other = &table->items[i];
        if (other->kind == INSTRUMENT_SPOT && str_eq_nocase(str_from(other->venue), str_from(instrument->venue)) &&
            str_eq_nocase(str_from(other->base), str_from(instrument->base)) &&
            str_eq_nocase(str_from(other->quote), str_from(instrument->quote))) {
            return true;
        }
    }
    return false;
}

static size_t append(char text[UNIFIED_TEXT_MAX], size_t length, str_t word)
{
    /* Four words of at most 15 characters and three separators always fit. */
    result_t result = str_copy(word, text + length, UNIFIED_TEXT_MAX - length);
    ASSERT(result == RESULT_OK);
    return length + word.length;
}

void instrument_unified(const instrument_table_t *table, instrument_id_t id, char text[UNIFIED_TEXT_MAX])
{
    const instrument_t *instrument = instrument_table_at(table, id);
    ASSERT(instrument != NULL);
    size_t length = append(text, 0, str_from(instrument->venue));
    length = append(text, length, STR("_"));
    length = append(text, length, str_from(instrument->base));
    length = append(text, length, STR("_"));
    length = append(text, length, str_from(instrument->quote));
    if (instrument->kind == INSTRUMENT_DELIVERY) {
        length = append(text, length, STR("_"));
        (void)append(text, length, instrument_delivery_date(instrument));
    } else if (instrument->kind == INSTRUMENT_PERPETUAL && has_spot_twin(table, instrument)) {
        (void)append(text, length, STR("_PERP"));
    }
}
