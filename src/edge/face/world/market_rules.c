/* market_rules.c: see market_rules.h. */
#include "edge/face/world/market_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/json/json_reader.h"
#include "edge/store/file.h"

enum { RULES_FILE_MAX = 4 * 1024 * 1024 };

static const char *const quotes[] = {"USDT", "USDC", "BUSD", "USD"};

/* BTCUSDT -> BTC and USDT; false when no quote currency that we know ends the name. */
static bool split_symbol(instrument_t *rules)
{
    size_t length = strlen(rules->symbol);
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        size_t quote = strlen(quotes[i]);
        if (length > quote && strcmp(rules->symbol + length - quote, quotes[i]) == 0) {
            (void)str_copy((str_t){rules->symbol, length - quote}, rules->base, sizeof rules->base);
            (void)str_copy(str_from(quotes[i]), rules->quote, sizeof rules->quote);
            (void)str_copy(str_from(quotes[i]), rules->settle, sizeof rules->settle);
            return rules->base[0] != '\0';
        }
    }
    return false;
}

/* Published nowhere in the file: what the exchange used for these symbols. */
static dec_t usual_notional_min(const char *symbol)
{
    if (strcmp(symbol, "BTCUSDT") == 0)
        return dec_from_int(100);
    return dec_from_int(strcmp(symbol, "ETHUSDT") == 0 ? 20 : 5);
}

static instrument_t empty_rules(str_t symbol)
{
    instrument_t rules = {
        .venue = "BINANCE",
        .kind = INSTRUMENT_PERPETUAL,
        .status = INSTRUMENT_TRADING,
        .band_up = dec_from_scaled(105, 2),
        .band_down = dec_from_scaled(95, 2),
        .contract_size = DEC_ONE,
        .trigger_protect = dec_from_scaled(5, 2),
        .liquidation_fee = dec_from_scaled(125, 4),
    };
    (void)str_copy(symbol, rules.symbol, sizeof rules.symbol);
    return rules;
}

static void read_bracket(json_reader_t *reader, instrument_t *rules)
{
    leverage_bracket_t bracket = {0};
    uint64_t leverage = 0;
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (str_eq(key, STR("initialLeverage")))
            json_read_u64(reader, &leverage);
        else if (str_eq(key, STR("notionalCap")))
            json_read_dec(reader, &bracket.notional_cap);
        else if (str_eq(key, STR("notionalFloor")))
            json_read_dec(reader, &bracket.notional_floor);
        else if (str_eq(key, STR("maintMarginRatio")))
            json_read_dec(reader, &bracket.maintenance_rate);
        else if (str_eq(key, STR("cum")))
            json_read_dec(reader, &bracket.maintenance_cum);
        else
            json_skip(reader);
    }
    bracket.leverage_max = leverage > 1000 ? 1000 : (uint32_t)leverage;
    if (rules->bracket_count < INSTRUMENT_BRACKETS_MAX)
        rules->brackets[rules->bracket_count++] = bracket;
}

static void read_symbol(json_reader_t *reader, instrument_t *rules)
{
    struct {
        const char *key;
        dec_t *value;
    } numbers[] = {{"tick_size", &rules->tick_size},       {"step_size", &rules->lot_step},
                   {"min_price", &rules->price_min},       {"max_price", &rules->price_max},
                   {"min_qty", &rules->quantity_min},      {"max_qty", &rules->quantity_max},
                   {"min_notional", &rules->notional_min}, {"market_max_qty", &rules->market_quantity_max}};
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        size_t i = 0;
        while (i < sizeof numbers / sizeof numbers[0] && !str_eq(key, str_from(numbers[i].key)))
            i++;
        if (i < sizeof numbers / sizeof numbers[0]) {
            json_read_dec(reader, numbers[i].value);
        } else if (str_eq(key, STR("leverage_brackets"))) {
            json_enter_array(reader);
            while (json_next_item(reader))
                read_bracket(reader, rules);
        } else {
            json_skip(reader);
        }
    }
}

/* What is missing gets its usual value; what contradicts itself is refused by the venue, with the symbol's name. */
static const char *complete(instrument_t *rules)
{
    if (!split_symbol(rules))
        return "its name does not end in a quote currency that is known here (USDT, USDC, BUSD, USD)";
    if (dec_sign(rules->tick_size) <= 0 || dec_sign(rules->lot_step) <= 0)
        return "tick_size and step_size must stand there and be above 0";
    if (rules->bracket_count == 0)
        return "leverage_brackets are missing";
    rules->market_step = rules->lot_step;
    rules->market_quantity_min = rules->quantity_min;
    if (dec_sign(rules->market_quantity_max) <= 0)
        rules->market_quantity_max = rules->quantity_max;
    if (dec_sign(rules->notional_min) <= 0)
        rules->notional_min = usual_notional_min(rules->symbol);
    return NULL;
}

static const char *complete_spot(const instrument_t *rules)
{
    return dec_sign(rules->tick_size) > 0 && dec_sign(rules->lot_step) > 0
               ? NULL
               : "tick_size and step_size must stand there and be above 0";
}

static void read_spot(json_reader_t *reader, market_rules_t *rules, char error[RULES_ERROR_MAX])
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        instrument_t item = empty_rules(key);
        read_symbol(reader, &item);
        const char *missing = complete_spot(&item);
        if (missing && reader->error == RESULT_OK) {
            snprintf(error, RULES_ERROR_MAX, "spot %.*s: %s", (int)key.length, key.bytes, missing);
            json_fail(reader, RESULT_FIELD_MISSING, "rules are not complete");
            return;
        }
        if (rules->spot_count < RULES_MAX)
            rules->spot[rules->spot_count++] = item;
    }
}

static void read_symbols(json_reader_t *reader, market_rules_t *rules, char error[RULES_ERROR_MAX])
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        instrument_t item = empty_rules(key);
        read_symbol(reader, &item);
        const char *missing = complete(&item);
        if (missing && reader->error == RESULT_OK) {
            snprintf(error, RULES_ERROR_MAX, "%.*s: %s", (int)key.length, key.bytes, missing);
            json_fail(reader, RESULT_FIELD_MISSING, "rules are not complete");
            return;
        }
        if (rules->count < RULES_MAX)
            rules->items[rules->count++] = item;
    }
}

result_t market_rules_read(const char *path, market_rules_t *rules, char error[RULES_ERROR_MAX])
{
    char *text = malloc(RULES_FILE_MAX);
    size_t length = 0;
    result_t result = text ? file_read_whole(path, text, RULES_FILE_MAX, &length) : RESULT_FULL;
    if (result != RESULT_OK) {
        snprintf(error, RULES_ERROR_MAX, "%.300s: %s", path, result_text(result));
        free(text);
        return result;
    }
    json_reader_t reader;
    json_reader_init(&reader, text, length);
    rules->count = rules->spot_count = 0;
    char symbol_error[RULES_ERROR_MAX] = "";
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("symbols")))
            read_symbols(&reader, rules, symbol_error);
        else if (str_eq(key, STR("spot")))
            read_spot(&reader, rules, symbol_error);
        else
            json_skip(&reader);
    }
    result = json_finish(&reader);
    if (result != RESULT_OK) {
        char where[JSON_ERROR_MAX];
        json_error_text(&reader, where);
        snprintf(error, RULES_ERROR_MAX, "%.160s: %.160s%s%.150s", path, symbol_error, symbol_error[0] ? ": " : "", where);
    }
    free(text);
    return result;
}

/* A price of 61,800 gets a tick of 0.1, of 2.5 0.0001, of 0.01 0.000001: some four to six significant digits. */
static dec_t tick_for(dec_t price)
{
    unsigned places = 1;
    for (dec_t bound = dec_from_int(10000); places < 8 && dec_lt(price, bound); places++)
        (void)dec_div(bound, dec_from_int(10), DEC_ROUND_DOWN, &bound);
    return dec_from_scaled(1, places);
}

bool market_rules_find(const market_rules_t *rules, const char *symbol, dec_t price, instrument_t *out)
{
    for (uint32_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->items[i].symbol, symbol) == 0) {
            *out = rules->items[i];
            return true;
        }
    }
    instrument_t made = empty_rules(str_from(symbol));
    (void)split_symbol(&made);
    bool dear = dec_ge(price, dec_from_int(100));
    made.tick_size = tick_for(price);
    made.lot_step = made.quantity_min = dear ? dec_from_scaled(1, 3) : DEC_ONE;
    made.quantity_max = dear ? dec_from_int(10000) : dec_from_int(10000000);
    made.market_step = made.lot_step;
    made.market_quantity_min = made.quantity_min;
    made.market_quantity_max = made.quantity_max;
    made.price_min = made.tick_size;
    made.price_max = dec_from_int(10000000);
    made.notional_min = dec_from_int(5);
    made.brackets[0] = (leverage_bracket_t){20, DEC_ZERO, dec_from_int(100000), dec_from_scaled(25, 3), DEC_ZERO};
    made.brackets[1] =
        (leverage_bracket_t){10, dec_from_int(100000), dec_from_int(500000), dec_from_scaled(5, 2), dec_from_int(2500)};
    made.brackets[2] =
        (leverage_bracket_t){2, dec_from_int(500000), dec_from_int(100000000), dec_from_scaled(25, 2), dec_from_int(102500)};
    made.bracket_count = 3;
    *out = made;
    return false;
}

static void spot_by_price(dec_t price, instrument_t *rules)
{
    unsigned places = 0;
    for (dec_t bound = DEC_ONE; places < 5 && dec_gt(price, bound); places++)
        (void)dec_mul(bound, dec_from_int(10), DEC_ROUND_DOWN, &bound);
    rules->kind = INSTRUMENT_SPOT;
    (void)str_copy(str_from(rules->quote), rules->settle, sizeof rules->settle);
    rules->tick_size = dec_ge(price, dec_from_int(100)) ? dec_from_scaled(1, 2) : tick_for(price);
    rules->price_min = rules->tick_size;
    rules->price_max = dec_from_int(10000000);
    rules->lot_step = rules->quantity_min = dec_from_scaled(1, places);
    rules->quantity_max = dec_ge(price, dec_from_int(100)) ? dec_from_int(9000) : dec_from_int(90000000);
    rules->market_step = rules->market_quantity_min = DEC_ZERO;
    rules->market_quantity_max = rules->quantity_max;
    rules->notional_min = dec_from_int(5);
    rules->band_up = dec_from_int(5);
    rules->band_down = dec_from_scaled(2, 1);
    rules->trigger_protect = rules->liquidation_fee = DEC_ZERO;
    rules->bracket_count = 0;
}

static void take_said(dec_t said, dec_t *value)
{
    if (dec_sign(said) > 0)
        *value = said;
}

void market_rules_spot(const market_rules_t *rules, dec_t price, instrument_t *out)
{
    spot_by_price(price, out);
    for (uint32_t i = 0; i < rules->spot_count; i++) {
        const instrument_t *said = &rules->spot[i];
        if (strcmp(said->symbol, out->symbol) != 0)
            continue;
        out->tick_size = out->price_min = said->tick_size;
        out->lot_step = out->quantity_min = said->lot_step;
        take_said(said->price_min, &out->price_min);
        take_said(said->price_max, &out->price_max);
        take_said(said->quantity_min, &out->quantity_min);
        take_said(said->quantity_max, &out->quantity_max);
        out->market_quantity_max = out->quantity_max;
        take_said(said->market_quantity_max, &out->market_quantity_max);
        take_said(said->notional_min, &out->notional_min);
    }
}
