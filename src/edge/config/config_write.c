/* config_write.c: typed values -> text; and old forms of a value in the new one. */
#include "edge/config/config_value_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/strategy/strategy.h"

/* The largest unit that divides it: 300000000000 -> "5m". */
static int duration_write(int64_t ns, char *text, size_t capacity)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"d", NS_PER_DAY}, {"h", NS_PER_HOUR}, {"m", NS_PER_MIN}, {"s", NS_PER_S}, {"ms", NS_PER_MS}};
    for (size_t i = 0; ns != 0 && i < sizeof units / sizeof units[0]; i++) {
        if (ns % units[i].ns == 0) {
            return snprintf(text, capacity, "%" PRId64 "%s", ns / units[i].ns, units[i].unit);
        }
    }
    char number[DEC_TEXT_MAX];
    (void)dec_format(dec_from_scaled(ns, 9), number);
    return ns == 0 ? snprintf(text, capacity, "0") : snprintf(text, capacity, "%ss", number);
}

static int word_write(const config_key_t *key, int number, char *text, size_t capacity)
{
    const char *at = config_words_of(key);
    str_t name;
    int candidate = 0;
    while (config_word_next(&at, &name, &candidate)) {
        if (candidate == number) {
            return snprintf(text, capacity, "%.*s", (int)name.length, name.bytes);
        }
    }
    return snprintf(text, capacity, "?");
}

static int list_write(config_type_t type, const config_t *config, char *text, size_t capacity)
{
    uint32_t count = type == CONFIG_TYPE_SYMBOLS      ? config->market.symbol_count
                     : type == CONFIG_TYPE_TIMEFRAMES ? config->market.timeframe_count
                                                      : config->signal.strategy_count;
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < count && length + 1 < capacity; i++) {
        const char *item = type == CONFIG_TYPE_SYMBOLS      ? config->market.symbols[i]
                           : type == CONFIG_TYPE_TIMEFRAMES ? timeframe_text(config->market.timeframes[i])
                                                            : config->signal.strategies[i];
        length += (size_t)snprintf(text + length, capacity - length, "%s%s", i == 0 ? "" : ", ", item);
    }
    return (int)length;
}

size_t config_value_write(const config_key_t *key, const config_t *config, char *text, size_t capacity)
{
    const char *place = (const char *)config + key->offset;
    int length = 0;
    int word;
    uint32_t narrow;
    uint64_t whole;
    int64_t duration;
    double real;
    dec_t decimal;
    char number[DEC_TEXT_MAX];
    ASSERT(capacity > 0);
    switch (key->type) {
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_SECRET:
        length = snprintf(text, capacity, "%s", place);
        break;
    case CONFIG_TYPE_SWITCH:
    case CONFIG_TYPE_WORD:
        memcpy(&word, place, sizeof word);
        length = word_write(key, word, text, capacity);
        break;
    case CONFIG_TYPE_WHOLE32:
        memcpy(&narrow, place, sizeof narrow);
        length = snprintf(text, capacity, "%" PRIu32, narrow);
        break;
    case CONFIG_TYPE_WHOLE64:
        memcpy(&whole, place, sizeof whole);
        length = snprintf(text, capacity, "%" PRIu64, whole);
        break;
    case CONFIG_TYPE_DECIMAL:
    case CONFIG_TYPE_PERCENT:
        memcpy(&decimal, place, sizeof decimal);
        (void)dec_format(decimal, number);
        length = snprintf(text, capacity, "%s", number);
        break;
    case CONFIG_TYPE_REAL:
        memcpy(&real, place, sizeof real);
        length = snprintf(text, capacity, "%.12g", real);
        break;
    case CONFIG_TYPE_DURATION:
        memcpy(&duration, place, sizeof duration);
        length = duration_write(duration, text, capacity);
        break;
    case CONFIG_TYPE_SYMBOLS:
    case CONFIG_TYPE_TIMEFRAMES:
    case CONFIG_TYPE_STRATEGIES:
        length = list_write(key->type, config, text, capacity);
        break;
    case CONFIG_TYPE_LADDER:
        length = config_ladder_write(config, text, capacity);
        break;
    case CONFIG_TYPE_REGIMES:
        length = config_regimes_write(config, text, capacity);
        break;
    case CONFIG_TYPE_TIERS:
        length = config_tiers_write(config, text, capacity);
        break;
    }
    return length < 0 ? 0 : (size_t)length < capacity ? (size_t)length : capacity - 1;
}

result_t config_value_reform(config_change_of_form_t form, const char *text, char *out, size_t capacity)
{
    dec_t number;
    dec_t scaled;
    char digits[DEC_TEXT_MAX];
    str_t trimmed = str_trim(str_from(text));
    if (form == CONFIG_AS_IT_IS) {
        (void)snprintf(out, capacity, "%s", text);
        return RESULT_OK;
    }
    if (dec_parse(trimmed.bytes, trimmed.length, &number) != RESULT_OK ||
        dec_mul(number, dec_from_int(form == CONFIG_FRACTION ? 100 : 60), DEC_ROUND_HALF_EVEN, &scaled) != RESULT_OK) {
        return RESULT_NUMBER_MALFORMED;
    }
    (void)dec_format(scaled, digits);
    (void)snprintf(out, capacity, "%s", digits);
    return RESULT_OK;
}
