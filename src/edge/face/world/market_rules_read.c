/* market_rules_read.c: a file of trading rules, read and checked as a whole (market_rules.h).
 *
 * Whoever trades by rules that contradict themselves learns the wrong thing, so nothing is passed over: an unknown or doubled name,
 * a number out of its range, brackets that leave a gap or make maintenance margin jump are refused with file, line, symbol and
 * field.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/face/world/market_rules.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

enum { RULES_FILE_MAX = 4 * 1024 * 1024, LEVERAGE_MAX = 1000, DAY_HOURS = 24, PLACES_MAX = 8 };
#define NUMBER_MAX INT64_C(10000000000) /* as far as the venue counts */

typedef struct {
    json_reader_t json;
    const char *path;
    char *error;
    str_t symbol;     /* that is read */
    const char *spot; /* "spot " in that part of the file */
} reading_t;

typedef struct {
    const char *name;
    size_t place;    /* in instrument_t */
    bool above_zero; /* 0 stands for "none" elsewhere */
    bool is_mandatory;
} field_t;

enum { TICK, STEP, PRICE_MIN, PRICE_MAX, QUANTITY_MIN, QUANTITY_MAX, NOTIONAL_MIN, MARKET_MAX, NUMBER_COUNT };
enum { BRACKETS = NUMBER_COUNT, FUNDING_HOURS, FIELD_COUNT };

static const field_t numbers[NUMBER_COUNT] = {
    [TICK] = {"tick_size", offsetof(instrument_t, tick_size), true, true},
    [STEP] = {"step_size", offsetof(instrument_t, lot_step), true, true},
    [PRICE_MIN] = {"min_price", offsetof(instrument_t, price_min), false, false},
    [PRICE_MAX] = {"max_price", offsetof(instrument_t, price_max), false, false},
    [QUANTITY_MIN] = {"min_qty", offsetof(instrument_t, quantity_min), false, false},
    [QUANTITY_MAX] = {"max_qty", offsetof(instrument_t, quantity_max), false, false},
    [NOTIONAL_MIN] = {"min_notional", offsetof(instrument_t, notional_min), false, false},
    [MARKET_MAX] = {"market_max_qty", offsetof(instrument_t, market_quantity_max), false, false},
};

/* Of the published form, and followed by nothing here. */
static const char *const passed_over[] = {"status", "precision_price", "precision_qty"};

/* --- refusing --------------------------------------------------------------------------------- */

static unsigned line_of(const reading_t *reading, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at && i < reading->json.length; i++)
        line += reading->json.bytes[i] == '\n';
    return line;
}

/* The first flaw is the one that is told. */
__attribute__((format(printf, 4, 5))) static void refuse(reading_t *reading, size_t at, result_t result, const char *format, ...)
{
    if (reading->json.error != RESULT_OK)
        return;
    char what[RULES_ERROR_MAX / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(reading->error, RULES_ERROR_MAX, "%.160s:%u: %s%.*s%s%s", reading->path, line_of(reading, at), reading->spot,
             (int)(reading->symbol.length < 32 ? reading->symbol.length : 32), reading->symbol.bytes,
             reading->symbol.length > 0 ? ": " : "", what);
    json_fail(&reading->json, result, "");
}

/* Not JSON, or a value of another kind than is wanted there. */
static void tell_malformed(reading_t *reading)
{
    if (reading->error[0] == '\0')
        snprintf(reading->error, RULES_ERROR_MAX, "%.160s:%u: %s%.*s%s%s", reading->path, line_of(reading, reading->json.error_at),
                 reading->spot, (int)(reading->symbol.length < 32 ? reading->symbol.length : 32), reading->symbol.bytes,
                 reading->symbol.length > 0 ? ": " : "", reading->json.error_what);
}

/* --- values ----------------------------------------------------------------------------------- */

static void read_number(reading_t *reading, const char *name, bool above_zero, dec_t *value)
{
    (void)json_peek(&reading->json);
    size_t at = reading->json.at;
    if (json_read_dec(&reading->json, value) != RESULT_OK)
        return;
    if (dec_sign(*value) < (above_zero ? 1 : 0) || dec_gt(*value, dec_from_int(NUMBER_MAX)))
        refuse(reading, at, RESULT_NUMBER_OUT_OF_RANGE, "%s must be %s and at most %lld", name,
               above_zero ? "above 0" : "0 or more", (long long)NUMBER_MAX);
    else if (dec_places(*value) > PLACES_MAX)
        refuse(reading, at, RESULT_NUMBER_OUT_OF_RANGE, "%s has more than %d digits after the point", name, PLACES_MAX);
}

static uint32_t read_whole(reading_t *reading, const char *name, uint32_t most)
{
    uint64_t value = 1;
    (void)json_peek(&reading->json);
    size_t at = reading->json.at;
    if (json_read_u64(&reading->json, &value) == RESULT_OK && (value == 0 || value > most))
        refuse(reading, at, RESULT_NUMBER_OUT_OF_RANGE, "%s must be from 1 to %u", name, most);
    return (uint32_t)value;
}

/* --- brackets --------------------------------------------------------------------------------- */

static void read_bracket(reading_t *reading, leverage_bracket_t *bracket)
{
    enum { FLOOR, CAP, RATE, CUM, LEVERAGE, NUMBER, KEYS };
    static const char *const names[KEYS] = {"notionalFloor", "notionalCap",     "maintMarginRatio",
                                            "cum",           "initialLeverage", "bracket"};
    dec_t *values[] = {&bracket->notional_floor, &bracket->notional_cap, &bracket->maintenance_rate, &bracket->maintenance_cum};
    size_t begins = reading->json.at;
    uint64_t seen = 0;
    json_enter_object(&reading->json);
    for (str_t key; json_next_key(&reading->json, &key);) {
        unsigned i = 0;
        while (i < KEYS && !str_eq(key, str_from(names[i])))
            i++;
        if (i == KEYS) {
            refuse(reading, reading->json.at, RESULT_MALFORMED, "a leverage bracket has no \"%.*s\"", (int)key.length, key.bytes);
            return;
        }
        (void)json_note_seen(&reading->json, &seen, i);
        if (i == LEVERAGE)
            bracket->leverage_max = read_whole(reading, names[i], LEVERAGE_MAX);
        else if (i == NUMBER)
            json_skip(&reading->json);
        else
            read_number(reading, names[i], i == CAP, values[i]);
    }
    for (unsigned i = 0; i < NUMBER; i++) {
        if ((seen >> i & 1) == 0)
            refuse(reading, begins, RESULT_FIELD_MISSING, "a leverage bracket without %s", names[i]);
    }
}

/* The published relation: maintenance margin does not jump where one bracket ends and the next begins. */
static dec_t cum_after(const leverage_bracket_t *before, const leverage_bracket_t *bracket)
{
    dec_t more = DEC_ZERO;
    (void)dec_mul(bracket->notional_floor, dec_minus(bracket->maintenance_rate, before->maintenance_rate), DEC_ROUND_DOWN, &more);
    return dec_plus(before->maintenance_cum, more);
}

static void check_bracket(reading_t *reading, size_t at, const leverage_bracket_t *brackets, uint32_t index)
{
    static const leverage_bracket_t nothing;
    const leverage_bracket_t *bracket = &brackets[index], *before = index > 0 ? bracket - 1 : &nothing;
    unsigned number = index + 1;
    if (dec_ge(bracket->maintenance_rate, DEC_ONE))
        refuse(reading, at, RESULT_NUMBER_OUT_OF_RANGE, "bracket %u: maintMarginRatio is a fraction below 1", number);
    else if (!dec_eq(bracket->notional_floor, before->notional_cap))
        refuse(reading, at, RESULT_MALFORMED, "bracket %u: notionalFloor must be %s", number,
               index > 0 ? "the notionalCap of the bracket before it" : "0 in the first one");
    else if (dec_le(bracket->notional_cap, bracket->notional_floor))
        refuse(reading, at, RESULT_MALFORMED, "bracket %u: notionalCap must be above notionalFloor", number);
    else if (index > 0 && bracket->leverage_max > before->leverage_max)
        refuse(reading, at, RESULT_MALFORMED, "bracket %u: initialLeverage rises with the notional; it can only fall", number);
    else if (dec_lt(bracket->maintenance_rate, before->maintenance_rate))
        refuse(reading, at, RESULT_MALFORMED, "bracket %u: maintMarginRatio falls with the notional; it can only rise", number);
    else if (!dec_eq(bracket->maintenance_cum, index > 0 ? cum_after(before, bracket) : DEC_ZERO))
        refuse(reading, at, RESULT_MALFORMED, "bracket %u: cum must be %s, or maintenance margin jumps there", number,
               index > 0 ? "that of the bracket before it + notionalFloor * (maintMarginRatio - that of the bracket before it)"
                         : "0 in the first one");
}

static void read_brackets(reading_t *reading, instrument_t *rules)
{
    json_enter_array(&reading->json);
    while (json_next_item(&reading->json)) {
        (void)json_peek(&reading->json);
        size_t at = reading->json.at;
        if (rules->bracket_count == INSTRUMENT_BRACKETS_MAX) {
            refuse(reading, at, RESULT_FULL, "more than %d leverage brackets", INSTRUMENT_BRACKETS_MAX);
            return;
        }
        read_bracket(reading, &rules->brackets[rules->bracket_count]);
        check_bracket(reading, at, rules->brackets, rules->bracket_count);
        rules->bracket_count++;
    }
}

/* --- a symbol --------------------------------------------------------------------------------- */

static unsigned field_of(str_t key)
{
    unsigned i = 0;
    while (i < NUMBER_COUNT && !str_eq(key, str_from(numbers[i].name)))
        i++;
    if (i == NUMBER_COUNT && str_eq(key, STR("funding_interval_hours")))
        return FUNDING_HOURS;
    return i == NUMBER_COUNT && !str_eq(key, STR("leverage_brackets")) ? FIELD_COUNT : i;
}

static bool is_passed_over(str_t key)
{
    for (size_t i = 0; i < sizeof passed_over / sizeof passed_over[0]; i++) {
        if (str_eq(key, str_from(passed_over[i])))
            return true;
    }
    return false;
}

static void read_funding_hours(reading_t *reading, instrument_t *rules)
{
    size_t at = reading->json.at;
    rules->funding_hours = read_whole(reading, "funding_interval_hours", DAY_HOURS);
    if (reading->json.error == RESULT_OK && DAY_HOURS % rules->funding_hours != 0)
        refuse(reading, at, RESULT_NUMBER_OUT_OF_RANGE, "funding_interval_hours must divide a day: 1, 2, 4, 8, ..");
}

static void read_field(reading_t *reading, unsigned field, instrument_t *rules)
{
    if (field == BRACKETS)
        read_brackets(reading, rules);
    else if (field == FUNDING_HOURS)
        read_funding_hours(reading, rules);
    else
        read_number(reading, numbers[field].name, numbers[field].above_zero, (dec_t *)((char *)rules + numbers[field].place));
}

static void check_pair(reading_t *reading, const size_t at[FIELD_COUNT], unsigned low, unsigned high, dec_t least, dec_t most)
{
    if (dec_sign(most) > 0 && dec_gt(least, most))
        refuse(reading, at[high] > at[low] ? at[high] : at[low], RESULT_MALFORMED, "%s is above %s", numbers[low].name,
               numbers[high].name);
}

static void check_symbol(reading_t *reading, size_t begins, uint64_t seen, const size_t at[FIELD_COUNT], const instrument_t *rules)
{
    for (unsigned i = 0; i < NUMBER_COUNT; i++) {
        if (numbers[i].is_mandatory && (seen >> i & 1) == 0)
            refuse(reading, begins, RESULT_FIELD_MISSING, "%s is missing", numbers[i].name);
    }
    check_pair(reading, at, PRICE_MIN, PRICE_MAX, rules->price_min, rules->price_max);
    check_pair(reading, at, QUANTITY_MIN, QUANTITY_MAX, rules->quantity_min, rules->quantity_max);
    check_pair(reading, at, QUANTITY_MIN, MARKET_MAX, rules->quantity_min, rules->market_quantity_max);
    if (reading->spot[0] != '\0')
        return;
    char quotes[RULES_QUOTES_MAX];
    market_rules_quotes(quotes);
    if (rules->bracket_count == 0)
        refuse(reading, begins, RESULT_FIELD_MISSING, "leverage_brackets are missing");
    else if (rules->quote[0] == '\0')
        refuse(reading, begins, RESULT_MALFORMED, "its name does not end in a quote currency that is known here (%s)", quotes);
}

static void read_symbol(reading_t *reading, size_t begins, instrument_t *rules)
{
    uint64_t seen = 0;
    size_t at[FIELD_COUNT] = {0};
    json_enter_object(&reading->json);
    for (str_t key; json_next_key(&reading->json, &key);) {
        unsigned field = field_of(key);
        if (field == FIELD_COUNT && is_passed_over(key)) {
            json_skip(&reading->json);
            continue;
        }
        if (field == FIELD_COUNT || (field >= BRACKETS && reading->spot[0] != '\0')) {
            refuse(reading, reading->json.at, RESULT_MALFORMED,
                   "\"%.*s\" is not known here; there are tick_size, step_size, min_price, max_price, min_qty, max_qty, "
                   "market_max_qty, min_notional%s",
                   (int)(key.length < 40 ? key.length : 40), key.bytes,
                   reading->spot[0] != '\0' ? "" : ", leverage_brackets, funding_interval_hours");
            return;
        }
        at[field] = reading->json.at;
        if ((seen >> field & 1) != 0) {
            refuse(reading, reading->json.at, RESULT_DUPLICATE, "\"%.*s\" stands there twice", (int)key.length, key.bytes);
            return;
        }
        seen |= UINT64_C(1) << field;
        read_field(reading, field, rules);
    }
    if (reading->json.error == RESULT_OK)
        check_symbol(reading, begins, seen, at, rules);
}

/* --- the file --------------------------------------------------------------------------------- */

static bool is_there(const instrument_t *items, uint32_t count, str_t symbol)
{
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(str_from(items[i].symbol), symbol))
            return true;
    }
    return false;
}

static void read_part(reading_t *reading, instrument_t *items, uint32_t *count)
{
    json_enter_object(&reading->json);
    for (str_t key; json_next_key(&reading->json, &key);) {
        size_t begins = reading->json.at;
        reading->symbol = key;
        instrument_t item = market_rules_empty(key);
        if (item.symbol[0] == '\0') {
            refuse(reading, begins, RESULT_TEXT_TOO_LONG, "a symbol has 1 to %d characters", SYMBOL_TEXT_MAX - 1);
        } else if (is_there(items, *count, key)) {
            refuse(reading, begins, RESULT_DUPLICATE, "the symbol stands there twice");
        } else if (*count == RULES_MAX) {
            refuse(reading, begins, RESULT_FULL, "more than %d symbols", RULES_MAX);
        } else {
            read_symbol(reading, begins, &item);
            items[(*count)++] = item;
        }
        if (reading->json.error != RESULT_OK)
            return;
    }
    reading->symbol = (str_t){"", 0};
}

static void read_file(reading_t *reading, market_rules_t *rules)
{
    bool has_symbols = false;
    json_enter_object(&reading->json);
    for (str_t key; json_next_key(&reading->json, &key);) {
        bool spot = str_eq(key, STR("spot"));
        if (!spot && !str_eq(key, STR("symbols"))) {
            json_skip(&reading->json); /* notes */
            continue;
        }
        has_symbols = true;
        reading->spot = spot ? "spot " : "";
        read_part(reading, spot ? rules->spot : rules->items, spot ? &rules->spot_count : &rules->count);
        if (reading->json.error != RESULT_OK)
            return;
        reading->spot = "";
    }
    if (!has_symbols)
        refuse(reading, 0, RESULT_FIELD_MISSING, "no rules in it; write {\"symbols\":{\"BTCUSDT\":{..}}} or \"spot\"");
}

result_t market_rules_read(const char *path, market_rules_t *rules, char error[RULES_ERROR_MAX])
{
    char *text = malloc(RULES_FILE_MAX);
    size_t length = 0;
    result_t result = text ? file_read_whole(path, text, RULES_FILE_MAX, &length) : RESULT_FULL;
    error[0] = '\0';
    rules->count = rules->spot_count = 0;
    if (result == RESULT_OK) {
        reading_t reading = {.path = path, .error = error, .symbol = {"", 0}, .spot = ""};
        json_reader_init(&reading.json, text, length);
        read_file(&reading, rules);
        result = json_finish(&reading.json);
        if (result != RESULT_OK)
            tell_malformed(&reading);
    } else {
        snprintf(error, RULES_ERROR_MAX, "%.300s: %s", path, result_text(result));
    }
    free(text);
    return result;
}
