/* config_value.c: text -> typed values, with words for what is wrong and what would be right. */
#include "edge/config/config_value_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

result_t config_wrong(const config_words_t *words, result_t result, const char *why, const char *fix)
{
    (void)snprintf(words->why, words->capacity, "%s", why);
    (void)snprintf(words->fix, words->capacity, "%s", fix);
    return result;
}

const char *config_type_text(config_type_t type)
{
    static const char *const texts[] = {
        [CONFIG_TYPE_TEXT] = "text",
        [CONFIG_TYPE_SECRET] = "secret",
        [CONFIG_TYPE_SWITCH] = "yes or no",
        [CONFIG_TYPE_WORD] = "word",
        [CONFIG_TYPE_WHOLE32] = "whole number",
        [CONFIG_TYPE_WHOLE64] = "whole number",
        [CONFIG_TYPE_DECIMAL] = "number",
        [CONFIG_TYPE_PERCENT] = "percent",
        [CONFIG_TYPE_REAL] = "number",
        [CONFIG_TYPE_DURATION] = "duration",
        [CONFIG_TYPE_SYMBOLS] = "list of symbols",
        [CONFIG_TYPE_TIMEFRAMES] = "list of timeframes",
        [CONFIG_TYPE_STRATEGIES] = "list of strategies",
        [CONFIG_TYPE_LADDER] = "ladder rows",
        [CONFIG_TYPE_TIERS] = "size tiers",
        [CONFIG_TYPE_REGIMES] = "regime rows",
    };
    return (size_t)type < sizeof texts / sizeof texts[0] ? texts[type] : "value";
}

/* --- reading numbers -------------------------------------------------------------------------- */

static result_t outside(const config_key_t *key, const config_words_t *words, const char *text, bool below)
{
    char why[128];
    char fix[128];
    (void)snprintf(why, sizeof why, "%.40s is %s %s", text, below ? "below" : "above", below ? key->low : key->high);
    (void)snprintf(fix, sizeof fix, "write a %s between %s and %s", config_type_text(key->type), key->low != NULL ? key->low : "0",
                   key->high != NULL ? key->high : "any number");
    return config_wrong(words, RESULT_NUMBER_OUT_OF_RANGE, why, fix);
}

static dec_t bound(const char *text)
{
    dec_t value = DEC_ZERO;
    ASSERT(dec_parse(text, strlen(text), &value) == RESULT_OK);
    return value;
}

static result_t read_decimal(const config_key_t *key, str_t text, const config_words_t *words, char *place)
{
    dec_t value;
    str_t digits = text;
    if (key->type == CONFIG_TYPE_PERCENT && str_ends_with(digits, STR("%"))) {
        digits.length--;
        digits = str_trim(digits);
    }
    if (dec_parse(digits.bytes, digits.length, &value) != RESULT_OK) {
        char why[128];
        (void)snprintf(why, sizeof why, "\"%.*s\" is not a plain decimal number", (int)(text.length < 40 ? text.length : 40),
                       text.bytes);
        return config_wrong(words, RESULT_NUMBER_MALFORMED, why,
                            key->type == CONFIG_TYPE_PERCENT ? "write a percentage, such as 2 or 0.5"
                                                             : "write a number, such as 1500 or 0.5");
    }
    char shown[48];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)(text.length < 40 ? text.length : 40), text.bytes);
    if (key->low != NULL && dec_lt(value, bound(key->low))) {
        return outside(key, words, shown, true);
    }
    if (key->high != NULL && dec_gt(value, bound(key->high))) {
        return outside(key, words, shown, false);
    }
    if (key->type == CONFIG_TYPE_REAL) {
        const double real = dec_to_double(value);
        memcpy(place, &real, sizeof real);
    } else {
        memcpy(place, &value, sizeof value);
    }
    return RESULT_OK;
}

static result_t read_whole(const config_key_t *key, str_t text, const config_words_t *words, char *place)
{
    uint64_t value;
    char shown[48];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)(text.length < 40 ? text.length : 40), text.bytes);
    if (str_to_u64(text, &value) != RESULT_OK) {
        char why[128];
        (void)snprintf(why, sizeof why, "\"%s\" is not a whole number", shown);
        return config_wrong(words, RESULT_NUMBER_MALFORMED, why, "write digits only");
    }
    if (key->low != NULL && value < strtoull(key->low, NULL, 10)) {
        return outside(key, words, shown, true);
    }
    if (key->high != NULL && value > strtoull(key->high, NULL, 10)) {
        return outside(key, words, shown, false);
    }
    if (key->type == CONFIG_TYPE_WHOLE32 && value > UINT32_MAX) {
        return config_wrong(words, RESULT_NUMBER_OUT_OF_RANGE, "the number is too large", "write a smaller one");
    }
    if (key->type == CONFIG_TYPE_WHOLE32) {
        const uint32_t narrow = (uint32_t)value;
        memcpy(place, &narrow, sizeof narrow);
    } else {
        memcpy(place, &value, sizeof value);
    }
    return RESULT_OK;
}

/* "250ms" "30s" "15m" "4h" "2d", "30" seconds, one fraction allowed ("1.5h"). */
static result_t duration_parse(str_t text, int64_t *out_ns)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"ms", NS_PER_MS},  {"s", NS_PER_S},   {"m", NS_PER_MIN}, {"min", NS_PER_MIN},
                 {"h", NS_PER_HOUR}, {"d", NS_PER_DAY}, {"", NS_PER_S}};
    size_t digits = 0;
    while (digits < text.length && ((text.bytes[digits] >= '0' && text.bytes[digits] <= '9') || text.bytes[digits] == '.')) {
        digits++;
    }
    str_t unit = str_trim((str_t){text.bytes + digits, text.length - digits});
    dec_t number;
    dec_t product;
    if (digits == 0 || dec_parse(text.bytes, digits, &number) != RESULT_OK) {
        return RESULT_NUMBER_MALFORMED;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (str_eq_nocase(unit, str_from(units[i].unit))) {
            if (dec_mul(number, dec_from_int(units[i].ns), DEC_ROUND_HALF_EVEN, &product) != RESULT_OK ||
                dec_gt(product, dec_from_int(INT64_MAX))) {
                return RESULT_NUMBER_OUT_OF_RANGE;
            }
            *out_ns = (int64_t)(product.units / DEC_UNITS_PER_ONE);
            return RESULT_OK;
        }
    }
    return RESULT_NUMBER_MALFORMED;
}

static int64_t duration_bound(const char *text)
{
    int64_t ns = 0;
    ASSERT(duration_parse(str_from(text), &ns) == RESULT_OK);
    return ns;
}

static result_t read_duration(const config_key_t *key, str_t text, const config_words_t *words, char *place)
{
    int64_t value;
    char shown[48];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)(text.length < 40 ? text.length : 40), text.bytes);
    if (duration_parse(text, &value) != RESULT_OK) {
        char why[128];
        (void)snprintf(why, sizeof why, "\"%s\" is not a duration", shown);
        return config_wrong(words, RESULT_NUMBER_MALFORMED, why, "write a number with ms, s, m, h or d, such as 30s");
    }
    if (key->low != NULL && value < duration_bound(key->low)) {
        return outside(key, words, shown, true);
    }
    if (key->high != NULL && value > duration_bound(key->high)) {
        return outside(key, words, shown, false);
    }
    memcpy(place, &value, sizeof value);
    return RESULT_OK;
}

/* --- reading words ---------------------------------------------------------------------------- */

bool config_word_next(const char **at, str_t *name, int *number)
{
    while (**at == ' ') {
        (*at)++;
    }
    const char *equals = strchr(*at, '=');
    if (**at == '\0' || equals == NULL) {
        return false;
    }
    *name = (str_t){*at, (size_t)(equals - *at)};
    char *end;
    *number = (int)strtol(equals + 1, &end, 10);
    *at = end;
    return true;
}

static const char switch_words[] = "no=0 false=0 off=0 0=0 yes=1 true=1 on=1 1=1";

const char *config_words_of(const config_key_t *key)
{
    return key->type == CONFIG_TYPE_SWITCH ? switch_words : key->words;
}

static result_t read_word(const config_key_t *key, str_t text, const config_words_t *words, char *place)
{
    char fix[256] = "write ";
    size_t length = strlen(fix);
    const char *at = config_words_of(key);
    str_t name;
    int number = 0;
    uint32_t shown = 0; /* bit n: a word for number n is in the advice */
    while (config_word_next(&at, &name, &number)) {
        if (str_eq_nocase(name, text)) {
            memcpy(place, &number, sizeof number);
            return RESULT_OK;
        }
        if ((shown & (UINT32_C(1) << number)) == 0 && length + name.length + 5 < sizeof fix) {
            length += (size_t)snprintf(fix + length, sizeof fix - length, "%s%.*s", shown == 0 ? "" : " or ", (int)name.length,
                                       name.bytes);
            shown |= UINT32_C(1) << number;
        }
    }
    char why[128];
    (void)snprintf(why, sizeof why, "\"%.*s\" is not known here", (int)(text.length < 40 ? text.length : 40), text.bytes);
    return config_wrong(words, RESULT_UNKNOWN_VALUE, why, fix);
}

/* --- one value -------------------------------------------------------------------------------- */

static result_t read_text(const config_key_t *key, str_t text, const config_words_t *words, char *place)
{
    if (text.length >= key->size) {
        return config_wrong(words, RESULT_TEXT_TOO_LONG, "longer than allowed", "write a shorter value");
    }
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.bytes[i] < 0x20 || text.bytes[i] == 0x7f) {
            return config_wrong(words, RESULT_TEXT_BAD_CHARACTER, "has a control character", "write plain text on one line");
        }
    }
    memset(place, 0, key->size);
    memcpy(place, text.bytes, text.length);
    return RESULT_OK;
}

result_t config_value_read(const config_key_t *key, const char *given, config_t *config, char *why, char *fix, size_t capacity)
{
    config_words_t words = {why, fix, capacity};
    str_t text = str_trim(str_from(given));
    char *place = (char *)config + key->offset;
    switch (key->type) {
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_SECRET:
        return read_text(key, text, &words, place);
    case CONFIG_TYPE_SWITCH:
    case CONFIG_TYPE_WORD:
        return read_word(key, text, &words, place);
    case CONFIG_TYPE_WHOLE32:
    case CONFIG_TYPE_WHOLE64:
        return read_whole(key, text, &words, place);
    case CONFIG_TYPE_DECIMAL:
    case CONFIG_TYPE_PERCENT:
    case CONFIG_TYPE_REAL:
        return read_decimal(key, text, &words, place);
    case CONFIG_TYPE_DURATION:
        return read_duration(key, text, &words, place);
    case CONFIG_TYPE_SYMBOLS:
        return config_symbols_read(text, &words, config);
    case CONFIG_TYPE_TIMEFRAMES:
        return config_timeframes_read(text, &words, config);
    case CONFIG_TYPE_STRATEGIES:
        return config_strategies_read(text, &words, config);
    case CONFIG_TYPE_LADDER:
        return config_ladder_read(text, &words, config);
    case CONFIG_TYPE_REGIMES:
        return config_regimes_read(text, &words, config);
    case CONFIG_TYPE_TIERS:
        return config_tiers_read(text, &words, config);
    }
    return RESULT_BAD_ARGUMENT;
}
