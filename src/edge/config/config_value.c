/* config_value.c: text <-> typed values, with words for what is wrong and what would be right. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/strategy/strategy.h"
#include "edge/config/config_keys.h"

typedef struct {
    char *why, *fix;
    size_t capacity;
} words_t;

static result_t wrong(const words_t *words, result_t result, const char *why, const char *fix)
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
    };
    return (size_t)type < sizeof texts / sizeof texts[0] ? texts[type] : "value";
}

/* --- reading numbers -------------------------------------------------------------------------- */

static result_t outside(const config_key_t *key, const words_t *words, const char *text, bool below)
{
    char why[128];
    char fix[128];
    (void)snprintf(why, sizeof why, "%.40s is %s %s", text, below ? "below" : "above", below ? key->low : key->high);
    (void)snprintf(fix, sizeof fix, "write a %s between %s and %s", config_type_text(key->type), key->low != NULL ? key->low : "0",
                   key->high != NULL ? key->high : "any number");
    return wrong(words, RESULT_NUMBER_OUT_OF_RANGE, why, fix);
}

static dec_t bound(const char *text)
{
    dec_t value = DEC_ZERO;
    ASSERT(dec_parse(text, strlen(text), &value) == RESULT_OK);
    return value;
}

static result_t read_decimal(const config_key_t *key, str_t text, const words_t *words, dec_t *out)
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
        return wrong(words, RESULT_NUMBER_MALFORMED, why,
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
    *out = value;
    return RESULT_OK;
}

static result_t read_whole(const config_key_t *key, str_t text, const words_t *words, uint64_t *out)
{
    uint64_t value;
    char shown[48];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)(text.length < 40 ? text.length : 40), text.bytes);
    if (str_to_u64(text, &value) != RESULT_OK) {
        char why[128];
        (void)snprintf(why, sizeof why, "\"%s\" is not a whole number", shown);
        return wrong(words, RESULT_NUMBER_MALFORMED, why, "write digits only");
    }
    if (key->low != NULL && value < strtoull(key->low, NULL, 10)) {
        return outside(key, words, shown, true);
    }
    if (key->high != NULL && value > strtoull(key->high, NULL, 10)) {
        return outside(key, words, shown, false);
    }
    if (key->type == CONFIG_TYPE_WHOLE32 && value > UINT32_MAX) {
        return wrong(words, RESULT_NUMBER_OUT_OF_RANGE, "the number is too large", "write a smaller one");
    }
    *out = value;
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

static result_t read_duration(const config_key_t *key, str_t text, const words_t *words, int64_t *out)
{
    int64_t value;
    char shown[48];
    (void)snprintf(shown, sizeof shown, "%.*s", (int)(text.length < 40 ? text.length : 40), text.bytes);
    if (duration_parse(text, &value) != RESULT_OK) {
        char why[128];
        (void)snprintf(why, sizeof why, "\"%s\" is not a duration", shown);
        return wrong(words, RESULT_NUMBER_MALFORMED, why, "write a number with ms, s, m, h or d, such as 30s");
    }
    if (key->low != NULL && value < duration_bound(key->low)) {
        return outside(key, words, shown, true);
    }
    if (key->high != NULL && value > duration_bound(key->high)) {
        return outside(key, words, shown, false);
    }
    *out = value;
    return RESULT_OK;
}

/* --- reading words ---------------------------------------------------------------------------- */

/* Walks "isolated=1 crossed=2 ...": the next name and number; false at the end. */
static bool next_word(const char **at, str_t *name, int *number)
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

static const char *words_of(const config_key_t *key)
{
    return key->type == CONFIG_TYPE_SWITCH ? switch_words : key->words;
}

static result_t read_word(const config_key_t *key, str_t text, const words_t *words, int *out)
{
    char fix[256] = "write ";
    size_t length = strlen(fix);
    const char *at = words_of(key);
    str_t name;
    int number = 0;
    uint32_t shown = 0; /* bit n: a word for number n is in the advice */
    while (next_word(&at, &name, &number)) {
        if (str_eq_nocase(name, text)) {
            *out = number;
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
    return wrong(words, RESULT_UNKNOWN_VALUE, why, fix);
}

/* --- reading lists ---------------------------------------------------------------------------- */

/* "[A, B]" and "A, B" and "A B" alike. */
static bool next_item(str_t *rest, str_t *item)
{
    static const char separators[] = ", \t[]'\"";
    size_t begin = 0;
    while (begin < rest->length && strchr(separators, rest->bytes[begin]) != NULL) {
        begin++;
    }
    size_t end = begin;
    while (end < rest->length && strchr(separators, rest->bytes[end]) == NULL) {
        end++;
    }
    *item = (str_t){rest->bytes + begin, end - begin};
    *rest = (str_t){rest->bytes + end, rest->length - end};
    return item->length > 0;
}

static result_t read_symbols(str_t text, const words_t *words, config_t *config)
{
    static const size_t room = sizeof config->market.symbols;
    tickers_t *tickers = calloc(1, sizeof *tickers); /* large, and only at a load */
    char lines[CONFIG_SYMBOLS_MAX * SYMBOL_TEXT_MAX];
    size_t length = 0;
    str_t item;
    if (tickers == NULL) {
        return wrong(words, RESULT_FULL, "no memory", "start again");
    }
    while (next_item(&text, &item) && length + item.length + 1 < sizeof lines) {
        memcpy(lines + length, item.bytes, item.length);
        length += item.length;
        lines[length++] = '\n';
    }
    result_t result = tickers_parse(lines, length, tickers);
    if (result == RESULT_OK && (tickers->count == 0 || tickers->refusal_count > 0)) {
        char why[160];
        (void)snprintf(why, sizeof why, "%s: %s", tickers->refusal_count > 0 ? tickers->refusals[0].text : "no symbol",
                       tickers->refusal_count > 0 ? tickers->refusals[0].reason : "the list is empty");
        result = wrong(words, RESULT_MALFORMED, why, "write symbols as the exchange does, such as BTCUSDT, ETHUSDT");
    }
    if (result == RESULT_OK) {
        config->market.symbol_count = tickers->count;
        memcpy(config->market.symbols, tickers->symbols, room);
    }
    free(tickers);
    return result;
}

static result_t read_timeframes(str_t text, const words_t *words, config_t *config)
{
    timeframe_t list[CONVERGENCE_TIMEFRAMES_MAX];
    uint32_t count = 0;
    str_t item;
    while (next_item(&text, &item)) {
        timeframe_t timeframe;
        char why[128];
        if (timeframe_parse(item, &timeframe) != RESULT_OK) {
            (void)snprintf(why, sizeof why, "\"%.*s\" is no timeframe", (int)(item.length < 20 ? item.length : 20), item.bytes);
            return wrong(words, RESULT_UNKNOWN_VALUE, why, "write some of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M");
        }
        uint32_t at = 0;
        while (at < count && list[at] < timeframe) {
            at++;
        }
        if (at < count && list[at] == timeframe) {
            continue; /* twice the same is once */
        }
        if (count == CONVERGENCE_TIMEFRAMES_MAX) {
            return wrong(words, RESULT_FULL, "more than four timeframes", "choose the four that matter most");
        }
        for (uint32_t i = count; i > at; i--) {
            list[i] = list[i - 1];
        }
        list[at] = timeframe;
        count++;
    }
    if (count == 0) {
        return wrong(words, RESULT_TEXT_EMPTY, "no timeframe", "write for example 1h, 4h, 1d");
    }
    memcpy(config->market.timeframes, list, count * sizeof list[0]);
    config->market.timeframe_count = count;
    return RESULT_OK;
}

static result_t read_strategies(str_t text, const words_t *words, config_t *config)
{
    char list[CONFIG_STRATEGIES_MAX][CONFIG_STRATEGY_NAME_MAX] = {{0}};
    uint32_t count = 0;
    str_t item;
    while (next_item(&text, &item)) {
        const strategy_kind_t *nearest = NULL;
        const strategy_kind_t *kind = strategy_find(item, &nearest);
        if (kind == NULL) {
            char why[128];
            char fix[128];
            (void)snprintf(why, sizeof why, "there is no strategy \"%.*s\"", (int)(item.length < 40 ? item.length : 40),
                           item.bytes);
            (void)snprintf(fix, sizeof fix, "did you mean %s?", nearest != NULL ? nearest->name : strategy_at(0)->name);
            return wrong(words, RESULT_UNKNOWN_VALUE, why, fix);
        }
        bool twice = false;
        for (uint32_t i = 0; i < count; i++) {
            twice = twice || strcmp(list[i], kind->name) == 0;
        }
        if (twice) {
            continue;
        }
        if (count == CONFIG_STRATEGIES_MAX) {
            return wrong(words, RESULT_FULL, "too many strategies", "choose at most 16");
        }
        (void)snprintf(list[count++], CONFIG_STRATEGY_NAME_MAX, "%s", kind->name);
    }
    if (count == 0) {
        return wrong(words, RESULT_TEXT_EMPTY, "no strategy", "write at least one, such as SC01");
    }
    memcpy(config->signal.strategies, list, sizeof list);
    config->signal.strategy_count = count;
    return RESULT_OK;
}

/* "80/80/50": trigger, close, stop. */
static result_t ladder_row(str_t item, ladder_row_t *row)
{
    dec_t *const parts[3] = {&row->trigger_pct, &row->close_pct, &row->stop_pct};
    for (unsigned i = 0; i < 3; i++) {
        str_t part = str_cut(&item, '/');
        if (dec_parse(part.bytes, part.length, parts[i]) != RESULT_OK) {
            return RESULT_NUMBER_MALFORMED;
        }
    }
    bool good = item.length == 0 && dec_sign(row->trigger_pct) > 0 && dec_le(row->trigger_pct, dec_from_int(100)) &&
                dec_sign(row->close_pct) > 0 && dec_le(row->close_pct, dec_from_int(100)) && dec_sign(row->stop_pct) >= 0 &&
                dec_lt(row->stop_pct, row->trigger_pct);
    return good ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

static result_t read_ladder(str_t text, const words_t *words, config_t *config)
{
    ladder_row_t rows[RISK_LADDER_ROWS_MAX];
    uint32_t count = 0;
    str_t item;
    memset(rows, 0, sizeof rows);
    bool none = str_eq_nocase(text, STR("none"));
    while (!none && next_item(&text, &item)) {
        if (count == RISK_LADDER_ROWS_MAX) {
            return wrong(words, RESULT_FULL, "more than four rows", "write at most four, such as 80/80/50");
        }
        if (ladder_row(item, &rows[count]) != RESULT_OK ||
            (count > 0 && dec_le(rows[count].trigger_pct, rows[count - 1].trigger_pct))) {
            char why[128];
            (void)snprintf(why, sizeof why, "\"%.*s\" is no ladder row here", (int)(item.length < 40 ? item.length : 40),
                           item.bytes);
            return wrong(
                words, RESULT_MALFORMED, why,
                "write way/close/stop in percent with the stop behind the way, ways ascending: 50/30/10, 80/80/50; or none");
        }
        count++;
    }
    if (count == 0 && !none) {
        return wrong(words, RESULT_TEXT_EMPTY, "no row", "write 80/80/50, or none for no ladder");
    }
    memcpy(config->risk.ladder, rows, sizeof rows);
    config->risk.ladder_rows = count;
    return RESULT_OK;
}

/* --- one value -------------------------------------------------------------------------------- */

static result_t read_text(const config_key_t *key, str_t text, const words_t *words, char *place)
{
    if (text.length >= key->size) {
        return wrong(words, RESULT_TEXT_TOO_LONG, "longer than allowed", "write a shorter value");
    }
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.bytes[i] < 0x20 || text.bytes[i] == 0x7f) {
            return wrong(words, RESULT_TEXT_BAD_CHARACTER, "has a control character", "write plain text on one line");
        }
    }
    memset(place, 0, key->size);
    memcpy(place, text.bytes, text.length);
    return RESULT_OK;
}

result_t config_value_read(const config_key_t *key, const char *given, config_t *config, char *why, char *fix, size_t capacity)
{
    words_t words = {why, fix, capacity};
    str_t text = str_trim(str_from(given));
    char *place = (char *)config + key->offset;
    result_t result;
    uint64_t whole = 0;
    int64_t duration = 0;
    int word = 0;
    dec_t decimal = DEC_ZERO;
    switch (key->type) {
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_SECRET:
        return read_text(key, text, &words, place);
    case CONFIG_TYPE_SWITCH:
    case CONFIG_TYPE_WORD:
        result = read_word(key, text, &words, &word);
        if (result == RESULT_OK) {
            memcpy(place, &word, sizeof word);
        }
        return result;
    case CONFIG_TYPE_WHOLE32:
    case CONFIG_TYPE_WHOLE64:
        result = read_whole(key, text, &words, &whole);
        if (result == RESULT_OK && key->type == CONFIG_TYPE_WHOLE32) {
            uint32_t narrow = (uint32_t)whole;
            memcpy(place, &narrow, sizeof narrow);
        } else if (result == RESULT_OK) {
            memcpy(place, &whole, sizeof whole);
        }
        return result;
    case CONFIG_TYPE_DECIMAL:
    case CONFIG_TYPE_PERCENT:
    case CONFIG_TYPE_REAL:
        result = read_decimal(key, text, &words, &decimal);
        if (result == RESULT_OK && key->type == CONFIG_TYPE_REAL) {
            double real = dec_to_double(decimal);
            memcpy(place, &real, sizeof real);
        } else if (result == RESULT_OK) {
            memcpy(place, &decimal, sizeof decimal);
        }
        return result;
    case CONFIG_TYPE_DURATION:
        result = read_duration(key, text, &words, &duration);
        if (result == RESULT_OK) {
            memcpy(place, &duration, sizeof duration);
        }
        return result;
    case CONFIG_TYPE_SYMBOLS:
        return read_symbols(text, &words, config);
    case CONFIG_TYPE_TIMEFRAMES:
        return read_timeframes(text, &words, config);
    case CONFIG_TYPE_STRATEGIES:
        return read_strategies(text, &words, config);
    case CONFIG_TYPE_LADDER:
        return read_ladder(text, &words, config);
    }
    return RESULT_BAD_ARGUMENT;
}

/* --- writing ---------------------------------------------------------------------------------- */

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
    const char *at = words_of(key);
    str_t name;
    int candidate = 0;
    while (next_word(&at, &name, &candidate)) {
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

static int ladder_write(const config_t *config, char *text, size_t capacity)
{
    size_t length = 0;
    if (config->risk.ladder_rows == 0) {
        return snprintf(text, capacity, "none");
    }
    for (uint32_t i = 0; i < config->risk.ladder_rows && length + 1 < capacity; i++) {
        char way[DEC_TEXT_MAX];
        char close[DEC_TEXT_MAX];
        char stop[DEC_TEXT_MAX];
        (void)dec_format(config->risk.ladder[i].trigger_pct, way);
        (void)dec_format(config->risk.ladder[i].close_pct, close);
        (void)dec_format(config->risk.ladder[i].stop_pct, stop);
        length += (size_t)snprintf(text + length, capacity - length, "%s%s/%s/%s", i == 0 ? "" : ", ", way, close, stop);
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
        length = ladder_write(config, text, capacity);
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
